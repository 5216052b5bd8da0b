"""Recorded events as they are to be read at a known position: corrected, annulled, in the order of effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias, TypeVar

from domain.changes import (
    CONTROLS,
    Annulled,
    Basis,
    Change,
    Control,
    Corrected,
    Erased,
    Frozen,
    IdentitiesUnified,
    InstrumentIssued,
    QuantityObserved,
    ReadingPreferred,
    Redacted,
    Scope,
    SourceRef,
)
from domain.dates import BEFORE_ALL, Day, PartialDate
from domain.entries import basis_of, default_day
from domain.events import Event
from domain.ids import NaturalKey, natural

Model = TypeVar("Model", bound=Frozen)

UNDATED: Day = BEFORE_ALL - 1
"""The latest day of an act of unknown day, so that it sorts first."""

Order: TypeAlias = tuple[Day, Day, NaturalKey, NaturalKey, int]
"""Order of effect: latest day, day of signature, number of the instrument, entry, number of the change."""

_CERTAINTY = {"high": 0, "medium": 1, "low": 2}
_BASIS: dict[Basis, int] = {"stated": 0, "instrument-default": 1, "inferred": 2}

SHORTEST_MONTH, MONTH = 28, 365.25 / 12  # days

RANKING = (
    "preferred reading",
    "stated over inferred",
    "instrument over report",
    "source certainty",
    "number of sources",
    "narrower date",
    "entry id",
    "number of the change",
)
"""The rules by which the best of rival claims is chosen, in the order in which they are asked."""


@dataclass(frozen=True, eq=False)
class Act:
    """One live fact: a change as it reads at a known position, with the days it may take effect.

    *day* is None for an unknown day; *issued* is the instrument it rests on, as it reads then; *corrected_by* is
    the target of the correction read in its place.
    """

    event: Event
    position: int
    change: Change
    day: PartialDate | None
    basis: Basis
    sources: tuple[SourceRef, ...]
    provision: str | None
    order: Order
    issued: InstrumentIssued | None
    corrected_by: str | None = None
    preferred: int = 0
    """The position of the reading that prefers this claim; 0 if none does."""

    @cached_property
    def lo(self) -> Day:
        """The first day on which the act may take effect."""
        return self.day.earliest if self.day else BEFORE_ALL

    @cached_property
    def hi(self) -> Day:
        """The last day on which the act may take effect."""
        return self.day.latest if self.day else UNDATED

    @cached_property
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
        return self.proves_undated and self.day is not None and not self.day.approximate

    @property
    def proves_undated(self) -> bool:
        """Whether the act is stated by a source that is not of low certainty, whatever its day."""
        if self.basis != "stated":
            return False
        return not self.sources or any(source.certainty != "low" for source in self.sources)

    @cached_property
    def rank(self) -> tuple[object, ...]:
        """Sorts the best claim first; one place for each rule of RANKING."""
        certainty = min((_CERTAINTY[source.certainty] for source in self.sources), default=_CERTAINTY["medium"])
        return (
            -self.preferred,
            _BASIS[self.basis],
            self.instrument is None,
            certainty,
            -len(self.sources),
            _breadth(self.hi - self.lo + 1),
            natural(self.event.entry),
            self.event.index,
        )


def _breadth(days: int) -> tuple[int, int]:
    """How wide a date of so many days is: from four weeks on by the month, for no month or year beats a longer one."""
    return (0, days) if days < SHORTEST_MONTH else (1, round(days / MONTH))


def better(one: Act, other: Act) -> tuple[Act, Act, str]:
    """Of two rival claims the best, the other, and the rule of RANKING that chose."""
    first, second = (one, other) if one.rank <= other.rank else (other, one)
    rule = next((name for name, a, b in zip(RANKING, first.rank, second.rank, strict=True) if a != b), RANKING[-1])
    return first, second, rule


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


_THINGS = ("unit", "post", "person", "parent", "subject", "object", "holder", "about", "from_post", "to_post")
_LISTS = ("successors", "before", "members")


def renamed(change: Model, names: Mapping[str, str]) -> Model:
    """*change* with each id that is another name of a thing replaced by the one that lives on."""
    new: dict[str, object] = {}
    for name in type(change).model_fields:
        old = getattr(change, name)
        if old is None or (name == "unit" and isinstance(change, QuantityObserved)):
            continue
        if name in _THINGS:
            new[name] = names.get(old, old)
        elif name in _LISTS:
            new[name] = tuple(dict.fromkeys(names.get(thing, thing) for thing in old))
        elif name == "links":
            new[name] = tuple((names.get(link[0], link[0]), names.get(link[1], link[1]), *link[2:]) for link in old)
        elif name == "after":
            new[name] = tuple(renamed(unit, names) for unit in old)
        elif name == "scope" and isinstance(old, Scope):
            new[name] = renamed(old, names)
    new = {name: value for name, value in new.items() if value != getattr(change, name)}
    return change.model_copy(update=new) if new else change
