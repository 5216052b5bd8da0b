"""An entry, and the instrument that it may bring: the model, and the events that recording it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from domain.changes import (
    AnyChange,
    Basis,
    Change,
    Frozen,
    GivenBy,
    InstitutionDeclared,
    InstrumentIssued,
    Names,
    SourceRef,
    Text,
)
from domain.dates import PartialDate
from domain.errors import EntryRefused, Reason
from domain.events import Event, make_event
from domain.ids import Code, Id


class InstrumentGiven(Frozen):
    """The instrument that an entry brings; *id* defaults to the entry's, what is unknown is null."""

    id: Id | None = None
    kind: Code
    number: Text | None = None
    title: Names | None = None
    issuer: Text | None = None
    signed: PartialDate | None = None
    published: PartialDate | None = None
    in_force: PartialDate | None = None

    def issued_by(self, entry: str) -> InstrumentIssued:
        """The change that stands first in *entry* for this instrument."""
        facts = {name: getattr(self, name) for name in InstrumentGiven.model_fields if name not in ("id", "kind")}
        return InstrumentIssued(instrument=self.id or entry, instrument_kind=self.kind, **facts)


def _no_instrument(change: Change) -> Change:
    if isinstance(change, InstrumentIssued):
        raise ValueError("an instrument is written under `instrument` of the entry, not as a change")
    return change


def _without_instruments(schema: dict[str, Any]) -> None:
    """Let the schema of the changes of an entry tell of the same."""
    kinds = schema["items"]["discriminator"]["mapping"]
    issued = {"$ref": kinds.pop(InstrumentIssued.model_fields["kind"].default)}
    schema["items"]["oneOf"].remove(issued)


class Entry(Frozen):
    """An entry as its editor wrote it: whole or not at all recorded."""

    entry: Id
    instrument: Annotated[
        Annotated[InstrumentGiven, Tag("given")] | Annotated[Id | None, Tag("cited")],
        Discriminator(lambda given: "given" if isinstance(given, Mapping | InstrumentGiven) else "cited"),
    ] = None
    effective: PartialDate | None = None
    sources: tuple[SourceRef, ...] = ()
    changes: Annotated[
        tuple[Annotated[AnyChange, AfterValidator(_no_instrument)], ...],
        Field(json_schema_extra=_without_instruments),
    ]

    @model_validator(mode="after")
    def _says_something(self) -> Entry:
        if not self.changes and not isinstance(self.instrument, InstrumentGiven):
            raise ValueError("an entry holds a change, or brings an instrument")
        return self

    @property
    def founds(self) -> InstitutionDeclared | None:
        """The declaration by which this entry may found an institution: its first change."""
        first = self.changes[0] if self.changes else None
        return first if isinstance(first, InstitutionDeclared) else None

    def numbered(self) -> Iterator[tuple[int, Change]]:
        """The changes with their numbers; 0 is the instrument that the entry brings."""
        if isinstance(self.instrument, InstrumentGiven):
            yield 0, self.instrument.issued_by(self.entry)
        yield from enumerate(self.changes, 1)

    def events(
        self, institution: str, recorded_by: str, issued: Callable[[str], InstrumentIssued | None]
    ) -> list[Event]:
        """The events that recording this entry makes; *issued* answers instruments of earlier entries.

        Raises: EntryRefused, where a day is needed and none is found.
        """
        instrument: InstrumentIssued | None
        if isinstance(self.instrument, InstrumentGiven):
            instrument = self.instrument.issued_by(self.entry)
        else:
            instrument = issued(self.instrument) if self.instrument else None
        cited = self.instrument if isinstance(self.instrument, str) else None
        events, undated = [], []
        for number, change in self.numbered():
            day, given_by = self._day_of(change, instrument)
            if day is None and change.DATED:
                undated.append(
                    Reason("no-effective", number, None, f"{change.kind} needs the day on which it takes effect")
                )
            events.append(
                make_event(
                    institution,
                    self.entry,
                    number,
                    change,
                    effective=day,
                    given_by=given_by,
                    basis=basis_of(change, given_by),
                    instrument=instrument.instrument if instrument else cited,
                    sources=change.sources or self.sources,
                    recorded_by=recorded_by,
                )
            )
        if undated:
            raise EntryRefused(self.entry, undated)
        return events

    def _day_of(self, change: Change, instrument: InstrumentIssued | None) -> tuple[PartialDate | None, GivenBy | None]:
        if change.given("effective"):
            return change.effective, "written" if change.effective else None
        if self.effective:
            return self.effective, "written"
        return default_day(instrument)

    def written(self) -> dict[str, Any]:
        """The entry as plain data, with the fields its editor gave and no others."""
        return self.model_dump(mode="json", exclude_unset=True)


def default_day(instrument: InstrumentIssued | None) -> tuple[PartialDate | None, GivenBy | None]:
    """The day that an instrument gives to a change without one, and which of its days it is."""
    if instrument and instrument.in_force:
        return instrument.in_force, "in-force"
    if instrument and instrument.signed:
        return instrument.signed, "signed"
    return None, None


def basis_of(change: Change, given_by: GivenBy | None) -> Basis:
    """How *change* is based: a signing day is a default, a day in force is stated."""
    if change.basis == "inferred":
        return "inferred"
    return "instrument-default" if given_by == "signed" else "stated"
