"""What is recorded of an institution, as far as a decision asks; here answered by the fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, Self

from domain.acts import Known, redactions
from domain.changes import InstrumentIssued
from domain.claims import tenure_names
from domain.events import Event
from domain.fold import fold
from domain.ids import split_target
from domain.things import introduced, stated
from domain.world import World


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

    @property
    def position(self) -> int:
        """The position at which the log ends, what might be recorded counted in; 0 for nothing."""

    def also(self, events: Sequence[Event]) -> Self:
        """The history in which *events*, a whole entry, are recorded too."""

    def stages(self, drafts: Sequence[Sequence[Event]]) -> list[tuple[Known, World]]:
        """What is known and stands without *drafts*, whole entries, and with each more of them.

        All that any of them has to do with, at least.
        """


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

    @property
    def position(self) -> int:
        """The position of the last row; 0 if there is none."""
        return self.rows[-1][0] if self.rows else 0

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
