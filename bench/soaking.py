"""Servers under mixed load for a bounded time, of which one is killed, and the database: nothing may be lost."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import linear_regression
from time import monotonic

import orjson

from api.store import database_at
from bench.clients import FOUNDING, NO_ANSWER, REGISTER, Client, Ledger, entry
from bench.figures import Times, shown
from bench.offices import UNBOUNDED, Office
from bench.peers import ROOT
from bench.places import Place
from bench.postgresql import InDatabase
from domain.log import Recorded

READERS, WRITERS = 5, 3
BLOW = 1 / 3
"""The part of the time after which all that is killed is killed."""
JUDGED = 2 / 3
"""The part from which on memory is judged: until then what a server keeps fills again in one that began anew."""
TOLD = (1 / 6, BLOW, 1 / 2, JUDGED, 5 / 6, 1.0)
"""The parts at which memory is told of."""
STEP = 0.5  # seconds between two looks at memory
LONG = 300
"""Seconds from which on memory is judged: of less, a third is too short to fill what is kept, and to see a line."""
SET = {**UNBOUNDED, "REGESTA_ANSWERS_MIB": "16"}
"""How servers are set up: answers fill their room soon."""
OF_EVENT = 4 / 1024
"""MB by which a server may grow for each event, until its rooms are full (docs/operating.md): 1 to 3 KiB were seen."""
UNEVEN = 0.05
"""The part of its memory by which a server may seem to grow that does not, in a third of the time."""


@dataclass(frozen=True)
class Look:
    """What was seen at an instant: seconds from the beginning, events acknowledged, and megabytes of each server."""

    at: float
    events: int
    megabytes: tuple[float, ...]


@dataclass(frozen=True)
class Growth:
    """How a server's memory went while it was judged, by the straight line nearest to all looks at it, in megabytes."""

    server: int
    level: float
    """Where the line begins."""
    grown: float
    events: int
    """Events recorded the while."""

    @property
    def allowed(self) -> float:
        """How much it may have grown."""
        return UNEVEN * self.level + OF_EVENT * self.events

    def __str__(self) -> str:
        """In words."""
        return (
            f"server {self.server}: {self.level:.0f} MB and {self.grown:+.1f} MB over {self.events:,} events"
            f" (at most {self.allowed:.1f})"
        )


@dataclass(frozen=True)
class Soaked:
    """What a soak came to; *faults* are lines, none if all is well."""

    store: str
    seconds: float
    ledger: Ledger
    events: int
    looks: Sequence[Look]
    faults: Sequence[str]

    def __str__(self) -> str:
        """The tables, in Markdown."""
        answered = sum(count for kind in self.ledger.statuses.values() for s, count in kind.items() if s != NO_ANSWER)
        lines = [
            f"**{self.store}**: {shown(self.seconds)} s, {READERS} readers and {WRITERS} writers;"
            f" {answered:,} answers, {answered / self.seconds:,.0f} a second;"
            f" {len(self.ledger.acknowledged):,} entries acknowledged, {self.events:,} events in the log."
            f" {'; '.join(self.faults) or 'Nothing is lost; heads are equal, chain and tables verify.'}",
            "",
            "| request | p50 | p99 | answers by status |",
            "|---|---|---|---|",
        ]
        for kind, statuses in sorted(self.ledger.statuses.items()):
            took = Times.of(self.ledger.seconds[kind]) if self.ledger.seconds[kind] else None
            times = (f"{shown(took.p50 * 1e3)} ms", f"{shown(took.p99 * 1e3)} ms") if took else ("", "")
            lines.append(f"| {kind} | {times[0]} | {times[1]} | {_told(statuses)} |")
        lines += ["", "| of the time | events | MB of each server |", "|---|---|---|"]
        end = self.looks[-1].at
        told = [(part, next(look for look in self.looks if look.at >= part * end)) for part in TOLD]
        lines += [f"| {part:.0%} | {look.events:,} | {', '.join(map(shown, look.megabytes))} |" for part, look in told]
        if judged(end):
            lines += ["", f"Memory in the last third: {'; '.join(map(str, growths(self.looks)))}."]
        else:
            lines += ["", f"Memory is judged of soaks of {LONG} s and more."]
        return "\n".join(lines) + "\n"


def _told(statuses: Counter[int]) -> str:
    return ", ".join(f"{status or 'none came'}: {count:,}" for status, count in sorted(statuses.items()))


def soaked(place: Place, servers: int, seconds: float, scratch: Path) -> Soaked:
    """Load *servers* on *place* for *seconds*, while one of them is killed and PostgreSQL restarted; then prove all."""
    with place.log(), database_at(place.url).keys() as keys:
        key = keys.create("soak", ["record"])
    offices = [Office(place.url, scratch / f"server-{number}.log", SET) for number in range(servers)]
    ledger, stop = Ledger(), threading.Event()
    with ExitStack() as stack:
        for office in offices:
            stack.callback(office.kill)
            office.run()
        clients = [Client(number, offices[number % servers], key, ledger, stop) for number in range(READERS + WRITERS)]
        status, _ = clients[0].ask("founding", f"/v1/institutions/{REGISTER}/entries", (201,), body=FOUNDING)
        if status != 201:
            raise RuntimeError(f"the register was not founded: {ledger.faults}")
        del ledger.statuses["founding"], ledger.seconds["founding"]
        with ThreadPoolExecutor(len(clients)) as threads:
            start = monotonic()
            done = [threads.submit(c.write if c.number < WRITERS else c.read) for c in clients]
            try:
                looks = list(_course(place, offices, ledger, start, seconds))
            finally:
                stop.set()
            for each in done:
                each.result()
            took = monotonic() - start
        faults = [*_counted(ledger.faults), *_unequal(offices)]
        faults += [f"a server ended with status {status}" for office in offices if (status := office.stop())]
    with place.log() as log:
        rows = list(log.read(REGISTER))
    faults += [*lost(ledger.acknowledged, rows), *_unproved(place)]
    if judged(seconds):
        faults += grown(growths(looks))
    return Soaked(_called(place, servers), took, ledger, len(rows), looks, faults)


def _called(place: Place, servers: int) -> str:
    store = "PostgreSQL" if isinstance(place, InDatabase) else "SQLite"
    return f"{store}, {servers} server process{'es' if servers > 1 else ''}"


def _course(place: Place, offices: Sequence[Office], ledger: Ledger, start: float, seconds: float) -> Iterator[Look]:
    """The time as it goes by: looks at memory, and the blows."""
    fallen = False
    while (gone := monotonic() - start) < seconds:
        yield _look(offices, ledger, gone)
        if gone >= BLOW * seconds and not fallen:
            fallen = True
            offices[0].kill()
            offices[0].run()
            if isinstance(place, InDatabase):
                place.server.kill()
                place.server.start()
        _sleep_until(min(start + gone + STEP, start + seconds))
    yield _look(offices, ledger, gone)


def _look(offices: Sequence[Office], ledger: Ledger, at: float) -> Look:
    events = len(ledger.acknowledged) * len(entry("x", 0)["changes"])
    return Look(at, events, tuple(office.megabytes() for office in offices))


def _sleep_until(instant: float) -> None:
    threading.Event().wait(max(0.0, instant - monotonic()))


def lost(acknowledged: Mapping[str, Sequence[int]], rows: Iterable[Recorded]) -> Iterator[str]:
    """Lines on what was acknowledged and does not stand once, whole, where it was said to; and on half entries."""
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.event.entry, []).append(row.position)
    for name, (first, last) in acknowledged.items():
        if found.get(name) != list(range(first, last + 1)):
            yield f"LOST: {name} was acknowledged at {first}-{last} and stands at {found.get(name, 'none')}"
    whole = len(entry("x", 0)["changes"])
    for name, places in found.items():
        if name != FOUNDING["entry"] and len(places) != whole:
            yield f"HALF: {name} has {len(places)} events of {whole}"


def _counted(faults: Sequence[str]) -> list[str]:
    """The first faults, and how many there are."""
    return [*faults[:5], *([f"and {len(faults) - 5} more"] if len(faults) > 5 else [])]


def _unequal(offices: Sequence[Office]) -> Iterator[str]:
    heads = set()
    for office in offices:
        connection = HTTPConnection("127.0.0.1", office.port, timeout=60)
        connection.request("GET", f"/v1/institutions/{REGISTER}/structure?as_of=2003-01-01")
        heads.add(orjson.loads(connection.getresponse().read())["known_at"]["hash"])
        connection.close()
    if len(heads) != 1:
        yield f"servers tell of different heads: {', '.join(sorted(heads))}"


def _unproved(place: Place) -> Iterator[str]:
    """What `verify` finds, in a process of its own."""
    command = [sys.executable, "-m", "api", "--db", place.url, "verify"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  # our own
    if done.returncode:
        yield f"verify ended with status {done.returncode}: {done.stdout} {done.stderr}"


def judged(seconds: float) -> bool:
    """Whether a soak is long enough for its memory to be judged."""
    return seconds >= LONG


def growths(looks: Sequence[Look]) -> list[Growth]:
    """How the memory of each server went in the last third of the time."""
    late = [look for look in looks if look.at >= JUDGED * looks[-1].at]
    times, events = [look.at for look in late], late[-1].events - late[0].events
    found = []
    for server in range(len(late[0].megabytes)):
        slope, base = linear_regression(times, [look.megabytes[server] for look in late])
        found.append(Growth(server, base + slope * times[0], slope * (times[-1] - times[0]), events))
    return found


def grown(growths: Iterable[Growth]) -> Iterator[str]:
    """Lines on servers that grow more than by what they keep of what was recorded."""
    return (f"it grows: {growth}" for growth in growths if growth.grown > growth.allowed)
