"""Making the read tables in an SQLite file anew, and having it keep nothing of what was erased."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from eventsourcing.sqlite import SQLiteCursor

from domain.errors import StoreUnusable
from projections.recorders.sqlite_connections import LogDatastore, all_of
from projections.recorders.sqlite_read_tables import MADE, TABLES
from projections.recorders.sqlite_tables import SQLiteShelf
from projections.recorders.upkeep import PIECE, State, Upkeep
from projections.tables.rebuilding import Progress, Purged
from projections.tables.version import VERSION

BUSY = 30  # seconds in which others may let go of the file
BEYOND = ("copies, backups and exported logs made before, and what the disk keeps of blocks that it has taken back",)
PAUSE = 0.1  # seconds between pages: as often as SQLite looks whether it may write


class SQLiteUpkeep(Upkeep):
    """Keeps the tables in one file whole."""

    shelves = SQLiteShelf

    def __init__(self, store: LogDatastore) -> None:
        super().__init__(store)
        self._path = store.place

    def _state(self) -> State:
        """How the tables stand: all of them are to be made anew, if one is of another version."""
        with self._store.transaction(commit=False) as c:
            streams = self._store.rows_in(c).streams()
            columns = [row[1] for row in all_of(c, "PRAGMA table_info(tables_of)")]
            if columns != ["stream", "institution", "version", "position"]:
                return State(TABLES, (), ())
            found = all_of(c, "SELECT institution, stream, version, position FROM tables_of")
            if any(row["version"] != VERSION for row in found):
                return State(TABLES, (), ())
            return self._standing(c, streams, {row[0]: tuple(row[1:]) for row in found})

    def _renew(self, what: Sequence[str], progress: Progress) -> None:
        """Empty tables of this version in place of what there is; they are behind then."""
        with self._store.transaction(commit=True) as c:
            for table in what:
                c.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in MADE:
                c.execute(statement)

    def _remove(self, c: SQLiteCursor, table: str, which: str, stream: int) -> int:
        columns = [row for row in all_of(c, f"PRAGMA table_info({table})") if row[5]]
        key = ", ".join(f'"{row[1]}"' for row in sorted(columns, key=lambda row: row[5]))
        c.execute(
            f"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {which} LIMIT {PIECE})",
            (stream,),
        )
        return c.sqlite_cursor.rowcount

    def _give_way(self) -> None:
        time.sleep(PAUSE)  # SQLite has no queue: whoever waits looks again after a while

    def purge(self) -> Purged:
        """Have the file keep nothing of what was erased.

        The index of spellings is made anew, for it only marks what is removed; then the file is written anew, and
        the log of its writes cut off. Raises: StoreUnusable.
        """
        if self._path == ":memory:":
            return Purged((), BEYOND)
        try:
            with self._alone(wait=True):
                self._discard(self._state().leftovers)
                with closing(sqlite3.connect(self._path, isolation_level=None, timeout=BUSY)) as c:
                    c.execute("PRAGMA secure_delete = ON")
                    c.execute("INSERT INTO spelled (spelled) VALUES ('rebuild')")
                    c.execute("VACUUM")
                    end = time.monotonic() + BUSY
                    while c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                        if time.monotonic() > end:
                            still = f"{self._path}-wal is still read by somebody: end what reads it, and purge again"
                            return Purged((still,), BEYOND)
                        time.sleep(PAUSE)
                    return Purged((), BEYOND)
        except sqlite3.DatabaseError as fault:
            raise StoreUnusable(self._path, str(fault)) from fault

    @contextmanager
    def _alone(self, *, wait: bool) -> Iterator[bool]:
        """Whether no other process builds in this file: a lock that ends with its holder, whatever becomes of it."""
        if self._path == ":memory:":
            yield True
            return
        file = Path(f"{self._path}-building")
        lock = sqlite3.connect(file, isolation_level=None, timeout=0)
        try:
            while True:
                try:
                    lock.execute("BEGIN EXCLUSIVE")
                except sqlite3.OperationalError as fault:
                    if fault.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                        raise StoreUnusable(str(file), str(fault)) from fault
                    if not wait:
                        yield False
                        return
                    time.sleep(PAUSE)
                else:
                    break
            yield True
            file.unlink(missing_ok=True)
        finally:
            lock.close()
