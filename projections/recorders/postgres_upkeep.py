"""Making the read tables in a PostgreSQL database anew, and having it keep nothing of what was erased.

Tables of another version are made anew beside those in use, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

import psycopg
from psycopg.rows import tuple_row

from domain.errors import StoreUnusable
from projections.recorders.postgres_connections import LogDatastore, PgCursor, all_of, as_psycopg, said
from projections.recorders.postgres_purge import purged
from projections.recorders.postgres_tables import PostgresShelf
from projections.recorders.upkeep import PIECE, State, Upkeep
from projections.tables.rebuilding import Progress, Purged
from projections.tables.version import VERSION

BUILDING = 0x52454746  # the lock of who builds, which ends with his connection


class PostgresUpkeep(Upkeep):
    """Keeps the tables in one database whole."""

    shelves = PostgresShelf
    _store: LogDatastore

    def _state(self) -> State:
        """How the tables stand: a register's are to be made anew, if they are of another version."""
        with self._store.transaction() as c:
            streams = self._store.rows_in(c).streams()
            found = all_of(c, "SELECT institution, stream, version, position FROM tables_of")
            state = self._standing(c, streams, {row[0]: row[1:] for row in found})
        others = {row[0] for row in found if row[2] != VERSION}
        return State(
            [name for name in streams if name in others],
            [name for name in state.behind if name not in others],
            state.leftovers,
        )

    def _renew(self, what: Sequence[str], progress: Progress) -> None:
        for institution in what:
            self.build(institution, progress)

    def _remove(self, c: PgCursor, table: str, which: str, stream: int) -> int:
        rows = f"SELECT ctid FROM {table} WHERE {which} LIMIT {PIECE}"
        return c.execute(as_psycopg(f"DELETE FROM {table} WHERE ctid = ANY(ARRAY({rows}))"), (stream,)).rowcount

    def _give_way(self) -> None:
        """Nothing: the lock of writers has a queue."""

    def purge(self) -> Purged:
        """Have the files of the tables keep nothing of what was erased; for their owner. Raises: StoreUnusable."""
        with self._alone(wait=True):
            self._discard(self._state().leftovers)
        try:
            with closing(self._store.connections.open()) as connection:
                return purged(connection)
        except psycopg.Error as fault:
            raise StoreUnusable(self._store.place, said(fault)) from fault

    @contextmanager
    def _alone(self, *, wait: bool) -> Iterator[bool]:
        """Whether nobody else builds in this database: a lock that ends with its holder, whatever becomes of it."""
        try:
            with self._store.connections.open() as connection, connection.cursor(row_factory=tuple_row) as c:
                if wait:
                    c.execute("SET lock_timeout = 0")
                    c.execute("SELECT pg_advisory_lock(%s)", (BUILDING,))
                    yield True
                else:
                    found = c.execute("SELECT pg_try_advisory_lock(%s)", (BUILDING,)).fetchone()
                    yield found is not None and found[0]
        except psycopg.Error as fault:
            raise StoreUnusable(self._store.place, said(fault)) from fault
