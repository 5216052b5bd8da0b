"""What stood on a day: units, posts with their holders, relations, each with grade, bounds and cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from domain.acts import Act
from domain.changes import InstrumentIssued, QuantityObserved
from domain.claims import Key, post_key
from domain.dates import Day, iso
from domain.events import Event
from domain.lives import GRADES, Grade, Life, one_life
from domain.vacancy import vacancy
from domain.world import World

Answer: TypeAlias = dict[str, Any]
"""A part of an answer as the contract has it: JSON values under the contract's names."""

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "unit": ("name", "kind", "parent", "order"),
    "post": ("title", "unit", "seats", "portfolio"),
    "tenure": ("capacity",),
    "relation": (),
    "function": ("text",),
}
"""What is said of a thing beside its span, by kind of thing."""

DIFFED = ("units", "posts", "relations", "functions", "quantities")
"""The parts of a structure that differences and patches are about."""


def instrument_answer(instrument: InstrumentIssued) -> Answer:
    """An instrument as answers show it; what is unknown of it is null."""
    return {
        "id": instrument.instrument,
        "kind": instrument.instrument_kind,
        "number": instrument.number,
        "title": instrument.title,
        "issuer": instrument.issuer,
        "signed": instrument.signed.text if instrument.signed else None,
        "published": instrument.published.text if instrument.published else None,
        "in_force": instrument.in_force.text if instrument.in_force else None,
    }


def cause_of(act: Act, instruments: Mapping[str, InstrumentIssued]) -> Answer:
    """The entry, instrument, provision and sources behind a fact, and the event: `ENTRY#n`."""
    return _cause(act.event, act, act.corrected_by, instruments)


def event_cause(event: Event, instruments: Mapping[str, InstrumentIssued]) -> Answer:
    """The same of a recorded event, as it was written."""
    return _cause(event, event, None, instruments)


def _cause(
    event: Event, read: Act | Event, corrected_by: str | None, instruments: Mapping[str, InstrumentIssued]
) -> Answer:
    issued = instruments.get(event.instrument) if event.instrument else None
    return {
        "entry": event.entry,
        "event": event.target,
        "corrected_by": corrected_by,
        "instrument": instrument_answer(issued) if issued else None,
        "provision": read.provision,
        "sources": [source.model_dump() for source in read.sources],
    }


@dataclass
class Snapshot:
    """A world as it stood on *day*, down to the grade *lowest*."""

    world: World
    day: Day
    lowest: Grade = "possible"

    @cached_property
    def lives(self) -> dict[Key, tuple[Life, Grade]]:
        """What stands, with its grade."""
        found = ((key, self.world.shown(key, self.day, self.lowest)) for key in self.world.lives)
        return {key: life for key, life in found if life is not None}

    @cached_property
    def tenures(self) -> dict[str, list[tuple[Life, Grade]]]:
        """The tenures that stand, by post that stands; one person may have two in one post."""
        found: dict[str, list[tuple[Life, Grade]]] = {}
        for key, lives in self.world.of_kind("tenure"):
            for life in lives if post_key(key[2]) in self.lives else ():
                grade = life.grade(self.day)
                if grade is not None and GRADES.index(grade) <= GRADES.index(self.lowest):
                    found.setdefault(key[2], []).append((life, grade))
        return found

    def unattested(self) -> int:
        """How many things are left out because no source shows them as early as that day."""
        if self.lowest == "unattested":
            return 0
        return sum(
            any(life.grade(self.day) == "unattested" for life in lives)
            for key, lives in self.world.lives.items()
            if key not in self.lives
        )

    def same(self, life: Life) -> Life | None:
        """The life that *life*, shown on another day or as known before, is in this world."""
        return next((one for one in self.world.lives.get(life.key, ()) if one_life(one, life)), None)

    def vacancy(self, post: str) -> str:
        """How far a post that stands is held."""
        return vacancy(self.world, post, self.lives[post_key(post)][0], self.day)

    def act(self, target: str) -> Act | None:
        """The act of that `ENTRY#n`."""
        return self._acts.get(target)

    @cached_property
    def _acts(self) -> dict[str, Act]:
        return {act.target: act for act in self.world.acts}

    # --- the parts of an answer

    def unit(self, life: Life, grade: Grade) -> Answer:
        """A unit as the structure shows it."""
        return self._thing(life, grade)

    def post(self, life: Life, grade: Grade) -> Answer:
        """A post as the structure shows it, with its holders by tenure."""
        post = life.key[1]
        holders = {tenure.id: self.holder(tenure, held) for tenure, held in self.tenures.get(post, ())}
        thing = self._thing(life, grade)
        thing["vacancy"] = vacancy(self.world, post, life, self.day)
        thing["holders"] = dict(sorted(holders.items()))
        return thing

    def holder(self, life: Life, grade: Grade) -> Answer:
        """A tenure as the structure shows it under its post."""
        return {"person": life.key[1], **self._thing(life, grade)}

    def relation(self, life: Life, grade: Grade) -> Answer:
        """A relation as the structure shows it."""
        _, subject, relation, object_ = life.key
        return {"subject": subject, "object": object_, "relation": relation, **self._thing(life, grade)}

    def function(self, life: Life, grade: Grade) -> Answer:
        """A function at its holder as the structure shows it."""
        _, holder, function = life.key
        return {"holder": holder, "function": function, **self._thing(life, grade)}

    @cached_property
    def quantities(self) -> dict[str, Answer]:
        """The numbers given for that day, by event: certain if stated for the day alone, else possible."""
        found = {}
        for act in self.world.acts:
            if isinstance(act.change, QuantityObserved) and act.day and act.lo <= self.day <= act.hi:
                grade: Grade = "certain" if act.proves and act.lo == act.hi else "possible"
                if GRADES.index(grade) <= GRADES.index(self.lowest):
                    found[act.target] = self._quantity(act, act.change, grade)
        return found

    def _quantity(self, act: Act, change: QuantityObserved, grade: Grade) -> Answer:
        return {
            **quantity_values(act, change),
            "grade": grade,
            "cause": cause_of(act, self.world.instruments),
        }

    def _thing(self, life: Life, grade: Grade) -> Answer:
        values = {name: life.value(name, self.day) for name in ATTRIBUTES[life.key[0]]}
        evidence = life.evidence
        return {
            **values,
            "grade": grade,
            "since": life.since,
            "until": life.until,
            "evidence": iso(evidence) if evidence is not None else None,
            "contested": life.contested(self.day),
            "cause": cause_of(life.cause, self.world.instruments),
        }


def quantity_values(act: Act, change: QuantityObserved) -> Answer:
    """What *act* says of a number: {subject, quantity, value, unit, approximate, claimant, effective}."""
    return {
        "subject": change.subject,
        "quantity": change.quantity,
        "value": change.value,
        "unit": change.unit,
        "approximate": change.approximate,
        "claimant": change.claimant,
        "effective": act.day.text if act.day else None,
    }


def relation_id(key: Key) -> str:
    """`subject|relation|object`: the name of a relation in answers."""
    return "|".join(key[1:])


def structure(world: World, day: Day, lowest: Grade = "possible") -> Answer:
    """The units, posts and relations of *world* on *day*, keyed by id, down to the grade *lowest*."""
    snapshot = Snapshot(world, day, lowest)
    parts: dict[str, dict[str, Answer]] = {part: {} for part in DIFFED}
    for key, (life, grade) in sorted(snapshot.lives.items()):
        match key[0]:
            case "unit":
                parts["units"][key[1]] = snapshot.unit(life, grade)
            case "post":
                parts["posts"][key[1]] = snapshot.post(life, grade)
            case "relation":
                parts["relations"][relation_id(key)] = snapshot.relation(life, grade)
            case "function":
                parts["functions"][life.id] = snapshot.function(life, grade)
    parts["functions"] = dict(sorted(parts["functions"].items()))
    parts["quantities"] = dict(sorted(snapshot.quantities.items()))
    return {**parts, "unattested": snapshot.unattested()}
