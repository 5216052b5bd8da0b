"""Ids that nobody introduced, or that name something else: reasons to refuse an entry."""

from __future__ import annotations

from collections.abc import Iterator

from domain import changes as e
from domain.changes import Change
from domain.decide.history import History
from domain.entries import Entry, InstrumentGiven
from domain.errors import Reason
from domain.things import introduced, mentioned, stated

NAMES_TENURE = (e.Appointed, e.TenureAttested, e.Transferred, e.Released, e.CapacityChanged)


def unknown_names(history: History, entry: Entry) -> Iterator[Reason]:
    """Ids that nobody introduced, or that name something else."""
    here: dict[str, str] = {}
    issued = {entry.instrument.id or entry.entry} if isinstance(entry.instrument, InstrumentGiven) else set()
    tenures: dict[str, tuple[str, str]] = {}
    for number, change in entry.numbered():
        fact = stated(change)
        for thing, kind in introduced(fact).items():
            known = here.get(thing) or history.kind_of(thing)
            if known is not None and known != kind:
                yield of_another_kind(number, thing, known, (kind,))
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
                yield of_another_kind(number, thing, known, kinds)
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


def of_another_kind(number: int, thing: str, known: str, kinds: tuple[str, ...]) -> Reason:
    """The reason that *thing* is known as something else than one of *kinds*."""
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
