"""The objects of a Popolo file, those that lie within others too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from api.importers.options import MAX_ROWS
from api.importers.popolo_objects import Object
from api.importers.sources import Data
from api.registers import NotARegister

_ALL: Final = frozenset({"id", "links", "sources", "regesta"})
KEPT: Final[Mapping[str, frozenset[str]]] = {
    "organizations": _ALL
    | {"name", "other_names", "classification", "parent_id", "parent", "founding_date", "dissolution_date"}
    | {"memberships", "posts", "children"},
    "posts": _ALL | {"label", "role", "organization_id", "organization", "start_date", "end_date", "memberships"},
    "persons": _ALL | {"name", "other_names", "birth_date", "death_date", "memberships"},
    "memberships": _ALL
    | {"role", "person_id", "person", "organization_id", "organization", "post_id", "post", "start_date", "end_date"},
}
"""The members that are read of each kind of object."""

_INNER: Final = {
    "memberships": "memberships",
    "posts": "posts",
    "children": "organizations",
    "person": "persons",
    "organization": "organizations",
    "parent": "organizations",
    "post": "posts",
}
"""Members that hold other objects, with the kind of these."""

_BACK: Final = {
    ("organizations", "memberships"): "organization_id",
    ("organizations", "posts"): "organization_id",
    ("organizations", "children"): "parent_id",
    ("posts", "memberships"): "post_id",
    ("persons", "memberships"): "person_id",
}
"""By which member an object that lies within another names that one."""

MAX_DEPTH: Final = 20


def objects_in(name: str, data: Any) -> dict[str, list[Object]]:
    """The objects of a file by kind, those within others too. Raises: NotARegister."""
    if not isinstance(data, Mapping) or not data.keys() & KEPT.keys():
        raise NotARegister(name, f"it is no Popolo: an object with {', '.join(KEPT)} is wanted")
    own = isinstance(data.get("regesta"), Mapping)
    found: dict[str, list[Object]] = {kind: [] for kind in KEPT}
    strange = sorted(data.keys() - KEPT.keys() - {"regesta", "meta", "@context"})
    if strange:
        raise NotARegister(name, f"it holds {', '.join(strange)[:100]}, of which nothing is taken: leave that out")
    for kind in KEPT:
        members = data.get(kind) or []
        if not isinstance(members, list):
            raise NotARegister(name, f"{kind} is to be an array")
        for number, one in enumerate(members, 1):
            _gather(name, found, kind, f"{kind} {number}", one, own, {}, 1)
    for kind, objects in found.items():
        there = {one.named("id") for one in objects if not one.within}
        found[kind] = [one for one in objects if not (one.within and one.named("id") in there)]
    return found


def _gather(
    name: str, found: dict[str, list[Object]], kind: str, where: str, one: Any, own: bool, back: Data, depth: int
) -> None:
    if not isinstance(one, Mapping):
        raise NotARegister(name, f"{where} is no object")
    if depth > MAX_DEPTH or sum(map(len, found.values())) > MAX_ROWS:
        raise NotARegister(name, f"it holds more than {MAX_ROWS} objects, or some more than {MAX_DEPTH} levels deep")
    told = one.get("regesta") if own else None
    members = {**one, **{member: value for member, value in back.items() if one.get(member) is None}}
    made = Object(kind, where, members, told if isinstance(told, Mapping) else None)
    made.left = (
        []
        if made.own
        else [member for member, value in one.items() if member not in KEPT[kind] and value not in (None, [], {}, "")]
    )
    found[kind].append(made)
    for member, inner in _INNER.items():
        value = one.get(member)
        if member not in KEPT[kind] or value is None:
            continue
        for number, other in enumerate(value if isinstance(value, list) else [value], 1):
            place = f"{where}, {member} {number}" if isinstance(value, list) else f"{where}, {member}"
            named = _BACK.get((kind, member))
            _gather(name, found, inner, place, other, own, {named: one.get("id")} if named else {}, depth + 1)
            found[inner][-1].within = not isinstance(value, list)
        if not isinstance(value, list) and isinstance(value, Mapping) and value.get("id") is not None:
            members.setdefault(f"{member}_id", value["id"])
