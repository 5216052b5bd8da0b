"""Making the read tables in an SQLite file anew, while others read them and write.

A register is built under a stream number of its own, in the same tables as the one in use: every row of theirs
carries the number, and no statement for the one sees a row of the other. Pages of whole entries are committed
one by one, and between them whoever waits may write; at the end two rows of `tables_of` change their names. So a
reader sees the old tables or the new, never half of either, and no statement has to know that there are two.
What is left over, of tables that were in use or of a build that was killed, keeps a name with a `|` in it, which
no institution has, and is removed piece by piece.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import orjson
from eventsourcing.sqlite import SQLiteCursor

from domain.acts import redactions
from domain.errors import StoreUnusable
from domain.events import Event
from projections.recorders.sqlite_tables import BY_STREAM, BY_THING, SCHEMA, SPELLING, SQLiteShelf, spelling_of
from projections.tables.intervals import day_node
from projections.tables.keeper import Keeper
from projections.tables.names import Spelling
from projections.tables.rebuilding import Believed, Builder, Ledger, Progress, Purged
from projections.tables.shelf import EventCache, ShelfArchive
from projections.tables.slices import Position
from projections.tables.touching import redacted_in
from projections.tables.version import VERSION

if TYPE_CHECKING:
    from projections.recorders.sqlite import LogDatastore

BUSY = 30  # seconds in which others may let go of the file
BEYOND = ("copies, backups and exported logs made before, and what the disk keeps of blocks that it has taken back",)
PAUSE = 0.1  # seconds between pages: as often as SQLite looks whether it may write
PIECE = 5_000  # rows removed at once
TABLES = [found[1] for statement in SCHEMA if (found := re.match(r"CREATE (?:VIRTUAL )?TABLE (\w+)", statement))]
BELIEVED = (
    'SELECT b."key", b.life, b.lo, b.hi, b."values", b.told, causes.body, b.name, b.disputed,'
    " b.s_lo, b.s_hi, b.e_lo, b.e_hi, b.proved_from, b.proved_until, b.evidence, b.begun, b.handed_on, b.acts"
    " FROM believed AS b LEFT JOIN causes ON causes.stream = b.stream AND causes.id = b.cause"
)
SPELLED = (
    f"SELECT name, {SPELLING}, folded FROM things CROSS JOIN spellings ON spellings.thing = things.id"
    " WHERE until IS NULL"
)


class BesideShelf(SQLiteShelf):
    """Tables of a register that are made beside those in use, under *name*."""

    def __init__(self, cursor: SQLiteCursor, institution: str, name: str) -> None:
        self._name = name
        super().__init__(cursor, institution)

    def _number(self) -> int:
        found = self._all("SELECT stream FROM tables_of WHERE institution = ?", self._name)
        return found[0][0] if found else -1

    def begin(self) -> None:
        """Take a number."""
        self._c.execute(
            "INSERT INTO tables_of (institution, version, position) VALUES (?, ?, 0)", (self._name, VERSION)
        )
        self._stream = self._number()

    def put_position(self, position: Position) -> None:
        """Set it. Raises: StoreUnusable, if somebody removed what was made so far."""
        if self._stream < 0:
            raise StoreUnusable("the database", f"the tables of {self._institution} in the making were removed")
        self._c.execute("UPDATE tables_of SET position = ? WHERE stream = ?", (position, self._stream))

    def swap(self) -> None:
        """Put these tables in the place of those in use, which become a leftover."""
        old = f"{self._institution}|old|{token_hex(8)}"
        rename = "UPDATE tables_of SET institution = ? WHERE institution = ?"
        self._c.execute(rename, (old, self._institution))
        self._c.execute(rename, (self._institution, self._name))


class Upkeep:
    """Keeps the tables in one file whole."""

    def __init__(self, datastore: LogDatastore, streams: Callable[[], list[str]]) -> None:
        self._store = datastore
        self._streams = streams
        self._path = datastore.pool.db_name

    # --- catching up

    def catch_up(self, progress: Progress) -> None:
        """Make what tables are missing, of another version, or behind the log; remove leftovers."""
        renew, behind, leftovers = self._state()
        if not (renew or behind or leftovers):
            return
        with self._alone(wait=renew or bool(behind)) as alone:
            if not alone:  # whose leftovers they seem to be is still building
                return
            renew, behind, leftovers = self._state()
            if renew:
                self._renew()
                _, behind, leftovers = self._state()
            self._discard(leftovers)
            for institution in behind:
                self._catch_up(institution, progress)

    def _state(self) -> tuple[bool, list[str], list[int]]:
        """Whether the tables have to be made at all, the registers of which they are behind, and leftovers."""
        streams = self._streams()
        with self._store.transaction(commit=False) as c:
            tables = _all(c, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'tables_of'")
            columns = [row[1] for row in _all(c, "PRAGMA table_info(tables_of)")] if tables else []
            if columns != ["stream", "institution", "version", "position"]:
                return True, [], []
            kept = {
                row[0]: tuple(row[1:])
                for row in _all(c, "SELECT institution, stream, version, position FROM tables_of")
            }
            if any(version != VERSION for _, version, _ in kept.values()):
                return True, [], []
            leftovers = [stream for name, (stream, *_) in kept.items() if "|" in name]
            behind = [name for name in streams if kept.get(name, (0, 0, 0))[2] < _head(c, name)]
            return False, behind, leftovers

    def _renew(self) -> None:
        """Empty tables of this version in place of what there is."""
        with self._store.transaction(commit=True) as c:
            for table in TABLES:
                c.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in SCHEMA:
                c.execute(statement)

    def _catch_up(self, institution: str, progress: Progress) -> None:
        with self._store.transaction(commit=False) as c:
            shelf, head = SQLiteShelf(c, institution), _head(c, institution)
            redacted = redacted_by(c, institution)
            same = shelf.position() > 0 and _redacted_in(shelf, institution) == redacted
        if not same:
            self.build(institution, progress)
            return
        builder = Builder(institution, redacted)
        while True:
            with self._store.transaction(commit=True) as c:
                head = _head(c, institution)
                if redacted_by(c, institution) != redacted:
                    break
                done = builder.page(SQLiteShelf(c, institution), head)
            progress(institution, done, head)
            if done == head:
                return
        self._catch_up(institution, progress)

    # --- building beside

    def rebuild(self, institution: str, progress: Progress) -> None:
        """Make the tables of a register anew beside those in use, and put them in their place."""
        with self._alone(wait=True):
            self._discard(self._state()[2])
            self.build(institution, progress)

    def build(self, institution: str, progress: Progress) -> None:
        """Make the tables of a register anew, and put them in the place of those in use, if there are any."""
        name = f"{institution}|new|{token_hex(8)}"
        with self._store.transaction(commit=True) as c:
            BesideShelf(c, institution, name).begin()
            redacted = redacted_by(c, institution)
        builder, again = Builder(institution, redacted), False
        while True:
            with self._store.transaction(commit=True) as c:
                shelf, head = BesideShelf(c, institution, name), _head(c, institution)
                done = builder.page(shelf, head)
                if done == head:
                    again = redacted_by(c, institution) != redacted
                    if not again:
                        shelf.swap()
            progress(institution, done, head)
            if done == head:
                break
            time.sleep(PAUSE)
        self._discard(self._state()[2])
        if again:  # something was withheld meanwhile, and what was made tells of it
            self.build(institution, progress)

    def purge(self) -> Purged:
        """Have the file keep nothing of what was erased.

        The index of spellings is made anew, for it only marks what is removed; then the file is written anew, and
        the log of its writes cut off. Raises: StoreUnusable.
        """
        if self._path == ":memory:":
            return Purged((), BEYOND)
        try:
            with self._alone(wait=True):
                self._discard(self._state()[2])
                with closing(sqlite3.connect(self._path, isolation_level=None, timeout=BUSY)) as c:
                    c.execute("PRAGMA secure_delete = ON")
                    c.execute("INSERT INTO spelled (spelled) VALUES ('rebuild')")
                    c.execute("VACUUM")
                    end = time.monotonic() + BUSY
                    while c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                        if time.monotonic() > end:
                            still = f"{self._path}-wal is still read by somebody: end what reads it, and purge again"
                            return Purged((still,), BEYOND)
                        time.sleep(PAUSE)
                    return Purged((), BEYOND)
        except sqlite3.DatabaseError as fault:
            raise StoreUnusable(self._path, str(fault)) from fault

    def _discard(self, streams: list[int]) -> None:
        """Remove the tables under those numbers, piece by piece."""
        for stream in streams:
            for table in BY_STREAM:
                self._pieces(table, "stream = ?", stream)
            for table, column in BY_THING:
                self._pieces(table, f"{column} IN (SELECT id FROM things WHERE stream = ?)", stream)
            self._pieces("things", "stream = ?", stream)
            self._pieces("tables_of", "stream = ?", stream)

    def _pieces(self, table: str, which: str, stream: int) -> None:
        while True:
            with self._store.transaction(commit=True) as c:
                columns = [row for row in _all(c, f"PRAGMA table_info({table})") if row[5]]
                key = ", ".join(f'"{row[1]}"' for row in sorted(columns, key=lambda row: row[5]))
                c.execute(
                    f"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {which} LIMIT {PIECE})",
                    (stream,),
                )
                if c.sqlite_cursor.rowcount < PIECE:
                    return

    @contextmanager
    def _alone(self, *, wait: bool) -> Iterator[bool]:
        """Whether no other process builds in this file: a lock that ends with its holder, whatever becomes of it."""
        if self._path == ":memory:":
            yield True
            return
        file = Path(f"{self._path}-building")
        lock = sqlite3.connect(file, isolation_level=None, timeout=0)
        try:
            while True:
                try:
                    lock.execute("BEGIN EXCLUSIVE")
                except sqlite3.OperationalError as fault:
                    if fault.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                        raise StoreUnusable(str(file), str(fault)) from fault
                    if not wait:
                        yield False
                        return
                    time.sleep(PAUSE)
                else:
                    break
            yield True
            file.unlink(missing_ok=True)
        finally:
            lock.close()


class SQLiteLedger(SQLiteShelf, Ledger):
    """The tables of a register, with the rows themselves."""

    def all_believed(self) -> Iterator[Believed]:
        """Every row believed now, by thing."""
        connection = self._c.sqlite_cursor.connection
        for row in connection.execute(f"{BELIEVED} WHERE b.stream = ? ORDER BY b.thing, b.life, b.lo", (self._stream,)):
            yield Believed(*row)

    def believed_of(self, name: str) -> list[Believed]:
        """The rows believed now of the thing of that name, as far as they stand where its doc says."""
        place = "b.stream = ? AND b.node = ? AND b.lo = ? AND b.thing = ? AND b.life = ?"
        found = []
        for _, thing, doc in self.docs([name]):
            for life, lo, hi, *_ in orjson.loads(doc)["rows"] if doc else ():
                found += self._all(f"{BELIEVED} WHERE {place}", self._stream, day_node(lo, hi), lo, thing, life)
        return [Believed(*row) for row in found]

    def all_spelled(self) -> Iterator[tuple[str, Spelling, str]]:
        """What is believed now that things are called, by thing."""
        connection = self._c.sqlite_cursor.connection
        for row in connection.execute(f"{SPELLED} AND spellings.stream = ? ORDER BY thing", (self._stream,)):
            yield row[0], spelling_of(row[1:6]), row[6]

    def spelled_of(self, name: str) -> list[tuple[str, Spelling, str]]:
        """The same of the thing of that name."""
        found = self._all(f"{SPELLED} AND things.stream = ? AND name = ?", self._stream, name)
        return [(row[0], spelling_of(tuple(row)[1:6]), row[6]) for row in found]


def made_up_to(c: SQLiteCursor, institution: str, shelf: SQLiteShelf, until: Position) -> None:
    """Catch up with *until* in the transaction that goes on: an older program appended meanwhile."""
    redacted = redacted_by(c, institution)
    if shelf.position() > 0 and _redacted_in(shelf, institution) == redacted:
        Builder(institution, redacted).page(shelf, until, float("inf"))
    else:
        Keeper(institution, EventCache()).rebuild(shelf, until, redacted)


def redacted_by(c: SQLiteCursor, institution: str) -> frozenset[str]:
    """The changes that the log erases, read from it alone."""
    query = "SELECT state FROM stored_events WHERE originator_id = ? AND topic = 'redacted'"
    return redactions(Event.from_stored(row[0]) for row in _all(c, query, institution))


def _redacted_in(shelf: SQLiteShelf, institution: str) -> frozenset[str]:
    return redacted_in(ShelfArchive(shelf, institution, shelf.position(), True, EventCache()))


def _head(c: SQLiteCursor, institution: str) -> Position:
    last = "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?"
    found = _all(c, last, institution)[0][0]
    return int(found or 0)


def _all(c: SQLiteCursor, query: str, *values: Any) -> list[Any]:
    c.execute(query, values)
    rows: list[Any] = c.fetchall()
    return rows
