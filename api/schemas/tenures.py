"""Persons in posts: tenures, the moves between them, and days with too few holders or too many."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from api.schemas.doubts import Rival
from api.schemas.knowledge import Cause, Names
from domain.lives import Grade


class Tenure(BaseModel):
    """One person in one post over one span; *grade* is the surest it ever has."""

    tenure: str
    person: str
    name: Names | None
    post: str
    title: Names | None
    unit: str | None
    capacity: str | None
    since: str | None
    until: str | None
    evidence: str | None
    grade: Grade | None
    contested: bool
    ground: str | None
    implied: bool
    cause: Cause
    reappointed: list[Cause]
    ended_by: Cause | None
    rivals: list[Rival]


class PostHolder(Tenure):
    """A tenure of a post, with the tenures before and after it, of other persons."""

    predecessor: str | None
    successor: str | None


class Place(BaseModel):
    """Where a post was, and what it and its unit were called; *under* runs from the unit up to its body."""

    from_: str | None = Field(alias="from")
    until: str | None
    title: Names | None
    unit: str | None
    name: Names | None
    under: list[str]


class CareerTenure(Tenure):
    """A tenure of a person, with where the post was while it lasted."""

    places: list[Place]


class PostThen(BaseModel):
    """A post on the day of a move; *under* runs from its unit up to its body."""

    post: str
    title: Names | None
    unit: str | None
    under: list[str]
    cause: Cause


class Left(PostThen):
    """A tenure that was left."""

    until: str | None


class Taken(PostThen):
    """A tenure that was taken."""

    since: str | None


class Move(BaseModel):
    """A move of a person: tenures left and taken, by id.

    *how*: by one act; on a day that can be that of leaving; or later, the person out of office in between, for *days*
    at least and at most.
    """

    how: Literal["one-act", "at-once", "later"]
    effective: str | None
    days: tuple[int, int | None]
    left: dict[str, Left]
    taken: dict[str, Taken]
    cause: Cause


class AtOnce(BaseModel):
    """Days on which a person held several posts; *one_act* gave two of them; *sure*: two are at least presumed."""

    from_: str | None = Field(alias="from")
    until: str | None
    tenures: list[str]
    titles: dict[str, Names | None]
    one_act: bool
    sure: bool


class LeftBy(BaseModel):
    """How the last tenure before a gap ended."""

    tenure: str
    until: str | None
    ground: str | None
    implied: bool
    cause: Cause


class Vacant(BaseModel):
    """Days on which a source calls a post vacant."""

    from_: str | None = Field(alias="from")
    until: str | None
    cause: Cause


class Occupancy(BaseModel):
    """Days on which a post is held, by nobody known (`gap`) or by more than it has seats (`overlap`).

    *sure*: some holders are certain or presumed, or more than the seats; of a gap, a source says so.
    """

    from_: str | None = Field(alias="from")
    until: str | None
    kind: Literal["held", "gap", "overlap"]
    tenures: list[str]
    seats: int | None
    sure: bool
    after: list[str]
    before: list[str]
    why: LeftBy | None
    vacant: list[Vacant]
