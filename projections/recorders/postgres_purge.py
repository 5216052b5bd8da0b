"""What PostgreSQL's files keep of rows that were changed or removed, and how it is got rid of."""

from __future__ import annotations

import re

import psycopg

from domain.errors import StoreUnusable
from projections.recorders.postgres_connections import SCHEMA, PgConnection
from projections.recorders.postgres_read_tables import READ_TABLES
from projections.tables.rebuilding import Purged

TABLES = ("stored_events", *READ_TABLES)

BEYOND = (
    "the server's write-ahead log and its archive, until they are recycled or removed; standbys, until they follow",
    "base backups, dumps and exported logs made before, and what the disk keeps of blocks that it has taken back",
)
NO_CHECKPOINT = "the files of the old tables, until the server's next checkpoint, as by CHECKPOINT"


def purged(connection: PgConnection) -> Purged:
    """Write every table anew, without old versions of rows, and what PostgreSQL remembers of their values.

    Nobody else can read a table the while. Raises: StoreUnusable, unless it is their owner who asks; psycopg.Error.
    """
    owner = connection.execute(
        "SELECT pg_get_userbyid(relowner) AS name, pg_has_role(relowner, 'USAGE') AS ours FROM pg_class"
        " WHERE oid = 'stored_events'::regclass"
    ).fetchone()
    assert owner is not None
    if not owner["ours"]:
        raise StoreUnusable("the database", f"only {owner['name']}, who owns the tables, can purge them")
    left = [line for table in TABLES for line in _written_anew(connection, f"{SCHEMA}.{table}", "FULL, ANALYZE")]
    left += _written_anew(connection, "pg_catalog.pg_statistic", "FULL")  # holds samples of the values of columns
    try:
        connection.execute("CHECKPOINT")
    except psycopg.errors.InsufficientPrivilege:
        return Purged(tuple(left), (NO_CHECKPOINT, *BEYOND))
    return Purged(tuple(left), BEYOND)


def _written_anew(connection: PgConnection, table: str, how: str) -> list[str]:
    """What could not be left out of *table*: rows that a transaction which is still open may want to see."""
    told: list[str] = []

    def notice(said: psycopg.errors.Diagnostic) -> None:
        if said.severity_nonlocalized == "WARNING":
            told.append(f"{table}: {said.message_primary}")
        dead = re.match(r"\d+", said.message_detail or "")  # "3 dead row versions cannot be removed yet."
        if dead and int(dead[0]):
            told.append(f"{table}: {dead[0]} old rows may still be read by a transaction: end it, and purge again")

    connection.add_notice_handler(notice)
    try:
        connection.execute(f"VACUUM ({how}, VERBOSE) {table}")
    finally:
        connection.remove_notice_handler(notice)
    return told
