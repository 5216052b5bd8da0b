"""What an act did to each thing, what became of that, and who lost office by it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from api.schemas.knowledge import Cause, Instrument, Names
from api.schemas.tenures import Move

Undid = Literal["amended", "repealed", "replaced", "ended", "revived", "renewed", "shown"]
"""What a later act did to what an earlier one had done."""


class Undone(BaseModel):
    """By what a fact came to its end, and whether that only followed from it."""

    how: Undid
    implied: bool
    cause: Cause


class FactDone(BaseModel):
    """A value that an act gave, or that it began, ended or showed its thing, with what became of that.

    *until*: the day from which it holds no longer, as recorded; null while it stands.
    """

    before: Any
    value: Any
    until: str | None
    undone: Undone | None


class DoneTo(BaseModel):
    """What an act did to one thing, by fact: `began`, `ended`, `shown`, or an attribute.

    *life*: the number of the thing's life, from 0. No facts: it changed nothing there, or is not *believed*.
    """

    subject: dict[str, str]
    life: int | None
    believed: bool
    facts: dict[str, FactDone]


class Effect(BaseModel):
    """What an act did, or, *implied*, what followed from it: to each thing by its id."""

    kind: str
    subject: dict[str, Any]
    effective: str | None
    implied: bool
    event: str
    corrected_by: str | None
    did: dict[str, DoneTo]


class Touch(Effect):
    """The same of any act, with its cause."""

    cause: Cause


class LaterAct(BaseModel):
    """A later instrument or entry; *undid*: how, and the events of which it amended, repealed or undid something."""

    instrument: Instrument | None
    entries: list[str]
    effective: str | None
    events: list[str]
    undid: dict[Undid, list[str]]


class Displaced(BaseModel):
    """The post somebody lost, and the one they went to, if that is known."""

    post: str
    to: str | None


class LostOffice(BaseModel):
    """A tenure that ended: the posts in which the person went on (*kept*), and the *move* to where they went."""

    name: Names | None
    post: str
    title: Names | None
    until: str | None
    ground: str | None
    implied: bool
    cause: Cause
    kept: list[str]
    move: Move | None


class DisplacedFrom(Displaced):
    """The same, with every tenure that the person lost."""

    left: dict[str, LostOffice]
