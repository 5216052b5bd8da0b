"""What was learned of a day: rows that tell two known positions apart, each with the entry that brought it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.acts import Known
from domain.changes import Annulled, Corrected
from domain.dates import day
from domain.entries import Entry
from projections.diff import ALTERS
from projections.learned import learned, steps_between
from projections.structure import Answer, structure
from tests import strategies
from tests.history import History, abolished, appointed, post, rows_of, unit


def of_day(history: History, as_of: str, since: str, until: str | None = None) -> Answer:
    """What was learned of a day by the entries after *since* up to *until*, by default the last."""
    rows = history.rows[: history.ends[until]] if until else history.rows
    return learned(steps_between(Known(rows), history.ends[since]), day(as_of))


def told(answer: Answer) -> list[tuple[Any, ...]]:
    """Kind, subject and event of each row."""
    return [(row["kind"], row["subject"], row["cause"]["event"]) for row in answer["changes"]]


def annulled(target: str) -> dict[str, Any]:
    """A change that annuls *target*."""
    return {"kind": "annulled", "target": target, "reason": "a forgery"}


def corrected(target: str, change: dict[str, Any]) -> dict[str, Any]:
    """A change that corrects *target*."""
    return {"kind": "corrected", "target": target, "change": change, "reason": "misread"}


# --- steps


def test_steps_end_where_entries_end() -> None:
    """What is known at the start, then after each entry: never the half of one."""
    history = History().on("2001-01-01", unit("a"), unit("b")).on("2002-01-01", unit("c"))

    steps = steps_between(Known(history.rows), history.ends["founding"])

    assert [len(step.known.rows) for step in steps] == [5, 7, 8]
    assert [[event.target for event in step.events] for step in steps] == [[], ["e1#1", "e1#2"], ["e2#1"]]
    assert [len(step.events) for step in steps_between(Known(history.rows), 0)] == [0, 5, 2, 1]
    assert [len(step.events) for step in steps_between(Known(history.rows), 8)] == [0]


def test_between_a_position_and_itself_nothing_is_learned() -> None:
    """No entry, no row."""
    history = History().on("2001-01-01", unit("a"))

    answer = of_day(history, "2001-01-01", "e1")

    assert answer == {"changes": [], "links": [], "ended": [], "new": [], "counts": {"regraded": 0}}


# --- rows of knowledge


def test_the_eve_of_a_late_decree_is_untouched() -> None:
    """What was learned of the first day was not learned of the day before."""
    history = History().on("2001-01-01", unit("assay")).on("2005-05-01", abolished("assay"), by="late")

    assert told(of_day(history, "2005-04-30", "e1")) == []
    assert told(of_day(history, "2005-05-01", "e1")) == [("unit-abolished", {"unit": "assay"}, "late#1")]


def test_one_decree_found_late_ends_what_hangs_on_it() -> None:
    """The implied ends are learned by the same entry."""
    history = (
        History()
        .on("2001-01-01", unit("assay"), unit("lab", "assay"), post("warden", "lab"), appointed("ann", "warden"))
        .on("2005-05-01", abolished("assay"), by="late")
    )

    rows = of_day(history, "2006-01-01", "e1")["changes"]

    assert {(row["kind"], row["implied"]) for row in rows} == {
        ("unit-abolished", False),
        ("unit-abolished", True),
        ("post-abolished", True),
        ("released", True),
    }
    assert {row["cause"]["event"] for row in rows} == {"late#1"}
    assert of_day(history, "2006-01-01", "e1")["ended"] == ["assay", "lab"]


def test_an_entry_withdrawn_in_the_window_is_not_told() -> None:
    """Netted, as between days: what was believed for a while in between is not what the reader asks."""
    history = History().on("2001-01-01", unit("a"), by="one").on(None, annulled("one"), by="two")

    assert told(of_day(history, "2002-01-01", "founding")) == []
    assert told(of_day(history, "2002-01-01", "founding", "one")) == [("unit-established", {"unit": "a"}, "one#1")]
    assert told(of_day(history, "2002-01-01", "one")) == [("annulled", {"unit": "a"}, "two#1")]


def test_a_correction_of_a_correction_is_the_cause_of_what_it_says() -> None:
    """The last reading brought the name that is known now."""
    named = {"kind": "unit-renamed", "unit": "a", "name": {"en": "Assay"}}
    history = (
        History()
        .on("2001-01-01", unit("a"))
        .on("2002-01-01", named, by="one")
        .on(None, corrected("one#1", {**named, "name": {"en": "Essay"}}), by="two")
        .on(None, corrected("two#1", {**named, "name": {"en": "Assay Office"}}), by="three")
    )

    (row,) = of_day(history, "2003-01-01", "one")["changes"]

    assert (row["kind"], row["before"], row["after"]) == (
        "unit-renamed",
        {"name": {"en": "Assay"}},
        {"name": {"en": "Assay Office"}},
    )
    assert row["cause"]["event"] == "three#1"


def test_an_annulled_correction_gives_the_first_reading_back() -> None:
    """What the correction had said is annulled."""
    named = {"kind": "unit-renamed", "unit": "a", "name": {"en": "Assay"}}
    history = (
        History()
        .on("2001-01-01", unit("a"))
        .on("2002-01-01", named, by="one")
        .on(None, corrected("one#1", {**named, "name": {"en": "Essay"}}), by="two")
        .on(None, annulled("two#1"), by="three")
    )

    (row,) = of_day(history, "2003-01-01", "two")["changes"]

    assert (row["kind"], row["before"], row["after"], row["cause"]["event"]) == (
        "annulled",
        {"name": {"en": "Essay"}},
        {"name": {"en": "Assay"}},
        "three#1",
    )
    assert told(of_day(history, "2003-01-01", "one")) == []


def test_a_preferred_reading_is_learned() -> None:
    """Nothing happened but that another source is believed."""
    history = (
        History()
        .on("2001-01-01", unit("a"), by="one")
        .on("2001-01-01", {**unit("a"), "name": {"en": "Assay"}}, by="two")
        .on(None, {"kind": "reading-preferred", "target": "two#1", "reason": "the gazette"}, by="three")
    )

    (row,) = of_day(history, "2002-01-01", "two")["changes"]

    assert (row["after"], row["cause"]["event"]) == ({"name": {"en": "Assay"}}, "three#1")


def test_a_reorganization_found_late_is_one_row_and_so_is_its_annulment() -> None:
    """The two that were merged are two again."""
    merged = {
        "kind": "units-reorganized",
        "form": "merge",
        "before": ["a", "b"],
        "after": [{"unit": "c", "name": {"en": "C"}, "parent": "mint"}],
    }
    history = (
        History()
        .on("2001-01-01", unit("a"), unit("b"))
        .on("2002-01-01", merged, by="one")
        .on(None, annulled("one"), by="two")
    )

    came, went = of_day(history, "2003-01-01", "e1", "one"), of_day(history, "2003-01-01", "one")

    assert told(came) == [("units-reorganized", {"units": ["a", "b", "c"]}, "one#1")]
    assert (came["ended"], came["new"], came["links"]) == (["a", "b"], ["c"], [])
    assert ("annulled", {"units": ["a", "b", "c"]}, "two#1") in told(went)
    assert (went["ended"], went["new"]) == (["c"], ["a", "b"])
    assert {row["cause"]["entry"] for row in went["changes"]} == {"two"}


def test_a_difference_of_grade_alone_is_counted_and_not_told() -> None:
    """A later source makes sure of what was presumed."""
    history = History().on("2001-01-01", unit("a")).on("2005-01-01", {"kind": "unit-attested", "unit": "a"}, by="late")

    answer = of_day(history, "2003-01-01", "e1")

    assert answer["changes"] == []
    assert answer["counts"]["regraded"] == 2, "the unit, and the mint that it hangs on"


def test_units_without_a_name_are_told_on_their_day_alone() -> None:
    """They are rows only: on no other day does the structure miss them."""
    four = {"kind": "unnamed-units-abolished", "count": 4, "unit_kind": "office", "parent": "mint"}
    history = History().on("2001-01-01", four, by="late")

    assert told(of_day(history, "2001-01-01", "founding")) == [
        ("unnamed-units-abolished", {"event": "late#1"}, "late#1")
    ]
    assert [told(of_day(history, d, "founding")) for d in ("2000-12-31", "2001-01-02")] == [[], []]


def test_a_fact_recorded_anew_is_not_blamed_on_what_came_after() -> None:
    """One entry is annulled for another that says the same; the next is about something else altogether."""
    history = (
        History()
        .on("2001-01-01", unit("a"), by="old")
        .on("2001-01-01", unit("a"), by="new")
        .on(None, annulled("old"), by="tidied")
        .on("2002-01-01", unit("b"), by="other")
    )

    rows = of_day(history, "2001-06-01", "old")["changes"]

    assert {row["cause"]["entry"] for row in rows if row["subject"] == {"unit": "a"}} <= {"new", "tidied"}


def test_what_a_unification_took_away_is_not_annulled_by_its_neighbour() -> None:
    """The rename was a forgery, and another change of the same entry says that two units are one."""
    named = {"kind": "unit-renamed", "unit": "mint", "name": {"en": "Royal Mint"}}
    history = (
        History()
        .on("2001-01-01", unit("a"), unit("b"))
        .on("2002-01-01", named, by="old")
        .on(None, annulled("old"), {"kind": "identities-unified", "ids": ["a", "b"], "reason": "one"}, by="new")
    )

    (row,) = (row for row in of_day(history, "2003-01-01", "old")["changes"] if row["subject"] == {"unit": "b"})

    assert (row["kind"], row["cause"]["event"]) == ("unit-established", "new#2")


# --- laws


@st.composite
def logs(draw: st.DrawFn) -> tuple[list[Entry], int]:
    """A register with corrections and annulments, and how many of its entries were known before."""
    entries = draw(strategies.corrected_registers())
    return entries, draw(st.integers(0, len(entries) - 1))


ALTERED = {kind: (thing, attribute) for (thing, attribute), kind in ALTERS.items() if thing in ("unit", "post")}


def values_of(answer: Answer) -> dict[tuple[str, str], Answer]:
    """What a structure says of units and posts, without grades, spans and causes."""
    unit_says, post_says = ("name", "kind", "parent", "order"), ("title", "unit", "seats", "portfolio")
    units = {("unit", u): {name: said[name] for name in unit_says} for u, said in answer["units"].items()}
    posts = {("post", p): {name: said[name] for name in post_says} for p, said in answer["posts"].items()}
    return units | posts


@given(logs(), st.sampled_from(strategies.interesting_days()))
@settings(max_examples=120, deadline=None)
def test_rows_agree_with_what_was_known_and_is(log: tuple[list[Entry], int], as_of: int) -> None:
    """A row's sides are what was known and what is; nothing that differs lacks a row; its entry is of the window."""
    # given
    entries, before = log
    rows = rows_of(entries)
    start = len(rows_of(entries[:before]))
    steps = steps_between(Known(rows), start)
    older, newer = structure(steps[0].world, as_of), structure(steps[-1].world, as_of)

    # when
    answer = learned(steps, as_of)

    # then
    for row in answer["changes"]:
        assert row["cause"]["entry"] in {entry.entry for entry in entries[before:]}
        if row["kind"] in ALTERED and row["before"] is not None and row["after"] is not None:
            thing, attribute = ALTERED[row["kind"]]
            part, name = f"{thing}s", row["subject"][thing]
            assert row["before"] == {attribute: older[part][name][attribute]}
            assert row["after"] == {attribute: newer[part][name][attribute]}
        if row["kind"] in ("annulled", "corrected"):
            (entry,) = (entry for entry in entries if entry.entry == row["cause"]["entry"])
            assert any(isinstance(change, Annulled | Corrected) for change in entry.changes)
            assert row["before"] is not None
    was, now = values_of(older), values_of(newer)
    subjects = {
        (kind, name)
        for row in answer["changes"]
        for kind, said in row["subject"].items()
        for name in (said if kind == "units" else [said])
    } | {("unit", name) for row in answer["changes"] for name in row["subject"].get("units", ())}
    assert {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)} <= subjects
    assert answer["ended"] == sorted(older["units"].keys() - newer["units"].keys())
    assert answer["new"] == sorted(newer["units"].keys() - older["units"].keys())
    assert sum(n for kind, n in answer["counts"].items() if kind != "regraded") == len(answer["changes"])


@given(logs(), st.sampled_from(strategies.interesting_days()))
@settings(max_examples=120, deadline=None)
def test_after_its_cause_what_a_row_tells_did_not_change_again(log: tuple[list[Entry], int], as_of: int) -> None:
    """The cause is the last entry that made it so: from there on every position says the same of it."""
    # given
    entries, before = log
    steps = steps_between(Known(rows_of(entries)), len(rows_of(entries[:before])))

    # when
    rows = [row for row in learned(steps, as_of)["changes"] if row["subject"].keys() in ({"unit"}, {"post"})]

    # then
    values = [values_of(structure(step.world, as_of)) for step in steps] if rows else []
    for row in rows:
        if "tenure" in (row["before"] or row["after"] or {}):
            continue  # a holder of the post
        (key,) = row["subject"].items()
        told = list((row["after"] or row["before"]) if row["after"] and row["before"] else ())
        said = [{name: each[key][name] for name in told} if told and key in each else each.get(key) for each in values]
        at = next(i for i in range(1, len(steps)) if steps[i].events[0].entry == row["cause"]["entry"])
        assert said[at:] == [said[at]] * (len(steps) - at)


@given(logs(), st.sampled_from(strategies.interesting_days()))
@settings(max_examples=60, deadline=None)
def test_a_log_that_does_not_grow_teaches_nothing(log: tuple[list[Entry], int], as_of: int) -> None:
    """No day has a row between a position and itself."""
    known = Known(rows_of(log[0]))

    assert learned(steps_between(known, len(known.rows)), as_of)["changes"] == []


@pytest.mark.parametrize("start", [0, 5])
def test_what_is_withheld_is_withheld_on_both_sides(start: int) -> None:
    """Redaction holds at every known position, so nothing of it is ever learned."""
    history = History().on("2001-01-01", unit("a"), by="one")

    steps = steps_between(Known(history.rows, frozenset({"one#1"})), start)

    assert {"unit": "a"} not in [row["subject"] for row in learned(steps, day("2002-01-01"))["changes"]]
