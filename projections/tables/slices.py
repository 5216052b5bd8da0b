"""A slice of the record: the acts on some things and on all that can influence them, folded by themselves.

The core of a slice is exact: the fold of the slice says of it what the fold of the whole log says. What those
things hang on is taken in as their frame, up to the root; of what hangs on them only the evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, product
from typing import Protocol, TypeAlias

from domain import changes as e
from domain.acts import Act, Known
from domain.changes import Change, Corrected, InstrumentIssued
from domain.claims import Key, post_key, said_of, tenure_names, unit_key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day
from domain.events import Event
from domain.fold import fold
from domain.ids import split_target
from domain.orphans import introduced_only
from domain.parts import Elsewhere, Part
from domain.pausing import pause
from domain.things import mentioned, stated, targets_of
from domain.world import HANGS_BY, World
from projections.tables.topics import UNIFIED, called, of_key

Position: TypeAlias = int
Window: TypeAlias = tuple[Day, Day]
"""The first and the last of some days."""

ALWAYS: Window = (BEFORE_ALL, AFTER_ALL)


class Archive(Protocol):
    """One register as it is recorded up to a position: its events by topic, and what is believed there."""

    redacted: frozenset[str]
    made: dict[Position, Act]
    """Acts made by other readings."""

    def instruments(self, names: Iterable[str]) -> dict[str, InstrumentIssued]:
        """Those instruments, each as its best claim has it."""

    def living(self, person: Key) -> bool:
        """Whether *person* is surely introduced, and nothing tells of a death."""

    def filed(self, topics: Iterable[str]) -> Mapping[str, Sequence[Position]]:
        """Topic → the positions of the facts and controls filed under it, and perhaps of others."""

    def events(self, positions: Iterable[Position]) -> dict[Position, Event]:
        """The events at *positions*."""

    def entry(self, entry: str) -> Sequence[tuple[Position, Event]]:
        """The events of an entry; none if it is not recorded."""

    def numbered(self, entry: str, number: int) -> tuple[Position, Event] | None:
        """The event of that number in an entry, with its position."""

    def tenures(self, post: str, windows: Iterable[Window]) -> set[Key] | None:
        """The tenures of *post* that may stand in one of *windows*, and the next to begin after it.

        None: look through the topics.
        """

    def surely_begun(self, key: Key) -> bool:
        """Whether *key* has one life, known to have a start, so that no renaming can open one."""

    def elsewhere(self, whole: frozenset[Key]) -> Elsewhere:
        """The days on which things other than *whole* show things."""


def event_named(archive: Archive, target: str) -> tuple[Position, Event] | None:
    """The event of that `ENTRY#n`, with its position."""
    entry, number = split_target(target)
    return archive.numbered(entry, number) if number is not None else None


def tenure_named(archive: Archive, name: str) -> tuple[str, str] | None:
    """Person and post of a tenure, by its id or by the `ENTRY#n` of an act about it."""
    told = event_named(archive, name.partition("/")[0]) if "#" in name else None
    rows = dict([told]) if told else {}
    rows |= archive.events(position for found in archive.filed([f"named|{name}"]).values() for position in found)
    shown = [rows[position] for position in sorted(rows) if rows[position].target not in archive.redacted]
    return tenure_names((event.target, stated(event.change)) for event in shown).get(name)


class Slice:
    """The acts on *core*, and on what they need, as recorded in *archive*.

    *windows*: between which days the tenures beside a tenure of the core are wanted; *more*: further topics, and
    *also* positions, whose events are wanted.
    """

    def __init__(
        self,
        archive: Archive,
        core: Iterable[Key],
        windows: Mapping[Key, Window] | None = None,
        more: Iterable[str] = (),
        also: Iterable[Position] = (),
    ) -> None:
        self.archive = archive
        self.more = frozenset(more)
        self.also = frozenset(also)
        self.core = frozenset(core)
        self.rows: dict[Position, Event] = {}
        self.frame: set[Key] = set()
        self.keys: set[Key] = set()
        self.given: set[Key] = set()
        self._at: dict[str, Sequence[Position]] = {}
        self._corrections: dict[str, list[Event]] = {}
        self._hung: dict[Position, frozenset[str]] = {}
        self._disturbed: set[str] = set()
        self._first: dict[str, str] = {}
        self._aliases: dict[str, set[str]] = {}
        self._find([UNIFIED])
        if self.rows:
            self._first = Known(sorted(self.rows.items()), archive.redacted).unified
            for other, first in self._first.items():
                self._aliases.setdefault(first, {first}).add(other)
        self._find(spelled for topic in self.more for spelled in self._spelled(topic))
        self._find(self._take_in(self.archive.events(self.also)))
        pending = set(self.core)
        while pending:
            self._take(pending)
            pending = {needed for key in pending for needed in self._needs(key)} - self.keys
            self.frame |= pending
        self._take(set(self._beside(windows or {})) - self.keys)

    # --- what is found

    def _find(self, topics: Iterable[str]) -> None:
        """Take in what is filed under *topics*, and every control that it is read by."""
        asked = {topic for topic in topics if topic not in self._at}  # less the keys would walk through all of these
        while asked:
            pause()
            found = self.archive.filed(asked)
            self._at |= {topic: found.get(topic, ()) for topic in asked}
            new = {position for positions in found.values() for position in positions if position not in self.rows}
            asked = {topic for topic in self._take_in(self.archive.events(new)) if topic not in self._at}

    def _take_in(self, rows: Mapping[Position, Event]) -> set[str]:
        """Keep *rows*; the topics of what they are read by."""
        self.rows |= rows
        topics = set()
        for event in rows.values():
            if isinstance(event.change, Corrected):
                self._corrections.setdefault(event.change.target, []).append(event)
            self._disturbed.update(targets_of(event.change))
            topics |= {f"control|{event.target}", f"control|{event.entry}"}
        return topics

    def _spelled(self, topic: str) -> Iterator[str]:
        """*topic* by every id that its things have."""
        if not self._aliases:
            return iter((topic,))
        return ("|".join(parts) for parts in product(*(self._aliases.get(p, {p}) for p in topic.split("|"))))

    def changes(self, topic: str) -> Iterator[tuple[str, Change]]:
        """Every reading, past or present, of the facts filed under *topic*, each with its `ENTRY#n`."""
        for _, event in self.facts(topic):
            yield from ((event.target, change) for change in self.readings(event))

    def facts(self, topic: str) -> list[tuple[Position, Event]]:
        """The events filed under *topic*, in the order of recording."""
        spelled = list(self._spelled(topic))
        self._find(spelled)
        return [(position, self.rows[position]) for position in sorted({p for one in spelled for p in self._at[one]})]

    def readings(self, event: Event) -> Iterator[Change]:
        """Every reading of the fact that *event* is or corrects, past or present."""
        yield stated(event.change)
        for other in self._corrections.get(event.target, ()):
            yield from self.readings(other)

    def undisturbed(self, event: Event) -> bool:
        """Whether nothing recorded says how a fact that is taken in is to be read."""
        return self._disturbed.isdisjoint((event.target, event.entry))

    def keys_of(self, event: Event) -> set[Key]:
        """The things that the fact which *event* is or corrects speaks of, by every reading."""
        found: set[Key] = set()
        for change in self.readings(event):
            found |= keys_of_change(change, event.target, self.archive)
            found |= {(kind, thing) for thing, kinds in mentioned(change) for kind in kinds}
        return self.all_of(found)

    def keys_in(self, topic: str) -> set[Key]:
        """The things that the facts filed under *topic* speak of: its tenures, relations, functions, posts, units."""
        sort, named = topic.split("|")
        found = set()
        for _, change in list(self.changes(topic)):
            for key, _, values, _ in said_of(change, lambda name: tenure_named(self.archive, name)):
                key = tuple(self._first.get(part, part) for part in key)
                above = values.get(HANGS_BY.get(key[0], ""))
                fits = {
                    "holders": key[0] == "tenure" and key[2] == named,
                    "career": key[0] == "tenure" and key[1] == named,
                    "related": key[0] == "relation" and named in (key[1], key[3]),
                    "function": key[0] == "function" and key[2] == named,
                    "functions": key[0] == "function" and key[1] == named,
                    "under": isinstance(above, str) and self._first.get(above, above) == named,
                }
                if fits[sort]:
                    found.add(key)
        return found

    @property
    def names(self) -> Mapping[str, str]:
        """Id that is another name of a thing → the one that lives on."""
        return self._first

    def all_of(self, keys: Iterable[Key]) -> set[Key]:
        """*keys*, and what they are called now that ids are unified."""
        return {one for key in keys for one in (key, tuple(self._first.get(part, part) for part in key))}

    # --- what things need

    def _take(self, keys: set[Key]) -> None:
        """Take in the acts on *keys*."""
        self.keys |= keys
        living = {key for key in keys - self.core if key[0] == "person" and self.archive.living(key)}
        self.given |= living
        topics = [topic for key in keys - living for topic in _topics(key)]
        topics += [called(key) for key in keys if key in self.core and key[0] in HANGS_BY]
        topics += [called(key) for key in keys - self.core if key[0] in HANGS_BY and not self.archive.surely_begun(key)]
        self._find(spelled for topic in topics for spelled in self._spelled(topic))
        further: set[str] = set()
        for key in keys:
            if key[0] == "tenure":
                for target, change in self.changes(of_key(key)):
                    further |= {f"named|{target}", f"named|{getattr(change, 'tenure', None) or target}"}
        self._find(further)

    def above(self, key: Key) -> set[str]:
        """The units on which a unit or post may ever hang."""
        found: set[str] = set()
        for position, event in self.facts(of_key(key)):
            if position not in self._hung:  # a list is a fact about each of its members
                self._hung[position] = frozenset(chain.from_iterable(map(_units_above, self.readings(event))))
            found |= self._hung[position]
        return {self._first.get(unit, unit) for unit in found}

    def _needs(self, key: Key) -> Iterator[Key]:
        """What *key* hangs on, or cannot be without."""
        match key:
            case ("tenure", person, post):
                yield post_key(post)
                yield ("person", person)
            case ("relation", subject, _, object_):
                for end in (subject, object_):
                    yield unit_key(end)
                    yield post_key(end)
            case ("function", holder, _):
                yield unit_key(holder)
                yield post_key(holder)
            case ("unit" | "post", _):
                for unit in self.above(key):
                    yield unit_key(unit)
            case ("quantity", _):
                for _, change in self.changes(of_key(key)):
                    if isinstance(change, e.QuantityObserved):
                        subject = self._first.get(change.subject, change.subject)
                        yield from (unit_key(subject), post_key(subject), ("person", subject))
            case ("vacancy", post, _):
                yield post_key(post)

    def _beside(self, windows: Mapping[Key, Window]) -> Iterator[Key]:
        """What may succeed the core, or be succeeded by it, with what that needs to be known."""
        posts: dict[str, set[Window]] = {}
        for key in self.core:
            if key[0] == "tenure":
                posts.setdefault(key[2], set()).add(windows.get(key, ALWAYS))
        for post, wanted in posts.items():
            beside = self.archive.tenures(post, wanted)
            for other in self.keys_in(f"holders|{post}") if beside is None else beside:
                yield other
                yield ("person", other[1])
        for function in {key[2] for key in self.core if key[0] == "function"}:
            for other in self.keys_in(f"function|{function}"):
                yield other
                yield unit_key(other[1])
                yield post_key(other[1])

    # --- folding

    @cached_property
    def known(self) -> Known:
        """The events of the slice, ready for reading."""
        issued = self.archive.instruments({event.instrument for event in self.rows.values() if event.instrument})
        return Known(sorted(self.rows.items()), self.archive.redacted, issued, self.archive.made)

    @cached_property
    def acts(self) -> list[Act]:
        """The acts of its world, which is not folded for them."""
        tenures = tenure_names((act.target, act.change) for act in self.known.acts)
        return introduced_only(self.known.acts, tenures, self._part)[0]

    @cached_property
    def world(self) -> World:
        """The world of the slice, of its core and frame alone."""
        return self.folded(self.known)

    @property
    def _part(self) -> Part:
        given = {thing: kind for kind, thing in self.given}
        return Part(frozenset(self.keys), self.core, frozenset(self.frame), self.archive.elsewhere(self.core), given)

    def folded(self, known: Known) -> World:
        """The world of the slice, if of its events *known* alone were known."""
        world = fold(known, self._part)
        shown = self.core | self.frame
        world.lives = {key: lives for key, lives in world.lives.items() if key in shown}
        world.first = {key: first for key, first in world.first.items() if key in shown}
        world.findings = [found for found in world.findings if not found.key or found.key in self.core]
        return world


def _units_above(change: Change) -> Iterator[str]:
    """The units on which *change* hangs something."""
    for key, _, values, _ in said_of(change, lambda _: None):
        value = values.get(HANGS_BY.get(key[0], ""))
        if isinstance(value, str):
            yield value
    if isinstance(change, e.UnitsReorganized) and change.form in ("transform", "recode"):
        yield from (new.unit for new in change.after)


def _topics(key: Key) -> Iterator[str]:
    """The topics of the acts on a thing, and of lists and coverage that may hold it."""
    match key:
        case ("vacancy", post, _):
            yield f"scope|post|{post}"
        case ("tenure", _, post):
            yield of_key(key)
            yield f"scope|post|{post}"
        case ("relation", _, relation, object_):
            yield of_key(key)
            yield f"scope|{relation}|{object_}"
        case ("unit", unit):
            yield of_key(key)
            yield f"scope|parent|{unit}"
        case _:
            yield of_key(key)


def keys_of_change(change: Change, target: str, archive: Archive) -> set[Key]:
    """The things that a fact says something of, as it is written."""
    keys = {key for key, _, _, _ in said_of(change, lambda name: tenure_named(archive, name))}
    match change:
        case e.PersonRegistered() | e.PersonRenamed() | e.LifeEvent():
            keys.add(("person", change.person))
        case e.QuantityObserved():
            keys.add(("quantity", target))
        case e.ListAttested() | e.CoverageDeclared() if change.scope.post is not None:
            keys.add(("vacancy", change.scope.post, target))
    return keys
