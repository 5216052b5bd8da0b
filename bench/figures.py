"""Figures of a measurement: medians, percentiles, exponents, the verdict on a target, and the table of them all."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, log
from os import sched_getaffinity
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["aim", "must", "missed", ""]

RUNS = 5
HEADINGS = ("#", "what", "must", "aim", "measured", "verdict")


@dataclass(frozen=True)
class Times:
    """How long one thing took, in seconds, over many times: its middle and its slow end."""

    p50: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        """The percentiles of *seconds*."""
        return cls(percentile(seconds, 50), percentile(seconds, 99))


@dataclass(frozen=True)
class Figure:
    """One figure beside its targets, if it has any; *higher* if more is better, *note* for what the number hides."""

    number: str
    what: str
    must: float | None
    aim: float | None
    measured: float
    higher: bool = False
    unit: str = ""
    note: str = ""

    @property
    def verdict(self) -> Verdict:
        """The best target it reaches; nothing, if it has none."""
        if self.must is None or self.aim is None:
            return ""
        sign = -1 if self.higher else 1
        if sign * self.measured <= sign * self.aim:
            return "aim"
        return "must" if sign * self.measured <= sign * self.must else "missed"

    def cells(self) -> tuple[str, ...]:
        """The figure as a row of the table."""
        bound = "≥" if self.higher else "≤"
        measured = shown(self.measured) + self.unit + (f" ({self.note})" if self.note else "")
        targets = ("" if target is None else f"{bound} {shown(target)}{self.unit}" for target in (self.must, self.aim))
        return (self.number, self.what, *targets, measured, self.verdict)


def medians(run: Callable[[], Sequence[float]], runs: int = RUNS) -> tuple[float, ...]:
    """The median of each of the numbers that *run* measures, run *runs* times."""
    return tuple(median(column) for column in zip(*(run() for _ in range(runs)), strict=True))


def timed(act: Callable[[], object]) -> float:
    """Seconds that *act* takes."""
    start = perf_counter()
    act()
    return perf_counter() - start


def times(act: Callable[[int], object], repeats: int) -> Times:
    """Times of *act*, called with 0, 1, … up to *repeats*."""
    seconds = []
    for number in range(repeats):
        start = perf_counter()
        act(number)
        seconds.append(perf_counter() - start)
    return Times.of(seconds)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that *percent* of *values* do not exceed, by nearest rank. Raises: ValueError, without values."""
    if not values:
        raise ValueError("no values, no percentile")
    return sorted(values)[max(0, ceil(len(values) * percent / 100) - 1)]


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The k of costs ~ sizes^k: the slope of the least-squares line through their logarithms.

    Raises: ValueError, unless there are two different sizes, and all are above zero.
    """
    points = [(log(size), log(cost)) for size, cost in zip(sizes, costs, strict=True)]
    if len({x for x, _ in points}) < 2:
        raise ValueError("an exponent needs two different sizes")
    middle = sum(x for x, _ in points) / len(points)
    height = sum(y for _, y in points) / len(points)
    return sum((x - middle) * (y - height) for x, y in points) / sum((x - middle) ** 2 for x, _ in points)


def shown(value: float) -> str:
    """*value* with three significant digits, thousands parted by commas."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(figures: Iterable[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [HEADINGS, tuple("---" for _ in HEADINGS), *(figure.cells() for figure in figures)]
    escaped = ([cell.replace("|", r"\|") for cell in row] for row in rows)
    return "".join(f"| {' | '.join(row)} |\n" for row in escaped)


def machine(today: date, *others: str) -> str:
    """The line that says on what was measured: processors, versions, *others* such as a server's, and the day."""
    versions = (f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}", *others)
    return f"{len(sched_getaffinity(0))} × {_processor()}; {', '.join(versions)}; {today.isoformat()}"


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.machine() or "unknown processor")
