"""Every act that ever touched a unit, post or person, with what it did to it."""

from __future__ import annotations

from domain import changes as e
from domain.acts import Act
from domain.claims import Key
from domain.world import World
from projections.causes import effects_by, said
from projections.deeds import deeds_on
from projections.structure import Answer, cause_of


def touches(world: World, key: Key) -> Answer:
    """{touched_by, instruments}: every act that ever touched *key*, and the instruments of these, each once.

    An act touches a unit, post or person if it did something to it, or to a tenure, relation or function of it; also if
    it is about it and changed nothing.
    """
    keys = {key, *(other for other in world.lives if _is_of(other, key))}
    deeds = [deed for one in keys for deed in deeds_on(world, one)]
    acts = {deed.act.target: deed.act for deed in deeds}
    for act in world.acts:
        if _is_about(act.change, key) or _claims_of(world, act, key):
            acts[act.target] = act
    found = effects_by(world, acts.values(), deeds, lambda other: other == key or _is_of(other, key))
    rows = [effect for effect in found if effect.deeds or effect.idle or _is_about(effect.act.change, key)]
    instruments = dict.fromkeys(effect.act.instrument for effect in rows if effect.act.instrument)
    return {
        "touched_by": [{**effect.answer(world), "cause": cause_of(effect.act, world.instruments)} for effect in rows],
        "instruments": list(instruments),
    }


def _claims_of(world: World, act: Act, key: Key) -> bool:
    """Whether *act* says something of *key*, or of what is a part of it."""
    return any(claim.key == key or _is_of(claim.key, key) for claim in said(world, act))


def _is_of(other: Key, key: Key) -> bool:
    """Whether *other* is a tenure, relation or function of *key*."""
    match other:
        case ("tenure", person, post):
            return key in (("person", person), ("post", post))
        case ("relation", subject, _, object_):
            return key[1] in (subject, object_) and key[0] != "person"
        case ("function", holder, _):
            return key[1] == holder and key[0] != "person"
    return False


def _is_about(change: e.Change, key: Key) -> bool:
    """Whether a claim, a list of nobody or the end of another unit speaks of *key*, of which it changes nothing."""
    match change:
        case e.QuantityObserved():
            return change.subject == key[1]
        case e.AssessmentMade() | e.StatementMade():
            return change.about == key[1]
        case e.CountClaimed():
            return key in (("post", change.post), ("unit", change.unit))
        case e.ListAttested():
            return key == ("post", change.scope.post) and change.closed and not change.members
        case e.UnitAbolished():
            return key[0] == "unit" and key[1] in change.successors
        case e.PersonRegistered():
            return key == ("person", change.person)
    return False
