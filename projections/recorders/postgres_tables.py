"""The read tables in a PostgreSQL database: the statements that a Shelf is asked for.

They are the tables of the SQLite file, in its orders: where an answer could show the order of rows, it is asked for.
What is asked of many at once looks for each by itself, behind OFFSET 0, through which the planner does not see: where
its statistics are of a time before the register came, it takes that for empty, and would read all of it instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from psycopg.rows import tuple_row
from psycopg.types.string import ByteaBinaryLoader

from domain.dates import Day
from domain.errors import StoreUnusable
from projections.recorders.postgres_connections import PgConnection, PgCursor
from projections.recorders.postgres_schema import BOUNDS, BY_STREAM, BY_THING
from projections.recorders.postgres_writes import (
    ADD_CAUSES,
    ADD_EDGES,
    ADD_POINTS,
    ADD_SPELLINGS,
    CLOSE_ROWS,
    DATE,
    DROP_EDGES,
    END_POINTS,
    END_SPELLINGS,
    HANG,
    KEEP_BOUNDS,
    OPEN_ROWS,
    PUT_BOUNDS,
    PUT_DOCS,
    SPELLING,
    TOUCH,
    UNHANG,
    Waiting,
)
from projections.tables.intervals import OPEN, commit_path, day_path
from projections.tables.names import Days, Spelling
from projections.tables.shelf import TOLD, Place, PointRow, Read, Shelf, ThingId
from projections.tables.slices import Position
from projections.tables.version import VERSION

_TOLD = f'"key", life, "values", told, cause, name, seats, disputed, {BOUNDS}, acts'
_TOLD_THEN = f"{_TOLD}, CASE WHEN bounds_since > %(until)s THEN thing END"  # whose bounds were others at *until*

_KNOWN = "since <= %s AND (until IS NULL OR until > %s)"


def _stabbed(columns: str, known: str = "") -> str:
    """What is believed now of a day, and *known*: one range of each node on the way to it."""
    where = f"FROM believed WHERE stream = %(stream)s AND node = {{node}} AND {{side}}{known}"
    each = (
        f"SELECT {columns} FROM unnest(%({{way}})s::integer[]) AS given (n),"
        f" LATERAL (SELECT * {where} OFFSET 0) AS found"
    )
    return " UNION ALL ".join(
        (
            f"SELECT {columns} {where.format(node=OPEN, side='lo <= %(day)s')}",
            each.format(way="before", node="n", side=f"node <> {OPEN} AND hi > %(day)s"),
            each.format(way="behind", node="n", side="lo <= %(day)s"),
        )
    )


def _then(columns: str, table: str) -> str:
    """What *table* has of a day that was believed once, and is no longer: one range of each node of commits."""
    each = (
        f"SELECT {columns} FROM unnest(%({{way}})s::bigint[]) AS given (n), LATERAL (SELECT * FROM {table}"
        " WHERE stream = %(stream)s AND node = n AND {side} AND lo <= %(day)s AND hi > %(day)s OFFSET 0) AS found"
    )
    parts = (each.format(way="earlier", side="until > %(until)s"), each.format(way="later", side="since <= %(until)s"))
    return " UNION ALL ".join(parts)


NOW = _stabbed(_TOLD)
THEN = f"{_stabbed(_TOLD_THEN, ' AND since <= %(until)s')} UNION ALL {_then(_TOLD_THEN, 'superseded')}"
BOUNDED = _then(f"thing, life, {BOUNDS}", "bounds_then")


class PostgresShelf(Shelf):
    """The tables of one register in a PostgreSQL database, through one cursor."""

    def __init__(self, cursor: PgCursor, institution: str, *, make: bool = False) -> None:
        self._c = cursor
        self._raw = _of_bytes(cursor.connection)
        self._waiting = Waiting(cursor)
        self._institution = institution
        self._stream, self._position = self._kept()
        self._causes: dict[int, bytes] = {}
        if make and self._stream < 0:
            self.put_position(0)

    @property
    def number(self) -> int:
        """The number of these tables; -1 for none."""
        return self._stream

    def _kept(self, name: str | None = None) -> tuple[int, Position]:
        """The number of the tables, and up to where they are kept: in this transaction nobody else moves that."""
        query = "SELECT stream, version, position FROM tables_of WHERE institution = %s"
        found = self._all(query, name or self._institution)
        if found and found[0][1] != VERSION:
            detail = f"the tables of {self._institution} are of version {found[0][1]}, this program is of {VERSION}"
            raise StoreUnusable("the database", detail)
        return (found[0][0], found[0][2]) if found else (-1, 0)

    def _all(self, query: str, *values: Any) -> list[Any]:
        self._waiting.send()
        return self._c.execute(query, values).fetchall()

    def _past(self, table: str, of: Iterable[int], query: str, *values: Any) -> list[Any]:
        """The rows, of *table* alone; what waits to be written goes on waiting, unless it is about one *of* them."""
        if self._waiting.of(table, of):
            self._waiting.send()
        return self._c.execute(query, values).fetchall()

    def _bytes(self, query: str, values: Mapping[str, Any] | Sequence[Any]) -> list[Any]:
        """The rows, with texts as the bytes of their UTF-8."""
        self._waiting.send()
        return self._raw.execute(query, values).fetchall()

    # --- the log

    def states(self, positions: Iterable[Position]) -> dict[Position, bytes]:
        """The stored bytes of events."""
        return dict(
            self._all(
                "SELECT place, state FROM unnest(%s::bigint[]) AS given (place), LATERAL ("
                "SELECT state FROM stored_events WHERE originator_id = %s AND originator_version = place OFFSET 0"
                ") AS found",
                list(positions),
                self._institution,
            )
        )

    def erased(self, positions: Iterable[Position]) -> list[tuple[Position, str, str, int]]:
        """(position, kind, entry, number) of events that are erased."""
        return self._all(
            "SELECT originator_version, topic, entry, number FROM stored_events WHERE originator_id = %s"
            " AND originator_version = ANY(%s::bigint[])",
            self._institution,
            list(positions),
        )

    def entry(self, entry: str) -> list[tuple[Position, bytes]]:
        """The positions and stored bytes of the events of an entry, in order."""
        return self._all(
            "SELECT originator_version, state FROM stored_events WHERE originator_id = %s AND entry = %s"
            " ORDER BY number",
            self._institution,
            entry,
        )

    # --- topics

    def filed(self, topics: Sequence[int], until: Position) -> list[tuple[int, Position]]:
        """(topic, position) of what is filed under *topics* up to *until*."""
        return self._all(
            "SELECT sought, position FROM unnest(%s::bigint[]) AS given (sought), LATERAL ("
            "SELECT position FROM filed WHERE stream = %s AND topic = sought AND position <= %s OFFSET 0"
            ") AS found ORDER BY sought, position",
            list(topics),
            self._stream,
            until,
        )

    def file(self, filings: Iterable[tuple[int, Position]]) -> None:
        """File positions under topics."""
        rows = list(filings)
        if rows:
            self._c.execute(
                "INSERT INTO filed SELECT %s, * FROM unnest(%s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING",
                (self._stream, [topic for topic, _ in rows], [position for _, position in rows]),
            )

    # --- things

    def docs(self, names: Sequence[str]) -> list[tuple[str, ThingId, bytes | None]]:
        """(name, id, doc) of the things that have an id."""
        return self._all(
            "SELECT sought, id, doc FROM unnest(%s::text[]) AS given (sought), LATERAL ("
            "SELECT id, doc FROM things WHERE stream = %s AND name = sought OFFSET 0) AS found",
            list(dict.fromkeys(names)),
            self._stream,
        )

    def add_things(self, names: Sequence[str]) -> list[tuple[str, ThingId]]:
        """Ids for names that have none."""
        return self._all(
            "INSERT INTO things (stream, name) SELECT %s, name"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS given (name, place) ORDER BY place RETURNING name, id",
            self._stream,
            list(names),
        )

    def put_docs(self, docs: Iterable[tuple[bytes, ThingId]]) -> None:
        """Keep what the next entry needs to know of things."""
        self._waiting.put("things", PUT_DOCS, docs, of=1, key=slice(1, 2))

    def names(self) -> list[str]:
        """The names of all things."""
        return [row[0] for row in self._all("SELECT name FROM things WHERE stream = %s", self._stream)]

    # --- rectangles

    def open_rows(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Believe rows."""
        self._waiting.put(
            "believed",
            OPEN_ROWS,
            ((self._stream, *row) for row in rows),
            of=3,
        )

    def close_rows(self, places: Iterable[tuple[int, Day, ThingId, int, Position, int]]) -> None:
        """Supersede rows."""
        self._waiting.put(
            "believed",
            CLOSE_ROWS,
            ((self._stream, node, lo, thing, life, commit, until) for node, lo, thing, life, until, commit in places),
            of=3,
        )

    def put_bounds(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """New bounds of believed rows."""
        self._waiting.put(
            "believed",
            PUT_BOUNDS,
            ((self._stream, *row) for row in rows),
            of=-2,
            key=slice(-4, None),
        )

    def keep_bounds(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Bounds that held."""
        self._waiting.put("bounds_then", KEEP_BOUNDS, ((self._stream, *row) for row in rows), of=4)

    def believed(self, day: Day, until: Position) -> list[Read]:
        """The rows of *day* that are believed as recorded up to *until*."""
        before, behind = day_path(day)
        asked = {"stream": self._stream, "day": day, "before": before, "behind": behind}
        now = self.position()
        return self._bytes(NOW, asked) if until >= now else self._as_known(asked, until, now)

    def _as_known(self, asked: dict[str, Any], until: Position, now: Position) -> list[Read]:
        """The rows *asked* for with what is superseded now, and with the bounds that were believed at *until*."""
        commits = dict(zip(("earlier", "later"), commit_path(until, now), strict=True))
        asked = {**asked, **commits, "until": until}
        rows = self._bytes(THEN, asked)
        held = {row[:2]: row for row in self._bytes(BOUNDED, asked)}
        for place, row in enumerate(rows):
            if row[TOLD] is not None:
                bounds = held.get((row[TOLD], row[1]))
                if bounds is not None:
                    rows[place] = (*row[:8], *bounds[2:], row[TOLD - 1])
        return rows

    def rows_at(self, places: Iterable[Place]) -> list[Read]:
        """The rows believed now at *places*."""
        columns = [list(column) for column in zip(*places, strict=True)] or [[]] * 4
        return self._bytes(
            f"SELECT {_TOLD} FROM unnest(%s::integer[], %s::integer[], %s::bigint[], %s::integer[])"
            " AS place (n, l, t, i), LATERAL (SELECT * FROM believed"
            " WHERE stream = %s AND node = n AND lo = l AND thing = t AND life = i OFFSET 0) AS found",
            (*columns, self._stream),
        )

    # --- what hangs on what

    def hang(self, rows: Iterable[tuple[ThingId, Day, ThingId, Day]]) -> None:
        """(above, until, below, since)."""
        self._waiting.put("hangs", HANG, rows, of=2, key=slice(3))

    def unhang(self, rows: Iterable[tuple[ThingId, Day, ThingId]]) -> None:
        """(above, until, below)."""
        self._waiting.put("hangs", UNHANG, rows, of=2)

    def hanging(self, above: Sequence[ThingId], first: Day, last: Day) -> list[str]:
        """The names of what may hang on one of *above* between two days."""
        return [
            row[0]
            for row in self._all(
                "SELECT name FROM hangs JOIN things ON things.id = below"
                " WHERE above = ANY(%s::bigint[]) AND until >= %s AND since <= %s",
                list(above),
                first,
                last,
            )
        ]

    def next_hanging(self, above: ThingId, day: Day, limit: int) -> list[str]:
        """The names of the next to hang on *above* after *day*."""
        return [
            row[0]
            for row in self._all(
                "SELECT name FROM hangs JOIN things ON things.id = below"
                " WHERE above = %s AND until > %s AND since > %s ORDER BY since, until, below LIMIT %s",
                above,
                day,
                day,
                limit,
            )
        ]

    # --- points

    def points_of(self, origin: ThingId) -> list[tuple[ThingId, Day, Day, Position, int]]:
        """(above, lo, hi, position, proves) of what *origin* shows now."""
        query = "SELECT above, lo, hi, position, proves FROM points WHERE origin = %s AND until IS NULL"
        return self._past("points", {origin}, query, origin)

    def add_points(self, rows: Iterable[tuple[ThingId, Day, Position, ThingId, Day, Position, int]]) -> None:
        """(above, lo, position, origin, hi, since, proves)."""
        self._waiting.put("points", ADD_POINTS, rows, of=3, key=slice(6))

    def end_points(self, rows: Iterable[tuple[Position, ThingId, Day, Position, ThingId, Day]]) -> None:
        """(until, above, lo, position, origin, hi) of points that are believed no longer."""
        self._waiting.put("points", END_POINTS, rows, of=4)

    def points(self, above: ThingId, day: Day, until: Position, *, backwards: bool = False) -> Iterator[PointRow]:
        """The points that show *above*, from *day* on; or before it, the last first."""
        way = " DESC" if backwards else ""
        order = ", ".join(f"{column}{way}" for column in ("lo", "position", "origin", "hi", "since"))
        side = f"lo {'<' if backwards else '>='} %s ORDER BY {order}"
        now = until >= self.position()
        known, values = ("until IS NULL", ()) if now else (_KNOWN, (until, until))
        query = f"SELECT lo, hi, position, origin, proves FROM points WHERE above = %s AND {known} AND {side}"
        size = 8
        offset = 0
        while True:
            rows = self._all(f"{query} LIMIT %s OFFSET %s", above, *values, day, size, offset)
            for row in rows:
                yield PointRow(*row)
            if len(rows) < size:
                return
            offset += size
            size *= 8

    # --- causes, edges, days

    def causes(self, ids: Iterable[int]) -> Mapping[int, bytes]:
        """Causes as JSON, and perhaps others."""
        missing = set(ids) - self._causes.keys()
        if missing:
            self._causes.update(
                self._bytes(
                    "SELECT sought, body FROM unnest(%s::bigint[]) AS given (sought), LATERAL ("
                    "SELECT body FROM causes WHERE stream = %s AND id = sought OFFSET 0) AS found",
                    (list(missing), self._stream),
                )
            )
        return self._causes

    def causes_at(self, position: Position) -> list[tuple[int, str]]:
        """(id, JSON) of the causes by the event at *position*."""
        first, last = position << 8, (position + 1) << 8
        query = "SELECT id, body FROM causes WHERE stream = %s AND id >= %s AND id < %s ORDER BY id"
        return self._past("causes", range(first, last), query, self._stream, first, last)

    def add_causes(self, rows: Iterable[tuple[int, str]]) -> None:
        """Keep causes."""
        self._waiting.put("causes", ADD_CAUSES, ((self._stream, *row) for row in rows), of=1)

    def add_edges(self, rows: Iterable[tuple[Day, ThingId]]) -> None:
        """Days on which something about a thing begins or ends."""
        self._waiting.put("edges", ADD_EDGES, ((self._stream, *row) for row in rows), of=2)

    def drop_edges(self, rows: Iterable[tuple[Day, ThingId]]) -> None:
        """Take back what add_edges put."""
        self._waiting.put("edges", DROP_EDGES, ((self._stream, *row) for row in rows), of=2)

    def edges(self, after: Day, until: Day, limit: int) -> list[str]:
        """The names of things with an edge in (after, until], at most *limit*."""
        return [
            row[0]
            for row in self._all(
                "SELECT DISTINCT name FROM edges JOIN things ON things.id = thing"
                " WHERE edges.stream = %s AND day > %s AND day <= %s LIMIT %s",
                self._stream,
                after,
                until,
                limit,
            )
        ]

    def date(self, rows: Iterable[tuple[Day, Position, bool]]) -> None:
        """Note the last days on which acts take effect."""
        given = ((self._stream, day, position, int(lineage)) for day, position, lineage in rows)
        self._waiting.put("dated", DATE, given, of=2, key=slice(3))

    def dated(self, after: Day, until: Day) -> list[Position]:
        """The acts of which the last day lies, or once lay, in (after, until]."""
        query = "SELECT position FROM dated WHERE stream = %s AND day > %s AND day <= %s"
        return [row[0] for row in self._all(query, self._stream, after, until)]

    def lineage(self, after: Day, until: Day) -> list[Position]:
        """Those that are, or once were, of lineage."""
        query = "SELECT position FROM dated WHERE stream = %s AND day > %s AND day <= %s AND lineage = 1"
        return [row[0] for row in self._all(query, self._stream, after, until)]

    def next_dated(self, day: Day, *, backwards: bool = False) -> Day | None:
        """The first day after *day*, or the last before it, that has an act by some reading."""
        wanted, side = ("max", "<") if backwards else ("min", ">")
        query = f"SELECT {wanted}(day) FROM dated WHERE stream = %s AND day {side} %s"
        found: Day | None = self._all(query, self._stream, day)[0][0]
        return found

    # --- what things are called

    def spellings_of(self, things: Iterable[ThingId], until: Position) -> list[tuple[ThingId, int, Spelling]]:
        """(thing, number, spelling) of what is believed of *things* as recorded up to *until*."""
        asked = list(things)
        query = f"SELECT thing, id, {SPELLING} FROM spellings WHERE thing = ANY(%s::bigint[]) AND {_KNOWN}"
        found = self._past("spellings", asked, query, asked, until, until)
        return [(row[0], row[1], spelling_of(row[2:])) for row in found]

    def add_spellings(self, rows: Iterable[tuple[ThingId, str, Position, Spelling, str]]) -> None:
        """Believe spellings."""
        self._waiting.put(
            "spellings",
            ADD_SPELLINGS,
            (
                (self._stream, thing, kind, since, lo, hi, int(own), language, text, folded)
                for thing, kind, since, (lo, hi, own, language, text), folded in rows
            ),
            of=1,
        )

    def end_spellings(self, rows: Iterable[tuple[Position, int]]) -> None:
        """(until, number) of spellings that are believed no longer."""
        self._waiting.put("spellings", END_SPELLINGS, rows, of=1)

    def spelled(
        self, parts: Sequence[str], kinds: Sequence[str], until: Position, days: Days | None, limit: int
    ) -> list[tuple[str, ThingId, Spelling]]:
        """(name of the thing, its id, spelling) of the first *limit* that hold every one of *parts* when folded."""
        borne, values = ("", ()) if days is None else (" AND lo < hi AND lo <= %s AND hi > %s", (days[1], days[0]))
        held = " AND ".join(["folded LIKE %s"] * len(parts))
        return [
            (row[0], row[1], spelling_of(row[2:]))
            for row in self._all(
                # The sums keep the planner from other indexes than that of the letters.
                f"SELECT name, thing, {SPELLING} FROM spellings JOIN things ON things.id = thing WHERE {held}"
                f" AND spellings.stream + 0 = %s AND kind = ANY(%s::text[]) AND {_KNOWN}{borne}"
                " ORDER BY spellings.id + 0 LIMIT %s",
                *(f"%{_literal(part)}%" for part in parts),
                self._stream,
                list(kinds),
                until,
                until,
                *values,
                limit,
            )
        ]

    # --- as a whole

    def changed(self, after: Position, until: Position) -> list[str]:
        """The names of things of which rows were opened or closed by the entries in (after, until]."""
        return [
            row[0]
            for row in self._all(
                "SELECT DISTINCT name FROM touched JOIN things ON things.id = thing"
                " WHERE touched.stream = %s AND position > %s AND position <= %s",
                self._stream,
                after,
                until,
            )
        ]

    def touch(self, rows: Iterable[tuple[Position, ThingId]]) -> None:
        """Note that an entry opened or closed rows of a thing."""
        self._waiting.put("touched", TOUCH, ((self._stream, *row) for row in rows), of=2)

    def clear(self) -> None:
        """Empty the tables of the register."""
        self._waiting.send()
        for table in BY_STREAM:
            self._c.execute(f"DELETE FROM {table} WHERE stream = %s", (self._stream,))
        for table, column in BY_THING:
            self._c.execute(
                f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM things WHERE stream = %s)", (self._stream,)
            )
        self._c.execute("DELETE FROM things WHERE stream = %s", (self._stream,))
        self.put_position(0)

    def position(self) -> Position:
        """The position up to which the tables are kept; 0 for none."""
        return self._position

    def put_position(self, position: Position) -> None:
        """Set it."""
        self._waiting.send()
        if self._stream < 0:
            self._c.execute(
                "INSERT INTO tables_of (institution, version, position) VALUES (%s, %s, %s)",
                (self._institution, VERSION, position),
            )
            self._stream, _ = self._kept()
        else:
            self._c.execute("UPDATE tables_of SET position = %s WHERE stream = %s", (position, self._stream))
        self._position = position


def _of_bytes(connection: PgConnection) -> PgCursor:
    """A cursor that gives texts as the bytes they came in, which is how they leave."""
    cursor = connection.cursor(binary=True, row_factory=tuple_row)
    cursor.adapters.register_loader("text", ByteaBinaryLoader)
    return cursor


def spelling_of(row: Sequence[Any]) -> Spelling:
    """The spelling in a row of SPELLING."""
    lo, hi, own, language, text = row
    return Spelling(lo, hi, bool(own), language, text)


def _literal(part: str) -> str:
    """*part*, so that LIKE looks for it as it is."""
    return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
