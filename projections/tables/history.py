"""What is recorded, as far as a decision asks, from the tables: only what an entry touches is folded."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from domain import changes as e
from domain.acts import Known, redactions
from domain.changes import CONTROLS, InstrumentIssued
from domain.claims import Key
from domain.events import Event
from domain.things import introduced, stated
from domain.world import World
from projections.tables.reckoner import Reckoner
from projections.tables.shelf import EventCache, Shelf, ShelfArchive
from projections.tables.slices import ALWAYS, Position, Slice, Window, event_named, keys_of_change, tenure_named
from projections.tables.topics import DECLARED, REDACTED, key_of, topics_of_event, topics_of_fact
from projections.tables.touching import root_of


@dataclass
class DraftArchive(ShelfArchive):
    """What a shelf holds, and behind it events that are not recorded."""

    drafts: dict[Position, Event] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    """What the drafts would erase: it says still what the drafts would take away."""
    filings: dict[str, set[Position]] = field(default_factory=dict)
    by_name: dict[str, dict[int, Position]] = field(default_factory=dict)
    """Entry → the number of each of its drafts, with its position."""
    by_post: dict[str, set[Key]] = field(default_factory=dict)
    """Post → the tenures that the drafts tell of."""

    def filed(self, topics: Iterable[str]) -> Mapping[str, Sequence[Position]]:
        """Topic → the positions of what is filed under it, recorded or not."""
        found = dict(super().filed(topics))
        for topic in found.keys() & self.filings.keys():
            found[topic] = sorted({*found[topic], *self.filings[topic]})
        return found

    def events(self, positions: Iterable[Position]) -> dict[Position, Event]:
        """The events at *positions*, recorded or not."""
        wanted = set(positions)
        drafts = {position: self.drafts[position] for position in wanted & self.drafts.keys()}
        return {**super().events(wanted - drafts.keys()), **drafts}

    def as_left(self, event: Event) -> Event:
        """*event*, or what is left of it."""
        return event if event.target in self.withdrawn else super().as_left(event)

    def entry(self, entry: str) -> Sequence[tuple[Position, Event]]:
        """The events of an entry, recorded or not."""
        drafted = self.by_name.get(entry, {}).values()
        return [*super().entry(entry), *((position, self.drafts[position]) for position in drafted)]

    def numbered(self, entry: str, number: int) -> tuple[Position, Event] | None:
        """The event of that number in an entry, recorded or not, with its position."""
        position = self.by_name.get(entry, {}).get(number)
        return super().numbered(entry, number) or (None if position is None else (position, self.drafts[position]))

    def tenures(self, post: str, windows: Iterable[Window]) -> set[Key] | None:
        """The tenures of *post* that may stand in one of *windows*, and those of the drafts."""
        found = super().tenures(post, windows)
        return None if found is None else found | self.by_post.get(post, set())

    def draft(self, position: Position, event: Event) -> None:
        """Take in an event as if it were recorded at *position*."""
        self.drafts[position] = event
        self.by_name.setdefault(event.entry, {})[event.index] = position
        topics = set(topics_of_event(event))
        if isinstance(event.change, e.Redacted):
            topics.add(REDACTED)
        for topic in topics:
            self.filings.setdefault(topic, set()).add(position)
        fact = root_of(self, event)
        if fact is not None:
            where, target = fact
            for topic in topics_of_fact(stated(event.change), target, lambda name: tenure_named(self, name)):
                self.filings.setdefault(topic, set()).add(where)
                if topic.startswith("tenure|"):
                    key = key_of(topic)
                    self.by_post.setdefault(key[2], set()).add(key)


class TableHistory:
    """A History answered by the tables on *shelf*, of a log that ends at *position*, and of *drafts* behind it.

    *drafts* are the events of whole entries, as if they were recorded. A *reckoner* given must know that position;
    what it finds out of a draft it remembers, for whoever records just that.
    """

    def __init__(
        self,
        institution: str,
        shelf: Shelf,
        position: Position,
        drafts: Sequence[Sequence[Event]] = (),
        reckoner: Reckoner | None = None,
    ) -> None:
        self.institution = institution
        self._shelf = shelf
        self._position = position
        self._drafts = [tuple(events) for events in drafts]
        self._reckoner = reckoner or Reckoner(institution, EventCache())
        self._reckoner.shelf = shelf
        self._archive = self._with(self._drafts)
        if isinstance(self._archive, DraftArchive):  # what comes next is decided on what the drafts leave
            self._archive.withdrawn = frozenset()

    @property
    def position(self) -> Position:
        """The position at which the log ends, drafts counted in; 0 for nothing."""
        return self._position + sum(map(len, self._drafts))

    def also(self, events: Sequence[Event]) -> TableHistory:
        """The history in which *events*, a whole entry, are recorded too."""
        drafts = [*self._drafts, events]
        return TableHistory(self.institution, self._shelf, self._position, drafts, self._reckoner)

    @property
    def founded(self) -> bool:
        """Whether anything is recorded."""
        return self._position > 0 or bool(self._drafts)

    def entry(self, entry: str) -> Sequence[Event]:
        """The events of an entry; none if it is not recorded."""
        return [event for _, event in self._archive.entry(entry)]

    def event(self, target: str) -> Event | None:
        """The event of that name."""
        found = event_named(self._archive, target)
        return found[1] if found else None

    def kind_of(self, thing: str) -> str | None:
        """Whether an id is a unit, a post or a person."""
        slice_ = Slice(self._archive, ())
        for kind in ("unit", "post", "person"):
            for _, event in slice_.facts(f"{kind}|{thing}"):
                for change in slice_.readings(event):
                    if thing in introduced(change):
                        return introduced(change)[thing]
        return None

    def issued(self, instrument: str) -> InstrumentIssued | None:
        """An instrument as it was first recorded."""
        for _, event in Slice(self._archive, ()).facts(f"instrument|{instrument}"):
            if isinstance(event.change, InstrumentIssued) and event.change.instrument == instrument:
                return event.change
        return None

    def tenure(self, name: str) -> tuple[str, str] | None:
        """Person and post of a tenure."""
        return tenure_named(self._archive, name)

    def first_of(self, thing: str) -> str:
        """The id under which a thing lives on."""
        return Slice(self._archive, ()).names.get(thing, thing)

    def after(self, events: Sequence[Event]) -> World:
        """What would stand, were *events* recorded too: all that they have to do with."""
        rows = self._archive.entry(events[0].entry)
        drafts = self._drafts if rows else [*self._drafts, tuple(events)]
        archive = self._with(drafts)
        return self._told_of(archive, [*rows, *self._placed(drafts)]).world

    def stages(self, drafts: Sequence[Sequence[Event]]) -> list[tuple[Known, World]]:
        """What is known and stands without *drafts*, whole entries, and with each more of them.

        All that any of them has to do with, at least.
        """
        archives = [self._with([*self._drafts, *drafts[:count]]) for count in range(len(drafts) + 1)]
        if not drafts:
            return [(Known(()), Slice(archives[0], ()).world)]
        last = archives[-1]
        told = self._told_of(last, self._placed([*self._drafts, *drafts]), whole=True)
        core = told.core | told.frame  # what a draft hangs something on stood before
        slices = [Slice(archive, core, more=told.more, also=told.also) for archive in archives]
        return [(slice_.known, slice_.world) for slice_ in slices]

    # --- slices

    def _with(self, drafts: Sequence[Sequence[Event]]) -> ShelfArchive:
        """What is recorded with *drafts*."""
        recorded = self._reckoner.archive(self._position)
        if not drafts:
            return recorded
        placed = self._placed(drafts)
        events = [event for _, event in placed]
        archive = DraftArchive(self._shelf, self.institution, self._position + len(events), True, recorded.cache)
        self._reckoner.lend(archive)
        issued: set[str] = {event.change.instrument for event in events if isinstance(event.change, InstrumentIssued)}
        anew = not issued.isdisjoint(self._reckoner.issued) or any(isinstance(one.change, CONTROLS) for one in events)
        archive.issued = {} if anew else ChainMap({}, self._reckoner.issued)
        archive.redacted = recorded.redacted
        for position, event in placed:
            archive.draft(position, event)
        archive.withdrawn = redactions(events) - archive.redacted
        archive.redacted |= archive.withdrawn
        return archive

    def _placed(self, drafts: Sequence[Sequence[Event]]) -> list[tuple[Position, Event]]:
        """The events of *drafts* at the positions that they would have."""
        return list(enumerate((event for entry in drafts for event in entry), start=self._position + 1))

    def _told_of(self, archive: ShelfArchive, rows: Sequence[tuple[Position, Event]], *, whole: bool = False) -> Slice:
        """The slice of all about which the rules may find something in *rows*; *whole*: or because of them."""
        topics = {DECLARED} | {f"source|{cited.source}" for _, event in rows for cited in event.sources}
        settled = self._reckoner.settle(archive, rows, topics)
        self._reckoner.prepared = (tuple(rows), settled)
        slice_, ours = settled.slice, {event.entry for _, event in rows}
        more = set(self._concerned(slice_, rows)) - slice_.core
        events = [event for event in slice_.rows.values() if whole or event.entry in ours]
        cited = {source.source for event in events for source in event.sources}
        cited |= {source.source for event in events for change in slice_.readings(event) for source in change.sources}
        for source in cited:
            topics.add(f"source|{source}")
            if not self._registered(slice_, source, recorded=whole):
                topics.add(f"cites|{source}")
                for _, event in slice_.facts(f"cites|{source}"):
                    more |= slice_.keys_of(event)
        if whole:  # what claims call a thing that a draft renames
            topics |= {f"about|{key[1]}" for key in slice_.core if key[0] in ("unit", "post")}
        positions = settled.touched.positions | {position for position, _ in rows}
        if not more and topics <= slice_.more and positions <= slice_.rows.keys():
            return slice_
        return Slice(archive, slice_.core | more, more=topics, also=positions)

    def _registered(self, slice_: Slice, source: str, *, recorded: bool) -> bool:
        """Whether a source is surely registered; *recorded*: without the drafts."""
        return any(
            slice_.undisturbed(event)
            for position, event in slice_.facts(f"source|{source}")
            if position <= self._position or not recorded
        )

    def _concerned(self, slice_: Slice, rows: Sequence[tuple[Position, Event]]) -> Iterator[Key]:
        """Things about which the rules may find something in *rows*, beside those that they change."""
        archive = slice_.archive
        assert isinstance(archive, ShelfArchive)
        for key in slice_.core:
            match key:
                case ("tenure", _, post) if slice_.facts(f"scope|post|{post}"):
                    yield from archive.hanging([("post", post)], ALWAYS)
                case ("post" | "vacancy", post, *_):
                    yield from archive.hanging([("post", post)], ALWAYS)
                case ("function", *_):
                    yield from (key for key in map(key_of, archive.shelf.names()) if key[0] == "unit")
        for _, event in rows:
            change = stated(event.change)
            if not keys_of_change(change, event.target, archive):
                yield from slice_.keys_of(event)
            match change:
                case e.AssessmentMade() | e.StatementMade():
                    yield from (("unit", change.about), ("post", change.about))
                case e.UnitAbolished():
                    yield from (("unit", unit) for unit in change.successors)
                case e.CountClaimed():
                    posts = {change.post} if change.post else set()
                    if change.unit:
                        below = slice_.keys_in(f"under|{change.unit}")
                        posts |= {key[1] for key in below if key[0] == "post"}
                    for post in posts:
                        yield ("post", post or "")
                        yield from slice_.keys_in(f"holders|{post}")
