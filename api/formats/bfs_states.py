"""The states of units, as a register of communes numbers them: each differs from the one before in name or place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from api.formats.exported import Bounded, Exported, ends
from domain.acts import Act
from domain.dates import Day
from domain.lives import Life

RENAMED, MOVED = 23, 24
"""Kinds of mutation in eCH-0071 that part two states of one life: renamed, attached elsewhere."""


@dataclass(frozen=True)
class State:
    """The *number*-th state of a unit, from 1: *name* and *parent* hold from *since* (None: from its life's start).

    *begins*: since when, in EDTF, and the first and last day that can be. *steps*: what begins it, but for the first of
    a life: RENAMED, MOVED.
    """

    life: Life
    number: int
    name: object
    parent: str | None
    since: Day | None
    begins: Bounded
    act: Act
    steps: frozenset[int]

    @property
    def code(self) -> str:
        """Its historical code."""
        return f"{self.life.key[1]}/{self.number}"


@dataclass(frozen=True)
class States:
    """The states of all units of a register, on whatever day of it."""

    exported: Exported

    @cached_property
    def of_units(self) -> dict[str, list[State]]:
        """The states of every unit in the whole history, so that a code is the same in a register of any day."""
        whole = replace(self.exported, as_of=None)
        found: dict[str, list[State]] = {}
        for life in whole.lives("unit"):
            states = found.setdefault(life.key[1], [])
            names, parents = whole.values(life, "name"), whole.values(life, "parent")
            for on in sorted({span.since or 0 for span in (*names, *parents)}):
                name, parent = ([span for span in spans if (span.since or 0) <= on][-1] for spans in (names, parents))
                begun = [span for span in (name, parent) if on and span.since == on]
                last = max(begun, key=lambda span: span.held.act.order if span.held else life.cause.order, default=name)
                states.append(
                    State(
                        life,
                        len(states) + 1,
                        name.value,
                        parent.value if isinstance(parent.value, str) else None,
                        on or None,
                        last.begins(life),
                        last.held.act if begun and last.held else life.cause,
                        frozenset(RENAMED if span is name else MOVED for span in begun),
                    )
                )
        return found

    def of_life(self, life: Life) -> list[State]:
        """The states of one life, in order."""
        return [state for state in self.of_units.get(life.key[1], []) if state.life is life]

    def on(self, life: Life, day: Day) -> State:
        """The state of a life on a day."""
        states = self.of_life(life)
        return [state for state in states if state.since is None or state.since <= day or state is states[0]][-1]

    def ends(self, state: State) -> tuple[Bounded, Act | None]:
        """The first day on which a state is over, and the act by which; AFTER_ALL, if none ends it."""
        later = [other for other in self.of_life(state.life) if other.number > state.number]
        if later:
            return later[0].begins, later[0].act
        life = state.life
        return ends(life), life.end.act if life.end else None
