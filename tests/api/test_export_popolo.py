"""Popolo: valid under its own schemas, plain dates where they are plain, and every loss listed that there is."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from api.formats.exported import Exported
from api.formats.popolo import popolo
from domain.dates import day
from projections.structure import structure
from tests.api.kz_eo import DAYS, exported, kz_eo
from tests.api.popolo_schemas import faults, validators
from tests.history import History, abolished, appointed, post, released, unit


@cache
def document(as_of: str | None = None) -> dict[str, Any]:
    """The register kz-eo."""
    return read(exported("popolo", as_of))


def read(told: Exported) -> dict[str, Any]:
    """The one file of an export."""
    (text,) = popolo(told).values()
    found: dict[str, Any] = json.loads(text)
    return found


def told(history: History, as_of: str | None = None) -> dict[str, Any]:
    """A register in the making, exported."""
    return read(Exported(history.view(), "popolo", day(as_of) if as_of else None))


def losses(document: dict[str, Any]) -> dict[str, list[str]]:
    """What is lost, each with where."""
    return {loss["what"]: loss["where"] for loss in document["regesta"]["losses"]}


@pytest.mark.needs("standards")
@pytest.mark.parametrize("as_of", [None, *DAYS])
def test_every_object_is_valid_under_the_schemas_of_popolo(as_of: str | None) -> None:
    """All organizations, posts, persons and memberships of kz-eo."""
    assert [*faults(document(as_of))] == []


@pytest.mark.needs("standards")
def test_the_schemas_do_refuse() -> None:
    """A validator that passes everything would prove nothing."""
    assert [*validators()["membership"].iter_errors({"start_date": "2022-01~"})]
    assert [*validators()["organization"].iter_errors({"other_names": [{"name": 7}]})]


@pytest.mark.parametrize("as_of", DAYS)
def test_what_stands_on_a_day_is_what_the_structure_shows(as_of: str) -> None:
    """The same units, posts and holders, as sure."""
    said, shown = document(as_of), structure(kz_eo().world, day(as_of))

    units = {one["id"]: standing(one["regesta"]["lives"]) for one in said["organizations"]}
    posts = {one["id"]: standing(one["regesta"]["lives"]) for one in said["posts"]}
    held = {one["id"]: standing([one["regesta"]]) for one in said["memberships"] if posts.get(one["post_id"])}
    assert only(units) == {unit: answer["grade"] for unit, answer in shown["units"].items()}
    assert only(posts) == {post: answer["grade"] for post, answer in shown["posts"].items()}
    assert only(held) == {
        tenure: answer["grade"] for post in shown["posts"].values() for tenure, answer in post["holders"].items()
    }
    for one in said["organizations"]:
        if units[one["id"]]:
            assert one["name"] in shown["units"][one["id"]]["name"].values()
            assert one["parent_id"] == shown["units"][one["id"]]["parent"]


def standing(lives: list[dict[str, Any]]) -> str | None:
    """How surely one of the lives stands."""
    grades = [life["grade"] for life in lives if life["grade"] not in (None, "unattested")]
    return min(grades, key=["certain", "presumed", "possible"].index, default=None)


def only(grades: dict[str, str | None]) -> dict[str, str]:
    """Those that stand."""
    return {name: grade for name, grade in grades.items() if grade}


@pytest.mark.parametrize("as_of", [None, *DAYS, "1991-06-01", "2014-06-01", "2019-06-01"])
def test_whatever_is_named_is_there(as_of: str | None) -> None:
    """Persons, posts and organizations: a post of 1991 names a unit that began in 1995, told without a grade."""
    said = document(as_of)
    ids = {kind: {one["id"] for one in said[kind]} for kind in ("organizations", "posts", "persons")}

    assert {one["parent_id"] for one in said["organizations"]} - {None} <= ids["organizations"]
    assert {one["organization_id"] for one in said["posts"]} - {None} <= ids["organizations"]
    for member, kind in (("person_id", "persons"), ("post_id", "posts"), ("organization_id", "organizations")):
        assert {one[member] for one in said["memberships"]} - {None} <= ids[kind]
    if as_of == "1991-06-01":
        (office,) = [one for one in said["organizations"] if one["id"] == "eo"]
        assert [life["grade"] for life in office["regesta"]["lives"]] == [None]
        assert office["founding_date"] == "1995-10-20"


@pytest.mark.parametrize("as_of", [None, *DAYS])
def test_every_date_is_plain_or_kept_and_listed(as_of: str | None) -> None:
    """What Popolo's own members leave out is in the extension, and in the list of losses."""
    said = document(as_of)
    lost = losses(said)
    assert {one["id"] for one in said["memberships"]} >= {*lost["a plain end_date"]} - {
        one["id"] for one in said["posts"]
    }
    for one in said["memberships"]:
        for member, own in (("start_date", "since"), ("end_date", "until")):
            kept = one["regesta"][own]
            assert one[member] in (None, kept)
            assert (kept is not None and one[member] is None) == (one["id"] in lost[f"a plain {member}"])


# --- what is lost, by histories made for it


def test_a_doubtful_day_stands_beside_and_not_in_the_plain_member() -> None:
    """2001-05~ would be refused by Popolo's own schema, and 2001-05 would say more than is known."""
    history = History().on("2000-02-01", post("warden")).on("2001-05~", appointed("ann", "warden"))
    (held,) = told(history)["memberships"]

    assert (held["start_date"], held["regesta"]["since"]) == (None, "2001-05~")
    assert losses(told(history))["a plain start_date"] == ["e2#1"]


def test_a_month_is_a_plain_date() -> None:
    """Popolo takes years and months too."""
    history = History().on("2000-02-01", post("warden")).on("2001-05", appointed("ann", "warden"))

    assert told(history)["memberships"][0]["start_date"] == "2001-05"
    assert "a plain start_date" not in losses(told(history))


def test_an_end_is_the_first_day_on_which_it_holds_no_longer() -> None:
    """Eve and first day: on the eve ann holds the post; on the day of her release it is over."""
    history = (
        History()
        .on("2000-02-01", post("warden"), appointed("ann", "warden"))
        .on("2001-03-01", released("ann", "warden"))
    )

    (eve,), (after,) = told(history, "2001-02-28")["memberships"], told(history, "2001-03-01")["memberships"]

    assert (eve["end_date"], eve["regesta"]["grade"]) == ("2001-03-01", "certain")
    assert (after["end_date"], after["regesta"]["grade"]) == ("2001-03-01", None)


def test_what_begins_after_the_day_is_not_told() -> None:
    """Eve and first day of a unit, and of its new name."""
    history = (
        History()
        .on("2000-02-01", unit("assay"))
        .on("2001-03-01", {"kind": "unit-renamed", "unit": "assay", "name": {"en": "Assay Office"}})
    )

    def name(as_of: str) -> str | None:
        return next((one["name"] for one in told(history, as_of)["organizations"] if one["id"] == "assay"), None)

    assert [name("2000-01-31"), name("2000-02-01")] == [None, "assay"]
    assert [name("2001-02-28"), name("2001-03-01")] == ["assay", "Assay Office"]
    (assay,) = [one for one in told(history)["organizations"] if one["id"] == "assay"]
    assert assay["other_names"] == [
        {"name": "assay", "start_date": "2000-02-01", "end_date": "2001-03-01", "note": "en"}
    ]


def test_another_life_of_an_id_is_kept_and_listed() -> None:
    """An organization of Popolo has one founding and one dissolution."""
    history = (
        History()
        .on("2000-02-01", unit("assay"))
        .on("2001-03-01", abolished("assay"))
        .on("2005-01-01", {"kind": "unit-reinstated", "unit": "assay"})
    )
    said = told(history)
    (assay,) = [one for one in said["organizations"] if one["id"] == "assay"]

    assert (assay["founding_date"], assay["dissolution_date"]) == ("2005-01-01", None)
    assert [(life["since"], life["until"]) for life in assay["regesta"]["lives"]] == [
        ("2000-02-01", "2001-03-01"),
        ("2005-01-01", None),
    ]
    assert losses(said)["dates of another life of the same id"] == ["assay"]


def test_what_popolo_has_no_object_for_is_listed() -> None:
    """Relations, functions, numbers, what somebody says."""
    relation = {"kind": "relation-started", "subject": "assay", "object": "mint", "relation": "supports"}
    function = {"kind": "function-assigned", "holder": "assay", "function": "weigh", "text": {"en": "weighs"}}
    staff = {"kind": "quantity-observed", "subject": "assay", "quantity": "staff", "value": 7}
    history = History().on("2000-02-01", unit("assay"), relation, function, staff)
    lost = losses(told(history))

    assert lost["a relation"] == ["assay|supports|mint"]
    assert lost["a function"] == ["assay|weigh"]
    assert lost["a change of kind quantity-observed"] == ["e1#4"]


def test_what_was_corrected_is_listed() -> None:
    """The document tells how the record reads, and says of what it does not tell how it came to."""
    moved = {"kind": "unit-established", "unit": "assay", "name": {"en": "assay"}, "effective": "2000-03-01"}
    history = (
        History()
        .on("2000-02-01", unit("assay"))
        .on(None, {"kind": "corrected", "target": "e1#1", "change": moved, "reason": "misread"})
    )
    lost = losses(told(history))

    assert lost["a change as it read before its correction"] == ["e1#1"]
    assert lost["a change of kind corrected"] == ["e2#1"]
