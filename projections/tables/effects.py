"""All that acts did, from the tables: what they touched, what ended or passed on by them, who lost office by that."""

from __future__ import annotations

from collections.abc import Iterable

from domain import changes as e
from domain.claims import Key, post_key, said_of, unit_key
from projections.histories import acts_by, displaced
from projections.tables.following import Followed
from projections.tables.shelf import ShelfArchive
from projections.tables.slices import Position, Slice, tenure_named
from projections.tables.touching import Touched, passed_on_to
from projections.tables.windows import windows_of


def effects_of(
    archive: ShelfArchive, first: Slice, positions: set[Position], topics: Iterable[str], read: Iterable[Position] = ()
) -> Slice:
    """All that acts at *positions* did, and where those who lost office by them went, with what they *read*."""
    core, also = _followed(archive, first, positions), positions | set(read)
    slice_ = Slice(archive, core, windows_of(archive, core), more=topics, also=also)
    ours = {first.rows[position].target for position in positions}
    left = displaced(slice_.world, acts_by(slice_.world, ours))
    careers = {key for person in left for key in first.keys_in(f"career|{person}")}
    careers |= {post_key(key[2]) for key in careers} | {("person", person) for person in left}
    core |= careers
    return Slice(archive, core, windows_of(archive, core), more=topics, also=also)


def _followed(archive: ShelfArchive, first: Slice, positions: set[Position]) -> set[Key]:
    """All things to which acts at *positions* did something, and perhaps others."""
    now = archive.now
    touched = (Followed if now else Touched)(archive, archive.shelf.position() + 1)
    for position in positions:
        touched.event(position, first.rows[position])
    core = first.all_of(touched.keys) | {key for p in positions for key in first.keys_of(first.rows[p])}
    return core if now else core | _falling(first, _ending(archive, first, positions))


def _ending(archive: ShelfArchive, first: Slice, positions: Iterable[Position]) -> set[Key]:
    """What the acts at *positions*, by any reading, may end, and the tenures in favour of which others may."""
    found: set[Key] = set()
    for position in positions:
        event = first.rows[position]
        for change in first.readings(event):
            for key, role, _, _ in said_of(change, lambda name: tenure_named(archive, name)):
                if role == "end" or (role == "start" and key[0] == "tenure"):
                    found.add(key)
            if isinstance(change, e.UnitsReorganized):
                found |= {unit_key(unit) for unit in change.before}
            elif isinstance(change, e.ListAttested) and change.closed:
                listed = Touched(archive, archive.shelf.position() + 1)
                listed.event(position, event)
                found |= listed.keys
    return first.all_of(found)


def _falling(first: Slice, ending: set[Key]) -> set[Key]:
    """What may end with *ending*, or pass on with it, and what in turn with that."""
    found: set[Key] = set()
    pending, seen = ending, set[Key]()
    while pending:
        seen |= pending
        below = first.all_of(other for key in pending for other in _below(first, key))
        found |= below
        pending = {key for key in below if key[0] in ("unit", "post")} - seen
    return found


def _below(slice_: Slice, key: Key) -> set[Key]:
    """What may end with *key*."""
    match key:
        case ("unit" | "post" as kind, thing):
            topics = ("under" if kind == "unit" else "holders", "related", "functions")
            below = {other for topic in topics for other in slice_.keys_in(f"{topic}|{thing}")}
            return below | passed_on_to(slice_, key)
        case ("tenure", _, post):
            return slice_.keys_in(f"holders|{post}")
    return set()
