"""What stood on a day, from the tables: rows become an answer without any model between."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

import orjson

from domain.dates import Day, iso
from domain.lives import GRADES, Bounds, Grade
from projections.tables.shelf import Read, Shelf
from projections.tables.slices import Position

_RANK = {grade: rank for rank, grade in enumerate(GRADES)}
_FILLING = ("certain", "presumed")

Standing: TypeAlias = tuple[Read, Grade, bool]
"""A row, its grade on the day asked about, and whether claims disagree then."""


def standing(row: Read, day: Day) -> tuple[Grade | None, bool]:
    """The grade of *row* on *day*, None if it does not stand, and whether claims disagree then."""
    contested = row[7] is not None and any(lo <= day < hi for lo, hi in orjson.loads(row[7]))
    return Bounds(*row[8:]).grade(day, contested), contested


@lru_cache(maxsize=4096)
def _day(day: Day) -> str:
    return f'"{iso(day)}"'


def structure_json(shelf: Shelf, day: Day, until: Position, lowest: Grade = "possible") -> bytes:
    """The structure on *day* as recorded up to *until*, as JSON without its outer braces."""
    worst = _RANK[lowest]
    best: dict[str, Standing] = {}
    tenures: dict[str, list[Standing]] = {}
    quantities: list[Standing] = []
    vacant: set[str] = set()
    early: set[str] = set()
    surest: dict[str, int] = {}
    for row in shelf.believed(day, until):
        key: str = row[0]
        if key.startswith("vacancy|"):
            vacant.add(key.split("|")[1])
            continue
        grade, contested = standing(row, day)
        if grade is None:
            continue
        rank = _RANK[grade]
        if grade == "unattested":
            early.add(key)
        if rank < surest.get(key, 9):
            surest[key] = rank
        if key.startswith("tenure|"):
            tenures.setdefault(key.rpartition("|")[2], []).append((row, grade, contested))
        elif key.startswith("quantity|"):
            quantities.append((row, grade, contested))
        else:
            other = best.get(key)
            if other is None or (rank, -row[1]) < (_RANK[other[1]], -other[0][1]):
                best[key] = (row, grade, contested)
    shown = [best[key] for key in sorted(best, key=_parts) if _RANK[best[key][1]] <= worst]
    held_in = [held for one in shown if one[0][0].startswith("post|") for held in tenures.get(one[0][0][5:], ())]
    cause = shelf.causes({one[0][4] for one in (*shown, *quantities, *held_in)})
    parts: dict[str, list[tuple[str, str]]] = {"unit": [], "post": [], "relation": [], "function": []}
    for one in shown:
        row = one[0]
        kind, _, name = row[0].partition("|")
        body = _thing(one, cause[row[4]])
        if kind == "post":
            held = tenures.get(name, ())
            below = sorted((h[0][5], _holder(h, cause[h[0][4]])) for h in held if _RANK[h[1]] <= worst)
            body += f',"vacancy":"{_vacancy(one, held, name in vacant)}","holders":{_keyed(below)}'
        elif kind == "relation":
            subject, relation, object_ = name.split("|")
            body = f'"subject":"{subject}","object":"{object_}","relation":"{relation}",{body}'
        elif kind == "function":
            holder, function = name.split("|")
            body = f'"holder":"{holder}","function":"{function}",{body}'
            name = row[5]
        parts[kind].append((name, "{" + body + "}"))
    numbers = [(one[0][5], _quantity(one, cause[one[0][4]])) for one in quantities if _RANK[one[1]] <= worst]
    unattested = 0 if lowest == "unattested" else sum(surest[key] > worst for key in early)
    whole = (
        f'"units":{_keyed(parts["unit"])},"posts":{_keyed(parts["post"])},"relations":{_keyed(parts["relation"])},'
        f'"functions":{_keyed(sorted(parts["function"]))},"quantities":{_keyed(sorted(numbers))},'
        f'"unattested":{unattested}'
    )
    return whole.encode()


def _parts(key: str) -> list[str]:
    return key.split("|")


def _vacancy(post: Standing, held: Iterable[Standing], said: bool) -> str:
    grades = [one[1] for one in held]
    shown = sum(grade != "unattested" for grade in grades)
    if any(grade in _FILLING for grade in grades):
        seats = post[0][6]
        return "part-filled" if seats is not None and shown < seats else "filled"
    return "vacant" if not shown and said else "unknown"


def _thing(one: Standing, cause: str) -> str:
    row, grade, contested = one
    evidence = row[14]
    return (
        f'{row[2]}{"," if row[2] else ""}"grade":"{grade}",{row[3]},'
        f'"evidence":{"null" if evidence is None else _day(evidence)},'
        f'"contested":{"true" if contested else "false"},"cause":{cause}'
    )


def _holder(one: Standing, cause: str) -> str:
    return f'{{"person":"{one[0][0].split("|")[1]}",{_thing(one, cause)}}}'


def _quantity(one: Standing, cause: str) -> str:
    row, grade, _ = one
    return f'{{{row[2]},"grade":"{grade}","cause":{cause}}}'


def _keyed(items: Iterable[tuple[str, str]]) -> str:
    """Ids, which need no escapes, each with its JSON."""
    return "{" + ",".join([f'"{name}":{body}' for name, body in items]) + "}"
