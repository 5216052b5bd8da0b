"""What an entry touches: the things it speaks of, and those on which its kinds of acts tell without naming them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from domain import changes as e
from domain.acts import redactions, renamed
from domain.changes import (
    CONTROLS,
    Change,
    Corrected,
    IdentitiesUnified,
)
from domain.claims import Key
from domain.events import Event
from domain.ids import split_target
from domain.things import targets_of
from projections.tables.shelf import ShelfArchive
from projections.tables.slices import ALWAYS, Position, Slice, Window, event_named, keys_of_change
from projections.tables.topics import REDACTED, of_key


@dataclass
class Touched:
    """What an entry touches: things, the days about which it touches a tenure, and the facts it reads anew."""

    archive: ShelfArchive
    first: Position
    """That of the entry's first event."""
    keys: set[Key] = field(default_factory=set)
    days: dict[Key, list[Window]] = field(default_factory=dict)
    positions: set[Position] = field(default_factory=set)
    everything: bool = False
    _seen: set[Position] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._unified = Slice(self.archive, ())

    def event(self, position: Position, event: Event) -> None:
        """Take in what *event* touches."""
        if isinstance(event.change, IdentitiesUnified):
            self.everything = True
        elif isinstance(event.change, CONTROLS):
            for target in targets_of(event.change):
                self._target(target)
        else:
            self.fact(position, event)

    def _target(self, target: str) -> None:
        entry, number = split_target(target)
        named = self.archive.numbered(entry, number) if number is not None else None
        for position, event in [named] if named else self.archive.entry(entry) if number is None else ():
            if isinstance(event.change, CONTROLS):
                self.event(position, event)
            else:
                self.fact(position, event)

    def fact(self, position: Position, event: Event) -> None:
        """Take in what the fact at *position* touches, by every reading."""
        if position in self._seen:
            return
        self._seen.add(position)
        self.positions.add(position)
        if position >= self.first:
            day = event.effective
            readings = [((day.earliest, day.latest) if day else None, event.change)]
        else:
            readings = list(_dated_readings(Slice(self.archive, (), also=[position]), position, event))
        for days, change in readings:
            self._effects(change, event.target, days)
            if isinstance(change, e.InstrumentIssued):
                self.archive.issued.pop(change.instrument, None)
                resting = self.archive.filed([f"rests|{change.instrument}"])
                before = {where for found in resting.values() for where in found if where < self.first}
                for where, other in self.archive.events(before).items():
                    self.fact(where, other)

    def _effects(self, change: Change, target: str, days: Window | None) -> None:
        """What a fact touches, read as *change*, in effect within *days*."""
        window = days or ALWAYS
        change = renamed(change, self._unified.names) if self._unified.names else change
        keys = keys_of_change(change, target, self.archive)
        if isinstance(change, e.InstrumentIssued):
            keys.add(("instrument", change.instrument))
        for key in keys:
            if key[0] == "tenure":
                self.days.setdefault(key, []).append(window)
        self.keys |= self._unified.all_of(keys) if self._unified.names else keys
        match change:
            case e.LifeEvent() if change.what == "died":
                self.keys |= self._unified.keys_in(f"career|{change.person}")
            case e.ListAttested() | e.CoverageDeclared():
                if isinstance(change, e.CoverageDeclared):
                    window = (change.since.earliest - 1, change.until.latest)
                self._scope(change.scope, window)
            case e.FunctionTransferred():
                self.keys |= self._unified.keys_in(f"function|{change.function}")

    def _scope(self, scope: e.Scope, window: Window) -> None:
        if scope.post is not None:
            found = {key for key in self.archive.hanging([("post", scope.post)], window) if key[0] == "tenure"}
        elif scope.parent is not None:
            found = {key for key in self.archive.hanging([("unit", scope.parent)], window) if key[0] == "unit"}
        else:
            found = self._unified.keys_in(f"related|{scope.object}")
        self.keys |= found


def _dated_readings(slice_: Slice, position: Position, event: Event) -> Iterator[tuple[Window | None, Change]]:
    """Every reading, past or present, of an event, with the days on which it can be in effect."""
    acts = {act.position: act for act in slice_.known.acts}
    act = acts.get(position)
    for change in slice_.readings(event):
        days = [date for date in (change.effective, event.effective, act.day if act else None) if date]
        yield (min(d.earliest for d in days), max(d.latest for d in days)) if days else None, change


def passed_on_to(slice_: Slice, key: Key) -> set[Key]:
    """The units that became *key* by a transformation or another code."""
    return {
        ("unit", old)
        for _, change in (list(slice_.changes(of_key(key))) if key[0] == "unit" else ())
        if isinstance(change, e.UnitsReorganized) and change.form in ("transform", "recode")
        for old in change.before
        if old != key[1]
    }


def readings_of(archive: ShelfArchive, topic: str) -> dict[Position, Event]:
    """The events filed under *topic*."""
    return archive.events(position for positions in archive.filed([topic]).values() for position in positions)


def root_of(archive: ShelfArchive, event: Event) -> tuple[Position, str] | None:
    """The position and the name of the fact that *event*, a fact or a correction, is a reading of."""
    name = event.target
    while True:
        found = event_named(archive, name)
        if found is None:
            return None
        change = found[1].change
        if not isinstance(change, Corrected):
            return (found[0], name) if not isinstance(change, CONTROLS) else None
        name = change.target


def redacted_in(archive: ShelfArchive) -> frozenset[str]:
    """The changes that are erased, by what *archive* holds."""
    return redactions(readings_of(archive, REDACTED).values())
