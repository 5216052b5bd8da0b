"""What the lineage of a unit tells of: the units it goes back to and led to, and what may have passed with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from domain.acts import renamed
from domain.changes import Change
from domain.claims import Key, said_of, unit_key
from domain.dates import AFTER_ALL, BEFORE_ALL
from domain.events import Event
from projections.passings import links_of
from projections.tables.slices import ALWAYS, Slice, Window
from projections.tables.touching import passed_on_to

Texts: TypeAlias = dict[Key, set[str]]
"""A function at its holder → the texts it ever had there."""


@dataclass
class Kin:
    """The kin of *unit*, as far as *slice_* finds it: by every reading of each act, so rather too much than too little.

    Who is asked for what an act passed back to is asked only for acts that can have come before it, and so on.
    """

    slice_: Slice
    unit: str
    units: set[str] = field(default_factory=set)
    links: set[tuple[str, str]] = field(default_factory=set)
    """Pairs (old, new) of which one is in the lineage by the other."""

    def __post_init__(self) -> None:
        self.units = {self.unit}
        self._walk(back=True)
        self._walk(back=False)

    def _walk(self, *, back: bool) -> None:
        bounds = {self.unit: AFTER_ALL if back else BEFORE_ALL}
        pending = [self.unit]
        while pending:
            here = pending.pop()
            for other, (lo, hi) in list(self._passed(here, back=back)):
                if (lo > bounds[here]) if back else (hi < bounds[here]):
                    continue
                self.units.add(other)
                self.links.add((other, here) if back else (here, other))
                bound = min(hi, bounds[here]) if back else max(lo, bounds[here])
                if other not in bounds or ((bounds[other] < bound) if back else (bound < bounds[other])):
                    bounds[other] = bound
                    pending.append(other)

    def _passed(self, unit: str, *, back: bool) -> Iterator[tuple[str, Window]]:
        """The units that passed into *unit*, or into which it passed, each with the days of the act."""
        for topic in (f"unit|{unit}", f"lineage|{unit}") if back else (f"unit|{unit}",):
            for _, event in self.slice_.facts(topic):
                for change in self.slice_.readings(event):
                    for old, new, _ in links_of(renamed(change, self.slice_.names)):
                        if unit == (new if back else old) and old != new:
                            yield (old if back else new), _days(event, change)

    # --- what passed with them

    @property
    def along(self) -> set[Key]:
        """The units, posts and functions that may have passed from one to another of them."""
        found: set[Key] = set()
        for old, new in self.links:
            found |= set(self._moved(self.passed_on(old), self.passed_on(new)))
            found |= set(self._handed_over(old, new))
        return found

    def passed_on(self, unit: str) -> set[str]:
        """*unit*, and the units of which all that hung on them passed to it."""
        units, pending = {unit_key(unit)}, {unit_key(unit)}
        while pending:
            pending = self.slice_.all_of(old for one in pending for old in passed_on_to(self.slice_, one)) - units
            units |= pending
        return {key[1] for key in units}

    def _moved(self, olds: set[str], news: set[str]) -> Iterator[Key]:
        """What ever hung on one of *olds* and on one of *news*: looked for on the side of which less is recorded."""
        few = min((olds, news), key=self._recorded)
        for unit in few:
            for key in self.slice_.keys_in(f"under|{unit}"):
                above = self.slice_.above(key)
                if not (above.isdisjoint(olds) or above.isdisjoint(news)):
                    yield key

    def _recorded(self, units: Iterable[str]) -> int:
        return sum(map(len, self.slice_.archive.filed(f"under|{unit}" for unit in units).values()))

    def _handed_over(self, old: str, new: str) -> Iterator[Key]:
        """The functions of *old* that *new* had too, by code or word for word."""
        left, taken = self._functions(old), self._functions(new)
        for key, texts in left.items():
            for other, said in taken.items():
                if key[2] == other[2] or not texts.isdisjoint(said):
                    yield from (key, other)

    def _functions(self, holder: str) -> Texts:
        keys = self.slice_.keys_in(f"functions|{holder}")
        found: Texts = {key: set() for key in keys}
        for _, change in list(self.slice_.changes(f"functions|{holder}")):
            for key, _, values, _ in said_of(renamed(change, self.slice_.names), lambda _: None):
                if key in found and values.get("text") is not None:
                    found[key].add(repr(values["text"]))
        return found


def _days(event: Event, change: Change) -> Window:
    """The days on which *change*, a reading of *event*, can be in effect; any, if its instrument says when."""
    if event.given_by in ("in-force", "signed") and change.effective is None:
        return ALWAYS
    days = [day for day in (change.effective, event.effective) if day]
    return (min(day.earliest for day in days), max(day.latest for day in days)) if days else ALWAYS
