"""A key that is typed on a page: kept where no script, no address and no other site gets at it."""

from __future__ import annotations

import re

from httpx2 import Response
from starlette.testclient import TestClient

from tests.api.conftest import Server

STRUCTURE = "/institutions/mint/structure?as_of=1811-07-01"


def closed(server: Server) -> TestClient:
    """A browser at a server that shuts readers out; it keeps cookies."""
    return server.open(open_to_readers=False)


def type_key(browser: TestClient, key: str) -> Response:
    """Open the page and send its form."""
    token = re.search(r'name="form" value="([^"]+)"', browser.get("/key").text)
    assert token
    return browser.post("/key", data={"form": token[1], "key": key})


def test_a_key_opens_the_pages_of_a_closed_server(mint: Server) -> None:
    """Until it is left; the address never holds it."""
    # given
    browser = closed(mint)
    refused = browser.get(STRUCTURE)
    assert refused.status_code == 401
    assert "Give a key" in refused.text

    # when
    taken = type_key(browser, mint.secret)

    # then
    assert taken.status_code == 303
    assert mint.secret not in taken.headers["location"]
    assert browser.get(STRUCTURE).status_code == 200

    # when
    page = browser.get("/key").text
    token = re.search(r'name="form" value="([^"]+)"', page)
    assert token
    left = browser.post("/key/leave", data={"form": token[1]})

    # then
    assert "You use the key of clerk" in page
    assert mint.secret not in page
    assert left.status_code == 303
    assert browser.get(STRUCTURE).status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(mint: Server) -> None:
    """And sent over a safe connection alone, where there is one."""
    # given
    browser = closed(mint)
    safe = TestClient(browser.app, base_url="https://testserver", follow_redirects=False)

    # when
    plain, secure = type_key(browser, mint.secret), type_key(safe, mint.secret)

    # then
    for answer in (plain, secure):
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert answer.headers["cache-control"] == "no-store"
    assert "secure" not in plain.headers["set-cookie"].lower()
    assert "secure" in secure.headers["set-cookie"].lower()


def test_what_is_no_key_is_refused_and_not_shown(mint: Server) -> None:
    """What was typed may be a key of somewhere else."""
    # when
    answer = type_key(closed(mint), "hunter2")

    # then
    assert answer.status_code == 422
    assert "This is no key of this server" in answer.text
    assert "hunter2" not in answer.text
    assert "regesta-key" not in answer.headers["set-cookie"]


def test_a_form_of_another_site_is_refused(mint: Server) -> None:
    """Without the token of the page, or with one that the browser does not know."""
    # given
    browser = closed(mint)
    browser.get("/key")

    # when
    without = browser.post("/key", data={"key": mint.secret})
    wrong = browser.post("/key", data={"key": mint.secret, "form": "guessed"})
    too_long = browser.post("/key", data={"key": "x" * 5_000})

    # then
    assert (without.status_code, wrong.status_code, too_long.status_code) == (403, 403, 413)
    assert "The form is not of this site" in without.text
    assert browser.get(STRUCTURE).status_code == 401


def test_a_cookie_is_no_key_for_programs(mint: Server) -> None:
    """Else another site could make a browser record; a revoked key opens nothing either."""
    # given
    browser = closed(mint)
    type_key(browser, mint.secret)

    # when
    read = browser.get("/v1/institutions/mint/structure?as_of=1811-07-01")
    written = browser.post("/v1/institutions/mint/entries", content=b"{}")
    mint.keys.revoke("clerk")

    # then
    assert (read.status_code, written.status_code) == (401, 401)
    assert browser.get(STRUCTURE).status_code == 401
