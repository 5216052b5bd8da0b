"""Design 4.5: a second appointment of one who stands in office."""

from __future__ import annotations

from typing import Any

from tests.history import History, appointed, post

HIGH = [{"source": "s", "certainty": "high"}]
LOW = [{"source": "s", "certainty": "low"}]


def again(history: History, **more: Any) -> History:
    """Ann's second appointment to the same post, a year later."""
    return history.on("2006-01-01", appointed("ann", "p", **more.pop("change", {})), by="again", **more)


def decree(number: str) -> dict[str, Any]:
    """An instrument in force when its entry says."""
    return {"kind": "decree", "number": number, "signed": "2004-01-01"}


def chief() -> History:
    """A post of one seat."""
    return History().on("2001-01-01", post("p"))


def test_a_second_appointment_without_instruments_is_a_rival_of_the_first() -> None:
    """Two reports of one appointment, on two days."""
    # given
    history = again(chief().on("2005-01-01", appointed("ann", "p"), by="first", sources=HIGH), sources=LOW)

    # then
    holders = [history.holder("ann", "p", day) for day in ("2005-01-01", "2005-12-31", "2006-01-01")]
    assert [held and (held["since"], held["contested"]) for held in holders] == [
        ("2005-01-01", True),
        ("2005-01-01", True),
        ("2005-01-01", False),
    ]
    assert history.rules() == {"conflicting-claims"}


def test_a_second_appointment_by_the_same_instrument_is_a_rival_of_the_first() -> None:
    """One decree appoints once: two readings of its day."""
    # given
    history = chief().on("2005-01-01", appointed("ann", "p"), by="first", instrument=decree("1"))
    again(history, instrument="first")

    # then
    assert history.rules() == {"conflicting-claims"}
    assert history.people("p", "2006-01-01") == ["ann"]


def test_a_second_appointment_by_another_instrument_shows_the_same_tenure_going_on() -> None:
    """A new president confirms the minister: the tenure is one, and was seen alive that day."""
    # given
    history = chief().on("2005-01-01", appointed("ann", "p"), by="first", instrument=decree("1"))
    again(history, instrument=decree("2"))

    # then
    held = history.holder("ann", "p", "2006-01-01")
    assert held
    assert (held["since"], held["evidence"], held["contested"]) == ("2005-01-01", "2006-01-01", False)
    assert held["cause"]["entry"] == "first"
    day_between = history.holder("ann", "p", "2005-06-01")
    assert day_between
    assert day_between["grade"] == "certain"
    assert len(history.structure("2006-01-01")["posts"]["p"]["holders"]) == 1
    assert history.rules() == set()


def test_a_second_appointment_with_an_instrument_where_the_first_has_none_goes_on_too() -> None:
    """Neither both without nor both with the same: not one claim told twice."""
    # given
    history = again(chief().on("2005-01-01", appointed("ann", "p")), instrument=decree("2"))

    # then
    held = history.holder("ann", "p", "2006-01-01")
    assert held
    assert (held["since"], held["evidence"], held["contested"]) == ("2005-01-01", "2006-01-01", False)
    assert history.rules() == set()


def test_a_reappointment_said_to_be_one_goes_on_without_any_instrument() -> None:
    """`reappointed` says what a second decree would."""
    # given
    history = again(chief().on("2005-01-01", appointed("ann", "p")), change={"reappointed": True})

    # then
    held = history.holder("ann", "p", "2005-12-31")
    assert held
    assert (held["since"], held["evidence"], held["contested"]) == ("2005-01-01", "2006-01-01", False)
    assert history.rules() == set()


def test_a_losing_appointment_ends_nobody_elses_tenure() -> None:
    """Bob stays to the day that is believed of Ann, not to the day that is not."""
    # given
    history = chief().on("2005-01-01", appointed("bob", "p"))
    history.on("2006-01-01", appointed("ann", "p"), sources=LOW)
    history.on("2007-01-01", appointed("ann", "p"), sources=HIGH)

    # then
    assert history.people("p", "2006-01-01") == ["bob"]
    assert history.people("p", "2006-12-31") == ["bob"]
    assert history.people("p", "2007-01-01") == ["ann"]
