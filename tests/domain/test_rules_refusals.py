"""Design 4.9: a refusal says on which day, and by which change, things do not fit."""

from __future__ import annotations

import pytest

from domain.decide import FoldedHistory, recorded_already
from domain.entries import entry_from
from domain.errors import EntryDiffers, EntryRefused, Reason
from tests.history import History, appointed, post, unit


def refused(history: History, on: str | None, *changes: dict[str, object]) -> list[Reason]:
    """Why an entry is refused."""
    with pytest.raises(EntryRefused) as refusal:
        history.on(on, *changes)
    return list(refusal.value.reasons)


def test_an_end_before_the_start_tells_the_last_day_of_the_end_and_the_first_of_the_start() -> None:
    """Both days are badly known; however they are read, the one lies before the other."""
    # given
    history = History().on("2001-01-01", post("p")).on("2006/2007", appointed("ann", "p", tenure="t"))

    # when
    [reason] = refused(history, "2005-03/2005-06", {"kind": "released", "tenure": "t"})

    # then
    assert (reason.rule, reason.change, reason.day) == ("end-before-start", 1, "2005-06-30")
    assert reason.detail == "tenure ann p would end by 2005-06-30, before it begins, 2006-01-01 at the earliest"


def test_a_ring_that_an_annulment_closes_is_refused_for_the_annulment() -> None:
    """`b` was freed before `a` came under it; were that undone, each would stand under the other."""
    # given
    history = History().on("2001-01-01", unit("a")).on("2001-01-01", unit("b", parent="a"))
    history.on("2005-01-01", {"kind": "unit-moved", "unit": "b", "parent": "mint"}, by="freed")
    history.on("2006-01-01", {"kind": "unit-moved", "unit": "a", "parent": "b"})

    # when it stands second in its entry
    [reason] = refused(
        history,
        "2007-01-01",
        {"kind": "unit-attested", "unit": "mint"},
        {"kind": "annulled", "target": "freed#1", "reason": "misread"},
    )

    # then
    assert (reason.rule, reason.change, reason.day) == ("parent-cycle", 2, "2006-01-01")
    assert reason.detail == "'a' would stand under itself: a under b under a"


@pytest.mark.parametrize("dated", [{"signed": "2005-05-05"}, {"signed": "2005-05-05", "in_force": "2005-06-06"}])
def test_an_entry_is_known_again_though_the_instrument_that_dates_it_is_erased(dated: dict[str, str]) -> None:
    """What it cites is gone; the day that it took from there is not, and nothing is recorded twice."""
    # given
    history = History().on(None, unit("u"), by="decree", instrument={"kind": "decree", **dated})
    cites = {"entry": "second", "instrument": "decree", "effective": None, "changes": [unit("v")]}
    history.entry(cites)

    # when
    left = FoldedHistory("mint", list(history.rows), frozenset({"decree#0"}))

    # then
    assert recorded_already(left, entry_from(cites, "test"), "test")
    with pytest.raises(EntryDiffers):
        recorded_already(left, entry_from({**cites, "changes": [unit("w")]}, "test"), "test")


def read_anew(target: str, change: dict[str, object]) -> dict[str, object]:
    """*target* to be read as *change*."""
    return {"kind": "corrected", "target": target, "change": change, "reason": "misread"}


def test_a_correction_of_a_correction_takes_no_day_from_it() -> None:
    """The day left out is the one first recorded, and there was none: the unit would stand on no day, unseen."""
    # given
    history = History().on(None, {"kind": "unit-attested", "unit": "u", "effective": None}, by="undated")
    history.on(None, read_anew("undated#1", {**unit("u"), "effective": "2005-01-01"}), by="dated")

    # when
    [reason] = refused(history, None, read_anew("dated#1", unit("u", kind="office")))

    # then
    assert (reason.rule, reason.change) == ("no-effective", 1)
    assert "'dated#1'" in reason.detail
    history.on(None, read_anew("dated#1", {**unit("u", kind="office"), "effective": "2005-01-01"}))
    assert [history.grade("u", day) for day in ("2004-12-31", "2005-01-01")] == [None, "certain"]


def test_a_correction_of_one_that_denied_the_day_has_the_day_first_recorded() -> None:
    """Seen in 2001, then thought undated, then read as a founding: that of 2001."""
    # given
    history = History().on("2001-01-01", {"kind": "unit-attested", "unit": "u"}, by="dated")
    history.on(None, read_anew("dated#1", {"kind": "unit-attested", "unit": "u", "effective": None}), by="undated")

    # when
    history.on(None, read_anew("undated#1", unit("u")))

    # then
    assert [history.grade("u", day) for day in ("2000-12-31", "2001-01-01")] == [None, "certain"]
