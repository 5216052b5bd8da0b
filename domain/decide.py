"""An entry against the record: the events it makes, or the reasons why it is refused. Pure.

`decide` asks a History for the timelines of what an entry touches; first a fold answers it, later tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from domain import events as e
from domain.acts import Act, Known
from domain.claims import Key, tenure_names, unit_key
from domain.dates import BEFORE_ALL, Day, PartialDate, iso
from domain.entries import Entry, InstrumentGiven
from domain.errors import EntryDiffers, EntryRefused, Reason
from domain.events import (
    CONTROLS,
    Annulled,
    Change,
    Corrected,
    Event,
    IdentitiesUnified,
    InstrumentIssued,
    ReadingPreferred,
    Redacted,
)
from domain.findings import findings_of
from domain.fold import Finding, World, fold
from domain.ids import split_target
from domain.lives import Life
from domain.things import UNIT, introduced, mentioned, stated

NAMES_TENURE = (e.Appointed, e.TenureAttested, e.Transferred, e.Released, e.CapacityChanged)


class History(Protocol):
    """What is recorded of an institution, as far as a decision asks."""

    institution: str

    def entry(self, entry: str) -> Sequence[Event]:
        """The events of an entry; none if it is not recorded."""

    def event(self, target: str) -> Event | None:
        """The event of that name."""

    def kind_of(self, thing: str) -> str | None:
        """Whether an id is a unit, a post or a person; None if nobody introduced it."""

    def issued(self, instrument: str) -> InstrumentIssued | None:
        """An instrument as it was first recorded."""

    def tenure(self, name: str) -> tuple[str, str] | None:
        """Person and post of a tenure, by its id or by the `ENTRY#n` of an act about it."""

    def world(self) -> World:
        """What stands by what is recorded."""

    def after(self, events: Sequence[Event]) -> World:
        """What would stand, were *events* recorded too."""


@dataclass(frozen=True)
class Decision:
    """The events that recording an entry makes, and the findings it is part of."""

    events: tuple[Event, ...]
    findings: tuple[Finding, ...]


@dataclass
class FoldedHistory:
    """A History answered by the fold over (position, event) *rows*."""

    institution: str
    rows: Sequence[tuple[int, Event]]

    @cached_property
    def _by_entry(self) -> dict[str, list[Event]]:
        found: dict[str, list[Event]] = {}
        for _, event in self.rows:
            found.setdefault(event.entry, []).append(event)
        return found

    @cached_property
    def _kinds(self) -> dict[str, str]:
        kinds: dict[str, str] = {}
        for _, event in self.rows:
            kinds.update(introduced(stated(event.change)))
        return kinds

    @cached_property
    def _issued(self) -> dict[str, InstrumentIssued]:
        found: dict[str, InstrumentIssued] = {}
        for _, event in self.rows:
            if isinstance(event.change, InstrumentIssued):
                found.setdefault(event.change.instrument, event.change)
        return found

    @cached_property
    def _tenures(self) -> dict[str, tuple[str, str]]:
        return tenure_names((event.target, stated(event.change)) for _, event in self.rows)

    @cached_property
    def _world(self) -> World:
        return fold(Known(self.rows))

    def entry(self, entry: str) -> Sequence[Event]:
        """The events of an entry; none if it is not recorded."""
        return self._by_entry.get(entry, ())

    def event(self, target: str) -> Event | None:
        """The event of that name."""
        entry, number = split_target(target)
        return next((event for event in self.entry(entry) if event.index == number), None)

    def kind_of(self, thing: str) -> str | None:
        """Whether an id is a unit, a post or a person."""
        return self._kinds.get(thing)

    def issued(self, instrument: str) -> InstrumentIssued | None:
        """An instrument as it was first recorded."""
        return self._issued.get(instrument)

    def tenure(self, name: str) -> tuple[str, str] | None:
        """Person and post of a tenure."""
        return self._tenures.get(name)

    def world(self) -> World:
        """What stands by what is recorded."""
        return self._world

    def after(self, events: Sequence[Event]) -> World:
        """What would stand, were *events* recorded too."""
        head = self.rows[-1][0] if self.rows else 0
        return fold(Known([*self.rows, *enumerate(events, head + 1)]))


def recorded_already(history: History, entry: Entry, by: str) -> bool:
    """Whether *entry* stands in the record with this very content, whoever recorded it.

    Raises: EntryDiffers, if its id stands there with other content.
    """
    before = history.entry(entry.entry)
    if not before:
        return False
    try:
        events = entry.events(history.institution, by, history.issued)
    except EntryRefused:
        raise EntryDiffers(entry.entry) from None
    if [event.content() for event in events] != [event.content() for event in before]:
        raise EntryDiffers(entry.entry)
    return True


def decide(history: History, entry: Entry, by: str) -> Decision:
    """The events that recording *entry* makes. Raises: EntryRefused, with every reason found."""
    reasons = [*_naming(history, entry), *_targets(history, entry)]
    if reasons:
        raise EntryRefused(entry.entry, reasons)
    events = entry.events(history.institution, by, history.issued)
    after = history.after(events)
    ours = {event.target for event in events}
    findings = findings_of(after, entry.entry)
    reasons = [
        *_ends_before_start(after, events, ours),
        *_ambiguous(findings, ours),
        *_cycles(after, events, history),
    ]
    if reasons:
        raise EntryRefused(entry.entry, reasons)
    return Decision(tuple(events), findings)


# --- ids


def _naming(history: History, entry: Entry) -> Iterator[Reason]:
    """Ids that nobody introduced, or that name something else."""
    here: dict[str, str] = {}
    issued = {entry.instrument.id or entry.entry} if isinstance(entry.instrument, InstrumentGiven) else set()
    tenures: dict[str, tuple[str, str]] = {}
    for number, change in entry.numbered():
        fact = stated(change)
        for thing, kind in introduced(fact).items():
            known = here.get(thing) or history.kind_of(thing)
            if known is not None and known != kind:
                yield _of_another_kind(number, thing, known, (kind,))
            here.setdefault(thing, kind)
        for name in _tenure_names(fact, f"{entry.entry}#{number}"):
            holder = _holder(fact)
            known_holder = tenures.get(name) or history.tenure(name)
            if holder and known_holder and known_holder != holder:
                detail = f"the tenure {name!r} is of {known_holder[0]!r} in {known_holder[1]!r}"
                yield Reason("tenure-taken", number, None, detail)
            elif holder:
                tenures.setdefault(name, holder)
    if isinstance(entry.instrument, str) and history.issued(entry.instrument) is None:
        yield Reason("unknown-id", None, None, f"no entry brings an instrument {entry.instrument!r}")
    for number, change in entry.numbered():
        fact = stated(change)
        for thing, kinds in mentioned(fact):
            known = here.get(thing) or history.kind_of(thing)
            if known is None:
                yield Reason("unknown-id", number, None, f"no entry introduces a {' or '.join(kinds)} {thing!r}")
            elif known not in kinds:
                yield _of_another_kind(number, thing, known, kinds)
        if isinstance(fact, e.InstrumentAmended | e.InstrumentRepealed):
            if fact.instrument not in issued and history.issued(fact.instrument) is None:
                yield Reason("unknown-id", number, None, f"no entry brings an instrument {fact.instrument!r}")
        if isinstance(fact, e.AssessmentMade | e.StatementMade):
            about = fact.about
            known_thing = about in here or history.kind_of(about) or about in issued or history.issued(about)
            if not known_thing:
                yield Reason("unknown-id", number, None, f"no entry introduces a thing {about!r} to speak about")
        for name in _tenures_used(fact):
            if name not in tenures and history.tenure(name) is None:
                yield Reason("unknown-id", number, None, f"no entry shows a tenure {name!r}")


def _of_another_kind(number: int, thing: str, known: str, kinds: tuple[str, ...]) -> Reason:
    return Reason("id-of-another-kind", number, None, f"{thing!r} is a {known}, not a {' or '.join(kinds)}")


def _holder(change: Change) -> tuple[str, str] | None:
    match change:
        case e.Appointed() | e.TenureAttested():
            return change.person, change.post
        case e.Transferred():
            return change.person, change.to_post
        case e.Released() | e.CapacityChanged() if change.person and change.post:
            return change.person, change.post
    return None


def _tenure_names(change: Change, target: str) -> Iterator[str]:
    """The names by which *change* lets its tenure be called."""
    if _holder(change):
        yield target
        if isinstance(change, NAMES_TENURE) and change.tenure:
            yield change.tenure


def _tenures_used(change: Change) -> Iterator[str]:
    """The tenures that *change* needs to be known."""
    if isinstance(change, e.Released | e.CapacityChanged) and change.tenure and not _holder(change):
        yield change.tenure
    if isinstance(change, e.Transferred) and change.from_tenure:
        yield change.from_tenure


# --- corrections


def _targets(history: History, entry: Entry) -> Iterator[Reason]:
    """Targets that are not recorded, or that cannot be read in another way."""
    for number, change in entry.numbered():
        match change:
            case Annulled() if split_target(change.target)[1] is None:
                if not history.entry(change.target):
                    yield Reason("unknown-target", number, None, f"no entry {change.target!r} is recorded")
            case Corrected() | Annulled() | ReadingPreferred():
                yield from _target(history, number, change)
            case Redacted():
                for target in change.targets:
                    if history.event(target) is None:
                        yield _unknown_target(number, target)
            case IdentitiesUnified():
                yield from _one_kind(history, entry, number, change)


def _target(history: History, number: int, change: Corrected | Annulled | ReadingPreferred) -> Iterator[Reason]:
    target = change.target
    event = history.event(target)
    if event is None:
        yield _unknown_target(number, target)
    elif isinstance(change, ReadingPreferred) and isinstance(event.change, CONTROLS):
        if not isinstance(event.change, Corrected):
            yield Reason("not-correctable", number, None, f"{target!r} is no claim that could be preferred")
    elif isinstance(change, Corrected):
        if isinstance(event.change, CONTROLS) and not isinstance(event.change, Corrected):
            detail = f"{target!r} is of the kind {event.kind}: it can only be annulled"
            yield Reason("not-correctable", number, None, detail)
            return
        fact = change.change
        day = fact.effective if fact.given("effective") else _first_day(history, event)
        if day is None and fact.DATED:
            detail = f"{fact.kind} needs the day on which it takes effect, and {target!r} has none"
            yield Reason("no-effective", number, None, detail)


def _unknown_target(number: int, target: str) -> Reason:
    return Reason("unknown-target", number, None, f"no change {target!r} is recorded")


def _one_kind(history: History, entry: Entry, number: int, change: IdentitiesUnified) -> Iterator[Reason]:
    here = {thing: kind for _, other in entry.numbered() for thing, kind in introduced(stated(other)).items()}
    kinds = [(thing, here.get(thing) or history.kind_of(thing)) for thing in change.ids]
    for thing, kind in kinds:
        if kind is None:
            yield Reason("unknown-id", number, None, f"no entry introduces a thing {thing!r}")
        elif kinds[0][1] is not None and kind != kinds[0][1]:
            yield _of_another_kind(number, thing, kind, (kinds[0][1],))


def _first_day(history: History, event: Event) -> PartialDate | None:
    """The day first recorded for what *event*, a fact or a correction, is about."""
    change = event.change
    if not isinstance(change, Corrected):
        return event.effective
    if change.change.given("effective"):
        return change.change.effective
    target = history.event(change.target)
    return _first_day(history, target) if target else None


# --- what would stand


def _ends_before_start(after: World, events: Iterable[Event], ours: set[str]) -> Iterator[Reason]:
    """A named tenure, or a thing begun by the same entry, that would end before it begins.

    The fold makes two lives of such a thing: one of unknown start that ends, then one that begins.
    """
    numbers = {event.target: event.index for event in events}
    for key, lives in after.lives.items():
        for ended in lives:
            ends = ended.end.claims if ended.end else []
            if ends and ended.starts and max(act.lo for act in ends) <= min(act.hi for act in ends) < ended.start_lo:
                yield from _too_soon(key, ends, ended, numbers)
            for begun in lives[ended.number + 1 :]:
                one_name = ended.named is not None and begun.named == ended.named
                one_entry = not ended.starts and {True} == {
                    any(act.target in ours for act in side) for side in (ends, begun.starts)
                }
                if ends and begun.starts and (one_name or one_entry):
                    yield from _too_soon(key, ends, begun, numbers)


def _too_soon(key: Key, ends: Sequence[Act], begun: Life, numbers: Mapping[str, int]) -> Iterator[Reason]:
    here = [numbers[act.target] for act in (*ends, *begun.starts) if act.target in numbers]
    if here:
        end, start = iso(min(act.hi for act in ends)), iso(begun.start_lo)
        detail = f"{' '.join(key)} would end by {end}, before it begins, {start} at the earliest"
        yield Reason("end-before-start", here[0], end, detail)


def _ambiguous(findings: Iterable[Finding], ours: set[str]) -> Iterator[Reason]:
    for finding in findings:
        act = finding.acts[0]
        if finding.rule == "ambiguous-tenure" and act.target in ours:
            detail = f"{finding.key[1]!r} holds {finding.key[2]!r} twice on the eve: name one by `tenure`"
            yield Reason("ambiguous-release", act.event.index, iso(act.hi), detail)


def _cycles(after: World, events: Sequence[Event], history: History) -> Iterator[Reason]:
    """Units of the entry that would stand under themselves at the end of some day."""
    touched = {unit: event.index for event in events for unit in _units_of(event, history)}
    if not touched:
        return
    days = sorted(
        {
            day
            for key, lives in after.of_kind("unit")
            for life in lives
            for day in (*life.change_days(), *(held.day for held in life.values.get("parent", ())))
            if day > BEFORE_ALL
        }
    )
    found: set[str] = set()
    for day in days:
        for unit, number in touched.items():
            ring = None if unit in found else _ring(after, unit, day)
            if ring:
                found |= set(ring)
                detail = "would stand under itself: " + " under ".join([*ring, ring[0]])
                yield Reason("parent-cycle", number or None, iso(day), f"{ring[0]!r} {detail}")


def _units_of(event: Event, history: History) -> Iterator[str]:
    change = event.change
    if isinstance(change, Annulled | Corrected):
        entry, number = split_target(change.target)
        for target in history.entry(entry):
            if number is None or target.index == number:
                yield from _units_of(target, history)
    if isinstance(change, IdentitiesUnified):
        yield from change.ids
    fact = stated(change)
    yield from (thing for thing, kinds in mentioned(fact) if kinds == (UNIT,))
    yield from (thing for thing, kind in introduced(fact).items() if kind == UNIT)


def _ring(world: World, unit: str, day: Day) -> list[str] | None:
    """The ring of parents on which *unit* stands at the end of *day*, if it does."""
    seen: list[str] = []
    at: object = unit
    while isinstance(at, str):
        if at in seen:
            return seen[seen.index(at) :] if at == unit else None
        seen.append(at)
        shown = world.shown(unit_key(at), day)
        at = shown[0].value("parent", day) if shown else None
    return None


__all__ = ["Decision", "FoldedHistory", "History", "Key", "decide", "recorded_already", "stated"]
