"""Claimed numbers of holders over HTTP, against those the record has, with the people behind them."""

from __future__ import annotations

from typing import Any

import pytest

from api import schemas
from tests.api.conftest import Server, refusal
from tests.api.test_http_reading import whole

PEOPLE: dict[str, Any] = {
    "entry": "people",
    "changes": [
        {"kind": "person-registered", "person": "bob", "name": {"en": "Bob", "ru": "Боб"}},
        {"kind": "person-registered", "person": "cat", "name": {"en": "Cat"}},
        {"kind": "post-created", "post": "clerk", "unit": "mint", "title": {"en": "Clerk"}, "effective": "1803-01-01"},
        *(
            {"kind": "appointed", "person": p, "post": post, "capacity": "substantive", "effective": day}
            for p, post, day in (
                ("bob", "warden", "1805-01-01"),
                ("cat", "warden", "1808-01-01"),
                ("ann", "clerk", "1806-01-01"),
            )
        ),
        {"kind": "released", "person": "cat", "post": "warden", "effective": "1810-01-01"},
    ],
}


def claimed(value: int, during: str = "1804-01-01/1809-12-31", **of: str) -> dict[str, Any]:
    """A claim that so many held a post, or posts of a unit."""
    of = of or {"post": "warden"}
    return {"kind": "count-claimed", "what": "wardens", "during": during, "value": value, "claimant": "Almanac", **of}


def counts(server: Server, *claims: dict[str, Any], **query: Any) -> Any:
    """What /counts says of *claims*, once they are recorded."""
    assert server.record(PEOPLE).status_code == 201
    if claims:
        source = [{"source": "almanac", "locator": "p. 3"}]
        entry = {"entry": "almanac", "effective": "1812", "sources": source, "changes": list(claims)}
        assert server.record(entry).status_code == 201
    answer = server.get("/counts", **query)
    whole(schemas.CountsAnswer, answer)
    return answer


def test_a_claim_stands_beside_those_who_held_began_and_ended(mint: Server) -> None:
    """Three ways of counting, each with the persons and their tenures: a reader can see which was meant."""
    # when
    answer = counts(mint, claimed(3))

    # then
    (event, count), *others = answer["counts"].items()
    assert (event, others) == ("almanac#1", [])
    assert (count["what"], count["post"], count["unit"], count["claimed"], count["claimant"]) == (
        "wardens",
        "warden",
        None,
        3,
        "Almanac",
    )
    assert count["during"] == "1804-01-01/1809-12-31"
    assert count["held"] == {
        "count": 3,
        "persons": {
            "ann": {"name": {"en": "Ann"}, "tenures": ["founding#6"]},
            "bob": {"name": {"en": "Bob", "ru": "Боб"}, "tenures": ["people#4"]},
            "cat": {"name": {"en": "Cat"}, "tenures": ["people#5"]},
        },
    }
    assert (list(count["began"]["persons"]), list(count["ended"]["persons"])) == (["bob", "cat"], ["ann", "bob"])
    assert (count["fits"], count["mismatch"]) == (["held"], False)
    assert (count["cause"]["event"], count["cause"]["sources"][0]["locator"]) == ("almanac#1", "p. 3")


@pytest.mark.parametrize(("value", "fits"), [(0, []), (1, []), (2, ["began", "ended"]), (3, ["held"]), (4, [])])
def test_a_claim_that_fits_none_of_them_is_a_mismatch_and_a_finding(mint: Server, value: int, fits: list[str]) -> None:
    """Two answers about one thing agree: /counts and the rule count-mismatch."""
    (count,) = counts(mint, claimed(value))["counts"].values()

    found = [row for row in mint.get("/findings")["findings"] if row["rule"] == "count-mismatch"]

    assert (count["fits"], count["mismatch"]) == (fits, not fits)
    assert [row["events"] for row in found] == ([] if fits else [["almanac#1"]])


@pytest.mark.parametrize(
    ("during", "held", "began", "ended"),
    [
        ("1805-01-01", ["bob"], ["bob"], ["ann"]),
        ("1804-12-31", ["ann"], [], ["ann"]),
        ("1810-01-01", [], [], ["cat"]),
        ("1809-12-31", ["cat"], [], []),
        ("1801", [], [], []),
    ],
)
def test_the_first_day_is_counted_and_the_end_day_is_not(
    mint: Server, during: str, held: list[str], began: list[str], ended: list[str]
) -> None:
    """The hand-over day belongs to the successor; a term that no source ends may have ended before it."""
    (count,) = counts(mint, claimed(1, during))["counts"].values()

    assert [list(count[way]["persons"]) for way in ("held", "began", "ended")] == [held, began, ended]


def test_a_count_of_a_unit_is_of_the_holders_of_its_posts(mint: Server) -> None:
    """A person in two of its posts is one person with two tenures."""
    (count,) = counts(mint, claimed(3, unit="mint"))["counts"].values()

    assert (count["post"], count["unit"]) == (None, "mint")
    assert count["held"]["persons"]["ann"]["tenures"] == ["founding#6", "people#6"]
    assert count["held"]["count"] == 3


def test_without_claims_there_are_no_counts(mint: Server) -> None:
    """An empty object, not an error."""
    assert counts(mint)["counts"] == {}


def test_counts_are_as_known_then(mint: Server) -> None:
    """The claim was recorded last; a correction of it counts from its own position on."""
    counts(mint, claimed(9))
    known = mint.log.head("mint").position
    correction = {"kind": "corrected", "target": "almanac#1", "change": claimed(3), "reason": "misprint"}
    assert mint.record({"entry": "errata", "changes": [correction]}).status_code == 201

    now = mint.get("/counts")
    then, before = (mint.get("/counts", known_at=position) for position in (known, 10))

    assert [(c["claimed"], c["mismatch"]) for c in now["counts"].values()] == [(3, False)]
    assert now["counts"]["almanac#1"]["cause"]["corrected_by"] == "errata#1"
    assert [(c["claimed"], c["mismatch"]) for c in then["counts"].values()] == [(9, True)]
    assert (before["counts"], before["known_at"]["position"]) == ({}, 10)


def test_counts_are_a_question_like_the_others(mint: Server) -> None:
    """304, HEAD, instants, and refusals as problem documents."""
    address = "/v1/institutions/mint/counts"
    first = mint.client.get(address)

    assert first.headers["cache-control"] == "no-cache"
    assert mint.client.get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert mint.client.head(address).status_code == 200
    assert mint.get("/counts", known_at="2024-05-24T12:30:00Z")["known_at"]["position"] == 7
    assert mint.refused("/counts", known_at="11")[:2] == (422, "not-known-yet")
    assert refusal(mint.client.get("/v1/institutions/none/counts"))[:2] == (404, "unknown-institution")
    assert mint.client.post(address).headers["allow"] == "GET, HEAD, OPTIONS"
