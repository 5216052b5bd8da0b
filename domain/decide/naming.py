"""An entry against the record: the events it makes, or the reasons why it is refused. Pure.

`decide` asks a History for the timelines of what an entry touches; first a fold answers it, later tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Protocol, Self

from domain import changes as e
from domain.acts import Act, Known, redactions
from domain.changes import (
    CONTROLS,
    Annulled,
    Change,
    Corrected,
    IdentitiesUnified,
    InstrumentIssued,
    ReadingPreferred,
    Redacted,
)
from domain.claims import Key, tenure_names, unit_key
from domain.dates import BEFORE_ALL, Day, PartialDate, iso
from domain.entries import Entry, InstrumentGiven
from domain.errors import EntryDiffers, EntryRefused, Reason
from domain.events import Event
from domain.findings import findings_of
from domain.fold import fold
from domain.ids import split_target
from domain.lives import Life
from domain.things import introduced, mentioned, stated
from domain.world import Finding, World

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

    def first_of(self, thing: str) -> str:
        """The id under which a thing lives on that was unified with another; else its own."""

    def after(self, events: Sequence[Event]) -> World:
        """What would stand, were *events* recorded too: all that they have to do with, at least.

        They are all recorded, or none is.
        """


class Drafting(History, Protocol):
    """A History that can be told what might be recorded."""

    @property
    def founded(self) -> bool:
        """Whether anything is recorded."""

    def also(self, events: Sequence[Event]) -> Self:
        """The history in which *events*, a whole entry, are recorded too."""

    def stages(self, drafts: Sequence[Sequence[Event]]) -> list[tuple[Known, World]]:
        """What is known and stands without *drafts*, whole entries, and with each more of them.

        All that any of them has to do with, at least.
        """


@dataclass(frozen=True)
class Decision:
    """The events that recording an entry makes, and the findings it is part of."""

    events: tuple[Event, ...]
    findings: tuple[Finding, ...]


@dataclass
class FoldedHistory:
    """A History answered by the fold over (position, event) *rows*; what *redacted* names is read as erased."""

    institution: str
    rows: Sequence[tuple[int, Event]]
    redacted: frozenset[str] = frozenset()

    @cached_property
    def _left(self) -> list[Event]:
        """The events, or what is left of them."""
        return [event.blank() if event.target in self.redacted else event for _, event in self.rows]

    @cached_property
    def _by_entry(self) -> dict[str, list[Event]]:
        found: dict[str, list[Event]] = {}
        for event in self._left:
            found.setdefault(event.entry, []).append(event)
        return found

    @cached_property
    def _kinds(self) -> dict[str, str]:
        kinds: dict[str, str] = {}
        for event in self._left:
            kinds.update(introduced(stated(event.change)))
        return kinds

    @cached_property
    def _issued(self) -> dict[str, InstrumentIssued]:
        found: dict[str, InstrumentIssued] = {}
        for event in self._left:
            if isinstance(event.change, InstrumentIssued):
                found.setdefault(event.change.instrument, event.change)
        return found

    @cached_property
    def _tenures(self) -> dict[str, tuple[str, str]]:
        return tenure_names((event.target, stated(event.change)) for event in self._left)

    @cached_property
    def _unified(self) -> dict[str, str]:
        return Known(self.rows).unified

    @cached_property
    def _world(self) -> World:
        return fold(Known(self.rows, self.redacted))

    def also(self, events: Sequence[Event]) -> FoldedHistory:
        """The history in which *events* are recorded too, and erase what they redact."""
        rows = [*self.rows, *enumerate(events, len(self.rows) + 1)]
        return FoldedHistory(self.institution, rows, self.redacted | redactions(events))

    @property
    def founded(self) -> bool:
        """Whether anything is recorded."""
        return bool(self.rows)

    def stages(self, drafts: Sequence[Sequence[Event]]) -> list[tuple[Known, World]]:
        """What is known and stands without *drafts*, whole entries, and with each more of them."""
        histories = [self]
        for events in drafts:
            histories.append(histories[-1].also(events))
        return [(Known(history.rows, history.redacted), history.world()) for history in histories]

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

    def first_of(self, thing: str) -> str:
        """The id under which a thing lives on."""
        return self._unified.get(thing, thing)

    def world(self) -> World:
        """What stands by what is recorded."""
        return self._world

    def after(self, events: Sequence[Event]) -> World:
        """What would stand, were *events* recorded too."""
        recorded = events[0].entry in self._by_entry
        return self._world if recorded else self.also(events).world()


def recorded_already(history: History, entry: Entry, by: str) -> bool:
    """Whether *entry* stands in the record with this very content, whoever recorded it.

    Of what is erased only the kind can be compared. Raises: EntryDiffers, if its id stands there with other content.
    """
    before = history.entry(entry.entry)
    if not before:
        return False

    def issued(instrument: str) -> InstrumentIssued | None:
        return history.issued(instrument) or _left_of(instrument, before)

    try:
        events = entry.events(history.institution, by, issued)
    except EntryRefused:
        raise EntryDiffers(entry.entry) from None
    erased = {event.index for event in before if event.erased}
    if _contents(events, erased) != _contents(before, erased):
        raise EntryDiffers(entry.entry)
    return True


def _left_of(instrument: str, events: Sequence[Event]) -> InstrumentIssued | None:
    """What *events* still say of an instrument that was erased: the day that it gave them."""
    for event in events:
        if event.instrument == instrument and event.given_by in ("in-force", "signed"):
            day = {event.given_by.replace("-", "_"): event.effective}
            return InstrumentIssued(instrument=instrument, instrument_kind="erased", **day)
    return None


def _contents(events: Iterable[Event], erased: set[int]) -> list[object]:
    return [event.kind if event.index in erased else event.content() for event in events]


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
        *_ends_before_start(after, events),
        *_ambiguous(findings, ours),
        *_cycles(after, events),
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
            if holder and known_holder and not _same_holder(history, holder, known_holder):
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


def _same_holder(history: History, one: tuple[str, str], other: tuple[str, str]) -> bool:
    return [*map(history.first_of, one)] == [*map(history.first_of, other)]


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
                yield from _target(history, entry, number, change)
            case Redacted():
                for target in change.targets:
                    event = history.event(target)
                    if event is None:
                        yield _unknown_target(number, target)
                    elif isinstance(event.change, Redacted):
                        detail = f"{target!r} is a redaction: it says what is gone, and is never erased"
                        yield Reason("not-redactable", number, None, detail)
            case IdentitiesUnified():
                yield from _one_kind(history, entry, number, change)


def _target(
    history: History, entry: Entry, number: int, change: Corrected | Annulled | ReadingPreferred
) -> Iterator[Reason]:
    target = change.target
    event = history.event(target)
    if event is None and split_target(target)[0] == entry.entry:
        detail = f"{target!r} is of this very entry: how a change is to be read is said by a later one"
        yield Reason("unknown-target", number, None, detail)
    elif event is None:
        yield _unknown_target(number, target)
    elif event.erased and not isinstance(change, Annulled):
        detail = f"{target!r} is erased: say what is to be read in a change of its own"
        yield Reason("not-correctable", number, None, detail)
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


def _ends_before_start(after: World, events: Sequence[Event]) -> Iterator[Reason]:
    """A named tenure, or a thing begun by the same entry, that would end before it begins.

    The fold makes two lives of such a thing: one of unknown start that ends, then one that begins.
    """
    ours = {event.target for event in events}
    for key, lives in after.lives.items():
        for ended in lives:
            ends = ended.end.claims if ended.end else []
            if not ends:
                continue
            if ended.starts and min(act.hi for act in ends) < ended.start_lo:
                yield _too_soon(key, ends, ended, events)
            for begun in lives[ended.number + 1 :]:
                one_name = ended.named is not None and begun.named == ended.named
                one_entry = not ended.starts and all(
                    any(act.target in ours for act in side) for side in (ends, begun.starts)
                )
                if begun.starts and (one_name or one_entry):
                    yield _too_soon(key, ends, begun, events)


def _too_soon(key: Key, ends: Sequence[Act], begun: Life, events: Sequence[Event]) -> Reason:
    acts = [*ends, *begun.starts]
    end, start = iso(min(act.hi for act in ends)), iso(begun.start_lo)
    detail = f"{' '.join(key)} would end by {end}, before it begins, {start} at the earliest"
    return Reason("end-before-start", _number_of(acts, events), end, detail)


def _number_of(acts: Iterable[Act], events: Sequence[Event]) -> int | None:
    """The number of the change by which *events* make the first of *acts* that they make, state or correct.

    If they make none of them, they took something away: that of the first that does.
    """
    numbers = {event.target: event.index for event in events}
    names = (name for act in acts for name in (act.target, act.corrected_by) if name in numbers)
    controls = [event.index for event in events if isinstance(event.change, CONTROLS)]
    made = next(names, None)
    return numbers[made] if made else next(iter(controls), None)


def _ambiguous(findings: Iterable[Finding], ours: set[str]) -> Iterator[Reason]:
    for finding in findings:
        act = finding.acts[0]
        if finding.rule == "ambiguous-tenure" and act.target in ours:
            detail = f"{finding.key[1]!r} holds {finding.key[2]!r} twice on the eve: name one by `tenure`"
            yield Reason("ambiguous-release", act.event.index, iso(act.hi), detail)


def _cycles(after: World, events: Sequence[Event]) -> Iterator[Reason]:
    """Units that would stand under themselves at the end of some day, each ring once.

    Only units that hang on one another at any time at all can do so; there are hardly ever any.
    """
    suspects = _on_rings({key[1]: _parents_ever(after, key) for key in after.things("unit")})
    lives = [life for unit in suspects for life in after.lives.get(unit_key(unit), ())]
    given = (held.day for life in lives for held in life.values.get("parent", ()))
    found: set[str] = set()
    for day in sorted({day for life in lives for day in life.change_days()}.union(given)):
        for unit in sorted(suspects) if day > BEFORE_ALL else ():
            ring = None if unit in found else _ring(after, unit, day)
            if ring:
                found |= set(ring)
                acts = (act for one in ring for life in after.lives[unit_key(one)] for act in life.acts)
                detail = f"{ring[0]!r} would stand under itself: " + " under ".join([*ring, ring[0]])
                yield Reason("parent-cycle", _number_of(acts, events), iso(day), detail)


def _parents_ever(world: World, key: Key) -> set[str]:
    return {held.value for held in world.ever(key, "parent") if isinstance(held.value, str)}


def _on_rings(parents: Mapping[str, set[str]]) -> set[str]:
    """The units from which a way leads, by any parents they ever had, back to themselves."""
    sorter = TopologicalSorter(parents)
    left = dict(parents)
    try:
        sorter.prepare()
    except CycleError:
        pass
    else:
        return set()
    while True:  # take away what hangs on nothing left, or on which nothing left hangs
        hung_on = {parent for above in left.values() for parent in above}
        out = {unit for unit, above in left.items() if unit not in hung_on or not (above & left.keys())}
        if not out:
            return set(left)
        left = {unit: above - out for unit, above in left.items() if unit not in out}


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
