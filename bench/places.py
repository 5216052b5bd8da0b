"""Where registers lie, each place with the peers of its own kind: here the SQLite file."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from itertools import count
from pathlib import Path

from api.store import database_at, log_in
from bench.building import fresh
from bench.peers import Floor, Row, library_ingest, sqlite_floor
from projections.recorders.sqlite_read_tables import TABLES
from projections.tables.rebuilding import MaintainedLog

NUMBERS = count(1)


class Place(ABC):
    """Where registers lie."""

    most: float
    """Floors that reading a day may cost, by target 1."""

    @property
    @abstractmethod
    def url(self) -> str:
        """As `--db` takes it."""

    @property
    @abstractmethod
    def size(self) -> int:
        """Bytes on the disk, the log's with them."""

    @abstractmethod
    def tables(self) -> Mapping[str, int]:
        """The bytes of each read table, with its indexes."""

    @abstractmethod
    def empty(self) -> AbstractContextManager[Place]:
        """Another place of this kind, with nothing in it, which is gone at the end."""

    @abstractmethod
    def copied(self) -> AbstractContextManager[Place]:
        """A copy, to which nobody else writes, and which is gone at the end."""

    @abstractmethod
    def settle(self) -> None:
        """See to what the database would see to itself in time, so that it does not do so while something is timed."""

    @abstractmethod
    def floor(self, rows: Sequence[Row], size: int) -> AbstractContextManager[Floor]:
        """Reading as many rows as *rows* from one contiguous range, by the driver of this kind."""

    @abstractmethod
    def library_ingest(self, events: Sequence[tuple[str, bytes]], per_commit: int) -> float:
        """Events a second that the library's own recorder of this kind stores, *per_commit* at a time."""

    def log(self) -> AbstractContextManager[MaintainedLog]:
        """What is kept there, opened."""
        return log_in(database_at(self.url), make=True)


class InFile(Place):
    """An SQLite file; what is made beside it is made in the folder *scratch*."""

    most = 1.25

    def __init__(self, path: Path, scratch: Path) -> None:
        self.path = path
        self.scratch = scratch

    @property
    def url(self) -> str:
        """As `--db` takes it."""
        return f"sqlite:///{self.path}"

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.path.stat().st_size

    def tables(self) -> Mapping[str, int]:
        """The bytes of each read table, with its indexes."""
        query = (
            "SELECT ifnull(sum(pgsize), 0) FROM dbstat"
            " WHERE aggregate = TRUE AND name IN (SELECT name FROM sqlite_schema WHERE tbl_name = ?)"
        )
        with closing(sqlite3.connect(self.path)) as connection:
            return {table: connection.execute(query, (table,)).fetchone()[0] for table in TABLES}

    @contextmanager
    def empty(self) -> Iterator[Place]:
        """A file that is not there yet."""
        path = fresh(self.scratch / f"{next(NUMBERS)}.sqlite")
        yield InFile(path, self.scratch)
        fresh(path)

    @contextmanager
    def copied(self) -> Iterator[Place]:
        """A copy, with what lies in the log beside the file."""
        with self.empty() as copy:
            assert isinstance(copy, InFile)
            with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(copy.path)) as target:
                source.backup(target)
            yield copy

    def settle(self) -> None:
        """Nothing: SQLite has no such habits."""

    def floor(self, rows: Sequence[Row], size: int) -> AbstractContextManager[Floor]:
        """Reading as many rows as *rows* from one contiguous range of a clustered table."""
        return sqlite_floor(rows, fresh(self.scratch / f"floor-{next(NUMBERS)}.sqlite"), size)

    def library_ingest(self, events: Sequence[tuple[str, bytes]], per_commit: int) -> float:
        """Events a second that the library's own recorder stores in a new file."""
        return library_ingest(events, per_commit, fresh(self.scratch / "library.sqlite"))
