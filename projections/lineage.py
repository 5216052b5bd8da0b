"""The lineage of a unit: what it came from, what it went on in, by which acts, and what passed with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from domain.acts import Act, Order
from domain.changes import UnitsReorganized
from domain.claims import unit_key
from domain.dates import AFTER_ALL, BEFORE_ALL
from domain.lives import GRADES, Grade, Life, shown_by, text_of
from domain.world import HANGS_BY, World
from projections.passings import LifeId, Passing, life_id, passings, reinstatements
from projections.structure import Answer, cause_of

TOLD = ("name", "kind", "parent")
"""What a step says of a unit that begins or ends, and of one that lives on where it changed."""

STEP_OF = {"name": "unit-renamed", "parent": "unit-moved"}
"""The kind of step for a change of one attribute."""


def lineage(world: World, unit: str) -> Answer:
    """{before, after, lives, links, steps} of a unit.

    *before* and *after* are the acts by which others passed into it, and it into others; *lives* and *links* all that
    it goes back to and all that it led to, as a graph; *steps* what happened to it, in the order of effect.
    """
    found, along = passings(world), Along(world)
    graph = _reached(world, unit, found)
    lives = {life_id(life): life for life in world.lives.get(unit_key(unit), ())}
    for passing in graph:
        assert passing.new is not None
        lives |= {life_id(life): life for life in (passing.old, passing.new)}
    return {
        "before": [_row(world, p, p.old.key[1], found, along) for p in found if p.taker == unit],
        "after": [_row(world, p, p.taker, found, along) for p in found if p.old.key[1] == unit],
        "lives": {node(life): _life(world, life) for _, life in sorted(lives.items())},
        "links": [_link(world, p, found, along) for p in graph],
        "steps": steps(world, unit, found),
    }


def node(life: Life) -> str:
    """`unit#n`: what a life of a unit is called in its lineage; n as `life` of its states counts, from 0."""
    return f"{life.key[1]}#{life.number}"


def _row(world: World, passing: Passing, other: str, found: list[Passing], along: Along) -> Answer:
    return {
        "unit": other,
        "scope": passing.scope,
        "form": passing.form,
        "share": share(passing, found),
        "passed": along.by(passing),
        "effective": text_of(passing.act.day),
        "cause": cause_of(passing.act, world.instruments),
    }


def _link(world: World, passing: Passing, found: list[Passing], along: Along) -> Answer:
    assert passing.new is not None
    grade: Grade = "certain" if passing.act.proves else "presumed"
    return {
        "from": node(passing.old),
        "to": node(passing.new),
        "form": passing.form or "succession",
        "scope": passing.scope,
        "share": share(passing, found),
        "passed": along.by(passing),
        "effective": text_of(passing.act.day),
        "grade": grade,
        "cause": cause_of(passing.act, world.instruments),
    }


def _life(world: World, life: Life) -> Answer:
    grades = [grade for day in life.change_days() if (grade := life.grade(day))]
    return {
        "unit": life.key[1],
        "life": life.number,
        "name": life.value("name", AFTER_ALL),
        "kind": life.value("kind", AFTER_ALL),
        "since": life.since,
        "until": life.until,
        "grade": min(grades, key=GRADES.index, default=None),
        "implied": life.end.implied if life.end else False,
        "cause": cause_of(life.cause, world.instruments),
        "ended_by": cause_of(life.end.act, world.instruments) if life.end else None,
    }


def share(passing: Passing, found: Iterable[Passing]) -> str:
    """`whole`: the unit that passed ended by it, and has this one successor there; else `part`."""
    takers = {other.taker for other in found if other.old is passing.old and other.ends}
    return "whole" if passing.ends and takers <= {passing.taker} else "part"


def _reached(world: World, unit: str, found: list[Passing]) -> list[Passing]:
    """The passings that lead to the lives of *unit*, or on from them, each after those by which it is reached."""
    own = [life_id(life) for life in world.lives.get(unit_key(unit), ())]
    units = {unit, *(p.old.key[1] for p in found), *(p.taker for p in found)}
    links = [p for p in found if p.new is not None]
    links += [again for one in sorted(units) for again in reinstatements(world, one)]
    links.sort(key=lambda p: (p.order, p.act.order, life_id(p.old), p.taker))
    earliest: dict[LifeId, tuple[int, Order] | None] = dict.fromkeys(own)
    latest: dict[LifeId, tuple[int, Order] | None] = dict.fromkeys(own)
    reached: set[int] = set()
    for at, passing in enumerate(links):
        old, new = life_id(passing.old), life_id(passing.new) if passing.new else None
        since = earliest.get(old)
        if new and old in earliest and (since is None or since < passing.order):
            earliest.setdefault(new, passing.order)
            reached.add(at)
    for at, passing in reversed([*enumerate(links)]):
        old, new = life_id(passing.old), life_id(passing.new) if passing.new else None
        until = latest.get(new) if new else None
        if new in latest and (until is None or passing.order < until):
            latest.setdefault(old, passing.order)
            reached.add(at)
    return [links[at] for at in sorted(reached)]


# --- what passed


def of_one_act(one: Act, other: Act) -> bool:
    """Whether two acts are of one entry or rest on one instrument."""
    return one.event.entry == other.event.entry or (one.instrument is not None and one.instrument == other.instrument)


@dataclass(frozen=True)
class _Moved:
    """A unit or post that hung on one unit on the eve, and from that day on another by *act*."""

    kind: str
    thing: str
    act: Act


class Along:
    """What passed from unit to unit beside them: what hung on the one, and the functions it had."""

    def __init__(self, world: World) -> None:
        self._moved: dict[tuple[str, str], list[_Moved]] = defaultdict(list)
        self._functions: dict[str, list[Life]] = defaultdict(list)
        for key, lives in world.lives.items():
            if key[0] in HANGS_BY:
                for life in lives:
                    self._file(life, HANGS_BY[key[0]])
            elif key[0] == "function":
                self._functions[key[1]] += lives

    def _file(self, life: Life, above: str) -> None:
        for held in life.values.get(above, ()):
            was, now = life.value(above, held.day - 1), life.value(above, held.day)
            if held.given in ("act", "implied") and held.value == now != was and isinstance(was, str):
                self._moved[was, str(now)].append(_Moved(life.key[0], life.key[1], held.act))

    def by(self, passing: Passing) -> Answer:
        """{functions, posts, units}: what by the act of *passing*, or another of its entry or instrument, passed."""
        old, new = passing.old.key[1], passing.taker
        moved = [one for one in self._moved.get((old, new), ()) if of_one_act(one.act, passing.act)]
        return {
            "functions": self._passed(old, new, passing.act),
            "posts": sorted({one.thing for one in moved if one.kind == "post"}),
            "units": sorted({one.thing for one in moved if one.kind == "unit"} - {old, new}),
        }

    def _passed(self, old: str, new: str, act: Act) -> list[Answer]:
        """The functions that ended at *old* and began at *new* so: the same by its code, or word for word."""
        left = [life for life in self._functions.get(old, ()) if life.end and of_one_act(life.end.act, act)]
        taken = [life for life in self._functions.get(new, ()) if life.start and of_one_act(life.start, act)]
        found = [
            {"function": began.key[2], "text": _text(began) or _text(ended), "from": ended.id, "to": began.id}
            for began in taken
            for ended in left
            if began.key[2] == ended.key[2] or (_text(began) is not None and _text(began) == _text(ended))
        ]
        return sorted(found, key=lambda row: (row["function"], row["from"], row["to"]))


def _text(function: Life) -> object:
    return function.value("text", AFTER_ALL)


# --- step by step


@dataclass(frozen=True)
class _Step:
    kind: str
    life: Life
    place: int
    act: Act
    effective: str | None
    came_from: list[Passing]
    went_to: list[Passing]
    before: Answer | None
    after: Answer | None
    implied: bool = False

    def answer(self, world: World) -> Answer:
        mine = node(self.life)
        went = [node(p.new) for p in self.went_to if p.new]
        lives_on = self.before is not None and self.after is not None
        return {
            "kind": self.kind,
            "form": getattr(self.act.change, "form", None) if self.kind == "units-reorganized" else None,
            "life": self.life.number,
            "effective": self.effective,
            "from": _distinct([*([mine] if self.before is not None else []), *(node(p.old) for p in self.came_from)]),
            "to": _distinct([*([mine] if lives_on or self.before is None else []), *went]),
            "before": self.before,
            "after": self.after,
            "implied": self.implied,
            "cause": cause_of(self.act, world.instruments),
        }


def _distinct(nodes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(nodes))


def steps(world: World, unit: str, found: list[Passing]) -> list[Answer]:
    """What happened to *unit*: [{kind, form, life, effective, from, to, before, after, implied, cause}].

    Life by life, each from its beginning to its end, and between them in the order of effect. *from* and *to* are the
    lives of units that the step led from and to.
    """
    told: list[_Step] = []
    again = {life_id(p.new): p for p in reinstatements(world, unit) if p.new}
    for life in world.lives.get(unit_key(unit), ()):
        into = [p for p in found if p.new is life]
        out = [p for p in found if p.old is life]
        reinstated = again.get(life_id(life))
        told += [_beginning(life, [*([reinstated] if reinstated else []), *into])]
        told += [*_altered(life), *_lived_on(life, into, out)]
        told += [_end(life, out)] if life.end else []
    told.sort(key=lambda step: (step.life.number, step.place, step.act.order, step.kind))
    return [step.answer(world) for step in told]


def _values(life: Life, day: int) -> Answer:
    return {name: life.value(name, day) for name in TOLD}


def _beginning(life: Life, into: list[Passing]) -> _Step:
    kind, effective = "unit-attested", shown_by(life.s_hi)
    if life.start:
        kind, effective = life.start.change.kind, life.since or effective
    came_from = [p for p in into if p.act in life.starts]
    return _Step(kind, life, 0, life.cause, effective, came_from, [], None, _values(life, BEFORE_ALL))


def _end(life: Life, out: list[Passing]) -> _Step:
    end = life.end
    assert end is not None
    kind = "unit-abolished" if end.implied else end.act.change.kind
    went_to = [p for p in out if p.ends]
    return _Step(kind, life, 2, end.act, life.until, [], went_to, _values(life, AFTER_ALL), None, end.implied)


def _altered(life: Life) -> Iterable[_Step]:
    """The names and parents that the life came to have, each with the one before; but by no reorganization of units."""
    for name, kind in STEP_OF.items():
        for held in sorted(life.values.get(name, ()), key=attrgetter("day")):
            before, own = life.value(name, held.day - 1), isinstance(held.act.change, UnitsReorganized)
            if held.given == "start" or (own and held.given == "act") or life.held(name, held.day) is not held:
                continue
            rival = held.given == "attested" and life.value(name, held.day + 1) != held.value
            if before != held.value and not rival:
                shown, day = held.given == "attested", text_of(held.act.day)
                after, implied = {name: held.value}, held.given == "implied"
                told = "unit-attested" if shown else kind
                yield _Step(told, life, 1, held.act, day, [], [], {name: before}, after, implied)


def _lived_on(life: Life, into: list[Passing], out: list[Passing]) -> Iterable[_Step]:
    """The acts by which others passed into the life, or it into others, while it lived on; and that reorganized it."""
    ending = life.end.claims if life.end else []
    acts = {act for act in life.acts if isinstance(act.change, UnitsReorganized)}
    acts |= {p.act for p in (*into, *out)}
    for act in sorted(acts - {*life.starts, *ending}, key=lambda act: act.order):
        before, after = ({name: life.value(name, day) for name in STEP_OF} for day in (act.hi - 1, act.hi))
        kind = act.change.kind if isinstance(act.change, UnitsReorganized) else "unit-took-over"
        changed = [name for name in STEP_OF if before[name] != after[name] and kind == act.change.kind]
        yield _Step(
            kind,
            life,
            1,
            act,
            text_of(act.day),
            [p for p in into if p.act is act],
            [p for p in out if p.act is act],
            {name: before[name] for name in changed},
            {name: after[name] for name in changed},
        )
