"""A difference as the operations that turn one structure into the other."""

from __future__ import annotations

from typing import Any

from projections.structure import DIFFED, Answer


def patch(older: Answer, newer: Answer) -> list[Answer]:
    """RFC 6902 operations that turn the keyed parts of one structure into those of another."""
    steps: list[Answer] = []
    for part in DIFFED:
        steps += _patch(f"/{part}", older[part], newer[part])
    return steps


def _patch(path: str, older: Any, newer: Any) -> list[Answer]:
    if older == newer:
        return []
    if not (isinstance(older, dict) and isinstance(newer, dict)):
        return [{"op": "replace", "path": path, "value": newer}]
    steps = []
    for name in sorted(older.keys() | newer.keys()):
        here = f"{path}/{name.replace('~', '~0').replace('/', '~1')}"
        if name not in newer:
            steps.append({"op": "remove", "path": here})
        elif name not in older:
            steps.append({"op": "add", "path": here, "value": newer[name]})
        else:
            steps += _patch(here, older[name], newer[name])
    return steps
