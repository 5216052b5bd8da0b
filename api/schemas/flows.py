"""Who moved from one body to another."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.schemas.knowledge import Names
from api.schemas.periods import Bounded
from api.schemas.tenures import Move


class Flow(Move):
    """A move of a career between bodies, pairs [left, taken]; null: no unit of the post is known."""

    person: str
    name: Names | None
    bodies: list[tuple[str | None, str | None]]


class FlowSum(BaseModel):
    """How many moves there were from one body to another, and of how many persons."""

    from_: str | None = Field(alias="from")
    to: str | None
    moves: int
    persons: int


class FlowsAnswer(Bounded):
    """Who moved from one body to another in [*since*, *until*); null: any body, at any time."""

    from_: str | None = Field(alias="from")
    to: str | None
    since: str | None
    until: str | None
    flows: list[Flow]
    sums: list[FlowSum]
