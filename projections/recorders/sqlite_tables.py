"""The read tables in an SQLite file: what a Shelf is asked for, where SQLite has words of its own for it.

Lists are given as JSON. CROSS JOIN reads tables in the order in which they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
from eventsourcing.sqlite import SQLiteCursor

from domain.dates import Day
from projections.recorders.ledger import DatabaseLedger
from projections.recorders.read_tables import BOUNDS, KNOWN, REST, SPELLING, borne_on, with_spelling
from projections.recorders.shelf import DatabaseShelf
from projections.recorders.sqlite_connections import all_of
from projections.recorders.sqlite_writes import WRITES, marks
from projections.tables.intervals import OPEN, commit_path, day_path
from projections.tables.names import Days, Spelling
from projections.tables.shelf import TOLD, Place, Read, ThingId
from projections.tables.slices import Position
from projections.tables.version import VERSION

_TOLD = (
    'CAST("key" AS BLOB), life, CAST("values" AS BLOB), CAST(told AS BLOB), cause, CAST(name AS BLOB), seats, disputed,'
    f" {BOUNDS}, acts"
)
_TOLD_OF = f"{_TOLD}, thing, bounds_since"


class SQLiteShelf(DatabaseShelf):
    """The tables of one register in an SQLite file, through one cursor."""

    JOIN = "CROSS JOIN"
    _c: SQLiteCursor

    def _entered(self) -> int:
        found = self._all("SELECT stream FROM tables_of WHERE institution = ?", self._name)
        return found[0][0] if found else -1

    def _all(self, query: str, *values: Any) -> list[Any]:
        return all_of(self._c, query, *values)

    def _past(self, table: str, of: Iterable[int], query: str, *values: Any) -> list[Any]:
        return self._all(query, *values)  # whatever is written is there at once

    def _tuples(self, query: str, values: Sequence[Any]) -> list[Any]:
        """The rows as plain tuples, which is faster where there are thousands."""
        cursor = self._c.sqlite_cursor.connection.cursor()
        cursor.row_factory = None
        rows: list[Any] = cursor.execute(query, values).fetchall()
        return rows

    def _run(self, query: str, *values: Any) -> None:
        self._c.execute(query, values)

    def _write(self, what: str, rows: Iterable[Sequence[Any]]) -> None:
        self._many(WRITES[what], rows)

    def _many(self, query: str, rows: Iterable[Sequence[Any]]) -> None:
        given = list(rows)
        if given:
            self._c.executemany(query, given)

    # --- the log

    def states(self, positions: Iterable[Position]) -> dict[Position, bytes]:
        """The stored bytes of events."""
        return {
            row[0]: row[1]
            for row in self._all(
                "SELECT originator_version, state FROM stored_events WHERE originator_id = ?"
                " AND originator_version IN (SELECT value FROM json_each(?))",
                self._institution,
                _json(positions),
            )
        }

    def erased(self, positions: Iterable[Position]) -> list[tuple[Position, str, str, int]]:
        """(position, kind, entry, number) of events that are erased."""
        return [
            tuple(row)
            for row in self._all(
                "SELECT originator_version, topic, entry, number FROM stored_events WHERE originator_id = ?"
                " AND originator_version IN (SELECT value FROM json_each(?))",
                self._institution,
                _json(positions),
            )
        ]

    # --- topics

    def filed(self, topics: Sequence[int], until: Position) -> list[tuple[int, Position]]:
        """(topic, position) of what is filed under *topics* up to *until*."""
        return [
            (row[0], row[1])
            for row in self._all(
                "SELECT filed.topic, filed.position FROM json_each(?) AS wanted CROSS JOIN filed"
                " WHERE filed.stream = ? AND filed.topic = wanted.value AND filed.position <= ?",
                _json(topics),
                self._stream,
                until,
            )
        ]

    def file(self, filings: Iterable[tuple[int, Position]]) -> None:
        """File positions under topics."""
        self._many("INSERT OR IGNORE INTO filed VALUES (?, ?, ?)", ((self._stream, *row) for row in filings))

    # --- things

    def docs(self, names: Sequence[str]) -> list[tuple[str, ThingId, bytes | None]]:
        """(name, id, doc) of the things that have an id."""
        return [
            (row[0], row[1], row[2])
            for row in self._all(
                "SELECT things.name, things.id, things.doc FROM json_each(?) AS wanted CROSS JOIN things"
                " WHERE things.stream = ? AND things.name = wanted.value",
                _json(names),
                self._stream,
            )
        ]

    def add_things(self, names: Sequence[str]) -> list[tuple[str, ThingId]]:
        """Ids for names that have none."""
        found = []
        for name in names:
            self._c.execute("INSERT INTO things (stream, name) VALUES (?, ?)", (self._stream, name))
            found.append((name, int(self._c.lastrowid or 0)))
        return found

    # --- rectangles

    def close_rows(self, places: Iterable[tuple[int, Day, ThingId, int, Position, int]]) -> None:
        """Supersede rows."""
        for node, lo, thing, life, until, commit in places:
            self._c.execute(
                f"INSERT INTO superseded (stream, node, until, lo, thing, life, {REST})"
                f" SELECT stream, ?, ?, lo, thing, life, {REST} FROM believed"
                " WHERE stream = ? AND node = ? AND lo = ? AND thing = ? AND life = ?",
                (commit, until, self._stream, node, lo, thing, life),
            )
            self._c.execute(
                "DELETE FROM believed WHERE stream = ? AND node = ? AND lo = ? AND thing = ? AND life = ?",
                (self._stream, node, lo, thing, life),
            )

    def _believed_now(self, day: Day) -> list[Read]:
        return self._stabbed(_TOLD, day, "")

    def _stabbed(self, columns: str, day: Day, known: str) -> list[Any]:
        """*columns* of the rows now believed of *day*, as far as they are *known*."""
        before, behind = day_path(day)
        select = f"SELECT {columns} FROM believed"
        parts = (
            f"{select} WHERE stream = ? AND node = {OPEN} AND lo <= ?{known}",
            f"{select} INDEXED BY believed_by_end WHERE stream = ? AND node <> {OPEN}"
            f" AND node IN ({marks(len(before))}) AND hi > ?{known}",
            f"{select} WHERE stream = ? AND node IN ({marks(len(behind))}) AND lo <= ?{known}",
        )
        stream = self._stream
        return self._tuples(" UNION ALL ".join(parts), (stream, day, stream, *before, day, stream, *behind, day))

    def _believed_then(self, day: Day, until: Position, now: Position) -> list[Read]:
        before, behind = commit_path(until, now)
        where = "WHERE stream = ? AND node IN ({marks}) AND {side} AND lo <= ? AND hi > ?"
        left = where.format(marks=marks(len(before)), side="until > ?")
        right = where.format(marks=marks(len(behind)), side="since <= ?")
        values = (self._stream, *before, until, day, day, self._stream, *behind, until, day, day)

        def then(selected: str, table: str) -> str:
            return f"SELECT {selected} FROM {table} {left} UNION ALL SELECT {selected} FROM {table} {right}"

        # Most of what was superseded since is of other days: the days are looked at in an index that holds no texts.
        place = "node AS n, since AS s, lo AS l, until AS u, thing AS t, life AS i"
        found = then(place, "superseded INDEXED BY superseded_by_day")
        gone = (
            f"SELECT {_TOLD_OF} FROM ({found}) CROSS JOIN superseded WHERE stream = ? AND node = n AND since = s"
            " AND thing = t AND life = i AND lo = l AND until = u"
        )
        rows = self._stabbed(_TOLD_OF, day, f" AND since <= {int(until)}")
        rows += self._tuples(gone, (*values, self._stream))
        bounds = {
            (row[0], row[1]): row[2:] for row in self._tuples(then(f"thing, life, {BOUNDS}", "bounds_then"), values)
        }

        def as_bounded(row: Read) -> Read:
            held = bounds.get((row[TOLD], row[1]))
            return (*row[:8], *held, *row[TOLD - 1 :]) if held else row

        return [row if row[TOLD + 1] <= until else as_bounded(row) for row in rows]

    def rows_at(self, places: Iterable[Place]) -> list[Read]:
        """The rows believed now at *places*."""
        return self._tuples(
            f"SELECT {_TOLD} FROM (SELECT value AS place FROM json_each(?)) CROSS JOIN believed WHERE stream = ?"
            " AND node = place ->> 0 AND lo = place ->> 1 AND thing = place ->> 2 AND life = place ->> 3",
            (_json(places), self._stream),
        )

    # --- what hangs on what, and why

    def hanging(self, above: Sequence[ThingId], first: Day, last: Day) -> list[str]:
        """The names of what may hang on one of *above* between two days."""
        query = (
            "SELECT name FROM json_each(?) AS wanted CROSS JOIN hangs CROSS JOIN things ON things.id = below"
            " WHERE above = wanted.value AND until >= ? AND since <= ?"
        )
        return [row[0] for row in self._all(query, _json(above), first, last)]

    def _bodies(self, ids: Iterable[int]) -> list[tuple[int, bytes]]:
        return self._tuples(
            "SELECT causes.id, CAST(body AS BLOB) FROM json_each(?) AS wanted CROSS JOIN causes"
            " WHERE causes.stream = ? AND causes.id = wanted.value",
            (_json(ids), self._stream),
        )

    # --- what things are called

    def spellings_of(self, things: Iterable[ThingId], until: Position) -> list[tuple[ThingId, int, Spelling]]:
        """(thing, number, spelling) of what is believed of *things* as recorded up to *until*."""
        query = (
            f"SELECT thing, spellings.id, {SPELLING} FROM json_each(?) AS wanted CROSS JOIN spellings"
            f" ON thing = wanted.value WHERE {KNOWN}"
        )
        return with_spelling(self._tuples(query, (_json(things), until, until)))

    def spelled(
        self, parts: Sequence[str], kinds: Sequence[str], until: Position, days: Days | None, limit: int
    ) -> list[tuple[str, ThingId, Spelling]]:
        """(name of the thing, its id, spelling) of the first *limit* that hold every one of *parts* when folded."""
        borne, borne_in = borne_on(days)
        wanted = " AND ".join('"' + part.replace('"', '""') + '"' for part in parts)
        query = (
            f"SELECT name, thing, {SPELLING} FROM (SELECT rowid AS number FROM spelled WHERE spelled MATCH ?)"
            " CROSS JOIN spellings ON spellings.id = number CROSS JOIN things ON things.id = thing"
            f" WHERE spellings.stream = ? AND kind IN ({marks(len(kinds))}) AND {KNOWN}{borne} LIMIT ?"
        )
        return with_spelling(self._tuples(query, (wanted, self._stream, *kinds, until, until, *borne_in, limit)))

    # --- as a whole

    def position(self) -> Position:
        """The position up to which the tables are kept; 0 for none."""
        found = self._all("SELECT position FROM tables_of WHERE stream = ?", self._stream)
        return found[0][0] if found else 0

    def put_position(self, position: Position) -> None:
        """Set it."""
        self._c.execute(
            "INSERT INTO tables_of (institution, version, position) VALUES (?, ?, ?)"
            " ON CONFLICT (institution) DO UPDATE SET position = excluded.position, version = excluded.version",
            (self._name, VERSION, position),
        )
        if self._stream < 0:
            self._stream = self._entered()


class SQLiteLedger(SQLiteShelf, DatabaseLedger):
    """The tables of a register, with the rows themselves."""

    def _each(self, query: str, *values: Any) -> Iterator[Any]:
        yield from self._c.sqlite_cursor.connection.execute(query, values)


def _json(values: Iterable[object]) -> str:
    return orjson.dumps(list(values)).decode()
