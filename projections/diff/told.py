"""What a difference asks of a day, be it folded or read from tables: the lives that stood, and what they tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from domain.acts import Act
from domain.claims import Key, Value
from domain.dates import Day
from domain.lives import Grade, Held, Lived
from projections.structure import Answer


class Ended(Protocol):
    """The end of a life: on some day from *lo* on, by *act*."""

    @property
    def lo(self) -> Day: ...  # noqa: D102
    @property
    def act(self) -> Act: ...  # noqa: D102
    @property
    def implied(self) -> bool: ...  # noqa: D102


class Told(Lived, Protocol):
    """A life as a day shows it; domain.lives.Life says what each of its members is."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def cause(self) -> Act: ...  # noqa: D102
    @property
    def start(self) -> Act | None: ...  # noqa: D102
    @property
    def end(self) -> Ended | None: ...  # noqa: D102
    @property
    def since(self) -> str | None: ...  # noqa: D102
    @property
    def until(self) -> str | None: ...  # noqa: D102
    @property
    def s_hi(self) -> Day: ...  # noqa: D102
    @property
    def evidence(self) -> Day | None: ...  # noqa: D102
    def value(self, attribute: str, day: Day) -> Value: ...  # noqa: D102
    def gave(self, attribute: str, day: Day) -> Held | None: ...  # noqa: D102
    def contested(self, day: Day) -> bool: ...  # noqa: D102


L = TypeVar("L", bound=Told)


class OneDay(Protocol[L]):
    """What stood on *day*: things by key, tenures by post that stands, numbers by event."""

    @property
    def day(self) -> Day: ...  # noqa: D102
    @property
    def lives(self) -> Mapping[Key, tuple[L, Grade]]: ...  # noqa: D102
    @property
    def tenures(self) -> Mapping[str, Sequence[tuple[L, Grade]]]: ...  # noqa: D102
    @property
    def quantities(self) -> Mapping[str, Answer]: ...  # noqa: D102

    def same(self, life: L) -> L | None:
        """The life that *life*, shown on another day or as known before, is in what is known here."""

    def vacancy(self, post: str) -> str:
        """How far a post that stands is held."""

    def act(self, target: str) -> Act | None:
        """The act of a number."""
