"""Stores that are attacked, and begin anew for each attack: an SQLite file, or a database of a PostgreSQL server."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

import psycopg

from api.store import database_at, log_in
from projections.recorders.postgres_connections import SCHEMA
from projections.recorders.postgres_read_tables import READ_TABLES
from projections.tables.rebuilding import MaintainedLog
from tests.postgres import OWNER, Server, server_in_a_folder

SAFE = ("fsync=on", "full_page_writes=on", "recovery_init_sync_method=syncfs")
"""As a server is that must lose nothing; before it recovers it has the disk write all at once, not file by file.

The last needs Linux, and PostgreSQL 14.
"""
PATIENCE = 60  # seconds in which a server has noticed that a client is gone
NOTICED = 5  # seconds in which it has noticed that a process of its own was killed, if that one was still at work

TABLES = ("stored_events", "keys", *READ_TABLES)
TRIGGERS = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'stored_events'::regclass AND NOT tgisinternal"


class Store(ABC):
    """Where registers lie; *url* is its address for commands."""

    url: str

    def open(self) -> AbstractContextManager[MaintainedLog]:
        """The log kept there."""
        return log_in(database_at(self.url), make=True)

    @abstractmethod
    def keep(self) -> None:
        """Keep what is there, as that which is there again after every renewal."""

    @abstractmethod
    def renew(self) -> None:
        """Begin anew with what was kept."""

    @abstractmethod
    def settle(self) -> None:
        """Wait until the store has noticed that those who were at work there are gone."""

    @abstractmethod
    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows that the database itself answers with; `?` in *query* for each value."""

    @abstractmethod
    def alter(self, *statements: tuple[str, *tuple[object, ...]]) -> None:
        """Run statements, each with its values, that the store refuses while its triggers stand."""


class File(Store):
    """An SQLite file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"
        self._whole = b""

    def keep(self) -> None:
        """Its bytes."""
        self._whole = self.path.read_bytes()

    def renew(self) -> None:
        """Also without what stands beside the file."""
        for left in self.path.parent.glob(f"{self.path.name}*"):
            left.unlink()
        self.path.write_bytes(self._whole)

    def settle(self) -> None:
        """Nothing: nobody serves a file."""

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Past the program."""
        with closing(sqlite3.connect(self.path)) as raw:
            return raw.execute(query, values).fetchall()

    def alter(self, *statements: tuple[str, *tuple[object, ...]]) -> None:
        """The triggers are dropped, as whoever has the file can do."""
        with closing(sqlite3.connect(self.path)) as raw, raw:
            for (trigger,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
                raw.execute(f"DROP TRIGGER {trigger}")
            for statement, *values in statements:
                raw.execute(statement, values)


class Database(Store):
    """A database of *server*: the same through all attacks, so that what one left behind would meet the next."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._name = server.database()
        self.url = server.url(self._name)

    def keep(self) -> None:
        """A copy of each table, in a schema beside."""
        with self._owned() as owner:
            owner.execute("CREATE SCHEMA kept")
            for table in TABLES:
                owner.execute(f"CREATE TABLE kept.{table} AS TABLE {table}")

    def renew(self) -> None:
        """All rows go, those that were kept come; the triggers stand again."""
        with self._owned() as owner:
            with owner.transaction():
                owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
                for table in TABLES:
                    owner.execute(f"DELETE FROM {table}")  # noqa: S608  # a name from the list above
                    owner.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE TABLE kept.{table}")
                for (trigger,) in owner.execute(TRIGGERS).fetchall():
                    owner.execute(f"ALTER TABLE stored_events ENABLE ALWAYS TRIGGER {trigger}")
            owner.execute(f"VACUUM {', '.join(TABLES)}")  # a server that was killed has forgotten that it is due

    def serving(self) -> list[int]:
        """The processes of the server that serve whoever is at work there."""
        query = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
        with self._ruled() as admin:
            return [row[0] for row in admin.execute(query, (self._name,)).fetchall()]

    def cut_down(self) -> None:
        """Kill the processes that serve who is at work there: the server ends the others, and recovers by itself."""
        with self._ruled() as witness:
            serving = self.serving()
            for process in serving:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            if serving:
                self._until_lost(witness)
        self.server.recover()

    def _until_lost(self, witness: psycopg.Connection[Any]) -> None:
        """Wait until the server has noticed a death among its processes."""
        end = time.monotonic() + NOTICED
        with suppress(psycopg.OperationalError):
            while time.monotonic() < end:
                witness.execute("SELECT")
                time.sleep(0.005)

    def settle(self) -> None:
        """Whatever they had sent is done or undone then. Raises: TimeoutError."""
        end = time.monotonic() + PATIENCE
        while self.serving():
            if time.monotonic() > end:
                raise TimeoutError(f"after {PATIENCE} s the server serves somebody who is gone")
            time.sleep(0.005)

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """As the owner of the tables."""
        with self._owned() as owner:
            return owner.execute(query.replace("?", "%s"), values).fetchall()

    def alter(self, *statements: tuple[str, *tuple[object, ...]]) -> None:
        """As the owner of the tables, who alone can disable the triggers."""
        with self._owned() as owner:
            owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
            for statement, *values in statements:
                owner.execute(statement.replace("?", "%s"), values)

    @contextmanager
    def _owned(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection of the owner's."""
        with closing(psycopg.connect(self.server.url(self._name, OWNER), autocommit=True)) as opened:
            opened.execute(f"SET search_path = {SCHEMA}")
            yield opened

    def _ruled(self) -> AbstractContextManager[psycopg.Connection[Any]]:
        """A connection of who may know of all others."""
        return closing(psycopg.connect(self.server.url("postgres", "postgres"), autocommit=True))


Place: TypeAlias = Callable[[Path], AbstractContextManager[Store]]
"""What makes a store, beside other things in a folder or elsewhere, and removes it in the end."""


@contextmanager
def in_a_file(scratch: Path) -> Iterator[Store]:
    """A file in the folder."""
    yield File(scratch / "registers.sqlite")


@contextmanager
def in_postgresql(_: Path) -> Iterator[Database]:
    """A database of a server of its own, which ends with it."""
    with server_in_a_folder(SAFE) as server:
        yield Database(server)
