"""The tables of one register as a database keeps them, and the archive of what they hold at a position."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any, NamedTuple, TypeAlias

from domain.acts import Act, Known
from domain.changes import InstrumentIssued
from domain.claims import Key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day
from domain.events import Event, erased_event
from domain.lives import Bounds, Seen
from projections.tables.names import Days, Spelling
from projections.tables.slices import Position, Slice, Window
from projections.tables.topics import hashed, key_of, of_key

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


class EventCache:
    """Events read lately, by register and position; they never change, unless erased. Any thread may use it.

    What an unfinished transaction reads is kept in a cache of its own, over the *common* one.
    """

    SIZE = 10_000

    def __init__(self, common: EventCache | None = None) -> None:
        self._common = common
        self._events: OrderedDict[tuple[str, Position], Event] = OrderedDict()
        self._lock = Lock()

    def get(self, institution: str, positions: Iterable[Position]) -> dict[Position, Event]:
        """Those of *positions* that are here."""
        wanted = set(positions)
        with self._lock:
            found = {p: self._events[institution, p] for p in wanted if (institution, p) in self._events}
            for position in found:
                self._events.move_to_end((institution, position))
        if self._common is not None and len(found) < len(wanted):
            found |= self._common.get(institution, wanted - found.keys())
        return found

    def put(self, institution: str, events: Mapping[Position, Event]) -> None:
        """Keep *events*."""
        with self._lock:
            for position, event in events.items():
                self._events[institution, position] = event
            while len(self._events) > self.SIZE:
                self._events.popitem(last=False)

    def forget(self, institution: str, targets: frozenset[str]) -> None:
        """Keep nothing of what the events of an institution said that *targets* name."""
        with self._lock:
            for place, event in self._events.items():
                if place[0] == institution and event.target in targets:
                    self._events[place] = event.blank()
        if self._common is not None:
            self._common.forget(institution, targets)


@dataclass
class ShelfArchive:
    """What a shelf holds as recorded up to *until*; *now* if that is the position up to which its tables are kept."""

    shelf: Shelf
    institution: str
    until: Position
    now: bool
    cache: EventCache
    redacted: frozenset[str] = frozenset()
    begun: Callable[[Key], bool] | None = None
    lives: Callable[[Key], bool] | None = None
    bounds: Callable[[Key], Bounds | None] | None = None
    """The bounds of a life that is not looked at, if nothing that showed it is taken back."""
    made: dict[Position, Act] = field(default_factory=dict)
    issued: MutableMapping[str, InstrumentIssued] = field(default_factory=dict)
    ids: dict[Key, ThingId] = field(default_factory=dict)
    absent: set[Key] = field(default_factory=set)
    """Things asked for before, which the tables do not have; whoever adds one takes it out."""
    found: dict[str, list[Position]] = field(default_factory=dict)
    """Topics asked for before, with what is filed under them; whoever files more keeps it true."""
    hung: dict[tuple[frozenset[ThingId], Window], set[Key]] = field(default_factory=dict)
    holders: dict[tuple[ThingId, Window], set[Key]] = field(default_factory=dict)
    """What hanging and tenures answered before: an archive is of one moment."""

    def filed(self, topics: Iterable[str]) -> Mapping[str, Sequence[Position]]:
        """Topic → the positions of what is filed under it."""
        wanted = set(topics)
        by_hash = {hashed(topic): topic for topic in wanted if topic not in self.found}
        if by_hash:
            self.found |= {topic: [] for topic in by_hash.values()}
            for topic, position in self.shelf.filed(list(by_hash), self.until):
                self.found[by_hash[topic]].append(position)
        return {topic: self.found[topic] for topic in wanted}

    def events(self, positions: Iterable[Position]) -> dict[Position, Event]:
        """The events at *positions*."""
        wanted = {position for position in positions if position <= self.until}
        found = self.cache.get(self.institution, wanted)
        missing = wanted - found.keys()
        if missing:
            read = self._read(self.shelf.states(missing))
            self.cache.put(self.institution, read)
            found |= read
        if self.redacted:  # what was remembered from before is erased too
            found = {position: self.as_left(event) for position, event in found.items()}
        return found

    def entry(self, entry: str) -> Sequence[tuple[Position, Event]]:
        """The events of an entry; none if it is not recorded."""
        states = {position: state for position, state in self.shelf.entry(entry) if position <= self.until}
        return [(position, self.as_left(event)) for position, event in sorted(self._read(states).items())]

    def as_left(self, event: Event) -> Event:
        """*event*, or what is left of it."""
        return event.blank() if event.target in self.redacted else event

    def _read(self, states: Mapping[Position, bytes]) -> dict[Position, Event]:
        read = {position: Event.from_stored(state) for position, state in states.items() if state}
        if len(read) < len(states):
            for position, kind, entry, number in self.shelf.erased(states.keys() - read.keys()):
                read[position] = erased_event(self.institution, kind, entry, number)
        return read

    def tenures(self, post: str, window: Window) -> set[Key] | None:
        """The tenures of *post* that may stand in *window*, and the next to begin."""
        above = self.id_of(("post", post)) if self.now else None
        if above is None:
            return set() if self.now else None
        if (above, window) not in self.holders:
            found = self._hanging(frozenset({above}), window)
            if window[1] < AFTER_ALL:
                found = found | set(map(key_of, self.shelf.next_hanging(above, window[1], 2)))
            self.holders[above, window] = {key for key in found if key[0] == "tenure"}
        return self.holders[above, window]

    def hanging(self, above: Iterable[Key], window: Window) -> set[Key]:
        """The things that may hang on one of *above* in *window*, as is believed now."""
        return self._hanging(frozenset(self.ids_of(above)), window)

    def _hanging(self, above: frozenset[ThingId], window: Window) -> set[Key]:
        if (above, window) not in self.hung:
            self.hung[above, window] = set(map(key_of, self.shelf.hanging(list(above), *window))) if above else set()
        return self.hung[above, window]

    def below(self, key: Key, window: Window) -> set[Key]:
        """What may hang on *key* in *window*, what hangs on that, and so on: all that shows *key*."""
        found: set[Key] = set()
        pending = {key}
        while pending:
            pending = self.hanging(pending, window) - found
            found |= pending
        return found

    def ids_of(self, keys: Iterable[Key]) -> list[ThingId]:
        """The numbers of things in the tables, of those that have one."""
        wanted = set(keys)
        missing = {key for key in wanted if key not in self.ids and key not in self.absent}
        if missing:
            self.ids |= {key_of(name): thing for name, thing, _ in self.shelf.docs(list(map(of_key, missing)))}
            self.absent |= {key for key in missing if key not in self.ids}
        return [self.ids[key] for key in wanted if key in self.ids]

    def id_of(self, key: Key) -> ThingId | None:
        """The number of a thing in the tables."""
        return next(iter(self.ids_of([key])), None)

    def instruments(self, names: Iterable[str]) -> dict[str, InstrumentIssued]:
        """Those instruments, each as its best claim has it."""
        wanted = set(names)
        missing = {f"instrument|{name}" for name in wanted if name not in self.issued}
        if missing:
            positions = {position for found in self.filed(missing).values() for position in found}
            rows = Slice(self, (), also=positions).rows
            self.issued.update(Known(sorted(rows.items()), self.redacted).instruments)
        return {name: self.issued[name] for name in wanted if name in self.issued}

    def living(self, person: Key) -> bool:
        """Whether *person* is surely introduced, and nothing tells of a death."""
        return self.now and self.lives is not None and self.lives(person)

    def surely_begun(self, key: Key) -> bool:
        """Whether *key* has one life, known to have a start, so that no renaming can open one."""
        return self.now and self.begun is not None and self.begun(key)

    def elsewhere(self, whole: frozenset[Key]) -> ShelfElsewhere:
        """The days on which things other than *whole* show things."""
        return ShelfElsewhere(self, whole)


@dataclass
class ShelfElsewhere:
    """What the points on a shelf tell of evidence from outside a part."""

    archive: ShelfArchive
    whole: frozenset[Key]

    @cached_property
    def _inside(self) -> set[ThingId]:
        return set(self.archive.ids_of(self.whole))

    def _points(self, key: Key, day: Day, *, backwards: bool = False) -> Iterator[PointRow]:
        above = self.archive.id_of(key)
        if above is not None:
            for point in self.archive.shelf.points(above, day, self.archive.until, backwards=backwards):
                if point.origin not in self._inside and (point.origin != above or self.archive.surely_begun(key)):
                    yield point

    def since(self, key: Key, day: Day) -> Iterator[tuple[Day, Act]]:
        """The days from *day* on, with what shows *key*."""
        waiting: list[PointRow] = []
        for point in self._points(key, day):
            if waiting and point.lo != waiting[0].lo:
                yield from self._acts(waiting)
                waiting = []
            waiting.append(point)
        yield from self._acts(waiting)

    def _acts(self, points: list[PointRow]) -> Iterator[tuple[Day, Act]]:
        positions = {point.position for point in points}
        if positions:
            acts = Slice(self.archive, (), also=positions).known.acts
            yield from ((points[0].lo, act) for act in acts if act.position in positions)

    def last_before(self, key: Key, day: Day) -> Day | None:
        """The last day before *day*."""
        return next((point.lo for point in self._points(key, day, backwards=True)), None)

    def telling(self, key: Key, start: Day, end: Day) -> list[Seen]:
        """The first and the last days, of all and of the proved ones, that a life can take."""
        if self.archive.bounds is not None and key not in self.whole:
            bounds = self.archive.bounds(key)
            if bounds is not None:
                return _as_bounded(bounds)
        found = []
        first: Day | None = None
        proved: Day | None = None
        for point in self._points(key, 0):
            if point.lo >= end or (proved is not None and point.lo > proved):
                break
            if point.hi >= start and not (point.proves & EVE and point.lo < start):
                better = first is None or point.hi < first
                proving = point.proves & 2 and (proved is None or point.hi < proved)
                if better or proving:
                    found.append(_seen(point))
                first = point.hi if better else first
                proved = point.hi if proving else proved
        last = False
        for point in self._points(key, end, backwards=True):
            if point.hi >= start and not (point.proves & EVE and point.lo < start):
                if not last or point.proves & 1:
                    found.append(_seen(point))
                last = True
                if point.proves & 1:
                    break
        return found

    def all(self, key: Key) -> list[Seen]:
        """Every day."""
        return [_seen(point) for point in self._points(key, 0)]


def _as_bounded(bounds: Bounds) -> list[Seen]:
    """Days that tell of a life as much as its *bounds* do."""
    found = [Seen(BEFORE_ALL, bounds.s_hi, False, False), Seen(BEFORE_ALL, bounds.proved_from, False, True)]
    if bounds.evidence is not None:
        found.append(Seen(bounds.evidence, AFTER_ALL, False, False))
    if bounds.proved_until > BEFORE_ALL:
        found.append(Seen(bounds.proved_until - 1, AFTER_ALL, True, False))
    return found


def _seen(point: PointRow) -> Seen:
    return Seen(point.lo, point.hi, bool(point.proves & 1), bool(point.proves & 2))


__all__ = ["Bounds", "Doc", "EventCache", "Known", "PointRow", "Read", "Shelf", "ShelfArchive", "ThingId"]
