"""Several servers on one database, of which one is killed, and the database, and the replication: nothing is lost."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from subprocess import PIPE, Popen
from typing import Any

import pytest

from projections.recorders.postgres import open_postgres
from tests.api.commandline import command, in_this_process
from tests.api.test_cli_serve import PATIENCE, until_healthy
from tests.api.test_following import following
from tests.postgres import Server, server_in_a_folder

pytestmark = pytest.mark.needs("postgresql")

SAFE = ("fsync=on", "full_page_writes=on", "wal_retrieve_retry_interval=100ms")
"""As a server is that must lose nothing."""
NAMES = ("east", "west", "south")
ENOUGH = 4  # entries of each writer between two blows


def entry(name: str) -> dict[str, Any]:
    """An entry of three changes."""
    units = [
        {"kind": "unit-established", "unit": f"{name}-{n}", "name": {"en": name}, "effective": "1811-07-01"}
        for n in range(3)
    ]
    return {"entry": name, "changes": units}


FOUNDING = {
    "entry": "founding",
    "changes": [{"kind": "institution-declared", "name": {"en": "Mint"}, "effective": None}],
}


@dataclass
class Office:
    """A server in a process of its own, that may be killed and run again."""

    database: str
    standby: str
    address: str = ""
    process: Popen[str] | None = None

    def run(self) -> None:
        """Run it, and wait until it answers."""
        read = ["--read-db", self.standby] if self.standby else []
        line, environment = command(self.database, "serve", "--port", "0", *read)
        self.process = Popen(line, env=environment, stdout=PIPE, text=True)
        assert self.process.stdout is not None
        self.address = until_healthy(self.process.stdout.readline().split()[0])

    def kill(self) -> None:
        """End it as a power failure does."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()

    def ask(self, path: str, body: object = None, key: str = "") -> tuple[int, Any]:
        """Status and JSON of an answer; 0 and nothing if none came."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"} if key else {}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/v1/institutions/mint{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=90) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.loads(refusal.read())
        except (OSError, ValueError):
            return 0, None


@dataclass
class Load:
    """Writers, each through its own server, and readers through all: until they are told to stop."""

    offices: dict[str, Office]
    key: str
    acknowledged: dict[str, list[int]] = field(default_factory=dict)
    """Entry → the positions that its writer was told."""
    faults: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def write(self, name: str) -> None:
        """Record one entry after another; what is not answered is sent again, as a client would."""
        number = 0
        while not self.stop.is_set():
            what = f"{name}-{number}"
            status, answer = self.offices[name].ask("/entries", entry(what), self.key)
            if status in (200, 201):
                self.acknowledged[what] = answer["positions"]
                number += 1
            elif status not in (0, 503):
                self.faults.append(f"{what}: {status} {answer}")

    def read(self, name: str) -> None:
        """Ask for the structure at the head, and again at the position that an answer was of: it must be the same."""
        while not self.stop.is_set():
            day = "/structure?as_of=1811-07-01"
            status, answer = self.offices[name].ask(day)
            if status not in (0, 200, 503):
                self.faults.append(f"{status} {answer}")
            if status == 200:
                position = answer["known_at"]["position"]
                again, same = self.offices[name].ask(f"{day}&known_at={position}")
                if again == 200 and same["units"] != answer["units"]:
                    self.faults.append(f"at position {position} two answers differ")
                if len(answer["units"]) % 3 or len(answer["units"]) != position - 1:
                    self.faults.append(f"at position {position} there are {len(answer['units'])} units")

    def wait(self) -> None:
        """Let every writer record some more entries, or find out that one cannot."""
        before = {name: self._count(name) for name in NAMES}
        end = time.monotonic() + 20 * PATIENCE
        while any(self._count(name) < before[name] + ENOUGH for name in NAMES):
            assert time.monotonic() < end, (before, self.faults)
            self.stop.wait(0.05)

    def _count(self, name: str) -> int:
        return sum(what.startswith(name) for what in list(self.acknowledged))


@contextmanager
def at_work(offices: dict[str, Office], key: str) -> Iterator[Load]:
    """Writers and readers at work; when they stop, none has met with anything but patience."""
    load = Load(offices, key)
    with ThreadPoolExecutor(6) as threads:
        done = [threads.submit(load.write, name) for name in NAMES]
        done += [threads.submit(load.read, name) for name in NAMES]
        try:
            yield load
        finally:
            load.stop.set()
        for one in done:
            one.result()
    assert load.faults == []


def opened(stack: ExitStack, database: str, standby: str = "") -> dict[str, Office]:
    """Three servers on one database."""
    offices = {}
    for name in NAMES:
        office = offices[name] = Office(database, standby)
        stack.callback(office.kill)
        office.run()
    return offices


def key_of(database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """A key for writing."""
    assert in_this_process(monkeypatch, database, "token", "create", "clerk", "--scope", "record") == 0
    return capsys.readouterr().out.strip()


def nothing_is_lost(database: str, load: Load) -> None:
    """What was acknowledged stands where its writer was told, whole, and the log and its tables verify."""
    with open_postgres(database) as log:
        head = log.verify("mint")
        found: dict[str, list[int]] = {}
        for row in log.read("mint"):
            found.setdefault(row.event.entry, []).append(row.position)
        for what, (first, last) in load.acknowledged.items():
            assert found[what] == list(range(first, last + 1)), what
        unheard = found.keys() - load.acknowledged.keys() - {"founding"}
        assert len(unheard) <= len(NAMES)  # recorded, and the writer stopped before he was told
        assert all(len(places) == 3 for what, places in found.items() if what != "founding")
        assert head.position == sum(map(len, found.values()))


def test_three_servers_answer_as_one(
    postgres_server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is recorded through one is answered by all at once, whoever wrote meanwhile."""
    # given
    database = postgres_server.url(postgres_server.database())
    key = key_of(database, monkeypatch, capsys)
    with ExitStack() as stack:
        offices = opened(stack, database)
        assert offices["east"].ask("/entries", FOUNDING, key)[0] == 201
        for name in NAMES:
            status, recorded = offices[name].ask("/entries", entry(f"by-{name}"), key)
            assert status == 201
            for other in offices.values():
                answered = other.ask("/structure?as_of=1811-07-01")[1]
                assert answered["known_at"] == recorded["head"]
                assert f"by-{name}-2" in answered["units"]
        for other in offices.values():
            assert other.ask("/entries", entry("by-east"), key)[0] == 200
            assert other.ask("/entries", {**entry("by-west"), "entry": "by-east"}, key)[0] == 409

        # when
        with at_work(offices, key) as load:
            load.wait()

        # then
        heads = [office.ask("/structure?as_of=1811-07-01")[1]["known_at"] for office in offices.values()]
        assert heads[0] == heads[1] == heads[2]
        load.acknowledged |= {"by-east": [2, 4], "by-west": [5, 7], "by-south": [8, 10]}
        nothing_is_lost(database, load)
    assert in_this_process(monkeypatch, database, "verify") == 0
    assert heads[0]["hash"] in capsys.readouterr().out


def test_nothing_is_lost_when_server_database_and_replication_are_killed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In mid-load, with readers on a standby: each writer gets on, and all that he was told holds."""
    with ExitStack() as stack:
        # given
        primary = stack.enter_context(server_in_a_folder(SAFE))
        name = primary.database()
        database = primary.url(name)
        key = key_of(database, monkeypatch, capsys)
        standby = stack.enter_context(following(primary))
        offices = opened(stack, database, standby.url(name))
        assert offices["east"].ask("/entries", FOUNDING, key)[0] == 201

        with at_work(offices, key) as load:
            load.wait()

            # when a server is killed, and another run in its place
            offices["west"].kill()
            offices["west"].run()
            load.wait()

            # and the database, twice
            for _ in range(2):
                primary.kill()
                primary.start()
                load.wait()

            # and the replication
            standby.kill()
            standby.start()
            load.wait()

        # then
        nothing_is_lost(database, load)
        with open_postgres(database) as log:
            head = log.head("mint")
        for office in offices.values():
            asked = f"/structure?as_of=1811-07-01&known_at={head.position}"
            while (answer := office.ask(asked))[0] == 503:
                pass
            assert answer[0] == 200
            assert answer[1]["known_at"]["hash"] == head.hash
            assert len(answer[1]["units"]) == head.position - 1
    assert len(load.acknowledged) >= 5 * 3 * ENOUGH
