"""Recording in a log of either database, from other processes too, and reaching into it past the program."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg

from domain.changes import PersonRegistered
from domain.events import Event, make_event
from domain.log import Log, PositionTaken
from projections.recorders.postgres import open_postgres
from projections.recorders.sqlite import open_sqlite
from projections.tables.rebuilding import MaintainedLog
from tests.postgres import OWNER, ROLE

ROOT = Path(__file__).parents[2]
NOON = datetime(2024, 5, 24, 12, tzinfo=UTC)


def noon() -> datetime:
    """A clock that stands."""
    return NOON


def persons(name: str, number: int) -> list[Event]:
    """An entry that registers *number* persons."""
    return [
        make_event(
            "mint",
            name,
            n,
            PersonRegistered(person=f"{name}-{n}", name={"en": "Somebody"}),
            effective=None,
            given_by=None,
            basis="stated",
            instrument=None,
            sources=(),
            recorded_by="import",
        )
        for n in range(1, number + 1)
    ]


def record(log: Log, name: str, number: int, clock: Callable[[], datetime] = noon) -> tuple[int, int]:
    """Record an entry at the head, wherever that has moved to."""
    while True:
        try:
            return log.append("mint", persons(name, number), expected=log.head("mint").position, clock=clock)
        except PositionTaken:
            continue


def opened(address: str) -> MaintainedLog:
    """The log at *address*, of either kind."""
    return open_postgres(address) if address.startswith("postgresql://") else open_sqlite(address)


@contextmanager
def of_three_entries(address: str) -> Iterator[MaintainedLog]:
    """A log of three entries: a at 1-2, b at 3-5, c at 6."""
    with opened(address) as log:
        for name, number in (("a", 2), ("b", 3), ("c", 1)):
            record(log, name, number)
        yield log


def check_whole(log: Log, entries: dict[str, int]) -> None:
    """Every one of *entries* is there, whole and in one piece, and nothing else."""
    found: dict[str, list[int]] = {}
    recorded = ""
    for position, event in zip(count(1), log.read("mint"), strict=False):
        assert event.position == position
        assert event.recorded >= recorded
        recorded = event.recorded
        found.setdefault(event.event.entry, []).append(position)
    assert {name: len(positions) for name, positions in found.items()} == entries
    for name, positions in found.items():
        assert positions == list(range(positions[0], positions[0] + len(positions)))
        assert log.entry("mint", name) == (positions[0], positions[-1])
    assert log.verify("mint") == log.head("mint")


# --- other processes

WRITER = """
import sys
from datetime import UTC, datetime, timedelta
from tests.projections.recording import opened, record

address, name, entries, events, behind = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
with opened(address) as log:
    for n in range(entries):
        record(log, f"{name}-{n}", events, lambda: datetime.now(UTC) - timedelta(hours=behind))
        print(f"{name}-{n}", flush=True)
"""


def writer(address: str, name: str, entries: int, events: int, behind: int = 0) -> subprocess.Popen[str]:
    """Another process that records, and names each entry once it is recorded; its clock is hours *behind*."""
    command = [sys.executable, "-W", "error", "-c", WRITER, address, name, str(entries), str(events), str(behind)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


# --- past the program


def unguard(raw: sqlite3.Connection) -> None:
    """Drop the triggers, as someone would who means to alter the log."""
    for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")


class Past(Protocol):
    """The database of a log, in the hands of its owner."""

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run a statement, each `?` of which stands for a value; the rows that it gives."""

    def unguard(self) -> None:
        """Take away what guards the log."""

    def fail_at(self, number: int) -> None:
        """Have the database fail at the *number*-th change of an entry, as if the disk did."""


@dataclass
class PastSQLite:
    """A file."""

    raw: sqlite3.Connection

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """As Past says."""
        return self.raw.execute(statement, values).fetchall()

    def unguard(self) -> None:
        """As Past says."""
        unguard(self.raw)

    def fail_at(self, number: int) -> None:
        """As Past says."""
        self.raw.execute(
            f"CREATE TRIGGER fail AFTER INSERT ON stored_events WHEN NEW.number = {number}"
            " BEGIN SELECT RAISE(ABORT, 'the disk failed'); END"
        )


@dataclass
class PastPostgres:
    """A database on a server."""

    owner: psycopg.Connection[Any]

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """As Past says."""
        cursor = self.owner.execute(statement.replace("?", "%s"), values)
        return cursor.fetchall() if cursor.description else []

    def unguard(self) -> None:
        """As Past says."""
        self.owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")

    def fail_at(self, number: int) -> None:
        """As Past says."""
        self.owner.execute(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF NEW.number = {number} THEN RAISE EXCEPTION 'the disk failed' USING ERRCODE = '23000'; END IF;"
            " RETURN NEW; END $$"
        )
        self.owner.execute("CREATE TRIGGER fail BEFORE INSERT ON stored_events FOR EACH ROW EXECUTE FUNCTION fail()")


@contextmanager
def past(address: str) -> Iterator[Past]:
    """The database at *address*, where a log is."""
    if address.startswith("postgresql://"):
        with closing(psycopg.connect(address.replace(f"//{ROLE}@", f"//{OWNER}@"), autocommit=True)) as owner:
            owner.execute("SET search_path = regesta")
            yield PastPostgres(owner)
    else:
        with closing(sqlite3.connect(address, isolation_level=None)) as raw:
            yield PastSQLite(raw)
