"""The table of keys beside the log, whichever database keeps it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

FACTS = "name, scopes, created, revoked, institutions, expires, used"
"""The columns of a key that are told."""


class KeyTable(ABC):
    """The rows of keys, as a database keeps them. Each method raises StoreUnusable."""

    @abstractmethod
    def close(self) -> None:
        """Give up the connections."""

    @abstractmethod
    def _ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of one statement, in a transaction of its own; each `?` in it stands for a value."""

    def add(
        self, name: str, digest: bytes, scopes: str, created: str, institutions: str | None, expires: str | None
    ) -> bool:
        """Whether a key was added: not, if the name is taken."""
        query = (
            "INSERT INTO keys (name, digest, scopes, created, institutions, expires) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING RETURNING name"
        )
        return bool(self._ask(query, name, digest, scopes, created, institutions, expires))

    def of(self, digest: bytes) -> tuple[Any, ...] | None:
        """The FACTS and the digest of a key that is not revoked."""
        query = f"SELECT {FACTS}, digest FROM keys WHERE digest = ? AND revoked IS NULL"
        return next(iter(self._ask(query, digest)), None)

    def use(self, name: str, day: str) -> None:
        """Keep *day* as the last on which a key was used."""
        self._ask("UPDATE keys SET used = ? WHERE name = ? RETURNING name", day, name)

    def revoke(self, name: str, revoked: str) -> bool:
        """Whether there was such a key to revoke."""
        query = "UPDATE keys SET revoked = ? WHERE name = ? AND revoked IS NULL RETURNING name"
        return bool(self._ask(query, revoked, name))

    def all(self) -> list[tuple[Any, ...]]:
        """The FACTS of all keys, by name."""
        return self._ask(f"SELECT {FACTS} FROM keys ORDER BY name")
