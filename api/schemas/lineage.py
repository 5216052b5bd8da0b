"""What a unit came from, and what it went on in."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from api.schemas.knowledge import Cause, Names
from domain.lives import Grade


class FunctionPassed(BaseModel):
    """A function that passed: its code and text, and the `ENTRY#n` of it at the one holder and at the other."""

    function: str
    text: Names | None
    from_: str = Field(alias="from")
    to: str


class Passed(BaseModel):
    """What left one unit and came to another by the same entry or instrument."""

    functions: list[FunctionPassed]
    posts: list[str]
    units: list[str]


class LineageRow(BaseModel):
    """An act by which a unit went on in another: *whole*, if it ended by it and went on in this one alone."""

    unit: str
    scope: str | None
    form: str | None
    share: Literal["whole", "part"]
    passed: Passed
    effective: str | None
    cause: Cause


class LineageLife(BaseModel):
    """One life of a unit, under the name it had last; *life* counts from 0, as in its states."""

    unit: str
    life: int
    name: Names | None
    kind: str | None
    since: str | None
    until: str | None
    grade: Grade | None
    implied: bool
    cause: Cause
    ended_by: Cause | None


class LineageLink(BaseModel):
    """A life that went on in another; *form* is that of a reorganization, `succession` or `reinstated`."""

    from_: str = Field(alias="from")
    to: str
    form: str
    scope: str | None
    share: Literal["whole", "part"]
    passed: Passed
    effective: str | None
    grade: Grade
    cause: Cause


class LineageStep(BaseModel):
    """What happened to a unit, with the lives it led *from* and *to*; *before* and *after* hold what became another."""

    kind: str
    form: str | None
    life: int
    effective: str | None
    from_: list[str] = Field(alias="from")
    to: list[str]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    implied: bool
    cause: Cause


class Lineage(BaseModel):
    """What a unit came from, and what it went on in; all that leads to it and on, by `unit#life`; its own story."""

    before: list[LineageRow]
    after: list[LineageRow]
    lives: dict[str, LineageLife]
    links: list[LineageLink]
    steps: list[LineageStep]
