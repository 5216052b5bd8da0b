"""A server over a real file, with a small institution that tests may record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.keys import Keys, keys_in_file
from api.readings import Readings
from domain.recording import Registers
from projections.recorders.sqlite import open_sqlite
from projections.tables.reading import Reader
from projections.tables.tabled import TabledLog
from tests.api.commandline import Ask, Run, in_this_process

FOUNDING: dict[str, Any] = {
    "entry": "founding",
    "effective": "1802-09-20",
    "instrument": {"kind": "decree", "number": "1", "signed": "1802-09-08"},
    "changes": [
        {"kind": "institution-declared", "name": {"en": "Treasury"}},
        {"kind": "unit-established", "unit": "treasury", "name": {"en": "Treasury"}},
        {"kind": "unit-established", "unit": "mint", "name": {"en": "Mint"}, "parent": "treasury"},
        {"kind": "post-created", "post": "warden", "unit": "mint", "title": {"en": "Warden"}, "seats": 1},
        {"kind": "person-registered", "person": "ann", "name": {"en": "Ann"}},
        {"kind": "appointed", "person": "ann", "post": "warden", "capacity": "substantive"},
    ],
}
"""Seven events: the instrument, and six changes."""

MINING: dict[str, Any] = {
    "entry": "mining",
    "effective": "1811-07-01",
    "instrument": {"kind": "decree", "number": "7", "signed": "1811-06-25"},
    "changes": [
        {"kind": "unit-established", "unit": "mining", "name": {"en": "Mining Department"}},
        {"kind": "unit-moved", "unit": "mint", "parent": "mining", "provision": "art. 3"},
    ],
}
"""The mint moves to a department established with the same decree."""


ADDRESSES = (
    "/structure?as_of=1811-07-01",
    "/diff?from=1802-09-19&to=1811-07-01",
    "/units/mint",
    "/posts/warden",
    "/persons/ann",
    "/instruments/mining",
    "/entries/mining",
    "/events",
    "/findings",
    "/flows",
    "/search?q=mint&as_of=1811-07-01",
)
"""One for each question about an institution."""


@dataclass
class Clock:
    """A clock that stands until it is set."""

    now: datetime = datetime(2024, 5, 24, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The instant it shows."""
        return self.now

    def pass_(self, hours: int) -> None:
        """Let *hours* go by."""
        self.now += timedelta(hours=hours)


@dataclass
class Server:
    """A server, with the key of a recorder, and shorthand for what tests ask of it."""

    file: Path
    clock: Clock
    log: TabledLog
    keys: Keys
    secret: str
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.open()

    def open(self, **settings: Any) -> TestClient:
        """Another client, of a server with other settings, on the same file."""
        readings = Readings(Registers(self.log, self.clock, self.log.history), Reader(self.log))
        app = create_app(readings, self.keys, **settings)
        return TestClient(app, raise_server_exceptions=False, follow_redirects=False)

    def get(self, path: str, institution: str = "mint", **query: Any) -> Any:
        """The JSON of an answer about an institution, which must be 200."""
        answer = self.client.get(f"/v1/institutions/{institution}{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, path: str, **query: Any) -> tuple[int, str, dict[str, Any]]:
        """Status, type and document of a refusal."""
        return refusal(self.client.get(f"/v1/institutions/mint{path}", params=query))

    def record(
        self, entry: object, institution: str = "mint", key: str | None = None, **headers: str
    ) -> httpx2.Response:
        """The answer to recording *entry*, bytes or plain data, with *key* or that of the recorder."""
        body = entry if isinstance(entry, bytes) else json.dumps(entry).encode()
        sent = {"Authorization": f"Bearer {key or self.secret}", **headers}
        return self.client.post(f"/v1/institutions/{institution}/entries", content=body, headers=sent)


def refusal(answer: httpx2.Response) -> tuple[int, str, dict[str, Any]]:
    """Status, type and document of an answer, which must be a problem document."""
    document = answer.json()
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert document["status"] == answer.status_code
    return answer.status_code, document["type"].removeprefix("/problems/"), document


@pytest.fixture
def run(db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on the database of the test, in this process."""

    def ran(*arguments: object) -> tuple[int, str, str]:
        status = in_this_process(monkeypatch, db, *arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return ran


@pytest.fixture
def ask(run: Run) -> Ask:
    """Asks the database of the test on the command line."""

    def asked(*arguments: object, status: int = 0) -> str:
        ended, out, err = run(*arguments)
        assert ended == status, err
        return err if status else out

    return asked


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of nothing."""
    file, clock = tmp_path / "registers.sqlite", Clock()
    with open_sqlite(file) as log, keys_in_file(file, clock) as keys:
        yield Server(file, clock, log, keys, keys.create("clerk", ["record", "redact"]))


@pytest.fixture
def mint(server: Server) -> Server:
    """A server of the mint: founded, and an hour later moved."""
    assert server.record(FOUNDING).status_code == 201
    server.clock.pass_(hours=1)
    assert server.record(MINING).status_code == 201
    return server
