"""What stood on a day."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from api.schemas.knowledge import Cause, Citable, Fact, Names
from domain.lives import Grade


class Unit(Fact):
    """A unit on a day."""

    name: Names | None
    kind: str | None
    parent: str | None
    order: int | None


class Holder(Fact):
    """A tenure on a day."""

    person: str
    capacity: str | None


class Post(Fact):
    """A post on a day, with its holders by tenure."""

    title: Names | None
    unit: str | None
    seats: int | None
    portfolio: Names | None
    vacancy: Literal["filled", "part-filled", "vacant", "unknown"]
    holders: dict[str, Holder]


class Relation(Fact):
    """A relation on a day."""

    subject: str
    object: str
    relation: str


class Function(Fact):
    """A function on a day; *holder* is a unit or a post."""

    holder: str
    function: str
    text: Names | None


class Quantity(BaseModel):
    """A number claimed of something."""

    subject: str
    quantity: str
    value: float
    unit: str | None
    approximate: bool
    claimant: str | None
    effective: str | None
    grade: Grade
    cause: Cause


class StructureAnswer(Citable):
    """What stood on *as_of*; *unattested* things are left out, for no source shows them that early."""

    as_of: str
    units: dict[str, Unit]
    posts: dict[str, Post]
    relations: dict[str, Relation]
    functions: dict[str, Function]
    quantities: dict[str, Quantity]
    unattested: int
