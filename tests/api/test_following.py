"""A hot standby that answers: what it has, what it has not got yet, and never the one for the other."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.store import database_at, readings_following, readings_in
from domain.errors import StoreUnusable
from tests.api.conftest import FOUNDING, MINING, refusal
from tests.postgres import Server, server_in_a_folder

pytestmark = pytest.mark.needs("postgresql")

LATER: dict[str, Any] = {
    "entry": "later",
    "effective": "1820-01-01",
    "changes": [{"kind": "unit-renamed", "unit": "mint", "name": {"en": "Royal Mint"}}],
}


@dataclass
class Pair:
    """A primary and its standby, with a database of registers; and who reads from the one and records in the other."""

    primary: Server
    standby: Server
    database: str
    client: TestClient
    secret: str

    def ask(self, server: Server, question: str) -> Any:
        """What a superuser is answered."""
        with closing(psycopg.connect(server.url("postgres", "postgres"), autocommit=True)) as superuser:
            found = superuser.execute(question).fetchone()
        return found[0] if found else None

    def hold(self) -> None:
        """Let the standby fall behind from here on."""
        self.caught_up()
        self.ask(self.standby, "SELECT pg_wal_replay_pause()")
        while self.ask(self.standby, "SELECT pg_get_wal_replay_pause_state()") != "paused":
            pass

    def let_go(self) -> None:
        """Let the standby catch up."""
        self.ask(self.standby, "SELECT pg_wal_replay_resume()")
        self.caught_up()

    def caught_up(self) -> None:
        """Wait until the standby has all that the primary has."""
        written = self.ask(self.primary, "SELECT pg_current_wal_flush_lsn()")
        while not self.ask(self.standby, f"SELECT pg_last_wal_replay_lsn() >= '{written}'"):
            pass

    def record(self, entry: dict[str, Any]) -> httpx2.Response:
        """The answer to recording *entry*."""
        headers = {"Authorization": f"Bearer {self.secret}"}
        return self.client.post("/v1/institutions/mint/entries", content=json.dumps(entry), headers=headers)

    def get(self, path: str, **query: Any) -> httpx2.Response:
        """The answer to a question."""
        return self.client.get(f"/v1/institutions/mint{path}", params=query)


@contextmanager
def following(primary: Server) -> Iterator[Server]:
    """A hot standby of *primary*."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        Path(folder).chmod(0o755)
        standby = Server(Path(folder)).follow(primary).start()
        try:
            yield standby
        finally:
            standby.kill()


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Server, Server]]:
    """A primary and its standby."""
    with server_in_a_folder() as primary, following(primary) as standby:
        yield primary, standby


@pytest.fixture
def pair(servers: tuple[Server, Server]) -> Iterator[Pair]:
    """Both, with the mint founded in a fresh database, and the standby at one with the primary."""
    primary, standby = servers
    name = primary.database()
    here = database_at(primary.url(name))
    with readings_in(here) as recording, here.keys() as keys:
        client = TestClient(create_app(recording, keys), raise_server_exceptions=False)
        found = Pair(primary, standby, name, client, keys.create("clerk", ["record"]))
        assert found.record(FOUNDING).status_code == 201
        found.caught_up()
        with readings_following(standby.url(name), recording) as readings:
            app = create_app(readings, keys, recording=recording.registers)
            with closing(TestClient(app, raise_server_exceptions=False)) as found.client:
                yield found
        found.let_go()


def not_here_yet(answer: httpx2.Response) -> None:
    """The answer says to ask again in a moment."""
    assert refusal(answer)[:2] == (503, "not-here-yet")
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_standby_answers_what_it_has_and_says_what_it_has_not(pair: Pair) -> None:
    """Who recorded something and asks for it gets it, or is told to wait; not what stood before."""
    # given a standby that is behind
    pair.hold()
    before = pair.get("/structure", as_of="1811-07-01")
    recorded = pair.record(MINING).json()
    position = recorded["positions"][1]

    # when it is asked
    now = pair.get("/structure", as_of="1811-07-01")

    # then it answers of its own head, and says so
    assert now.content == before.content
    assert now.json()["known_at"]["position"] == position - 3
    assert pair.get("/structure", as_of="1811-07-01", known_at=position - 3).status_code == 200

    # and of no later one
    not_here_yet(pair.get("/structure", as_of="1811-07-01", known_at=position))
    not_here_yet(pair.get("/structure", as_of="1811-07-01", known_at=position - 2))
    not_here_yet(pair.get("/units/mint", known_at=position))
    not_here_yet(pair.get("/events", known_at=position))
    not_here_yet(pair.get("/structure", as_of="1811-07-01", known_at=recorded["head"]["recorded"]))
    not_here_yet(pair.get("/diff", as_of="1811-07-01", known_from=position - 3, known_to=position))
    not_here_yet(pair.get("/structure", as_of="1811-07-01", known_at=position, hash=recorded["head"]["hash"]))
    assert refusal(pair.get("/structure", as_of="1811-07-01", known_at=position + 1))[:2] == (422, "not-known-yet")
    assert refusal(pair.get("/structure", as_of="1811-07-01", known_at="9" * 30))[:2] == (422, "not-known-yet")
    assert refusal(pair.get("/structure", as_of="1811-07-01", known_at="soon"))[:2] == (422, "not-a-known-at")

    # and a moment later all of them
    pair.let_go()
    then = pair.get("/structure", as_of="1811-07-01", known_at=position)
    assert then.status_code == 200
    assert then.json()["known_at"] == recorded["head"]
    assert then.json()["units"]["mint"]["parent"] == "mining"
    assert pair.get("/structure", as_of="1811-07-01", known_at=recorded["head"]["recorded"]).json() == then.json()


def test_what_was_recorded_long_ago_is_answered_by_its_instant(pair: Pair) -> None:
    """A standby that has something later has all that was before."""
    founded = pair.get("/structure", as_of="1811-07-01").json()["known_at"]["recorded"]
    assert pair.record(MINING).status_code == 201
    pair.hold()
    assert pair.record(LATER).status_code == 201

    answered = pair.get("/structure", as_of="1811-07-01", known_at=founded)

    assert answered.status_code == 200
    assert answered.json()["known_at"]["position"] == 7


def test_a_register_that_was_just_founded_is_not_unknown(pair: Pair) -> None:
    """404 would be kept by somebody who asks too soon."""
    pair.hold()
    headers = {"Authorization": f"Bearer {pair.secret}"}
    pair.client.post("/v1/institutions/bank/entries", content=json.dumps(FOUNDING), headers=headers)

    not_here_yet(pair.client.get("/v1/institutions/bank/structure?as_of=1811-07-01"))
    assert pair.client.get("/v1/institutions/none/structure?as_of=1811-07-01").status_code == 404

    pair.let_go()
    assert pair.client.get("/v1/institutions/bank/structure?as_of=1811-07-01").status_code == 200


def test_what_is_recorded_is_decided_on_by_the_primary(pair: Pair) -> None:
    """An entry is tried on what is recorded, not on what has come to the copy."""
    pair.hold()
    assert pair.record(MINING).status_code == 201
    assert pair.record(MINING).status_code == 200
    headers = {"Authorization": f"Bearer {pair.secret}"}

    previewed = pair.client.post("/v1/institutions/mint/preview", content=json.dumps(LATER), headers=headers)

    assert previewed.status_code == 200
    assert previewed.json()["known_at"]["position"] == 10


def test_the_standby_answers_while_the_primary_is_away(pair: Pair) -> None:
    """Readers go on; who records, or asks for what only the primary may have, is told."""
    head = pair.get("/structure", as_of="1811-07-01").json()["known_at"]
    pair.primary.kill()

    assert pair.get("/structure", as_of="1811-07-01", known_at=head["position"]).status_code == 200
    assert pair.get("/structure", as_of="1811-07-02").json()["known_at"] == head
    assert pair.client.get("/readyz").status_code == 200
    not_here_yet(pair.get("/structure", as_of="1811-07-01", known_at=head["position"] + 1))
    not_here_yet(pair.get("/structure", as_of="1811-07-01", known_at=head["recorded"]))
    assert refusal(pair.record(MINING))[:2] == (503, "store-unusable")

    pair.primary.start()
    assert pair.record(MINING).status_code == 201
    pair.caught_up()
    assert pair.get("/structure", as_of="1811-07-01", known_at=head["position"] + 1).status_code == 200


def test_a_standby_is_not_written_to(pair: Pair) -> None:
    """Who mistakes one for the database is told; and a file is nobody's standby."""
    with (
        pytest.raises(StoreUnusable, match="recovery"),
        readings_in(database_at(pair.standby.url(pair.database))) as readings,
        readings.registers.page("mint"),
    ):
        pass
    with (
        readings_in(database_at(pair.primary.url(pair.database))) as recording,
        pytest.raises(StoreUnusable, match="follows no other"),
        readings_following("sqlite:///copy.sqlite", recording),
    ):
        pass
