"""What was learned: one day as known at two positions, each difference with the entry that brought it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from domain.acts import Known
from domain.claims import Key, keys_of
from domain.dates import Day
from domain.events import Annulled, Corrected, Event, InstrumentIssued
from domain.fold import World, fold
from domain.ids import split_target
from domain.things import stated
from projections.diff import Row, compare, regraded, unnamed_rows
from projections.structure import ATTRIBUTES, Answer, Snapshot, instrument_answer


@dataclass(frozen=True)
class Step:
    """What is known once the events of one entry are: *events* is empty for what was known before all."""

    known: Known
    events: tuple[Event, ...]

    @cached_property
    def world(self) -> World:
        """The world that makes."""
        return fold(self.known)


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


def learned(steps: Sequence[Step], day: Day) -> Answer:
    """{changes, links, ended, new, counts}: what the last of *steps* knows of *day* and the first did not.

    The cause of a row is the last entry at which what the row tells changed. Nothing goes on in anything
    else by being learned: a unit that stands as known both times is its own partner.
    """
    then, now = Snapshot(steps[0].world, day), Snapshot(steps[-1].world, day)
    unnamed = (row for row in unnamed_rows(now.world, day - 1, day) if _is_new(row, then.world))
    rows = sorted([*compare(then, now), *unnamed], key=Row.place)
    changes = [_answer(row, steps, day) for row in rows]
    before, after = ({key[1] for key in snapshot.lives if key[0] == "unit"} for snapshot in (then, now))
    counts = Counter(change["kind"] for change in changes)
    return {
        "changes": changes,
        "links": [],
        "ended": sorted(before - after),
        "new": sorted(after - before),
        "counts": {**dict(sorted(counts.items())), "regraded": regraded(then, now)},
    }


def _is_new(row: Row, world: World) -> bool:
    return all(act.target != row.act.target for act in world.acts)


def _answer(row: Row, steps: Sequence[Step], day: Day) -> Answer:
    step = _brought_by(row, steps, day)
    event = _event_of(row, step)
    answer = row.answer(step.world)
    is_control = isinstance(event.change, Annulled | Corrected)
    taken_away = is_control and row.before is not None and row.act.corrected_by != event.target
    kind = event.kind if taken_away else row.kind
    return {**answer, "kind": kind, "cause": event_cause(event, steps[-1].world.instruments)}


def _brought_by(row: Row, steps: Sequence[Step], day: Day) -> Step:
    """The last step at which what *row* tells of became otherwise."""
    telling = [_telling(row, step.world, day) for step in steps]
    return next(
        (
            step
            for step, before, after in reversed(list(zip(steps[1:], telling, telling[1:], strict=False)))
            if before != after
        ),
        steps[-1],
    )


def _telling(row: Row, world: World, day: Day) -> object:
    """What *world* says on *day* of what *row* is about."""
    if not row.key or row.key[0] == "quantity":
        return next((act.change for act in world.acts if act.target == row.act.target), None)
    kind = row.key[0]
    names = [name for name in ATTRIBUTES[kind] if row.before is None or row.after is None or name in row.before]
    shown = (world.shown(key, day) for key in _keys_of_row(row))
    return [{name: found[0].value(name, day) for name in names} if found else None for found in shown]


def _keys_of_row(row: Row) -> list[Key]:
    """The things that a row tells of: several, if it joins an end and a start."""
    if row.key[0] == "tenure":
        sides = [side for side in (row.before, row.after) if side and "person" in side]
        return sorted({("tenure", side["person"], side["post"]) for side in sides} | {row.key})
    return [("unit", unit) for unit in row.subject.get("units", ())] or [row.key]


def _event_of(row: Row, step: Step) -> Event:
    """The event of the step's entry that changed it: the row's own act, else one about the same thing."""
    own = [event for event in step.events if event.target == row.act.target]
    keys = set(_keys_of_row(row)) if row.key else set()
    about = [event for event in step.events if not keys.isdisjoint(_keys_of_event(event, step))]
    return [*own, *about, *step.events][0]


def _keys_of_event(event: Event, step: Step) -> set[Key]:
    """The things that *event* is about, or what it corrects or annuls."""
    change = event.change
    keys = keys_of(stated(change), step.world.tenures.get)
    if isinstance(change, Corrected | Annulled):
        entry, number = split_target(change.target)
        for _, target in step.known.rows:
            if target.entry == entry and number in (None, target.index):
                keys |= keys_of(stated(target.change), step.world.tenures.get)
    return keys


def event_cause(event: Event, instruments: dict[str, InstrumentIssued]) -> Answer:
    """The entry, instrument, provision and sources of a recorded event, as of an act."""
    issued = instruments.get(event.instrument) if event.instrument else None
    return {
        "entry": event.entry,
        "event": event.target,
        "corrected_by": None,
        "instrument": instrument_answer(issued) if issued else None,
        "provision": event.provision,
        "sources": [source.model_dump() for source in event.sources],
    }
