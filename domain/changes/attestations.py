"""Attestations: a source shows a thing on a day; they start and end nothing."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import (
    ConfigDict,
    Field,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from domain.changes.change import Capacity, Change, Frozen, Names
from domain.dates import PartialDate
from domain.ids import Code, Id, TenureId


class UnitAttested(Change):
    """A source shows a unit, with what it says of it."""

    DATED = False
    PARTIAL = True
    kind: Literal["unit-attested"] = "unit-attested"
    unit: Id
    name: Names | None = None
    unit_kind: Code | None = None
    parent: Id | None = None
    order: int | None = Field(default=None, ge=0, le=1_000_000)


class PostAttested(Change):
    """A source shows a post, with what it says of it."""

    DATED = False
    PARTIAL = True
    kind: Literal["post-attested"] = "post-attested"
    post: Id
    unit: Id | None = None
    title: Names | None = None
    seats: int | None = Field(default=None, ge=1, le=100_000)
    portfolio: Names | None = None


class TenureAttested(Change):
    """A source shows *person* in *post*."""

    DATED = False
    PARTIAL = True
    kind: Literal["tenure-attested"] = "tenure-attested"
    tenure: TenureId | None = None
    person: Id
    post: Id
    capacity: Capacity | None = None


class RelationAttested(Change):
    """A source shows *subject* in *relation* to *object*."""

    DATED = False
    kind: Literal["relation-attested"] = "relation-attested"
    subject: Id
    object: Id
    relation: Code


class Scope(Frozen):
    """What a list is a list of: units under a parent, holders of a post, or subjects of a relation."""

    parent: Id | None = None
    post: Id | None = None
    relation: Code | None = None
    object: Id | None = None
    unit_kind: Code | None = None

    @model_validator(mode="after")
    def _one_of_three(self) -> Scope:
        if (self.relation is None) != (self.object is None):
            raise ValueError("a scope by relation names relation and object")
        if sum(x is not None for x in (self.parent, self.post, self.relation)) != 1:
            raise ValueError("a scope is a parent, or a post, or a relation with its object")
        if self.post is not None and self.unit_kind is not None:
            raise ValueError("unit_kind has no meaning in a scope of persons")
        return self

    @model_serializer(mode="wrap")
    def _said(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        return {k: v for k, v in handler(self).items() if v is not None}


class ListAttested(Change):
    """A source's list, in printed order: units, persons or subjects by *scope*; *closed* is complete."""

    DATED = False
    kind: Literal["list-attested"] = "list-attested"
    scope: Scope
    members: tuple[Id, ...]
    closed: bool

    @model_validator(mode="after")
    def _once_each(self) -> ListAttested:
        if len(set(self.members)) < len(self.members):
            raise ValueError("a member stands twice in the list")
        return self


class CoverageDeclared(Change):
    """The record of what *scope* holds is complete from one day to another, both included."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    DATED = False
    kind: Literal["coverage-declared"] = "coverage-declared"
    scope: Scope
    since: PartialDate = Field(alias="from")
    until: PartialDate

    @model_validator(mode="after")
    def _in_order(self) -> CoverageDeclared:
        if self.until.latest < self.since.earliest:
            raise ValueError("coverage ends before it begins")
        return self
