"""Changes of units, and the row of a difference that tells of one."""

from __future__ import annotations

from projections.structure import Answer


def moved(name: str, to: str | None) -> dict[str, object]:
    """A unit moved under another."""
    return {"kind": "unit-moved", "unit": name, "parent": to}


def renamed(name: str, to: str) -> dict[str, object]:
    """A unit renamed."""
    return {"kind": "unit-renamed", "unit": name, "name": {"en": to}}


def row_of(answer: Answer, kind: str, **subject: str) -> Answer:
    """The one row of that kind and subject."""
    rows: list[Answer] = [r for r in answer["changes"] if r["kind"] == kind and subject.items() <= r["subject"].items()]
    assert len(rows) == 1, answer["changes"]
    return rows[0]
