"""Registers carried from an SQLite file to a PostgreSQL database as they lie: the log and every row of the read tables.

Both stores hold the same rows under the same names. They are copied in the order in which recording would have put
them there, as far as a row says when that was, into tables that have their indexes: so they lie as in a database that
grew, and not as in one that was sorted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from projections.recorders.postgres_connections import SCHEMA, settings_of

BIRTH = {
    "stored_events": "rowid",
    "tables_of": "stream",
    "filed": "position",
    "things": "id",
    "believed": "max(since, ifnull(bounds_since, since))",
    "superseded": "until",
    "bounds_then": "until",
    "hangs": "max(above, below)",
    "points": "since",
    "causes": "id",
    "edges": "thing",
    "dated": "position",
    "touched": "position",
    "spellings": "id",
}
"""Table → when a row of it came to lie where it is; the number of a thing stands for when it was first heard of."""

NUMBERED = {"tables_of": "stream", "things": "id", "spellings": "id"}
RENAMED = {"rowid": "notification_id"}


class NotMoved(Exception):
    """The rows on both sides are not as many."""


def move(file: Path, url: str) -> dict[str, int]:
    """Copy everything in *file* to the prepared, empty database at *url*, whose owner *url* names; rows by table.

    Raises: NotMoved.
    """
    moved = {}
    source = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    with closing(source), psycopg.connect(**settings_of(url)) as target:  # type: ignore[arg-type]  # as libpq names them
        target.execute(SQL("SET search_path = {}").format(Identifier(SCHEMA)))
        for table in BIRTH:
            moved[table] = _move(source, target, table)
        for table, column in NUMBERED.items():
            target.execute(
                SQL("SELECT setval(pg_get_serial_sequence({}, {}), greatest(max({}), 1)) FROM {}").format(
                    table, column, Identifier(column), Identifier(table)
                )
            )
    return moved


def _move(source: sqlite3.Connection, target: psycopg.Connection, table: str) -> int:
    names = [row[1] for row in source.execute(f"PRAGMA table_info({table})")]
    columns = SQL(", ").join(Identifier(RENAMED.get(name, name)) for name in names)
    copy_in = SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(Identifier(table), columns)
    with target.cursor() as cursor:
        cursor.execute(SQL("SELECT {} FROM {} LIMIT 0").format(columns, Identifier(table)))
        assert cursor.description is not None
        types = [column.type_code for column in cursor.description]
        with cursor.copy(copy_in) as copy:
            copy.set_types(types)
            for row in _rows(source, table, names):
                copy.write_row(row)
        found = cursor.execute(SQL("SELECT count(*) FROM {}").format(Identifier(table))).fetchone()
    kept = source.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  # a name of ours
    if found is None or found[0] != kept:
        raise NotMoved(f"{table}: {kept} rows in the file, {found} in the database")
    return int(kept)


def _rows(source: sqlite3.Connection, table: str, names: list[str]) -> Iterator[tuple[Any, ...]]:
    columns = ", ".join(f'"{name}"' for name in names)
    return iter(source.execute(f"SELECT {columns} FROM {table} ORDER BY {BIRTH[table]}"))  # noqa: S608  # names of ours
