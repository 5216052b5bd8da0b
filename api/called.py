"""Which things an answer names, and what they are called, whoever is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from domain.claims import Key, post_key, unit_key
from domain.dates import Day
from domain.world import World
from projections.histories import last_value, person_name

KINDS = ("unit", "post", "person")
"""The kinds of things that have names."""


def ids_in(answer: object, but_for: Collection[str] = ()) -> Iterator[str]:
    """All texts in *answer* that can be ids, those inside of relations too; members *but_for* left out."""
    if isinstance(answer, str):
        yield from answer.split("|")
    elif isinstance(answer, Mapping):
        for name, value in answer.items():
            if name not in but_for:
                yield from str(name).split("|")
                yield from ids_in(value, but_for)
    elif isinstance(answer, list | tuple):
        for value in answer:
            yield from ids_in(value, but_for)


def names_of(world: World, thing: str, days: Iterable[Day] = ()) -> Any:
    """The names of a unit, post or person, by language: on *days*, the first on which it stands, else last."""
    kind = world.kinds[thing]
    if kind == "person":
        return person_name(world, thing)
    key: Key = unit_key(thing) if kind == "unit" else post_key(thing)
    attribute = "name" if kind == "unit" else "title"
    stood = ((world.shown(key, day, "unattested"), day) for day in days)
    then = next((life[0].value(attribute, day) for life, day in stood if life), None)
    return then or last_value(world, key, attribute)
