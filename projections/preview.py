"""What recording entries would do: the same answers as afterwards, with nothing recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import orjson

from domain.changes import Corrected
from domain.dates import AFTER_ALL, BEFORE_ALL, Day, PartialDate
from domain.decide import Drafting, decide, recorded_already
from domain.entries import Entry
from domain.errors import EntryDiffers, EntryRefused, Reason
from domain.events import Event
from domain.ids import split_target
from domain.things import targets_of
from projections.findings import findings
from projections.histories import displaced
from projections.learned import Step, learned
from projections.structure import Answer


def preview(history: Drafting, entries: Sequence[Entry], by: str) -> Answer:
    """{diff: {changes, counts}, findings, refusals, displaced} of recording *entries* in order.

    The diff is what would be learned, on each day that they or what they correct take effect, each row once.
    A refused entry is left out, and the next are tried without it.
    """
    first, refusals = history, list[Answer]()
    accepted: list[tuple[Event, ...]] = []
    for entry in entries:
        try:
            if recorded_already(history, entry, by):
                continue
            if not history.founded and entry.founds is None:
                detail = "the first entry of an institution begins with institution-declared"
                raise EntryRefused(entry.entry, [Reason("not-founded", None, None, detail)])
            events = decide(history, entry, by).events
        except EntryRefused as refusal:
            refusals.append(refusal_answer(entry.entry, refusal.reasons))
        except EntryDiffers as refusal:
            refusals.append(refusal_answer(entry.entry, [Reason("entry-differs", None, None, str(refusal))]))
        else:
            accepted.append(events)
            history = history.also(events)
    stages = zip([(), *accepted], first.stages(accepted), strict=True)
    steps = [Step(known, events, world) for events, (known, world) in stages]
    drafts = [event for events in accepted for event in events]
    world, ours = steps[-1].world, {event.target for event in drafts}
    changes = _once([row for day in sorted(_days(drafts, history)) for row in learned(steps, day)["changes"]])
    before = {orjson.dumps(row) for row in findings(steps[0].world)}
    return {
        "diff": {"changes": changes, "counts": dict(sorted(Counter(row["kind"] for row in changes).items()))},
        "findings": [row for row in findings(world) if orjson.dumps(row) not in before],
        "refusals": refusals,
        "displaced": displaced(world, [act for act in world.acts if act.target in ours or act.corrected_by in ours]),
    }


def refusal_answer(entry: str, reasons: Sequence[Reason]) -> Answer:
    """{entry, reasons: [{rule, change, day, detail}]} of a refused entry."""
    return {"entry": entry, "reasons": [reason_answer(reason) for reason in reasons]}


def reason_answer(reason: Reason) -> Answer:
    """One fault of an entry, as problems and previews show it."""
    return {"rule": reason.rule, "change": reason.change, "day": reason.day, "detail": reason.detail}


def _once(rows: Sequence[Answer]) -> list[Answer]:
    """Each row once, by what it tells: kind, subject, before and after."""
    told = {orjson.dumps([row["kind"], row["subject"], row["before"], row["after"]]): row for row in reversed(rows)}
    return list(reversed(told.values()))


def _days(drafts: Sequence[Event], history: Drafting) -> set[Day]:
    """The earliest and the latest day of each change and of what it corrects or annuls."""
    dates = [date for event in drafts for date in _dates(event, history)]
    return {day for date in dates for day in (date.earliest, date.latest) if BEFORE_ALL < day < AFTER_ALL}


def _dates(event: Event, history: Drafting) -> Iterator[PartialDate]:
    change = event.change
    if event.effective:
        yield event.effective
    if isinstance(change, Corrected) and change.change.effective:
        yield change.change.effective
    for name in targets_of(change):
        entry, number = split_target(name)
        for target in history.entry(entry):
            if number in (None, target.index):
                yield from _dates(target, history)
