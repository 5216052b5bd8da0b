"""Refusals over HTTP: problem documents, one type each, and nothing of the machine in them."""

from __future__ import annotations

import html
import importlib
import io
import json
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import api
import domain
import projections
from api.explaining import EXAMPLES, REMEDIES
from api.middleware import json_log
from api.problems import KINDS, REFUSALS
from api.schemas import Problem, ProblemKind
from domain.errors import REASONS, ChainBroken, RegisterError, StoreUnusable
from domain.recording import Registers
from tests.api.conftest import ADDRESSES, Server, refusal

BAD_DAYS = (
    *("", "0", "1693526400", "2023-02-30", "2023-9-1", "yesterday", "2023", "2023-09", "2023-09-01T00:00:00Z"),
    *("2023-09-01 ", "+2023-09-01", "-2023-09-01", "0000-01-01", "10000-01-01", "٢٠٢٣-٠٩-٠١", "2023-09-01~"),
)
SECRET = "a password, and the path /etc/shadow"


def refusals(above: type[RegisterError] = RegisterError) -> Iterator[type[RegisterError]]:
    """Every refusal of the register, in whatever module it is."""
    for error in above.__subclasses__():
        yield error
        yield from refusals(error)


def test_every_refusal_has_its_type() -> None:
    """Who adds a refusal decides its status."""
    for package in (domain, projections, api):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name != "api.__main__":
                importlib.import_module(module.name)

    ours = {error for error in refusals() if error.__module__.partition(".")[0] in ("domain", "projections", "api")}

    assert ours <= set(REFUSALS)


def test_a_type_is_an_address_that_says_what_it_means(server: Server) -> None:
    """RFC 9457, section 3.1.1."""
    for slug, kind in KINDS.items():
        page = server.client.get(kind.address)
        assert page.status_code == 200
        ProblemKind.model_validate(page.json(), extra="forbid")
        assert page.json()["status"] == kind.status
        assert page.json()["meaning"], slug
        assert "*" not in page.json()["meaning"]
    assert server.client.get("/problems/entry-refused").json()["rules"] == REASONS
    assert set(server.client.get("/problems").json()) == set(KINDS)
    assert refusal(server.client.get("/problems/none-such"))[:2] == (404, "no-such-page")


def test_every_type_says_what_to_do_and_what_one_looks_like(server: Server) -> None:
    """The example is such a document as the server sends."""
    assert set(REMEDIES) == set(EXAMPLES) == set(KINDS)
    for slug, kind in KINDS.items():
        page = server.client.get(kind.address).json()
        assert page["remedy"] == REMEDIES[slug]
        assert Problem.model_validate(page["example"], extra="forbid").type == kind.address
        assert (page["example"]["title"], page["example"]["status"]) == (kind.title, kind.status)


@pytest.mark.parametrize("slug", KINDS)
def test_a_browser_is_shown_a_page_of_every_type(server: Server, slug: str) -> None:
    """Who clicks on the type reads what it means, what to do, and an example; a program gets the same as JSON."""
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    page = server.client.get(f"/problems/{slug}", headers=browser)
    text = html.unescape(page.text)

    assert page.headers["content-type"].startswith("text/html")
    for said in (KINDS[slug].title, KINDS[slug].meaning, REMEDIES[slug], EXAMPLES[slug]["type"]):
        assert said in text
    for accept in ("*/*", "application/json", ""):
        plain = server.client.get(f"/problems/{slug}", headers={"Accept": accept})
        assert plain.headers["content-type"] == "application/json"
        assert plain.headers["vary"] == "Accept"
        assert page.headers["vary"] == "Accept, Cookie"


def test_the_types_are_listed_for_a_browser_too(server: Server) -> None:
    """Each with a link to its page; a form that there is not is refused."""
    page = server.client.get("/problems", headers={"Accept": "text/html"})

    for slug in KINDS:
        followed = server.client.get(f"/problems/{slug}", headers={"Accept": "text/html"})
        assert f'href="./problems/{slug}"' in page.text
        assert 'href="../problems"' in followed.text
    for address in ("/problems", "/problems/fault"):
        status, kind, _ = refusal(server.client.get(address, headers={"Accept": "text/csv"}))
        assert (status, kind) == (406, "not-acceptable")


def test_every_type_stands_in_the_docs() -> None:
    """In the table of docs/http.md, next to its status."""
    page = (Path(__file__).parents[2] / "docs" / "http.md").read_text(encoding="utf-8")
    table = page.partition("## Refusals")[2].partition("## Caching")[0]
    told = {
        (status, slug)
        for statuses, types in re.findall(r"^\| ([0-9, ]+) \| (.*) \|$", table, re.MULTILINE)
        for status in statuses.split(", ")
        for slug in re.findall(r"`([a-z-]+)`", types)
    }
    for slug, kind in KINDS.items():
        assert (str(kind.status), slug) in told


@pytest.mark.parametrize("day", BAD_DAYS)
@pytest.mark.parametrize("name", ["as_of", "from", "to"])
def test_what_is_no_day_is_refused(mint: Server, name: str, day: str) -> None:
    """A number of seconds is no day, nor is a month."""
    good = {"from": "1811-06-30", "to": "1811-07-01"}
    path, asked = ("/structure", {}) if name == "as_of" else ("/diff", good)

    status, kind, document = mint.refused(path, **{**asked, name: day})

    assert (status, kind) == (422, "not-a-day")
    assert [fault["parameter"] for fault in document["errors"]] == [name]
    Problem.model_validate(document, extra="forbid")


@pytest.mark.parametrize(
    ("path", "asked", "parameters"),
    [
        ("/structure", {}, ["as_of"]),
        ("/structure", {"as_of": "1811-07-01", "grade": "sure"}, ["grade"]),
        ("/diff", {}, ["from", "to"]),
        ("/diff", {"from": "1811-07-01"}, ["to"]),
        ("/events", {"limit": "501"}, ["limit"]),
        ("/events", {"limit": "0"}, ["limit"]),
        ("/events", {"after": "-1", "limit": "x"}, ["after", "limit"]),
        ("/events", {"after": "9" * 30}, ["after"]),
    ],
)
def test_a_parameter_that_is_missing_or_wrong_is_named(
    mint: Server, path: str, asked: dict[str, str], parameters: list[str]
) -> None:
    """By the name the client knows it by."""
    status, kind, document = mint.refused(path, **asked)

    assert (status, kind) == (422, "invalid-parameters")
    assert [fault["parameter"] for fault in document["errors"]] == parameters
    Problem.model_validate(document, extra="forbid")


@pytest.mark.parametrize(
    ("known_at", "kind"),
    [
        ("11", "not-known-yet"),
        ("9" * 30, "not-known-yet"),
        ("2024-05-24T13:00:01Z", "not-known-yet"),
        ("9999-12-31T23:59:59Z", "not-known-yet"),
        ("", "not-a-known-at"),
        ("-1", "not-a-known-at"),
        ("1.0", "not-a-known-at"),
        ("٣", "not-a-known-at"),
        ("head", "not-a-known-at"),
        ("2024-05-24", "not-a-known-at"),
        ("2024-05-24T12:00:00", "not-a-known-at"),
        ("2024-05-24T12:00:00 06:00", "not-a-known-at"),
    ],
)
@pytest.mark.parametrize("path", ["/structure?as_of=1811-07-01", "/units/mint", "/findings"])
def test_a_known_at_that_is_none_is_refused(mint: Server, path: str, known_at: str, kind: str) -> None:
    """Nothing is known beyond the head, nor tomorrow; a plus in an address is a blank."""
    answer = mint.client.get(f"/v1/institutions/mint{path}", params={"known_at": known_at})
    if "?" in path:
        answer = mint.client.get(
            "/v1/institutions/mint/structure", params={"as_of": "1811-07-01", "known_at": known_at}
        )

    assert refusal(answer)[:2] == (422, kind)


@pytest.mark.parametrize(
    "address",
    ADDRESSES,
)
def test_an_unknown_institution_is_refused(mint: Server, address: str) -> None:
    """Nothing stands for it, not even an empty structure."""
    answer = mint.client.get(f"/v1/institutions/nowhere{address}")

    assert refusal(answer)[:2] == (404, "unknown-institution")


@pytest.mark.parametrize(
    "address",
    [
        *("/units/warden", "/units/none", "/posts/mint", "/persons/mint", "/instruments/none", "/entries/none"),
        *("/units/mining?known_at=7", "/entries/mining?known_at=7"),
    ],
)
def test_an_unknown_thing_is_refused(mint: Server, address: str) -> None:
    """An id of another kind is not that thing; nor is one that was not known then."""
    status, kind, document = refusal(mint.client.get(f"/v1/institutions/mint{address}"))

    assert (status, kind) == (404, "unknown-thing")
    Problem.model_validate(document, extra="forbid")


@pytest.mark.parametrize("address", ["/nothing", "/v1", "/v1/institutions/mint", "/v1/institutions/mint/none", "/v2"])
def test_an_address_of_nothing_is_refused(mint: Server, address: str) -> None:
    """As a problem document, like everything."""
    assert refusal(mint.client.get(address))[:2] == (404, "no-such-page")


@pytest.mark.parametrize(
    ("method", "address", "allow"),
    [
        ("TRACE", "/v1/institutions", "GET, HEAD, OPTIONS"),
        ("POST", "/v1/institutions", "GET, HEAD, OPTIONS"),
        ("DELETE", "/v1/institutions/mint/events", "GET, HEAD, OPTIONS"),
        ("PUT", "/v1/institutions/mint/entries/mining", "GET, HEAD, OPTIONS"),
        ("GET", "/v1/institutions/mint/entries", "POST, OPTIONS"),
        ("HEAD", "/v1/institutions/mint/entries", "POST, OPTIONS"),
        ("PATCH", "/v1/institutions/mint/entries", "POST, OPTIONS"),
        ("POST", "/docs", "GET, HEAD, OPTIONS"),
        ("POST", "/healthz", "GET, HEAD, OPTIONS"),
        ("POST", "/docs/assets/swagger-ui.css", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_method_that_is_not_served_learns_those_that_are(mint: Server, method: str, address: str, allow: str) -> None:
    """RFC 9110, section 15.5.6."""
    answer = mint.client.request(method, address)

    assert answer.status_code == 405
    assert answer.headers["allow"] == allow
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (lambda: ZeroDivisionError(SECRET), 500, "fault"),
        (lambda: ValueError(SECRET), 500, "fault"),
        (lambda: KeyError(SECRET), 500, "fault"),
        (lambda: ChainBroken("mint", 3, SECRET), 500, "chain-broken"),
        (lambda: StoreUnusable(SECRET, SECRET), 503, "store-unusable"),
    ],
)
def test_a_fault_of_ours_shows_nothing_and_is_logged(
    mint: Server, monkeypatch: pytest.MonkeyPatch, error: Callable[[], Exception], status: int, kind: str
) -> None:
    """The operator learns what happened, the reader that it did."""

    def fail(*_: object) -> None:
        raise error()

    out = io.StringIO()
    client = mint.open(log=json_log(out))
    monkeypatch.setattr(Registers, "head_at", fail)
    answer = client.get("/v1/institutions/mint/structure?as_of=1811-07-01")

    assert refusal(answer)[:2] == (status, kind)
    assert SECRET not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert SECRET in out.getvalue()
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {line["request_id"] for line in lines} == {answer.headers["x-request-id"]}
    assert [line["status"] for line in lines if line["event"] == "request"] == [status]


def test_a_store_that_cannot_be_read_is_not_ready(mint: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A balancer sends nobody here then; the process itself is well."""
    assert mint.client.get("/readyz").json() == {"status": "ready"}

    def fail(_: object) -> None:
        raise StoreUnusable("registers.sqlite", "disk I/O error")

    monkeypatch.setattr(Registers, "institutions", fail)

    assert refusal(mint.open(log=json_log(io.StringIO())).get("/readyz"))[:2] == (503, "store-unusable")
    assert mint.client.get("/healthz").json() == {"status": "ok"}


def test_a_request_is_a_line_in_the_log_without_its_key(mint: Server) -> None:
    """Who did what, how long it took; nothing that lets anybody do it again."""
    out = io.StringIO()
    client = mint.open(log=json_log(out))
    headers = {"Authorization": f"Bearer {mint.secret}", "X-Request-ID": "from-the-proxy.1"}
    answer = client.head("/v1/institutions/mint/events?after=3", headers=headers)

    (line,) = [json.loads(line) for line in out.getvalue().splitlines()]
    assert answer.headers["x-request-id"] == "from-the-proxy.1"
    assert {k: line[k] for k in ("event", "method", "route", "status", "request_id")} == {
        "event": "request",
        "method": "HEAD",
        "route": "/v1/institutions/{institution}/events",
        "status": 200,
        "request_id": "from-the-proxy.1",
    }
    assert line["ms"] >= 0
    assert mint.secret not in out.getvalue()


def test_a_request_id_that_could_forge_the_log_is_not_taken(mint: Server) -> None:
    """A name of one's own, but no text."""
    answer = mint.client.get("/healthz", headers={"X-Request-ID": 'x", "status": 200'})

    assert len(answer.headers["x-request-id"]) == 32


def test_requests_are_not_logged_unless_asked(mint: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """A test, and a notebook, stay quiet."""
    mint.client.get("/healthz")

    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("address", ["/healthz", "/v1/institutions", "/none", "/docs", "/openapi.json"])
def test_browsers_are_told_what_not_to_do(mint: Server, address: str) -> None:
    """No guessing of types, no frame, no script but our own."""
    headers = mint.client.get(address).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
