"""What caches may keep: strong tags, 304, and which answers hold for ever."""

from __future__ import annotations

import pytest

from tests.api.conftest import ADDRESSES, Server

BASE = "/v1/institutions/mint"
RENAMED = {
    "entry": "renamed",
    "effective": "1820-01-01",
    "changes": [{"kind": "unit-renamed", "unit": "mint", "name": {"en": "Royal Mint"}}],
}


@pytest.mark.parametrize("address", [f"{BASE}{address}" for address in ADDRESSES] + ["/v1/institutions"])
def test_an_answer_the_client_has_is_not_sent_again(mint: Server, address: str) -> None:
    """RFC 9110, section 13.1.2: exact, in a list, weak; and not once the log has grown."""
    first = mint.client.get(address)
    tag = first.headers["etag"]
    assert tag.startswith('"')

    for sent in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = mint.client.get(address, headers={"If-None-Match": sent})
        assert (again.status_code, again.content) == (304, b"")
        for name in ("etag", "cache-control", "vary", "link"):
            assert again.headers.get(name) == first.headers.get(name)
    assert mint.client.head(address, headers={"If-None-Match": tag}).status_code == 304
    assert mint.client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200

    assert mint.record(RENAMED).status_code == 201
    grown = mint.client.get(address, headers={"If-None-Match": tag})
    assert grown.status_code == 200
    assert grown.headers["etag"] != tag


def test_a_star_matches_nothing_that_is_not_there(mint: Server) -> None:
    """304 for what never was would make a client believe in it."""
    assert mint.client.get(f"{BASE}/units/none", headers={"If-None-Match": "*"}).status_code == 404


def test_each_question_has_a_tag_of_its_own(mint: Server) -> None:
    """Another day, grade, position, thing or form is another answer."""
    asked = [
        f"{BASE}/structure?as_of=1811-07-01",
        f"{BASE}/structure?as_of=1811-07-02",
        f"{BASE}/structure?as_of=1811-07-01&grade=certain",
        f"{BASE}/structure?as_of=1811-07-01&known_at=7",
        f"{BASE}/diff?from=1811-06-30&to=1811-07-01",
        f"{BASE}/diff?to=1811-06-30&from=1811-07-01",
        f"{BASE}/units/mint",
        f"{BASE}/units/mining",
        f"{BASE}/events?limit=3",
    ]
    tags = [mint.client.get(address).headers["etag"] for address in asked]
    as_patch = mint.client.get(asked[4], headers={"Accept": "application/json-patch+json"})

    assert len({*tags, as_patch.headers["etag"]}) == len(asked) + 1


def test_the_order_of_parameters_is_not_part_of_the_question(mint: Server) -> None:
    """One answer, one tag."""
    one = mint.client.get(f"{BASE}/structure?as_of=1811-07-01&grade=certain")
    other = mint.client.get(f"{BASE}/structure?grade=certain&as_of=1811-07-01")

    assert one.headers["etag"] == other.headers["etag"]


@pytest.mark.parametrize(
    ("address", "for_ever"),
    [
        ("/structure?as_of=1811-07-01&known_at=7", True),
        ("/structure?as_of=1811-07-01&known_at=9", True),
        ("/diff?from=1811-06-30&to=1811-07-01&known_at=10", True),
        ("/structure?as_of=1811-07-01", False),
        ("/structure?as_of=1811-07-01&known_at=2024-05-24T12:00:00Z", False),
        ("/diff?from=1811-06-30&to=1811-07-01", False),
        ("/units/mint?known_at=7", False),
        ("/events", False),
        ("/findings?known_at=7", False),
    ],
)
def test_only_days_and_position_together_hold_for_ever(mint: Server, address: str, for_ever: bool) -> None:
    """A past day can still be corrected, unless the asker says as known when."""
    cached = mint.client.get(f"{BASE}{address}").headers["cache-control"]

    assert cached == ("public, max-age=31536000, immutable" if for_ever else "no-cache")


def test_refusals_are_not_kept(mint: Server) -> None:
    """What is beyond the head today is known tomorrow."""
    refused = mint.client.get(f"{BASE}/structure?as_of=1811-07-01&known_at=11")

    assert refused.headers["cache-control"] == "no-store"
    assert "etag" not in refused.headers
