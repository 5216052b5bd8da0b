"""The whole history of an instrument or an entry: what it did, and what was learned by it."""

from __future__ import annotations

from collections.abc import Sequence

from domain import changes as e
from domain.acts import Act, Known
from domain.dates import iso
from domain.errors import UnknownThing
from domain.events import Event
from domain.lives import text_of
from domain.world import World
from projections.causes import consequences
from projections.coverage import coverages, covers, folded_without
from projections.histories.offices import lost_offices
from projections.histories.telling import claims_about
from projections.learned import Step, steps_between
from projections.record import record_of_entry
from projections.structure import Answer, cause_of, instrument_answer
from projections.taught import EventsOf, altered, taught


def instrument_history(world: World, institution: str, instrument: str) -> Answer:
    """{id, title, kind, number, …, entries, states, effects, later, displaced, amended_by, repealed_by}.

    Raises: UnknownThing.
    """
    issued = world.instruments.get(instrument)
    if issued is None:
        raise UnknownThing(institution, "instrument", instrument)
    acts = [act for act in world.acts if act.instrument == instrument]
    amended = _acts_on(world, e.InstrumentAmended, instrument)
    repealed = _acts_on(world, e.InstrumentRepealed, instrument)
    issue = min((a for a in acts if isinstance(a.change, e.InstrumentIssued)), key=lambda act: act.rank)
    first = issued.in_force or issued.signed
    state: Answer = {
        "from": iso(first.latest) if first else None,
        "until": iso(min(act.hi for act in repealed)) if repealed else None,
        "grade": "certain" if issue.proves else "presumed",
        "value": instrument_answer(issued),
        "cause": cause_of(issue, world.instruments),
        "rivals": [],
    }
    return {
        **instrument_answer(issued),
        "entries": sorted({act.event.entry for act in acts}),
        "states": [state],
        **consequences(world, acts),
        "displaced": lost_offices(world, acts),
        "amended_by": [cause_of(act, world.instruments) for act in amended],
        "repealed_by": [cause_of(act, world.instruments) for act in repealed],
        "claims": claims_about(world, instrument),
    }


def entry_history(
    world: World,
    known: Known,
    institution: str,
    entry: str,
    taught_it: Answer | None = None,
    covered: Answer | None = None,
) -> Answer:
    """{id, title, instrument, …, changes, effects, covers, later, displaced, record, learned, altered, …}.

    *taught_it*: what was learned by it, *covered*: what it makes known by declaring the record complete, if those are
    found already. Raises: UnknownThing.
    """
    rows = [(position, event) for position, event in known.rows if event.entry == entry]
    if not rows:
        raise UnknownThing(institution, "entry", entry)
    acts = [act for act in world.acts if act.event.entry == entry]
    live = {act.target: act for act in acts}
    left = [event for _, event in rows if not event.erased]
    first = left[0] if left else rows[0][1]
    issued = world.instruments.get(first.instrument) if first.instrument else None
    return {
        "id": entry,
        "title": issued.title if issued else None,
        "instrument": instrument_answer(issued) if issued else None,
        "positions": [rows[0][0], rows[-1][0]],
        "recorded_by": first.recorded_by if left else None,
        "changes": [_change_answer(event, live.get(event.target), known.redacted) for _, event in rows],
        "states": [],
        **consequences(world, acts),
        "covers": covers(coverages(acts, entry), folded_without(known, world)) if covered is None else covered,
        "displaced": lost_offices(world, acts_by(world, {event.target for _, event in rows})),
        "record": record_of_entry(known, entry),
        **(taught_it or _taught_by(known, rows[0][0], rows[-1][0])),
    }


def _taught_by(known: Known, first: int, last: int) -> Answer:
    """What the entry from *first* to *last* taught, when it was recorded."""
    steps = steps_between(Known(known.rows[:last], known.redacted), first - 1)
    return taught_by(steps, lambda name: [event for _, event in known.rows if event.entry == name])


def taught_by(steps: Sequence[Step], events_of: EventsOf) -> Answer:
    """{learned, altered, altered_left_out}: what the entries of *steps* taught."""
    further = altered(steps, events_of)
    return {
        "learned": taught(steps, events_of),
        "altered": further["changes"],
        "altered_left_out": further["left_out"],
    }


def acts_by(world: World, targets: set[str]) -> list[Act]:
    """The acts of *targets*, and those that they correct."""
    return [act for act in world.acts if act.target in targets or act.corrected_by in targets]


def _acts_on(world: World, change: type[e.InstrumentAmended | e.InstrumentRepealed], instrument: str) -> list[Act]:
    return [act for act in world.acts if isinstance(act.change, change) and act.change.instrument == instrument]


def _change_answer(event: Event, act: Act | None, redacted: frozenset[str]) -> Answer:
    """A recorded change as it was written, and as it reads now: `live` null if annulled, all null if erased."""
    if event.target in redacted:
        nothing: Answer = {"effective": None, "change": None, "provision": None, "sources": [], "note": None}
        return {"event": event.target, "kind": event.kind, "redacted": True, **nothing}
    row: Answer = {
        "event": event.target,
        "kind": event.kind,
        "redacted": False,
        "effective": text_of(event.effective),
        "change": event.change.model_dump(mode="json"),
        "provision": event.provision,
        "sources": [source.model_dump() for source in event.sources],
        "note": event.note,
    }
    if not isinstance(event.change, e.CONTROLS) and (act is None or act.corrected_by):
        row["live"] = None if act is None else act.change.model_dump(mode="json")
        row["corrected_by"] = act.corrected_by if act else None
    return row
