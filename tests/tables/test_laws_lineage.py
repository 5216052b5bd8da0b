"""How units pass into units, read from the tables: what the fold of the whole log tells."""

from __future__ import annotations

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from domain.dates import Day, iso
from domain.entries import Entry
from projections.diff import diff
from projections.histories import thing_history
from projections.tables.reading import Reader
from tests.strategies import UNITS, interesting_days, passing_registers
from tests.tables.reading import INSTITUTION, recorded
from tests.tables.test_laws_answers import plain, positions, told

DAYS = interesting_days()


@given(passing_registers(), st.randoms(use_true_random=False))
def test_the_lineage_of_every_unit_is_that_of_the_fold(entries: list[Entry], chance: random.Random) -> None:
    """With what passed, however far back and on, and nothing else of the unit's history told otherwise for it."""
    with recorded(entries) as store:
        for position in positions(store, chance):
            world, known = store.world(position), store.known(position)
            with Reader(store.tabled).at(INSTITUTION, position) as reading:
                for unit in UNITS:
                    whole = told(lambda: thing_history(world, known, INSTITUTION, unit))  # noqa: B023  # asked at once
                    assert told(lambda: reading.thing(unit)) == whole, unit  # noqa: B023


@given(passing_registers(), st.randoms(use_true_random=False), st.lists(st.sampled_from(DAYS), min_size=3, max_size=3))
def test_links_between_days_are_those_of_the_fold(entries: list[Entry], chance: random.Random, days: list[Day]) -> None:
    """Also where what ended says vaguely when, and in what it went on."""
    with recorded(entries) as store:
        for position in positions(store, chance):
            world = store.world(position)
            with Reader(store.tabled).at(INSTITUTION, position) as reading:
                for start, end in itertools.pairwise(days):
                    assert plain(reading.diff(start, end)) == plain(diff(world, start, end)), (iso(start), iso(end))
