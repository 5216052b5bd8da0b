"""What must hold of every history: of facts recorded anew, of the store and its export, and of grades."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.acts import Known, redactions
from domain.dates import Day
from domain.entries import Entry, entry_from
from domain.errors import EntryDiffers, EntryRefused
from domain.fold import fold
from domain.lives import GRADES, Grade
from domain.log import Log
from domain.recording import Registers
from domain.world import World
from projections.counted import claimed_counts
from projections.findings import findings
from projections.recorders.sqlite import open_sqlite
from projections.structure import DIFFED, Answer, structure
from tests.history import NOON, world_of
from tests.laws.test_laws_later import controlled_registers, recorded
from tests.strategies import PERSONS, interesting_days, later_registers

ALL_DAYS = interesting_days()
DAYS = ALL_DAYS[::4]


def told(world: World, days: Iterable[Day] = DAYS) -> list[Any]:
    """What a register answers: the structure on *days*, findings and counts."""
    return [[structure(world, day, "unattested") for day in days], findings(world), claimed_counts(world)]


def written(entry: Entry) -> Answer:
    """An entry as its editor would write it."""
    data: Answer = entry.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return data


def things(answer: Answer) -> Iterator[tuple[str, Answer]]:
    """Everything that a structure grades, with its kind and id; holders under their posts."""
    for part in DIFFED:
        for name, thing in answer[part].items():
            yield f"{part} {name}", thing
            for tenure, holder in thing.get("holders", {}).items():
                yield f"{part} {name} {tenure}", holder


# --- facts recorded anew


@given(later_registers(7), st.data())
def test_facts_withdrawn_and_recorded_anew_tell_the_same(entries: list[Entry], data: st.DataObject) -> None:
    """An entry annulled, and its facts under another id, are nothing for today but another name of the cause."""
    # given an entry, and its facts again under an id that keeps its place among the entries of one day
    old = data.draw(st.sampled_from(entries[1:]))
    anew = entry_from({**written(old), "entry": f"{old.entry}-anew"}, "drawn")
    annulment = {"kind": "annulled", "target": old.entry, "reason": "recorded under a wrong id"}
    gone = entry_from({"entry": "gone", "changes": [annulment]}, "drawn")

    # when
    before, after = world_of(entries), world_of([*entries, gone, anew])

    # then only the ids made of the entry's differ: causes, and tenures, functions and quantities called by an event
    def on(world: World, day: Day) -> Any:
        answer = orjson.dumps(structure(world, day, "unattested")).decode()
        for end in ('"', "#"):
            answer = answer.replace(f'"{old.entry}-anew{end}', f'"{old.entry}{end}')
        return json.loads(answer)

    for day in DAYS:
        assert on(after, day) == on(before, day)


# --- the store


def record_all(log: Log, entries: Iterable[Entry]) -> list[Entry]:
    """Record *entries* in order; those that were accepted."""
    registers, accepted = Registers(log, lambda: NOON), []
    for entry in entries:
        try:
            registers.record("mint", entry, "test")
        except EntryRefused:
            continue
        accepted.append(entry)
    return accepted


@given(controlled_registers(5, 3))
def test_what_is_stored_is_read_as_it_was_decided(entries: list[Entry]) -> None:
    """A register read back from the store is, event by event, what deciding on it in memory makes."""
    rows, ends = recorded(entries)

    with open_sqlite(":memory:") as log:
        accepted = record_all(log, entries)

        # then the same entries are accepted, and each event is read back whole
        assert len(accepted) == len(ends)
        gone = redactions(event for _, event in rows)
        left = [(position, event.blank() if event.target in gone else event) for position, event in rows]
        assert [(row.position, row.event) for row in log.read("mint")] == left
        # and a reader of the store, who never wrote to it, is told the same
        view = Registers(log, lambda: NOON).view("mint")
        assert told(view.world, DAYS[::3]) == told(fold(Known(rows, gone)), DAYS[::3])


@given(controlled_registers(5, 3), st.randoms(use_true_random=False))
def test_the_same_entry_again_records_nothing(entries: list[Entry], chance: random.Random) -> None:
    """In any order, whatever was corrected, annulled or withheld since, and whoever sends it."""
    with open_sqlite(":memory:") as log:
        accepted = record_all(log, entries)
        head, registers = log.head("mint"), Registers(log, lambda: NOON)

        for entry in chance.sample(accepted, len(accepted)):
            receipt = registers.record("mint", entry_from(written(entry), "again"), "somebody else")
            assert (receipt.new, receipt.head.hash) == (False, head.hash)
            assert (receipt.first, receipt.last) == log.entry("mint", entry.entry)
        other = {"kind": "source-registered", "source": "other", "title": {"en": "Other"}}
        differs = entry_from({"entry": accepted[-1].entry, "changes": [other]}, "again")
        with pytest.raises(EntryDiffers):
            registers.record("mint", differs, "test")
        assert log.head("mint") == head


@given(controlled_registers(5, 3), st.data())
def test_an_exported_register_is_the_same_elsewhere(entries: list[Entry], data: st.DataObject) -> None:
    """Its head has the same hash, it verifies, exports the same bytes and answers the same, at every position."""
    with open_sqlite(":memory:") as log, open_sqlite(":memory:") as elsewhere:
        # given
        record_all(log, entries)
        out, again = io.BytesIO(), io.BytesIO()
        log.export("mint", out)

        # when
        head = elsewhere.load(io.BytesIO(out.getvalue()))

        # then
        elsewhere.export("mint", again)
        assert head == log.head("mint") == elsewhere.head("mint") == elsewhere.verify("mint")
        assert again.getvalue() == out.getvalue()
        at = data.draw(st.sampled_from([None, *map(str, range(1, head.position + 1))]))
        here, there = (Registers(store, lambda: NOON).view("mint", at) for store in (log, elsewhere))
        assert here.head == there.head
        assert told(here.world, DAYS[::3]) == told(there.world, DAYS[::3])


# --- grades


@given(controlled_registers())
def test_nothing_contested_is_certain(entries: list[Entry]) -> None:
    """Where sources disagree over a day, no answer is sure of it."""
    world = world_of(entries)

    for day in DAYS:
        for name, thing in things(structure(world, day, "certain")):
            assert thing["grade"] == "certain", name
            assert not thing.get("contested"), name


WEAK: list[Answer] = [{"basis": "inferred"}, {"sources": [{"source": "s", "certainty": "low"}]}]
"""What keeps a claim from proving anything."""


def weakened(entry: Entry, weakness: Answer, of: str | None = None) -> Entry:
    """The entry with its changes made weak: all, or those that name *of*."""
    data = written(entry)
    changes = [{**c, **weakness} if of is None or f'"{of}"' in json.dumps(c) else c for c in data["changes"]]
    return entry_from({**data, "changes": changes}, "drawn")


@given(later_registers(), st.sampled_from(WEAK))
def test_what_is_inferred_or_of_low_certainty_makes_nothing_certain(entries: list[Entry], weakness: Answer) -> None:
    """However many such claims there are; they show a thing none the less."""
    world = world_of([entries[0], *(weakened(entry, weakness) for entry in entries[1:])])

    for day in DAYS:
        for name, thing in things(structure(world, day, "unattested")):
            assert thing["grade"] != "certain", name


@given(later_registers(), st.sampled_from(PERSONS), st.sampled_from(WEAK))
def test_a_tenure_of_weak_claims_alone_is_never_certain(entries: list[Entry], person: str, weakness: Answer) -> None:
    """Whatever is well known of its post and of who else held it."""
    world = world_of([entries[0], *(weakened(entry, weakness, person) for entry in entries[1:])])

    for day in DAYS:
        for post in structure(world, day, "certain")["posts"].values():
            assert person not in [holder["person"] for holder in post["holders"].values()]


@given(controlled_registers())
def test_each_grade_shows_what_the_surer_grades_show(entries: list[Entry]) -> None:
    """A structure down to a grade is the widest one without what is less sure, to the letter."""
    world = world_of(entries)

    def down_to(answer: Answer, lowest: Grade) -> Answer:
        """What *answer* shows that is at least so sure."""
        kept: Answer = {}
        for name, thing in answer.items():
            if GRADES.index(thing["grade"]) <= GRADES.index(lowest):
                kept[name] = thing
                if "holders" in thing:
                    kept[name] = {**thing, "holders": down_to(thing["holders"], lowest)}
        return kept

    for day in DAYS:
        widest = structure(world, day, "unattested")
        for lowest in GRADES:
            answer = structure(world, day, lowest)
            for part in DIFFED:
                assert answer[part] == down_to(widest[part], lowest)
