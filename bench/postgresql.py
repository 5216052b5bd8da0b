"""Registers in databases of a PostgreSQL server that is started for measuring, and the peers that they have there."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from random import Random
from typing import LiteralString
from unittest.mock import patch

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg import _pipeline_base
from psycopg.abc import PipelineCommand, PQGen
from psycopg.generators import pipeline_communicate
from psycopg.pq.abc import PGconn, PGresult
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier
from psycopg.types.string import ByteaBinaryLoader
from psycopg.waiting import Ready, Wait

from bench.figures import Times, timed, times
from bench.peers import STREAM, WARM, Floor, Row
from bench.places import NUMBERS, Place
from projections.recorders.postgres_connections import SCHEMA, LogDatastore
from projections.recorders.postgres_read_tables import READ_TABLES
from tests.postgres import OWNER, PORT, Server, server_in_a_folder

SETTINGS = ("fsync=on", "shared_buffers=1GB", "max_wal_size=4GB")
"""A server's own settings but for these: every commit is forced to the disk, and of the memory it takes a gigabyte."""


@contextmanager
def server_for_measuring(*settings: str) -> Iterator[Server]:
    """A server with nothing in it, set to *settings* too."""
    with server_in_a_folder((*SETTINGS, *settings)) as server:
        yield server


def version_of(server: Server) -> str:
    """The version of PostgreSQL, and how the server is set otherwise than one just made."""
    with closing(psycopg.connect(server.url("postgres", "postgres"), row_factory=tuple_row)) as connection:
        found = connection.execute("SHOW server_version").fetchone()
    assert found is not None
    return f"{str(found[0]).split()[0]} ({', '.join(server.settings)})"


def fresh_database(server: Server) -> InDatabase:
    """A database of *server*, ready for registers."""
    return InDatabase(server, server.database())


class InDatabase(Place):
    """The database of *server* that is called *database*."""

    most = 1.2

    def __init__(self, server: Server, database: str) -> None:
        self.server = server
        self.database = database

    @property
    def url(self) -> str:
        """As `--db` takes it, for whoever may record."""
        return self.server.url(self.database)

    @property
    def owners(self) -> str:
        """The same for the owner."""
        return self.server.url(self.database, OWNER)

    @property
    def size(self) -> int:
        """Bytes of the database."""
        return self._number("SELECT pg_database_size(current_database())")

    def tables(self) -> Mapping[str, int]:
        """The bytes of each read table, with its indexes."""
        size = "SELECT pg_total_relation_size(%s::regclass)"
        return {table: self._number(size, f"{SCHEMA}.{table}") for table in READ_TABLES}

    def _number(self, query: LiteralString, *values: str) -> int:
        with closing(psycopg.connect(self.owners, row_factory=tuple_row)) as connection:
            found = connection.execute(query, values).fetchone()
            assert found is not None
            return int(found[0])

    @contextmanager
    def empty(self) -> Iterator[Place]:
        """A database with no registers in it."""
        place = fresh_database(self.server)
        yield place
        self._admin(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(place.database)))

    @contextmanager
    def copied(self) -> Iterator[Place]:
        """A copy file by file; connections to the database are thrown out for it, and opened again when needed."""
        name = f"copy_{next(NUMBERS)}"
        self._admin(
            SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}").format(self.database),
            SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(*map(Identifier, (name, OWNER, self.database))),
        )
        yield InDatabase(self.server, name)
        self._admin(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def _admin(self, *statements: psycopg.sql.Composed) -> None:
        with closing(psycopg.connect(self.server.url("postgres", "postgres"), autocommit=True)) as connection:
            for statement in statements:
                connection.execute(statement)

    def settle(self) -> None:
        """Vacuum and analyse, and write what waits to the disk."""
        with closing(psycopg.connect(self.server.url(self.database, "postgres"), autocommit=True)) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")

    @contextmanager
    def floor(self, rows: Sequence[Row], size: int) -> Iterator[Floor]:
        """Reading as many rows as *rows* from one range of an index along which the table lies, by the driver of ours.

        The new table holds copies of *rows* up to *size* bytes; each reading takes one of them by chance. Cursor,
        transaction and settings of the session are those of the tables.
        """
        with self.empty() as place:
            assert isinstance(place, InDatabase)
            copies = place.fill_floor(rows, size)
            with closing(LogDatastore(place.owners)) as store, store.transaction() as c:
                raw = c.connection.cursor(binary=True, row_factory=tuple_row)
                raw.adapters.register_loader("text", ByteaBinaryLoader)
                yield _reading(raw, len(rows), len(rows[0]), copies)

    def fill_floor(self, rows: Sequence[Row], size: int) -> int:
        """Fill a table with numbered copies of *rows* up to *size* bytes, at least one; how many."""
        kinds = [_kind([row[place] for row in rows]) for place in range(len(rows[0]))]
        columns = ", ".join(f"c{number} {kind}" for number, kind in enumerate(kinds))
        told = [tuple(v.decode() if isinstance(v, bytes) else v for v in row) for row in rows]
        with closing(psycopg.connect(self.owners, autocommit=True)) as connection:
            connection.execute(f"CREATE TABLE floor (grp integer, n integer, {columns}, PRIMARY KEY (grp, n))")
            copies = 0
            while copies == 0 or self._number("SELECT pg_total_relation_size('floor')") < size:
                with connection.cursor() as cursor, cursor.copy("COPY floor FROM STDIN") as copy:
                    for n, row in enumerate(told):
                        copy.write_row((copies, n, *row))
                copies += 1
        self.settle()
        return copies

    def library_ingest(self, events: Sequence[tuple[str, bytes]], per_commit: int) -> float:
        """Events a second that the library's own recorder stores in a new database, *per_commit* at a time.

        Its settings are the library's own, but for a flaw of psycopg's, by which it would now and then wait for ever.
        What is timed is `insert_events` alone: its objects are made before.
        Raises: RuntimeError, unless every commit is forced to the disk.
        """
        stored = [StoredEvent(STREAM, position, kind, state) for position, (kind, state) in enumerate(events, 1)]
        commits = [stored[start : start + per_commit] for start in range(0, len(stored), per_commit)]
        with self.empty() as place:
            assert isinstance(place, InDatabase)
            where = (place.database, str(self.server.folder), PORT, OWNER)
            with closing(PostgresDatastore(*where, "", originator_id_type="text")) as datastore:
                recorder = PostgresApplicationRecorder(datastore)
                recorder.create_table()
                _require_forced(datastore)
                with patch.object(_pipeline_base, "pipeline_communicate", _all_sent):
                    seconds = timed(lambda: [recorder.insert_events(commit) for commit in commits])
        return len(stored) / seconds


def _all_sent(pgconn: PGconn, commands: deque[PipelineCommand]) -> PQGen[list[list[PGresult]]]:
    """What psycopg does with a pipeline, and all is sent before answers are waited for: 3.3.9 may forget the rest.

    Known to it as psycopg/psycopg#685.
    """
    results: list[list[PGresult]] = yield from pipeline_communicate(pgconn, commands)
    while pgconn.flush():
        if (yield Wait.RW) & Ready.R:
            pgconn.consume_input()
    return results


def _reading(cursor: psycopg.Cursor[Row], rows: int, columns: int, copies: int) -> Callable[[int], Times]:
    random = Random(1)  # noqa: S311  # chance, not secrecy
    names = ", ".join(f"c{number}" for number in range(columns))
    query = f"SELECT {names} FROM public.floor WHERE grp = %s"  # noqa: S608  # names made here
    order = [random.randrange(copies) for _ in range(WARM)]

    def read(number: int) -> None:
        if len(cursor.execute(query, (order[number],)).fetchall()) != rows:
            raise RuntimeError(f"copy {order[number]} is not of {rows} rows")

    def again(repeats: int) -> Times:
        order[:] = [random.randrange(copies) for _ in range(repeats)]
        return times(read, repeats)

    times(read, WARM)
    return again


def _kind(values: Sequence[object]) -> str:
    """The column type that holds *values* as the tables do, whose texts are read as bytes."""
    if any(isinstance(value, bytes) for value in values):
        return "text"
    return "integer" if all(abs(int(str(v))) < 2**31 for v in values if v is not None) else "bigint"


def _require_forced(datastore: PostgresDatastore) -> None:
    """Holds the library to what it is compared as. Raises: RuntimeError."""
    with datastore.get_connection() as connection:
        query = "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit"
        found = connection.execute(query).fetchone()
    if found != {"fsync": "on", "commit": "on"}:
        raise RuntimeError(f"the library's recorder runs with {found}")
