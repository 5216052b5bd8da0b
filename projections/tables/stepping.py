"""The days on which something changes, found in the index of days without reading the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from domain.acts import Act
from domain.dates import BEFORE_ALL, Day, iso
from projections.steps import NEAR, dates_a_step, first_of_years, told
from projections.structure import Answer
from projections.tables.shelf import Shelf
from projections.tables.slices import Position

Believed = Callable[[set[Position]], Sequence[Act]]
"""The acts at some positions, as they are believed."""

FIRST, AT_ONCE = 1, 16
"""How many acts of a day are read at first, and at once after it, to see whether any is believed: almost all are."""


def steps(shelf: Shelf, believed: Believed, day: Day, near: int = NEAR) -> Answer:
    """What projections.steps.steps says, where *believed* tells which acts are."""
    stepping = _Stepping(shelf, believed)
    earlier = stepping.next(day, near, backwards=True)
    later = stepping.next(day, near)
    return told(earlier[::-1], bool(stepping.alive([day])), later)


def days_of_change(shelf: Shelf, believed: Believed, day: Day, many: int, *, backwards: bool = False) -> list[Day]:
    """Of what projections.steps.days_of_change says the next *many* after *day*, or before it; the nearest first."""
    return _Stepping(shelf, believed).next(day, many, backwards=backwards)


def years(shelf: Shelf, believed: Believed) -> dict[str, str]:
    """What projections.steps.years says."""
    return first_of_years(_Stepping(shelf, believed).first_of_years())


class _Stepping:
    """Days that have an act by some reading, and which of them have one as it is read now."""

    def __init__(self, shelf: Shelf, believed: Believed) -> None:
        self.shelf, self.believed = shelf, believed

    def alive(self, days: Iterable[Day]) -> set[Day]:
        """Those of *days* on which an act takes effect."""
        waiting = {day: sorted(self.shelf.dated(day - 1, day)) for day in days}
        found: set[Day] = set()
        many = FIRST
        while waiting:
            asked = {position for positions in waiting.values() for position in positions[:many]}
            found |= {act.hi for act in self.believed(asked) if dates_a_step(act)}
            waiting = {d: rest[many:] for d, rest in waiting.items() if d not in found and rest[many:]}
            many = AT_ONCE
        return found

    def next(self, day: Day, many: int, *, backwards: bool = False) -> list[Day]:
        """The next *many* such days after *day*, or before it; the nearest first."""
        found: list[Day] = []
        at: Day | None = day
        while len(found) < many and at is not None:
            tried: list[Day] = []
            while len(tried) < many and (at := self.shelf.next_dated(at, backwards=backwards)) is not None:
                tried.append(at)
            alive = self.alive(tried)
            found += [one for one in tried if one in alive]
        return found[:many]

    def first_of_years(self) -> list[Day]:
        """The first such day of each year that has one."""
        found: list[Day] = []
        tried = self._hop()
        while tried:
            alive = self.alive(tried)
            found += [one for one in tried if one in alive]
            following = [self.shelf.next_dated(one) for one in tried if one not in alive]
            dead = {_year(one) for one in tried if one not in alive}
            tried = [one for one in following if one is not None and _year(one) in dead]
        return sorted(found)

    def _hop(self) -> list[Day]:
        """The first day of each year that has an act by some reading."""
        found: list[Day] = []
        at: Day | None = BEFORE_ALL
        while at is not None and (at := self.shelf.next_dated(at)) is not None and iso(at):
            found.append(at)
            at = date(_year(at), 12, 31).toordinal()
        return found


def _year(day: Day) -> int:
    """The year of *day*; 0, where it is no day of the calendar."""
    return date.fromordinal(day).year if iso(day) else 0
