"""Making tables from a log that is there already: a page of whole entries at a time, so that others can go on."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple, TypeAlias

from domain.dates import Day
from domain.recording import EntryPage
from projections.tables.keeper import Keeper
from projections.tables.names import Spelling
from projections.tables.shelf import EventCache, Shelf
from projections.tables.slices import Position
from projections.tables.tabled import TabledLog, TabledRecorder

SECONDS = 1.0  # a page takes, about: others who write wait so long

Progress: TypeAlias = Callable[[str, Position, Position], None]
"""Told of a register how far its tables are made, and how far they have to be."""


def silent(institution: str, done: Position, events: Position) -> None:
    """Progress that nobody is told of."""


class Builder(Keeper):
    """Makes the tables of one register from its log, in which *redacted* is erased."""

    def __init__(self, institution: str, redacted: frozenset[str]) -> None:
        super().__init__(institution, EventCache())
        self.redacted = redacted

    def page(self, shelf: Shelf, until: Position, seconds: float = SECONDS) -> Position:
        """Take in the entries behind those that *shelf* has, up to *until* or for *seconds*; how far that was."""
        self.shelf = shelf
        position, end = shelf.position(), time.monotonic() + seconds
        for rows in self.entries(position, until):
            self.again(rows)
            position = rows[-1][0]
            if time.monotonic() > end:
                break
        return position


class Purged(NamedTuple):
    """What still keeps something of what was erased, in lines: in the files of the database, and out of its reach."""

    left: tuple[str, ...]
    beyond: tuple[str, ...]


class Believed(NamedTuple):
    """A row believed now, as the tables hold it: what it tells is JSON, *cause* in full."""

    key: str
    life: int
    lo: Day
    hi: Day
    values: str
    told: str
    cause: str
    name: str | None
    disputed: str | None
    s_lo: Day
    s_hi: Day
    e_lo: Day
    e_hi: Day
    proved_from: Day
    proved_until: Day
    evidence: Day | None
    begun: int
    handed_on: int
    acts: str | None


class Ledger(Shelf):
    """A shelf that shows the rows themselves, for proving them."""

    @abstractmethod
    def all_believed(self) -> Iterator[Believed]:
        """Every row believed now, by thing."""

    @abstractmethod
    def believed_of(self, name: str) -> list[Believed]:
        """The rows believed now of the thing of that name, as far as they stand where its doc says."""

    @abstractmethod
    def all_spelled(self) -> Iterator[tuple[str, Spelling, str]]:
        """What is believed now that things are called, by thing: (name of the thing, spelling, the same folded)."""

    @abstractmethod
    def spelled_of(self, name: str) -> list[tuple[str, Spelling, str]]:
        """The same of the thing of that name."""


class MaintainedRecorder(TabledRecorder):
    """A recorder whose tables can be made anew and proved, and that takes in entries by the page."""

    @abstractmethod
    def page(self, stream: str) -> AbstractContextManager[EntryPage]:
        """A transaction for recording several entries; nothing of it is stored if it is left by an error."""

    @abstractmethod
    def catch_up(self, progress: Progress) -> None:
        """Make what tables are missing, older than this program, or behind the log."""

    @abstractmethod
    def rebuild(self, stream: str, progress: Progress) -> None:
        """Make the tables of a register anew beside those in use, and put them in their place."""

    @abstractmethod
    def damages(self) -> list[str]:
        """What is damaged of the files of the database, as far as it can tell, in lines. Raises: StoreUnusable."""

    @abstractmethod
    def purge(self) -> Purged:
        """Have the files of the database keep nothing of what was erased. Raises: StoreUnusable."""

    @abstractmethod
    def ledger(self, stream: str) -> AbstractContextManager[Ledger]:
        """The tables of a register, for proving them."""


class MaintainedLog(TabledLog):
    """A log whose tables can be made anew and proved, and that takes in entries by the page."""

    @property
    def upkeep(self) -> MaintainedRecorder:
        """The recorder."""
        recorder = self._recorder
        if not isinstance(recorder, MaintainedRecorder):
            raise TypeError(f"{type(recorder).__name__} cannot make its tables anew")
        return recorder

    def page(self, institution: str) -> AbstractContextManager[EntryPage]:
        """A transaction for recording several entries; nothing of it is stored if it is left by an error."""
        return self.upkeep.page(institution)
