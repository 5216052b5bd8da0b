"""What the pages ask beside: sources with what rests on them, and the days on which something changes."""

from __future__ import annotations

import random
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from domain.dates import Day
from domain.entries import Entry
from projections.listing import declared
from projections.sources import described, source_history
from projections.steps import days_of_change, steps, years
from projections.tables.reading import Reader
from tests.strategies import interesting_days
from tests.tables.reading import INSTITUTION, recorded
from tests.tables.test_laws import mixed_registers
from tests.tables.test_laws_answers import plain, positions, told

CITED = ("s", "t", "nobody")
"""The sources that random registers cite, and another."""


@given(mixed_registers(), st.randoms(use_true_random=False), st.sampled_from(interesting_days()))
def test_steps_and_sources_are_those_of_the_fold(entries: list[Entry], chance: random.Random, day: Day) -> None:
    """At the head and at a past position: where to stop next, and everything that a source is cited for."""
    with recorded(entries) as store:
        for position in positions(store, chance):
            world, known = store.world(position), store.known(position)
            with Reader(store.tabled).at(INSTITUTION, position) as reading:
                assert plain(reading.steps(day)) == plain(steps(world, day))
                assert reading.years() == years(world)
                days = days_of_change(world)
                assert reading.days_of_change(day, 9) == [one for one in days if one > day][:9]
                earlier = [one for one in reversed(days) if one < day]
                assert reading.days_of_change(day, 9, backwards=True) == earlier[:9]
                assert plain(reading.sources_named(CITED)) == plain(described(known.acts))
                assert plain(reading.declared()) == plain(declared(known))
                for source in CITED:
                    whole = told(partial(source_history, known, INSTITUTION, source))
                    assert told(partial(reading.source, source)) == whole
