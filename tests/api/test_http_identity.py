"""One thing under several ids: the first lives on, the others lead to it, until the unification is annulled."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from api import schemas
from tests.api.conftest import Server, refusal
from tests.api.test_http_reading import whole

BASE = "/v1/institutions/mint"
DOUBLES: dict[str, Any] = {
    "entry": "doubles",
    "effective": "1805-01-01",
    "changes": [
        {"kind": "unit-established", "unit": "coinage", "name": {"en": "Coinage"}, "parent": "treasury"},
        {"kind": "post-created", "post": "keeper", "unit": "coinage", "title": {"en": "Keeper"}, "seats": 1},
        {"kind": "person-registered", "person": "anne", "name": {"en": "Anne"}},
        {"kind": "appointed", "person": "anne", "post": "keeper", "capacity": "substantive"},
    ],
}
UNIFIED: dict[str, Any] = {
    "entry": "unified",
    "changes": [
        {"kind": "identities-unified", "ids": ["mint", "coinage"], "reason": "one office, two registers"},
        {"kind": "identities-unified", "ids": ["warden", "keeper"], "reason": "one post"},
        {"kind": "identities-unified", "ids": ["ann", "anne"], "reason": "one person"},
    ],
}
OTHERS = [("units", "coinage", "mint"), ("posts", "keeper", "warden"), ("persons", "anne", "ann")]
ANSWERS: dict[str, type[BaseModel]] = {
    "units": schemas.UnitAnswer,
    "posts": schemas.PostAnswer,
    "persons": schemas.PersonAnswer,
}


@pytest.fixture
def unified(mint: Server) -> Server:
    """The mint, with doubles at positions 11 to 14 that are unified at 15 to 17, an hour apart."""
    for entry in (DOUBLES, UNIFIED):
        mint.clock.pass_(hours=1)
        assert mint.record(entry).status_code == 201
    return mint


@pytest.mark.parametrize(("kind", "other", "first"), OTHERS)
def test_another_id_leads_to_the_first(unified: Server, kind: str, other: str, first: str) -> None:
    """308: an old citation still finds the thing, for good and with the same method."""
    answer = unified.client.get(f"{BASE}/{kind}/{other}")

    status, slug, document = refusal(answer)
    assert (status, slug) == (308, "now-called")
    assert answer.headers["location"] == f"{BASE}/{kind}/{first}"
    assert answer.headers["cache-control"] == "no-store"
    schemas.Problem.model_validate(document, extra="forbid")
    assert document["detail"]


@pytest.mark.parametrize(("kind", "other", "first"), OTHERS)
@pytest.mark.parametrize("query", ["known_at=17", "known_at=2024-05-24T15:00:00%2B00:00", "known_at=17&x=%D0%BC"])
def test_the_question_goes_with_it(unified: Server, kind: str, other: str, first: str, query: str) -> None:
    """Who asks as known at an instant is not sent to the present."""
    answer = unified.client.get(f"{BASE}/{kind}/{other}?{query}")

    assert answer.headers["location"] == f"{BASE}/{kind}/{first}?{query}"
    assert unified.client.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(("kind", "other", "first"), OTHERS)
def test_a_client_that_follows_gets_the_whole_history(unified: Server, kind: str, other: str, first: str) -> None:
    """What was recorded under either id is told under the first."""
    answer = unified.client.get(f"{BASE}/{kind}/{other}", follow_redirects=True)

    assert answer.status_code == 200
    assert answer.json()["id"] == first
    whole(ANSWERS[kind], answer.json())
    assert answer.json() == unified.get(f"/{kind}/{first}")


def test_what_was_said_of_either_is_said_of_the_first(unified: Server) -> None:
    """The career of one woman, in one post of one unit."""
    career = unified.get("/persons/ann")["career"]
    structure = unified.get("/structure", as_of="1806-01-01")

    assert {tenure["post"] for tenure in career} == {"warden"}
    assert {"coinage", "keeper"} & {*structure["units"], *structure["posts"]} == set()
    assert {holder["person"] for holder in structure["posts"]["warden"]["holders"].values()} == {"ann"}


@pytest.mark.parametrize(("kind", "other", "first"), OTHERS)
def test_head_and_conditions_lead_on_too(unified: Server, kind: str, other: str, first: str) -> None:
    """A star matches nothing here, for nothing is here any more."""
    head = unified.client.head(f"{BASE}/{kind}/{other}")
    star = unified.client.get(f"{BASE}/{kind}/{other}", headers={"If-None-Match": "*"})

    assert (head.status_code, head.content) == (308, b"")
    assert head.headers["location"] == f"{BASE}/{kind}/{first}"
    assert star.status_code == 308


@pytest.mark.parametrize(("kind", "other", "first"), OTHERS)
@pytest.mark.parametrize("known_at", ["14", "15", "2024-05-24T14:59:59Z"])
def test_before_the_unification_was_known_there_were_two(
    unified: Server, kind: str, other: str, first: str, known_at: str
) -> None:
    """An answer that was cited then is given again, under the id it was cited by."""
    old = unified.get(f"/{kind}/{other}", known_at=known_at)

    assert old["id"] == other
    assert old["known_at"]["position"] == 14
    assert unified.get(f"/{kind}/{first}", known_at=known_at)["id"] == first


def test_an_annulled_unification_is_undone(unified: Server) -> None:
    """They were two people after all; the other two pairs stay one."""
    annulled = {"kind": "annulled", "target": "unified#3", "reason": "Anne was her sister"}
    assert unified.record({"entry": "undone", "changes": [annulled]}).status_code == 201

    assert unified.get("/persons/anne")["name"] == {"en": "Anne"}
    assert len(unified.get("/persons/anne")["career"]) == 1
    assert unified.client.get(f"{BASE}/units/coinage").status_code == 308
    assert unified.client.get(f"{BASE}/persons/anne?known_at=17").status_code == 308


def test_an_annulled_entry_undoes_all_its_unifications(unified: Server) -> None:
    """`ENTRY` without a number is all of it."""
    annulled = {"kind": "annulled", "target": "unified", "reason": "rash"}
    assert unified.record({"entry": "undone", "changes": [annulled]}).status_code == 201

    for kind, other, _ in OTHERS:
        assert unified.get(f"/{kind}/{other}")["id"] == other


def test_a_chain_of_ids_leads_to_the_last_first(unified: Server) -> None:
    """One step, not a walk from id to id."""
    more = {
        "entry": "more",
        "changes": [
            {"kind": "person-registered", "person": "hannah", "name": {"en": "Hannah"}},
            {"kind": "identities-unified", "ids": ["hannah", "ann"], "reason": "one person"},
        ],
    }
    assert unified.record(more).status_code == 201

    for other in ("ann", "anne"):
        assert unified.client.get(f"{BASE}/persons/{other}").headers["location"] == f"{BASE}/persons/hannah"


def test_a_new_entry_may_still_use_the_other_id(unified: Server) -> None:
    """Sources do not know of the unification; what they say of either is said of the one."""
    renamed = {"kind": "unit-renamed", "unit": "coinage", "name": {"en": "Royal Mint"}}
    assert unified.record({"entry": "renamed", "effective": "1820-01-01", "changes": [renamed]}).status_code == 201

    assert unified.get("/structure", as_of="1820-01-01")["units"]["mint"]["name"] == {"en": "Royal Mint"}


def test_a_unification_is_learned_and_patched(unified: Server) -> None:
    """What stood twice stands once: the rows and the patch of the difference in knowledge say so."""
    query: dict[str, Any] = {"as_of": "1806-01-01", "known_from": 14, "known_to": 17}
    answer = unified.get("/diff", **query)
    whole(schemas.LearnedAnswer, answer)

    assert answer["ended"] == ["coinage"]
    assert {row["cause"]["entry"] for row in answer["changes"]} == {"unified"}
    patch = unified.client.get(f"{BASE}/diff", params=query, headers={"Accept": "application/json-patch+json"})
    assert {"op": "remove", "path": "/units/coinage"} in patch.json()


def test_ids_of_different_kinds_are_not_one_thing(mint: Server) -> None:
    """A person is no post; and nobody is unified with a stranger."""

    def rule(*ids: str) -> str:
        change = {"kind": "identities-unified", "ids": ids, "reason": "x"}
        *_, document = refusal(mint.record({"entry": "odd", "changes": [change]}))
        return str(document["reasons"][0]["rule"])

    assert (rule("ann", "warden"), rule("ann", "anne")) == ("id-of-another-kind", "unknown-id")


@pytest.mark.parametrize(("kind", "other"), [("posts", "coinage"), ("persons", "keeper"), ("units", "anne")])
def test_another_id_leads_nowhere_among_things_of_another_kind(unified: Server, kind: str, other: str) -> None:
    """A redirect to an address that answers 404 is no answer."""
    assert refusal(unified.client.get(f"{BASE}/{kind}/{other}"))[:2] == (404, "unknown-thing")


@pytest.mark.parametrize("address", ["/units/{unit}", "/posts/{post}", "/persons/{person}"])
def test_the_redirect_is_described(unified: Server, address: str) -> None:
    """A client made from the description expects it."""
    paths = unified.client.get("/openapi.json").json()["paths"]

    assert "308" in paths[f"/v1/institutions/{{institution}}{address}"]["get"]["responses"]
