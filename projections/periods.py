"""Periods of the register by name, as the bounds of questions: their first and last day, and what says so."""

from __future__ import annotations

from dataclasses import dataclass

from domain.acts import Act, better
from domain.changes import PeriodDefined
from domain.dates import AFTER_ALL, BEFORE_ALL, Day, iso
from domain.errors import UnknownThing
from domain.world import World
from projections.structure import Answer, cause_of


@dataclass(frozen=True)
class Period:
    """The days from *first* to *last*, both included; BEFORE_ALL and AFTER_ALL: it has no such end. *told* says why."""

    first: Day
    last: Day
    told: Answer

    @property
    def days(self) -> tuple[Day, Day]:
        """Between which days a difference tells all that changed in the period: the eve of its first, and its last."""
        return max(self.first - 1, BEFORE_ALL + 1), min(self.last, AFTER_ALL - 1)

    @property
    def named(self) -> tuple[Day, Day]:
        """The first and the last of its days, of those that can be named."""
        return max(self.first, BEFORE_ALL + 1), min(self.last, AFTER_ALL - 1)

    @property
    def span(self) -> tuple[Day | None, Day | None]:
        """The first day, and the first day no more; None: no such end."""
        since = self.first if self.first > BEFORE_ALL else None
        return since, self.last + 1 if self.last + 1 < AFTER_ALL else None


def periods(world: World) -> Answer:
    """The periods that are defined, by id: {name, bounds, from, until, cause, rivals}."""
    return {name: _told(world, claims) for name, claims in sorted(_claims(world).items())}


def period_of(world: World, institution: str, period: str) -> Period:
    """The period of that id, as its best claim has it. Raises: UnknownThing."""
    claims = _claims(world).get(period)
    if claims is None:
        raise UnknownThing(institution, "period", period)
    bounds = _defined(claims[0]).bounds
    return Period(bounds.earliest, bounds.latest, {"id": period, **_told(world, claims)})


def _claims(world: World) -> dict[str, list[Act]]:
    """Period → the acts that define it, the best first."""
    found: dict[str, list[Act]] = {}
    for act in sorted(world.acts, key=lambda act: act.rank):
        if isinstance(act.change, PeriodDefined):
            found.setdefault(act.change.period, []).append(act)
    return found


def _defined(act: Act) -> PeriodDefined:
    assert isinstance(act.change, PeriodDefined)
    return act.change


def _told(world: World, claims: list[Act]) -> Answer:
    best, *others = claims
    bounds = _defined(best).bounds
    return {
        "name": _defined(best).name,
        "bounds": bounds.text,
        "from": iso(bounds.earliest),
        "until": iso(bounds.latest + 1),
        "cause": cause_of(best, world.instruments),
        "rivals": [
            {
                "bounds": _defined(act).bounds.text,
                "rule": better(best, act)[2],
                "cause": cause_of(act, world.instruments),
            }
            for act in others
            if _defined(act).bounds != bounds
        ],
    }
