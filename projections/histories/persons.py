"""The whole history of a person: names, life, career and moves."""

from __future__ import annotations

from domain import changes as e
from domain.acts import Act
from domain.dates import iso
from domain.lives import text_of
from domain.world import World
from projections.histories.telling import claims_about, person_name, require_known
from projections.histories.tenures import tenure
from projections.moves import at_once, move_answer, moves_of, places, tenures_of
from projections.structure import Answer, cause_of
from projections.touched import touches


def person_history(world: World, institution: str, person: str) -> Answer:
    """{id, name, names, born, died, events, states, career, moves, at_once, claims} of a person.

    Raises: UnknownThing, NowCalled.
    """
    require_known(world, institution, "person", person)
    registered = [
        act for act in world.acts if isinstance(act.change, e.PersonRegistered) and act.change.person == person
    ]
    renamed = [act for act in world.acts if isinstance(act.change, e.PersonRenamed) and act.change.person == person]
    told = [act for act in world.acts if isinstance(act.change, e.LifeEvent) and act.change.person == person]
    best = min(registered, key=lambda act: act.rank, default=None)
    known = best.change if best and isinstance(best.change, e.PersonRegistered) else None
    return {
        "id": person,
        "name": person_name(world, person),
        "names": [*(known.names if known else ())],
        "born": text_of(known.born) if known and known.born else _day_of(told, "born"),
        "died": _day_of(told, "died"),
        "events": [_life_event(world, act) for act in told],
        "states": _name_states(world, [*([best] if best else []), *renamed]),
        "career": [{**tenure(world, life), "places": places(world, life)} for life in tenures_of(world, person)],
        "moves": [move_answer(world, move) for move in moves_of(world, person)],
        "at_once": at_once(world, person),
        "claims": claims_about(world, person),
        **touches(world, ("person", person)),
    }


def _day_of(told: list[Act], what: str) -> str | None:
    acts = [act for act in told if isinstance(act.change, e.LifeEvent) and act.change.what == what]
    best = min(acts, key=lambda act: act.rank, default=None)
    return text_of(best.day) if best else None


def _life_event(world: World, act: Act) -> Answer:
    assert isinstance(act.change, e.LifeEvent)
    return {
        "what": act.change.what,
        "effective": text_of(act.day),
        "place": act.change.place,
        "note": act.event.note,
        "cause": cause_of(act, world.instruments),
    }


def _name_states(world: World, acts: list[Act]) -> list[Answer]:
    """A person's names: the registered one from the beginning, others each from its day on."""
    found: list[Answer] = []
    for act in acts:
        change = act.change
        assert isinstance(change, e.PersonRegistered | e.PersonRenamed)
        first = isinstance(change, e.PersonRegistered)
        if found:
            found[-1]["until"] = iso(act.hi)
        found.append(
            {
                "from": None if first else iso(act.hi),
                "until": None,
                "grade": "certain" if act.proves else "presumed",
                "value": {"name": change.name},
                "cause": cause_of(act, world.instruments),
                "rivals": [],
            }
        )
    return found
