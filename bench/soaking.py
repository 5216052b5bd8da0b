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
from time import monotonic

import orjson

from api.bodies import MOST
from api.store import database_at
from bench.clients import FOUNDING, NO_ANSWER, REGISTER, Client, Ledger, entry
from bench.figures import Times, shown
from bench.offices import Office
from bench.peers import ROOT
from bench.places import Place
from bench.postgresql import InDatabase
from domain.log import Recorded

READERS, WRITERS = 5, 3
MARKS = (0.25, 0.5, 0.75, 1.0)
"""Parts of the time at which memory is looked at."""
BEFORE = 0.5
"""The one after which all that is killed is killed."""
KEPT = MOST / 1e6
GROWTH = 1.25
"""How much more memory a server may hold at the end than at half time, the register having grown; and besides KEPT, the
MB of answers that it keeps by design, which a quiet machine has not filled by then."""
LONG = 60
"""Seconds from which on memory is judged: before, a server is still learning what it keeps."""


@dataclass(frozen=True)
class Soaked:
    """What a soak came to; *faults* are lines, none if all is well."""

    store: str
    seconds: float
    ledger: Ledger
    events: int
    memory: Mapping[float, Sequence[float]]
    """Part of the time → megabytes of each server."""
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
        lines += ["", "| of the time | MB of each server |", "|---|---|"]
        lines += [f"| {part:.0%} | {', '.join(map(shown, held))} |" for part, held in self.memory.items()]
        return "\n".join(lines) + "\n"


def _told(statuses: Counter[int]) -> str:
    return ", ".join(f"{status or 'none came'}: {count:,}" for status, count in sorted(statuses.items()))


def soaked(place: Place, servers: int, seconds: float, scratch: Path) -> Soaked:
    """Load *servers* on *place* for *seconds*, one of them killed midway and PostgreSQL restarted; then prove all."""
    with place.log(), database_at(place.url).keys() as keys:
        key = keys.create("soak", ["record"])
    offices = [Office(place.url, scratch / f"server-{number}.log") for number in range(servers)]
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
                memory = dict(_course(place, offices, start, seconds))
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
    if seconds >= LONG:
        faults += grown(memory)
    return Soaked(_called(place, servers), took, ledger, len(rows), memory, faults)


def _called(place: Place, servers: int) -> str:
    store = "PostgreSQL" if isinstance(place, InDatabase) else "SQLite"
    return f"{store}, {servers} server process{'es' if servers > 1 else ''}"


def _course(
    place: Place, offices: Sequence[Office], start: float, seconds: float
) -> Iterator[tuple[float, list[float]]]:
    """The time as it goes by: memory at its marks, and the blows."""
    for part in MARKS:
        _sleep_until(start + part * seconds)
        yield part, [office.megabytes() for office in offices]
        if part == BEFORE:
            offices[0].kill()
            offices[0].run()
            if isinstance(place, InDatabase):
                place.server.kill()
                place.server.start()


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


def grown(memory: Mapping[float, Sequence[float]]) -> Iterator[str]:
    """Lines on servers that hold much more at the end than at half time; one killed then, than the one before it."""
    for number, (before, after) in enumerate(zip(memory[BEFORE], memory[MARKS[-1]], strict=True)):
        if after > GROWTH * before + KEPT:
            yield f"server {number} grew from {before:.0f} to {after:.0f} MB"
