"""What one row or object of a file says, as the entries that say it: a start, an end, and a day on which it is seen.

Each is an entry of its own, since each may rest on another act, and all are recorded or none. They repeat what the
row names things, with no day, for a list of today does not say since when they are called so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, get_args

from api.importers.days import moved
from api.importers.naming import Thing, Unfit
from api.importers.sources import Data
from domain.changes import Capacity
from domain.dates import PartialDate

CHANGED: Final = {
    ("unit", "name"): "unit-renamed",
    ("unit", "parent"): "unit-moved",
    ("post", "title"): "post-retitled",
    ("post", "unit"): "post-moved",
    ("post", "seats"): "seats-changed",
    ("post", "portfolio"): "portfolio-changed",
}
"""The kind of change by which an attribute of a unit or post becomes another."""

CAPACITIES: Final = get_args(Capacity)
"""In which a post can be taken, or be shown to be held."""


@dataclass(frozen=True)
class Times:
    """When something held: its first day, the first on which it no longer did, one on which it is seen; or None.

    *act* and *end_act* are the instruments by which it began and ended. One without its own day gives that day.
    """

    start: PartialDate | None = None
    end: PartialDate | None = None
    on: PartialDate | None = None
    act: str | None = None
    end_act: str | None = None

    @property
    def starts(self) -> bool:
        """Whether a start is told."""
        return self.start is not None or self.act is not None

    @property
    def ends(self) -> bool:
        """Whether an end is told."""
        return self.end is not None or self.end_act is not None

    def check(self) -> None:
        """See that it does not end before it begins. Raises: Unfit."""
        if self.start and self.end and self.end.latest < self.start.earliest:
            raise Unfit(f"it would end by {self.end}, before it begins, {self.start}")


@dataclass(frozen=True)
class Row:
    """What a row says: of a person in a post, else of a post, else of a unit, when it held."""

    stem: str
    """The id of the entry of its start; the others have `.to` or `.on` behind it."""
    sources: Sequence[Data]
    times: Times
    person: Thing | None = None
    post: Thing | None = None
    unit: Thing | None = None
    parent: Thing | None = None
    unit_kind: str | None = None
    seats: str | int | None = None
    portfolio: Data | None = None
    capacity: str | None = None
    ground: str | None = None
    note: str | None = None
    born: str | None = None
    other_names: Sequence[Data] = ()
    context: Sequence[Data] = ()
    """Sources that the row registers."""
    end_sources: Sequence[Data] = ()
    """Those of its end, if they are others."""
    died: Data = field(default_factory=dict)


def entries_of(row: Row) -> list[Data]:
    """The entries that say what *row* does. Raises: Unfit."""
    row.times.check()
    if row.unit and not row.unit.names and (row.unit_kind or (row.parent and (row.person or row.post))):
        raise Unfit(f"it tells the kind or the parent of {row.unit.id!r}, and not its name")
    if row.person and row.post:
        return _tenure(row)
    if row.person:
        return _person(row)
    if row.post:
        return _post(row)
    if row.unit:
        return _unit(row)
    raise Unfit("it names neither a person, nor a post, nor a unit")


def _tenure(row: Row) -> list[Data]:
    times, entries = row.times, list[Data]()
    assert row.person is not None
    assert row.post is not None
    holder = {"person": row.person.id, "post": row.post.id}
    tenure: Data = {}
    if times.starts:
        capacity = row.capacity or "substantive"
        changes = [*_named(row), *_shown(row), _said({"kind": "appointed", **holder, "capacity": capacity}, row.note)]
        tenure = {"tenure": f"{row.stem}#{len(changes)}"}
        entries.append(_entry(row, row.stem, changes, times.start, times.act))
    if times.ends:
        before = moved(times.end, -1) if times.end else None
        named = [] if entries else [*_named(row), *_shown(row, before)]
        ground = {"ground": row.ground} if row.ground else {}
        released = _said({"kind": "released", **tenure, **holder, **ground}, None if entries else row.note)
        entries.append(_entry(row, f"{row.stem}.to", [*named, released], times.end, times.end_act))
    if times.on:
        named = [] if entries else _named(row)
        capacity_said = {"capacity": row.capacity} if row.capacity else {}
        seen = {"kind": "tenure-attested", **tenure, **holder, **capacity_said}
        changes = [*named, *_shown(row), _said(seen, None if entries else row.note)]
        entries.append(_entry(row, f"{row.stem}.on", changes, times.on))
    if not entries:
        raise Unfit("no day shows it: give the day from which, to which, or on which the person held the post")
    return [*entries, *_told_of_an_id(row)]


def _told_of_an_id(row: Row) -> list[Data]:
    """The entry of what the row tells of a post that it names by id: behind the others, which need the post to be."""
    assert row.post is not None
    told: Data = {**({"unit": row.unit.id} if row.unit else {}), **({"seats": row.seats} if row.seats else {})}
    if row.post.names or not told:
        return []
    times = row.times
    eve = moved(times.end, -1) if times.end else None
    day, act = (
        (times.start, times.act) if times.starts else (times.on or eve, None if times.on or eve else times.end_act)
    )
    return [_entry(row, f"{row.stem}.post", [{"kind": "post-attested", "post": row.post.id, **told}], day, act)]


def _person(row: Row) -> list[Data]:
    if row.times.starts or row.times.ends or row.times.on or row.unit:
        raise Unfit("it names a person and no post to hold")
    assert row.person
    if not row.person.names:
        raise Unfit(f"it says nothing of {row.person.id!r}, not even a name")
    changes = _named(row)
    if row.note:
        changes[-1]["note"] = row.note
    return [_entry(row, row.stem, [*changes, *([row.died] if row.died else [])], None)]


def _post(row: Row) -> list[Data]:
    assert row.post
    attributes: Data = {
        **({"unit": row.unit.id} if row.unit else {}),
        **({"seats": row.seats} if row.seats else {}),
        **({"portfolio": row.portfolio} if row.portfolio else {}),
    }
    begun = {"kind": "post-created", "post": row.post.id, "title": dict(row.post.names), **attributes}
    seen = {"kind": "post-attested", "post": row.post.id, **attributes}
    return _standing(row, row.post, begun, seen, {"kind": "post-abolished", "post": row.post.id})


def _unit(row: Row) -> list[Data]:
    assert row.unit
    attributes: Data = {
        **({"unit_kind": row.unit_kind} if row.unit_kind else {}),
        **({"parent": row.parent.id} if row.parent else {}),
    }
    begun = {"kind": "unit-established", "unit": row.unit.id, "name": dict(row.unit.names), **attributes}
    seen = {"kind": "unit-attested", "unit": row.unit.id, **attributes}
    return _standing(row, row.unit, begun, seen, {"kind": "unit-abolished", "unit": row.unit.id})


def _standing(row: Row, thing: Thing, begun: Data, seen: Data, ended: Data) -> list[Data]:
    times, entries = row.times, []
    around = [change for change in _named(row) if thing.id not in (change.get("unit"), change.get("post"))]
    if times.starts:
        if not thing.names:
            raise Unfit(f"{thing.id!r} begins, and has no name here")
        changes = [*around, *_shown(row), _said(begun, row.note)]
        entries.append(_entry(row, row.stem, changes, times.start, times.act))
    if times.ends:
        before = moved(times.end, -1) if times.end else None
        named = [] if entries else [*_named(row), *_shown(row, before)]
        changes = [*named, _said(ended, None if entries else row.note)]
        entries.append(_entry(row, f"{row.stem}.to", changes, times.end, times.end_act))
    if times.on:
        if not thing.names:
            raise Unfit(f"{thing.id!r} is shown, and has no name here")
        named = [] if entries else _named(row)
        changes = [*named, *_shown(row), _said(seen, None if entries else row.note)]
        entries.append(_entry(row, f"{row.stem}.on", changes, times.on))
    if not entries:
        if not thing.names:
            raise Unfit(f"it says nothing of {thing.id!r}: no name, and no day")
        entries.append(_entry(row, row.stem, _named(row), None))
        if row.note:
            entries[0]["changes"][-1]["note"] = row.note
    return entries


def _named(row: Row) -> list[Data]:
    """What the row calls things, and what it says they are, of no day; and the sources that it brings."""
    changes: list[Data] = [*row.context]
    if row.parent and row.parent.names:
        changes.append({"kind": "unit-attested", "unit": row.parent.id, "name": dict(row.parent.names)})
    if row.unit and row.unit.names:
        kind = {"unit_kind": row.unit_kind} if row.unit_kind else {}
        above = {"parent": row.parent.id} if row.parent and not row.post else {}
        name = {"name": dict(row.unit.names)} if row.unit.names else {}
        changes.append({"kind": "unit-attested", "unit": row.unit.id, **name, **kind, **above})
    if row.post and row.post.names:
        title = {"title": dict(row.post.names)} if row.post.names else {}
        seats = {"seats": row.seats} if row.seats else {}
        about = {"portfolio": row.portfolio} if row.portfolio else {}
        within = {"unit": row.unit.id} if row.unit and not row.person else {}
        changes.append({"kind": "post-attested", "post": row.post.id, **within, **title, **seats, **about})
    if row.person and row.person.names:
        spellings = {"names": [*row.other_names]} if row.other_names else {}
        born = {"born": row.born} if row.born else {}
        registered = {"kind": "person-registered", "person": row.person.id, "name": dict(row.person.names)}
        changes.append({**registered, **spellings, **born})
    return [{**change, "effective": None} for change in changes]


def _shown(row: Row, day: PartialDate | None = None) -> list[Data]:
    """That what the row's subject hangs on stands on the day of the entry, or on *day*; and a post that is held.

    Of what the row names alone: to attest an id would bring it into the world, even if it is a slip.
    """
    on = {"effective": str(day)} if day else {}
    changes: list[Data] = []
    if row.parent and row.parent.names:
        changes.append({"kind": "unit-attested", "unit": row.parent.id, **on})
    if row.unit and row.post and row.unit.names:
        above = {"parent": row.parent.id} if row.parent else {}
        changes.append({"kind": "unit-attested", "unit": row.unit.id, **above, **on})
    if row.post and row.person and row.post.names:
        within = {"unit": row.unit.id} if row.unit else {}
        changes.append({"kind": "post-attested", "post": row.post.id, **within, **on})
    return changes


def _said(change: Data, note: str | None) -> Data:
    return {**change, "note": note} if note else change


def _entry(row: Row, name: str, changes: Sequence[Data], day: PartialDate | None, act: str | None = None) -> Data:
    ending = name.endswith(".to") and row.end_sources
    return {
        "entry": name,
        **({"instrument": act} if act else {}),
        **({"effective": str(day)} if day else {}),
        "sources": [*(row.end_sources if ending else row.sources)],
        "changes": [*changes],
    }
