"""Flows: moves of people from one body to another over a time, and how many there were between each two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from domain.dates import AFTER_ALL, BEFORE_ALL, Day, iso
from domain.errors import UnknownThing
from domain.lives import Life
from domain.world import World
from projections.histories import person_name
from projections.moves import Move, by_start, last_day, move_answer, moves_of, place
from projections.structure import Answer

Pair = tuple[str | None, str | None]
"""The body left and the body taken; None: no unit is known."""


@dataclass(frozen=True)
class Asked:
    """Which flows are wanted: out of *start*, into *end*, units with all that hangs on them, None for any body.

    A move counts if its day lies in [*since*, *until*).
    """

    start: str | None = None
    end: str | None = None
    since: Day | None = None
    until: Day | None = None

    def called(self, unified: dict[str, str]) -> Asked:
        """The same, of the ids under which its units live on."""
        start, end = (None if unit is None else unified.get(unit, unit) for unit in (self.start, self.end))
        return Asked(start, end, self.since, self.until)

    @property
    def units(self) -> list[str]:
        """The units that are named."""
        return [unit for unit in (self.start, self.end) if unit is not None]

    def on(self, day: Day) -> bool:
        """Whether *day* is asked about."""
        return (self.since or BEFORE_ALL) <= day < (self.until or AFTER_ALL + 1)


def flows(world: World, institution: str, asked: Asked) -> Answer:
    """{from, to, since, until, flows, sums}: the moves that *asked* means, in the order of their days.

    A flow is a move of a career with {person, name} and its `bodies`, pairs [left, taken]: the nearest unit above the
    post that was named, else the one that hangs on nothing. Within one body nobody flows, unless it is named twice.
    `sums`: [{from, to, moves, persons}], a move counted once for each two bodies.

    Raises: UnknownThing.
    """
    asked = asked.called(world.unified)
    for unit in asked.units:
        if world.kinds.get(unit) != "unit":
            raise UnknownThing(institution, "unit", unit)
    found = [
        (move, person, pairs)
        for person in sorted(world.tenures_by_person)
        for move in moves_of(world, person)
        if asked.on(move.day) and (pairs := _pairs(world, move, asked))
    ]
    found.sort(key=lambda flow: (flow[0].day, flow[1], by_start(flow[0].taken[0])))
    moves: dict[Pair, list[str]] = defaultdict(list)
    for _, person, pairs in found:
        for pair in pairs:
            moves[pair].append(person)
    return {
        "from": asked.start,
        "to": asked.end,
        "since": iso(asked.since) if asked.since is not None else None,
        "until": iso(asked.until) if asked.until is not None else None,
        "flows": [
            {"person": person, "name": person_name(world, person), **move_answer(world, move), "bodies": pairs}
            for move, person, pairs in found
        ],
        "sums": [
            {"from": start, "to": end, "moves": len(people), "persons": len(set(people))}
            for (start, end), people in sorted(moves.items(), key=lambda sum_: (-len(sum_[1]), str(sum_[0])))
        ],
    }


def _pairs(world: World, move: Move, asked: Asked) -> list[Pair]:
    """The bodies between which a move was, of those that are asked about."""
    left = {_body(world, life, last_day(life), asked.units) for life in move.left}
    taken = {_body(world, life, max(life.s_hi, BEFORE_ALL + 1), asked.units) for life in move.taken}
    inside = asked.start is not None and asked.start == asked.end
    return sorted(
        (
            (start, end)
            for start in left
            for end in taken
            if asked.start in (None, start) and asked.end in (None, end) and (start != end or inside)
        ),
        key=str,
    )


def _body(world: World, life: Life, day: Day, named: Collection[str]) -> str | None:
    """The body in which a post was: the nearest unit above it that is named, else the one that hangs on nothing."""
    under: list[str] = place(world, life.key[2], day)["under"]
    return next((unit for unit in under if unit in named), under[-1] if under else None)
