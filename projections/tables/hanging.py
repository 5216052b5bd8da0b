"""Who ever held a post that hung on a unit, by the names that the tables keep: nothing is folded for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import orjson

from domain.claims import Key, post_key, unit_key
from projections.tables.shelf import ShelfArchive
from projections.tables.slices import ALWAYS
from projections.tables.topics import key_of, of_key


def people_under(archive: ShelfArchive, units: Iterable[Key]) -> set[str]:
    """Everybody who ever held a post that ever hung on one of *units*, or on what hung on it."""
    found, pending = set[Key](), set(units)
    while pending:
        found |= pending
        below = archive.hanging(pending, ALWAYS)
        pending = {key for key in below if key[0] in ("unit", "post")} - found
        found |= {key for key in below if key[0] == "tenure"}
    return {key[1] for key in found if key[0] == "tenure"}


def who_held_under(archive: ShelfArchive, people: Iterable[str], units: Collection[str]) -> set[str]:
    """Those of *people* of whom, for each of *units*, some post ever hung on it, or on what hung on it."""
    posts: dict[str, set[Key]] = {}
    for name, thing, _ in archive.shelf.docs([of_key(("person", person)) for person in people]):
        held = map(key_of, archive.shelf.hanging([thing], *ALWAYS))
        posts[key_of(name)[1]] = {post_key(key[2]) for key in held if key[0] == "tenure"}
    above = _ever_above(archive, {post for held in posts.values() for post in held})
    reached = {post: _reached(above, post) for post in set().union(*posts.values())}
    wanted = {unit_key(unit) for unit in units}
    return {person for person, held in posts.items() if wanted <= set().union(*(reached[post] for post in held))}


def _ever_above(archive: ShelfArchive, keys: set[Key]) -> dict[Key, set[Key]]:
    """Of *keys*, and of all they ever hung on, what each ever hung on itself."""
    above: dict[Key, set[Key]] = {}
    pending = keys
    while pending:
        above |= {key: set() for key in pending}
        for name, _, doc in archive.shelf.docs(list(map(of_key, pending))):
            above[key_of(name)] = set(map(key_of, orjson.loads(doc)["hangs"])) if doc else set()
        pending = {one for key in pending for one in above[key]} - above.keys()
    return above


def _reached(above: dict[Key, set[Key]], key: Key) -> set[Key]:
    """All that *key* ever hung on, however far above."""
    found, pending = set[Key](), {key}
    while pending:
        pending = {one for below in pending for one in above[below]} - found
        found |= pending
    return found
