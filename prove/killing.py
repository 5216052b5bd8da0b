"""kill -9 at random moments of recording, importing and rebuilding a register: of who does it, and of the database."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

import psycopg

from api.store import database_at, log_in
from domain.entries import entry_from
from domain.errors import RegisterError, StoreUnusable
from prove.processes import Blow, Ended, commanded, forked, killed_after
from prove.promises import Trial
from prove.stores import Database, Place, Store, in_a_file, in_postgresql
from tests.api.commandline import entry, established, founding, jsonl_of
from tests.projections.test_erasure import agree, registers_of

CHANGES = 3  # of each entry
ENTRIES = 40  # recorded, or imported, if nothing kills who does it
ON_A_SERVER = 12  # the same, where each entry takes longer
STOOD = 20  # that stand before
AGAIN = 0.02  # seconds after which an entry is sent again that could not be recorded

Work: TypeAlias = Callable[[Blow | None], Ended]
"""What a process does to a register, and what befalls it there."""


def decree(name: str) -> Mapping[str, Any]:
    """An entry of CHANGES changes."""
    return entry(name, *(established(f"{name}-{n}", "1811-01-01") for n in range(CHANGES)))


def founded(store: Store) -> None:
    """Have a register of STOOD entries in *store*, whenever it begins anew."""
    with store.open() as log:
        registers = registers_of(log)
        for given in (founding("Mint"), *(decree(f"stood-{n}") for n in range(STOOD))):
            registers.record("mint", entry_from(given, "prove"), "prove")
    store.keep()
    store.renew()


def recording(url: str, entries: int) -> int:
    """Record one entry after another, and acknowledge each when it is recorded; what is not is sent again."""
    left = [f"new-{number}" for number in range(entries)]
    while left:
        try:
            with log_in(database_at(url)) as log:
                registers = registers_of(log)
                while left:
                    registers.record("mint", entry_from(decree(left[0]), "prove"), "prove")
                    os.write(1, f"recorded x {left.pop(0)}\n".encode())
        except StoreUnusable as fault:
            os.write(2, f"{fault}\n".encode())
            time.sleep(AGAIN)
    return 0


def works_on(store: Store, scratch: Path, entries: int) -> dict[str, Work]:
    """What is done to a register: recording, importing, rebuilding."""
    lines = jsonl_of(scratch / "entries.jsonl", [decree(f"new-{number}") for number in range(entries)])
    return {
        "recording": lambda blow: forked(lambda: recording(store.url, entries), blow),
        "importing": lambda blow: commanded(store.url, "import", lines, "--institution", "mint", blow=blow),
        "rebuilding": lambda blow: commanded(store.url, "rebuild", "mint", blow=blow),
    }


def acknowledged(ended: Ended) -> set[str]:
    """The entries that a process said are recorded, in lines that came whole."""
    lines = ended.out.split("\n")[:-1]
    return {line.split()[2] for line in lines if line.startswith("recorded ") and len(line.split()) > 2}


def faults_of(ended: Ended) -> list[str]:
    """What is wrong with how a process ended, who was killed or may have met with a database that was."""
    if ended.status not in (0, 1, -signal.SIGKILL):
        return [f"status {ended.status}: {ended.err[-300:]}"]
    return ["it ends with a trace of the program"] if "Traceback" in ended.err else []


def faults_after(store: Store, told: set[str]) -> list[str]:
    """What is wrong with a register in which *told* were acknowledged."""
    try:
        with store.open() as log:
            agree(log)
            found = Counter(row.event.entry for row in log.read("mint"))
    except (RegisterError, AssertionError, sqlite3.DatabaseError, psycopg.Error) as fault:
        return [f"it does not verify: {fault!r}"]
    stood = {"founding", *(f"stood-{n}" for n in range(STOOD))}
    lost = (told | stood) - found.keys()
    half = [name for name, changes in found.items() if changes != (1 if name == "founding" else CHANGES)]
    return [f"lost: {sorted(lost)}"] * bool(lost) + [f"half there: {half}"] * bool(half)


def struck(
    trial: Trial, tries: int, store: Store, entries: int, blows: Mapping[str, Callable[[float], Blow]]
) -> dict[str, list[bool]]:
    """Have who records, who imports and who rebuilds struck in turn, each at a random moment of what that takes.

    By work, and by blow: whether it came before the end.
    """
    founded(store)
    works = works_on(store, trial.scratch, entries)
    takes: dict[str, float] = {}
    for name, work in works.items():
        store.renew()
        begun = perf_counter()
        ended = work(None)
        takes[name] = perf_counter() - begun
        store.settle()
        if ended.status or ended.err or faults_after(store, acknowledged(ended)):
            trial.survived(f"{name}, which nothing befell", f"status {ended.status} {ended.err[-300:]}")
    met: dict[str, list[bool]] = {name: [] for name in (*works, *blows)}
    for number in range(tries):
        name = list(works)[number % len(works)]
        how = list(blows)[number // len(works) % len(blows)]
        after = trial.chance.uniform(0, takes[name])
        store.renew()
        ended = works[name](blows[how](after))
        store.settle()
        faults = [*faults_of(ended), *faults_after(store, acknowledged(ended))]
        trial.survived(f"{name}, {how} after {after:.3f} s", *faults)
        for each in (name, how):
            met[each].append(bool(ended.status or ended.err))
    return met


def _told(met: Mapping[str, list[bool]], what: str) -> str:
    return ", ".join(f"{name}: {sum(hits)} of {len(hits)} {what}" for name, hits in met.items() if hits)


def killed(trial: Trial, tries: int, place: Place = in_a_file, entries: int = ENTRIES) -> None:
    """Kill who records, who imports and who rebuilds in turn, each at a random moment of what that takes."""
    with place(trial.scratch) as store:
        met = struck(trial, tries, store, entries, {"killed": killed_after})
    del met["killed"]
    trial.measured.append(_told(met, "killed before the end"))


def killed_on_a_server(trial: Trial, tries: int) -> None:
    """The same, with the register in a PostgreSQL database."""
    killed(trial, tries, in_postgresql, ON_A_SERVER)


# --- the database


def stopped(database: Database) -> None:
    """The server ends at once, all its processes by a signal of its own, and is started again."""
    database.server.kill()
    database.server.start()


def slain(database: Database) -> None:
    """Its first process is killed, and it is started again."""
    database.server.slay()
    database.server.start()


WAYS: Mapping[str, Callable[[Database], None]] = {
    "immediate stop": stopped,
    "kill -9 of the server": slain,
    "kill -9 of the process that serves": Database.cut_down,
}


def befalling(database: Database, way: Callable[[Database], None], after: float) -> Blow:
    """That the server of *database* is killed, and starts again, while somebody is at work there."""

    def blow(_: int) -> None:
        time.sleep(after)
        way(database)

    return blow


def databases_killed(trial: Trial, tries: int) -> None:
    """Kill the server of the database, in one way after another, while somebody is at work there."""
    with in_postgresql(trial.scratch) as database:
        blows = {name: partial(befalling, database, way) for name, way in WAYS.items()}
        met = struck(trial, tries, database, ON_A_SERVER, blows)
        trial.measured.append(f"PostgreSQL {database.ask('SHOW server_version')[0][0].split()[0]}")
    trial.measured.append(_told({name: met[name] for name in WAYS}, "met with who was at work"))
