"""Builders for given/when/then: a register written in the subject's words, and what it answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from domain.acts import Known, redactions
from domain.chain import Head
from domain.dates import day
from domain.decide import FoldedHistory, decide, recorded_already
from domain.entries import Entry, entry_from
from domain.events import Event
from domain.fold import fold
from domain.lives import Grade
from domain.recording import View
from domain.world import World
from projections.diff import diff
from projections.structure import Answer, structure

NOON = datetime(2024, 5, 24, 12, tzinfo=UTC)
"""An instant for clocks that stand still."""

FOUNDING: dict[str, Any] = {
    "entry": "founding",
    "effective": "2000-01-01",
    "changes": [
        {"kind": "institution-declared", "name": {"en": "Mint"}},
        {"kind": "unit-established", "unit": "mint", "name": {"en": "Mint"}, "unit_kind": "office", "parent": None},
        {"kind": "person-registered", "person": "ann", "name": {"en": "Ann"}},
        {"kind": "person-registered", "person": "bob", "name": {"en": "Bob"}},
        {"kind": "person-registered", "person": "cat", "name": {"en": "Cat"}},
    ],
}
"""A mint with three people who hold no post yet."""


def unit(name: str, parent: str | None = "mint", kind: str = "department") -> dict[str, Any]:
    """A unit established under *parent*, called by its id."""
    return {"kind": "unit-established", "unit": name, "name": {"en": name}, "unit_kind": kind, "parent": parent}


def post(name: str, of: str = "mint", seats: int | None = 1) -> dict[str, Any]:
    """A post created in the unit *of*, titled by its id."""
    return {"kind": "post-created", "post": name, "unit": of, "title": {"en": name}, "seats": seats}


def appointed(person: str, to: str, capacity: str = "substantive", **more: Any) -> dict[str, Any]:
    """*person* appointed to a post."""
    return {"kind": "appointed", "person": person, "post": to, "capacity": capacity, **more}


def released(person: str, of: str, **more: Any) -> dict[str, Any]:
    """*person* released from a post."""
    return {"kind": "released", "person": person, "post": of, **more}


def abolished(name: str, *successors: str) -> dict[str, Any]:
    """A unit abolished."""
    return {"kind": "unit-abolished", "unit": name, "successors": list(successors)}


class History:
    """A register in the making, from the founding of the mint; each call records one entry."""

    def __init__(self, founding: dict[str, Any] | None = None) -> None:
        self.rows: list[tuple[int, Event]] = []
        self.ends: dict[str, int] = {}
        self.entry(founding or FOUNDING)

    def entry(self, data: dict[str, Any] | Entry) -> Self:
        """Record an entry. Raises: EntryRefused, EntryDiffers, as recording would."""
        written = data if isinstance(data, Entry) else entry_from(data, "test")
        history = FoldedHistory("mint", list(self.rows))
        if not recorded_already(history, written, "test"):
            decision = decide(history, written, "test")
            self.rows += enumerate(decision.events, len(self.rows) + 1)
            self.ends[written.entry] = len(self.rows)
        return self

    def on(self, effective: str | None, *changes: dict[str, Any], by: str | None = None, **more: Any) -> Self:
        """Record *changes* as one entry, named *by* or numbered, in effect on *effective*."""
        name = by or f"e{len(self.ends)}"
        return self.entry({"entry": name, "effective": effective, "changes": list(changes), **more})

    def decree(self, signed: str, *changes: dict[str, Any], by: str | None = None, **more: Any) -> Self:
        """Record *changes* as a decree, in effect from its signing unless it says otherwise."""
        instrument = {"kind": "decree", "signed": signed, **more}
        return self.on(None, *changes, by=by, instrument=instrument)

    def world(self, known: int | str | None = None) -> World:
        """What stands, as known at a position or after an entry; by default at the head."""
        position = self.ends[known] if isinstance(known, str) else len(self.rows) if known is None else known
        return fold(Known(self.rows[:position]))

    def view(self, known: int | str | None = None) -> View:
        """The same with the log that it is known from."""
        position = self.ends[known] if isinstance(known, str) else len(self.rows) if known is None else known
        read = Known(self.rows[:position], redactions(event for _, event in self.rows))
        head = Head(position, None, f"{position:064}")
        return View("mint", head, read, fold(read))

    def structure(self, as_of: str, grade: Grade = "possible", known: int | str | None = None) -> Answer:
        """The structure on a day."""
        return structure(self.world(known), day(as_of), grade)

    def units(self, as_of: str) -> list[str]:
        """The ids of the units that stand on a day."""
        return sorted(self.structure(as_of)["units"])

    def people(self, in_post: str, as_of: str) -> list[str]:
        """Who holds a post on a day."""
        holders = self.structure(as_of)["posts"].get(in_post, {}).get("holders", {})
        return sorted(holder["person"] for holder in holders.values())

    def holder(self, person: str, in_post: str, as_of: str) -> Answer | None:
        """The tenure of *person* in a post on a day, as the structure shows it."""
        holders = self.structure(as_of)["posts"].get(in_post, {}).get("holders", {})
        return next((holder for holder in holders.values() if holder["person"] == person), None)

    def grade(self, of: str, as_of: str, kind: str = "units") -> str | None:
        """How sure it is that a thing stands on a day; `unattested` included."""
        thing = self.structure(as_of, "unattested")[kind].get(of)
        return thing["grade"] if thing else None

    def diff(self, start: str, end: str) -> Answer:
        """What changed between two days."""
        return diff(self.world(), day(start), day(end))

    def rules(self) -> set[str]:
        """The rules of all findings."""
        return {finding.rule for finding in self.world().findings}


def rows_of(entries: Iterable[Entry], institution: str = "mint") -> list[tuple[int, Event]]:
    """The log that recording *entries* in order makes, without deciding."""
    events = [event for entry in entries for event in entry.events(institution, "test", lambda _: None)]
    return list(enumerate(events, 1))


def world_of(entries: Sequence[Entry]) -> World:
    """The world of *entries*, recorded in order."""
    return fold(Known(rows_of(entries)))
