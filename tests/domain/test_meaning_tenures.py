"""Design 3 and 4.9: which tenure is meant, by its name or by who held what."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import EntryRefused
from tests.history import History, abolished, appointed, post, released, unit


def tenures(history: History, as_of: str, of: str = "p", grade: Any = "possible") -> list[str]:
    """The ids of the tenures in a post on a day."""
    return sorted(history.structure(as_of, grade)["posts"].get(of, {}).get("holders", {}))


def refusals(history: History, on: str, *changes: dict[str, Any]) -> set[str]:
    """The rules that refuse an entry."""
    with pytest.raises(EntryRefused) as refusal:
        history.on(on, *changes)
    return {reason.rule for reason in refusal.value.reasons}


@pytest.fixture
def history() -> History:
    """Posts `p`, of two seats, and `q`, since 2001."""
    return History().on("2001-01-01", post("p", seats=2), post("q"))


def test_a_tenure_is_named_for_the_change_that_starts_it(history: History) -> None:
    """Unless its editor gives it a name."""
    history.on("2005-01-01", appointed("ann", "p"), appointed("bob", "p", tenure="bobs"), by="act")

    assert tenures(history, "2005-01-01") == ["act#1", "bobs"]


def test_a_tenure_without_a_start_is_named_for_its_first_event(history: History) -> None:
    """First in the order of effect, not of arrival."""
    for name, day in (("late", "2006-01-01"), ("early", "2005-01-01")):
        history.on(day, {"kind": "tenure-attested", "person": "ann", "post": "p"}, by=name)

    assert tenures(history, "2006-01-01") == ["early#1"]


def test_a_start_found_later_gives_the_tenure_its_name_and_the_old_names_still_hold(history: History) -> None:
    """Who cites the tenure by a sighting is understood after the appointment is found."""
    # given a tenure seen in 2006
    history.on("2006-01-01", {"kind": "tenure-attested", "person": "ann", "post": "p"}, by="seen")
    history.on("2005-01-01", appointed("ann", "p"), by="act")
    assert tenures(history, "2006-01-01") == ["act#1"]

    # when it is ended by its old name
    history.on("2007-01-01", {"kind": "released", "tenure": "seen#1"})

    # then
    assert history.people("p", "2006-12-31") == ["ann"]
    assert history.people("p", "2007-01-01") == []


def test_a_release_by_name_ends_that_tenure_alone(history: History) -> None:
    """Where one person holds a post twice, the name tells which."""
    # given
    history.on("2005-01-01", appointed("ann", "p", tenure="one"), appointed("ann", "p", tenure="two"))
    assert tenures(history, "2005-01-01") == ["one", "two"]
    history.on("2006-01-01", {"kind": "released", "tenure": "two"})

    # then
    assert tenures(history, "2005-12-31") == ["one", "two"]
    assert tenures(history, "2006-01-01") == ["one"]


def test_a_person_may_hold_a_post_twice_one_time_after_the_other(history: History) -> None:
    """Two tenures, two spans, and a gap between."""
    history.on("2005-01-01", appointed("ann", "p"), by="a").on("2006-01-01", released("ann", "p"))
    history.on("2008-01-01", appointed("ann", "p"), by="b").on("2009-01-01", released("ann", "p"))

    days = ["2004-12-31", "2005-01-01", "2005-12-31", "2006-01-01", "2007-12-31", "2008-01-01", "2009-01-01"]
    assert [tenures(history, day) for day in days] == [[], ["a#1"], ["a#1"], [], [], ["b#1"], []]
    assert history.rules() == set()


def test_a_release_where_two_stand_on_the_eve_is_refused(history: History) -> None:
    """Which of the two she left, the entry must say."""
    history.on("2005-01-01", appointed("ann", "p", tenure="one"), appointed("ann", "p", tenure="two"))

    assert refusals(history, "2006-01-01", released("ann", "p")) == {"ambiguous-release"}


def test_a_release_that_later_knowledge_makes_ambiguous_ends_neither(history: History) -> None:
    """It was clear when recorded; a second tenure found since makes it a question."""
    # given
    history.on("2005-01-01", appointed("ann", "p", tenure="one")).on("2006-01-01", released("ann", "p"), by="left")
    assert history.people("p", "2006-01-01") == []

    # when
    history.on("2005-06-01", appointed("ann", "p", tenure="two"))

    # then
    assert tenures(history, "2006-01-01") == ["one", "two"]
    assert history.rules() == {"ambiguous-tenure"}
    assert history.structure("2006-01-01", known="left")["posts"]["p"]["holders"] == {}


def test_a_release_where_none_stands_shows_a_tenure_of_unknown_start(history: History) -> None:
    """She left, so she had been there: on the eve, since we do not know when."""
    history.on("2006-01-01", released("ann", "p"), by="left")

    assert tenures(history, "2005-12-30") == []
    assert tenures(history, "2005-12-30", grade="unattested") == ["left#1"]
    held = history.holder("ann", "p", "2005-12-31")
    assert held
    assert (held["grade"], held["since"], held["until"]) == ("certain", None, "2006-01-01")
    assert held["cause"]["event"] == "left#1"
    assert history.people("p", "2006-01-01") == []


def test_an_appointment_found_later_joins_the_release(history: History) -> None:
    """One tenure, not one of unknown start and one without end."""
    history.on("2006-01-01", released("ann", "p")).on("2005-01-01", appointed("ann", "p"), by="act")

    days = ["2004-12-31", "2005-01-01", "2005-12-31", "2006-01-01", "2010-01-01"]
    assert [tenures(history, day, grade="unattested") for day in days] == [[], ["act#1"], ["act#1"], [], []]
    held = history.holder("ann", "p", "2005-06-01")
    assert held
    assert (held["grade"], held["since"], held["until"]) == ("certain", "2005-01-01", "2006-01-01")


def test_a_release_before_the_appointment_closes_an_earlier_tenure(history: History) -> None:
    """Released in 2004 and appointed in 2006: she had held it before."""
    history.on("2006-01-01", appointed("ann", "p"), by="act").on("2004-01-01", released("ann", "p"), by="left")

    days = ["2003-12-31", "2004-01-01", "2005-12-31", "2006-01-01"]
    assert [tenures(history, day) for day in days] == [["left#1"], [], [], ["act#1"]]
    assert history.rules() == set()


# --- refused


def test_a_named_tenure_does_not_end_before_it_begins(history: History) -> None:
    """The name says that it is this one, so the days are wrong."""
    history.on("2005-01-01", appointed("ann", "p", tenure="one"))

    assert refusals(history, "2004-01-01", {"kind": "released", "tenure": "one"}) == {"end-before-start"}


def test_one_entry_does_not_end_what_it_begins_before_it_begins(history: History) -> None:
    """An entry is read in one go: its days must fit each other."""
    early = {**abolished("u"), "effective": "2004-01-01"}

    assert refusals(history, "2005-01-01", unit("u"), early) == {"end-before-start"}
    early = {**released("ann", "p"), "effective": "2004-01-01"}
    assert refusals(history, "2005-01-01", appointed("ann", "p"), early) == {"end-before-start"}


@pytest.mark.parametrize(("last", "people"), [("2005-01-02", ["ann"]), ("2005-01-01", [])])
def test_an_appointment_for_a_day_or_none_is_legal(history: History, last: str, people: list[str]) -> None:
    """Appointed and released on the next day, or on the same: history is messy."""
    history.on("2005-01-01", appointed("ann", "p", tenure="brief"))
    history.on(last, {"kind": "released", "tenure": "brief"})

    assert history.people("p", "2004-12-31") == []
    assert history.people("p", "2005-01-01") == people
    assert history.people("p", "2005-01-02") == []
    assert history.rules() == set()


def test_a_tenure_name_in_use_for_another_is_refused(history: History) -> None:
    """A name is of one person in one post."""
    history.on("2005-01-01", appointed("ann", "p", tenure="one"))

    assert refusals(history, "2006-01-01", appointed("bob", "p", tenure="one")) == {"tenure-taken"}
    assert refusals(history, "2006-01-01", {"kind": "released", "tenure": "none"}) == {"unknown-id"}


# --- transfers


def move(**more: Any) -> dict[str, Any]:
    """Ann transferred from `p` to `q`."""
    return {"kind": "transferred", "person": "ann", "from_post": "p", "to_post": "q", **more}


def test_a_transfer_ends_one_tenure_and_starts_another(history: History) -> None:
    """One move, two tenures: gone here and come there on the same day."""
    history.on("2005-01-01", appointed("ann", "p"), by="a").on("2006-01-01", move(), by="b")

    assert (tenures(history, "2005-12-31"), tenures(history, "2005-12-31", "q")) == (["a#1"], [])
    assert (tenures(history, "2006-01-01"), tenures(history, "2006-01-01", "q")) == ([], ["b#1"])
    held = history.holder("ann", "q", "2006-01-01")
    assert held
    assert (held["capacity"], held["grade"], held["since"]) == ("substantive", "certain", "2006-01-01")
    left = history.holder("ann", "p", "2005-12-31")
    assert left
    assert (left["grade"], left["until"]) == ("certain", "2006-01-01")


def test_a_transfer_names_the_tenure_it_starts_and_the_one_it_ends(history: History) -> None:
    """Where she holds the post twice, from_tenure tells which she leaves."""
    history.on("2005-01-01", appointed("ann", "p", tenure="one"), appointed("ann", "p", tenure="two"))
    history.on("2006-01-01", move(from_tenure="one", tenure="new", capacity="acting"))

    assert tenures(history, "2006-01-01") == ["two"]
    assert tenures(history, "2006-01-01", "q") == ["new"]
    held = history.holder("ann", "q", "2006-01-01")
    assert held
    assert held["capacity"] == "acting"


def test_a_transfer_out_of_a_post_nobody_saw_her_in_shows_her_there_on_the_eve(history: History) -> None:
    """As a release does."""
    history.on("2006-01-01", move())

    held = history.holder("ann", "p", "2005-12-31")
    assert held
    assert (held["grade"], held["since"], held["until"]) == ("certain", None, "2006-01-01")
    assert history.people("p", "2006-01-01") == []
    assert history.people("q", "2006-01-01") == ["ann"]


@pytest.mark.parametrize("second", ["2006-05-05", "2009-05-05"])
def test_a_second_start_of_one_named_tenure_is_a_rival_though_a_successor_came_between(second: str) -> None:
    """Two sources date one tenure before and after another holder took the seat: one of them is wrong."""
    # given
    history = History().on("2001-01-01", post("chair", seats=1))
    history.on("2005-05-05", appointed("ann", "chair", tenure="t"), by="a")
    history.on("2007-07-07", appointed("bob", "chair"), by="b")

    # when
    history.on(second, appointed("ann", "chair", tenure="t"), by="c")

    # then
    held = history.structure("2006-06-06")["posts"]["chair"]["holders"]
    assert list(held) == ["t"]
    assert held["t"]["since"] == "2005-05-05"
    assert history.rules() == {"conflicting-claims"}
    assert list(history.structure("2010-01-01")["posts"]["chair"]["holders"]) == ["b#1"]
