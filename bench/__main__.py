"""`python -m bench`: measures the program against its peers on synthetic registers, and prints the table."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from api.process import collect_seldom
from bench import asking, importing, large, neighbours, profiles, proof, serving, telling, writing
from bench.asking import SIZES, Asked
from bench.building import built
from bench.figures import Figure, machine, table
from bench.moving import move
from bench.pages import page_figures
from bench.places import InFile
from bench.postgresql import InDatabase, fresh_database, server_for_measuring, version_of
from bench.registers import Register, opened
from bench.soaking import soaked
from tests.postgres import Server

EVENTS = (10_000, 100_000, 1_000_000)
ALIVE = (200, 2_000, 20_000)
USUAL = 2_000  # facts alive, at which every number of events is measured
MIDDLE = 100_000  # events, at which every number of facts is measured
STORES = ("sqlite", "postgresql")
SOAK = "soak"  # stands alone: it proves, and needs no register that was built
PARTS = ("asking", "telling", "writing", "serving", "pages", "profiles", "importing", "neighbours", "large")


def main() -> int:
    """Measure, and write the table to the standard output. The status is 1 if a soak lost anything."""
    given = _arguments()
    if SOAK in given.only:
        return _soak(given.seconds)
    collect_seldom()
    with ExitStack() as stack:
        folder = given.folder or Path(tempfile.gettempdir()) / "regesta-bench"
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(server_for_measuring()) if given.store == "postgresql" else None
        registers: dict[SIZES, Register] = {}
        for events, alive in _grid(given):
            path, ingest = built(folder, events, alive)
            if ingest:
                _say(f"built {events:,} events, A = {alive:,}: {ingest.rate:,.0f} events/s")
            place = InFile(path, scratch) if server is None else _moved(path, server)
            registers[events, alive] = stack.enter_context(opened(place, events, alive))
        small = registers[min(size for size in registers if size[1] == _usual(given))]
        moved = [register for register in registers.values() if register is not small] if server else []
        proved = "\n".join([proof.prove(small), *map(proof.sample, moved)])
        _say(proved)
        figures, said = [], []
        for measured in _measured(given, registers, scratch, stack):
            if isinstance(measured, Figure):
                figures.append(measured)
            else:
                said.append(measured)
        packages = [f"{name} {version(name)}" for name in ("eventsourcing", "uvicorn")]
        packages += [f"psycopg {version('psycopg')}", f"PostgreSQL {version_of(server)}"] if server else []
    sys.stdout.write(f"{machine(datetime.now(UTC).date(), *packages)}\n\n{proved}\n\n{table(figures)}\n")
    sys.stdout.write("\n".join(said))
    return 0


def _soak(seconds: float) -> int:
    """The tables of a soak on each store."""
    with tempfile.TemporaryDirectory() as folder, server_for_measuring() as server:
        scratch = Path(folder)
        sys.stdout.write(f"{machine(datetime.now(UTC).date(), f'PostgreSQL {version_of(server)}')}\n\n")
        found = []
        for place, servers in ((InFile(scratch / "soak.sqlite", scratch), 1), (fresh_database(server), 3)):
            found.append(soaked(place, servers, seconds, scratch))
            sys.stdout.write(f"{found[-1]}\n")
            sys.stdout.flush()
    return 1 if any(each.faults for each in found) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--folder", type=Path, help="where registers are kept, by default a temporary folder")
    parser.add_argument("--quick", action="store_true", help="registers of 2,000 events, to see that it runs")
    parser.add_argument("--full", action="store_true", help="every number of events with every number of facts alive")
    parser.add_argument("--events", type=int, nargs="+", default=EVENTS, metavar="N", help="numbers of events")
    parser.add_argument("--alive", type=int, nargs="+", default=ALIVE, metavar="A", help="numbers of facts alive")
    parser.add_argument("--store", choices=STORES, default="sqlite", help="where the registers lie that are measured")
    parser.add_argument("--only", nargs="+", choices=(*PARTS, SOAK), default=PARTS, help="parts to measure")
    parser.add_argument("--seconds", type=float, default=60, help="how long a soak lasts on each store, by default 60")
    given = parser.parse_args()
    if SOAK in given.only and len(given.only) > 1:
        parser.error(f"--only {SOAK} stands alone")
    if given.quick:
        given.events, given.alive = [1_000, 2_000], [50, 100]
    return given


def _usual(given: argparse.Namespace) -> int:
    return USUAL if USUAL in given.alive else max(given.alive)


def _grid(given: argparse.Namespace) -> list[SIZES]:
    """The registers to measure: every N at the usual A, every A at the middle N; or all."""
    middle = MIDDLE if MIDDLE in given.events else max(given.events)
    return [
        (events, alive)
        for events in sorted(given.events)
        for alive in sorted(given.alive)
        if given.full or alive == _usual(given) or events == middle
    ]


def _measured(
    given: argparse.Namespace, registers: dict[SIZES, Register], scratch: Path, stack: ExitStack
) -> Iterator[Figure | str]:
    """Every figure in the order of the targets, and what is said under the table."""
    usual = _usual(given)
    largest = registers[max(size for size in registers if size[1] == usual)]
    small = registers[min(size for size in registers if size[1] == usual)]
    middle = {alive: register for (events, alive), register in sorted(registers.items()) if _is_middle(given, events)}
    few, many = middle[min(middle)], middle[max(middle)]
    if "asking" in given.only:
        yield from _questions(registers, largest, few, many)
    if "telling" in given.only:
        figures, said = telling.telling_figures([one for _, one in sorted(registers.items()) if one.alive == usual])
        yield from _said_of("histories, flows, names", figures)
        yield _told(said)
    if "serving" in given.only:
        for register in middle.values():
            yield from _said_of(f"HTTP, A = {register.alive:,}", serving.serving_figures(register))
    if "pages" in given.only:
        yield from _said_of("pages", page_figures(scratch))
    if {"writing", "profiles"} & set(given.only):
        start = stack.enter_context(writing.started(usual, largest.place))
    if "profiles" in given.only:
        yield _told(profiles.ingest_profile(start))
        yield _told(profiles.structure_profile(largest))
        yield _told(profiles.diff_profile(largest, asking.span_of(largest)[0]))
    if "writing" in given.only:
        yield from _said_of("ingest", writing.ingest_figures(start, 50 if given.quick else writing.SINGLE))
        yield from _said_of("late entries", writing.late_figures(middle[usual]))
        yield from _said_of("rebuild", writing.rebuild_figures(small))
    if "importing" in given.only:
        yield from _said_of("import", importing.importing_figures(largest.place, *_imported(given, usual), scratch))
    if "large" in given.only:
        few_changes = ((100, 200),) if given.quick else ()
        yield from _said_of("large entries", large.large_figures(largest.place, *few_changes))
    if "neighbours" in given.only:
        few_of_them = (3, 1_000, 50) if given.quick else ()
        yield from _said_of("neighbours", neighbours.neighbour_figures(largest.place, *few_of_them))


def _imported(given: argparse.Namespace, usual: int) -> SIZES:
    """The register to import: of the middle size, which takes minutes and not an hour."""
    return (MIDDLE if MIDDLE in given.events else max(given.events)), usual


def _questions(
    registers: dict[SIZES, Register], largest: Register, few: Register, many: Register
) -> Iterator[Figure | str]:
    asked: dict[SIZES, Asked] = {}
    for size, register in registers.items():
        start = perf_counter()
        asked[size] = asking.as_of(register)
        _say(f"as-of of {size[0]:,} events, A = {size[1]:,}: {asked[size]} ({perf_counter() - start:.0f} s)")
    at = asked[largest.events, largest.alive]
    yield from asking.as_of_figures(asked, (largest.events, largest.alive), (few.events, few.alive), largest.place.most)
    yield from _said_of("fold", asking.fold_figures(largest, at))
    yield from _said_of("diff", asking.diff_figures(largest, at))
    if few is not many:
        yield from _said_of("diff of a day", asking.day_figures(few, many))
    yield from _said_of("size", asking.size_figures(largest))
    yield asking.registers_table(asked)


def _is_middle(given: argparse.Namespace, events: int) -> bool:
    return events == (MIDDLE if MIDDLE in given.events else max(given.events))


def _said_of(what: str, figures: list[Figure]) -> list[Figure]:
    """*figures*, told of as they come."""
    _say(f"{what}:\n{table(figures)}")
    return figures


def _moved(path: Path, server: Server) -> InDatabase:
    """A database of *server* with what is in the file *path*."""
    start, place = perf_counter(), fresh_database(server)
    rows = move(path, place.owners)
    place.settle()
    _say(f"moved {path.name}: {sum(rows.values()):,} rows in {perf_counter() - start:.0f} s")
    return place


def _told(profile: str) -> str:
    """*profile*, told of too."""
    _say(profile)
    return profile


def _say(line: str) -> None:
    sys.stderr.write(f"{datetime.now(UTC):%H:%M:%S} {line}\n")


if __name__ == "__main__":
    sys.exit(main())
