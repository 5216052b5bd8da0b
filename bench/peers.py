"""What the figures are ratios of: the library's own recorder, a bare range of rows, a plain fold, a bare route."""

from __future__ import annotations

import gc
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from bench.figures import Times, exponent, timed, times
from domain.acts import Known
from domain.fold import fold
from domain.log import Log

ROOT = Path(__file__).parent.parent
STREAM = "bench"
FOLDED = 100_000  # events; a longer log is folded in part, and the rest reckoned
PARTS = (4, 2, 1)  # a log too long is folded in these parts of FOLDED, to see how its cost grows
WARM = 50  # times that something is done before it is timed

Row: TypeAlias = tuple[Any, ...]
"""A row as an answer reads it: None, int, float, str or bytes in each column."""

Floor: TypeAlias = Callable[[int], Times]
"""Reads a bare range of rows so many times."""


# --- the library's own recorder


def library_ingest(events: Sequence[tuple[str, bytes]], per_commit: int, path: Path) -> float:
    """Events a second that the library's own recorder stores in the new file *path*, *per_commit* at a time.

    *events* are kinds with their stored bytes. Its settings are the library's own: WAL, and every commit forced
    to the disk. What is timed is `insert_events` alone: the objects it takes are made before.
    """
    stored = [StoredEvent(STREAM, position, kind, state) for position, (kind, state) in enumerate(events, 1)]
    commits = [stored[start : start + per_commit] for start in range(0, len(stored), per_commit)]
    datastore = SQLiteDatastore(str(path), originator_id_type="text")
    with closing(datastore):
        recorder = SQLiteApplicationRecorder(datastore)
        recorder.create_table()
        _require_forced(datastore)
        seconds = timed(lambda: [recorder.insert_events(commit) for commit in commits])
    return len(stored) / seconds


def _require_forced(datastore: SQLiteDatastore) -> None:
    """Holds the library to what it is compared as. Raises: RuntimeError."""
    with datastore.transaction(commit=False) as c:
        c.execute("SELECT journal_mode, synchronous FROM pragma_journal_mode, pragma_synchronous")
        mode, forced = c.fetchone()
    if (mode, forced) != ("wal", 2):
        raise RuntimeError(f"the library's recorder runs with journal {mode}, synchronous {forced}")


# --- a bare range of rows


@contextmanager
def sqlite_floor(rows: Sequence[Row], path: Path, size: int) -> Iterator[Floor]:
    """Reading as many rows as *rows* from one contiguous range of a clustered table, and nothing else, so many times.

    The new file *path* holds copies of *rows* up to *size* bytes; each reading takes one of them by chance, as
    answers about days by chance do. The driver, and the plain tuples that it makes, are those of the tables.
    """
    names = [f"c{number}" for number in range(len(rows[0]))]
    copies = _copies(rows, names, path, size)
    random = Random(1)  # noqa: S311  # chance, not secrecy
    query = f"SELECT {', '.join(names)} FROM floor WHERE grp = ?"  # noqa: S608  # names made here
    with closing(sqlite3.connect(path)) as connection:

        def read(number: int) -> None:
            if len(connection.execute(query, (order[number],)).fetchall()) != len(rows):
                raise RuntimeError(f"copy {order[number]} is not of {len(rows)} rows")

        order = [random.randrange(copies) for _ in range(WARM)]
        times(read, WARM)

        def again(repeats: int) -> Times:
            order[:] = [random.randrange(copies) for _ in range(repeats)]
            return times(read, repeats)

        yield again


def _copies(rows: Sequence[Row], names: Sequence[str], path: Path, size: int) -> int:
    """Fills the file *path* with numbered copies of *rows* up to *size* bytes, at least one; how many."""
    types = (_affinity([row[place] for row in rows]) for place in range(len(names)))
    columns = ", ".join(f"{name} {type_}" for name, type_ in zip(names, types, strict=True))
    insert = f"INSERT INTO floor VALUES ({', '.join('?' * (2 + len(names)))})"  # noqa: S608  # question marks
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")  # of a file that nobody needs after a crash
        connection.execute(
            f"CREATE TABLE floor (grp INTEGER, n INTEGER, {columns}, PRIMARY KEY (grp, n)) WITHOUT ROWID"
        )
        copies, filled = 0, 0
        while copies == 0 or filled < size:
            connection.execute("BEGIN")
            connection.executemany(insert, ((copies, n, *row) for n, row in enumerate(rows)))
            connection.execute("COMMIT")
            copies += 1
            filled = connection.execute(
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            ).fetchone()[0]
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return copies


def _affinity(values: Sequence[object]) -> str:
    """The column type that holds *values* as they are."""
    kinds = {type(value) for value in values if value is not None}
    affinities: dict[type, str] = {int: "INTEGER", float: "REAL", str: "TEXT", bytes: "BLOB"}
    return affinities.get(kinds.pop(), "") if len(kinds) == 1 else ""


# --- a plain fold


@dataclass(frozen=True)
class Folding:
    """Seconds that folding a log of *events* takes; if only *measured* of them were folded, reckoned by *growth*."""

    seconds: float
    events: int
    measured: int
    growth: float | None = None

    @property
    def note(self) -> str:
        """What is to be said beside the number."""
        if self.growth is None:
            return ""
        return f"reckoned from the first {self.measured:,} of {self.events:,} events by the exponent {self.growth:.2f}"


def plain_fold(log: Log, institution: str, most: int = FOLDED) -> Folding:
    """The time to fold decoded events: what the tables save a reader who keeps the whole log in memory.

    Of more than *most* events the first *most* are folded, and the rest is reckoned from how that grew.
    """
    events = log.head(institution).position
    rows = [(row.position, row.event) for row in log.read(institution, until=min(events, most))]
    return _folding(events, most, lambda size: fold(Known(rows[:size])))


def read_and_fold(log: Log, institution: str, most: int = FOLDED) -> Folding:
    """The time to read, decode and fold the log of *institution*, reckoned as `plain_fold` is."""

    def answer(size: int) -> object:
        return fold(Known([(row.position, row.event) for row in log.read(institution, until=size)]))

    return _folding(log.head(institution).position, most, answer)


def _folding(events: int, most: int, answer: Callable[[int], object]) -> Folding:
    if events <= most:
        return Folding(_collected(partial(answer, events)), events, events)
    sizes = [most // part for part in PARTS]
    costs = [_collected(partial(answer, size)) for size in sizes]
    growth = exponent(sizes, costs)
    return Folding(costs[-1] * (events / most) ** growth, events, most, growth)


def _collected(act: Callable[[], object]) -> float:
    """Seconds that *act* takes, with no one else's garbage to collect."""
    gc.collect()
    return timed(act)


# --- a bare route


def request_times(port: int, paths: Sequence[str], headers: Mapping[str, str] | None = None) -> Times:
    """Times of a GET of each of *paths* from this machine's *port*, its body read, over one kept connection.

    Raises: RuntimeError, for an answer other than 200 or, with *headers*, 304.
    """
    with closing(HTTPConnection("127.0.0.1", port, timeout=600)) as connection:
        wanted = 304 if headers else 200

        def ask(number: int) -> None:
            connection.request("GET", paths[number], headers=headers or {})
            answer = connection.getresponse()
            answer.read()
            if answer.status != wanted:
                raise RuntimeError(f"{paths[number]}: {answer.status}")

        return times(ask, len(paths))


@contextmanager
def bare_server(body: bytes) -> Iterator[int]:
    """The port of a server of one worker whose one route, `/`, answers with *body*, kept in memory."""
    server = subprocess.Popen(
        [sys.executable, "-m", "bench.bare"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        server.stdin.write(body)
        server.stdin.close()
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait(timeout=10)
        server.stdout.close()
