"""What a server counts of itself, and whether it is ready."""

from __future__ import annotations

import io
import json

import pytest

from api.middleware import json_log
from projections.recorders.sqlite_tables import SQLiteShelf
from tests.api.conftest import FOUNDING, MINING, Server, refusal

BASE = "/v1/institutions/mint"


def counts(text: str) -> dict[str, float]:
    """Each line of the text format, by what it counts."""
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_requests_and_what_was_recorded_are_counted(server: Server) -> None:
    """By route and never by address: an id in it may name a person."""
    server.record(FOUNDING)
    server.record(MINING)
    server.record(MINING)
    server.client.get(f"{BASE}/persons/ann")
    server.client.head(f"{BASE}/persons/nobody")
    server.client.get("/nowhere/at/all")

    text = server.client.get("/metrics").text
    told = counts(text)

    route = 'route="/v1/institutions/{institution}/persons/{person}"'
    assert told[f'regesta_requests_total{{method="GET",{route},status="200"}}'] == 1
    assert told[f'regesta_requests_total{{method="GET",{route},status="404"}}'] == 1
    assert told['regesta_requests_total{method="GET",route="none",status="404"}'] == 1
    assert told['regesta_events_recorded_total{institution="mint"}'] == 10
    assert told['regesta_head_position{institution="mint"}'] == 10
    assert "ann" not in text
    assert "nobody" not in text


def test_a_closed_server_shows_its_counts_to_who_administers_it(mint: Server) -> None:
    """They name the registers."""
    client = mint.open(open_to_readers=False)
    administrator = mint.keys.create("admin", ["administer"])

    assert refusal(client.get("/metrics"))[:2] == (401, "key-needed")
    reader = {"Authorization": f"Bearer {mint.secret}"}
    assert refusal(client.get("/metrics", headers=reader))[:2] == (403, "scope-needed")
    assert client.get("/metrics", headers={"Authorization": f"Bearer {administrator}"}).status_code == 200


def test_a_line_of_the_log_tells_who_recorded_where_up_to_which_position(server: Server) -> None:
    """And neither address nor content."""
    out = io.StringIO()
    client = server.open(log=json_log(out))
    client.post(f"{BASE}/entries", json=FOUNDING, headers={"Authorization": f"Bearer {server.secret}"})
    client.get(f"{BASE}/persons/ann")

    recorded, read = map(json.loads, out.getvalue().splitlines())
    assert {name: recorded[name] for name in ("institution", "position", "key", "status")} == {
        "institution": "mint",
        "position": 7,
        "key": "clerk",
        "status": 201,
    }
    assert (read["institution"], read["key"], read["position"]) == ("mint", None, None)
    assert "ann" not in out.getvalue()


def test_a_server_whose_tables_are_behind_the_log_is_not_ready(mint: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when an older program recorded meanwhile; `rebuild` mends it."""
    assert mint.client.get("/readyz").status_code == 200

    monkeypatch.setattr(SQLiteShelf, "position", lambda _: 9)

    assert refusal(mint.client.get("/readyz"))[:2] == (503, "store-unusable")
