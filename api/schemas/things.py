"""The history of one unit, post, person or instrument."""

from __future__ import annotations

from pydantic import BaseModel

from api.schemas.acts import DisplacedFrom, Effect, LaterAct, Touch
from api.schemas.doubts import Dispute, LaterReading
from api.schemas.knowledge import Cause, Citable, Instrument, Names
from api.schemas.lineage import Lineage
from api.schemas.states import ClaimMade, FunctionHistory, Mandate, RelationHistory, State
from api.schemas.tenures import AtOnce, CareerTenure, Move, Occupancy, PostHolder


class UnitAnswer(Citable):
    """The history of a unit."""

    id: str
    name: Names | None
    states: list[State]
    lineage: Lineage
    posts: list[str]
    units: list[str]
    relations: dict[str, RelationHistory]
    functions: dict[str, FunctionHistory]
    mandates: list[Mandate]
    claims: list[ClaimMade]
    touched_by: list[Touch]
    instruments: list[str]
    disputes: list[Dispute]
    record: list[LaterReading]


class PostAnswer(Citable):
    """The history of a post."""

    id: str
    title: Names | None
    states: list[State]
    holders: dict[str, PostHolder]
    occupancy: list[Occupancy]
    relations: dict[str, RelationHistory]
    functions: dict[str, FunctionHistory]
    claims: list[ClaimMade]
    touched_by: list[Touch]
    instruments: list[str]
    disputes: list[Dispute]
    record: list[LaterReading]


class PersonEvent(BaseModel):
    """A birth, a death, or an education."""

    what: str
    effective: str | None
    place: Names | None
    note: str | None
    cause: Cause


class PersonAnswer(Citable):
    """The history of a person, as far as it is the institution's."""

    id: str
    name: Names | None
    names: list[Names]
    born: str | None
    died: str | None
    events: list[PersonEvent]
    states: list[State]
    career: list[CareerTenure]
    moves: list[Move]
    at_once: list[AtOnce]
    claims: list[ClaimMade]
    touched_by: list[Touch]
    instruments: list[str]
    disputes: list[Dispute]
    record: list[LaterReading]


class InstrumentAnswer(Citable, Instrument):
    """The history of an instrument."""

    entries: list[str]
    states: list[State]
    effects: list[Effect]
    later: dict[str, LaterAct]
    displaced: dict[str, DisplacedFrom]
    amended_by: list[Cause]
    repealed_by: list[Cause]
    claims: list[ClaimMade]
    record: list[LaterReading]
