"""Design 4.2 and 4.9: no unit stands under itself in the evening of any day."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import EntryRefused
from tests.history import History, abolished, unit


def moved(name: str, to: str | None) -> dict[str, Any]:
    """A unit moved."""
    return {"kind": "unit-moved", "unit": name, "parent": to}


def test_parents_are_looked_at_in_the_evening() -> None:
    """A decree may put u under v before it takes v from under u."""
    # given v under u
    history = History().on("2001-01-01", unit("u"), unit("v", parent="u"))

    # when one act makes a ring and the next opens it
    history.on("2005-01-01", moved("u", "v"), moved("v", "mint"))

    # then
    assert history.structure("2004-12-31")["units"]["v"]["parent"] == "u"
    assert history.structure("2005-01-01")["units"]["u"]["parent"] == "v"
    assert history.structure("2005-01-01")["units"]["v"]["parent"] == "mint"


def test_a_ring_that_lasts_into_the_evening_is_refused() -> None:
    """No unit stands under itself, not over two others either."""
    # given
    history = History().on("2001-01-01", unit("u"), unit("v", parent="u"), unit("w", parent="v"))

    # then
    with pytest.raises(EntryRefused) as refusal:
        history.on("2005-01-01", moved("u", "w"))
    assert {reason.rule for reason in refusal.value.reasons} == {"parent-cycle"}


def test_a_ring_with_an_older_act_found_late_is_refused() -> None:
    """Rings are looked for at the end of every day of change, not of today alone."""
    # given v under mint until it moves under u in 2006
    history = History().on("2001-01-01", unit("u"), unit("v")).on("2006-01-01", moved("v", "u"))

    # then u cannot have moved under v in 2005 and stayed there
    with pytest.raises(EntryRefused) as refusal:
        history.on("2005-01-01", moved("u", "v"))
    assert {reason.rule for reason in refusal.value.reasons} == {"parent-cycle"}
    assert {reason.day for reason in refusal.value.reasons} == {"2006-01-01"}


def test_a_ring_with_a_unit_that_may_have_ended_is_refused() -> None:
    """Units that possibly stand count: u may stand in 2006 until its year is over."""
    # given u that ends some day of 2006
    history = History().on("2001-01-01", unit("u"), unit("v")).on("2006", abolished("u"))
    history.on("2006-03-01", moved("u", "v"))

    # then
    with pytest.raises(EntryRefused) as refusal:
        history.on("2006-04-01", moved("v", "u"))
    assert {reason.rule for reason in refusal.value.reasons} == {"parent-cycle"}
