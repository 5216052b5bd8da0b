"""What changed from one day to another, and what was learned of a day."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from api.schemas.knowledge import Cause, Citable, KnownAt
from api.schemas.periods import Bounded
from domain.lives import Grade


class ChangeRow(BaseModel):
    """One change, netted, with the last act behind it."""

    kind: str
    subject: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    effective: str | None
    grade: Grade | None
    implied: bool
    cause: Cause


class LearnedRow(ChangeRow):
    """The same of what was learned; *reason*: why, if its cause corrects, annuls, prefers, unifies or withholds."""

    reason: str | None


class DiffAnswer(Bounded):
    """What changed after *from* up to *to*; *links* are pairs [unit then, unit now]."""

    from_: str = Field(alias="from")
    to: str
    changes: list[ChangeRow]
    links: list[tuple[str, str]]
    ended: list[str]
    new: list[str]
    counts: dict[str, int]
    reversed: bool = False


class LearnedAnswer(Citable):
    """What was learned of *as_of* between two known positions, each row with the entry that brought it."""

    as_of: str
    known_from: KnownAt
    known_to: KnownAt
    changes: list[LearnedRow]
    links: list[tuple[str, str]]
    ended: list[str]
    new: list[str]
    counts: dict[str, int]


class LeftOut(BaseModel):
    """How many days are left out, and the first and the last of them.

    What was learned of one of them is a difference of what is known: `/diff` with `as_of`, `known_from`, `known_to`.
    """

    days: int
    from_: str = Field(alias="from")
    to: str


class Taught(BaseModel):
    """What would be learned, or was, on each day that entries or what they correct take effect.

    *left_out*: the days of which nothing is told, where there are more than 200; else null.
    """

    changes: list[LearnedRow]
    counts: dict[str, int]
    left_out: LeftOut | None
