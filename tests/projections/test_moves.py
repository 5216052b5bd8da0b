"""Careers across bodies: where each post was then, moves out of posts into posts, and several posts at once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from domain.entries import Entry
from projections.histories import person_history
from projections.moves import tenures_of
from projections.structure import Answer, structure
from tests import strategies
from tests.history import FOUNDING, History, abolished, appointed, post, released, unit, world_of
from tests.strategies import PERSONS, interesting_days


def career(history: History, person: str = "ann") -> Answer:
    """The history of a person."""
    return person_history(history.world(), "mint", person)


def moves(history: History, person: str = "ann") -> list[tuple[Any, ...]]:
    """How, on which day, out of which posts into which."""
    return [
        (
            move["how"],
            move["effective"],
            [there["post"] for there in move["left"].values()],
            [there["post"] for there in move["taken"].values()],
        )
        for move in career(history, person)["moves"]
    ]


@pytest.fixture
def posts() -> History:
    """A mint and a treasury with two posts each, of which ann holds the warden's."""
    history = History().on("2000-01-01", unit("treasury", None), post("warden"), post("clerk"), by="founded")
    return history.on(
        "2000-01-01", post("bursar", "treasury"), post("auditor", "treasury"), appointed("ann", "warden"), by="begun"
    )


def test_dismissal_and_appointment_by_one_act_are_one_move(posts: History) -> None:
    """Two changes of one entry, or two entries on one decree: one move, told once, with both bodies."""
    posts.on("2001-01-01", released("ann", "warden"), appointed("ann", "bursar"), by="change")
    posts.decree("2002-02-02", released("ann", "bursar"), by="D1")
    posts.on("2002-03-03", appointed("ann", "clerk"), by="note", instrument="D1")

    told = career(posts)["moves"]

    assert moves(posts) == [
        ("one-act", "2001-01-01", ["warden"], ["bursar"]),
        ("one-act", "2002-03-03", ["bursar"], ["clerk"]),
    ]
    assert [there["under"] for there in told[0]["left"].values()] == [["mint"]]
    assert [there["under"] for there in told[0]["taken"].values()] == [["treasury"]]
    assert (told[0]["cause"]["event"], told[0]["left"]["begun#3"]["cause"]["event"]) == ("change#2", "change#1")
    assert (told[1]["days"], told[1]["cause"]["instrument"]["id"]) == ([29, 29], "D1")


def test_whom_a_successor_displaces_by_the_same_act_moves_by_it(posts: History) -> None:
    """The decree does not say that ann is released: it gives her post to bob, and another to her."""
    posts.on("2001-01-01", appointed("bob", "warden"), appointed("ann", "bursar"), by="change")

    assert moves(posts) == [("one-act", "2001-01-01", ["warden"], ["bursar"])]


def test_a_transfer_is_a_move(posts: History) -> None:
    """One change that is both."""
    posts.on("2001-01-01", {"kind": "transferred", "person": "ann", "from_post": "warden", "to_post": "bursar"})

    assert moves(posts) == [("one-act", "2001-01-01", ["warden"], ["bursar"])]


def test_another_act_of_the_day_of_leaving_makes_a_move_at_once(posts: History) -> None:
    """Also if the day of leaving is but partly known."""
    posts.on("2001-01", released("ann", "warden"), by="exit").on("2001-01-20", appointed("ann", "bursar"), by="come")

    assert moves(posts) == [("at-once", "2001-01-20", ["warden"], ["bursar"])]
    assert career(posts)["moves"][0]["days"] == [0, 19]


def test_who_was_out_of_office_moved_later(posts: History) -> None:
    """With the days between, at least and at most."""
    posts.on("2001-01-01", released("ann", "warden"), by="exit").on("2001-02", appointed("ann", "bursar"), by="come")

    assert moves(posts) == [("later", "2001-02", ["warden"], ["bursar"])]
    assert career(posts)["moves"][0]["days"] == [31, 58]


def test_who_goes_on_in_one_post_while_taking_another_makes_no_move(posts: History) -> None:
    """That is two posts at once, from the first day of the second until the end of the first."""
    posts.on("2001-01-01", appointed("ann", "bursar", "concurrent"), by="come")
    posts.on("2002-02-02", released("ann", "warden"), by="exit")

    assert moves(posts) == []
    assert [
        (row["from"], row["until"], list(row["titles"]), row["one_act"], row["sure"])
        for row in career(posts)["at_once"]
    ] == [("2001-01-01", "2002-02-02", ["warden", "bursar"], False, True)]


def test_posts_given_by_one_act_are_a_combined_title(posts: History) -> None:
    """They are taken by one move, and left by one."""
    posts.on("2001-01-01", released("ann", "warden"), appointed("ann", "bursar"), appointed("ann", "auditor"), by="two")
    posts.on("2002-02-02", released("ann", "bursar"), released("ann", "auditor"), appointed("ann", "clerk"), by="one")

    assert moves(posts) == [
        ("one-act", "2001-01-01", ["warden"], ["auditor", "bursar"]),
        ("one-act", "2002-02-02", ["auditor", "bursar"], ["clerk"]),
    ]
    (row,) = career(posts)["at_once"]
    assert (row["titles"], row["one_act"]) == ({"auditor": {"en": "auditor"}, "bursar": {"en": "bursar"}}, True)


def test_a_reappointment_is_no_move(posts: History) -> None:
    """Released and appointed to the same post on one day: nobody went anywhere."""
    posts.on("2001-01-01", released("ann", "warden"), by="exit").on(
        "2001-01-01", appointed("ann", "warden"), by="again"
    )

    assert moves(posts) == []


def test_a_career_tells_where_each_post_was_then() -> None:
    """The post moves to another unit, which is renamed and then abolished: the title, name and body of the day."""
    history = (
        History(FOUNDING)
        .on("2000-01-01", unit("assay"), post("warden"), appointed("ann", "warden"), by="begun")
        .on("2001-01-01", {"kind": "post-moved", "post": "warden", "unit": "assay"})
        .on("2002-02-02", {"kind": "unit-renamed", "unit": "assay", "name": {"en": "Assay Office"}})
        .on("2003-03-03", {"kind": "post-retitled", "post": "warden", "title": {"en": "Master"}})
        .on("2004-04-04", abolished("assay"))
    )

    (held,) = career(history)["career"]

    assert [(p["from"], p["until"], p["title"]["en"], p["name"]["en"], p["under"]) for p in held["places"]] == [
        ("2000-01-01", "2001-01-01", "warden", "Mint", ["mint"]),
        ("2001-01-01", "2002-02-02", "warden", "assay", ["assay", "mint"]),
        ("2002-02-02", "2003-03-03", "warden", "Assay Office", ["assay", "mint"]),
        ("2003-03-03", "2004-04-04", "Master", "Assay Office", ["assay", "mint"]),
    ]


@given(strategies.registers())
@settings(max_examples=60, deadline=None)
def test_each_tenure_is_left_once_and_taken_once_at_most(entries: list[Entry]) -> None:
    """Moves count people who moved: none twice, none forwards in time, none into the post that was left."""
    world = world_of(entries)
    for person in PERSONS:
        told = person_history(world, "mint", person)
        lives = {life.id: life for life in tenures_of(world, person)}
        left = [name for move in told["moves"] for name in move["left"]]
        taken = [name for move in told["moves"] for name in move["taken"]]
        assert len(left) == len(set(left))
        assert len(taken) == len(set(taken))
        assert {*left, *taken} <= {row["tenure"] for row in told["career"]}
        for move in told["moves"]:
            assert {there["post"] for there in move["left"].values()}.isdisjoint(
                there["post"] for there in move["taken"].values()
            )
            assert all(lives[one].s_hi <= lives[other].s_hi for one in move["left"] for other in move["taken"])


@given(strategies.registers())
@settings(max_examples=30, deadline=None)
def test_posts_held_at_once_are_those_that_the_structure_shows(entries: list[Entry]) -> None:
    """Whoever is shown in two posts on a day is so told, on that day and no other."""
    world = world_of(entries)
    rows = {person: person_history(world, "mint", person)["at_once"] for person in PERSONS}
    for as_of in interesting_days():
        held: dict[str, set[str]] = {}
        for name, seen in structure(world, as_of)["posts"].items():
            for holder in seen["holders"].values():
                held.setdefault(holder["person"], set()).add(name)
        for person, several in held.items():
            if len(several) > 1:
                assert any(several <= set(row["titles"]) for row in rows[person])
