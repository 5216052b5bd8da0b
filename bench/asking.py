"""What questions cost: the rows of a day, the whole answer, what was known before, and what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

import orjson

from bench.building import INSTITUTION
from bench.figures import RUNS, Figure, exponent, medians, shown, timed, times
from bench.histories import FOUNDED
from bench.peers import FOLDED, WARM, plain_fold, read_and_fold
from bench.registers import Register, opened
from domain.dates import Day
from projections.tables.differing import FEW
from projections.tables.intervals import day_node
from projections.tables.rebuilding import Ledger

DAYS = 200  # asked about in each run; fewer where the answers are large
FLOOR = 128 * 2**20  # bytes of copies, at most
CHANGES = 100  # that a short window is to hold
LONG = 20 * 365  # days of a long window
PATIENCE = 20.0  # seconds; what takes longer is measured once
SIZES = tuple[int, int]
"""How many events a register has, and how many facts on a day."""


@dataclass(frozen=True)
class Asked:
    """What an answer about a day costs in one register, in seconds: medians of five runs."""

    rows: int
    floor: float
    as_of: float
    ratio: float
    tail: float
    known: float
    answer: float


def as_of(register: Register) -> Asked:
    """Rows of days by chance beside the floor, and beside what was known of them before."""
    repeats = max(DAYS // 4, min(DAYS, 1_000_000 // register.alive))
    days = register.days(repeats, seed=1)
    positions = register.positions_behind(days)
    head = register.head
    with register.log.shelf(INSTITUTION) as shelf:
        typical = sorted((shelf.believed(day, head) for day in days[:WARM]), key=len)[WARM // 2]
        with register.place.floor(typical, min(FLOOR, register.place.size)) as read:

            def run() -> Sequence[float]:
                now = times(lambda number: shelf.believed(days[number], head), repeats)
                bare = read(repeats)
                then = times(lambda number: shelf.believed(days[number], positions[number]), repeats)
                whole = times(lambda number: register.answer(days[number]), repeats // 4)
                return bare.p50, now.p50, now.p50 / bare.p50, now.p99 / bare.p50, then.p50 / now.p50, whole.p50

            run()
            return Asked(len(typical), *medians(run))


def as_of_figures(asked: Mapping[SIZES, Asked], largest: SIZES, few: SIZES, must: float) -> list[Figure]:
    """Targets 1 to 3; *must* is what the first allows."""
    at = asked[largest]
    note = f"{_time(at.as_of)}, {at.rows:,} rows, of {largest[0]:,} events"
    found = [
        Figure("1", "as-of p50 ÷ floor p50", must, 1.0, at.ratio, note=note),
        Figure("1", "as-of p99 ÷ floor p50", 2.0, 1.0, at.tail),
    ]
    sizes = [(events, one) for (events, alive), one in sorted(asked.items()) if alive == largest[1]]
    if len(sizes) > 1:
        grown = exponent([events for events, _ in sizes], [one.as_of for _, one in sizes])
        note = f"{_short(sizes[0][0])} to {_short(sizes[-1][0])} events"
        found.append(Figure("2", "exponent over N", 0.05, 0.02, grown, note=note))
    for events in sorted({events for events, _ in asked}):
        answers = [one for (of, _), one in sorted(asked.items()) if of == events]
        if len(answers) > 1:
            grown = exponent([one.rows for one in answers], [one.as_of for one in answers])
            note = f"{answers[0].rows:,} to {answers[-1].rows:,} rows, of {events:,} events"
            found.append(Figure("2", "exponent over the answer", 1.0, 0.95, grown, note=note))
    found.append(Figure("3", f"as-of and known-at ÷ as-of, A = {largest[1]:,}", 1.5, 1.2, at.known))
    if few[1] != largest[1]:
        found.append(Figure("3", f"as-of and known-at ÷ as-of, A = {few[1]:,}", 2.0, 1.2, asked[few].known))
    whole = at.answer / at.as_of
    found.append(Figure("", "whole answer as JSON ÷ its rows", None, None, whole, note=_time(at.answer)))
    return found


def registers_table(asked: Mapping[SIZES, Asked]) -> str:
    """What a day costs in every register measured, as Markdown."""
    lines = [
        "| events | A | rows | floor p50 | as-of ÷ floor | p99 ÷ floor | known-at ÷ as-of | whole answer |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (events, alive), one in sorted(asked.items()):
        ratios = " | ".join(map(shown, (one.ratio, one.tail, one.known)))
        sizes = f"{events:,} | {alive:,} | {one.rows:,}"
        lines.append(f"| {sizes} | {_time(one.floor)} | {ratios} | {_time(one.answer)} |")
    return "\n".join(lines) + "\n"


def fold_figures(register: Register, asked: Asked, most: int = FOLDED) -> list[Figure]:
    """Targets 4 and 9: against folding, and opening with nothing known."""
    plain = plain_fold(register.log, INSTITUTION, most)
    read = read_and_fold(register.log, INSTITUTION, most)
    day = register.days(1, seed=9)[0]

    def first() -> Sequence[float]:
        def act() -> None:
            with opened(register.place, register.events, register.alive) as fresh:
                fresh.answer(day)

        return (timed(act), times(lambda _: register.answer(day), 20).p50)

    opening, warm = medians(first)
    return [
        Figure("4", "fold of decoded events ÷ as-of", 1_000, 1_500, plain.seconds / asked.as_of, True, note=plain.note),
        Figure("4", "read, decode and fold ÷ as-of", 5_000, 8_000, read.seconds / asked.as_of, True, note=read.note),
        Figure("", "read, decode and fold ÷ whole answer", None, None, read.seconds / asked.answer),
        Figure("9", "open and first answer ÷ warm answer", 15, 8, opening / warm, note=_time(opening)),
        Figure("9", "open and first answer ÷ fold of the log", 1 / 100, 1 / 200, opening / read.seconds),
    ]


def diff_figures(register: Register, asked: Asked) -> list[Figure]:
    """Target 5: what changed in a short and in a long window, whole answers, and the rows that they are made from."""
    span, told = span_of(register)
    days = register.days(40, seed=5, margin=span)

    def short() -> Sequence[float]:
        whole = times(lambda number: difference(register, days[number], days[number] + span), len(days) // 2).p50
        answer = times(lambda number: register.answer(days[number]), len(days)).p50
        with register.log.upkeep.ledger(INSTITUTION) as ledger:
            now = times(lambda number: ledger.believed(days[number], register.head), len(days)).p50
            rows = times(lambda number: changed_rows(ledger, days[number], days[number] + span), len(days)).p50
            edges = times(lambda number: ledger.edges(days[number], days[number] + span, FEW), len(days)).p50
        return whole / answer, rows / now, edges / now, whole

    whole, rows, edges, seconds = medians(short)
    runs: list[float] = []
    for start in register.days(RUNS, seed=7, margin=LONG):
        if not runs or runs[0] < PATIENCE:
            runs.append(timed(partial(difference, register, start, start + LONG)))
    note = f"{span} days, {told} rows told, {_time(seconds)}"
    long = f"{_time(median(runs))}{', one run' if len(runs) == 1 else ''}"
    return [
        Figure("5", f"diff of ~{CHANGES} changes ÷ as-of, whole answers", 0.20, 0.10, whole, note=note),
        Figure("5", f"diff of ~{CHANGES} changes ÷ as-of, rows alone", 0.20, 0.10, rows),
        Figure("", "names of what changed ÷ as-of, rows alone", None, None, edges),
        Figure("5", "diff of 20 years ÷ as-of, whole answers", 4, 3, median(runs) / asked.answer, note=long),
    ]


def day_figures(few: Register, many: Register) -> list[Figure]:
    """Target 5: what changed in one day, in a small institution and in a large one."""
    days = few.days(40, seed=6, margin=2)

    def run() -> Sequence[float]:
        large, small = _one_day(many, days), _one_day(few, days)
        return large[0] / small[0], large[1] / small[1]

    whole, rows = medians(run)
    sizes = f"A {few.alive:,} → {many.alive:,}"
    return [
        Figure("5", f"diff of one day, {sizes}, whole answers", 1.3, 1.1, whole),
        Figure("5", f"diff of one day, {sizes}, rows alone", 1.3, 1.1, rows),
    ]


def size_figures(register: Register) -> list[Figure]:
    """Target 11: what the tables take on the disk."""
    sizes = register.place.tables()
    largest = sorted(sizes, key=sizes.__getitem__, reverse=True)[:6]
    note = ", ".join(f"{table} {sizes[table] / register.head:.0f}" for table in largest)
    return [
        Figure("11", "tables on disk, bytes an event", 175, 140, sum(sizes.values()) / register.head, note=note),
    ]


def _one_day(register: Register, days: Sequence[Day]) -> tuple[float, float]:
    """Seconds that the difference of one day takes, whole and its rows alone."""
    whole = times(lambda number: difference(register, days[number], days[number] + 1), len(days)).p50
    with register.log.upkeep.ledger(INSTITUTION) as ledger:
        rows = times(lambda number: changed_rows(ledger, days[number], days[number] + 1), len(days)).p50
    return whole, rows


def changed_rows(ledger: Ledger, start: Day, end: Day) -> int:
    """How many rows are read of what begins, ends or changes between two days."""
    places = [
        (day_node(lo, hi), lo, thing, life)
        for _, thing, doc in ledger.docs(ledger.edges(start, end, FEW))
        for life, lo, hi, *_ in (orjson.loads(doc)["rows"] if doc else ())
    ]
    return len(ledger.rows_at(places))


def difference(register: Register, start: Day, end: Day) -> int:
    """How many rows tell what changed."""
    with register.reader.at(INSTITUTION, register.head) as reading:
        return len(reading.diff(start, end)["changes"])


def span_of(register: Register) -> tuple[int, int]:
    """The days in which about CHANGES changes are told, and how many those are."""
    span, told = max(1, CHANGES * (register.until - FOUNDED) // register.head), 0.0
    for _ in range(3):
        days = register.days(5, seed=4, margin=span)
        told = median(difference(register, day, day + span) for day in days)
        again = max(1, round(span * CHANGES / max(told, 1)))
        if again == span or 0.9 * CHANGES < told < 1.1 * CHANGES:
            break
        span = again
    return span, round(told)


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"


def _short(events: int) -> str:
    return f"{events // 1_000_000}M" if events >= 1_000_000 else f"{events // 1_000}k"
