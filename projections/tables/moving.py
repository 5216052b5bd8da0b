"""Who may have moved between bodies, found before anything is folded: everybody who did, and perhaps others."""

from __future__ import annotations

import orjson

from domain.claims import unit_key
from domain.dates import Day
from projections.flows import Asked
from projections.tables.hanging import people_under, who_held_under
from projections.tables.shelf import ShelfArchive
from projections.tables.slices import Slice
from projections.tables.topics import key_of
from projections.tables.touching import passed_on_to

ANY = 2**62  # things that edges are asked for: all of them


def people_moved(archive: ShelfArchive, first: Slice, asked: Asked) -> set[str]:
    """Everybody who may have moved as *asked*, and perhaps others: by the bodies named, and by the days."""
    if archive.now and asked.since is not None and asked.until is not None:
        people = _who_began(archive, first, asked.since, asked.until)
        return who_held_under(archive, people, asked.units) if asked.units else people
    if asked.units:
        return set.intersection(*(_people_of(archive, first, unit) for unit in asked.units))
    return {key[1] for key in first.all_of(map(key_of, archive.shelf.names())) if key[0] == "tenure"}


def _people_of(archive: ShelfArchive, first: Slice, unit: str) -> set[str]:
    """Everybody who ever held a post that ever hung on *unit*, or on what hung on it."""
    if archive.now:
        return people_under(archive, first.all_of([unit_key(unit)]))
    units, pending, posts = {unit_key(unit)}, {unit_key(unit)}, set[str]()
    while pending:
        below = {key for above in pending for key in first.keys_in(f"under|{above[1]}")}
        below |= {old for above in pending for old in passed_on_to(first, above)}
        posts |= {key[1] for key in below if key[0] == "post"}
        pending = {key for key in first.all_of(below) if key[0] == "unit"} - units
        units |= pending
    held = {key for post in posts for key in first.keys_in(f"holders|{post}")}
    return {key[1] for key in first.all_of(held) if key[0] == "tenure"}


def _who_began(archive: ShelfArchive, first: Slice, since: Day, until: Day) -> set[str]:
    """Everybody of whom a tenure began in [*since*, *until*): on the last day on which it can have."""
    names = [name for name in archive.shelf.edges(since - 1, until - 1, ANY) if key_of(name)[0] == "tenure"]
    began = {
        key_of(name)
        for name, _, doc in archive.shelf.docs(names)
        if doc and any(since <= life["bounds"][1] < until for life in orjson.loads(doc)["lives"].values())
    }
    return {key[1] for key in first.all_of(began)}
