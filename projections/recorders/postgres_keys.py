"""The keys of those who may read and write, as a PostgreSQL database keeps them beside the log."""

from __future__ import annotations

from typing import Any

from projections.recorders.key_table import KeyTable
from projections.recorders.postgres_connections import LogDatastore

MOST = 4  # connections: a key is looked up in no time


class PostgresKeyTable(KeyTable):
    """The rows of the table of keys."""

    def __init__(self, url: str) -> None:
        self._store = LogDatastore(url, MOST)

    def close(self) -> None:
        """Give up the connections."""
        self._store.close()

    def _ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._store.ask(query, *values)
