"""What an entry would do, as a page tells it before anything is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from api.pages.naming import Named, Naming, ids_in
from api.pages.telling import Row, grouped, rows, subject_pieces
from api.pages.texts import Texts
from api.readings import Readings
from domain.entries import Entry, canonical_yaml
from domain.errors import Reason
from domain.ids import split_target
from domain.recording import Registers
from projections.preview import preview
from projections.structure import Answer

NAMED = (("unit", "name"), ("person", "name"), ("post", "title"))
"""What of a change says what a thing is called."""


@dataclass(frozen=True)
class Forecast:
    """What recording would change, find and refuse, on a log that ends at *head*; *seen* is the entry it is of."""

    head: str
    seen: str
    again: bool
    """Whether the entry is recorded already, with the same content."""
    changes: list[Row]
    findings: list[Answer]
    displaced: Answer
    refusals: list[Reason]
    naming: Naming
    left_out: Answer | None = None
    """The days of which no changes are told, for there are too many."""

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        """The changes under their heads."""
        return grouped(self.changes)


def seen_of(entry: Entry) -> str:
    """A short name of an entry's content, to know it again."""
    return sha256(canonical_yaml(entry)).hexdigest()[:32]


def forecast(
    registers: Registers, readings: Readings, institution: str, entry: Entry, by: str, texts: Texts
) -> Forecast:
    """What recording *entry* would do now."""
    with registers.trying(institution) as (head, history):
        told = preview(history, [entry], by)
        again = bool(history.entry(entry.entry)) and not told["refusals"]
    changes = rows(told["diff"]["changes"], texts, learned=True)
    findings = [{**row, "of": subject_pieces(row["subject"], texts)} for row in told["findings"]]
    naming = _naming(readings, institution, entry, told)
    refusals = [Reason(**reason) for refusal in told["refusals"] for reason in refusal["reasons"]]
    left = told["diff"]["left_out"]
    return Forecast(head.hash, seen_of(entry), again, changes, findings, told["displaced"], refusals, naming, left)


def _naming(readings: Readings, institution: str, entry: Entry, told: Answer) -> Naming:
    """What things are called in the record; of those that the entry brings, in the entry."""
    naming = Naming()
    head = readings.registers.log.head(institution)
    if head.position:
        with readings.at(institution, head.position) as reading:
            naming.learn(reading, ids_in([told["diff"], told["findings"], told["displaced"]]))
    for thing, names in _called(entry.written()):
        naming.things.setdefault(thing, Named(thing, names, None))
    return naming


def _called(part: Any) -> Iterator[tuple[str, Mapping[str, str]]]:
    if isinstance(part, Mapping):
        for of, name in NAMED:
            if part.get(of) and isinstance(part.get(name), Mapping):
                yield part[of], part[name]
        for inner in part.values():
            yield from _called(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _called(inner)


def number_of(row: Row) -> int | None:
    """The number of the change in the entry from which a row follows."""
    return split_target(row.said["cause"]["event"])[1]
