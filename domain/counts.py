"""Claimed numbers of holders against those the record holds, with the people behind them."""

from __future__ import annotations

from dataclasses import dataclass

from domain.acts import Act
from domain.changes import CountClaimed
from domain.lives import Life
from domain.pausing import pause
from domain.vacancy import tenures_in
from domain.world import World


@dataclass(frozen=True)
class Count:
    """Who held a post, or posts of a unit, in the time of a claim: persons, each with their tenure ids.

    *held*: whose tenure can touch it; *began* and *ended*: whose tenure can have begun or ended in it.
    """

    act: Act
    claim: CountClaimed
    held: dict[str, list[str]]
    began: dict[str, list[str]]
    ended: dict[str, list[str]]

    @property
    def fits(self) -> list[str]:
        """Which of the three the claim fits; none of them is a mismatch."""
        ways = {"held": self.held, "began": self.began, "ended": self.ended}
        return [way for way, people in ways.items() if len(people) == self.claim.value]


def counts(world: World) -> list[Count]:
    """Every count that is claimed, in the order of effect of the claims."""
    return [_count(world, act, act.change) for act in world.acts if isinstance(act.change, CountClaimed)]


def _count(world: World, act: Act, claim: CountClaimed) -> Count:
    pause()
    lo, hi = claim.during.earliest, claim.during.latest
    lives = _lives(world, claim)
    held = [life for life in lives if life.s_lo <= hi and lo < life.e_hi]
    began = [life for life in lives if life.starts and life.s_lo <= hi and lo <= life.s_hi]
    ended = [life for life in lives if life.end and life.e_lo <= hi and lo <= life.e_hi]
    return Count(act, claim, _people(held), _people(began), _people(ended))


def _lives(world: World, claim: CountClaimed) -> list[Life]:
    """The tenures counted: those of the post, or of posts that ever stood in the unit."""
    if claim.post is not None:
        return tenures_in(world, claim.post)
    posts = [key[1] for key in world.things("post") if any(h.value == claim.unit for h in world.ever(key, "unit"))]
    return [life for post in posts for life in tenures_in(world, post)]


def _people(lives: list[Life]) -> dict[str, list[str]]:
    people: dict[str, list[str]] = {}
    for life in sorted(lives, key=lambda life: (life.s_hi, life.id)):
        people.setdefault(life.key[1], []).append(life.id)
    return dict(sorted(people.items()))
