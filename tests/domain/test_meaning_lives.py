"""Design 4.2 and 4.6: one id, several lives, and the values each of them has."""

from __future__ import annotations

from typing import Any

import pytest

from tests.history import History, abolished, appointed, post, unit


def renamed(name: str) -> dict[str, Any]:
    """Unit `u` renamed."""
    return {"kind": "unit-renamed", "unit": "u", "name": {"en": name}}


def seen(history: History, as_of: str, of: str = "u") -> dict[str, Any]:
    """A unit on a day."""
    found: dict[str, Any] = history.structure(as_of)["units"][of]
    return found


@pytest.fixture
def history() -> History:
    """A unit `u` from 2001 that is abolished in 2006."""
    return History().on("2001-01-01", unit("u"), by="made").on("2006-01-01", abolished("u"), by="ended")


def test_an_id_established_again_has_a_second_life(history: History) -> None:
    """Commune codes come back: the new commune is not the old one."""
    # given
    history.on("2008-01-01", unit("u"), by="again")

    # then
    assert [history.grade("u", day) for day in ("2005-12-31", "2006-01-01", "2007-12-31")] == ["certain", None, None]
    assert history.grade("u", "2008-01-01") == "certain"
    first, second = seen(history, "2005-12-31"), seen(history, "2008-01-01")
    assert (first["since"], first["until"], first["cause"]["event"]) == ("2001-01-01", "2006-01-01", "made#1")
    assert (second["since"], second["until"], second["cause"]["event"]) == ("2008-01-01", None, "again#1")
    assert history.rules() == set()


def test_a_second_life_found_first_is_still_the_second() -> None:
    """The lives of an id are told apart by their days, not by which was entered first."""
    # given
    history = History().on("2008-01-01", unit("u"))
    history.on("2006-01-01", abolished("u")).on("2001-01-01", unit("u"))

    # then
    assert [history.grade("u", day) for day in ("2005-12-31", "2006-01-01", "2007-12-31")] == ["certain", None, None]
    assert seen(history, "2008-01-01")["since"] == "2008-01-01"
    assert history.rules() == set()


def test_a_sighting_after_an_end_opens_a_life_of_unknown_start(history: History) -> None:
    """Someone must have founded it again; when, no source says."""
    # given
    history.on("2008-05-05", {"kind": "unit-attested", "unit": "u"}, by="seen")

    # then
    days = ["2005-12-31", "2006-01-01", "2008-05-04", "2008-05-05", "2008-05-06"]
    assert [history.grade("u", day) for day in days] == ["certain", "unattested", "unattested", "certain", "presumed"]
    assert seen(history, "2008-05-05")["since"] is None
    assert seen(history, "2008-05-05")["cause"]["event"] == "seen#1"
    assert history.structure("2007-01-01")["unattested"] == 1


def test_a_sighting_that_may_lie_before_the_end_belongs_to_the_life_before() -> None:
    """Abolished in June 2006 and seen in 2006: it was seen before June."""
    # given
    history = History().on("2001-01-01", unit("u")).on("2006-06-01", abolished("u"))
    history.on("2006", {"kind": "unit-attested", "unit": "u"})

    # then
    assert history.grade("u", "2006-05-31") == "certain"
    assert history.grade("u", "2006-06-01") is None
    assert history.grade("u", "2007-01-01") is None


def test_a_later_life_keeps_what_the_one_before_had_last(history: History) -> None:
    """Seen again without a word on its name, it bears the last one it had."""
    # given
    history.on("2004-01-01", renamed("Renamed")).on("2008-01-01", {"kind": "unit-attested", "unit": "u"})

    # then
    assert seen(history, "2003-12-31")["name"] == {"en": "u"}
    assert seen(history, "2008-01-01")["name"] == {"en": "Renamed"}
    assert seen(history, "2008-01-01")["kind"] == "department"
    assert seen(history, "2008-01-01")["parent"] == "mint"


def test_a_later_life_has_what_it_is_given(history: History) -> None:
    """Established anew under another name, and the first life keeps its own."""
    # given
    history.on("2008-01-01", {**unit("u"), "name": {"en": "Anew"}, "parent": None})

    # then
    assert seen(history, "2005-12-31")["name"] == {"en": "u"}
    assert seen(history, "2008-01-01")["name"] == {"en": "Anew"}
    assert seen(history, "2008-01-01")["parent"] is None


def test_a_renaming_of_the_second_life_leaves_the_first_alone(history: History) -> None:
    """Each life has its own values."""
    # given
    history.on("2008-01-01", unit("u")).on("2009-01-01", renamed("Later"))

    # then
    assert seen(history, "2005-12-31")["name"] == {"en": "u"}
    assert seen(history, "2008-12-31")["name"] == {"en": "u"}
    assert seen(history, "2009-01-01")["name"] == {"en": "Later"}


@pytest.mark.parametrize(
    "act",
    [
        renamed("Ghost"),
        {"kind": "unit-moved", "unit": "u", "parent": None},
    ],
)
def test_an_act_after_the_end_changes_nothing_and_is_reported(history: History, act: dict[str, Any]) -> None:
    """One does not rename what is gone: an error somewhere, for a person to look at."""
    # given
    history.on("2007-01-01", act)

    # then
    assert history.grade("u", "2006-12-31") is None
    assert history.grade("u", "2007-01-01") is None
    assert seen(history, "2005-12-31")["name"] == {"en": "u"}
    assert history.rules() == {"act-after-end"}


def test_an_appointment_to_a_post_surely_ended_changes_nothing_and_is_reported() -> None:
    """Nobody takes office in a post that is gone."""
    # given
    history = History().on("2001-01-01", post("p")).on("2006-01-01", {"kind": "post-abolished", "post": "p"})
    history.on("2007-01-01", appointed("ann", "p"))

    # then
    assert history.grade("p", "2007-01-01", "posts") is None
    assert history.rules() == {"act-after-end"}


def test_an_act_that_may_lie_before_the_end_belongs_to_the_life() -> None:
    """Renamed some day of 2006 and abolished in June: it was renamed before June, and nothing is wrong."""
    # given
    history = History().on("2001-01-01", unit("u")).on("2006-06-01", abolished("u")).on("2006", renamed("Last"))

    # then
    assert history.grade("u", "2006-05-31") == "certain"
    assert history.grade("u", "2006-06-01") is None
    assert "act-after-end" not in history.rules()


def test_an_end_before_the_start_closes_an_earlier_life_of_unknown_start() -> None:
    """Abolished in 2004 and established in 2006: there was one before."""
    # given
    history = History().on("2006-01-01", unit("u")).on("2004-01-01", abolished("u"))

    # then
    days = ["2003-12-30", "2003-12-31", "2004-01-01", "2005-12-31", "2006-01-01"]
    assert [history.grade("u", day) for day in days] == ["unattested", "certain", None, None, "certain"]
    assert seen(history, "2003-12-31")["since"] is None
    assert seen(history, "2003-12-31")["until"] == "2004-01-01"


def test_of_two_lives_possible_on_a_day_the_surer_is_shown_then_the_later() -> None:
    """The old commune surely stands in February; in March either may."""
    # given a first life ending in March, and a second that began some day from January to June
    history = History().on("2001-01-01", unit("u"), by="first").on("2006-03", abolished("u"))
    history.on("2006-01/2006-06", unit("u"), by="second")

    # then
    def shown(day: str) -> tuple[str, str]:
        unit_ = seen(history, day)
        return unit_["cause"]["entry"], unit_["grade"]

    assert shown("2006-02-28") == ("first", "certain")
    assert shown("2006-03-01") == ("second", "possible")
    assert shown("2006-06-29") == ("second", "possible")
    assert shown("2006-06-30") == ("second", "presumed")


def test_a_relation_may_be_taken_up_again() -> None:
    """Relations have lives as units have."""
    # given
    link = {"subject": "u", "object": "mint", "relation": "supports"}
    history = History().on("2001-01-01", unit("u")).on("2002-01-01", {"kind": "relation-started", **link})
    history.on("2003-01-01", {"kind": "relation-ended", **link})
    history.on("2005-01-01", {"kind": "relation-started", **link})

    # then
    days = ["2001-12-31", "2002-01-01", "2002-12-31", "2003-01-01", "2004-12-31", "2005-01-01"]
    grades = [history.grade("u|supports|mint", day, "relations") for day in days]
    assert grades == [None, "certain", "certain", None, None, "certain"]


def test_a_post_may_be_created_again() -> None:
    """A restored post keeps nothing but its id and what it is given."""
    # given
    history = History().on("2001-01-01", post("p"), appointed("ann", "p"))
    history.on("2003-01-01", {"kind": "post-abolished", "post": "p"}).on("2005-01-01", post("p", seats=2))

    # then
    days = ["2002-12-31", "2003-01-01", "2004-12-31", "2005-01-01"]
    assert [history.grade("p", day, "posts") for day in days] == ["certain", None, None, "certain"]
    assert history.people("p", "2002-12-31") == ["ann"]
    assert history.people("p", "2005-01-01") == []
    assert history.structure("2005-01-01")["posts"]["p"]["seats"] == 2


def test_a_sighting_of_an_uncertain_day_surely_after_the_end_opens_a_life() -> None:
    """Seen some day of 2007, and abolished in 2006: by the end of 2007 another stood."""
    # given
    history = History().on("2001-01-01", unit("u")).on("2006-06-01", abolished("u"))
    history.on("2007", {"kind": "unit-attested", "unit": "u"})

    # then
    assert history.grade("u", "2006-06-01") == "unattested"
    assert history.grade("u", "2007-12-31") == "presumed"
    assert seen(history, "2007-12-31")["since"] is None


def test_an_act_on_a_life_that_a_sighting_opened_belongs_to_that_life(history: History) -> None:
    """Seen again in 2008 and renamed in 2009: the new one was renamed."""
    # given
    history.on("2008-01-01", {"kind": "unit-attested", "unit": "u"}).on("2009-01-01", renamed("Anew"))

    # then
    assert seen(history, "2005-12-31")["name"] == {"en": "u"}
    assert [seen(history, day)["name"]["en"] for day in ("2008-12-31", "2009-01-01")] == ["u", "Anew"]
    assert history.rules() == set()


def test_an_appointment_that_may_lie_before_the_posts_end_counts() -> None:
    """The post fell some day of 2006, and someone took office in March: it fell later."""
    # given
    history = History().on("2001-01-01", post("p")).on("2006", {"kind": "post-abolished", "post": "p"})
    history.on("2006-03-01", appointed("ann", "p"))

    # then
    assert history.people("p", "2006-03-01") == ["ann"]
    assert history.grade("p", "2006-03-01", "posts") == "certain"
    assert history.grade("p", "2006-12-31", "posts") is None
    assert history.rules() == set()
