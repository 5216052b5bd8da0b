"""Whether a post is filled: by whom is known, and whether anything says that it is vacant. Unknown is never vacant."""

from __future__ import annotations

from domain.acts import Act
from domain.changes import CoverageDeclared, ListAttested
from domain.claims import post_key
from domain.dates import Day
from domain.lives import Grade, Life
from domain.world import World


def tenures_in(world: World, post: str) -> list[Life]:
    """Every tenure of *post*, whenever."""
    return [life for key in world.tenures_by_post.get(post, ()) for life in world.lives[key]]


def vacancy(world: World, post: str, life: Life, day: Day) -> str:
    """`filled`, `part-filled`, `vacant` or `unknown`: how far *post*, in that *life* of it, is held on *day*.

    Holders certain or presumed fill it; possible ones alone leave it unknown. It is vacant where an empty
    closed list of that day, or declared coverage, says that nobody holds it.
    """
    grades: list[Grade] = [grade for tenure in tenures_in(world, post) if (grade := tenure.grade(day))]
    shown = sum(grade != "unattested" for grade in grades)
    seats = life.value("seats", day)
    if any(grade in ("certain", "presumed") for grade in grades):
        return "part-filled" if isinstance(seats, int) and shown < seats else "filled"
    return "vacant" if not shown and vacancy_stated(world, post, day) else "unknown"


def vacancy_stated(world: World, post: str, day: Day) -> Act | None:
    """What says that nobody holds *post* on *day* but whom the record shows."""
    return next((act for act, first, last in vacancies_stated(world, post) if first <= day <= last), None)


def vacancies_stated(world: World, post: str) -> list[tuple[Act, Day, Day]]:
    """Each source that speaks of vacancy in *post*, with the first and the last day it speaks of."""
    found = []
    for act in world.about_post.get(post, ()):
        change = act.change
        if isinstance(change, ListAttested) and act.day and act.lo == act.hi:
            found.append((act, act.lo, act.hi))
        elif isinstance(change, CoverageDeclared):
            found.append((act, change.since.latest, change.until.earliest))
    return found


def vacant_spans(world: World, post: str) -> list[tuple[Act, Day, Day]]:
    """The spans, both days included, on which *post* stands and is vacant, each with what says so."""
    spans: list[tuple[Act, Day, Day]] = []
    lives = [*world.lives.get(post_key(post), ()), *tenures_in(world, post)]
    changes = {day for life in lives for day in life.change_days()}
    for act, first, last in vacancies_stated(world, post):
        starts = sorted({first, *(day for day in changes if first < day <= last)})
        for start, following in zip(starts, [*starts[1:], last + 1], strict=True):
            shown = world.shown(post_key(post), start)
            if shown and vacancy(world, post, shown[0], start) == "vacant":
                if spans and spans[-1][0] is act and spans[-1][2] == start - 1:
                    spans[-1] = (act, spans[-1][1], following - 1)
                else:
                    spans.append((act, start, following - 1))
    return spans
