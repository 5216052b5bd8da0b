"""The log in a PostgreSQL database, for any number of processes at once.

The table has the library's columns under the library's names, so that what it inherits goes on working, and our own
beside them. What is written, here as in the SQLite file, is written under the one lock of writers: positions and
notifications have no gap and come in the order of their commits.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresFactory

from domain.acts import redactions
from domain.chain import EMPTY, Head, Row, event_of, follow, stamp
from domain.errors import CommitUnknown, StoreUnusable
from domain.events import Event
from domain.log import PAGE, Clock, PositionTaken, StoredChange
from projections.recorders.postgres_connections import SCHEMA, LogDatastore, PgCursor
from projections.recorders.postgres_schema import MARK, earlier, erase
from projections.recorders.postgres_tables import PostgresShelf
from projections.recorders.postgres_upkeep import PostgresLedger, Upkeep, made_up_to
from projections.tables.history import TableHistory
from projections.tables.keeper import Keeper, Keepers
from projections.tables.rebuilding import MaintainedLog, MaintainedRecorder, Progress, Purged, silent
from projections.tables.shelf import EventCache

PATIENCE = 30  # seconds in which a lost database may come back, for asking what became of a commit
PAUSE = 0.2

ROW = (
    "originator_version AS position, topic AS kind, entry, number, state, recorded, salt, digest, hash"
    " FROM stored_events WHERE originator_id = %s"
)

INSERT = (
    "INSERT INTO stored_events (originator_id, notification_id, originator_version, topic, entry, number, state,"
    " recorded, salt, digest, hash)"
    " SELECT %s, (SELECT coalesce(max(notification_id), 0) FROM stored_events) + place, position, kind, entry, number,"
    " state, recorded, salt, digest, hash"
    " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::integer[], %s::bytea[], %s::text[], %s::bytea[],"
    " %s::bytea[], %s::bytea[]) WITH ORDINALITY"
    " AS given (position, kind, entry, number, state, recorded, salt, digest, hash, place)"
    " ORDER BY place RETURNING notification_id"
)

# Each step is one look into the index; DISTINCT would read it whole.
STREAMS = """
WITH RECURSIVE stream (id) AS (
    SELECT min(originator_id) FROM stored_events
    UNION ALL
    SELECT (SELECT min(originator_id) FROM stored_events WHERE originator_id > id)
    FROM stream WHERE id IS NOT NULL
)
SELECT id FROM stream WHERE id IS NOT NULL
"""


@dataclass
class Writing:
    """A transaction that writes, the last row that it stored, and the notification ids of what it stored."""

    c: PgCursor
    stored: Row | None = None
    ids: Sequence[int] = ()


class PostgresLogRecorder(PostgresApplicationRecorder, MaintainedRecorder):
    """The log's own table in a PostgreSQL database."""

    datastore: LogDatastore

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept = Keepers()
        self._upkeep = Upkeep(self.datastore, self.streams)

    def create_table(self) -> None:
        """See that the database is ours; `prepare_postgres` makes it so.

        Raises: StoreUnusable, for any other database, which is left untouched.
        """
        query = "SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = %s"
        found = self.datastore.ask(query, SCHEMA)
        place = self.datastore.place
        if not found:
            raise StoreUnusable(place, "it keeps no registers; `store prepare` makes it ready for them")
        if earlier(found[0][0]):
            raise StoreUnusable(place, "an earlier version made its tables; `store prepare` makes them anew")
        if found[0][0] != MARK:
            raise StoreUnusable(place, f"its schema {SCHEMA} is of another program, or of a later version of this one")

    @contextmanager
    def shelf(self, institution: str) -> Iterator[PostgresShelf]:
        """The tables of a register, for reading, all of one moment."""
        with self.datastore.transaction() as c:
            yield PostgresShelf(c, institution)

    @contextmanager
    def ledger(self, stream: str) -> Iterator[PostgresLedger]:
        """The tables of a register, for proving them."""
        with self.datastore.transaction() as c:
            yield PostgresLedger(c, stream)

    def catch_up(self, progress: Progress) -> None:
        """Make what tables are missing, older than this program, or behind the log."""
        self._upkeep.catch_up(progress)

    def rebuild(self, stream: str, progress: Progress) -> None:
        """Make the tables of a register anew beside those in use, and put them in their place."""
        self._upkeep.rebuild(stream, progress)

    def damages(self) -> list[str]:
        """None: PostgreSQL says so itself when it reads a damaged page, if its checksums are on."""
        return []

    def purge(self) -> Purged:
        """Have the files of the database keep nothing of what was erased."""
        return self._upkeep.purge()

    # --- writing

    @contextmanager
    def _writing(self, stream: str) -> Iterator[Writing]:
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
                    return self._hash(c, stream, row.position) == row.hash
            except StoreUnusable:
                if time.monotonic() > end:
                    raise fault from None
                time.sleep(PAUSE)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Store changes of one stream, as LogRecorder says; their notification ids.

        The library's own way is not taken: on a lost connection it writes again, and takes what is found for another's.
        Raises: PositionTaken; StoreUnusable.
        """
        changes = [s for s in stored_events if isinstance(s, StoredChange)]
        stream = str(changes[0].originator_id)
        with self._writing(stream) as writing:
            last = self._last(writing.c, stream)
            expected, found = changes[0].originator_version - 1, last.position if last else 0
            if expected != found:
                raise PositionTaken(stream, expected, found)
            facts = ((s.topic, s.entry, s.number, s.state) for s in changes)
            writing.ids = self.store(writing, stream, follow(stream, last, facts, stamp(kwargs["clock"]())))
        return writing.ids

    def load(self, stream: str, rows: Iterable[Row]) -> None:
        """Store a whole stream as it is, in one transaction.

        Raises: PositionTaken, if it has events already; and what *rows* raise, nothing being stored then.
        """
        with self._writing(stream) as writing:
            last = self._last(writing.c, stream)
            if last:
                raise PositionTaken(stream, 0, last.position)
            for page in _whole_entries(rows):
                self.store(writing, stream, page)

    @contextmanager
    def page(self, stream: str) -> Iterator[PostgresPage]:
        """A transaction for recording several entries; nothing of it is stored if it is left by an error."""
        with self._writing(stream) as writing:
            yield PostgresPage(self, writing, stream)

    def store(self, writing: Writing, stream: str, rows: Sequence[Row]) -> Sequence[int]:
        """Put *rows*, whole entries that come next in the stream; their notification ids.

        Everything that the log takes in passes here, inside the transaction that stores it.
        """
        c = writing.c
        columns = zip(
            *((r.position, r.kind, r.entry, r.number, r.state, r.recorded, r.salt, r.digest, r.hash) for r in rows),
            strict=True,
        )
        ids = [row[0] for row in c.execute(INSERT, (stream, *map(list, columns))).fetchall()]
        shelf = PostgresShelf(c, stream, make=True)
        number, before = shelf.number, rows[0].position - 1
        if shelf.position() < before:
            made_up_to(c, stream, shelf, before)
        keeper = self._keeper(stream, c, number, before)
        for _, entry in groupby(rows, key=lambda row: row.entry):
            whole = list(entry)
            events = [event_of(stream, row) for row in whole]
            erased = erase(c, stream, redactions(events))
            keeper.take(shelf, whole[0].position, events, erased=erased > 0)
        self._kept[stream] = rows[-1].hash, number, keeper
        writing.stored = rows[-1]
        return ids

    def _keeper(self, stream: str, c: PgCursor, number: int, position: int) -> Keeper:
        """The keeper that remembers what it read of the tables *number* up to *position*, if nobody wrote since."""
        hash_, kept, keeper = self._kept.pop(stream, (b"", -1, None))
        if keeper is not None and kept == number and position > 0 and self._hash(c, stream, position) == hash_:
            return keeper
        return Keeper(stream, EventCache())

    def lend(self, c: PgCursor, stream: str, number: int, last: Row | None) -> Keeper:
        """The keeper that will take what comes behind *last*; what it finds out before, it need not find out then."""
        keeper = self._keeper(stream, c, number, last.position if last else 0)
        self._kept[stream] = last.hash if last else b"", number, keeper
        return keeper

    def _hash(self, c: PgCursor, stream: str, position: int) -> bytes | None:
        query = "SELECT hash FROM stored_events WHERE originator_id = %s AND originator_version = %s"
        found = c.execute(query, (stream, position)).fetchone()
        return found[0] if found else None

    # --- reading

    def streams(self) -> list[str]:
        """The institutions that have events, sorted."""
        return [row[0] for row in self.datastore.ask(STREAMS)]

    def last(self, stream: str) -> Row | None:
        """The row at the head."""
        found = self.datastore.ask(f"SELECT {ROW} ORDER BY originator_version DESC LIMIT 1", stream)
        return Row(*found[0]) if found else None

    def _last(self, c: PgCursor, stream: str) -> Row | None:
        row = c.execute(f"SELECT {ROW} ORDER BY originator_version DESC LIMIT 1", (stream,)).fetchone()
        return Row(*row) if row else None

    def rows(self, stream: str, after: int, until: int | None, limit: int) -> list[Row]:
        """The first *limit* rows with after < position ≤ until, by position."""
        return [Row(*row) for row in self.datastore.ask(*_between(stream, after, until, limit))]

    @contextmanager
    def moment(self) -> Iterator[PostgresMoment]:
        """The rows of all logs as they are at one moment, whatever is recorded or erased the while."""
        with self.datastore.transaction() as c:
            yield PostgresMoment(c)

    def span(self, stream: str, entry: str) -> tuple[int, int] | None:
        """The first and the last position of *entry*."""
        return _span(self.datastore.ask(SPAN, stream, entry)[0])

    def span_in(self, c: PgCursor, stream: str, entry: str) -> tuple[int, int] | None:
        """The same, with what the transaction stored."""
        return _span(c.execute(SPAN, (stream, entry)).fetchone())

    def last_at(self, stream: str, recorded: str) -> int:
        """The last position recorded at *recorded* or before; 0 if none."""
        query = (
            "SELECT originator_version FROM stored_events WHERE originator_id = %s AND recorded <= %s"
            " ORDER BY recorded DESC, originator_version DESC LIMIT 1"
        )
        found = self.datastore.ask(query, stream, recorded)
        return found[0][0] if found else 0


@dataclass(frozen=True)
class PostgresMoment:
    """The rows of all logs within one transaction."""

    c: PgCursor

    def streams(self) -> list[str]:
        """The institutions that have events, sorted."""
        return [row[0] for row in self.c.execute(STREAMS).fetchall()]

    def last(self, stream: str) -> Row | None:
        """The row at the head."""
        row = self.c.execute(f"SELECT {ROW} ORDER BY originator_version DESC LIMIT 1", (stream,)).fetchone()
        return Row(*row) if row else None

    def rows(self, stream: str, after: int, until: int | None, limit: int) -> list[Row]:
        """The first *limit* rows with after < position ≤ until, by position."""
        query, *values = _between(stream, after, until, limit)
        return [Row(*row) for row in self.c.execute(query, values).fetchall()]


class PostgresPage:
    """A transaction in which entries of one register are decided on and recorded, each after those before it."""

    def __init__(self, recorder: PostgresLogRecorder, writing: Writing, stream: str) -> None:
        self._recorder, self._writing, self._stream = recorder, writing, stream
        self._last = recorder._last(writing.c, stream)

    @property
    def head(self) -> Head:
        """Where the log ends, with what this page holds."""
        return Head(self._last.position, self._last.recorded, self._last.hash.hex()) if self._last else EMPTY

    def history(self) -> TableHistory:
        """What is recorded up to there, for deciding on it."""
        shelf = PostgresShelf(self._writing.c, self._stream)
        keeper = self._recorder.lend(self._writing.c, self._stream, shelf.number, self._last)
        return TableHistory(self._stream, shelf, self.head.position, (), keeper)

    def span(self, entry: str) -> tuple[int, int] | None:
        """The first and the last position of *entry*."""
        return self._recorder.span_in(self._writing.c, self._stream, entry)

    def append(self, events: Sequence[Event], clock: Clock) -> tuple[int, int]:
        """Record a whole entry; its first and its last position."""
        facts = ((event.kind, event.entry, event.index, event.stored()) for event in events)
        rows = follow(self._stream, self._last, facts, stamp(clock()))
        self._recorder.store(self._writing, self._stream, rows)
        self._last = rows[-1]
        return rows[0].position, rows[-1].position


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


SPAN = (
    "SELECT min(originator_version), max(originator_version) FROM stored_events WHERE originator_id = %s AND entry = %s"
)


def _between(stream: str, after: int, until: int | None, limit: int) -> tuple[Any, ...]:
    """The question for rows with after < position ≤ until, by position, and its values."""
    end = "" if until is None else " AND originator_version <= %s"
    values = [stream, after, *([] if until is None else [until]), limit]
    return f"SELECT {ROW} AND originator_version > %s{end} ORDER BY originator_version LIMIT %s", *values


def _span(row: Any) -> tuple[int, int] | None:
    return None if row is None or row[0] is None else (row[0], row[1])


def _whole_entries(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """*rows* in pages of about PAGE, none of which ends inside an entry."""
    page: list[Row] = []
    for row in rows:
        if len(page) >= PAGE and row.entry != page[-1].entry:
            yield page
            page = []
        page.append(row)
    if page:
        yield page
