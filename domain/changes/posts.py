"""Changes of posts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from domain.changes.change import Change, Names
from domain.ids import Id


class PostCreated(Change):
    """A post begins in *unit*; *seats* is how many may hold it at once, None if unknown."""

    kind: Literal["post-created"] = "post-created"
    post: Id
    unit: Id | None = None
    title: Names
    seats: int | None = Field(default=None, ge=1, le=100_000)
    portfolio: Names | None = None


class PostRetitled(Change):
    """A post bears another title."""

    kind: Literal["post-retitled"] = "post-retitled"
    post: Id
    title: Names


class PostMoved(Change):
    """A post stands in another unit, with its holders."""

    kind: Literal["post-moved"] = "post-moved"
    post: Id
    unit: Id | None


class PortfolioChanged(Change):
    """A post has charge of something else; None: of nothing named."""

    kind: Literal["portfolio-changed"] = "portfolio-changed"
    post: Id
    portfolio: Names | None


class SeatsChanged(Change):
    """Another number may hold a post at once; None: unknown."""

    kind: Literal["seats-changed"] = "seats-changed"
    post: Id
    seats: int | None = Field(ge=1, le=100_000)


class PostAbolished(Change):
    """A post ends, and with it the tenures in it."""

    kind: Literal["post-abolished"] = "post-abolished"
    post: Id


class PostReinstated(Change):
    """An ended post stands again; what is not said it keeps from its last life."""

    PARTIAL = True
    kind: Literal["post-reinstated"] = "post-reinstated"
    post: Id
    unit: Id | None = None
    title: Names | None = None
    seats: int | None = Field(default=None, ge=1, le=100_000)
    portfolio: Names | None = None
