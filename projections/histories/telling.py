"""What the histories of things share: states in time, what a thing was called last, what is said about it."""

from __future__ import annotations

from domain import changes as e
from domain.acts import Act
from domain.claims import Key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day, iso
from domain.errors import NowCalled, UnknownThing
from domain.lives import Life, Rival, text_of
from domain.world import World
from projections.structure import ATTRIBUTES, Answer, cause_of

CLAIMS = (e.AssessmentMade, e.StatementMade, e.QuantityObserved, e.CountClaimed)
"""The kinds of claims: what somebody says, and what changes nothing."""


def require_known(world: World, institution: str, kind: str, thing: str) -> None:
    """See that *thing* is known as a thing of *kind*. Raises: UnknownThing, NowCalled."""
    first = world.unified.get(thing)
    if first is not None and world.kinds.get(first, kind) == kind:
        raise NowCalled(institution, thing, first)
    if world.kinds.get(thing) != kind:
        raise UnknownThing(institution, kind, thing)


def last_value(world: World, key: Key, attribute: str) -> object:
    """The last value that is known of *attribute*."""
    for life in reversed(world.lives.get(key, [])):
        value = life.value(attribute, AFTER_ALL)
        if value is not None:
            return value
    held = world.first.get(key, {}).get(attribute)
    return held.value if held else None


def person_name(world: World, person: str) -> object:
    """The name that *person* bears last."""
    return world.person_names.get(person)


def states(world: World, key: Key) -> list[Answer]:
    """The states of a thing in time: [{from, until, grade, value, cause, rivals}], *until* exclusive.

    From null: since before any day that is known; until null: nothing ends it.
    """
    lives = world.lives.get(key, [])
    days = sorted({BEFORE_ALL}.union(*(life.change_days() for life in lives)))
    found: list[Answer] = []
    for day, following in zip(days, [*days[1:], AFTER_ALL], strict=True):
        shown = world.shown(key, max(day, BEFORE_ALL + 1))
        if shown is None:
            continue
        life, grade = shown
        state: Answer = {
            "from": iso(day),
            "until": iso(following),
            "life": life.number,
            "grade": grade,
            "contested": life.contested(max(day, BEFORE_ALL + 1)),
            "value": {name: life.value(name, day) for name in ATTRIBUTES[key[0]]},
            "cause": cause_of(_cause_on(life, day), world.instruments),
            "rivals": [rival_answer(world, life, rival) for rival in life.rivals],
        }
        if found and found[-1]["until"] == state["from"] and _same(found[-1], state):
            found[-1]["until"] = state["until"]
        else:
            found.append(state)
    return found


def _same(one: Answer, other: Answer) -> bool:
    return all(one[name] == other[name] for name in one if name not in ("from", "until"))


def _cause_on(life: Life, day: Day) -> Act:
    """The last act that gave the life a value by *day*; its beginning, if none did."""
    given = [
        held
        for held in (life.held(name, day) for name in ATTRIBUTES[life.key[0]])
        if held is not None and held.given in ("act", "implied", "attested") and held.day <= day
    ]
    return max((held.act for held in given), key=lambda act: act.order, default=life.cause)


def rival_answer(world: World, life: Life, rival: Rival) -> Answer:
    """A claim that is not believed, beside the one that is, with the rule that chose."""
    return {
        "fact": rival.fact,
        "claimed": _claimed(rival.loser, rival.fact),
        "believed": _claimed(rival.winner, rival.fact),
        "rule": rival.rule,
        "contested": [iso(rival.lo), iso(rival.hi)] if rival.lo <= rival.hi else None,
        "cause": cause_of(rival.loser, world.instruments),
    }


def _claimed(act: Act, fact: str) -> object:
    return text_of(act.day) if fact in ("start", "end") else getattr(act.change, fact, None)


def claims_about(world: World, thing: str) -> list[Answer]:
    """What is said about a thing: assessments, statements, numbers and counts, in the order of their days."""
    found: list[Answer] = []
    for act in world.acts:
        change = act.change
        of = ("subject",) if isinstance(change, e.QuantityObserved) else ("about", "post", "unit")
        subjects = {getattr(change, name, None) for name in of}
        if isinstance(change, CLAIMS) and thing in subjects:
            said = {name: value for name, value in change.model_dump(mode="json").items() if name not in e.ENVELOPE}
            row = {"event": act.target, "kind": change.kind, "effective": text_of(act.day), "said": said}
            found.append({**row, "cause": cause_of(act, world.instruments)})
    return found
