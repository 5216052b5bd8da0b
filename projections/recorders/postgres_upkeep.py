"""Making the read tables in a PostgreSQL database anew, while others read them and write.

It goes as in the SQLite file: a register is built under a number of its own beside the tables in use, a page of whole
entries at a time, and at the end two names change. Tables of another version are made anew in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import orjson
import psycopg
from psycopg.rows import tuple_row

from domain.errors import StoreUnusable
from projections.recorders.postgres_connections import PgCursor, said
from projections.recorders.postgres_purge import purged
from projections.recorders.postgres_schema import BY_STREAM, BY_THING, redacted_by
from projections.recorders.postgres_tables import PostgresShelf, spelling_of
from projections.recorders.postgres_writes import SPELLING
from projections.tables.intervals import day_node
from projections.tables.keeper import Keeper
from projections.tables.names import Spelling
from projections.tables.rebuilding import Believed, Builder, Ledger, Progress, Purged
from projections.tables.shelf import EventCache, ShelfArchive
from projections.tables.slices import Position
from projections.tables.touching import redacted_in
from projections.tables.version import VERSION

if TYPE_CHECKING:
    from projections.recorders.postgres_connections import LogDatastore

BUILDING = 0x52454746  # the lock of who builds, which ends with his connection
PIECE = 5_000  # rows removed at once
BELIEVED = (
    'SELECT b."key", b.life, b.lo, b.hi, b."values", b.told, causes.body, b.name, b.disputed,'
    " b.s_lo, b.s_hi, b.e_lo, b.e_hi, b.proved_from, b.proved_until, b.evidence, b.begun, b.handed_on, b.acts"
    " FROM believed AS b LEFT JOIN causes ON causes.stream = b.stream AND causes.id = b.cause"
)
SPELLED = (
    f"SELECT name, {SPELLING}, folded FROM things JOIN spellings ON spellings.thing = things.id WHERE until IS NULL"
)


class BesideShelf(PostgresShelf):
    """Tables of a register that are made beside those in use, under *name*."""

    def __init__(self, cursor: PgCursor, institution: str, name: str) -> None:
        self._name = name
        super().__init__(cursor, institution)

    def _kept(self, name: str | None = None) -> tuple[int, Position]:
        return super()._kept(self._name)

    def begin(self) -> None:
        """Take a number."""
        self._c.execute(
            "INSERT INTO tables_of (institution, version, position) VALUES (%s, %s, 0)", (self._name, VERSION)
        )

    def put_position(self, position: Position) -> None:
        """Set it. Raises: StoreUnusable, if somebody removed what was made so far."""
        if self._stream < 0:
            raise StoreUnusable("the database", f"the tables of {self._institution} in the making were removed")
        super().put_position(position)

    def swap(self) -> None:
        """Put these tables in the place of those in use, which become a leftover."""
        old = f"{self._institution}|old|{token_hex(8)}"
        rename = "UPDATE tables_of SET institution = %s WHERE institution = %s"
        self._c.execute(rename, (old, self._institution))
        self._c.execute(rename, (self._institution, self._name))


class Upkeep:
    """Keeps the tables in one database whole."""

    def __init__(self, datastore: LogDatastore, streams: Callable[[], list[str]]) -> None:
        self._store = datastore
        self._streams = streams

    # --- catching up

    def catch_up(self, progress: Progress) -> None:
        """Make what tables are missing, of another version, or behind the log; remove leftovers."""
        renew, behind, leftovers = self._state()
        if not (renew or behind or leftovers):
            return
        with self._alone(wait=bool(renew or behind)) as alone:
            if not alone:  # whose leftovers they seem to be is still building
                return
            renew, behind, leftovers = self._state()
            self._discard(leftovers)
            for institution in renew:
                self.build(institution, progress)
            for institution in behind:
                self._catch_up(institution, progress)

    def _state(self) -> tuple[list[str], list[str], list[int]]:
        """The registers whose tables are of another version, those of which they are behind, and leftovers."""
        streams = self._streams()
        with self._store.transaction() as c:
            query = "SELECT institution, stream, version, position FROM tables_of"
            kept = {row[0]: tuple(row[1:]) for row in c.execute(query).fetchall()}
            renew = [name for name in streams if name in kept and kept[name][1] != VERSION]
            leftovers = [stream for name, (stream, *_) in kept.items() if "|" in name]
            behind = [name for name in streams if kept.get(name, (0, 0, 0))[2] < head_of(c, name)]
            return renew, [name for name in behind if name not in renew], leftovers

    def _catch_up(self, institution: str, progress: Progress) -> None:
        with self._store.transaction() as c:
            shelf, head = PostgresShelf(c, institution), head_of(c, institution)
            redacted = redacted_by(c, institution)
            same = shelf.position() > 0 and _redacted_in(shelf, institution) == redacted
        if not same:
            self.build(institution, progress)
            return
        builder = Builder(institution, redacted)
        while True:
            with self._store.transaction(commit=True) as c:
                head = head_of(c, institution)
                if redacted_by(c, institution) != redacted:
                    break
                done = builder.page(PostgresShelf(c, institution), head)
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
                shelf, head = BesideShelf(c, institution, name), head_of(c, institution)
                done = builder.page(shelf, head)
                if done == head:
                    again = redacted_by(c, institution) != redacted
                    if not again:
                        shelf.swap()
            progress(institution, done, head)
            if done == head:
                break
        self._discard(self._state()[2])
        if again:  # something was withheld meanwhile, and what was made tells of it
            self.build(institution, progress)

    def purge(self) -> Purged:
        """Have the files of the tables keep nothing of what was erased; for their owner. Raises: StoreUnusable."""
        with self._alone(wait=True):
            self._discard(self._state()[2])
        try:
            with closing(self._store.connections.open()) as connection:
                return purged(connection)
        except psycopg.Error as fault:
            raise StoreUnusable(self._store.place, said(fault)) from fault

    def _discard(self, streams: list[int]) -> None:
        """Remove the tables under those numbers, piece by piece."""
        for stream in streams:
            for table in BY_STREAM:
                self._pieces(table, "stream = %s", stream)
            for table, column in BY_THING:
                self._pieces(table, f"{column} IN (SELECT id FROM things WHERE stream = %s)", stream)
            self._pieces("things", "stream = %s", stream)
            self._pieces("tables_of", "stream = %s", stream)

    def _pieces(self, table: str, which: str, stream: int) -> None:
        rows = f"SELECT ctid FROM {table} WHERE {which} LIMIT {PIECE}"
        while True:
            with self._store.transaction(commit=True) as c:
                removed = c.execute(f"DELETE FROM {table} WHERE ctid = ANY(ARRAY({rows}))", (stream,)).rowcount
            if removed < PIECE:
                return

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


class PostgresLedger(PostgresShelf, Ledger):
    """The tables of a register, with the rows themselves."""

    def _each(self, query: str, stream: int) -> Iterator[Any]:
        """The rows one by one, however many; the server keeps them meanwhile."""
        connection = self._c.connection
        with connection.cursor(f"each_{token_hex(4)}", binary=True, row_factory=tuple_row) as cursor:
            cursor.itersize = PIECE
            yield from cursor.execute(query, (stream,), binary=True)

    def all_believed(self) -> Iterator[Believed]:
        """Every row believed now, by thing."""
        for row in self._each(f"{BELIEVED} WHERE b.stream = %s ORDER BY b.thing, b.life, b.lo", self._stream):
            yield Believed(*row)

    def believed_of(self, name: str) -> list[Believed]:
        """The rows believed now of the thing of that name, as far as they stand where its doc says."""
        place = "b.stream = %s AND b.node = %s AND b.lo = %s AND b.thing = %s AND b.life = %s"
        found = []
        for _, thing, doc in self.docs([name]):
            for life, lo, hi, *_ in orjson.loads(doc)["rows"] if doc else ():
                found += self._all(f"{BELIEVED} WHERE {place}", self._stream, day_node(lo, hi), lo, thing, life)
        return [Believed(*row) for row in found]

    def all_spelled(self) -> Iterator[tuple[str, Spelling, str]]:
        """What is believed now that things are called, by thing."""
        for row in self._each(f"{SPELLED} AND spellings.stream = %s ORDER BY thing", self._stream):
            yield row[0], spelling_of(row[1:6]), row[6]

    def spelled_of(self, name: str) -> list[tuple[str, Spelling, str]]:
        """The same of the thing of that name."""
        found = self._all(f"{SPELLED} AND things.stream = %s AND name = %s", self._stream, name)
        return [(row[0], spelling_of(row[1:6]), row[6]) for row in found]


def made_up_to(c: PgCursor, institution: str, shelf: PostgresShelf, until: Position) -> None:
    """Catch up with *until* in the transaction that goes on: an older program appended meanwhile."""
    redacted = redacted_by(c, institution)
    if shelf.position() > 0 and _redacted_in(shelf, institution) == redacted:
        Builder(institution, redacted).page(shelf, until, float("inf"))
    else:
        Keeper(institution, EventCache()).rebuild(shelf, until, redacted)


def _redacted_in(shelf: PostgresShelf, institution: str) -> frozenset[str]:
    return redacted_in(ShelfArchive(shelf, institution, shelf.position(), True, EventCache()))


def head_of(c: PgCursor, institution: str) -> Position:
    """The last position of a log; 0 if it has none."""
    query = "SELECT max(originator_version) FROM stored_events WHERE originator_id = %s"
    found = c.execute(query, (institution,)).fetchone()
    return int(found[0] or 0) if found else 0
