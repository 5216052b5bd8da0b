"""Causes: what an instrument, an entry or any act did, and the later acts by which that came to its end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from domain import changes as e
from domain.acts import Act
from domain.claims import Claim, Key, claims_of
from domain.lives import Life, text_of
from domain.orphans import hangs
from domain.things import introduced
from domain.world import World
from projections.deeds import HOW, Deed, Undoing, deeds_of, undoing
from projections.diff import ALTERS, ENDS, life_subject
from projections.structure import ATTRIBUTES, Answer, cause_of, instrument_answer, relation_id

FACTS = ("began", "ended", "shown", *dict.fromkeys(name for names in ATTRIBUTES.values() for name in names))
"""The order in which an answer tells what an act did to a thing; what is named nowhere here comes last."""


@dataclass
class Effect:
    """What *act* did as it is written, or, *implied*, what followed from it for one thing."""

    act: Act
    kind: str
    subject: Answer
    effective: str | None
    implied: bool
    deeds: list[Deed] = field(default_factory=list)
    idle: list[tuple[Key, str | None]] = field(default_factory=list)
    """The things that it is about and did nothing to, each with the tenure that it names."""

    @property
    def place(self) -> tuple[object, ...]:
        """Sorts effects by the order of effect, what followed after what is written."""
        return self.act.order, self.implied, self.kind, sorted(map(str, self.subject.items()))

    def answer(self, world: World) -> Answer:
        """{kind, subject, effective, implied, event, corrected_by, did}."""
        did: Answer = {}
        for deed in sorted(self.deeds, key=_in_order):
            thing = did.setdefault(_name_of(deed.key, deed.life), _thing(world, deed))
            thing["facts"][deed.fact] = _fact(world, deed)
        for key, tenure in self.idle:
            believed = _believed(world, self.act, key)
            did[tenure or relation_id(key)] = {
                "subject": _subject(key),
                "life": None,
                "believed": believed,
                "facts": {},
            }
        return {
            "kind": self.kind,
            "subject": self.subject,
            "effective": self.effective,
            "implied": self.implied,
            "event": self.act.target,
            "corrected_by": self.act.corrected_by,
            "did": did,
        }


def consequences(world: World, acts: list[Act]) -> Answer:
    """{effects, later}: what *acts* did, in the order of effect, and the acts by which it came to an end.

    *later*: instrument, or entry that rests on none → {instrument, entries, effective, events, undid}, in the order of
    effect; *undid*: how → the `ENTRY#n` of what it amended, repealed, replaced, ended or revived.
    """
    found = effects(world, acts)
    return {"effects": [effect.answer(world) for effect in found], "later": later(world, acts, found)}


def effects(world: World, acts: list[Act]) -> list[Effect]:
    """What *acts* did: each as recorded, then what followed from it, implied, in the order of effect."""
    return effects_by(world, acts, deeds_of(world, acts), lambda key: True)


def effects_by(world: World, acts: Iterable[Act], deeds: Iterable[Deed], wanted: Callable[[Key], bool]) -> list[Effect]:
    """The effects of *acts* that *deeds* make up; what an act does nothing to is told of the things *wanted*."""
    written: dict[str, Effect] = {}
    implied: dict[tuple[object, ...], Effect] = {}
    for act in acts:
        written[act.target] = Effect(act, act.change.kind, subject_of(act), text_of(act.day), False)
    for deed in deeds:
        if not deed.implied:
            written[deed.act.target].deeds.append(deed)
        elif deed.life is not None:
            kind = ENDS[deed.key[0]] if deed.fact == "ended" else ALTERS[deed.key[0], deed.fact]
            effective = deed.life.until if deed.fact == "ended" else text_of(deed.act.day)
            effect = Effect(deed.act, kind, life_subject(deed.life), effective, True)
            implied.setdefault((deed.act.target, kind, deed.key, deed.life.number), effect).deeds.append(deed)
    for effect in written.values():
        done = {deed.key for deed in effect.deeds}
        for claim in said(world, effect.act):
            if not wanted(claim.key):
                continue
            if effect.act.day is None:
                effect.deeds.append(Deed(effect.act, claim.key, "shown"))
            elif claim.key not in done:
                named = claim.tenure or claim.name if claim.key[0] == "tenure" else None
                effect.idle.append((claim.key, named))
    return sorted([*written.values(), *implied.values()], key=lambda effect: effect.place)


def later(world: World, acts: list[Act], found: list[Effect]) -> Answer:
    """The acts of others that amended, repealed or undid something of *found*, the effects of *acts*."""
    ours = {act.target for act in acts}
    issued = {deed.key[1]: deed.act for effect in found for deed in effect.deeds if deed.fact == "issued"}
    undone = [(u, deed.act) for effect in found for deed in effect.deeds if (u := undoing(world, deed)) is not None]
    for act in world.acts:
        if isinstance(act.change, e.InstrumentAmended) and act.change.instrument in issued:
            undone.append((Undoing("amended", act, text_of(act.day)), issued[act.change.instrument]))
    others = sorted((one for one in undone if one[0].act.target not in ours), key=lambda one: one[0].act.order)
    resting = {one.act.instrument for one, _ in others}
    groups: dict[str, list[tuple[Undoing, Act]]] = defaultdict(list)
    for one, act in others:
        entry = one.act.event.entry if one.act.event.entry not in resting else one.act.target
        groups[one.act.instrument or entry].append((one, act))
    return {name: _later(world, group) for name, group in groups.items()}


def _later(world: World, group: list[tuple[Undoing, Act]]) -> Answer:
    first = group[0][0].act
    issued = world.instruments.get(first.instrument) if first.instrument else None
    undid = {how: sorted({act for one, act in group if one.how == how}, key=lambda act: act.order) for how in HOW}
    return {
        "instrument": instrument_answer(issued) if issued else None,
        "entries": sorted({one.act.event.entry for one, _ in group}),
        "effective": text_of(first.day),
        "events": list(dict.fromkeys(one.act.target for one, _ in group)),
        "undid": {how: [act.target for act in acts] for how, acts in undid.items() if acts},
    }


# --- parts of an answer


def said(world: World, act: Act) -> list[Claim]:
    """What *act* says of things that something introduces."""
    return [claim for claim in claims_of(act, world.tenures.get) if hangs(claim, world.kinds)]


def _in_order(deed: Deed) -> tuple[Key, int, int, str]:
    place = FACTS.index(deed.fact) if deed.fact in FACTS else len(FACTS)
    return deed.key, deed.life.number if deed.life else -1, place, deed.fact


def _name_of(key: Key, life: Life | None) -> str:
    """The name of a thing in what was done to it: its id, that of the tenure, or the ids that it joins."""
    if key[0] == "tenure" and life is not None:
        return life.id
    return relation_id(key)


def _thing(world: World, deed: Deed) -> Answer:
    number = deed.life.number if deed.life else None
    subject = life_subject(deed.life) if deed.life else _subject(deed.key)
    return {"subject": subject, "life": number, "believed": _believed(world, deed.act, deed.key), "facts": {}}


def _believed(world: World, act: Act, key: Key) -> bool:
    return (act.target, key) not in world.lost


def _subject(key: Key) -> Answer:
    match key:
        case ("tenure", person, post):
            return {"person": person, "post": post}
        case ("relation", *_):
            return {"relation": relation_id(key)}
        case ("function", holder, function):
            return {"holder": holder, "function": function}
    return {key[0]: key[1]}


def _fact(world: World, deed: Deed) -> Answer:
    """{before, value, until, undone} of one fact."""
    undone = undoing(world, deed)
    told: Answer = {"before": deed.before, "value": deed.value, "until": None, "undone": None}
    if undone is not None:
        cause = cause_of(undone.act, world.instruments)
        told["until"] = undone.effective
        told["undone"] = {"how": undone.how, "implied": undone.implied, "cause": cause}
    return told


SUBJECTS = (
    *("unit", "post", "person", "from_post", "to_post", "tenure", "instrument", "source", "period"),
    *("subject", "relation", "object", "holder", "function", "about"),
)
"""The fields by which a change names what it is about."""


def subject_of(act: Act) -> Answer:
    """The ids that *act* is about, by what they are."""
    change = act.change
    match change:
        case e.PostCreated() | e.PostMoved() | e.PostAttested() | e.PostReinstated():
            return {"post": change.post}
        case e.UnitsReorganized():
            return {"units": sorted({*change.before, *introduced(change)})}
        case e.ListAttested():
            return {"scope": change.scope.model_dump(), "members": list(change.members)}
        case e.CoverageDeclared():
            return {"scope": change.scope.model_dump()}
        case e.UnnamedUnitsAbolished():
            return {"parent": change.parent} if change.parent else {}
        case e.QuantityObserved():
            return {"subject": change.subject, "quantity": change.quantity}
        case _:
            return {name: getattr(change, name) for name in SUBJECTS if getattr(change, name, None) is not None}
