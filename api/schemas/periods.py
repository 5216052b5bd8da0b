"""Periods by name, and the answers that one of them may bound."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.schemas.knowledge import Cause, Citable, Names


class PeriodRival(BaseModel):
    """Other bounds that are claimed, and the rule by which they are not believed."""

    bounds: str
    rule: str
    cause: Cause


class Period(BaseModel):
    """A period by name; null: it has no such end."""

    name: Names
    bounds: str
    from_: str | None = Field(alias="from")
    until: str | None
    cause: Cause
    rivals: list[PeriodRival]


class NamedPeriod(Period):
    """The period by which a question was bounded."""

    id: str


class PeriodsAnswer(Citable):
    """The periods that are defined, by id."""

    periods: dict[str, Period]


class Bounded(Citable):
    """An answer that may be bounded by a period."""

    during: NamedPeriod | None = None
