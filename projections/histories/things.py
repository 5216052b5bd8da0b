"""The whole history of a unit and of a post, and of whatever has an id."""

from __future__ import annotations

from collections.abc import Callable

from domain import changes as e
from domain.acts import Known
from domain.claims import post_key, unit_key
from domain.lives import text_of
from domain.world import World
from projections.doubt import doubts
from projections.histories.acts import entry_history, instrument_history
from projections.histories.persons import person_history
from projections.histories.telling import claims_about, last_value, require_known, states
from projections.histories.tenures import tenure
from projections.lineage import lineage
from projections.moves import by_start
from projections.record import record_of_instrument
from projections.structure import Answer, cause_of, relation_id
from projections.succession import neighbours, occupancy
from projections.touched import touches


def unit_history(world: World, institution: str, unit: str) -> Answer:
    """{id, name, states, lineage, posts, units, relations, functions, mandates, claims, …} of a unit.

    And {touched_by, instruments}: the acts that ever touched it.

    Raises: UnknownThing; NowCalled, of an id that was unified with another.
    """
    require_known(world, institution, "unit", unit)
    key = unit_key(unit)
    return {
        "id": unit,
        "name": last_value(world, key, "name"),
        "states": states(world, key),
        "lineage": lineage(world, unit),
        "units": _ever(world, "unit", "parent", unit),
        "posts": _ever(world, "post", "unit", unit),
        "relations": _relations(world, unit),
        "functions": _functions(world, unit),
        "mandates": _mandates(world, unit),
        "claims": claims_about(world, unit),
        **touches(world, key),
    }


def post_history(world: World, institution: str, post: str) -> Answer:
    """{id, title, states, holders, occupancy, relations, functions, claims, touched_by, instruments} of a post.

    Raises: UnknownThing, NowCalled.
    """
    require_known(world, institution, "post", post)
    key, beside = post_key(post), neighbours(world, post)
    lives = [life for tenure, lives in world.of_kind("tenure") if tenure[2] == post for life in lives]
    return {
        "id": post,
        "title": last_value(world, key, "title"),
        "states": states(world, key),
        "holders": {life.id: {**tenure(world, life), **beside[life.id]} for life in sorted(lives, key=by_start)},
        "occupancy": occupancy(world, post),
        "relations": _relations(world, post),
        "functions": _functions(world, post),
        "claims": claims_about(world, post),
        **touches(world, key),
    }


def thing_history(world: World, known: Known, institution: str, thing: str) -> Answer:
    """The history of whatever unit, post, person, instrument or entry has that id, in this order.

    Raises: UnknownThing.
    """
    kinds: dict[str, Callable[[World, str, str], Answer]] = {
        "unit": unit_history,
        "post": post_history,
        "person": person_history,
    }
    kind = world.kinds.get(world.unified.get(thing, thing))
    if kind:
        return {**kinds[kind](world, institution, thing), **doubts(world, known, (kind, thing))}
    if thing in world.instruments:
        return {**instrument_history(world, institution, thing), "record": record_of_instrument(known, thing)}
    return entry_history(world, known, institution, thing)


def _ever(world: World, kind: str, attribute: str, unit: str) -> list[str]:
    """The things of *kind* that ever hung on *unit*."""
    return [key[1] for key in world.things(kind) if any(held.value == unit for held in world.ever(key, attribute))]


def _relations(world: World, thing: str) -> Answer:
    return {
        relation_id(key): {
            "subject": key[1],
            "relation": key[2],
            "object": key[3],
            "states": states(world, key),
        }
        for key, _ in sorted(world.of_kind("relation"))
        if thing in (key[1], key[3])
    }


def _functions(world: World, holder: str) -> Answer:
    """The functions that *holder* ever had, by event."""
    return {
        lives[0].id: {"function": key[2], "states": states(world, key)}
        for key, lives in sorted(world.of_kind("function"))
        if key[1] == holder
    }


def _mandates(world: World, unit: str) -> list[Answer]:
    """The provisions that give a unit its mandate."""
    return [
        {"gist": act.change.gist, "effective": text_of(act.day), "cause": cause_of(act, world.instruments)}
        for act in world.acts
        if isinstance(act.change, e.MandateDeclared) and act.change.unit == unit
    ]
