"""Design 4.4, 4.5: of rival claims an editor may say which is to be believed."""

from __future__ import annotations

from typing import Any

import pytest

from domain.entries import entry_from
from domain.errors import EntryRefused, EntryUnreadable
from projections.histories import unit_history
from tests.history import History, abolished, appointed, post, unit

HIGH = {"source": "archive", "certainty": "high"}
LOW = {"source": "rumour", "certainty": "low"}

# For each rule of the ranking: a claim that loses by it. The other is best by every rule.
BEST: dict[str, Any] = {"instrument": {"kind": "decree"}, "sources": [HIGH, {"source": "second"}]}
LOSERS: dict[str, dict[str, Any]] = {
    "stated over inferred": {**BEST, "basis": "inferred"},
    "instrument over report": {"sources": BEST["sources"]},
    "source certainty": {**BEST, "sources": [LOW, {"source": "second", "certainty": "low"}]},
    "number of sources": {**BEST, "sources": [HIGH]},
    "narrower date": {**BEST, "effective": "2006-06/2006-07"},
    "entry id": BEST,
}


def preferred(target: str) -> dict[str, Any]:
    """The reading *target* is to be believed."""
    return {"kind": "reading-preferred", "target": target, "reason": "seen in the archive"}


def annulled(target: str) -> dict[str, Any]:
    """*target* is to be read as never recorded."""
    return {"kind": "annulled", "target": target, "reason": "x"}


def claim(history: History, name: str, of: dict[str, Any], on: str, **more: Any) -> None:
    """Record *of* as the entry *name*, as sure as *more* says."""
    instrument, basis = more.pop("instrument", None), more.pop("basis", "stated")
    history.on(more.pop("effective", on), {**of, "basis": basis}, by=name, instrument=instrument, **more)


def since(history: History, of: str = "u", known: int | str | None = None) -> str:
    """The start that is believed of a unit."""
    start: str = history.structure("2010-01-01", known=known)["units"][of]["since"]
    return start


@pytest.fixture
def history() -> History:
    """The unit `u` established on 2005-05-05 by a decree, and on 2006-06-06 by a report that is not believed."""
    history = History()
    claim(history, "decree", unit("u"), "2005-05-05", instrument={"kind": "decree"})
    claim(history, "report", unit("u"), "2006-06-06")
    return history


@pytest.mark.parametrize("rule", LOSERS)
def test_a_preferred_reading_beats_every_other_rule(rule: str) -> None:
    """Of two starts the one that loses by the rule is believed once it is preferred."""
    # given
    history = History()
    claim(history, "a", unit("u"), "2005-05-05", **BEST)
    claim(history, "b", unit("u"), "2006-06-06", **LOSERS[rule])
    assert since(history) == "2005-05-05"
    assert [r["rule"] for r in unit_history(history.world(), "mint", "u")["states"][0]["rivals"]] == [rule]

    # when
    history.on(None, preferred("b#1"))

    # then
    assert since(history).startswith("2006-06")
    rivals = unit_history(history.world(), "mint", "u")["states"][0]["rivals"]
    assert [(rival["rule"], rival["cause"]["event"]) for rival in rivals] == [("preferred reading", "a#1")]


def test_the_days_on_which_preferred_and_rival_disagree_stay_contested(history: History) -> None:
    """From the earlier claim's day to the eve of the later claim's."""
    history.on(None, preferred("report#1"))

    shown = {day: history.structure(day)["units"].get("u") for day in ("2005-05-05", "2006-06-05", "2006-06-06")}
    assert [one and one["contested"] for one in shown.values()] == [None, None, False]
    assert "conflicting-claims" in history.rules()


def test_of_two_preferred_readings_the_one_recorded_last_holds(history: History) -> None:
    """The highest position."""
    history.on(None, preferred("report#1"), by="first").on(None, preferred("decree#1"), by="second")

    assert since(history, known="report") == "2005-05-05"
    assert since(history, known="first") == "2006-06-06"
    assert since(history, known="second") == "2005-05-05"


def test_one_preferred_again_is_preferred_from_its_last_position(history: History) -> None:
    """Back and forth."""
    history.on(None, preferred("report#1")).on(None, preferred("decree#1")).on(None, preferred("report#1"))

    assert since(history) == "2006-06-06"


def test_of_two_preferred_in_one_entry_the_second_holds(history: History) -> None:
    """Positions are those of events."""
    history.on(None, preferred("decree#1"), preferred("report#1"))

    assert since(history) == "2006-06-06"


def test_an_annulled_preference_restores_what_stood_before(history: History) -> None:
    """The preference before it, or the ranking."""
    history.on(None, preferred("report#1"), by="one").on(None, preferred("decree#1"), by="two")

    history.on(None, annulled("two"), by="no-two")
    assert since(history) == "2006-06-06"
    history.on(None, annulled("one#1"), by="no-one")
    assert since(history) == "2005-05-05"
    history.on(None, annulled("no-one#1"))
    assert since(history) == "2006-06-06"


def test_a_preference_changes_nothing_known_before_it(history: History) -> None:
    """Readers at an earlier position see the ranking."""
    history.on(None, preferred("report#1"), by="choice")

    assert since(history, known="report") == "2005-05-05"
    assert since(history, known=history.ends["choice"]) == "2006-06-06"


def test_a_preferred_claim_without_rivals_changes_nothing(history: History) -> None:
    """There is nothing to choose from."""
    history.on("2007-07-07", abolished("u"), by="end")
    before = history.structure("2007-07-06")

    history.on(None, preferred("end#1"))

    assert history.structure("2007-07-06") == before


def test_of_two_ends_the_preferred_one_holds(history: History) -> None:
    """A report of the end against a decree."""
    claim(history, "end", abolished("u"), "2008-08-08", instrument={"kind": "decree"})
    claim(history, "later", abolished("u"), "2009-09-09")
    assert "u" not in history.units("2008-08-08")

    history.on(None, preferred("later#1"))

    assert "u" in history.units("2009-09-08")
    assert "u" not in history.units("2009-09-09")


def test_of_two_values_of_one_start_the_preferred_one_holds() -> None:
    """Two sources of one founding that call the unit by two names."""
    history = History()
    claim(history, "decree", {**unit("u"), "name": {"en": "Assay"}}, "2005-05-05", instrument={"kind": "decree"})
    claim(history, "report", {**unit("u"), "name": {"en": "Touchstone"}}, "2005-05-05")
    assert history.structure("2005-05-05")["units"]["u"]["name"] == {"en": "Assay"}

    history.on(None, preferred("report#1"))

    assert history.structure("2005-05-05")["units"]["u"]["name"] == {"en": "Touchstone"}


def test_a_preferred_attestation_beats_an_act_on_its_own_day_only(history: History) -> None:
    """An attested value is a rival on its own day."""
    claim(history, "name", {"kind": "unit-renamed", "unit": "u", "name": {"en": "N"}}, "2007-07-07", **BEST)
    history.on("2008-08-08", {"kind": "unit-attested", "unit": "u", "name": {"en": "Other"}}, by="seen")
    history.on(None, preferred("seen#1"))

    days = ["2008-08-07", "2008-08-08", "2008-08-09"]
    assert [history.structure(d)["units"]["u"]["name"]["en"] for d in days] == ["N", "Other", "N"]


def test_of_two_appointments_by_one_instrument_the_preferred_one_holds() -> None:
    """Two copies of a decree that give two days."""
    history = History().on("2001-01-01", post("p"))
    history.decree("2005-05-05", appointed("ann", "p"), by="D", in_force="2005-05-05")
    history.on("2006-06-06", appointed("ann", "p"), by="copy", instrument="D")
    assert history.people("p", "2005-05-05") == ["ann"]

    history.on(None, preferred("copy#1"))

    assert history.people("p", "2006-06-05") == []
    assert history.people("p", "2006-06-06") == ["ann"]


# --- with corrections


def test_a_preferred_claim_that_is_corrected_stays_preferred(history: History) -> None:
    """As it now reads."""
    history.on(None, preferred("report#1"))
    fix = {**unit("u"), "effective": "2007-07-07"}
    history.on(None, {"kind": "corrected", "target": "report#1", "change": fix, "reason": "misread"})

    assert since(history) == "2007-07-07"


def test_a_correction_can_be_preferred(history: History) -> None:
    """It is a claim like another: what its target now says."""
    fix = {**unit("u"), "effective": "2007-07-07"}
    history.on(None, {"kind": "corrected", "target": "report#1", "change": fix, "reason": "misread"}, by="fix")
    assert since(history) == "2005-05-05"

    history.on(None, preferred("fix#1"))

    assert since(history) == "2007-07-07"


def test_a_preferred_claim_that_is_annulled_is_gone(history: History) -> None:
    """The other is believed, and nothing disputes it."""
    history.on(None, preferred("report#1")).on(None, annulled("report"))

    assert since(history) == "2005-05-05"
    assert history.rules() == set()


# --- instruments


def test_of_two_issues_of_an_instrument_the_preferred_one_is_shown() -> None:
    """Two claims on one instrument: the days that come from it follow."""
    history = History()
    history.on(None, unit("u"), by="one", instrument={"id": "D", "kind": "decree", "in_force": "2005-05-05"})
    history.on(None, unit("v"), by="two", instrument={"id": "D", "kind": "decree", "in_force": "2006-06-06"})
    assert history.world().instruments["D"].in_force.text == "2005-05-05"  # type: ignore[union-attr]

    history.on(None, preferred("two#0"))

    assert history.world().instruments["D"].in_force.text == "2006-06-06"  # type: ignore[union-attr]


# --- refused


@pytest.mark.parametrize(
    "control",
    [
        annulled("report"),
        preferred("report#1"),
        {"kind": "identities-unified", "ids": ["ann", "bob"], "reason": "x"},
        {"kind": "redacted", "targets": ["report#1"], "scope": "all", "ground": "x"},
    ],
)
def test_what_is_no_claim_cannot_be_preferred(history: History, control: dict[str, Any]) -> None:
    """An annulment, a preference, a unification and a redaction say how others are read."""
    history.on(None, control, by="control")

    with pytest.raises(EntryRefused) as refusal:
        history.on(None, preferred("control#1"))

    assert [reason.rule for reason in refusal.value.reasons] == ["not-correctable"]


def test_a_preference_cannot_be_corrected(history: History) -> None:
    """Only annulled."""
    history.on(None, preferred("report#1"), by="choice")
    fix = {**unit("u"), "effective": "2007-07-07"}

    with pytest.raises(EntryRefused) as refusal:
        history.on(None, {"kind": "corrected", "target": "choice#1", "change": fix, "reason": "x"})

    assert [reason.rule for reason in refusal.value.reasons] == ["not-correctable"]


def test_a_whole_entry_cannot_be_preferred() -> None:
    """A preference names one claim."""
    with pytest.raises(EntryUnreadable):
        entry_from({"entry": "x", "changes": [preferred("report")]}, "test")


def test_a_preference_that_puts_a_unit_under_itself_is_refused() -> None:
    """The report that is not believed put `u` under its own sub-unit."""
    history = History().on("2001-01-01", unit("v"))
    claim(history, "decree", unit("u"), "2005-05-05", instrument={"kind": "decree"})
    claim(history, "report", unit("u", parent="v"), "2005-05-05")
    history.on("2006-06-06", {"kind": "unit-moved", "unit": "v", "parent": "u"})

    with pytest.raises(EntryRefused) as refusal:
        history.on(None, preferred("report#1"))

    assert [reason.rule for reason in refusal.value.reasons] == ["parent-cycle"]
