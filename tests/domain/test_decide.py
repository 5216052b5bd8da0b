"""Refusals: each rule with an entry that breaks it, and a neighbour that is accepted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.decide import FoldedHistory, decide, recorded_already
from domain.entries import MAX_CHANGES, MAX_DEPTH, entry_from
from domain.errors import REASONS, EntryDiffers, EntryRefused, EntryUnreadable, Reason
from domain.recording import Registers
from projections.recorders.sqlite import open_sqlite
from tests.history import FOUNDING, NOON, History, abolished, appointed, post, released, unit

Written = dict[str, Any]
RELATION = {"subject": "assay", "relation": "supports", "object": "warden"}


def mint() -> History:
    """The mint with a unit, a post, an instrument and ann in office."""
    return (
        History()
        .on("2001-01-01", unit("assay"), unit("works"), post("warden"), by="e1")
        .decree("2002-02-02", appointed("ann", "warden", tenure="ann-1"), by="decree-2", id="D2")
    )


def refused(history: History, *changes: Written, effective: str | None = "2005-05-05", **more: Any) -> list[Reason]:
    """The reasons for which an entry of *changes* is refused; nothing of it may be recorded."""
    rows, ends = list(history.rows), dict(history.ends)
    with pytest.raises(EntryRefused) as refusal:
        history.on(effective, *changes, by="bad", **more)
    assert (history.rows, history.ends) == (rows, ends)
    assert refusal.value.entry == "bad"
    assert refusal.value.reasons
    for reason in refusal.value.reasons:
        assert reason.rule in REASONS
        assert reason.detail
        assert str(reason) in str(refusal.value)
    return list(refusal.value.reasons)


def reason_of(history: History, *changes: Written, effective: str | None = "2005-05-05", **more: Any) -> Reason:
    """The one reason for which an entry of *changes* is refused."""
    reasons = refused(history, *changes, effective=effective, **more)
    assert len(reasons) == 1, reasons
    return reasons[0]


# --- unknown-id

UNKNOWN: list[tuple[Written, str]] = [
    (unit("new", parent="nowhere"), "nowhere"),
    ({"kind": "unit-renamed", "unit": "nowhere", "name": {"en": "X"}}, "nowhere"),
    ({"kind": "unit-moved", "unit": "nowhere", "parent": "mint"}, "nowhere"),
    ({"kind": "unit-moved", "unit": "assay", "parent": "nowhere"}, "nowhere"),
    (abolished("nowhere"), "nowhere"),
    (abolished("assay", "nowhere"), "nowhere"),
    ({"kind": "unit-reinstated", "unit": "assay", "parent": "nowhere"}, "nowhere"),
    (
        {
            "kind": "units-reorganized",
            "form": "recode",
            "before": ["nowhere"],
            "after": [{"unit": "new", "name": {"en": "N"}, "parent": "mint"}],
        },
        "nowhere",
    ),
    (
        {
            "kind": "units-reorganized",
            "form": "recode",
            "before": ["assay"],
            "after": [{"unit": "new", "name": {"en": "N"}, "parent": "nowhere"}],
        },
        "nowhere",
    ),
    ({"kind": "unnamed-units-abolished", "count": 2, "parent": "nowhere"}, "nowhere"),
    ({"kind": "unit-attested", "unit": "new", "parent": "nowhere"}, "nowhere"),
    ({"kind": "relation-started", **RELATION, "object": "nowhere"}, "nowhere"),
    ({"kind": "relation-ended", **RELATION, "subject": "nowhere"}, "nowhere"),
    ({"kind": "relation-attested", **RELATION, "subject": "nowhere"}, "nowhere"),
    (post("new", of="nowhere"), "nowhere"),
    ({"kind": "post-retitled", "post": "nowhere", "title": {"en": "X"}}, "nowhere"),
    ({"kind": "post-moved", "post": "warden", "unit": "nowhere"}, "nowhere"),
    ({"kind": "portfolio-changed", "post": "nowhere", "portfolio": None}, "nowhere"),
    ({"kind": "seats-changed", "post": "nowhere", "seats": 2}, "nowhere"),
    ({"kind": "post-abolished", "post": "nowhere"}, "nowhere"),
    ({"kind": "person-renamed", "person": "nobody", "name": {"en": "X"}}, "nobody"),
    ({"kind": "life-event", "person": "nobody", "what": "died"}, "nobody"),
    (appointed("nobody", "warden"), "nobody"),
    (appointed("bob", "nowhere"), "nowhere"),
    (released("nobody", "warden"), "nobody"),
    ({"kind": "released", "tenure": "nothing"}, "nothing"),
    ({"kind": "released", "tenure": "e1#9"}, "e1#9"),
    ({"kind": "transferred", "person": "bob", "from_post": "warden", "to_post": "nowhere"}, "nowhere"),
    (
        {"kind": "transferred", "person": "ann", "from_post": "warden", "to_post": "warden", "from_tenure": "nothing"},
        "nothing",
    ),
    ({"kind": "tenure-attested", "person": "ann", "post": "nowhere"}, "nowhere"),
    ({"kind": "list-attested", "scope": {"parent": "nowhere"}, "members": ["assay"], "closed": False}, "nowhere"),
    ({"kind": "list-attested", "scope": {"parent": "mint"}, "members": ["nowhere"], "closed": False}, "nowhere"),
    ({"kind": "list-attested", "scope": {"post": "warden"}, "members": ["nobody"], "closed": False}, "nobody"),
    (
        {
            "kind": "list-attested",
            "scope": {"relation": "supports", "object": "nowhere"},
            "members": ["assay"],
            "closed": False,
        },
        "nowhere",
    ),
    ({"kind": "instrument-amended", "instrument": "D9"}, "D9"),
    ({"kind": "instrument-repealed", "instrument": "D9"}, "D9"),
    ({"kind": "corrected", "target": "e1#1", "change": unit("assay", parent="nowhere"), "reason": "x"}, "nowhere"),
    ({"kind": "capacity-changed", "person": "nobody", "post": "warden", "capacity": "acting"}, "nobody"),
    ({"kind": "capacity-changed", "tenure": "nothing", "capacity": "acting"}, "nothing"),
    (
        {"kind": "coverage-declared", "scope": {"post": "nowhere"}, "from": "2001-01-01", "until": "2002-01-01"},
        "nowhere",
    ),
    ({"kind": "mandate-declared", "unit": "nowhere", "gist": {"en": "X"}}, "nowhere"),
    ({"kind": "function-assigned", "holder": "nowhere", "function": "f", "text": {"en": "X"}}, "nowhere"),
    ({"kind": "function-withdrawn", "holder": "nowhere", "function": "f"}, "nowhere"),
    ({"kind": "function-transferred", "holder": "nowhere", "function": "f"}, "nowhere"),
    ({"kind": "function-attested", "holder": "nowhere", "function": "f"}, "nowhere"),
    ({"kind": "quantity-observed", "subject": "nowhere", "quantity": "staff", "value": 1}, "nowhere"),
    ({"kind": "count-claimed", "what": "wardens", "post": "nowhere", "during": "2001", "value": 1}, "nowhere"),
    ({"kind": "count-claimed", "what": "wardens", "unit": "nowhere", "during": "2001", "value": 1}, "nowhere"),
    ({"kind": "assessment-made", "about": "nowhere", "topic": "other", "gist": {"en": "X"}}, "nowhere"),
    ({"kind": "statement-made", "about": "nowhere", "topic": "other", "gist": {"en": "X"}}, "nowhere"),
    ({"kind": "identities-unified", "ids": ["ann", "nobody"], "reason": "x"}, "nobody"),
]


@pytest.mark.parametrize(("change", "thing"), UNKNOWN, ids=[f"{c['kind']}-{n}" for n, (c, _) in enumerate(UNKNOWN)])
def test_an_id_nobody_introduced_is_refused_by_name(change: Written, thing: str) -> None:
    """A misspelt id would otherwise be a thing of its own for ever."""
    reason = reason_of(mint(), {"kind": "unit-renamed", "unit": "mint", "name": {"en": "M"}}, change)

    assert (reason.rule, reason.change) == ("unknown-id", 2)
    assert repr(thing) in reason.detail


def test_an_id_introduced_by_the_same_entry_is_known_wherever_it_stands_in_it() -> None:
    """An entry is recorded whole: the order of its changes is the decree's, not the program's."""
    dan = {"kind": "person-registered", "person": "dan", "name": {"en": "Dan"}}
    history = mint().on("2005-05-05", appointed("dan", "clerk"), dan, post("clerk", "new"), unit("new"))

    assert history.people("clerk", "2005-05-06") == ["dan"]


def test_a_thing_attested_without_a_day_is_known() -> None:
    """An attestation of unknown day introduces its thing."""
    history = (
        mint()
        .on(None, {"kind": "unit-attested", "unit": "vault", "name": {"en": "Vault"}, "effective": None})
        .on("2005-05-05", {"kind": "unit-renamed", "unit": "vault", "name": {"en": "V"}})
    )

    assert history.grade("vault", "2005-05-05") is not None


def test_an_instrument_nobody_brought_cannot_be_cited() -> None:
    """The entry itself is at fault, no change of it."""
    reason = reason_of(mint(), unit("new"), instrument="D9")

    assert (reason.rule, reason.change) == ("unknown-id", None)
    assert "'D9'" in reason.detail
    mint().on("2005-05-05", unit("new"), instrument="D2")


def test_an_instrument_of_the_same_entry_can_be_amended_by_it_but_needs_its_id() -> None:
    """An instrument's id defaults to the entry's."""
    history = mint().decree("2005-05-05", {"kind": "instrument-amended", "instrument": "D2"}, by="d5")

    assert reason_of(history, {"kind": "instrument-repealed", "instrument": "decree-2"}).rule == "unknown-id"
    history.on("2006-06-06", {"kind": "instrument-repealed", "instrument": "d5"})


def test_a_source_that_nobody_registered_is_no_refusal() -> None:
    """A citation that leads nowhere is a finding, not an id of the register."""
    mint().on("2005-05-05", unit("new"), sources=[{"source": "unheard-of"}])


# --- id-of-another-kind


@pytest.mark.parametrize(
    ("change", "thing"),
    [
        (unit("warden"), "warden"),
        (unit("ann"), "ann"),
        (post("assay"), "assay"),
        ({"kind": "person-registered", "person": "mint", "name": {"en": "M"}}, "mint"),
        ({"kind": "unit-moved", "unit": "assay", "parent": "warden"}, "warden"),
        ({"kind": "post-moved", "post": "warden", "unit": "ann"}, "ann"),
        (appointed("assay", "warden"), "assay"),
        (appointed("bob", "mint"), "mint"),
        ({"kind": "relation-started", **RELATION, "object": "ann"}, "ann"),
        ({"kind": "list-attested", "scope": {"parent": "mint"}, "members": ["warden"], "closed": False}, "warden"),
        ({"kind": "list-attested", "scope": {"post": "warden"}, "members": ["assay"], "closed": False}, "assay"),
        ({"kind": "corrected", "target": "e1#1", "change": unit("ann"), "reason": "x"}, "ann"),
        ({"kind": "function-assigned", "holder": "ann", "function": "f", "text": {"en": "X"}}, "ann"),
        ({"kind": "mandate-declared", "unit": "warden", "gist": {"en": "X"}}, "warden"),
        ({"kind": "count-claimed", "what": "x", "post": "assay", "during": "2001", "value": 1}, "assay"),
        ({"kind": "identities-unified", "ids": ["ann", "assay"], "reason": "x"}, "assay"),
    ],
)
def test_an_id_of_another_kind_is_refused(change: Written, thing: str) -> None:
    """Units, posts and persons of an institution share one namespace."""
    reasons = refused(mint(), change)

    assert {(reason.rule, reason.change) for reason in reasons} == {("id-of-another-kind", 1)}
    assert repr(thing) in reasons[0].detail


def test_one_entry_cannot_introduce_an_id_as_two_kinds() -> None:
    """The second use is the fault."""
    reasons = refused(mint(), unit("new"), post("new"))

    assert {(reason.rule, reason.change) for reason in reasons} == {("id-of-another-kind", 2)}


def test_a_relation_may_hold_between_units_and_posts() -> None:
    """The neighbours: units and posts stand in relations, instruments and tenures have names of their own."""
    history = mint().on(
        "2005-05-05", {"kind": "relation-started", **RELATION}, appointed("bob", "warden", tenure="mint")
    )

    assert history.structure("2005-05-05")["relations"].keys() == {"assay|supports|warden"}


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


# --- unknown-target, not-correctable


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "reading-preferred", "target": "e1#9", "reason": "x"},
        {"kind": "redacted", "targets": ["e1#1", "e1#9"], "scope": "names", "ground": "x"},
        {"kind": "redacted", "targets": ["nothing#1"], "scope": "names", "ground": "x"},
    ],
)
def test_what_is_not_recorded_can_be_neither_preferred_nor_redacted(change: Written) -> None:
    """Every control names what stands in the log."""
    reason = reason_of(mint(), change)

    assert (reason.rule, reason.change) == ("unknown-target", 1)
    assert "#" in reason.detail


@pytest.mark.parametrize("target", ["nothing", "nothing#1", "e1#9", "e1#0"])
def test_what_is_not_recorded_cannot_be_annulled(target: str) -> None:
    """`e1` brings no instrument, so it has no #0."""
    reason = reason_of(mint(), {"kind": "annulled", "target": target, "reason": "x"})

    assert (reason.rule, reason.change) == ("unknown-target", 1)
    assert repr(target) in reason.detail


def test_what_is_not_recorded_cannot_be_corrected() -> None:
    """The number of the change that names the target is told."""
    fix = {"kind": "corrected", "change": unit("assay"), "reason": "x"}

    reason = reason_of(mint(), {**fix, "target": "e1#1"}, {**fix, "target": "e1#9"})

    assert (reason.rule, reason.change) == ("unknown-target", 2)
    assert "'e1#9'" in reason.detail


def test_an_entry_does_not_say_how_its_own_changes_are_to_be_read() -> None:
    """A preference among two claims of one dossier takes an entry of its own."""
    preferred = {"kind": "reading-preferred", "target": "bad#1", "reason": "x"}

    reason = reason_of(mint(), unit("salt"), preferred)

    assert (reason.rule, reason.change) == ("unknown-target", 2)
    assert "of this very entry" in reason.detail


def test_a_change_its_entry_and_its_instrument_are_targets() -> None:
    """`ENTRY#n`, `ENTRY#0`, and for an annulment `ENTRY`."""
    for target in ("e1#1", "e1", "decree-2#0", "decree-2#1", "decree-2"):
        mint().on(None, {"kind": "annulled", "target": target, "reason": "x"})
    issued = {"kind": "instrument-issued", "instrument": "D2", "instrument_kind": "decree", "signed": "2002-02-03"}
    history = mint().on(None, {"kind": "corrected", "target": "decree-2#0", "change": issued, "reason": "x"})

    assert history.people("warden", "2002-02-02") == []
    assert history.people("warden", "2002-02-03") == ["ann"]


def test_an_annulment_cannot_be_corrected_only_annulled() -> None:
    """There is nothing in it that could read otherwise."""
    history = mint().on(None, {"kind": "annulled", "target": "e1#1", "reason": "x"}, by="gone")
    change = {**unit("assay"), "effective": "2001-01-01"}

    reason = reason_of(history, {"kind": "corrected", "target": "gone#1", "change": change, "reason": "x"})

    assert (reason.rule, reason.change) == ("not-correctable", 1)
    assert "'gone#1'" in reason.detail
    assert "assay" not in history.units("2001-01-01")
    history.on(None, {"kind": "annulled", "target": "gone#1", "reason": "x"})
    assert "assay" in history.units("2001-01-01")


@pytest.mark.parametrize(
    "control",
    [
        {"kind": "reading-preferred", "target": "e1#1", "reason": "x"},
        {"kind": "identities-unified", "ids": ["assay", "works"], "reason": "x"},
        {"kind": "redacted", "targets": ["e1#1"], "scope": "names", "ground": "x"},
    ],
)
def test_no_control_but_a_correction_can_be_corrected(control: Written) -> None:
    """Preferred readings, unifications and redactions can only be annulled."""
    history = mint().on(None, control, by="control")
    change = {**unit("assay"), "effective": "2001-01-01"}

    reason = reason_of(history, {"kind": "corrected", "target": "control#1", "change": change, "reason": "x"})

    assert (reason.rule, reason.change) == ("not-correctable", 1)
    assert "'control#1'" in reason.detail
    history.on(None, {"kind": "annulled", "target": "control#1", "reason": "x"})


def test_a_redaction_is_not_redacted() -> None:
    """It alone says what is gone."""
    hush = {"kind": "redacted", "targets": ["e1#1"], "scope": "names", "ground": "x"}
    history = mint().on(None, hush, by="hush")

    reason = reason_of(history, {**hush, "targets": ["e1#2", "hush#1"]})

    assert (reason.rule, reason.change) == ("not-redactable", 1)
    assert "'hush#1'" in reason.detail


def test_a_correction_can_be_corrected() -> None:
    """Which replaces that one's change."""
    fix = {"kind": "corrected", "reason": "x"}
    history = (
        mint()
        .on(None, {**fix, "target": "e1#1", "change": unit("assay", kind="one")}, by="fix")
        .on(None, {**fix, "target": "fix#1", "change": unit("assay", kind="two")})
    )

    assert history.structure("2001-01-01")["units"]["assay"]["kind"] == "two"


def test_an_annulment_that_orphans_is_accepted() -> None:
    """What then hangs on nothing is a finding."""
    history = mint().on(None, {"kind": "annulled", "target": "e1#3", "reason": "no such post"})

    assert "warden" not in history.structure("2003-03-03")["posts"]


# --- tenure-taken


@pytest.mark.parametrize(
    "change",
    [
        appointed("bob", "warden", tenure="ann-1"),
        {"kind": "tenure-attested", "person": "bob", "post": "warden", "tenure": "ann-1"},
        released("bob", "warden", tenure="ann-1"),
        {"kind": "transferred", "person": "ann", "from_post": "warden", "to_post": "clerk", "tenure": "ann-1"},
        appointed("bob", "warden", tenure="decree-2#1"),
    ],
)
def test_a_tenure_id_of_another_holder_is_refused(change: Written) -> None:
    """One id is one person in one post; `ENTRY#n` of its events are names of it too."""
    reason = reason_of(mint(), post("clerk"), change)

    assert (reason.rule, reason.change) == ("tenure-taken", 2)
    assert "'ann'" in reason.detail
    assert "'warden'" in reason.detail


def test_a_tenure_id_is_taken_within_an_entry_too() -> None:
    """Two appointments of one entry under one id."""
    reason = reason_of(
        mint(), appointed("bob", "warden", tenure="new"), appointed("cat", "warden", "acting", tenure="new")
    )

    assert (reason.rule, reason.change) == ("tenure-taken", 2)


def test_a_tenure_id_of_the_same_holder_is_accepted() -> None:
    """Attested, released, reappointed: the same tenure."""
    history = (
        mint()
        .on("2003-03-03", {"kind": "tenure-attested", "person": "ann", "post": "warden", "tenure": "ann-1"})
        .on("2005-05-05", released("ann", "warden", tenure="ann-1"))
    )

    assert history.people("warden", "2005-05-05") == []


# --- malformed, too-large


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ([], "malformed"),
        ({"entry": "x"}, "malformed"),
        ({"entry": "x", "changes": []}, "malformed"),
        ({"entry": "x", "changes": [{"kind": "unit-exploded"}]}, "malformed"),
        ({"entry": "x", "changes": [{**abolished("assay"), "colour": "red"}]}, "malformed"),
        ({"entry": "x", "changes": [{"kind": "unit-renamed", "unit": "assay"}]}, "malformed"),
        ({"entry": "x", "effective": "2023-02-30", "changes": [abolished("assay")]}, "malformed"),
        ({"entry": "x", "changes": [abolished("assay")] * (MAX_CHANGES + 1)}, "too-large"),
    ],
)
def test_what_is_no_entry_is_refused_before_it_is_decided(data: object, rule: str) -> None:
    """Syntax, an unknown kind or field, a field left out, a bad value, too many changes."""
    with pytest.raises(EntryUnreadable) as refusal:
        entry_from(data, "somewhere")

    assert {reason.rule for reason in refusal.value.reasons} == {rule}


def test_too_deep_is_too_large() -> None:
    """Nesting costs as bytes do."""
    deep: object = "x"
    for _ in range(MAX_DEPTH + 1):
        deep = [deep]

    with pytest.raises(EntryUnreadable) as refusal:
        entry_from({"entry": "x", "changes": deep}, "somewhere")

    assert [reason.rule for reason in refusal.value.reasons] == ["too-large"]


def test_every_rule_is_tried_here() -> None:
    """A rule without a test is a promise to nobody."""
    previews = Path(__file__).parents[1] / "api" / "test_http_preview.py"  # two rules are of previews alone
    text = Path(__file__).read_text(encoding="utf-8") + previews.read_text(encoding="utf-8")

    for rule in REASONS:
        assert f'"{rule}"' in text


# --- several at once, and nothing recorded


def test_every_fault_of_an_entry_is_told_at_once() -> None:
    """An editor who mends one should not be told of the next only then."""
    reasons = refused(
        mint(),
        unit("new", parent="nowhere"),
        appointed("nobody", "gone"),
        {"kind": "annulled", "target": "nothing", "reason": "x"},
        post("assay"),
        appointed("bob", "warden", tenure="ann-1"),
    )

    assert sorted((reason.change or 0, reason.rule) for reason in reasons) == [
        (1, "unknown-id"),
        (2, "unknown-id"),
        (2, "unknown-id"),
        (3, "unknown-target"),
        (4, "id-of-another-kind"),
        (5, "tenure-taken"),
    ]


def test_every_undated_change_is_told() -> None:
    """Each with its number."""
    reasons = refused(mint(), unit("a"), unit("b"), effective=None)

    assert [(reason.rule, reason.change) for reason in reasons] == [("no-effective", 1), ("no-effective", 2)]


def test_a_fault_is_told_once() -> None:
    """Not twice because the change both introduces and mentions the id."""
    reasons = refused(mint(), post("assay"))

    assert len(reasons) == len(set(reasons)) == 1


def test_of_a_refused_entry_nothing_is_stored() -> None:
    """An entry is atomic: its sound changes go down with the bad one."""
    with open_sqlite(":memory:") as log:
        registers = Registers(log, lambda: NOON)
        registers.record("mint", entry_from(FOUNDING, "test"), "test")
        before = registers.head("mint")

        bad = {"entry": "bad", "effective": "2005-05-05", "changes": [unit("new"), abolished("nowhere")]}

        with pytest.raises(EntryRefused):
            registers.record("mint", entry_from(bad, "test"), "test")

        assert registers.head("mint") == before
        assert "new" not in registers.view("mint").world.kinds
        # and its id is free for the mended entry
        good = {"entry": "bad", "effective": "2005-05-05", "changes": [unit("new")]}
        assert registers.record("mint", entry_from(good, "test"), "test").new


def test_deciding_changes_nothing() -> None:
    """Pure: the same question twice has the same answer."""
    history = mint()
    asked = FoldedHistory("mint", history.rows)
    entry = entry_from({"entry": "x", "effective": "2005-05-05", "changes": [unit("new")]}, "test")

    assert decide(asked, entry, "a") == decide(asked, entry, "a")
    assert asked.entry("x") == ()


# --- the same entry again


def again(history: History, data: Written, by: str = "somebody else") -> bool:
    """Whether an entry stands in the record with this content."""
    return recorded_already(FoldedHistory("mint", history.rows), entry_from(data, "test"), by)


BASE: Written = {
    "entry": "e9",
    "effective": "2005-05-05",
    "sources": [{"source": "gazette"}],
    "changes": [abolished("assay"), appointed("bob", "warden")],
}


def test_the_same_entry_again_is_no_news_whoever_records_it() -> None:
    """A second import of a folder does nothing."""
    history = mint()
    assert not again(history, BASE)
    history.entry(BASE)
    rows = list(history.rows)

    assert again(history, BASE)
    assert history.entry(BASE).rows == rows


SAME: dict[str, Callable[[Written], Written]] = {
    "a default written out": lambda e: {
        **e,
        "changes": [e["changes"][0], {**e["changes"][1], "reappointed": False, "basis": "stated"}],
    },
    "a certainty written out": lambda e: {**e, "sources": [{"source": "gazette", "certainty": "medium"}]},
    "sources written at the changes": lambda e: {
        **{name: value for name, value in e.items() if name != "sources"},
        "changes": [{**change, "sources": e["sources"]} for change in e["changes"]],
    },
    "another order of keys": lambda e: dict(reversed(e.items())),
    "an empty note": lambda e: {**e, "changes": [{**change, "note": None} for change in e["changes"]]},
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_content_is_compared_after_defaults(change: Callable[[Written], Written]) -> None:
    """What means the same is the same entry, however it is written."""
    assert again(mint().entry(BASE), change(BASE))


def test_a_day_written_at_the_changes_is_the_entrys_day() -> None:
    """The same day of effect, the same basis: it means the same."""
    written = {
        **{name: value for name, value in BASE.items() if name != "effective"},
        "changes": [{**change, "effective": BASE["effective"]} for change in BASE["changes"]],
    }

    assert again(mint().entry(BASE), written)


OTHER: dict[str, Callable[[Written], Written]] = {
    "another day": lambda e: {**e, "effective": "2005-05-06"},
    "the same day less well known": lambda e: {**e, "effective": "2005-05-05~"},
    "a change less": lambda e: {**e, "changes": e["changes"][:1]},
    "a change more": lambda e: {**e, "changes": [*e["changes"], unit("new")]},
    "another order": lambda e: {**e, "changes": e["changes"][::-1]},
    "another source": lambda e: {**e, "sources": [{"source": "almanac"}]},
    "a note": lambda e: {**e, "changes": [{**change, "note": "hm"} for change in e["changes"]]},
    "an instrument": lambda e: {**e, "instrument": {"kind": "decree"}},
    "a cited instrument": lambda e: {**e, "instrument": "D2"},
    "no day at all": lambda e: {**e, "effective": None},
}


@pytest.mark.parametrize("change", OTHER.values(), ids=OTHER)
def test_an_entry_id_with_other_content_is_refused(change: Callable[[Written], Written]) -> None:
    """The log is never rewritten: record a correction instead."""
    history = mint().entry(BASE)
    rows = list(history.rows)

    with pytest.raises(EntryDiffers, match="'e9'") as refusal:
        history.entry(change(BASE))

    assert refusal.value.entry == "e9"
    assert history.rows == rows


def test_an_entry_that_cites_a_corrected_instrument_is_still_the_same() -> None:
    """Re-import after a correction of the decree's day is a no-op too."""
    history = mint().on(None, unit("new"), by="note", instrument="D2")
    issued = {"kind": "instrument-issued", "instrument": "D2", "instrument_kind": "decree", "signed": "2002-02-09"}
    history.on(None, {"kind": "corrected", "target": "decree-2#0", "change": issued, "reason": "misprint"})

    assert again(history, {"entry": "note", "effective": None, "changes": [unit("new")], "instrument": "D2"})
