"""The rows of a difference: one for each attribute or thing, of a kind, with the act that made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.acts import Act
from domain.changes import InstrumentIssued
from domain.claims import Key
from domain.lives import Grade
from projections.diff.told import Told
from projections.structure import Answer, cause_of, relation_id

BEGINS = {
    "unit": "unit-established",
    "post": "post-created",
    "tenure": "appointed",
    "relation": "relation-started",
    "function": "function-assigned",
}
ENDS = {
    "unit": "unit-abolished",
    "post": "post-abolished",
    "tenure": "released",
    "relation": "relation-ended",
    "function": "function-withdrawn",
}
KEEPS = ("units-reorganized", "unit-reinstated", "post-reinstated", "function-transferred")
"""The kinds of acts that name the row of what they begin or end."""

ATTESTED = {kind: f"{kind}-attested" for kind in BEGINS}
ALTERS = {
    ("unit", "name"): "unit-renamed",
    ("unit", "parent"): "unit-moved",
    ("post", "title"): "post-retitled",
    ("post", "unit"): "post-moved",
    ("post", "seats"): "seats-changed",
    ("post", "portfolio"): "portfolio-changed",
    ("tenure", "capacity"): "capacity-changed",
}
"""The kind of row for a difference of one attribute; another attribute's row is of the kind of its act."""


@dataclass(frozen=True)
class Row:
    """One difference; *grades* are those of the thing before and after, None where it does not stand."""

    kind: str
    key: Key
    before: Answer | None
    after: Answer | None
    act: Act
    effective: str | None
    implied: bool
    grades: tuple[Grade | None, Grade | None]
    subject: Answer

    def place(self) -> tuple[object, ...]:
        """Sorts rows by the order of effect of their acts."""
        return self.act.order, self.kind, sorted(map(str, self.subject.items()))

    def answer(self, instruments: Mapping[str, InstrumentIssued], backwards: bool = False) -> Answer:
        """The row as the contract has it; *backwards* with before and after exchanged."""
        before, after = (self.after, self.before) if backwards else (self.before, self.after)
        grades = self.grades[::-1] if backwards else self.grades
        return {
            "kind": self.kind,
            "subject": self.subject,
            "before": before,
            "after": after,
            "effective": self.effective,
            "grade": grades[1] or grades[0],
            "implied": self.implied,
            "cause": cause_of(self.act, instruments),
        }


def life_subject(life: Told) -> Answer:
    """The ids by which a row names the thing that *life* is of."""
    match life.key:
        case ("tenure", person, post):
            return {"person": person, "post": post, "tenure": life.id}
        case ("relation", *_):
            return {"relation": relation_id(life.key)}
        case ("function", holder, function):
            return {"holder": holder, "function": function}
        case (kind, thing):
            return {kind: thing}
    raise AssertionError(life.key)
