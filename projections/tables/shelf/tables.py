"""The tables of one register as a database keeps them: what it must do for them, and nothing of meaning."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from domain.dates import Day
from projections.tables.names import Days, Spelling
from projections.tables.slices import Position

ThingId: TypeAlias = int
EVE = 4
"""The mark of a point that is the eve of what a thing is called next: on its first day that says nothing."""

Doc: TypeAlias = dict[str, Any]


Read: TypeAlias = tuple[Any, ...]
"""A row as an answer reads it: (key, life, values, told, cause, name, seats, disputed, *Bounds, acts, ...).

Key, values, told and name are the bytes of their UTF-8, which is how an answer leaves.
"""

TOLD = 18  # columns of it

Place: TypeAlias = tuple[int, Day, ThingId, int]
"""Where a row that is believed now stands: (node, lo, thing, life)."""


class PointRow(NamedTuple):
    """A day on which one thing shows another, as the tables hold it; *proves*: 1 proved, 2 begins, EVE."""

    lo: Day
    hi: Day
    position: Position
    origin: ThingId
    proves: int


class Shelf(ABC):
    """The tables of one register, within a transaction. What a database must do for them, and nothing of meaning.

    Days and positions are integers; a span runs from its first value until before its second.
    """

    # --- the log

    @abstractmethod
    def states(self, positions: Iterable[Position]) -> dict[Position, bytes]:
        """The stored bytes of events; none of those that are erased."""

    @abstractmethod
    def erased(self, positions: Iterable[Position]) -> list[tuple[Position, str, str, int]]:
        """(position, kind, entry, number) of events that are erased."""

    @abstractmethod
    def entry(self, entry: str) -> list[tuple[Position, bytes]]:
        """The positions and stored bytes of the events of an entry, in order."""

    @abstractmethod
    def placed(self, entry: str, number: int) -> Position | None:
        """The position of the event of that number in an entry."""

    # --- topics

    @abstractmethod
    def filed(self, topics: Sequence[int], until: Position) -> list[tuple[int, Position]]:
        """(topic, position) of what is filed under *topics* up to *until*."""

    @abstractmethod
    def file(self, filings: Iterable[tuple[int, Position]]) -> None:
        """File positions under topics; twice is once."""

    # --- things

    @abstractmethod
    def docs(self, names: Sequence[str]) -> list[tuple[str, ThingId, bytes | None]]:
        """(name, id, doc) of the things that have an id."""

    @abstractmethod
    def add_things(self, names: Sequence[str]) -> list[tuple[str, ThingId]]:
        """Ids for names that have none."""

    @abstractmethod
    def put_docs(self, docs: Iterable[tuple[bytes, ThingId]]) -> None:
        """Keep what the next entry needs to know of things."""

    @abstractmethod
    def names(self) -> list[str]:
        """The names of all things."""

    # --- rectangles

    @abstractmethod
    def open_rows(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Believe rows.

        (node, lo, thing, life, hi, since, bounds_since, key, values, told, cause, name, seats, disputed, *Bounds,
        acts).
        """

    @abstractmethod
    def close_rows(self, places: Iterable[tuple[int, Day, ThingId, int, Position, int]]) -> None:
        """Supersede rows: (node, lo, thing, life, position, commit node by which it is found)."""

    @abstractmethod
    def put_bounds(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """New bounds of believed rows: (*Bounds, bounds_since, node, lo, thing, life)."""

    @abstractmethod
    def keep_bounds(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Bounds that held: (node, since, until, thing, life, first day, last day, *Bounds)."""

    @abstractmethod
    def believed(self, day: Day, until: Position) -> list[Read]:
        """The rows of *day* that are believed as recorded up to *until*."""

    @abstractmethod
    def rows_at(self, places: Iterable[Place]) -> list[Read]:
        """The rows believed now at *places*."""

    # --- what hangs on what

    @abstractmethod
    def hang(self, rows: Iterable[tuple[ThingId, Day, ThingId, Day]]) -> None:
        """(above, until, below, since)."""

    @abstractmethod
    def unhang(self, rows: Iterable[tuple[ThingId, Day, ThingId]]) -> None:
        """(above, until, below)."""

    @abstractmethod
    def hanging(self, above: Sequence[ThingId], first: Day, last: Day) -> list[str]:
        """The names of what may hang on one of *above* between two days."""

    @abstractmethod
    def next_hanging(self, above: ThingId, day: Day, limit: int) -> list[str]:
        """The names of the next to hang on *above* after *day*."""

    # --- points

    @abstractmethod
    def points_of(self, origin: ThingId) -> list[tuple[ThingId, Day, Day, Position, int]]:
        """(above, lo, hi, position, proves) of what *origin* shows now."""

    @abstractmethod
    def add_points(self, rows: Iterable[tuple[ThingId, Day, Position, ThingId, Day, Position, int]]) -> None:
        """(above, lo, position, origin, hi, since, proves)."""

    @abstractmethod
    def end_points(self, rows: Iterable[tuple[Position, ThingId, Day, Position, ThingId, Day]]) -> None:
        """(until, above, lo, position, origin, hi) of points that are believed no longer."""

    @abstractmethod
    def points(self, above: ThingId, day: Day, until: Position, *, backwards: bool = False) -> Iterator[PointRow]:
        """The points that show *above*, from *day* on; or before it, the last first."""

    # --- causes, edges, days

    @abstractmethod
    def causes(self, ids: Iterable[int]) -> Mapping[int, bytes]:
        """Causes as JSON, and perhaps others."""

    @abstractmethod
    def causes_at(self, position: Position) -> list[tuple[int, str]]:
        """(id, JSON) of the causes by the event at *position*, as it was read over time."""

    @abstractmethod
    def add_causes(self, rows: Iterable[tuple[int, str]]) -> None:
        """Keep causes."""

    @abstractmethod
    def add_edges(self, rows: Iterable[tuple[Day, ThingId]]) -> None:
        """Days on which something about a thing begins or ends."""

    @abstractmethod
    def drop_edges(self, rows: Iterable[tuple[Day, ThingId]]) -> None:
        """Take back what add_edges put."""

    @abstractmethod
    def edges(self, after: Day, until: Day, limit: int) -> list[str]:
        """The names of things with an edge in (after, until], at most *limit*."""

    @abstractmethod
    def date(self, rows: Iterable[tuple[Day, Position, bool]]) -> None:
        """Note the last days on which acts take effect; twice is once. What an act was once read as stays.

        (day, position, whether the act is one of lineage).
        """

    @abstractmethod
    def dated(self, after: Day, until: Day) -> list[Position]:
        """The acts of which the last day lies, or once lay, in (after, until]."""

    @abstractmethod
    def lineage(self, after: Day, until: Day) -> list[Position]:
        """Those of dated that are, or once were, of lineage."""

    @abstractmethod
    def next_dated(self, day: Day, *, backwards: bool = False) -> Day | None:
        """The first day after *day*, or the last before it, that has an act by some reading."""

    # --- what things are called

    @abstractmethod
    def spellings_of(self, things: Iterable[ThingId], until: Position) -> list[tuple[ThingId, int, Spelling]]:
        """(thing, number, spelling) of what is believed of *things* as recorded up to *until*."""

    @abstractmethod
    def add_spellings(self, rows: Iterable[tuple[ThingId, str, Position, Spelling, str]]) -> None:
        """Believe spellings: (thing, kind of it, since, spelling, the same folded)."""

    @abstractmethod
    def end_spellings(self, rows: Iterable[tuple[Position, int]]) -> None:
        """(until, number) of spellings that are believed no longer."""

    @abstractmethod
    def spelled(
        self, parts: Sequence[str], kinds: Sequence[str], until: Position, days: Days | None, limit: int
    ) -> list[tuple[str, ThingId, Spelling]]:
        """(name of the thing, its id, spelling) of the first *limit* that hold every one of *parts* when folded.

        Of things of *kinds*, as recorded up to *until*, borne on one of *days* if those are given. A part has three
        signs or more.
        """

    # --- as a whole

    @abstractmethod
    def changed(self, after: Position, until: Position) -> list[str]:
        """The names of things of which rows were opened or closed by the entries in (after, until]."""

    @abstractmethod
    def touch(self, rows: Iterable[tuple[Position, ThingId]]) -> None:
        """Note that the entry that ends at a position opened or closed rows of a thing."""

    @abstractmethod
    def clear(self) -> None:
        """Empty the tables of the register."""

    @abstractmethod
    def position(self) -> Position:
        """The position up to which the tables are kept; 0 for none."""

    @abstractmethod
    def put_position(self, position: Position) -> None:
        """Set it."""
