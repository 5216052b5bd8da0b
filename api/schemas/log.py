"""The registers, and the log of one, event by event."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from api.schemas.knowledge import Citable, Names, SourceCited


class InstitutionRow(BaseModel):
    """A register: where its log ends, and the first and last day it tells of."""

    name: Names | None
    events: int
    position: int
    hash: str
    first_effective: str | None
    last_effective: str | None


class InstitutionsAnswer(BaseModel):
    """The registers by id."""

    institutions: dict[str, InstitutionRow]


class EventRow(BaseModel):
    """An event as the log holds it; *index* is its number in its entry, 0 the instrument. What is erased is null."""

    position: int
    event_id: str
    kind: str
    version: int = Field(alias="schema")
    institution: str
    entry: str
    index: int
    effective: str | None
    earliest: str | None
    latest: str | None
    given_by: Literal["written", "in-force", "signed"] | None
    basis: Literal["stated", "inferred", "instrument-default"] | None
    instrument: str | None
    provision: str | None
    sources: list[SourceCited]
    note: str | None
    recorded: str
    recorded_by: str | None
    hash: str
    prev_hash: str
    redacted: bool
    change: dict[str, Any] | None


class EventsAnswer(Citable):
    """A page of the log; *next* is the `after` of the page that follows, null at the end."""

    events: list[EventRow]
    next: int | None
