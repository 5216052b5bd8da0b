"""What the log asks of a database: rows of streams, appended by writers who exclude one another."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from eventsourcing.persistence import ApplicationRecorder, StoredEvent

from domain.chain import Row
from domain.errors import HeadMoved

PAGE = 500  # rows in memory at once
Clock: TypeAlias = Callable[[], datetime]
"""What tells the instant, with its offset from UTC."""


class PositionTaken(HeadMoved):
    """Another writer appended first: decide again on what the log holds now, and retry."""

    def __init__(self, institution: str, expected: int, found: int) -> None:
        super().__init__(institution, f"position {expected}", f"position {found}")


@dataclass(frozen=True)
class StoredChange(StoredEvent):
    """A stored event that knows its place in its entry; its topic is the change kind."""

    entry: str
    number: int


class LogRows(Protocol):
    """The rows of the logs of a store."""

    def streams(self) -> list[str]:
        """The institutions that have events, sorted."""

    def last(self, stream: str) -> Row | None:
        """The row at the head."""

    def rows(self, stream: str, after: int, until: int | None, limit: int) -> list[Row]:
        """The first *limit* rows with after < position ≤ until, by position."""


class LogRecorder(ApplicationRecorder):
    """What the log asks of a database, beyond what the library asks.

    `insert_events` takes StoredChanges of one stream, and the keyword `clock`. Holding the lock by which
    writers exclude one another, it raises PositionTaken unless the first of them is next in its stream, then
    reads the clock, and stores what `domain.chain.follow` makes of them.
    """

    @abstractmethod
    def streams(self) -> list[str]:
        """The institutions that have events, sorted."""

    @abstractmethod
    def last(self, stream: str) -> Row | None:
        """The row at the head."""

    @abstractmethod
    def rows(self, stream: str, after: int, until: int | None, limit: int) -> list[Row]:
        """The first *limit* rows with after < position ≤ until, by position."""

    @abstractmethod
    def span(self, stream: str, entry: str) -> tuple[int, int] | None:
        """The first and the last position of *entry*."""

    @abstractmethod
    def last_at(self, stream: str, recorded: str) -> int:
        """The last position recorded at *recorded* or before; 0 if none."""

    @abstractmethod
    def moment(self) -> AbstractContextManager[LogRows]:
        """The rows of all logs as they are at one moment, whatever is recorded or erased the while."""

    @abstractmethod
    def load(self, stream: str, rows: Iterable[Row]) -> None:
        """Store a whole stream as it is, in one transaction.

        Raises: PositionTaken, if it has events already; and what *rows* raise, nothing being stored then.
        """
