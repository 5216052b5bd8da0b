"""The keys of those who may read and write, as an SQLite file keeps them beside the log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from domain.errors import StoreUnusable
from projections.recorders.key_table import FACTS
from projections.recorders.sqlite import APPLICATION_ID, BUSY

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


class FileKeyTable:
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

    def add(
        self, name: str, digest: bytes, scopes: str, created: str, institutions: str | None, expires: str | None
    ) -> bool:
        """Whether a key was added: not, if the name is taken."""
        row = (name, digest, scopes, created, institutions, expires)
        columns = "name, digest, scopes, created, institutions, expires"
        with self._database() as database:
            try:
                database.execute(f"INSERT INTO keys ({columns}) VALUES (?, ?, ?, ?, ?, ?)", row)
            except sqlite3.IntegrityError:
                return False
        return True

    def of(self, digest: bytes) -> tuple[Any, ...] | None:
        """The FACTS and the digest of a key that is not revoked."""
        query = f"SELECT {FACTS}, digest FROM keys WHERE digest = ? AND revoked IS NULL"
        with self._database() as database:
            found: tuple[Any, ...] | None = database.execute(query, (digest,)).fetchone()
        return found

    def use(self, name: str, day: str) -> None:
        """Keep *day* as the last on which a key was used."""
        with self._database() as database:
            database.execute("UPDATE keys SET used = ? WHERE name = ?", (day, name))

    def revoke(self, name: str, revoked: str) -> bool:
        """Whether there was such a key to revoke."""
        query = "UPDATE keys SET revoked = ? WHERE name = ? AND revoked IS NULL"
        with self._database() as database:
            return database.execute(query, (revoked, name)).rowcount > 0

    def all(self) -> list[tuple[Any, ...]]:
        """The FACTS of all keys, by name."""
        with self._database() as database:
            return database.execute(f"SELECT {FACTS} FROM keys ORDER BY name").fetchall()

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """The connection, to this thread alone. Raises: StoreUnusable, for a file that cannot serve."""
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as e:
                raise StoreUnusable(self.path, str(e)) from e
