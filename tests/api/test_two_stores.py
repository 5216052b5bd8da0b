"""One register in two stores: what a reader gets does not tell him in which."""

from __future__ import annotations

from contextlib import closing
from io import BytesIO

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.store import database_at, readings_in
from tests.api.conftest import ADDRESSES, FOUNDING, Server
from tests.postgres import Server as PostgresServer

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


@pytest.mark.needs("postgresql")
def test_both_stores_answer_with_the_same_bytes(mint: Server, postgres_server: PostgresServer) -> None:
    """Tags included, so that what was kept of one is good for the other; and they record on from there alike."""
    # given
    text = BytesIO()
    mint.log.export("mint", text)
    here = database_at(postgres_server.url(postgres_server.database()))
    with readings_in(here) as readings, here.keys() as keys:
        readings.registers.clock = mint.clock
        loaded = readings.registers.log.load(text.getvalue().splitlines(keepends=True))
        key = keys.create("clerk", ["record"])
        with closing(TestClient(create_app(readings, keys), follow_redirects=False)) as client:
            # when
            for path in (*ADDRESSES, *MORE):
                one = mint.client.get(f"/v1/institutions/mint{path}")
                other = client.get(f"/v1/institutions/mint{path}")

                # then
                assert (other.status_code, other.content) == (one.status_code, one.content), path
                assert other.headers.get("etag") == one.headers.get("etag"), path

            # and what is refused is refused alike, what stands there is found there
            headers = {"Authorization": f"Bearer {key}"}
            for entry, status in ((FOUNDING, 200), ({**FOUNDING, "effective": "1803"}, 409), ({"entry": "x"}, 422)):
                answers = [
                    mint.record(entry),
                    client.post("/v1/institutions/mint/entries", json=entry, headers=headers),
                ]
                assert [answer.status_code for answer in answers] == [status] * 2
                assert answers[0].json() == answers[1].json()
        assert readings.registers.log.head("mint") == loaded == mint.log.head("mint")
