"""A part of the record, and what a fold of it has to know of the rest.

Things influence one another along few ways: what hangs on a thing ends with it and shows it; tenures of one
post succeed one another. A part holds some things whole, with all that can influence them; around
them a frame of what they hang on, of which when it stands and on what it hangs is told in full, and beside them
others, of which only the acts count. What is shown of its things from outside is told by Elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from domain.acts import Act
from domain.claims import Key
from domain.dates import Day
from domain.lives import Seen


class Elsewhere(Protocol):
    """The days on which something outside what is whole in a part shows things inside the part."""

    def since(self, key: Key, day: Day) -> Iterator[tuple[Day, Act]]:
        """The days from *day* on, in order, with what shows *key*; of one day in the order of effect."""

    def last_before(self, key: Key, day: Day) -> Day | None:
        """The last day before *day*."""

    def telling(self, key: Key, start: Day, end: Day) -> list[Seen]:
        """Of the days that a life begun on *start* or later and ended by *end* takes, those that tell the most.

        They are the first and the last, of all and of the proved ones.
        """

    def all(self, key: Key) -> list[Seen]:
        """Every day."""


@dataclass(frozen=True)
class Part:
    """The part of a record in which *whole* is exact, and *frame* but for what it is called.

    Of the other *keys* only the acts are known.
    """

    keys: frozenset[Key]
    whole: frozenset[Key]
    frame: frozenset[Key]
    elsewhere: Elsewhere
    given: Mapping[str, str] = field(default_factory=dict)
    """Ids that are introduced outside the part, with what they are."""

    def asks_of(self, key: Key) -> bool:
        """Whether what lies elsewhere may show *key*."""
        return key in self.whole or key in self.frame
