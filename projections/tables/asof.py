"""What stood on a day, from the tables: rows become an answer without any model between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from domain.dates import Day, iso
from domain.lives import GRADES, Grade
from projections.tables.shelf import Shelf, Told
from projections.tables.slices import Position

_RANK = {grade: rank for rank, grade in enumerate(GRADES)}


@dataclass(frozen=True)
class Standing:
    """A row with its grade on the day asked about, and whether claims disagree then."""

    row: Told
    grade: Grade
    contested: bool


def standing(row: Told, day: Day) -> Standing | None:
    """*row* as it stands on *day*; None if it does not."""
    contested = row.disputed is not None and any(lo <= day < hi for lo, hi in orjson.loads(row.disputed))
    grade = row.bounds.grade(day, contested)
    return Standing(row, grade, contested) if grade else None


def structure_json(shelf: Shelf, day: Day, until: Position, lowest: Grade = "possible") -> bytes:
    """The structure on *day* as recorded up to *until*, as JSON without its outer braces."""
    worst = _RANK[lowest]
    best: dict[str, Standing] = {}
    tenures: dict[str, list[Standing]] = {}
    quantities: list[Standing] = []
    vacant: set[str] = set()
    for row in shelf.believed(day, until):
        kind, _, thing = row.key.partition("|")
        if kind == "vacancy":
            vacant.add(thing.partition("|")[0])
            continue
        found = standing(row, day)
        if found is None:
            continue
        if kind == "tenure":
            tenures.setdefault(thing.rpartition("|")[2], []).append(found)
        elif kind == "quantity":
            quantities.append(found)
        else:
            other = best.get(row.key)
            if other is None or (_RANK[found.grade], -row.life) < (_RANK[other.grade], -other.row.life):
                best[row.key] = found
    shown = sorted((one for one in best.values() if _RANK[one.grade] <= worst), key=lambda one: one.row.key.split("|"))
    writer = _Writer(shelf)
    writer.want(one.row.cause for one in [*shown, *quantities])
    posts = {one.row.key[5:] for one in shown if one.row.key.startswith("post|")}
    for post in posts:
        writer.want(one.row.cause for one in tenures.get(post, ()))
    writer.read()
    parts: dict[str, dict[str, str]] = {"unit": {}, "post": {}, "relation": {}, "function": {}}
    for one in shown:
        kind, _, thing = one.row.key.partition("|")
        match kind:
            case "unit":
                parts[kind][thing] = "{" + writer.thing(one) + "}"
            case "post":
                held = tenures.get(thing, [])
                below = {h.row.name or "": writer.holder(h) for h in held if _RANK[h.grade] <= worst}
                state = _vacancy(one, held, thing in vacant)
                parts[kind][thing] = (
                    "{" + writer.thing(one) + f',"vacancy":"{state}","holders":' + _keyed(sorted(below.items())) + "}"
                )
            case "relation":
                subject, relation, object_ = thing.split("|")
                ids = _inside({"subject": subject, "object": object_, "relation": relation})
                parts[kind][thing] = "{" + ids + "," + writer.thing(one) + "}"
            case "function":
                holder, function = thing.split("|")
                ids = _inside({"holder": holder, "function": function})
                parts[kind][one.row.name or ""] = "{" + ids + "," + writer.thing(one) + "}"
    numbers = {one.row.name or "": writer.quantity(one) for one in quantities if _RANK[one.grade] <= worst}
    unattested = 0 if lowest == "unattested" else _unattested(best, tenures)
    whole = ",".join(
        [
            '"units":' + _keyed(parts["unit"].items()),
            '"posts":' + _keyed(parts["post"].items()),
            '"relations":' + _keyed(parts["relation"].items()),
            '"functions":' + _keyed(sorted(parts["function"].items())),
            '"quantities":' + _keyed(sorted(numbers.items())),
            f'"unattested":{unattested}',
        ]
    )
    return whole.encode()


def _unattested(best: dict[str, Standing], tenures: dict[str, list[Standing]]) -> int:
    """How many things no source shows as early as that day, and nothing shows better."""
    people: dict[str, bool] = {}
    for held in tenures.values():
        for one in held:
            people[one.row.key] = people.get(one.row.key, True) and one.grade == "unattested"
    return sum(one.grade == "unattested" for one in best.values()) + sum(people.values())


def _vacancy(post: Standing, held: list[Standing], said: bool) -> str:
    shown = sum(one.grade != "unattested" for one in held)
    if any(one.grade in ("certain", "presumed") for one in held):
        seats: Any = orjson.loads("{" + post.row.values + "}")["seats"]
        return "part-filled" if isinstance(seats, int) and shown < seats else "filled"
    return "vacant" if not shown and said else "unknown"


class _Writer:
    """Rows as JSON, with their causes."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._wanted: set[int] = set()
        self._causes: dict[int, str] = {}

    def want(self, causes: Iterable[int]) -> None:
        self._wanted.update(causes)

    def read(self) -> None:
        self._causes = dict(self._shelf.causes(sorted(self._wanted)))

    def thing(self, one: Standing) -> str:
        row = one.row
        evidence = "null" if row.evidence is None else f'"{iso(row.evidence)}"'
        contested = "true" if one.contested else "false"
        values = row.values + "," if row.values else ""
        return (
            f'{values}"grade":"{one.grade}",{row.told},"evidence":{evidence},"contested":{contested},'
            f'"cause":{self._causes[row.cause]}'
        )

    def holder(self, one: Standing) -> str:
        return '{"person":' + orjson.dumps(one.row.key.split("|")[1]).decode() + "," + self.thing(one) + "}"

    def quantity(self, one: Standing) -> str:
        return "{" + f'{one.row.values},"grade":"{one.grade}","cause":{self._causes[one.row.cause]}' + "}"


def _keyed(items: Iterable[tuple[str, str]]) -> str:
    return "{" + ",".join(f"{orjson.dumps(name).decode()}:{body}" for name, body in items) + "}"


def _inside(value: dict[str, str]) -> str:
    return orjson.dumps(value).decode()[1:-1]
