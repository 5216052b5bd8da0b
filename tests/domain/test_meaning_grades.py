"""Design 4.6: how sure it is that a thing stands on a day."""

from __future__ import annotations

from typing import Any

import pytest

from tests.history import FOUNDING, History, abolished, appointed, post, released, unit

LOW = [{"source": "s", "certainty": "low"}]


def attested(of: str, **more: Any) -> dict[str, Any]:
    """A source shows a unit."""
    return {"kind": "unit-attested", "unit": of, **more}


def grades(history: History, *days: str, of: str = "u") -> list[str | None]:
    """The grade of a unit on each day, unattested included."""
    return [history.grade(of, day) for day in days]


def test_between_an_exact_start_and_an_exact_end_all_is_certain() -> None:
    """Two decrees prove every day between them, with nothing shown in the middle."""
    history = History().on("2005-01-01", unit("u")).on("2007-01-01", abolished("u"))

    days = ["2004-12-31", "2005-01-01", "2006-01-01", "2006-12-31", "2007-01-01"]
    assert grades(history, *days) == [None, "certain", "certain", "certain", None]


def test_without_an_end_it_is_certain_to_the_last_day_it_is_shown_and_presumed_for_ever_after() -> None:
    """What stood when last seen stands until something changes it."""
    # given
    history = History().on("2005-01-01", unit("u")).on("2006-01-01", attested("u"))

    # then
    days = ["2005-01-01", "2006-01-01", "2006-01-02", "9999-12-31"]
    assert grades(history, *days) == ["certain", "certain", "presumed", "presumed"]
    assert history.structure("2005-01-01")["units"]["u"]["evidence"] == "2006-01-01"


def test_an_act_upon_a_thing_shows_it_on_that_day() -> None:
    """A unit renamed in 2006 stood in 2006."""
    # given
    history = History().on("2005-01-01", unit("u"))
    history.on("2006-01-01", {"kind": "unit-renamed", "unit": "u", "name": {"en": "U"}})

    # then
    assert grades(history, "2005-12-31", "2006-01-01", "2006-01-02") == ["certain", "certain", "presumed"]
    assert history.structure("2005-01-01")["units"]["u"]["evidence"] == "2006-01-01"


def test_an_act_of_an_uncertain_day_shows_a_thing_no_later_than_its_earliest_day() -> None:
    """Renamed some day of 2006, it surely stood on the first of January, and no day later."""
    # given
    history = History().on("2005-01-01", unit("u"))
    history.on("2006", {"kind": "unit-renamed", "unit": "u", "name": {"en": "U"}})

    # then
    assert history.structure("2005-01-01")["units"]["u"]["evidence"] == "2006-01-01"
    assert grades(history, "2006-01-01", "2006-01-02") == ["certain", "presumed"]


@pytest.mark.parametrize(
    ("effective", "more"),
    [
        ("2006-06-01~", {}),
        ("2006-06-01?", {}),
        ("2006-06-01%", {}),
        ("2006-06-01", {"basis": "inferred"}),
        ("2006-06-01", {"sources": LOW}),
    ],
)
def test_a_weak_word_on_the_last_day_proves_nothing(effective: str, more: dict[str, Any]) -> None:
    """About, doubtful, inferred or of low certainty: the unit is presumed, and certain no longer than before."""
    # given
    history = History().on("2005-01-01", unit("u")).on(effective, attested("u", **more))

    # then
    assert grades(history, "2005-01-01", "2005-01-02", "2006-05-31") == ["certain", "presumed", "presumed"]


@pytest.mark.parametrize(
    ("effective", "more"),
    [
        ("2006-06-01?", {}),
        ("2006-06-01", {"basis": "inferred"}),
        ("2006-06-01", {"sources": LOW}),
    ],
)
def test_a_weak_end_ends_and_proves_nothing_before(effective: str, more: dict[str, Any]) -> None:
    """An end of which we are not sure does not make its eve certain."""
    # given
    history = History().on("2005-01-01", unit("u")).on(effective, {**abolished("u"), **more})

    # then
    days = ["2005-01-01", "2006-05-31", "2006-06-01"]
    assert grades(history, *days) == ["certain", "presumed", None]


@pytest.mark.parametrize("certainty", ["high", "medium"])
def test_a_source_of_high_or_medium_certainty_proves(certainty: str) -> None:
    """Only low certainty makes uncertain; no source named is medium."""
    history = History().on("2005-01-01", unit("u"), sources=[{"source": "s", "certainty": certainty}])

    assert grades(history, "2004-12-31", "2005-01-01") == [None, "certain"]


def test_a_source_that_is_not_low_beside_a_low_one_proves() -> None:
    """One good source is enough, whatever stands beside it."""
    history = History().on("2005-01-01", unit("u"), sources=[*LOW, {"source": "t", "certainty": "medium"}])

    assert grades(history, "2005-01-01") == ["certain"]


def test_a_weak_start_between_strong_bounds_is_certain_where_the_strong_prove_it() -> None:
    """The doubtful founding of 2005 takes nothing from the sure sightings of 2006 and 2007."""
    # given
    history = History().on("2005-01-01", unit("u"), sources=LOW)
    history.on("2006-01-01", attested("u")).on("2007-01-01", attested("u"))

    # then
    days = ["2005-01-01", "2005-12-31", "2006-01-01", "2006-06-01", "2007-01-01", "2007-01-02"]
    assert grades(history, *days) == ["presumed", "presumed", "certain", "certain", "certain", "presumed"]


# --- unknown starts


def test_before_its_first_sighting_a_thing_is_unattested_and_counted() -> None:
    """Not shown unless asked for; that something is left out, the answer says."""
    # given
    history = History().on("2005-05-05", attested("u", name={"en": "U"}, parent="mint"))

    # then
    assert grades(history, "2005-05-04", "2005-05-05", "2005-05-06") == ["unattested", "certain", "presumed"]
    assert "u" not in history.structure("2005-05-04")["units"]
    assert history.structure("2005-05-04")["unattested"] == 1
    assert history.structure("2005-05-05")["unattested"] == 0


def test_what_was_seen_and_then_ended_is_certain_between() -> None:
    """A sighting and an end prove the days between them; of those before nothing is known."""
    history = History().on("2005-05-05", attested("u", name={"en": "U"})).on("2007-01-01", abolished("u"))

    days = ["2005-05-04", "2005-05-05", "2006-12-31", "2007-01-01"]
    assert grades(history, *days) == ["unattested", "certain", "certain", None]


@pytest.mark.parametrize(
    "act",
    [
        {"kind": "unit-abolished", "unit": "u"},
        {"kind": "unit-renamed", "unit": "u", "name": {"en": "New"}},
        {"kind": "unit-moved", "unit": "u", "parent": None},
    ],
)
def test_an_act_that_changes_a_thing_shows_that_it_stood_on_the_eve(act: dict[str, Any]) -> None:
    """What is abolished, renamed or moved on a day was there the evening before, as it was."""
    # given a unit of which no source shows a day
    history = History().on(None, attested("u", name={"en": "Old"}, parent="mint"))

    # when
    history.on("2006-01-01", act)

    # then
    assert grades(history, "2005-12-30", "2005-12-31") == ["unattested", "certain"]
    eve = history.structure("2005-12-31")["units"]["u"]
    assert (eve["name"], eve["parent"], eve["since"]) == ({"en": "Old"}, "mint", None)


def test_a_sighting_of_some_day_in_a_year_shows_the_thing_from_the_end_of_that_year() -> None:
    """It stood on one day of 2005: by New Year's Eve it had begun."""
    # given
    history = History().on("2005", attested("u", name={"en": "U"}))

    # then
    assert grades(history, "2004-12-31", "2005-12-31") == ["unattested", "presumed"]
    assert history.grade("u", "2005-06-01") in ("unattested", None)
    assert history.structure("2005-12-31")["units"]["u"]["evidence"] == "2005-01-01"


def test_a_sighting_narrows_a_start_known_to_the_year() -> None:
    """Founded in 2005 and seen in March: it began by March, and the sighting proves its day."""
    # given
    history = History().on("2005", unit("u")).on("2005-03-10", attested("u"))

    # then
    days = ["2004-12-31", "2005-01-01", "2005-03-09", "2005-03-10", "2005-03-11"]
    assert grades(history, *days) == [None, "possible", "possible", "certain", "presumed"]


def test_a_sighting_narrows_an_end_known_to_the_year() -> None:
    """Ended in 2006 and seen in March: it stood through March."""
    # given
    history = History().on("2005-01-01", unit("u")).on("2006", abolished("u")).on("2006-03-10", attested("u"))

    # then
    days = ["2006-01-01", "2006-03-10", "2006-03-11", "2006-12-30", "2006-12-31"]
    assert grades(history, *days) == ["certain", "certain", "possible", "possible", None]


# --- what is asked for


def test_the_lowest_grade_asked_for_is_the_lowest_shown() -> None:
    """Who wants certainties alone is shown no presumption."""
    # given units of all four grades on one day
    founding = {**FOUNDING, "changes": [*FOUNDING["changes"], unit("sure"), unit("likely")]}
    history = History(founding)
    history.on("2005-06-01", attested("sure")).on("2004/2006", unit("maybe"))
    history.on("2005-06-02", attested("later", name={"en": "L"}))

    # then
    def shown(grade: Any) -> set[str]:
        return set(history.structure("2005-06-01", grade)["units"]) - {"mint"}

    assert shown("certain") == {"sure"}
    assert shown("presumed") == {"sure", "likely"}
    assert shown("possible") == {"sure", "likely", "maybe"}
    assert shown("unattested") == {"sure", "likely", "maybe", "later"}


def test_since_and_until_are_the_words_of_the_record() -> None:
    """A life is told in the dates its sources give, on whatever day it is asked for."""
    history = History().on("2005", unit("u")).on("2007-05~", abolished("u"))

    seen = history.structure("2006-06-01")["units"]["u"]
    assert (seen["since"], seen["until"]) == ("2005", "2007-05~")


def test_the_cause_of_a_thing_is_its_start_else_its_first_sighting() -> None:
    """Asked why a unit stands, the answer is the act that made it, or the source that first shows it."""
    # given
    history = History().on("2006-01-01", attested("v", name={"en": "V"}), by="late")
    history.on("2005-01-01", unit("u"), by="made").on("2005-01-01", attested("v", name={"en": "V"}), by="seen")
    history.on("2006-01-01", {"kind": "unit-renamed", "unit": "u", "name": {"en": "U"}})

    # then
    units = history.structure("2006-06-01")["units"]
    assert units["u"]["cause"]["event"] == "made#1"
    assert units["v"]["cause"]["event"] == "seen#1"


def test_tenures_are_graded_as_units_are() -> None:
    """One rule for all that has a span."""
    # given
    history = History().on("2001-01-01", post("p", seats=2))
    history.on("2005-01-01", appointed("ann", "p")).on("2006", released("ann", "p"))

    # then
    def grade(day: str) -> str | None:
        holder = history.holder("ann", "p", day)
        return holder["grade"] if holder else None

    days = ["2004-12-31", "2005-01-01", "2005-12-31", "2006-01-01", "2006-12-30", "2006-12-31"]
    assert [grade(day) for day in days] == [None, "certain", "certain", "possible", "possible", None]
