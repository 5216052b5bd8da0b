"""The rows of the log, as both databases are asked for them.

Here as in all that the databases share, a `?` stands for a value in a statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from domain.acts import redactions
from domain.chain import Row
from domain.events import Event
from domain.log import PAGE

Ask: TypeAlias = Callable[..., list[Any]]
"""Answers a statement, with the values for its question marks, by its rows."""

# The few events by which others are erased.
REDACTIONS = """
CREATE INDEX stored_events_redactions ON stored_events (originator_id, originator_version) WHERE topic = 'redacted'
"""

ROW = (
    "originator_version AS position, topic AS kind, entry, number, state, recorded, salt, digest, hash"
    " FROM stored_events WHERE originator_id = ?"
)

# Each step is one look into the index; DISTINCT would read it whole.
STREAMS = """
WITH RECURSIVE stream (id) AS (
    SELECT min(originator_id) FROM stored_events
    UNION ALL
    SELECT (SELECT min(originator_id) FROM stored_events WHERE originator_id > id)
    FROM stream WHERE id IS NOT NULL
)
SELECT id FROM stream WHERE id IS NOT NULL
"""


@dataclass(frozen=True)
class StoredRows:
    """The rows of all logs of a database: within a transaction, or for each question in one of its own, as *ask* does.

    Raises: what *ask* raises.
    """

    ask: Ask

    def streams(self) -> list[str]:
        """The institutions that have events, sorted."""
        return [row[0] for row in self.ask(STREAMS)]

    def last(self, stream: str) -> Row | None:
        """The row at the head."""
        found = self.ask(f"SELECT {ROW} ORDER BY originator_version DESC LIMIT 1", stream)
        return Row(*found[0]) if found else None

    def rows(self, stream: str, after: int, until: int | None, limit: int) -> list[Row]:
        """The first *limit* rows with after < position ≤ until, by position."""
        end = "" if until is None else " AND originator_version <= ?"
        query = f"SELECT {ROW} AND originator_version > ?{end} ORDER BY originator_version LIMIT ?"
        return [Row(*row) for row in self.ask(query, stream, after, *([] if until is None else [until]), limit)]

    def span(self, stream: str, entry: str) -> tuple[int, int] | None:
        """The first and the last position of *entry*."""
        query = (
            "SELECT min(originator_version), max(originator_version) FROM stored_events"
            " WHERE originator_id = ? AND entry = ?"
        )
        first, last = self.ask(query, stream, entry)[0]
        return None if first is None else (first, last)

    def hash_at(self, stream: str, position: int) -> bytes | None:
        """The hash of the row at *position*."""
        query = "SELECT hash FROM stored_events WHERE originator_id = ? AND originator_version = ?"
        found = self.ask(query, stream, position)
        return found[0][0] if found else None

    def head(self, stream: str) -> int:
        """The last position; 0 if there is none."""
        query = "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?"
        return self.ask(query, stream)[0][0] or 0

    def redacted(self, stream: str) -> frozenset[str]:
        """The changes that the log erases, read from it alone."""
        query = "SELECT state FROM stored_events WHERE originator_id = ? AND topic = 'redacted'"
        return redactions(Event.from_stored(row[0]) for row in self.ask(query, stream))


class Store(Protocol):
    """The connections to a database, and the transactions in it."""

    def transaction(self, *, commit: bool) -> AbstractContextManager[Any]:
        """A cursor in a transaction of its own: that of the one writer if *commit*; else of one moment, for reading.

        Raises: StoreUnusable.
        """

    def ask(self, query: str, *values: Any) -> list[Any]:
        """The rows of one question, in a transaction of its own. Raises: StoreUnusable."""

    def rows_in(self, c: Any) -> StoredRows:
        """The rows of the logs as the transaction of *c* sees them."""


def of_row(row: str, columns: str) -> str:
    """*columns* as they are in *row*, in a trigger NEW or OLD."""
    return ", ".join(f"{row}.{name}" for name in columns.split(", "))


def whole_entries(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """*rows* in pages of about PAGE, none of which ends inside an entry."""
    page: list[Row] = []
    for row in rows:
        if len(page) >= PAGE and row.entry != page[-1].entry:
            yield page
            page = []
        page.append(row)
    if page:
        yield page
