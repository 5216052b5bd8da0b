"""Causes: what acts did, what became of it and by which acts, and every act that ever touched a thing."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.acts import Act, Known
from domain.claims import Key
from domain.dates import AFTER_ALL, Day
from domain.entries import Entry, entry_from
from domain.world import World
from projections.causes import consequences
from projections.deeds import deeds_of, undoing
from projections.diff import diff
from projections.histories import entry_history, instrument_history, person_history, post_history, unit_history
from projections.structure import Answer
from projections.touched import touches
from tests import strategies
from tests.history import History, abolished, appointed, post, released, unit, world_of
from tests.strategies import controls_of, entries_of, interesting_days, later_registers, targets_of

DAYS = interesting_days()


def of_instrument(history: History, name: str) -> Answer:
    """What is told of an instrument."""
    return instrument_history(history.world(), "mint", name)


def effect(answer: Answer, event: str, *, implied: bool = False) -> Answer:
    """The one effect of an event as written, or the one that followed from it."""
    (found,) = [one for one in answer["effects"] if one["event"] == event and one["implied"] == implied]
    return dict(found)


def became(answer: Answer, event: str, thing: str, fact: str) -> tuple[Any, ...]:
    """Until when a fact stood, how it came to its end, whether that only followed, and by which event."""
    told = effect(answer, event)["did"][thing]["facts"][fact]
    undone = told["undone"]
    if undone is None:
        return (told["until"], None, None, None)
    return told["until"], undone["how"], undone["implied"], undone["cause"]["event"]


STANDS = (None, None, None, None)


def renamed(name: str, to: str) -> dict[str, Any]:
    """A unit renamed."""
    return {"kind": "unit-renamed", "unit": name, "name": {"en": to}}


def moved(name: str, to: str) -> dict[str, Any]:
    """A unit moved."""
    return {"kind": "unit-moved", "unit": name, "parent": to}


# --- what became of each kind of effect


def test_what_a_decree_began_stands_until_another_act_ends_it() -> None:
    """The founding of a unit, its name and its place each have their own end."""
    history = (
        History()
        .decree("2001-01-01", unit("assay"), unit("works"), by="D1")
        .decree("2002-02-02", renamed("assay", "Assaying"), by="D2")
        .decree("2003-03-03", moved("assay", "works"), by="D3")
        .decree("2004-04-04", abolished("works"), by="D4")
    )

    answer = of_instrument(history, "D1")

    assert became(answer, "D1#1", "assay", "began") == ("2004-04-04", "ended", True, "D4#1")
    assert became(answer, "D1#1", "assay", "name") == ("2002-02-02", "replaced", False, "D2#1")
    assert became(answer, "D1#1", "assay", "parent") == ("2003-03-03", "replaced", False, "D3#1")
    assert became(answer, "D1#2", "works", "began") == ("2004-04-04", "ended", False, "D4#1")
    assert became(of_instrument(history, "D2"), "D2#1", "assay", "name") == ("2004-04-04", "ended", True, "D4#1")
    told = effect(of_instrument(history, "D2"), "D2#1")["did"]["assay"]["facts"]["name"]
    assert (told["before"], told["value"]) == ({"en": "assay"}, {"en": "Assaying"})
    assert list(answer["later"]) == ["D2", "D3", "D4"]
    assert {name: act["undid"] for name, act in answer["later"].items()} == {
        "D2": {"replaced": ["D1#1"]},
        "D3": {"replaced": ["D1#1"]},
        "D4": {"ended": ["D1#1", "D1#2"]},
    }
    assert answer["later"]["D4"]["instrument"]["signed"] == "2004-04-04"
    assert of_instrument(history, "D4")["later"] == {}


def test_a_name_that_is_given_again_is_no_other() -> None:
    """Said twice, a name stands; the third act replaces both."""
    history = History().decree("2001-01-01", unit("assay"), by="D1")
    history.decree("2002-02-02", renamed("assay", "assay"), by="D2").decree(
        "2003-03-03", renamed("assay", "B"), by="D3"
    )

    for name, event in (("D1", "D1#1"), ("D2", "D2#1")):
        told = became(of_instrument(history, name), event, "assay", "name")
        assert told == ("2003-03-03", "replaced", False, "D3#1")
    assert became(of_instrument(history, "D3"), "D3#1", "assay", "name") == STANDS


def test_an_abolition_is_undone_when_its_unit_stands_again() -> None:
    """By a reinstatement, which revives; by a founding under the old id, which begins again."""
    history = (
        History()
        .decree("2001-01-01", unit("assay"), unit("works"), by="D1")
        .decree("2002-02-02", abolished("assay"), abolished("works"), by="D2")
        .decree("2003-03-03", {"kind": "unit-reinstated", "unit": "assay"}, by="D3")
        .decree("2004-04-04", unit("works"), by="D4")
    )

    answer = of_instrument(history, "D2")

    assert became(answer, "D2#1", "assay", "ended") == ("2003-03-03", "revived", False, "D3#1")
    assert became(answer, "D2#2", "works", "ended") == ("2004-04-04", "renewed", False, "D4#1")
    assert {name: act["undid"] for name, act in answer["later"].items()} == {
        "D3": {"revived": ["D2#1"]},
        "D4": {"renewed": ["D2#2"]},
    }


def test_an_appointment_ends_by_release_by_a_successor_and_by_the_fall_of_the_post() -> None:
    """Stated, by succession between two days, and with the post."""
    history = (
        History()
        .on("2000-06-01", post("warden"), post("clerk"), post("porter"), by="posts")
        .decree(
            "2001-01-01", appointed("ann", "warden"), appointed("bob", "clerk"), appointed("cat", "porter"), by="D1"
        )
        .decree("2002-02-02", released("ann", "warden"), by="D2")
        .decree("2003-03-03", appointed("ann", "clerk"), by="D3")
        .decree("2004-04-04", {"kind": "post-abolished", "post": "porter"}, by="D4")
    )

    answer = of_instrument(history, "D1")

    assert became(answer, "D1#1", "D1#1", "began") == ("2002-02-02", "ended", False, "D2#1")
    assert became(answer, "D1#2", "D1#2", "began") == ("2001-01-02/2003-03-03", "ended", True, "D3#1")
    assert became(answer, "D1#3", "D1#3", "began") == ("2004-04-04", "ended", True, "D4#1")
    implied = effect(of_instrument(history, "D3"), "D3#1", implied=True)
    assert (implied["kind"], implied["effective"]) == ("released", "2001-01-02/2003-03-03")
    assert implied["did"]["D1#2"]["facts"].keys() == {"ended"}


def test_a_function_that_passes_ends_elsewhere_by_the_same_act() -> None:
    """One effect, two holders; the one before is told with what ended it."""
    given_ = {"kind": "function-assigned", "function": "assaying", "text": {"en": "Assaying"}}
    passes = {"kind": "function-transferred", "function": "assaying", "holder": "works"}
    history = (
        History()
        .on("2000-06-01", unit("assay"), unit("works"), by="units")
        .decree("2001-01-01", {**given_, "holder": "assay"}, by="D1")
        .decree("2002-02-02", passes, by="D2")
    )

    did = effect(of_instrument(history, "D2"), "D2#1")["did"]

    assert {name: set(thing["facts"]) for name, thing in did.items()} == {
        "assay|assaying": {"ended"},
        "works|assaying": {"began"},
    }
    assert became(of_instrument(history, "D1"), "D1#1", "assay|assaying", "began") == (
        "2002-02-02",
        "ended",
        False,
        "D2#1",
    )


def test_what_hangs_on_a_transformed_unit_is_moved_by_implication_and_may_be_moved_again() -> None:
    """Every consequence is an effect of the decree, with what became of it."""
    transform = {
        "kind": "units-reorganized",
        "form": "transform",
        "before": ["assay"],
        "after": [{"unit": "office", "name": {"en": "Office"}, "parent": "mint"}],
    }
    history = (
        History()
        .on("2001-01-01", unit("assay"), unit("works"), post("warden", "assay"), by="units")
        .decree("2002-02-02", transform, by="D2")
        .decree("2003-03-03", {"kind": "post-moved", "post": "warden", "unit": "works"}, by="D3")
    )

    answer = of_instrument(history, "D2")
    implied = effect(answer, "D2#1", implied=True)

    assert (implied["kind"], implied["subject"]) == ("post-moved", {"post": "warden"})
    told = implied["did"]["warden"]["facts"]["unit"]
    assert (told["before"], told["value"], told["until"]) == ("assay", "office", "2003-03-03")
    assert told["undone"]["cause"]["event"] == "D3#1"
    assert effect(answer, "D2#1")["did"]["assay"]["facts"].keys() == {"ended"}
    assert "began" in effect(answer, "D2#1")["did"]["office"]["facts"]


def test_a_mandate_ends_with_its_unit_and_a_name_with_the_next() -> None:
    """What has no life of its own is told by what it hangs on."""
    mandate = {"kind": "mandate-declared", "unit": "assay", "gist": {"en": "To assay"}}
    named = {"kind": "person-renamed", "person": "ann", "name": {"en": "Anna"}}
    history = (
        History()
        .on("2001-01-01", unit("assay"), by="units")
        .decree("2002-02-02", mandate, named, by="D2")
        .decree("2003-03-03", abolished("assay"), {**named, "name": {"en": "Anne"}}, by="D3")
    )

    answer = of_instrument(history, "D2")

    assert became(answer, "D2#1", "assay", "mandate") == ("2003-03-03", "ended", False, "D3#1")
    assert became(answer, "D2#2", "ann", "name") == ("2003-03-03", "replaced", False, "D3#2")


def test_a_repeal_ends_the_instrument_and_not_what_it_did() -> None:
    """What it did stands until another act undoes it; an amendment and a repeal are later acts."""
    history = (
        History()
        .decree("2001-01-01", unit("assay"), by="old")
        .decree("2003-03-03", {"kind": "instrument-amended", "instrument": "old"}, by="change")
        .decree("2005-05-05", {"kind": "instrument-repealed", "instrument": "old"}, renamed("assay", "B"), by="repeal")
    )

    answer = of_instrument(history, "old")

    assert became(answer, "old#0", "old", "issued") == ("2005-05-05", "repealed", False, "repeal#1")
    assert became(answer, "old#1", "assay", "began") == STANDS
    assert {name: act["undid"] for name, act in answer["later"].items()} == {
        "change": {"amended": ["old#0"]},
        "repeal": {"repealed": ["old#0"], "replaced": ["old#1"]},
    }
    assert entry_history(history.world(), Known(history.rows), "mint", "old")["later"] == answer["later"]


def test_acts_of_one_instrument_are_told_together_and_others_by_their_entry() -> None:
    """Two entries on one decree are one later act; a report that rests on nothing is one by itself."""
    history = (
        History()
        .decree("2001-01-01", unit("a"), unit("b"), unit("c"), by="D1")
        .decree("2002-02-02", abolished("a"), by="D2")
        .on("2003-03-03", abolished("b"), by="D2-again", instrument="D2")
        .on("2004-04-04", abolished("c"), by="report")
    )

    later = of_instrument(history, "D1")["later"]

    assert list(later) == ["D2", "report"]
    assert (later["D2"]["entries"], later["D2"]["events"]) == (["D2", "D2-again"], ["D2#1", "D2-again#1"])
    assert (later["D2"]["effective"], later["report"]["instrument"]) == ("2002-02-02", None)


def test_an_instrument_that_undoes_its_own_effect_is_no_later_act() -> None:
    """The end is told with its cause; among the later acts are those of others."""
    history = History().decree("2001-01-01", unit("assay"), by="D1")
    history.on("2002-02-02", abolished("assay"), by="note", instrument="D1")

    answer = of_instrument(history, "D1")

    assert became(answer, "D1#1", "assay", "began") == ("2002-02-02", "ended", False, "note#1")
    assert answer["later"] == {}


def test_a_correction_of_the_record_undoes_nothing_in_law() -> None:
    """What stands is read as corrected, and says by what; what is annulled was never done."""
    fix = {"kind": "corrected", "target": "D1#1", "change": unit("assay", kind="bureau"), "reason": "misread"}
    history = (
        History()
        .decree("2001-01-01", unit("assay"), unit("works"), by="D1")
        .decree("2002-02-02", abolished("assay"), by="D2")
        .on(None, fix, {"kind": "annulled", "target": "D2#1", "reason": "forged"}, by="fix")
    )

    answer = of_instrument(history, "D1")

    assert effect(answer, "D1#1")["corrected_by"] == "fix#1"
    assert effect(answer, "D1#2")["corrected_by"] is None
    assert became(answer, "D1#1", "assay", "began") == STANDS
    assert answer["later"] == {}
    assert [one["event"] for one in of_instrument(history, "D2")["effects"]] == ["D2#0"]


def test_what_is_not_believed_or_changes_nothing_is_told_as_such() -> None:
    """A founding whose day is only that of the signature loses; a renaming after the end comes too late."""
    history = (
        History()
        .decree("2001-01-01", unit("assay"), by="D1")
        .on("2002-02-02", unit("assay"), by="report")
        .decree("2003-03-03", abolished("assay"), by="D3")
        .decree("2004-04-04", renamed("assay", "B"), by="D4")
    )

    rival = effect(of_instrument(history, "D1"), "D1#1")["did"]["assay"]
    late = effect(of_instrument(history, "D4"), "D4#1")["did"]["assay"]

    assert rival["believed"] is False
    assert "began" not in rival["facts"]
    assert (late["believed"], late["facts"]) == (True, {})


def test_what_a_source_shows_is_not_undone() -> None:
    """It stays true of its day."""
    history = (
        History()
        .on("2001-01-01", {"kind": "unit-attested", "unit": "assay", "name": {"en": "Assay"}}, by="list")
        .decree("2002-02-02", renamed("assay", "B"), by="D2")
    )

    answer = entry_history(history.world(), Known(history.rows), "mint", "list")

    assert effect(answer, "list#1")["did"]["assay"]["facts"].keys() == {"name", "shown"}
    assert answer["later"] == {}


# --- every act that ever touched a thing


def test_a_unit_tells_every_act_that_touched_it_in_the_order_of_effect() -> None:
    """Also the abolition of what it hung on, a mandate, and what only speaks of it; found in any order."""
    said = {"kind": "statement-made", "claimant": "B", "about": "assay", "topic": "other", "gist": {"en": "Fine"}}
    history = (
        History()
        .decree("2001-01-01", unit("assay"), unit("works"), by="D1")
        .decree("2004-04-04", abolished("works"), by="D4")
        .decree("2003-03-03", moved("assay", "works"), said, by="D3")
        .decree("2002-02-02", {"kind": "mandate-declared", "unit": "assay", "gist": {"en": "To assay"}}, by="D2")
    )

    answer = unit_history(history.world(), "mint", "assay")

    rows = [
        (row["event"], row["kind"], row["implied"], [*row["did"].get("assay", {"facts": ()})["facts"]])
        for row in answer["touched_by"]
    ]
    assert rows == [
        ("D1#1", "unit-established", False, ["began", "name", "kind", "parent"]),
        ("D2#1", "mandate-declared", False, ["mandate"]),
        ("D3#1", "unit-moved", False, ["parent"]),
        ("D3#2", "statement-made", False, []),
        ("D4#1", "unit-abolished", True, ["ended"]),
    ]
    assert answer["instruments"] == ["D1", "D2", "D3", "D4"]
    assert answer["touched_by"][-1]["cause"]["instrument"]["id"] == "D4"


def test_a_post_and_a_person_are_touched_by_appointments_and_their_ends() -> None:
    """Each with the same acts upon the tenure; the post also by what made and ended it."""
    history = (
        History()
        .decree("2001-01-01", post("warden"), by="D1")
        .decree("2002-02-02", appointed("ann", "warden"), by="D2")
        .decree("2003-03-03", {"kind": "post-abolished", "post": "warden"}, by="D3")
    )

    warden = post_history(history.world(), "mint", "warden")
    ann = person_history(history.world(), "mint", "ann")

    assert [(row["event"], row["implied"], [*row["did"]]) for row in warden["touched_by"]] == [
        ("D1#1", False, ["warden"]),
        ("D2#1", False, ["D2#1"]),
        ("D3#1", False, ["warden"]),
        ("D3#1", True, ["D2#1"]),
    ]
    assert warden["instruments"] == ["D1", "D2", "D3"]
    assert [(row["event"], row["implied"]) for row in ann["touched_by"]] == [
        ("founding#3", False),
        ("D2#1", False),
        ("D3#1", True),
    ]
    assert ann["instruments"] == ["D2", "D3"]


# --- laws


@st.composite
def any_registers(draw: st.DrawFn) -> list[Entry]:
    """Entries of any kinds, with controls among the last."""
    entries = draw(later_registers(6))
    for number in range(draw(st.integers(0, 4))):
        if draw(st.booleans()):
            control = draw(controls_of(targets_of(entries)))
            entries.append(entry_from({"entry": f"fix{number}", "changes": [control]}, "drawn"))
        else:
            entries.append(draw(entries_of(f"more{number}")))
    return entries


def by_cause(world: World) -> Iterator[list[Act]]:
    """The acts of each entry, and of each instrument."""
    for name in {act.event.entry for act in world.acts}:
        yield [act for act in world.acts if act.event.entry == name]
    for instrument in world.instruments:
        yield [act for act in world.acts if act.instrument == instrument]


def subject_without_tenure(subject: Answer) -> tuple[Any, ...]:
    """The ids of a thing, as what was known before any life has them."""
    return tuple(sorted((name, one) for name, one in subject.items() if name != "tenure"))


def told(answer: Answer) -> Counter[tuple[Any, ...]]:
    """Every fact of the effects of lives: event, implied, thing, life, fact."""
    return Counter(
        (row["event"], row["implied"], subject_without_tenure(thing["subject"]), thing["life"], fact)
        for row in answer["effects"]
        for thing in row["did"].values()
        for fact in thing["facts"]
        if thing["life"] is not None and fact not in ("shown", "mandate")
    )


def thing_of(key: Key) -> tuple[Any, ...]:
    """A thing as the subject of an effect names it."""
    match key:
        case ("tenure", person, of):
            return (("person", person), ("post", of))
        case ("relation", *_):
            return (("relation", "|".join(key[1:])),)
        case ("function", holder, function):
            return (("function", function), ("holder", holder))
    return ((key[0], key[1]),)


def recorded_facts(world: World, acts: list[Act]) -> set[tuple[Any, ...]]:
    """The same, as the lives of the world have them."""
    ours = set(acts)
    found = set()
    for key, lives in world.lives.items():
        for life in lives:
            place = (thing_of(key), life.number)
            found |= {(act.target, False, *place, "began") for act in ours.intersection(life.starts)}
            if life.end and life.end.implied and life.end.act in ours:
                found.add((life.end.act.target, True, *place, "ended"))
            elif life.end:
                found |= {(act.target, False, *place, "ended") for act in ours.intersection(life.end.claims)}
            for attribute, given_ in life.values.items():
                for held in given_:
                    if held.act in ours:
                        found.add((held.act.target, held.given == "implied", *place, attribute))
    return found


@given(any_registers())
def test_every_start_end_and_value_is_among_the_effects_of_its_act_once(entries: list[Entry]) -> None:
    """Stated or implied, as the fold has it; and nothing else is told to have come about."""
    world = world_of(entries)
    for acts in by_cause(world):
        facts = told(consequences(world, acts))
        assert set(facts.values()) <= {1}
        assert set(facts) == recorded_facts(world, acts)


@given(any_registers())
def test_what_nothing_undid_stands_for_ever(entries: list[Entry]) -> None:
    """A life with no end, a value that no other took the place of; and the other way round."""
    world = world_of(entries)
    for deed in deeds_of(world, world.acts):
        life = deed.life
        if life is None or deed.fact in ("shown", "mandate") or (deed.held and deed.held.given == "attested"):
            continue
        undone = undoing(world, deed)
        if deed.fact == "began":
            assert (undone is None) == (life.end is None)
        elif deed.held is not None and (undone is None or undone.how == "ended"):
            last = max((h for h in life.values[deed.fact] if h.given != "attested"), key=lambda held: held.day)
            assert (undone is None) == (life.end is None)
            assert deed.value == life.value(deed.fact, AFTER_ALL) or last.value == deed.value


def explained(world: World, row: Answer) -> bool:
    """Whether a row of a difference is among the effects of the act that it names."""
    event, subject = row["cause"]["event"], row["subject"]
    acts = [act for act in world.acts if act.target == event]
    rows = [one for one in consequences(world, acts)["effects"] if one["event"] == event]
    things = [thing["subject"] for one in rows for thing in one["did"].values() if thing["facts"]]
    match row["kind"]:
        case "units-reorganized":
            return any(one["kind"] == row["kind"] for one in rows)
        case "quantity-observed" | "unnamed-units-abolished":
            return [one["kind"] for one in rows] == [row["kind"]]
        case "holder-changed":
            return any(thing.get("post") == subject["post"] for thing in things)
        case "transferred":
            return any(thing.get("person") == subject["person"] for thing in things)
        case "function-transferred" if "holder" not in subject:
            return any(thing.get("function") == subject["function"] for thing in things)
        case "released" if row["implied"] and {"post": subject["post"]} in things:
            return True  # shown longer than its post, it leaves the structure with it
    same = [one for one in rows if one["implied"] == row["implied"]]
    wanted = subject_without_tenure(subject)
    return any(subject_without_tenure(thing["subject"]) == wanted for one in same for thing in one["did"].values())


@given(any_registers(), st.lists(st.sampled_from(DAYS), min_size=3, max_size=3))
def test_every_difference_is_an_effect_of_the_act_it_names(entries: list[Entry], days: list[Day]) -> None:
    """Whoever follows a row to its decree finds it there."""
    world = world_of(entries)
    for start, end in itertools.pairwise(days):
        for row in diff(world, start, end)["changes"]:
            assert explained(world, row), row


@given(any_registers())
def test_what_touched_a_thing_are_the_effects_of_acts_on_it(entries: list[Entry]) -> None:
    """In the order of effect; the same as the instruments and entries of these acts tell."""
    world = world_of(entries)
    order = {act.target: at for at, act in enumerate(world.acts)}
    of_act = {act.target: consequences(world, [act])["effects"] for act in world.acts}
    kinds = (("unit", strategies.UNITS), ("post", strategies.POSTS), ("person", strategies.PERSONS))
    for key in ((kind, thing) for kind, things in kinds for thing in things):
        answer = touches(world, key)
        rows = answer["touched_by"]
        assert [order[row["event"]] for row in rows] == sorted(order[row["event"]] for row in rows)
        for row in rows:
            bare = {name: value for name, value in row.items() if name not in ("did", "cause")}
            (same,) = [
                one
                for one in of_act[row["event"]]
                if {**bare, "did": one["did"]} == one and row["did"].items() <= one["did"].items()
            ]
            mine = {name for name, thing in same["did"].items() if key[1] in str(thing["subject"].values())}
            assert row["did"].keys() <= mine
        acts = {act.target for life in world.lives.get(key, ()) for act in life.acts}
        acts |= {life.end.act.target for life in world.lives.get(key, ()) if life.end}
        assert acts <= {row["event"] for row in rows}
        instruments = [row["cause"]["instrument"]["id"] for row in rows if row["cause"]["instrument"]]
        assert answer["instruments"] == list(dict.fromkeys(instruments))
