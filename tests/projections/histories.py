"""The histories of things of a register, and the spans of their states."""

from __future__ import annotations

from typing import Any

from domain.acts import Known
from projections.histories import (
    entry_history,
    instrument_history,
    person_history,
    post_history,
    unit_history,
)
from projections.structure import Answer
from tests.history import History


def of_unit(history: History, name: str, known: int | str | None = None) -> Answer:
    """The history of a unit."""
    return unit_history(history.world(known), "mint", name)


def of_post(history: History, name: str) -> Answer:
    """The history of a post."""
    return post_history(history.world(), "mint", name)


def of_person(history: History, name: str) -> Answer:
    """The history of a person."""
    return person_history(history.world(), "mint", name)


def of_instrument(history: History, name: str) -> Answer:
    """The history of an instrument."""
    return instrument_history(history.world(), "mint", name)


def of_entry(history: History, name: str) -> Answer:
    """The history of an entry."""
    return entry_history(history.world(), Known(history.rows), "mint", name)


def spans(states: list[Answer], value: str | None = None) -> list[tuple[Any, ...]]:
    """From, until and grade of each state, with one of its values."""
    return [(s["from"], s["until"], s["grade"], *([s["value"][value]] if value else [])) for s in states]


def renamed(name: str, to: str) -> dict[str, Any]:
    """A unit renamed."""
    return {"kind": "unit-renamed", "unit": name, "name": {"en": to}}
