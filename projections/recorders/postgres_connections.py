"""The connections to a PostgreSQL database, and transactions in it: what is lost is told, and opened again.

A transaction that writes begins by taking the one lock by which writers exclude one another, in whatever process
they are: what it reads then, head and clock, is true until it ends. It is PostgreSQL's own advisory lock, which
ends with its holder; readers never meet it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from typing import Any, TypeAlias

import psycopg
from eventsourcing.persistence import IntegrityError
from eventsourcing.postgres import PostgresDatastore
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, TupleRow, dict_row, tuple_row
from psycopg.types.string import StrDumperUnknown

from domain.errors import CommitUnknown, StoreUnusable
from projections.recorders.log_rows import StoredRows

PgConnection: TypeAlias = psycopg.Connection[DictRow]
PgCursor: TypeAlias = psycopg.Cursor[TupleRow]

SCHEMA = "regesta"
"""The schema of the database in which everything lies."""

WRITING = 0x52454745  # "REGE": the lock of writers
BUSY = 30  # seconds to wait for another's write
STUCK = 60  # seconds in which a writer asks the database nothing, before it is taken for dead
MOST = 24  # connections of a process: three servers stay below the hundred that PostgreSQL allows

READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
WRITE = (
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
    f" SET LOCAL idle_in_transaction_session_timeout = '{STUCK}s';"
    f" SELECT pg_advisory_xact_lock({WRITING})"
)

# No question of ours is answered best by reading a whole table, and a plan must not depend on when PostgreSQL last
# looked at the tables. An acknowledged entry is on the disk, whatever the server is set to.
SETTINGS = {
    "search_path": SCHEMA,
    "lock_timeout": f"{BUSY}s",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}
SETTLE = (
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';"
    + "; ".join(f"SELECT set_config('{name}', '{value}', false)" for name, value in SETTINGS.items())
)

KEPT_ALIVE = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
"""After how long a silent server, or a network that is cut, counts as lost: a minute, unless the address says."""


class TruthAsNumber(Dumper):
    """True as 1: the tables hold numbers, as the SQLite file does."""

    oid = 23  # integer

    def dump(self, obj: bool) -> bytes:
        """1 or 0."""
        return b"1" if obj else b"0"


class Sought(StrDumperUnknown):
    """A text that is asked for: with NUL in it, which PostgreSQL takes in no text, it is found nowhere."""

    def dump(self, obj: str) -> Buffer | None:
        """Its UTF-8; for NUL the sign U+FFFF, which stands in no id and no text of a register either."""
        return super().dump(obj.replace("\0", "\uffff"))


def asking(connection: PgConnection, *, binary: bool = True) -> PgCursor:
    """A cursor for questions, in which whoever asks may have written anything."""
    cursor = connection.cursor(binary=binary, row_factory=tuple_row)
    cursor.adapters.register_dumper(str, Sought)
    return cursor


def settings_of(url: str) -> dict[str, str]:
    """What *url*, `postgresql://USER@HOST:PORT/NAME`, says of a database. Raises: StoreUnusable, naming no secret."""
    detail = "the address cannot be read: postgresql://USER@HOST:PORT/NAME, other signs in it as %XX"
    try:
        given = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.Error:
        raise StoreUnusable("postgresql://…", detail) from None
    # A sign that should have been written as %XX makes a part of a password pass for another part.
    if re.search(r"[@:/]", given.get("dbname", "")) or not re.fullmatch(r"[\d,]*", given.get("port", "")):
        raise StoreUnusable("postgresql://…", detail)
    return KEPT_ALIVE | given | {"client_encoding": "UTF8", "application_name": "regesta"}


def shown(url: str) -> str:
    """*url* without what only its writer should know. Raises: as settings_of."""
    given = settings_of(url)
    user = f"{given['user']}@" if "user" in given else ""
    host, port, name = (given.get(part, "") for part in ("host", "port", "dbname"))
    if host.startswith("/"):
        return f"postgresql://{user}/{name}?host={host}" + (f"&port={port}" if port else "")
    return f"postgresql://{user}{host}{f':{port}' if port else ''}/{name}"


class Connections:
    """Connections to one database, at most *most* at once, each opened when there is need. Any thread may use it."""

    def __init__(self, settings: dict[str, str], place: str, most: int) -> None:
        self._settings = settings
        self._place = place
        self._free: list[PgConnection] = []
        self._lock = threading.Lock()
        self._left = threading.BoundedSemaphore(most)

    def begin(self, statement: str, values: Sequence[Any] = ()) -> tuple[PgConnection, PgCursor]:
        """A connection on which *statement* was run, with its result; one that was lost meanwhile is passed over.

        Whoever takes it gives it back. Raises: psycopg.Error; StoreUnusable, where none is free for long.
        """
        while True:
            if not self._left.acquire(timeout=BUSY):
                raise StoreUnusable(self._place, f"no connection was free for {BUSY} seconds")
            connection: PgConnection | None = None
            try:
                with self._lock:
                    connection = self._free.pop() if self._free else None
                kept = connection is not None
                connection = connection or self.open()
                cursor = asking(connection, binary=bool(values))
                cursor.execute(statement, values or None)  # several statements go together only without values
                return connection, cursor
            except BaseException as fault:
                lost = connection is not None and connection.closed
                self.give(connection)
                if not (isinstance(fault, psycopg.OperationalError) and lost and kept):
                    raise

    def open(self) -> PgConnection:
        """A connection of its own, beside all others."""
        connection = psycopg.connect(**self._settings, autocommit=True, row_factory=dict_row)  # type: ignore[arg-type]  # as libpq names them
        connection.adapters.register_dumper(bool, TruthAsNumber)
        try:
            connection.execute(SETTLE)
        except BaseException:
            connection.close()
            raise
        return connection

    def give(self, connection: PgConnection | None) -> None:
        """Take *connection* back; what was begun on it and not committed is undone."""
        if connection is not None:
            with suppress(psycopg.Error):
                if connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
                    connection.rollback()
            if connection.closed or connection.info.transaction_status != TransactionStatus.IDLE:
                connection.close()
            else:
                with self._lock:
                    self._free.append(connection)
        self._left.release()

    def close(self) -> None:
        """Close what nobody uses."""
        with self._lock:
            free, self._free = self._free, []
        for connection in free:
            connection.close()


class LogDatastore(PostgresDatastore):
    """The database at *url*, in place of the library's own connections: they are opened by the library's settings."""

    def __init__(self, url: str, most: int = MOST) -> None:
        super().__init__(dbname="", host="", port="", user="", password="", schema=SCHEMA, originator_id_type="text")
        self.place = shown(url)
        self.connections = Connections(settings_of(url), self.place, most)
        self._writing = threading.Lock()

    def close(self) -> None:
        """Close every connection."""
        if hasattr(self, "connections"):
            self.connections.close()

    def register_type_adapters(self) -> None:
        """None: the library's type of an event is not ours."""

    @contextmanager
    def get_connection(self) -> Iterator[PgConnection]:
        """A connection, each statement on which is a transaction. Raises: StoreUnusable."""
        with self._told():
            connection, _ = self.connections.begin("SELECT")
            try:
                yield connection
            finally:
                self.connections.give(connection)

    @contextmanager
    def transaction(self, *, commit: bool = False) -> Iterator[PgCursor]:  # type: ignore[override]  # tuples, not dicts
        """A cursor in a transaction of its own: that of the one writer if *commit*; else of one moment, for reading.

        Raises: StoreUnusable; CommitUnknown.
        """
        with self._writing if commit else nullcontext(), self._told():
            connection, _ = self.connections.begin(WRITE if commit else READ)
            try:
                yield connection.cursor(binary=True, row_factory=tuple_row) if commit else asking(connection)
                self._commit(connection, commit=commit)
            finally:
                self.connections.give(connection)

    def _commit(self, connection: PgConnection, *, commit: bool) -> None:
        try:
            done = connection.execute("COMMIT").statusmessage
        except psycopg.OperationalError as fault:
            if commit:  # an error may come behind the answer, or in its place
                raise CommitUnknown(self.place, f"while it committed: {said(fault)}") from fault
            raise
        if done != "COMMIT":
            raise StoreUnusable(self.place, "a transaction that had failed was to be committed")

    def ask(self, query: str, *values: Any) -> list[Any]:
        """The rows of one question, in a transaction of its own. Raises: StoreUnusable."""
        with self._told():
            connection, cursor = self.connections.begin(as_psycopg(query), values)
            try:
                return cursor.fetchall()
            finally:
                self.connections.give(connection)

    def rows_in(self, c: PgCursor) -> StoredRows:
        """The rows of the logs as the transaction of *c* sees them."""
        return StoredRows(partial(all_of, c))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Faults of the database as this program's own. Raises: StoreUnusable; IntegrityError."""
        try:
            yield
        except psycopg.IntegrityError as fault:
            raise IntegrityError(str(fault)) from fault
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable) as fault:
            detail = f"{said(fault)}; the owner's `store prepare --role ROLE` gives what is needed"
            raise StoreUnusable(self.place, detail) from fault
        except psycopg.ProgrammingError:
            raise
        except psycopg.Error as fault:
            raise StoreUnusable(self.place, said(fault)) from fault


def as_psycopg(query: str) -> str:
    """*query*, in which a `?` stands for a value, with what stands for it in psycopg."""
    return query.replace("?", "%s")


def all_of(c: PgCursor | psycopg.Connection, query: str, *values: Any) -> list[Any]:
    """The rows of an answer."""
    return c.execute(as_psycopg(query), values).fetchall()


def said(fault: psycopg.Error) -> str:
    """What the database said, in a line."""
    return " ".join(str(fault).split())
