"""Design 4.3 and 4.4: a misreading set right, for readers from then on."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import EntryRefused
from tests.history import History, abolished, unit


def corrected(target: str, change: dict[str, Any]) -> dict[str, Any]:
    """*target* read as *change*."""
    return {"kind": "corrected", "target": target, "change": change, "reason": "misread"}


def renamed(name: str, **more: Any) -> dict[str, Any]:
    """Unit `u` renamed."""
    return {"kind": "unit-renamed", "unit": "u", "name": {"en": name}, **more}


def seen(history: History, as_of: str, known: int | str | None = None) -> dict[str, Any]:
    """Unit `u` on a day, as known at a position or after an entry."""
    found: dict[str, Any] = history.structure(as_of, known=known)["units"]["u"]
    return found


def refusals(history: History, *changes: dict[str, Any]) -> set[str]:
    """The rules that refuse *changes* as an entry of unknown day."""
    with pytest.raises(EntryRefused) as refusal:
        history.on(None, *changes)
    return {reason.rule for reason in refusal.value.reasons}


@pytest.fixture
def history() -> History:
    """A unit `u`, made on the second change of entry `a` by decree, and renamed in 2006."""
    history = History().on("2005-01-01", unit("other"), unit("u"), by="a", instrument={"kind": "decree"})
    return history.on("2006-01-01", renamed("Renamed"), by="b")


def test_a_correction_is_known_to_readers_from_its_own_position(history: History) -> None:
    """Who cites what was known then is answered as then."""
    # given
    history.on(None, corrected("a#2", {**unit("u"), "effective": "2004-01-01"}), by="fix")

    # then
    for known, before, first in (("b", "absent", "absent"), ("fix", "absent", "present"), (None, "absent", "present")):
        units = [history.structure(day, known=known)["units"] for day in ("2003-12-31", "2004-01-01")]
        assert ["present" if "u" in found else "absent" for found in units] == [before, first]
    assert seen(history, "2005-01-01", "b")["since"] == "2005-01-01"
    assert seen(history, "2005-01-01")["since"] == "2004-01-01"


def test_a_correction_replaces_the_whole_change(history: History) -> None:
    """What the new reading leaves out is not kept from the old one."""
    # given
    history.on(None, corrected("a#2", {"kind": "unit-established", "unit": "u", "name": {"en": "U"}}))

    # then neither kind nor parent is left
    assert seen(history, "2005-01-01")["name"] == {"en": "U"}
    assert seen(history, "2005-01-01")["kind"] is None
    assert seen(history, "2005-01-01")["parent"] is None


def test_a_correction_touches_no_other_change_of_its_entry(history: History) -> None:
    """`a#2` is the second change, counted from one."""
    history.on(None, corrected("a#2", {**unit("u"), "effective": "2007-01-01"}))

    assert history.grade("other", "2005-01-01") == "certain"


def test_a_day_left_out_of_a_correction_is_the_targets(history: History) -> None:
    """Only the name was misread; the correcting entry's own day and decree say nothing of it."""
    # given
    history.on("2010-01-01", corrected("a#2", {**unit("u"), "name": {"en": "Read anew"}}), instrument={"kind": "order"})

    # then
    assert history.grade("u", "2004-12-31") is None
    assert seen(history, "2005-01-01")["name"] == {"en": "Read anew"}


def test_a_day_left_out_of_a_second_correction_is_the_one_first_recorded(history: History) -> None:
    """The first correction moved the day; the second, of the same target, says nothing of days."""
    # given
    history.on(None, corrected("a#2", {**unit("u"), "effective": "2004-01-01"}))
    history.on(None, corrected("a#2", {**unit("u"), "name": {"en": "Twice"}}))

    # then
    assert history.grade("u", "2004-12-31") is None
    assert seen(history, "2005-01-01")["since"] == "2005-01-01"
    assert seen(history, "2005-01-01")["name"] == {"en": "Twice"}


def test_sources_left_out_of_a_correction_are_the_targets() -> None:
    """The page is the same, only better read; or another page, if it says so."""
    # given
    page, other = ({"source": "s", "locator": place} for place in ("p. 1", "p. 2"))
    history = History().on("2005-01-01", unit("u"), by="a", sources=[page])
    history.on(None, corrected("a#1", {**unit("u"), "name": {"en": "U"}}), by="kept", sources=[other])
    history.on(None, corrected("a#1", {**unit("u"), "sources": [other]}), by="given")

    # then
    def places(known: str) -> list[str]:
        return [source["locator"] for source in seen(history, "2005-01-01", known)["cause"]["sources"]]

    assert [places(known) for known in ("a", "kept", "given")] == [["p. 1"], ["p. 1"], ["p. 2"]]


def test_entry_and_instrument_stay_the_targets_in_the_cause(history: History) -> None:
    """It is still that decree which made the unit."""
    # given
    history.on(None, corrected("a#2", {**unit("u"), "effective": "2004-01-01"}), instrument={"kind": "order"})

    # then
    cause = seen(history, "2005-01-01")["cause"]
    assert (cause["entry"], cause["event"], cause["instrument"]["id"]) == ("a", "a#2", "a")
    assert cause["instrument"]["kind"] == "decree"


def test_a_correction_takes_its_place_by_its_own_day(history: History) -> None:
    """The rename of 2006, now read as of 2008, follows that of 2007."""
    # given
    history.on("2007-01-01", renamed("Of 2007"))
    history.on(None, corrected("b#1", renamed("Of 2008", effective="2008-01-01")))

    # then
    days = ["2006-01-01", "2006-12-31", "2007-01-01", "2007-12-31", "2008-01-01"]
    names = [seen(history, day)["name"]["en"] for day in days]
    assert names == ["u", "u", "Of 2007", "Of 2007", "Of 2008"]


def test_on_one_day_a_correction_keeps_the_place_of_its_target(history: History) -> None:
    """Recorded last, under the last of ids, it still reads the first of two acts of a day."""
    # given
    history.on("2006-01-01", renamed("Second of the day"), by="c")
    history.on(None, corrected("b#1", renamed("First of the day")), by="z")

    # then
    assert seen(history, "2006-01-01")["name"] == {"en": "Second of the day"}


def test_a_change_may_be_read_as_one_of_another_kind(history: History) -> None:
    """It was no renaming: it was a move."""
    # given
    history.on(None, corrected("b#1", {"kind": "unit-moved", "unit": "u", "parent": "other"}))

    # then
    assert seen(history, "2005-12-31")["parent"] == "mint"
    assert seen(history, "2006-01-01")["parent"] == "other"
    assert seen(history, "2006-01-01")["name"] == {"en": "u"}


def test_of_two_corrections_of_one_target_the_later_recorded_holds(history: History) -> None:
    """Each of them reads the same words of the source; the last reading counts."""
    # given
    history.on(None, corrected("b#1", renamed("First reading")), by="one")
    history.on(None, corrected("b#1", renamed("Second reading")), by="two")

    # then
    assert seen(history, "2006-01-01")["name"] == {"en": "Second reading"}
    assert seen(history, "2006-01-01", "one")["name"] == {"en": "First reading"}
    assert seen(history, "2006-01-01", "b")["name"] == {"en": "Renamed"}


def test_a_correction_corrected_states_what_the_second_says(history: History) -> None:
    """The correction itself was misprinted."""
    # given
    history.on(None, corrected("b#1", renamed("Misprinted", effective="2007-01-01")), by="one")
    history.on(None, corrected("one#1", renamed("Right", effective="2008-01-01")), by="two")

    # then
    assert seen(history, "2007-01-01", "one")["name"] == {"en": "Misprinted"}
    assert seen(history, "2007-12-31")["name"] == {"en": "u"}
    assert seen(history, "2008-01-01")["name"] == {"en": "Right"}


def test_a_corrected_correction_keeps_its_place_among_those_of_its_target(history: History) -> None:
    """Correcting the first of two corrections does not bring it before the second."""
    # given
    history.on(None, corrected("b#1", renamed("One")), by="one").on(None, corrected("b#1", renamed("Two")), by="two")
    history.on(None, corrected("one#1", renamed("One, anew")), by="three")

    # then
    assert seen(history, "2006-01-01")["name"] == {"en": "Two"}


# --- what cannot be


def test_what_was_never_recorded_is_not_corrected(history: History) -> None:
    """A correction names what it corrects."""
    assert refusals(history, corrected("a#9", unit("u"))) == {"unknown-target"}
    assert refusals(history, corrected("nowhere#1", unit("u"))) == {"unknown-target"}


def test_an_annulment_is_not_corrected(history: History) -> None:
    """It has no content that could be read otherwise: it may only be annulled."""
    history.on(None, {"kind": "annulled", "target": "b", "reason": "forged"}, by="struck")

    assert "not-correctable" in refusals(history, corrected("struck#1", renamed("New")))


def test_a_correction_that_makes_an_end_a_founding_moves_what_follows(history: History) -> None:
    """A correction is as good as an act from the start: lives are counted anew."""
    # given a unit that ended in 2008 and was seen in 2009
    history.on("2008-01-01", abolished("u"), by="end")
    history.on("2009-01-01", {"kind": "unit-attested", "unit": "u"})
    assert history.grade("u", "2008-06-01") == "unattested"

    # when the end turns out to be a renaming
    history.on(None, corrected("end#1", renamed("Renamed again")))

    # then there is one life, with the name
    assert history.grade("u", "2008-06-01") == "certain"
    assert seen(history, "2009-01-01")["since"] == "2005-01-01"
    assert seen(history, "2008-01-01")["name"] == {"en": "Renamed again"}
