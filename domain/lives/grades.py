"""How sure an answer is: the grade of a life on a day, from the bounds of its start and end (design 4.6)."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from domain.dates import Day

Grade: TypeAlias = Literal["certain", "presumed", "possible", "unattested"]
GRADES: tuple[Grade, ...] = ("certain", "presumed", "possible", "unattested")
"""From the surest to the least sure."""


class Bounds(NamedTuple):
    """Between which days a life begins and ends, from when until when that is proved; days as Day.

    *begun*: a source states the start; *handed_on*: the end is implied by a successor in the post.
    """

    s_lo: Day
    s_hi: Day
    e_lo: Day
    e_hi: Day
    proved_from: Day
    proved_until: Day
    evidence: Day | None
    begun: bool
    handed_on: bool

    @property
    def days(self) -> tuple[Day, ...]:
        """The days on which a grade can begin or end."""
        return self[:6]

    def grade(self, day: Day, contested: bool) -> Grade | None:
        """How sure it is that the life stands on *day*, which is *contested* or not; None if it does not."""
        if self.proved_from <= day < self.proved_until and not contested:
            return "certain"
        begun = self.s_hi <= day
        if begun and day < (self.e_hi if self.handed_on else self.e_lo):
            return "presumed"
        if day < self.e_hi and (begun or (self.begun and self.s_lo <= day)):
            return "possible"
        if not self.begun and self.s_lo <= day < self.s_hi:
            return "unattested"
        return None
