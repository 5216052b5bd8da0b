"""The event that a recorded change becomes: the change, and in its envelope where it comes from and when it holds.

Its JSON form is what the log stores: `Event.stored()` and `Event.from_stored()`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson
from pydantic import Field, TypeAdapter

from domain.changes import (
    ENVELOPE,
    KINDS,
    AnyChange,
    Basis,
    Change,
    Corrected,
    Erased,
    Frozen,
    GivenBy,
    SourceRef,
    Text,
)
from domain.dates import PartialDate
from domain.ids import Id, event_id, target_of

STORED = {"stored": True}
"""The pydantic context in which dates are written and read with their bounds."""

_CHANGES: TypeAdapter[Change] = TypeAdapter(AnyChange)

UPCASTS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {
    ("person-registered", 1): lambda old: {**old, "names": [], "born": None},
}
"""(kind, version) → the stored change as the next version has it. Rows are never rewritten."""


def upcast(change: Mapping[str, Any], version: int) -> dict[str, Any]:
    """A stored change of *version* as the newest version of its kind has it.

    Raises: KeyError, for a kind or version that this program does not know.
    """
    now = dict(change)
    newest = KINDS[now["kind"]].VERSION
    if version > newest:
        raise KeyError(f"{now['kind']} version {version}")
    for step in range(version, newest):
        now = UPCASTS[now["kind"], step](now)
    if now["kind"] == "corrected":
        replacement = dict(now["change"])
        now["change"] = upcast(replacement, replacement.pop("schema"))
    return now


class Event(Frozen):
    """A recorded change with its envelope, but for what the log adds: position, instant and hash."""

    event_id: UUID
    version: int = Field(alias="schema")
    institution: Id
    entry: Id
    index: int = Field(ge=0)
    effective: PartialDate | None
    given_by: GivenBy | None
    basis: Basis
    instrument: Id | None
    provision: Text | None
    sources: tuple[SourceRef, ...]
    note: Text | None
    recorded_by: Text
    change: Change

    @property
    def kind(self) -> str:
        """The change kind: what the database stores as topic."""
        return self.change.kind

    @cached_property
    def target(self) -> str:
        """`ENTRY#n`: the name by which later entries and answers point to this event."""
        return target_of(self.entry, self.index)

    @property
    def erased(self) -> bool:
        """Whether what it said is gone; then only its name and its kind are to be told."""
        return isinstance(self.change, Erased)

    def blank(self) -> Event:
        """The event as it is once it is erased."""
        return self if self.erased else erased_event(self.institution, self.kind, self.entry, self.index)

    def stored(self) -> bytes:
        """What the log keeps of the event: JSON in UTF-8 with sorted keys."""
        row = self.model_dump(mode="json", by_alias=True, context=STORED, exclude={"change"})
        change = self.change.model_dump(mode="json", context=STORED)
        if isinstance(self.change, Corrected):
            change["change"]["schema"] = self.change.change.VERSION
        row["change"] = {name: value for name, value in change.items() if name not in ENVELOPE}
        return orjson.dumps(row, option=orjson.OPT_SORT_KEYS)

    @classmethod
    def from_stored(cls, state: bytes) -> Event:
        """The event of stored bytes, of whatever version.

        Raises: ValueError or KeyError, if the bytes are no event of this program.
        """
        row = orjson.loads(state)
        change = _CHANGES.validate_python(upcast(row["change"], row["schema"]), context=STORED)
        rest = {**row, "change": change, "schema": change.VERSION}
        return cls.model_validate(rest, context=STORED)

    def content(self) -> bytes:
        """What makes two recordings of one change the same, whoever recorded them."""
        return self.model_copy(update={"recorded_by": ""}).stored()


def erased_event(institution: str, kind: str, entry: str, index: int) -> Event:
    """What is left of an event of *kind* that was erased. Raises: KeyError, for a kind this program does not know."""
    return Event(
        event_id=event_id(institution, entry, index),
        schema=KINDS[kind].VERSION,
        institution=institution,
        entry=entry,
        index=index,
        effective=None,
        given_by=None,
        basis="stated",
        instrument=None,
        provision=None,
        sources=(),
        note=None,
        recorded_by="erased",
        change=Erased(kind=kind),
    )


def make_event(
    institution: str,
    entry: str,
    index: int,
    change: Change,
    *,
    effective: PartialDate | None,
    given_by: GivenBy | None,
    basis: Basis,
    instrument: str | None,
    sources: tuple[SourceRef, ...],
    recorded_by: str,
) -> Event:
    """The event of the *index*-th *change* of *entry*, with the day and sources found for it."""
    return Event(
        event_id=event_id(institution, entry, index),
        schema=change.VERSION,
        institution=institution,
        entry=entry,
        index=index,
        effective=effective,
        given_by=given_by,
        basis=basis,
        instrument=instrument,
        provision=change.provision,
        sources=sources,
        note=change.note,
        recorded_by=recorded_by,
        change=change.bare(),
    )
