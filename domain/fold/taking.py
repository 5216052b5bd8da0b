"""Taking a claim: the life that it is about, and what it tells of that life.

A second start of a life still open and a second end are rivals (design 4.5); a second appointment of a standing holder
goes on with the tenure, unless both rest on one instrument. What is said of a thing surely ended changes nothing: the
finding `act-after-end` (4.6, 4.9); an attestation there opens a life of unknown start.
"""

from __future__ import annotations

from typing import Literal

from domain.acts import Act
from domain.changes import Appointed, UnitsReorganized
from domain.claims import Claim, Key, stands_in
from domain.dates import AFTER_ALL, BEFORE_ALL
from domain.fold.claimed import Claimed
from domain.fold.rivals import hold_start_value, settle, settle_with_shown
from domain.fold.standing import Standing
from domain.lives import End, Given, Held, Life, Shown
from domain.world import Finding

GIVEN: dict[str, Given] = {"start": "start", "change": "act", "shown": "attested", "end": "act"}
"""How a value is known, by the role of the claim that gives it."""


class Taking:
    """Takes claims, one at a time in the order of effect, into the lives that they are about."""

    def __init__(self, standing: Standing, claimed: Claimed, findings: list[Finding]) -> None:
        self.standing = standing
        self.claimed = claimed
        self.findings = findings
        self.ended_today: list[tuple[Key, Act]] = []
        """The things that acts of the day end, each with its act."""

    def begin_day(self) -> None:
        """Another day begins."""
        self.ended_today = []

    def take(self, act: Act) -> None:
        """Take what *act* claims and is not taken yet. Raises: Settled."""
        done = self.claimed.done
        for claim in self.claimed.of(act):
            if (act.target, claim.key) not in done:
                self._claim(claim)

    def _claim(self, claim: Claim) -> None:
        self.claimed.done.add((claim.act.target, claim.key))
        match claim.role:
            case "start":
                self._start(claim)
            case "end":
                self.end(claim)
            case "change":
                self._change(claim)
            case "shown":
                self._shown(claim)

    # --- by role

    def _start(self, claim: Claim) -> None:
        act, last = claim.act, self.standing.last(claim.key)
        if self._ended_before(claim):
            return
        if claim.tenure and claim.key[0] == "tenure":
            named = self._named(claim)
            last = named or (last if last and not last.starts and last.named is None else None)
        if last is None:
            last = self._new_life(claim)
            last.starts.append(act)
        elif not last.starts:
            first_shown = min((s.hi for s in last.shown if s.own), default=AFTER_ALL)
            if act.lo <= first_shown:
                last.starts.append(act)
            elif last.end is None:
                settle_with_shown(last, claim)
            else:
                last = self._new_life(claim)
                last.starts.append(act)
        elif last.end is None or (claim.tenure and (last.end.claims or last.end.rule == "succession")):
            if max(act.lo, last.start_lo) <= min(act.hi, last.start_hi):
                last.starts.append(act)
            elif isinstance(act.change, UnitsReorganized) and last.start_hi < act.lo:
                pass  # named only among the units after, a unit that stands lives on all the same
            elif claim.key[0] == "tenure" and _goes_on(last, act):
                pass  # it shows the tenure, and is one more cause of it
            else:
                settle(claim.key, "start", act, last.starts[0], last.starts)
        else:
            last = self._new_life(claim)
            last.starts.append(act)
        if act in last.starts:
            self.keep(last, claim)
        else:
            self.keep(last, Claim(claim.key, "change", act, claim.values, claim.tenure))

    def end(self, claim: Claim) -> None:
        """Take the end that *claim* states, or that follows from its act in so many words. Raises: Settled."""
        act, key = claim.act, claim.key
        life = self._meant_life(claim)
        if life == "nobody":
            return
        if life is None:
            life = self._new_life(claim)
            life.end = End(act.lo, act.hi, [act], "stated")
        elif life.end is None:
            life.end = End(act.lo, act.hi, [act], "stated")
        elif life.end.claims:
            lo, hi = max(act.lo, life.end.lo), min(act.hi, life.end.hi)
            if lo > hi:
                settle(key, "end", act, life.end.claims[0], life.end.claims)
            life.end.lo, life.end.hi = lo, hi
            life.end.claims = sorted([*life.end.claims, act], key=lambda claimed: claimed.rank)
        else:
            self._find("act-after-end", key, act, life.end.act, "it had ended with what it hung on")
            return
        self.keep(life, claim)
        self.ended_today.append((key, act))

    def _change(self, claim: Claim) -> None:
        act = claim.act
        life = self._meant_life(claim)
        if life == "nobody":
            return
        if life is None:
            life = self._new_life(claim)
        elif life.end is not None and act.lo > life.end.hi:
            self._find("act-after-end", claim.key, act, life.end.act, "it had ended")
            return
        self.keep(life, claim)

    def _shown(self, claim: Claim) -> None:
        act = claim.act
        life: Life | None
        if claim.tenure:
            life = self._named(claim)
        else:
            open_lives = self.standing.open(claim.key)
            life = open_lives[-1] if open_lives else self.standing.last(claim.key)
        if life is None or (life.end is not None and act.lo >= life.end.hi):
            life = self._new_life(claim)
        self.keep(life, claim)

    # --- which life

    def _new_life(self, claim: Claim) -> Life:
        life = self.standing.begin(claim)
        if claim.key[0] == "tenure":
            died = self.standing.deaths.get(claim.key[1])
            if died and died.hi <= claim.evidence[0][0]:
                self._find("holder-after-abolition", claim.key, claim.act, died, f"{claim.key[1]!r} had died")
        return life

    def _named(self, claim: Claim) -> Life | None:
        """The tenure that *claim* names, by its own id or by an act about it."""
        assert claim.tenure is not None
        for life in self.standing.lives.get(claim.key, ()):
            if life.is_called(claim.tenure):
                return life
        return None

    def _meant_life(self, claim: Claim) -> Life | Literal["nobody"] | None:
        """The life that *claim* ends or changes; None: one yet unknown; "nobody": it cannot be told which."""
        if claim.key[0] != "tenure":
            return self.standing.last(claim.key)
        if claim.tenure:
            start = self.claimed.named_start.get(claim.tenure)
            if start and start.key == claim.key and not self.claimed.is_done(start):
                self._claim(start)  # within a life the start comes first, whatever its bounds
            return self._named(claim)
        open_lives = self.standing.open(claim.key)
        if len(open_lives) > 1:
            detail = "two tenures stand on the eve: neither is meant"
            self._find("ambiguous-tenure", claim.key, claim.act, open_lives[-1].cause, detail)
            return "nobody"
        return open_lives[0] if open_lives else self.standing.last(claim.key)

    def _ended_before(self, claim: Claim) -> bool:
        """Whether what the claim needs - post, holder, either end of a relation - surely ended before, by an act."""
        for needed in stands_in(claim.key):
            lives = self.standing.lives.get(needed, ())
            ends = [life.end for life in lives if life.end and life.end.claims]
            if not lives or len(ends) < len(lives) or any(claim.act.lo < end.hi for end in ends):
                continue
            if not any(begin.lo <= claim.act.hi for begin in self.claimed.starts_to_come(needed)):
                detail = f"the {needed[0]} {needed[1]!r} had ended"
                self._find("act-after-end", claim.key, claim.act, ends[-1].act, detail)
                return True
        return False

    # --- what it tells of the life

    def keep(self, life: Life, claim: Claim) -> None:
        """File the act under the life, with its values and the days on which it shows the life."""
        act = claim.act
        life.acts.append(act)
        life.names[act] = claim.name
        if claim.tenure and life.named is None and "#" not in claim.tenure:
            life.named = claim.tenure
        given = GIVEN[claim.role]
        for attribute, value in claim.values.items():
            day = BEFORE_ALL if given == "start" else act.hi
            held = Held(day, value, act, given)
            self.standing.note(life.key, attribute, value)
            if given == "start" and any(h.given == "start" for h in life.values.get(attribute, ())):
                hold_start_value(life, attribute, held)
            else:
                life.hold(attribute, held)
        for lo, hi in claim.evidence:
            if life.starts and lo < life.start_lo and (lo < act.lo or hi < life.start_lo):
                continue  # an act on the first day of a thing says nothing of the eve
            life.show(Shown(lo, hi, act))
        self.standing.hang(life, act.hi)

    def _find(self, rule: str, key: Key, act: Act, other: Act, detail: str) -> None:
        self.findings.append(Finding.between(rule, key, act, other, detail))


def _goes_on(life: Life, act: Act) -> bool:
    """Whether a second appointment of a standing holder shows that the first goes on."""
    if isinstance(act.change, Appointed) and act.change.reappointed:
        return True
    instruments = {start.instrument for start in life.starts}
    return act.instrument not in instruments
