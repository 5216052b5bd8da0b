"""What a PostgreSQL database is made of to keep registers, and who may do what in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import psycopg
from psycopg.sql import SQL, Identifier

from domain.acts import redactions
from domain.errors import StoreUnusable
from domain.events import Event
from domain.ids import split_target
from projections.recorders.postgres_connections import SCHEMA, WRITING, PgCursor, said, settings_of, shown

LOG = 1
FORM = 3
"""Raised whenever read tables, keys or what guards the log come to look otherwise: only their owner makes them so."""

OURS = f"regesta, log {LOG}, tables "
MARK = f"{OURS}{FORM}"  # the comment on the schema, by which a database is known as ours

EVENTS = """
CREATE TABLE stored_events (
    originator_id text COLLATE "C" NOT NULL,
    originator_version bigint NOT NULL CHECK (originator_version > 0),
    topic text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    notification_id bigint NOT NULL CHECK (notification_id > 0),
    entry text COLLATE "C" NOT NULL,
    number integer NOT NULL CHECK (number >= 0),
    recorded text COLLATE "C" NOT NULL CHECK (length(recorded) = 27),
    salt bytea NOT NULL CHECK (octet_length(salt) = CASE WHEN octet_length(state) = 0 THEN 0 ELSE 32 END),
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (originator_id, originator_version),
    UNIQUE (originator_id, entry, number),
    UNIQUE (notification_id)
)
"""

BY_INSTANT = "CREATE INDEX stored_events_by_instant ON stored_events (originator_id, recorded, originator_version)"

# The few events by which others are erased.
REDACTIONS = """
CREATE INDEX stored_events_redactions ON stored_events (originator_id, originator_version) WHERE topic = 'redacted'
"""

_KEPT = "originator_id, originator_version, topic, notification_id, entry, number, recorded, digest, hash"


def _of(row: str) -> str:
    """The columns that never change, of NEW or OLD."""
    return ", ".join(f"{row}.{name}" for name in _KEPT.split(", "))


# The one UPDATE: bytes and salt become empty, of an event that a redaction names and that is none itself.
ONLY_ERASED = f"""
CREATE FUNCTION only_erase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF octet_length(NEW.state) = 0 AND octet_length(NEW.salt) = 0 AND OLD.topic <> 'redacted'
    AND ({_of("NEW")}) = ({_of("OLD")})
    AND EXISTS (
        SELECT FROM {SCHEMA}.stored_events AS redaction
        WHERE redaction.originator_id = OLD.originator_id AND redaction.topic = 'redacted'
        AND pg_catalog.jsonb_exists(
            pg_catalog.jsonb_extract_path(pg_catalog.convert_from(redaction.state, 'UTF8')::jsonb, 'change', 'targets'),
            OLD.entry || '#' || OLD.number
        )
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the log is append-only: an event is never changed, but for erasing what a redaction names'
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
ERASING = (
    REDACTIONS,
    ONLY_ERASED,
    "CREATE TRIGGER only_erased BEFORE UPDATE ON stored_events FOR EACH ROW EXECUTE FUNCTION only_erase()",
    """CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON stored_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse()""",
    *(f"ALTER TABLE stored_events ENABLE ALWAYS TRIGGER {name}" for name in ("only_erased", "append_only")),
)

# Whoever writes past the program waits for its writers too, and takes the next position or none.
APPEND_ONLY = (
    f"""
CREATE FUNCTION wait_for_writers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock({WRITING});
    RETURN NULL;
END $$
""",
    f"""
CREATE FUNCTION take_the_next_position() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (
            SELECT originator_id AS stream, min(originator_version) AS lo, max(originator_version) AS hi, count(*) AS n
            FROM added GROUP BY originator_id
        ) AS a
        WHERE n <> hi - lo + 1
        OR hi <> (SELECT max(originator_version) FROM {SCHEMA}.stored_events WHERE originator_id = stream)
        OR lo > 1 AND NOT EXISTS (
            SELECT FROM {SCHEMA}.stored_events WHERE originator_id = stream AND originator_version = lo - 1
        )
    ) THEN
        RAISE EXCEPTION 'the log is append-only: an event takes the next position'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM pg_catalog.pg_notify('stored_events', '');
    RETURN NULL;
END $$
""",
    """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: an event is never changed or removed'
        USING ERRCODE = 'integrity_constraint_violation';
END $$
""",
    "CREATE TRIGGER one_writer BEFORE INSERT ON stored_events FOR EACH STATEMENT EXECUTE FUNCTION wait_for_writers()",
    """CREATE TRIGGER no_gap AFTER INSERT ON stored_events REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION take_the_next_position()""",
    # ALWAYS: in a session that plays a replica, too.
    *(f"ALTER TABLE stored_events ENABLE ALWAYS TRIGGER {name}" for name in ("one_writer", "no_gap")),
    *ERASING,
)

ERASE = (
    "UPDATE stored_events AS event SET state = '', salt = ''"
    " FROM unnest(%s::text[], %s::integer[]) AS named (entry, number)"
    " WHERE event.originator_id = %s AND event.entry = named.entry AND event.number = named.number"
    " AND event.topic <> 'redacted' AND octet_length(event.state) > 0"
)

BOUNDS = "s_lo, s_hi, e_lo, e_hi, proved_from, proved_until, evidence, begun, handed_on"
_BOUND_COLUMNS = ", ".join(f"{name} integer" for name in BOUNDS.split(", "))
_ROW_COLUMNS = (
    'hi integer, since bigint, bounds_since bigint, "key" text, "values" text, told text, cause bigint,'
    f" name text, seats bigint, disputed text, {_BOUND_COLUMNS}, acts text"
)
_OFTEN = "WITH (fillfactor = 80)"  # rows that change leave room for themselves, and indexes as they are

TABLES = (
    """CREATE TABLE tables_of (
        stream bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, institution text COLLATE "C" NOT NULL UNIQUE,
        version integer NOT NULL, position bigint NOT NULL
    ) WITH (fillfactor = 50)""",
    "CREATE TABLE filed (stream bigint, topic bigint, position bigint, PRIMARY KEY (stream, topic, position))",
    f"""CREATE TABLE things (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream bigint NOT NULL, name text COLLATE "C" NOT NULL,
        doc bytea, UNIQUE (stream, name) INCLUDE (id)
    ) {_OFTEN}""",
    f"""CREATE TABLE believed (
        stream bigint, node integer, lo integer, thing bigint, life integer, {_ROW_COLUMNS},
        PRIMARY KEY (stream, node, lo, thing, life)
    ) {_OFTEN}""",
    "CREATE INDEX believed_by_end ON believed (stream, node, hi, lo) WHERE node <> -1",
    f"""CREATE TABLE superseded (
        stream bigint, node bigint, since bigint, thing bigint, life integer, lo integer, until bigint,
        {_ROW_COLUMNS.replace(" since bigint,", "")}
    )""",
    "CREATE INDEX superseded_by_day ON superseded (stream, node, since, lo, hi, until)",
    f"""CREATE TABLE bounds_then (
        stream bigint, node bigint, since bigint, until bigint, thing bigint, life integer, lo integer, hi integer,
        {_BOUND_COLUMNS}
    )""",
    "CREATE INDEX bounds_then_by_day ON bounds_then (stream, node, since, lo, hi, until)",
    """CREATE TABLE hangs (
        above bigint, until integer, below bigint, since integer, PRIMARY KEY (above, until, below) INCLUDE (since)
    )""",
    f"""CREATE TABLE points (
        above bigint, lo integer, position bigint, origin bigint, hi integer, since bigint, proves integer,
        until bigint, PRIMARY KEY (above, lo, position, origin, hi, since)
    ) {_OFTEN}""",
    "CREATE INDEX points_by_origin ON points (origin) WHERE until IS NULL",
    "CREATE TABLE causes (stream bigint, id bigint, body text, PRIMARY KEY (stream, id))",
    "CREATE TABLE edges (stream bigint, day integer, thing bigint, PRIMARY KEY (stream, day, thing))",
    """CREATE TABLE dated (
        stream bigint, day integer, position bigint, lineage integer NOT NULL, PRIMARY KEY (stream, day, position)
    )""",
    "CREATE INDEX dated_lineage ON dated (stream, day, position) WHERE lineage = 1",
    "CREATE TABLE touched (stream bigint, position bigint, thing bigint, PRIMARY KEY (stream, position, thing))",
    f"""CREATE TABLE spellings (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream bigint NOT NULL, thing bigint NOT NULL,
        kind text NOT NULL, since bigint NOT NULL, until bigint, lo integer NOT NULL, hi integer NOT NULL,
        own integer NOT NULL, language text NOT NULL, text text NOT NULL, folded text COLLATE "C" NOT NULL
    ) {_OFTEN}""",
    "CREATE INDEX spellings_by_thing ON spellings (thing)",
    "CREATE INDEX spellings_by_stream ON spellings (stream)",  # for taking a register out
)
SPELLED = "CREATE INDEX spelled ON spellings USING gin (folded {trigrams}.gin_trgm_ops)"

BY_STREAM = ("filed", "believed", "superseded", "bounds_then", "causes", "edges", "dated", "touched", "spellings")
BY_THING = (("hangs", "above"), ("points", "above"))
READ_TABLES = ("tables_of", "things", *BY_STREAM, *(table for table, _ in BY_THING))

# PostgreSQL would take a register that came after it last looked at a table for empty, and read all of it where one
# row is asked for, by an index that begins with the register. Of which registers there are it is to know nothing.
UNCOUNTED = (
    "ALTER TABLE stored_events ALTER originator_id SET STATISTICS 0",
    *(f"ALTER TABLE {table} ALTER stream SET STATISTICS 0" for table in ("things", *BY_STREAM)),
)

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
        for statement in (EVENTS, BY_INSTANT, *APPEND_ONLY, KEYS, KEYS_SINCE):
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
    count = 0
    for (stream,) in connection.execute("SELECT DISTINCT originator_id FROM stored_events").fetchall():
        count += erase(connection, stream, redacted_by(connection, stream))
    return [f"the log: UPDATE of it erases what a redaction names, and nothing else; so {count} events were erased"]


def redacted_by(c: psycopg.Connection | PgCursor, stream: str) -> frozenset[str]:
    """The changes that the log of a register erases, read from it alone."""
    query = "SELECT state FROM stored_events WHERE originator_id = %s AND topic = 'redacted'"
    return redactions(Event.from_stored(row[0]) for row in c.execute(query, (stream,)).fetchall())


def erase(c: psycopg.Connection | PgCursor, stream: str, targets: Iterable[str]) -> int:
    """Remove salt and bytes of the events that *targets* name; of how many they were there."""
    named = [split_target(target) for target in targets]
    entries, numbers = [entry for entry, _ in named], [number for _, number in named]
    return c.execute(ERASE, (entries, numbers, stream)).rowcount if named else 0


def _tables(connection: psycopg.Connection) -> str:
    """Makes the read tables; what they are, in words."""
    connection.execute(f"CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA {SCHEMA}")
    found = connection.execute(
        "SELECT nspname FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace WHERE extname = 'pg_trgm'"
    ).fetchone()
    assert found is not None
    for statement in TABLES:
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
