"""Careers, holders and flows from the tables: what the fold of the whole log tells."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.acts import Known
from domain.dates import Day, day
from domain.entries import Entry, entry_from
from domain.world import World
from projections.doubt import doubts
from projections.flows import Asked, flows
from projections.histories import person_history, post_history
from projections.periods import Period, period_of, periods
from projections.structure import Answer
from projections.tables.reading import Reader
from tests.strategies import PERSONS, POSTS, UNITS
from tests.tables import centuries
from tests.tables.reading import INSTITUTION, recorded
from tests.tables.test_laws import mixed_registers
from tests.tables.test_laws_answers import DAYS, plain, positions, told

bodies = st.sampled_from([None, None, "root", *UNITS])
some_days = st.one_of(st.none(), st.sampled_from(DAYS))


def whole_person(world: World, known: Known, person: str) -> Answer:
    """The history of a person with what is doubtful of it, by the definition."""
    return {**person_history(world, INSTITUTION, person), **doubts(world, known, ("person", person))}


def whole_post(world: World, known: Known, post: str) -> Answer:
    """The same of a post."""
    return {**post_history(world, INSTITUTION, post), **doubts(world, known, ("post", post))}


@given(mixed_registers(), st.randoms(use_true_random=False))
def test_careers_and_holders_are_those_of_the_fold(entries: list[Entry], chance: random.Random) -> None:
    """Of every person and every post, at the head and at a past position."""
    with recorded(entries) as store:
        for position in positions(store, chance):
            world, known = store.world(position), store.known(position)
            with Reader(store.tabled).at(INSTITUTION, position) as reading:
                for person in PERSONS:
                    whole = told(partial(whole_person, world, known, person))
                    assert told(partial(reading.person, person)) == whole, person
                for post in POSTS:
                    whole = told(partial(whole_post, world, known, post))
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


@pytest.mark.parametrize("seed", range(2))
def test_people_of_a_century_are_told_as_by_the_fold(seed: int) -> None:
    """Where most things are no neighbours, what is found by looking at some is all there is."""
    asked = [Asked(), Asked("u1"), Asked(None, "u4"), Asked("root", "u2"), Asked("u3", "u3")]
    asked += [Asked(None, None, day("1880-01-01"), day("1900-01-01")), Asked("u2", None, day("1870-01-01"))]
    asked += [
        Asked("u2", None, day("1880-01-01"), day("1890-01-01")),
        Asked(None, "u4", day("1860-01-01"), day("1910-01-01")),
    ]
    with recorded(centuries.century(seed, 60)) as store:
        for position in (store.ends[len(store.ends) // 2], store.head):
            world, known = store.world(position), store.known(position)
            with Reader(store.tabled).at(INSTITUTION, position) as reading:
                for person in centuries.PERSONS:
                    whole = told(partial(whole_person, world, known, person))
                    assert told(partial(reading.person, person)) == whole, person
                for post in centuries.POSTS:
                    assert told(partial(reading.post, post)) == told(partial(whole_post, world, known, post))
                for question in asked:
                    whole = told(partial(flows, world, INSTITUTION, question))
                    assert told(partial(reading.flows, question)) == whole, question


def test_periods_are_those_of_the_fold_when_corrected_and_annulled() -> None:
    """By every reading, past or present: a period may be named otherwise by a correction."""

    def entry(name: str, *changes: dict[str, Any]) -> Entry:
        return entry_from({"entry": name, "effective": None, "changes": list(changes)}, "test")

    def defined(name: str, bounds: str) -> dict[str, Any]:
        return {"kind": "period-defined", "period": name, "name": {"en": name}, "bounds": bounds}

    entries = [
        entry("founding", {"kind": "institution-declared", "name": {"en": "Cast"}}),
        entry("one", defined("reign", "2000"), defined("war", "2000-03"), defined("reign", "2000/2001")),
        entry("two", {"kind": "corrected", "target": "one#2", "change": defined("peace", "2000-04"), "reason": "x"}),
        entry("three", {"kind": "annulled", "target": "one#1", "reason": "x"}),
    ]
    with recorded(entries) as store:
        assert store.refused == 0
        for position in store.ends[1:]:
            world = store.world(position)
            with Reader(store.tabled).at(INSTITUTION, position) as reading:
                assert plain(reading.periods()) == plain(periods(world))
                for name in ("reign", "war", "peace", "nothing"):
                    whole = told(partial(_told, partial(period_of, world, INSTITUTION, name)))
                    assert told(partial(_told, partial(reading.period, name))) == whole


def _told(ask: Callable[[], Period]) -> Answer:
    return ask().told
