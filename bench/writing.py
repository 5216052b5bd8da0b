"""What recording costs beside the library's own recorder, and beside itself when an entry comes late."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from random import Random
from statistics import median
from typing import Any

import orjson

from bench.building import INSTITUTION, events_of
from bench.figures import Figure, medians, timed
from bench.histories import FOUNDED, entries
from bench.places import Place
from bench.registers import Register, opened
from bench.things import Plain
from domain.changes import Appointed
from domain.dates import Day, iso
from domain.entries import entry_from
from domain.events import Event
from domain.log import Log
from domain.recording import EntryPage, utc_now
from projections.tables.rebuilding import silent

FOUNDING = 3  # events a fact, after which an institution has its size
SINGLE = 500  # events recorded one by one in each run
PAGED = 2_000  # events recorded in pages
WARMING = 4  # entries of each kind that are recorded before those timed
KINDS = ("in order", "4 years late", "100 years late", "correction of 50 years ago")

Stored = list[tuple[str, bytes]]


# --- ingest


@dataclass(frozen=True)
class Start:
    """A register just founded in *place*, with *events* in it, and the entries to record next."""

    place: Place
    events: int
    following: list[list[Event]]
    parted: list[list[Event]]
    """The same, each change an entry of its own, without instruments, for entries are never parted."""


@contextmanager
def started(alive: int, beside: Place) -> Iterator[Start]:
    """The first half of a history, in which the institution reaches its size, recorded in a place like *beside*."""
    whole = FOUNDING * alive
    given = entries(2 * whole, alive)
    made = events_of(2 * whole, alive)
    first: list[Event] = []
    following: list[list[Event]] = []
    parted: list[list[Event]] = []
    names: set[str] = set()
    for entry, events in zip(given, made, strict=True):
        if len(first) < whole:
            first += events
            continue
        following.append(events)
        names.add(entry["entry"])
        parted += [_events(alone) for alone in _apart(entry, names)]
    with beside.empty() as place:
        with place.log() as log:
            log.append(INSTITUTION, first, expected=0, clock=utc_now)
        place.settle()
        yield Start(place, len(first), following, parted)


def ingest_figures(start: Start, single: int = SINGLE, paged: int = PAGED) -> list[Figure]:
    """Target 6: events a second after *start*, with tables and chain, beside the library's own recorder."""
    found = []
    targets = {1: (0.75, 0.85), 100: (0.45, 0.6), 1_000: (0.35, 0.5)}
    for per_commit, (must, aim) in targets.items():
        pages = start.parted[:single] if per_commit == 1 else in_pages(start.following, per_commit, paged)
        stored = [(event.kind, event.stored()) for page in pages for event in page]
        ratio, ours, theirs = medians(partial(_beside_library, start, pages, stored, per_commit))
        what = f"ingest ÷ library's recorder, {per_commit:,} event{'s' * (per_commit > 1)} a commit"
        note = f"{ours:,.0f} ÷ {theirs:,.0f} events/s, {len(stored):,} events"
        found.append(Figure("6", what, must, aim, ratio, True, note=note))
    return found


def _beside_library(start: Start, pages: Sequence[Sequence[Event]], stored: Stored, per_commit: int) -> Sequence[float]:
    theirs = start.place.library_ingest(stored, per_commit)
    with start.place.copied() as copy, copy.log() as log:
        ours = len(stored) / timed(lambda: append_all(log, pages, start.events))
    return ours / theirs, ours, theirs


def append_all(log: Log, pages: Sequence[Sequence[Event]], head: int) -> None:
    """Record *pages* behind *head*, each in a transaction."""
    for page in pages:
        log.append(INSTITUTION, page, expected=head, clock=utc_now)
        head += len(page)


def in_pages(made: Sequence[Sequence[Event]], size: int, most: int) -> list[list[Event]]:
    """Whole entries, in pages of at least *size* events but for the last, *most* events or a few more together."""
    pages: list[list[Event]] = []
    taken = 0
    for entry in made:
        if taken >= most:
            break
        if not pages or len(pages[-1]) >= size:
            pages.append([])
        pages[-1] += entry
        taken += len(entry)
    return pages


def _events(given: Plain) -> list[Event]:
    return entry_from(given, "bench").events(INSTITUTION, "bench", lambda _: None)


def _apart(given: Plain, names: Collection[str]) -> Iterator[Plain]:
    """Each change of an entry as an entry; *names* are the entries that are parted."""
    instrument = given.get("instrument", {})
    day = given.get("effective") or instrument.get("in_force") or instrument.get("signed")
    for number, change in enumerate(given["changes"], 1):
        alone = dict(change)
        entry, _, place = alone.get("target", "").partition("#")
        if entry in names and place:
            alone["target"] = f"{entry}-{place}#1"
        yield {"entry": f"{given['entry']}-{number}", **({"effective": day} if day else {}), "changes": [alone]}


# --- making the tables anew


def rebuild_figures(register: Register) -> list[Figure]:
    """Target 7: making the tables anew beside those in use, swapped, and the old ones removed."""
    stored = [(row.event.kind, row.event.stored()) for row in register.log.read(INSTITUTION)]
    with register.place.copied() as copy, copy.log() as log:

        def run() -> Sequence[float]:
            theirs = register.place.library_ingest(stored, 1_000)
            ours = register.head / timed(lambda: log.upkeep.rebuild(INSTITUTION, silent))
            return ours / theirs, ours, theirs

        ratio, ours, theirs = medians(run)
    note = f"{ours:,.0f} ÷ {theirs:,.0f} events/s, {register.head:,} events"
    return [Figure("7", "rebuild ÷ library's recorder at 1,000 a commit, events/s", 0.6, 0.9, ratio, True, note=note)]


# --- late entries


class _Undone(Exception):
    """Leaves a page of which nothing is to be stored."""


def late_figures(register: Register, each: int = 30) -> list[Figure]:
    """Target 8: an appointment, or a correction of one, in a copy of the register, beside an appointment in order."""
    with register.place.copied() as copy, opened(copy, register.events, register.alive) as open_copy:
        run_number = iter(range(1_000))

        def run() -> Sequence[float]:
            seconds = _recorded(open_copy, each, next(run_number))
            order = median(seconds["in order"])
            return order, *(median(seconds[kind]) / order for kind in KINDS[1:])

        order, *ratios = medians(run)
    first = f"in order: {order * 1e3:.3g} ms, commit not counted; of {register.events:,} events"
    return [
        Figure("8", f"{kind} ÷ in order", 2, 1.2, ratio, note=first if kind == KINDS[1] else "")
        for kind, ratio in zip(KINDS[1:], ratios, strict=True)
    ]


def _recorded(register: Register, each: int, seed: int) -> Mapping[str, list[float]]:
    """Seconds of each entry, by kind: recorded in turn in one transaction, which is undone."""
    random = Random(seed)  # noqa: S311  # chance, not secrecy
    given = [entry for _ in range(each + WARMING) for entry in _turn(register, random)]
    seconds: dict[str, list[float]] = {kind: [] for kind in KINDS}
    try:
        with register.log.upkeep.page(INSTITUTION) as page:
            for number, (kind, made) in enumerate(given):
                took = _timed_append(page, {"entry": f"measured-{number}", **made})
                if number >= WARMING * len(KINDS):
                    seconds[kind].append(took)
            raise _Undone
    except _Undone:
        return seconds


def _timed_append(page: EntryPage, given: Plain) -> float:
    events = _events(given)
    return timed(lambda: page.append(events, utc_now))


def _turn(register: Register, random: Random) -> Iterator[tuple[str, Plain]]:
    """An entry of each kind."""
    sources = [{"source": "gazette", "locator": "late"}]
    for kind, years in zip(KINDS, (0, 4, 100), strict=False):
        change = {
            "kind": "appointed",
            **_place(register, register.until - 1 - years * 365 - random.randint(0, 30), random),
        }
        yield kind, {"sources": sources, "changes": [change]}
    yield KINDS[-1], {"sources": sources, "changes": [_correction(register, random)]}


def _place(register: Register, day: Day, random: Random) -> dict[str, Any]:
    """A person and a post that stand on *day*, not yet together."""
    posts = orjson.loads(b"{%b}" % register.answer(day))["posts"]
    held = sorted((post, held["person"]) for post, told in posts.items() for held in told["holders"].values())
    person = random.choice(held)[1]
    post = random.choice(sorted(posts.keys() - {post for post, who in held if who == person}))
    return {"person": person, "post": post, "capacity": "substantive", "effective": iso(day)}


def _correction(register: Register, random: Random) -> dict[str, Any]:
    """Another day for an appointment of 50 years ago."""
    while True:
        day = register.until - 50 * 365 - random.randint(0, 3 * 365)
        with register.reader.at(INSTITUTION, register.head) as reading:
            found = reading.archive.events(reading.shelf.dated(max(day - 60, FOUNDED), day))
            events = [e for e in found.values() if isinstance(e.change, Appointed) and e.target not in reading.redacted]
        if events:
            event = random.choice(events)
            change = event.change.model_dump(mode="json", exclude_unset=True)
            moved = {**change, "effective": iso(day + 1)}
            return {"kind": "corrected", "target": event.target, "change": moved, "reason": "misdated"}
