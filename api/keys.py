"""Writers' keys: who may record, under which name. A key is shown once, when it is made; its SHA-256 is kept.

They lie in a table of their own beside the log, in the same SQLite file or PostgreSQL database. The name of a key
stands in every event recorded with it, so a name stays taken when its key is revoked.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from threading import Lock
from typing import Any, Protocol, Self

from domain.chain import stamp
from domain.errors import RegisterError, StoreUnusable
from domain.log import Clock
from domain.recording import utc_now
from projections.recorders.sqlite import APPLICATION_ID, BUSY

SCOPES = ("read", "record", "correct", "redact", "administer")
"""What a key can be good for. Every key reads; *record* suffices for corrections as well, for now."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:-]{0,127}")

TABLE = """
CREATE TABLE IF NOT EXISTS keys (
    name TEXT PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    scopes TEXT NOT NULL,
    created TEXT NOT NULL,
    revoked TEXT
) STRICT
"""


@dataclass(frozen=True)
class Key:
    """A key without its secret; *revoked* is the instant from which it is good for nothing."""

    name: str
    scopes: frozenset[str]
    created: str
    revoked: str | None


class KeyRefused(RegisterError):
    """A key cannot be made, or revoked, as asked."""


class KeyTable(Protocol):
    """The rows of keys, as a database keeps them. Each raises StoreUnusable."""

    def close(self) -> None:
        """Give up the connections."""

    def add(self, name: str, digest: bytes, scopes: str, created: str) -> bool:
        """Whether a key was added: not, if the name is taken."""

    def of(self, digest: bytes) -> tuple[Any, ...] | None:
        """(name, scopes, created, revoked, digest) of a key that is good."""

    def revoke(self, name: str, revoked: str) -> bool:
        """Whether there was such a key to revoke."""

    def all(self) -> list[tuple[Any, ...]]:
        """(name, scopes, created, revoked) of all keys, by name."""


class Keys:
    """The keys of one store; any thread may use it."""

    def __init__(self, table: KeyTable, clock: Clock = utc_now) -> None:
        self.table = table
        self.clock = clock

    def close(self) -> None:
        """Give up the connections."""
        self.table.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def create(self, name: str, scopes: Iterable[str]) -> str:
        """The secret of a new key, which nobody can be told again.

        Raises: KeyRefused, for a name that is taken or cannot be one, and for scopes there are not.
        """
        wanted = frozenset(scopes)
        if not NAME.fullmatch(name):
            raise KeyRefused(f"{name[:128]!r} cannot name a key: letters, digits and . _ @ : - make a name")
        if not wanted or not wanted <= set(SCOPES):
            raise KeyRefused(f"a key has one or more of the scopes {', '.join(SCOPES)}")
        secret = token_urlsafe(32)
        scopes = " ".join(s for s in SCOPES if s in wanted)
        if not self.table.add(name, _digest(secret), scopes, stamp(self.clock())):
            raise KeyRefused(f"there is, or was, a key {name!r}; a name is given once")
        return secret

    def find(self, secret: str) -> Key | None:
        """The key of *secret*; None if there is none or it is revoked."""
        digest = _digest(secret)
        row = self.table.of(digest)
        return _key(row[:4]) if row and hmac.compare_digest(row[4], digest) else None

    def revoke(self, name: str) -> None:
        """Make a key good for nothing, from now on. Raises: KeyRefused, if there is none of that name."""
        if not self.table.revoke(name, stamp(self.clock())):
            raise KeyRefused(f"there is no key {name[:128]!r} to revoke")

    def list(self) -> list[Key]:
        """All keys ever made, by name."""
        return [_key(row) for row in self.table.all()]


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

    def close(self) -> None:
        """Give up the connection."""
        self._connection.close()

    def add(self, name: str, digest: bytes, scopes: str, created: str) -> bool:
        """Whether a key was added: not, if the name is taken."""
        row = (name, digest, scopes, created)
        with self._database() as database:
            try:
                database.execute("INSERT INTO keys (name, digest, scopes, created) VALUES (?, ?, ?, ?)", row)
            except sqlite3.IntegrityError:
                return False
        return True

    def of(self, digest: bytes) -> tuple[Any, ...] | None:
        """(name, scopes, created, revoked, digest) of a key that is good."""
        query = "SELECT name, scopes, created, revoked, digest FROM keys WHERE digest = ? AND revoked IS NULL"
        with self._database() as database:
            found: tuple[Any, ...] | None = database.execute(query, (digest,)).fetchone()
        return found

    def revoke(self, name: str, revoked: str) -> bool:
        """Whether there was such a key to revoke."""
        query = "UPDATE keys SET revoked = ? WHERE name = ? AND revoked IS NULL"
        with self._database() as database:
            return database.execute(query, (revoked, name)).rowcount > 0

    def all(self) -> list[tuple[Any, ...]]:
        """(name, scopes, created, revoked) of all keys, by name."""
        with self._database() as database:
            return database.execute("SELECT name, scopes, created, revoked FROM keys ORDER BY name").fetchall()

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """The connection, to this thread alone. Raises: StoreUnusable, for a file that cannot serve."""
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as e:
                raise StoreUnusable(self.path, str(e)) from e


def keys_in_file(path: str | Path, clock: Clock = utc_now) -> Keys:
    """The keys in the SQLite file at *path*. Raises: StoreUnusable."""
    return Keys(FileKeyTable(path), clock)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _key(row: tuple[Any, ...]) -> Key:
    name, scopes, created, revoked = row
    return Key(name, frozenset(scopes.split()), created, revoked)
