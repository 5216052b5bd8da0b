"""Design 4.1: the day on which a change takes effect, known well or badly."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.errors import EntryRefused
from tests.history import History, unit


def eve(of: str) -> str:
    """The day before a day."""
    return (date.fromisoformat(of) - timedelta(1)).isoformat()


@pytest.mark.parametrize(
    ("effective", "first", "full"),
    [
        ("2005", "2005-01-01", "2005-12-31"),
        ("2005-05", "2005-05-01", "2005-05-31"),
        ("2005-02-10/2005-02-20", "2005-02-10", "2005-02-20"),
        ("2005-02/2005-04-15", "2005-02-01", "2005-04-15"),
        ("2005-06~", "2005-05-01", "2005-07-31"),
        ("2005-06%", "2005-05-01", "2005-07-31"),
        ("2005~", "2004-01-01", "2006-12-31"),
        ("2005-06-10~", "2005-06-09", "2005-06-11"),
        ("2005?", "2005-01-01", "2005-12-31"),
        ("2005-06?", "2005-06-01", "2005-06-30"),
    ],
)
def test_a_badly_known_start_is_possible_from_its_first_day_and_presumed_from_its_last(
    effective: str, first: str, full: str
) -> None:
    """A year in a chronicle is one day of that year: about widens it by a year, doubt by nothing."""
    # given a start somewhere between two days
    history = History().on(effective, unit("u"))

    # when the eve and the day of either bound are asked
    days = [eve(first), first, eve(full), full, "2030-01-01"]

    # then it goes from absent over possible to presumed, and stays: a/b is one day, never a duration
    assert [history.grade("u", day) for day in days] == [None, "possible", "possible", "presumed", "presumed"]


def test_a_start_by_a_day_is_possible_ever_before() -> None:
    """`../2005-01-01` says that it began by then: on no earlier day it can be ruled out."""
    history = History().on("../2005-01-01", unit("u", parent=None))

    assert history.grade("u", "0001-01-01") == "possible"
    assert history.grade("u", "2004-12-31") == "possible"
    assert history.grade("u", "2005-01-01") == "presumed"


def test_an_exact_day_in_doubt_begins_then_and_is_never_certain() -> None:
    """A question mark widens nothing, and proves nothing either."""
    history = History().on("2005-01-01?", unit("u"))

    assert history.grade("u", "2004-12-31") is None
    assert history.grade("u", "2005-01-01") == "presumed"


def test_an_end_known_to_the_month_leaves_the_month_possible() -> None:
    """Until the month begins it stands, within it it may, on its last day it does no more."""
    # given
    history = History().on("2005-01-01", unit("u")).on("2006-05", {"kind": "unit-abolished", "unit": "u"})

    # then
    assert history.grade("u", "2006-04-30") == "certain"
    assert history.grade("u", "2006-05-01") == "possible"
    assert history.grade("u", "2006-05-30") == "possible"
    assert history.grade("u", "2006-05-31") is None


def test_an_end_about_a_day_is_wider_by_a_day_on_either_side() -> None:
    """About a day, an end may be the day before or the day after."""
    history = History().on("2005-01-01", unit("u")).on("2006-05-10~", {"kind": "unit-abolished", "unit": "u"})

    assert history.grade("u", "2006-05-08") == "presumed"
    assert history.grade("u", "2006-05-09") == "possible"
    assert history.grade("u", "2006-05-10") == "possible"
    assert history.grade("u", "2006-05-11") is None


# --- a day left out


def test_a_change_without_a_day_takes_its_entrys() -> None:
    """One decree, one day, unless an article says otherwise."""
    history = History().on("2005-03-01", unit("u"), {**unit("v"), "effective": "2005-04-01"})

    assert history.grade("u", "2005-02-28") is None
    assert history.grade("u", "2005-03-01") == "certain"
    assert history.grade("v", "2005-03-31") is None
    assert history.grade("v", "2005-04-01") == "certain"


def test_an_entrys_day_comes_before_its_instruments() -> None:
    """A decree that names the day of its effect has that day, whenever it came into force."""
    # given
    decree = {"kind": "decree", "signed": "2005-01-01", "in_force": "2005-02-01"}
    history = History().on("2005-03-01", unit("u"), instrument=decree)

    # then
    assert history.grade("u", "2005-02-28") is None
    assert history.grade("u", "2005-03-01") == "certain"


def test_the_day_in_force_comes_before_the_day_of_signing_and_is_stated() -> None:
    """A decree acts from its coming into force."""
    history = History().decree("2005-01-01", unit("u"), in_force="2005-02-01")

    assert history.grade("u", "2005-01-31") is None
    assert history.grade("u", "2005-02-01") == "certain"


def test_the_day_of_signing_is_a_default_and_proves_nothing() -> None:
    """That a decree acted from its signing is our rule, not the decree's word."""
    history = History().decree("2005-01-01", unit("u"))

    assert history.grade("u", "2004-12-31") is None
    assert history.grade("u", "2005-01-01") == "presumed"


def test_an_end_by_the_day_of_signing_is_a_default_too() -> None:
    """The eve of an abolition whose day we only supposed is presumed."""
    # given
    history = History().on("2005-01-01", unit("u")).decree("2006-01-01", {"kind": "unit-abolished", "unit": "u"})

    # then
    assert history.grade("u", "2005-01-01") == "certain"
    assert history.grade("u", "2005-12-31") == "presumed"
    assert history.grade("u", "2006-01-01") is None


def test_a_second_entry_on_an_instrument_has_its_days() -> None:
    """An annex entered later still acts when its decree did."""
    # given
    history = (
        History()
        .decree("2005-01-01", unit("u"), by="decree-1", in_force="2005-02-01")
        .on(None, unit("v"), instrument="decree-1")
    )

    # then
    assert history.grade("v", "2005-01-31") is None
    assert history.grade("v", "2005-02-01") == "certain"
    assert history.structure("2005-02-01")["units"]["v"]["cause"]["instrument"]["id"] == "decree-1"


def test_an_inferred_change_is_never_certain() -> None:
    """What an editor concluded stands beside what a source says, and below it."""
    history = History().on("2005-01-01", {**unit("u"), "basis": "inferred"})

    assert history.grade("u", "2005-01-01") == "presumed"


# --- no day at all


def test_an_act_without_any_day_is_refused() -> None:
    """An act of unknown day has no place in the order of effect."""
    with pytest.raises(EntryRefused) as refusal:
        History().on(None, unit("u"))

    assert [reason.rule for reason in refusal.value.reasons] == ["no-effective"]


def test_an_act_whose_day_is_written_as_unknown_is_refused_in_a_dated_entry() -> None:
    """A null that was written is an unknown day, not a day left out."""
    with pytest.raises(EntryRefused) as refusal:
        History().on("2005-01-01", {**unit("u"), "effective": None})

    assert [reason.rule for reason in refusal.value.reasons] == ["no-effective"]


def test_an_attestation_of_unknown_day_introduces_a_thing_without_a_life() -> None:
    """An undated list gives us the names; on no day it shows that they stood."""
    # given
    history = History().on("2005-01-01", {"kind": "unit-attested", "unit": "u", "name": {"en": "U"}, "effective": None})

    # then
    assert history.grade("u", "2005-01-01") is None
    assert history.structure("2005-01-01")["unattested"] == 0


def test_an_attestation_of_unknown_day_gives_its_first_value() -> None:
    """A directory without a date told the name; a dated one shows the unit and not its name."""
    # given
    history = (
        History()
        .on(None, {"kind": "unit-attested", "unit": "u", "name": {"en": "Old"}})
        .on("2005-01-01", {"kind": "unit-attested", "unit": "u"})
        .on("2007-01-01", {"kind": "unit-attested", "unit": "u", "name": {"en": "New"}})
    )

    # then it bears the name until a dated source gives another
    assert history.structure("2005-01-01")["units"]["u"]["name"] == {"en": "Old"}
    assert history.structure("2006-12-31")["units"]["u"]["name"] == {"en": "Old"}
    assert history.structure("2007-01-01")["units"]["u"]["name"] == {"en": "New"}
    assert history.structure("2005-01-01")["units"]["u"]["since"] is None


def test_an_attestation_of_unknown_day_sorts_before_all_others() -> None:
    """Recorded last, the undated directory still gives way to what has a day."""
    # given
    history = (
        History()
        .on("2005-01-01", unit("u"))
        .on(None, {"kind": "unit-attested", "unit": "u", "name": {"en": "Undated"}})
    )

    # then
    assert history.structure("2005-01-01")["units"]["u"]["name"] == {"en": "u"}
    assert history.structure("2008-01-01")["units"]["u"]["name"] == {"en": "u"}
