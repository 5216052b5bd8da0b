"""Changes of units: one unit at a time, or several at once by one act."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    Field,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from domain.changes.change import Change, Form, Frozen, Names, Text
from domain.ids import ID_PATTERN, Code, Id


class UnitEstablished(Change):
    """A unit begins; *parent* is None for one under no other. Of an ended id, it begins a new life."""

    kind: Literal["unit-established"] = "unit-established"
    unit: Id
    name: Names
    unit_kind: Code | None = None
    parent: Id | None = None
    order: int | None = Field(default=None, ge=0, le=1_000_000)


class UnitRenamed(Change):
    """A unit bears another name from its day on."""

    kind: Literal["unit-renamed"] = "unit-renamed"
    unit: Id
    name: Names


class UnitMoved(Change):
    """A unit stands under *parent*, with all that hangs on it; None: under no other."""

    kind: Literal["unit-moved"] = "unit-moved"
    unit: Id
    parent: Id | None


class UnitAbolished(Change):
    """A unit ends, and with it what still hangs on it at that day's end; *successors* carry it on."""

    kind: Literal["unit-abolished"] = "unit-abolished"
    unit: Id
    successors: tuple[Id, ...] = ()


class UnitReinstated(Change):
    """An ended unit stands again; what is not said it keeps from its last life."""

    PARTIAL = True
    kind: Literal["unit-reinstated"] = "unit-reinstated"
    unit: Id
    name: Names | None = None
    unit_kind: Code | None = None
    parent: Id | None = None


class UnitAfter(Frozen):
    """A unit after a reorganization; one that was there before lives on, with what is said anew."""

    unit: Id
    name: Names | None = None
    unit_kind: Code | None = None
    parent: Id | None = None

    def given(self, field: str) -> bool:
        """Whether the editor wrote *field* at all."""
        return field in self.model_fields_set

    @model_serializer(mode="wrap")
    def _said(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        return {k: v for k, v in handler(self).items() if k in self.model_fields_set}


def _link(link: tuple[str, ...]) -> tuple[str, ...]:
    if len(link) not in (2, 3) or not all(re.fullmatch(ID_PATTERN, unit) for unit in link[:2]):
        raise ValueError("a link is [from, to] or [from, to, scope], from and to being ids of units")
    return link


Link: TypeAlias = Annotated[tuple[Text, ...], AfterValidator(_link)]
"""[from, to] or [from, to, scope]: what of the one went on in the other."""


class UnitsReorganized(Change):
    """One act by which n units become m; a unit in both lists lives on."""

    kind: Literal["units-reorganized"] = "units-reorganized"
    form: Form
    before: Annotated[tuple[Id, ...], Field(min_length=1)]
    after: Annotated[tuple[UnitAfter, ...], Field(min_length=1)]
    links: tuple[Link, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> UnitsReorganized:
        after = [a.unit for a in self.after]
        if len(set(after)) < len(after) or len(set(self.before)) < len(self.before):
            raise ValueError("a unit stands twice in one list")
        for link in self.links:
            if link[0] not in self.before or link[1] not in after:
                raise ValueError(f"the link {list(link[:2])} is not from a unit of before to one of after")
        unnamed = [a.unit for a in self.after if a.name is None and a.unit not in self.before]
        if unnamed:
            raise ValueError(f"new unit {unnamed[0]!r} has no name")
        return self


class UnnamedUnitsAbolished(Change):
    """*count* units ended of which the source gives no name."""

    kind: Literal["unnamed-units-abolished"] = "unnamed-units-abolished"
    count: int = Field(ge=1, le=100_000)
    unit_kind: Code | None = None
    parent: Id | None = None
