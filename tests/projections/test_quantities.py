"""Design 4.6, 4.8: numbers that somebody gives stand on the days of their own date, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from domain.acts import Known
from domain.dates import day
from projections.diff import patch
from projections.histories import unit_history
from projections.learned import learned, steps_between
from projections.structure import Answer
from tests.history import History, abolished, unit


def staff(value: float = 120, subject: str = "mint", **more: Any) -> dict[str, Any]:
    """How many work there."""
    return {"kind": "quantity-observed", "subject": subject, "quantity": "staff", "value": value, **more}


def values(history: History, *days: str) -> list[list[float]]:
    """The numbers given for each day."""
    return [[seen["value"] for seen in history.structure(d)["quantities"].values()] for d in days]


def grades(history: History, *days: str) -> list[str | None]:
    """The grade of the one number given for each day."""
    shown = [history.structure(d)["quantities"].get("count#1") for d in days]
    return [seen and seen["grade"] for seen in shown]


# --- on its own days


@pytest.mark.parametrize(
    ("effective", "days", "expected"),
    [
        ("2005-05-05", ["2005-05-04", "2005-05-05", "2005-05-06"], [None, "certain", None]),
        ("2005", ["2004-12-31", "2005-01-01", "2005-12-31", "2006-01-01"], [None, "possible", "possible", None]),
        ("2005-05", ["2005-04-30", "2005-05-01", "2005-05-31", "2005-06-01"], [None, "possible", "possible", None]),
        (
            "2005-05-05~",
            ["2005-05-03", "2005-05-04", "2005-05-05", "2005-05-06", "2005-05-07"],
            [None, "possible", "possible", "possible", None],
        ),
        ("2005-05-05?", ["2005-05-04", "2005-05-05", "2005-05-06"], [None, "possible", None]),
        ("2005-05-05/2005-05-05", ["2005-05-04", "2005-05-05", "2005-05-06"], [None, "certain", None]),
        (
            "2005-05-05/2005-05-06",
            ["2005-05-04", "2005-05-05", "2005-05-06", "2005-05-07"],
            [None, *["possible"] * 2, None],
        ),
        ("../2005-05-05", ["1000-01-01", "2005-05-05", "2005-05-06"], ["possible", "possible", None]),
        ("2005-05-05/..", ["2005-05-04", "2005-05-05", "2999-01-01"], [None, "possible", "possible"]),
    ],
)
def test_a_number_stands_on_the_days_of_its_own_date(
    effective: str, days: list[str], expected: list[str | None]
) -> None:
    """Certain if that is one stated day, else possible; no number is presumed to go on."""
    history = History().on(effective, staff(), by="count")

    assert grades(history, *days) == expected


@pytest.mark.parametrize("more", [{"basis": "inferred"}, {"sources": [{"source": "s", "certainty": "low"}]}])
def test_a_number_inferred_or_of_low_certainty_is_possible(more: dict[str, Any]) -> None:
    """Only what is stated, and not by a source of low certainty, can be certain."""
    history = History().on("2005-05-05", staff(**more), by="count")

    assert grades(history, "2005-05-04", "2005-05-05", "2005-05-06") == [None, "possible", None]


def test_a_number_dated_by_the_signing_of_a_decree_is_possible() -> None:
    """The day signed is a default; the day in force is stated."""
    signed = History().decree("2005-05-05", staff(), by="count")
    in_force = History().decree("2005-01-01", staff(), by="count", in_force="2005-05-05")

    assert grades(signed, "2005-05-05") == ["possible"]
    assert grades(in_force, "2005-05-05") == ["certain"]


def test_a_number_of_unknown_day_stands_on_none() -> None:
    """It is in the history of its subject, and in no structure."""
    history = History().on(None, staff(), by="count")

    assert values(history, "0001-01-01", "2005-05-05", "9999-12-31") == [[], [], []]
    assert [claim["event"] for claim in unit_history(history.world(), "mint", "mint")["claims"]] == ["count#1"]


def test_a_number_is_shown_down_to_the_grade_that_is_asked_for() -> None:
    """Possible ones are left out of what is certain."""
    history = History().on("2005-05-05", staff(120), by="exact").on("2005", staff(100), by="year")

    assert history.structure("2005-05-05")["quantities"].keys() == {"exact#1", "year#1"}
    assert history.structure("2005-05-05", "certain")["quantities"].keys() == {"exact#1"}
    assert history.structure("2005-05-05", "presumed")["quantities"].keys() == {"exact#1"}


def test_two_numbers_for_one_day_stand_side_by_side() -> None:
    """Who counted otherwise is no rival: each claimant has said so."""
    history = History().on(
        "2005-05-05", staff(120, claimant="The director"), staff(95, claimant="A visitor"), by="count"
    )

    seen = history.structure("2005-05-05")["quantities"]
    assert {event: (one["value"], one["claimant"]) for event, one in seen.items()} == {
        "count#1": (120, "The director"),
        "count#2": (95, "A visitor"),
    }
    assert history.rules() == set()


def test_a_number_has_its_subject_and_its_cause() -> None:
    """What was counted, in what, how well, by whom, on whose word."""
    change = staff(1.5, unit="million", approximate=True, claimant="A visitor", provision="p. 7")
    history = History().on("2005-05-05", change, by="count", sources=[{"source": "travels"}])

    seen = history.structure("2005-05-05")["quantities"]["count#1"]
    cause = seen.pop("cause")
    seen.pop("effective", None)
    assert seen == {
        "subject": "mint",
        "quantity": "staff",
        "value": 1.5,
        "unit": "million",
        "approximate": True,
        "claimant": "A visitor",
        "grade": "certain",
    }
    assert (cause["entry"], cause["event"], cause["provision"]) == ("count", "count#1", "p. 7")
    assert [source["source"] for source in cause["sources"]] == ["travels"]


def test_a_number_outlives_its_subject() -> None:
    """What somebody says of a unit that had ended is said all the same."""
    history = History().on("2001-01-01", unit("u")).on("2005-05-05", abolished("u"))
    history.on("2005-05-05", staff(3, "u")).on("2005-05-06", staff(4, "u"))

    assert values(history, "2005-05-05", "2005-05-06") == [[3], [4]]
    assert history.rules() == set()


def test_a_number_shows_nothing_of_its_subject() -> None:
    """It is a claim: no evidence, and no start."""
    history = History().on("2001-01-01", unit("u")).on("2005-05-05", staff(3, "u"))
    assert history.structure("2005-05-05")["units"]["u"]["evidence"] == "2001-01-01"

    history.on(None, {"kind": "unit-attested", "unit": "n", "name": {"en": "N"}}).on("2005-05-05", staff(3, "n"))
    assert "n" not in history.units("2005-05-05")


@pytest.mark.parametrize("value", [0, -5, 10**15, 0.5])
def test_a_number_is_kept_as_it_was_given(value: float) -> None:
    """Nothing is rounded, and whole numbers stay whole."""
    history = History().on("2005-05-05", staff(value), by="count")

    seen = history.structure("2005-05-05")["quantities"]["count#1"]["value"]
    assert (seen, type(seen)) == (value, type(value))


# --- read otherwise


def test_a_number_corrected_and_annulled() -> None:
    """Another number on another day; the first again; none."""
    history = History().on("2005-05-05", staff(120), by="count")
    fix = {"kind": "corrected", "target": "count#1", "change": {**staff(12), "effective": "2006-06-06"}, "reason": "x"}
    history.on(None, fix, by="fix")
    assert values(history, "2005-05-05", "2006-06-06") == [[], [12]]
    assert [*history.structure("2005-05-05", known="count")["quantities"]] == ["count#1"]

    history.on(None, {"kind": "annulled", "target": "fix", "reason": "x"})
    assert values(history, "2005-05-05", "2006-06-06") == [[120], []]
    history.on(None, {"kind": "annulled", "target": "count", "reason": "x"})
    assert values(history, "2005-05-05") == [[]]


def test_a_number_about_what_nothing_introduces_any_more_is_not_shown() -> None:
    """It hangs on nothing."""
    history = History().on("2001-01-01", unit("u"), by="u").on("2005-05-05", staff(3, "u"))
    history.on(None, {"kind": "annulled", "target": "u", "reason": "never was"})

    assert values(history, "2005-05-05") == [[]]
    assert "orphaned" in history.rules()


# --- in differences


def rows(answer: Answer) -> list[tuple[str, Any, Any]]:
    """Kind and the values before and after of each row."""
    return [
        (row["kind"], row["before"] and row["before"]["value"], row["after"] and row["after"]["value"])
        for row in answer["changes"]
    ]


def test_a_number_comes_and_goes_as_observed() -> None:
    """On the day it appears, on the morrow it vanishes; over both nothing is told."""
    history = History().on("2005-05-05", staff(120), by="count")

    appears, vanishes = history.diff("2005-05-04", "2005-05-05"), history.diff("2005-05-05", "2005-05-06")

    assert rows(appears) == [("quantity-observed", None, 120)]
    assert rows(vanishes) == [("quantity-observed", 120, None)]
    assert history.diff("2005-05-04", "2005-05-06")["changes"] == []
    for answer in (appears, vanishes):
        (row,) = answer["changes"]
        assert row["subject"] == {"subject": "mint", "quantity": "staff"}
        assert (row["effective"], row["grade"], row["implied"]) == ("2005-05-05", "certain", False)
        assert row["cause"]["event"] == "count#1"
        assert answer["counts"]["quantity-observed"] == 1


def test_two_numbers_of_two_days_vanish_and_appear() -> None:
    """The one is not the other altered: each is what somebody said of its day."""
    history = History().on("2005-05-05", staff(120)).on("2006-06-06", staff(95))

    assert sorted(rows(history.diff("2005-05-05", "2006-06-06")), key=str) == [
        ("quantity-observed", 120, None),
        ("quantity-observed", None, 95),
    ]


def test_a_number_told_backwards_has_before_and_after_exchanged() -> None:
    """From a later day to an earlier."""
    history = History().on("2005-05-05", staff(120))

    assert rows(history.diff("2005-05-05", "2005-05-04")) == [("quantity-observed", 120, None)]


def test_a_number_is_in_the_patch() -> None:
    """Added on its day, removed on the morrow."""
    history = History().on("2005-05-05", staff(120), by="count")
    eve, on_day, morrow = (history.structure(d) for d in ("2005-05-04", "2005-05-05", "2005-05-06"))

    assert [(step["op"], step["path"]) for step in patch(eve, on_day)] == [("add", "/quantities/count#1")]
    assert patch(on_day, morrow) == [{"op": "remove", "path": "/quantities/count#1"}]
    assert patch(eve, morrow) == []


def test_a_number_learned_is_told_and_one_annulled_is_told_as_that() -> None:
    """Between two known positions, of its own day alone."""
    history = History().on("2005-05-05", staff(120), by="count")
    history.on(None, {"kind": "annulled", "target": "count#1", "reason": "forged"}, by="gone")
    before, count, gone = history.ends["founding"], history.ends["count"], history.ends["gone"]

    def told(start: int, end: int, on: str) -> list[tuple[str, str]]:
        answer = learned(steps_between(Known(history.rows[:end]), start), day(on))
        return [(row["kind"], row["cause"]["entry"]) for row in answer["changes"]]

    assert told(before, count, "2005-05-05") == [("quantity-observed", "count")]
    assert told(before, count, "2005-05-06") == []
    assert told(count, gone, "2005-05-05") == [("annulled", "gone")]
    assert told(before, gone, "2005-05-05") == []


def test_a_number_corrected_is_learned_by_its_correction() -> None:
    """What was believed, and what is now."""
    history = History().on("2005-05-05", staff(120), by="count")
    history.on(None, {"kind": "corrected", "target": "count#1", "change": staff(12), "reason": "misread"}, by="fix")

    answer = learned(steps_between(Known(history.rows), history.ends["count"]), day("2005-05-05"))

    assert {row["cause"]["entry"] for row in answer["changes"]} == {"fix"}
    assert {value for _, before, after in rows(answer) for value in (before, after) if value} == {12, 120}
