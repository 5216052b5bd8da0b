"""What things are and were called: each spelling of a name, with the days on which the thing was called so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from domain import changes as e
from domain.acts import Act
from domain.claims import Key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day
from domain.world import World
from projections.tables.rows import value_spans

NAMED_BY = {"unit": "name", "post": "title"}
"""The attribute that is the name of a thing with lives."""

NAMED = ("unit", "post", "person", "instrument")
"""The kinds of things that have names."""

Names: TypeAlias = dict[str, str]
"""Language → text."""

Days: TypeAlias = tuple[Day, Day]
"""The first and the last of some days, both included."""


class Spelling(NamedTuple):
    """A name in one language, borne from day *lo* until before *hi*; on no day that is known, if they are one.

    *own* is False of another spelling of a person's name, and of the number of an instrument, whose *language* is "".
    """

    lo: Day
    hi: Day
    own: bool
    language: str
    text: str

    def borne(self, days: Days) -> bool:
        """Whether it is borne on one of *days* at least."""
        first, last = days
        return self.lo < self.hi and self.lo <= last and self.hi > first


def named(world: World) -> list[Key]:
    """The units, posts, persons and instruments of *world*."""
    return [
        *((kind, thing) for thing, kind in world.kinds.items()),
        *(("instrument", one) for one in world.instruments),
    ]


def spellings(world: World, key: Key) -> frozenset[Spelling]:
    """All that a unit, post, person or instrument of *world* is or was called."""
    return frozenset(_spellings(world, key))


def _spellings(world: World, key: Key) -> Iterator[Spelling]:
    match key:
        case ("unit" | "post" as kind, _):
            lives = world.lives.get(key, ())
            for life in lives:
                for lo, hi, values in value_spans(life, life.s_lo, life.e_hi, [NAMED_BY[kind]]):
                    yield from _of(lo, hi, values[NAMED_BY[kind]])
            first = world.first.get(key, {}).get(NAMED_BY[kind])
            if first is not None and not lives:
                yield from _of(BEFORE_ALL, BEFORE_ALL, first.value)
        case ("person", person) if world.kinds.get(person) == "person":
            yield from _of_person(world.acts_on_person.get(person, ()))
        case ("instrument", instrument):
            issued = world.instruments.get(instrument)
            if issued is not None:
                days = [date.earliest for date in (issued.signed, issued.in_force, issued.published) if date]
                lo = days[0] if days else BEFORE_ALL
                yield from _of(lo, AFTER_ALL, issued.title)
                if issued.number:
                    yield Spelling(lo, AFTER_ALL, False, "", issued.number)


def _of_person(acts: Iterable[Act]) -> Iterator[Spelling]:
    """The registered name from the beginning, others each from its day on; other spellings for ever."""
    registered, renamed = [], []
    for act in acts:
        if isinstance(act.change, e.PersonRegistered):
            registered.append((act, act.change))
        elif isinstance(act.change, e.PersonRenamed):
            renamed.append((act.hi, act.change.name))
    best = min(registered, key=lambda one: one[0].rank, default=None)
    borne = [*([(BEFORE_ALL, best[1].name)] if best else []), *renamed]
    for (lo, names), (hi, _) in zip(borne, [*borne[1:], (AFTER_ALL, {})], strict=True):
        if lo < hi:
            yield from _of(lo, hi, names)
    for act, change in registered:  # of a name that another source spells otherwise too
        for names in (*([change.name] if best and act is not best[0] else []), *change.names):
            yield from _of(BEFORE_ALL, AFTER_ALL, names, own=False)


def _of(lo: Day, hi: Day, names: object, *, own: bool = True) -> Iterator[Spelling]:
    if isinstance(names, dict):
        yield from (Spelling(lo, hi, own, language, text) for language, text in names.items() if text)
