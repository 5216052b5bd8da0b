"""The fold: acts in the order of effect become lives, with their consequences. It defines every answer.

It goes day by day. Acts of one day are taken in order; at the day's end what was abolished takes with it
what still hangs on it. Two things send it back to the beginning, and both only ever grow, so it ends:

- of two rival claims the loser is taken out;
- evidence found later (a holder shows a post, a post its unit) may forbid an implied end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Literal

from domain import changes as e
from domain.acts import UNDATED, Act, Known, Order, better
from domain.claims import Claim, Key, Value, function_key, post_key, tenure_key, tenure_names, unit_key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day
from domain.lives import SHOWN_AFTERWARDS, End, EndRule, Held, Life, Rival, Shown
from domain.orphans import introduced_only
from domain.parts import Part
from domain.world import HANGS_BY, Finding, World

DENIED_RULE: dict[EndRule, str] = {
    "abolition": "act-after-end",
    "succession": "overlap",
    "death": "holder-after-abolition",
    "list": "conflicting-claims",
    "stated": "act-after-end",
}


class _Settled(Exception):
    """A rival claim lost: the fold begins again without it."""

    def __init__(self, rivals: list[Rival]) -> None:
        self.rivals = rivals


Removed = dict[tuple[str, Key], Rival]
Evidence = dict[Key, dict[tuple[Day, Order], Act]]


def fold(known: Known, part: Part | None = None) -> World:
    """The world as *known* tells it; the definition of every answer.

    If *known* is but a *part* of what is recorded, the world is of that part, and exact in what is whole there.
    """
    tenures = tenure_names((act.target, act.change) for act in known.acts)
    acts, claims, kinds, orphans = introduced_only(known.acts, tenures, part)
    removed: Removed = {}
    evidence = _own_evidence(acts, claims, removed)
    while True:
        run = _Run(acts, claims, removed, evidence, part)
        try:
            run.all_days()
        except _Settled as settled:
            for rival in settled.rivals:
                removed[rival.loser.target, rival.key] = rival
            evidence = _own_evidence(acts, claims, removed)
            continue
        if not run.find_evidence():
            break
    run.file_rivals()
    return World(
        acts=acts,
        lives={key: lives for key, lives in run.lives.items() if lives},
        first=dict(run.first),
        kinds=kinds,
        instruments=known.instruments,
        unified=known.unified,
        findings=[*orphans, *run.findings],
        tenures=tenures,
        carried=run.carried,
        lost=frozenset(removed),
    )


def _own_evidence(acts: list[Act], claims: Mapping[str, list[Claim]], removed: Removed) -> Evidence:
    """The days on which acts themselves show a thing, before any thing shows another."""
    evidence: Evidence = defaultdict(dict)
    for act in acts:
        for claim in claims[act.target] if act.day is not None else ():
            if (act.target, claim.key) not in removed:
                for lo, _ in claim.evidence:
                    evidence[claim.key][lo, act.order] = act
    return evidence


def _needs(key: Key) -> list[Key]:
    """The things without which a thing cannot begin."""
    match key:
        case ("tenure", _, post):
            return [post_key(post)]
        case ("function", holder, _):
            return [unit_key(holder), post_key(holder)]
        case ("relation", subject, _, object_):
            return [make(thing) for thing in (subject, object_) for make in (unit_key, post_key)]
        case _:
            return []


@dataclass
class _Run:
    """One pass over all acts."""

    acts: list[Act]
    claims: Mapping[str, list[Claim]]
    removed: Removed
    evidence: Evidence
    part: Part | None
    lives: dict[Key, list[Life]] = field(default_factory=lambda: defaultdict(list))
    first: dict[Key, dict[str, Held]] = field(default_factory=lambda: defaultdict(dict))
    findings: list[Finding] = field(default_factory=list)
    done: set[tuple[str, Key]] = field(default_factory=set)
    hanging: dict[str, dict[Key, None]] = field(default_factory=lambda: defaultdict(dict))
    hangs_on: dict[Key, str | None] = field(default_factory=dict)
    tenures_in: dict[str, dict[Key, None]] = field(default_factory=lambda: defaultdict(dict))
    tenures_of: dict[str, dict[Key, None]] = field(default_factory=lambda: defaultdict(dict))
    related: dict[str, dict[Key, None]] = field(default_factory=lambda: defaultdict(dict))
    functions: dict[str, dict[Key, None]] = field(default_factory=lambda: defaultdict(dict))
    carried: dict[Key, dict[tuple[Key, Shown], None]] = field(default_factory=lambda: defaultdict(dict))
    asked: set[Key] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Files, for each thing, the acts that begin or end it, for looking ahead."""
        self.begins: dict[Key, list[Claim]] = defaultdict(list)
        self.endings: dict[Key, list[Claim]] = defaultdict(list)
        self.named_start: dict[str, Claim] = {}
        for act in self.acts:
            for claim in self._live(act):
                if claim.role == "start":
                    self.begins[claim.key].append(claim)
                    if claim.key[0] == "tenure":
                        self.named_start[claim.tenure or act.target] = claim
                elif claim.role == "end":
                    self.endings[claim.key].append(claim)
            for claim in self.claims[act.target]:
                if claim.role == "start" and not self._believed(act, claim.key):
                    self._first_values(claim)  # its day is not believed; what it is called nobody disputes
        self.dates = {key: sorted(days) for key, days in self.evidence.items()}
        self.deaths: dict[str, Act] = {}
        self.ended_today: list[tuple[Key, Act]] = []
        self.passed_on_today: list[tuple[str, str, Act]] = []
        self.today: list[Act] = []

    def _live(self, act: Act) -> list[Claim]:
        if act.day is None:
            return []
        return [claim for claim in self.claims[act.target] if (act.target, claim.key) not in self.removed]

    # --- the days

    def all_days(self) -> None:
        """Takes every act, and at each day's end its consequences. Raises: _Settled."""
        for day, group in groupby(self.acts, key=lambda act: act.hi):
            self.ended_today, self.passed_on_today, self.today = [], [], list(group)
            for act in self.today:
                if day == UNDATED:
                    self._introduce(act)
                else:
                    self._take(act)
            if UNDATED < day < AFTER_ALL:
                self._close()

    def _introduce(self, act: Act) -> None:
        """An attestation of unknown day gives its thing a first value, but no life."""
        for claim in self.claims[act.target]:
            self._first_values(claim)

    def _first_values(self, claim: Claim) -> None:
        for attribute, value in claim.values.items():
            self.first[claim.key].setdefault(attribute, Held(BEFORE_ALL, value, claim.act, "first"))

    def _take(self, act: Act) -> None:
        for claim in self._live(act):
            if (act.target, claim.key) not in self.done:
                self._claim(claim)
        change = act.change
        if isinstance(change, e.UnitsReorganized) and change.form in ("transform", "recode"):
            if len(change.after) == 1:
                new = change.after[0].unit
                for old in change.before:
                    if old != new and self._believed(act, unit_key(old)) and self._believed(act, unit_key(new)):
                        self._pass_on(old, new, act)
                        self.passed_on_today.append((old, new, act))
        elif isinstance(change, e.FunctionTransferred):
            if not self._believed(act, function_key(change.holder, change.function)):
                return
            for key in list(self.functions[change.function]):
                if key[1] != change.holder and self._believed(act, key) and self._standing(key):
                    self._end(Claim(key, "end", act, {}))
        elif isinstance(change, e.Appointed | e.Transferred) and change.capacity == "substantive":
            post = change.post if isinstance(change, e.Appointed) else change.to_post
            self._succeed(act, tenure_key(change.person, post), post)

    def _believed(self, act: Act, key: Key) -> bool:
        return (act.target, key) not in self.removed

    def _claim(self, claim: Claim) -> None:
        self.done.add((claim.act.target, claim.key))
        match claim.role:
            case "start":
                self._start(claim)
            case "end":
                self._end(claim)
            case "change":
                self._change(claim)
            case "shown":
                self._shown(claim)

    # --- one life at a time

    def _new_life(self, claim: Claim) -> Life:
        key, lives = claim.key, self.lives[claim.key]
        first: dict[str, Held] = dict(self.first.get(key, {}))
        after = BEFORE_ALL
        if lives:
            last = lives[-1]
            after = last.end.lo if last.end else BEFORE_ALL
            for attribute in last.first.keys() | last.values.keys():
                held = last.held(attribute, AFTER_ALL)
                if held:
                    first[attribute] = Held(BEFORE_ALL, held.value, held.act, "first")
        life = Life(key, len(lives), after, first, claim.tenure)
        lives.append(life)
        match key:
            case ("tenure", person, post):
                self.tenures_in[post][key] = None
                self.tenures_of[person][key] = None
                died = self.deaths.get(person)
                if died and died.hi <= claim.evidence[0][0]:
                    self._find("holder-after-abolition", key, claim.act, died, f"{person!r} had died")
            case ("relation", subject, _, object_):
                self.related[subject][key] = None
                self.related[object_][key] = None
            case ("function", holder, function):
                self.related[holder][key] = None
                self.functions[function][key] = None
        self._hang(life, claim.act.hi)
        return life

    def _named(self, claim: Claim) -> Life | None:
        """The tenure that *claim* names, by its own id or by an act about it."""
        for life in self.lives.get(claim.key, ()):
            if claim.tenure in (life.named, *life.names.values()):
                return life
        return None

    def _last(self, key: Key) -> Life | None:
        lives = self.lives.get(key)
        return lives[-1] if lives else None

    def _keep(self, life: Life, claim: Claim) -> None:
        """Files the act under the life, with its values and the days on which it shows the life."""
        act = claim.act
        life.acts.append(act)
        life.names[act] = claim.name
        if claim.tenure and life.named is None and "#" not in claim.tenure:
            life.named = claim.tenure
        given = {"start": "start", "change": "act", "shown": "attested", "end": "act"}[claim.role]
        for attribute, value in claim.values.items():
            day = BEFORE_ALL if given == "start" else act.hi
            held = Held(day, value, act, given)  # type: ignore[arg-type]  # one of Given, by the line above
            if given == "start" and any(h.given == "start" for h in life.values.get(attribute, ())):
                self._start_value(life, attribute, held)
            else:
                life.hold(attribute, held)
        for lo, hi in claim.evidence:
            if life.starts and lo < life.start_lo and (lo < act.lo or hi < life.start_lo):
                continue  # an act on the first day of a thing says nothing of the eve
            life.show(Shown(lo, hi, act))
        self._hang(life, act.hi)

    def _start_value(self, life: Life, attribute: str, held: Held) -> None:
        """Of the values that claims of one start give, that of the best claim holds."""
        given = life.values[attribute]
        at = next(i for i, other in enumerate(given) if other.given == "start")
        other = given[at]
        if held.value == other.value:
            return
        first, second, rule = better(held.act, other.act)
        given[at] = held if first is held.act else other
        lo, hi = max(held.act.lo, other.act.lo), min(held.act.hi, other.act.hi)
        life.rivals.append(Rival(life.key, attribute, first, second, rule, lo, hi))
        life.disputes.append((lo, hi))

    def _hang(self, life: Life, day: Day) -> None:
        """Keeps the index of what hangs on each unit, as it is on *day*."""
        attribute = HANGS_BY.get(life.key[0])
        if attribute:
            before, now = self.hangs_on.get(life.key), life.value(attribute, day)
            if before is not None:
                del self.hanging[before][life.key]
            self.hangs_on[life.key] = now if isinstance(now, str) else None
            if isinstance(now, str):
                self.hanging[now][life.key] = None

    def _start(self, claim: Claim) -> None:
        act, last = claim.act, self._last(claim.key)
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
                self._too_early(last, claim)
            else:
                last = self._new_life(claim)
                last.starts.append(act)
        elif last.end is None or (claim.tenure and (last.end.claims or last.end.rule == "succession")):
            if max(act.lo, last.start_lo) <= min(act.hi, last.start_hi):
                last.starts.append(act)
            elif isinstance(act.change, e.UnitsReorganized) and last.start_hi < act.lo:
                pass  # named only among the units after, a unit that stands lives on all the same
            elif claim.key[0] == "tenure" and self._goes_on(last, act):
                pass  # it shows the tenure, and is one more cause of it
            else:
                self._settle(claim.key, "start", act, last.starts[0], last.starts)
        else:
            last = self._new_life(claim)
            last.starts.append(act)
        self._keep_start(last, claim)

    def _keep_start(self, life: Life, claim: Claim) -> None:
        if claim.act in life.starts:
            self._keep(life, claim)
        else:
            self._keep(life, Claim(claim.key, "change", claim.act, claim.values, claim.tenure))

    def _goes_on(self, life: Life, act: Act) -> bool:
        """Whether a second appointment of a standing holder shows that the first goes on."""
        if isinstance(act.change, e.Appointed) and act.change.reappointed:
            return True
        instruments = {start.instrument for start in life.starts}
        return act.instrument not in instruments

    def _ended_before(self, claim: Claim) -> bool:
        """Whether what the claim needs - post, holder, either end of a relation - surely ended before, by an act."""
        for needed in _needs(claim.key):
            lives = self.lives.get(needed, ())
            coming = (b for b in self.begins[needed] if (b.act.target, needed) not in self.done)
            ends = [life.end for life in lives if life.end and life.end.claims]
            if not lives or len(ends) < len(lives) or any(claim.act.lo < end.hi for end in ends):
                continue
            if not any(begin.act.lo <= claim.act.hi for begin in coming):
                detail = f"the {needed[0]} {needed[1]!r} had ended"
                self._find("act-after-end", claim.key, claim.act, ends[-1].act, detail)
                return True
        return False

    def _too_early(self, life: Life, claim: Claim) -> None:
        """The record shows the thing surely before *claim* starts it: rivals, as if it began by then."""
        shown = min((s for s in life.shown if s.own), key=lambda s: (s.hi, s.act.order))
        winner, loser, rule = better(claim.act, shown.act)
        raise _Settled([Rival(claim.key, "start", winner, loser, rule, shown.hi, claim.act.lo - 1)])

    def _settle(self, key: Key, fact: str, new: Act, old: Act, all_old: list[Act]) -> None:
        """Takes out the worse of two rival days of one fact. Raises: _Settled, always."""
        others = [act for act in all_old if act.hi < new.lo or new.hi < act.lo] or [old]
        best = min(others, key=lambda act: act.rank)
        winner, loser, rule = better(new, best)
        losers = [loser] if loser is new else others
        raise _Settled(
            [Rival(key, fact, winner, act, rule, min(winner.hi, act.hi), max(winner.lo, act.lo) - 1) for act in losers]
        )

    def _end(self, claim: Claim) -> None:
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
                self._settle(key, "end", act, life.end.claims[0], life.end.claims)
            life.end.lo, life.end.hi = lo, hi
            life.end.claims = sorted([*life.end.claims, act], key=lambda claimed: claimed.rank)
        else:
            self._find("act-after-end", key, act, life.end.act, "it had ended with what it hung on")
            return
        self._keep(life, claim)
        self.ended_today.append((key, act))

    def _meant_life(self, claim: Claim) -> Life | Literal["nobody"] | None:
        """The life that *claim* ends or changes; None: one yet unknown; "nobody": it cannot be told which."""
        if claim.key[0] != "tenure":
            return self._last(claim.key)
        if claim.tenure:
            start = self.named_start.get(claim.tenure)
            if start and start.key == claim.key and (start.act.target, start.key) not in self.done:
                self._claim(start)  # within a life the start comes first, whatever its bounds
            return self._named(claim)
        open_lives = [life for life in self.lives.get(claim.key, ()) if life.end is None]
        if len(open_lives) > 1:
            self._find(
                "ambiguous-tenure",
                claim.key,
                claim.act,
                open_lives[-1].cause,
                "two tenures stand on the eve: neither is meant",
            )
            return "nobody"
        return open_lives[0] if open_lives else self._last(claim.key)

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
        self._keep(life, claim)

    def _shown(self, claim: Claim) -> None:
        act = claim.act
        life: Life | None
        if claim.tenure:
            life = self._named(claim)
        else:
            open_lives = [other for other in self.lives.get(claim.key, ()) if other.end is None]
            life = open_lives[-1] if open_lives else self._last(claim.key)
        if life is None or (life.end is not None and act.lo >= life.end.hi):
            life = self._new_life(claim)
        self._keep(life, claim)

    # --- consequences

    def _close(self) -> None:
        """The end of a day: lists, deaths, and the fall of what hangs on things ended."""
        for act in self.today:
            if isinstance(act.change, e.ListAttested) and act.change.closed:
                self._omit(act, act.change)
            elif isinstance(act.change, e.LifeEvent) and act.change.what == "died":
                self.deaths[act.change.person] = act
                for key in list(self.tenures_of[act.change.person]):
                    for life in self._standing(key):
                        self._imply_end(life, act, act.lo, act.hi, "death")
        for old, new, act in self.passed_on_today:
            if not self._standing(unit_key(old)):
                self._pass_on(old, new, act)
        for key, act in self.ended_today:
            ended = next((life for life in reversed(self.lives[key]) if act in life.acts), None)
            if ended is not None and ended.end is not None and key[0] in ("unit", "post"):
                self._fall(key, act, ended.end.lo, ended.end.hi)

    def _standing(self, key: Key) -> list[Life]:
        return [life for life in self.lives.get(key, ()) if life.end is None]

    def _pass_on(self, old: str, new: str, act: Act) -> None:
        """What hangs on *old* hangs on *new* from *act* on."""
        for key in list(self.hanging[old]):
            for life in self._standing(key)[-1:]:
                if key != unit_key(new):
                    life.hold(HANGS_BY[key[0]], Held(act.hi, new, act, "implied"))
                    self._hang(life, act.hi)

    def _fall(self, key: Key, cause: Act, lo: Day, hi: Day) -> None:
        """Ends what hangs on *key*, a unit or post that ended, with the same bounds."""
        again = bool(self._standing(key))
        dependants = [*self.related[key[1]]]
        if key[0] == "unit":
            for child in list(self.hanging[key[1]]):
                held = next((life.held(HANGS_BY[child[0]], hi) for life in self._standing(child)[-1:]), None)
                if held and not (again and held.act.order > cause.order):
                    dependants.append(child)
        elif key[0] == "post":
            dependants += self.tenures_in[key[1]]
        for child in dependants:
            for life in self._standing(child):
                if not (again and life.acts[0].order > cause.order):
                    self._imply_end(life, cause, lo, hi, "abolition")

    def _succeed(self, act: Act, key: Key, post: str) -> None:
        """A substantive appointment to a post of one seat ends every tenure in it that began earlier."""
        new = next((life for life in self.lives.get(key, ()) if act in life.acts), None)
        if new is None or act.hi >= AFTER_ALL or self._value(post_key(post), "seats", act.hi) != 1:
            return
        for other in list(self.tenures_in[post]):
            for life in self._standing(other):
                if life is not new:
                    self._imply_end(life, act, act.lo, act.hi, "succession")

    def _value(self, key: Key, attribute: str, day: Day) -> Value:
        life = self._last(key)
        if life is not None:
            return life.value(attribute, day)
        held = self.first.get(key, {}).get(attribute)
        return held.value if held else None

    def _omit(self, act: Act, listed: e.ListAttested) -> None:
        """A closed list ends what stands in its scope and is not in it, by its day at the latest."""
        members = set(listed.members)
        for key in self._scoped(listed.scope, act.hi):
            if key[1] not in members:
                for life in self._standing(key):
                    self._imply_end(life, act, act.lo, act.hi, "list")

    def _scoped(self, scope: e.Scope, day: Day) -> list[Key]:
        """The things that *scope* holds on *day*: units under a parent, tenures in a post, or relations."""
        if scope.post is not None:
            return list(self.tenures_in[scope.post])
        if scope.parent is not None:
            units = [key for key, lives in self.lives.items() if key[0] == "unit" and lives]
            keys = [key for key in units if self._value(key, "parent", day) == scope.parent]
        else:
            about = self.related[scope.object or ""]
            keys = [key for key in about if key[0] == "relation" and key[2:] == (scope.relation, scope.object)]
        if scope.unit_kind is not None:
            keys = [key for key in keys if self._value(unit_key(key[1]), "kind", day) == scope.unit_kind]
        return keys

    def _imply_end(self, life: Life, cause: Act, lo: Day, hi: Day, rule: EndRule) -> None:
        """Ends *life* by *cause* within *lo*..*hi*, unless the record shows it on that day or later."""
        key = life.key
        if hi >= AFTER_ALL:
            return
        if rule == "list":
            lo = BEFORE_ALL  # by its day at the latest
        coming = [b.act.order for b in self.begins[key] if (b.act.target, key) not in self.done]
        until = min((order for order in coming if order > cause.order), default=None)
        stated = self._end_that_day(life, cause, lo, hi, until)
        if stated is not None:
            self.done.add((stated.act.target, key))
            life.end = End(max(lo, stated.act.lo), min(hi, stated.act.hi), [stated.act], rule, cause)
            self._keep(life, stated)
            self._fall_in_turn(life, cause)
            return
        witness = self._witness(key, hi, until)
        if witness is not None:
            life.disputes.append((hi, hi))
            after_post = rule == "abolition" and key[0] == "tenure"
            denied = "holder-after-abolition" if after_post else DENIED_RULE[rule]
            denial = Rival(key, "end", witness, cause, SHOWN_AFTERWARDS, hi, hi)
            life.denied.append(denial)
            self._find(denied, key, cause, witness, "the record shows it on that day or later", denial)
            return
        if rule == "succession":
            lo = BEFORE_ALL  # some day since it was last shown
        last = self._last_shown(key, hi)
        life.end = End(lo if last is None else max(lo, last + 1), hi, [], rule, cause)
        self._fall_in_turn(life, cause)

    def _witness(self, key: Key, day: Day, until: Order | None) -> Act | None:
        """What first shows *key* on *day* or later, and comes before *until* in the order of effect."""
        self.asked.add(key)
        days = self.dates.get(key, [])
        here = (
            (when, order, self.evidence[key][when, order])
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

    def _last_shown(self, key: Key, day: Day) -> Day | None:
        """The last day before *day* on which the record shows *key*."""
        days = self.dates.get(key, [])
        at = bisect_left(days, (day, (UNDATED,)))
        last = days[at - 1][0] if at else None
        if self.part is not None and self.part.asks_of(key):
            there = self.part.elsewhere.last_before(key, day)
            if there is not None:
                last = there if last is None else max(last, there)
        return last

    def _fall_in_turn(self, life: Life, cause: Act) -> None:
        if life.key[0] in ("unit", "post") and life.end is not None:
            self._fall(life.key, cause, life.end.lo, life.end.hi)

    def _end_that_day(self, life: Life, cause: Act, lo: Day, hi: Day, until: Order | None) -> Claim | None:
        """The stated end of *life*, still to come in the order of effect, that can be that day."""
        for claim in self.endings[life.key]:
            act = claim.act
            if (act.target, life.key) in self.done or act.order <= cause.order:
                continue
            if until is not None and act.order > until:
                return None
            if claim.tenure and claim.tenure not in (life.named, *life.names.values()):
                continue
            return claim if max(lo, act.lo) <= min(hi, act.hi) else None
        return None

    def _find(self, rule: str, key: Key, act: Act, other: Act, detail: str, rival: Rival | None = None) -> None:
        lo, hi = sorted((act.hi, other.hi))
        self.findings.append(Finding(rule, key, lo, hi, (act, other), detail, rival))

    # --- evidence

    def find_evidence(self) -> bool:
        """Lets things show what they hang on, and coverage what stood.

        Whether that found days that this run would have asked for, of an end that might have been forbidden.
        """
        self._ask_elsewhere()
        new = self._carry_all()
        while self._cover():
            new |= self._carry_all()
        return new

    def _cover(self) -> bool:
        """Where the record is declared complete, what stood on its eve is shown until its last day."""
        declared = [(act, act.change) for act in self.acts if isinstance(act.change, e.CoverageDeclared)]
        more = False
        for act, change in sorted(declared, key=lambda one: one[1].since.latest):
            since, until = change.since.latest, change.until.earliest
            for key in self._scoped(change.scope, until):
                for life in self._standing(key):
                    last = max((seen.lo for seen in life.days_shown), default=BEFORE_ALL)
                    if since - 1 <= last < until:
                        life.show(Shown(until, until, act, proves=act.proves_undated))
                        more = True
        return more

    def _carry_all(self) -> bool:
        new = False
        for key, lives in list(self.lives.items()):
            for life in lives if self._is_whole(key) else ():
                for shown in [s for s in life.shown if s.own]:
                    new |= self._carry(life, replace(shown, own=False), {key}, key)
        return new

    def _is_whole(self, key: Key) -> bool:
        return self.part is None or key in self.part.whole

    def _ask_elsewhere(self) -> None:
        """Lets what lies outside the part show its things, each the first life that can stand then."""
        if self.part is None:
            return
        for key in self.part.whole | self.part.frame:
            lives = self.lives.get(key, []) if key[0] in HANGS_BY else []
            if len(lives) == 1:
                end = lives[0].end
                lives[0].elsewhere = self.part.elsewhere.telling(key, lives[0].start_lo, end.hi if end else AFTER_ALL)
            elif lives:
                for seen in self.part.elsewhere.all(key):
                    life = next((life for life in lives if life.can_stand(seen.lo, seen.hi)), None)
                    if life is not None:
                        life.elsewhere.append(seen)

    def _carry(self, life: Life, shown: Shown, seen: set[Key], origin: Key) -> bool:
        new = False
        for above in self._above(life, shown.hi):
            if above in seen:
                continue
            self.carried[origin][above, shown] = None
            for parent in self.lives.get(above, ()):
                if parent.can_stand(shown.lo, shown.hi):
                    parent.show(shown)
                    new |= self._carry(parent, shown, seen | {above}, origin)
                    break
            date = (shown.lo, shown.act.order)
            if date not in self.evidence[above]:
                self.evidence[above][date] = shown.act
                new |= above in self.asked
        return new

    def _above(self, life: Life, day: Day) -> list[Key]:
        """What *life* shows when it is shown: its unit or parent, its post, both ends of a relation."""
        match life.key:
            case ("tenure", _, post):
                return [post_key(post)]
            case ("function", holder, _):
                return [k(holder) for k in (unit_key, post_key) if k(holder) in self.lives]
            case ("relation", subject, _, object_):
                return [k(i) for i in (subject, object_) for k in (unit_key, post_key) if k(i) in self.lives]
            case (kind, _) if kind in HANGS_BY:
                unit = life.value(HANGS_BY[kind], day)
                return [unit_key(unit)] if isinstance(unit, str) else []
            case _:
                return []

    def file_rivals(self) -> None:
        """Gives each settled dispute to the life that it is about."""
        for rival in map(self._with_who_won, self.removed.values()):
            for life in self.lives.get(rival.key, ()):
                if rival.winner in life.acts:
                    life.rivals.append(rival)
                    if rival.lo <= rival.hi:
                        life.disputes.append((rival.lo, rival.hi))
        for lives in self.lives.values():
            for life in lives:
                disputed = (rival for rival in life.rivals if rival.lo <= rival.hi)
                self.findings += [_disputed(rival) for rival in (*disputed, *life.rivals_of_a_day)]

    def _with_who_won(self, rival: Rival) -> Rival:
        """*rival* against the claim that is believed in the end, where the one that took it out was taken out too."""
        winner = rival.winner
        while (winner.target, rival.key) in self.removed:
            winner = self.removed[winner.target, rival.key].winner
        if winner is rival.winner:
            return rival
        (lo, hi), (other_lo, other_hi) = (self._claimed_days(act, rival) for act in (winner, rival.loser))
        rule = better(winner, rival.loser)[2]
        return Rival(rival.key, rival.fact, winner, rival.loser, rule, min(hi, other_hi), max(lo, other_lo) - 1)

    def _claimed_days(self, act: Act, rival: Rival) -> tuple[Day, Day]:
        """Between which days *act* has the start or end that is disputed: what shows a thing has it begin by then."""
        claim = next(claim for claim in self.claims[act.target] if claim.key == rival.key)
        return (act.lo, act.hi) if claim.role == rival.fact else (BEFORE_ALL, claim.evidence[0][1])


def _disputed(rival: Rival) -> Finding:
    detail = f"{rival.fact}: {rival.winner.target} is believed ({rival.rule}), not {rival.loser.target}"
    return Finding("conflicting-claims", rival.key, rival.lo, rival.hi, (rival.winner, rival.loser), detail, rival)
