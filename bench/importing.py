"""What importing a large register takes: events a second, memory over time, and what a kill in the middle costs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, sleep

import orjson

from bench.building import INSTITUTION
from bench.figures import Figure
from bench.histories import entries
from bench.peers import ROOT
from bench.places import Place
from domain.entries import entry_from
from domain.log import Log

KILLED = 1 / 3  # of the entries, recorded when the import is killed
LOOK = 0.5  # seconds between two looks at the process
MIB = 1024  # KiB


@dataclass
class Watched:
    """An import that was watched: how far it was by the second, and the memory it took then, in MiB."""

    seconds: float = 0.0
    memory: list[tuple[int, float]] = field(default_factory=list)


def importing_figures(beside: Place, events: int, alive: int, scratch: Path) -> list[Figure]:
    """An import of *events* from a JSONL file in a place like *beside*, killed with -9 on its way and begun again.

    Raises: AssertionError, unless the log holds every entry once and in order, and its tables are those of the log.
    """
    source = scratch / "register.jsonl"
    wanted = _write(source, events, alive)
    killed, whole = Watched(), Watched()
    with beside.empty() as place, place.log() as log:
        _run(source, place, log, killed, until=int(KILLED * events))
        stood = log.head(INSTITUTION).position
        _run(source, place, log, whole)
        assert _recorded(log) == wanted, "an entry is missing, or stands twice"
        _verify(place)
        rate = (log.head(INSTITUTION).position - stood) / whole.seconds
    first, last = _about(whole.memory, 0.5), _about(whole.memory, 1.0)
    note = f"{events:,} events, A = {alive:,}, killed at {stood:,} and begun again; sample verified"
    grown = f"{first:.0f} MiB half-way, {last:.0f} MiB at the end, {max(m for _, m in whole.memory):.0f} MiB at most"
    return [
        Figure("", "import, events a second", None, None, rate, True, note=note),
        Figure("", "memory at the end ÷ memory half-way", None, None, last / first, note=grown),
    ]


def _write(source: Path, events: int, alive: int) -> list[str]:
    """Write the register as JSON lines; the ids of its entries in order."""
    names = []
    with source.open("wb") as out:
        for given in entries(events, alive):
            out.write(orjson.dumps(given) + b"\n")
            names.append(entry_from(given, "bench").entry)
    return names


def _command(place: Place, *words: str) -> list[str]:
    return [sys.executable, "-m", "api", "--db", place.url, *words]


def _run(source: Path, place: Place, log: Log, watched: Watched, until: int | None = None) -> None:
    """Import, and watch; killed as soon as more than *until* events are recorded."""
    start = perf_counter()
    process = subprocess.Popen(  # noqa: S603  # our own program
        _command(place, "import", str(source), "--institution", INSTITUTION),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None:
        head = log.head(INSTITUTION).position
        watched.memory.append((head, resident(process.pid)))
        if until is not None and head > until:
            process.kill()
        sleep(LOOK)
    watched.seconds = perf_counter() - start
    assert until is not None or process.returncode == 0, f"the import ended with {process.returncode}"


def resident(pid: int) -> float:
    """The memory that a process takes, in MiB; 0 if it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except FileNotFoundError:
        return 0.0
    return next((int(line.split()[1]) / MIB for line in lines if line.startswith("VmRSS")), 0.0)


def _recorded(log: Log) -> list[str]:
    """The ids of the entries in the log, each where it begins."""

    def names() -> Iterator[str]:
        before = ""
        for row in log.read(INSTITUTION):
            if row.event.entry != before:
                before = row.event.entry
                yield before

    return list(names())


def _verify(place: Place) -> None:
    command = _command(place, "verify", INSTITUTION, "--sample", "200")
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # our own program


def _about(memory: list[tuple[int, float]], share: float) -> float:
    """The memory when *share* of what was recorded at last was recorded."""
    last = memory[-1][0]
    return next((taken for head, taken in memory if head >= share * last and taken), memory[-1][1])
