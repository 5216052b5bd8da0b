"""Design 4.7: units made into others, and what hangs on them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.history import History, abolished, appointed, post, unit


def reorganized(form: str, before: str, after: str, **more: Any) -> dict[str, Any]:
    """The units *before* become those *after*, all under the mint; ids are written with spaces between."""
    new = [{"unit": name, "name": {"en": name}, "unit_kind": "department", "parent": "mint"} for name in after.split()]
    return {"kind": "units-reorganized", "form": form, "before": before.split(), "after": new, **more}


@pytest.fixture
def history() -> History:
    """A unit `u` with a sub-unit `v` and a post `p` held by Ann, and a unit `x`, since 2001."""
    history = History().on("2001-01-01", unit("u"), unit("v", parent="u"), post("p", of="u"), unit("x"))
    return history.on("2001-01-01", appointed("ann", "p"))


@pytest.mark.parametrize("form", ["transform", "recode"])
def test_what_hangs_on_a_unit_transformed_passes_to_the_one_after_it(history: History, form: str) -> None:
    """The ministry becomes an agency: its desks and clerks go on under the new roof."""
    history.on("2006-01-01", reorganized(form, "u", "new"))

    assert history.units("2005-12-31") == ["mint", "u", "v", "x"]
    assert history.units("2006-01-01") == ["mint", "new", "v", "x"]
    for day, roof in (("2005-12-31", "u"), ("2006-01-01", "new")):
        assert history.structure(day)["posts"]["p"]["unit"] == roof
        assert history.structure(day)["units"]["v"]["parent"] == roof
        assert history.people("p", day) == ["ann"]
    held = history.holder("ann", "p", "2006-01-01")
    assert held
    assert (held["since"], held["until"]) == ("2001-01-01", None)
    assert history.rules() == set()


def test_the_units_before_end_and_those_after_begin_on_the_day_of_the_act(history: History) -> None:
    """The hand-over day belongs to the successor."""
    history.on("2006-01-01", reorganized("transform", "u", "new"), by="act")

    old = history.structure("2005-12-31")["units"]["u"]
    new = history.structure("2006-01-01")["units"]["new"]
    assert (old["until"], old["grade"]) == ("2006-01-01", "certain")
    assert (new["since"], new["grade"], new["cause"]["event"]) == ("2006-01-01", "certain", "act#1")


def test_several_units_transformed_into_one_all_hand_over(history: History) -> None:
    """One unit after it is what counts, not how many before."""
    history.on("2001-01-01", post("q", of="x")).on("2006-01-01", reorganized("transform", "u x", "new"))

    posts = history.structure("2006-01-01")["posts"]
    assert (posts["p"]["unit"], posts["q"]["unit"]) == ("new", "new")


@pytest.mark.parametrize("form", ["merge", "absorb", "split", "spin-off", "transfer"])
def test_in_any_other_form_what_hangs_on_the_unit_ends_with_it(history: History, form: str) -> None:
    """Who got which desk, the decree would have to say."""
    history.on("2006-01-01", reorganized(form, "u", "new"))

    assert history.units("2006-01-01") == ["mint", "new", "x"]
    assert history.structure("2005-12-31")["posts"]["p"]["until"] == "2006-01-01"
    assert history.structure("2006-01-01")["posts"] == {}


def test_a_unit_transformed_into_two_hands_nothing_on(history: History) -> None:
    """To which of the two, nobody can tell."""
    history.on("2006-01-01", reorganized("transform", "u", "new newer"))

    assert history.units("2006-01-01") == ["mint", "new", "newer", "x"]
    assert history.structure("2006-01-01")["posts"] == {}


def test_a_unit_in_both_lists_lives_on_with_its_new_name_and_parent(history: History) -> None:
    """The ministry takes in an agency and another name: it is the same ministry, with its desks."""
    # given
    act = {
        "kind": "units-reorganized",
        "form": "absorb",
        "before": ["u", "x"],
        "after": [{"unit": "u", "name": {"en": "U and X"}, "parent": None}],
    }
    history.on("2001-01-01", post("q", of="x")).on("2006-01-01", act)

    # then
    eve, first_day = (history.structure(day)["units"] for day in ("2005-12-31", "2006-01-01"))
    assert (eve["u"]["name"], eve["u"]["parent"]) == ({"en": "u"}, "mint")
    assert (first_day["u"]["name"], first_day["u"]["parent"]) == ({"en": "U and X"}, None)
    assert first_day["u"]["since"] == "2001-01-01"
    assert first_day["u"]["until"] is None
    assert history.people("p", "2006-01-01") == ["ann"]
    assert "x" not in first_day
    assert "q" not in history.structure("2006-01-01")["posts"]
    assert history.rules() == set()


def test_a_unit_that_lives_on_keeps_what_is_not_said_of_it(history: History) -> None:
    """A spin-off names what is new; the old house keeps name, kind and parent."""
    # given
    new = {"unit": "new", "name": {"en": "New"}, "parent": "u"}
    act = {"kind": "units-reorganized", "form": "spin-off", "before": ["u"], "after": [{"unit": "u"}, new]}
    history.on("2006-01-01", act)

    # then
    units = history.structure("2006-01-01")["units"]
    assert (units["u"]["name"], units["u"]["kind"], units["u"]["parent"]) == ({"en": "u"}, "department", "mint")
    assert units["new"]["parent"] == "u"
    assert history.people("p", "2006-01-01") == ["ann"]


def test_a_unit_split_ends_and_its_parts_begin(history: History) -> None:
    """One body then, two bodies now."""
    history.on("2006-01-01", reorganized("split", "x", "y z"))

    assert history.units("2005-12-31") == ["mint", "u", "v", "x"]
    assert history.units("2006-01-01") == ["mint", "u", "v", "y", "z"]


def test_a_reorganization_of_uncertain_day_overlaps_as_far_as_it_may(history: History) -> None:
    """Merged some day of 2006: within the year either may stand."""
    history.on("2006", reorganized("merge", "u x", "new"))

    for of, grades in (("u", ["certain", "possible", "possible", None]), ("new", [None, "possible", "possible"])):
        days = ["2005-12-31", "2006-01-01", "2006-12-30", "2006-12-31"]
        assert [history.grade(of, day) for day in days][: len(grades)] == grades
    assert history.grade("new", "2006-12-31") == "presumed"


# --- the place of the hand-over among the acts of its day


def test_what_a_later_act_of_the_day_moves_away_stays_away(history: History) -> None:
    """Article 1 transforms, article 2 takes the post elsewhere."""
    history.on("2006-01-01", reorganized("transform", "u", "new"), {"kind": "post-moved", "post": "p", "unit": "x"})

    assert history.structure("2005-12-31")["posts"]["p"]["unit"] == "u"
    assert history.structure("2006-01-01")["posts"]["p"]["unit"] == "x"


def test_what_an_earlier_act_of_the_day_moved_away_is_not_handed_over(history: History) -> None:
    """Article 1 takes the post elsewhere, article 2 transforms what is left."""
    history.on("2006-01-01", {"kind": "post-moved", "post": "p", "unit": "x"}, reorganized("transform", "u", "new"))

    assert history.structure("2006-01-01")["posts"]["p"]["unit"] == "x"
    assert history.structure("2006-01-01")["units"]["v"]["parent"] == "new"


def test_what_came_to_hang_on_the_unit_since_passes_too(history: History) -> None:
    """A second decree of the day still calls the unit by its old id."""
    # given
    history.on("2006-01-01", reorganized("transform", "u", "new"), by="b")
    history.on(
        "2006-01-01",
        {"kind": "unit-moved", "unit": "x", "parent": "u"},
        post("q", of="u"),
        by="c",
    )

    # then
    assert history.structure("2005-12-31")["units"]["x"]["parent"] == "mint"
    assert history.structure("2006-01-01")["units"]["x"]["parent"] == "new"
    assert history.structure("2006-01-01")["posts"]["q"]["unit"] == "new"
    assert history.rules() == set()


def test_what_came_since_stays_if_the_old_id_stands_in_the_evening(history: History) -> None:
    """The code of the old commune is given to a new one the same day: what comes then is the new one's."""
    # given
    history.on("2006-01-01", reorganized("recode", "u", "new"), by="b")
    history.on("2006-01-01", unit("u"), post("q", of="u"), by="c")

    # then what hung on the old one passed at the place of the act, and the rest stays
    posts = history.structure("2006-01-01")["posts"]
    assert (posts["p"]["unit"], posts["q"]["unit"]) == ("new", "u")
    assert history.structure("2006-01-01")["units"]["v"]["parent"] == "new"
    assert history.structure("2006-01-01")["units"]["u"]["since"] == "2006-01-01"


def test_codes_may_be_exchanged_on_one_day(history: History) -> None:
    """Two acts recode u to y and x to u: the desks of each go with it, and not round in a ring."""
    # given
    history.on("2001-01-01", post("q", of="x"))
    history.on("2006-01-01", reorganized("recode", "u", "y"), reorganized("recode", "x", "u"))

    # then
    posts = history.structure("2006-01-01")["posts"]
    assert (posts["p"]["unit"], posts["q"]["unit"]) == ("y", "u")


def test_relations_are_not_handed_over(history: History) -> None:
    """A relation is stood in, not hung on: it ends with the unit, and the act says if it goes on."""
    # given
    link = {"subject": "u", "object": "x", "relation": "accountable-to"}
    history.on("2001-01-01", {"kind": "relation-started", **link})
    history.on("2006-01-01", reorganized("transform", "u", "new"))

    # then
    assert sorted(history.structure("2005-12-31")["relations"]) == ["u|accountable-to|x"]
    assert history.structure("2005-12-31")["relations"]["u|accountable-to|x"]["until"] == "2006-01-01"
    assert history.structure("2006-01-01")["relations"] == {}


def test_a_hand_over_of_uncertain_day_moves_on_its_latest(history: History) -> None:
    """Transformed some day of 2006: the desk is under the old roof until the new one surely stands."""
    history.on("2006", reorganized("transform", "u", "new"))

    posts = [history.structure(day)["posts"]["p"] for day in ("2006-06-01", "2006-12-30", "2006-12-31")]
    assert [seen["unit"] for seen in posts] == ["u", "u", "new"]
    assert [seen["grade"] for seen in posts] == ["presumed"] * 3
    assert history.people("p", "2006-12-31") == ["ann"]


def test_who_takes_office_after_a_hand_over_takes_it_under_the_new_roof(history: History) -> None:
    """Later evidence of the post shows the new unit, and denies no end."""
    history.on("2006-01-01", reorganized("transform", "u", "new")).on("2007-01-01", appointed("bob", "p"))

    assert history.structure("2006-06-01")["units"]["new"]["evidence"] == "2007-01-01"
    assert history.grade("u", "2006-01-01") is None
    assert history.rules() == set()


@pytest.mark.parametrize("forms", [("recode", "recode"), ("transform", "recode")])
def test_a_chain_of_one_day_hands_on_to_its_last_link(history: History, forms: tuple[str, str]) -> None:
    """Made an agency by article 1 and given another code by article 2: the desk is under the last."""
    history.on("2006-01-01", reorganized(forms[0], "u", "between"), reorganized(forms[1], "between", "last"))

    assert history.units("2006-01-01") == ["last", "mint", "v", "x"]
    assert history.structure("2006-01-01")["posts"]["p"]["unit"] == "last"
    assert history.structure("2006-01-01")["units"]["v"]["parent"] == "last"
    assert history.rules() == set()


def test_what_is_handed_to_a_unit_abolished_the_same_day_falls_with_it(history: History) -> None:
    """Article 1 transforms, article 2 abolishes what came of it: nothing is left in the evening."""
    history.on("2006-01-01", reorganized("transform", "u", "new"), abolished("new"))

    assert history.units("2006-01-01") == ["mint", "x"]
    assert history.people("p", "2005-12-31") == ["ann"]
    assert history.structure("2006-01-01")["posts"] == {}


def test_a_transformation_that_is_not_believed_hands_nothing_over(history: History) -> None:
    """Two sources date one act a year apart: the desk moves on the day that is believed."""
    # given
    for day, certainty in (("2006-01-01", "low"), ("2007-01-01", "high")):
        history.on(day, reorganized("transform", "u", "new"), sources=[{"source": "s", "certainty": certainty}])

    # then
    days = ["2005-12-31", "2006-01-01", "2006-12-31", "2007-01-01"]
    assert [history.structure(day)["posts"]["p"]["unit"] for day in days] == ["u", "u", "u", "new"]
    assert [history.structure(day)["units"]["v"]["parent"] for day in days] == ["u", "u", "u", "new"]
