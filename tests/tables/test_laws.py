"""What the read tables must tell of every history: what the fold of the log tells, at every known position."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from domain.dates import Day
from domain.entries import Entry, entry_from
from domain.lives import Grade
from tests.strategies import (
    controls_of,
    corrected_registers,
    entries_of,
    interesting_days,
    later_registers,
    registers,
    targets_of,
)
from tests.tables.reading import differences, recorded, rows_apart

DAYS = interesting_days()
EVERY = 13
"""Of the days, so many apart are asked about in one example, beside the two before and after all."""


@st.composite
def questions(draw: st.DrawFn) -> list[tuple[Day, Grade]]:
    """Some days, with the grades in turn."""
    offset = draw(st.integers(0, EVERY - 1))
    grades: list[Grade] = ["unattested", "possible"]
    days = [DAYS[0], *DAYS[1 + offset : -1 : EVERY], DAYS[-1]]
    return [(day, grades[(number + offset) % 2]) for number, day in enumerate(days)]


@st.composite
def mixed_registers(draw: st.DrawFn, most: int = 5, further: int = 5) -> list[Entry]:
    """Entries of any kinds, then controls among further entries; controls may be of what comes after the founding."""
    entries = draw(later_registers(most))
    for number in range(draw(st.integers(1, further))):
        if draw(st.integers(0, 2)):
            control = draw(controls_of(targets_of(entries)))
            entries.append(entry_from({"entry": f"fix{number}", "changes": [control]}, "drawn"))
        else:
            entries.append(draw(entries_of(f"more{number}")))
    return entries


def agree(entries: list[Entry], asked: list[tuple[Day, Grade]]) -> None:
    """Tables and fold tell the same at the end of every entry."""
    with recorded(entries) as store:
        apart = "\n".join(differences(store, asked))
    assert not apart, apart


@given(registers(), questions())
def test_the_tables_tell_what_the_fold_tells(entries: list[Entry], asked: list[tuple[Day, Grade]]) -> None:
    """Whoever asks for a day as known at any position cannot see that no fold was made for it."""
    agree(entries, asked)


@given(corrected_registers(), questions())
def test_the_tables_follow_corrections(entries: list[Entry], asked: list[tuple[Day, Grade]]) -> None:
    """What was known before a correction stays as it was; what is known after it is as if it had always stood."""
    agree(entries, asked)


@given(later_registers(), questions())
def test_the_tables_tell_of_all_kinds(entries: list[Entry], asked: list[tuple[Day, Grade]]) -> None:
    """Functions, coverage, capacities, quantities and lists of every scope are in the tables too."""
    agree(entries, asked)


@given(mixed_registers(), questions())
def test_the_tables_follow_controls_of_every_kind(entries: list[Entry], asked: list[tuple[Day, Grade]]) -> None:
    """Annulments, unifications, preferences, redactions, and controls of those, with further entries among them."""
    agree(entries, asked)


@given(mixed_registers())
def test_tables_kept_entry_by_entry_are_those_made_anew(entries: list[Entry]) -> None:
    """Row for row: no history of writing shows in what is kept."""
    # given tables kept up with the log
    with recorded(entries) as store:
        kept = store.dump()

        # when they are made anew from it
        store.rebuild()
        anew = store.dump()

    # then
    apart = rows_apart(kept, anew)
    assert not apart, "\n".join(apart)


@given(mixed_registers())
def test_what_is_remembered_between_entries_never_shows(entries: list[Entry]) -> None:
    """A process that starts anew for each entry keeps the same tables as one that writes them all."""
    with recorded(entries) as store:
        remembered = store.dump()
    with recorded(entries, forgetful=True) as store:
        read = store.dump()

    apart = rows_apart(remembered, read)
    assert not apart, "\n".join(apart)


@given(later_registers(), st.randoms(use_true_random=False))
def test_order_of_recording_never_changes_what_is_believed(entries: list[Entry], chance: random.Random) -> None:
    """Independent entries leave the same rows, whichever came first; positions apart."""
    # given the same entries in another order, when every one is accepted in both
    founding, *others = entries
    shuffled = [founding, *chance.sample(others, len(others))]
    with recorded(entries) as store:
        one, refused = store.believed(), store.refused
    with recorded(shuffled) as store:
        other, also_refused = store.believed(), store.refused
    if refused or also_refused:
        return

    # then
    apart = rows_apart({"believed": one}, {"believed": other})
    assert not apart, "\n".join(apart)
