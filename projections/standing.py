"""On which days a life is shown in the structure, how surely and with what values: the same on every day of a span."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.claims import Value, post_key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day
from domain.lives import GRADES, Grade, Held, Life
from domain.world import World
from projections.structure import ATTRIBUTES


@dataclass(frozen=True)
class Standing:
    """From *since* on and before *until* the structure of any day shows a life so; *given* is what gave each value.

    BEFORE_ALL and AFTER_ALL: since before and until after every day that is known.
    """

    since: Day
    until: Day
    grade: Grade
    contested: bool
    values: Mapping[str, Value]
    given: Mapping[str, Held | None]

    def holds(self, day: Day) -> bool:
        """Whether *day* is one of the span."""
        return self.since <= day < self.until

    def follows(self, before: Standing) -> bool:
        """Whether it goes on where *before* leaves off, and says the same."""
        same = self.grade == before.grade and self.contested == before.contested and self.values == before.values
        return same and before.until == self.since


def standings(world: World, life: Life) -> list[Standing]:
    """When *life* is shown, as `structure` shows it by default: at least as possible, and a tenure with its post."""
    days = sorted({BEFORE_ALL, *_turns(world, life)})
    found: list[Standing] = []
    for since, until in zip(days, [*days[1:], AFTER_ALL], strict=True):
        on = max(since, BEFORE_ALL + 1)
        grade = _grade(world, life, on)
        if grade is None:
            continue
        given = {name: life.gave(name, on) for name in ATTRIBUTES[life.key[0]]}
        values = {name: life.value(name, on) for name in given}
        now = Standing(since, until, grade, life.contested(on), values, given)
        if found and now.follows(found[-1]):
            before = found.pop()
            now = Standing(before.since, until, grade, now.contested, values, before.given)
        found.append(now)
    return found


def _turns(world: World, life: Life) -> set[Day]:
    """Every day on which it can begin or cease to be shown, or be shown otherwise."""
    beside = world.lives[life.key] if life.key[0] != "tenure" else [life]
    if life.key[0] == "tenure":
        beside = [life, *world.lives.get(post_key(life.key[2]), ())]
    return set[Day]().union(*(one.change_days() for one in beside))


def _grade(world: World, life: Life, day: Day) -> Grade | None:
    if life.key[0] != "tenure":
        shown = world.shown(life.key, day)
        return shown[1] if shown and shown[0] is life else None
    grade = life.grade(day)
    if grade is None or GRADES.index(grade) > GRADES.index("possible"):
        return None
    return grade if world.shown(post_key(life.key[2]), day) else None
