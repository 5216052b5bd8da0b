"""The log in a PostgreSQL database, with its read tables, for any number of processes at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from eventsourcing.postgres import PostgresApplicationRecorder, PostgresFactory

from domain.chain import Row
from domain.errors import CommitUnknown, StoreUnusable
from projections.recorders import postgres_log
from projections.recorders.postgres_connections import SCHEMA, LogDatastore
from projections.recorders.postgres_schema import MARK, earlier
from projections.recorders.postgres_tables import PostgresLedger, PostgresShelf
from projections.recorders.postgres_upkeep import PostgresUpkeep
from projections.recorders.recorder import DatabaseRecorder, Writing
from projections.tables.rebuilding import MaintainedLog, Progress, silent

PATIENCE = 30  # seconds in which a lost database may come back, for asking what became of a commit
PAUSE = 0.2


class PostgresLogRecorder(DatabaseRecorder, PostgresApplicationRecorder):
    """The log's own table in a PostgreSQL database.

    The library's own way of inserting is not taken: on a lost connection it writes again, and takes what is found for
    another's.
    """

    shelves = PostgresShelf
    ledgers = PostgresLedger
    numbering = "originator_version"
    put = staticmethod(postgres_log.insert)
    erase = staticmethod(postgres_log.erase)
    datastore: LogDatastore

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._upkeep = PostgresUpkeep(self.datastore)

    def create_table(self) -> None:
        """See that the database is ours; `prepare_postgres` makes it so.

        Raises: StoreUnusable, for any other database, which is left untouched.
        """
        query = "SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = ?"
        found = self.datastore.ask(query, SCHEMA)
        place = self.datastore.place
        if not found:
            raise StoreUnusable(place, "it keeps no registers; `store prepare` makes it ready for them")
        if earlier(found[0][0]):
            detail = "an earlier version made its tables; its owner's `store prepare --role ROLE` makes them anew"
            raise StoreUnusable(place, detail)
        if found[0][0] != MARK:
            raise StoreUnusable(place, f"its schema {SCHEMA} is of another program, or of a later version of this one")

    def damages(self) -> list[str]:
        """None: PostgreSQL says so itself when it reads a damaged page, if its checksums are on."""
        return []

    @contextmanager
    def writing(self, stream: str) -> Iterator[Writing]:
        """A transaction that writes.

        If the answer to its commit is lost, the database is asked what became of it, for its hashes are like no other.
        Raises: CommitUnknown, if it does not come back; StoreUnusable, if nothing was stored.
        """
        writing: Writing | None = None
        try:
            with self.datastore.transaction(commit=True) as c:
                writing = Writing(c)
                yield writing
        except CommitUnknown as fault:
            stored = writing.stored if writing else None
            if stored is None or not self._is_stored(stream, stored, fault):
                detail = "the connection was lost before anything was recorded"
                raise StoreUnusable(self.datastore.place, detail) from fault

    def _is_stored(self, stream: str, row: Row, fault: CommitUnknown) -> bool:
        """Whether *row* is in the log, once the transaction that was to put it there has ended. Raises: *fault*."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                with self.datastore.transaction(commit=True) as c:  # whoever held the lock of writers has ended
                    return self.datastore.rows_in(c).hash_at(stream, row.position) == row.hash
            except StoreUnusable:
                if time.monotonic() > end:
                    raise fault from None
                time.sleep(PAUSE)


class PostgresLogFactory(PostgresFactory):
    """The infrastructure of a log in the database at *url*; nothing of it comes from the library's variables."""

    application_recorder_class = PostgresLogRecorder

    def __init__(self, url: str) -> None:
        nothing = dict.fromkeys(
            (self.POSTGRES_DBNAME, self.POSTGRES_HOST, self.POSTGRES_USER, self.POSTGRES_PASSWORD), ""
        )
        super().__init__(nothing)
        self.datastore = LogDatastore(url)


def open_postgres(url: str, progress: Progress = silent, *, standby: bool = False) -> MaintainedLog:
    """The log in the PostgreSQL database at *url*, which `prepare_postgres` made ready.

    Read tables that are missing, older or behind are made first, of which *progress* is told; not in a *standby*,
    whose tables follow another's.
    Raises: StoreUnusable.
    """
    factory = PostgresLogFactory(url)
    try:
        log = MaintainedLog(factory)
        if not standby:
            log.upkeep.catch_up(progress)
    except StoreUnusable:
        factory.close()
        raise
    return log
