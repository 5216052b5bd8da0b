"""The log in an SQLite file, with its read tables and its connections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteFactory

from domain.chain import Row
from domain.errors import StoreUnusable
from projections.recorders import sqlite_log
from projections.recorders.recorder import DatabaseRecorder, Writing
from projections.recorders.sqlite_connections import LogDatastore
from projections.recorders.sqlite_schema import prepare_sqlite
from projections.recorders.sqlite_tables import SQLiteLedger, SQLiteShelf
from projections.recorders.sqlite_upkeep import SQLiteUpkeep
from projections.tables.rebuilding import MaintainedLog, Progress, silent


class SQLiteLogRecorder(DatabaseRecorder, SQLiteApplicationRecorder):
    """The log's own table in an SQLite file."""

    shelves = SQLiteShelf
    ledgers = SQLiteLedger
    numbering = "rowid"
    put = staticmethod(sqlite_log.insert)
    erase = staticmethod(sqlite_log.erase)
    datastore: LogDatastore

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lasts: tuple[int, dict[str, Row | None]] = (-1, {})
        self._upkeep = SQLiteUpkeep(self.datastore)

    def create_table(self) -> None:
        """Make an empty database ours; leave one that is ours as it is.

        Raises: StoreUnusable, for any other database, which is left untouched.
        """
        prepare_sqlite(self.datastore)

    def damages(self) -> list[str]:
        """What is damaged of the file, in lines: pages, and rows that an index has otherwise."""
        found = [str(row[0]) for row in self.datastore.ask("PRAGMA integrity_check(10)")]
        return [] if found == ["ok"] else found

    @contextmanager
    def writing(self, stream: str) -> Iterator[Writing]:
        """A transaction that writes; nothing of it is stored if it is left by an error."""
        with self.datastore.transaction(commit=True) as c:
            yield Writing(c)

    def last(self, stream: str) -> Row | None:
        """The row at the head; remembered while nobody writes."""
        version = self.datastore.version()  # before reading: what is written meanwhile is found the next time
        seen, lasts = self._lasts
        if version is None or version != seen:
            lasts = {}
        elif stream in lasts:
            return lasts[stream]
        found = super().last(stream)
        if version is not None and found is not None:  # of registers that there are not there is no end
            self._lasts = version, {**lasts, stream: found}
        return found


class SQLiteLogFactory(SQLiteFactory):
    """The infrastructure of a log in the file at *path*; nothing of it comes from the environment."""

    application_recorder_class = SQLiteLogRecorder

    def __init__(self, path: str) -> None:
        super().__init__({self.SQLITE_DBNAME: path})
        self.datastore = LogDatastore(path)


def open_sqlite(path: str | Path, progress: Progress = silent) -> MaintainedLog:
    """The log in the SQLite file at *path*, made if it is not there; `:memory:` for one in memory.

    Read tables that are missing, older or behind are made first, of which *progress* is told.
    Raises: StoreUnusable.
    """
    factory = SQLiteLogFactory(str(path))
    try:
        log = MaintainedLog(factory)
        log.upkeep.catch_up(progress)
    except StoreUnusable:
        factory.close()
        raise
    return log
