"""What was learned: one day as known at two positions, each difference with the entry that brought it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

from domain.acts import Known
from domain.changes import (
    CONTROLS,
    Annulled,
    Change,
    Corrected,
    IdentitiesUnified,
    Redacted,
)
from domain.claims import Key
from domain.dates import Day
from domain.events import Event
from domain.fold import fold
from domain.ids import split_target
from domain.lives import text_of
from domain.pausing import pause
from domain.things import introduced, mentioned, stated, targets_of
from domain.world import HANGS_BY, World
from projections.diff import Row, compare, regraded, unnamed_rows
from projections.structure import ATTRIBUTES, Answer, Snapshot, event_cause


@dataclass(frozen=True)
class Step:
    """What is known once the events of one entry are: *events* is empty for what was known before all."""

    known: Known
    events: tuple[Event, ...]
    made: World | None = None

    @cached_property
    def world(self) -> World:
        """The world that makes."""
        return self.made or fold(self.known)


def steps_between(known: Known, start: int) -> list[Step]:
    """What is known at position *start*, then after each entry behind it; *start* ends an entry."""
    rows = known.rows
    ends = [
        at for at in range(start + 1, len(rows) + 1) if at == len(rows) or rows[at][1].entry != rows[at - 1][1].entry
    ]
    found = [Step(Known(rows[:start], known.redacted), ())]
    for before, end in pairwise([start, *ends]):
        found.append(Step(Known(rows[:end], known.redacted), tuple(event for _, event in rows[before:end])))
    return found


Bringing: TypeAlias = Callable[["Row"], tuple[Step, Step]]
"""Row → the last step at which what it tells of became otherwise, and the one before it."""


def learned(steps: Sequence[Step], day: Day, bringing: Bringing | None = None) -> Answer:
    """{changes, links, ended, new, counts}: what the last of *steps* knows of *day* and the first did not.

    The cause of a row is the last entry at which what the row tells changed; *bringing* finds it without the steps
    between. Nothing goes on in anything else by being learned: a unit that stands as known both times is its own
    partner.
    """
    brought = bringing or (lambda row: brought_by(row, steps, day))
    then, now = Snapshot(steps[0].world, day), Snapshot(steps[-1].world, day)
    rows = sorted([*compare(then, now), *_unnamed(then.world, now.world, day)], key=Row.place)
    changes = [_answer(row, *brought(row), steps[-1].world) for row in rows]
    before, after = ({key[1] for key in snapshot.lives if key[0] == "unit"} for snapshot in (then, now))
    counts = Counter(change["kind"] for change in changes)
    return {
        "changes": changes,
        "links": [],
        "ended": sorted(before - after),
        "new": sorted(after - before),
        "counts": {**dict(sorted(counts.items())), "regraded": regraded(then, now)},
    }


def _unnamed(then: World, now: World, day: Day) -> list[Row]:
    """The units without a name that are known to have ended that day in one of the worlds alone, or otherwise."""
    before = {row.act.target: row for row in unnamed_rows(then, day - 1, day)}
    after = {row.act.target: row for row in unnamed_rows(now, day - 1, day)}
    new = [row for name, row in after.items() if name not in before or before[name].before != row.before]
    return new + [row for name, row in before.items() if name not in after]


def _answer(row: Row, step: Step, before: Step, now: World) -> Answer:
    event = _event_of(row, step, before)
    is_control = isinstance(event.change, CONTROLS)
    taken_away = is_control and row.before is not None and row.act.corrected_by != event.target
    kind = event.kind if taken_away and isinstance(event.change, Annulled | Corrected) else row.kind
    return {
        **row.answer(now.instruments),
        "kind": kind,
        "cause": event_cause(event, now.instruments),
        "reason": reason_of(event.change),
    }


def reason_of(change: Change) -> str | None:
    """Why a control says how others are to be read; None of any other change."""
    return change.ground if isinstance(change, Redacted) else getattr(change, "reason", None)


def brought_by(row: Row, steps: Sequence[Step], day: Day) -> tuple[Step, Step]:
    """The last of *steps* at which what *row* tells of became otherwise, and the one before it; else the last two."""
    after = telling(row, steps[-1].world, day) if len(steps) > 2 else None  # of two there is no choice
    for at in range(len(steps) - 1, 1, -1):
        pause()
        before = telling(row, steps[at - 1].world, day)
        if before != after:
            return steps[at], steps[at - 1]
        after = before
    if len(steps) == 2 or telling(row, steps[0].world, day) != after:
        return steps[1], steps[0]
    return steps[-1], steps[-2]


def telling(row: Row, world: World, day: Day) -> object:
    """What *world* says on *day* of what *row* is about: values, days, and the acts they rest on."""
    if tells_of_an_act(row):
        return next(((act.change, act.lo, act.hi) for act in world.acts if act.target == row.act.target), None)
    if tells_values(row):
        assert row.before is not None
        return [_held(world, row.key, name, day) for name in ATTRIBUTES[row.key[0]] if name in row.before]
    return [_lives(world, key, day) for key in keys_of_row(row)]


def tells_of_an_act(row: Row) -> bool:
    """Whether *row* is about an act alone: units without a name that ended by it, or a number that it gives."""
    return not row.key or row.key[0] == "quantity"


def tells_values(row: Row) -> bool:
    """Whether *row* is about values of a thing that stands both times."""
    both = row.before is not None and row.after is not None
    return both and "person" not in (row.before or ()) and "units" not in row.subject


def _held(world: World, key: Key, name: str, day: Day) -> object:
    shown = world.shown(key, day)
    if shown is None:
        return None
    held = shown[0].held(name, day)
    return (held.value, held.act.target, text_of(held.act.day)) if held else "no value"


def _lives(world: World, key: Key, day: Day) -> object:
    """The life that stands on *day*, with its values; else how those that may have stood before it ended."""
    shown = world.shown(key, day)
    if shown:
        life = shown[0]
        values = [life.value(name, day) for name in ATTRIBUTES[key[0]]]
        return life.cause.target, life.since, values
    return [(life.cause.target, life.since, life.until) for life in world.lives.get(key, ()) if life.s_lo <= day]


def keys_of_row(row: Row) -> list[Key]:
    """The things that a row tells of: several, if it joins an end and a start."""
    if row.key[0] == "tenure":
        sides = [side for side in (row.before, row.after) if side and "person" in side]
        return sorted({("tenure", side["person"], side["post"]) for side in sides} | {row.key})
    return [("unit", unit) for unit in row.subject.get("units", ())] or [row.key]


def _event_of(row: Row, step: Step, before: Step) -> Event:
    """The event of the step's entry that changed it: the row's own act, or one about the thing, or what it hangs on."""
    for event in step.events:
        if event.target in (row.act.target, row.act.corrected_by):
            return event
    ids = {thing for key in keys_of_row(row) for thing in key[1:]} if row.key else set()
    about = [(event, _things_of_event(event, step)) for event in step.events]
    while ids:
        pause()
        found = [event for event, things in about if not ids.isdisjoint(things)]
        if found:
            return found[0]
        above = {thing for world in (before.world, step.world) for one in ids for thing in _hangs_on(world, one)}
        ids = above - ids
    return next((event for event in step.events if isinstance(event.change, CONTROLS)), step.events[0])


def _hangs_on(world: World, thing: str) -> set[str]:
    """What the lives of *thing* ever hung on."""
    kind = world.kinds.get(thing, "")
    lives = world.lives.get((kind, thing), ())
    held = [held.value for life in lives for held in life.values.get(HANGS_BY.get(kind, ""), ())]
    return {value for value in held if isinstance(value, str)}


def _things_of_event(event: Event, step: Step) -> set[str]:
    """The ids that *event* is about, or what it corrects, annuls or prefers."""
    change = event.change
    if isinstance(change, IdentitiesUnified):
        return set(change.ids)
    things = {*introduced(stated(change)), *(thing for thing, _ in mentioned(stated(change)))}
    for name in targets_of(change):
        entry, number = split_target(name)
        for _, target in step.known.rows:
            if target.entry == entry and number in (None, target.index):
                things |= _things_of_event(target, step)
    return things
