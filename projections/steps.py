"""The days on which something changes: where a reader who walks through time would stop."""

from __future__ import annotations

from collections.abc import Iterable

from domain.acts import Act
from domain.changes import LifeEvent
from domain.dates import Day, iso
from domain.world import World
from projections.structure import Answer

NEAR = 8
"""How many days are told of to each side."""


def dates_a_step(act: Act) -> bool:
    """Whether *act* has a day that is one of the institution's; a birth or a graduation is none."""
    return act.day is not None and not isinstance(act.change, LifeEvent)


def days_of_change(world: World) -> list[Day]:
    """The last day on which each act can take effect, each once, in order."""
    return sorted({act.hi for act in world.acts if dates_a_step(act)})


def steps(world: World, day: Day, near: int = NEAR) -> Answer:
    """{earlier, on, later}: the days of change next to *day*, at most *near* to a side, and whether it is one."""
    days = days_of_change(world)
    return told([d for d in days if d < day][-near:], day in days, [d for d in days if d > day][:near])


def told(earlier: Iterable[Day], on: bool, later: Iterable[Day]) -> Answer:
    """The answer of *steps*; what no day of the calendar stands for is left out."""
    return {
        "earlier": [text for text in map(iso, earlier) if text],
        "on": on,
        "later": [text for text in map(iso, later) if text],
    }


def years(world: World) -> dict[str, str]:
    """Year → the first day of change in it."""
    return first_of_years(days_of_change(world))


def first_of_years(days: Iterable[Day]) -> dict[str, str]:
    """Year → the first of *days*, which are in order, in it."""
    found: dict[str, str] = {}
    for text in filter(None, map(iso, days)):
        found.setdefault(text[:4], text)
    return found
