"""Snapshots as a table: a day, and what stands on it, in each row."""

from __future__ import annotations

from typing import Final

from api.importers.naming import Called, Thing, Unfit
from api.importers.options import Options
from api.importers.snapshot_entries import register_of_snapshots
from api.importers.snapshots import Snapshot
from api.importers.sources import Data, File, refused
from api.importers.tables import Cells, Columns, Table
from api.registers import NotARegister, Register
from domain.dates import Day

SNAPSHOTS: Final = Columns(
    frozenset(["date", "post_id", "unit_id", "person_id", "unit_kind", "parent", "seats", "capacity"]),
    {"name": "unit_name", "title": "post_title", "holder": "person"},
)


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
    return register_of_snapshots(file, options, list(snapshots.values()), bad, list(table.notes))


def _take(cells: Cells, snapshots: dict[Day, Snapshot], called: Called, where: str) -> None:
    """Take what a row says into the snapshot of its day. Raises: Unfit."""
    given = cells.day("date")
    if given is None:
        raise Unfit("it has no date")
    if not given.exact:
        raise Unfit(f"column date: a snapshot is of one day, and {cells.text('date')!r} is not")
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
