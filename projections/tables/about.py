"""All that the history of a unit, post or person tells of, from the tables."""

from __future__ import annotations

from domain.claims import Key, post_key, unit_key
from projections.tables.kin import Kin
from projections.tables.shelf import ShelfArchive
from projections.tables.slices import Slice
from projections.tables.topics import of_key
from projections.tables.windows import windows_of


def all_about(archive: ShelfArchive, key: Key) -> Slice:
    """All that the history of *key* tells of."""
    named = key[1]
    first = Slice(archive, [key])
    lives_on = first.names.get(named, named)
    core: set[Key] = {key, *((kind, lives_on) for kind in ("unit", "post", "person"))}
    topics = [f"about|{named}", f"lineage|{named}"]
    match key[0]:
        case "unit":
            kin = Kin(first, named)
            core |= {unit_key(unit) for unit in kin.units} | kin.along
            core |= {below for unit in kin.passed_on(named) for below in first.keys_in(f"under|{unit}")}
        case "post":
            topics.append(f"scope|post|{named}")  # what says that it is vacant
            core |= first.keys_in(f"holders|{named}")
            core |= {("person", held[1]) for held in core if held[0] == "tenure"}
        case "person":
            core |= first.keys_in(f"career|{named}")
            core |= {post_key(held[2]) for held in core if held[0] == "tenure"}
    if key[0] != "person":
        core |= first.keys_in(f"related|{named}") | first.keys_in(f"functions|{named}")
    for topic in [of_key(key), *topics]:
        core |= {other for _, event in first.facts(topic) for other in first.keys_of(event)}
    return Slice(archive, core, windows_of(archive, core), more=topics)
