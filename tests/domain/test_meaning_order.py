"""Design 4.2: the order in which acts take effect, which is never that of their arrival."""

from __future__ import annotations

from typing import Any

import pytest

from tests.history import History, abolished, appointed, post, released, unit


def renamed(name: str, of: str = "u", **more: Any) -> dict[str, Any]:
    """A unit renamed."""
    return {"kind": "unit-renamed", "unit": of, "name": {"en": name}, **more}


def moved(name: str, to: str | None) -> dict[str, Any]:
    """A unit moved."""
    return {"kind": "unit-moved", "unit": name, "parent": to}


def name(history: History, as_of: str, of: str = "u") -> str:
    """The name of a unit on a day."""
    found: str = history.structure(as_of)["units"][of]["name"]["en"]
    return found


@pytest.fixture
def history() -> History:
    """A unit `u` since 2001."""
    return History().on("2001-01-01", unit("u"))


def test_an_act_found_late_takes_its_own_place(history: History) -> None:
    """The decree of 2005, found after that of 2006, holds in between."""
    history.on("2006-01-01", renamed("Second")).on("2005-01-01", renamed("First"))

    assert name(history, "2004-12-31") == "u"
    assert name(history, "2005-01-01") == "First"
    assert name(history, "2005-12-31") == "First"
    assert name(history, "2006-01-01") == "Second"


def test_an_attribute_changes_on_the_latest_day_of_the_act(history: History) -> None:
    """A name given some day of 2005 is shown when it surely holds."""
    history.on("2005", renamed("New"))

    assert name(history, "2005-12-30") == "u"
    assert name(history, "2005-12-31") == "New"


def test_acts_take_effect_in_the_order_of_their_latest_days(history: History) -> None:
    """Some day of 2005 comes after June: by the end of the year it is what holds."""
    history.on("2005", renamed("Some day"), by="a").on("2005-06-01", renamed("June"), by="b")

    assert name(history, "2005-05-31") == "u"
    assert name(history, "2005-06-01") == "June"
    assert name(history, "2005-12-30") == "June"
    assert name(history, "2005-12-31") == "Some day"


@pytest.mark.parametrize("late_first", [False, True])
def test_on_one_day_the_instrument_signed_later_comes_later(history: History, late_first: bool) -> None:
    """Of two decrees in force on one day the younger has the last word, whatever the entries are called."""
    # given
    early = ("b", {"kind": "decree", "number": "9", "signed": "2004-01-01", "in_force": "2005-01-01"}, "Early")
    late = ("a", {"kind": "decree", "number": "1", "signed": "2004-02-01", "in_force": "2005-01-01"}, "Late")

    # when either is recorded first
    for entry, decree, given in (late, early) if late_first else (early, late):
        history.on(None, renamed(given), by=entry, instrument=decree)

    # then
    assert name(history, "2004-12-31") == "u"
    assert name(history, "2005-01-01") == "Late"


def test_on_one_day_what_has_no_instrument_comes_first(history: History) -> None:
    """A report of the day gives way to the decree of the day."""
    # given
    history.decree("2004-06-01", renamed("Decreed"), by="a", in_force="2005-01-01")
    history.on("2005-01-01", renamed("Reported"), by="b")

    # then
    assert name(history, "2005-01-01") == "Decreed"


def test_on_one_day_an_instrument_of_unknown_signing_comes_first(history: History) -> None:
    """No signing day sorts before any."""
    # given
    history.decree("2004-06-01", renamed("Signed"), by="a", in_force="2005-01-01")
    history.on(
        None, renamed("Unsigned"), by="b", instrument={"kind": "decree", "number": "7", "in_force": "2005-01-01"}
    )

    # then
    assert name(history, "2005-01-01") == "Signed"


def test_of_instruments_signed_on_one_day_the_higher_number_comes_later(history: History) -> None:
    """Decrees are numbered as they are signed."""
    # given
    history.decree("2005-01-01", renamed("No. 2"), by="a", number="2")
    history.decree("2005-01-01", renamed("No. 1"), by="b", number="1")
    assert name(history, "2005-01-01") == "No. 2"

    # and one without a number comes before both
    history.decree("2005-01-01", renamed("Unnumbered"), by="c")
    assert name(history, "2005-01-01") == "No. 2"


def test_else_the_entry_ids_decide_with_their_digits_by_value(history: History) -> None:
    """Entry 10 follows entry 9, though the letters sort otherwise; arrival is nothing."""
    history.on("2005-01-01", renamed("Ten"), by="e10").on("2005-01-01", renamed("Nine"), by="e9")

    assert name(history, "2005-01-01") == "Ten"


def test_in_one_entry_the_printed_order_decides(history: History) -> None:
    """Article 2 may rename what article 1 renamed."""
    history.on("2005-01-01", renamed("First"), renamed("Second"))

    assert name(history, "2004-12-31") == "u"
    assert name(history, "2005-01-01") == "Second"


def test_a_chain_of_one_day_in_one_entry_holds_link_by_link() -> None:
    """Article 1 makes, article 2 renames, article 3 moves: by the evening all of it holds."""
    history = History().on("2005-01-01", unit("u"), unit("v"), renamed("New", of="v"), moved("v", "u"))

    assert history.units("2004-12-31") == ["mint"]
    assert name(history, "2005-01-01", "v") == "New"
    assert history.structure("2005-01-01")["units"]["v"]["parent"] == "u"


def test_what_is_made_and_abolished_on_one_day_is_never_seen() -> None:
    """Article 3 may abolish what article 1 made: no evening saw it."""
    history = History().on("2005-01-01", unit("u"), abolished("u"))

    assert history.grade("u", "2004-12-31") is None
    assert history.grade("u", "2005-01-01") is None
    assert history.rules() == set()


def test_what_is_abolished_and_made_again_on_one_day_has_two_lives(history: History) -> None:
    """Article 1 abolishes, article 2 establishes anew: since that day another stands."""
    # given
    history.on("2005-01-01", abolished("u"), unit("u"), by="again")

    # then
    assert history.structure("2004-12-31")["units"]["u"]["since"] == "2001-01-01"
    assert history.structure("2004-12-31")["units"]["u"]["until"] == "2005-01-01"
    assert history.structure("2005-01-01")["units"]["u"]["since"] == "2005-01-01"
    assert history.structure("2005-01-01")["units"]["u"]["until"] is None
    assert history.structure("2005-01-01")["units"]["u"]["cause"]["event"] == "again#2"
    assert history.rules() == set()


# --- within one life


def test_a_start_known_to_the_year_comes_before_a_rename_in_that_year() -> None:
    """Founded in 2005, renamed in March: the name of March is not undone in December."""
    # given
    history = History().on("2005", unit("u")).on("2005-03-01", renamed("March"))

    # then
    assert name(history, "2005-02-28") == "u"
    assert name(history, "2005-03-01") == "March"
    assert name(history, "2005-12-31") == "March"


def test_an_end_in_the_year_of_a_start_known_to_the_year_ends_that_life() -> None:
    """Founded in 2005, abolished in June 2005: it does not stand in December."""
    # given
    history = History().on("2005", unit("u")).on("2005-06", abolished("u"))

    # then
    assert history.grade("u", "2005-01-01") == "possible"
    assert history.grade("u", "2005-05-31") == "possible"
    assert history.grade("u", "2005-06-30") is None
    assert history.grade("u", "2005-12-31") is None
    assert history.grade("u", "2006-01-01") is None


def test_a_release_in_the_year_of_an_appointment_known_to_the_year_ends_that_tenure() -> None:
    """Start and end of a tenure pair by who held what, whatever their bounds."""
    # given
    history = History().on("2001-01-01", post("p"))
    history.on("2005", appointed("ann", "p")).on("2005-06-15", released("ann", "p"))

    # then there is one tenure, and it does not come back at the end of the year
    assert history.people("p", "2005-06-14") == ["ann"]
    assert history.people("p", "2005-06-15") == []
    assert history.people("p", "2006-01-01") == []
    assert history.rules() == set()


def test_an_end_known_to_the_year_comes_after_a_rename_in_that_year(history: History) -> None:
    """Renamed in June, abolished some day of the year: it had been renamed before it ended."""
    history.on("2005", abolished("u")).on("2005-06-01", renamed("June"))

    assert name(history, "2005-05-31") == "u"
    assert name(history, "2005-06-01") == "June"
    assert history.grade("u", "2005-12-31") is None
    assert history.rules() == set()


def test_a_unit_is_as_sure_as_its_life_and_not_as_its_name(history: History) -> None:
    """A name from a doubtful source makes the unit no less certain."""
    # given
    history.on("2005-01-01", renamed("Hearsay"), sources=[{"source": "s", "certainty": "low"}])
    history.on("2006-01-01", {"kind": "unit-attested", "unit": "u"})

    # then
    assert name(history, "2005-06-01") == "Hearsay"
    assert history.grade("u", "2005-06-01") == "certain"
