"""What coverage makes known, from the tables: what the fold tells with a declaration and not without it."""

from __future__ import annotations

import random
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from domain.entries import Entry, entry_from
from projections.coverage import coverages, covers, folded_without
from projections.tables.reading import Reader
from tests.strategies import days, passing_registers, scopes
from tests.tables.reading import INSTITUTION, recorded
from tests.tables.test_laws import mixed_registers
from tests.tables.test_laws_answers import plain, positions, told


@st.composite
def covered_registers(draw: st.DrawFn) -> list[Entry]:
    """Entries of any kinds, and among them up to four that declare the record complete."""
    entries = draw(st.one_of(mixed_registers(), passing_registers()))
    for number in range(draw(st.integers(1, 4))):
        declared = []
        for _ in range(draw(st.integers(1, 2))):
            since, until = sorted([draw(days), draw(days)])
            declared.append({"kind": "coverage-declared", "scope": draw(scopes()), "from": since, "until": until})
        data = {"entry": f"complete{number}", "effective": None, "changes": declared}
        entries.insert(draw(st.integers(1, len(entries))), entry_from(data, "drawn"))
    return entries


@given(covered_registers(), st.randoms(use_true_random=False))
def test_what_coverage_makes_known_is_what_the_fold_tells(entries: list[Entry], chance: random.Random) -> None:
    """Of every entry that declares the record complete, whatever else was recorded, at the head and before."""
    with recorded(entries) as store:
        for position in positions(store, chance):
            world, known = store.world(position), store.known(position)
            with Reader(store.tabled).at(INSTITUTION, position) as reading:
                for entry in {act.event.entry for act in world.acts}:
                    declared = coverages(world.acts, entry)
                    if declared:
                        whole = told(partial(covers, declared, folded_without(known, world)))
                        assert plain(reading.entry(entry)["covers"]) == whole, entry
