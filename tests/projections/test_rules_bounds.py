"""Design 4.6 and 4.8: what a source shows on a day that has no last one."""

from __future__ import annotations

from domain.acts import Known
from domain.dates import day
from projections.histories import unit_history
from projections.learned import learned, steps_between
from tests.history import History, post


def test_what_is_shown_some_day_from_a_year_on_had_begun_by_no_day_that_is_known() -> None:
    """An `effective` is EDTF that can be read, or null: never half an interval."""
    # given
    history = History().on("2019/..", {"kind": "unit-attested", "unit": "u"})

    # then
    [step] = unit_history(history.world(), "mint", "u")["lineage"]["steps"]
    assert (step["kind"], step["effective"]) == ("unit-attested", None)


def test_a_value_shown_some_day_from_a_year_on_is_learned_without_a_day() -> None:
    """The first value that is known holds from the start, whenever it was shown."""
    # given
    history = History().on("2001-01-01", post("p", seats=None), by="made")

    # when
    history.on("2019/..", {"kind": "post-attested", "post": "p", "seats": 3}, by="seen")

    # then
    answer = learned(steps_between(Known(history.rows), history.ends["made"]), day("2005-01-01"))
    [row] = [row for row in answer["changes"] if row["kind"] == "post-attested"]
    assert (row["after"], row["effective"], row["cause"]["entry"]) == ({"seats": 3}, None, "seen")
