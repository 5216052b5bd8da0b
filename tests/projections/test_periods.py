"""Periods by name as the bounds of questions."""

from __future__ import annotations

from typing import Any

import pytest

from domain.dates import AFTER_ALL, BEFORE_ALL, day
from domain.errors import UnknownThing
from projections.counted import claimed_counts
from projections.diff import diff
from projections.periods import period_of, periods
from tests.history import History, unit


def defined(bounds: str, name: str = "reign", **more: Any) -> dict[str, Any]:
    """A period of these bounds."""
    return {"kind": "period-defined", "period": name, "name": {"en": name}, "bounds": bounds, "effective": None, **more}


def test_a_period_has_a_first_and_a_last_day_both_included() -> None:
    """Of a month or a year its first and its last; an open end is none."""
    world = History().on(None, defined("2001-03/2002"), defined("2001-03-05/..", "late"), by="p").world()

    reign, late = (period_of(world, "mint", name) for name in ("reign", "late"))

    assert (reign.first, reign.last) == (day("2001-03-01"), day("2002-12-31"))
    assert reign.span == (day("2001-03-01"), day("2003-01-01"))
    assert (reign.told["from"], reign.told["until"]) == ("2001-03-01", "2003-01-01")
    assert (late.first, late.last, late.span) == (day("2001-03-05"), AFTER_ALL, (day("2001-03-05"), None))
    assert list(periods(world)) == ["late", "reign"]
    assert (reign.told["id"], reign.told["name"]) == ("reign", {"en": "reign"})
    with pytest.raises(UnknownThing, match="'mint' has no period 'nowhere'"):
        period_of(world, "mint", "nowhere")


def test_what_changed_in_a_period_begins_with_its_first_day() -> None:
    """The decree by which a reign begins is of the reign; that of its eve and of the day after it are not."""
    history = History().on(None, defined("2001-01-02/2001-01-03"), by="p")
    for number, on in enumerate(["2001-01-01", "2001-01-02", "2001-01-03", "2001-01-04"]):
        history.on(on, unit(f"u{number}"))
    world = history.world()

    told = diff(world, *period_of(world, "mint", "reign").days)

    assert [row["subject"]["unit"] for row in told["changes"]] == ["u1", "u2"]


def test_a_period_without_ends_is_all_time() -> None:
    """Its days are those that can be named; nothing lies before the first or after the last."""
    period = period_of(History().on(None, defined("../2001"), by="p").world(), "mint", "reign")

    assert (period.first, period.days) == (BEFORE_ALL, (1, day("2001-12-31")))
    assert period.span == (None, day("2002-01-01"))


def test_of_two_claims_on_a_period_the_better_is_believed() -> None:
    """The other stands beside it, with the rule that chose."""
    history = (
        History()
        .decree("2001-01-01", defined("2001/.."), by="a")
        .decree("2001-03-05", defined("2001-03-05/..", basis="inferred"), by="b")
    )

    told = period_of(history.world(), "mint", "reign").told

    assert (told["bounds"], told["cause"]["event"]) == ("2001/..", "a#1")
    assert told["cause"]["instrument"]["signed"] == "2001-01-01"
    assert [(rival["bounds"], rival["rule"]) for rival in told["rivals"]] == [("2001-03-05/..", "stated over inferred")]
    (cause,) = [rival["cause"] for rival in told["rivals"]]
    assert (cause["event"], cause["instrument"]["signed"]) == ("b#1", "2001-03-05")


def test_counts_of_a_period_are_those_of_a_time_that_touches_it() -> None:
    """By a day is enough."""
    claims = [
        {"kind": "count-claimed", "what": "offices", "unit": "mint", "during": during, "value": 1, "claimant": "x"}
        for during in ("2000", "2001-01-02", "2001", "2001-01-04/2002")
    ]
    world = History().on(None, defined("2001-01-02/2001-01-03"), *claims, by="p").world()

    found = claimed_counts(world, period_of(world, "mint", "reign"))

    assert [count["during"] for count in found.values()] == ["2001-01-02", "2001"]
