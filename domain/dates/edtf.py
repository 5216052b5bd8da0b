"""The first and the last day that a text in EDTF can mean."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from time import struct_time
from typing import Final, TypeAlias

from domain.dates.days import AFTER_ALL, BEFORE_ALL, FIRST_DAY, LAST_DAY, WRITTEN, Day, NotADay, day, shown
from domain.ids import sign_named

LONGEST: Final = 64  # characters; bounds what the slow library is asked (some 12 dates, 0.1 s)
Bounds: TypeAlias = tuple[Day, Day]
_OPEN: Final[Bounds] = (BEFORE_ALL, AFTER_ALL)
_CHARACTERS = re.compile(r"[0-9X?~%/.,\[\]{}-]+")
# One date as the library may see it: never a sign, time, long year or significant digits, and an X in a
# month or day only as XX, since the library breaks on 1X.
_SINGLE = re.compile(r"[?~%]?[0-9X]{4}[?~%]?(-[?~%]?([0-9]{2}|XX)[?~%]?){0,2}")
_SEASON = re.compile(r"([0-9]{4}-(2[1-9]|3[0-9]|4[01]))[?~%]?")
# Winter and southern summer lie in two years; the library gives December alone, the standard says nothing.
_TWO_YEAR_SEASONS = {"24", "28", "30"}


class NotADate(ValueError):
    """*given* is not a date we can read, because of *reason*."""

    def __init__(self, given: str, reason: str) -> None:
        super().__init__(
            f"{shown(given)} is not a date: {reason}; wanted EDTF, such as 2019-05-01, 2019-05, 2019~ or 2018/2019-05"
        )
        self.given = given
        self.reason = reason


@lru_cache(maxsize=8192)
def bounds_of(text: str) -> Bounds:
    """The first and last day that *text*, already short, can be."""
    if WRITTEN.fullmatch(text):
        try:
            exactly = day(text)
        except NotADay:
            raise NotADate(text, "the calendar has no such day") from None
        return exactly, exactly
    try:
        bounds = _read(text)
    except _Unreadable as reason:
        raise NotADate(text, str(reason)) from None
    if bounds == _OPEN:
        raise NotADate(text, "it says neither a first nor a last day (leave an unknown day out, as null)")
    return bounds


class _Unreadable(Exception):
    """Why a part of a text can't be read; NotADate then says it of the whole."""


def _read(text: str) -> Bounds:
    if not text:
        raise _Unreadable("it is empty")
    if not _CHARACTERS.fullmatch(text):
        odd = next(sign for sign in text if not _CHARACTERS.fullmatch(sign))
        raise _Unreadable(
            f"{sign_named(odd)} is not read, only digits 0 to 9 and the signs X ? ~ % - / .. , [ ] {{ }},"
            " no blanks and no times"
        )
    if text[0] + text[-1] in ("[]", "{}"):
        members = [_member(member) for member in text[1:-1].split(",")]
        return min(first for first, _ in members), max(last for _, last in members)
    if text == "..":
        return _OPEN
    first, slash, last = text.partition("/")
    if slash:
        return _between("" if first == ".." else first, "" if last == ".." else last)
    return _widened(text, _strict(text))


def _member(text: str) -> Bounds:
    first, dots, last = text.partition("..")
    return _between(first, last) if dots else _widened(text, _strict(text))


def _between(first: str, last: str) -> Bounds:
    """From *first* to *last*, either empty for no bound."""
    start = _strict(first) if first else _OPEN
    end = _strict(last) if last else _OPEN
    if end[1] < start[0]:
        raise _Unreadable(f"{last} lies before {first}")
    return _widened(first, start)[0], _widened(last, end)[1]


def _strict(text: str) -> Bounds:
    """The first and last day of the single date *text*, its marks left aside."""
    from edtf.parser import EDTFParseException, parse_edtf  # here, since importing it costs 0.2 s

    if text.startswith("-"):
        raise _Unreadable("years before 0001 are not read")
    if not _SINGLE.fullmatch(text):
        raise _Unreadable(
            f"{text!r} is not YYYY, YYYY-MM or YYYY-MM-DD; "
            "an X stands for a digit of the year, XX for a whole month or day"
        )
    season = _SEASON.fullmatch(text)
    if season and season[2] in _TWO_YEAR_SEASONS:
        raise _Unreadable(f"season {season[2]} may lie in two years, so write its months, like 2019-12/2020-02")
    try:
        # The library takes a mark on a season only inside an interval.
        read = parse_edtf(season[1] if season else text)
        return _ordinal(read.lower_strict()), _ordinal(read.upper_strict())
    except EDTFParseException:
        raise _Unreadable(f"{text!r} breaks the rules of EDTF") from None
    except (ValueError, AttributeError):  # no such day; the library's own slips on odd uses of X
        raise _Unreadable(f"{text!r} does not begin and end on days of the calendar (0001 to 9999)") from None


def _ordinal(moment: struct_time) -> Day:
    return date(moment.tm_year, moment.tm_mon, moment.tm_mday).toordinal()


def _widened(text: str, strict: Bounds) -> Bounds:
    """*strict* with the margin that the `~` and `%` of *text* ask for.

    A mark after a part qualifies all up to there, one before it this part alone: either way that part is
    the finest in doubt. Of several, the coarsest counts; a part left as XX passes it to the one before.
    """
    parts = text.split("-")
    marked = next((i for i, part in enumerate(parts) if "~" in part or "%" in part), None)
    if marked is None:
        return strict
    parts = [part.strip("?~%") for part in parts]
    while parts[marked] == "XX":
        marked -= 1
    earliest, latest = strict
    if marked == 2:
        return max(earliest - 1, FIRST_DAY), min(latest + 1, LAST_DAY)
    if marked == 0:
        months = 12 * 10 ** parts[0].count("X")
    elif _SEASON.fullmatch(text):
        months = date.fromordinal(latest).month - date.fromordinal(earliest).month + 1
    else:
        months = 1
    # A whole month ends with its last day, whichever that is; a stated day keeps its number.
    if len(parts) == 3 and parts[2] != "XX":
        return _shifted(earliest, -months), _shifted(latest, months)
    return _shifted(earliest, -months), _month_end(_shifted(latest, months))


def _shifted(day: Day, months: int) -> Day:
    """The same day of the month *months* later, or the last that month has; within years 1 to 9999."""
    origin = date.fromordinal(day)
    year, month = divmod(origin.year * 12 + origin.month - 1 + months, 12)
    if year < date.min.year:
        return FIRST_DAY
    if year > date.max.year:
        return LAST_DAY
    return date(year, month + 1, min(origin.day, monthrange(year, month + 1)[1])).toordinal()


def _month_end(day: Day) -> Day:
    within = date.fromordinal(day)
    return day - within.day + monthrange(within.year, within.month)[1]
