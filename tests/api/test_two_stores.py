"""One register in two stores: what a reader gets does not tell him in which."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.store import database_at, readings_in
from domain.log import Log
from tests.api.commandline import in_this_process
from tests.api.conftest import ADDRESSES, FOUNDING, MINING, Server
from tests.api.test_hostile import PLACES
from tests.postgres import Server as PostgresServer

pytestmark = pytest.mark.needs("postgresql")

MORE = (
    "/structure?as_of=1811-07-01&grade=unattested",
    "/structure?as_of=1811-07-01&known_at=7",
    "/structure?as_of=1802-09-19",
    "/diff?as_of=1811-07-01&known_from=7&known_to=10",
    "/counts",
    "/periods",
    "/events?after=2&limit=3",
    "/structure?as_of=1811-07-01&known_at=11",
    "/units/nowhere",
)


@dataclass
class Other:
    """A server of the same register, which lies in a PostgreSQL database, and the key of a recorder there."""

    client: TestClient
    key: str
    log: Log
    database: str

    def get(self, address: str, **headers: str) -> httpx2.Response:
        """An answer."""
        return self.client.get(address, headers=headers)

    def post(self, address: str, content: bytes) -> httpx2.Response:
        """The answer to what is sent with the key."""
        return self.client.post(address, content=content, headers={"Authorization": f"Bearer {self.key}"})


@pytest.fixture
def other(mint: Server, postgres_server: PostgresServer) -> Iterator[Other]:
    """The mint, copied."""
    text = BytesIO()
    mint.log.export("mint", text)
    database = postgres_server.url(postgres_server.database())
    here = database_at(database)
    with readings_in(here) as readings, here.keys() as keys:
        readings.registers.clock = mint.clock
        log = readings.registers.log
        assert log.load(text.getvalue().splitlines(keepends=True)) == mint.log.head("mint")
        app = create_app(readings, keys)
        with closing(TestClient(app, raise_server_exceptions=False, follow_redirects=False)) as client:
            yield Other(client, keys.create("clerk", ["record"]), log, database)


def test_both_stores_answer_with_the_same_bytes(mint: Server, other: Other) -> None:
    """Tags included, so that what was kept of one is good for the other; and they record on from there alike."""
    for path in (*ADDRESSES, *MORE):
        one, two = (each.get(f"/v1/institutions/mint{path}") for each in (mint.client, other))

        assert (two.status_code, two.content) == (one.status_code, one.content), path
        assert two.headers.get("etag") == one.headers.get("etag"), path

    # and what is refused is refused alike, what stands there is found there
    for entry, status in ((FOUNDING, 200), ({**FOUNDING, "effective": "1803"}, 409), ({"entry": "x"}, 422)):
        answers = [mint.record(entry), other.post("/v1/institutions/mint/entries", json.dumps(entry).encode())]
        assert [answer.status_code for answer in answers] == [status] * 2
        assert answers[0].json() == answers[1].json()
    assert other.log.head("mint") == mint.log.head("mint")


# --- signs that PostgreSQL takes in no text

UNTAKEN = ("%00", "mint%00", "mi%00nt", "%ED%A0%80", "mint%ED%A0%80", "%FF", "%EF%BF%BF")
"""NUL, half a surrogate pair as UTF-8 never has it, a byte that begins no sign, and a sign that is none."""
ANYWHERE = (
    *(f"/v1/institutions/mint{place}" for place in PLACES),
    *(f"/v1/institutions/{{}}{path}" for path in ("", *ADDRESSES, "/export?format=log", "/entries/{}")),
    *("/institutions/{}", "/v1/institutions?{}=1", "/{}"),
)


@pytest.mark.parametrize("sign", UNTAKEN)
def test_what_no_text_can_hold_is_not_found_in_either_store(mint: Server, other: Other, sign: str) -> None:
    """An institution, a unit, a day, a name that is looked for: it is not there, and no store is in disorder."""
    for place in ANYWHERE:
        for form in ("application/json", "text/html"):
            address = place.replace("{}", sign)
            one = mint.client.get(address, headers={"Accept": form})

            two = other.get(address, Accept=form)

            assert one.status_code < 500, address
            assert (two.status_code, two.content) == (one.status_code, one.content), address
    for missing in (f"/v1/institutions/{sign}/structure?as_of=1811-07-01", f"/v1/institutions/mint/entries/{sign}"):
        assert other.get(missing).status_code == 404
        assert other.get(missing).headers["content-type"] == "application/problem+json"


def changed(**more: Any) -> Mapping[str, Any]:
    """An entry of one change, in which something is otherwise."""
    renamed = {"kind": "unit-renamed", "unit": "mint", "name": {"en": "Coin Office"}, "effective": "1820-01-01"}
    return {"entry": "later", "changes": [renamed | more]}


def with_the_sign(sign: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Where an entry can hold it, and such an entry."""
    instrument, decree = MINING["instrument"], {**MINING, "entry": "later"}
    return [
        ("the entry's id", {**changed(), "entry": sign}),
        ("an instrument's id", {**changed(), "instrument": sign}),
        ("its number", {**decree, "instrument": {**instrument, "number": sign}}),
        ("its title", {**decree, "instrument": {**instrument, "title": {"en": sign}}}),
        ("a source", {**changed(), "sources": [{"source": sign}]}),
        ("its wording", {**changed(), "sources": [{"source": "letters", "wording": sign}]}),
        ("the entry's day", {**changed(), "effective": sign}),
        *(
            (f"a change's {name}", changed(**{name: sign}))
            for name in ("kind", "unit", "effective", "note", "provision")
        ),
        ("a name", changed(name={"en": sign})),
        ("a language", changed(name={sign: "Coin Office"})),
        ("a code", changed(kind="unit-established", unit="coin", unit_kind=sign)),
        ("a target", {"entry": "later", "changes": [{"kind": "annulled", "target": sign, "reason": "an error"}]}),
        ("a reason", {"entry": "later", "changes": [{"kind": "annulled", "target": "mining#1", "reason": sign}]}),
        ("a field", {**changed(), sign: "x"}),
    ]


@pytest.mark.parametrize("sign", ["\x00", "Mi\x00nt", "\ud800", "Mi\udfffnt"])
def test_an_entry_with_what_no_text_can_hold_is_refused_alike_in_both_stores(
    mint: Server, other: Other, sign: str
) -> None:
    """With the same reasons, and nothing stored, wherever in it the sign stands."""
    before = mint.log.head("mint")
    for where, entry in with_the_sign(sign):
        content = json.dumps(entry).encode()
        for address in ("/v1/institutions/mint/entries", "/v1/institutions/mint/preview"):
            one = mint.client.post(address, content=content, headers={"Authorization": f"Bearer {mint.secret}"})

            two = other.post(address, content)

            assert one.status_code == 422, (where, one.text)
            assert (two.status_code, two.content) == (one.status_code, one.content), where
    founding = json.dumps(FOUNDING).encode()
    for address in ("/v1/institutions/mi%00nt/entries", "/v1/institutions/mi%00nt/preview"):
        one = mint.client.post(address, content=founding, headers={"Authorization": f"Bearer {mint.secret}"})
        two = other.post(address, founding)
        assert (two.status_code, two.content) == (one.status_code, one.content)
        assert 400 <= two.status_code < 500
    assert other.log.head("mint") == mint.log.head("mint") == before


# --- the command line

NOT_UTF8 = "mi\udcffnt"
"""What a byte becomes in an argument that is none of UTF-8."""


@pytest.mark.parametrize(
    "asked",
    [
        *(
            ("structure", NOT_UTF8, "--as-of", "1811-07-01"),
            ("history", "mint", NOT_UTF8),
            ("search", "mint", NOT_UTF8),
        ),
        *(("findings", NOT_UTF8), ("verify", NOT_UTF8), ("export", NOT_UTF8, "-o", "-"), ("token", "revoke", NOT_UTF8)),
    ],
)
def test_an_argument_that_is_no_text_is_refused_in_words(
    mint: Server,
    other: Other,
    asked: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As a name comes from a list in another encoding; on both stores."""
    for database in (mint.file, other.database):
        status = in_this_process(monkeypatch, database, *asked)

        said = capsys.readouterr()
        assert (status, said.out) == (1, "")
        assert said.err == "'mi\\udcffnt' is not written in UTF-8, as all that is recorded is\n"
