"""Evidence: the days on which the record shows a thing (design 4.6).

A holder shows its post, a post its unit, a unit its parent, a relation both ends, on the days of its own evidence;
coverage carries what stood on its eve to its last day. While a pass runs, consequences ask for these days; what they
show of other things is found when it is over, and if an end was implied against it, the fold begins again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from domain.acts import UNDATED, Act, Order
from domain.changes import CoverageDeclared
from domain.claims import Claim, Key, stands_in, unit_key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day
from domain.fold.rivals import Removed
from domain.fold.standing import Standing
from domain.lives import Life, Shown
from domain.parts import Part
from domain.pausing import pause
from domain.world import HANGS_BY

ShownOn: TypeAlias = dict[Key, dict[tuple[Day, Order], Act]]
"""Thing → the days on which the record shows it, each with the place in the order of effect of what does."""


def own_evidence(acts: list[Act], claims: Mapping[str, list[Claim]], removed: Removed) -> ShownOn:
    """The days on which acts themselves show a thing, before any thing shows another."""
    shown_on: ShownOn = defaultdict(dict)
    for act in acts:
        for claim in claims[act.target] if act.day is not None else ():
            if (act.target, claim.key) not in removed:
                for lo, _ in claim.evidence:
                    shown_on[claim.key][lo, act.order] = act
    return shown_on


class Evidence:
    """When the record shows each thing, as far as it is found: *shown_on* grows from pass to pass."""

    def __init__(self, acts: list[Act], standing: Standing, shown_on: ShownOn, part: Part | None) -> None:
        self.acts = acts
        self.standing = standing
        self.part = part
        self.carried: dict[Key, dict[tuple[Key, Shown], None]] = defaultdict(dict)
        """Thing → the things above it that its own evidence shows, with that evidence."""
        self._shown_on = shown_on
        self._days = {key: sorted(days) for key, days in shown_on.items()}
        self._asked: set[Key] = set()

    # --- while the pass runs

    def witness(self, key: Key, day: Day, until: Order | None) -> Act | None:
        """What first shows *key* on *day* or later, and comes before *until* in the order of effect."""
        self._asked.add(key)
        days = self._days.get(key, [])
        here = (
            (when, order, self._shown_on[key][when, order])
            for when, order in days[bisect_left(days, (day, (UNDATED,))) :]
        )
        found = next((one for one in here if until is None or one[1] < until), None)
        if self.part is not None and self.part.asks_of(key):
            for when, act in self.part.elsewhere.since(key, day):
                if found is not None and found[:2] < (when, act.order):
                    break
                if until is None or act.order < until:
                    return act
        return found[2] if found else None

    def last_before(self, key: Key, day: Day) -> Day | None:
        """The last day before *day* on which the record shows *key*."""
        days = self._days.get(key, [])
        at = bisect_left(days, (day, (UNDATED,)))
        last = days[at - 1][0] if at else None
        if self.part is not None and self.part.asks_of(key):
            there = self.part.elsewhere.last_before(key, day)
            if there is not None:
                last = there if last is None else max(last, there)
        return last

    # --- when it is over

    def find(self) -> bool:
        """Let things show what they hang on, and coverage what stood.

        Whether that found days that this pass would have asked for, of an end that might have been forbidden.
        """
        self._ask_elsewhere()
        new = self._carry_all()
        while self._cover():
            new |= self._carry_all()
        return new

    def _cover(self) -> bool:
        """Where the record is declared complete, what stood on its eve is shown until its last day."""
        declared = [(act, act.change) for act in self.acts if isinstance(act.change, CoverageDeclared)]
        more = False
        for act, change in sorted(declared, key=lambda one: one[1].since.latest):
            since, until = change.since.latest, change.until.earliest
            for key in self.standing.in_scope(change.scope, until):
                for life in self.standing.open(key):
                    last = max((seen.lo for seen in life.days_shown), default=BEFORE_ALL)
                    if since - 1 <= last < until:
                        life.show(Shown(until, until, act, proves=act.proves_undated))
                        more = True
        return more

    def _carry_all(self) -> bool:
        new = False
        for key, lives in list(self.standing.lives.items()):
            pause()
            for life in lives if self._is_whole(key) else ():
                for shown in [s for s in life.shown if s.own]:
                    new |= self._carry(life, replace(shown, own=False), {key}, key)
        return new

    def _is_whole(self, key: Key) -> bool:
        return self.part is None or key in self.part.whole

    def _ask_elsewhere(self) -> None:
        """Let what lies outside the part show its things, each the first life that can stand then."""
        if self.part is None:
            return
        for key in self.part.whole | self.part.frame:
            pause()
            lives = self.standing.lives.get(key, []) if key[0] in HANGS_BY else []
            if len(lives) == 1:
                end = lives[0].end
                lives[0].elsewhere = self.part.elsewhere.telling(key, lives[0].start_lo, end.hi if end else AFTER_ALL)
            elif lives:
                for seen in self.part.elsewhere.all(key):
                    life = next((life for life in lives if life.can_stand(seen.lo, seen.hi)), None)
                    if life is not None:
                        life.elsewhere.append(seen)

    def _carry(self, life: Life, shown: Shown, seen: set[Key], origin: Key) -> bool:
        """Let *life*, when it is shown, show what is above it; *seen* are the things on the way up from *origin*."""
        new = False
        for above in self._above(life, shown.hi):
            if above in seen:
                continue
            self.carried[origin][above, shown] = None
            for parent in self.standing.lives.get(above, ()):
                if parent.can_stand(shown.lo, shown.hi):
                    parent.show(shown)
                    new |= self._carry(parent, shown, seen | {above}, origin)
                    break
            date = (shown.lo, shown.act.order)
            if date not in self._shown_on[above]:
                self._shown_on[above][date] = shown.act
                new |= above in self._asked
        return new

    def _above(self, life: Life, day: Day) -> list[Key]:
        """What *life* shows when it is shown: its unit or parent, its post, both ends of a relation."""
        if life.key[0] in HANGS_BY:
            unit = life.value(HANGS_BY[life.key[0]], day)
            return [unit_key(unit)] if isinstance(unit, str) else []
        keys = stands_in(life.key)
        if life.key[0] == "tenure":
            return keys
        return [key for key in keys if key in self.standing.lives]  # of a holder or an end, what it is
