"""What the tables hold of one thing: rows for the answers, and what a later entry needs to know of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson

from domain.acts import Act
from domain.changes import Appointed, CoverageDeclared, LifeEvent, QuantityObserved, Transferred
from domain.claims import Claim, Key, Value
from domain.dates import AFTER_ALL, BEFORE_ALL, Day
from domain.lives import Bounds, Life
from domain.vacancy import vacancies_stated
from domain.world import HANGS_BY, World
from projections.structure import ATTRIBUTES, cause_of, quantity_values
from projections.tables.slices import Position
from projections.tables.topics import CALLED

Span: TypeAlias = tuple[Day, Day]
"""From the first day on until before the second."""

EVER: Span = (BEFORE_ALL, AFTER_ALL)
MANY = 4  # values of one attribute from which on they are looked up by day
NEVER_GRADED = Bounds(AFTER_ALL, AFTER_ALL, AFTER_ALL, AFTER_ALL, AFTER_ALL, BEFORE_ALL, None, False, False)


@dataclass(frozen=True)
class Row:
    """One rectangle: what an answer shows of one life of a thing from day *lo* until before *hi*.

    *values*, *told* (since and until) and *cause* are JSON without the outer braces; *name* is the id of a tenure or
    function; *position* is that of the cause; *disputed* are the spans on which claims about the life disagree.
    *acts* is JSON, where another act than the cause tells of the row: `[end, held]`. The end is `[position, first day,
    implied]` or null, and *held* has `[position, day, given]` by the name of each value that the cause did not give.
    """

    life: int
    lo: Day
    hi: Day
    values: str
    told: str
    cause: str
    position: Position
    name: str | None
    seats: int | None
    disputed: tuple[Span, ...]
    bounds: Bounds
    acts: str | None = None

    @property
    def content(self) -> tuple[object, ...]:
        """All but the bounds."""
        return (self.life, self.lo, self.hi, self.values, self.told, self.cause, self.name, self.disputed, self.acts)


@dataclass(frozen=True)
class Point:
    """A day on which a thing shows what it hangs on, *above*, by the act at *position*.

    It shows itself too, where the act only says what it is called: on its day, and on the *eve*.
    """

    above: Key
    lo: Day
    hi: Day
    position: Position
    proved: bool
    begins: bool
    eve: bool = False


@dataclass
class Thing:
    """All that the tables hold of one thing.

    *shape* is what other things depend on, by life: a change of it is a reason to look at them again. *hangs* are the
    things on which it may ever hang, each with the days; *points* the days on which it shows them.
    """

    rows: list[Row] = field(default_factory=list)
    shape: dict[str, Any] = field(default_factory=lambda: {"kind": None, "lives": []})
    hangs: dict[Key, Span] = field(default_factory=dict)
    points: set[Point] = field(default_factory=set)


Told: TypeAlias = tuple[Act, Mapping[str, Value]]
"""An act that makes a claim on a thing, believed or not, and the values that it gives it."""


def thing_of(world: World, key: Key, told: Sequence[Told]) -> Thing:
    """What *world* says of *key*; *told* is what is claimed of it."""
    acts = [act for act, _ in told]
    match key:
        case ("quantity", target):
            rows = list(_quantity(world, target))
            about = {act.change.subject for act in acts if isinstance(act.change, QuantityObserved)}
            return Thing(
                rows=rows, hangs={(kind, thing): EVER for thing in about for kind in ("unit", "post", "person")}
            )
        case ("vacancy", post, target):
            return Thing(rows=list(_vacancy(world, post, target)), hangs={("post", post): EVER})
        case ("person", _):
            return Thing(shape=shape_of(world, key))
        case ("instrument", _):  # has names alone
            return Thing()
    lives = world.lives.get(key, [])
    thing = Thing(shape=shape_of(world, key))
    for life in lives:
        thing.rows += _rows(world, life)
    span = (
        min([AFTER_ALL, *(act.lo for act in acts), *(life.s_lo for life in lives)]),
        max([BEFORE_ALL, *(act.hi + 1 for act in acts), *(life.e_hi for life in lives)]),
    )
    thing.hangs = dict.fromkeys(_hangs_on(world, key, told), span)
    thing.points = {
        Point(above, shown.lo, shown.hi, shown.act.position, shown.seen.proved, shown.seen.begins)
        for above, shown in world.carried.get(key, ())
    }
    for act in acts if key[0] in HANGS_BY else ():
        if isinstance(act.change, CALLED) and act.day and (act.target, key) not in world.lost:
            for lo, hi in Claim(key, "change", act, {}).evidence:
                thing.points.add(Point(key, lo, hi, act.position, act.proves, act.proves, eve=lo < act.lo))
    return thing


def shape_of(world: World, key: Key) -> dict[str, Any]:
    """What other things depend on in *key*."""
    kind = world.kinds.get(key[1]) if key[0] in HANGS_BY or key[0] == "person" else None
    if key[0] == "person":
        told = [act.change for act in world.acts_on_person.get(key[1], ())]
        died = any(isinstance(one, LifeEvent) and one.what == "died" for one in told)
        return {"kind": kind, "lives": [], "died": died}
    return {"kind": kind, "lives": [_shape(life) for life in world.lives.get(key, [])]}


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _inside(value: dict[str, Any]) -> str:
    """*value* as JSON without its braces."""
    return _json(value)[1:-1]


def _rows(world: World, life: Life) -> Iterator[Row]:
    bounds = life.bounds
    told = _inside({"since": life.since, "until": life.until})
    cause = _json(cause_of(life.cause, world.instruments))
    disputed = tuple(sorted({(lo, hi + 1) for lo, hi in life.disputes} | {(d, d + 1) for d in life.disputed_values}))
    for lo, hi, values in value_spans(life, bounds.s_lo, bounds.e_hi, ATTRIBUTES[life.key[0]]):
        name = life.id if life.key[0] in ("tenure", "function") else None
        yield Row(
            life=life.number,
            lo=lo,
            hi=hi,
            values=_inside(values),
            told=told,
            cause=cause,
            position=life.cause.position,
            name=name,
            seats=values.get("seats"),
            disputed=disputed,
            bounds=bounds,
            acts=_acts(life, lo),
        )


def _acts(life: Life, day: Day) -> str | None:
    """The acts behind the end of *life*, and behind its values on *day*, where they are not its cause."""
    end = [life.end.act.position, life.end.lo, life.end.implied] if life.end else None
    held = {}
    for name in ATTRIBUTES[life.key[0]]:
        given = life.gave(name, day)
        if given is not None and (given.act is not life.cause or given.given != "start"):
            held[name] = [given.act.position, given.day, given.given]
    return _json([end, held]) if end or held else None


def value_spans(life: Life, first: Day, end: Day, names: Sequence[str]) -> Iterator[tuple[Day, Day, dict[str, Any]]]:
    """The values *names* of *life* from *first* until before *end*, by the spans on which they stay the same."""
    days = {first}
    for name in names:
        for held in life.values.get(name, ()):
            days |= {held.day, held.day + 1} if held.given == "attested" else {held.day}
    lo, values = first, None
    tell = {name: _teller(life, name) for name in names}
    for day in sorted(day for day in days if first <= day < end):
        now = {name: told(day) for name, told in tell.items()}
        if values is not None and now != values:
            yield lo, day, values
            lo = day
        values = now
    if values is not None:
        yield lo, end, values


def _teller(life: Life, name: str) -> Callable[[Day], Any]:
    """The value of *name* on a day; of many by looking it up, where no source shows one for its own day alone."""
    given = life.values.get(name, ())
    if len(given) < MANY or any(held.given == "attested" for held in given):
        return lambda day: life.value(name, day)
    last = {held.day: held.value for held in given}  # of one day, the last in the order of effect
    days = sorted(last)
    before = life.first.get(name)

    def told(day: Day) -> Any:
        at = bisect_right(days, day)
        return last[days[at - 1]] if at else before.value if before else None

    return told


def _shape(life: Life) -> list[Any]:
    end = life.end
    names = [name for name in (HANGS_BY.get(life.key[0]), "seats", "kind") if name]
    starts = life.starts
    if life.key[0] == "tenure":  # whoever is appointed again succeeds again
        starts = [act for act in life.acts if isinstance(act.change, Appointed | Transferred)]
    return [
        life.start_lo,
        life.start_hi,
        [[act.target, act.lo, act.hi, act.order[1]] for act in starts],
        [end.lo, end.hi, end.rule, end.act.target, end.implied] if end else None,
        [
            [lo, hi, [values.get(name) for name in names]]
            for lo, hi, values in value_spans(life, BEFORE_ALL, AFTER_ALL, names)
        ]
        if life.key[0] in HANGS_BY
        else None,
        sorted(shown.lo for shown in life.shown if shown.own and isinstance(shown.act.change, CoverageDeclared)),
        bool(life.acts) and isinstance(life.acts[0].change, CALLED),
    ]


def _hangs_on(world: World, key: Key, told: Sequence[Told]) -> set[Key]:
    match key:
        case ("tenure", person, post):
            return {("post", post), ("person", person)}
        case ("relation", subject, _, object_):
            return {(kind, thing) for thing in (subject, object_) for kind in ("unit", "post")}
        case ("function", holder, _):
            return {("unit", holder), ("post", holder)}
    name = HANGS_BY[key[0]]
    above = {held.value for held in world.ever(key, name)}
    above |= {values.get(name) for _, values in told}  # those too that are not believed as yet
    return {("unit", unit) for unit in above if isinstance(unit, str)}


def _quantity(world: World, target: str) -> Iterator[Row]:
    for act in [world.quantities[target]] if target in world.quantities else ():
        change = act.change
        if isinstance(change, QuantityObserved) and act.day:
            surely = act.proves and act.lo == act.hi
            values = quantity_values(act, change)
            end = act.hi + 1 if act.hi < AFTER_ALL else AFTER_ALL
            bounds = Bounds(
                s_lo=act.lo,
                s_hi=act.lo if surely else AFTER_ALL,
                e_lo=end,
                e_hi=end,
                proved_from=act.lo if surely else AFTER_ALL,
                proved_until=end if surely else BEFORE_ALL,
                evidence=None,
                begun=True,
                handed_on=False,
            )
            cause = _json(cause_of(act, world.instruments))
            yield Row(0, act.lo, end, _inside(values), "", cause, act.position, target, None, (), bounds)


def _vacancy(world: World, post: str, target: str) -> Iterator[Row]:
    for act, first, last in vacancies_stated(world, post):
        if act.target == target and first <= last:
            end = last + 1 if last < AFTER_ALL else AFTER_ALL
            yield Row(0, first, end, "", "", "", act.position, None, None, (), NEVER_GRADED)
