"""Proof that the read tables tell what the fold of the log tells: of all of it, or of a sample."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from random import Random
from typing import TypeAlias

import orjson

from domain.changes import QuantityObserved
from domain.claims import Key, post_key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day, iso
from domain.world import World
from projections.spelling import folded
from projections.structure import DIFFED, Answer, structure
from projections.tables.names import NAMED, Spelling, named, spellings
from projections.tables.reading import Reading
from projections.tables.rebuilding import Believed, Ledger
from projections.tables.rows import Row, thing_of
from projections.tables.shelf import EventCache
from projections.tables.slices import Position, Slice
from projections.tables.topics import key_of, of_key

SPREAD = 5  # known positions at which structures are compared, each on so many days but one

WorldAt: TypeAlias = Callable[[Position], World]
WholeAt: TypeAlias = Callable[[Position], Position]
"""The end of the last entry that is whole at a position."""


@dataclass(frozen=True)
class Difference:
    """The tables tell otherwise than the log of *thing* on *day*, as known at *position*."""

    thing: str
    day: Day
    position: Position
    tables: str
    log: str

    def __str__(self) -> str:
        day = iso(self.day) or ("before any day" if self.day <= BEFORE_ALL else "after all days")
        known = f"as known at position {self.position}"
        return f"{self.thing}, {day}, {known}: the tables say {self.tables}, the log says {self.log}"


def differences(ledger: Ledger, institution: str, world_at: WorldAt, whole: WholeAt) -> Iterator[Difference]:
    """Where the tables differ from the fold of the whole log: every row believed, and structures over time."""
    position = ledger.position()
    world = world_at(position)
    expected = _rows_of(world)
    for name, rows in groupby(ledger.all_believed(), key=lambda row: row.key):
        yield from _rows_apart(name, position, list(rows), expected.pop(name, []))
    for name, missing in expected.items():
        yield from _rows_apart(name, position, [], missing)
    called = {of_key(key): _called(world, key) for key in named(world)}
    for name, spelled in groupby(ledger.all_spelled(), key=lambda row: row[0]):
        yield from _called_apart(name, position, list(spelled), called.pop(name, []))
    for name, names in called.items():
        yield from _called_apart(name, position, [], names)
    days = sorted({act.lo for act in world.acts if BEFORE_ALL < act.lo < AFTER_ALL})
    positions = [whole(position * number // SPREAD) for number in range(1, SPREAD + 1)] if days else []
    for known in dict.fromkeys(positions):
        then = world_at(known) if known else None
        reading = Reading(institution, ledger, known, EventCache())
        for day in _spread(days, SPREAD - 1) if then else ():
            told: Answer = orjson.loads(b"{%b}" % reading.structure(day))
            folded: Answer = orjson.loads(orjson.dumps(structure(then or world, day)))
            yield from _structures_apart(told, folded, day, known)


def sampled(ledger: Ledger, institution: str, size: int, whole: WholeAt, chance: Random) -> Iterator[Difference]:
    """Where the tables differ from the fold of slices: *size* things, and as many on a day as known at some time."""
    position = ledger.position()
    now = Reading(institution, ledger, position, EventCache())
    names = sorted(name for name in ledger.names() if name.partition("|")[0] not in ("person", "instrument"))
    for name in chance.sample(names, min(size, len(names))):
        key = key_of(name)
        world = Slice(now.archive, [key], also=_told_at(key, now)).world
        found = ledger.believed_of(name)
        yield from _rows_apart(name, position, found, _expected(world, key))
        if key[0] in NAMED:
            yield from _called_apart(name, position, ledger.spelled_of(name), _called(world, key))
        spans = [(row.lo, row.hi) for row in found if row.lo < row.hi]
        if spans:
            lo, hi = chance.choice(spans)
            day = chance.randint(max(lo, BEFORE_ALL + 1), max(min(hi, AFTER_ALL) - 1, BEFORE_ALL + 1))
            then = whole(chance.randint(1, position))
            yield from _stood_apart(Reading(institution, ledger, then, EventCache()), key, day)


def _spread(days: Sequence[Day], count: int) -> list[Day]:
    return sorted({days[(len(days) - 1) * number // max(count - 1, 1)] for number in range(count)})


# --- rows


def _rows_of(world: World) -> dict[str, list[Believed]]:
    """Thing → the rows by which the tables should tell of it, of all that has any."""
    keys = [key for key in world.lives if key[0] != "person"]
    keys += [("vacancy", post, act.target) for post, acts in world.about_post.items() for act in acts]
    rows = {of_key(key): _expected(world, key) for key in keys}
    for act in world.acts:
        if isinstance(act.change, QuantityObserved):
            key = ("quantity", act.target)
            rows[of_key(key)] = _expected(replace(world, acts=[act]), key)
    return {name: found for name, found in rows.items() if found}


def _told_at(key: Key, reading: Reading) -> Iterable[Position]:
    """The position of the act that a quantity or a stated vacancy is of, which no other thing is named for."""
    entry, _, number = key[-1].partition("#") if key[0] in ("quantity", "vacancy") else ("", "", "")
    return [p for p, event in reading.archive.entry(entry) if str(event.index) == number] if entry else []


def _expected(world: World, key: Key) -> list[Believed]:
    return [_as_kept(key, row) for row in thing_of(world, key, []).rows]


def _as_kept(key: Key, row: Row) -> Believed:
    disputed = orjson.dumps(row.disputed).decode() if row.disputed else None
    bounds = [int(value) if isinstance(value, bool) else value for value in row.bounds]
    told = [of_key(key), row.life, row.lo, row.hi, row.values, row.told, row.cause, row.name, disputed]
    return Believed._make([*told, *bounds, row.acts])


def _rows_apart(name: str, position: Position, tables: list[Believed], log: list[Believed]) -> Iterator[Difference]:
    """The first row of a thing that differs."""
    kept = sorted((row._replace(cause=row.cause or "") for row in tables), key=lambda row: row[1:4])
    made = sorted(log, key=lambda row: row[1:4])
    for number in range(max(len(kept), len(made))):
        one = kept[number] if number < len(kept) else None
        other = made[number] if number < len(made) else None
        if one != other:
            lo = min(row.lo for row in (one, other) if row)
            yield Difference(name, lo, position, *_said(one, other))
            return


def _said(one: Believed | None, other: Believed | None) -> tuple[str, str]:
    """What two rows say, as far as they differ."""
    if one is None or other is None:
        return ("nothing", "that it stands") if one is None else ("that it stands", "nothing")
    told = [(name, a, b) for name, a, b in zip(Believed._fields, one, other, strict=True) if a != b]
    return "; ".join(f"{name} {a}" for name, a, _ in told), "; ".join(f"{name} {b}" for name, _, b in told)


# --- names

Spelled: TypeAlias = tuple[str, Spelling, str]


def _called(world: World, key: Key) -> list[Spelled]:
    """What the tables should tell of what a thing is called."""
    return [(of_key(key), one, folded(one.text)) for one in spellings(world, key)]


def _called_apart(name: str, position: Position, tables: list[Spelled], log: list[Spelled]) -> Iterator[Difference]:
    """The first spelling of a thing that tables and log have not both."""
    apart = sorted({*tables} ^ {*log}, key=lambda one: one[1:])
    if apart:
        _, spelling, letters = apart[0]
        said = f"that it is called {spelling.text} ({letters.strip()})"
        yield Difference(name, spelling.lo, position, *((said, "nothing") if apart[0] in tables else ("nothing", said)))


# --- structures


def _structures_apart(told: Answer, folded: Answer, day: Day, position: Position) -> Iterator[Difference]:
    for part in DIFFED:
        for name in sorted(told[part].keys() | folded[part].keys()):
            one, other = told[part].get(name), folded[part].get(name)
            if one != other:
                yield Difference(f"{part}/{name}", day, position, *_shown(one, other))
                return
    if told["unattested"] != folded["unattested"]:
        yield Difference("unattested", day, position, str(told["unattested"]), str(folded["unattested"]))


def _shown(one: object, other: object) -> tuple[str, str]:
    if isinstance(one, dict) and isinstance(other, dict):
        names = [name for name in {**one, **other} if one.get(name) != other.get(name)]
        one, other = ({name: side.get(name) for name in names} for side in (one, other))
    return tuple("nothing" if side is None else orjson.dumps(side).decode() for side in (one, other))  # type: ignore[return-value]  # two sides


def _stood_apart(reading: Reading, key: Key, day: Day) -> Iterator[Difference]:
    """Whether *key*, or the post of a tenure, stands on *day* as the slice of it says."""
    key = post_key(key[2] if key[0] == "tenure" else key[1]) if key[0] in ("tenure", "vacancy") else key
    core, more = {key}, [f"scope|post|{key[1]}"] if key[0] == "post" else []
    if key[0] == "post":
        core |= Slice(reading.archive, core).keys_in(f"holders|{key[1]}")
    world = Slice(reading.archive, core, more=more, also=_told_at(key, reading)).world
    folded = _of(orjson.loads(orjson.dumps(structure(world, day))), key)
    told = _of(orjson.loads(b"{%b}" % reading.structure(day)), key)
    if folded != told:
        yield Difference(of_key(key), day, reading.position, *_shown(told, folded))


def _of(answer: Answer, key: Key) -> object:
    """What a structure says of a thing."""
    match key:
        case ("relation", *names):
            return answer["relations"].get("|".join(names))
        case ("function", holder, function):
            held = answer["functions"].items()
            return {name: f for name, f in held if (f["holder"], f["function"]) == (holder, function)} or None
        case ("quantity", target):
            return answer["quantities"].get(target)
    return answer[f"{key[0]}s"].get(key[1])
