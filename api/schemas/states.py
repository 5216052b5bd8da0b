"""What a thing was from one day until another, and what is said of it besides."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from api.schemas.doubts import Rival
from api.schemas.knowledge import Cause, Names
from domain.lives import Grade


class State(BaseModel):
    """What a thing was from one day until another; *life* counts its lives from 0."""

    from_: str | None = Field(alias="from")
    until: str | None
    life: int = 0
    grade: Grade
    contested: bool = False
    value: dict[str, Any]
    cause: Cause
    rivals: list[Rival]


class RelationHistory(BaseModel):
    """A relation in time."""

    subject: str
    relation: str
    object: str
    states: list[State]


class FunctionHistory(BaseModel):
    """A function at one holder in time."""

    function: str
    states: list[State]


class Mandate(BaseModel):
    """A provision by which a unit has its mandate."""

    gist: Names
    effective: str | None
    cause: Cause


class ClaimMade(BaseModel):
    """What somebody says of a thing; *said* has the fields of the kind of change."""

    event: str
    kind: str
    effective: str | None
    said: dict[str, Any]
    cause: Cause
