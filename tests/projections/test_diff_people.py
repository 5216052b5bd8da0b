"""Rows of a diff about who holds office: moves first, then one holder for another, then each by itself."""

from __future__ import annotations

from typing import Any

import pytest

from projections.structure import Answer
from tests.history import History, abolished, appointed, post, released, unit
from tests.projections.differences import kinds, only


def mint(*seats: int | None, posts: tuple[str, ...] = ("warden", "assayer")) -> History:
    """The mint with two posts of one seat each, or of *seats*, created in 2001."""
    given = seats or (1,) * len(posts)
    return History().on("2001-01-01", *(post(name, seats=n) for name, n in zip(posts, given, strict=True)))


def row_of(answer: Answer, kind: str) -> Answer:
    """The one row of that kind."""
    rows: list[Answer] = [row for row in answer["changes"] if row["kind"] == kind]
    assert len(rows) == 1, answer["changes"]
    return rows[0]


# --- one holder by itself


def test_a_first_holder_is_appointed_under_person_post_and_tenure() -> None:
    """Where nobody left, nobody was replaced."""
    history = mint().on("2002-02-02", appointed("ann", "warden"), by="act")

    row = only(history.diff("2002-02-01", "2002-02-02"))

    assert row["kind"] == "appointed"
    assert row["subject"] == {"person": "ann", "post": "warden", "tenure": "act#1"}
    assert row["before"] is None
    assert {"person": "ann", "capacity": "substantive"}.items() <= row["after"].items()
    assert (row["effective"], row["grade"], row["implied"]) == ("2002-02-02", "certain", False)
    assert row["cause"]["event"] == "act#1"


def test_a_last_holder_is_released_under_person_post_and_tenure() -> None:
    """A tenure that has an id of its own is named by it."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden", tenure="ann-1"))
        .on("2003-03-03", released("ann", "warden", ground="own-wish"), by="exit")
    )

    row = only(history.diff("2003-03-02", "2003-03-03"))

    assert (row["kind"], row["after"], row["effective"]) == ("released", None, "2003-03-03")
    assert row["subject"] == {"person": "ann", "post": "warden", "tenure": "ann-1"}
    assert row["before"]["person"] == "ann"
    assert (row["cause"]["event"], row["implied"]) == ("exit#1", False)


def test_a_holder_who_died_is_released_by_the_death_implied() -> None:
    """Nobody wrote that the office ended: the death did it."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden"))
        .on("2003-03-03", {"kind": "life-event", "person": "ann", "what": "died"}, by="obituary")
    )

    row = only(history.diff("2003-03-02", "2003-03-03"))

    assert (row["kind"], row["implied"], row["effective"]) == ("released", True, "2003-03-03")
    assert row["cause"]["event"] == "obituary#1"


# --- holder-changed


def test_one_holder_for_another_is_one_row_of_the_post() -> None:
    """The historian reads: the warden changed, from ann to bob, by this act."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden"))
        .on("2003-03-03", released("ann", "warden"), by="exit")
        .on("2003-03-05", appointed("bob", "warden"), by="entrance")
    )

    row = only(history.diff("2003-03-02", "2003-03-05"))

    assert (row["kind"], row["subject"]) == ("holder-changed", {"post": "warden"})
    assert row["before"]["person"] == "ann"
    assert row["after"]["person"] == "bob"
    assert (row["effective"], row["grade"]) == ("2003-03-05", "certain")
    assert row["cause"]["event"] == "entrance#1"  # the last act netted


def test_a_successor_alone_changes_the_holder() -> None:
    """Where only the new appointment is on record, the old holder went by it."""
    history = (
        mint().on("2002-02-02", appointed("ann", "warden")).on("2003-03-03", appointed("bob", "warden"), by="entrance")
    )

    row = only(history.diff("2003-03-02", "2003-03-03"))

    assert (row["kind"], row["subject"], row["effective"]) == ("holder-changed", {"post": "warden"}, "2003-03-03")
    assert (row["before"]["person"], row["after"]["person"]) == ("ann", "bob")
    assert row["cause"]["event"] == "entrance#1"


def test_holders_between_the_two_days_are_netted() -> None:
    """Of three in a row the window shows the first and the last."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden"))
        .on("2003-03-03", appointed("bob", "warden"))
        .on("2004-04-04", appointed("cat", "warden"), by="last")
    )

    row = only(history.diff("2003-01-01", "2005-01-01"))

    assert (row["kind"], row["cause"]["entry"]) == ("holder-changed", "last")
    assert (row["before"]["person"], row["after"]["person"]) == ("ann", "cat")


@pytest.mark.parametrize("seats", [2, None])
def test_where_there_are_more_seats_or_unknown_ones_nobody_is_said_to_replace_anybody(seats: int | None) -> None:
    """Two of several judges came and went: that one followed the other is not known."""
    history = (
        mint(seats, posts=("judge",))
        .on("2002-02-02", appointed("ann", "judge"))
        .on("2003-03-03", released("ann", "judge"), appointed("bob", "judge"))
    )

    answer = history.diff("2003-03-02", "2003-03-03")

    assert kinds(answer) == ["appointed", "released"]
    assert [set(row["subject"]) for row in answer["changes"]] == [{"person", "post", "tenure"}] * 2


def test_the_seats_that_count_are_those_of_the_last_day() -> None:
    """A post reduced to one seat in the window has one seat at its end."""
    reduced = {"kind": "seats-changed", "post": "judge", "seats": 1}
    enlarged = {"kind": "seats-changed", "post": "judge", "seats": 2}
    one_for_another = (released("ann", "judge"), appointed("bob", "judge"))

    to_one = mint(2, posts=("judge",)).on("2002-02-02", appointed("ann", "judge"))
    to_two = mint(1, posts=("judge",)).on("2002-02-02", appointed("ann", "judge"))
    to_one.on("2003-03-03", *one_for_another).on("2003-03-04", reduced)
    to_two.on("2003-03-03", *one_for_another).on("2003-03-04", enlarged)

    assert kinds(to_one.diff("2003-03-02", "2003-03-03")) == ["appointed", "released"]
    assert kinds(to_one.diff("2003-03-02", "2003-03-04")) == ["holder-changed", "seats-changed"]
    assert kinds(to_two.diff("2003-03-02", "2003-03-03")) == ["holder-changed"]
    assert kinds(to_two.diff("2003-03-02", "2003-03-04")) == ["appointed", "released", "seats-changed"]


def test_a_post_that_does_not_stand_on_both_days_changes_no_holder() -> None:
    """Its holder went with the post, or came with it."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden"))
        .on("2003-03-03", {"kind": "post-abolished", "post": "warden"})
    )

    assert kinds(history.diff("2003-03-02", "2003-03-03")) == ["post-abolished", "released"]


def test_two_ends_and_one_start_are_told_each_by_itself() -> None:
    """With an acting holder beside the warden, it cannot be told whom the new one replaced."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden"))
        .on("2002-03-03", appointed("bob", "warden", "acting"))
        .on("2003-03-03", appointed("cat", "warden"), by="entrance")
    )
    assert history.people("warden", "2003-03-02") == ["ann", "bob"]

    answer = history.diff("2003-03-02", "2003-03-03")

    assert kinds(answer) == ["appointed", "released", "released"]
    assert {row["cause"]["event"] for row in answer["changes"]} == {"entrance#1"}
    assert [row["implied"] for row in answer["changes"] if row["kind"] == "released"] == [True, True]


def test_the_end_of_a_predecessor_is_told_between_its_last_evidence_and_the_succession() -> None:
    """Posts pass from hand to hand, but the record does not say when ann went."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden"))
        .on("2002-03-03", appointed("bob", "warden", "acting"))
        .on("2003-03-03", appointed("cat", "warden"))
    )

    gone = [row for row in history.diff("2003-03-02", "2003-03-03")["changes"] if row["kind"] == "released"]

    assert sorted((row["subject"]["person"], row["effective"]) for row in gone) == [
        ("ann", "2002-02-03/2003-03-03"),
        ("bob", "2002-03-04/2003-03-03"),
    ]


# --- transferred


def test_a_transfer_is_one_row_of_the_person() -> None:
    """One act, two tenures, one move."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden"))
        .on(
            "2003-03-03",
            {"kind": "transferred", "person": "ann", "from_post": "warden", "to_post": "assayer"},
            by="move",
        )
    )

    row = only(history.diff("2003-03-02", "2003-03-03"))

    assert row["kind"] == "transferred"
    assert row["subject"] == {"person": "ann", "from_post": "warden", "to_post": "assayer"}
    assert row["before"]["post"] == "warden"
    assert row["after"]["post"] == "assayer"
    assert (row["effective"], row["grade"], row["cause"]["event"]) == ("2003-03-03", "certain", "move#1")


def test_a_release_and_an_appointment_in_one_entry_are_a_transfer() -> None:
    """Decrees often move a person in two articles."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden"))
        .on("2003-03-03", released("ann", "warden"), appointed("ann", "assayer"), by="move")
    )

    row = only(history.diff("2003-03-02", "2003-03-03"))

    assert row["kind"] == "transferred"
    assert row["subject"] == {"person": "ann", "from_post": "warden", "to_post": "assayer"}
    assert row["cause"]["entry"] == "move"


def test_a_release_and_an_appointment_in_two_entries_are_not() -> None:
    """Who left office in one act and took one by another was not moved by either."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden"))
        .on("2003-03-03", released("ann", "warden"))
        .on("2003-03-03", appointed("ann", "assayer"))
    )

    assert kinds(history.diff("2003-03-02", "2003-03-03")) == ["appointed", "released"]


def test_a_transfer_is_taken_before_a_change_of_holder() -> None:
    """Ann moved; so the warden's post has a new holder, bob, and no end is left that he could follow."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden"))
        .on(
            "2003-03-03",
            {"kind": "transferred", "person": "ann", "from_post": "warden", "to_post": "assayer"},
            appointed("bob", "warden"),
            by="move",
        )
    )

    answer = history.diff("2003-03-02", "2003-03-03")

    assert kinds(answer) == ["appointed", "transferred"]
    assert row_of(answer, "appointed")["subject"] == {"person": "bob", "post": "warden", "tenure": "move#2"}


def test_who_makes_room_for_a_transferred_person_is_released() -> None:
    """The start was taken by the move; the end that is left stands by itself."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden"), appointed("bob", "assayer"))
        .on(
            "2003-03-03",
            {"kind": "transferred", "person": "ann", "from_post": "warden", "to_post": "assayer"},
            by="move",
        )
    )

    answer = history.diff("2003-03-02", "2003-03-03")

    assert kinds(answer) == ["released", "transferred"]
    assert row_of(answer, "released")["subject"]["person"] == "bob"
    assert row_of(answer, "released")["implied"] is True


def test_two_persons_who_change_places_are_two_transfers() -> None:
    """The swap of two offices is no pair of replacements."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden"), appointed("bob", "assayer"))
        .on(
            "2003-03-03",
            {"kind": "transferred", "person": "ann", "from_post": "warden", "to_post": "assayer"},
            {"kind": "transferred", "person": "bob", "from_post": "assayer", "to_post": "warden"},
        )
    )

    answer = history.diff("2003-03-02", "2003-03-03")

    assert kinds(answer) == ["transferred", "transferred"]
    assert sorted(row["subject"]["person"] for row in answer["changes"]) == ["ann", "bob"]


def test_half_a_transfer_is_told_as_the_half_it_is() -> None:
    """Ann was moved and left her new post within the window: on the last day she has merely left the old one."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden"))
        .on(
            "2003-03-03",
            {"kind": "transferred", "person": "ann", "from_post": "warden", "to_post": "assayer"},
            by="move",
        )
        .on("2004-04-04", released("ann", "assayer"))
    )

    row = only(history.diff("2003-03-02", "2004-04-04"))

    assert row["cause"]["event"] == "move#1"
    assert (row["kind"], set(row["subject"])) == ("released", {"person", "post", "tenure"})


def test_two_transfers_in_a_row_are_no_transfer_by_one_act() -> None:
    """Warden, assayer, master: no one act moved ann from the first to the last."""
    move = {"kind": "transferred", "person": "ann"}
    history = (
        mint(1, 1, 1, posts=("warden", "assayer", "master"))
        .on("2002-02-02", appointed("ann", "warden"))
        .on("2003-03-03", {**move, "from_post": "warden", "to_post": "assayer"})
        .on("2004-04-04", {**move, "from_post": "assayer", "to_post": "master"})
    )

    for row in history.diff("2003-03-02", "2004-04-04")["changes"]:
        assert (row["kind"] == "transferred") == ("from_post" in row["subject"])


# --- attested, and changed in place


def test_a_holder_first_shown_by_a_source_is_attested_by_then() -> None:
    """A yearbook appoints nobody."""
    history = mint().on("2005-05-05", {"kind": "tenure-attested", "person": "ann", "post": "warden"}, by="yearbook")

    row = only(history.diff("2005-05-04", "2005-05-05"))

    assert (row["kind"], row["effective"]) == ("tenure-attested", "../2005-05-05")
    assert row["subject"] == {"person": "ann", "post": "warden", "tenure": "yearbook#1"}


def test_a_successor_known_from_a_source_changes_the_holder_too() -> None:
    """One end and one start left in a post of one seat, however they are known."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden"))
        .on("2003-03-03", released("ann", "warden"))
        .on("2005-05-05", {"kind": "tenure-attested", "person": "bob", "post": "warden"}, by="yearbook")
    )

    row = only(history.diff("2003-01-01", "2005-05-05"))

    assert (row["kind"], row["subject"]) == ("holder-changed", {"post": "warden"})
    assert (row["effective"], row["cause"]["entry"]) == ("../2005-05-05", "yearbook")


def test_a_holder_who_stays_is_no_row_when_the_post_is_retitled_and_moved() -> None:
    """The holders of a post that moves go with it."""
    history = (
        mint()
        .on("2001-01-01", unit("works"))
        .on("2002-02-02", appointed("ann", "warden"))
        .on(
            "2003-03-03",
            {"kind": "post-retitled", "post": "warden", "title": {"en": "Master"}},
            {"kind": "post-moved", "post": "warden", "unit": "works"},
        )
    )

    assert kinds(history.diff("2003-03-02", "2003-03-03")) == ["post-moved", "post-retitled"]


def test_a_reappointment_is_no_row() -> None:
    """A standing holder confirmed in office did not come or go."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden"))
        .decree("2003-03-03", appointed("ann", "warden", reappointed=True))
    )

    assert history.diff("2003-03-02", "2003-03-03")["changes"] == []


def test_a_holder_falls_with_the_unit_of_the_post() -> None:
    """The row of a holder whose unit was abolished names the decree that abolished the unit."""
    history = (
        History()
        .on("2001-01-01", unit("works"), post("warden", "works"))
        .on("2002-02-02", appointed("ann", "warden"))
        .on("2003-03-03", abolished("works"), appointed("ann", "master"), post("master"), by="reform")
    )

    answer = history.diff("2003-03-02", "2003-03-03")

    assert kinds(answer) == ["post-abolished", "post-created", "transferred", "unit-abolished"]
    assert row_of(answer, "transferred")["subject"] == {"person": "ann", "from_post": "warden", "to_post": "master"}


def test_a_tenure_of_low_certainty_gives_a_row_of_its_grade() -> None:
    """The row is as sure as the tenure after it."""
    doubtful: dict[str, Any] = {"sources": [{"source": "rumour", "certainty": "low"}]}
    history = mint().on("2002-02-02", {**appointed("ann", "warden"), **doubtful})

    row = only(history.diff("2002-02-01", "2002-02-02"))

    assert row["grade"] == "presumed"
    assert row["cause"]["sources"][0]["certainty"] == "low"


def test_who_may_hold_a_post_that_no_source_shows_yet_is_told_with_the_post() -> None:
    """The structure shows no holder without the post; the difference tells no more than it."""
    attested = {"kind": "post-attested", "post": "warden", "title": {"en": "Warden"}, "unit": "mint"}
    history = (
        History()
        .on(None, {**attested, "effective": None})
        .on("2005", appointed("ann", "warden"))
        .on("2006-06-06", attested)
    )
    assert history.structure("2005-05-05")["posts"] == {}

    assert history.diff("2004-01-01", "2005-05-05")["changes"] == []
    assert {row["kind"] for row in history.diff("2005-05-05", "2006-06-06")["changes"]} == {
        "post-attested",
        "appointed",
    }


def test_who_is_shown_longer_than_the_post_leaves_with_it() -> None:
    """The record shows Ann in June; her post fell in May, and she stands in no structure after."""
    history = (
        mint()
        .on("2002-02-02", appointed("ann", "warden"))
        .on("2005-05-05", {"kind": "post-abolished", "post": "warden"}, by="fall")
        .on("2005-06-06", {"kind": "tenure-attested", "person": "ann", "post": "warden"})
    )

    rows = {row["kind"]: row for row in history.diff("2005-05-04", "2005-05-05")["changes"]}

    assert rows.keys() == {"post-abolished", "released"}
    assert rows["released"]["implied"] is True
    assert (rows["released"]["cause"]["event"], rows["released"]["effective"]) == ("fall#1", "2005-05-05")
