"""What recording entries would do: the same answers as afterwards, with nothing recorded."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from domain.decide import Drafting, decide, recorded_already
from domain.entries import Entry
from domain.errors import EntryDiffers, EntryRefused, Reason
from domain.events import Event
from projections.findings import findings
from projections.histories import acts_by, displaced
from projections.learned import Step
from projections.structure import Answer
from projections.taught import taught


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
    drafted = {events[0].entry: events for events in accepted}
    world, ours = steps[-1].world, {event.target for events in accepted for event in events}
    before = {orjson.dumps(row) for row in findings(steps[0].world)}
    return {
        "diff": taught(steps, lambda entry: first.entry(entry) or drafted.get(entry, ())),
        "findings": [row for row in findings(world) if orjson.dumps(row) not in before],
        "refusals": refusals,
        "displaced": displaced(world, acts_by(world, ours)),
    }


def refusal_answer(entry: str, reasons: Sequence[Reason]) -> Answer:
    """{entry, reasons: [{rule, change, day, detail}]} of a refused entry."""
    return {"entry": entry, "reasons": [reason_answer(reason) for reason in reasons]}


def reason_answer(reason: Reason) -> Answer:
    """One fault of an entry, as problems and previews show it."""
    return {"rule": reason.rule, "change": reason.change, "day": reason.day, "detail": reason.detail}
