"""What stood on a day, from the tables: rows become an answer without any model between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

import orjson

from domain.dates import Day, iso
from domain.lives import GRADES, Bounds, Grade
from projections.tables.shelf import Read, Shelf
from projections.tables.slices import Position

_RANK = {grade: rank for rank, grade in enumerate(GRADES)}
_GRADED = {grade: f',"grade":"{grade}",'.encode() for grade in GRADES}
_FILLING = ("certain", "presumed")

Standing: TypeAlias = tuple[Read, Grade, bool]
"""A row, its grade on the day asked about, and whether claims disagree then."""


def standing(row: Read, day: Day) -> tuple[Grade | None, bool]:
    """The grade of *row* on *day*, None if it does not stand, and whether claims disagree then."""
    contested = row[7] is not None and any(lo <= day < hi for lo, hi in orjson.loads(row[7]))
    return Bounds(*row[8:17]).grade(day, contested), contested


@lru_cache(maxsize=4096)
def _day(day: Day) -> bytes:
    return f'"{iso(day)}"'.encode()


@dataclass
class Stood:
    """What stood on a day, of the rows that a shelf has of it; things by their names in bytes.

    *best* has the surest row of each thing but tenures, of two the later; *tenures* those of each post, *vacant* the
    posts of which a source says that nobody is known to hold them. *surest* is how sure each thing in *early*, which
    no source shows so early, is at best.
    """

    best: dict[bytes, Standing] = field(default_factory=dict)
    tenures: dict[bytes, list[Standing]] = field(default_factory=dict)
    quantities: list[Standing] = field(default_factory=list)
    vacant: set[bytes] = field(default_factory=set)
    early: set[bytes] = field(default_factory=set)
    surest: dict[bytes, int] = field(default_factory=dict)


def shown_on(rows: Iterable[Read], day: Day, lowest: Grade = "possible") -> Stood:
    """What stands on *day* by *rows* of it: things down to the grade *lowest*, tenures of whatever grade."""
    stood, worst = Stood(), _RANK[lowest]
    best, tenures, surest = stood.best, stood.tenures, stood.surest
    for row in rows:
        key: bytes = row[0]
        if key.startswith(b"vacancy|"):
            stood.vacant.add(key.split(b"|")[1])
            continue
        grade, contested = standing(row, day)
        if grade is None:
            continue
        rank = _RANK[grade]
        if grade == "unattested":
            stood.early.add(key)
        if rank < surest.get(key, 9):
            surest[key] = rank
        if key.startswith(b"tenure|"):
            tenures.setdefault(key[key.rindex(b"|") + 1 :], []).append((row, grade, contested))
        elif rank > worst:
            continue
        elif key.startswith(b"quantity|"):
            stood.quantities.append((row, grade, contested))
        else:
            other = best.get(key)
            if other is None or (rank, -row[1]) < (_RANK[other[1]], -other[0][1]):
                best[key] = (row, grade, contested)
    return stood


def structure_json(shelf: Shelf, day: Day, until: Position, lowest: Grade = "possible") -> bytes:
    """The structure on *day* as recorded up to *until*, as JSON without its outer braces."""
    worst = _RANK[lowest]
    stood = shown_on(shelf.believed(day, until), day, lowest)
    shown = [stood.best[key] for key in sorted(stood.best, key=_in_order)]
    held_in = [held for one in shown if one[0][0].startswith(b"post|") for held in stood.tenures.get(one[0][0][5:], ())]
    cause = shelf.causes({one[0][4] for one in (*shown, *stood.quantities, *held_in)})
    parts: dict[bytes, list[bytes]] = {b"unit": [], b"post": [], b"relation": []}
    functions: list[tuple[bytes, bytes]] = []
    for one in shown:
        kind, _, name = one[0][0].partition(b"|")
        if kind == b"function":
            holder, function = name.split(b"|")
            told = (b'"holder":"', holder, b'","function":"', function, b'",', *_thing(one, cause))
            functions.append((one[0][5], b"".join(told)))
            continue
        part = parts[kind]
        part += (b',"', name, b'":{')
        if kind == b"relation":
            subject, relation, object_ = name.split(b"|")
            part += (b'"subject":"', subject, b'","object":"', object_, b'","relation":"', relation, b'",')
        part += _thing(one, cause)
        if kind == b"post":
            held = [held for held in stood.tenures.get(name, ()) if _RANK[held[1]] <= worst]
            part += (b',"vacancy":"', vacancy_of(stood, name).encode(), b'","holders":{', _holders(held, cause), b"}")
        part.append(b"}")
    numbers = [(one[0][5], _quantity(one, cause)) for one in stood.quantities]
    unattested = 0 if lowest == "unattested" else sum(stood.surest[key] > worst for key in stood.early)
    units, posts, relations = (b"".join(part)[1:] for part in parts.values())
    sections = {
        b"units": units,
        b"posts": posts,
        b"relations": relations,
        b"functions": _keyed(functions),
        b"quantities": _keyed(numbers),
    }
    return b'%b,"unattested":%d' % (b",".join(b'"%b":{%b}' % section for section in sections.items()), unattested)


def _in_order(key: bytes) -> bytes:
    """Sorts names part by part."""
    return key.replace(b"|", b"\0")


def vacancy_of(stood: Stood, post: bytes) -> str:
    """How far a post that stands is held."""
    held = stood.tenures.get(post, ())
    grades = [one[1] for one in held]
    shown = sum(grade != "unattested" for grade in grades)
    if any(grade in _FILLING for grade in grades):
        seats = stood.best[b"post|" + post][0][6]
        return "part-filled" if seats is not None and shown < seats else "filled"
    return "vacant" if not shown and post in stood.vacant else "unknown"


def _thing(one: Standing, cause: Mapping[int, bytes]) -> tuple[bytes, ...]:
    row, grade, contested = one
    evidence = row[14]
    return (
        row[2],
        _GRADED[grade] if row[2] else _GRADED[grade][1:],
        row[3],
        b',"evidence":',
        b"null" if evidence is None else _day(evidence),
        b',"contested":true,"cause":' if contested else b',"contested":false,"cause":',
        cause[row[4]],
    )


def _holders(held: list[Standing], cause: Mapping[int, bytes]) -> bytes:
    told: list[bytes] = []
    for one in sorted(held, key=_tenure):
        told += (b',"', one[0][5], b'":{"person":"', one[0][0].split(b"|")[1], b'",', *_thing(one, cause), b"}")
    return b"".join(told)[1:]


def _tenure(one: Standing) -> bytes:
    tenure: bytes = one[0][5]
    return tenure


def _quantity(one: Standing, cause: Mapping[int, bytes]) -> bytes:
    row, grade, _ = one
    return b'%b,"grade":"%b","cause":%b' % (row[2], grade.encode(), cause[row[4]])


def _keyed(items: list[tuple[bytes, bytes]]) -> bytes:
    """Ids, which need no escapes, in their order, each with its JSON."""
    return b",".join(b'"%b":{%b}' % item for item in sorted(items))
