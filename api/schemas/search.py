"""What is found under a name."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from api.schemas.knowledge import Names
from api.schemas.periods import Bounded
from domain.lives import Grade


class NameFound(BaseModel):
    """A spelling that matches: *own* unless it is another way to write a person's name, or an instrument's number.

    *how*: it is what was sought and no more (`name`), has all its words (`words`), words that begin so
    (`beginnings`), or that hold it (`inside`); or, where nothing else is found, the same consonants (`near`).
    """

    text: str
    language: str | None
    own: bool
    how: Literal["name", "words", "beginnings", "inside", "near"]
    from_: str | None = Field(alias="from")
    until: str | None


class ThingFound(BaseModel):
    """A thing by its last name, borne *until* a day; what it was called *then*, on the (last) day asked about."""

    rank: int
    name: Names | None
    until: str | None
    then: Names | None
    grade: Grade | None
    matched: list[NameFound]


class SearchAnswer(Bounded):
    """Things called so by id; *ranking* has (kind, id), the best first, *more*: there are others."""

    q: str
    as_of: str | None
    kind: Literal["unit", "post", "person", "instrument"] | None
    ranking: list[tuple[str, str]]
    more: bool
    units: dict[str, ThingFound]
    posts: dict[str, ThingFound]
    persons: dict[str, ThingFound]
    instruments: dict[str, ThingFound]
