"""The read tables in an SQLite file: their schema, and the statements that a Shelf is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from eventsourcing.sqlite import SQLiteCursor

from domain.dates import Day
from projections.tables.intervals import OPEN, commit_path, day_path
from projections.tables.names import Days, Spelling
from projections.tables.shelf import TOLD, Place, PointRow, Read, Shelf, ThingId
from projections.tables.slices import Position
from projections.tables.version import VERSION

_BOUNDS = "s_lo, s_hi, e_lo, e_hi, proved_from, proved_until, evidence, begun, handed_on"
_TOLD = (
    'CAST("key" AS BLOB), life, CAST("values" AS BLOB), CAST(told AS BLOB), cause, CAST(name AS BLOB), seats, disputed,'
    f" {_BOUNDS}, acts"
)
_TOLD_OF = f"{_TOLD}, thing, bounds_since"
_BOUND_COLUMNS = ", ".join(f"{name.strip()} INTEGER" for name in _BOUNDS.split(","))
_ROW_COLUMNS = (
    'hi INTEGER, since INTEGER, bounds_since INTEGER, "key" TEXT, "values" TEXT, told TEXT, cause INTEGER,'
    f" name TEXT, seats INTEGER, disputed TEXT, {_BOUND_COLUMNS}, acts TEXT"
)
_REST = f'hi, since, bounds_since, "key", "values", told, cause, name, seats, disputed, {_BOUNDS}, acts'

SCHEMA = (
    """CREATE TABLE tables_of (
        stream INTEGER PRIMARY KEY, institution TEXT NOT NULL UNIQUE,
        version INTEGER NOT NULL, position INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE filed (
        stream INTEGER, topic INTEGER, position INTEGER, PRIMARY KEY (stream, topic, position)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE things (
        id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, name TEXT NOT NULL, doc BLOB, UNIQUE (stream, name)
    ) STRICT""",
    f"""CREATE TABLE believed (
        stream INTEGER, node INTEGER, lo INTEGER, thing INTEGER, life INTEGER, {_ROW_COLUMNS},
        PRIMARY KEY (stream, node, lo, thing, life)
    ) STRICT, WITHOUT ROWID""",
    f"CREATE INDEX believed_by_end ON believed (stream, node, hi, lo, thing, life, {_REST.partition(', ')[2]})"
    f" WHERE node <> {OPEN}",
    f"""CREATE TABLE superseded (
        stream INTEGER, node INTEGER, since INTEGER, thing INTEGER, life INTEGER, lo INTEGER, until INTEGER,
        {_ROW_COLUMNS.replace(" since INTEGER,", "")}, PRIMARY KEY (stream, node, since, thing, life, lo, until)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX superseded_by_day ON superseded (stream, node, since, lo, hi, until)",
    f"""CREATE TABLE bounds_then (
        stream INTEGER, node INTEGER, since INTEGER, until INTEGER, thing INTEGER, life INTEGER, lo INTEGER, hi INTEGER,
        {_BOUND_COLUMNS}, PRIMARY KEY (stream, node, since, thing, life, until)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE hangs (
        above INTEGER, until INTEGER, below INTEGER, since INTEGER, PRIMARY KEY (above, until, below)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE points (
        above INTEGER, lo INTEGER, position INTEGER, origin INTEGER, hi INTEGER, since INTEGER, proves INTEGER,
        until INTEGER, PRIMARY KEY (above, lo, position, origin, hi, since)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX points_by_origin ON points (origin) WHERE until IS NULL",
    """CREATE TABLE causes (
        stream INTEGER, id INTEGER, body TEXT, PRIMARY KEY (stream, id)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE edges (
        stream INTEGER, day INTEGER, thing INTEGER, PRIMARY KEY (stream, day, thing)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE dated (
        stream INTEGER, day INTEGER, position INTEGER, lineage INTEGER NOT NULL, PRIMARY KEY (stream, day, position)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX dated_lineage ON dated (stream, day, position) WHERE lineage = 1",
    """CREATE TABLE touched (
        stream INTEGER, position INTEGER, thing INTEGER, PRIMARY KEY (stream, position, thing)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE spellings (
        id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, thing INTEGER NOT NULL, kind TEXT NOT NULL,
        since INTEGER NOT NULL, until INTEGER, lo INTEGER NOT NULL, hi INTEGER NOT NULL, own INTEGER NOT NULL,
        language TEXT NOT NULL, text TEXT NOT NULL, folded TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX spellings_by_thing ON spellings (thing)",
    "CREATE INDEX spellings_by_stream ON spellings (stream)",  # for taking a register out
    """CREATE VIRTUAL TABLE spelled USING fts5 (
        folded, content = 'spellings', content_rowid = 'id', columnsize = 0, tokenize = 'trigram case_sensitive 1'
    )""",
    """CREATE TRIGGER spelling_added AFTER INSERT ON spellings BEGIN
        INSERT INTO spelled (rowid, folded) VALUES (new.id, new.folded);
    END""",
    """CREATE TRIGGER spelling_removed AFTER DELETE ON spellings BEGIN
        INSERT INTO spelled (spelled, rowid, folded) VALUES ('delete', old.id, old.folded);
    END""",
)

BY_STREAM = ("filed", "believed", "superseded", "bounds_then", "causes", "edges", "dated", "touched", "spellings")
BY_THING = (("hangs", "above"), ("points", "above"))


SPELLING = "lo, hi, own, language, text"
_KNOWN = "since <= ? AND (until IS NULL OR until > ?)"


def _marks(count: int) -> str:
    return ", ".join("?" * count)


class SQLiteShelf(Shelf):
    """The tables of one register in an SQLite file, through one cursor."""

    def __init__(self, cursor: SQLiteCursor, institution: str, *, make: bool = False) -> None:
        self._c = cursor
        self._institution = institution
        self._stream = self._number()
        self._causes: dict[int, bytes] = {}
        if make and self._stream < 0:
            self.put_position(0)

    def _number(self) -> int:
        found = self._all("SELECT stream FROM tables_of WHERE institution = ?", self._institution)
        return found[0][0] if found else -1

    def _all(self, query: str, *values: Any) -> list[Any]:
        self._c.execute(query, values)
        rows: list[Any] = self._c.fetchall()
        return rows

    def _tuples(self, query: str, values: Sequence[Any]) -> list[Any]:
        """The rows as plain tuples, which is faster where there are thousands."""
        cursor = self._c.sqlite_cursor.connection.cursor()
        cursor.row_factory = None
        rows: list[Any] = cursor.execute(query, values).fetchall()
        return rows

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

    def entry(self, entry: str) -> list[tuple[Position, bytes]]:
        """The positions and stored bytes of the events of an entry, in order."""
        return [
            (row[0], row[1])
            for row in self._all(
                "SELECT originator_version, state FROM stored_events WHERE originator_id = ? AND entry = ?"
                " ORDER BY number",
                self._institution,
                entry,
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

    def put_docs(self, docs: Iterable[tuple[bytes, ThingId]]) -> None:
        """Keep what the next entry needs to know of things."""
        self._many("UPDATE things SET doc = ? WHERE id = ?", docs)

    def names(self) -> list[str]:
        """The names of all things."""
        return [row[0] for row in self._all("SELECT name FROM things WHERE stream = ?", self._stream)]

    # --- rectangles

    def open_rows(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Believe rows."""
        self._many(
            f"INSERT INTO believed (stream, node, lo, thing, life, {_REST}) VALUES ({_marks(25)})",
            ((self._stream, *row) for row in rows),
        )

    def close_rows(self, places: Iterable[tuple[int, Day, ThingId, int, Position, int]]) -> None:
        """Supersede rows."""
        for node, lo, thing, life, until, commit in places:
            self._c.execute(
                f"INSERT INTO superseded (stream, node, until, lo, thing, life, {_REST})"
                f" SELECT stream, ?, ?, lo, thing, life, {_REST} FROM believed"
                " WHERE stream = ? AND node = ? AND lo = ? AND thing = ? AND life = ?",
                (commit, until, self._stream, node, lo, thing, life),
            )
            self._c.execute(
                "DELETE FROM believed WHERE stream = ? AND node = ? AND lo = ? AND thing = ? AND life = ?",
                (self._stream, node, lo, thing, life),
            )

    def put_bounds(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """New bounds of believed rows."""
        sets = ", ".join(f"{name.strip()} = ?" for name in _BOUNDS.split(","))
        self._many(
            f"UPDATE believed SET {sets}, bounds_since = ? WHERE node = ? AND lo = ? AND thing = ? AND life = ?"
            f" AND stream = {int(self._stream)}",
            rows,
        )

    def keep_bounds(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Bounds that held."""
        self._many(f"INSERT INTO bounds_then VALUES ({_marks(17)})", ((self._stream, *row) for row in rows))

    def believed(self, day: Day, until: Position) -> list[Read]:
        """The rows of *day* that are believed as recorded up to *until*."""
        now = self.position()
        if until >= now:
            return self._stabbed(_TOLD, day, "")
        return self._as_known(day, until, now)

    def _stabbed(self, columns: str, day: Day, known: str) -> list[Any]:
        """*columns* of the rows now believed of *day*, as far as they are *known*."""
        before, behind = day_path(day)
        select = f"SELECT {columns} FROM believed"
        parts = (
            f"{select} WHERE stream = ? AND node = {OPEN} AND lo <= ?{known}",
            f"{select} INDEXED BY believed_by_end WHERE stream = ? AND node <> {OPEN}"
            f" AND node IN ({_marks(len(before))}) AND hi > ?{known}",
            f"{select} WHERE stream = ? AND node IN ({_marks(len(behind))}) AND lo <= ?{known}",
        )
        stream = self._stream
        return self._tuples(" UNION ALL ".join(parts), (stream, day, stream, *before, day, stream, *behind, day))

    def _as_known(self, day: Day, until: Position, now: Position) -> list[Read]:
        """The rows of *day* with what is superseded now, and with the bounds that were believed then."""
        before, behind = commit_path(until, now)
        where = "WHERE stream = ? AND node IN ({marks}) AND {side} AND lo <= ? AND hi > ?"
        left = where.format(marks=_marks(len(before)), side="until > ?")
        right = where.format(marks=_marks(len(behind)), side="since <= ?")
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
            (row[0], row[1]): row[2:] for row in self._tuples(then(f"thing, life, {_BOUNDS}", "bounds_then"), values)
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

    # --- what hangs on what

    def hang(self, rows: Iterable[tuple[ThingId, Day, ThingId, Day]]) -> None:
        """(above, until, below, since)."""
        self._many("INSERT OR REPLACE INTO hangs VALUES (?, ?, ?, ?)", rows)

    def unhang(self, rows: Iterable[tuple[ThingId, Day, ThingId]]) -> None:
        """(above, until, below)."""
        self._many("DELETE FROM hangs WHERE above = ? AND until = ? AND below = ?", rows)

    def hanging(self, above: Sequence[ThingId], first: Day, last: Day) -> list[str]:
        """The names of what may hang on one of *above* between two days."""
        return [
            row[0]
            for row in self._all(
                "SELECT name FROM json_each(?) AS wanted CROSS JOIN hangs CROSS JOIN things ON things.id = below"
                " WHERE above = wanted.value AND until >= ? AND since <= ?",
                _json(above),
                first,
                last,
            )
        ]

    def next_hanging(self, above: ThingId, day: Day, limit: int) -> list[str]:
        """The names of the next to hang on *above* after *day*."""
        return [
            row[0]
            for row in self._all(
                "SELECT name FROM hangs CROSS JOIN things ON things.id = below"
                " WHERE above = ? AND until > ? AND since > ? ORDER BY since LIMIT ?",
                above,
                day,
                day,
                limit,
            )
        ]

    # --- points

    def points_of(self, origin: ThingId) -> list[tuple[ThingId, Day, Day, Position, int]]:
        """(above, lo, hi, position, proves) of what *origin* shows now."""
        return [
            tuple(row)
            for row in self._all(
                "SELECT above, lo, hi, position, proves FROM points WHERE origin = ? AND until IS NULL", origin
            )
        ]

    def add_points(self, rows: Iterable[tuple[ThingId, Day, Position, ThingId, Day, Position, int]]) -> None:
        """(above, lo, position, origin, hi, since, proves)."""
        self._many(
            "INSERT OR REPLACE INTO points (above, lo, position, origin, hi, since, proves)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )

    def end_points(self, rows: Iterable[tuple[Position, ThingId, Day, Position, ThingId, Day]]) -> None:
        """(until, above, lo, position, origin, hi) of points that are believed no longer."""
        self._many(
            "UPDATE points SET until = ? WHERE above = ? AND lo = ? AND position = ? AND origin = ? AND hi = ?"
            " AND until IS NULL",
            rows,
        )

    def points(self, above: ThingId, day: Day, until: Position, *, backwards: bool = False) -> Iterator[PointRow]:
        """The points that show *above*, from *day* on; or before it, the last first."""
        side = "lo < ? ORDER BY lo DESC" if backwards else "lo >= ? ORDER BY lo"
        now = until >= self.position()
        known = "until IS NULL" if now else f"since <= {int(until)} AND (until IS NULL OR until > {int(until)})"
        query = f"SELECT lo, hi, position, origin, proves FROM points WHERE above = ? AND {known} AND {side}"
        size = 8
        offset = 0
        while True:
            rows = self._all(f"{query} LIMIT ? OFFSET ?", above, day, size, offset)
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
                self._tuples(
                    "SELECT causes.id, CAST(body AS BLOB) FROM json_each(?) AS wanted CROSS JOIN causes"
                    " WHERE causes.stream = ? AND causes.id = wanted.value",
                    (_json(missing), self._stream),
                )
            )
        return self._causes

    def causes_at(self, position: Position) -> list[tuple[int, str]]:
        """(id, JSON) of the causes by the event at *position*."""
        return [
            (row[0], row[1])
            for row in self._all(
                "SELECT id, body FROM causes WHERE stream = ? AND id >= ? AND id < ? ORDER BY id",
                self._stream,
                position << 8,
                (position + 1) << 8,
            )
        ]

    def add_causes(self, rows: Iterable[tuple[int, str]]) -> None:
        """Keep causes."""
        self._many("INSERT INTO causes VALUES (?, ?, ?)", ((self._stream, *row) for row in rows))

    def add_edges(self, rows: Iterable[tuple[Day, ThingId]]) -> None:
        """Days on which something about a thing begins or ends."""
        self._many("INSERT INTO edges VALUES (?, ?, ?)", ((self._stream, *row) for row in rows))

    def drop_edges(self, rows: Iterable[tuple[Day, ThingId]]) -> None:
        """Take back what add_edges put."""
        self._many(
            "DELETE FROM edges WHERE stream = ? AND day = ? AND thing = ?", ((self._stream, *row) for row in rows)
        )

    def edges(self, after: Day, until: Day, limit: int) -> list[str]:
        """The names of things with an edge in (after, until], at most *limit*."""
        return [
            row[0]
            for row in self._all(
                "SELECT DISTINCT name FROM edges CROSS JOIN things ON things.id = thing"
                " WHERE edges.stream = ? AND day > ? AND day <= ? LIMIT ?",
                self._stream,
                after,
                until,
                limit,
            )
        ]

    def date(self, rows: Iterable[tuple[Day, Position, bool]]) -> None:
        """Note the last days on which acts take effect."""
        self._many(
            "INSERT INTO dated VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET lineage = max(dated.lineage, excluded.lineage)",
            ((self._stream, *row) for row in rows),
        )

    def dated(self, after: Day, until: Day) -> list[Position]:
        """The acts of which the last day lies, or once lay, in (after, until]."""
        return [
            row[0]
            for row in self._all(
                "SELECT position FROM dated WHERE stream = ? AND day > ? AND day <= ?", self._stream, after, until
            )
        ]

    def lineage(self, after: Day, until: Day) -> list[Position]:
        """Those that are, or once were, of lineage."""
        return [
            row[0]
            for row in self._all(
                "SELECT position FROM dated WHERE stream = ? AND day > ? AND day <= ? AND lineage = 1",
                self._stream,
                after,
                until,
            )
        ]

    def next_dated(self, day: Day, *, backwards: bool = False) -> Day | None:
        """The first day after *day*, or the last before it, that has an act by some reading."""
        side = (
            "max(day) FROM dated WHERE stream = ? AND day < ?"
            if backwards
            else ("min(day) FROM dated WHERE stream = ? AND day > ?")
        )
        found: Day | None = self._all(f"SELECT {side}", self._stream, day)[0][0]
        return found

    # --- what things are called

    def spellings_of(self, things: Iterable[ThingId], until: Position) -> list[tuple[ThingId, int, Spelling]]:
        """(thing, number, spelling) of what is believed of *things* as recorded up to *until*."""
        return [
            (row[0], row[1], spelling_of(row[2:]))
            for row in self._tuples(
                f"SELECT thing, spellings.id, {SPELLING} FROM json_each(?) AS wanted CROSS JOIN spellings"
                f" ON thing = wanted.value WHERE {_KNOWN}",
                (_json(things), until, until),
            )
        ]

    def add_spellings(self, rows: Iterable[tuple[ThingId, str, Position, Spelling, str]]) -> None:
        """Believe spellings."""
        self._many(
            f"INSERT INTO spellings (stream, thing, kind, since, {SPELLING}, folded) VALUES ({_marks(10)})",
            ((self._stream, thing, kind, since, *spelling, folded) for thing, kind, since, spelling, folded in rows),
        )

    def end_spellings(self, rows: Iterable[tuple[Position, int]]) -> None:
        """(until, number) of spellings that are believed no longer."""
        self._many("UPDATE spellings SET until = ? WHERE id = ?", rows)

    def spelled(
        self, parts: Sequence[str], kinds: Sequence[str], until: Position, days: Days | None, limit: int
    ) -> list[tuple[str, ThingId, Spelling]]:
        """(name of the thing, its id, spelling) of the first *limit* that hold every one of *parts* when folded."""
        borne, values = ("", ()) if days is None else (" AND lo < hi AND lo <= ? AND hi > ?", (days[1], days[0]))
        wanted = " AND ".join('"' + part.replace('"', '""') + '"' for part in parts)
        return [
            (row[0], row[1], spelling_of(row[2:]))
            for row in self._tuples(
                f"SELECT name, thing, {SPELLING} FROM (SELECT rowid AS number FROM spelled WHERE spelled MATCH ?)"
                " CROSS JOIN spellings ON spellings.id = number CROSS JOIN things ON things.id = thing"
                f" WHERE spellings.stream = ? AND kind IN ({_marks(len(kinds))}) AND {_KNOWN}{borne} LIMIT ?",
                (wanted, self._stream, *kinds, until, until, *values, limit),
            )
        ]

    # --- as a whole

    def changed(self, after: Position, until: Position) -> list[str]:
        """The names of things of which rows were opened or closed by the entries in (after, until]."""
        return [
            row[0]
            for row in self._all(
                "SELECT DISTINCT name FROM touched CROSS JOIN things ON things.id = thing"
                " WHERE touched.stream = ? AND position > ? AND position <= ?",
                self._stream,
                after,
                until,
            )
        ]

    def touch(self, rows: Iterable[tuple[Position, ThingId]]) -> None:
        """Note that an entry opened or closed rows of a thing."""
        self._many("INSERT INTO touched VALUES (?, ?, ?)", ((self._stream, *row) for row in rows))

    def clear(self) -> None:
        """Empty the tables of the register."""
        for table in BY_STREAM:
            self._c.execute(f"DELETE FROM {table} WHERE stream = ?", (self._stream,))
        for table, column in BY_THING:
            self._c.execute(
                f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM things WHERE stream = ?)", (self._stream,)
            )
        self._c.execute("DELETE FROM things WHERE stream = ?", (self._stream,))
        self.put_position(0)

    def position(self) -> Position:
        """The position up to which the tables are kept; 0 for none."""
        found = self._all("SELECT position FROM tables_of WHERE stream = ?", self._stream)
        return found[0][0] if found else 0

    def put_position(self, position: Position) -> None:
        """Set it."""
        self._c.execute(
            "INSERT INTO tables_of (institution, version, position) VALUES (?, ?, ?)"
            " ON CONFLICT (institution) DO UPDATE SET position = excluded.position, version = excluded.version",
            (self._institution, VERSION, position),
        )
        if self._stream < 0:
            self._stream = self._number()


def spelling_of(row: Sequence[Any]) -> Spelling:
    """The spelling in a row of SPELLING."""
    lo, hi, own, language, text = row
    return Spelling(lo, hi, bool(own), language, text)


def _json(values: Iterable[object]) -> str:
    return orjson.dumps(list(values)).decode()
