"""What an entry makes known by declaring the record complete: what is told with it, and would not be without."""

from __future__ import annotations

from typing import Any

import pytest

from domain.acts import Known
from projections.histories import entry_history
from projections.structure import Answer
from tests.history import History, appointed, post, released, unit


def covered(since: str, until: str, **scope: Any) -> dict[str, Any]:
    """The record of *scope* is complete from one day to another."""
    return {"kind": "coverage-declared", "scope": scope, "from": since, "until": until}


def made_known(history: History, entry: str = "complete") -> Answer:
    """What the first change of *entry* makes known."""
    told: Answer = entry_history(history.world(), Known(history.rows), "mint", entry)["covers"][f"{entry}#1"]
    return told


def rows(told: Answer, **subject: str) -> dict[str, list[tuple[Any, ...]]]:
    """Fact → (from, until, before, after) of each row about a thing."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in told["changes"]:
        if subject.items() <= row["subject"].items():
            found.setdefault(row["fact"], []).append((row["from"], row["until"], row["before"], row["after"]))
    return found


@pytest.fixture
def history() -> History:
    """Departments `u` and `v` under the mint, `deep` under `u`, and a warden, since 2005."""
    return History().on("2005-01-01", unit("u"), unit("v"), unit("deep", parent="u"), post("warden"), by="start")


def test_a_unit_is_certain_until_the_last_day_covered_and_was_presumed(history: History) -> None:
    """The eve of the coverage is certain either way; its last day is the last that is certain."""
    history.on(None, covered("2005-01-02", "2008-12-31", parent="mint"), by="complete")

    told = made_known(history)

    assert (told["scope"], told["from"], told["until"]) == ({"parent": "mint"}, "2005-01-02", "2008-12-31")
    expected = {
        "evidence": [(None, None, "2005-01-01", "2008-12-31")],
        "grade": [("2005-01-02", "2009-01-01", "presumed", "certain")],
    }
    assert rows(told, unit="u") == rows(told, unit="v") == expected
    assert [history.grade("u", on) for on in ("2005-01-01", "2008-12-31", "2009-01-01")] == [
        *("certain", "certain", "presumed"),
    ]


def test_what_the_scope_does_not_hold_is_not_told_but_what_it_hangs_on(history: History) -> None:
    """A unit deeper down is no part of it; the parent is shown by those under it."""
    history.on(None, covered("2005-01-02", "2008-12-31", parent="mint"), by="complete")

    told = made_known(history)

    assert not rows(told, unit="deep")
    assert rows(told, unit="mint")["grade"] == [("2005-01-02", "2009-01-01", "presumed", "certain")]


def test_a_post_is_vacant_and_not_unknown_between_two_holders(history: History) -> None:
    """From the first day covered until the successor; on the eve of it nobody knows."""
    history.on("2005-01-01", appointed("ann", "warden"), by="ann")
    history.on("2006-01-01", released("ann", "warden"), by="gone")
    history.on("2007-01-01", appointed("bob", "warden"), by="bob")
    history.on(None, covered("2006-03-01", "2006-12-31", post="warden"), by="complete")

    told = made_known(history)

    assert rows(told, post="warden") == {"vacancy": [("2006-03-01", "2007-01-01", "unknown", "vacant")]}
    days = ("2006-02-28", "2006-03-01", "2006-12-31", "2007-01-01")
    assert [history.structure(on)["posts"]["warden"]["vacancy"] for on in days] == [
        *("unknown", "vacant", "vacant", "filled"),
    ]


def test_a_holder_is_certain_until_the_last_day_and_the_post_with_him(history: History) -> None:
    """Complete records without a release say that she went on; they say it of the post that she held."""
    history.on("2005-01-01", appointed("ann", "warden"), by="ann")
    history.on(None, covered("2005-01-01", "2006-12-31", post="warden"), by="complete")

    told = made_known(history)

    certain = [("2005-01-02", "2007-01-01", "presumed", "certain")]
    assert rows(told, person="ann", tenure="ann#1")["grade"] == certain
    assert {row["fact"] for row in told["changes"]} == {"evidence", "grade"}
    assert [row for row in rows(told, post="warden")["grade"] if row in certain] == certain * 2


def test_a_relation_is_carried_on_with_both_its_ends(history: History) -> None:
    """Who stands in it stands."""
    relation = {"subject": "u", "relation": "supports", "object": "v"}
    history.on("2005-01-01", {"kind": "relation-started", **relation}, by="relation")
    history.on(None, covered("2005-01-02", "2005-12-31", relation="supports", object="v"), by="complete")

    told = made_known(history)

    certain = [("2005-01-02", "2006-01-01", "presumed", "certain")]
    assert rows(told, relation="u|supports|v")["grade"] == certain
    assert rows(told, unit="u")["grade"] == rows(told, unit="v")["grade"] == certain


def test_coverage_of_what_is_shown_anyway_makes_nothing_known(history: History) -> None:
    """An attestation of its last day shows the same; of two declarations alike neither tells more than the other."""
    history.on("2008-12-31", *({"kind": "unit-attested", "unit": name} for name in ("u", "v")), by="almanac")
    history.on(None, covered("2005-01-02", "2008-12-31", parent="mint"), by="complete")
    history.on("2005-01-02", post("clerk", of="v"), by="clerk")
    for name in ("once", "twice"):
        history.on(None, covered("2005-01-02", "2007-01-01", post="clerk"), by=name)

    assert made_known(history)["changes"] == []
    assert made_known(history, "once")["changes"] == made_known(history, "twice")["changes"] == []


def test_only_what_reads_as_coverage_now_is_told(history: History) -> None:
    """Corrected it covers other days, annulled none; an entry without it has nothing to tell."""
    history.on(None, covered("2005-01-02", "2008-12-31", parent="mint"), by="complete")
    later = covered("2005-01-02", "2006-12-31", parent="mint")
    history.on(None, {"kind": "corrected", "target": "complete#1", "reason": "misread", "change": later}, by="fix")

    told = made_known(history)

    assert told["until"] == "2006-12-31"
    assert rows(told, unit="u")["grade"] == [("2005-01-02", "2007-01-01", "presumed", "certain")]
    history.on(None, {"kind": "annulled", "target": "fix#1", "reason": "right at first"}, by="undone")
    assert made_known(history)["until"] == "2008-12-31"
    history.on(None, {"kind": "annulled", "target": "complete", "reason": "not so"}, by="gone")
    known = Known(history.rows)
    assert entry_history(history.world(), known, "mint", "complete")["covers"] == {}
    assert entry_history(history.world(), known, "mint", "start")["covers"] == {}
