"""Claims: what somebody counts, judges or states; they change nothing."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.changes.change import Change, Names, Text, Topic
from domain.dates import PartialDate
from domain.ids import Code, Id


class QuantityObserved(Change):
    """*claimant* gives a number for *subject*, a unit, post or person, on the days of its own date."""

    DATED = False
    kind: Literal["quantity-observed"] = "quantity-observed"
    subject: Id
    quantity: Code
    value: Annotated[int, Field(ge=-(10**15), le=10**15)] | Annotated[float, Field(ge=-1e15, le=1e15)]
    unit: Text | None = None
    approximate: bool = False
    claimant: Text | None = None


class CountClaimed(Change):
    """*claimant* says that *value* persons held *post*, or posts of *unit*, in the time of *during*."""

    DATED = False
    kind: Literal["count-claimed"] = "count-claimed"
    what: Text
    post: Id | None = None
    unit: Id | None = None
    during: PartialDate
    value: int = Field(ge=0, le=1_000_000)
    claimant: Text | None = None

    @model_validator(mode="after")
    def _counts_one(self) -> CountClaimed:
        if (self.post is None) == (self.unit is None):
            raise ValueError("a count is of a post or of a unit")
        return self


class AssessmentMade(Change):
    """*claimant* judges or proposes something *about* a unit, post, person or instrument."""

    DATED = False
    kind: Literal["assessment-made"] = "assessment-made"
    claimant: Text | None = None
    about: Id
    topic: Topic
    during: PartialDate | None = None
    gist: Names


class StatementMade(Change):
    """*claimant* states something *about* a unit, post, person or instrument."""

    DATED = False
    kind: Literal["statement-made"] = "statement-made"
    claimant: Text | None = None
    about: Id
    topic: Topic
    during: PartialDate | None = None
    gist: Names
