"""How many held a post, as somebody claims and as the record has it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from api.schemas.knowledge import Cause, Names
from api.schemas.periods import Bounded


class Counted(BaseModel):
    """A person counted, and the tenures that count."""

    name: Names | None
    tenures: list[str]


class People(BaseModel):
    """How many, and who."""

    count: int
    persons: dict[str, Counted]


class ClaimedCount(BaseModel):
    """A claimed number of holders: *fits* says which of the three ways of counting agree, none is a mismatch."""

    what: str
    post: str | None
    unit: str | None
    during: str
    claimed: int
    claimant: str | None
    held: People
    began: People
    ended: People
    fits: list[Literal["held", "began", "ended"]]
    mismatch: bool
    cause: Cause


class CountsAnswer(Bounded):
    """Claimed numbers by event."""

    counts: dict[str, ClaimedCount]
