"""kill -9 at random moments of recording, importing and rebuilding a register in a file."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from domain.entries import entry_from
from domain.errors import ChainBroken
from projections.recorders.sqlite import open_sqlite
from prove.processes import Ended, commanded, forked
from prove.promises import Trial
from tests.api.commandline import entry, established, founding, jsonl_of
from tests.projections.test_erasure import agree, registers_of

CHANGES = 3  # of each entry
ENTRIES = 40  # recorded, or imported, if nothing kills who does it
STOOD = 20  # that stand before


def decree(name: str) -> Mapping[str, Any]:
    """An entry of CHANGES changes."""
    return entry(name, *(established(f"{name}-{n}", "1811-01-01") for n in range(CHANGES)))


def founded(file: Path) -> bytes:
    """A register of STOOD entries, as the bytes of its file."""
    with open_sqlite(file) as log:
        registers = registers_of(log)
        for given in (founding("Mint"), *(decree(f"stood-{n}") for n in range(STOOD))):
            registers.record("mint", entry_from(given, "prove"), "prove")
    whole = file.read_bytes()
    file.unlink()
    return whole


def recording(file: Path) -> int:
    """Record one entry after another, and acknowledge each when it is recorded."""
    with open_sqlite(file) as log:
        registers = registers_of(log)
        for number in range(ENTRIES):
            registers.record("mint", entry_from(decree(f"new-{number}"), "prove"), "prove")
            os.write(1, f"recorded x new-{number}\n".encode())
    return 0


def acknowledged(ended: Ended) -> set[str]:
    """The entries that a process said are recorded, in lines that came whole."""
    lines = ended.out.split("\n")[:-1]
    return {line.split()[2] for line in lines if line.startswith("recorded ") and len(line.split()) > 2}


def faults_after(file: Path, told: set[str]) -> list[str]:
    """What is wrong with a register in which *told* were acknowledged."""
    try:
        with open_sqlite(file) as log:
            agree(log)
            found = Counter(row.event.entry for row in log.read("mint"))
    except (ChainBroken, AssertionError, sqlite3.DatabaseError) as fault:
        return [f"it does not verify: {fault!r}"]
    stood = {"founding", *(f"stood-{n}" for n in range(STOOD))}
    lost = (told | stood) - found.keys()
    half = [name for name, changes in found.items() if changes != (1 if name == "founding" else CHANGES)]
    return [f"lost: {sorted(lost)}"] * bool(lost) + [f"half there: {half}"] * bool(half)


def killed(trial: Trial, tries: int) -> None:
    """Kill who records, who imports and who rebuilds in turn, each at a random moment of what that takes."""
    file = trial.scratch / "registers.sqlite"
    whole = founded(file)
    lines = jsonl_of(trial.scratch / "entries.jsonl", [decree(f"new-{number}") for number in range(ENTRIES)])
    database = f"sqlite:///{file}"
    works: dict[str, Callable[[float | None], Ended]] = {
        "recording": lambda after: forked(lambda: recording(file), after),
        "importing": lambda after: commanded(database, "import", lines, "--institution", "mint", kill_after=after),
        "rebuilding": lambda after: commanded(database, "rebuild", "mint", kill_after=after),
    }
    takes: dict[str, float] = {}
    for name, work in works.items():
        file.write_bytes(whole)
        begun = perf_counter()
        ended = work(None)
        takes[name] = perf_counter() - begun
        if ended.status or faults_after(file, acknowledged(ended)):
            trial.survived(f"{name}, which nobody killed", f"status {ended.status} {ended.err[-300:]}")
    fell = Counter[str]()
    for number in range(tries):
        name = list(works)[number % len(works)]
        for left in trial.scratch.glob("registers.sqlite*"):
            left.unlink()
        file.write_bytes(whole)
        after = trial.chance.uniform(0, takes[name])
        ended = works[name](after)
        fell[name] += ended.status < 0
        trial.survived(f"{name}, killed after {after:.3f} s", *faults_after(file, acknowledged(ended)))
    counts = Counter(list(works)[number % len(works)] for number in range(tries))
    trial.measured.append(", ".join(f"{name}: {fell[name]} of {counts[name]} killed before the end" for name in works))
