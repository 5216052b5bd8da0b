"""Forms that begin with something recorded: to correct it, or to annul it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import domain.changes as e
from api.pages.fields import CHANGES
from api.pages.typed import Typed
from domain.errors import UnknownThing
from domain.events import Event
from projections.structure import Answer


def correction(institution: str, target: str, recorded: Iterable[Event], told: Answer) -> Typed:
    """A form that corrects *target*, filled with how it reads now.

    *recorded* are the events of its entry, *told* is the entry's history. Raises: UnknownThing.
    """
    first = next((event for event in recorded if event.target == target), None)
    row = next((row for row in told["changes"] if row["event"] == target), None)
    if first is None or row is None or row["redacted"]:
        raise UnknownThing(institution, "change", target)
    reads = row["live"] if row.get("corrected_by") and row.get("live") else _as_recorded(first)
    return _form({"kind": "corrected", "target": target, "change": reads})


def annulment(target: str) -> Typed:
    """A form that annuls *target*."""
    return _form({"kind": "annulled", "target": target})


def _form(change: dict[str, Any]) -> Typed:
    typed: Typed = {"how": "none", "sources.0": ""}
    CHANGES.write("changes", [change], typed)
    return typed


def _as_recorded(event: Event) -> dict[str, Any]:
    """A change as its editor wrote it, with what of its envelope a correction would lose.

    A day and sources that are left out stay those first recorded, so a day is written only where the editor wrote it.
    """
    if isinstance(event.change, e.Corrected):
        return event.change.change.model_dump(mode="json")
    said = event.change.model_dump(mode="json")
    if event.effective and event.given_by == "written":
        said["effective"] = event.effective.text
    if event.basis == "inferred":
        said["basis"] = "inferred"
    return said | {name: text for name in ("provision", "note") if (text := getattr(event, name))}
