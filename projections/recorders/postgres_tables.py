"""The read tables in a PostgreSQL database: what a Shelf is asked for, where PostgreSQL has words of its own for it.

They are the tables of the SQLite file, in its orders: where an answer could show the order of rows, it is asked for.
Lists are given as arrays. What is asked of many at once looks for each by itself, behind OFFSET 0, through which the
planner does not see: where its statistics are of a time before the register came, it takes that for empty, and would
read all of it instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from secrets import token_hex
from typing import Any

from psycopg.rows import tuple_row
from psycopg.types.string import ByteaBinaryLoader

from domain.dates import Day
from domain.errors import StoreUnusable
from projections.recorders import postgres_days
from projections.recorders.ledger import DatabaseLedger
from projections.recorders.postgres_connections import PgConnection, PgCursor, all_of, as_psycopg
from projections.recorders.postgres_writes import WRITES, Waiting
from projections.recorders.read_tables import KNOWN, SPELLING, borne_on, with_spelling
from projections.recorders.shelf import DatabaseShelf
from projections.tables.intervals import commit_path, day_path
from projections.tables.names import Days, Spelling
from projections.tables.shelf import TOLD, Place, Read, ThingId
from projections.tables.slices import Position
from projections.tables.version import VERSION

FETCHED = 5_000  # rows in memory at once, where all are asked for


class PostgresShelf(DatabaseShelf):
    """The tables of one register in a PostgreSQL database, through one cursor."""

    JOIN = "JOIN"
    _c: PgCursor
    _position: Position = 0

    def __init__(self, cursor: PgCursor, institution: str, *, make: bool = False, name: str | None = None) -> None:
        self._raw = _of_bytes(cursor.connection)
        self._waiting = Waiting(cursor)
        super().__init__(cursor, institution, make=make, name=name)

    def _entered(self) -> int:
        """The number of the tables; up to where they are kept nobody else moves in this transaction."""
        found = self._all("SELECT stream, version, position FROM tables_of WHERE institution = ?", self._name)
        if found and found[0][1] != VERSION:
            detail = f"the tables of {self._institution} are of version {found[0][1]}, this program is of {VERSION}"
            raise StoreUnusable("the database", detail)
        stream, _, self._position = found[0] if found else (-1, VERSION, 0)
        return int(stream)

    def _all(self, query: str, *values: Any) -> list[Any]:
        self._waiting.send()
        return all_of(self._c, query, *values)

    def _past(self, table: str, of: Iterable[int], query: str, *values: Any) -> list[Any]:
        """The rows; what waits to be written goes on waiting, unless it is about one *of* them."""
        if self._waiting.of(table, of):
            self._waiting.send()
        return all_of(self._c, query, *values)

    def _bytes(self, query: str, values: Mapping[str, Any] | Sequence[Any]) -> list[Any]:
        """The rows, with texts as the bytes of their UTF-8."""
        self._waiting.send()
        return self._raw.execute(as_psycopg(query), values).fetchall()

    def _run(self, query: str, *values: Any) -> None:
        self._waiting.send()
        self._c.execute(as_psycopg(query), values)

    def _write(self, what: str, rows: Iterable[Sequence[Any]]) -> None:
        table, query, of, key = WRITES[what]
        self._waiting.put(table, query, rows, of, key)

    # --- the log

    def states(self, positions: Iterable[Position]) -> dict[Position, bytes]:
        """The stored bytes of events."""
        return dict(
            self._all(
                "SELECT place, state FROM unnest(?::bigint[]) AS given (place), LATERAL ("
                "SELECT state FROM stored_events WHERE originator_id = ? AND originator_version = place OFFSET 0"
                ") AS found",
                list(positions),
                self._institution,
            )
        )

    def erased(self, positions: Iterable[Position]) -> list[tuple[Position, str, str, int]]:
        """(position, kind, entry, number) of events that are erased."""
        return self._all(
            "SELECT originator_version, topic, entry, number FROM stored_events WHERE originator_id = ?"
            " AND originator_version = ANY(?::bigint[])",
            self._institution,
            list(positions),
        )

    # --- topics

    def filed(self, topics: Sequence[int], until: Position) -> list[tuple[int, Position]]:
        """(topic, position) of what is filed under *topics* up to *until*."""
        return self._all(
            "SELECT sought, position FROM unnest(?::bigint[]) AS given (sought), LATERAL ("
            "SELECT position FROM filed WHERE stream = ? AND topic = sought AND position <= ? OFFSET 0"
            ") AS found ORDER BY sought, position",
            list(topics),
            self._stream,
            until,
        )

    def file(self, filings: Iterable[tuple[int, Position]]) -> None:
        """File positions under topics."""
        rows = list(filings)
        if rows:
            query = "INSERT INTO filed SELECT %s, * FROM unnest(%s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING"
            topics, positions = map(list, zip(*rows, strict=True))
            self._c.execute(query, (self._stream, topics, positions))

    # --- things

    def docs(self, names: Sequence[str]) -> list[tuple[str, ThingId, bytes | None]]:
        """(name, id, doc) of the things that have an id."""
        return self._all(
            "SELECT sought, id, doc FROM unnest(?::text[]) AS given (sought), LATERAL ("
            "SELECT id, doc FROM things WHERE stream = ? AND name = sought OFFSET 0) AS found",
            list(dict.fromkeys(names)),
            self._stream,
        )

    def add_things(self, names: Sequence[str]) -> list[tuple[str, ThingId]]:
        """Ids for names that have none."""
        return self._all(
            "INSERT INTO things (stream, name) SELECT ?, name"
            " FROM unnest(?::text[]) WITH ORDINALITY AS given (name, place) ORDER BY place RETURNING name, id",
            self._stream,
            list(names),
        )

    # --- rectangles

    def close_rows(self, places: Iterable[tuple[int, Day, ThingId, int, Position, int]]) -> None:
        """Supersede rows."""
        given = ((node, lo, thing, life, commit, until) for node, lo, thing, life, until, commit in places)
        self._write("close_rows", self._ours(given))

    def _believed_now(self, day: Day) -> list[Read]:
        return self._bytes(postgres_days.NOW, self._asked(day))

    def _believed_then(self, day: Day, until: Position, now: Position) -> list[Read]:
        commits = dict(zip(("earlier", "later"), commit_path(until, now), strict=True))
        asked = {**self._asked(day), **commits, "until": until}
        rows = self._bytes(postgres_days.THEN, asked)
        held = {row[:2]: row for row in self._bytes(postgres_days.BOUNDED, asked)}
        for place, row in enumerate(rows):
            if row[TOLD] is not None:
                bounds = held.get((row[TOLD], row[1]))
                if bounds is not None:
                    rows[place] = (*row[:8], *bounds[2:], row[TOLD - 1])
        return rows

    def _asked(self, day: Day) -> dict[str, Any]:
        """The values by which the rows of *day* are asked for."""
        before, behind = day_path(day)
        return {"stream": self._stream, "day": day, "before": before, "behind": behind}

    def rows_at(self, places: Iterable[Place]) -> list[Read]:
        """The rows believed now at *places*."""
        columns = [list(column) for column in zip(*places, strict=True)] or [[]] * 4
        return self._bytes(
            f"SELECT {postgres_days.READ} FROM unnest(?::integer[], ?::integer[], ?::bigint[], ?::integer[])"
            " AS place (n, l, t, i), LATERAL (SELECT * FROM believed"
            " WHERE stream = ? AND node = n AND lo = l AND thing = t AND life = i OFFSET 0) AS found",
            (*columns, self._stream),
        )

    # --- what hangs on what, and why

    def hanging(self, above: Sequence[ThingId], first: Day, last: Day) -> list[str]:
        """The names of what may hang on one of *above* between two days."""
        query = (
            "SELECT name FROM hangs JOIN things ON things.id = below"
            " WHERE above = ANY(?::bigint[]) AND until >= ? AND since <= ?"
        )
        return [row[0] for row in self._all(query, list(above), first, last)]

    def _bodies(self, ids: Iterable[int]) -> list[tuple[int, bytes]]:
        query = (
            "SELECT sought, body FROM unnest(?::bigint[]) AS given (sought), LATERAL ("
            "SELECT body FROM causes WHERE stream = ? AND id = sought OFFSET 0) AS found"
        )
        return self._bytes(query, (list(ids), self._stream))

    # --- what things are called

    def spellings_of(self, things: Iterable[ThingId], until: Position) -> list[tuple[ThingId, int, Spelling]]:
        """(thing, number, spelling) of what is believed of *things* as recorded up to *until*."""
        asked = list(things)
        query = f"SELECT thing, id, {SPELLING} FROM spellings WHERE thing = ANY(?::bigint[]) AND {KNOWN}"
        return with_spelling(self._past("spellings", asked, query, asked, until, until))

    def spelled(
        self, parts: Sequence[str], kinds: Sequence[str], until: Position, days: Days | None, limit: int
    ) -> list[tuple[str, ThingId, Spelling]]:
        """(name of the thing, its id, spelling) of the first *limit* that hold every one of *parts* when folded."""
        borne, borne_in = borne_on(days)
        held = " AND ".join(["folded LIKE ?"] * len(parts))
        # The sums keep the planner from other indexes than that of the letters.
        query = (
            f"SELECT name, thing, {SPELLING} FROM spellings JOIN things ON things.id = thing WHERE {held}"
            f" AND spellings.stream + 0 = ? AND kind = ANY(?::text[]) AND {KNOWN}{borne}"
            " ORDER BY spellings.id + 0 LIMIT ?"
        )
        sought = (f"%{_literal(part)}%" for part in parts)
        return with_spelling(self._all(query, *sought, self._stream, list(kinds), until, until, *borne_in, limit))

    # --- as a whole

    def position(self) -> Position:
        """The position up to which the tables are kept; 0 for none."""
        return self._position

    def put_position(self, position: Position) -> None:
        """Set it."""
        if self._stream < 0:
            query = "INSERT INTO tables_of (institution, version, position) VALUES (?, ?, ?)"
            self._run(query, self._name, VERSION, position)
            self._stream = self._entered()
        else:
            self._run("UPDATE tables_of SET position = ? WHERE stream = ?", position, self._stream)
        self._position = position


class PostgresLedger(PostgresShelf, DatabaseLedger):
    """The tables of a register, with the rows themselves."""

    def _each(self, query: str, *values: Any) -> Iterator[Any]:
        """The rows one by one, however many; the server keeps them meanwhile."""
        connection = self._c.connection
        with connection.cursor(f"each_{token_hex(4)}", binary=True, row_factory=tuple_row) as cursor:
            cursor.itersize = FETCHED
            yield from cursor.execute(as_psycopg(query), values, binary=True)


def _of_bytes(connection: PgConnection) -> PgCursor:
    """A cursor that gives texts as the bytes they came in, which is how they leave."""
    cursor = connection.cursor(binary=True, row_factory=tuple_row)
    cursor.adapters.register_loader("text", ByteaBinaryLoader)
    return cursor


def _literal(part: str) -> str:
    """*part*, so that LIKE looks for it as it is."""
    return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
