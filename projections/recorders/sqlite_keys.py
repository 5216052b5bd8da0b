"""The keys of those who may read and write, as an SQLite file keeps them beside the log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from domain.errors import StoreUnusable
from projections.recorders.key_table import KeyTable
from projections.recorders.sqlite_connections import BUSY
from projections.recorders.sqlite_schema import APPLICATION_ID

TABLE = """
CREATE TABLE IF NOT EXISTS keys (
    name TEXT PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    scopes TEXT NOT NULL,
    created TEXT NOT NULL,
    revoked TEXT,
    institutions TEXT,
    expires TEXT,
    used TEXT
) STRICT
"""
ADDED = ("institutions", "expires", "used")
"""Columns that the first files lack."""


class FileKeyTable(KeyTable):
    """The table of keys in an SQLite file that a log was opened on before.

    `:memory:` keeps them in a database of their own.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self._lock = Lock()
        self._connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=BUSY)
        try:
            self._prepare()
        except StoreUnusable:
            self.close()
            raise

    def _prepare(self) -> None:
        with self._database() as database:
            (ours,) = database.execute("PRAGMA application_id").fetchone()
            if ours != APPLICATION_ID and self.path != ":memory:":
                raise StoreUnusable(self.path, "it holds no log: keys lie in the file of one")
            database.execute(TABLE)
            there = {row[1] for row in database.execute("PRAGMA table_info(keys)")}
            for column in (column for column in ADDED if column not in there):
                database.execute(f"ALTER TABLE keys ADD COLUMN {column} TEXT")

    def close(self) -> None:
        """Give up the connection."""
        self._connection.close()

    def _ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._database() as database:
            return database.execute(query, values).fetchall()

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """The connection, to this thread alone. Raises: StoreUnusable, for a file that cannot serve."""
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as e:
                raise StoreUnusable(self.path, str(e)) from e
