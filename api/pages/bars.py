"""Tenures as bars over time: solid where the record shows them, pale where presumed, fading where a date is uncertain.

Places are percentages of the axis, for attributes of SVG: nothing here is styled in the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil

from domain.dates import AFTER_ALL, BEFORE_ALL, Day, PartialDate, day
from projections.structure import Answer

TICKS = 8
"""About how many years are written on an axis."""

NICE = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
FADE, LEAST = 5.0, 0.4
"""Of the axis in percent: a fading end of unknown length, and what can still be seen."""


@dataclass(frozen=True)
class Segment:
    """A part of a bar: from *x* on *width* percent of the axis, drawn as *kind*."""

    x: float
    width: float
    kind: str


@dataclass(frozen=True)
class Axis:
    """The days that bars are drawn over, with years written on it."""

    first: Day
    last: Day

    def at(self, on: Day) -> float:
        """Where *on* is, in percent."""
        return round(100 * (min(max(on, self.first), self.last) - self.first) / (self.last - self.first), 2)

    @property
    def ticks(self) -> list[tuple[float, int]]:
        """(place, year) of the years that are written."""
        first, last = date.fromordinal(self.first).year + 1, date.fromordinal(self.last).year
        step = next((nice for nice in NICE if (last - first) / nice <= TICKS), NICE[-1])
        return [
            (self.at(date(year, 1, 1).toordinal()), year) for year in range(ceil(first / step) * step, last + 1, step)
        ]

    def segment(self, start: Day, end: Day, kind: str) -> list[Segment]:
        """The part from *start* until *end*; nothing, where that is no time."""
        if end <= start or start >= self.last or end <= self.first:
            return []
        x = self.at(start)
        return [Segment(x, max(round(self.at(end) - x, 2), LEAST), kind)]


def axis_of(tenures: Iterable[Answer], spans: Iterable[Answer] = ()) -> Axis | None:
    """The axis on which all of them are seen; None, where no day is known."""
    days = [bound for tenure in tenures for bound in _known_days(tenure)]
    days += [day(span[end]) for span in spans for end in ("from", "until") if span[end]]
    if not days:
        return None
    margin = max((max(days) - min(days)) // 40, 60)
    return Axis(max(min(days) - margin, 1), min(max(days) + margin, AFTER_ALL - 1))


def _known_days(tenure: Answer) -> list[Day]:
    bounds = [*_bounds(tenure["since"]), *_bounds(tenure["until"])]
    bounds += [day(tenure["evidence"])] if tenure["evidence"] else []
    return [bound for bound in bounds if BEFORE_ALL < bound < AFTER_ALL]


def _bounds(edtf: str | None) -> tuple[Day, Day]:
    if edtf is None:
        return BEFORE_ALL, AFTER_ALL
    read = PartialDate.parse(edtf)
    return read.earliest, read.latest


def bar(tenure: Answer, axis: Axis) -> list[Segment]:
    """The bar of a tenure; nowhere solid after the last day that the record shows it."""
    shown = day(tenure["evidence"]) + 1 if tenure["evidence"] else None
    fade = int((axis.last - axis.first) * FADE / 100)
    begun, begun_surely = _bounds(tenure["since"])
    ended, ended_surely = _bounds(tenure["until"])
    if tenure["since"] is None or begun_surely >= AFTER_ALL:
        begun_surely = (shown - 1) if shown is not None else min(ended, axis.last)
    begun = max(begun, begun_surely - fade) if begun <= BEFORE_ALL else begun
    if tenure["until"] is None:
        ended = ended_surely = axis.last
    ended = max(ended, begun_surely)
    solid_until = min(ended, shown) if shown is not None else begun_surely
    sure = "solid" if tenure["grade"] == "certain" else "presumed" if tenure["grade"] == "presumed" else "open"
    made = axis.segment(begun, begun_surely, "fade-in")
    made += axis.segment(begun_surely, solid_until, sure)
    rest = max(begun_surely, solid_until)
    if tenure["implied"] or tenure["until"] is None:
        kind = "presumed-on" if tenure["until"] is None else "presumed"
        return made + axis.segment(rest, max(ended_surely, ended), kind)
    return made + axis.segment(rest, ended, "presumed") + axis.segment(ended, ended_surely, "fade-out")


def hollow(span: Answer, axis: Axis) -> list[Segment]:
    """Days on which a source calls a post vacant."""
    start = day(span["from"]) if span["from"] else axis.first
    end = day(span["until"]) if span["until"] else axis.last
    return axis.segment(start, end, "vacant")
