"""What an editor may mean in a field that names something: ids that are recorded, with what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import domain.changes as e
from api.pages.frame import in_order
from domain.decide import FoldedHistory
from domain.events import Event

MOST_EVENTS = 20_000
"""Registers of more events suggest nothing: what a form would carry is larger than what anybody looks through."""

LISTS: dict[str, tuple[str, ...]] = {
    "unit": ("units",),
    "parent": ("units",),
    "before": ("units",),
    "successors": ("units",),
    "post": ("posts",),
    "from_post": ("posts",),
    "to_post": ("posts",),
    "person": ("persons",),
    "tenure": ("tenures",),
    "from_tenure": ("tenures",),
    "instrument": ("instruments",),
    "cited": ("instruments",),
    "source": ("sources",),
    "holder": ("units", "posts"),
    "subject": ("units", "posts"),
    "object": ("units", "posts"),
    "members": ("units", "posts", "persons"),
    "ids": ("units", "posts", "persons"),
    "about": ("units", "posts", "persons", "instruments"),
    "function": ("functions",),
    "quantity": ("quantities",),
    "unit_kind": ("unit_kinds",),
    "relation": ("relations",),
    "instrument_kind": ("instrument_kinds",),
    "kind": ("instrument_kinds",),
}
"""Field → what it may name."""


@dataclass
class Suggestions:
    """List → id → what it is called, "" if by nothing else."""

    lists: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, name: str) -> str | None:
        """The list for a field of that name; None if there is nothing to suggest."""
        lists = [one for one in LISTS.get(name, ()) if self.lists.get(one)]
        return "-".join(lists) if lists else None

    def named(self, some: str) -> Iterable[tuple[str, str]]:
        """The ids of a list, or of several."""
        return sorted((id_, name) for one in some.split("-") for id_, name in self.lists.get(one, {}).items())

    def used(self, names: Iterable[str]) -> list[str]:
        """The lists for fields of those names, each once."""
        return sorted({found for name in names if (found := self.of(name))})

    def add(self, some: str, id_: str, names: Mapping[str, str] | str | None, language: str) -> None:
        """Take in an id; a name that is said later counts."""
        called = in_order(names, language)[0][1] if isinstance(names, Mapping) and names else names or ""
        known = self.lists.setdefault(some, {})
        known[id_] = str(called) or known.get(id_, "")


def suggestions(history: FoldedHistory, language: str) -> Suggestions:
    """What the record names, but for what is withheld."""
    found = Suggestions()
    for _, event in history.rows:
        if event.target not in history.redacted:
            _learn(found, event, language)
    return found


def _learn(found: Suggestions, event: Event, language: str) -> None:
    change: Any = event.change.change if isinstance(event.change, e.Corrected) else event.change
    match change:
        case e.InstitutionDeclared():
            for some in ("unit_kinds", "relations", "instrument_kinds"):
                for code in getattr(change, some):
                    found.add(some, code, None, language)
        case e.InstrumentIssued():
            said = " ".join(filter(None, [change.instrument_kind, change.number, str(change.signed or "")]))
            found.add("instruments", change.instrument, change.title or said, language)
        case e.UnitsReorganized():
            for after in change.after:
                found.add("units", after.unit, after.name, language)
        case e.SourceRegistered():
            found.add("sources", change.source, change.title, language)
        case e.FunctionAssigned() | e.FunctionAttested() | e.FunctionTransferred():
            found.add("functions", change.function, change.text, language)
        case e.QuantityObserved():
            found.add("quantities", change.quantity, None, language)
        case e.UnitEstablished() | e.UnitAttested() | e.UnitRenamed() | e.UnitReinstated():
            found.add("units", change.unit, change.name, language)
        case e.PostCreated() | e.PostAttested() | e.PostRetitled() | e.PostReinstated():
            found.add("posts", change.post, change.title, language)
        case e.PersonRegistered() | e.PersonRenamed():
            found.add("persons", change.person, change.name, language)
        case e.Appointed() | e.TenureAttested():
            found.add("tenures", change.tenure or event.target, f"{change.person}, {change.post}", language)
        case e.Transferred():
            found.add("tenures", change.tenure or event.target, f"{change.person}, {change.to_post}", language)
    for source in event.sources:
        found.add("sources", source.source, None, language)
