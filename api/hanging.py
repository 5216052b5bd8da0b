"""How the units of a structure hang together."""

from __future__ import annotations

from domain.ids import natural
from projections.structure import Answer


def hanging(units: Answer) -> dict[str | None, list[str]]:
    """The units of a structure by the one on which they hang, None: none that is shown; those without an order last."""

    def place(unit: str) -> tuple[bool, int, object]:
        order = units[unit]["order"]
        return (order is None, order or 0, natural(unit))

    found: dict[str | None, list[str]] = {}
    for unit in sorted(units, key=place):
        above = units[unit]["parent"]
        found.setdefault(above if above in units else None, []).append(unit)
    return found
