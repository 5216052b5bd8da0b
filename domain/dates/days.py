"""Days: proleptic Gregorian ordinals, and their text."""

from __future__ import annotations

import re
from datetime import date
from typing import Final, TypeAlias

Day: TypeAlias = int
"""A proleptic Gregorian ordinal: 1 is 0001-01-01."""

BEFORE_ALL: Final[Day] = 0
"""The lower bound of a date without one: earlier than every day."""

AFTER_ALL: Final[Day] = date.max.toordinal() + 1
"""The upper bound of a date without one: later than every day."""

FIRST_DAY: Final[Day] = date.min.toordinal()
LAST_DAY: Final[Day] = date.max.toordinal()
WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class NotADay(ValueError):
    """*given* is not a calendar day written YYYY-MM-DD."""

    def __init__(self, given: object) -> None:
        super().__init__(f"{shown(given)} is not a day: wanted YYYY-MM-DD, such as 2019-05-01")
        self.given = given


def day(text: str) -> Day:
    """The day written YYYY-MM-DD in *text*.

    Raises: NotADay, also for a day the calendar doesn't have.
    """
    if not WRITTEN.fullmatch(text):
        raise NotADay(text)
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        raise NotADay(text) from None


def iso(day: Day) -> str | None:
    """*day* as YYYY-MM-DD; None if it's no bound at all (BEFORE_ALL, AFTER_ALL or beyond)."""
    return date.fromordinal(day).isoformat() if FIRST_DAY <= day <= LAST_DAY else None


def shown(given: object) -> str:
    """*given* for a one-line message: at most 80 characters."""
    text = repr(given[:81] if isinstance(given, str) else given)
    return text if len(text) <= 80 else f"{text[:79]}…"
