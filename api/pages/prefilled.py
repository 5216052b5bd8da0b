"""Forms that begin with something recorded: to correct it, or to annul it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import domain.changes as e
from api.pages.fields import CHANGES
from api.pages.shapes import Typed
from domain.decide import FoldedHistory
from domain.errors import UnknownThing
from domain.events import Event


def correction(history: FoldedHistory, target: str) -> Typed:
    """A form that corrects *target*, filled with how it reads now. Raises: UnknownThing."""
    shown = [event for _, event in history.rows if event.target not in history.redacted]
    first = next((event for event in shown if event.target == target), None)
    if first is None:
        raise UnknownThing(history.institution, "change", target)
    return _form({"kind": "corrected", "target": target, "change": _reads_now(first, shown)})


def annulment(target: str) -> Typed:
    """A form that annuls *target*."""
    return _form({"kind": "annulled", "target": target})


def _form(change: dict[str, Any]) -> Typed:
    typed: Typed = {"how": "none", "sources.0": ""}
    CHANGES.write("changes", [change], typed)
    return typed


def _reads_now(first: Event, shown: Sequence[Event]) -> dict[str, Any]:
    """What the last correction of a change says; else the change, with what of its envelope a correction would lose.

    A day and sources that are left out stay those first recorded, so a day is written only where the editor wrote it.
    """
    annulled = {event.change.target for event in shown if isinstance(event.change, e.Annulled)}
    corrections = [
        event.change.change
        for event in shown
        if isinstance(event.change, e.Corrected)
        and event.change.target == first.target
        and annulled.isdisjoint((event.target, event.entry))
    ]
    if corrections:
        return corrections[-1].model_dump(mode="json", exclude_unset=True) | {"kind": corrections[-1].kind}
    change = first.change.change if isinstance(first.change, e.Corrected) else first.change
    said = change.model_dump(mode="json")
    if first.effective and first.given_by == "written":
        said["effective"] = first.effective.text
    if first.basis == "inferred":
        said["basis"] = "inferred"
    return said | {name: text for name in ("provision", "note") if (text := getattr(first, name))}
