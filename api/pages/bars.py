"""Tenures as bars over time: solid where the record shows them, pale where presumed, fading where a date is uncertain.

Places are percentages of the axis, for attributes of SVG: nothing here is styled in the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import TypeAlias

from domain.dates import AFTER_ALL, BEFORE_ALL, Day, PartialDate, day
from projections.structure import Answer

TICKS = 8
"""About how many years are written on an axis."""

NICE = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
FADE, LEAST = 5.0, 0.4
"""Of the axis in percent: a fading end of unknown length, and what can still be seen."""


LOOKS = {"certain": ("solid", ""), "presumed": ("presumed", "-pale")}
"""The surest grade of a tenure → how what the record shows of it is drawn, and how strongly its ends fade."""

GRADIENTS = {
    "fade-in": (0, 0.75),
    "fade-out": (0.75, 0),
    "fade-in-pale": (0, 0.3),
    "fade-out-pale": (0.3, 0),
    "presumed-on": (0.3, 0),
}
"""Kind of segment that fades → how strong it is at its begin and at its end."""


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
    first, begun = _bounds(tenure["since"])
    ended, last = _bounds(tenure["until"])
    shown = day(tenure["evidence"]) if tenure["evidence"] else None
    open_end = tenure["until"] is None
    if open_end:
        ended = last = axis.last
    begun = min(begun, ended, AFTER_ALL if shown is None else max(shown, first))  # it had begun when it was shown
    if first <= BEFORE_ALL:
        first = begun - int((axis.last - axis.first) * FADE / 100)
    sure, pale = LOOKS.get(tenure["grade"], ("open", "-pale"))
    solid_until = max(begun, min(ended, begun if shown is None else shown + 1))
    made = axis.segment(first, begun, f"fade-in{pale}") + axis.segment(begun, solid_until, sure)
    if open_end:
        return made + axis.segment(solid_until, last, "presumed-on")
    if tenure["implied"]:
        return made + axis.segment(solid_until, last, "presumed")
    return made + axis.segment(solid_until, ended, "presumed") + axis.segment(ended, last, f"fade-out{pale}")


def hollow(span: Answer, axis: Axis) -> list[Segment]:
    """Days on which a source calls a post vacant."""
    start = day(span["from"]) if span["from"] else axis.first
    end = day(span["until"]) if span["until"] else axis.last
    return axis.segment(start, end, "vacant")


Bar: TypeAlias = tuple[Answer | None, Answer | None, list[Segment]]
"""A tenure or a vacancy, one of the two, with its bar."""


def bars(tenures: Iterable[Answer], vacant: Iterable[Answer], axis: Axis) -> list[Bar]:
    """The bars of *tenures* in their order, those of vacancies where they begin."""
    made: list[Bar] = [(tenure, None, bar(tenure, axis)) for tenure in tenures]
    for span in vacant:
        drawn = hollow(span, axis)
        later = (n for n, (_, _, other) in enumerate(made) if other and drawn and other[0].x >= drawn[0].x)
        made.insert(next(later, len(made)), (None, span, drawn))
    return made
