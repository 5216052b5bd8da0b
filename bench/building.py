"""Registers of synthetic histories, built once and kept for every benchmark of that size."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from bench.histories import entries
from domain.changes import InstrumentIssued
from domain.entries import entry_from
from domain.events import Event
from domain.log import Log
from projections.recorders.sqlite import open_sqlite

INSTITUTION = "bench"


@dataclass(frozen=True)
class Ingest:
    """How long a register took to build: events a second, first and last tenth apart, for growth."""

    events: int
    seconds: float
    first_tenth: float
    last_tenth: float

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds


def events_of(events: int, alive: int, seed: int = 1, institution: str = INSTITUTION) -> Iterator[list[Event]]:
    """The events of each entry of a synthetic history, as recording would make them."""
    issued: dict[str, InstrumentIssued] = {}
    for given in entries(events, alive, seed):
        made = entry_from(given, "bench").events(institution, "bench", issued.get)
        for event in made:
            if isinstance(event.change, InstrumentIssued):
                issued.setdefault(event.change.instrument, event.change)
        yield made


def record(log: Log, institution: str, made: Iterable[list[Event]], per_commit: int = 500) -> Ingest:
    """Record the entries *made* in an empty register, at least *per_commit* events a commit, and time the appends."""
    marks: list[tuple[int, float]] = [(0, 0.0)]
    spent, head = 0.0, 0
    page: list[Event] = []
    for entry in chain(made, [None]):
        page += entry or []
        if len(page) >= per_commit or (entry is None and page):
            spent += _append(log, institution, page, head)
            head += len(page)
            marks.append((head, spent))
            page = []
    tenth = max(len(marks) // 10, 1)
    return Ingest(head, spent, _rate(marks[0], marks[tenth]), _rate(marks[-1 - tenth], marks[-1]))


def fresh(path: Path) -> Path:
    """*path*, with no file there, nor what SQLite left beside one."""
    for name in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        name.unlink(missing_ok=True)
    return path


def _append(log: Log, institution: str, page: list[Event], head: int) -> float:
    start = time.perf_counter()
    log.append(institution, page, expected=head, clock=lambda: datetime.now(UTC))
    return time.perf_counter() - start


def _rate(start: tuple[int, float], end: tuple[int, float]) -> float:
    return (end[0] - start[0]) / (end[1] - start[1])


def built(folder: Path, events: int, alive: int) -> tuple[Path, Ingest | None]:
    """The register of that size in *folder*, built if it is not there; None for one built before."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{events}-{alive}.sqlite"
    if path.exists():
        return path, None
    unfinished = path.with_suffix(".building")
    with open_sqlite(fresh(unfinished)) as log:
        ingest = record(log, INSTITUTION, events_of(events, alive))
    unfinished.rename(path)
    return path, ingest
