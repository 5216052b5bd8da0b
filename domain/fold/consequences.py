"""Consequences: what follows from an act without being said (design 4.7). They are computed, never recorded.

Abolishing a unit or post ends what still hangs on it at that day's end; a substantive appointment to a post of one
seat ends the tenures before it; a death ends tenures; a closed list ends what it leaves out; a transformed unit hands
on what hangs on it. No end is implied of what the record shows on that day or later.
"""

from __future__ import annotations

from domain.acts import Act
from domain.changes import Appointed, FunctionTransferred, LifeEvent, ListAttested, Transferred, UnitsReorganized
from domain.claims import Claim, Key, function_key, post_key, tenure_key, unit_key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day
from domain.fold.claimed import Claimed
from domain.fold.evidence import Evidence
from domain.fold.standing import Standing
from domain.fold.taking import Taking
from domain.lives import SHOWN_AFTERWARDS, End, EndRule, Held, Life, Rival
from domain.pausing import pause
from domain.world import HANGS_BY, Finding

DENIED_RULE: dict[EndRule, str] = {
    "abolition": "act-after-end",
    "succession": "overlap",
    "death": "holder-after-abolition",
    "list": "conflicting-claims",
    "stated": "act-after-end",
}
"""The finding that an end is not implied, by the rule that would imply it."""


class Consequences:
    """Draws the consequences of acts: some at their place in the order of effect, most at the day's end."""

    def __init__(
        self,
        standing: Standing,
        claimed: Claimed,
        evidence: Evidence,
        taking: Taking,
        findings: list[Finding],
    ) -> None:
        self.standing = standing
        self.claimed = claimed
        self.evidence = evidence
        self.taking = taking
        self.findings = findings
        self._handed_on_today: list[tuple[str, str, Act]] = []

    def begin_day(self) -> None:
        """Another day begins."""
        self._handed_on_today = []

    def of_act(self, act: Act) -> None:
        """What follows from *act* at its place in the order of effect."""
        change = act.change
        if isinstance(change, UnitsReorganized):
            if change.form in ("transform", "recode") and len(change.after) == 1:
                self._transform(act, change)
        elif isinstance(change, FunctionTransferred):
            self._take_functions(act, change)
        elif isinstance(change, Appointed | Transferred) and change.capacity == "substantive":
            post = change.post if isinstance(change, Appointed) else change.to_post
            self._succeed(act, tenure_key(change.person, post), post)

    def at_days_end(self, today: list[Act]) -> None:
        """What follows when the acts of *today* are taken: from lists and deaths, and from things ended."""
        for act in today:
            if isinstance(act.change, ListAttested) and act.change.closed:
                self._omit(act, act.change)
            elif isinstance(act.change, LifeEvent) and act.change.what == "died":
                self.standing.deaths[act.change.person] = act
                for key in list(self.standing.tenures_of[act.change.person]):
                    for life in self.standing.open(key):
                        self._imply_end(life, act, act.lo, act.hi, "death")
        for old, new, act in self._handed_on_today:
            if not self.standing.open(unit_key(old)):
                self._hand_on(old, new, act)
        for key, act in self.taking.ended_today:
            ended = next((life for life in reversed(self.standing.lives[key]) if act in life.acts), None)
            if ended is not None and ended.end is not None and key[0] in ("unit", "post"):
                self._fall(key, act, ended.end.lo, ended.end.hi)

    # --- one act

    def _transform(self, act: Act, change: UnitsReorganized) -> None:
        """With one unit after it, what hangs on the units before passes to that one."""
        new = change.after[0].unit
        for old in change.before:
            if old == new or not self.claimed.believed(act, unit_key(old)):
                continue
            if self.claimed.believed(act, unit_key(new)):
                self._hand_on(old, new, act)
                self._handed_on_today.append((old, new, act))

    def _hand_on(self, old: str, new: str, act: Act) -> None:
        """What hangs on *old* hangs on *new* from *act* on."""
        for key in list(self.standing.hanging[old]):
            for life in self.standing.open(key)[-1:]:
                if key != unit_key(new):
                    life.hold(HANGS_BY[key[0]], Held(act.hi, new, act, "implied"))
                    self.standing.note(key, HANGS_BY[key[0]], new)
                    self.standing.hang(life, act.hi)

    def _take_functions(self, act: Act, change: FunctionTransferred) -> None:
        """A function transferred ends at every other holder."""
        if not self.claimed.believed(act, function_key(change.holder, change.function)):
            return
        for key in list(self.standing.functions[change.function]):
            if key[1] != change.holder and self.claimed.believed(act, key) and self.standing.open(key):
                self.taking.end(Claim(key, "end", act, {}))

    def _succeed(self, act: Act, key: Key, post: str) -> None:
        """A substantive appointment to a post of one seat ends every tenure in it that began earlier."""
        new = next((life for life in self.standing.lives.get(key, ()) if act in life.acts), None)
        if new is None or act.hi >= AFTER_ALL or self.standing.value(post_key(post), "seats", act.hi) != 1:
            return
        for other in self.standing.open_in(post):
            for life in self.standing.open(other):
                if life is not new:
                    self._imply_end(life, act, act.lo, act.hi, "succession")

    def _omit(self, act: Act, listed: ListAttested) -> None:
        """A closed list ends what stands in its scope and is not in it, by its day at the latest."""
        members = set(listed.members)
        for key in self.standing.in_scope(listed.scope, act.hi):
            if key[1] not in members:
                for life in self.standing.open(key):
                    self._imply_end(life, act, act.lo, act.hi, "list")

    # --- ends that follow

    def _fall(self, key: Key, cause: Act, lo: Day, hi: Day) -> None:
        """End what hangs on *key*, a unit or post that ended, with the same bounds."""
        again = bool(self.standing.open(key))
        dependants = [*self.standing.related[key[1]]]
        if key[0] == "unit":
            for child in list(self.standing.hanging[key[1]]):
                held = next((life.held(HANGS_BY[child[0]], hi) for life in self.standing.open(child)[-1:]), None)
                if held and not (again and held.act.order > cause.order):
                    dependants.append(child)
        elif key[0] == "post":
            dependants += self.standing.tenures_in[key[1]]
        for child in dependants:
            for life in self.standing.open(child):
                if not (again and life.acts[0].order > cause.order):
                    self._imply_end(life, cause, lo, hi, "abolition")

    def _imply_end(self, life: Life, cause: Act, lo: Day, hi: Day, rule: EndRule) -> None:
        """End *life* by *cause* within *lo*..*hi*, unless the record shows it on that day or later."""
        pause()
        key = life.key
        if hi >= AFTER_ALL:
            return
        if rule == "list":
            lo = BEFORE_ALL  # by its day at the latest
        until = self.claimed.next_start(key, cause.order)
        stated = self.claimed.end_to_come(life, cause, lo, hi, until)
        if stated is not None:
            self.claimed.done.add((stated.act.target, key))
            life.end = End(max(lo, stated.act.lo), min(hi, stated.act.hi), [stated.act], rule, cause)
            self.taking.keep(life, stated)
            self._fall_in_turn(life, cause)
            return
        witness = self.evidence.witness(key, hi, until)
        if witness is not None:
            self._deny(life, cause, hi, rule, witness)
            return
        if rule == "succession":
            lo = BEFORE_ALL  # some day since it was last shown
        last = self.evidence.last_before(key, hi)
        life.end = End(lo if last is None else max(lo, last + 1), hi, [], rule, cause)
        self._fall_in_turn(life, cause)

    def _deny(self, life: Life, cause: Act, day: Day, rule: EndRule, witness: Act) -> None:
        """No end of *life* follows from *cause*: *witness* shows it on *day* or later, and that day is contested."""
        life.disputes.append((day, day))
        after_post = rule == "abolition" and life.key[0] == "tenure"
        denied = "holder-after-abolition" if after_post else DENIED_RULE[rule]
        denial = Rival(life.key, "end", witness, cause, SHOWN_AFTERWARDS, day, day)
        life.denied.append(denial)
        detail = "the record shows it on that day or later"
        self.findings.append(Finding.between(denied, life.key, cause, witness, detail, denial))

    def _fall_in_turn(self, life: Life, cause: Act) -> None:
        if life.key[0] in ("unit", "post") and life.end is not None:
            self._fall(life.key, cause, life.end.lo, life.end.hi)
