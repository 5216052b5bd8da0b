"""Entries of the mint, the events that they make, and why data cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.changes import InstrumentIssued
from domain.entries import (
    entry_from,
)
from domain.errors import EntryUnreadable, Reason
from domain.events import Event
from tests.history import unit

Written = dict[str, Any]
ISSUED = InstrumentIssued.model_validate(
    {"instrument": "D2", "instrument_kind": "decree", "signed": "2002-02-02", "in_force": "2002-02-12"}
)


def events_of(data: Written) -> list[Event]:
    """The events of an entry in the mint, where D2 is on record and nothing else."""
    entry = entry_from(data, "test")
    return entry.events("mint", "somebody", lambda name: ISSUED if name == "D2" else None)


def last_of(change: Written | None = None, **more: Any) -> Event:
    """The event of an entry's one change, the founding of a unit unless it is said."""
    return events_of({"entry": "e", "changes": [change or unit("assay")], **more})[-1]


def faults(read: Callable[..., object], given: object, where: str = "here") -> list[Reason]:
    """Why *given* cannot be read."""
    with pytest.raises(EntryUnreadable) as refusal:
        read(given, where)
    return list(refusal.value.reasons)


def text(event: Event) -> str | None:
    """The day of an event as recorded."""
    return event.effective.text if event.effective else None
