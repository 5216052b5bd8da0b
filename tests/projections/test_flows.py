"""Flows of people between bodies: the moves of careers, by where the posts were then."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from domain.dates import day
from domain.entries import Entry
from domain.errors import UnknownThing
from projections.flows import Asked, flows
from projections.histories import person_history
from projections.structure import Answer
from tests import strategies
from tests.history import History, appointed, post, released, unit, world_of
from tests.strategies import PERSONS, UNITS


def asked(history: History, start: str | None = None, end: str | None = None, **days: str) -> Answer:
    """The flows from *start* to *end*."""
    bounds = {name: day(text) for name, text in days.items()}
    return flows(history.world(), "mint", Asked(start, end, **bounds))


def who(answer: Answer) -> list[tuple[Any, ...]]:
    """Who moved when, between which bodies."""
    return [(flow["person"], flow["effective"], flow["bodies"]) for flow in answer["flows"]]


@pytest.fixture
def moved() -> History:
    """Ann goes from an office of the mint to the treasury, bob within the mint, cat from the treasury to the mint."""
    return (
        History()
        .on("2000-01-01", unit("treasury", None), unit("assay"), post("assayer", "assay"), post("warden"), by="mint")
        .on("2000-01-01", post("bursar", "treasury"), post("clerk"), by="posts")
        .on("2000-01-01", appointed("ann", "assayer"), appointed("bob", "warden"), appointed("cat", "bursar"), by="in")
        .on("2001-01-01", released("ann", "assayer"), released("cat", "bursar"), by="out")
        .on("2001-02-01", appointed("ann", "bursar"), by="ann-2")
        .on("2002-01-01", released("bob", "warden"), appointed("bob", "clerk"), by="bob-2")
        .on("2003-01-01", appointed("cat", "assayer"), by="cat-2")
    )


def test_a_flow_is_a_move_to_another_body(moved: History) -> None:
    """What hangs on a unit is part of it: within the mint nobody flows, whatever the office."""
    answer = asked(moved)

    assert who(answer) == [
        ("ann", "2001-02-01", [("mint", "treasury")]),
        ("cat", "2003-01-01", [("treasury", "mint")]),
    ]
    assert answer["sums"] == [
        {"from": "mint", "to": "treasury", "moves": 1, "persons": 1},
        {"from": "treasury", "to": "mint", "moves": 1, "persons": 1},
    ]
    (flow, _) = answer["flows"]
    assert (flow["name"], flow["how"], flow["days"], flow["cause"]["event"]) == (
        {"en": "Ann"},
        "later",
        [31, 31],
        "ann-2#1",
    )


def test_a_body_that_is_named_stands_for_all_that_hangs_on_it(moved: History) -> None:
    """A department may be named as well; the other side is then any body but itself."""
    assert who(asked(moved, "mint", "treasury")) == [("ann", "2001-02-01", [("mint", "treasury")])]
    assert who(asked(moved, "assay")) == [("ann", "2001-02-01", [("assay", "treasury")])]
    assert who(asked(moved, None, "assay")) == [("cat", "2003-01-01", [("treasury", "assay")])]
    assert who(asked(moved, "mint", "mint")) == [("bob", "2002-01-01", [("mint", "mint")])]
    assert who(asked(moved, "mint", "assay")) == []


def test_a_flow_counts_on_its_first_day_and_not_on_the_end_day(moved: History) -> None:
    """The span asked about includes its first day and not its last."""
    assert len(asked(moved, since="2001-02-01", until="2001-02-02")["flows"]) == 1
    assert asked(moved, since="2001-01-01", until="2001-02-01")["flows"] == []
    assert who(asked(moved, since="2001-02-02")) == [("cat", "2003-01-01", [("treasury", "mint")])]


def test_a_body_nobody_knows_is_refused(moved: History) -> None:
    """Nor is a post a body."""
    for unknown in ("nowhere", "warden"):
        with pytest.raises(UnknownThing):
            asked(moved, unknown)


@given(strategies.registers())
@settings(max_examples=60, deadline=None)
def test_flows_are_the_sum_of_careers(entries: list[Entry]) -> None:
    """Each flow is a move of one career, each such move between bodies is a flow, and the sums count them."""
    world = world_of(entries)
    careers = {
        (person, *move["left"], "→", *move["taken"]): (person, move)
        for person in PERSONS
        for move in person_history(world, "mint", person)["moves"]
    }
    for start, end in ((None, None), ("root", None), (None, UNITS[0]), (UNITS[0], "root"), ("root", "root")):
        answer = flows(world, "mint", Asked(start, end))
        told = {(flow["person"], *flow["left"], "→", *flow["taken"]): flow for flow in answer["flows"]}
        assert len(told) == len(answer["flows"])
        expected = {}
        for name, (_, move) in careers.items():
            bodies = {
                (_body(one, (start, end)), _body(other, (start, end)))
                for one in move["left"].values()
                for other in move["taken"].values()
            }
            kept = {
                (a, b)
                for a, b in bodies
                if start in (None, a) and end in (None, b) and (a != b or (start == end and start is not None))
            }
            if kept:
                expected[name] = (move, kept)
        assert told.keys() == expected.keys()
        for name, (move, kept) in expected.items():
            assert set(told[name]["bodies"]) == kept
            assert {field: told[name][field] for field in move} == move
        pairs = [(pair, name[0]) for name, (_, kept) in expected.items() for pair in kept]
        assert {(row["from"], row["to"]): (row["moves"], row["persons"]) for row in answer["sums"]} == {
            pair: (sum(p == pair for p, _ in pairs), len({who for p, who in pairs if p == pair})) for pair, _ in pairs
        }


def _body(there: Answer, named: tuple[str | None, ...]) -> str | None:
    return next((unit for unit in there["under"] if unit in named), there["under"][-1] if there["under"] else None)
