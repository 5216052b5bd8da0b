"""What changed between two days, from the tables: rows of both days, and the fold of what passed on between them."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from domain import changes as e
from domain.claims import Key, post_key, unit_key
from domain.dates import Day
from domain.things import mentioned
from projections.diff import between
from projections.passings import passings
from projections.structure import Answer
from projections.tables.asof import Stood, shown_on
from projections.tables.days import TwoDays
from projections.tables.intervals import day_node
from projections.tables.shelf import Place, ShelfArchive
from projections.tables.slices import Position, Slice
from projections.tables.topics import key_of, of_key

FEW = 400
"""Things that are looked up one by one; of more, both days are read as a whole."""


def difference(archive: ShelfArchive, position: Position, start: Day, end: Day) -> Answer:
    """What changed in (*start*, *end*], as known at *position*."""
    after, until = sorted((start, end))
    lineage = archive.shelf.lineage(after, until)
    units, further = _units_of(archive, lineage), set[Key]()
    while True:
        units |= further
        then, now = _near(archive, after, until, units) or (
            _shown(archive, position, after),
            _shown(archive, position, until),
        )
        days = TwoDays((after, then), (until, now))
        core = units | set(days.units_ended_by_a_claim())
        slice_ = Slice(archive, core, also=days.positions() | set(lineage))
        passed = (one for one in passings(slice_.world) if after < one.day <= until)
        further = {unit_key(one.taker) for one in passed} - units
        if not further:  # as nearly always: no act of a vaguer day says in what it went on
            break
    acts = {act.position: act for act in slice_.known.acts}
    return between(*days.days(acts), slice_.world, slice_.known.instruments, backwards=start > end)


def _shown(archive: ShelfArchive, position: Position, day: Day) -> Stood:
    return shown_on(archive.shelf.believed(day, position), day)


def _near(archive: ShelfArchive, after: Day, until: Day, units: Iterable[Key]) -> tuple[Stood, Stood] | None:
    """What stood on both days, of the things of which something begins or ends between; None if those are many.

    With *units*, and all who hold posts that one of them holds.
    """
    names = archive.shelf.edges(after, until, FEW + 1) if archive.now else []
    if not archive.now or len(names) > FEW:
        return None
    keys = {*map(key_of, names), *units}
    posts = {key[1] for key in keys if key[0] in ("post", "vacancy")} | {k[2] for k in keys if k[0] == "tenure"}
    above = set(map(post_key, posts))
    keys |= above | archive.hanging(above, (after, until))
    places: list[list[Place]] = [[], []]
    for _, thing, doc in archive.shelf.docs(list(map(of_key, keys))):
        for life, lo, hi, *_ in orjson.loads(doc)["rows"] if doc else ():
            for day, found in zip((after, until), places, strict=True):
                if lo <= day < hi:
                    found.append((day_node(lo, hi), lo, thing, life))
    then, now = (archive.shelf.rows_at(found) for found in places)
    return shown_on(then, after), shown_on(now, until)


def _units_of(archive: ShelfArchive, lineage: Iterable[Position]) -> set[Key]:
    """The units that acts of *lineage* are about, as they are read."""
    core: set[Key] = set()
    for act in Slice(archive, (), also=lineage).known.acts:
        change = act.change
        if isinstance(change, e.UnitAbolished | e.UnitsReorganized):
            core |= {("unit", thing) for thing, kinds in mentioned(change) if "unit" in kinds}
            core |= {("unit", new.unit) for new in getattr(change, "after", ())}
        elif isinstance(change, e.UnnamedUnitsAbolished) and change.parent:
            core.add(("unit", change.parent))
    return core
