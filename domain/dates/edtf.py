"""Days and badly known days: what an archive can say about when something took effect.

A day is an int inside the program: the proleptic Gregorian ordinal of `datetime.date`. A `PartialDate`
is a day that may be badly known, written in EDTF, with the first and the last day it can be. The `edtf`
library judges one date at a time; intervals, sets, open ends and the margin of "about" are read here,
because it pads unknown ends by ten years, accepts a backward interval, and pads "about" by too much.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from time import struct_time
from typing import Any, Final, Self, TypeAlias

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

Day: TypeAlias = int
"""A proleptic Gregorian ordinal: 1 is 0001-01-01."""

BEFORE_ALL: Final[Day] = 0
"""The lower bound of a date without one: earlier than every day."""

AFTER_ALL: Final[Day] = date.max.toordinal() + 1
"""The upper bound of a date without one: later than every day."""

_FIRST: Final[Day] = date.min.toordinal()
_LAST: Final[Day] = date.max.toordinal()

LONGEST: Final = 64  # characters; bounds what the slow library is asked (some 12 dates, 0.1 s)

_Bounds: TypeAlias = tuple[Day, Day]
_OPEN: Final[_Bounds] = (BEFORE_ALL, AFTER_ALL)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CHARACTERS = re.compile(r"[0-9X?~%/.,\[\]{}-]+")
# One date as the library may see it: never a sign, time, long year or significant digits, and an X in a
# month or day only as XX, since the library breaks on 1X.
_SINGLE = re.compile(r"[?~%]?[0-9X]{4}[?~%]?(-[?~%]?([0-9]{2}|XX)[?~%]?){0,2}")
_SEASON = re.compile(r"([0-9]{4}-(2[1-9]|3[0-9]|4[01]))[?~%]?")
# Winter and southern summer lie in two years; the library gives December alone, the standard says nothing.
_TWO_YEAR_SEASONS = {"24", "28", "30"}


class NotADay(ValueError):
    """*given* is not a calendar day written YYYY-MM-DD."""

    def __init__(self, given: object) -> None:
        super().__init__(f"{_shown(given)} is not a day: wanted YYYY-MM-DD, such as 2019-05-01")
        self.given = given


class NotADate(ValueError):
    """*given* is not a date we can read, because of *reason*."""

    def __init__(self, given: str, reason: str) -> None:
        super().__init__(
            f"{_shown(given)} is not a date: {reason}; wanted EDTF, such as 2019-05-01, 2019-05, 2019~ or 2018/2019-05"
        )
        self.given = given
        self.reason = reason


def day(text: str) -> Day:
    """The day written YYYY-MM-DD in *text*.

    Raises: NotADay, also for a day the calendar doesn't have.
    """
    if not _DAY.fullmatch(text):
        raise NotADay(text)
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        raise NotADay(text) from None


def iso(day: Day) -> str | None:
    """*day* as YYYY-MM-DD; None if it's no bound at all (BEFORE_ALL, AFTER_ALL or beyond)."""
    return date.fromordinal(day).isoformat() if _FIRST <= day <= _LAST else None


@dataclass(frozen=True, slots=True)
class PartialDate:
    """Some day from *earliest* to *latest*, both included, as *text* says it in EDTF.

    BEFORE_ALL and AFTER_ALL stand for a bound nobody knows. In pydantic it's the text; with the context
    `{"stored": True}` it's the text and both bounds, which are then taken as they are: replay never parses.
    """

    text: str
    earliest: Day
    latest: Day

    @classmethod
    def parse(cls, text: str) -> Self:
        """The date written in *text*.

        `a/b` is some day from a to b. Open and unknown ends alike (`../b`, `/b`) are no bound. `~` and `%`
        move each bound by one unit of the marked part: a day, month, season, year, decade for 201X, and so
        on; in an interval or a set each date for itself, and never past the years 1 to 9999. `?` moves none.
        Seasons are the northern ones, but for winter, which is refused. A set is some day from its first
        to its last. Refused as well, though EDTF: times, years before 0001 or beyond 9999, S digits, 2019-1X.

        Raises: NotADate, and nothing else, for any string. At worst it takes 0.1 s.
        """
        if len(text) > LONGEST:
            raise NotADate(text, f"it is longer than {LONGEST} characters")
        return cls(text, *_bounds(text))

    @classmethod
    def of(cls, day: Day) -> Self:
        """The date that is exactly *day*.

        Raises: NotADay, for BEFORE_ALL and AFTER_ALL.
        """
        text = iso(day)
        if text is None:
            raise NotADay(day)
        return cls(text, day, day)

    @property
    def approximate(self) -> bool:
        """Whether the text marks anything as doubtful: `?`, `~` or `%`."""
        return any(mark in self.text for mark in "?~%")

    @property
    def exact(self) -> bool:
        """Whether it's one day, without a mark of doubt."""
        return self.earliest == self.latest and not self.approximate

    def __str__(self) -> str:
        return self.text

    @classmethod
    def _validated(cls, value: object, info: core_schema.ValidationInfo) -> Self:
        if isinstance(value, cls):
            return value
        try:
            if isinstance(value, str):
                return cls.parse(value)
            if isinstance(value, Mapping) and _stored(info.context):
                return cls._replayed(value)
        except (NotADay, NotADate) as refusal:
            raise PydanticCustomError("not_a_date", "{refusal}", {"refusal": str(refusal)}) from None
        raise PydanticCustomError(
            "not_a_date",
            'a date is text in quotes, such as "2019-05", not a value of type {type}',
            {"type": type(value).__name__},
        )

    @classmethod
    def _replayed(cls, stored: Mapping[str, object]) -> Self:
        match dict(stored):
            case {
                "edtf": str(text),
                "earliest": str() | None as earliest,
                "latest": str() | None as latest,
                **more,
            }:
                if not more:
                    return cls(
                        text,
                        BEFORE_ALL if earliest is None else day(earliest),
                        AFTER_ALL if latest is None else day(latest),
                    )
        raise PydanticCustomError("not_a_date", "a stored date has edtf, earliest and latest, and nothing else")

    def _serialised(self, info: core_schema.SerializationInfo) -> str | dict[str, str | None]:
        if _stored(info.context):
            return {"edtf": self.text, "earliest": iso(self.earliest), "latest": iso(self.latest)}
        return self.text

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            cls._validated,
            serialization=core_schema.plain_serializer_function_ser_schema(cls._serialised, info_arg=True),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "string",
            "format": "edtf",
            "maxLength": LONGEST,
            "examples": ["2019-05-01", "2019-05", "2019~", "2018/2019-05", "../2019-05-24"],
        }


def _shown(given: object) -> str:
    """*given* for a one-line message: at most 80 characters."""
    text = repr(given[:81] if isinstance(given, str) else given)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _stored(context: Any) -> bool:
    return isinstance(context, Mapping) and context.get("stored") is True


@lru_cache(maxsize=8192)
def _bounds(text: str) -> _Bounds:
    """The first and last day that *text*, already short, can be."""
    if _DAY.fullmatch(text):
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


def _read(text: str) -> _Bounds:
    if not text:
        raise _Unreadable("it is empty")
    if not _CHARACTERS.fullmatch(text):
        raise _Unreadable("only digits and the signs X ? ~ % - / .. , [ ] { } are read, no blanks and no times")
    if text[0] + text[-1] in ("[]", "{}"):
        members = [_member(member) for member in text[1:-1].split(",")]
        return min(first for first, _ in members), max(last for _, last in members)
    if text == "..":
        return _OPEN
    first, slash, last = text.partition("/")
    if slash:
        return _between("" if first == ".." else first, "" if last == ".." else last)
    return _widened(text, _strict(text))


def _member(text: str) -> _Bounds:
    first, dots, last = text.partition("..")
    return _between(first, last) if dots else _widened(text, _strict(text))


def _between(first: str, last: str) -> _Bounds:
    """From *first* to *last*, either empty for no bound."""
    start = _strict(first) if first else _OPEN
    end = _strict(last) if last else _OPEN
    if end[1] < start[0]:
        raise _Unreadable(f"{last} lies before {first}")
    return _widened(first, start)[0], _widened(last, end)[1]


def _strict(text: str) -> _Bounds:
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


def _widened(text: str, strict: _Bounds) -> _Bounds:
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
        return max(earliest - 1, _FIRST), min(latest + 1, _LAST)
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
        return _FIRST
    if year > date.max.year:
        return _LAST
    return date(year, month + 1, min(origin.day, monthrange(year, month + 1)[1])).toordinal()


def _month_end(day: Day) -> Day:
    within = date.fromordinal(day)
    return day - within.day + monthrange(within.year, within.month)[1]
