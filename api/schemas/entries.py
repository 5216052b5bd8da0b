"""An entry: what it recorded, and what it did and taught."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from api.schemas.acts import DisplacedFrom, Effect, LaterAct
from api.schemas.differences import LearnedRow, LeftOut, Taught
from api.schemas.doubts import LaterReading
from api.schemas.knowledge import Citable, Instrument, Names, SourceCited
from api.schemas.states import State


class ChangeRecorded(BaseModel):
    """A change as it was written, and, if it was corrected or annulled, as it reads now: *live*."""

    event: str
    kind: str
    redacted: bool
    effective: str | None
    change: dict[str, Any] | None
    provision: str | None
    sources: list[SourceCited]
    note: str | None
    live: dict[str, Any] | None = None
    corrected_by: str | None = None


class MadeKnown(BaseModel):
    """What is told otherwise because the record is complete: of one life, or of a post whether it is vacant.

    A grade or a vacancy is that of the days from *from* until *until*; null: it does not stand then.
    """

    subject: dict[str, str]
    life: int | None
    fact: Literal["evidence", "until", "grade", "vacancy"]
    from_: str | None = Field(alias="from")
    until: str | None
    before: str | None
    after: str | None


class Covered(BaseModel):
    """Where the record is declared complete, from one day to another, both included, and what is known by that."""

    scope: dict[str, str]
    from_: str = Field(alias="from")
    until: str
    changes: list[MadeKnown]


class EntryAnswer(Citable):
    """An entry and what it did: *learned* when it was recorded; *record* tells how it was read since.

    *altered*: on further days, on which what it corrects, annuls or prefers was or is disputed.
    """

    id: str
    title: Names | None
    instrument: Instrument | None
    positions: tuple[int, int]
    recorded_by: str | None
    changes: list[ChangeRecorded]
    states: list[State]
    effects: list[Effect]
    covers: dict[str, Covered]
    later: dict[str, LaterAct]
    displaced: dict[str, DisplacedFrom]
    record: list[LaterReading]
    learned: Taught
    altered: list[LearnedRow]
    altered_left_out: LeftOut | None
