"""What a synthetic institution is made of: units, posts, tenures and persons as they stand, and drafts of entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isqrt
from random import Random
from typing import Any, Generic, TypeAlias, TypeVar

from domain.dates import Day

Plain: TypeAlias = dict[str, Any]
"""A part of an entry as the contract has it."""

T = TypeVar("T")


class Bag(Generic[T]):
    """Things without order, of which any is found by chance, added and removed in one step."""

    def __init__(self) -> None:
        self.items: list[T] = []
        self._places: dict[T, int] = {}

    def __len__(self) -> int:
        return len(self.items)

    def add(self, item: T) -> None:
        """Put *item*, which is not in it, in."""
        self._places[item] = len(self.items)
        self.items.append(item)

    def remove(self, item: T) -> None:
        """Take *item* out; the last takes its place."""
        place, last = self._places.pop(item), self.items.pop()
        if last is not item:
            self.items[place], self._places[last] = last, place

    def any(self, random: Random) -> T:
        """One of them, each as likely."""
        return self.items[int(random.random() * len(self.items))]


@dataclass(slots=True, eq=False)
class Person:
    """Somebody with how many posts they hold, and the post they held last."""

    id: str
    posts: int = 0
    last: str = ""


@dataclass(slots=True, eq=False)
class Unit:
    """A unit that stands; *touched* is the day of the last act upon it."""

    id: str
    level: int
    parent: Unit | None
    touched: Day
    posts: list[Post] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Post:
    """A post that stands, with its holders; *touched* is the day of the last act upon it or them."""

    id: str
    unit: Unit
    seats: int
    touched: Day
    holders: list[Tenure] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Tenure:
    """A person in a post since the act that began it."""

    person: Person
    post: Post
    since: Day


@dataclass(slots=True, eq=False)
class Candidate:
    """A change that may be corrected or annulled; if it began a *tenure*, its day is later than *after*."""

    target: str
    change: Plain
    tenure: Tenure | None = None
    after: Day = 0


@dataclass(slots=True)
class Draft:
    """An entry being written. Of one that will be recorded late nothing else may depend."""

    entry: str
    day: Day
    late: bool = False
    changes: list[Plain] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    tenure_acts: int = 0

    def add(self, kind: str, /, **facts: Any) -> str:
        """Write a change; its target."""
        self.changes.append({"kind": kind, **facts})
        return f"{self.entry}#{len(self.changes)}"


@dataclass(slots=True, frozen=True)
class Measure:
    """How large an institution is to be for about *alive* facts: units, posts and relations; holders follow."""

    alive: int

    @property
    def units(self) -> int:
        """Units, the root with them."""
        return max(4, round(0.115 * self.alive))

    @property
    def directorates(self) -> int:
        """Units directly under the root: about as many as each has departments."""
        return max(2, isqrt(self.units))

    @property
    def posts(self) -> int:
        """Posts, one in ten of three seats."""
        return max(3, round(0.43 * self.alive))

    @property
    def relations(self) -> int:
        """Relations between units."""
        return max(1, round(0.03 * self.alive))

    @property
    def waiting(self) -> int:
        """The most persons without a post who are remembered."""
        return max(8, round(0.1 * self.alive))
