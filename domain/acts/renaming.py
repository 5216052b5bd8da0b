"""Changes with the ids of unified things replaced by the one that lives on (design 4.11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from domain.changes import Frozen, QuantityObserved, Scope

Model = TypeVar("Model", bound=Frozen)
_THINGS = ("unit", "post", "person", "parent", "subject", "object", "holder", "about", "from_post", "to_post")
_LISTS = ("successors", "before", "members")


def renamed(change: Model, names: Mapping[str, str]) -> Model:
    """*change* with each id that is another name of a thing replaced by the one that lives on."""
    new: dict[str, object] = {}
    for name in type(change).model_fields:
        old = getattr(change, name)
        if old is None or (name == "unit" and isinstance(change, QuantityObserved)):
            continue
        if name in _THINGS:
            new[name] = names.get(old, old)
        elif name in _LISTS:
            new[name] = tuple(dict.fromkeys(names.get(thing, thing) for thing in old))
        elif name == "links":
            new[name] = tuple((names.get(link[0], link[0]), names.get(link[1], link[1]), *link[2:]) for link in old)
        elif name == "after":
            new[name] = tuple(renamed(unit, names) for unit in old)
        elif name == "scope" and isinstance(old, Scope):
            new[name] = renamed(old, names)
    new = {name: value for name, value in new.items() if value != getattr(change, name)}
    return change.model_copy(update=new) if new else change
