"""Refusals of names: each rule with an entry that breaks it, and a neighbour that is accepted."""

from __future__ import annotations

import pytest

from tests.domain.deciding import RELATION, Written, mint, reason_of, refused
from tests.history import abolished, appointed, post, released, unit

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
