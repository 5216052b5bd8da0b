"""What a format could not carry of a register, gathered while it is written and told in the document itself."""

from __future__ import annotations

from projections.structure import Answer


class Losses:
    """What was left out, each with what it is (an id, `ENTRY#n`) and why; the same loss of many is told once.

    *kept*: where the document tells it in a member of its own, which a reader of the format alone will pass over.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str | None], set[str]] = {}

    def add(self, what: str, where: str, why: str, kept: str | None = None) -> None:
        """Take note that the format has no place for *what* of the thing or event *where*, because of *why*."""
        self._found.setdefault((what, why, kept), set()).add(where)

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def told(self) -> list[Answer]:
        """[{what, why, kept, where: [id, …]}], the same for the same register; kept null: nowhere in the document."""
        found = sorted(self._found.items(), key=lambda item: tuple(text or "" for text in item[0]))
        return [{"what": what, "why": why, "kept": kept, "where": sorted(where)} for (what, why, kept), where in found]
