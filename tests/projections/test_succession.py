"""Holders of a post one after another: who followed whom, when nobody or too many held it, and what says so."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, settings

from domain.dates import AFTER_ALL, BEFORE_ALL, day
from domain.entries import Entry
from projections.histories import post_history
from projections.structure import Answer, structure
from projections.succession import occupancy
from tests import strategies
from tests.history import History, appointed, post, released, world_of
from tests.strategies import POSTS, interesting_days

EMPTY = {"kind": "list-attested", "scope": {"post": "warden"}, "members": [], "closed": True}


def warden(history: History) -> Answer:
    """The history of the warden's post."""
    return post_history(history.world(), "mint", "warden")


def spans(history: History) -> list[tuple[Any, ...]]:
    """From, until, kind and tenures of each span."""
    return [(row["from"], row["until"], row["kind"], row["tenures"]) for row in warden(history)["occupancy"]]


def beside(history: History) -> dict[str, tuple[str | None, str | None]]:
    """Tenure → its predecessor and successor."""
    return {name: (held["predecessor"], held["successor"]) for name, held in warden(history)["holders"].items()}


def a_post(seats: int | None = 1) -> History:
    """A warden's post that begins in 2001."""
    return History().on("2001-01-01", post("warden", seats=seats), by="begun")


def test_each_holder_shows_who_came_before_and_who_after() -> None:
    """The first has no predecessor, the last no successor; a gap between them changes nothing."""
    history = (
        a_post()
        .on("2001-01-01", appointed("ann", "warden"), by="first")
        .on("2002-02-02", appointed("bob", "warden"), by="second")
        .on("2003-03-03", released("bob", "warden"), by="exit")
        .on("2004-04-04", appointed("ann", "warden"), by="third")
    )

    assert beside(history) == {
        "first#1": (None, "second#1"),
        "second#1": ("first#1", "third#1"),
        "third#1": ("second#1", None),
    }


def test_a_reappointment_is_no_new_holder() -> None:
    """Under another decree the tenure goes on; released and appointed on one day, it is still the same holder."""
    history = (
        a_post()
        .decree("2001-01-01", appointed("ann", "warden"), by="first")
        .decree("2002-02-02", appointed("ann", "warden"), by="again")
        .on("2003-03-03", released("ann", "warden"), by="exit")
        .on("2003-03-03", appointed("ann", "warden"), by="return")
        .on("2004-04-04", appointed("bob", "warden"), by="other")
    )

    holders = warden(history)["holders"]

    assert list(holders) == ["first#1", "return#1", "other#1"]
    assert [cause["event"] for cause in holders["first#1"]["reappointed"]] == ["again#1"]
    assert beside(history) == {
        "first#1": (None, "other#1"),
        "return#1": (None, "other#1"),
        "other#1": ("return#1", None),
    }


def test_a_stand_in_is_followed_by_nobody_while_the_holder_goes_on() -> None:
    """Who comes next succeeds the one whose place it was."""
    leave = {"kind": "capacity-changed", "person": "ann", "post": "warden", "capacity": "on-leave"}
    history = (
        a_post()
        .on("2001-01-01", appointed("ann", "warden"), by="first")
        .on("2002-02-02", leave, appointed("bob", "warden", "acting"), by="absent")
        .on("2003-03-03", released("bob", "warden"), by="back")
        .on("2004-04-04", appointed("cat", "warden"), by="next")
    )

    assert beside(history) == {
        "first#1": (None, "next#1"),
        "absent#2": ("first#1", None),
        "next#1": ("first#1", None),
    }


def test_who_left_with_whom_they_stood_in_for_followed_nobody() -> None:
    """Both go by one day; that of the eve is the same, and a day later the stand-in did come after."""
    leave = {"kind": "capacity-changed", "person": "ann", "post": "warden", "capacity": "on-leave"}
    gone = {"2003-03-02": None, "2003-03-03": None, "2003-03-04": "absent#2"}

    for on, successor in gone.items():
        history = (
            a_post()
            .on("2001-01-01", appointed("ann", "warden"), by="first")
            .on("2002-02-02", leave, appointed("bob", "warden", "acting"), by="absent")
            .on(on, released("bob", "warden"), by="back")
            .on("2003-03-03", released("ann", "warden"), by="exit")
        )

        assert beside(history) == {"first#1": (None, successor), "absent#2": ("first#1", None)}


def test_of_several_seats_one_act_alone_says_who_replaced_whom() -> None:
    """Otherwise nobody knows which seat was passed to whom."""
    history = (
        a_post(seats=2)
        .on("2001-01-01", appointed("ann", "warden"), appointed("bob", "warden"), by="first")
        .on("2002-02-02", released("ann", "warden"), appointed("cat", "warden"), by="change")
    )

    assert beside(history) == {
        "first#1": (None, "change#2"),
        "first#2": (None, None),
        "change#2": ("first#1", None),
    }


def test_a_gap_says_after_whom_before_whom_and_why() -> None:
    """Since when nobody is known to hold the post, and how the last tenure ended; the eve and the first day."""
    history = (
        a_post()
        .on("2001-01-01", appointed("ann", "warden"), by="first")
        .on("2003-03-03", released("ann", "warden", ground="death"), by="exit")
        .on("2004-04-04", appointed("bob", "warden"), by="second")
    )

    gap = warden(history)["occupancy"][1]

    assert spans(history) == [
        ("2001-01-01", "2003-03-03", "held", ["first#1"]),
        ("2003-03-03", "2004-04-04", "gap", []),
        ("2004-04-04", None, "held", ["second#1"]),
    ]
    assert (gap["after"], gap["before"], gap["sure"], gap["vacant"]) == (["first#1"], ["second#1"], False, [])
    assert (gap["why"]["tenure"], gap["why"]["ground"], gap["why"]["implied"]) == ("first#1", "death", False)
    assert gap["why"]["cause"]["event"] == "exit#1"


def test_a_vacancy_is_what_a_source_states_of_its_days() -> None:
    """The rest of the gap is unknown, not vacant; a post nobody ever held is a gap from its beginning."""
    history = a_post().on("2002-02-02", EMPTY, by="list")

    (gap,) = warden(history)["occupancy"]

    assert (gap["from"], gap["until"], gap["kind"], gap["sure"]) == ("2001-01-01", None, "gap", True)
    assert (gap["after"], gap["before"], gap["why"]) == ([], [], None)
    assert [(v["from"], v["until"], v["cause"]["event"]) for v in gap["vacant"]] == [
        ("2002-02-02", "2002-02-03", "list#1")
    ]


def test_an_overlap_names_who_shared_the_seat() -> None:
    """Sure, if each of them is certain or presumed; merely possible, if a hand-over day is badly known."""
    history = (
        a_post()
        .on("2001-01-01", appointed("ann", "warden"), by="first")
        .on("2002-02-02", appointed("bob", "warden", "acting"), by="second")
        .on("2003-03-03", released("ann", "warden"), by="exit")
    )
    badly = (
        a_post()
        .on("2001-01-01", appointed("ann", "warden"), by="first")
        .on("2002-02", released("ann", "warden"), by="exit")
        .on("2002-02", appointed("bob", "warden"), by="second")
    )

    assert spans(history)[1] == ("2002-02-02", "2003-03-03", "overlap", ["first#1", "second#1"])
    assert warden(history)["occupancy"][1]["sure"]
    assert [row["sure"] for row in warden(badly)["occupancy"] if row["kind"] == "overlap"] == [False]


@given(strategies.registers())
@settings(max_examples=60, deadline=None)
def test_holders_leave_only_gaps_and_overlaps_that_are_named(entries: list[Entry]) -> None:
    """Each day on which a post stands lies in one span, which says what the structure of the day shows."""
    world = world_of(entries)
    for name in POSTS:
        rows = occupancy(world, name)
        bounds = [
            (day(row["from"]) if row["from"] else BEFORE_ALL, day(row["until"]) if row["until"] else AFTER_ALL)
            for row in rows
        ]
        assert all(end <= start for (_, end), (start, _) in pairwise(bounds))
        for as_of in interesting_days():
            shown = structure(world, as_of)["posts"].get(name)
            on = [row for row, (first, end) in zip(rows, bounds, strict=True) if first <= as_of < end]
            assert len(on) == (shown is not None)
            for row in on if shown else ():
                holders = shown["holders"]
                assert set(row["tenures"]) == set(holders)
                assert row["seats"] == shown["seats"]
                many = row["seats"] is not None and len(holders) > row["seats"]
                assert row["kind"] == ("overlap" if many else "held" if holders else "gap")
                if shown["vacancy"] == "vacant":
                    assert row["kind"] == "gap"
                    said = [(day(v["from"]), day(v["until"])) for v in row["vacant"]]
                    assert any(first <= as_of < end for first, end in said)
