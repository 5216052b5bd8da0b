"""Design 4.8: the last act netted is the cause of a row, and a row is no surer than what it tells."""

from __future__ import annotations

from typing import Any

import pytest

from tests.history import History, abolished, appointed, post, released, unit

LOW = [{"source": "s", "certainty": "low"}]


def test_a_release_after_the_newcomer_came_is_the_cause_of_the_change_of_holder() -> None:
    """The deputy stood in from March, the old warden left in May: in May the holder had changed."""
    # given
    history = History().on("2001-01-01", post("warden")).on("2002-01-01", appointed("ann", "warden"))
    history.on("2003-03-03", appointed("bob", "warden", "acting"), by="came")

    # when
    history.on("2003-05-05", released("ann", "warden"), by="left")

    # then
    [row] = history.diff("2003-03-02", "2003-05-05")["changes"]
    assert (row["kind"], row["cause"]["entry"], row["effective"]) == ("holder-changed", "left", "2003-05-05")
    assert (row["before"]["person"], row["after"]["person"]) == ("ann", "bob")


def test_a_second_life_that_may_have_begun_does_not_hide_what_ended_the_first() -> None:
    """Ended in 2005, back between June and June: in August the code may mean either, and both acts are told."""
    # given
    history = History().on("2001-01-01", unit("u"), by="made").on("2005", abolished("u"), by="ended")

    # when
    history.on("2005-06/2006-06", unit("u"), by="again")

    # then
    rows = history.diff("2004-12-31", "2005-08-01")["changes"]
    assert [(row["kind"], row["cause"]["entry"], row["effective"]) for row in rows] == [
        ("unit-abolished", "ended", "2005"),
        ("unit-established", "again", "2005-06/2006-06"),
    ]


@pytest.mark.parametrize(("sources", "grade"), [([], "certain"), (LOW, "presumed")])
def test_a_reorganization_is_as_sure_as_the_least_sure_of_its_parts(sources: list[Any], grade: str) -> None:
    """One unit is known from a decree, the other as the sources go: both become one."""
    # given
    history = History().on("2001-01-01", unit("a")).on("2001-01-01", unit("b"), sources=sources)

    # when
    new = {"unit": "c", "name": {"en": "c"}, "unit_kind": "department", "parent": "mint"}
    merger = {"kind": "units-reorganized", "form": "merge", "before": ["a", "b"], "after": [new], "links": []}
    history.on("2005-01-01", merger, sources=sources)

    # then
    [row] = history.diff("2004-12-31", "2005-01-01")["changes"]
    [back] = history.diff("2005-01-01", "2004-12-31")["changes"]
    assert (row["kind"], row["grade"]) == ("units-reorganized", grade)
    assert back["grade"] == grade


def test_a_function_told_backwards_has_the_grade_it_had_where_it_was() -> None:
    """Hearsay gave it to `a`, a decree took it to `b`: read backwards, what follows is hearsay."""
    # given
    history = History().on("2001-01-01", unit("a"), unit("b"))
    assigned = {"kind": "function-assigned", "holder": "a", "function": "assay", "text": {"en": "assaying"}}
    history.on("2002-01-01", assigned, sources=LOW)

    # when
    history.on("2005-01-01", {"kind": "function-transferred", "holder": "b", "function": "assay"})

    # then
    [row] = history.diff("2003-01-01", "2005-01-01")["changes"]
    [back] = history.diff("2005-01-01", "2003-01-01")["changes"]
    assert (row["kind"], row["grade"]) == ("function-transferred", "certain")
    assert (back["kind"], back["grade"]) == ("function-transferred", "presumed")


def test_a_function_begun_or_ended_is_named_by_holder_and_function() -> None:
    """One function may be at several holders at once: the row says at which."""
    # given
    history = History().on("2001-01-01", unit("a"), unit("b"))
    shown = [
        {"kind": "function-assigned", "holder": at, "function": "assay", "text": {"en": "assaying"}} for at in "ab"
    ]
    history.on("2002-01-01", *shown)

    # when
    history.on("2005-01-01", {"kind": "function-withdrawn", "holder": "a", "function": "assay"})

    # then
    begun, ended = (
        history.diff(*days)["changes"] for days in (("2001-12-31", "2002-01-01"), ("2004-12-31", "2005-01-01"))
    )
    assert [row["subject"] for row in begun] == [{"holder": at, "function": "assay"} for at in "ab"]
    assert [row["subject"] for row in ended] == [{"holder": "a", "function": "assay"}]


def test_only_the_end_of_a_tenure_has_a_ground() -> None:
    """A unit is abolished; it is nobody who was released."""
    # given
    history = History().on("2001-01-01", unit("u")).on("2005-01-01", abolished("u"))

    # then
    [row] = history.diff("2004-12-31", "2005-01-01")["changes"]
    assert row["before"] == {"name": {"en": "u"}, "kind": "department", "parent": "mint", "order": None}
