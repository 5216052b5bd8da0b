"""Registers as the tables hold them and as the fold tells of them, for comparing the two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson

from domain.acts import Known
from domain.dates import Day, iso
from domain.entries import Entry
from domain.errors import EntryDiffers, EntryRefused
from domain.events import Event
from domain.fold import fold
from domain.lives import Grade
from domain.recording import Registers
from domain.world import World
from projections.recorders.postgres import PostgresLogRecorder
from projections.recorders.postgres_read_tables import READ_TABLES
from projections.recorders.postgres_tables import PostgresShelf
from projections.recorders.sqlite import open_sqlite
from projections.recorders.sqlite_tables import SQLiteShelf
from projections.structure import Answer, structure
from projections.tables.asof import structure_json
from projections.tables.keeper import Keeper
from projections.tables.rebuilding import MaintainedLog
from projections.tables.shelf import EventCache, Shelf
from projections.tables.tabled import TabledLog
from tests.history import NOON

INSTITUTION = "cast"

Dumped: TypeAlias = dict[str, Counter[tuple[Any, ...]]]
"""Table → its rows."""

OF_THINGS = {"thing", "above", "below", "origin"}
"""The columns that hold the number of a thing."""


def in_memory() -> AbstractContextManager[MaintainedLog]:
    """A fresh store in memory."""
    return open_sqlite(":memory:")


class Fresh:
    """Where registers are recorded: in memory, unless a test has them elsewhere."""

    store: Callable[[], AbstractContextManager[MaintainedLog]] = staticmethod(in_memory)


@dataclass
class Store:
    """A register that was recorded, in the store that holds its tables."""

    log: MaintainedLog
    ends: list[int]
    """0, and the position at which each entry ends."""
    refused: int
    redacted: frozenset[str]
    rows: list[tuple[int, Event]]
    """The events, by position."""

    @property
    def head(self) -> int:
        """The last position."""
        return self.ends[-1]

    def world(self, position: int) -> World:
        """What the fold makes of the log up to *position*."""
        return fold(self.known(position))

    def known(self, position: int) -> Known:
        """The log up to *position*, ready for reading."""
        return Known(self.rows[:position], self.redacted)

    @property
    def tabled(self) -> TabledLog:
        """The log, with its tables."""
        assert isinstance(self.log, TabledLog)
        return self.log

    @property
    def in_postgres(self) -> bool:
        """Whether a PostgreSQL database holds it."""
        return isinstance(self.log._recorder, PostgresLogRecorder)

    @contextmanager
    def shelf(self, *, write: bool = False) -> Iterator[Shelf]:
        """The tables, in a transaction."""
        with self.log._recorder.datastore.transaction(commit=write) as cursor:  # type: ignore[attr-defined]
            yield (PostgresShelf if self.in_postgres else SQLiteShelf)(cursor, INSTITUTION)

    def connection(self) -> Any:
        """The connection to a database in memory, which has but one."""
        with self.log._recorder.datastore.get_connection(commit=False) as connection:  # type: ignore[attr-defined]
            return connection._sqlite_conn

    def select(self, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The columns and the rows of a query."""
        if self.in_postgres:
            with self.log._recorder.datastore.transaction() as cursor:  # type: ignore[attr-defined]
                rows = cursor.execute(query).fetchall()
                return [column.name for column in cursor.description], rows
        cursor = self.connection().cursor()
        cursor.row_factory = None
        rows = cursor.execute(query).fetchall()
        return [column[0] for column in cursor.description], rows

    def read_tables(self) -> list[str]:
        """The names of the read tables."""
        if self.in_postgres:
            return list(READ_TABLES)
        _, rows = self.select("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return [name for (name,) in rows if name != "stored_events" and not name.startswith(("sqlite_", "spelled"))]

    def forget(self) -> None:
        """Let whoever keeps the tables forget what he read, as after a restart."""
        self.log._recorder._kept.clear()  # type: ignore[attr-defined]

    def rebuild(self) -> None:
        """Make the tables anew from the log."""
        with self.shelf(write=True) as shelf:
            Keeper(INSTITUTION, EventCache()).rebuild(shelf, self.head, self.redacted)

    def dump(self) -> Dumped:
        """All rows of all tables but the log, things by name in place of their numbers, docs as they read."""
        names = dict(self.select("SELECT id, name FROM things")[1])
        found: Dumped = {}
        for table in self.read_tables():
            columns, rows = self.select(f"SELECT * FROM {table}")
            found[table] = Counter(
                tuple(
                    names[value] if column in OF_THINGS or (table, column) == ("things", "id") else _read(value)
                    for column, value in zip(columns, row, strict=True)
                    if (table, column) != ("spellings", "id")
                )
                for row in rows
            )
        if not self.in_postgres:  # the index of names fits them
            self.connection().execute("INSERT INTO spelled (spelled, rank) VALUES ('integrity-check', 1)")
        return found

    def believed(self) -> Counter[tuple[Any, ...]]:
        """The rows believed now, by what they tell: events by name in place of their positions, causes in full."""
        names = {position: event.target for position, event in self.rows}
        columns, rows = self.select(
            "SELECT believed.*, causes.body FROM believed"
            " LEFT JOIN causes ON causes.stream = believed.stream AND causes.id = believed.cause"
        )
        left_out = {"thing", "since", "bounds_since", "cause"}
        return Counter(
            tuple(
                (name, _by_name(value, names) if name == "acts" else value)
                for name, value in zip(columns, row, strict=True)
                if name not in left_out
            )
            for row in rows
        )


def _by_name(acts: str | None, names: dict[int, str]) -> str | None:
    """The acts of a row, with their events by name."""
    if acts is None:
        return None
    end, held = orjson.loads(acts)
    named = {name: [names[given[0]], *given[1:]] for name, given in held.items()}
    return orjson.dumps([[names[end[0]], *end[1:]] if end else None, named]).decode()


def _read(value: Any) -> Any:
    """*value*, with the order of keys in a doc made no matter."""
    if isinstance(value, bytes) and value[:1] == b"{":
        return orjson.dumps(orjson.loads(value), option=orjson.OPT_SORT_KEYS)
    return value


@contextmanager
def recorded(entries: Iterable[Entry], *, forgetful: bool = False) -> Iterator[Store]:
    """A fresh store in which *entries* are recorded in order, but for those that are refused.

    *forgetful*: whoever keeps the tables remembers nothing from one entry to the next, as after a restart.
    """
    with Fresh.store() as log:
        registers = Registers(log, lambda: NOON)
        ends, refused = [0], 0
        for entry in entries:
            try:
                receipt = registers.record(INSTITUTION, entry, "test")
            except (EntryRefused, EntryDiffers):
                refused += 1
                continue
            if receipt.new:
                ends.append(receipt.last)
            if forgetful:
                log._recorder._kept.clear()  # type: ignore[attr-defined]
        rows = [(row.position, row.event) for row in log.read(INSTITUTION)]
        yield Store(log, ends, refused, registers.redacted(INSTITUTION), rows)


def told_by_tables(shelf: Shelf, day: Day, position: int, grade: Grade) -> Answer:
    """The structure on *day* as known at *position*, from the tables."""
    answer: Answer = orjson.loads(b"{" + structure_json(shelf, day, position, grade) + b"}")
    return answer


def told_by_fold(world: World, day: Day, grade: Grade) -> Answer:
    """The structure on *day* by the definition, as it is read back from JSON."""
    answer: Answer = orjson.loads(orjson.dumps(structure(world, day, grade)))
    return answer


Asked: TypeAlias = Iterable[tuple[Day, Grade]]
"""Days, each with the lowest grade wanted."""


def differences(store: Store, asked: Asked, positions: Iterable[int] | None = None) -> Iterator[str]:
    """Where the tables tell otherwise than the fold, in lines to read; nothing if they agree."""
    questions = list(asked)
    with store.shelf() as shelf:
        for position in store.ends if positions is None else positions:
            world = store.world(position)
            for day, grade in questions:
                fold_, tables = told_by_fold(world, day, grade), told_by_tables(shelf, day, position, grade)
                if fold_ != tables:
                    yield f"known at {position} of {store.head}, on {iso(day)}, {grade}:"
                    yield from _apart(fold_, tables, "")


def _apart(fold_: Any, tables: Any, path: str) -> Iterator[str]:
    if isinstance(fold_, dict) and isinstance(tables, dict):
        for name in sorted(fold_.keys() | tables.keys()):
            if fold_.get(name) != tables.get(name):
                yield from _apart(fold_.get(name), tables.get(name), f"{path}/{name}")
    else:
        yield f"  {path}\n    fold:   {_short(fold_)}\n    tables: {_short(tables)}"


def _short(value: Any) -> str:
    return orjson.dumps(value).decode()[:600]


def rows_apart(one: Dumped, other: Dumped) -> list[str]:
    """The rows that one of two dumps alone has."""
    found = []
    for table in sorted(one.keys() | other.keys()):
        mine, theirs = one.get(table, Counter()), other.get(table, Counter())
        found += [f"{table} only in the first:  {row}" for row in sorted((mine - theirs).elements(), key=repr)]
        found += [f"{table} only in the second: {row}" for row in sorted((theirs - mine).elements(), key=repr)]
    return found
