"""Whoever is overtaken while he decides is not overtaken again: he decides anew while others wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from domain.decide import Drafting
from domain.entries import Entry, entry_from
from domain.errors import EntryDiffers, EntryRefused, HeadMoved
from domain.log import Log
from domain.recording import Registers
from projections.tables.rebuilding import MaintainedLog
from tests.history import NOON
from tests.stores import OpenStore

FOUNDING = {
    "entry": "founding",
    "changes": [
        {"kind": "institution-declared", "name": {"en": "Mint"}},
        {"kind": "unit-established", "unit": "mint", "name": {"en": "Mint"}, "effective": "1802"},
    ],
}


def unit(entry: str, unit: str, year: int = 1803) -> Entry:
    """An entry that establishes a unit."""
    change = {"kind": "unit-established", "unit": unit, "name": {"en": unit}, "effective": f"{year}"}
    return entry_from({"entry": entry, "changes": [change]}, "a test")


class Overtaken(Registers):
    """Registers into which somebody else records *others*, one each time that an entry has been decided on."""

    def __init__(self, log: MaintainedLog, *others: Entry) -> None:
        self.others = list(others)
        self.decided = 0
        rival = Registers(log, lambda: NOON, log.history, log.page)

        @contextmanager
        def histories(institution: str, position: int) -> Iterator[Drafting]:
            with log.history(institution, position) as history:
                yield history
            self.decided += 1
            if self.others:
                rival.record(institution, self.others.pop(0), "rival")

        super().__init__(log, lambda: NOON, histories, log.page)


@pytest.fixture
def overtaken(open_store: OpenStore) -> Callable[..., Overtaken]:
    """Registers of a mint that is founded, into which others record in between."""

    def make(*others: Entry) -> Overtaken:
        log: Any = open_store()
        Registers(log, lambda: NOON, log.history, log.page).record("mint", entry_from(FOUNDING, "a test"), "test")
        return Overtaken(log, *others)

    return make


def entries(log: Log) -> list[tuple[int, str]]:
    """Position and entry of all that is recorded."""
    return [(row.position, row.event.entry) for row in log.read("mint")]


def test_an_entry_is_decided_on_twice_at_most(overtaken: Callable[..., Overtaken]) -> None:
    """However many others record without a pause."""
    registers = overtaken(*(unit(f"rival-{n}", f"r{n}") for n in range(5)))

    receipt = registers.record("mint", unit("mine", "office"), "me")

    assert (receipt.new, receipt.first, receipt.last) == (True, 4, 4)
    assert receipt.head == registers.head("mint")
    assert registers.decided == 1
    assert entries(registers.log)[2:] == [(3, "rival-0"), (4, "mine")]


def test_it_is_decided_on_what_the_other_left(overtaken: Callable[..., Overtaken]) -> None:
    """What the other has made the id of a person meanwhile cannot be that of a unit, and nothing is recorded."""
    person = {"kind": "person-registered", "person": "office", "name": {"en": "Office"}}
    registers = overtaken(entry_from({"entry": "rival", "changes": [person]}, "a test"))

    with pytest.raises(EntryRefused):
        registers.record("mint", unit("mine", "office"), "me")

    assert entries(registers.log)[2:] == [(3, "rival")]


def test_the_same_entry_from_two_at_once_is_recorded_once(overtaken: Callable[..., Overtaken]) -> None:
    """Both are told where it stands."""
    registers = overtaken(unit("mine", "office"))

    receipt = registers.record("mint", unit("mine", "office"), "me")

    assert (receipt.new, receipt.first, receipt.last) == (False, 3, 3)
    assert entries(registers.log)[2:] == [(3, "mine")]


def test_of_two_that_differ_under_one_name_the_second_is_refused(overtaken: Callable[..., Overtaken]) -> None:
    """As if it had come later."""
    registers = overtaken(unit("mine", "office", 1804))

    with pytest.raises(EntryDiffers):
        registers.record("mint", unit("mine", "office"), "me")


def test_whoever_names_the_head_is_told_that_it_has_moved(overtaken: Callable[..., Overtaken]) -> None:
    """If-Match means the log on which he decided."""
    registers = overtaken(unit("rival", "r"))

    with pytest.raises(HeadMoved):
        registers.record("mint", unit("mine", "office"), "me", expected=registers.head("mint").hash)

    assert entries(registers.log)[2:] == [(3, "rival")]


def test_what_is_tried_now_is_tried_on_one_moment_without_folding_the_register(open_store: OpenStore) -> None:
    """An entry recorded between looking where the log ends and reading the tables is part of what is tried on."""
    # given
    log: Any = open_store()
    writer = Registers(log, lambda: NOON, log.history, log.page)
    writer.record("mint", entry_from(FOUNDING, "a test"), "test")

    @contextmanager
    def histories(institution: str, position: int) -> Iterator[Drafting]:
        writer.record(institution, unit("rival", "r"), "rival")
        with log.history(institution, position) as history:
            yield history

    registers = Registers(log, lambda: NOON, histories, log.page)

    # when
    with registers.trying("mint") as (head, history):
        tried, known = head, history.kind_of("r")

    # then
    assert tried == writer.head("mint")
    assert tried.position == 3
    assert known == "unit"
    assert not any(shelf.rows for shelf in registers._shelves.values()), "nothing was read whole"


def test_what_is_tried_on_what_was_known_is_of_that_position(open_store: OpenStore) -> None:
    """And a register that there is not can be tried to be founded."""
    # given
    log: Any = open_store()
    registers = Registers(log, lambda: NOON, log.history, log.page)
    registers.record("mint", entry_from(FOUNDING, "a test"), "test")
    registers.record("mint", unit("later", "office"), "test")

    # when
    with registers.trying("mint", "2") as (head, history):
        before = head.position, history.position, history.kind_of("office")
    with registers.trying("mint") as (head, history):
        after = head.position, history.position, history.kind_of("office")
    with registers.trying("nowhere") as (head, history):
        nothing = head.position, history.position, history.founded

    # then
    assert before == (2, 2, None)
    assert after == (3, 3, "unit")
    assert nothing == (0, 0, False)
