"""Of which program and version an SQLite file is, and making an empty one ours."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from eventsourcing.sqlite import SQLiteCursor

from domain.errors import StoreUnusable
from projections.recorders import sqlite_log, sqlite_read_tables
from projections.recorders.log_rows import REDACTIONS
from projections.recorders.sqlite_connections import BUSY, LogDatastore, all_of
from projections.recorders.sqlite_log import ONLY_ERASED, erase

APPLICATION_ID = 0x52454745  # "REGE", in the header of the file
SCHEMA = 2  # PRAGMA user_version
OURS = (f"PRAGMA application_id = {APPLICATION_ID}", f"PRAGMA user_version = {SCHEMA}")


def prepare_sqlite(store: LogDatastore) -> None:
    """Make an empty database ours; leave one that is ours as it is.

    Raises: StoreUnusable, for any other database, which is left untouched.
    """
    with store.transaction(commit=False) as c:
        empty = _is_empty(c, store.place)
    if empty:
        with store.transaction(commit=True) as c:
            if _is_empty(c, store.place):  # still: another process may have been first
                for statement in (*sqlite_log.MADE, *sqlite_read_tables.MADE, *OURS):
                    c.execute(statement)
    _bring_up(store)
    _use_wal(store)


def _is_empty(c: SQLiteCursor, place: str) -> bool:
    ours, tables = _value(c, "application_id FROM pragma_application_id"), _value(c, "count(*) FROM sqlite_schema")
    version = _version(c)
    if (ours, version, tables) == (0, 0, 0):
        return True
    if ours != APPLICATION_ID:
        raise StoreUnusable(place, "it is an SQLite database of another program")
    if version not in (1, SCHEMA):
        raise StoreUnusable(
            place,
            f"it is of version {version}, written by a later program; this one reads version {SCHEMA}",
        )
    return False


def _bring_up(store: LogDatastore) -> None:
    """Give a file of the first version what this one has: what its redactions withheld is erased."""
    with store.transaction(commit=False) as c:
        if _version(c) == SCHEMA:
            return
    with store.transaction(commit=True) as c:
        if _version(c) == SCHEMA:
            return
        for statement in ("DROP TRIGGER stored_events_no_update", REDACTIONS, ONLY_ERASED):
            c.execute(statement)
        stored = store.rows_in(c)
        for stream in stored.streams():
            erase(c, stream, stored.redacted(stream))
        c.execute(f"PRAGMA user_version = {SCHEMA}")


def _use_wal(store: LogDatastore) -> None:
    """Let readers go on beside a writer; the file remembers it."""
    deadline = time.monotonic() + BUSY
    while True:
        try:
            with store.get_connection(commit=True) as connection:
                connection.cursor().execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as e:  # another process is just doing the same
            if time.monotonic() > deadline:
                raise StoreUnusable(store.place, str(e)) from e
            time.sleep(0.01)


def _version(c: SQLiteCursor) -> Any:
    return _value(c, "user_version FROM pragma_user_version")


def _value(c: SQLiteCursor, what: str) -> Any:
    return all_of(c, f"SELECT {what}")[0][0]
