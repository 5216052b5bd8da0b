"""Targets that are not recorded, or that cannot be read in another way: reasons to refuse an entry."""

from __future__ import annotations

from collections.abc import Iterator

from domain.changes import CONTROLS, Annulled, Corrected, IdentitiesUnified, ReadingPreferred, Redacted
from domain.dates import PartialDate
from domain.decide.history import History
from domain.decide.naming import of_another_kind
from domain.entries import Entry
from domain.errors import Reason
from domain.events import Event
from domain.ids import split_target
from domain.things import introduced, stated


def wrong_targets(history: History, entry: Entry) -> Iterator[Reason]:
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
            yield of_another_kind(number, thing, kind, (kinds[0][1],))


def _first_day(history: History, event: Event) -> PartialDate | None:
    """The day first recorded for the fact that *event* is, or that it corrects, be it by way of other corrections.

    A day that a correction gave is not inherited by what corrects that one, for the fold takes what was first recorded.
    """
    change = event.change
    if not isinstance(change, Corrected):
        return event.effective
    target = history.event(change.target)
    return _first_day(history, target) if target else None
