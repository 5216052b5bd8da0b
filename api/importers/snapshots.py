"""Snapshots: what a list shows on each of several days, and what must have changed in between.

What a snapshot shows is attested on its day. What differs between two is inferred to have happened on some day after
the first, at the latest that of the second; the entry of that names both days, so that a snapshot found later between
them narrows what was inferred and contradicts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from api.importers.days import between, day_in
from api.importers.naming import Called, Thing, Unfit
from api.importers.options import Options
from api.importers.sources import Data, File, filed, readable, refused, register_of
from api.importers.tables import Cells, Columns, Table
from api.registers import Filed, NotARegister, Register
from domain.dates import Day, NotADay, day

SNAPSHOTS: Final = Columns(
    frozenset(["date", "post_id", "unit_id", "person_id", "unit_kind", "parent", "seats", "capacity"]),
    {"name": "unit_name", "title": "post_title", "holder": "person"},
)

NOBODY_SAYS = (
    "nobody says whether each snapshot names all that stood on its day, so that what it leaves out did not stand"
    " (--lists complete), or only some of it (--lists partial)"
)
NOT_ALL = "rows or snapshots of the file are refused, and without them nobody can tell what changed"


@dataclass
class Snapshot:
    """What a list shows on a day: each thing with what it says of it, each post with its holders if it says any."""

    on: Day
    text: str
    units: dict[str, Data] = field(default_factory=dict)
    """Unit → name, unit_kind, parent, order: those of them that are said."""
    posts: dict[str, Data] = field(default_factory=dict)
    """Post → title, unit, seats."""
    holders: dict[str, dict[str, str | None]] = field(default_factory=dict)
    """Post → person → capacity; without any, a post that is said to be vacant. Of a post left out nothing is said."""
    relations: dict[tuple[str, str, str], Data] = field(default_factory=dict)
    persons: dict[str, Data] = field(default_factory=dict)
    """Person → names by language."""
    unsure: set[str] = field(default_factory=set)
    """Things that the list itself is not sure of."""

    @property
    def parents_first(self) -> list[str]:
        """The units, each behind that on which it hangs."""
        placed: dict[str, None] = {}
        for unit in self.units:
            above, at = [unit], self.units[unit].get("parent")
            while at in self.units and at not in placed and at not in above:
                above.append(at)
                at = self.units[at].get("parent")
            placed.update(dict.fromkeys(reversed(above)))
        return list(placed)


def read_snapshot_table(file: File, table: Table, options: Options) -> Register:
    """The entries of a table of snapshots: a day, and what stands on it, in each row. Raises: NotARegister."""
    headings = SNAPSHOTS.of(table, options)
    if "date" not in headings:
        raise NotARegister(table.place, "no column is called date")
    snapshots: dict[Day, Snapshot] = {}
    called, bad = Called(), []
    for line in table.lines:
        faults = list(line.faults)
        if not faults:
            try:
                _take(Cells(line, headings, options.language), snapshots, called, table.where(line))
            except Unfit as fault:
                faults = [str(fault)]
        if faults:
            bad.append(refused(table.where(line), faults))
    return _register(file, options, list(snapshots.values()), bad, list(table.notes))


def _take(cells: Cells, snapshots: dict[Day, Snapshot], called: Called, where: str) -> None:
    """Take what a row says into the snapshot of its day. Raises: Unfit."""
    text = cells.text("date")
    if text is None:
        raise Unfit("it has no date")
    try:
        given = day_in(text)
    except Unfit as fault:
        raise Unfit(f"column date: {fault}") from None
    if not given.exact:
        raise Unfit(f"column date: a snapshot is of one day, and {text!r} is not")
    unit, parent = cells.thing("unit"), cells.thing("unit", "parent")
    post, person = cells.thing("post", under=unit.id if unit else None), cells.thing("person")
    if unit is None and post is None:
        raise Unfit("it names neither a unit nor a post")
    if person and post is None:
        raise Unfit("it names a holder and no post")
    things = [("unit", parent), ("unit", unit), ("post", post), ("person", person)]
    for kind, thing in things:
        if thing:
            called.check(kind, Thing(thing.id), where)  # names may be others on another day
    said_unit, said_post = _said_of(cells, unit, post, parent)
    snapshot = snapshots.get(given.earliest) or Snapshot(given.earliest, str(given))
    for shown, thing, said in ((snapshot.units, unit, said_unit), (snapshot.posts, post, said_post)):
        if thing:
            _agree(thing.id, shown.get(thing.id, {}), said)
    snapshots[given.earliest] = snapshot
    for kind, thing in things:
        if thing:
            called.add(kind, Thing(thing.id), where)
    if parent:
        snapshot.units.setdefault(parent.id, {"name": dict(parent.names)} if parent.names else {})
    if unit:
        snapshot.units.setdefault(unit.id, {}).update(said_unit)
    if post:
        snapshot.posts.setdefault(post.id, {}).update(said_post)
    if post and person:
        snapshot.holders.setdefault(post.id, {})[person.id] = cells.text("capacity")
        snapshot.persons.setdefault(person.id, dict(person.names))


def _said_of(cells: Cells, unit: Thing | None, post: Thing | None, parent: Thing | None) -> tuple[Data, Data]:
    about_unit: Data = {}
    about_post: Data = {"unit": unit.id} if unit else {}
    if unit and unit.names:
        about_unit["name"] = dict(unit.names)
    if parent:
        about_unit["parent"] = parent.id
    if kind := cells.text("unit_kind"):
        about_unit["unit_kind"] = kind
    if post and post.names:
        about_post["title"] = dict(post.names)
    if seats := cells.text("seats"):
        if not seats.isascii() or not seats.isdigit() or len(seats) > 6:
            raise Unfit(f"column seats: {seats[:60]!r} is no number")
        about_post["seats"] = int(seats)
    return about_unit, about_post


def _agree(thing: str, before: Data, said: Data) -> None:
    for name, value in said.items():
        if before.get(name, value) != value:
            raise Unfit(f"on that day {thing!r} has another {name} in a row before: {before[name]!r}, here {value!r}")


# --- as JSON


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
    return _register(file, options, snapshots, bad, notes)


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
        snapshot.posts[post] = {**_given(shown, "title", "seats", "portfolio"), **_given(shown, "unit")}
        _doubt(snapshot, post, shown)
        holders = [holder for _, holder in _members(shown, "holders")]
        if holders:
            named = {str(holder.get("person")): holder.get("capacity") for holder in holders}
            snapshot.holders[post] = {
                who: how if how in ("substantive", "acting", "concurrent") else None for who, how in named.items()
            }
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
    return {name: shown[name] for name in names if shown.get(name) is not None}


def _parent(shown: Mapping[str, Any], name: str) -> Data:
    """The parent, null for a unit under no other; nothing, where nothing is said. Raises: Unfit."""
    if not isinstance(shown.get(name), str | None):
        raise Unfit("the parent of a unit is the id of another, or null")
    return {name: shown[name]} if name in shown else {}


def _doubt(snapshot: Snapshot, thing: str, shown: Mapping[str, Any]) -> None:
    if shown.get("grade", "certain") != "certain":
        snapshot.unsure.add(thing)


# --- entries


def _register(file: File, options: Options, snapshots: list[Snapshot], bad: list[Filed], notes: list[str]) -> Register:
    if options.lists is None:
        raise NotARegister(file.name, NOBODY_SAYS)
    ordered = sorted(snapshots, key=lambda snapshot: snapshot.on)
    if bad:
        return register_of(file, options, [*bad, *(refused(_where(file, one), [NOT_ALL]) for one in ordered)], notes)
    made = [file.registered(f"snapshots, {options.lists}")]
    complete = options.lists == "complete"
    changes = [None, *(_Differences(*pair, complete).all() for pair in pairwise(ordered))]
    for number, (snapshot, inferred) in enumerate(zip(ordered, changes, strict=False)):
        entries = [_attested(file, snapshot)]
        if inferred:
            before = ordered[number - 1]
            cited = [file.cited(f"{before.text}, {snapshot.text}")]
            name = file.entry_id(before.text, snapshot.text)
            on = str(between(before.on, snapshot.on))
            entries.append({"entry": name, "effective": on, "sources": cited, "changes": inferred})
        made.append(filed(_where(file, snapshot), *entries))
    if not all(map(readable, made)):
        made = [refused(one.where, [NOT_ALL]) if readable(one) else one for one in made[1:]]
    return register_of(file, options, made, notes)


def _where(file: File, snapshot: Snapshot) -> str:
    return f"{file.name}, snapshot of {snapshot.text}"


def _attested(file: File, snapshot: Snapshot) -> Data:
    """The entry of what a snapshot shows on its day."""
    changes: list[Data] = []
    for unit in snapshot.parents_first:
        changes.append({"kind": "unit-attested", "unit": unit, **snapshot.units[unit]})
    for post, said in snapshot.posts.items():
        changes.append({"kind": "post-attested", "post": post, **said})
    for person, names in snapshot.persons.items():
        if names:
            changes.append({"kind": "person-registered", "person": person, "name": names, "effective": None})
    for post, holders in snapshot.holders.items():
        for person, capacity in holders.items():
            how = {"capacity": capacity} if capacity else {}
            changes.append({"kind": "tenure-attested", "person": person, "post": post, **how})
        if not holders:
            changes.append({"kind": "list-attested", "scope": {"post": post}, "members": [], "closed": True})
    for subject, relation, other in snapshot.relations:
        changes.append({"kind": "relation-attested", "subject": subject, "relation": relation, "object": other})
    doubtful = [file.cited(snapshot.text, certainty="low")]
    for change in changes:
        if (change.get("unit") if change["kind"] == "unit-attested" else change.get("post")) in snapshot.unsure:
            change["sources"] = doubtful
    sources = [file.cited(snapshot.text)]
    return {
        "entry": file.entry_id(snapshot.text),
        "effective": snapshot.text,
        "sources": sources,
        "changes": changes,
    }


@dataclass(frozen=True)
class _Differences:
    """What must have changed between two snapshots; *complete*: what one of them leaves out did not stand."""

    before: Snapshot
    after: Snapshot
    complete: bool

    def all(self) -> list[Data]:
        """The changes, inferred, in an order in which they can be."""
        made = [*self._begun(), *self._other_values(), *self._hands(), *self._relations(), *self._ended()]
        return [{**change, "basis": "inferred"} for change in made]

    def _begun(self) -> Iterator[Data]:
        if not self.complete:
            return
        for unit in self.after.parents_first:
            said = self.after.units[unit]
            if unit not in self.before.units and "name" in said:
                yield {"kind": "unit-established", "unit": unit, **said}
        for post, said in self.after.posts.items():
            if post not in self.before.posts and "title" in said:
                yield {"kind": "post-created", "post": post, **said}

    def _other_values(self) -> Iterator[Data]:
        for unit in sorted(self.before.units.keys() & self.after.units.keys()):
            then, now = self.before.units[unit], self.after.units[unit]
            if _differ(then.get("name"), now.get("name")):
                yield {"kind": "unit-renamed", "unit": unit, "name": now["name"]}
            if "parent" in then and "parent" in now and then["parent"] != now["parent"]:
                yield {"kind": "unit-moved", "unit": unit, "parent": now["parent"]}
        for post in sorted(self.before.posts.keys() & self.after.posts.keys()):
            then, now = self.before.posts[post], self.after.posts[post]
            if _differ(then.get("title"), now.get("title")):
                yield {"kind": "post-retitled", "post": post, "title": now["title"]}
            for name, kind in (("unit", "post-moved"), ("seats", "seats-changed"), ("portfolio", "portfolio-changed")):
                if name in then and name in now and then[name] != now[name]:
                    yield {"kind": kind, "post": post, name: now[name]}

    def _hands(self) -> Iterator[Data]:
        """Who left a post and who took one, where both lists say who held it."""
        if not self.complete:
            return
        begun: list[Data] = []
        for post, now in self.after.holders.items():
            then = self.before.holders.get(post)
            if then is None and post in self.before.posts:
                continue  # who held it before nobody says
            for person in sorted((then or {}).keys() - now.keys()):
                yield {"kind": "released", "person": person, "post": post}
            for person in sorted(now.keys() - (then or {}).keys()):
                how = now[person] or "substantive"
                begun.append({"kind": "appointed", "person": person, "post": post, "capacity": how})
        yield from begun

    def _relations(self) -> Iterator[Data]:
        if not self.complete or not (self.before.relations and self.after.relations):
            return
        for kind, relations in (
            ("relation-ended", self.before.relations.keys() - self.after.relations.keys()),
            ("relation-started", self.after.relations.keys() - self.before.relations.keys()),
        ):
            for subject, relation, other in sorted(relations):
                yield {"kind": kind, "subject": subject, "relation": relation, "object": other}

    def _ended(self) -> Iterator[Data]:
        """What is gone, but for what is gone with that on which it hung."""
        if not self.complete:
            return
        gone = self.before.units.keys() - self.after.units.keys()
        for post in sorted(self.before.posts.keys() - self.after.posts.keys()):
            if self.before.posts[post].get("unit") not in gone:
                yield {"kind": "post-abolished", "post": post}
        for unit in sorted(gone):
            if self.before.units[unit].get("parent") not in gone:
                yield {"kind": "unit-abolished", "unit": unit}


def _differ(then: Any, now: Any) -> bool:
    """Whether two names say otherwise in a language that both have."""
    return bool(then and now) and any(then[language] != now[language] for language in then.keys() & now.keys())
