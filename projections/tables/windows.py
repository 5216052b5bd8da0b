"""Between which days tenures may stand, as far as the tables know: what a slice need not look beyond."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from domain.claims import Key
from projections.tables.shelf import ShelfArchive
from projections.tables.slices import Window
from projections.tables.topics import key_of, of_key


def windows_of(archive: ShelfArchive, core: Iterable[Key]) -> dict[Key, Window]:
    """The days between which the tenures of *core* may stand, as far as the tables know them."""
    names = [of_key(key) for key in core if key[0] == "tenure"] if archive.now else []
    found = {}
    for name, _, doc in archive.shelf.docs(names):
        spans = [tuple(span) for span in orjson.loads(doc)["hangs"].values()] if doc else []
        if spans:
            found[key_of(name)] = (min(lo for lo, _ in spans) - 1, max(hi for _, hi in spans))
    return found
