"""Design 4.5: the states of a thing are told apart on the day a claim disagrees and on the day after."""

from __future__ import annotations

from typing import Any

from projections.histories import unit_history
from tests.history import History, post, unit

HIGH = [{"source": "s", "certainty": "high"}]
LOW = [{"source": "s", "certainty": "low"}]


def shown(name: str) -> dict[str, Any]:
    """Unit `u` seen under a name."""
    return {"kind": "unit-attested", "unit": "u", "name": {"en": name}}


def names(history: History) -> list[tuple[str | None, str | None, str]]:
    """From, until and name of each state of unit `u`."""
    states = unit_history(history.world(), "mint", "u")["states"]
    return [(state["from"], state["until"], state["value"]["name"]["en"]) for state in states]


def test_a_name_that_a_better_source_shows_is_a_state_of_that_day_alone() -> None:
    """The morrow has the old name again, though nothing else happened on it."""
    # given a unit that is also seen later
    history = History().on("2001-01-01", unit("u"), sources=LOW)
    history.on("2007-01-01", {"kind": "unit-attested", "unit": "u"}, sources=HIGH)

    # when
    history.on("2005-05-05", shown("other"), sources=HIGH)

    # then
    assert [state for state in names(history) if "2005-05-0" in f"{state[0]} {state[1]}"] == [
        ("2001-01-01", "2005-05-05", "u"),
        ("2005-05-05", "2005-05-06", "other"),
        ("2005-05-06", "2007-01-02", "u"),
    ]


def test_a_name_shown_some_day_of_a_year_disputes_the_name_given_by_an_act_on_no_day() -> None:
    """Which day the yearbook means nobody knows: not its last one."""
    # given
    history = History().on("2001-01-01", unit("u"), sources=LOW)

    # when
    history.on("2005", shown("other"), sources=HIGH)

    # then
    answers = [history.structure(day)["units"]["u"] for day in ("2005-01-01", "2005-12-31")]
    assert [(answer["name"], answer["contested"]) for answer in answers] == [({"en": "u"}, False)] * 2
    assert history.rules() == set()


def test_a_dispute_ends_a_state_on_the_day_after_its_last_day() -> None:
    """Founded on a day of April by one, of June by the other: contested in between, and certain from June on."""
    # given
    history = History().on("2001-04-04", unit("u"), by="first").on("2001-06-06", unit("u"), by="second")
    history.on("2002-02-02", {"kind": "unit-attested", "unit": "u"})

    # then
    states = unit_history(history.world(), "mint", "u")["states"]
    assert [(state["from"], state["until"], state["grade"]) for state in states] == [
        ("2001-04-04", "2001-06-06", "presumed"),
        ("2001-06-06", "2002-02-03", "certain"),
        ("2002-02-03", None, "presumed"),
    ]


def test_a_value_is_caused_by_whoever_said_so_first_whatever_was_said_later() -> None:
    """Three seats by a yearbook of 2002, confirmed by decree in 2005, five from 2008: the yearbook told of three."""
    # given
    history = History().on("2001-01-01", post("p", seats=None))
    history.on("2001-01-01", {"kind": "post-attested", "post": "p", "seats": 2})
    history.on("2002-02-02", {"kind": "post-attested", "post": "p", "seats": 3}, by="yearbook")
    history.on("2005-05-05", {"kind": "seats-changed", "post": "p", "seats": 3}, by="decree")
    history.on("2008-08-08", {"kind": "seats-changed", "post": "p", "seats": 5}, by="more")

    # when
    [three] = history.diff("2001-12-31", "2006-06-06")["changes"]
    [five] = history.diff("2006-06-06", "2008-08-08")["changes"]

    # then
    assert (three["kind"], three["effective"], three["cause"]["entry"]) == (
        "post-attested",
        "../2002-02-02",
        "yearbook",
    )
    assert (three["before"], three["after"]) == ({"seats": 2}, {"seats": 3})
    assert (five["kind"], five["cause"]["entry"]) == ("seats-changed", "more")
