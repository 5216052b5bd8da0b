"""What was learned over many entries, read from rows: each difference with the entry by which the fold explains it."""

from __future__ import annotations

from typing import Any

import pytest

from domain.dates import day
from domain.entries import entry_from
from projections.learned import learned, steps_between
from projections.tables.reading import Reader
from tests.history import FOUNDING, abolished, appointed, post, released, unit
from tests.tables.reading import INSTITUTION, recorded
from tests.tables.test_laws_answers import plain

SHOP = unit("shop")
CALLED = {"kind": "unit-renamed", "unit": "shop", "name": {"en": "Casting Shop"}}
COUNTED = {"kind": "quantity-observed", "subject": "mint", "quantity": "staff", "value": 12, "claimant": "Almanac"}


def entry(name: str, effective: str | None, *changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An entry as it is sent."""
    return {"entry": name, "effective": effective, "changes": list(changes), **more}


def corrected(target: str, change: dict[str, Any]) -> dict[str, Any]:
    """A correction of one fact."""
    return {"kind": "corrected", "target": target, "reason": "misread", "change": change}


HISTORIES: dict[str, tuple[list[dict[str, Any]], str | None]] = {
    "a name that is said again rests on who said it last": (
        [entry("shop", "2001-01-01", SHOP), entry("a", "2002-01-01", CALLED), entry("b", "2003-01-01", CALLED)],
        "b",
    ),
    "a day of an act that is corrected, though the value stays": (
        [
            entry("shop", "2001-01-01", SHOP),
            entry("a", "2002-05", CALLED),
            entry("fix", None, corrected("a#1", CALLED | {"effective": "2002-05-31"})),
            entry("other", "2003-01-01", unit("yard")),
        ],
        "fix",
    ),
    "an end that is corrected on a day after both": (
        [
            entry("shop", "2001-01-01", SHOP),
            entry("gone", "2002-01-01", abolished("shop")),
            entry("fix", None, corrected("gone#1", abolished("shop") | {"effective": "2003-01-01"})),
            entry("other", "2003-01-01", unit("yard")),
        ],
        "fix",
    ),
    "who held a post before another": (
        [
            entry("post", "2001-01-01", post("clerk"), appointed("ann", "clerk")),
            entry("next", "2002-01-01", released("ann", "clerk"), appointed("bob", "clerk")),
            entry("other", "2003-01-01", unit("yard")),
        ],
        "next",
    ),
    "units without a name and a number, each told by an act alone": (
        [
            entry("lost", "2005-01-01", {"kind": "unnamed-units-abolished", "count": 2, "parent": "mint"}),
            entry("staff", "2005-01-01", COUNTED),
            entry("fix", None, corrected("staff#1", COUNTED | {"value": 13})),
            entry("other", "2003-01-01", unit("yard")),
        ],
        "fix",
    ),
    "an act that is dated by an instrument which another entry tells better": (
        [
            entry("law", "2001", SHOP, instrument={"kind": "law", "number": "1", "signed": "2001"}),
            entry("name", None, CALLED | {"effective": "2002"}, instrument="law"),
            entry(
                "fix",
                None,
                corrected(
                    "law#0",
                    {
                        "kind": "instrument-issued",
                        "instrument": "law",
                        "instrument_kind": "law",
                        "number": "1",
                        "signed": "2001-03-01",
                    },
                ),
            ),
            entry("other", "2003-01-01", unit("yard")),
        ],
        None,
    ),
}


@pytest.mark.parametrize("told", HISTORIES)
@pytest.mark.parametrize("known", ["before all", "after the first"])
def test_the_entry_that_brought_a_difference_is_the_one_by_the_fold(told: str, known: str) -> None:
    """On the day of the last act, and long after; from before anything was known and from in between."""
    written, brought = HISTORIES[told]
    with recorded([entry_from(one, "test") for one in (FOUNDING, *written)]) as store:
        assert len(store.ends) == len(written) + 2, "an entry was refused"
        earlier = store.ends[1 if known == "before all" else 2]
        named = set()
        for asked in ("2001-06-01", "2002-05-31", "2005-01-01", "2010-01-01"):
            whole = plain(learned(steps_between(store.known(store.head), earlier), day(asked)))
            with Reader(store.tabled).at(INSTITUTION, store.head) as reading:
                assert plain(reading.learned(earlier, day(asked))) == whole, asked
            named |= {row["cause"]["entry"] for row in whole["changes"]}
    assert brought in named or brought is None or known == "before all"
