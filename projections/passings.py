"""How units pass into units: by which act a life goes on in which, and what went on in what between two days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TypeAlias

from domain.acts import Act, Order
from domain.changes import Change, UnitAbolished, UnitReinstated, UnitsReorganized
from domain.claims import unit_key
from domain.dates import Day
from domain.lives import Life
from domain.world import World

LifeId: TypeAlias = tuple[str, int]
"""A unit and the number of one of its lives."""


@dataclass(frozen=True)
class Passing:
    """The life *old* went on in the unit *taker* by *act*, in its life *new* if one stood or began that day.

    *ends*: the act ended *old*, which else lives on beside. *order* is when it passed: an ended life passes whole on
    the day it surely stands no longer, however many acts say so and however vague the day of each.
    """

    old: Life
    taker: str
    new: Life | None
    act: Act
    form: str | None
    scope: str | None
    ends: bool
    order: tuple[Day, Order]

    @property
    def day(self) -> Day:
        """The day from which on it has passed."""
        return self.order[0]


def passings(world: World) -> list[Passing]:
    """All passings of *world* from one unit to another, in their order: of reorganizations, and to successors."""
    found: list[Passing] = []
    for act in world.acts:
        for old, new, scope in links_of(act.change):
            before = _acted(world, old, act)
            if before is None or old == new:
                continue
            shown = world.shown(unit_key(new), act.hi)
            taker = _acted(world, new, act) or (shown[0] if shown else None)
            ends = before.end is not None and act in before.end.claims
            form = act.change.form if isinstance(act.change, UnitsReorganized) else None
            found.append(Passing(before, new, taker, act, form, scope, ends, _when(before, act, ends)))
    return sorted(found, key=lambda passing: (passing.order, passing.act.order))


def reinstatements(world: World, unit: str) -> list[Passing]:
    """The passings of *unit* from the life that had ended to the one that a reinstatement opened."""
    lives = world.lives.get(unit_key(unit), [])
    found = []
    for last, life in pairwise(lives):
        act = next((act for act in life.starts if isinstance(act.change, UnitReinstated)), None)
        if act is not None:
            found.append(Passing(last, unit, life, act, "reinstated", None, True, (life.s_hi, act.order)))
    return found


def links_of(change: Change) -> Iterable[tuple[str, str, str | None]]:
    """From unit, to unit, and scope, as *change* says."""
    if isinstance(change, UnitAbolished):
        return [(change.unit, successor, None) for successor in change.successors]
    if isinstance(change, UnitsReorganized):
        written = [(link[0], link[1], link[2] if len(link) > 2 else None) for link in change.links]
        return written or [(old, new.unit, None) for old in change.before for new in change.after]
    return []


def _acted(world: World, unit: str, act: Act) -> Life | None:
    return next((life for life in world.lives.get(unit_key(unit), ()) if act in life.acts), None)


def _when(life: Life, act: Act, ends: bool) -> tuple[Day, Order]:
    if ends and life.end is not None:
        return life.e_hi, min(claim.order for claim in life.end.claims)
    return act.hi, act.order


# --- what went on in what


def life_id(life: Life) -> LifeId:
    """The unit and the number of a life of it."""
    return life.key[1], life.number


def carried(
    found: Iterable[Passing], lives: Mapping[LifeId, Iterable[str]], after: Day, until: Day
) -> dict[LifeId, set[str]]:
    """Life → whoever of *lives* it is at the end of *until*, by the passings in (*after*, *until*].

    *lives* are given with what they are called by. Whatever passes nowhere stays itself, standing or not: so what was
    carried to some day is carried on from there as if nobody had looked.
    """
    held: dict[LifeId, set[str]] = defaultdict(set, {life: set(names) for life, names in lives.items()})
    within = (passing for passing in found if after < passing.day <= until)
    for _, together in groupby(within, key=lambda passing: passing.order):
        moves: list[tuple[set[str], LifeId]] = []
        ended: set[LifeId] = set()
        for passing in together:
            old = life_id(passing.old)
            if passing.ends:
                ended.add(old)
            if passing.new is not None:
                moves.append((set(held.get(old, ())), life_id(passing.new)))
        for old in ended:
            held.pop(old, None)
        for names, new in moves:
            held[new] |= names
    return {life: names for life, names in held.items() if names}


def correspondence(
    found: Iterable[Passing], then: Mapping[str, int], now: Mapping[str, int], after: Day, until: Day
) -> set[tuple[str, str]]:
    """Every pair (unit then, unit now), [u, u] as well: what is named nowhere goes on as itself.

    *then* and *now* are the units that stood on *after* and stand on *until*, each with the number of its life.
    Correspondences compose: of a unit that goes on over a day between, those of both parts joined say the same. They
    say less only of what no unit standing on that day carried.
    """
    return set(_pairs(carried(found, {life: [life[0]] for life in then.items()}, after, until), now))


def _pairs(held: Mapping[LifeId, set[str]], now: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    for (unit, number), names in held.items():
        if now.get(unit) == number:
            yield from ((name, unit) for name in names)
