"""What the tables of a register hold at a position, as the archive of which slices are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field

from domain.acts import Act, Known
from domain.changes import InstrumentIssued
from domain.claims import Key
from domain.dates import AFTER_ALL
from domain.events import Event, erased_event
from domain.lives import Bounds
from projections.tables.shelf.elsewhere import ShelfElsewhere
from projections.tables.shelf.event_cache import EventCache
from projections.tables.shelf.tables import Shelf, ThingId
from projections.tables.slices import Position, Slice, Window
from projections.tables.topics import hashed, key_of, of_key


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
    places: dict[tuple[str, int], Position | None] = field(default_factory=dict)
    """Where events stand that were asked for by entry and number."""

    def filed(self, topics: Iterable[str]) -> Mapping[str, Sequence[Position]]:
        """Topic → the positions of what is filed under it."""
        wanted = set(topics)
        by_hash = {hashed(topic): topic for topic in wanted if topic not in self.found}
        if by_hash:
            filed: dict[str, list[Position]] = {topic: [] for topic in by_hash.values()}
            for topic, position in self.shelf.filed(list(by_hash), self.until):
                filed[by_hash[topic]].append(position)
            self.found |= filed  # not before all is there: an entry may be given up in between
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

    def numbered(self, entry: str, number: int) -> tuple[Position, Event] | None:
        """The event of that number in an entry, with its position."""
        if (entry, number) not in self.places:
            self.places[entry, number] = self.shelf.placed(entry, number)
        position = self.places[entry, number]
        found = self.events([position]) if position is not None else {}
        return next(iter(found.items()), None)

    def as_left(self, event: Event) -> Event:
        """*event*, or what is left of it."""
        return event.blank() if event.target in self.redacted else event

    def _read(self, states: Mapping[Position, bytes]) -> dict[Position, Event]:
        read = {position: Event.from_stored(state) for position, state in states.items() if state}
        if len(read) < len(states):
            for position, kind, entry, number in self.shelf.erased(states.keys() - read.keys()):
                read[position] = erased_event(self.institution, kind, entry, number)
        return read

    def tenures(self, post: str, windows: Iterable[Window]) -> set[Key] | None:
        """The tenures of *post* that may stand in one of *windows*, and the next to begin after it."""
        above = self.id_of(("post", post)) if self.now else None
        if above is None:
            return set() if self.now else None
        return set().union(*(self._holders(above, window) for window in joined(windows)))

    def _holders(self, above: ThingId, window: Window) -> set[Key]:
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


def joined(windows: Iterable[Window]) -> list[Window]:
    """The days of *windows*, in as few as there can be."""
    found: list[Window] = []
    for first, last in sorted(windows):
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found
