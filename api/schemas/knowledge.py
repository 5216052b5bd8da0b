"""What every answer rests on: the register as known at one position, how to cite it, and the cause of a fact."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import BaseModel

from domain.lives import Grade

Names: TypeAlias = dict[str, str]
"""Language → text."""


class KnownAt(BaseModel):
    """Where the log ended that the answer was made from; position 0: before everything."""

    position: int
    recorded: str | None
    hash: str


class Known(BaseModel):
    """An answer about one register as known at one position, by the rules of that number."""

    institution: str
    known_at: KnownAt
    rules: int


class Position(BaseModel):
    """Where the log of a citation ended."""

    position: int
    hash: str


class Citation(BaseModel):
    """How to cite an answer: at *address* the same is answered for ever, or a refusal says why it cannot be.

    *text* is the same in words, for a footnote.
    """

    institution: str
    question: str
    as_of: str | None
    known_at: Position
    rules: int
    address: str
    text: str


class Citable(Known):
    """An answer that can be cited."""

    citation: Citation


class Instrument(BaseModel):
    """A decree, order, law, regulation or constitution."""

    id: str
    kind: str
    number: str | None
    title: Names | None
    issuer: str | None
    signed: str | None
    published: str | None
    in_force: str | None


class SourceCited(BaseModel):
    """Where a fact is taken from."""

    source: str
    locator: str | None
    wording: str | None
    certainty: Literal["high", "medium", "low"]


class Cause(BaseModel):
    """What a fact rests on; *event* is `ENTRY#n`, *corrected_by* the correction read in its place."""

    entry: str
    event: str
    corrected_by: str | None
    instrument: Instrument | None
    provision: str | None
    sources: list[SourceCited]


class Fact(BaseModel):
    """What is said of everything that stands; *evidence* is the last day the record shows it."""

    grade: Grade
    since: str | None
    until: str | None
    evidence: str | None
    contested: bool
    cause: Cause
