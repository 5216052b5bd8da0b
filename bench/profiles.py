"""Where the time goes: a profile of recording, of an answer about a day, and of a difference."""

from __future__ import annotations

import pstats
import re
from collections import defaultdict
from collections.abc import Callable
from cProfile import Profile
from pathlib import Path

from bench.asking import difference
from bench.peers import ROOT
from bench.registers import Register
from bench.writing import PAGED, Start, append_all, in_pages

TOP = 15


def ingest_profile(start: Start, events: int = PAGED) -> str:
    """Recording in pages of 100 events."""
    pages = in_pages(start.following, 100, events)
    with start.place.copied() as copy, copy.log() as log:
        return profiled(
            f"Recording {sum(map(len, pages)):,} events, 100 a commit", lambda: append_all(log, pages, start.events)
        )


def structure_profile(register: Register) -> str:
    """Answers about days by chance."""
    days = register.days(50, seed=11)
    return profiled(f"{len(days)} structures, A = {register.alive:,}", lambda: [register.answer(day) for day in days])


def diff_profile(register: Register, span: int) -> str:
    """Differences in windows by chance."""
    days = register.days(20, seed=12, margin=span)
    return profiled(
        f"{len(days)} differences of {span} days, A = {register.alive:,}",
        lambda: [difference(register, day, day + span) for day in days],
    )


def profiled(title: str, act: Callable[[], object]) -> str:
    """Shares of the time of *act* by module, and the functions in which most of it is spent, as Markdown."""
    profile = Profile()
    profile.runcall(act)
    taken = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # not in typeshed
    own = {function: found[2] for function, found in taken.items()}
    calls = {function: found[1] for function, found in taken.items()}
    whole = sum(own.values())
    groups: dict[str, float] = defaultdict(float)
    for function, seconds in own.items():
        groups[_group(*function)] += seconds
    parts = ", ".join(
        f"{group} {100 * seconds / whole:.0f} %"
        for group, seconds in sorted(groups.items(), key=lambda group: -group[1])[:10]
    )
    lines = [
        f"**{title}** ({whole:.1f} s under the profiler). By module: {parts}.",
        "",
        "| function | calls | own time |",
    ]
    lines.append("|---|---|---|")
    for function in sorted(own, key=own.__getitem__, reverse=True)[:TOP]:
        lines.append(f"| {_named(*function)} | {calls[function]:,} | {100 * own[function] / whole:.1f} % |")
    return "\n".join(lines) + "\n"


def _group(file: str, _: int, name: str) -> str:
    path = Path(file)
    if path.is_relative_to(ROOT) and ".venv" not in path.parts:
        return path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
    if "sqlite3" in name:
        return "SQLite"
    for library in ("psycopg", "pydantic", "eventsourcing", "orjson", "json"):
        if library in file or library in name:
            return library
    return "Python"


def _named(file: str, line: int, name: str) -> str:
    """The function as a reader finds it, without the place of any file on this machine."""
    if file == "~":
        return f"`{re.sub(' at 0x[0-9a-f]+', '', name.strip('<>'))}`"
    return f"`{_group(file, line, name)}: {name}`"
