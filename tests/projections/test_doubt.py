"""Rival claims side by side, how facts were read since, and what an entry taught: the same as its preview said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.acts import Known
from domain.dates import iso
from domain.decide import FoldedHistory, decide
from domain.entries import Entry
from domain.errors import EntryRefused
from domain.findings import findings_of
from domain.fold import fold
from projections.doubt import disputes
from projections.findings import finding_rows
from projections.histories import entry_history, states, thing_history
from projections.preview import preview
from projections.structure import Answer
from projections.taught import MOST_DAYS
from tests.history import History, abolished, appointed, post, released, unit
from tests.strategies import UNITS, entries_of, later_registers
from tests.tables.test_laws import mixed_registers

DECREE = {"kind": "decree", "signed": "2000-12-31"}
"""An instrument, for what is not only reported."""


def asked(history: History, thing: str) -> Answer:
    """The history of a thing at the head."""
    return thing_history(history.world(), Known(history.rows), "mint", thing)


def entry_of(history: History, entry: str) -> Answer:
    """The history of an entry at the head."""
    return entry_history(history.world(), Known(history.rows), "mint", entry)


def told(row: Answer) -> tuple[Any, ...]:
    """Fact, believed and rivals of a dispute: values with their events."""
    sides = [(rival["value"], rival["cause"]["event"], rival["rule"], rival["contested"]) for rival in row["rivals"]]
    return row["fact"], (row["believed"]["value"], row["believed"]["cause"]["event"]), sides


def corroborated(row: Answer) -> list[str]:
    """The events of the claims that say so too."""
    return [cause["event"] for cause in row["believed"]["corroborated_by"]]


# --- rivals side by side


def test_claims_of_one_end_stand_side_by_side_with_whoever_agrees() -> None:
    """A decree and an almanac give one day, a memoir another: the reader sees all three and the rule."""
    history = (
        History()
        .on("2001-01-01", unit("a"))
        .on("2006", abolished("a"), by="almanac")
        .on("2008-01-01", abolished("a"), by="memoir")
        .on("2006-05-01", abolished("a"), by="decree", instrument=DECREE)
    )

    [row] = asked(history, "a")["disputes"]

    assert told(row) == (
        "end",
        ("2006-05-01", "decree#1"),
        [("2008-01-01", "memoir#1", "instrument over report", ["2006-05-01", "2007-12-31"])],
    )
    assert corroborated(row) == ["almanac#1"]


def test_a_claim_that_lost_to_one_that_lost_stands_beside_the_one_believed() -> None:
    """Three sources date the founding: an almanac beats a rumour, a decree both. The rumour is not forgotten."""
    rumour = unit("a") | {"sources": [{"source": "rumour", "certainty": "low"}]}
    history = (
        History()
        .on("2001-01-01", rumour, by="rumour")
        .on("2002-01-01", unit("a"), by="almanac")
        .on("2003-01-01", unit("a"), by="decree", instrument=DECREE)
    )

    [row] = asked(history, "a")["disputes"]

    assert told(row) == (
        "start",
        ("2003-01-01", "decree#1"),
        [
            ("2002-01-01", "almanac#1", "instrument over report", ["2002-01-01", "2002-12-31"]),
            ("2001-01-01", "rumour#1", "instrument over report", ["2001-01-01", "2002-12-31"]),
        ],
    )


def test_a_source_that_shows_a_unit_too_early_claims_that_it_began_by_then() -> None:
    """It does not say when: `../D` stands beside the day of the decree."""
    showing = {"kind": "unit-attested", "unit": "a", "name": {"en": "a"}}
    history = (
        History().on("2003-01-01", showing, by="photo").on("2005-01-01", unit("a"), by="decree", instrument=DECREE)
    )

    [row] = asked(history, "a")["disputes"]

    assert told(row) == (
        "start",
        ("2005-01-01", "decree#1"),
        [("../2003-01-01", "photo#1", "instrument over report", ["2003-01-01", "2004-12-31"])],
    )


def test_another_name_on_a_day_is_a_rival_of_that_day_alone() -> None:
    """A directory calls the unit otherwise; the decree, and a letter that agrees with it, are believed."""

    def called(name: str) -> dict[str, Any]:
        return {"kind": "unit-attested", "unit": "a", "name": {"en": name}}

    history = (
        History()
        .on("2001-01-01", unit("a"), by="decree", instrument=DECREE)
        .on("2002-01-01", called("a"), by="letter")
        .on("2003-01-01", called("b"), by="directory")
    )

    [row] = asked(history, "a")["disputes"]

    assert told(row) == (
        "name",
        ({"en": "a"}, "decree#1"),
        [({"en": "b"}, "directory#1", "instrument over report", ["2003-01-01", "2003-01-01"])],
    )
    assert corroborated(row) == ["letter#1"]


def test_a_holder_who_is_shown_after_the_successor_disputes_the_end() -> None:
    """Both sides are told: the appointment of the next, and what shows the one before still there."""
    history = (
        History()
        .on("2001-01-01", post("warden"), appointed("ann", "warden"))
        .on("2005-01-01", appointed("bob", "warden"), by="next")
        .on("2006-01-01", {"kind": "tenure-attested", "person": "ann", "post": "warden"}, by="photo")
    )

    [row] = asked(history, "ann")["disputes"]

    assert row["subject"]["person"] == "ann"
    assert told(row) == (
        "end",
        (None, "photo#1"),
        [("2005-01-01", "next#1", "shown afterwards", ["2005-01-01", "2005-01-01"])],
    )
    assert asked(history, "warden")["disputes"] == [row]


def test_a_finding_of_rival_claims_tells_both_sides() -> None:
    """Whoever reads the findings need not look for the two entries."""
    history = (
        History()
        .on("2001-01-01", unit("a"))
        .on("2006-05-01", abolished("a"), by="decree", instrument=DECREE)
        .on("2008-01-01", abolished("a"), by="memoir")
    )

    [row] = finding_rows(findings_of(history.world(), "memoir"))

    assert row["dispute"]["rule"] == "instrument over report"
    assert [row["dispute"][side]["value"] for side in ("believed", "claimed")] == ["2006-05-01", "2008-01-01"]
    assert [row["dispute"][side]["cause"]["event"] for side in ("believed", "claimed")] == ["decree#1", "memoir#1"]


@given(later_registers())
def test_every_contested_day_has_a_dispute_that_tells_why(entries: list[Entry]) -> None:
    """`contested` is never said without both claims being shown."""
    world = fold(Known(rows_with(entries)))
    for name in [name for name in UNITS if ("unit", name) in world.lives]:
        spans = [
            (row["life"], rival["contested"])
            for row in disputes(world, ("unit", name))
            if row["subject"] == {"unit": name}
            for rival in row["rivals"]
            if rival["contested"]
        ]
        for state in states(world, ("unit", name)):
            if state["contested"]:
                assert any(
                    life == state["life"] and (lo or "") <= (state["from"] or "") <= (hi or "9999-12-31")
                    for life, (lo, hi) in spans
                ), state


def rows_with(entries: list[Entry]) -> list[tuple[int, Any]]:
    """The log of those of *entries* that are accepted."""
    history = FoldedHistory("cast", [])
    for entry in entries:
        try:
            history = history.also(decide(history, entry, "test").events)
        except EntryRefused:
            continue
    return list(history.rows)


# --- later readings


def corrected(target: str, reason: str, **change: Any) -> dict[str, Any]:
    """A correction of *target*."""
    return {"kind": "corrected", "target": target, "reason": reason, "change": change}


def test_every_later_reading_of_a_things_facts_is_told_in_the_order_recorded() -> None:
    """What was believed first, what then, and why."""
    history = (
        History()
        .on("2001-01-01", unit("a"))
        .on("2005-01-01", abolished("a"), by="end")
        .on(None, corrected("end#1", "misread", **abolished("a"), effective="2006-01-01"), by="fix")
        .on(None, {"kind": "annulled", "target": "fix", "reason": "read well at first"}, by="undo")
        .on(None, {"kind": "annulled", "target": "end#1", "reason": "a forgery"}, by="gone")
    )

    record = asked(history, "a")["record"]

    days = [
        (row["before"] and row["before"]["effective"], row["after"] and row["after"]["effective"]) for row in record
    ]
    assert [(row["event"], row["kind"], row["fact"], row["reason"]) for row in record] == [
        ("fix#1", "corrected", "end#1", "misread"),
        ("undo#1", "annulled", "end#1", "read well at first"),
        ("gone#1", "annulled", "end#1", "a forgery"),
    ]
    assert days == [("2005-01-01", "2006-01-01"), ("2006-01-01", "2005-01-01"), ("2005-01-01", None)]
    assert record[0]["position"] == history.ends["fix"]
    assert asked(history, "mint")["record"] == []


def test_a_fact_that_was_moved_to_another_thing_stands_in_the_record_of_both() -> None:
    """The correction says that it was b that was abolished: readers of a and of b should know."""
    history = (
        History()
        .on("2001-01-01", unit("a"), unit("b"))
        .on("2005-01-01", abolished("a"), by="end")
        .on(None, corrected("end#1", "a slip", **abolished("b")), by="fix")
    )

    assert [row["event"] for row in asked(history, "a")["record"]] == ["fix#1"]
    assert [row["event"] for row in asked(history, "b")["record"]] == ["fix#1"]
    [row] = asked(history, "b")["record"]
    assert (row["before"]["said"]["unit"], row["after"]["said"]["unit"]) == ("a", "b")
    assert (row["before"]["effective"], row["after"]["effective"]) == ("2005-01-01", "2005-01-01")


def test_an_entry_tells_who_read_it_otherwise_since() -> None:
    """Of a decree and of the correction of it alike."""
    history = (
        History()
        .on("2001-01-01", unit("a"))
        .on("2005-01-01", abolished("a"), by="end")
        .on(None, corrected("end#1", "misread", **abolished("a"), effective="2006-01-01"), by="fix")
        .on(None, {"kind": "annulled", "target": "fix#1", "reason": "read well at first"}, by="undo")
    )

    assert [row["event"] for row in entry_of(history, "end")["record"]] == ["fix#1", "undo#1"]
    assert [row["event"] for row in entry_of(history, "fix")["record"]] == ["undo#1"]
    assert entry_of(history, "undo")["record"] == []


def test_two_ids_of_one_person_are_told_with_the_reason() -> None:
    """Until it is undone."""
    history = History().on(
        None, {"kind": "identities-unified", "ids": ["ann", "bob"], "reason": "one signature"}, by="one"
    )
    [row] = asked(history, "ann")["record"]
    assert (row["kind"], row["reason"], row["before"], row["after"]["said"]["ids"]) == (
        *("identities-unified", "one signature", None),
        ["ann", "bob"],
    )

    history.on(None, {"kind": "annulled", "target": "one#1", "reason": "two people"}, by="two")
    assert [row["reason"] for row in asked(history, "bob")["record"]] == ["one signature", "two people"]


# --- what an entry taught


def test_an_entry_tells_what_it_taught_and_a_correction_why() -> None:
    """The day that was believed is taken away, for the reason given."""
    history = (
        History()
        .on("2001-01-01", unit("a"))
        .on("2005-01-01", abolished("a"), by="end")
        .on(None, corrected("end#1", "misread", **abolished("a"), effective="2006-01-01"), by="fix")
    )

    first, then = entry_of(history, "end")["learned"], entry_of(history, "fix")["learned"]

    assert [(row["kind"], row["cause"]["event"], row["reason"]) for row in first["changes"]] == [
        ("unit-abolished", "end#1", None)
    ]
    assert [(row["after"], row["cause"]["event"], row["reason"]) for row in then["changes"]] == [
        ({"name": {"en": "a"}, "kind": "department", "parent": "mint", "order": None}, "fix#1", "misread")
    ]


@pytest.mark.parametrize("count", [MOST_DAYS, MOST_DAYS + 2])
def test_of_very_many_days_the_first_are_told_and_the_others_named(count: int) -> None:
    """The eve: of as many as are told none is left out. What is left out is said, so none passes for nothing."""
    days = [iso(730_000 + day) for day in range(count)]
    units = [{**unit(f"u{at}"), "effective": on} for at, on in enumerate(days)]

    learned = entry_of(History().on(None, *units, by="many"), "many")["learned"]

    left = {"days": 2, "from": days[-2], "to": days[-1]} if count > MOST_DAYS else None
    assert learned["left_out"] == left
    assert [row["effective"] for row in learned["changes"]] == days[:MOST_DAYS]


def test_who_is_believed_of_two_alters_the_days_between() -> None:
    """On the day that is preferred nothing differs: she has left by then in either reading."""
    history = (
        History()
        .on("2001-01-01", post("warden"), appointed("ann", "warden"))
        .on("2005-01-10", released("ann", "warden"), by="early")
        .on("2005-03-10", released("ann", "warden"), by="late")
        .on(None, {"kind": "reading-preferred", "target": "late#1", "reason": "two papers say so"}, by="choice")
    )

    answer = entry_of(history, "choice")

    assert answer["learned"]["changes"] == []
    [row] = answer["altered"]
    assert row["subject"]["person"] == "ann"
    assert row["reason"] == "two papers say so"


def test_a_correction_tells_whom_it_displaces() -> None:
    """As its preview did: the post that falls is another than was written."""
    history = (
        History()
        .on("2001-01-01", post("warden"), post("clerk"), appointed("ann", "warden"), appointed("bob", "clerk"))
        .on("2005-01-01", {"kind": "post-abolished", "post": "warden"}, by="end")
        .on(None, corrected("end#1", "a slip", kind="post-abolished", post="clerk"), by="fix")
    )

    assert {person: lost["post"] for person, lost in entry_of(history, "fix")["displaced"].items()} == {"bob": "clerk"}


@given(mixed_registers(), st.data())
def test_what_a_preview_says_is_what_the_record_then_tells(entries: list[Entry], data: st.DataObject) -> None:
    """Rows, findings and displaced of a draft are those of the entry once it is recorded, whatever came before."""
    # given a register in which nothing is withheld: what is, is withheld before too
    history, recorded = FoldedHistory("cast", []), []
    for entry in [*entries, data.draw(entries_of("last"))]:
        if any(change.kind == "redacted" for change in entry.changes):
            continue
        try:
            decision = decide(history, entry, "test")
        except EntryRefused:
            continue
        recorded.append((history, entry, decision))
        history = history.also(decision.events)

    # when an entry is previewed at the position before it
    before, entry, decision = data.draw(st.sampled_from(recorded))
    seen = preview(before, [entry], "test")
    after = before.also(decision.events)
    answer = entry_history(after.world(), Known(history.rows), "cast", entry.entry)

    # then
    assert answer["learned"] == seen["diff"]
    assert {p: {"post": lost["post"], "to": lost["to"]} for p, lost in answer["displaced"].items()} == seen["displaced"]
    assert finding_rows(decision.findings) == [row for row in seen["findings"] if entry.entry in row["entries"]]
