"""Careers, holders and flows from the tables: what the fold of the whole log tells."""

from __future__ import annotations

import random
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from domain.dates import Day
from domain.entries import Entry
from projections.flows import Asked, flows
from projections.histories import person_history, post_history
from projections.tables.reading import Reader
from tests.strategies import PERSONS, POSTS, UNITS
from tests.tables.reading import INSTITUTION, recorded
from tests.tables.test_laws import mixed_registers
from tests.tables.test_laws_answers import DAYS, positions, told

bodies = st.sampled_from([None, None, "root", *UNITS])
some_days = st.one_of(st.none(), st.sampled_from(DAYS))


@given(mixed_registers(), st.randoms(use_true_random=False))
def test_careers_and_holders_are_those_of_the_fold(entries: list[Entry], chance: random.Random) -> None:
    """Of every person and every post, at the head and at a past position."""
    with recorded(entries) as store:
        for position in positions(store, chance):
            world = store.world(position)
            with Reader(store.tabled).at(INSTITUTION, position) as reading:
                for person in PERSONS:
                    whole = told(partial(person_history, world, INSTITUTION, person))
                    assert told(partial(reading.person, person)) == whole, person
                for post in POSTS:
                    whole = told(partial(post_history, world, INSTITUTION, post))
                    assert told(partial(reading.post, post)) == whole, post


@given(mixed_registers(), st.randoms(use_true_random=False), bodies, bodies, some_days, some_days)
def test_flows_are_those_of_the_fold(
    entries: list[Entry], chance: random.Random, start: str | None, end: str | None, one: Day | None, other: Day | None
) -> None:
    """By body, by days, by neither; of bodies that are unknown or called otherwise now."""
    since, until = sorted((one, other)) if one is not None and other is not None else (one, other)
    asked = Asked(start, end, since, until)
    with recorded(entries) as store:
        for position in positions(store, chance):
            whole = told(partial(flows, store.world(position), INSTITUTION, asked))
            with Reader(store.tabled).at(INSTITUTION, position) as reading:
                assert told(partial(reading.flows, asked)) == whole
