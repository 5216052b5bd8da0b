"""An act: one live fact as it reads at a known position, its place in the order of effect, its rank among rivals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from domain.changes import Basis, Change, InstrumentIssued, SourceRef
from domain.dates import BEFORE_ALL, Day, PartialDate
from domain.events import Event
from domain.ids import NaturalKey, natural

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
