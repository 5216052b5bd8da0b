"""A register in a line: its name, and the first and last day it tells of."""

from __future__ import annotations

from domain.chain import Head
from domain.changes import InstitutionDeclared, LifeEvent
from domain.world import World
from projections.structure import Answer


def listing_row(world: World, head: Head) -> Answer:
    """{name, events, position, hash, first_effective, last_effective} of a register; days as recorded.

    A birth or a graduation is no day of the institution's.
    """
    declared = [act.change for act in world.acts if isinstance(act.change, InstitutionDeclared)]
    days = [act.day.text for act in world.acts if act.day and not isinstance(act.change, LifeEvent)]
    return {
        "name": declared[-1].name if declared else None,
        "events": head.position,
        "position": head.position,
        "hash": head.hash,
        "first_effective": days[0] if days else None,
        "last_effective": days[-1] if days else None,
    }
