"""Refusals of what cannot stand: each rule with an entry that breaks it, and a neighbour that is accepted."""

from __future__ import annotations

import pytest

from tests.domain.deciding import RELATION, Written, mint, reason_of, refused
from tests.history import History, abolished, appointed, post, released, unit

# --- no-effective


def test_an_act_without_a_day_is_refused() -> None:
    """Neither change, entry nor instrument says when."""
    reason = reason_of(mint(), {"kind": "unit-attested", "unit": "assay"}, unit("new"), effective=None)

    assert (reason.rule, reason.change, reason.day) == ("no-effective", 2, None)
    assert "unit-established" in reason.detail


def test_an_act_whose_day_is_written_as_unknown_is_refused() -> None:
    """`effective: null` in a change is an unknown day, though the entry has one."""
    reason = reason_of(mint(), {**unit("new"), "effective": None})

    assert (reason.rule, reason.change) == ("no-effective", 1)


def test_an_instrument_without_a_day_gives_none() -> None:
    """Published is no day of effect; in force and signed are."""
    for instrument in ({"kind": "decree"}, {"kind": "decree", "published": "2005-05-05"}):
        assert reason_of(mint(), unit("new"), effective=None, instrument=instrument).rule == "no-effective"
    for day in ("in_force", "signed"):
        mint().on(None, unit("new"), instrument={"kind": "decree", day: "2005-05-05"})
    mint().on(None, unit("new"), instrument="D2")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "institution-declared", "name": {"en": "M"}},
        {"kind": "person-registered", "person": "dan", "name": {"en": "Dan"}},
        {"kind": "unit-attested", "unit": "new", "name": {"en": "N"}},
        {"kind": "post-attested", "post": "new", "title": {"en": "N"}},
        {"kind": "tenure-attested", "person": "bob", "post": "warden"},
        {"kind": "relation-attested", **RELATION},
        {"kind": "list-attested", "scope": {"parent": "mint"}, "members": [], "closed": False},
        {"kind": "source-registered", "source": "s", "title": {"en": "S"}},
        {"kind": "annulled", "target": "e1#1", "reason": "x"},
        {"kind": "reading-preferred", "target": "e1#1", "reason": "x"},
        {"kind": "identities-unified", "ids": ["bob", "cat"], "reason": "x"},
        {"kind": "redacted", "targets": ["e1#1"], "scope": "names", "ground": "x"},
        {"kind": "corrected", "target": "e1#1", "change": unit("assay", kind="bureau"), "reason": "x"},
        {"kind": "function-attested", "holder": "assay", "function": "f"},
        {"kind": "coverage-declared", "scope": {"post": "warden"}, "from": "2001-01-01", "until": "2002-01-01"},
        {"kind": "quantity-observed", "subject": "mint", "quantity": "staff", "value": 1},
        {"kind": "count-claimed", "what": "wardens", "post": "warden", "during": "2001", "value": 1},
        {"kind": "assessment-made", "about": "mint", "topic": "other", "gist": {"en": "X"}},
        {"kind": "statement-made", "about": "mint", "topic": "other", "gist": {"en": "X"}},
        {"kind": "period-defined", "period": "reform", "name": {"en": "Reform"}, "bounds": "2001"},
    ],
)
def test_what_may_have_an_unknown_day_is_accepted(change: Written) -> None:
    """Claims, context, control, attestations, and what introduces institution and persons."""
    mint().on(None, change)
    mint().on("2005-05-05", {**change, "effective": None})


def test_a_correction_to_a_change_that_needs_a_day_is_refused_if_the_target_has_none() -> None:
    """Effective left out is the target's; a target of unknown day has none to give."""
    history = mint().on(None, {"kind": "unit-attested", "unit": "vault", "effective": None}, by="undated")
    fix = {"kind": "corrected", "target": "undated#1", "reason": "misread"}

    reason = reason_of(history, {**fix, "change": unit("vault")})

    assert (reason.rule, reason.change) == ("no-effective", 1)
    assert "'undated#1'" in reason.detail
    history.on(None, {**fix, "change": {**unit("vault"), "effective": "2005-05-05"}})


# --- end-before-start


def test_a_named_tenure_cannot_end_before_it_starts() -> None:
    """Ann-1 began in 2002."""
    reason = reason_of(mint(), {"kind": "released", "tenure": "ann-1"}, effective="2001-05-05")

    assert (reason.rule, reason.change, reason.day) == ("end-before-start", 1, "2001-05-05")
    assert "ann" in reason.detail
    assert "warden" in reason.detail


@pytest.mark.parametrize("day", ["2002-02-02", "2002-02-03", "2002", "2002-02~"])
def test_a_named_tenure_can_end_on_any_day_that_may_follow_its_start(day: str) -> None:
    """On the day it began, the next, or some day of the year."""
    mint().on(day, {"kind": "released", "tenure": "ann-1"})


def test_a_named_tenure_cannot_begin_after_the_end_that_is_recorded() -> None:
    """In whichever order the two are recorded."""
    history = mint().on("2003-03-03", released("bob", "warden", tenure="bob-1"))

    reason = reason_of(history, appointed("bob", "warden", tenure="bob-1"), effective="2004-04-04")

    assert (reason.rule, reason.change) == ("end-before-start", 1)


def test_a_tenure_named_by_its_first_event_cannot_end_before_it_starts_either() -> None:
    """`ENTRY#n` of the start is a name too."""
    history = mint().on("2003-03-03", appointed("bob", "warden"), by="bob")

    reason = reason_of(history, {"kind": "released", "tenure": "bob#1"}, effective="2003-01-01")

    assert (reason.rule, reason.change, reason.day) == ("end-before-start", 1, "2003-01-01")


def test_what_an_entry_begins_it_cannot_end_before() -> None:
    """Two days of one entry that contradict each other are a slip of the pen."""
    reason = reason_of(
        mint(), {**unit("new"), "effective": "2005-05-05"}, {**abolished("new"), "effective": "2005-05-04"}
    )

    assert (reason.rule, reason.change, reason.day) == ("end-before-start", 2, "2005-05-04")
    assert "new" in reason.detail


def test_a_tenure_begun_and_ended_by_one_entry_is_in_order_or_refused() -> None:
    """By person and post as well."""
    begin = {**appointed("bob", "warden"), "effective": "2005-05-05"}

    assert reason_of(mint(), begin, {**released("bob", "warden"), "effective": "2004-05-05"}).rule == "end-before-start"
    mint().on("2005-05-05", begin, {**released("bob", "warden"), "effective": "2005-05-06"})


def test_a_thing_of_one_day_is_legal() -> None:
    """One-day appointments are; also a unit founded and abolished by one decree of a day."""
    history = mint().on(
        "2005-05-05", appointed("bob", "warden"), released("bob", "warden"), unit("new"), abolished("new")
    )

    assert history.people("warden", "2005-05-05") == []
    assert "new" not in history.units("2005-05-05")


def test_an_end_before_the_start_by_another_entry_closes_an_earlier_life() -> None:
    """The decree of 1999 abolished an assay of which nobody knows the start."""
    history = mint().on("2000-06-06", abolished("assay")).on("2001-06-06", released("ann", "warden"))

    assert "assay" in history.units("2001-01-01")
    assert history.people("warden", "2002-02-02") == ["ann"]


# --- parent-cycle


def moved(name: str, to: str | None) -> Written:
    """A unit moved."""
    return {"kind": "unit-moved", "unit": name, "parent": to}


def test_a_unit_cannot_stand_under_itself() -> None:
    """Not at one step."""
    reason = reason_of(mint(), moved("assay", "assay"))

    assert (reason.rule, reason.change, reason.day) == ("parent-cycle", 1, "2005-05-05")
    assert "assay" in reason.detail


def test_a_ring_of_units_is_refused_with_all_that_stand_in_it() -> None:
    """And not over several."""
    history = mint().on("2003-03-03", moved("works", "assay")).on("2003-03-03", unit("vault", "works"))

    reasons = refused(history, moved("assay", "vault"))

    assert {(r.rule, r.change, r.day) for r in reasons} == {("parent-cycle", 1, "2005-05-05")}
    for name in ("assay", "works", "vault"):
        assert name in reasons[0].detail


def test_units_that_change_places_on_one_day_are_no_cycle() -> None:
    """Checks of parents run at the end of the day."""
    history = mint().on("2003-03-03", moved("works", "assay"))

    history.on("2005-05-05", moved("assay", "works"), moved("works", "mint"))

    assert history.structure("2005-05-05")["units"]["assay"]["parent"] == "works"


def test_a_cycle_on_a_later_day_is_found_though_the_entry_is_of_an_earlier() -> None:
    """A decree found late makes a ring together with one that has long been known."""
    history = mint().on("2005-05-05", moved("assay", "works"))

    reason = reason_of(history, moved("works", "assay"), effective="2003-03-03")

    assert (reason.rule, reason.change, reason.day) == ("parent-cycle", 1, "2005-05-05")
    mint().on("2005-05-05", moved("assay", "works")).on("2006-06-06", moved("assay", "mint")).on(
        "2006-06-06", moved("works", "assay")
    )


def test_an_annulment_that_leaves_a_ring_is_refused() -> None:
    """What kept the ring open was the move that is to be annulled."""
    history = (
        mint()
        .on("2003-03-03", moved("works", "assay"), by="first")
        .on("2004-04-04", moved("works", "mint"), by="open")
        .on("2005-05-05", moved("assay", "works"), by="second")
    )

    reasons = refused(history, {"kind": "annulled", "target": "open", "reason": "forged"}, effective=None)

    assert {(r.rule, r.change, r.day) for r in reasons} == {("parent-cycle", 1, "2005-05-05")}
    history.on(None, {"kind": "annulled", "target": "second", "reason": "forged"})


def test_a_correction_that_makes_a_ring_is_refused() -> None:
    """A correction is checked as what it makes true."""
    history = mint().on("2003-03-03", moved("works", "assay"), by="first")
    fix = {"kind": "corrected", "target": "e1#1", "reason": "misread"}

    assert reason_of(history, {**fix, "change": unit("assay", "works")}, effective=None).rule == "parent-cycle"
    history.on(None, {**fix, "change": unit("assay", None)})


def test_a_unit_that_has_ended_closes_no_ring() -> None:
    """Cycles are checked among units that are at least possible that day."""
    history = mint().on("2003-03-03", unit("vault", "assay")).on("2004-04-04", abolished("assay"))

    history.on("2005-05-05", unit("assay", "works"))
    history.on("2005-06-06", moved("works", None))

    assert history.structure("2005-06-06")["units"]["assay"]["parent"] == "works"


# --- ambiguous-release


@pytest.fixture
def twice() -> History:
    """Ann in the one post twice, by two tenures that have names."""
    return (
        History()
        .on("2001-01-01", post("judge", seats=None))
        .on("2002-02-02", appointed("ann", "judge", tenure="ann-1"))
        .on("2003-03-03", appointed("ann", "judge", "acting", tenure="ann-2"))
    )


def test_a_release_by_person_and_post_is_refused_where_two_tenures_stand(twice: History) -> None:
    """Nobody can tell which of them ends."""
    assert twice.people("judge", "2005-05-04") == ["ann", "ann"]

    reason = reason_of(twice, unit("new"), released("ann", "judge"))

    assert (reason.rule, reason.change, reason.day) == ("ambiguous-release", 2, "2005-05-05")
    assert "'ann'" in reason.detail
    assert "'judge'" in reason.detail


def test_a_change_of_capacity_by_person_and_post_needs_one_tenure_too(twice: History) -> None:
    """Nobody can tell who goes on leave; by tenure it is clear."""
    changed = {"kind": "capacity-changed", "capacity": "on-leave"}

    reason = reason_of(twice, {**changed, "person": "ann", "post": "judge"})

    assert reason.rule == "ambiguous-release"
    twice.on("2005-05-05", {**changed, "tenure": "ann-2"})
    assert sorted(h["capacity"] for h in twice.structure("2005-05-05")["posts"]["judge"]["holders"].values()) == [
        "on-leave",
        "substantive",
    ]


def test_a_release_by_tenure_is_accepted_where_two_stand(twice: History) -> None:
    """The one that is named ends, the other goes on; then person and post suffice."""
    twice.on("2005-05-05", {"kind": "released", "tenure": "ann-2"})
    assert twice.people("judge", "2005-05-05") == ["ann"]

    twice.on("2006-06-06", released("ann", "judge"))
    assert twice.people("judge", "2006-06-06") == []


def test_a_release_before_the_second_tenure_is_accepted(twice: History) -> None:
    """On that eve one stood."""
    twice.on("2002-12-31", released("ann", "judge"))

    assert twice.people("judge", "2003-01-01") == []


def test_a_release_of_somebody_never_seen_is_accepted() -> None:
    """It shows a tenure of unknown start, attested on the eve."""
    history = mint().on("2005-05-05", released("bob", "warden"))

    bob = history.holder("bob", "warden", "2005-05-04")
    assert bob is not None
    assert (bob["since"], bob["until"]) == (None, "2005-05-05")
