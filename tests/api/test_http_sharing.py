"""Pages of other sites: they may read what the server answers to anybody, and nothing else."""

from __future__ import annotations

import pytest

from tests.api.conftest import ADDRESSES, MINING, Server

ELSEWHERE = {"Origin": "https://a-history-of-mints.example"}
ENTRIES = "/v1/institutions/mint/entries"
READ = [f"/v1/institutions/mint{address}" for address in ADDRESSES]


def preflight(server: Server, address: str, method: str, *headers: str) -> dict[str, str]:
    """What a browser is told that asks whether a page may send a request; it must be an answer of success."""
    asked = {**ELSEWHERE, "Access-Control-Request-Method": method}
    if headers:
        asked["Access-Control-Request-Headers"] = ", ".join(headers)
    answer = server.client.options(address, headers=asked)
    assert answer.status_code in (200, 204), answer.text
    assert "access-control-allow-credentials" not in answer.headers
    return dict(answer.headers)


@pytest.mark.parametrize("address", [*READ, "/v1/institutions", "/openapi.json", "/problems", "/problems/head-moved"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_pages_of_any_site_read_every_answer(mint: Server, method: str, address: str) -> None:
    """A notebook in a browser; it sees the headers it needs, and no cookie goes with it."""
    answer = mint.client.request(method, address, headers=ELSEWHERE)

    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    shown = answer.headers["access-control-expose-headers"].split(", ")
    assert {"ETag", "Link", "Location", "Memento-Datetime", "Retry-After"} <= set(shown)
    assert "access-control-allow-credentials" not in answer.headers


def test_one_answer_is_good_for_every_site(mint: Server) -> None:
    """Who asks changes nothing, so that caches need not tell them apart."""
    answers = [mint.client.get(READ[0], headers=headers).headers for headers in ({}, ELSEWHERE)]

    for name in ("access-control-allow-origin", "vary", "etag"):
        assert answers[0].get(name) == answers[1].get(name)
    assert "vary" not in answers[0]


def test_a_refusal_is_read_too(mint: Server) -> None:
    """Who is refused must be able to learn why."""
    answer = mint.client.get("/v1/institutions/mint/units/none", headers=ELSEWHERE)

    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (404, "*")


def test_a_browser_that_asks_first_is_let_read(mint: Server) -> None:
    """Accept-Datetime and If-None-Match are headers that it asks about."""
    told = preflight(mint, READ[0], "GET", "accept-datetime", "if-none-match")

    assert told["access-control-allow-origin"] == "*"
    assert set(told["access-control-allow-methods"].split(", ")) == {"GET", "HEAD"}
    assert {"Accept-Datetime", "If-None-Match"} <= set(told["access-control-allow-headers"].split(", "))
    assert int(told["access-control-max-age"]) > 0


@pytest.mark.parametrize(
    ("address", "method", "headers"),
    [
        (ENTRIES, "POST", ["content-type"]),
        (ENTRIES, "POST", ["authorization"]),
        ("/v1/institutions/mint/preview", "POST", []),
        (READ[0], "GET", ["authorization"]),
        (READ[0], "DELETE", []),
        ("/key", "POST", []),
        ("/institutions/mint", "GET", []),
    ],
)
def test_no_other_site_writes_or_uses_a_key(mint: Server, address: str, method: str, headers: list[str]) -> None:
    """The browser is told nothing that would let it."""
    told = preflight(mint, address, method, *headers)

    assert not [name for name in told if name.startswith("access-control-")]
    assert told["allow"].endswith("OPTIONS")


def test_what_another_site_records_it_does_not_see(mint: Server) -> None:
    """Whoever has a key may use it from anywhere; a browser shows the page nothing of what came of it."""
    again = mint.record(MINING, **ELSEWHERE)

    assert again.status_code == 200
    assert not [name for name in again.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("address", ["/", "/institutions/mint", "/institutions/mint/units/mint", "/key", "/docs"])
def test_pages_are_for_those_who_open_them(mint: Server, address: str) -> None:
    """They know their visitor by a cookie."""
    answer = mint.client.get(address, headers=ELSEWHERE)

    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_a_closed_server_shares_nothing(mint: Server) -> None:
    """What only the holders of keys may read no page of another site reads."""
    closed = mint.open(open_to_readers=False)
    answer = closed.get(READ[0], headers={**ELSEWHERE, "Authorization": f"Bearer {mint.secret}"})

    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    ("address", "allow"),
    [
        ("/v1/institutions", "GET, HEAD, OPTIONS"),
        (READ[0], "GET, HEAD, OPTIONS"),
        (ENTRIES, "POST, OPTIONS"),
        ("/v1/institutions/mint/entries/mining", "GET, HEAD, OPTIONS"),
        ("/docs", "GET, HEAD, OPTIONS"),
        ("/docs/assets/swagger-ui.css", "GET, HEAD, OPTIONS"),
        ("/key", "GET, POST, HEAD, OPTIONS"),
    ],
)
def test_options_tells_the_methods_of_an_address(mint: Server, address: str, allow: str) -> None:
    """RFC 9110, section 9.3.7."""
    answer = mint.client.options(address)

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == allow


def test_options_of_nothing_is_refused(mint: Server) -> None:
    """There are no methods of what there is not."""
    assert mint.client.options("/v1/institutions/mint/none").status_code == 404
