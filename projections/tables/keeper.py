"""Keeping the tables up with the log: what an entry changes is written, what is believed no longer is kept beside.

An entry is taken as a whole: what stood inside it was never visible. What is superseded stays for readers who
ask what was known before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from domain import changes as e
from domain.changes import CONTROLS, Corrected, Redacted
from domain.claims import Key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day
from domain.events import Event
from domain.things import stated
from domain.world import HANGS_BY, World
from projections.spelling import folded
from projections.tables.intervals import commit_node, day_node
from projections.tables.names import NAMED, Spelling, spellings
from projections.tables.reckoner import Kept, Reckoner, Settled, empty, plain, signature
from projections.tables.rows import Row, Thing
from projections.tables.shelf import Doc, Shelf, ShelfArchive, ThingId
from projections.tables.slices import Position, Slice, tenure_named
from projections.tables.topics import REDACTED, hashed, key_of, of_key, topics_of_event, topics_of_fact
from projections.tables.touching import Touched, redacted_in, root_of

BATCH = 500  # events read at once

LINEAGE = (e.UnitAbolished, e.UnitsReorganized, e.UnnamedUnitsAbolished)
"""The kinds of acts by which units pass into others, or end unnamed."""


class Keeper(Reckoner):
    """Keeps the tables of one register, inside the transactions of whoever appends to its log."""

    def take(self, shelf: Shelf, position: Position, events: Sequence[Event], *, erased: bool = False) -> None:
        """Take in *events*, one whole entry, the first of them at *position*; *erased*: they erased what was readable.

        Reads the log through *shelf*, in which the entry must stand already, and what it erases must be gone.
        """
        self.shelf = shelf
        rows = list(enumerate(events, start=position))
        last = rows[-1][0]
        self.cache.put(self.institution, dict(rows))
        self._file(rows, last)
        archive = self.archive(last)
        if any(isinstance(event.change, Redacted) for event in events):
            self.redacted = redacted_in(archive)
            if erased:
                self.rebuild(shelf, position - 1, self.redacted)
                self._file(rows, last)
            archive = self.archive(last)
        prepared, self.prepared = self.prepared, None
        if prepared is not None and prepared[0] == tuple(rows):
            self._write(archive, prepared[1], position)
        else:
            self._write(archive, self.settle(archive, rows), position)
        self._note(last)

    def rebuild(self, shelf: Shelf, until: Position, redacted: frozenset[str]) -> None:
        """Make the tables anew from the log up to *until*, in which *redacted* is erased."""
        self.shelf = shelf
        shelf.clear()
        self.forget()
        self.cache.forget(self.institution, redacted)
        self.redacted = redacted
        for rows in self.entries(0, until):
            self.again(rows)

    def entries(self, after: Position, until: Position) -> Iterator[list[tuple[Position, Event]]]:
        """The whole entries of the log in (after, until], read by the batch."""
        entry: list[tuple[Position, Event]] = []
        for first in range(after + 1, until + 1, BATCH):
            positions = range(first, min(first + BATCH, until + 1))
            events = self.archive(until).events(positions)
            for position in positions:
                if entry and entry[-1][1].entry != events[position].entry:
                    yield entry
                    entry = []
                entry.append((position, events[position]))
        if entry:
            yield entry

    def again(self, rows: list[tuple[Position, Event]]) -> None:
        """Take in *rows*, one whole entry, as they are to be read now; what they redact is erased already."""
        last = rows[-1][0]
        self._file(rows, last)
        archive = self.archive(last)
        self._write(archive, self.settle(archive, rows), rows[0][0])
        self._note(last)

    def _note(self, last: Position) -> None:
        self.shelf.put_position(last)
        for remembered in (self.kept, self.ids, self.absent, self.made, self.issued, self.found):
            if len(remembered) > self.MOST * (8 if remembered is self.found else 1):
                remembered.clear()

    # --- filing

    def _file(self, rows: Sequence[tuple[Position, Event]], last: Position) -> None:
        archive = self.archive(last)
        filings: set[tuple[str, Position]] = set()
        for position, event in rows:
            filings |= {(topic, position) for topic in topics_of_event(event)}
            if isinstance(event.change, Redacted):
                filings.add((REDACTED, position))
            if isinstance(event.change, CONTROLS) and not isinstance(event.change, Corrected):
                continue
            fact = root_of(archive, event) if isinstance(event.change, Corrected) else (position, event.target)
            if fact is not None:
                where, target = fact
                topics = topics_of_fact(stated(event.change), target, lambda name: tenure_named(archive, name))
                filings |= {(topic, where) for topic in topics}
        for topic, position in filings:
            known = self.found.get(topic)
            if known is not None and position not in known:
                known.append(position)
        self.shelf.file((hashed(topic), position) for topic, position in filings)

    # --- writing

    def _identify(self, keys: Iterable[Key]) -> None:
        new = [of_key(key) for key in keys if key not in self.kept]
        for name, thing in self.shelf.add_things(new) if new else ():
            key = key_of(name)
            self.kept[key] = Kept(thing, empty(), set())
            self.ids[key] = thing
            self.absent.discard(key)

    def _write(self, archive: ShelfArchive, settled: Settled, first: Position) -> None:
        slice_, things, changed = settled.slice, settled.things, settled.changed
        wanted = {
            key
            for key in things
            if things[key].rows
            or things[key].hangs
            or any(things[key].shape.values())
            or key in self.kept
            or key[0] == "instrument"
        }
        above = {above for key in wanted for above in things[key].hangs}
        above |= {point.above for key in wanted for point in things[key].points}
        self.load(above)
        self._identify(sorted(wanted | above))
        causes = Causes(self.shelf, first)
        for key in sorted(wanted):
            self._write_thing(archive.until, key, things[key], causes, key in changed)
        for key in sorted(key for key in slice_.frame & self.kept.keys() if key[0] in HANGS_BY):
            self._write_frame(archive.until, key, slice_)
        causes.write()
        self._write_spellings(archive.until, slice_.world, sorted(key for key in wanted if key[0] in NAMED))
        self._date(slice_, settled.touched)
        self.shelf.touch((archive.until, self.kept[key].id) for key in sorted(changed & wanted))

    def _write_thing(self, now: Position, key: Key, thing: Thing, causes: Causes, changed: bool) -> None:
        kept = self.kept[key]
        doc = kept.doc
        self.points_of(key)  # by the doc as it was
        new: Doc = {
            "shape": plain(thing.shape),
            "rows": [],
            "lives": _lives(thing, doc, now),
            "hangs": {of_key(above): list(span) for above, span in sorted(thing.hangs.items())},
        }
        self._write_rows(now, key, kept, thing, new, causes)
        self._write_points(now, key, kept, thing)
        if new["hangs"] != doc["hangs"]:
            self.shelf.unhang((self.kept[key_of(a)].id, span[1], kept.id) for a, span in doc["hangs"].items())
            self.shelf.hang((self.kept[key_of(a)].id, span[1], kept.id, span[0]) for a, span in new["hangs"].items())
        if new != doc:
            self._put(kept, new)

    def _write_frame(self, now: Position, key: Key, slice_: Slice) -> None:
        """Keep the bounds of what stands as it stood, but is shown on other days."""
        kept = self.kept[key]
        lives = dict(kept.doc["lives"])
        for life in slice_.world.lives.get(key, ()):
            before = lives.get(str(life.number))
            if before is not None and before["bounds"] != list(life.bounds):
                lives[str(life.number)] = {**before, "bounds": list(life.bounds), "since": now}
        if lives != kept.doc["lives"]:
            again = [
                (*lives[str(life)]["bounds"], now, day_node(lo, hi), lo, kept.id, life)
                for life, lo, hi, _, _ in kept.doc["rows"]
                if lives[str(life)] != kept.doc["lives"][str(life)]
            ]
            self._keep_bounds(now, kept, {row[-1] for row in again})
            self.shelf.put_bounds(again)
            self._put(kept, {**kept.doc, "lives": lives})

    def _write_spellings(self, now: Position, world: World, keys: Sequence[Key]) -> None:
        """Keep what things are called, as far as it changed."""
        old: dict[ThingId, dict[Spelling, int]] = {self.kept[key].id: {} for key in keys}
        for thing, number, spelling in self.shelf.spellings_of(list(old), now) if old else ():
            old[thing][spelling] = number
        new = {self.kept[key].id: (key[0], spellings(world, key)) for key in keys}
        gone = [number for thing, had in old.items() for one, number in had.items() if one not in new[thing][1]]
        self.shelf.end_spellings((now, number) for number in gone)
        self.shelf.add_spellings(
            (thing, kind, now, one, folded(one.text))
            for thing, (kind, has) in new.items()
            for one in sorted(has - old[thing].keys())
        )

    def _put(self, kept: Kept, doc: Doc) -> None:
        old, new = _edges(kept.doc), _edges(doc)
        if old != new:
            self.shelf.drop_edges((day, kept.id) for day in old - new)
            self.shelf.add_edges((day, kept.id) for day in new - old)
        kept.doc = doc
        self.shelf.put_docs([(orjson.dumps(doc), kept.id)])

    def _write_rows(self, now: Position, key: Key, kept: Kept, thing: Thing, new: Doc, causes: Causes) -> None:
        old = {(life, lo, hi, signature): since for life, lo, hi, since, signature in kept.doc["rows"]}
        close: list[tuple[int, Day, int, int, Position, int]] = []
        open_, again = [], []
        for row in sorted(thing.rows, key=lambda row: (row.life, row.lo)):
            place = (row.life, row.lo, row.hi, signature(row))
            since = old.pop(place, None)
            new["rows"].append([row.life, row.lo, row.hi, now if since is None else since, place[3]])
            life, before = new["lives"][str(row.life)], kept.doc["lives"].get(str(row.life))
            node = day_node(row.lo, row.hi)
            if since is None:
                disputed = orjson.dumps(row.disputed).decode() if row.disputed else None
                place_ = (node, row.lo, kept.id, row.life, row.hi, now, life["since"], of_key(key))
                told = (row.values, row.told, causes.id_of(row), row.name, row.seats, disputed)
                open_.append((*place_, *told, *row.bounds, row.acts))
            elif before != life:
                again.append((*row.bounds, life["since"], node, row.lo, kept.id, row.life))
        for (life, lo, hi, _), since in old.items():
            close.append((day_node(lo, hi), lo, kept.id, life, now, commit_node(since, now)))
        self.shelf.close_rows(close)
        self.shelf.open_rows(open_)
        if again:
            self._keep_bounds(now, kept, {row[-1] for row in again})
            self.shelf.put_bounds(again)

    def _keep_bounds(self, now: Position, kept: Kept, lives: set[int]) -> None:
        """Keep the bounds that *lives* had until *now*, for readers who ask what was known before."""
        rows = []
        for life in lives:
            before = kept.doc["lives"][str(life)]
            if before["since"] < now:
                bounds = before["bounds"]
                spans = [(lo, hi) for of, lo, hi, _, _ in kept.doc["rows"] if of == life]
                first, last = min(lo for lo, _ in spans), max(hi for _, hi in spans)
                node = commit_node(before["since"], now)
                rows.append((node, before["since"], now, kept.id, life, first, last, *bounds))
        self.shelf.keep_bounds(rows)

    def _write_points(self, now: Position, key: Key, kept: Kept, thing: Thing) -> None:
        ids, old = self.points_now(thing), self.points_of(key)
        self.shelf.end_points(
            (now, above, lo, position, kept.id, hi) for above, lo, hi, position, _ in sorted(old - ids)
        )
        self.shelf.add_points(
            (above, lo, position, kept.id, hi, now, proved) for above, lo, hi, position, proved in sorted(ids - old)
        )
        kept.points = ids

    def _date(self, slice_: Slice, touched: Touched) -> None:
        """Keep the days of the acts of the entry, and of those it touched."""
        acts = {act.position: act for act in slice_.world.acts}
        read = [acts[position] for position in sorted(touched.positions & acts.keys())]
        self.shelf.date(
            (act.hi, act.position, isinstance(act.change, LINEAGE))
            for act in read
            if act.day and not isinstance(act.change, e.LifeEvent)
        )


class Keepers(dict[str, tuple[bytes, int, Keeper]]):
    """Register → the hash up to which its tables were kept, their number, and who kept them, with what he remembers.

    Of the registers last written to alone: each may remember a hundred MiB, and a database holds hundreds of them.
    """

    MOST = 4

    def __setitem__(self, institution: str, kept: tuple[bytes, int, Keeper]) -> None:
        self.pop(institution, None)
        super().__setitem__(institution, kept)
        while len(self) > self.MOST:
            del self[next(iter(self))]


@dataclass
class Causes:
    """The causes that rows name, each kept once: an event as it reads, with its instrument."""

    shelf: Shelf
    first: Position
    """That of the entry that is taken in: of what it holds, no cause is kept yet."""
    _known: dict[Position, dict[str, int]] = field(default_factory=dict)
    _new: list[tuple[int, str]] = field(default_factory=list)

    def id_of(self, row: Row) -> int:
        """The number of the cause of *row*: its position, and which of its readings."""
        if not row.cause:
            return -1
        known = self._known.get(row.position)
        if known is None:
            kept = self.shelf.causes_at(row.position) if row.position < self.first else ()
            known = {body: number for number, body in kept}
            self._known[row.position] = known
        if row.cause not in known:
            known[row.cause] = (row.position << 8) + len(known)
            self._new.append((known[row.cause], row.cause))
        return known[row.cause]

    def write(self) -> None:
        """Keep those that are new."""
        self.shelf.add_causes(self._new)


def _lives(thing: Thing, doc: Doc, now: Position) -> dict[str, Any]:
    """Life → its bounds, since when they are believed, and the spans of dispute."""
    lives: dict[str, Any] = {}
    for row in thing.rows:
        life = {"bounds": list(row.bounds), "disputed": [list(span) for span in row.disputed], "since": now}
        before = doc["lives"].get(str(row.life))
        if before is not None and before["bounds"] == life["bounds"]:
            life["since"] = before["since"]
        lives[str(row.life)] = life
    return lives


def _edges(doc: Doc) -> set[Day]:
    """The days on which something about a thing begins or ends."""
    days: set[Day] = set()
    for _, lo, hi, _, _ in doc["rows"]:
        days |= {lo, hi}
    for life in doc["lives"].values():
        days |= {*life["bounds"][:6], *(day for span in life["disputed"] for day in span)}
    return {day for day in days if BEFORE_ALL < day < AFTER_ALL}
