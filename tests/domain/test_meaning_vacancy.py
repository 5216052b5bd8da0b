"""Design 4.6: unknown is never vacant."""

from __future__ import annotations

from typing import Any

import pytest

from domain.dates import day
from domain.vacancy import vacant_spans
from tests.history import History, appointed, post, released


def nobody(closed: bool = True) -> dict[str, Any]:
    """A list of the holders of `p` with no one in it."""
    return {"kind": "list-attested", "scope": {"post": "p"}, "members": [], "closed": closed}


def vacancy(history: History, *days: str) -> list[str]:
    """The vacancy of post `p` on each day."""
    return [history.structure(day)["posts"]["p"]["vacancy"] for day in days]


@pytest.fixture
def history() -> History:
    """A post `p` of one seat since 2001."""
    return History().on("2001-01-01", post("p"))


def test_a_post_of_which_nothing_is_said_is_unknown(history: History) -> None:
    """That we know of no holder does not mean there was none."""
    assert vacancy(history, "2001-01-01", "2005-01-01") == ["unknown", "unknown"]


def test_a_holder_certain_or_presumed_fills(history: History) -> None:
    """From the first day of a holder to the eve of the release the post is filled; then nothing is known."""
    # given
    history.on("2005-01-01", appointed("ann", "p")).on("2006-01-01", released("ann", "p"))

    # then
    days = ["2004-12-31", "2005-01-01", "2005-12-31", "2006-01-01", "2006-06-01"]
    assert vacancy(history, *days) == ["unknown", "filled", "filled", "unknown", "unknown"]


def test_a_presumed_holder_fills(history: History) -> None:
    """Who took office and was never released is held to be there still."""
    history.on("2005-01-01", appointed("ann", "p"))

    assert vacancy(history, "2010-01-01") == ["filled"]


def test_a_holder_that_is_only_possible_leaves_it_unknown(history: History) -> None:
    """Appointed some day of 2005: until the year is over neither filled nor vacant can be said."""
    history.on("2005", appointed("ann", "p"))

    assert vacancy(history, "2004-12-31", "2005-01-01", "2005-12-30", "2005-12-31") == [
        "unknown",
        "unknown",
        "unknown",
        "filled",
    ]


def test_fewer_holders_than_seats_fill_in_part() -> None:
    """Of the other seats nothing is said."""
    # given
    history = History().on("2001-01-01", post("p", seats=2))
    history.on("2005-01-01", appointed("ann", "p")).on("2006-01-01", appointed("bob", "p"))

    # then
    days = ["2004-12-31", "2005-01-01", "2005-12-31", "2006-01-01"]
    assert vacancy(history, *days) == ["unknown", "part-filled", "part-filled", "filled"]


def test_holders_shown_are_counted_with_those_only_possible() -> None:
    """Two are shown for two seats, one of them perhaps: not fewer holders than seats are shown."""
    # given
    history = History().on("2001-01-01", post("p", seats=2))
    history.on("2005-01-01", appointed("ann", "p")).on("2006", appointed("bob", "p"))

    # then
    assert vacancy(history, "2005-12-31", "2006-01-01", "2006-12-31") == ["part-filled", "filled", "filled"]


def test_a_holder_of_a_post_with_unknown_seats_fills_it() -> None:
    """Of how many seats it may be, none can be counted empty."""
    history = History().on("2001-01-01", post("p", seats=None)).on("2005-01-01", appointed("ann", "p"))

    assert vacancy(history, "2005-01-01") == ["filled"]


def test_the_seats_are_those_of_the_day() -> None:
    """When a third seat is made, two holders fill in part."""
    # given
    history = History().on("2001-01-01", post("p", seats=1)).on("2005-01-01", appointed("ann", "p"))
    history.on("2006-01-01", {"kind": "seats-changed", "post": "p", "seats": 2})

    # then
    assert vacancy(history, "2005-12-31", "2006-01-01") == ["filled", "part-filled"]


def test_an_empty_closed_list_states_vacancy_on_its_own_day(history: History) -> None:
    """The staff table of that day shows the line empty; of the day after it says nothing."""
    history.on("2006-06-01", nobody())

    assert vacancy(history, "2006-05-31", "2006-06-01", "2006-06-02") == ["unknown", "vacant", "unknown"]


def test_an_empty_open_list_states_nothing(history: History) -> None:
    """A list that does not claim to be complete denies nobody."""
    history.on("2006-06-01", nobody(closed=False))

    assert vacancy(history, "2006-06-01") == ["unknown"]


def test_an_empty_closed_list_ends_who_was_there_before(history: History) -> None:
    """Between the appointment and the empty list he left: filled is presumed no longer, vacant not yet said."""
    # given
    history.on("2005-01-01", appointed("ann", "p")).on("2006-06-01", nobody())

    # then
    assert vacancy(history, "2005-01-01", "2005-06-01", "2006-05-31", "2006-06-01", "2006-06-02") == [
        "filled",
        "unknown",
        "unknown",
        "vacant",
        "unknown",
    ]


def test_an_attested_holder_fills(history: History) -> None:
    """A source that shows a holder shows the post filled that day, and until something changes it."""
    history.on("2005-01-01", {"kind": "tenure-attested", "person": "ann", "post": "p"})

    assert vacancy(history, "2004-12-31", "2005-01-01", "2005-01-02") == ["unknown", "filled", "filled"]


def none_but_those_recorded(since: str, until: str) -> dict[str, Any]:
    """The record of the holders of `p` is declared complete."""
    return {"kind": "coverage-declared", "scope": {"post": "p"}, "since": since, "until": until}


@pytest.mark.parametrize("said", [nobody(), none_but_those_recorded("2006-06-01", "2006-06-01")])
def test_who_is_not_attested_that_day_does_not_keep_a_post_from_being_vacant(
    history: History, said: dict[str, Any]
) -> None:
    """Shown in 2007, since when is unknown: against a source that says nobody was there, that is nothing."""
    history.on("2007-07-07", {"kind": "tenure-attested", "person": "ann", "post": "p"}).on("2006-06-01", said)

    assert vacancy(history, "2006-05-31", "2006-06-01", "2006-06-02") == ["unknown", "vacant", "unknown"]


def test_a_post_is_vacant_no_longer_than_it_stands(history: History) -> None:
    """The record is complete of years after its abolition too; then there is no post to hold."""
    history.on("2007-07-07", {"kind": "post-abolished", "post": "p"})
    history.on("2010-01-01", none_but_those_recorded("2005-01-01", "2008-12-31"))

    (span,) = vacant_spans(history.world(), "p")
    assert span[1:] == (day("2005-01-01"), day("2007-07-06"))


@pytest.mark.parametrize("on", ["2006-06-06", "2008-12-31"])
def test_a_post_is_vacant_until_somebody_holds_it(history: History, on: str) -> None:
    """On the first day of a holder no longer, be it the last on which the record is complete."""
    history.on(on, appointed("ann", "p")).on("2010-01-01", none_but_those_recorded("2005-01-01", "2008-12-31"))

    (span,) = vacant_spans(history.world(), "p")
    assert span[1:] == (day("2005-01-01"), day(on) - 1)
