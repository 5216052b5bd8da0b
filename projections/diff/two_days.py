"""The whole difference of two days, and of one day as known at two positions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from domain.changes import InstrumentIssued
from domain.dates import Day
from domain.pausing import pause
from domain.world import World
from projections.diff.joining import functions_passed, one_row_an_act, people_moved
from projections.diff.rows import Row
from projections.diff.things import pairs, quantity_rows, regraded, rows_of, unnamed_rows
from projections.diff.told import L, OneDay
from projections.passings import correspondence, passings
from projections.structure import Answer, Snapshot


def diff(world: World, start: Day, end: Day) -> Answer:
    """What changed in (*start*, *end*]: {changes, links, ended, new, counts}, and reversed if it runs back."""
    then, now = Snapshot(world, min(start, end)), Snapshot(world, max(start, end))
    return between(then, now, world, world.instruments, backwards=start > end)


def between(
    then: OneDay[L], now: OneDay[L], world: World, instruments: Mapping[str, InstrumentIssued], *, backwards: bool
) -> Answer:
    """The same of two days; *world* tells of the reorganizations and abolitions of units between them."""
    rows = sorted([*compare(then, now), *unnamed_rows(world, then.day, now.day)], key=Row.place)
    links, ended, new = lineage_links(then, now, world)
    if backwards:
        links, ended, new = sorted([b, a] for a, b in links), new, ended
    answer = {
        "changes": [row.answer(instruments, backwards) for row in rows],
        "links": links,
        "ended": ended,
        "new": new,
        "counts": {
            **dict(sorted(Counter(row.kind for row in rows).items())),
            "regraded": regraded(then, now),
        },
    }
    return {**answer, "reversed": True} if backwards else answer


def compare(then: OneDay[L], now: OneDay[L]) -> list[Row]:
    """The rows that tell *then* and *now* apart: two days of one world, or one day as known at two positions."""
    single: list[Row] = []
    tenures: list[Row] = []
    for before, after in pairs(then, now):
        pause()
        life = (after or before or (None,))[0]
        assert life is not None
        (tenures if life.key[0] == "tenure" else single).extend(rows_of(then, now, before, after))
    rows = [*functions_passed(one_row_an_act(single)), *people_moved(tenures, then, now), *quantity_rows(then, now)]
    return sorted(rows, key=Row.place)


def lineage_links(then: OneDay[L], now: OneDay[L], world: World) -> tuple[list[list[str]], list[str], list[str]]:
    """Pairs [unit then, unit now] by the acts between; units then and units now that have no partner.

    Links follow lives: what took over the code of an ended unit is another unit.
    """
    units_then = {key[1]: life.number for key, (life, _) in then.lives.items() if key[0] == "unit"}
    units_now = {key[1]: life.number for key, (life, _) in now.lives.items() if key[0] == "unit"}
    pairs = correspondence(passings(world), units_then, units_now, then.day, now.day)
    partners: Counter[str] = Counter(unit for a, b in pairs if a != b for unit in (a, b))
    shown = sorted([a, b] for a, b in pairs if a != b or partners[a])
    return (
        shown,
        sorted(units_then.keys() - {a for a, _ in pairs}),
        sorted(units_now.keys() - {b for _, b in pairs}),
    )
