"""Changes that say how others are to be read: corrected, annulled, preferred, unified, erased."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from domain.changes.change import Change, Text
from domain.changes.facts import FactChange
from domain.changes.institutions import InstrumentIssued
from domain.ids import ChangeName, Id, Target


class Corrected(Change):
    """*target* is to be read as *change*, whole; its day and sources, left out, are the target's."""

    DATED = False
    kind: Literal["corrected"] = "corrected"
    target: ChangeName
    change: FactChange
    reason: Text

    @model_validator(mode="after")
    def _one_change(self) -> Corrected:
        if "#" not in self.target:
            raise ValueError("a correction names one change, as ENTRY#n")
        if self.target.endswith("#0") != isinstance(self.change, InstrumentIssued):
            raise ValueError("ENTRY#0, and it alone, is corrected by an instrument-issued")
        return self


class Annulled(Change):
    """*target*, a change or a whole entry, is to be read as never recorded."""

    DATED = False
    kind: Literal["annulled"] = "annulled"
    target: Target
    reason: Text


class ReadingPreferred(Change):
    """Of rival claims on one fact, *target* is to be believed; of two preferred, the one recorded later."""

    DATED = False
    kind: Literal["reading-preferred"] = "reading-preferred"
    target: ChangeName
    reason: Text

    @model_validator(mode="after")
    def _one_change(self) -> ReadingPreferred:
        if "#" not in self.target:
            raise ValueError("a preferred reading names one change, as ENTRY#n")
        return self


class IdentitiesUnified(Change):
    """*ids* are one thing: the first lives on, the others are other names of it."""

    DATED = False
    kind: Literal["identities-unified"] = "identities-unified"
    ids: Annotated[tuple[Id, ...], Field(min_length=2, max_length=100)]
    reason: Text

    @model_validator(mode="after")
    def _once_each(self) -> IdentitiesUnified:
        if len(set(self.ids)) < len(self.ids):
            raise ValueError("an id stands twice")
        return self


class Redacted(Change):
    """What *targets* say is erased for good, and shown to nobody, whatever position is asked for."""

    DATED = False
    kind: Literal["redacted"] = "redacted"
    targets: Annotated[tuple[ChangeName, ...], Field(min_length=1, max_length=10_000)]
    scope: Text
    ground: Text

    @model_validator(mode="after")
    def _changes(self) -> Redacted:
        if any("#" not in target for target in self.targets):
            raise ValueError("a redaction names changes, as ENTRY#n")
        return self


class Erased(Change):
    """A change of *kind* that was recorded and then erased: nothing is left of what it said. No entry can say it."""


Control: TypeAlias = Corrected | Annulled | ReadingPreferred | IdentitiesUnified | Redacted
"""The changes that say how others are to be read."""

CONTROLS = (Corrected, Annulled, ReadingPreferred, IdentitiesUnified, Redacted)
