"""The mutations of a register of communes: from one state of a unit to another, or of another unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.formats.bfs_states import MOVED, RENAMED, State, States
from api.formats.exported import Bounded
from api.formats.losses import Losses
from domain.acts import Act
from domain.dates import Day, iso
from domain.lives import text_of
from projections.passings import Passing

FIRST_SHOWN, FOUNDED, CHANGED, RECODED, ENDED = 20, 21, 26, 27, 29
"""Its other kinds: first recorded, founded, changed in extent, given another number, abolished."""

NO_PLACE = "the register of communes has no place for it"


@dataclass(frozen=True)
class Mutation:
    """From one state to another, None where there is none on that side, by *act*, in effect from *on* on.

    *days*: when, in EDTF, and the first and last day that can be.
    """

    on: Day
    days: Bounded
    act: Act
    initial: State | None
    terminal: State | None
    steps: tuple[int | None, int | None]

    @property
    def codes(self) -> tuple[str, str]:
        """From which state to which; empty where there is none."""
        return code_of(self.initial), code_of(self.terminal)


def code_of(state: State | None) -> str:
    """The code of a state; empty where there is none."""
    return state.code if state else ""


@dataclass(frozen=True)
class Mutations:
    """What befell units, of which *passed* names the passings of one into another."""

    states: States
    passed: Sequence[Passing]
    losses: Losses

    def between(self, after: Day, until: Day) -> list[Mutation]:
        """The mutations after one day up to another; of acts that say the same the best claim."""
        found: dict[tuple[str, str], Mutation] = {}
        for one in sorted(self._all(), key=lambda one: one.act.rank):
            if after < one.on <= until:
                found.setdefault(one.codes, one)
        return sorted(found.values(), key=lambda one: (one.on, one.act.order, one.codes))

    def _all(self) -> Iterator[Mutation]:
        """All there are: passings of one unit into another, and what befalls one alone."""
        passed = [one for one in self.passed if one.new is not None]
        for one in passed:
            yield self._passing(one)
        born = {id(one.new) for one in passed if one.new and one.act in one.new.starts}
        gone = {id(one.old) for one in passed if one.ends}
        for states in self.states.of_units.values():
            for before, state in zip([None, *states], states, strict=False):
                life = state.life
                if before is not None and before.life is life:
                    step = RENAMED if RENAMED in state.steps else MOVED
                    yield Mutation(state.since or 0, state.begins, state.act, before, state, (step, step))
                elif id(life) not in born:
                    step = FOUNDED if life.starts else FIRST_SHOWN
                    days = state.begins if life.starts else (f"../{iso(life.s_hi)}", life.s_lo, life.s_hi)
                    yield Mutation(life.s_hi, days, life.cause, None, state, (None, step))
                if life.end and state is self.states.of_life(life)[-1] and id(life) not in gone:
                    yield Mutation(life.e_hi, self.states.ends(state)[0], life.end.act, state, None, (ENDED, None))

    def _passing(self, one: Passing) -> Mutation:
        assert one.new is not None
        initial, terminal = self.states.on(one.old, one.day - 1), self.states.on(one.new, max(one.day, one.new.s_hi))
        steps = (ENDED if one.ends else CHANGED, FOUNDED if one.act in one.new.starts else CHANGED)
        if one.form == "recode":
            steps = (RECODED, RECODED)
        if one.scope:
            self.losses.add("what passed, of a unit that passed in part", one.act.target, NO_PLACE)
        days = self.states.ends(initial)[0] if one.ends else (text_of(one.act.day), one.act.lo, one.act.hi)
        return Mutation(one.day, days, one.act, initial, terminal, steps)
