"""The log in an SQLite file: its table, the triggers that keep it append-only, and its connections.

The table has the library's four columns under the library's names, so that what it inherits goes on working,
and our own beside them. A transaction that writes begins by taking SQLite's one write lock: what it reads
then, head and clock, is true until it ends.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from eventsourcing.persistence import (
    DatabaseError,
    IntegrityError,
    PersistenceError,
    ProgrammingError,
    StoredEvent,
)
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
    SQLiteTransaction,
)

from domain.acts import redactions
from domain.chain import EMPTY, Head, Row, event_of, follow, stamp
from domain.errors import StoreUnusable
from domain.events import Event
from domain.ids import split_target
from domain.log import PAGE, Clock, PositionTaken, StoredChange
from projections.recorders.sqlite_tables import SCHEMA as TABLES
from projections.recorders.sqlite_tables import SQLiteShelf
from projections.recorders.sqlite_upkeep import SQLiteLedger, Upkeep, made_up_to, redacted_by
from projections.tables.history import TableHistory
from projections.tables.keeper import Keeper, Keepers
from projections.tables.rebuilding import MaintainedLog, MaintainedRecorder, Progress, Purged, silent
from projections.tables.shelf import EventCache

APPLICATION_ID = 0x52454745  # "REGE", in the header of the file
SCHEMA = 2  # PRAGMA user_version
PAGES = 32_768  # KiB of the file that a connection remembers: the upper pages of the indexes of a large register
BUSY = 30  # seconds to wait for another process's write
POOL = 64  # connections kept open; the web server runs some 40 threads

EVENTS = """
CREATE TABLE stored_events (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT CHECK (rowid > 0),
    originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL CHECK (originator_version > 0),
    topic TEXT NOT NULL,
    state BLOB NOT NULL,
    entry TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 0),
    recorded TEXT NOT NULL CHECK (length(recorded) = 27),
    salt BLOB NOT NULL CHECK (length(salt) = iif(length(state) = 0, 0, 32)),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    UNIQUE (originator_id, originator_version),
    UNIQUE (originator_id, entry, number)
) STRICT
"""

BY_INSTANT = "CREATE INDEX stored_events_by_instant ON stored_events (originator_id, recorded)"

# The few events by which others are erased.
REDACTIONS = """
CREATE INDEX stored_events_redactions ON stored_events (originator_id, originator_version) WHERE topic = 'redacted'
"""

_KEPT = "rowid, originator_id, originator_version, topic, entry, number, recorded, digest, hash"


def _of(row: str) -> str:
    """The columns that never change, of NEW or OLD."""
    return ", ".join(f"{row}.{name}" for name in _KEPT.split(", "))


# The one UPDATE: bytes and salt become empty, of an event that a redaction names and that is none itself.
ONLY_ERASED = f"""
CREATE TRIGGER stored_events_only_erased BEFORE UPDATE ON stored_events
WHEN (
    length(NEW.state) = 0 AND length(NEW.salt) = 0 AND OLD.topic <> 'redacted'
    AND ({_of("NEW")}) IS ({_of("OLD")})
    AND EXISTS (
        SELECT 1 FROM stored_events AS redaction, json_each(CAST(redaction.state AS TEXT), '$.change.targets') AS named
        WHERE redaction.originator_id = OLD.originator_id AND redaction.topic = 'redacted'
        AND named.value = OLD.entry || '#' || OLD.number
    )
) IS NOT TRUE
BEGIN SELECT RAISE(ABORT, 'the log is append-only: an event is never changed, but for erasing what a redaction names');
END
"""

ERASE = (
    "UPDATE stored_events SET state = x'', salt = x''"
    " WHERE originator_id = ? AND entry = ? AND number = ? AND topic <> 'redacted' AND length(state) > 0"
)

# A REPLACE deletes the row in its way without waking the delete trigger, so the insert has to be refused.
APPEND_ONLY = (
    ONLY_ERASED,
    """
CREATE TRIGGER stored_events_no_delete BEFORE DELETE ON stored_events
BEGIN SELECT RAISE(ABORT, 'the log is append-only: an event is never removed'); END
""",
    """
CREATE TRIGGER stored_events_no_replace BEFORE INSERT ON stored_events
WHEN EXISTS (SELECT 1 FROM stored_events WHERE rowid = NEW.rowid)
  OR EXISTS (SELECT 1 FROM stored_events WHERE originator_id = NEW.originator_id
             AND entry = NEW.entry AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the log is append-only: an event is never replaced'); END
""",
    """
CREATE TRIGGER stored_events_no_gap BEFORE INSERT ON stored_events
WHEN NEW.originator_version <> 1 + (SELECT ifnull(max(originator_version), 0) FROM stored_events
                                    WHERE originator_id = NEW.originator_id)
BEGIN SELECT RAISE(ABORT, 'the log is append-only: an event takes the next position'); END
""",
)

ROW = (
    "originator_version AS position, topic AS kind, entry, number, state, recorded, salt, digest, hash"
    " FROM stored_events WHERE originator_id = ?"
)

INSERT = (
    "INSERT INTO stored_events (originator_id, originator_version, topic, entry, number, state,"
    " recorded, salt, digest, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
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


class LogTransaction(SQLiteTransaction):
    """A transaction that takes the write lock at its beginning if it is to be committed."""

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE" if self.commit else "BEGIN")
        return cursor

    def __exit__(self, *error: Any) -> None:
        try:
            super().__exit__(*error)
        except PersistenceError:
            self.connection.rollback()  # a commit that failed, as on a full disk, leaves it open
            raise


class LogConnection(SQLiteConnection):
    """A connection whose transactions are LogTransactions."""

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """A cursor in a transaction of its own."""
        with LogTransaction(self, commit=commit) as cursor, cursor:
            yield cursor


class LogPool(SQLiteConnectionPool):
    """Connections that force every commit to the disk, and wait for other processes."""

    def _create_connection(self) -> LogConnection:
        connection = sqlite3.connect(self.db_name, isolation_level=None, check_same_thread=False, timeout=BUSY)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # what is removed is overwritten
        connection.execute(f"PRAGMA cache_size = -{PAGES}")
        return LogConnection(connection, max_age=None)


class LogDatastore(SQLiteDatastore):
    """The connections to one file; an in-memory database lives in a single one, shared in turns."""

    def __init__(self, path: str) -> None:
        super().__init__(path, originator_id_type="text")
        most = 1 if path == ":memory:" else POOL
        self.pool = LogPool(db_name=path, pool_size=most, max_overflow=0, pool_timeout=BUSY)
        self._writing = threading.Lock()
        self._watching = threading.Lock()
        self._watch: sqlite3.Connection | None = None

    def version(self) -> int | None:
        """A number that is another one after every commit to the file, at less than a question costs; None in memory.

        It is asked of a connection that never writes. Raises: StoreUnusable.
        """
        if self.pool.db_name == ":memory:":
            return None
        with self._watching:
            try:
                if self._watch is None:
                    self._watch = sqlite3.connect(self.pool.db_name, check_same_thread=False, timeout=BUSY)
                found: int = self._watch.execute("PRAGMA data_version").fetchone()[0]
            except sqlite3.DatabaseError as e:
                raise StoreUnusable(self.pool.db_name, str(e)) from e
        return found

    def close(self) -> None:
        """Close every connection."""
        with self._watching:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        super().close()

    @contextmanager
    def get_connection(self, *, commit: bool) -> Iterator[SQLiteConnection]:
        """A connection; one writer at a time.

        The library's own queue for writers holds up every reader behind a writer that waits.
        """
        with self._writing if commit else nullcontext():
            connection = self.pool.get_connection()
            try:
                yield connection
            finally:
                self.pool.put_connection(connection)

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """A cursor in a transaction of its own.

        Raises: StoreUnusable, for a file that cannot be opened, read, locked or written.
        """
        try:
            with super().transaction(commit=commit) as cursor:
                yield cursor
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError, IntegrityError, ProgrammingError):
            raise
        except (sqlite3.DatabaseError, DatabaseError) as e:
            raise StoreUnusable(self.pool.db_name, str(e)) from e


class SQLiteLogRecorder(SQLiteApplicationRecorder, MaintainedRecorder):
    """The log's own table in an SQLite file."""

    datastore: LogDatastore

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept = Keepers()
        self._lasts: tuple[int, dict[str, Row | None]] = (-1, {})
        self._upkeep = Upkeep(self.datastore, self.streams)

    @contextmanager
    def shelf(self, institution: str) -> Iterator[SQLiteShelf]:
        """The tables of a register, for reading, all of one moment."""
        with self.datastore.transaction(commit=False) as c:
            yield SQLiteShelf(c, institution)

    @contextmanager
    def ledger(self, stream: str) -> Iterator[SQLiteLedger]:
        """The tables of a register, for proving them."""
        with self.datastore.transaction(commit=False) as c:
            yield SQLiteLedger(c, stream)

    def catch_up(self, progress: Progress) -> None:
        """Make what tables are missing, older than this program, or behind the log."""
        self._upkeep.catch_up(progress)

    def rebuild(self, stream: str, progress: Progress) -> None:
        """Make the tables of a register anew beside those in use, and put them in their place."""
        self._upkeep.rebuild(stream, progress)

    def damages(self) -> list[str]:
        """What is damaged of the file, in lines: pages, and rows that an index has otherwise."""
        with self.datastore.transaction(commit=False) as c:
            c.execute("PRAGMA integrity_check(10)")
            found = [str(row[0]) for row in c.fetchall()]
        return [] if found == ["ok"] else found

    def purge(self) -> Purged:
        """Have the files of the database keep nothing of what was erased."""
        return self._upkeep.purge()

    @contextmanager
    def page(self, stream: str) -> Iterator[SQLitePage]:
        """A transaction for recording several entries; nothing of it is stored if it is left by an error."""
        with self.datastore.transaction(commit=True) as c:
            yield SQLitePage(self, c, stream)

    def _keeper(self, stream: str, c: SQLiteCursor, number: int, position: int) -> Keeper:
        """The keeper that remembers what it read of the tables *number* up to *position*, if nobody wrote since."""
        hash_, kept, keeper = self._kept.pop(stream, (b"", -1, None))
        if keeper is not None and kept == number and position > 0 and self._hash(c, stream, position) == hash_:
            return keeper
        return Keeper(stream, EventCache())

    def lend(self, c: SQLiteCursor, stream: str, last: Row | None) -> Keeper:
        """The keeper that will take what comes behind *last*; what it finds out before, it need not find out then."""
        number, _ = _tables_of(c, stream)
        keeper = self._keeper(stream, c, number, last.position if last else 0)
        self._kept[stream] = last.hash if last else b"", number, keeper
        return keeper

    def construct_create_table_statements(self) -> list[str]:
        """The statements that make an empty database ours."""
        return [
            EVENTS,
            BY_INSTANT,
            REDACTIONS,
            *APPEND_ONLY,
            *TABLES,
            f"PRAGMA application_id = {APPLICATION_ID}",
            f"PRAGMA user_version = {SCHEMA}",
        ]

    def create_table(self) -> None:
        """Make an empty database ours; leave one that is ours as it is.

        Raises: StoreUnusable, for any other database, which is left untouched.
        """
        with self.datastore.transaction(commit=False) as c:
            empty = self._is_empty(c)
        if empty:
            with self.datastore.transaction(commit=True) as c:
                if self._is_empty(c):  # still: another process may have been first
                    super()._create_table(c)
        self._bring_up()
        self._use_wal()

    def _bring_up(self) -> None:
        """Give a file of the first version what this one has: what its redactions withheld is erased."""
        with self.datastore.transaction(commit=False) as c:
            if _value(c, "SELECT user_version FROM pragma_user_version") == SCHEMA:
                return
        with self.datastore.transaction(commit=True) as c:
            if _value(c, "SELECT user_version FROM pragma_user_version") == SCHEMA:
                return
            for statement in ("DROP TRIGGER stored_events_no_update", REDACTIONS, ONLY_ERASED):
                c.execute(statement)
            for stream in _streams(c):
                self._erase(c, stream, redacted_by(c, stream))
            c.execute(f"PRAGMA user_version = {SCHEMA}")

    def _is_empty(self, c: SQLiteCursor) -> bool:
        ours, version, tables = (
            _value(c, f"SELECT {what}")
            for what in (
                "application_id FROM pragma_application_id",
                "user_version FROM pragma_user_version",
                "count(*) FROM sqlite_schema",
            )
        )
        place = self.datastore.pool.db_name
        if (ours, version, tables) == (0, 0, 0):
            return True
        if ours != APPLICATION_ID:
            raise StoreUnusable(place, "it is an SQLite database of another program")
        if version not in (1, SCHEMA):
            raise StoreUnusable(
                place,
                f"it is of version {version}, written by a later program; this one reads version {SCHEMA}",
            )
        return False

    def _use_wal(self) -> None:
        """Let readers go on beside a writer; the file remembers it."""
        deadline = time.monotonic() + BUSY
        while True:
            try:
                with self.datastore.get_connection(commit=True) as connection:
                    connection.cursor().execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as e:  # another process is just doing the same
                if time.monotonic() > deadline:
                    raise StoreUnusable(self.datastore.pool.db_name, str(e)) from e
                time.sleep(0.01)

    # --- writing

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        changes = [s for s in stored_events if isinstance(s, StoredChange)]
        stream = str(changes[0].originator_id)
        last = _last(c, stream)
        expected, found = changes[0].originator_version - 1, last.position if last else 0
        if expected != found:
            raise PositionTaken(stream, expected, found)
        facts = ((s.topic, s.entry, s.number, s.state) for s in changes)
        return self.store(c, stream, follow(stream, last, facts, stamp(kwargs["clock"]())))

    def load(self, stream: str, rows: Iterable[Row]) -> None:
        """Store a whole stream as it is, in one transaction.

        Raises: PositionTaken, if it has events already; and what *rows* raise, nothing being stored then.
        """
        with self.datastore.transaction(commit=True) as c:
            last = _last(c, stream)
            if last:
                raise PositionTaken(stream, 0, last.position)
            for page in _whole_entries(rows):
                self.store(c, stream, page)

    def store(self, c: SQLiteCursor, stream: str, rows: Sequence[Row]) -> Sequence[int]:
        """Put *rows*, whole entries that come next in the stream; their notification ids.

        Everything that the log takes in passes here, inside the transaction that stores it.
        """
        c.executemany(
            INSERT,
            [
                (stream, r.position, r.kind, r.entry, r.number, r.state, r.recorded, r.salt, r.digest, r.hash)
                for r in rows
            ],
        )
        shelf = SQLiteShelf(c, stream, make=True)
        number, kept, before = *_tables_of(c, stream), rows[0].position - 1
        if kept < before:
            made_up_to(c, stream, shelf, before)
        keeper = self._keeper(stream, c, number, before)
        for _, entry in groupby(rows, key=lambda row: row.entry):
            whole = list(entry)
            events = [event_of(stream, row) for row in whole]
            erased = self._erase(c, stream, redactions(events))
            keeper.take(shelf, whole[0].position, events, erased=erased > 0)
        self._kept[stream] = rows[-1].hash, number, keeper
        # Under the write lock, ids are handed out without a gap.
        last: int = _value(c, "SELECT max(rowid) FROM stored_events")
        return range(last - len(rows) + 1, last + 1)

    def _erase(self, c: SQLiteCursor, stream: str, targets: Iterable[str]) -> int:
        """Remove salt and bytes of the events that *targets* name; of how many they were there."""
        count = 0
        for target in targets:
            c.execute(ERASE, (stream, *split_target(target)))
            count += c.sqlite_cursor.rowcount
        return count

    def _hash(self, c: SQLiteCursor, stream: str, position: int) -> bytes:
        c.execute(
            "SELECT hash FROM stored_events WHERE originator_id = ? AND originator_version = ?", (stream, position)
        )
        return bytes(c.fetchone()[0])

    # --- reading

    def streams(self) -> list[str]:
        """The institutions that have events, sorted."""
        with self.datastore.transaction(commit=False) as c:
            return _streams(c)

    def last(self, stream: str) -> Row | None:
        """The row at the head; remembered while nobody writes."""
        version = self.datastore.version()  # before reading: what is written meanwhile is found the next time
        seen, lasts = self._lasts
        if version is None or version != seen:
            lasts = {}
        elif stream in lasts:
            return lasts[stream]
        with self.datastore.transaction(commit=False) as c:
            found = _last(c, stream)
        if version is not None:
            self._lasts = version, {**lasts, stream: found}
        return found

    def rows(self, stream: str, after: int, until: int | None, limit: int) -> list[Row]:
        """The first *limit* rows with after < position ≤ until, by position."""
        with self.datastore.transaction(commit=False) as c:
            return _rows(c, stream, after, until, limit)

    @contextmanager
    def moment(self) -> Iterator[SQLiteMoment]:
        """The rows of all logs as they are at one moment, whatever is recorded or erased the while."""
        with self.datastore.transaction(commit=False) as c:
            yield SQLiteMoment(c)

    def span(self, stream: str, entry: str) -> tuple[int, int] | None:
        """The first and the last position of *entry*."""
        with self.datastore.transaction(commit=False) as c:
            return _span(c, stream, entry)

    def last_at(self, stream: str, recorded: str) -> int:
        """The last position recorded at *recorded* or before; 0 if none."""
        with self.datastore.transaction(commit=False) as c:
            c.execute(
                "SELECT originator_version FROM stored_events WHERE originator_id = ? AND recorded <= ?"
                " ORDER BY recorded DESC, rowid DESC LIMIT 1",
                (stream, recorded),
            )
            row = c.fetchone()
            return row[0] if row else 0


@dataclass(frozen=True)
class SQLiteMoment:
    """The rows of all logs within one transaction."""

    c: SQLiteCursor

    def streams(self) -> list[str]:
        """The institutions that have events, sorted."""
        return _streams(self.c)

    def last(self, stream: str) -> Row | None:
        """The row at the head."""
        return _last(self.c, stream)

    def rows(self, stream: str, after: int, until: int | None, limit: int) -> list[Row]:
        """The first *limit* rows with after < position ≤ until, by position."""
        return _rows(self.c, stream, after, until, limit)


class SQLitePage:
    """A transaction in which entries of one register are decided on and recorded, each after those before it."""

    def __init__(self, recorder: SQLiteLogRecorder, c: SQLiteCursor, stream: str) -> None:
        self._recorder, self._c, self._stream = recorder, c, stream
        self._last = _last(c, stream)

    @property
    def head(self) -> Head:
        """Where the log ends, with what this page holds."""
        return Head(self._last.position, self._last.recorded, self._last.hash.hex()) if self._last else EMPTY

    def history(self) -> TableHistory:
        """What is recorded up to there, for deciding on it."""
        keeper = self._recorder.lend(self._c, self._stream, self._last)
        return TableHistory(self._stream, SQLiteShelf(self._c, self._stream), self.head.position, (), keeper)

    def span(self, entry: str) -> tuple[int, int] | None:
        """The first and the last position of *entry*."""
        return _span(self._c, self._stream, entry)

    def append(self, events: Sequence[Event], clock: Clock) -> tuple[int, int]:
        """Record a whole entry; its first and its last position."""
        facts = ((event.kind, event.entry, event.index, event.stored()) for event in events)
        rows = follow(self._stream, self._last, facts, stamp(clock()))
        self._recorder.store(self._c, self._stream, rows)
        self._last = rows[-1]
        return rows[0].position, rows[-1].position


class SQLiteLogFactory(SQLiteFactory):
    """The infrastructure of a log in the file at *path*; nothing of it comes from the environment."""

    application_recorder_class = SQLiteLogRecorder

    def __init__(self, path: str) -> None:
        super().__init__({self.SQLITE_DBNAME: path})
        self.datastore = LogDatastore(path)


def open_sqlite(path: str | Path, progress: Progress = silent) -> MaintainedLog:
    """The log in the SQLite file at *path*, made if it is not there; `:memory:` for one in memory.

    Read tables that are missing, older or behind are made first, of which *progress* is told.
    Raises: StoreUnusable.
    """
    factory = SQLiteLogFactory(str(path))
    try:
        log = MaintainedLog(factory)
        log.upkeep.catch_up(progress)
    except StoreUnusable:
        factory.close()
        raise
    return log


def _streams(c: SQLiteCursor) -> list[str]:
    c.execute(STREAMS)
    return [row["id"] for row in c.fetchall()]


def _last(c: SQLiteCursor, stream: str) -> Row | None:
    c.execute(f"SELECT {ROW} ORDER BY originator_version DESC LIMIT 1", (stream,))
    row = c.fetchone()
    return Row(*row) if row else None


def _rows(c: SQLiteCursor, stream: str, after: int, until: int | None, limit: int) -> list[Row]:
    end = "" if until is None else " AND originator_version <= ?"
    values = [stream, after, *([] if until is None else [until]), limit]
    c.execute(f"SELECT {ROW} AND originator_version > ?{end} ORDER BY originator_version LIMIT ?", values)
    return [Row(*row) for row in c.fetchall()]


def _span(c: SQLiteCursor, stream: str, entry: str) -> tuple[int, int] | None:
    c.execute(
        "SELECT min(originator_version), max(originator_version)"
        " FROM stored_events WHERE originator_id = ? AND entry = ?",
        (stream, entry),
    )
    first, last = c.fetchone()
    return None if first is None else (first, last)


def _tables_of(c: SQLiteCursor, stream: str) -> tuple[int, int]:
    """The number of the tables of a register, and up to where they are kept; -1 and 0 if it has none."""
    c.execute("SELECT stream, position FROM tables_of WHERE institution = ?", (stream,))
    number, position = c.fetchone() or (-1, 0)
    return number, position


def _value(c: SQLiteCursor, query: str) -> Any:
    c.execute(query)
    return c.fetchone()[0]


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
