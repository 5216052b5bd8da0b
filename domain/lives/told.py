"""What is told of a life: days on which it is shown, values it holds, its end, and rivals that were not believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, TypeAlias

from domain.acts import Act
from domain.claims import Key, Value
from domain.dates import Day

Given: TypeAlias = Literal["first", "start", "act", "implied", "attested"]
"""How a value is known: by an attestation of unknown day or an earlier life, by the start of its thing, by
an act, by the consequence of one, by an attestation."""

SHOWN_AFTERWARDS = "shown afterwards"
"""The rule by which an end that would follow from another act is not believed."""

EndRule: TypeAlias = Literal["stated", "abolition", "death", "succession", "list"]


class Seen(NamedTuple):
    """Some day from *lo* to *hi* on which a thing is shown, whatever shows it.

    *proved*: the days can make an answer certain; *begins*: also that the thing had begun. Coverage carries
    on what stood, it does not show that it began.
    """

    lo: Day
    hi: Day
    proved: bool
    begins: bool


@dataclass(frozen=True)
class Shown:
    """Some day from *lo* to *hi* on which *act* shows the thing; *own* is False if it shows what hangs on it."""

    lo: Day
    hi: Day
    act: Act
    own: bool = True
    proves: bool | None = None
    """Whether the days are proved; None: as *act* proves its own."""

    @property
    def seen(self) -> Seen:
        """The days alone, and what they can prove."""
        proved = self.act.proves if self.proves is None else self.proves
        return Seen(self.lo, self.hi, proved, proved and self.proves is None)


@dataclass(frozen=True)
class Held:
    """A value that holds from *day* on, given by *act*."""

    day: Day
    value: Value
    act: Act
    given: Given


@dataclass(frozen=True)
class Rival:
    """A claim that was not believed: *loser* against *winner* on *fact*, by *rule* of RANKING.

    They disagree from *lo* to *hi*, both included; on none, if *hi* is before *lo*.
    """

    key: Key
    fact: str
    winner: Act
    loser: Act
    rule: str
    lo: Day
    hi: Day


@dataclass
class End:
    """The first day a thing no longer stands is one from *lo* to *hi*.

    *claims* state it, the best first; without any it is implied by *cause*, by *rule*. A stated end that a
    cause made narrower has both.
    """

    lo: Day
    hi: Day
    claims: list[Act]
    rule: EndRule
    cause: Act | None = None

    @property
    def act(self) -> Act:
        """What ended the thing: the best claim, else the cause."""
        if self.claims:
            return self.claims[0]
        assert self.cause is not None
        return self.cause

    @property
    def implied(self) -> bool:
        """Whether no source states the end."""
        return not self.claims


class Lived(Protocol):
    """What tells lives apart: the thing, and the positions of their acts."""

    @property
    def key(self) -> Key: ...  # noqa: D102
    @property
    def told_at(self) -> frozenset[int]: ...  # noqa: D102


def one_life(one: Lived, other: Lived) -> bool:
    """Whether two lives are the same, be it as known at two positions: they share an act."""
    if one is other or one.key != other.key:
        return one is other
    return not one.told_at.isdisjoint(other.told_at)
