"""What an institution pays for its neighbours in one database: asked alone, among the others, in turn with them."""

from __future__ import annotations

import os
from collections.abc import Sequence

from bench.building import events_of, record
from bench.figures import Figure, medians, times
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
                rows, whole = _asked(alone, names[:1])
                rows_among, whole_among = _asked(log, names[:1])
                rows_in_turn, whole_in_turn = _asked(log, names)
                ratios = (rows_among / rows, whole_among / whole, rows_in_turn / rows, whole_in_turn / whole)
                return *ratios, rows, whole

            run()
            *ratios, rows, whole = medians(run)
            kept = sum(log.head(name).position for name in names)
            tables = sum(shared.tables().values()) / kept
            bytes_ = shared.size / kept
    what = ("rows of a day", "whole answer", "rows of a day, all asked in turn", "whole answer, all asked in turn")
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


def _asked(log: MaintainedLog, names: Sequence[str]) -> tuple[float, float]:
    """Seconds that the rows of a day take, and its whole answer, of each of *names* in turn: the middle of both."""
    reader, days = Reader(log), days_by_chance(DAYS)
    heads = {name: log.head(name).position for name in names}

    def rows(number: int) -> None:
        name = names[number % len(names)]
        with log.shelf(name) as shelf:
            shelf.believed(days[number], heads[name])

    def whole(number: int) -> None:
        name = names[number % len(names)]
        with reader.at(name, heads[name]) as reading:
            reading.structure(days[number])

    return times(rows, DAYS).p50, times(whole, DAYS).p50
