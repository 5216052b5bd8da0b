"""A synthetic register that is open for measuring: its log, and days and positions by chance to ask about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from bench.building import INSTITUTION
from bench.histories import FOUNDED, LAST
from bench.places import Place
from domain.dates import Day
from projections.tables.reading import Reader
from projections.tables.rebuilding import MaintainedLog
from projections.tables.slices import Position


@dataclass(frozen=True)
class Register:
    """A register of so many *events* with so many facts *alive*, as they were ordered."""

    place: Place
    events: int
    alive: int
    log: MaintainedLog
    reader: Reader
    head: Position
    until: Day
    """The day after the last on which anything in it takes effect."""

    def answer(self, day: Day) -> bytes:
        """The whole structure on *day*, as JSON without its outer braces."""
        with self.reader.at(INSTITUTION, self.head) as reading:
            return reading.structure(day)

    def days(self, count: int, seed: int, margin: int = 0) -> list[Day]:
        """Different days by chance of the time in which it has its size, all but the last *margin* of it."""
        return days_by_chance(count, seed, self.until - margin)

    def positions_behind(self, days: list[Day], seed: int = 2) -> list[Position]:
        """For each of *days* a position by chance, behind what was recorded in order about it."""
        random = Random(seed)  # noqa: S311  # chance, not secrecy
        reached = (int(self.head * (day - FOUNDED) / (self.until - FOUNDED)) for day in days)
        return [self.log.whole(INSTITUTION, random.randint(min(least + 1, self.head), self.head)) for least in reached]


@contextmanager
def opened(place: Place, events: int, alive: int) -> Iterator[Register]:
    """The register that lies in *place*."""
    with place.log() as log:
        with log.shelf(INSTITUTION) as shelf:
            last = shelf.next_dated(LAST, backwards=True) or LAST
        yield Register(place, events, alive, log, Reader(log), log.head(INSTITUTION).position, last + 1)


def days_by_chance(count: int, seed: int = 1, before: Day = LAST) -> list[Day]:
    """Different days of the time in which a register has its size."""
    return Random(seed).sample(range(FOUNDED, before), count)  # noqa: S311  # chance, not secrecy
