"""Storms of requests that no two of are alike: what a server keeps in memory for the next one has an end."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import rates
from projections.spelling import folded_word
from projections.tables.topics import LONGEST, _remembered, hashed
from tests.api.conftest import MINING, Server

BASE = "/v1/institutions/mint"
MANY = 300


def sizes(app: Any, log: Any) -> dict[str, int]:
    """How many of everything that a server keeps and that who asks can add to."""
    readings = app.state.readings
    return {
        "label sets": app.state.metrics.text().count(b"\n"),
        "answers": len(app.state.bodies._kept),
        "registers": len(readings.registers._shelves),
        "heads of logs": len(log._recorder._lasts[1]),
        "what was read lately": sum(
            len(kept._kept) for kept in (readings._redacted, readings._lines, readings._years, readings._heads)
        ),
        "events": len(readings._reader._cache._events),
    }


def test_what_is_not_there_leaves_nothing_behind(mint: Server) -> None:
    """Registers, things, addresses and methods that somebody made up."""
    # given
    app, client = mint.client.app, mint.client

    def ask(number: int) -> None:
        for path in (
            f"/v1/institutions/no-{number}/structure?as_of=1811-07-01",
            f"/v1/institutions/no-{number}/findings",
            f"/institutions/no-{number}/structure?as_of=1811-07-01",
            f"{BASE}/units/no-{number}",
            f"{BASE}/structure?as_of=1811-07-01&known_at={100 + number}",
            f"{BASE}/diff?during=no-{number}",
            f"/nowhere-{number}/at/all",
            f"{BASE}/structure/{number}",
        ):
            assert client.get(path).status_code in (404, 422), path
        client.request(f"METHOD{number}", BASE)

    ask(0)
    before = sizes(app, mint.log)

    # when
    for number in range(1, MANY):
        ask(number)

    # then
    assert sizes(app, mint.log) == before


def test_addresses_of_any_length_are_not_kept(mint: Server) -> None:
    """Sixty kilobytes of an id each, of which twenty thousand would be remembered."""
    before = _remembered.cache_info().currsize

    for number in range(MANY):
        for path in ("units", "posts", "persons", "instruments", "sources"):
            assert mint.client.get(f"{BASE}/{path}/{'x' * 2_000}{number}").status_code == 404

    assert _remembered.cache_info().currsize < before + 20
    assert hashed("x" * LONGEST) != hashed("x" * (LONGEST + 1))


def test_words_that_are_looked_for_are_remembered_up_to_a_number(mint: Server) -> None:
    """None is longer than what may be looked for."""
    most = folded_word.cache_info().maxsize

    assert most is not None
    assert most <= 20_000
    assert mint.client.get(f"{BASE}/search", params={"q": "x" * 401}).status_code == 422


def test_questions_that_differ_in_nothing_that_matters_share_the_room_for_answers(mint: Server) -> None:
    """Whoever adds ?a=1, ?a=2 and so on to an address drives out what others asked for, and no more."""
    client = mint.open(answers=100_000)

    for number in range(MANY):
        assert client.get(f"{BASE}/structure?as_of=1811-07-01&a={number}").status_code == 200

    bodies = client.app.state.bodies  # type: ignore[attr-defined]
    assert bodies.size <= 100_000
    assert sum(len(body) for body in bodies._kept.values()) <= 100_000


def test_a_server_may_keep_no_answers_at_all(mint: Server) -> None:
    """REGESTA_ANSWERS_MIB=0."""
    client = mint.open(answers=0)

    told = [client.get(f"{BASE}/structure?as_of=1811-07-01") for _ in range(2)]

    assert [answer.status_code for answer in told] == [200, 200]
    assert client.app.state.bodies.size == 0  # type: ignore[attr-defined]


def test_readers_and_wrong_keys_from_everywhere_are_counted_in_a_room_that_ends(
    mint: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From ever new addresses, as a proxy that is believed tells them; whoever has a key is answered all the while."""
    # given
    monkeypatch.setattr(rates, "MOST", 50 * (rates.EACH + 1))
    told = rates.Rates("600/minute", "60/minute", "20/minute")
    app: Any = mint.open(rates=told).app

    # when
    for number in range(MANY):
        client = TestClient(app, client=(f"10.0.{number // 256}.{number % 256}", 1))
        assert client.get(f"{BASE}/events").status_code == 200
        assert client.get(f"{BASE}/events", headers={"Authorization": f"Bearer guess-{number}"}).status_code == 401
    with_key = client.get(f"{BASE}/events", headers={"Authorization": f"Bearer {mint.secret}"})

    # then
    assert with_key.status_code == 200
    assert len(told.wrong_keys._asked) <= 51
    assert len(told.reading._asked) <= 51
    assert b"10.0." not in app.state.metrics.text()


def test_previews_for_registers_that_there_are_not_leave_little_behind(mint: Server) -> None:
    """Whoever has a key may try to found as many as he likes."""
    founding = {"entry": "f", "changes": [{"kind": "institution-declared", "name": {"en": "N"}}]}
    headers = {"Authorization": f"Bearer {mint.secret}"}

    for number in range(30):
        path = f"/v1/institutions/new-{number}/preview"
        answer = mint.client.post(path, content=json.dumps(founding), headers=headers)
        assert answer.status_code == 200, answer.text
    assert mint.client.post(f"{BASE}/preview", content=json.dumps(MINING), headers=headers).status_code == 200

    kept: Any = mint.log
    assert len(kept._recorder._kept) <= kept._recorder._kept.MOST
