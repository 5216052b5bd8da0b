"""The table of keys beside the log, whichever database keeps it."""

from __future__ import annotations

from typing import Any, Protocol

FACTS = "name, scopes, created, revoked, institutions, expires, used"
"""The columns of a key that are told."""


class KeyTable(Protocol):
    """The rows of keys, as a database keeps them. Each raises StoreUnusable."""

    def close(self) -> None:
        """Give up the connections."""

    def add(
        self, name: str, digest: bytes, scopes: str, created: str, institutions: str | None, expires: str | None
    ) -> bool:
        """Whether a key was added: not, if the name is taken."""

    def of(self, digest: bytes) -> tuple[Any, ...] | None:
        """The FACTS and the digest of a key that is not revoked."""

    def use(self, name: str, day: str) -> None:
        """Keep *day* as the last on which a key was used."""

    def revoke(self, name: str, revoked: str) -> bool:
        """Whether there was such a key to revoke."""

    def all(self) -> list[tuple[Any, ...]]:
        """The FACTS of all keys, by name."""
