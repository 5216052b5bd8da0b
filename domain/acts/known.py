"""What is known at a position: which events are live, and how each is to be read (design 4.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from domain.acts.act import UNDATED, Act, better
from domain.acts.renaming import renamed
from domain.changes import (
    CONTROLS,
    Annulled,
    Change,
    Control,
    Corrected,
    Erased,
    IdentitiesUnified,
    InstrumentIssued,
    ReadingPreferred,
    Redacted,
)
from domain.entries import basis_of, default_day
from domain.events import Event
from domain.ids import natural
from domain.pausing import pause


def redactions(events: Iterable[Event]) -> frozenset[str]:
    """The changes that the redactions among *events* erase.

    Annulled ones too: what is gone cannot come back. A redaction itself is never erased, for it says what is gone.
    """
    erasing = {event.target: event.change for event in events if isinstance(event.change, Redacted)}
    return frozenset({target for change in erasing.values() for target in change.targets} - erasing.keys())


@dataclass
class Known:
    """The part of a log that is known, ready for reading: events, and what says how to read them.

    *rows* are (position, event) in the order of the log; what *redacted* names is erased, or to be read as if it were.
    """

    rows: Sequence[tuple[int, Event]]
    redacted: frozenset[str] = frozenset()
    issued: Mapping[str, InstrumentIssued] | None = None
    """The instruments, if *rows* do not hold what issued them."""
    made: dict[int, Act] = field(default_factory=dict)
    """Acts by position, made of such events by another reading, and used again where nothing changed."""
    controls: dict[str, list[tuple[int, Event]]] = field(default_factory=lambda: defaultdict(list))
    readings: dict[str, tuple[Change | None, str | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Files corrections and annulments under the targets they name."""
        of_entry: dict[str, list[str]] = defaultdict(list)
        for position, event in self.rows:
            change = event.change
            of_entry[event.entry].append(event.target)
            if not isinstance(change, CONTROLS):
                continue
            if isinstance(change, Corrected):
                self.controls[change.target].append((position, event))
            elif isinstance(change, Annulled):
                whole = "#" not in change.target
                for target in of_entry[change.target] if whole else [change.target]:
                    if target != event.target:
                        self.controls[target].append((position, event))

    def _last_control(self, event: Event) -> Event | None:
        """The correction or annulment that holds of *event*: of the live ones that of the highest position."""
        for _, control in reversed(self.controls.get(event.target, ())):
            if self._reading(control)[0] is not None:
                return control
        return None

    def _reading(self, event: Event) -> tuple[Change | None, str | None]:
        """The change that *event* now states, None if annulled; and the correction that says so.

        Of a correction this is its replacement, corrected or not; of an annulment itself.
        """
        if not self.controls and not self.redacted and not isinstance(event.change, Corrected | Erased):
            return event.change, None
        if event.target not in self.readings:
            self.readings[event.target] = self._read(event)
        return self.readings[event.target]

    def _read(self, event: Event) -> tuple[Change | None, str | None]:
        if event.erased or event.target in self.redacted:
            return None, None
        control = self._last_control(event)
        if control is None:
            change = event.change
            return (change.change, event.target) if isinstance(change, Corrected) else (change, None)
        if isinstance(control.change, Annulled):
            return None, control.target
        return self._reading(control)

    def live(self, kind: type[Control]) -> Iterator[tuple[int, Event]]:
        """The events of a control kind that are not annulled, in the order of the log."""
        return (row for row in self.rows if isinstance(row[1].change, kind) and self._reading(row[1])[0] is not None)

    @cached_property
    def facts(self) -> list[tuple[int, Event, Change, str | None]]:
        """(position, event, change as it now reads, correction) of every live fact, by position."""
        facts = [
            (position, event, *self._reading(event))
            for position, event in self.rows
            if not isinstance(event.change, CONTROLS)
        ]
        names = self.unified
        return [
            (position, event, renamed(change, names) if names else change, by)
            for position, event, change, by in facts
            if change is not None
        ]

    @cached_property
    def unified(self) -> dict[str, str]:
        """Every id that is another name of a thing → the id that lives on."""
        names: dict[str, str] = {}
        for _, event in self.live(IdentitiesUnified):
            assert isinstance(event.change, IdentitiesUnified)
            first, *others = (names.get(name, name) for name in event.change.ids)
            for other in others:
                if other != first:
                    names = {name: first if one == other else one for name, one in names.items()} | {other: first}
        return names

    @cached_property
    def preferred(self) -> dict[str, int]:
        """Target → the position of the last reading that prefers it."""
        return {
            event.change.target: position
            for position, event in self.live(ReadingPreferred)
            if isinstance(event.change, ReadingPreferred)
        }

    @cached_property
    def instruments(self) -> dict[str, InstrumentIssued]:
        """Each instrument as its best claim has it."""
        if self.issued is not None:
            return dict(self.issued)
        best: dict[str, Act] = {}
        for position, event, change, by in self.facts:
            if isinstance(change, InstrumentIssued):
                claim = self._act(position, event, change, by, {})
                rival = best.get(change.instrument)
                best[change.instrument] = better(claim, rival)[0] if rival else claim
        return {name: act.change for name, act in best.items() if isinstance(act.change, InstrumentIssued)}

    @cached_property
    def acts(self) -> list[Act]:
        """The live facts in the order of effect."""
        acts = []
        for position, event, change, by in self.facts:
            pause()
            act = self.made.get(position) if by is None and change is event.change else None
            issued = self.instruments.get(event.instrument) if event.instrument else None
            if (
                act is None
                or act.event is not event
                or act.issued is not issued
                or act.preferred
                or event.target in self.preferred
            ):
                act = self._act(position, event, change, by, self.instruments)
                if by is None and change is event.change and not act.preferred:
                    self.made[position] = act
            acts.append(act)
        return sorted(acts, key=lambda act: act.order)

    def _act(
        self, position: int, event: Event, change: Change, by: str | None, issued: Mapping[str, InstrumentIssued]
    ) -> Act:
        """*event* read as *change*; left out of a correction, day and sources are those first recorded."""
        instrument = issued.get(event.instrument) if event.instrument else None
        day, given_by = event.effective, event.given_by
        if by is not None and change.given("effective"):
            day, given_by = change.effective, "written"
        elif given_by in ("in-force", "signed") and instrument and default_day(instrument)[0]:
            day, given_by = default_day(instrument)
        basis = event.basis if by is None and given_by == event.given_by else basis_of(change, given_by)
        return Act(
            event=event,
            position=position,
            change=change,
            day=day,
            basis=basis,
            sources=(change.sources if by is not None else ()) or event.sources,
            provision=change.provision if by is not None and change.provision else event.provision,
            order=(
                day.latest if day else UNDATED,
                instrument.signed.latest if instrument and instrument.signed else UNDATED,
                natural(instrument.number) if instrument and instrument.number else (),
                natural(event.entry),
                event.index,
            ),
            issued=instrument,
            corrected_by=by,
            preferred=max(self.preferred.get(event.target, 0), self.preferred.get(by or "", 0)),
        )
