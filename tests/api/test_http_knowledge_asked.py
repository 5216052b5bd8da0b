"""Questions of knowledge as they are asked: as a JSON Patch, refused, by instants, and asked again by caches."""

from __future__ import annotations

from typing import Any

import pytest

from api import schemas
from tests.api.conftest import ADDRESSES, Server
from tests.api.learning import AS_PATCH, DIFF, MENDED, RENAMED, entry, learned, recorded
from tests.projections.test_diff_patch import patched

# --- the form of RFC 6902


@pytest.mark.parametrize(("known_from", "known_to"), [(0, 7), (7, 10), (0, 10), (10, 10), (10, 12), (0, 12)])
def test_the_patch_turns_what_was_known_into_what_is(mint: Server, known_from: int, known_to: int) -> None:
    """As between two days: patched, the older structure is the newer."""
    recorded(mint, MENDED, entry("renamed", RENAMED, on="1811-07-01"))
    query: dict[str, Any] = {"as_of": "1811-07-01", "known_from": known_from, "known_to": known_to}
    older, newer = (mint.get("/structure", as_of="1811-07-01", known_at=k) for k in (known_from, known_to))

    answer = mint.client.get(DIFF, params=query, headers=AS_PATCH)

    assert answer.headers["content-type"] == "application/json-patch+json"
    assert answer.headers["vary"] == "Accept"
    parts = ("units", "posts", "relations", "functions", "quantities")
    assert patched(older, answer.json()) == {**older, **{part: newer[part] for part in parts}}


# --- refusals


@pytest.mark.parametrize(
    ("query", "kind", "parameters"),
    [
        ({"as_of": "1811-07-01"}, "invalid-parameters", ["known_from", "known_to"]),
        ({"known_from": "7"}, "invalid-parameters", ["as_of", "known_to"]),
        ({"known_to": "7", "known_from": "0"}, "invalid-parameters", ["as_of"]),
        ({"as_of": "1811-07-01", "known_from": "10", "known_to": "7"}, "invalid-parameters", ["known_from"]),
        (
            {"as_of": "1811-07-01", "known_from": "7", "known_to": "10", "from": "1811-07-01"},
            "invalid-parameters",
            ["from"],
        ),
        ({"known_to": "10", "to": "1811-07-01"}, "invalid-parameters", ["to"]),
        ({"from": "1811-07-01", "to": "1811-07-02", "as_of": "1811-07-01"}, "invalid-parameters", ["from"]),
        ({"as_of": "1811-7-1", "known_from": "7", "known_to": "10"}, "not-a-day", ["as_of"]),
        ({"as_of": "1693526400", "known_from": "7", "known_to": "10"}, "not-a-day", ["as_of"]),
    ],
)
def test_a_question_of_knowledge_that_is_not_whole_is_refused(
    mint: Server, query: dict[str, str], kind: str, parameters: list[str]
) -> None:
    """Each parameter that is missing or too much is named."""
    status, found, document = mint.refused("/diff", **query)

    assert (status, found) == (422, kind)
    assert [fault["parameter"] for fault in document["errors"]] == parameters
    schemas.Problem.model_validate(document, extra="forbid")


@pytest.mark.parametrize(
    ("known_from", "known_to", "kind"),
    [
        ("7", "11", "not-known-yet"),
        ("11", "10", "not-known-yet"),
        ("7", "2124-01-01T00:00:00Z", "not-known-yet"),
        ("head", "10", "not-a-known-at"),
        ("7", "", "not-a-known-at"),
        ("-1", "10", "not-a-known-at"),
        ("2024-05-24", "10", "not-a-known-at"),
    ],
)
def test_known_positions_that_are_none_are_refused(mint: Server, known_from: str, known_to: str, kind: str) -> None:
    """Nothing is known beyond the head, on either side."""
    refused = mint.refused("/diff", as_of="1811-07-01", known_from=known_from, known_to=known_to)

    assert refused[:2] == (422, kind)


def test_known_from_after_known_to_is_refused_by_instants_too(mint: Server) -> None:
    """What is forgotten is no knowledge; two instants of one position are no difference."""
    late, early = "2024-05-24T13:00:00Z", "2024-05-24T12:00:00Z"

    assert mint.refused("/diff", as_of="1811-07-01", known_from=late, known_to=early)[:2] == (
        422,
        "invalid-parameters",
    )
    assert learned(mint, "1811-07-01", "2024-05-24T12:30:00Z", early)["changes"] == []


def test_a_form_that_a_difference_has_not_is_refused(mint: Server) -> None:
    """Of knowledge as of days."""
    query = "?as_of=1811-07-01&known_from=7&known_to=10"

    assert mint.client.get(DIFF + query, headers={"Accept": "text/html"}).status_code == 406


def test_questions_of_knowledge_and_counts_are_described(mint: Server) -> None:
    """One address, two answers, each with its schema."""
    paths = mint.client.get("/openapi.json").json()["paths"]
    diff, counts = (paths[f"/v1/institutions/{{institution}}/{name}"]["get"] for name in ("diff", "counts"))

    answers = diff["responses"]["200"]["content"]
    assert [schema["$ref"].rpartition("/")[2] for schema in answers["application/json"]["schema"]["anyOf"]] == [
        "DiffAnswer",
        "LearnedAnswer",
    ]
    assert answers["application/json-patch+json"]["schema"]["type"] == "array"
    assert {"from", "to", "as_of", "known_from", "known_to", "known_at"} <= {p["name"] for p in diff["parameters"]}
    assert counts["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/CountsAnswer")


@pytest.mark.parametrize("instant", ["2024-05-24T12:30:00Z", "2024-05-24T18:30:00.5+06:00", "2024-05-24t12:59:59z"])
@pytest.mark.parametrize("address", [a for a in ADDRESSES if "mining" not in a and a != "/events"] + ["/counts"])
def test_an_instant_is_a_known_position_for_every_question(mint: Server, address: str, instant: str) -> None:
    """Between the founding and the decree the log ended at position 7."""
    path, _, query = address.partition("?")
    asked = dict(pair.split("=") for pair in query.split("&") if pair)

    by_instant = mint.get(path, **asked, known_at=instant)

    assert by_instant["known_at"]["position"] == 7
    assert by_instant == mint.get(path, **asked, known_at="7")
    assert mint.get(path, **asked, known_at="2024-05-24T13:00:00Z")["known_at"]["position"] == 10


# --- caches


@pytest.mark.parametrize(
    ("known_from", "known_to", "for_ever"),
    [
        ("7", "10", True),
        ("0", "7", True),
        ("2024-05-24T12:00:00Z", "10", False),
        ("7", "2024-05-24T13:00:00Z", False),
        ("2024-05-24T12:00:00Z", "2024-05-24T13:00:00Z", False),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "application/json-patch+json"])
def test_only_two_positions_hold_for_ever(
    mint: Server, known_from: str, known_to: str, for_ever: bool, accept: str
) -> None:
    """An instant is a position only as long as nothing else is recorded in it."""
    query = {"as_of": "1811-07-01", "known_from": known_from, "known_to": known_to}

    answer = mint.client.get(DIFF, params=query, headers={"Accept": accept})

    assert answer.headers["cache-control"] == ("public, max-age=31536000, immutable" if for_ever else "no-cache")


def test_what_the_client_has_is_not_sent_again(mint: Server) -> None:
    """304 while both positions mean the same; each question has a tag of its own."""
    query = "?as_of=1811-07-01&known_from=2024-05-24T12:30:00Z&known_to=2024-05-24T13:00:00Z"
    first = mint.client.get(DIFF + query)

    again = mint.client.get(DIFF + query, headers={"If-None-Match": first.headers["etag"]})
    patch = mint.client.get(DIFF + query, headers={**AS_PATCH, "If-None-Match": first.headers["etag"]})
    other = mint.client.get(f"{DIFF}?as_of=1811-07-01&known_from=0&known_to=10")
    days = mint.client.get(f"{DIFF}?from=1811-06-30&to=1811-07-01")
    recorded(mint, MENDED)
    later = mint.client.get(DIFF + query, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert patch.status_code == 200
    assert len({answer.headers["etag"] for answer in (first, patch, other, days)}) == 4
    assert later.status_code == 304


def test_two_entries_of_one_instant_are_both_known_at_it(mint: Server) -> None:
    """So the answer for an instant may grow, and has another tag then."""
    instant = mint.clock().isoformat()
    query = {"as_of": "1811-07-01", "known_from": "7", "known_to": instant}
    first = mint.client.get(DIFF, params=query)

    assert mint.record(MENDED).status_code == 201
    second = mint.client.get(DIFF, params=query, headers={"If-None-Match": first.headers["etag"]})

    assert second.status_code == 200
    assert [row["kind"] for row in second.json()["changes"]] == ["unit-established"]
