"""What is decided and answered from the tables: what the fold of the whole log decides and answers."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.acts import Known
from domain.chain import Head
from domain.dates import Day, iso
from domain.decide import Drafting, decide
from domain.entries import Entry
from domain.errors import EntryDiffers, EntryRefused, NowCalled, UnknownThing
from domain.recording import Registers
from domain.world import World
from projections.counted import claimed_counts
from projections.diff import diff
from projections.findings import finding_rows
from projections.histories import entry_history, instrument_history, thing_history
from projections.learned import learned, steps_between
from projections.listing import listing_row
from projections.preview import preview
from projections.record import record_of_instrument
from projections.structure import Answer
from projections.tables.differing import FEW
from projections.tables.reading import Reader
from tests.history import NOON
from tests.strategies import PERSONS, POSTS, UNITS, interesting_days
from tests.tables.reading import INSTITUTION, Fresh, Store, recorded
from tests.tables.test_laws import mixed_registers

DAYS = interesting_days()


def plain(answer: object) -> Any:
    """An answer as JSON has it."""
    return orjson.loads(orjson.dumps(answer, option=orjson.OPT_SORT_KEYS))


def told(ask: Callable[[], object]) -> Any:
    """An answer, or why there is none."""
    try:
        return plain(ask())
    except (UnknownThing, NowCalled) as refusal:
        return repr(refusal)


def decided(history: Drafting, entry: Entry) -> tuple[str, Any]:
    """What is made of an entry: the findings it is part of, or the reasons why it is refused."""
    try:
        return "accepted", finding_rows(decide(history, entry, "test").findings)
    except EntryRefused as refusal:
        return "refused", sorted(map(str, refusal.reasons))


def positions(store: Store, chance: random.Random) -> list[int]:
    """The head, and another position at which an entry ends."""
    return sorted({store.head, chance.choice(store.ends[1:])})


@given(mixed_registers())
def test_an_entry_is_decided_on_a_slice_as_on_the_whole_log(entries: list[Entry]) -> None:
    """An editor gets the same refusals and findings, however little was read for them."""
    with Fresh.store() as log:
        registers = Registers(log, lambda: NOON, log.history)
        for entry in entries:
            position = log.head(INSTITUTION).position
            whole = decided(registers.history(INSTITUTION, position), entry)
            with log.history(INSTITUTION, position) as history:
                assert decided(history, entry) == whole, entry.entry
            try:
                registers.record(INSTITUTION, entry, "test")
            except (EntryRefused, EntryDiffers):
                continue


@given(mixed_registers(), st.integers(1, 5))
def test_a_preview_reads_the_tables_and_tells_what_the_fold_tells(entries: list[Entry], drafted: int) -> None:
    """Several drafts in order, of which some are refused: the same differences, findings, refusals and displaced."""
    cut = max(len(entries) - drafted, 1)
    with recorded(entries[:cut]) as store:
        whole = Registers(store.log, lambda: NOON).history(INSTITUTION, store.head)
        with store.tabled.history(INSTITUTION, store.head) as history:
            assert plain(preview(history, entries[cut:], "test")) == plain(preview(whole, entries[cut:], "test"))


@given(mixed_registers(), st.randoms(use_true_random=False), st.lists(st.sampled_from(DAYS), min_size=4, max_size=4))
def test_differences_between_days_are_those_of_the_fold(
    entries: list[Entry], chance: random.Random, days: list[Day]
) -> None:
    """At the head and at a past position, forwards and backwards, thing by thing and day beside day."""
    with recorded(entries) as store:
        for position in positions(store, chance):
            world = store.world(position)
            with Reader(store.tabled).at(INSTITUTION, position) as reading:
                for start, end in itertools.pairwise(days):
                    whole = plain(diff(world, start, end))
                    for few in (FEW, 0):
                        with pytest.MonkeyPatch.context() as patch:
                            patch.setattr("projections.tables.differing.FEW", few)
                            assert plain(reading.diff(start, end)) == whole, (iso(start), iso(end), few)


@given(mixed_registers(), st.randoms(use_true_random=False), st.sampled_from(DAYS))
def test_what_was_learned_is_what_the_fold_learned(entries: list[Entry], chance: random.Random, day: Day) -> None:
    """Between any two positions at which entries end, each difference with the entry that brought it."""
    with recorded(entries) as store:
        earlier, later = sorted((chance.choice(store.ends), store.head))
        whole = learned(steps_between(store.known(later), earlier), day)
        with Reader(store.tabled).at(INSTITUTION, later) as reading:
            assert plain(reading.learned(earlier, day)) == plain(whole)


def whole_instrument(world: World, known: Known, instrument: str) -> Answer:
    """The history of an instrument with how it was read since, by the definition."""
    record = record_of_instrument(known, instrument)
    return {**instrument_history(world, INSTITUTION, instrument), "record": record}


@given(mixed_registers(), st.randoms(use_true_random=False))
def test_histories_of_things_are_those_of_the_fold(entries: list[Entry], chance: random.Random) -> None:
    """Of units, posts, persons, instruments and entries, also those that are unknown or called otherwise now."""
    things = [*UNITS, "root", *POSTS, *PERSONS, *(entry.entry for entry in entries)]
    with recorded(entries) as store:
        for position in positions(store, chance):
            world, known = store.world(position), store.known(position)
            with Reader(store.tabled).at(INSTITUTION, position) as reading:
                for thing in chance.sample(things, 4):
                    pairs = (
                        (partial(thing_history, world, known, INSTITUTION, thing), partial(reading.thing, thing)),
                        (partial(entry_history, world, known, INSTITUTION, thing), partial(reading.entry, thing)),
                        (partial(whole_instrument, world, known, thing), partial(reading.instrument, thing)),
                    )
                    for whole, read in pairs:
                        assert told(read) == told(whole), thing


@given(mixed_registers(), st.randoms(use_true_random=False))
def test_counts_and_the_line_of_a_register_are_those_of_the_fold(entries: list[Entry], chance: random.Random) -> None:
    """Claimed numbers at any position; name, first and last day at the head."""
    with recorded(entries) as store:
        for position in positions(store, chance):
            world = store.world(position)
            with Reader(store.tabled).at(INSTITUTION, position) as reading:
                assert plain(reading.counts()) == plain(claimed_counts(world))
                if position == store.head:
                    whole = listing_row(world, Head(position, None, ""))
                    line = plain(reading.line())
                    assert line == {name: plain(whole)[name] for name in line}
