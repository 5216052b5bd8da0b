"""What an entry changes of what is believed, found by folding a slice: what it touches, and what depends on that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import zip_longest
from typing import Any, TypeAlias

import orjson

from domain import changes as e
from domain.acts import Act
from domain.changes import InstrumentIssued
from domain.claims import Key, claims_of
from domain.dates import AFTER_ALL, Day
from domain.events import Event
from domain.lives import Bounds
from projections.tables.rows import Point, Row, Thing, Told, shape_of, thing_of
from projections.tables.shelf import EVE, Doc, EventCache, Shelf, ShelfArchive, ThingId
from projections.tables.slices import ALWAYS, Position, Slice, Window
from projections.tables.topics import key_of, of_key
from projections.tables.touching import Touched, passed_on_to, redacted_in

Shape: TypeAlias = dict[str, Any]
StoredPoint: TypeAlias = tuple[ThingId, Day, Day, Position, int]
"""(above, lo, hi, position, proves)."""


@dataclass
class Kept:
    """A thing as the tables have it: its number there, and its doc."""

    id: ThingId
    doc: Doc
    points: set[StoredPoint] | None = None
    """The days on which it shows others; None if they were not read."""


def empty() -> Doc:
    """What the tables have of a thing they have not."""
    return {"shape": {"kind": None, "lives": []}, "rows": [], "lives": {}, "hangs": {}}


@dataclass(frozen=True)
class Settled:
    """What an entry changes: the slice in which it was found, its things as they are then, and which are otherwise."""

    slice: Slice
    touched: Touched
    things: dict[Key, Thing]
    changed: set[Key]


class Reckoner:
    """Finds what entries change of one register. It remembers what it read; nobody may write the while."""

    MOST = 6_000  # things, acts and instruments remembered, and eight times as many topics

    def __init__(self, institution: str, events: EventCache) -> None:
        self.institution = institution
        self.cache = events
        self.kept: dict[Key, Kept] = {}
        self.ids: dict[Key, ThingId] = {}
        self.absent: set[Key] = set()
        self.found: dict[str, list[Position]] = {}
        self.made: dict[Position, Act] = {}
        self.issued: dict[str, InstrumentIssued] = {}
        self.redacted: frozenset[str] | None = None
        self.prepared: tuple[tuple[tuple[Position, Event], ...], Settled] | None = None
        """Events that may be recorded next, and what they would change."""
        self.shelf: Shelf
        """The shelf of the transaction that goes on."""

    def forget(self) -> None:
        """Forget everything read."""
        self.prepared = None
        for remembered in (self.kept, self.ids, self.absent, self.found, self.made, self.issued):
            remembered.clear()

    def archive(self, until: Position) -> ShelfArchive:
        """What the shelf holds as recorded up to *until*, the position up to which its tables are kept."""
        archive = ShelfArchive(self.shelf, self.institution, until, True, self.cache)
        self.lend(archive)
        if self.redacted is None:
            self.redacted = redacted_in(archive)
        archive.redacted = self.redacted
        return archive

    def lend(self, archive: ShelfArchive) -> None:
        """Let *archive* use what is remembered."""
        archive.begun, archive.lives = self._begun, self._lives
        archive.ids, archive.absent, archive.found = self.ids, self.absent, self.found
        archive.made, archive.issued = self.made, self.issued

    # --- what is touched

    def settle(
        self, archive: ShelfArchive, rows: Sequence[tuple[Position, Event]], topics: Iterable[str] = ()
    ) -> Settled:
        """What *rows*, whole entries that *archive* holds, change of what the tables have.

        *topics* are further ones whose events are wanted in the slice.
        """
        touched = Touched(archive, rows[0][0])
        for position, event in rows:
            touched.event(position, event)
        if touched.everything:
            touched.keys |= Slice(archive, ()).all_of(key_of(name) for name in self.shelf.names())
            touched.positions |= set(range(1, archive.until + 1))
            archive.now = False
        core = set(touched.keys)
        if archive.now:
            for key in touched.keys:
                if key[0] == "tenure" and self._one_seat(key[2], touched):
                    core |= self._rivals(archive, key[2], self._window(key, touched))
        windows: dict[Key, Window] = {}
        archive.bounds = self._bounds if archive.now else None
        while True:
            self.load(core)
            for key in core:
                windows.setdefault(key, self._window(key, touched))
            slice_ = Slice(archive, core, windows, topics, touched.positions)
            self.load(slice_.core | slice_.frame)
            things, changed = self._changes(slice_)
            more = self._dependants(slice_, archive, touched, things, changed) - core
            wider = self._wider(slice_, archive, things, windows) if archive.now else {}
            if not more and not wider:
                if archive.bounds is None or not self._takes_back(things):
                    break
                archive.bounds = None  # what was shown must be asked for, day by day
            windows |= wider
            core = core | more
        return Settled(slice_, touched, things, changed)

    def _bounds(self, key: Key) -> Bounds | None:
        """The bounds of the one life of *key*, as the tables have them."""
        self.load([key])
        lives = self.doc(key)["lives"]
        return Bounds(*lives["0"]["bounds"]) if lives.keys() == {"0"} and self._begun(key) else None

    def _takes_back(self, things: dict[Key, Thing]) -> bool:
        """Whether a thing shows others no longer on some day."""
        return any(self.points_of(key) - self.points_now(thing) for key, thing in things.items() if key in self.kept)

    def points_of(self, key: Key) -> set[StoredPoint]:
        """What *key* shows, as the tables have it."""
        kept = self.kept[key]
        if kept.points is None:
            kept.points = set(self.shelf.points_of(kept.id))
        return kept.points

    def points_now(self, thing: Thing) -> set[StoredPoint]:
        """What *thing* shows, as the tables would have it; what they do not know they cannot have."""
        self.load({point.above for point in thing.points})
        return {
            (self.kept[p.above].id, p.lo, p.hi, p.position, proves(p)) for p in thing.points if p.above in self.kept
        }

    def _window(self, key: Key, touched: Touched) -> Window:
        """The days around a tenure between which others may have to do with it."""
        if key[0] != "tenure":
            return ALWAYS
        kept = self.kept.get(key)
        spans = [*touched.days.get(key, ())]
        if kept is not None:
            spans += [(life["bounds"][0], life["bounds"][3]) for life in kept.doc["lives"].values()]
            spans += [tuple(span) for span in kept.doc["hangs"].values()]
        if not spans:
            return ALWAYS
        return min(lo for lo, _ in spans) - 1, max(hi for _, hi in spans)

    def _one_seat(self, post: str, touched: Touched) -> bool:
        """Whether *post* may ever have one seat, so that whoever comes succeeds whoever was there."""
        key = ("post", post)
        if key in touched.keys:
            return True
        self.load([key])
        return any(1 in values for life in self.doc(key)["shape"]["lives"] for _, _, values in life[4])

    def _rivals(self, archive: ShelfArchive, post: str, window: Window) -> set[Key]:
        return {key for key in archive.hanging([("post", post)], window) if key[0] == "tenure"}

    def _changes(self, slice_: Slice) -> tuple[dict[Key, Thing], set[Key]]:
        """Each thing that is whole in the slice as it is now, and those that are otherwise than the tables have it."""
        world = slice_.world
        claimed: dict[Key, list[Told]] = {}
        for act in slice_.known.acts:
            if isinstance(act.change, e.QuantityObserved):
                claimed[("quantity", act.target)] = [(act, {})]
            for claim in claims_of(act, world.tenures.get):
                claimed.setdefault(claim.key, []).append((act, claim.values))
        things = {key: thing_of(world, key, claimed.get(key, [])) for key in slice_.core}
        changed = {key for key, thing in things.items() if self._differs(key, thing)}
        for key in slice_.frame - slice_.given:
            shape = shape_of(world, key)
            if plain(shape) != self.doc(key)["shape"]:
                things[key] = Thing(shape=shape)
                changed.add(key)
        return things, changed

    def doc(self, key: Key) -> Doc:
        """What the tables have of *key*."""
        kept = self.kept.get(key)
        return kept.doc if kept else empty()

    def _lives(self, person: Key) -> bool:
        """Whether *person* is introduced, and not known to have died."""
        self.load([person])
        shape = self.doc(person)["shape"]
        return bool(shape["kind"] == "person" and not shape["died"])

    def _begun(self, key: Key) -> bool:
        """Whether *key* has one life, with a start, and was not called anything before it."""
        self.load([key])
        lives = self.doc(key)["shape"]["lives"]
        return len(lives) == 1 and bool(lives[0][2]) and not lives[0][6]

    def _differs(self, key: Key, thing: Thing) -> bool:
        """Whether more than the evidence of *key* changed."""
        doc = self.doc(key)
        if plain(thing.shape) != doc["shape"]:
            return True
        return {(row.life, row.lo, row.hi, signature(row)) for row in thing.rows} != {
            (life, lo, hi, signature) for life, lo, hi, _, signature in doc["rows"]
        }

    def _dependants(
        self, slice_: Slice, archive: ShelfArchive, touched: Touched, things: dict[Key, Thing], changed: set[Key]
    ) -> set[Key]:
        """What depends on the things of which the shape changed, about the days on which it did."""
        found: set[Key] = set()
        for key in changed:
            before, after = self.doc(key)["shape"], plain(things[key].shape)
            if before == after:
                continue
            found.add(key)
            if before["kind"] != after["kind"]:  # acts on what is introduced no longer do nothing to others either
                for position, event in slice_.facts(of_key(key)):
                    touched.fact(position, event)
                found |= touched.keys
            span = changed_days(before, after)
            if span is None:
                continue
            match key:
                case ("tenure", _, post) if self._one_seat(post, touched):
                    found |= self._rivals(archive, post, span)
                case ("function", _, function):
                    found |= slice_.keys_in(f"function|{function}")
                case ("unit" | "post" | "person", _):
                    found |= archive.below(key, span)
                    for old in passed_on_to(slice_, key):  # what hangs on a unit passes to what it becomes
                        found |= {old, *archive.below(old, ALWAYS)}
        return found

    def _wider(
        self, slice_: Slice, archive: ShelfArchive, things: dict[Key, Thing], windows: dict[Key, Window]
    ) -> dict[Key, Window]:
        """The tenures that now reach others beyond the days looked at, with all the days they reach."""
        reaching: dict[str, dict[Key, Window]] = {}
        for key, (first, last) in windows.items():
            if key[0] == "tenure" and things[key].rows:
                lo = min(row.lo for row in things[key].rows) - 1
                hi = max(row.hi for row in things[key].rows)
                if lo < first or hi > last:
                    reaching.setdefault(key[2], {})[key] = (min(lo, first), max(hi, last))
        found: dict[Key, Window] = {}
        for post, wider in reaching.items():
            if (archive.tenures(post, wider.values()) or set()) - slice_.keys:
                found |= wider
        return found

    def load(self, keys: Iterable[Key]) -> None:
        """Remember what the tables have of *keys*."""
        wanted = {key for key in keys if key not in self.kept and key not in self.absent}
        for name, thing, doc in self.shelf.docs(list(map(of_key, wanted))) if wanted else ():
            key = key_of(name)
            self.kept[key] = Kept(thing, orjson.loads(doc) if doc else empty())
            self.ids[key] = thing
        self.absent |= {key for key in wanted if key not in self.kept}


def plain(shape: Shape) -> Shape:
    """*shape* as it is read back from JSON."""
    plain: Shape = orjson.loads(orjson.dumps(shape))
    return plain


def signature(row: Row) -> str:
    """A short name of all that a row tells but its bounds."""
    told = (row.values, row.told, row.cause, row.name, row.disputed, row.acts)
    return blake2b(repr(told).encode(), digest_size=8).hexdigest()


def changed_days(old: Shape, new: Shape) -> Window | None:
    """The days about which two shapes of a thing differ, the first and the last; None if they are the same."""
    if old["kind"] != new["kind"]:
        return ALWAYS
    spans = [
        span
        for before, after in zip_longest(old["lives"], new["lives"])
        if before != after
        for span in _changed(before, after)
    ]
    return (min(lo for lo, _ in spans), max(hi for _, hi in spans)) if spans else None


def _changed(before: list[Any] | None, after: list[Any] | None) -> Iterator[Window]:
    """The days about which two states of a life differ."""
    lives = [life for life in (before, after) if life is not None]
    ends = [life[3] for life in lives]
    last = max(end[1] if end else AFTER_ALL for end in ends)
    if before is None or after is None:  # what comes after its end too: nothing is done to what has ended
        yield min(life[0] for life in lives) - 1, AFTER_ALL
        return
    if before[:3] != after[:3]:
        yield min(life[0] for life in lives) - 1, last
    if before[3] != after[3]:
        yield min(end[0] for end in ends if end) - 1, last
    if before[4] != after[4]:
        spans, others = before[4], after[4]
        same = 0
        while same < min(len(spans), len(others)) and spans[same] == others[same]:
            same += 1
        tail = 0
        while tail < min(len(spans), len(others)) - same and spans[-1 - tail] == others[-1 - tail]:
            tail += 1
        changed = [*spans[same : len(spans) - tail], *others[same : len(others) - tail]]
        yield min(span[0] for span in changed) - 1, max(span[1] for span in changed)


def proves(point: Point) -> int:
    """What a point proves, as the tables have it."""
    return (1 if point.proved else 0) | (2 if point.begins else 0) | (EVE if point.eve else 0)
