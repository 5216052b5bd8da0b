"""Snapshots as JSON: structures as `/structure` answers them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.importers.facts import CAPACITIES
from api.importers.naming import Unfit
from api.importers.options import Options
from api.importers.snapshot_entries import register_of_snapshots
from api.importers.snapshots import Snapshot
from api.importers.sources import Data, File, refused
from api.registers import NotARegister, Register
from domain.dates import NotADay, day


def read_structures(file: File, data: Any, options: Options) -> Register:
    """The entries of structures as they are answered, one or an array of them, or {day: structure}.

    Raises: NotARegister.
    """
    structures = list(_structures(file.name, data))
    snapshots: list[Snapshot] = []
    bad, left = [], set[str]()
    for where, on, structure in structures:
        try:
            snapshot = _snapshot(on, structure)
            if any(snapshot.on == other.on for other in snapshots):
                raise Unfit(f"there is another snapshot of {snapshot.text}")
            snapshots.append(snapshot)
        except Unfit as fault:
            bad.append(refused(where, [str(fault)]))
            continue
        left |= {name for name in ("functions", "quantities") if structure.get(name)}
    notes = (
        [f"{', '.join(sorted(left))} of a snapshot are not taken: units, posts, holders and relations are"]
        if left
        else []
    )
    return register_of_snapshots(file, options, snapshots, bad, notes)


def _structures(name: str, data: Any) -> Iterator[tuple[str, Any, Mapping[str, Any]]]:
    """Where each structure lies, the day that it is of, and what it holds."""
    if isinstance(data, Mapping) and "as_of" in data:
        yield name, data["as_of"], data
        return
    pairs: Sequence[tuple[Any, Any]]
    if isinstance(data, Mapping):
        pairs = list(data.items())
    elif isinstance(data, list):
        pairs = [(one.get("as_of") if isinstance(one, Mapping) else None, one) for one in data]
    else:
        pairs = []
    if not pairs:
        raise NotARegister(name, "it holds no snapshots: an array of structures with `as_of`, or {day: structure}")
    for number, (on, structure) in enumerate(pairs, 1):
        if not isinstance(structure, Mapping) or not structure.keys() & {"units", "posts"}:
            raise NotARegister(name, f"snapshot {number} holds neither `units` nor `posts`")
        yield f"{name}, snapshot {number}", on, structure


def _snapshot(on: Any, structure: Mapping[str, Any]) -> Snapshot:
    """What a structure shows. Raises: Unfit."""
    try:
        snapshot = Snapshot(day(on if isinstance(on, str) else repr(on)), str(on))
    except NotADay as refusal:
        raise Unfit(str(refusal)) from None
    for unit, shown in _members(structure, "units"):
        kind = {"unit_kind": shown["kind"]} if shown.get("kind") else {}
        snapshot.units[unit] = {**_given(shown, "name"), **kind, **_parent(shown, "parent")}
        _doubt(snapshot, unit, shown)
    persons = dict(_members(structure, "persons"))
    for post, shown in _members(structure, "posts"):
        snapshot.posts[post] = {**_given(shown, "title", "seats", "portfolio"), **_unit(shown)}
        _doubt(snapshot, post, shown)
        holders = [holder for _, holder in _members(shown, "holders")]
        if holders:
            named = {str(holder.get("person")): holder.get("capacity") for holder in holders}
            snapshot.holders[post] = {who: how if how in CAPACITIES else None for who, how in named.items()}
            for who in named:
                names = persons.get(who, {}).get("name")
                snapshot.persons[who] = dict(names) if isinstance(names, Mapping) else {}
        elif shown.get("vacancy") == "vacant":
            snapshot.holders[post] = {}
    for name, shown in _members(structure, "relations"):
        ends = (shown.get("subject"), shown.get("relation"), shown.get("object"))
        if not all(isinstance(end, str) for end in ends):
            raise Unfit(f"relation {name!r} has not subject, relation and object")
        snapshot.relations[str(ends[0]), str(ends[1]), str(ends[2])] = {}
    if not snapshot.units and not snapshot.posts:
        raise Unfit("it shows nothing: a list that is empty is no snapshot")
    return snapshot


def _members(holder: Mapping[str, Any], name: str) -> list[tuple[str, Mapping[str, Any]]]:
    members = holder.get(name) or {}
    if not isinstance(members, Mapping) or not all(isinstance(member, Mapping) for member in members.values()):
        raise Unfit(f"{name} is to be an object, with an object for each id")
    return list(members.items())


def _given(shown: Mapping[str, Any], *names: str) -> Data:
    """What is said of a thing under these names, of which those of language are maps. Raises: Unfit."""
    for name in {"name", "title"}.intersection(names):
        if shown.get(name) is not None and not isinstance(shown[name], Mapping):
            raise Unfit(f"{name} is to be an object, language → text, and {str(shown[name])[:60]} is none")
    return {name: shown[name] for name in names if shown.get(name) is not None}


def _parent(shown: Mapping[str, Any], name: str) -> Data:
    """The parent, null for a unit under no other; nothing, where nothing is said. Raises: Unfit."""
    if shown.get(name) is not None and not isinstance(shown[name], str):
        raise Unfit(f"{name} is to be an id, and {str(shown[name])[:60]} is none")
    return {name: shown[name]} if name in shown else {}


def _unit(shown: Mapping[str, Any]) -> Data:
    """The unit of a post, if it is said. Raises: Unfit."""
    return {name: unit for name, unit in _parent(shown, "unit").items() if unit is not None}


def _doubt(snapshot: Snapshot, thing: str, shown: Mapping[str, Any]) -> None:
    if shown.get("grade", "certain") != "certain":
        snapshot.unsure.add(thing)
