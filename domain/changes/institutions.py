"""Changes that found an institution, and that bring, amend or end an instrument."""

from __future__ import annotations

from typing import Literal

from domain.changes.change import Change, Names, Text
from domain.dates import PartialDate
from domain.ids import Code, Id


class InstitutionDeclared(Change):
    """The institution's name and its code lists; an empty list allows any code."""

    DATED = False
    kind: Literal["institution-declared"] = "institution-declared"
    name: Names
    unit_kinds: tuple[Code, ...] = ()
    relations: tuple[Code, ...] = ()
    instrument_kinds: tuple[Code, ...] = ()
    notes: Names | None = None


class InstrumentIssued(Change):
    """A decree, order, law, regulation or constitution; what is unknown of it is null."""

    DATED = False
    kind: Literal["instrument-issued"] = "instrument-issued"
    instrument: Id
    instrument_kind: Code
    number: Text | None = None
    title: Names | None = None
    issuer: Text | None = None
    signed: PartialDate | None = None
    published: PartialDate | None = None
    in_force: PartialDate | None = None


class InstrumentAmended(Change):
    """The entry's instrument amends *instrument*."""

    kind: Literal["instrument-amended"] = "instrument-amended"
    instrument: Id


class InstrumentRepealed(Change):
    """The entry's instrument ends *instrument*; what *instrument* did stands until another act undoes it."""

    kind: Literal["instrument-repealed"] = "instrument-repealed"
    instrument: Id
