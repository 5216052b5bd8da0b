"""Moves of one person: out of posts, into posts, by one act or at once or later; and the bodies the posts were in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal, TypeAlias

from domain.acts import Act
from domain.claims import post_key, unit_key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day, iso
from domain.lives import Life
from domain.world import World
from projections.structure import Answer, cause_of

How: TypeAlias = Literal["one-act", "at-once", "later"]
"""One act ended and began; or the first day in the new post can be that of leaving; or it came later."""


@dataclass
class Move:
    """One move of a person: the tenures *left* and the tenures *taken*, each in the order of their starts."""

    how: How
    left: list[Life]
    taken: list[Life]

    @property
    def day(self) -> Day:
        """The latest day on which the first of the new tenures can have begun."""
        return self.taken[0].s_hi

    @property
    def days(self) -> tuple[int, int | None]:
        """How many days, at least and at most, the person was out of office between the two; None: nobody knows."""
        last, first = max(self.left, key=lambda life: (life.e_hi, life.e_lo)), self.taken[0]
        most = None if last.e_lo <= BEFORE_ALL else max(0, first.s_hi - last.e_lo)
        return max(0, first.s_lo - last.e_hi), most


def by_start(life: Life) -> tuple[Day, Day, tuple[str, ...], int]:
    """Sorts tenures by their starts."""
    return (life.s_hi, life.e_hi, life.key, life.number)


def first_shown(life: Life) -> Day:
    """The first day on which a tenure is shown, possible or surer."""
    return life.s_lo if life.starts else life.s_hi


def tenures_of(world: World, person: str) -> list[Life]:
    """Every tenure of *person*, in the order of their starts."""
    lives = (life for key in world.tenures_by_person.get(person, ()) for life in world.lives[key])
    return sorted(lives, key=by_start)


def by_one_act(one: Iterable[Act], other: Iterable[Act]) -> bool:
    """Whether some act of each rests on one entry, or on one instrument."""
    names = {name for act in one for name in _acts_by(act)}
    return any(not names.isdisjoint(_acts_by(act)) for act in other)


def _acts_by(act: Act) -> set[tuple[str, str]]:
    found = {("entry", act.event.entry)}
    return found | {("instrument", act.instrument)} if act.instrument else found


def ending(life: Life) -> list[Act]:
    """The acts by which a tenure ended: those that say so, else the one from which it follows."""
    return [] if life.end is None else life.end.claims or [life.end.act]


def moves_of(world: World, person: str) -> list[Move]:
    """The moves of *person*, in the order of the tenures taken; each tenure is left and taken once at most.

    Who goes on in the one post while taking another makes no move: that is two posts at once.
    """
    lives = tenures_of(world, person)
    moves = _by_acts(lives)
    left = {id(life) for move in moves for life in move.left}
    taken = {id(life) for move in moves for life in move.taken}
    for group in _begun_together(life for life in lives if id(life) not in taken):
        earlier = takewhile(lambda one: one is not group[0], lives)  # noqa: B023  # it is read in this turn
        before = [one for one in earlier if all(one.key != other.key for other in group)]
        ended = [one for one in before if one.end is not None and id(one) not in left]
        move = _at_once(ended, group) or _later(ended, before, group)
        if move is not None:
            moves.append(move)
            left |= {id(life) for life in move.left}
    return sorted(moves, key=lambda move: by_start(move.taken[0]))


def _by_acts(lives: Sequence[Life]) -> list[Move]:
    """Moves of which some one act ended what was left and began what was taken."""
    moves: list[Move] = []
    of: dict[int, Move] = {}
    for number, taken in enumerate(lives):
        before = (life for life in lives[:number] if life.key != taken.key)
        left = [life for life in before if by_one_act(ending(life), taken.starts)]
        if not left:
            continue
        move = next((of[id(life)] for life in left if id(life) in of), None)
        if move is None:
            moves.append(move := Move("one-act", [], []))
        fresh = [life for life in left if id(life) not in of]
        move.left += fresh
        move.taken.append(taken)
        of |= {id(life): move for life in fresh}
    return moves


def _begun_together(lives: Iterable[Life]) -> Iterator[list[Life]]:
    """*lives* in groups that began on one day, or between the same two."""
    groups: dict[tuple[Day, Day], list[Life]] = {}
    for life in lives:
        groups.setdefault((life.s_lo, life.s_hi), []).append(life)
    return iter(groups.values())


def _at_once(ended: Iterable[Life], group: list[Life]) -> Move | None:
    """A move on a day that can be that of leaving."""
    first = group[0]
    left = [life for life in ended if first.starts and life.e_lo <= first.s_hi and first.s_lo <= life.e_hi]
    return Move("at-once", left, group) if left else None


def _later(ended: Iterable[Life], before: Iterable[Life], group: list[Life]) -> Move | None:
    """A move of one who was out of office between: from what was left last."""
    day = first_shown(group[0])
    last = max((life.e_hi for life in before), default=AFTER_ALL)
    left = [life for life in ended if life.e_hi == last <= day]
    return Move("later", left, group) if left else None


# --- where a post was


def last_day(life: Life) -> Day:
    """The last day on which a tenure surely stands; its first, if that is none."""
    return max(life.s_lo, min(life.e_lo, AFTER_ALL) - 1, BEFORE_ALL + 1)


def place(world: World, post: str, day: Day) -> Answer:
    """{post, title, unit, under} as they were on *day*: *under* runs from the unit of the post up to its body."""
    unit = _value(world, ("post", post), "unit", day)
    return {
        "post": post,
        "title": _value(world, post_key(post), "title", day),
        "unit": unit,
        "under": above(world, unit, day) if isinstance(unit, str) else [],
    }


def above(world: World, unit: str, day: Day) -> list[str]:
    """*unit*, what it hung on that day, and so on up to the body that hung on nothing."""
    path: list[str] = []
    found: object = unit
    while isinstance(found, str) and found not in path:
        path.append(found)
        found = _value(world, unit_key(found), "parent", day)
    return path


def _value(world: World, key: tuple[str, ...], attribute: str, day: Day) -> object:
    """The value of a thing that day; where no life of it is known that day, the first that is known of it."""
    shown = world.shown(key, day, "unattested")
    if shown is not None:
        return shown[0].value(attribute, day)
    lives = world.lives.get(key)
    if lives:
        return lives[-1].value(attribute, day)
    held = world.first.get(key, {}).get(attribute)
    return held.value if held else None


def place_days(world: World, post: str) -> set[Day]:
    """Every day on which where *post* is, or what it and its unit are called, can begin to differ."""
    keys, pending = {post_key(post)}, {post_key(post)}
    while pending:
        on = {
            unit_key(held.value)
            for key in pending
            for held in world.ever(key, "unit" if key[0] == "post" else "parent")
            if isinstance(held.value, str)
        }
        pending = on - keys
        keys |= on
    return {day for key in keys for life in world.lives.get(key, ()) for day in life.change_days()}


# --- answers


def move_answer(world: World, move: Move) -> Answer:
    """{how, effective, days, left, taken, cause}: tenures by id, each with its post and where that was then."""
    first = move.taken[0]
    return {
        "how": move.how,
        "effective": first.since,
        "days": list(move.days),
        "left": {
            life.id: {
                **place(world, life.key[2], last_day(life)),
                "until": life.until,
                "cause": cause_of(ending(life)[0], world.instruments),
            }
            for life in move.left
        },
        "taken": {
            life.id: {
                **place(world, life.key[2], max(life.s_hi, BEFORE_ALL + 1)),
                "since": life.since,
                "cause": cause_of(life.cause, world.instruments),
            }
            for life in move.taken
        },
        "cause": cause_of(first.cause, world.instruments),
    }


def places(world: World, life: Life) -> list[Answer]:
    """[{from, until, title, unit, name, under}]: where the post was while *life* lasted, and what it was called."""
    first, end = max(first_shown(life), BEFORE_ALL + 1), life.e_hi
    days = sorted({first, *(day for day in place_days(world, life.key[2]) if first < day < end)})
    found: list[Answer] = []
    for day, following in zip(days, [*days[1:], end], strict=True):
        there = place(world, life.key[2], day)
        unit = there["unit"]
        row = {
            "from": None if day == BEFORE_ALL + 1 else iso(day),
            "until": iso(following),
            "title": there["title"],
            "unit": unit,
            "name": _value(world, unit_key(unit), "name", day) if unit else None,
            "under": there["under"],
        }
        if found and all(found[-1][name] == row[name] for name in ("title", "unit", "name", "under")):
            found[-1]["until"] = row["until"]
        else:
            found.append(row)
    return found


def at_once(world: World, person: str) -> list[Answer]:
    """[{from, until, tenures, titles, one_act, sure}]: when *person* held several posts, by what titles.

    *one_act*: one act gave two of them, as a combined title; *sure*: two at least are certain or presumed.
    """
    lives = tenures_of(world, person)
    days = sorted({BEFORE_ALL + 1}.union(*(life.change_days() for life in lives)))
    found: list[Answer] = []
    for day, following in zip(days, [*days[1:], AFTER_ALL], strict=True):
        grades = [(life, life.grade(day)) for life in lives]
        held = [life for life, grade in grades if grade not in (None, "unattested")]
        if len({life.key[2] for life in held}) < 2:
            continue
        surely = {life.key[2] for life, grade in grades if grade in ("certain", "presumed")}
        row: Answer = {
            "from": None if day == BEFORE_ALL + 1 else iso(day),
            "until": iso(following),
            "tenures": [life.id for life in held],
            "titles": {life.key[2]: place(world, life.key[2], day)["title"] for life in held},
            "one_act": any(
                by_one_act(one.starts, other.starts) and one.key != other.key
                for number, one in enumerate(held)
                for other in held[:number]
            ),
            "sure": len(surely) > 1,
        }
        if found and found[-1]["until"] == row["from"] and all(found[-1][n] == row[n] for n in list(row)[2:]):
            found[-1]["until"] = row["until"]
        else:
            found.append(row)
    return found
