"""Claimed counts of holders against those the record holds, as answers show them."""

from __future__ import annotations

from domain.counts import Count, counts
from domain.world import World
from projections.histories import person_name
from projections.periods import Period
from projections.structure import Answer, cause_of


def claimed_counts(world: World, within: Period | None = None) -> Answer:
    """Every count that is claimed, by event: {what, post, unit, during, claimed, held, began, ended, fits, …}.

    *within*: those alone that are about a time which touches that period.
    """
    return {count.act.target: _count(world, count) for count in counts(world) if _touches(count, within)}


def _touches(count: Count, within: Period | None) -> bool:
    during = count.claim.during
    return within is None or (during.earliest <= within.last and within.first <= during.latest)


def _count(world: World, count: Count) -> Answer:
    claim = count.claim
    return {
        "what": claim.what,
        "post": claim.post,
        "unit": claim.unit,
        "during": claim.during.text,
        "claimed": claim.value,
        "claimant": claim.claimant,
        "held": _people(world, count.held),
        "began": _people(world, count.began),
        "ended": _people(world, count.ended),
        "fits": count.fits,
        "mismatch": not count.fits,
        "cause": cause_of(count.act, world.instruments),
    }


def _people(world: World, people: dict[str, list[str]]) -> Answer:
    persons = {p: {"name": person_name(world, p), "tenures": tenures} for p, tenures in people.items()}
    return {"count": len(people), "persons": persons}
