"""What is doubtful of a thing: rival claims side by side, and how its facts were read since they were recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.acts import Act, Known
from domain.changes import InstrumentIssued
from domain.claims import Claim, Key, claims_of
from domain.dates import AFTER_ALL, BEFORE_ALL, iso
from domain.lives import SHOWN_AFTERWARDS, Life, Rival, shown_by, text_of
from domain.world import World
from projections.diff import life_subject
from projections.record import record_of_thing
from projections.structure import Answer, cause_of


def doubts(world: World, known: Known, key: Key) -> Answer:
    """{disputes, record} of a unit, post or person."""
    return {"disputes": disputes(world, key), "record": record_of_thing(known, key)}


def disputes(world: World, key: Key) -> list[Answer]:
    """Rival claims on one fact side by side, of a unit, post or person and of all that its history tells of.

    [{subject, life, fact, believed: {value, cause, corroborated_by}, rivals: [{value, rule, contested, cause}]}]; the
    last day of *contested* is included.
    """
    lives = (life for other in sorted(_told_of(world, key)) for life in world.lives.get(other, ()))
    return [row for life in lives for row in _disputes_of(world, life)]


def _told_of(world: World, key: Key) -> set[Key]:
    """What the history of *key* tells of: itself, its tenures, its relations and functions."""
    kind, thing = key
    if kind == "person":
        return {tenure for tenure, _ in world.of_kind("tenure") if tenure[1] == thing}
    beside = {relation for relation, _ in world.of_kind("relation") if thing in (relation[1], relation[3])}
    beside |= {function for function, _ in world.of_kind("function") if function[1] == thing}
    return {key, *beside, *(world.tenures_by_post.get(thing, ()) if kind == "post" else ())}


def _disputes_of(world: World, life: Life) -> Iterable[Answer]:
    grouped: dict[tuple[str, str], dict[tuple[str, int], Rival]] = {}
    for rival in (*life.rivals, *life.denied, *life.rivals_of_a_day):
        claims = grouped.setdefault((rival.fact, rival.winner.target), {})
        claims[rival.loser.target, rival.lo] = rival
    for fact, winner in sorted(grouped, key=lambda one: (one[0] != "start", one[0] != "end", one)):
        claims = grouped[fact, winner]
        rivals = [claims[name] for name in sorted(claims)]
        yield {
            "subject": life_subject(life),
            "life": life.number,
            "fact": fact,
            "believed": {
                **side(world.instruments, rivals[0], rivals[0].winner),
                "corroborated_by": [cause_of(act, world.instruments) for act in _corroborating(life, rivals[0])],
            },
            "rivals": [
                {
                    **side(world.instruments, rival, rival.loser),
                    "rule": rival.rule,
                    "contested": [iso(rival.lo), iso(rival.hi)] if rival.lo <= rival.hi else None,
                }
                for rival in rivals
            ],
        }


def side(instruments: Mapping[str, InstrumentIssued], rival: Rival, act: Act) -> Answer:
    """{value, cause}: what *act*, one of the two of *rival*, claims; a day, for a start or an end.

    What shows a thing claims that it began by then; what shows it after an end that would follow from another act
    claims no end.
    """
    if rival.rule == SHOWN_AFTERWARDS:
        value: object = None if act is rival.winner else text_of(act.day)
    else:
        claim = next(
            (claim for claim in claims_of(act, lambda _: _of_tenure(rival.key)) if claim.key == rival.key), None
        )
        value = _claimed(claim, rival.fact) if claim else text_of(act.day)
    return {"value": value, "cause": cause_of(act, instruments)}


def _of_tenure(key: Key) -> tuple[str, str] | None:
    """Person and post of *key*, which an act that names a tenure by its id alone is known to be about."""
    return (key[1], key[2]) if key[0] == "tenure" else None


def _claimed(claim: Claim, fact: str) -> object:
    if fact not in ("start", "end"):
        return claim.values.get(fact)
    if claim.role == fact:
        return text_of(claim.act.day)
    return shown_by(claim.evidence[0][1])


def _corroborating(life: Life, rival: Rival) -> list[Act]:
    """The other acts that claim what is believed, or what is compatible with it, the best first."""
    if rival.rule == SHOWN_AFTERWARDS:
        return []
    if rival.fact == "start":
        acts = life.starts if rival.winner in life.starts else []
    elif rival.fact == "end":
        acts = life.end.claims if life.end and rival.winner in life.end.claims else []
    else:
        acts = _saying_so(life, rival)
    return sorted((act for act in acts if act is not rival.winner), key=lambda act: act.rank)


def _saying_so(life: Life, rival: Rival) -> list[Act]:
    """The acts that give a disputed attribute the value that is believed, with no other given by an act between."""
    given = life.values.get(rival.fact, ())
    believed = next((held for held in given if held.act is rival.winner), None)
    if believed is None:
        return []
    others = [held.day for held in given if held.given != "attested" and held.value != believed.value]
    since = max((day for day in others if day <= rival.lo), default=BEFORE_ALL)
    until = min((day for day in others if day > rival.lo), default=AFTER_ALL)
    return list(dict.fromkeys(held.act for held in given if held.value == believed.value and since <= held.day < until))
