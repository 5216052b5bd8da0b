"""Design 4.9: no unit stands under itself at the end of any day of change, among units at least possible."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import EntryRefused, Reason
from tests.history import History, abolished, post, unit


def moved(name: str, to: str | None) -> dict[str, Any]:
    """A unit moved under another."""
    return {"kind": "unit-moved", "unit": name, "parent": to}


def seen(name: str, **more: Any) -> dict[str, Any]:
    """A unit shown by a source."""
    return {"kind": "unit-attested", "unit": name, "name": {"en": name}, **more}


def refused(history: History, effective: str | None, *changes: dict[str, Any]) -> list[Reason]:
    """Why an entry of *changes* is refused: for its cycles alone."""
    with pytest.raises(EntryRefused) as refusal:
        history.on(effective, *changes, by="bad")
    assert {reason.rule for reason in refusal.value.reasons} == {"parent-cycle"}
    return list(refusal.value.reasons)


@pytest.fixture
def history() -> History:
    """Units `a`, `b` under the mint and `c` under `b`, since 2001."""
    return History().on("2001-01-01", unit("a"), unit("b"), unit("c", parent="b"), by="made")


def test_the_day_on_which_the_ring_closes_is_told(history: History) -> None:
    """By a change that is numbered, in words that name the ring."""
    (reason,) = refused(
        history, "2005-05-05", {"kind": "unit-renamed", "unit": "a", "name": {"en": "A"}}, moved("b", "c")
    )

    assert (reason.change, reason.day) == (2, "2005-05-05")
    assert "'b'" in reason.detail
    assert "c" in reason.detail


def test_a_ring_of_one_day_is_refused(history: History) -> None:
    """It is undone on the morrow, and stood at the end of that day all the same."""
    (reason,) = refused(
        history, None, {**moved("b", "c"), "effective": "2005-05-05"}, {**moved("b", "a"), "effective": "2005-05-06"}
    )

    assert reason.day == "2005-05-05"


def test_a_ring_undone_by_the_same_days_end_is_none(history: History) -> None:
    """Parents are checked at the end of the day."""
    history.on("2005-05-05", moved("b", "c"), moved("b", "a"))

    assert history.structure("2005-05-05")["units"]["b"]["parent"] == "a"


def test_a_ring_through_a_unit_that_is_only_possible_is_refused(history: History) -> None:
    """`new` may stand from January on; from its move in June `a` would stand under it and it under `a`."""
    history.on("2005", unit("new", parent="a"))
    assert history.grade("new", "2005-06-01") == "possible"

    (reason,) = refused(history, "2005-06-01", moved("a", "new"))

    assert reason.day == "2005-06-01"


def test_a_unit_moved_back_before_the_other_can_begin_closes_no_ring(history: History) -> None:
    """On no day on which `new` can stand is `a` under it."""
    history.on("2005", unit("new", parent="a"))
    history.on(
        None, {**moved("a", "new"), "effective": "2004-12-30"}, {**moved("a", "mint"), "effective": "2005-01-01"}
    )

    assert history.structure("2004-12-31")["units"]["a"]["parent"] == "new"


def test_a_unit_that_may_have_ended_closes_a_ring_until_it_surely_has(history: History) -> None:
    """Abolished some day of 2005: on its last possible day it is still possible, on the next it is not."""
    history.on("2005", abolished("c"))

    (reason,) = refused(history, "2005-12-30", moved("b", "c"))
    assert reason.day == "2005-12-30"
    history.on("2005-12-31", moved("b", "c"))


def test_a_unit_moved_shows_its_new_parent_and_so_closes_a_ring(history: History) -> None:
    """Attested in 2007 under `a`, `late` is shown in 2005 already by what moves under it."""
    history.on("2007-07-07", seen("late", parent="a"))
    assert history.grade("late", "2005-05-05") == "unattested"

    (reason,) = refused(history, "2005-05-05", moved("a", "late"))

    assert reason.day == "2005-05-05"


def test_an_attested_parent_that_no_act_gave_closes_a_ring(history: History) -> None:
    """It holds until the next value."""
    history.on("2004-04-04", seen("seen", parent="a"))

    (reason,) = refused(history, "2005-05-05", moved("a", "seen"))
    assert reason.day == "2005-05-05"


def test_an_attested_parent_beside_that_of_an_act_closes_a_ring_on_its_own_day_alone(history: History) -> None:
    """The surer source is believed for its day; the acts of other days stand."""
    high = [{"source": "s", "certainty": "high"}]
    (reason,) = refused(history, "2005-05-05", {**seen("b", parent="c"), "sources": high})
    assert reason.day == "2005-05-05"

    history.on("2005-05-05", {**seen("b", parent="c"), "sources": [{"source": "s", "certainty": "low"}]})
    assert history.structure("2005-05-05")["units"]["b"]["parent"] == "mint"


def test_a_decree_found_late_that_closes_a_ring_with_later_acts_is_refused(history: History) -> None:
    """Its own day is in order, a later one is not."""
    history.on("2006-06-06", moved("a", "c"))

    (reason,) = refused(history, "2003-03-03", moved("b", "a"))

    assert reason.day == "2006-06-06"


def test_an_implied_move_closes_a_ring() -> None:
    """What hangs on a transformed unit passes to the one that it becomes."""
    history = History().on("2001-01-01", unit("old"), unit("sub", parent="old"))
    after = [{"unit": "new", "name": {"en": "New"}, "parent": "sub"}]

    reasons = refused(
        history, "2005-05-05", {"kind": "units-reorganized", "form": "transform", "before": ["old"], "after": after}
    )

    assert reasons[0].day == "2005-05-05"


def test_a_correction_of_a_day_closes_a_ring(history: History) -> None:
    """Moved away before the other came, by the day first recorded; after, by the corrected one."""
    history.on("2005-05-05", moved("c", "a"), by="away").on("2006-06-06", moved("b", "c"))
    late = {**moved("c", "a"), "effective": "2007-07-07"}

    (reason,) = refused(history, None, {"kind": "corrected", "target": "away#1", "change": late, "reason": "misread"})

    assert reason.day == "2006-06-06"


def test_an_annulment_of_an_entry_closes_a_ring(history: History) -> None:
    """All of it is taken back."""
    history.on("2005-05-05", moved("c", "a"), by="away").on("2006-06-06", moved("b", "c"))

    (reason,) = refused(history, None, {"kind": "annulled", "target": "away", "reason": "forged"})

    assert reason.day == "2006-06-06"


def test_a_correction_of_a_correction_closes_a_ring(history: History) -> None:
    """What its target then says is checked."""
    history.on("2005-05-05", moved("a", None), by="move")
    fix = {"kind": "corrected", "target": "move#1", "change": moved("c", "a"), "reason": "misread"}
    history.on(None, fix, by="fix").on("2006-06-06", moved("b", "c"))

    reasons = refused(
        history, None, {"kind": "corrected", "target": "fix#1", "change": moved("a", "mint"), "reason": "misread"}
    )

    assert reasons[0].day == "2006-06-06"


def test_an_instrument_corrected_to_another_day_closes_a_ring(history: History) -> None:
    """The days that come from it move."""
    history.decree("2005-05-05", moved("c", "a"), by="D").on("2006-06-06", moved("b", "c"))
    issued = {"kind": "instrument-issued", "instrument": "D", "instrument_kind": "decree", "signed": "2007-07-07"}

    reasons = refused(history, None, {"kind": "corrected", "target": "D#0", "change": issued, "reason": "misread"})

    assert reasons[0].day == "2006-06-06"


def test_annulling_a_correction_of_an_instrument_closes_a_ring(history: History) -> None:
    """The days move back."""
    history.decree("2007-07-07", moved("c", "a"), by="D")
    issued = {"kind": "instrument-issued", "instrument": "D", "instrument_kind": "decree", "signed": "2005-05-05"}
    history.on(None, {"kind": "corrected", "target": "D#0", "change": issued, "reason": "misread"}, by="fix")
    history.on("2006-06-06", moved("b", "c"))

    refused(history, None, {"kind": "annulled", "target": "fix", "reason": "right after all"})


def test_evidence_that_a_unit_did_not_fall_closes_a_ring() -> None:
    """`u` fell with `x`; were `x` to stand again under `u`, it would show `u`, which so never fell, under `x`."""
    history = (
        History().on("2001-01-01", unit("x"), unit("u", parent="x"), post("p", "u")).on("2005-05-05", abolished("x"))
    )
    assert "u" not in history.units("2007-07-07")

    refused(history, "2007-07-07", unit("x", parent="u"))


def test_a_redaction_that_closes_a_ring_is_refused(history: History) -> None:
    """What is withheld reads as never recorded, so it is checked like an annulment."""
    history.on("2005-05-05", moved("c", "a"), by="away").on("2006-06-06", moved("b", "c"))

    refused(history, None, {"kind": "redacted", "targets": ["away#1"], "scope": "all", "ground": "x"})


def test_a_unit_under_one_that_does_not_stand_is_in_no_ring(history: History) -> None:
    """The parent stays as an id."""
    history.on("2005-05-05", abolished("b")).on("2006-06-06", unit("b", parent="a")).on("2007-07-07", abolished("b"))
    history.on("2007-07-08", moved("a", "b"))

    assert history.structure("2007-07-08")["units"]["a"]["parent"] == "b"
