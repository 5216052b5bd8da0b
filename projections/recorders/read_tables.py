"""The read tables by name, and those columns of theirs that statements name together, whichever database keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from projections.tables.names import Days, Spelling

BOUNDS = "s_lo, s_hi, e_lo, e_hi, proved_from, proved_until, evidence, begun, handed_on"
"""The columns of what is known of a life's start and end."""
REST = f'hi, since, bounds_since, "key", "values", told, cause, name, seats, disputed, {BOUNDS}, acts'
"""The columns of a row but for where it stands."""
SPELLING = "lo, hi, own, language, text"
"""The columns of what a thing is called."""
KNOWN = "since <= ? AND (until IS NULL OR until > ?)"
"""What is believed as recorded up to a position, which is given twice."""

BY_STREAM = ("filed", "believed", "superseded", "bounds_then", "causes", "edges", "dated", "touched", "spellings")
BY_THING = (("hangs", "above"), ("points", "above"))


def spelling_of(row: Sequence[Any]) -> Spelling:
    """The spelling in a row of SPELLING."""
    lo, hi, own, language, text = row
    return Spelling(lo, hi, bool(own), language, text)


def with_spelling(rows: Iterable[Sequence[Any]]) -> list[tuple[Any, Any, Spelling]]:
    """*rows* of two columns and SPELLING, with the spelling as one."""
    return [(row[0], row[1], spelling_of(row[2:])) for row in rows]


def borne_on(days: Days | None) -> tuple[str, tuple[int, ...]]:
    """That a spelling is borne on one of *days*, as a further condition with its values; nothing for None."""
    return ("", ()) if days is None else (" AND lo < hi AND lo <= ? AND hi > ?", (days[1], days[0]))
