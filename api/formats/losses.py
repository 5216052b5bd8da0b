"""What a format could not carry of a register, gathered while it is written and told in the document itself."""

from __future__ import annotations

from projections.structure import Answer


class Losses:
    """What was left out, each with what it is (an id, `ENTRY#n`) and why; the same loss of many is told once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], set[str]] = {}

    def add(self, what: str, where: str, why: str) -> None:
        """Take note that *what* of the thing or event *where* is not in the document, because of *why*."""
        self._found.setdefault((what, why), set()).add(where)

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def told(self) -> list[Answer]:
        """[{what, why, where: [id, …]}], the same for the same register."""
        return [
            {"what": what, "why": why, "where": sorted(where)} for (what, why), where in sorted(self._found.items())
        ]
