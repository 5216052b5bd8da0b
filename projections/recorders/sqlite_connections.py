"""The connections to an SQLite file, and transactions in it.

A transaction that writes begins by taking SQLite's one write lock: what it reads then, head and clock, is true until
it ends.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from eventsourcing.persistence import DatabaseError, IntegrityError, PersistenceError, ProgrammingError
from eventsourcing.sqlite import (
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteTransaction,
)

from domain.errors import StoreUnusable
from projections.recorders.log_rows import StoredRows

PAGES = 8_192  # KiB of the file that a connection remembers: the upper pages of the indexes of a large register
BUSY = 30  # seconds to wait for another process's write
POOL = 64  # connections at once; the web server runs some 40 threads
KEPT = 8  # connections kept open: more threads than that do not get on at once
WRITES = 32 * 1024 * 1024  # bytes that the file of writes may reach before readers are waited for, so that it ends
PAUSE = 3  # seconds for which they are, at most


class LogTransaction(SQLiteTransaction):
    """A transaction that takes the write lock at its beginning if it is to be committed."""

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE" if self.commit else "BEGIN")
        return cursor

    def __exit__(self, *error: Any) -> None:
        try:
            super().__exit__(*error)
        except PersistenceError:
            self.connection.rollback()  # a commit that failed, as on a full disk, leaves it open
            raise


class LogConnection(SQLiteConnection):
    """A connection whose transactions are LogTransactions."""

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """A cursor in a transaction of its own."""
        with LogTransaction(self, commit=commit) as cursor, cursor:
            yield cursor


class LogPool(SQLiteConnectionPool):
    """Connections that force every commit to the disk, and wait for other processes."""

    def _create_connection(self) -> LogConnection:
        connection = sqlite3.connect(self.db_name, isolation_level=None, check_same_thread=False, timeout=BUSY)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # what is removed is overwritten
        connection.execute(f"PRAGMA cache_size = -{PAGES}")
        return LogConnection(connection, max_age=None)


class LogDatastore(SQLiteDatastore):
    """The connections to one file; an in-memory database lives in a single one, shared in turns."""

    def __init__(self, path: str) -> None:
        super().__init__(path, originator_id_type="text")
        most, kept = (1, 1) if path == ":memory:" else (POOL, KEPT)
        self.place = path
        self.pool = LogPool(db_name=path, pool_size=kept, max_overflow=most - kept, pool_timeout=BUSY)
        self._writing = threading.Lock()
        self._writes = Path(f"{path}-wal")
        self._writes_most = WRITES
        self._watching = threading.Lock()
        self._watch: sqlite3.Connection | None = None

    def version(self) -> int | None:
        """A number that is another one after every commit to the file, at less than a question costs; None in memory.

        It is asked of a connection that never writes. Raises: StoreUnusable.
        """
        if self.place == ":memory:":
            return None
        with self._watching:
            try:
                if self._watch is None:
                    self._watch = sqlite3.connect(self.place, check_same_thread=False, timeout=BUSY)
                found: int = self._watch.execute("PRAGMA data_version").fetchone()[0]
            except sqlite3.DatabaseError as e:
                raise StoreUnusable(self.place, str(e)) from e
        return found

    def close(self) -> None:
        """Close every connection."""
        with self._watching:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        super().close()

    @contextmanager
    def get_connection(self, *, commit: bool) -> Iterator[SQLiteConnection]:
        """A connection; one writer at a time.

        The library's own queue for writers holds up every reader behind a writer that waits.
        """
        with self._writing if commit else nullcontext():
            connection = self.pool.get_connection()
            try:
                yield connection
                if commit:
                    self._end_writes(connection)
            finally:
                self.pool.put_connection(connection)

    def _end_writes(self, connection: SQLiteConnection) -> None:
        """Empty the file of writes, if it is long: while readers overlap, SQLite only ever adds to it.

        Readers that began before are waited for, a little; if they take longer, that is tried again when it is twice
        as long, so that who records beside a backup does not wait all the time.
        """
        size = self._writes.stat().st_size if self._writes.exists() else 0
        if size <= self._writes_most:
            return
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {PAUSE * 1000}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            later = cursor.fetchone()[0]
        except sqlite3.OperationalError:  # as on a full disk; what was committed is safe where it is
            later = True
        cursor.execute(f"PRAGMA busy_timeout = {BUSY * 1000}")
        self._writes_most = 2 * size if later else WRITES

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """A cursor in a transaction of its own.

        Raises: StoreUnusable, for a file that cannot be opened, read, locked or written.
        """
        try:
            with super().transaction(commit=commit) as cursor:
                yield cursor
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError, IntegrityError, ProgrammingError):
            raise
        except (sqlite3.DatabaseError, DatabaseError) as e:
            raise StoreUnusable(self.place, str(e)) from e

    def ask(self, query: str, *values: Any) -> list[Any]:
        """The rows of one question, in a transaction of its own. Raises: StoreUnusable."""
        with self.transaction(commit=False) as c:
            return all_of(c, query, *values)

    def rows_in(self, c: SQLiteCursor) -> StoredRows:
        """The rows of the logs as the transaction of *c* sees them."""
        return StoredRows(partial(all_of, c))


def all_of(c: SQLiteCursor, query: str, *values: Any) -> list[Any]:
    """The rows of an answer."""
    c.execute(query, values)
    rows: list[Any] = c.fetchall()
    return rows
