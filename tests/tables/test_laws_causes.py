"""Effects, what undid them, and every act that touched a thing: from the tables what the fold tells."""

from __future__ import annotations

import random
from functools import partial
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.entries import Entry, entry_from
from projections.histories import entry_history, thing_history
from projections.tables.reading import Reader
from tests.strategies import FOUNDING, PERSONS, POSTS, UNITS, controls_of, days, targets_of
from tests.tables.reading import INSTITUTION, recorded
from tests.tables.test_laws import mixed_registers
from tests.tables.test_laws_answers import positions, told, whole_instrument


@st.composite
def lawgiving(draw: st.DrawFn) -> list[Entry]:
    """Registers in which later decrees amend, repeal, reinstate and name anew, and some of that is corrected."""
    entries = draw(mixed_registers())
    for number in range(draw(st.integers(1, 4))):
        decrees = [entry.entry for entry in entries if entry.instrument is not None] or ["e0"]
        kinds: list[dict[str, Any]] = [
            {"kind": "instrument-amended", "instrument": draw(st.sampled_from(decrees))},
            {"kind": "instrument-repealed", "instrument": draw(st.sampled_from(decrees))},
            {"kind": "unit-reinstated", "unit": draw(st.sampled_from(UNITS))},
            {"kind": "post-reinstated", "post": draw(st.sampled_from(POSTS)), "seats": 1},
            {"kind": "person-renamed", "person": draw(st.sampled_from(PERSONS)), "name": {"en": "X"}},
            {"kind": "person-registered", "person": draw(st.sampled_from(PERSONS)), "name": {"en": "Y"}},
        ]
        changes = [{**draw(st.sampled_from(kinds)), "effective": draw(days)} for _ in range(draw(st.integers(1, 2)))]
        if not draw(st.integers(0, 3)):
            changes.append(draw(controls_of(targets_of(entries))))
        decree = {"kind": "decree", "number": str(number), "signed": draw(days)}
        entries.append(entry_from({"entry": f"law{number}", "instrument": decree, "changes": changes}, "drawn"))
    return entries


@given(lawgiving(), st.randoms(use_true_random=False))
def test_causes_are_those_of_the_fold(entries: list[Entry], chance: random.Random) -> None:
    """Of instruments that were amended and repealed, of entries, and of things that stand again."""
    with recorded(entries) as store:
        for position in positions(store, chance):
            world, known = store.world(position), store.known(position)
            with Reader(store.tabled).at(INSTITUTION, position) as reading:
                for thing in chance.sample([*UNITS, "root", *POSTS, *PERSONS], 3):
                    whole = told(partial(thing_history, world, known, INSTITUTION, thing))
                    assert told(partial(reading.thing, thing)) == whole, thing
                for name in chance.sample([entry.entry for entry in entries], min(3, len(entries))):
                    whole = told(partial(entry_history, world, known, INSTITUTION, name))
                    assert told(partial(reading.entry, name)) == whole, name
                    whole = told(partial(whole_instrument, world, known, name))
                    assert told(partial(reading.instrument, name)) == whole, name


def test_what_passed_on_to_a_unit_falls_with_it() -> None:
    """A post that was never said to be in the last of three units, each of which became the next."""
    names = ["u1", "u2", "u3"]
    became = [
        {
            "kind": "units-reorganized",
            "form": "transform",
            "before": [old],
            "after": [{"unit": new, "name": {"en": new}}],
            "effective": f"200{number}-01-01",
        }
        for number, (old, new) in enumerate(pairwise(names), start=2)
    ]
    founded: list[dict[str, Any]] = [
        {"kind": "unit-established", "unit": "u1", "name": {"en": "u1"}, "parent": "root"},
        {"kind": "post-created", "post": "p1", "unit": "u1", "title": {"en": "p"}, "seats": 1},
        {"kind": "appointed", "person": "ann", "post": "p1", "capacity": "substantive"},
    ]
    entries = [
        FOUNDING,
        entry_from({"entry": "founded", "effective": "2001-01-01", "changes": founded}, "test"),
        *(entry_from({"entry": f"became{n}", "changes": [change]}, "test") for n, change in enumerate(became)),
        entry_from(
            {"entry": "gone", "effective": "2005-01-01", "changes": [{"kind": "unit-abolished", "unit": "u3"}]}, "test"
        ),
    ]
    with recorded(entries) as store, Reader(store.tabled).at(INSTITUTION, store.head) as reading:
        answer = reading.entry("gone")

        assert [row["kind"] for row in answer["effects"]] == ["unit-abolished", "post-abolished", "released"]
        assert answer["displaced"].keys() == {"ann"}
        assert told(partial(reading.entry, "gone")) == told(
            partial(entry_history, store.world(store.head), store.known(store.head), INSTITUTION, "gone")
        )
