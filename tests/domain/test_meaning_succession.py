"""Design 4.7: a post of one seat passes from hand to hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.history import History, appointed, post, released


def held(history: History, as_of: str, person: str = "ann") -> dict[str, Any]:
    """The tenure of *person* in post `p` on a day."""
    found = history.holder(person, "p", as_of)
    assert found
    return found


@pytest.fixture
def history() -> History:
    """A post `p` of one seat, held by Ann since 2005."""
    return History().on("2001-01-01", post("p"), post("q")).on("2005-01-01", appointed("ann", "p"))


def test_a_substantive_appointment_ends_the_tenure_before_it(history: History) -> None:
    """The hand-over day belongs to the successor; until then the one before is presumed."""
    history.on("2006-01-01", appointed("bob", "p"))

    assert history.people("p", "2005-12-31") == ["ann"]
    assert history.people("p", "2006-01-01") == ["bob"]
    assert held(history, "2005-01-01")["grade"] == "certain"
    assert held(history, "2005-01-02")["grade"] == "presumed"
    assert held(history, "2005-12-31")["grade"] == "presumed"
    assert history.structure("2005-12-31")["posts"]["p"]["vacancy"] == "filled"
    assert history.rules() == set()


def test_the_end_lies_between_the_day_after_the_last_evidence_and_the_appointment(history: History) -> None:
    """Last seen in June, gone by January: that is what we know of the end."""
    history.on("2005-06-15", {"kind": "tenure-attested", "person": "ann", "post": "p"})
    history.on("2006-01-01", appointed("bob", "p"))

    assert held(history, "2005-06-15")["grade"] == "certain"
    assert held(history, "2005-06-15")["until"] == "2005-06-16/2006-01-01"


def test_without_other_evidence_the_end_lies_after_the_start(history: History) -> None:
    """The start is the last evidence there is."""
    history.on("2006-01-01", appointed("bob", "p"))

    assert held(history, "2005-12-31")["until"] == "2005-01-02/2006-01-01"


def test_an_end_of_one_possible_day_is_told_as_that_day(history: History) -> None:
    """Seen in office on the eve: it ended on the day."""
    history.on("2005-12-31", {"kind": "tenure-attested", "person": "ann", "post": "p"})
    history.on("2006-01-01", appointed("bob", "p"))

    assert held(history, "2005-12-31")["until"] == "2006-01-01"


def test_a_successor_of_uncertain_day_ends_the_tenure_by_the_latest_day(history: History) -> None:
    """Appointed some day of 2006: Ann is presumed to the last but one day of the year."""
    history.on("2006", appointed("bob", "p"))

    assert held(history, "2006-01-01")["grade"] == "presumed"
    assert held(history, "2006-12-30")["grade"] == "presumed"
    assert held(history, "2006-06-01")["until"] == "2005-01-02/2006-12-31"
    assert held(history, "2006-06-01", "bob")["grade"] == "possible"
    assert history.people("p", "2006-12-31") == ["bob"]


def test_of_three_in_a_row_each_is_ended_by_the_next(history: History) -> None:
    """The last evidence is that before the cause, and the cause the next in the order of effect."""
    history.on("2007-01-01", appointed("cat", "p")).on("2006-01-01", appointed("bob", "p"))

    days = ["2005-12-31", "2006-01-01", "2006-12-31", "2007-01-01"]
    assert [history.people("p", day) for day in days] == [["ann"], ["bob"], ["bob"], ["cat"]]
    assert held(history, "2005-12-31")["until"] == "2005-01-02/2006-01-01"
    assert held(history, "2006-12-31", "bob")["until"] == "2006-01-02/2007-01-01"


@pytest.mark.parametrize("capacity", ["acting", "concurrent"])
def test_who_only_stands_in_ends_nobodys_tenure(history: History, capacity: str) -> None:
    """The minister is on leave, and someone acts for her."""
    history.on("2006-01-01", appointed("bob", "p", capacity))

    assert history.people("p", "2006-01-01") == ["ann", "bob"]
    assert held(history, "2006-01-01")["until"] is None
    assert history.rules() == set()


@pytest.mark.parametrize("capacity", ["acting", "concurrent"])
def test_a_substantive_appointment_ends_those_who_stood_in(capacity: str) -> None:
    """Whatever their capacity was: the seat is taken."""
    # given
    history = History().on("2001-01-01", post("p")).on("2005-01-01", appointed("ann", "p", capacity))
    history.on("2006-01-01", appointed("bob", "p"))

    # then
    assert history.people("p", "2005-12-31") == ["ann"]
    assert history.people("p", "2006-01-01") == ["bob"]


def test_a_substantive_transfer_ends_the_tenure_before_it(history: History) -> None:
    """A transfer is an appointment by another name."""
    history.on("2005-01-01", appointed("bob", "q"))
    history.on("2006-01-01", {"kind": "transferred", "person": "bob", "from_post": "q", "to_post": "p"})

    assert history.people("p", "2005-12-31") == ["ann"]
    assert history.people("p", "2006-01-01") == ["bob"]
    assert history.people("q", "2006-01-01") == []


def test_a_transfer_to_stand_in_ends_nobodys_tenure(history: History) -> None:
    """Moved there as acting, beside her."""
    move = {"kind": "transferred", "person": "bob", "from_post": "q", "to_post": "p", "capacity": "acting"}
    history.on("2005-01-01", appointed("bob", "q")).on("2006-01-01", move)

    assert history.people("p", "2006-01-01") == ["ann", "bob"]


def test_a_holder_who_is_only_seen_ends_nobodys_tenure(history: History) -> None:
    """An attestation starts and ends nothing."""
    history.on("2006-01-01", {"kind": "tenure-attested", "person": "bob", "post": "p", "capacity": "substantive"})

    assert history.people("p", "2006-01-01") == ["ann", "bob"]


@pytest.mark.parametrize("seats", [None, 2])
def test_a_post_of_two_seats_or_unknown_ones_passes_from_nobody(seats: int | None) -> None:
    """There may be room for both."""
    # given
    history = History().on("2001-01-01", post("p", seats=seats))
    history.on("2005-01-01", appointed("ann", "p")).on("2006-01-01", appointed("bob", "p"))

    # then
    assert history.people("p", "2006-01-01") == ["ann", "bob"]
    assert held(history, "2006-01-01")["until"] is None


@pytest.mark.parametrize(("before", "after", "people"), [(2, 1, ["bob"]), (1, 2, ["ann", "bob"])])
def test_the_seats_are_those_of_the_day_of_the_appointment(before: int, after: int, people: list[str]) -> None:
    """A post may have had another number of seats, or get one later."""
    # given
    history = History().on("2001-01-01", post("p", seats=before)).on("2005-01-01", appointed("ann", "p"))
    history.on("2005-06-01", {"kind": "seats-changed", "post": "p", "seats": after})
    history.on("2006-01-01", appointed("bob", "p"))

    # then
    assert history.people("p", "2006-01-01") == people


# --- stated ends, and evidence that forbids the end


def test_a_tenure_that_had_ended_before_is_left_alone(history: History) -> None:
    """A gap between two holders stays a gap."""
    history.on("2005-06-01", released("ann", "p")).on("2006-01-01", appointed("bob", "p"))

    assert history.people("p", "2005-06-01") == []
    assert held(history, "2005-05-31")["until"] == "2005-06-01"
    assert held(history, "2005-05-31")["grade"] == "certain"


def test_a_stated_end_that_can_be_that_day_is_that_day(history: History) -> None:
    """Released some day of 2006, replaced on its first: released on its first."""
    history.on("2006", released("ann", "p")).on("2006-01-01", appointed("bob", "p"))

    assert history.people("p", "2005-12-31") == ["ann"]
    assert history.people("p", "2006-01-01") == ["bob"]
    assert held(history, "2005-12-31")["until"] == "2006"
    assert history.rules() == set()


def test_a_later_stated_end_is_an_overlap(history: History) -> None:
    """Two hold one seat for half a year: a finding, not a decision."""
    history.on("2006-06-01", released("ann", "p")).on("2006-01-01", appointed("bob", "p"))

    assert history.people("p", "2006-01-01") == ["ann", "bob"]
    assert history.people("p", "2006-05-31") == ["ann", "bob"]
    assert history.people("p", "2006-06-01") == ["bob"]
    assert history.rules() == {"overlap"}


@pytest.mark.parametrize("day", ["2006-01-01", "2007-01-01"])
def test_a_holder_seen_on_the_day_or_after_has_not_left(history: History, day: str) -> None:
    """No end is implied, the day of the appointment is contested, and the overlap reported."""
    history.on("2006-01-01", appointed("bob", "p"))
    history.on(day, {"kind": "tenure-attested", "person": "ann", "post": "p"})

    assert history.people("p", "2006-06-01") == ["ann", "bob"]
    assert held(history, "2006-06-01")["until"] is None
    days = ["2005-12-31", "2006-01-01", "2006-01-02"]
    assert [held(history, day)["contested"] for day in days] == [False, True, False]
    assert history.rules() == {"overlap"}


def test_a_holder_appointed_again_later_had_left(history: History) -> None:
    """Evidence counts up to the next start: her second tenure tells nothing of the end of the first."""
    history.on("2006-01-01", appointed("bob", "p")).on("2007-01-01", appointed("ann", "p"), by="again")

    days = ["2005-12-31", "2006-01-01", "2006-12-31", "2007-01-01"]
    assert [history.people("p", day) for day in days] == [["ann"], ["bob"], ["bob"], ["ann"]]
    assert held(history, "2007-01-01")["since"] == "2007-01-01"
    assert history.rules() == set()


def test_one_seat_may_be_known_from_a_source() -> None:
    """A staff table that shows one seat makes it known, as an act would."""
    # given
    table = {"kind": "post-attested", "post": "p", "title": {"en": "P"}, "unit": "mint", "seats": 1}
    history = History().on("2001-01-01", table)
    history.on("2005-01-01", appointed("ann", "p")).on("2006-01-01", appointed("bob", "p"))

    # then
    assert history.people("p", "2005-12-31") == ["ann"]
    assert history.people("p", "2006-01-01") == ["bob"]


def test_a_holder_seen_within_the_year_of_the_succession_left_later_in_it(history: History) -> None:
    """Bob came some day of 2006 and Ann was seen in June: he came after, and nothing is wrong."""
    history.on("2006", appointed("bob", "p")).on(
        "2006-06-01", {"kind": "tenure-attested", "person": "ann", "post": "p"}
    )

    assert held(history, "2006-06-01")["until"] == "2006-06-02/2006-12-31"
    assert [held(history, day)["grade"] for day in ("2006-06-01", "2006-06-02", "2006-12-30")] == [
        "certain",
        "presumed",
        "presumed",
    ]
    assert history.people("p", "2006-12-31") == ["bob"]
    assert history.rules() == set()


def test_a_second_decree_for_one_who_had_been_replaced_starts_a_second_tenure() -> None:
    """Ann, then Bob, then Ann again, by three decrees: she stood no longer, though Bob is found last."""
    # given
    history = History().on("2001-01-01", post("p"))
    for day, person in (("2005-01-01", "ann"), ("2007-01-01", "ann"), ("2006-01-01", "bob")):
        history.on(day, appointed(person, "p"), instrument={"kind": "decree"})

    # then
    days = ["2005-12-31", "2006-01-01", "2006-12-31", "2007-01-01"]
    assert [history.people("p", day) for day in days] == [["ann"], ["bob"], ["bob"], ["ann"]]
    assert held(history, "2007-01-01")["since"] == "2007-01-01"
    assert history.rules() == set()


def test_a_holder_first_seen_before_the_appointment_is_ended_by_it() -> None:
    """Her own appointment is lost; that she was there before him is enough."""
    # given
    history = History().on("2001-01-01", post("p"))
    history.on("2005-01-01", {"kind": "tenure-attested", "person": "ann", "post": "p"})
    history.on("2006-01-01", appointed("bob", "p"))

    # then
    assert history.people("p", "2005-12-31") == ["ann"]
    assert history.people("p", "2006-01-01") == ["bob"]
    assert held(history, "2005-12-31")["until"] == "2005-01-02/2006-01-01"
