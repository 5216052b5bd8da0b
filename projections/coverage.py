"""What is known because the record is declared complete: all that is told with a declaration and not without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

from domain.acts import Act, Known
from domain.changes import CoverageDeclared, Scope
from domain.claims import Key, post_key, unit_key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day, iso
from domain.fold import fold
from domain.lives import Life, one_life
from domain.vacancy import tenures_in, vacancies_stated, vacancy
from domain.world import World
from projections.diff import life_subject
from projections.structure import Answer

FIRST_DAY = BEFORE_ALL + 1

Both: TypeAlias = tuple[World, World]
"""The world without a declaration, and with it."""


def coverages(acts: Iterable[Act], entry: str) -> list[Act]:
    """The acts by which *entry*, as it reads now, declares the record complete."""
    return [act for act in acts if act.event.entry == entry and isinstance(act.change, CoverageDeclared)]


def without(known: Known, act: Act) -> Known:
    """*known*, had *act* never been recorded."""
    return replace(known, rows=[row for row in known.rows if row[0] != act.position])


def covers(acts: Iterable[Act], worlds_of: Callable[[Act], Both]) -> Answer:
    """`ENTRY#n` → {scope, from, until, changes}: what each of *acts*, declarations all, makes known.

    A change is {subject, life, fact, from, until, before, after}: of a life that the scope holds, or of what those
    hang on or stand in, its `evidence` or end (`until`); or of the days from *from* until *until* its `grade` (null: it
    does not stand), or the `vacancy` of a post.
    """
    return {act.target: _told(act, *worlds_of(act)) for act in acts}


def folded_without(known: Known, world: World) -> Callable[[Act], Both]:
    """The worlds to compare for an act: *world*, which *known* makes, and what it would make without the act."""
    return lambda act: (fold(without(known, act)), world)


def _told(act: Act, then: World, now: World) -> Answer:
    change = act.change
    assert isinstance(change, CoverageDeclared)
    changes = [row for key in _within(change.scope, (then, now)) for row in _of_lives(key, then, now)]
    if change.scope.post is not None:
        changes += _of_vacancy(change.scope.post, then, now)
    return {
        "scope": change.scope.model_dump(mode="json"),
        "from": change.since.text,
        "until": change.until.text,
        "changes": changes,
    }


def _within(scope: Scope, worlds: Both) -> list[Key]:
    """What *scope* ever holds, and what those things show when they are shown: their post, parent, or both ends."""
    found: set[Key] = set()
    for world in worlds:
        if scope.post is not None:
            found |= {post_key(scope.post), *world.tenures_by_post.get(scope.post, ())}
        elif scope.parent is not None:
            children = (
                key for key in world.things("unit") if any(h.value == scope.parent for h in world.ever(key, "parent"))
            )
            found |= {unit_key(scope.parent), *children}
        else:
            relations = [key for key, _ in world.of_kind("relation") if key[2:] == (scope.relation, scope.object)]
            found |= {
                *relations,
                *(kind(end) for key in relations for end in key[1::2] for kind in (unit_key, post_key)),
            }
    return sorted(found)


# --- lives


def _of_lives(key: Key, then: World, now: World) -> Iterator[Answer]:
    before, after = list(then.lives.get(key, ())), list(now.lives.get(key, ()))
    for life in after:
        same = next((one for one in before if one_life(one, life)), None)
        if same is not None:
            before.remove(same)
        yield from _of_life(same, life)
    for life in before:
        yield from _of_life(life, None)


def _of_life(then: Life | None, now: Life | None) -> Iterator[Answer]:
    """What is told of one life otherwise: *then* without the declaration, *now* with it; None where there is none."""
    sides = (then, now)
    known = now or then
    assert known is not None
    subject: Answer = {"subject": life_subject(known), "life": known.number}
    evidence = [iso(life.evidence) if life and life.evidence is not None else None for life in sides]
    until = [life.until if life else None for life in sides]
    for fact, (before, after) in (("evidence", evidence), ("until", until)):
        if before != after:
            yield {**subject, "fact": fact, "from": None, "until": None, "before": before, "after": after}
    days = {day for life in sides if life for day in life.change_days()}
    yield from _spans(subject, "grade", days, lambda day: [life.grade(day) if life else None for life in sides])


# --- vacancy


def _of_vacancy(post: str, then: World, now: World) -> Iterator[Answer]:
    """The days on which *post* is held otherwise than it would be."""
    worlds = (then, now)
    days: set[Day] = set()
    for world in worlds:
        lives = [*world.lives.get(post_key(post), ()), *tenures_in(world, post)]
        days |= {day for life in lives for day in life.change_days()}
        days |= {day for _, first, last in vacancies_stated(world, post) for day in (first, last + 1)}
    subject: Answer = {"subject": {"post": post}, "life": None}
    yield from _spans(subject, "vacancy", days, lambda day: [_vacancy(world, post, day) for world in worlds])


def _vacancy(world: World, post: str, day: Day) -> str | None:
    shown = world.shown(post_key(post), day)
    return vacancy(world, post, shown[0], day) if shown else None


def _spans(
    subject: Answer, fact: str, days: Iterable[Day], told: Callable[[Day], Sequence[str | None]]
) -> list[Answer]:
    """A row for each span of days on which *told* says two things; they change only on *days*."""
    bounds = sorted({FIRST_DAY, AFTER_ALL, *(day for day in days if FIRST_DAY < day < AFTER_ALL)})
    spans: list[tuple[Day, Day, Sequence[str | None]]] = []
    for day, following in pairwise(bounds):
        both = told(day)
        if spans and spans[-1][2] == both:
            spans[-1] = (spans[-1][0], following, both)
        else:
            spans.append((day, following, both))
    return [
        {
            **subject,
            "fact": fact,
            "from": None if lo == FIRST_DAY else iso(lo),
            "until": iso(hi),
            "before": before,
            "after": after,
        }
        for lo, hi, (before, after) in spans
        if before != after
    ]
