"""The whole history of one unit, post, person, instrument or entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain import changes as e
from domain.acts import Act, Known
from domain.claims import Key, post_key, unit_key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day, iso
from domain.errors import NowCalled, UnknownThing
from domain.events import Event
from domain.lives import GRADES, Held, Life, Rival, text_of
from domain.world import World
from projections.causes import consequences
from projections.coverage import coverages, covers, folded_without
from projections.doubt import doubts
from projections.learned import Step, steps_between
from projections.lineage import lineage
from projections.moves import (
    Move,
    at_once,
    by_start,
    last_day,
    move_answer,
    moves_of,
    place,
    places,
    tenures_of,
)
from projections.record import record_of_entry, record_of_instrument
from projections.structure import ATTRIBUTES, Answer, cause_of, instrument_answer, relation_id
from projections.succession import neighbours, occupancy
from projections.taught import EventsOf, altered, taught
from projections.touched import touches

CLAIMS = (e.AssessmentMade, e.StatementMade, e.QuantityObserved, e.CountClaimed)
"""The kinds of claims: what somebody says, and what changes nothing."""


def unit_history(world: World, institution: str, unit: str) -> Answer:
    """{id, name, states, lineage, posts, units, relations, functions, mandates, claims, …} of a unit.

    And {touched_by, instruments}: the acts that ever touched it.

    Raises: UnknownThing; NowCalled, of an id that was unified with another.
    """
    _require(world, institution, "unit", unit)
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
        "claims": _claims(world, unit),
        **touches(world, key),
    }


def post_history(world: World, institution: str, post: str) -> Answer:
    """{id, title, states, holders, occupancy, relations, functions, claims, touched_by, instruments} of a post.

    Raises: UnknownThing, NowCalled.
    """
    _require(world, institution, "post", post)
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
        "claims": _claims(world, post),
        **touches(world, key),
    }


def person_history(world: World, institution: str, person: str) -> Answer:
    """{id, name, names, born, died, events, states, career, moves, at_once, claims} of a person.

    Raises: UnknownThing, NowCalled.
    """
    _require(world, institution, "person", person)
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
        "claims": _claims(world, person),
        **touches(world, ("person", person)),
    }


def instrument_history(world: World, institution: str, instrument: str) -> Answer:
    """{id, title, kind, number, …, entries, states, effects, later, displaced, amended_by, repealed_by}.

    Raises: UnknownThing.
    """
    issued = world.instruments.get(instrument)
    if issued is None:
        raise UnknownThing(institution, "instrument", instrument)
    acts = [act for act in world.acts if act.instrument == instrument]
    amended = _acts_on(world, e.InstrumentAmended, instrument)
    repealed = _acts_on(world, e.InstrumentRepealed, instrument)
    issue = min((a for a in acts if isinstance(a.change, e.InstrumentIssued)), key=lambda act: act.rank)
    first = issued.in_force or issued.signed
    state: Answer = {
        "from": iso(first.latest) if first else None,
        "until": iso(min(act.hi for act in repealed)) if repealed else None,
        "grade": "certain" if issue.proves else "presumed",
        "value": instrument_answer(issued),
        "cause": cause_of(issue, world.instruments),
        "rivals": [],
    }
    return {
        **instrument_answer(issued),
        "entries": sorted({act.event.entry for act in acts}),
        "states": [state],
        **consequences(world, acts),
        "displaced": lost_offices(world, acts),
        "amended_by": [cause_of(act, world.instruments) for act in amended],
        "repealed_by": [cause_of(act, world.instruments) for act in repealed],
        "claims": _claims(world, instrument),
    }


def entry_history(
    world: World,
    known: Known,
    institution: str,
    entry: str,
    taught_it: Answer | None = None,
    covered: Answer | None = None,
) -> Answer:
    """{id, title, instrument, …, changes, effects, covers, later, displaced, record, learned, altered}.

    *taught_it*: what was learned by it, *covered*: what it makes known by declaring the record complete, if those are
    found already. Raises: UnknownThing.
    """
    rows = [(position, event) for position, event in known.rows if event.entry == entry]
    if not rows:
        raise UnknownThing(institution, "entry", entry)
    acts = [act for act in world.acts if act.event.entry == entry]
    live = {act.target: act for act in acts}
    left = [event for _, event in rows if not event.erased]
    first = left[0] if left else rows[0][1]
    issued = world.instruments.get(first.instrument) if first.instrument else None
    return {
        "id": entry,
        "title": issued.title if issued else None,
        "instrument": instrument_answer(issued) if issued else None,
        "positions": [rows[0][0], rows[-1][0]],
        "recorded_by": first.recorded_by if left else None,
        "changes": [_change_answer(event, live.get(event.target), known.redacted) for _, event in rows],
        "states": [],
        **consequences(world, acts),
        "covers": covers(coverages(acts, entry), folded_without(known, world)) if covered is None else covered,
        "displaced": lost_offices(world, acts_by(world, {event.target for _, event in rows})),
        "record": record_of_entry(known, entry),
        **(taught_it or _taught_by(known, rows[0][0], rows[-1][0])),
    }


def _taught_by(known: Known, first: int, last: int) -> Answer:
    """What the entry from *first* to *last* taught, when it was recorded."""
    steps = steps_between(Known(known.rows[:last], known.redacted), first - 1)
    return taught_by(steps, lambda name: [event for _, event in known.rows if event.entry == name])


def taught_by(steps: Sequence[Step], events_of: EventsOf) -> Answer:
    """{learned, altered}: what the entries of *steps* taught."""
    return {"learned": taught(steps, events_of), "altered": altered(steps, events_of)}


def acts_by(world: World, targets: set[str]) -> list[Act]:
    """The acts of *targets*, and those that they correct."""
    return [act for act in world.acts if act.target in targets or act.corrected_by in targets]


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


# --- parts of histories


def _require(world: World, institution: str, kind: str, thing: str) -> None:
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


def tenure(world: World, life: Life) -> Answer:
    """One tenure of a career or of a post's holders: its span, its surest grade, why it began and ended."""
    _, person, post = life.key
    end = life.end
    surest = min((life.grade(day) or "unattested" for day in life.change_days()), key=GRADES.index, default=None)
    held: Held | None = life.held("capacity", AFTER_ALL)
    return {
        "tenure": life.id,
        "person": person,
        "name": person_name(world, person),
        "post": post,
        "title": last_value(world, post_key(post), "title"),
        "unit": last_value(world, post_key(post), "unit"),
        "capacity": held.value if held else None,
        "since": life.since,
        "until": life.until,
        "evidence": iso(life.evidence) if life.evidence is not None else None,
        "grade": surest,
        "contested": bool(life.disputes),
        "ground": getattr(end.act.change, "ground", None) if end and not end.implied else None,
        "implied": end.implied if end else False,
        "cause": cause_of(life.cause, world.instruments),
        "reappointed": [cause_of(act, world.instruments) for act in life.acts if _again(life, act)],
        "ended_by": cause_of(end.act, world.instruments) if end else None,
        "rivals": [rival_answer(world, life, rival) for rival in life.rivals],
    }


def _again(life: Life, act: Act) -> bool:
    """Whether *act* appointed a standing holder again: a further cause of the same tenure."""
    return isinstance(act.change, e.Appointed) and act not in life.starts


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


def _claims(world: World, thing: str) -> list[Answer]:
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


def _acts_on(world: World, change: type[e.InstrumentAmended | e.InstrumentRepealed], instrument: str) -> list[Act]:
    return [act for act in world.acts if isinstance(act.change, change) and act.change.instrument == instrument]


def _change_answer(event: Event, act: Act | None, redacted: frozenset[str]) -> Answer:
    """A recorded change as it was written, and as it reads now: `live` null if annulled, all null if erased."""
    if event.target in redacted:
        nothing: Answer = {"effective": None, "change": None, "provision": None, "sources": [], "note": None}
        return {"event": event.target, "kind": event.kind, "redacted": True, **nothing}
    row: Answer = {
        "event": event.target,
        "kind": event.kind,
        "redacted": False,
        "effective": text_of(event.effective),
        "change": event.change.model_dump(mode="json"),
        "provision": event.provision,
        "sources": [source.model_dump() for source in event.sources],
        "note": event.note,
    }
    if not isinstance(event.change, e.CONTROLS) and (act is None or act.corrected_by):
        row["live"] = None if act is None else act.change.model_dump(mode="json")
        row["corrected_by"] = act.corrected_by if act else None
    return row


def displaced(world: World, acts: list[Act]) -> Answer:
    """Who lost office by *acts*, and where they went: {person: {post, to}}; to null if nowhere that is known."""
    ours = {act.target for act in acts}
    found: Answer = {}
    for key, lives in sorted(world.of_kind("tenure")):
        for life in lives:
            if life.end and life.end.act.target in ours:
                found[key[1]] = {"post": key[2], "to": _next_post(world, life, ours)}
    return found


def lost_offices(world: World, acts: list[Act]) -> Answer:
    """The same with every post that each lost: {person: {post, to, left: {tenure: {…}}}}.

    Of a tenure: {name, post, title, until, ground, implied, cause, kept, move}. *kept* are the posts in which the
    person surely went on, *move* is where they went, by whatever act and however much later; null if nowhere that is
    known.
    """
    ours = {act.target for act in acts}
    found = displaced(world, acts)
    for person, lost in found.items():
        moves = moves_of(world, person)
        lives = tenures_of(world, person)
        lost["left"] = {
            life.id: _lost_office(world, life, lives, moves)
            for life in lives
            if life.end and life.end.act.target in ours
        }
    return found


def _lost_office(world: World, life: Life, lives: list[Life], moves: list[Move]) -> Answer:
    told, after = tenure(world, life), min(life.e_hi, AFTER_ALL - 1)
    move = next((move for move in moves if any(one is life for one in move.left)), None)
    kept = {one.key[2] for one in lives if one is not life and one.grade(after) in ("certain", "presumed")}
    gone = {one.key[2] for one in move.taken} if move else set()
    return {
        "name": told["name"],
        "post": life.key[2],
        "title": place(world, life.key[2], last_day(life))["title"],
        "until": told["until"],
        "ground": told["ground"],
        "implied": told["implied"],
        "cause": told["ended_by"],
        "kept": sorted(kept - gone),
        "move": move_answer(world, move) if move else None,
    }


def _next_post(world: World, left: Life, ours: set[str]) -> str | None:
    """The post taken by the same acts, else one taken on a day that can be that of leaving."""
    person, post = left.key[1], left.key[2]
    others = [life for life in tenures_of(world, person) if life.key[2] != post]
    by_same = [life for life in others if any(act.target in ours for act in life.starts)]
    that_day = [life for life in others if life.starts and life.s_lo <= left.e_hi and left.e_lo <= life.s_hi]
    taken = by_same or that_day
    return min(taken, key=by_start).key[2] if taken else None
