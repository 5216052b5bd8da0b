"""The keys of those who may read and write, as a PostgreSQL database keeps them beside the log."""

from __future__ import annotations

from typing import Any

from eventsourcing.persistence import IntegrityError

from projections.recorders.key_table import FACTS
from projections.recorders.postgres_connections import LogDatastore

MOST = 4  # connections: a key is looked up in no time


class PostgresKeyTable:
    """The rows of the table of keys."""

    def __init__(self, url: str) -> None:
        self._store = LogDatastore(url, MOST)

    def close(self) -> None:
        """Give up the connections."""
        self._store.close()

    def add(
        self, name: str, digest: bytes, scopes: str, created: str, institutions: str | None, expires: str | None
    ) -> bool:
        """Whether a key was added: not, if the name is taken. Raises: StoreUnusable."""
        query = (
            "INSERT INTO keys (name, digest, scopes, created, institutions, expires)"
            " VALUES (%s, %s, %s, %s, %s, %s) RETURNING name"
        )
        try:
            return bool(self._store.ask(query, name, digest, scopes, created, institutions, expires))
        except IntegrityError:
            return False

    def of(self, digest: bytes) -> tuple[Any, ...] | None:
        """The FACTS and the digest of a key that is not revoked. Raises: StoreUnusable."""
        query = f"SELECT {FACTS}, digest FROM keys WHERE digest = %s AND revoked IS NULL"
        return next(iter(self._store.ask(query, digest)), None)

    def use(self, name: str, day: str) -> None:
        """Keep *day* as the last on which a key was used. Raises: StoreUnusable."""
        self._store.ask("UPDATE keys SET used = %s WHERE name = %s RETURNING name", day, name)

    def revoke(self, name: str, revoked: str) -> bool:
        """Whether there was such a key to revoke. Raises: StoreUnusable."""
        query = "UPDATE keys SET revoked = %s WHERE name = %s AND revoked IS NULL RETURNING name"
        return bool(self._store.ask(query, revoked, name))

    def all(self) -> list[tuple[Any, ...]]:
        """The FACTS of all keys, by name. Raises: StoreUnusable."""
        return self._store.ask(f"SELECT {FACTS} FROM keys ORDER BY name")
