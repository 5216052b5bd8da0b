"""Clients of a server under load: each asks by chance, or records, and keeps what it was answered and how soon."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from random import Random
from time import monotonic, perf_counter, sleep
from typing import Any

import orjson

from bench.offices import Office

REGISTER = "soaked"
FOUNDING = {
    "entry": "founding",
    "effective": "1802-01-01",
    "changes": [
        {"kind": "institution-declared", "name": {"en": "Mint"}},
        {"kind": "unit-established", "unit": "mint", "name": {"en": "Mint"}},
    ],
}
NO_ANSWER = 0
PATIENT = (NO_ANSWER, 503)
"""Statuses after which a client sends the same again: the server, or its database, was killed."""
WAIT = 0.05  # seconds before it does
LAST_TRY = 60  # seconds after the end in which what was not acknowledged is sent again


LIFE = 10  # years that a unit exists, of two hundred: what a day's answer tells is a twentieth of all
SPAN = 10  # years that a difference reaches over, at most


def entry(name: str, day: int) -> dict[str, Any]:
    """An entry of five changes: a unit, a post in it, its first holder, and the end of it all after LIFE."""
    unit, post, person = f"u-{name}", f"p-{name}", f"h-{name}"
    year, month = 1803 + day % 200, 1 + day % 12
    changes = [
        {"kind": "unit-established", "unit": unit, "name": {"en": f"Office {name}"}, "parent": "mint"},
        {"kind": "post-created", "post": post, "unit": unit, "title": {"en": "Head"}, "seats": 1},
        {"kind": "person-registered", "person": person, "name": {"en": f"Berg {name}", "ru": f"Берг {name}"}},
        {"kind": "appointed", "person": person, "post": post, "capacity": "substantive"},
        {"kind": "unit-abolished", "unit": unit, "effective": f"{year + LIFE}-{month:02}-01"},
    ]
    return {"entry": name, "effective": f"{year}-{month:02}-01", "changes": changes}


@dataclass
class Ledger:
    """What all clients were answered."""

    acknowledged: dict[str, list[int]] = field(default_factory=dict)
    """Entry → the positions that its writer was told."""
    statuses: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    """Kind of request → status → how often."""
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Kind of request → how long each answer took that was as it should be."""
    faults: list[str] = field(default_factory=list)
    """Answers that no client should get."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, status: int, took: float, due: Sequence[int], body: bytes) -> None:
        """Keep account of one answer; *due* are the statuses that are right for it."""
        with self.lock:
            self.statuses[kind][status] += 1
            if status in due:
                self.seconds[kind].append(took)
            elif status not in PATIENT:
                self.faults.append(f"{kind}: {status} {body[:200].decode(errors='replace')}")

    def acknowledge(self, name: str, positions: list[int]) -> None:
        """An entry was said to be recorded. What is said of it again must be the same."""
        with self.lock:
            if self.acknowledged.setdefault(name, positions) != positions:
                self.faults.append(f"{name}: at {self.acknowledged[name]}, and then at {positions}")


class Client:
    """One client, on a connection that it keeps while it can."""

    def __init__(self, number: int, office: Office, key: str, ledger: Ledger, stop: threading.Event) -> None:
        self.number, self.office, self.key, self.ledger, self.stop = number, office, key, ledger, stop
        self.random = Random(number)  # noqa: S311  # chance, not secrecy
        self._connection: tuple[int, HTTPConnection] | None = None

    def ask(self, kind: str, path: str, due: Sequence[int] = (200,), **more: Any) -> tuple[int, Any]:
        """Status and body of one answer; 0 and nothing if none came."""
        body = orjson.dumps(more["body"]) if "body" in more else None
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"} if body else {}
        start = perf_counter()
        try:
            connection = self._connected()
            connection.request("POST" if body else "GET", path, body, headers | more.get("headers", {}))
            answer = connection.getresponse()
            status, got = answer.status, answer.read()
        except (OSError, HTTPException):
            self.close()
            status, got = NO_ANSWER, b""
        self.ledger.note(kind, status, perf_counter() - start, due, got)
        if status in PATIENT:
            sleep(WAIT)
        return status, got

    def _connected(self) -> HTTPConnection:
        if self._connection is None or self._connection[0] != self.office.port:
            self.close()
            self._connection = self.office.port, HTTPConnection("127.0.0.1", self.office.port, timeout=60)
        return self._connection[1]

    def close(self) -> None:
        """Give up the connection."""
        if self._connection is not None:
            self._connection[1].close()
            self._connection = None

    # --- reading

    def read(self) -> None:
        """Ask one thing after another until it is time to stop."""
        kinds: list[Callable[[], object]] = [self._structure, self._diff, self._thing, self._search, self._page]
        while not self.stop.is_set():
            self.random.choice(kinds)()
        self.close()

    def _day(self) -> str:
        return f"{self.random.randint(1803, 2003)}-{self.random.randint(1, 12):02}-15"

    def _some(self) -> str:
        """An entry that is acknowledged, or the founding's own unit before there is any."""
        return self.random.choice(list(self.ledger.acknowledged) or ["none-yet"])

    def _structure(self) -> None:
        self.ask("structure", f"/v1/institutions/{REGISTER}/structure?as_of={self._day()}")

    def _diff(self) -> None:
        early = self._day()
        late = f"{int(early[:4]) + self.random.randint(1, SPAN)}{early[4:]}"
        self.ask("diff", f"/v1/institutions/{REGISTER}/diff?from={early}&to={late}")

    def _thing(self) -> None:
        name = self._some()
        due = (404,) if name == "none-yet" else (200,)
        which = self.random.choice(("units/u", "posts/p", "persons/h"))
        self.ask("thing", f"/v1/institutions/{REGISTER}/{which}-{name}", due)

    def _search(self) -> None:
        self.ask("search", f"/v1/institutions/{REGISTER}/search?q=Berg+{self.random.randint(0, 99)}")

    def _page(self) -> None:
        self.ask("page", f"/institutions/{REGISTER}/structure?as_of={self._day()}")

    # --- recording

    def write(self) -> None:
        """Record one entry after another; what is not answered is sent again, as a client would."""
        written, head = 0, ""
        while not self.stop.is_set():
            name = f"{self.number}-{written}"
            if (answered := self._record(name, head if self.random.random() < 0.3 else "")) is None:
                break
            written, head = written + 1, answered
            if self.random.random() < 0.2:
                self._again(self._some())
            if self.random.random() < 0.1:
                draft = entry(f"{name}-draft", self.random.randrange(2400))
                self.ask("preview", f"/v1/institutions/{REGISTER}/preview", body=draft)
        self.close()

    def _record(self, name: str, expected: str) -> str | None:
        """The head once *name* is recorded; None, if it could not be told within LAST_TRY after the end."""
        what = entry(name, int(name.partition("-")[2]))
        path, patience = f"/v1/institutions/{REGISTER}/entries", None
        while patience is None or monotonic() < patience:
            if expected:
                tag = {"If-Match": f'"{expected}"'}
                status, body = self.ask("entry, If-Match", path, (200, 201, 412), body=what, headers=tag)
            else:
                status, body = self.ask("entry", path, (200, 201), body=what)
            if status in (200, 201):
                told = orjson.loads(body)
                self.ledger.acknowledge(name, told["positions"])
                return str(told["head"]["hash"])
            expected = ""  # somebody else was first, or nobody answered
            if status not in (412, *PATIENT):
                return None
            if self.stop.is_set() and patience is None:
                patience = monotonic() + LAST_TRY
        self.ledger.faults.append(f"{name}: nobody answered for {LAST_TRY} s after the end")
        return None

    def _again(self, name: str) -> None:
        """Send what is recorded once more: as it was, then with other content."""
        if name == "none-yet":
            return
        same = entry(name, int(name.partition("-")[2]))
        path = f"/v1/institutions/{REGISTER}/entries"
        status, body = self.ask("entry again", path, body=same)
        if status == 200:
            self.ledger.acknowledge(name, orjson.loads(body)["positions"])
        self.ask("entry, other content", path, (409,), body={**same, "effective": "1802-02-02"})
