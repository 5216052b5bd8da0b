"""What recording entries would do, as a function of what is recorded: the same as if they were."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.acts import Known
from domain.dates import day
from domain.decide import FoldedHistory, decide
from domain.entries import Entry, entry_from
from domain.errors import EntryRefused
from domain.fold import fold
from projections.findings import findings
from projections.learned import learned, steps_between
from projections.preview import preview
from projections.structure import Answer
from tests import strategies
from tests.history import FOUNDING, History, abolished, appointed, post, unit


def draft(name: str, effective: str | None, *changes: dict[str, Any], **more: Any) -> Entry:
    """An entry that is not recorded."""
    return entry_from({"entry": name, "effective": effective, "changes": list(changes), **more}, "test")


def previewed(history: History, *drafts: Entry) -> Answer:
    """What recording *drafts* would do."""
    return preview(FoldedHistory("mint", list(history.rows)), drafts, "test")


def told(answer: Answer) -> list[tuple[Any, ...]]:
    """Kind, subject and event of each row."""
    return [(row["kind"], row["subject"], row["cause"]["event"]) for row in answer["diff"]["changes"]]


def renamed(name: str, to: str) -> dict[str, Any]:
    """A unit renamed."""
    return {"kind": "unit-renamed", "unit": name, "name": {"en": to}}


# --- days


def test_rows_come_in_the_order_of_their_days() -> None:
    """A draft that reaches over years reads as it would happen."""
    answer = previewed(
        History(),
        draft("two", "2010-01-01", renamed("mint", "Mint 2")),
        draft("one", "2005-01-01", unit("a")),
    )

    assert told(answer) == [
        ("unit-established", {"unit": "a"}, "one#1"),
        ("unit-renamed", {"unit": "mint"}, "two#1"),
    ]


def test_what_lasts_only_between_two_acts_is_shown_on_the_day_it_begins() -> None:
    """A unit of one summer is in neither structure afterwards; the preview shows it all the same."""
    answer = previewed(
        History(), draft("one", "2005-05-01", unit("fair")), draft("two", "2005-09-01", abolished("fair"))
    )

    assert told(answer) == [("unit-established", {"unit": "fair"}, "one#1")]


def test_a_correction_that_moves_an_act_is_shown_on_both_days() -> None:
    """The old day loses what the new day gains."""
    history = History().on("2001-01-01", unit("a")).on("2005-01-01", abolished("a"), by="end")
    correction = {"kind": "corrected", "target": "end#1", "reason": "misread"}

    later = previewed(history, draft("fix", None, {**correction, "change": abolished("a") | {"effective": "2008"}}))
    earlier = previewed(
        history, draft("fix", None, {**correction, "change": abolished("a") | {"effective": "2003-01-01"}})
    )

    assert told(later) == [("unit-established", {"unit": "a"}, "fix#1")]
    assert told(earlier) == [("unit-abolished", {"unit": "a"}, "fix#1")]


def test_an_annulled_correction_is_shown_on_the_days_of_what_was_corrected() -> None:
    """The target of the target has the day on which something changes."""
    history = (
        History()
        .on("2001-01-01", unit("a"), by="one")
        .on(None, {"kind": "annulled", "target": "one#1", "reason": "doubt"}, by="two")
    )

    answer = previewed(history, draft("three", None, {"kind": "annulled", "target": "two#1", "reason": "no doubt"}))

    assert told(answer) == [("unit-established", {"unit": "a"}, "three#1")]


def test_a_day_that_is_open_is_asked_at_its_known_end() -> None:
    """`../D` has no first day that could be asked about."""
    answer = previewed(History(), draft("one", "../2005-01-01", unit("a")))

    assert told(answer) == [("unit-established", {"unit": "a"}, "one#1")]


def test_what_has_no_day_changes_no_structure() -> None:
    """A person without a post stands nowhere yet."""
    ann = {"kind": "person-registered", "person": "dora", "name": {"en": "Dora"}}

    assert told(previewed(History(), draft("one", None, ann))) == []


# --- displaced, findings, refusals


def test_an_annulled_appointment_displaces_nobody() -> None:
    """Who never held an office does not lose it."""
    history = History().on("2001-01-01", post("warden"), appointed("ann", "warden"), by="one")

    answer = previewed(history, draft("two", None, {"kind": "annulled", "target": "one#2", "reason": "x"}))

    assert told(answer) == [("annulled", {"person": "ann", "post": "warden", "tenure": "one#2"}, "two#1")]
    assert answer["displaced"] == {}


def test_a_correction_displaces_by_what_it_says_now() -> None:
    """The release was of another person."""
    history = (
        History()
        .on("2001-01-01", post("warden", seats=2), appointed("ann", "warden"), appointed("bob", "warden"))
        .on("2005-01-01", {"kind": "released", "person": "ann", "post": "warden"}, by="end")
    )
    change = {"kind": "released", "person": "bob", "post": "warden"}

    answer = previewed(
        history, draft("fix", None, {"kind": "corrected", "target": "end#1", "change": change, "reason": "x"})
    )

    assert answer["displaced"] == {"bob": {"post": "warden", "to": None}}


def test_a_finding_that_a_draft_settles_is_not_new() -> None:
    """A holder is found for a post that had none: one finding less, and none to show."""
    history = History().on("2001-01-01", post("warden"))
    assert [row["rule"] for row in findings(history.world())] == ["post-without-holder"]

    assert previewed(history, draft("one", "2002-01-01", appointed("ann", "warden")))["findings"] == []


def test_a_refused_draft_leaves_no_trace() -> None:
    """Neither its units nor its name are there for the next."""
    refused = draft("one", "2002-01-01", unit("a"), renamed("nothing", "x"))

    answer = previewed(
        History(), refused, draft("two", "2003-01-01", renamed("a", "A")), draft("one", "2004", unit("b"))
    )

    assert [(r["entry"], r["reasons"][0]["rule"]) for r in answer["refusals"]] == [
        ("one", "unknown-id"),
        ("two", "unknown-id"),
    ]
    assert told(answer) == [("unit-established", {"unit": "b"}, "one#1")]


def test_a_register_may_be_founded_by_the_second_draft() -> None:
    """What comes before its founding is refused."""
    empty = FoldedHistory("mint", [])

    answer = preview(empty, [draft("one", "2001-01-01", unit("a")), entry_from(FOUNDING, "test")], "test")

    assert [r["reasons"][0]["rule"] for r in answer["refusals"]] == ["not-founded"]
    assert told(answer) == [("unit-established", {"unit": "mint"}, "founding#2")]


# --- laws


@st.composite
def drafted(draw: st.DrawFn) -> tuple[list[Entry], list[Entry]]:
    """What is recorded of a register with corrections, and the rest of it as drafts."""
    entries = draw(strategies.corrected_registers())
    known = draw(st.integers(1, len(entries)))
    return entries[:known], entries[known:]


def recorded(entries: list[Entry]) -> FoldedHistory:
    """The history of those of *entries* that are accepted, in order."""
    history = FoldedHistory("test", [])
    for entry in entries:
        history = _with(history, entry) or history
    return history


def _with(history: FoldedHistory, entry: Entry) -> FoldedHistory | None:
    try:
        events = decide(history, entry, "test").events
    except EntryRefused:
        return None
    return FoldedHistory(history.institution, [*history.rows, *enumerate(events, len(history.rows) + 1)])


@given(drafted())
@settings(max_examples=100, deadline=None)
def test_a_preview_is_the_answer_of_afterwards(entries: tuple[list[Entry], list[Entry]]) -> None:
    """Recorded in fact, the drafts that are accepted teach these rows on their days, and leave these findings."""
    # given
    before, drafts = entries
    history = recorded(before)
    rows = list(history.rows)

    # when
    answer = preview(history, drafts, "test")

    # then nothing is recorded
    assert list(history.rows) == rows
    # and what is refused is what recording refuses
    after, refused = history, []
    for entry in drafts:
        grown = _with(after, entry)
        refused += [] if grown else [entry.entry]
        after = grown or after
    assert [refusal["entry"] for refusal in answer["refusals"]] == refused
    # and each row is learned on some day, once
    steps = steps_between(Known(after.rows), len(rows))
    changes = answer["diff"]["changes"]
    learned_rows = [row for d in strategies.interesting_days() for row in learned(steps, d)["changes"]]
    assert all(row in learned_rows for row in changes)
    whole = [(row["kind"], row["subject"], row["before"], row["after"]) for row in changes]
    assert all(whole.count(row) == 1 for row in whole)
    assert answer["diff"]["counts"] == dict(Counter(row["kind"] for row in changes))
    # and the findings are those that were not there
    old, new = findings(fold(Known(rows))), findings(fold(Known(after.rows)))
    assert answer["findings"] == [row for row in new if row not in old]


@given(strategies.registers(6))
@settings(max_examples=60, deadline=None)
def test_each_day_of_a_draft_is_asked(entries: list[Entry]) -> None:
    """What is learned on the first or last day of any of its changes has a row."""
    # given
    *before, last = entries
    history = recorded(before)
    grown = _with(history, last)
    assume(grown is not None)
    assert grown is not None

    # when
    told_rows = [(r["kind"], r["subject"]) for r in preview(history, [last], "test")["diff"]["changes"]]

    # then
    steps = steps_between(Known(grown.rows), len(history.rows))
    for event in steps[-1].events:
        for at in (event.effective.earliest, event.effective.latest) if event.effective else ():
            if at > day("1000-01-01"):
                for row in learned(steps, at)["changes"]:
                    assert (row["kind"], row["subject"]) in told_rows
