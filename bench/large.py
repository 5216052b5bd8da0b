"""What one large entry costs beside the same changes in small ones: whether it grows by more than its changes."""

from __future__ import annotations

from collections.abc import Iterator
from time import process_time
from typing import Any

from bench.figures import Figure
from bench.places import Place
from domain.entries import entry_from
from domain.recording import Registers, utc_now

INSTITUTION = "large"
SMALL = 50  # changes of each of the small entries
SIZES = (500, 2_000)  # changes of the large ones, between which growth is told

Change = dict[str, Any]


def large_figures(beside: Place, sizes: tuple[int, int] = SIZES) -> list[Figure]:
    """For each shape: one large entry ÷ the same changes in entries of SMALL, and how a change costs more in a larger.

    In seconds of the processor: what waits for the disk does so once for one entry, and often for many. Each is
    recorded once, in a register of its own in a place like *beside*.
    """
    least, most = sizes
    smaller, larger, parted = (_spent(beside, *each) for each in ((least, least), (most, most), (most, SMALL)))
    figures = []
    for shape, spent in larger.items():
        what, note = f"one entry of {most:,} changes, {shape}", f"{spent:.3g} s of the processor"
        figures.append(Figure("", f"{what} ÷ entries of {SMALL}", None, None, spent / parted[shape], note=note))
        growth = (spent / most) / (smaller[shape] / least)
        figures.append(Figure("", f"a change of {what} ÷ one of {least:,}", None, None, growth))
    return figures


def _spent(beside: Place, count: int, per_entry: int) -> dict[str, float]:
    """Shape → the seconds of the processor for recording *count* changes of it, so many *per_entry*."""
    spent: dict[str, float] = {}
    with beside.empty() as place, place.log() as log:
        registers = Registers(log, utc_now, log.history, log.page)
        registers.record(INSTITUTION, entry_from(_founding(count), "bench"), "bench")
        for shape, day, changes in _shapes(count, per_entry):
            entries = [
                entry_from(
                    _entry(f"{shape}-{first}".replace(" ", "-"), day, changes[first : first + per_entry]), "bench"
                )
                for first in range(0, count, per_entry)
            ]
            begun = process_time()
            for entry in entries:
                registers.record(INSTITUTION, entry, "bench")
            spent[shape] = process_time() - begun
    return spent


def _entry(name: str, day: str, changes: list[Change]) -> dict[str, Any]:
    return {"entry": name, "instrument": {"kind": "decree", "signed": day}, "changes": changes}


def _founding(count: int) -> dict[str, Any]:
    """The institution, the unit above all others, and the people."""
    people = [{"kind": "person-registered", "person": f"x{n}", "name": {"en": f"Person {n}"}} for n in range(count)]
    above = {"kind": "unit-established", "unit": "root", "name": {"en": "Root"}}
    declared: Change = {"kind": "institution-declared", "name": {"en": "Large"}}
    return _entry("founding", "1900-01-01", [declared, above, *people])


def _shapes(count: int, per_entry: int) -> Iterator[tuple[str, str, list[Change]]]:
    """(shape, day, its changes), each upon what those before it made."""
    every = range(count)
    units = [{"kind": "unit-established", "unit": f"u{n}", "name": {"en": f"U {n}"}, "parent": "root"} for n in every]
    yield "units", "1901-01-01", units
    posts = [
        {"kind": "post-created", "post": f"p{n}", "unit": f"u{n}", "title": {"en": f"P {n}"}, "seats": 1} for n in every
    ]
    yield "posts", "1902-01-01", posts
    appointed = [_appointed(f"x{n}", f"p{n}", "substantive") for n in every]
    yield "appointed", "1903-01-01", appointed
    released = [{"kind": "released", "person": f"x{n}", "post": f"p{n}", "ground": "dismissed"} for n in every]
    yield "released", "1905-01-01", released
    corrected = [
        {
            "kind": "corrected",
            "target": f"appointed-{n // per_entry * per_entry}#{n % per_entry + 1}",
            "change": _appointed(f"x{n}", f"p{n}", "acting"),
            "reason": "misread",
        }
        for n in every
    ]
    yield "corrected", "1906-01-01", corrected
    yield "in-turn", "1907-01-01", [{**_appointed(f"x{n}", "p0", "substantive"), "effective": _day(n)} for n in every]
    abolished = [{"kind": "unit-abolished", "unit": f"u{n}", "successors": []} for n in every]
    yield "abolished", "2020-01-01", abolished


def _appointed(person: str, post: str, capacity: str) -> Change:
    return {"kind": "appointed", "person": person, "post": post, "capacity": capacity}


def _day(number: int) -> str:
    """A day of its own for each *number*, up to some thirty thousand."""
    return f"{1910 + number // 336}-{1 + number // 28 % 12:02}-{1 + number % 28:02}"
