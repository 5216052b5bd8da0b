"""Which entry brought what is known of a day: read from the rows that were believed after each, and folded in doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import orjson

from domain.acts import Known
from domain.changes import CONTROLS, InstrumentIssued
from domain.claims import Key
from domain.dates import Day
from domain.events import Event
from domain.lives import GRADES
from domain.pausing import pause
from domain.things import introduced, mentioned, stated
from domain.world import World
from projections.diff import Row
from projections.learned import Step, keys_of_row, telling, tells_of_an_act, tells_values
from projections.tables.asof import standing
from projections.tables.days import told_by
from projections.tables.shelf import Read, Shelf
from projections.tables.slices import Position, Slice
from projections.tables.topics import of_key

At: TypeAlias = int
"""The number of a step: 0 is what was known before all, *n* what was known after the n-th entry."""

SURELY = GRADES.index("possible")


@dataclass(frozen=True)
class Told:
    """What a row tells of a life: the position of its cause, since when, its values, and the acts that gave them."""

    cause: Position
    since: str | None
    values: bytes
    held: str

    def life(self) -> tuple[object, ...]:
        """What tells one life from another, or from itself with another start or other values."""
        return self.cause, self.since, self.values


@dataclass
class Bringing:
    """The entries behind *earlier*, of which each may have brought a row of what was learned of *day*.

    A thing that stands is told by its rows alone. Where it stands at neither of two steps, an act alone is told of,
    or a control reads it, the two worlds are folded, each of no more than the row is about.
    """

    shelf: Shelf
    day: Day
    earlier: Position
    entries: Sequence[tuple[Position, tuple[Event, ...]]]
    known: Known
    slice_known: Callable[[Position, Iterable[Key], Iterable[Position]], Slice]
    _worlds: dict[tuple[At, frozenset[Key]], World] = field(default_factory=dict)
    _touched: dict[At, frozenset[str]] = field(default_factory=dict)

    def of(self, row: Row) -> tuple[Step, Step]:
        """The last step at which what *row* tells of became otherwise, and the one before it."""
        at = next((at for at in self._candidates(row) if self._differs(row, at)), len(self.entries))
        return self._step(row, at), self._step(row, at - 1)

    # --- steps

    def _position(self, at: At) -> Position:
        return self.entries[at - 1][0] if at else self.earlier

    def _step(self, row: Row, at: At) -> Step:
        events = self.entries[at - 1][1] if at else ()
        return NarrowStep(self.known, events, bringing=self, row=row, at=at)

    def world(self, row: Row, at: At) -> World:
        """What is known at that step of what *row* is about."""
        core = frozenset(keys_of_row(row) if row.key else ())
        also = (row.act.position,) if row.act.position <= self._position(at) else ()
        name = at, core | {(str(place),) for place in also}
        if name not in self._worlds:
            slice_ = self.slice_known(self._position(at), core, also)
            if also:  # an act is told of: with all that it is about
                core |= slice_.keys_of(slice_.rows[row.act.position])
                slice_ = self.slice_known(self._position(at), core, also)
            self._worlds[name] = slice_.world
        return self._worlds[name]

    def _differs(self, row: Row, at: At) -> bool:
        """Whether what *row* tells of became otherwise at that step."""
        if not tells_of_an_act(row) and not tells_values(row):
            sides = [[self._told_at(key, at) for at in (at - 1, at)] for key in keys_of_row(row)]
            if any(_life(before) != _life(after) for before, after in sides):
                return True
            if all(sides[0]) and len(sides) == 1:
                return False
        before, after = (telling(row, self.world(row, at), self.day) for at in (at - 1, at))
        return before != after

    # --- where it may have

    def _candidates(self, row: Row) -> Iterator[At]:
        """The steps at which what *row* tells of may have become otherwise, the last first."""
        an_act, values, keys = tells_of_an_act(row), tells_values(row), keys_of_row(row) if row.key else []
        for at in range(len(self.entries), 0, -1):
            pause()
            events = self.entries[at - 1][1]
            if an_act:
                may = self._dates[at] or any(event.target == row.act.target for event in events)
            else:
                may = any(self._may_differ(key, at) for key in keys)
                if values and not may:  # what is said again gives no row, though it is what the value rests on
                    may = self._dates[at] or any(row.key[1] in _things(event) for event in events)
            if may or self._reads[at]:
                yield at

    def _may_differ(self, key: Key, at: At) -> bool:
        before, after = self._told_at(key, at - 1), self._told_at(key, at)
        return before != after or (after is None and of_key(key) in self._things_touched(at))

    @cached_property
    def _reads(self) -> list[bool]:
        """Whether an entry has a say in how others are read, by step."""
        return [False, *(any(isinstance(one.change, CONTROLS) for one in events) for _, events in self.entries)]

    @cached_property
    def _dates(self) -> list[bool]:
        """Whether an entry issues an instrument, from which others may have their days, by step."""
        return [False, *(any(isinstance(e.change, InstrumentIssued) for e in events) for _, events in self.entries)]

    def _things_touched(self, at: At) -> frozenset[str]:
        """The things of which rows were opened or closed by the entry."""
        if at not in self._touched:
            self._touched[at] = frozenset(self.shelf.changed(self._position(at - 1), self._position(at)))
        return self._touched[at]

    # --- what rows tell

    def _told_at(self, key: Key, at: At) -> Told | None:
        return self._told[at].get(of_key(key).encode())

    @cached_property
    def _told(self) -> list[dict[bytes, Told]]:
        """What stands on the day, by step."""
        cache: dict[Read, tuple[int, Told] | None] = {}
        return [self._told_on(at, cache) for at in range(len(self.entries) + 1)]

    def _told_on(self, at: At, cache: dict[Read, Any]) -> dict[bytes, Told]:
        best: dict[bytes, tuple[tuple[int, int], Told]] = {}
        for read in self.shelf.believed(self.day, self._position(at)):
            pause()
            row = tuple(read[:18])
            if row not in cache:
                cache[row] = _told_by(row, self.day)
            found = cache[row]
            if found and (row[0] not in best or found[0] < best[row[0]][0]):
                best[row[0]] = found
        return {name: told for name, (_, told) in best.items()}


@dataclass(frozen=True)
class NarrowStep(Step):
    """A step of which no more is known than a row is about."""

    bringing: Bringing = field(kw_only=True)
    row: Row = field(kw_only=True)
    at: At = field(kw_only=True)

    @cached_property
    def world(self) -> World:
        """The world of that."""
        return self.bringing.world(self.row, self.at)


def _told_by(row: Read, day: Day) -> tuple[tuple[int, int], Told] | None:
    """What *row* tells, after how it is chosen: of two lives the surer, then the later. None: it does not stand."""
    if row[0].startswith((b"vacancy|", b"quantity|")):
        return None
    grade, _ = standing(row, day)
    if grade is None or GRADES.index(grade) > SURELY:
        return None
    _, held = told_by(row)
    since = orjson.loads(b"{%b}" % row[3])["since"]
    return (GRADES.index(grade), -row[1]), Told(row[4] >> 8, since, row[2], repr(sorted(held.items())))


def _things(event: Event) -> set[str]:
    """The ids that *event* names."""
    fact = stated(event.change)
    return {*introduced(fact), *(thing for thing, _ in mentioned(fact))}


def _life(told: Told | None) -> tuple[object, ...] | None:
    return told.life() if told else None
