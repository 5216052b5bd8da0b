"""The whole history of a unit, a post or a person: states, holders, careers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from domain.acts import Known
from domain.dates import iso
from domain.entries import Entry
from domain.errors import UnknownThing
from projections.histories import (
    person_history,
    post_history,
    thing_history,
    unit_history,
)
from projections.structure import Answer, structure
from tests import strategies
from tests.history import History, abolished, appointed, post, released, unit, world_of
from tests.projections.histories import of_entry, of_instrument, of_person, of_post, of_unit, renamed, spans

# --- states


def test_a_unit_begins_with_its_id_and_last_name() -> None:
    """One-thing answers begin {id, name, …}."""
    history = History().on("2001-01-01", unit("assay")).on("2002-01-01", renamed("assay", "Assay Office"))

    answer = of_unit(history, "assay")

    assert list(answer)[:2] == ["id", "name"]
    assert (answer["id"], answer["name"]) == ("assay", {"en": "Assay Office"})


def test_states_are_the_spans_between_changes() -> None:
    """Every state with its span, grade, value and cause; a span ends on the day the next begins."""
    history = (
        History()
        .on("2001-01-01", unit("assay"), by="begun")
        .on("2002-02-02", renamed("assay", "Assay Office"), by="renamed")
        .on("2003-03-03", abolished("assay"), by="ended")
    )

    states = of_unit(history, "assay")["states"]

    assert spans(states, "name") == [
        ("2001-01-01", "2002-02-02", "certain", {"en": "assay"}),
        ("2002-02-02", "2003-03-03", "certain", {"en": "Assay Office"}),
    ]
    assert [s["cause"]["entry"] for s in states] == ["begun", "renamed"]
    for state in states:
        assert state.keys() >= {"from", "until", "grade", "value", "cause", "rivals"}
        assert state["rivals"] == []
        assert state["value"].keys() >= {"name", "kind", "parent"}


def test_the_last_state_of_what_stands_has_no_end() -> None:
    """Until null: nothing ends it. Certain to its last evidence, presumed since."""
    states = of_unit(History().on("2001-01-01", unit("assay")), "assay")["states"]

    assert spans(states) == [("2001-01-01", "2001-01-02", "certain"), ("2001-01-02", None, "presumed")]


def test_a_thing_only_attested_is_shown_from_its_attestation() -> None:
    """What came before is unknown, and no state."""
    attested = {"kind": "unit-attested", "unit": "assay", "name": {"en": "Assay"}}
    states = of_unit(History().on("2005-05-05", attested), "assay")["states"]

    assert spans(states) == [("2005-05-05", "2005-05-06", "certain"), ("2005-05-06", None, "presumed")]


def test_each_state_agrees_with_the_structure_of_its_days() -> None:
    """The eve, the first and the last day of every state, against the answer for that day."""
    history = (
        History()
        .on("2001", unit("assay"))
        .on("2002-02-02", renamed("assay", "A"))
        .on("2003-03-03", {"kind": "unit-moved", "unit": "assay", "parent": None})
        .on("2004", abolished("assay"))
    )
    states = of_unit(history, "assay")["states"]
    assert len(states) >= 4

    for state in states:
        seen = history.structure(state["from"])["units"]["assay"]
        assert {name: seen[name] for name in state["value"]} == state["value"]
        assert seen["grade"] == state["grade"]
    assert "assay" not in history.structure(states[-1]["until"])["units"]


def test_two_lives_of_an_id_are_separate_spans() -> None:
    """Between them nothing stands."""
    history = (
        History()
        .on("2001-01-01", unit("assay"), by="old")
        .on("2002-01-01", abolished("assay"))
        .on("2003-01-01", unit("assay"), by="new")
    )

    states = of_unit(history, "assay")["states"]

    assert (states[0]["from"], states[0]["until"], states[0]["cause"]["entry"]) == ("2001-01-01", "2002-01-01", "old")
    assert (states[1]["from"], states[1]["cause"]["entry"]) == ("2003-01-01", "new")
    assert states[-1]["until"] is None


def test_rivals_stand_beside_the_state_with_the_rule_that_chose() -> None:
    """Two founding days: the better claim is shown, the other is not lost."""
    history = (
        History()
        .on("2001-01-01", unit("assay"), by="decree", instrument={"kind": "decree"})
        .on("2001-03-01", unit("assay"), by="almanac")
    )

    states = of_unit(history, "assay")["states"]

    assert states[0]["from"] == "2001-01-01"
    assert {state["cause"]["entry"] for state in states} == {"decree"}
    for state in states:
        rival = state["rivals"][0]
        assert rival["cause"]["entry"] == "almanac"
        assert rival["claimed"] == "2001-03-01"
        assert rival["rule"] == "instrument over report"


def test_an_implied_move_is_the_cause_of_its_state() -> None:
    """What passed to the transformed unit did so by that act."""
    history = (
        History()
        .on("2001-01-01", unit("works"), unit("assay", "works"))
        .on(
            "2002-02-02",
            {
                "kind": "units-reorganized",
                "form": "transform",
                "before": ["works"],
                "after": [{"unit": "bureau", "name": {"en": "Bureau"}, "parent": "mint"}],
            },
            by="act",
        )
    )

    last = of_unit(history, "assay")["states"][-1]

    assert (last["from"], last["value"]["parent"], last["cause"]["event"]) == ("2002-02-02", "bureau", "act#1")


DAYS = strategies.interesting_days()


@given(strategies.registers())
@settings(max_examples=60, deadline=None)
def test_states_tell_what_the_structure_of_every_day_tells(entries: list[Entry]) -> None:
    """A history of one unit, read day by day, is the unit of the structure of each day, or its absence."""
    # given
    world = world_of(entries)
    known = {unit for unit, kind in world.kinds.items() if kind == "unit"}
    told = {unit: unit_history(world, "mint", unit)["states"] for unit in known}

    for as_of in DAYS:
        units = structure(world, as_of)["units"]
        for name, states in told.items():
            # when
            text = iso(as_of) or ""
            on = [s for s in states if (s["from"] or "") <= text and (s["until"] is None or text < s["until"])]

            # then
            assert len(on) == (name in units)
            for state in on:
                assert state["grade"] == units[name]["grade"]
                assert state["contested"] == units[name]["contested"]
                assert state["value"] == {field: units[name][field] for field in state["value"]}


@given(strategies.registers())
@settings(max_examples=60, deadline=None)
def test_holders_and_careers_tell_the_same_tenures(entries: list[Entry]) -> None:
    """What a post says of its holders, each person says of their career, and the structure of the day agrees."""
    world = world_of(entries)
    posts = {thing for thing, kind in world.kinds.items() if kind == "post"}
    persons = {thing for thing, kind in world.kinds.items() if kind == "person"}
    holders = {post: post_history(world, "mint", post)["holders"] for post in posts}
    careers = {person: person_history(world, "mint", person)["career"] for person in persons}

    def shared(told: Answer) -> Answer:
        beside = ("predecessor", "successor", "places")  # told of one side alone
        return {name: value for name, value in told.items() if name not in beside}

    of_posts = {(told["post"], tenure): shared(told) for there in holders.values() for tenure, told in there.items()}
    of_persons = {(told["post"], told["tenure"]): shared(told) for career in careers.values() for told in career}
    assert of_posts == of_persons
    assert len(of_posts) == sum(len(lives) for _, lives in world.of_kind("tenure"))
    for as_of in DAYS:
        for name, seen in structure(world, as_of)["posts"].items():
            for tenure, holder in seen["holders"].items():
                told = of_posts[name, tenure]
                assert all(told[field] == holder[field] for field in ("person", "since", "until"))


def test_the_two_tenures_of_a_transfer_have_two_ids() -> None:
    """Ann's tenure in the first post is known by its end alone; an id means one tenure."""
    history = (
        History()
        .on("2001-01-01", post("warden"), post("assayer"))
        .on(
            "2003-03-03",
            {"kind": "transferred", "person": "ann", "from_post": "warden", "to_post": "assayer"},
            by="move",
        )
    )

    ids = [told["tenure"] for told in of_person(history, "ann")["career"]]

    assert len(ids) == len(set(ids)) == 2
    assert ids[1] == "move#1"


# --- posts: holders


def test_a_post_shows_all_who_ever_held_it_by_tenure() -> None:
    """Each with span, capacity, and why it began and ended."""
    history = (
        History()
        .on("2001-01-01", post("warden"), by="begun")
        .on("2002-02-02", appointed("ann", "warden"), by="first")
        .on("2003-03-03", released("ann", "warden", ground="own-wish"), by="exit")
        .on("2004-04-04", appointed("ann", "warden", "acting", tenure="ann-2"), by="second")
        .on("2005-05-05", appointed("bob", "warden"), by="third")
    )

    answer = of_post(history, "warden")
    holders = answer["holders"]

    assert (list(answer)[:2], answer["id"], answer["title"]) == (["id", "title"], "warden", {"en": "warden"})
    assert list(holders) == ["first#1", "ann-2", "third#1"]
    assert [(h["person"], h["since"], h["until"], h["capacity"]) for h in holders.values()] == [
        ("ann", "2002-02-02", "2003-03-03", "substantive"),
        ("ann", "2004-04-04", "2004-04-05/2005-05-05", "acting"),
        ("bob", "2005-05-05", None, "substantive"),
    ]
    assert (holders["first#1"]["ground"], holders["first#1"]["ended_by"]["event"]) == ("own-wish", "exit#1")
    assert holders["first#1"]["cause"]["event"] == "first#1"
    assert (holders["ann-2"]["implied"], holders["ann-2"]["ended_by"]["event"]) == (True, "third#1")
    assert holders["third#1"]["ended_by"] is None
    assert spans(answer["states"])[0][:2] == ("2001-01-01", "2005-05-06")


# --- persons: career


def test_a_person_shows_a_career_in_order() -> None:
    """Every tenure, also those that a source shows without start or end."""
    history = (
        History()
        .on("2001-01-01", post("warden"), post("assayer"), post("master"))
        .on("2005-05-05", {"kind": "tenure-attested", "person": "ann", "post": "master"}, by="seen")
        .on("2002-02-02", appointed("ann", "warden"), by="first")
        .on(
            "2003-03-03",
            {"kind": "transferred", "person": "ann", "from_post": "warden", "to_post": "assayer"},
            by="move",
        )
        .on("2004-04-04", released("ann", "assayer", ground="term"), by="exit")
    )

    answer = of_person(history, "ann")

    assert (list(answer)[:2], answer["id"], answer["name"]) == (["id", "name"], "ann", {"en": "Ann"})
    assert [(t["tenure"], t["post"], t["since"], t["until"]) for t in answer["career"]] == [
        ("first#1", "warden", "2002-02-02", "2003-03-03"),
        ("move#1", "assayer", "2003-03-03", "2004-04-04"),
        ("seen#1", "master", None, None),
    ]
    assert of_person(history, "bob")["career"] == []


def test_a_person_shows_names_in_time_and_what_happened_to_them() -> None:
    """A marriage changes the name from its day on; the registered one holds from the beginning."""
    history = (
        History()
        .on(
            None,
            {
                "kind": "person-registered",
                "person": "dan",
                "name": {"en": "Dan"},
                "names": [{"ru": "Дан"}],
                "born": "1960",
            },
        )
        .on("2003-03-03", {"kind": "person-renamed", "person": "dan", "name": {"en": "Daniel"}}, by="renamed")
        .on("2009-09-09", {"kind": "life-event", "person": "dan", "what": "died", "place": {"en": "Here"}}, by="died")
    )

    answer = of_person(history, "dan")

    assert answer["name"] == {"en": "Daniel"}
    assert (answer["names"], answer["born"], answer["died"]) == ([{"ru": "Дан"}], "1960", "2009-09-09")
    assert [(s["from"], s["until"], s["value"]["name"]) for s in answer["states"]] == [
        (None, "2003-03-03", {"en": "Dan"}),
        ("2003-03-03", None, {"en": "Daniel"}),
    ]
    for state in answer["states"]:
        assert state.keys() >= {"from", "until", "grade", "value", "cause", "rivals"}
    assert [(e["what"], e["effective"], e["cause"]["entry"]) for e in answer["events"]] == [
        ("died", "2009-09-09", "died")
    ]


# --- unknown things


@pytest.mark.parametrize(
    ("ask", "thing"),
    [
        (of_unit, "nowhere"),
        (of_unit, "warden"),
        (of_unit, "ann"),
        (of_post, "mint"),
        (of_post, "nowhere"),
        (of_person, "warden"),
        (of_person, "nobody"),
        (of_instrument, "mint"),
        (of_instrument, "e1"),
        (of_entry, "mint"),
        (of_entry, "nothing"),
    ],
)
def test_what_nobody_introduced_is_refused_by_name(ask: Any, thing: str) -> None:
    """Also a thing of another kind under that id."""
    history = History().on("2001-01-01", post("warden"), by="e1")

    with pytest.raises(UnknownThing, match=repr(thing)) as refusal:
        ask(history, thing)

    assert (refusal.value.institution, refusal.value.thing) == ("mint", thing)


def test_a_thing_is_unknown_before_the_entry_that_introduces_it() -> None:
    """Known at a position: what came later does not exist yet."""
    history = History().on("2001-01-01", unit("assay"), by="late")

    assert of_unit(history, "assay")["id"] == "assay"
    with pytest.raises(UnknownThing):
        of_unit(history, "assay", known="founding")


def test_a_thing_is_found_by_its_id_whatever_it_is() -> None:
    """Unit, post, person, instrument, entry, in this order."""
    history = History().decree("2001-01-01", post("warden"), by="decree-1", id="D1")

    def found(thing: str) -> set[str]:
        return set(thing_history(history.world(), Known(history.rows), "mint", thing))

    assert "lineage" in found("mint")
    assert "holders" in found("warden")
    assert "career" in found("ann")
    assert "repealed_by" in found("D1")
    assert "changes" in found("decree-1")
    with pytest.raises(UnknownThing):
        found("nowhere")
