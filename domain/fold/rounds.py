"""The fold begins again: once for each rival that loses, and once more where evidence was found that an end ignored."""

from __future__ import annotations

from domain.acts import Known
from domain.claims import tenure_names
from domain.fold.days import Pass
from domain.fold.evidence import own_evidence
from domain.fold.rivals import Removed, Settled, filed
from domain.orphans import introduced_only
from domain.parts import Part
from domain.world import World


def fold(known: Known, part: Part | None = None) -> World:
    """The world as *known* tells it; the definition of every answer.

    If *known* is but a *part* of what is recorded, the world is of that part, and exact in what is whole there.
    """
    tenures = tenure_names((act.target, act.change) for act in known.acts)
    acts, claims, kinds, orphans = introduced_only(known.acts, tenures, part)
    removed: Removed = {}
    shown_on = own_evidence(acts, claims, removed)
    while True:
        one = Pass(acts, claims, removed, shown_on, part)
        try:
            one.all_days()
        except Settled as settled:
            for rival in settled.rivals:
                removed[rival.loser.target, rival.key] = rival
            shown_on = own_evidence(acts, claims, removed)
            continue
        if not one.evidence.find():
            break
    lives = {key: lives for key, lives in one.standing.lives.items() if lives}
    disputes = filed(lives, claims, removed)
    return World(
        acts=acts,
        lives=lives,
        first=dict(one.standing.first),
        kinds=kinds,
        instruments=known.instruments,
        unified=known.unified,
        findings=[*orphans, *one.findings, *disputes],
        tenures=tenures,
        carried=one.evidence.carried,
        lost=frozenset(removed),
    )
