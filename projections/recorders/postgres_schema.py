"""What a PostgreSQL database is made of to keep registers, and who may do what in it."""

from __future__ import annotations

import re
from functools import partial

import psycopg
from psycopg.sql import SQL, Identifier

from domain.errors import StoreUnusable
from projections.recorders import postgres_log, postgres_read_tables
from projections.recorders.log_rows import StoredRows
from projections.recorders.postgres_connections import SCHEMA, all_of, said, settings_of, shown
from projections.recorders.postgres_log import ERASING, erase
from projections.recorders.postgres_read_tables import READ_TABLES, SPELLED, UNCOUNTED

LOG = 1
FORM = 3
"""Raised whenever read tables, keys or what guards the log come to look otherwise: only their owner makes them so."""

OURS = f"regesta, log {LOG}, tables "
MARK = f"{OURS}{FORM}"  # the comment on the schema, by which a database is known as ours

KEYS = """
CREATE TABLE keys (
    name text COLLATE "C" PRIMARY KEY,
    digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    scopes text NOT NULL,
    created text NOT NULL,
    revoked text
)
"""
KEYS_SINCE = (
    "ALTER TABLE keys ADD IF NOT EXISTS institutions text, ADD IF NOT EXISTS expires text, ADD IF NOT EXISTS used text"
)
"""What came to the table of keys after the first databases."""

GRANTS = (
    f"GRANT USAGE ON SCHEMA {SCHEMA} TO {{role}}",
    "GRANT SELECT, INSERT, UPDATE (state, salt) ON stored_events TO {role}",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(READ_TABLES)} TO {{role}}",
    "GRANT SELECT, INSERT, UPDATE (revoked, used) ON keys TO {role}",
)


def prepare_postgres(url: str, role: str | None = None) -> list[str]:
    """Make the database at *url* ours, if it is not, and *role* one that may record; what was done, in lines.

    To be run as the owner of the database, who alone may change the tables afterwards; what is done already is left.
    Raises: StoreUnusable.
    """
    place = shown(url)
    try:
        with psycopg.connect(**settings_of(url)) as connection:  # type: ignore[arg-type]  # as libpq names them
            connection.execute(SQL("SET search_path = {}").format(Identifier(SCHEMA)))
            return [*_make(connection, place), *(_admit(connection, place, role) if role else [])]
    except psycopg.Error as fault:
        raise StoreUnusable(place, said(fault)) from fault


def _make(connection: psycopg.Connection, place: str) -> list[str]:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise StoreUnusable(place, f"its texts are in {encoding}: a database in UTF8 is needed")
    mark = mark_in(connection)
    if mark == MARK:
        _uncount(connection)
        return [f"schema {SCHEMA}: it was there"]
    if mark is not None and not earlier(mark):
        raise StoreUnusable(place, f"it has a schema {SCHEMA} already, of another program or of a later version")
    if mark is not None:
        for table in READ_TABLES:
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.execute(KEYS_SINCE)
        done = [f"schema {SCHEMA}: it was there, the log too", f"{_tables(connection)}: made anew, for this version"]
        done += _let_erase(connection)
    else:
        connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(SCHEMA)))
        for statement in (*postgres_log.MADE, KEYS, KEYS_SINCE):
            connection.execute(statement)
        done = [
            f"schema {SCHEMA}: made, owned by {connection.info.user}",
            "the log: made; DELETE and TRUNCATE of it are refused to everybody, and UPDATE but for erasing",
            f"{_tables(connection)}, and the table of keys: made",
        ]
    _uncount(connection)
    connection.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{MARK}'")
    return done


def _uncount(connection: psycopg.Connection) -> None:
    for statement in UNCOUNTED:
        connection.execute(statement)


def _let_erase(connection: psycopg.Connection) -> list[str]:
    """Gives a log of the first version what this one has: what its redactions withheld is erased. In words."""
    if connection.execute("SELECT to_regclass('stored_events_redactions')").fetchone() != (None,):
        return []
    connection.execute("DROP TRIGGER append_only ON stored_events")
    for statement in ERASING:
        connection.execute(statement)
    stored, count = StoredRows(partial(all_of, connection)), 0
    for stream in stored.streams():
        count += erase(connection, stream, stored.redacted(stream))
    return [f"the log: UPDATE of it erases what a redaction names, and nothing else; so {count} events were erased"]


def _tables(connection: psycopg.Connection) -> str:
    """Makes the read tables; what they are, in words."""
    connection.execute(f"CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA {SCHEMA}")
    found = connection.execute(
        "SELECT nspname FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace WHERE extname = 'pg_trgm'"
    ).fetchone()
    assert found is not None
    for statement in postgres_read_tables.MADE:
        connection.execute(statement)
    connection.execute(SQL(SPELLED).format(trigrams=Identifier(found[0])))
    return f"the read tables, with extension pg_trgm in schema {found[0]}"


def _admit(connection: psycopg.Connection, place: str, role: str) -> list[str]:
    if role == connection.info.user:
        raise StoreUnusable(place, f"{role} owns the tables; whom it is to admit is another role")
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", role):
        raise StoreUnusable(place, f"{role[:80]!r} is no name for a role: small letters, digits and _ make one")
    there = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is not None
    if not there:
        connection.execute(SQL("CREATE ROLE {} LOGIN").format(Identifier(role)))
    for statement in GRANTS:
        connection.execute(SQL(statement).format(role=Identifier(role)))
    made = "it was there" if there else r"made, without a password: \password in psql gives it one"
    return [
        f"role {role}: {made}",
        f"role {role} may read all, add to the log, erase what a redaction in it names, keep the read tables,"
        " make keys and revoke them; nothing else",
    ]


def earlier(mark: str) -> bool:
    """Whether *mark* is that of a database whose read tables an earlier version of this program made."""
    form = mark.removeprefix(OURS)
    return form != mark and form.isdigit() and int(form) < FORM


def mark_in(connection: psycopg.Connection) -> str | None:
    """What the comment on our schema says; None if there is no such schema."""
    query = "SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = %s"
    found = connection.execute(query, (SCHEMA,)).fetchone()
    return None if found is None else str(found[0])
