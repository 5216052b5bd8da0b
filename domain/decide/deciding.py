"""The decision: the events that an entry makes, the findings it is part of, or the reasons why it is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.changes import InstrumentIssued
from domain.decide.history import History
from domain.decide.naming import unknown_names
from domain.decide.standing import ambiguous_releases, ends_before_start, parent_cycles
from domain.decide.targets import wrong_targets
from domain.entries import Entry
from domain.errors import EntryDiffers, EntryRefused
from domain.events import Event
from domain.findings import findings_of
from domain.world import Finding


@dataclass(frozen=True)
class Decision:
    """The events that recording an entry makes, and the findings it is part of."""

    events: tuple[Event, ...]
    findings: tuple[Finding, ...]


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
    reasons = [*unknown_names(history, entry), *wrong_targets(history, entry)]
    if reasons:
        raise EntryRefused(entry.entry, reasons)
    events = entry.events(history.institution, by, history.issued)
    after = history.after(events)
    ours = {event.target for event in events}
    findings = findings_of(after, entry.entry)
    reasons = [
        *ends_before_start(after, events),
        *ambiguous_releases(findings, ours),
        *parent_cycles(after, events),
    ]
    if reasons:
        raise EntryRefused(entry.entry, reasons)
    return Decision(tuple(events), findings)
