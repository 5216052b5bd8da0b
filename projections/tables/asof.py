"""What stood on a day, from the tables: rows become an answer without any model between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
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
    return Bounds(*row[8:17]).grade(day, contested), contested


@lru_cache(maxsize=4096)
def _day(day: Day) -> str:
    return f'"{iso(day)}"'


@dataclass
class Stood:
    """What stood on a day, of the rows that a shelf has of it.

    *best* has the surest row of each thing but tenures, of two the later; *tenures* those of each post, *vacant* the
    posts of which a source says that nobody is known to hold them. *surest* is how sure each thing in *early*, which
    no source shows so early, is at best.
    """

    best: dict[str, Standing] = field(default_factory=dict)
    tenures: dict[str, list[Standing]] = field(default_factory=dict)
    quantities: list[Standing] = field(default_factory=list)
    vacant: set[str] = field(default_factory=set)
    early: set[str] = field(default_factory=set)
    surest: dict[str, int] = field(default_factory=dict)


def stood_on(rows: Iterable[Read], day: Day) -> Stood:
    """What stands on *day*, of whatever grade, by *rows* of it."""
    stood = Stood()
    best, tenures, surest = stood.best, stood.tenures, stood.surest
    for row in rows:
        key: str = row[0]
        if key.startswith("vacancy|"):
            stood.vacant.add(key.split("|")[1])
            continue
        grade, contested = standing(row, day)
        if grade is None:
            continue
        rank = _RANK[grade]
        if grade == "unattested":
            stood.early.add(key)
        if rank < surest.get(key, 9):
            surest[key] = rank
        if key.startswith("tenure|"):
            tenures.setdefault(key.rpartition("|")[2], []).append((row, grade, contested))
        elif key.startswith("quantity|"):
            stood.quantities.append((row, grade, contested))
        else:
            other = best.get(key)
            if other is None or (rank, -row[1]) < (_RANK[other[1]], -other[0][1]):
                best[key] = (row, grade, contested)
    return stood


def shown_on(rows: Iterable[Read], day: Day, lowest: Grade = "possible") -> Stood:
    """The same, of what is shown down to the grade *lowest*: tenures in posts that are shown."""
    stood, worst = stood_on(rows, day), _RANK[lowest]
    best = {key: one for key, one in stood.best.items() if _RANK[one[1]] <= worst}
    return replace(stood, best=best, quantities=[one for one in stood.quantities if _RANK[one[1]] <= worst])


def structure_json(shelf: Shelf, day: Day, until: Position, lowest: Grade = "possible") -> bytes:
    """The structure on *day* as recorded up to *until*, as JSON without its outer braces."""
    worst = _RANK[lowest]
    stood = shown_on(shelf.believed(day, until), day, lowest)
    shown = [stood.best[key] for key in sorted(stood.best, key=_parts)]
    held_in = [held for one in shown if one[0][0].startswith("post|") for held in stood.tenures.get(one[0][0][5:], ())]
    cause = shelf.causes({one[0][4] for one in (*shown, *stood.quantities, *held_in)})
    parts: dict[str, list[tuple[str, str]]] = {"unit": [], "post": [], "relation": [], "function": []}
    for one in shown:
        row = one[0]
        kind, _, name = row[0].partition("|")
        body = _thing(one, cause[row[4]])
        if kind == "post":
            held = stood.tenures.get(name, ())
            below = sorted((h[0][5], _holder(h, cause[h[0][4]])) for h in held if _RANK[h[1]] <= worst)
            body += f',"vacancy":"{vacancy_of(stood, name)}","holders":{_keyed(below)}'
        elif kind == "relation":
            subject, relation, object_ = name.split("|")
            body = f'"subject":"{subject}","object":"{object_}","relation":"{relation}",{body}'
        elif kind == "function":
            holder, function = name.split("|")
            body = f'"holder":"{holder}","function":"{function}",{body}'
            name = row[5]
        parts[kind].append((name, "{" + body + "}"))
    numbers = [(one[0][5], _quantity(one, cause[one[0][4]])) for one in stood.quantities]
    unattested = 0 if lowest == "unattested" else sum(stood.surest[key] > worst for key in stood.early)
    whole = (
        f'"units":{_keyed(parts["unit"])},"posts":{_keyed(parts["post"])},"relations":{_keyed(parts["relation"])},'
        f'"functions":{_keyed(sorted(parts["function"]))},"quantities":{_keyed(sorted(numbers))},'
        f'"unattested":{unattested}'
    )
    return whole.encode()


def _parts(key: str) -> list[str]:
    return key.split("|")


def vacancy_of(stood: Stood, post: str) -> str:
    """How far a post that stands is held."""
    held = stood.tenures.get(post, ())
    grades = [one[1] for one in held]
    shown = sum(grade != "unattested" for grade in grades)
    if any(grade in _FILLING for grade in grades):
        seats = stood.best[f"post|{post}"][0][6]
        return "part-filled" if seats is not None and shown < seats else "filled"
    return "vacant" if not shown and post in stood.vacant else "unknown"


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
