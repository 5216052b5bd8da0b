"""Who may do what: scopes, registers, and until when, as a server keeps to them."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from api.rates import Rates
from tests.api.conftest import FOUNDING, MINING, Server, refusal

CORRECTION: dict[str, Any] = {
    "entry": "correction",
    "changes": [
        {"kind": "source-registered", "source": "print", "title": {"en": "Print"}, "effective": None},
        {"kind": "annulled", "target": "mining#2", "reason": "Never printed.", "effective": None},
    ],
}
WITHHELD: dict[str, Any] = {
    "entry": "withheld",
    "changes": [{"kind": "redacted", "targets": ["founding#5"], "scope": "all", "ground": "privacy"}],
}
BOTH: dict[str, Any] = {"entry": "both", "changes": [*CORRECTION["changes"], *MINING["changes"]]}


def bearer(key: str) -> dict[str, str]:
    """The header by which a program shows its key."""
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize(
    ("scopes", "entry", "lacking"),
    [
        (["record"], CORRECTION, None),
        (["correct"], CORRECTION, None),
        (["redact"], CORRECTION, "correct"),
        (["correct"], BOTH, "record"),
        (["record"], WITHHELD, "redact"),
        (["redact"], WITHHELD, None),
        (["administer"], WITHHELD, None),
    ],
)
def test_a_key_is_good_for_what_its_scopes_say(
    mint: Server, scopes: list[str], entry: dict[str, Any], lacking: str | None
) -> None:
    """Whoever records may mend it; only who was told so may withhold something for good."""
    key = mint.keys.create("somebody", scopes)

    answer = mint.record(entry, key=key)

    if lacking is None:
        assert answer.status_code == 201, answer.text
    else:
        assert refusal(answer)[:2] == (403, "scope-needed")
        assert f'scope="{lacking}"' in answer.headers["www-authenticate"]
        assert mint.log.head("mint").position == 10


def test_a_preview_asks_for_the_same_scopes(mint: Server) -> None:
    """It tells what recording would do, so it is for who may record."""
    corrector = bearer(mint.keys.create("corrector", ["correct"]))

    allowed = mint.client.post("/v1/institutions/mint/preview", json=CORRECTION, headers=corrector)
    refused = mint.client.post("/v1/institutions/mint/preview", json=[CORRECTION, BOTH], headers=corrector)

    assert allowed.status_code == 200
    assert refusal(refused)[:2] == (403, "scope-needed")


def test_a_key_of_one_register_is_good_for_no_other(mint: Server) -> None:
    """Neither for one that is there nor for founding one."""
    key = mint.keys.create("mint-clerk", ["record"], ["mint"])

    assert mint.record(CORRECTION, key=key).status_code == 201
    assert refusal(mint.record(FOUNDING, "treasury", key=key))[:2] == (403, "scope-needed")
    assert mint.record(FOUNDING, "treasury").status_code == 201


def test_a_closed_server_shows_a_key_the_registers_that_it_is_good_for(mint: Server) -> None:
    """And does not even tell that there are others."""
    assert mint.record(FOUNDING, "treasury").status_code == 201
    reader = bearer(mint.keys.create("reader", ["read"], ["mint"]))
    client = mint.open(open_to_readers=False)

    assert list(client.get("/v1/institutions", headers=reader).json()["institutions"]) == ["mint"]
    assert client.get("/v1/institutions/mint/events", headers=reader).status_code == 200
    assert refusal(client.get("/v1/institutions/treasury/events", headers=reader))[:2] == (403, "scope-needed")
    assert refusal(client.get("/v1/institutions"))[:2] == (401, "key-needed")
    page = client.get("/", headers={**reader, "Accept": "text/html"}).text
    assert "/institutions/mint" in page
    assert "/institutions/treasury" not in page


def test_a_key_opens_nothing_from_the_instant_on_which_it_expires(mint: Server) -> None:
    """On the eve it does."""
    key = mint.keys.create("guest", ["record"], expires=mint.clock.now + timedelta(hours=2))

    mint.clock.pass_(hours=1)
    assert mint.record(CORRECTION, key=key).status_code == 201
    mint.clock.pass_(hours=1)
    assert refusal(mint.record(BOTH, key=key))[:2] == (401, "key-needed")


def test_the_day_on_which_a_key_was_used_last_is_kept(mint: Server) -> None:
    """So that a key nobody uses any more can be taken back."""
    key = mint.keys.create("guest", ["read"])
    assert [each.used for each in mint.keys.list() if each.name == "guest"] == [None]

    mint.client.get("/v1/institutions", headers=bearer(key))
    mint.clock.pass_(hours=24)
    mint.client.get("/v1/institutions", headers=bearer(key))

    assert [each.used for each in mint.keys.list() if each.name == "guest"] == ["2024-05-25"]


# --- how often


def test_who_asks_too_often_is_told_when_to_ask_again(mint: Server) -> None:
    """Others are answered as before."""
    client = mint.open(rates=Rates(reading="3/hour"))
    one, other = bearer(mint.keys.create("one", ["read"])), bearer(mint.keys.create("other", ["read"]))

    told = [client.get("/v1/institutions/mint/events", headers=one) for _ in range(4)]

    assert [answer.status_code for answer in told] == [200, 200, 200, 429]
    assert refusal(told[-1])[1] == "too-many-requests"
    assert 3500 < int(told[-1].headers["retry-after"]) <= 3600
    assert client.get("/v1/institutions/mint/events", headers=other).status_code == 200


def test_who_writes_too_often_may_still_read(mint: Server) -> None:
    """The two are counted apart, and nothing is recorded by the one too many."""
    client = mint.open(rates=Rates(writing="1/hour"))
    key = bearer(mint.secret)

    first = client.post("/v1/institutions/mint/entries", json=CORRECTION, headers=key)
    second = client.post("/v1/institutions/mint/entries", json=BOTH, headers=key)

    assert (first.status_code, second.status_code) == (201, 429)
    assert client.get("/v1/institutions/mint/entries/both", headers=key).status_code == 404


def test_keys_cannot_be_tried_without_end(mint: Server) -> None:
    """A right one is not looked at either, until the time is over."""
    client = mint.open(rates=Rates(wrong_keys="2/hour"))

    tried = [client.get("/v1/institutions", headers=bearer(f"guess-{n}")).status_code for n in range(3)]

    assert tried == [401, 401, 429]
    assert client.get("/v1/institutions", headers=bearer(mint.secret)).status_code == 429


def test_a_body_that_does_not_come_is_not_waited_for(mint: Server) -> None:
    """A connection that sends a byte now and then holds nobody up."""
    app: Any = mint.open(patience=0.05).app
    path = "/v1/institutions/mint/entries"
    headers = [(b"authorization", f"Bearer {mint.secret}".encode()), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""}
    sent: list[Any] = []

    async def receive() -> Any:
        if not sent:
            await asyncio.sleep(60)
        raise AssertionError("there is no more")

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app({**scope, "headers": headers, "client": ("here", 1), "scheme": "http"}, receive, send))

    assert sent[0]["status"] == 408
    assert json.loads(sent[1]["body"])["type"] == "/problems/too-slow"
    assert mint.log.head("mint").position == 10
