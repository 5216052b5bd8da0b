"""Design 4.11: several ids that turn out to be one thing; the first lives on from that position."""

from __future__ import annotations

from typing import Any

import pytest

from domain.acts import Known
from domain.dates import day
from domain.entries import entry_from
from domain.errors import EntryRefused, EntryUnreadable, NowCalled
from projections.histories import person_history, post_history, thing_history, unit_history
from projections.learned import learned, steps_between
from tests.history import History, abolished, appointed, post, released, unit


def unified(*ids: str) -> dict[str, Any]:
    """*ids* are one thing."""
    return {"kind": "identities-unified", "ids": list(ids), "reason": "one and the same"}


def annulled(target: str) -> dict[str, Any]:
    """*target* is to be read as never recorded."""
    return {"kind": "annulled", "target": target, "reason": "not the same"}


def career(history: History, person: str) -> list[tuple[str, str | None, str | None]]:
    """Post, start and end of each tenure of a person."""
    answer = person_history(history.world(), "mint", person)
    return [(tenure["post"], tenure["since"], tenure["until"]) for tenure in answer["career"]]


def refusal_rules(history: History, *changes: dict[str, Any], effective: str | None = None) -> list[str]:
    """The rules by which an entry of *changes* is refused."""
    with pytest.raises(EntryRefused) as refusal:
        history.on(effective, *changes, by="bad")
    return [reason.rule for reason in refusal.value.reasons]


# --- units


def test_the_first_id_lives_on_and_the_others_are_other_names_of_it() -> None:
    """One unit under two codes: what was said of either is said of it."""
    history = (
        History()
        .on("2005-05-05", unit("u"))
        .on("2007-07-07", {"kind": "unit-attested", "unit": "w", "name": {"en": "u"}})
    )
    history.on(None, unified("u", "w"), by="one")

    assert history.units("2007-07-07") == ["mint", "u"]
    seen = history.structure("2007-07-07")["units"]["u"]
    assert (seen["since"], seen["evidence"], seen["grade"]) == ("2005-05-05", "2007-07-07", "certain")
    assert history.rules() == set()


def test_it_may_be_the_other_id_that_lives_on() -> None:
    """The order of the ids says which."""
    history = (
        History()
        .on("2005-05-05", unit("u"))
        .on("2007-07-07", {"kind": "unit-renamed", "unit": "u", "name": {"en": "N"}})
    )
    history.on(None, {"kind": "unit-attested", "unit": "w", "name": {"en": "w"}}).on(None, unified("w", "u"))

    assert history.units("2007-07-07") == ["mint", "w"]
    names = [history.structure(d)["units"]["w"]["name"] for d in ("2007-07-06", "2007-07-07")]
    assert names == [{"en": "u"}, {"en": "N"}]


def test_earlier_known_positions_are_untouched() -> None:
    """A reader at an earlier position is told of two."""
    history = History().on("2005-05-05", unit("u"), unit("w"), by="two")
    before = history.structure("2006-06-06")
    history.on(None, unified("u", "w"), by="one")

    assert history.structure("2006-06-06", known="two") == before
    assert [*history.structure("2006-06-06", known="one")["units"]] == ["mint", "u"]


def test_annulling_the_unification_undoes_it() -> None:
    """Two units again; the position between still knows one."""
    history = History().on("2005-05-05", unit("u"), unit("w"))
    before = history.structure("2006-06-06")
    history.on(None, unified("u", "w"), by="one").on(None, annulled("one#1"), by="two")

    assert history.structure("2006-06-06") == before
    assert "w" not in history.structure("2006-06-06", known="one")["units"]
    assert unit_history(history.world(), "mint", "w")["id"] == "w"


def test_what_hangs_on_the_other_id_hangs_on_the_first() -> None:
    """Sub-units, posts, relations and functions."""
    history = History().on("2005-05-05", unit("u"), unit("w"), unit("deep", parent="w"), post("p", "w"))
    relation = {"kind": "relation-started", "subject": "deep", "relation": "supports", "object": "w"}
    history.on(
        "2005-05-05", relation, {"kind": "function-assigned", "holder": "w", "function": "f", "text": {"en": "F"}}
    )
    history.on(None, unified("u", "w"))

    answer = history.structure("2005-05-05")
    assert answer["units"]["deep"]["parent"] == "u"
    assert answer["posts"]["p"]["unit"] == "u"
    assert [*answer["relations"]] == ["deep|supports|u"]
    assert [one["holder"] for one in answer["functions"].values()] == ["u"]


def test_an_act_under_the_other_id_goes_on_being_understood() -> None:
    """Recorded after the unification, it acts on the one thing."""
    history = (
        History().on("2005-05-05", unit("u")).on(None, {"kind": "unit-attested", "unit": "w", "name": {"en": "w"}})
    )
    history.on(None, unified("u", "w")).on("2008-08-08", abolished("w"))

    assert "u" in history.units("2008-08-07")
    assert history.units("2008-08-08") == ["mint"]


def test_the_ends_and_starts_of_both_ids_are_claims_on_one_thing() -> None:
    """Two starts of one unit are rivals."""
    history = (
        History().on("2005-05-05", unit("u"), by="a").on("2006-06-06", unit("w"), by="b").on(None, unified("u", "w"))
    )

    assert history.structure("2007-01-01")["units"]["u"]["since"] == "2005-05-05"
    assert history.rules() == {"conflicting-claims"}


def test_an_id_that_came_back_under_another_is_one_unit_with_two_lives() -> None:
    """Abolished as `u`, established as `w`."""
    history = History().on("2001-01-01", unit("u")).on("2005-05-05", abolished("u")).on("2007-07-07", unit("w"))
    history.on(None, unified("u", "w"))

    assert [history.grade("u", d) for d in ("2005-05-04", "2005-05-05", "2007-07-06", "2007-07-07")] == [
        "certain",
        None,
        None,
        "certain",
    ]


def test_unifications_add_up() -> None:
    """A third id is the same as the second, so the same as the first."""
    history = History().on("2005-05-05", unit("u"), unit("v"), unit("w"))
    history.on(None, unified("u", "v")).on(None, unified("v", "w"))

    assert history.units("2006-06-06") == ["mint", "u"]
    for name in ("v", "w"):
        with pytest.raises(NowCalled) as now:
            unit_history(history.world(), "mint", name)
        assert now.value.first == "u"


def test_one_that_lives_on_may_be_unified_with_another_first() -> None:
    """All its names are then names of that."""
    history = History().on("2005-05-05", unit("u"), unit("v"), unit("w"))
    history.on(None, unified("u", "v")).on(None, unified("w", "u"))

    assert history.units("2006-06-06") == ["mint", "w"]
    assert history.world().unified == {"u": "w", "v": "w"}


def test_three_at_once() -> None:
    """The first of the ids lives on."""
    history = History().on("2005-05-05", unit("u"), unit("v"), unit("w")).on(None, unified("v", "w", "u"))

    assert history.units("2006-06-06") == ["mint", "v"]


def test_a_closed_list_under_the_other_id_names_the_unit() -> None:
    """A closed list under either code does not end it."""
    listed = {"kind": "list-attested", "scope": {"parent": "mint"}, "members": ["w"], "closed": True}
    history = History().on("2005-05-05", unit("u"), unit("w")).on("2008-08-08", listed)
    assert history.units("2008-08-08") == ["mint", "w"]

    history.on(None, unified("u", "w"))

    assert history.units("2008-08-08") == ["mint", "u"]
    assert history.grade("u", "2008-08-08") == "certain"


def test_a_reorganization_of_two_that_are_one_is_understood() -> None:
    """A code changed: before and after are one unit, which lives on."""
    after = [{"unit": "w", "name": {"en": "New"}, "parent": "mint"}]
    recode = {"kind": "units-reorganized", "form": "recode", "before": ["u"], "after": after, "links": [["u", "w"]]}
    history = History().on("2005-05-05", unit("u")).on("2008-08-08", recode).on(None, unified("w", "u"))

    assert history.units("2008-08-07") == history.units("2008-08-08") == ["mint", "w"]
    assert [history.structure(d)["units"]["w"]["name"]["en"] for d in ("2008-08-07", "2008-08-08")] == ["u", "New"]
    assert history.structure("2010-01-01")["units"]["w"]["since"] == "2005-05-05"


def test_numbers_given_for_the_other_id_are_given_for_the_first() -> None:
    """A quantity has a subject like any other; its own unit of measure is no id."""
    staff = {"kind": "quantity-observed", "subject": "w", "quantity": "staff", "value": 7, "unit": "w"}
    history = History().on("2005-05-05", unit("u"), unit("w"), staff).on(None, unified("u", "w"))

    (seen,) = history.structure("2005-05-05")["quantities"].values()
    assert (seen["subject"], seen["unit"]) == ("u", "w")


# --- posts and persons


def test_the_tenures_of_both_persons_are_those_of_one() -> None:
    """Two spellings in two sources: one career."""
    history = History().on("2001-01-01", post("p"), post("q"))
    history.on("2005-05-05", appointed("ann", "p")).on("2006-06-06", released("ann", "p"))
    history.on("2007-07-07", appointed("bob", "q")).on(None, unified("ann", "bob"))

    assert career(history, "ann") == [("p", "2005-05-05", "2006-06-06"), ("q", "2007-07-07", None)]
    assert history.people("q", "2007-07-07") == ["ann"]
    with pytest.raises(NowCalled) as now:
        person_history(history.world(), "mint", "bob")
    assert (now.value.thing, now.value.first) == ("bob", "ann")


def test_two_tenures_of_one_post_join_where_they_can_be_one() -> None:
    """An appointment under one spelling, a yearbook and a release under the other."""
    history = History().on("2001-01-01", post("p")).on("2005-05-05", appointed("ann", "p"), by="act")
    history.on("2006-06-06", {"kind": "tenure-attested", "person": "bob", "post": "p"})
    history.on("2007-07-07", released("bob", "p"))
    history.on(None, unified("ann", "bob"))

    for as_of in ("2005-05-05", "2006-06-06", "2007-07-06"):
        holders = history.structure(as_of)["posts"]["p"]["holders"]
        assert {tenure: (h["person"], h["grade"]) for tenure, h in holders.items()} == {"act#1": ("ann", "certain")}
    assert history.people("p", "2007-07-07") == []


def test_a_successor_that_is_the_same_person_is_no_successor() -> None:
    """What was a hand-over from bob to ann is one tenure gone on."""
    history = History().on("2001-01-01", post("p")).decree("2005-05-05", appointed("bob", "p"), in_force="2005-05-05")
    history.decree("2006-06-06", appointed("ann", "p"), in_force="2006-06-06")
    assert history.people("p", "2006-06-06") == ["ann"]

    history.on(None, unified("ann", "bob"))

    assert career(history, "ann") == [("p", "2005-05-05", None)]
    assert history.people("p", "2005-05-05") == history.people("p", "2006-06-06") == ["ann"]


def test_tenures_keep_their_names() -> None:
    """The ids of tenures are not ids of persons; a release by one finds it."""
    history = History().on("2001-01-01", post("p", seats=2))
    history.on("2005-05-05", appointed("ann", "p", tenure="one"), appointed("bob", "p", tenure="two"))
    history.on(None, unified("ann", "bob"))
    assert history.structure("2005-05-05")["posts"]["p"]["holders"].keys() == {"one", "two"}

    history.on("2006-06-06", {"kind": "released", "tenure": "two"})

    assert history.structure("2006-06-06")["posts"]["p"]["holders"].keys() == {"one"}


def test_the_other_name_may_be_used_with_a_tenure_named_before() -> None:
    """The tenure `two` is of bob, who is ann: neither way of saying so is of somebody else."""
    history = History().on("2001-01-01", post("p"))
    history.on("2005-05-05", appointed("bob", "p", tenure="two")).on(None, unified("ann", "bob"))

    history.on("2006-06-06", released("bob", "p", tenure="two"))

    assert history.people("p", "2006-06-05") == ["ann"]
    assert history.people("p", "2006-06-06") == []


def test_the_first_name_may_be_used_with_a_tenure_named_before() -> None:
    """The tenure `two` is of bob, who is ann."""
    history = History().on("2001-01-01", post("p"))
    history.on("2005-05-05", appointed("bob", "p", tenure="two")).on(None, unified("ann", "bob"))

    history.on("2006-06-06", released("ann", "p", tenure="two"))

    assert history.people("p", "2006-06-06") == []


def test_a_death_of_the_one_ends_the_tenure_of_the_other() -> None:
    """They are one person."""
    history = History().on("2001-01-01", post("p")).on("2005-05-05", appointed("ann", "p"))
    history.on("2006-06-06", {"kind": "life-event", "person": "bob", "what": "died"})
    assert history.people("p", "2006-06-06") == ["ann"]

    history.on(None, unified("ann", "bob"))

    assert history.people("p", "2006-06-05") == ["ann"]
    assert history.people("p", "2006-06-06") == []


def test_holders_of_both_posts_hold_the_one_post() -> None:
    """A post that two sources call by two ids has two seats, if it is said so."""
    history = History().on("2001-01-01", post("p", seats=2), post("q", seats=2))
    history.on("2005-05-05", appointed("ann", "p"), appointed("bob", "q")).on(None, unified("p", "q"))

    assert history.people("p", "2005-05-05") == ["ann", "bob"]
    answer = post_history(history.world(), "mint", "p")
    assert sorted(holder["person"] for holder in answer["holders"].values()) == ["ann", "bob"]
    with pytest.raises(NowCalled):
        post_history(history.world(), "mint", "q")


def test_in_one_post_of_one_seat_the_later_follows_the_earlier() -> None:
    """What were holders of two posts are successors in one."""
    history = History().on("2001-01-01", post("p"), post("q"))
    history.on("2005-05-05", appointed("ann", "p")).on("2006-06-06", appointed("bob", "q"))
    history.on(None, unified("p", "q"))

    assert history.people("p", "2006-06-05") == ["ann"]
    assert history.people("p", "2006-06-06") == ["bob"]


def test_a_thing_asked_for_by_its_other_name_says_what_it_is_called_now() -> None:
    """308 to the first, whatever kind of thing was asked for."""
    history = History().on(None, unified("ann", "bob"))

    with pytest.raises(NowCalled):
        thing_history(history.world(), Known(history.rows), "mint", "bob")


# --- refused


def test_things_of_different_kinds_are_not_one() -> None:
    """A unit is no post, and no person."""
    history = History().on("2001-01-01", post("p"))

    assert refusal_rules(history, unified("mint", "p")) == ["id-of-another-kind"]
    assert refusal_rules(history, unified("mint", "ann", "p")) == ["id-of-another-kind", "id-of-another-kind"]


def test_an_id_that_nobody_introduced_is_not_unified() -> None:
    """Whichever place it has; an id introduced by the same entry will do."""
    history = History()

    assert refusal_rules(history, unified("ann", "nobody")) == ["unknown-id"]
    assert refusal_rules(history, unified("nobody", "ann")) == ["unknown-id"]
    history.on(None, {"kind": "person-registered", "person": "anna", "name": {"en": "Anna"}}, unified("ann", "anna"))
    assert history.world().unified == {"anna": "ann"}


def moved(name: str, to: str) -> dict[str, Any]:
    """A unit moved under another."""
    return {"kind": "unit-moved", "unit": name, "parent": to}


def test_a_unit_is_not_unified_with_one_above_it() -> None:
    """From the day of the move it would stand under itself."""
    history = History().on("2005-05-05", unit("u"), unit("deep")).on("2006-06-06", moved("deep", "u"))

    assert refusal_rules(history, unified("u", "deep")) == ["parent-cycle"]
    assert refusal_rules(history, unified("deep", "u")) == ["parent-cycle"]


def test_of_two_parents_given_by_two_foundings_one_is_believed() -> None:
    """Two starts of one unit on one day: that one puts it under itself is a rival and no cycle."""
    history = History().on("2005-05-05", unit("u"), unit("deep", parent="u")).on(None, unified("u", "deep"))

    assert history.structure("2005-05-05")["units"]["u"]["parent"] == "mint"
    assert "conflicting-claims" in history.rules()


def test_a_unit_may_be_unified_with_one_that_was_above_it_only_before() -> None:
    """On no day do both stand, one under the other."""
    history = History().on("2001-01-01", unit("u")).on("2005-05-05", abolished("u"))
    history.on("2007-07-07", unit("w")).on(None, unified("u", "w"))

    assert history.units("2007-07-07") == ["mint", "u"]


def test_unifying_that_makes_a_ring_through_others_is_refused() -> None:
    """`a` under `b` and `c` under `d`: were `b` and `c` one, `a` and `d` could not be."""
    history = History().on("2005-05-05", unit("a"), unit("b"), unit("c"), unit("d"))
    history.on("2006-06-06", moved("a", "b"), moved("c", "d")).on(None, unified("b", "c"), by="one")
    assert history.structure("2006-06-06")["units"]["b"]["parent"] == "d"

    assert refusal_rules(history, unified("d", "a")) == ["parent-cycle"]

    history.on(None, annulled("one")).on(None, unified("d", "a"))
    assert "parent-cycle" in refusal_rules(history, annulled("e4#1"))


def test_a_unification_cannot_be_corrected_or_preferred() -> None:
    """Only annulled."""
    history = History().on(None, unified("ann", "bob"), by="one")
    fix = {"kind": "person-registered", "person": "ann", "name": {"en": "Ann"}}

    assert refusal_rules(history, {"kind": "corrected", "target": "one#1", "change": fix, "reason": "x"}) == [
        "not-correctable"
    ]
    assert refusal_rules(history, {"kind": "reading-preferred", "target": "one#1", "reason": "x"}) == [
        "not-correctable"
    ]


@pytest.mark.parametrize("ids", [[], ["ann"], ["ann", "ann"], ["ann", "bob", "ann"]])
def test_one_id_alone_or_twice_is_no_unification(ids: list[str]) -> None:
    """Two different ids at least."""
    with pytest.raises(EntryUnreadable):
        entry_from({"entry": "x", "changes": [unified(*ids)]}, "test")


# --- what was learned


def test_a_unification_is_learned_as_the_going_of_the_other_name() -> None:
    """Between the two positions the one id went, and its thing is told under the first."""
    history = History().on("2005-05-05", unit("u"), unit("w"), by="two").on(None, unified("u", "w"), by="one")

    answer = learned(steps_between(Known(history.rows), history.ends["two"]), day("2006-06-06"))

    assert [(row["subject"], row["after"], row["cause"]["entry"]) for row in answer["changes"]] == [
        ({"unit": "w"}, None, "one")
    ]
    assert (answer["ended"], answer["new"]) == (["w"], [])


def test_a_unification_of_a_unit_that_a_reorganization_made_names_both() -> None:
    """The ids of a row are those that its sides tell of."""
    merge = {"kind": "units-reorganized", "form": "merge", "before": ["u"]}
    history = (
        History().on("2005-05-05", unit("u")).on(None, {"kind": "unit-attested", "unit": "v", "name": {"en": "v"}})
    )
    history.on("2006-06-06", {**merge, "after": [{"unit": "w", "name": {"en": "W"}, "parent": "mint"}]}, by="merge")
    history.on(None, unified("v", "w"), by="one")

    rows = learned(steps_between(Known(history.rows), history.ends["merge"]), day("2006-06-06"))["changes"]

    for row in rows:
        if "units" in row["subject"]:
            assert {*(row["before"] or ()), *(row["after"] or ())} <= {*row["subject"]["units"]}
    named = {str(name) for row in rows for name in (row["subject"].get("unit"), *row["subject"].get("units", ()))}
    assert {"v", "w"} <= named
