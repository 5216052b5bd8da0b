"""What entries taught: the difference in what is known without them and with them, on the days they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

import orjson

from domain.changes import CONTROLS, Corrected
from domain.dates import AFTER_ALL, BEFORE_ALL, Day, PartialDate, iso
from domain.events import Event
from domain.ids import split_target
from domain.things import targets_of
from domain.world import World
from projections.learned import Step, learned
from projections.structure import Answer

MOST_DAYS = 200
"""Days on which what was learned is told: of more the first, for each day is told of all that stood on it."""

EventsOf: TypeAlias = Callable[[str], Iterable[Event]]
"""The events of an entry, recorded or drafted."""


def taught(steps: Sequence[Step], events_of: EventsOf) -> Answer:
    """{changes, counts, left_out}: what the last of *steps* knows and the first did not.

    On each day that their events, or what those correct, take effect; each row once. *left_out* is None, or says of
    which days nothing is told, for there are more than MOST_DAYS: {days, from, to}, how many they are, the first and
    the last. What was learned of each of them is a question of its own.
    """
    events = [event for step in steps for event in step.events]
    days = sorted(days_of(events, events_of))
    changes = _once([row for day in days[:MOST_DAYS] for row in learned(steps, day)["changes"]])
    counts = dict(sorted(Counter(row["kind"] for row in changes).items()))
    return {"changes": changes, "counts": counts, "left_out": left_out(days[MOST_DAYS:])}


def left_out(days: Sequence[Day]) -> Answer | None:
    """{days, from, to} of the *days*, in order, of which nothing is told; None of none."""
    return {"days": len(days), "from": iso(days[0]), "to": iso(days[-1])} if days else None


def altered(steps: Sequence[Step], events_of: EventsOf) -> Answer:
    """{changes, left_out}: the further rows of days on which what is corrected, annulled or preferred is in dispute.

    Or was; each row once. Who is believed of two that date an end alters the days between, and neither of the two.
    *left_out*: as what was *taught* has it, of the days in dispute.
    """
    events = [event for step in steps for event in step.events]
    facts = {fact.target for event in events for fact in _facts_of(event, events_of)}
    disputed = {day for step in (steps[0], steps[-1]) for day in _disputed(step.world, facts)} if facts else set()
    days = days_of(events, events_of)
    further = sorted(disputed - days)
    told = sorted(days)[:MOST_DAYS] if further else ()
    known = {_tells(row) for day in told for row in learned(steps, day)["changes"]}
    rows = [row for day in further[:MOST_DAYS] for row in learned(steps, day)["changes"]]
    changes = [row for row in _once(rows) if _tells(row) not in known]
    return {"changes": changes, "left_out": left_out(further[MOST_DAYS:])}


def _once(rows: Sequence[Answer]) -> list[Answer]:
    """Each row once, by what it tells."""
    told = {_tells(row): row for row in reversed(rows)}
    return list(reversed(told.values()))


def _tells(row: Answer) -> bytes:
    """What *row* tells: kind, subject, before and after."""
    return orjson.dumps([row["kind"], row["subject"], row["before"], row["after"]])


def _facts_of(event: Event, events_of: EventsOf) -> Iterator[Event]:
    """The facts that a control is of, however many controls lie between."""
    for name in targets_of(event.change):
        entry, number = split_target(name)
        for target in events_of(entry):
            if number in (None, target.index) and target is not event:
                if isinstance(target.change, CONTROLS):
                    yield from _facts_of(target, events_of)
                else:
                    yield target


def _disputed(world: World, facts: set[str]) -> Iterator[Day]:
    """The first and the last days on which *facts*, each an `ENTRY#n`, and others disagree."""
    for lives in world.lives.values():
        for life in lives:
            for rival in (*life.rivals, *life.denied, *life.rivals_of_a_day):
                if rival.lo <= rival.hi and not facts.isdisjoint((rival.winner.target, rival.loser.target)):
                    yield from (day for day in (rival.lo, rival.hi) if BEFORE_ALL < day < AFTER_ALL)


def days_of(events: Iterable[Event], events_of: EventsOf) -> set[Day]:
    """The earliest and the latest day of each event and of what it corrects, annuls or prefers."""
    dates = [date for event in events for date in _dates(event, events_of)]
    return {day for date in dates for day in (date.earliest, date.latest) if BEFORE_ALL < day < AFTER_ALL}


def _dates(event: Event, events_of: EventsOf) -> Iterator[PartialDate]:
    change = event.change
    if event.effective:
        yield event.effective
    if isinstance(change, Corrected) and change.change.effective:
        yield change.change.effective
    for name in targets_of(change):
        entry, number = split_target(name)
        for target in events_of(entry):
            if number in (None, target.index):
                yield from _dates(target, events_of)
