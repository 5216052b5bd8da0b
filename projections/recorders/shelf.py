"""The tables of one register in a database: the statements that both databases understand.

What a database has to say in its own way is said by its own shelf, over this one.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from secrets import token_hex
from typing import Any, ClassVar

from domain.dates import Day
from projections.recorders.read_tables import BY_STREAM, BY_THING, KNOWN
from projections.tables.names import Spelling
from projections.tables.shelf import PointRow, Read, Shelf, ThingId
from projections.tables.slices import Position


class DatabaseShelf(Shelf):
    """The tables of one register through one cursor, entered under *name*, which is the institution's if none is given.

    With *make* they are entered if they are not. It needs of a database how it is asked (`_all`, `_past`, `_run`), how
    rows are written (`_write`), and what it says of lists, of days and of names in words of its own.
    """

    JOIN: ClassVar[str]
    """What joins tables that are to be read in the order in which they stand."""

    def __init__(self, cursor: Any, institution: str, *, make: bool = False, name: str | None = None) -> None:
        self._c = cursor
        self._institution = institution
        self._name = name or institution
        self._stream = self._entered()
        self._causes: dict[int, bytes] = {}
        if make and self._stream < 0:
            self.put_position(0)

    @property
    def number(self) -> int:
        """The number of these tables; -1 for none."""
        return self._stream

    # --- how the database is asked

    @abstractmethod
    def _entered(self) -> int:
        """The number under which the tables are entered; -1 if they are not."""

    @abstractmethod
    def _all(self, query: str, *values: Any) -> list[Any]:
        """The rows of an answer."""

    @abstractmethod
    def _past(self, table: str, of: Iterable[int], query: str, *values: Any) -> list[Any]:
        """The same, where all that is asked is rows of *table* about one *of* some things."""

    @abstractmethod
    def _run(self, query: str, *values: Any) -> None:
        """Run what gives no rows."""

    @abstractmethod
    def _write(self, what: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run the statement named *what* for each of *rows*."""

    def _ours(self, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
        """*rows*, each behind the number of these tables."""
        return ((self._stream, *row) for row in rows)

    # --- the log

    def entry(self, entry: str) -> list[tuple[Position, bytes]]:
        """The positions and stored bytes of the events of an entry, in order."""
        query = (
            "SELECT originator_version, state FROM stored_events WHERE originator_id = ? AND entry = ? ORDER BY number"
        )
        return [(row[0], row[1]) for row in self._all(query, self._institution, entry)]

    def placed(self, entry: str, number: int) -> Position | None:
        """The position of the event of that number in an entry."""
        query = "SELECT originator_version FROM stored_events WHERE originator_id = ? AND entry = ? AND number = ?"
        found = self._all(query, self._institution, entry, number)
        return found[0][0] if found else None

    # --- things

    def put_docs(self, docs: Iterable[tuple[bytes, ThingId]]) -> None:
        """Keep what the next entry needs to know of things."""
        self._write("put_docs", docs)

    def names(self) -> list[str]:
        """The names of all things."""
        return [row[0] for row in self._all("SELECT name FROM things WHERE stream = ?", self._stream)]

    # --- rectangles

    def open_rows(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Believe rows."""
        self._write("open_rows", self._ours(rows))

    def put_bounds(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """New bounds of believed rows."""
        self._write("put_bounds", ((*row, self._stream) for row in rows))

    def keep_bounds(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Bounds that held."""
        self._write("keep_bounds", self._ours(rows))

    def believed(self, day: Day, until: Position) -> list[Read]:
        """The rows of *day* that are believed as recorded up to *until*."""
        now = self.position()
        return self._believed_now(day) if until >= now else self._believed_then(day, until, now)

    @abstractmethod
    def _believed_now(self, day: Day) -> list[Read]:
        """The rows of *day* that are believed now."""

    @abstractmethod
    def _believed_then(self, day: Day, until: Position, now: Position) -> list[Read]:
        """The rows of *day* with what is superseded now, and with the bounds that were believed at *until*."""

    # --- what hangs on what

    def hang(self, rows: Iterable[tuple[ThingId, Day, ThingId, Day]]) -> None:
        """(above, until, below, since)."""
        self._write("hang", rows)

    def unhang(self, rows: Iterable[tuple[ThingId, Day, ThingId]]) -> None:
        """(above, until, below)."""
        self._write("unhang", rows)

    def next_hanging(self, above: ThingId, day: Day, limit: int) -> list[str]:
        """The names of the next to hang on *above* after *day*."""
        query = (
            f"SELECT name FROM hangs {self.JOIN} things ON things.id = below"
            " WHERE above = ? AND until > ? AND since > ? ORDER BY since, until, below LIMIT ?"
        )
        return [row[0] for row in self._all(query, above, day, day, limit)]

    # --- points

    def points_of(self, origin: ThingId) -> list[tuple[ThingId, Day, Day, Position, int]]:
        """(above, lo, hi, position, proves) of what *origin* shows now."""
        query = "SELECT above, lo, hi, position, proves FROM points WHERE origin = ? AND until IS NULL"
        return [tuple(row) for row in self._past("points", {origin}, query, origin)]

    def add_points(self, rows: Iterable[tuple[ThingId, Day, Position, ThingId, Day, Position, int]]) -> None:
        """(above, lo, position, origin, hi, since, proves)."""
        self._write("add_points", rows)

    def end_points(self, rows: Iterable[tuple[Position, ThingId, Day, Position, ThingId, Day]]) -> None:
        """(until, above, lo, position, origin, hi) of points that are believed no longer."""
        self._write("end_points", rows)

    def points(self, above: ThingId, day: Day, until: Position, *, backwards: bool = False) -> Iterator[PointRow]:
        """The points that show *above*, from *day* on; or before it, the last first."""
        way = " DESC" if backwards else ""
        order = ", ".join(f"{column}{way}" for column in ("lo", "position", "origin", "hi", "since"))
        side = f"lo {'<' if backwards else '>='} ? ORDER BY {order}"
        now = until >= self.position()
        known, values = ("until IS NULL", ()) if now else (KNOWN, (until, until))
        query = f"SELECT lo, hi, position, origin, proves FROM points WHERE above = ? AND {known} AND {side}"
        size = 8
        offset = 0
        while True:
            rows = self._all(f"{query} LIMIT ? OFFSET ?", above, *values, day, size, offset)
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
            self._causes.update(self._bodies(missing))
        return self._causes

    @abstractmethod
    def _bodies(self, ids: Iterable[int]) -> list[tuple[int, bytes]]:
        """(id, JSON) of causes."""

    def causes_at(self, position: Position) -> list[tuple[int, str]]:
        """(id, JSON) of the causes by the event at *position*."""
        first, last = position << 8, (position + 1) << 8
        query = "SELECT id, body FROM causes WHERE stream = ? AND id >= ? AND id < ? ORDER BY id"
        found = self._past("causes", range(first, last), query, self._stream, first, last)
        return [(row[0], row[1]) for row in found]

    def add_causes(self, rows: Iterable[tuple[int, str]]) -> None:
        """Keep causes."""
        self._write("add_causes", self._ours(rows))

    def add_edges(self, rows: Iterable[tuple[Day, ThingId]]) -> None:
        """Days on which something about a thing begins or ends."""
        self._write("add_edges", self._ours(rows))

    def drop_edges(self, rows: Iterable[tuple[Day, ThingId]]) -> None:
        """Take back what add_edges put."""
        self._write("drop_edges", self._ours(rows))

    def edges(self, after: Day, until: Day, limit: int) -> list[str]:
        """The names of things with an edge in (after, until], at most *limit*."""
        query = (
            f"SELECT DISTINCT name FROM edges {self.JOIN} things ON things.id = thing"
            " WHERE edges.stream = ? AND day > ? AND day <= ? LIMIT ?"
        )
        return [row[0] for row in self._all(query, self._stream, after, until, limit)]

    def date(self, rows: Iterable[tuple[Day, Position, bool]]) -> None:
        """Note the last days on which acts take effect."""
        self._write("date", self._ours((day, position, int(lineage)) for day, position, lineage in rows))

    def dated(self, after: Day, until: Day) -> list[Position]:
        """The acts of which the last day lies, or once lay, in (after, until]."""
        query = "SELECT position FROM dated WHERE stream = ? AND day > ? AND day <= ?"
        return [row[0] for row in self._all(query, self._stream, after, until)]

    def lineage(self, after: Day, until: Day) -> list[Position]:
        """Those that are, or once were, of lineage."""
        query = "SELECT position FROM dated WHERE stream = ? AND day > ? AND day <= ? AND lineage = 1"
        return [row[0] for row in self._all(query, self._stream, after, until)]

    def next_dated(self, day: Day, *, backwards: bool = False) -> Day | None:
        """The first day after *day*, or the last before it, that has an act by some reading."""
        wanted, side = ("max", "<") if backwards else ("min", ">")
        query = f"SELECT {wanted}(day) FROM dated WHERE stream = ? AND day {side} ?"
        found: Day | None = self._all(query, self._stream, day)[0][0]
        return found

    # --- what things are called

    def add_spellings(self, rows: Iterable[tuple[ThingId, str, Position, Spelling, str]]) -> None:
        """Believe spellings."""
        told = (
            (thing, kind, since, lo, hi, int(own), language, text, folded)
            for thing, kind, since, (lo, hi, own, language, text), folded in rows
        )
        self._write("add_spellings", self._ours(told))

    def end_spellings(self, rows: Iterable[tuple[Position, int]]) -> None:
        """(until, number) of spellings that are believed no longer."""
        self._write("end_spellings", rows)

    # --- as a whole

    def changed(self, after: Position, until: Position) -> list[str]:
        """The names of things of which rows were opened or closed by the entries in (after, until]."""
        query = (
            f"SELECT DISTINCT name FROM touched {self.JOIN} things ON things.id = thing"
            " WHERE touched.stream = ? AND position > ? AND position <= ?"
        )
        return [row[0] for row in self._all(query, self._stream, after, until)]

    def touch(self, rows: Iterable[tuple[Position, ThingId]]) -> None:
        """Note that an entry opened or closed rows of a thing."""
        self._write("touch", self._ours(rows))

    def clear(self) -> None:
        """Empty the tables of the register."""
        for table in BY_STREAM:
            self._run(f"DELETE FROM {table} WHERE stream = ?", self._stream)
        for table, column in BY_THING:
            self._run(f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM things WHERE stream = ?)", self._stream)
        self._run("DELETE FROM things WHERE stream = ?", self._stream)
        self.put_position(0)

    def swap(self) -> None:
        """Put these tables in the place of those under the institution's own name, which become a leftover."""
        old = f"{self._institution}|old|{token_hex(8)}"
        rename = "UPDATE tables_of SET institution = ? WHERE institution = ?"
        self._run(rename, old, self._institution)
        self._run(rename, self._institution, self._name)
