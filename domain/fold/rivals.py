"""Rivals: claims on one fact that cannot all be true (design 4.5). Only the best is believed, and what lost is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn, TypeAlias

from domain.acts import Act, better
from domain.claims import Claim, Key
from domain.dates import BEFORE_ALL, Day
from domain.lives import Held, Life, Rival
from domain.world import Finding

Removed: TypeAlias = dict[tuple[str, Key], Rival]
"""The claims that are not believed, each an `ENTRY#n` and a thing, with the dispute that it lost."""


class Settled(Exception):
    """A rival claim lost: the fold begins again without it."""

    def __init__(self, rivals: list[Rival]) -> None:
        self.rivals = rivals


def settle(key: Key, fact: str, new: Act, old: Act, all_old: list[Act]) -> NoReturn:
    """Take out the worse of two rival days of one fact. Raises: Settled, always."""
    others = [act for act in all_old if act.hi < new.lo or new.hi < act.lo] or [old]
    best = min(others, key=lambda act: act.rank)
    winner, loser, rule = better(new, best)
    losers = [loser] if loser is new else others
    raise Settled(
        [Rival(key, fact, winner, act, rule, min(winner.hi, act.hi), max(winner.lo, act.lo) - 1) for act in losers]
    )


def settle_with_shown(life: Life, claim: Claim) -> NoReturn:
    """The record shows the thing surely before *claim* starts it: rivals, as if it began by then. Raises: Settled."""
    shown = min((s for s in life.shown if s.own), key=lambda s: (s.hi, s.act.order))
    winner, loser, rule = better(claim.act, shown.act)
    raise Settled([Rival(claim.key, "start", winner, loser, rule, shown.hi, claim.act.lo - 1)])


def hold_start_value(life: Life, attribute: str, held: Held) -> None:
    """Of the values that claims of one start give, that of the best claim holds; the other is its rival."""
    given = life.values[attribute]
    at = next(i for i, other in enumerate(given) if other.given == "start")
    other = given[at]
    if held.value == other.value:
        return
    first, second, rule = better(held.act, other.act)
    given[at] = held if first is held.act else other
    lo, hi = max(held.act.lo, other.act.lo), min(held.act.hi, other.act.hi)
    life.rivals.append(Rival(life.key, attribute, first, second, rule, lo, hi))
    life.disputes.append((lo, hi))


def filed(lives: Mapping[Key, list[Life]], claims: Mapping[str, list[Claim]], removed: Removed) -> list[Finding]:
    """Give each settled dispute to the life that it is about; a finding for each of them, and for each rival value."""
    for rival in (_with_who_won(rival, claims, removed) for rival in removed.values()):
        for life in lives.get(rival.key, ()):
            if rival.winner in life.acts:
                life.rivals.append(rival)
                if rival.lo <= rival.hi:
                    life.disputes.append((rival.lo, rival.hi))
    findings: list[Finding] = []
    for lived in lives.values():
        for life in lived:
            disputed = (rival for rival in life.rivals if rival.lo <= rival.hi)
            findings += [_disputed(rival) for rival in (*disputed, *life.rivals_of_a_day)]
    return findings


def _with_who_won(rival: Rival, claims: Mapping[str, list[Claim]], removed: Removed) -> Rival:
    """*rival* against the claim that is believed in the end, where the one that took it out was taken out too."""
    winner = rival.winner
    while (winner.target, rival.key) in removed:
        winner = removed[winner.target, rival.key].winner
    if winner is rival.winner:
        return rival
    (lo, hi), (other_lo, other_hi) = (_claimed_days(act, rival, claims) for act in (winner, rival.loser))
    rule = better(winner, rival.loser)[2]
    return Rival(rival.key, rival.fact, winner, rival.loser, rule, min(hi, other_hi), max(lo, other_lo) - 1)


def _claimed_days(act: Act, rival: Rival, claims: Mapping[str, list[Claim]]) -> tuple[Day, Day]:
    """Between which days *act* has the start or end that is disputed: what shows a thing has it begin by then."""
    claim = next(claim for claim in claims[act.target] if claim.key == rival.key)
    return (act.lo, act.hi) if claim.role == rival.fact else (BEFORE_ALL, claim.evidence[0][1])


def _disputed(rival: Rival) -> Finding:
    detail = f"{rival.fact}: {rival.winner.target} is believed ({rival.rule}), not {rival.loser.target}"
    return Finding("conflicting-claims", rival.key, rival.lo, rival.hi, (rival.winner, rival.loser), detail, rival)
