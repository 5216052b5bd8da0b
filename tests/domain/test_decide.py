"""Refusals: of what is no entry, several at once, and of an entry id with other content."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.decide import FoldedHistory, decide, recorded_already
from domain.entries import MAX_CHANGES, MAX_DEPTH, entry_from
from domain.errors import REASONS, EntryDiffers, EntryRefused, EntryUnreadable
from domain.recording import Registers
from projections.recorders.sqlite import open_sqlite
from tests.domain.deciding import Written, mint, refused
from tests.history import FOUNDING, NOON, History, abolished, appointed, post, unit

# --- malformed, too-large


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ([], "malformed"),
        ({"entry": "x"}, "malformed"),
        ({"entry": "x", "changes": []}, "malformed"),
        ({"entry": "x", "changes": [{"kind": "unit-exploded"}]}, "malformed"),
        ({"entry": "x", "changes": [{**abolished("assay"), "colour": "red"}]}, "malformed"),
        ({"entry": "x", "changes": [{"kind": "unit-renamed", "unit": "assay"}]}, "malformed"),
        ({"entry": "x", "effective": "2023-02-30", "changes": [abolished("assay")]}, "malformed"),
        ({"entry": "x", "changes": [abolished("assay")] * (MAX_CHANGES + 1)}, "too-large"),
    ],
)
def test_what_is_no_entry_is_refused_before_it_is_decided(data: object, rule: str) -> None:
    """Syntax, an unknown kind or field, a field left out, a bad value, too many changes."""
    with pytest.raises(EntryUnreadable) as refusal:
        entry_from(data, "somewhere")

    assert {reason.rule for reason in refusal.value.reasons} == {rule}


def test_too_deep_is_too_large() -> None:
    """Nesting costs as bytes do."""
    deep: object = "x"
    for _ in range(MAX_DEPTH + 1):
        deep = [deep]

    with pytest.raises(EntryUnreadable) as refusal:
        entry_from({"entry": "x", "changes": deep}, "somewhere")

    assert [reason.rule for reason in refusal.value.reasons] == ["too-large"]


def test_every_rule_is_tried_here() -> None:
    """A rule without a test is a promise to nobody."""
    previews = Path(__file__).parents[1] / "api" / "test_http_preview.py"  # two rules are of previews alone
    ours = Path(__file__).parent.glob("test_decide*.py")
    text = "".join(page.read_text(encoding="utf-8") for page in [*ours, previews])

    for rule in REASONS:
        assert f'"{rule}"' in text


# --- several at once, and nothing recorded


def test_every_fault_of_an_entry_is_told_at_once() -> None:
    """An editor who mends one should not be told of the next only then."""
    reasons = refused(
        mint(),
        unit("new", parent="nowhere"),
        appointed("nobody", "gone"),
        {"kind": "annulled", "target": "nothing", "reason": "x"},
        post("assay"),
        appointed("bob", "warden", tenure="ann-1"),
    )

    assert sorted((reason.change or 0, reason.rule) for reason in reasons) == [
        (1, "unknown-id"),
        (2, "unknown-id"),
        (2, "unknown-id"),
        (3, "unknown-target"),
        (4, "id-of-another-kind"),
        (5, "tenure-taken"),
    ]


def test_every_undated_change_is_told() -> None:
    """Each with its number."""
    reasons = refused(mint(), unit("a"), unit("b"), effective=None)

    assert [(reason.rule, reason.change) for reason in reasons] == [("no-effective", 1), ("no-effective", 2)]


def test_a_fault_is_told_once() -> None:
    """Not twice because the change both introduces and mentions the id."""
    reasons = refused(mint(), post("assay"))

    assert len(reasons) == len(set(reasons)) == 1


def test_of_a_refused_entry_nothing_is_stored() -> None:
    """An entry is atomic: its sound changes go down with the bad one."""
    with open_sqlite(":memory:") as log:
        registers = Registers(log, lambda: NOON)
        registers.record("mint", entry_from(FOUNDING, "test"), "test")
        before = registers.head("mint")

        bad = {"entry": "bad", "effective": "2005-05-05", "changes": [unit("new"), abolished("nowhere")]}

        with pytest.raises(EntryRefused):
            registers.record("mint", entry_from(bad, "test"), "test")

        assert registers.head("mint") == before
        assert "new" not in registers.view("mint").world.kinds
        # and its id is free for the mended entry
        good = {"entry": "bad", "effective": "2005-05-05", "changes": [unit("new")]}
        assert registers.record("mint", entry_from(good, "test"), "test").new


def test_deciding_changes_nothing() -> None:
    """Pure: the same question twice has the same answer."""
    history = mint()
    asked = FoldedHistory("mint", history.rows)
    entry = entry_from({"entry": "x", "effective": "2005-05-05", "changes": [unit("new")]}, "test")

    assert decide(asked, entry, "a") == decide(asked, entry, "a")
    assert asked.entry("x") == ()


# --- the same entry again


def again(history: History, data: Written, by: str = "somebody else") -> bool:
    """Whether an entry stands in the record with this content."""
    return recorded_already(FoldedHistory("mint", history.rows), entry_from(data, "test"), by)


BASE: Written = {
    "entry": "e9",
    "effective": "2005-05-05",
    "sources": [{"source": "gazette"}],
    "changes": [abolished("assay"), appointed("bob", "warden")],
}


def test_the_same_entry_again_is_no_news_whoever_records_it() -> None:
    """A second import of a folder does nothing."""
    history = mint()
    assert not again(history, BASE)
    history.entry(BASE)
    rows = list(history.rows)

    assert again(history, BASE)
    assert history.entry(BASE).rows == rows


SAME: dict[str, Callable[[Written], Written]] = {
    "a default written out": lambda e: {
        **e,
        "changes": [e["changes"][0], {**e["changes"][1], "reappointed": False, "basis": "stated"}],
    },
    "a certainty written out": lambda e: {**e, "sources": [{"source": "gazette", "certainty": "medium"}]},
    "sources written at the changes": lambda e: {
        **{name: value for name, value in e.items() if name != "sources"},
        "changes": [{**change, "sources": e["sources"]} for change in e["changes"]],
    },
    "another order of keys": lambda e: dict(reversed(e.items())),
    "an empty note": lambda e: {**e, "changes": [{**change, "note": None} for change in e["changes"]]},
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_content_is_compared_after_defaults(change: Callable[[Written], Written]) -> None:
    """What means the same is the same entry, however it is written."""
    assert again(mint().entry(BASE), change(BASE))


def test_a_day_written_at_the_changes_is_the_entrys_day() -> None:
    """The same day of effect, the same basis: it means the same."""
    written = {
        **{name: value for name, value in BASE.items() if name != "effective"},
        "changes": [{**change, "effective": BASE["effective"]} for change in BASE["changes"]],
    }

    assert again(mint().entry(BASE), written)


OTHER: dict[str, Callable[[Written], Written]] = {
    "another day": lambda e: {**e, "effective": "2005-05-06"},
    "the same day less well known": lambda e: {**e, "effective": "2005-05-05~"},
    "a change less": lambda e: {**e, "changes": e["changes"][:1]},
    "a change more": lambda e: {**e, "changes": [*e["changes"], unit("new")]},
    "another order": lambda e: {**e, "changes": e["changes"][::-1]},
    "another source": lambda e: {**e, "sources": [{"source": "almanac"}]},
    "a note": lambda e: {**e, "changes": [{**change, "note": "hm"} for change in e["changes"]]},
    "an instrument": lambda e: {**e, "instrument": {"kind": "decree"}},
    "a cited instrument": lambda e: {**e, "instrument": "D2"},
    "no day at all": lambda e: {**e, "effective": None},
}


@pytest.mark.parametrize("change", OTHER.values(), ids=OTHER)
def test_an_entry_id_with_other_content_is_refused(change: Callable[[Written], Written]) -> None:
    """The log is never rewritten: record a correction instead."""
    history = mint().entry(BASE)
    rows = list(history.rows)

    with pytest.raises(EntryDiffers, match="'e9'") as refusal:
        history.entry(change(BASE))

    assert refusal.value.entry == "e9"
    assert history.rows == rows


def test_an_entry_that_cites_a_corrected_instrument_is_still_the_same() -> None:
    """Re-import after a correction of the decree's day is a no-op too."""
    history = mint().on(None, unit("new"), by="note", instrument="D2")
    issued = {"kind": "instrument-issued", "instrument": "D2", "instrument_kind": "decree", "signed": "2002-02-09"}
    history.on(None, {"kind": "corrected", "target": "decree-2#0", "change": issued, "reason": "misprint"})

    assert again(history, {"entry": "note", "effective": None, "changes": [unit("new")], "instrument": "D2"})
