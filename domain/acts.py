"""Recorded events as they are to be read at a known position: corrected, annulled, in the order of effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from domain.dates import BEFORE_ALL, Day, PartialDate
from domain.entries import basis_of, default_day
from domain.events import (
    Annulled,
    Basis,
    Change,
    Corrected,
    Event,
    InstrumentIssued,
    SourceRef,
)
from domain.ids import NaturalKey, natural

UNDATED: Day = BEFORE_ALL - 1
"""The latest day of an act of unknown day, so that it sorts first."""

Order: TypeAlias = tuple[Day, Day, NaturalKey, NaturalKey, int]
"""Order of effect: latest day, day of signature, number of the instrument, entry, number of the change."""

_CERTAINTY = {"high": 0, "medium": 1, "low": 2}
_BASIS: dict[Basis, int] = {"stated": 0, "instrument-default": 1, "inferred": 2}

RANKING = (
    "stated over inferred",
    "instrument over report",
    "source certainty",
    "number of sources",
    "narrower date",
    "entry id",
    "number of the change",
)
"""The rules by which the best of rival claims is chosen, in the order in which they are asked."""


@dataclass(frozen=True)
class Act:
    """One live fact: a change as it reads at a known position, with the days it may take effect.

    *day* is None for an unknown day; *corrected_by* is the target of the correction read in its place.
    """

    event: Event
    position: int
    change: Change
    day: PartialDate | None
    basis: Basis
    sources: tuple[SourceRef, ...]
    provision: str | None
    order: Order
    corrected_by: str | None = None

    @property
    def lo(self) -> Day:
        """The first day on which the act may take effect."""
        return self.day.earliest if self.day else BEFORE_ALL

    @property
    def hi(self) -> Day:
        """The last day on which the act may take effect."""
        return self.day.latest if self.day else UNDATED

    @property
    def target(self) -> str:
        """`ENTRY#n`."""
        return self.event.target

    @property
    def instrument(self) -> str | None:
        """The id of the instrument the act rests on."""
        return self.event.instrument

    @cached_property
    def proves(self) -> bool:
        """Whether the act's days can make an answer certain (stated, without ~ ? %, source not low)."""
        if self.basis != "stated" or self.day is None or self.day.approximate or "?" in self.day.text:
            return False
        return not self.sources or any(source.certainty != "low" for source in self.sources)

    @cached_property
    def rank(self) -> tuple[object, ...]:
        """Sorts the best claim first; one place for each rule of RANKING."""
        certainty = min((_CERTAINTY[source.certainty] for source in self.sources), default=_CERTAINTY["medium"])
        return (
            _BASIS[self.basis],
            self.instrument is None,
            certainty,
            -len(self.sources),
            self.hi - self.lo,
            natural(self.event.entry),
            self.event.index,
        )


def better(one: Act, other: Act) -> tuple[Act, Act, str]:
    """Of two rival claims the best, the other, and the rule of RANKING that chose."""
    first, second = (one, other) if one.rank <= other.rank else (other, one)
    rule = next((name for name, a, b in zip(RANKING, first.rank, second.rank, strict=True) if a != b), RANKING[-1])
    return first, second, rule


@dataclass
class Known:
    """The part of a log that is known, ready for reading: events, and what corrects and annuls them.

    *rows* are (position, event) in the order of the log.
    """

    rows: Sequence[tuple[int, Event]]
    controls: dict[str, list[tuple[int, Event]]] = field(default_factory=lambda: defaultdict(list))
    readings: dict[str, tuple[Change | None, str | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Files corrections and annulments under the targets they name."""
        of_entry: dict[str, list[str]] = defaultdict(list)
        for position, event in self.rows:
            of_entry[event.entry].append(event.target)
            change = event.change
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
        if event.target not in self.readings:
            self.readings[event.target] = self._read(event)
        return self.readings[event.target]

    def _read(self, event: Event) -> tuple[Change | None, str | None]:
        control = self._last_control(event)
        if control is None:
            change = event.change
            return (change.change, event.target) if isinstance(change, Corrected) else (change, None)
        if isinstance(control.change, Annulled):
            return None, control.target
        return self._reading(control)

    def acts(self) -> tuple[list[Act], dict[str, InstrumentIssued]]:
        """The live facts in the order of effect, and each instrument as its best claim has it."""
        facts = [
            (position, event, *self._reading(event))
            for position, event in self.rows
            if not isinstance(event.change, Corrected | Annulled)
        ]
        live = [(position, event, change, by) for position, event, change, by in facts if change is not None]
        issued = _best_instruments(live)
        acts = (_act(position, event, change, by, issued) for position, event, change, by in live)
        return sorted(acts, key=lambda act: act.order), issued

    def annulled(self) -> set[str]:
        """The targets of facts that are annulled."""
        return {
            event.target
            for _, event in self.rows
            if not isinstance(event.change, Corrected | Annulled) and self._reading(event)[0] is None
        }


def _best_instruments(live: Iterable[tuple[int, Event, Change, str | None]]) -> dict[str, InstrumentIssued]:
    """Each instrument as its best claim has it."""
    best: dict[str, Act] = {}
    for position, event, change, by in live:
        if isinstance(change, InstrumentIssued):
            claim = _act(position, event, change, by, {})
            rival = best.get(change.instrument)
            best[change.instrument] = better(claim, rival)[0] if rival else claim
    return {name: act.change for name, act in best.items() if isinstance(act.change, InstrumentIssued)}


def _act(position: int, event: Event, change: Change, by: str | None, issued: dict[str, InstrumentIssued]) -> Act:
    """*event* read as *change*; left out of a correction, day and sources are those first recorded."""
    instrument = issued.get(event.instrument) if event.instrument else None
    day, given_by = event.effective, event.given_by
    if by is not None and change.given("effective"):
        day, given_by = change.effective, "change"
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
        corrected_by=by,
    )
