"""Days as tables write them, and the first day after the last."""

from __future__ import annotations

import re

from api.importers.naming import Unfit
from api.importers.options import ToIs
from domain.dates import AFTER_ALL, BEFORE_ALL, Day, NotADate, PartialDate, iso

_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_SLASHED = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}")


def day_in(text: str) -> PartialDate:
    """The day that a cell says: in EDTF, or as 01.09.2023, the day first. Raises: Unfit."""
    dotted = _DOTTED.fullmatch(text)
    if dotted:
        text = f"{dotted[3]}-{dotted[2]:0>2}-{dotted[1]:0>2}"
    elif _SLASHED.fullmatch(text):
        raise Unfit(f"{text!r} may begin with the day or with the month: write 2023-09-01 or 01.09.2023")
    try:
        return PartialDate.parse(text)
    except NotADate as refusal:
        raise Unfit(str(refusal)) from None


def end_in(text: str, to_is: ToIs | None) -> PartialDate:
    """The first day on which an interval no longer holds that ends as *text* says. Raises: Unfit."""
    if to_is is None:
        raise Unfit(NOBODY_SAYS)
    given = day_in(text)
    return given if to_is == "first-day-after" else moved(given, 1)


NOBODY_SAYS = (
    "nobody says what an end means in this file: the last day on which it held (--to-is last-day),"
    " or the first on which it no longer did (--to-is first-day-after)"
)


def moved(given: PartialDate, days: int) -> PartialDate:
    """The day that lies *days* after *given*, as badly known as that; what was doubtful stays so. Raises: Unfit."""
    if given.earliest == given.latest and not given.approximate:
        return PartialDate.of(_within(given.earliest + days))
    mark = "?" if given.approximate else ""
    first = f"{iso(_within(given.earliest + days))}{mark}" if given.earliest > BEFORE_ALL else ".."
    last = f"{iso(_within(given.latest + days))}{mark}" if given.latest < AFTER_ALL else ".."
    return PartialDate.parse(first if first == last else f"{first}/{last}")


def _within(day: Day) -> Day:
    if iso(day) is None:
        raise Unfit("that day lies outside the years 1 to 9999")
    return day


def between(earlier: Day, later: Day) -> PartialDate:
    """Some day after *earlier* and no later than *later*."""
    first, last = iso(earlier + 1), iso(later)
    return PartialDate.parse(f"{first}" if first == last else f"{first}/{last}")
