"""Proof, before anything is timed, that the tables tell what the fold tells."""

from __future__ import annotations

from functools import lru_cache
from random import Random

import orjson

from bench.building import INSTITUTION
from bench.registers import Register, days_by_chance
from domain.acts import Known
from domain.fold import fold
from domain.world import World
from projections.diff import diff
from projections.proving import differences, sampled
from projections.structure import structure
from projections.tables.slices import Position

KNOWN = 4  # positions at which answers are compared, the head with them
DAYS = 12  # compared at each of them
SAMPLE = 200  # things, of a register too large to be folded whole
WINDOW = 2_000  # days of a difference, at most


class Unequal(Exception):
    """The tables and the fold tell different things: no time of theirs is worth knowing."""


def prove(register: Register) -> str:
    """What was compared. Raises: Unequal."""
    events = [(row.position, row.event) for row in register.log.read(INSTITUTION)]

    @lru_cache(maxsize=KNOWN + 1)
    def world_at(position: Position) -> World:
        return fold(Known(events[:position]))

    def whole(position: Position) -> Position:
        return register.log.whole(INSTITUTION, position)

    random = Random(3)  # noqa: S311  # chance, not secrecy
    for number in range(1, KNOWN + 1):
        known = whole(register.head * number // KNOWN)
        with register.reader.at(INSTITUTION, known) as reading:
            for day in days_by_chance(DAYS, seed=number):
                other = day + random.randint(1, WINDOW)
                told, folded = orjson.loads(b"{%b}" % reading.structure(day)), structure(world_at(known), day)
                _require(told, folded, f"the structure on day {day}, known at {known}")
                _require(reading.diff(day, other), diff(world_at(known), day, other), f"what changed until {other}")
    with register.log.upkeep.ledger(INSTITUTION) as ledger:
        for apart in differences(ledger, INSTITUTION, world_at, whole):
            raise Unequal(str(apart))
    return (
        f"Structures and differences of {KNOWN * DAYS} days, at {KNOWN} known positions, and every row believed,"
        f" are those of the fold, on {register.head:,} events."
    )


def sample(register: Register) -> str:
    """What was compared of a register too large to be folded whole. Raises: Unequal."""

    def whole(position: Position) -> Position:
        return register.log.whole(INSTITUTION, position)

    random = Random(3)  # noqa: S311  # chance, not secrecy
    with register.log.upkeep.ledger(INSTITUTION) as ledger:
        for apart in sampled(ledger, INSTITUTION, SAMPLE, whole, random):
            raise Unequal(str(apart))
    return f"A sample of {SAMPLE} things by chance, of {register.head:,} events, is as the fold of their slices."


def _require(told: object, folded: object, what: str) -> None:
    if orjson.loads(orjson.dumps(told)) != orjson.loads(orjson.dumps(folded)):
        raise Unequal(f"tables and fold differ in {what}")
