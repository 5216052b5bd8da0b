"""A register in a line: its name, and the first and last day it tells of."""

from __future__ import annotations

from domain.acts import Known
from domain.chain import Head
from domain.changes import InstitutionDeclared, LifeEvent
from domain.world import World
from projections.structure import Answer

CODES = ("unit_kinds", "relations", "instrument_kinds")
"""The code lists of an institution."""


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


def declared(known: Known) -> Answer:
    """What the institution says of itself: {name, unit_kinds, relations, instrument_kinds, notes}; the last word."""
    said = [act.change for act in known.acts if isinstance(act.change, InstitutionDeclared)]
    return said[-1].model_dump(mode="json", include={"name", *CODES, "notes"}) if said else {}
