"""What an institution pays for its neighbours in one database: asked alone, among the others, between them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial

from bench.building import events_of, record
from bench.figures import Figure, Times, medians, timed
from bench.importing import resident
from bench.places import Place
from bench.registers import days_by_chance
from domain.log import Log
from projections.tables.reading import Reader
from projections.tables.rebuilding import MaintainedLog

COUNT = 20
EVENTS = 5_000  # of each
ALIVE = 500  # facts on a day, in each
DAYS = 200  # asked about in each run


def neighbour_figures(beside: Place, count: int = COUNT, events: int = EVENTS, alive: int = ALIVE) -> list[Figure]:
    """Answers of the first of *count* institutions, in a place like *beside*, with and without the others there.

    The first lies in a database of its own, too, to be asked in the same run.
    """
    names = [f"bench-{number:03}" for number in range(1, count + 1)]
    with beside.empty() as shared, shared.log() as log:
        first = _record(log, names[:1], events, alive)
        begun = resident(os.getpid())
        shared.settle()
        with shared.copied() as own, own.log() as alone:
            last = _record(log, names[1:], events, alive)
            grown = resident(os.getpid())
            shared.settle()

            def run() -> Sequence[float]:
                rows, whole = _asked(alone, names[0])
                rows_among, whole_among = _asked(log, names[0])
                rows_between, whole_between = _asked(log, names[0], names[1:])
                ratios = (rows_among / rows, whole_among / whole, rows_between / rows, whole_between / whole)
                return *ratios, rows, whole

            run()
            *ratios, rows, whole = medians(run)
            kept = sum(log.head(name).position for name in names)
            tables = sum(shared.tables().values()) / kept
            bytes_ = shared.size / kept
    between = ", another asked before each"
    what = ("rows of a day", "whole answer", f"rows of a day{between}", f"whole answer{between}")
    notes = (f"{rows * 1e3:.3g} ms alone", f"{whole * 1e3:.3g} ms alone", "", "")
    size = f"{count} institutions of {events:,} events, A = {alive:,}"
    return [
        *(
            Figure("", f"{w}: among {count} ÷ alone", None, None, r, note=n)
            for w, r, n in zip(what, ratios, notes, strict=True)
        ),
        Figure(
            "",
            "recording the others ÷ recording the first, events/s",
            None,
            None,
            last / first,
            True,
            note=f"{last:,.0f} ÷ {first:,.0f}",
        ),
        Figure("", "bytes an event, on the disk", None, None, bytes_, note=f"read tables {tables:,.0f}; {size}"),
        Figure(
            "",
            "memory of who recorded all ÷ of who recorded the first",
            None,
            None,
            grown / begun,
            note=f"{grown:.0f} ÷ {begun:.0f} MiB",
        ),
    ]


def _record(log: Log, names: Sequence[str], events: int, alive: int) -> float:
    """Events a second, of recording a register of its own under each of *names*."""
    taken = [record(log, name, events_of(events, alive, int(name[-3:]), name)) for name in names]
    return sum(one.events for one in taken) / sum(one.seconds for one in taken)


def _asked(log: MaintainedLog, name: str, others: Sequence[str] = ()) -> tuple[float, float]:
    """Seconds that the rows of a day of *name* take, and its whole answer: the middle of both.

    Before each question one of *others* is asked the same, in turn, which is not timed.
    """
    reader, days = Reader(log), days_by_chance(DAYS)
    heads = {name: log.head(name).position for name in (name, *others)}

    def rows(name: str, number: int) -> None:
        with log.shelf(name) as shelf:
            shelf.believed(days[number], heads[name])

    def whole(name: str, number: int) -> None:
        with reader.at(name, heads[name]) as reading:
            reading.structure(days[number])

    def middle(ask: Callable[[str, int], None]) -> float:
        seconds = []
        for number in range(DAYS):
            if others:
                ask(others[number % len(others)], number)
            seconds.append(timed(partial(ask, name, number)))
        return Times.of(seconds).p50

    return middle(rows), middle(whole)
