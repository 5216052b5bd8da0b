"""Design 4.7: a consequence that the record contradicts is not drawn, and is reported."""

from __future__ import annotations

from typing import Any

import pytest

from tests.history import History, abolished, appointed, post, unit


def contested(history: History, *days: str, of: str, kind: str = "units") -> list[bool]:
    """Whether a thing is contested on each day."""
    return [history.structure(day)[kind][of]["contested"] for day in days]


AROUND = ("2005-12-31", "2006-01-01", "2006-01-02")
"""The eve, the day and the morrow of the abolition."""


@pytest.fixture
def history() -> History:
    """Unit `w` under `v` under `u`, and a post `p` in `v` held by Ann; `u` is abolished in 2006."""
    history = History().on("2001-01-01", unit("u"), unit("v", parent="u"), unit("w", parent="v"), post("p", of="v"))
    return history.on("2001-01-01", appointed("ann", "p")).on("2006-01-01", abolished("u"))


@pytest.mark.parametrize(
    "shown",
    [
        {"kind": "unit-attested", "unit": "v"},
        {"kind": "unit-renamed", "unit": "v", "name": {"en": "V"}},
        {"kind": "unit-attested", "unit": "w", "parent": "v"},
        {"kind": "post-attested", "post": "p", "unit": "v"},
        {"kind": "tenure-attested", "person": "ann", "post": "p"},
        appointed("bob", "p"),
    ],
)
@pytest.mark.parametrize("day", ["2006-01-02", "2007-01-01"])
def test_a_unit_shown_after_its_parents_end_did_not_end_with_it(
    history: History, shown: dict[str, Any], day: str
) -> None:
    """By itself, by a sub-unit, by a post or by a holder: what is seen later stood that day."""
    # given
    history.on(day, shown)

    # then
    assert history.grade("v", "2006-01-01") in ("certain", "presumed")
    assert history.grade("v", day) == "certain"
    assert history.structure("2006-01-01")["units"]["v"]["parent"] == "u"
    assert contested(history, *AROUND, of="v") == [False, True, False]
    assert "act-after-end" in history.rules()
    assert history.rules() <= {"act-after-end"}


def test_a_unit_shown_on_the_very_day_did_not_end_with_its_parent(history: History) -> None:
    """On or after that day: the hand-over day is already the next."""
    history.on("2006-01-01", {"kind": "unit-attested", "unit": "v"})

    assert history.grade("v", "2006-01-01") is not None
    assert history.rules() == {"act-after-end"}


def test_a_unit_shown_on_the_eve_ended_with_its_parent(history: History) -> None:
    """The evening before it may well have stood."""
    history.on("2005-12-31", {"kind": "unit-attested", "unit": "v"})

    assert history.grade("v", "2005-12-31") == "certain"
    assert history.grade("v", "2006-01-01") is None
    assert history.rules() == set()


def test_what_is_shown_of_one_does_not_save_its_neighbours(history: History) -> None:
    """A sub-unit of `v` seen later saves `v` and itself, but not the post beside it."""
    # given
    history.on("2007-01-01", {"kind": "unit-attested", "unit": "w", "parent": "v"})

    # then
    assert history.units("2006-06-01") == ["mint", "v", "w"]
    assert history.grade("p", "2006-06-01", "posts") == "presumed"  # for it hangs on v, which did not end


def test_a_new_start_of_the_id_bounds_what_denies_its_end(history: History) -> None:
    """Established anew in 2007 and seen in 2008: that was the new one, the old one fell."""
    # given
    history.on("2007-01-01", unit("v")).on("2008-01-01", {"kind": "unit-attested", "unit": "v"})

    # then
    days = ["2005-12-31", "2006-01-01", "2006-12-31", "2007-01-01"]
    assert [history.grade("v", day) for day in days] == ["presumed", None, None, "certain"]
    assert history.rules() == set()


def test_a_reinstatement_bounds_it_too(history: History) -> None:
    """Reinstated is a start: it shows that the unit had ended."""
    # given
    history.on("2007-01-01", {"kind": "unit-reinstated", "unit": "v", "parent": "mint"})

    # then
    assert [history.grade("v", day) for day in ("2006-01-01", "2006-12-31", "2007-01-01")] == [None, None, "certain"]
    assert history.rules() == set()


def test_a_holder_shown_after_the_posts_own_end_is_reported() -> None:
    """The post was abolished by name; the newspaper still has her in it."""
    # given
    history = History().on("2001-01-01", post("p"), appointed("ann", "p"))
    history.on("2006-01-01", {"kind": "post-abolished", "post": "p"})
    history.on("2007-01-01", {"kind": "tenure-attested", "person": "ann", "post": "p"})

    # then the post stays ended
    assert history.grade("p", "2006-01-01", "posts") is None
    assert history.rules() == {"holder-after-abolition"}


def test_a_holder_shown_after_death_is_reported() -> None:
    """One of the two dates is wrong; we say so and end nothing."""
    # given
    history = History().on("2001-01-01", post("p"), appointed("ann", "p"))
    history.on("2006-01-01", {"kind": "life-event", "person": "ann", "what": "died"})
    history.on("2007-01-01", {"kind": "tenure-attested", "person": "ann", "post": "p"})

    # then
    assert history.people("p", "2006-06-01") == ["ann"]
    holders = [history.holder("ann", "p", day) for day in AROUND]
    assert [held and held["contested"] for held in holders] == [False, True, False]
    assert history.rules() == {"holder-after-abolition"}


def test_an_appointment_after_death_is_reported() -> None:
    """The dead take no office."""
    # given
    history = History().on("2001-01-01", post("p"))
    history.on("2006-01-01", {"kind": "life-event", "person": "ann", "what": "died"})
    history.on("2007-01-01", appointed("ann", "p"))

    # then
    assert "holder-after-abolition" in history.rules()


def test_a_relation_shown_after_the_end_of_one_of_its_ends_is_reported() -> None:
    """A relation outlives neither of its ends without a word from us."""
    # given
    link = {"subject": "v", "object": "mint", "relation": "advises"}
    history = History().on("2001-01-01", unit("u"), unit("v", parent="u"), {"kind": "relation-started", **link})
    history.on("2006-01-01", abolished("v"))
    history.on("2007-01-01", {"kind": "relation-attested", **link})

    # then
    assert history.grade("v|advises|mint", "2006-06-01", "relations") is not None
    assert contested(history, *AROUND, of="v|advises|mint", kind="relations") == [False, True, False]
    assert history.grade("v", "2006-06-01") is None
    assert history.rules() == {"act-after-end"}


def test_what_is_seen_within_the_year_of_the_end_ended_later_in_it() -> None:
    """Abolished some day of 2006, and the sub-unit was seen in June: both stood in June, and nothing is wrong."""
    # given
    history = History().on("2001-01-01", unit("u"), unit("v", parent="u")).on("2006", abolished("u"))
    history.on("2006-06-01", {"kind": "unit-attested", "unit": "v"})

    # then
    for of in ("u", "v"):
        days = ["2006-06-01", "2006-06-02", "2006-12-30", "2006-12-31"]
        assert [history.grade(of, day) for day in days] == ["certain", "possible", "possible", None]
    assert history.rules() == set()


@pytest.mark.parametrize(
    ("stated", "last", "rules"), [("2006", "2005-12-31", set()), ("2006-06-01", "2006-05-31", {"act-after-end"})]
)
def test_a_relation_stated_to_end_with_a_unit_or_after_it(stated: str, last: str, rules: set[str]) -> None:
    """A stated end that can be the day of the unit's end is that day; a later one is a finding."""
    # given
    link = {"subject": "u", "object": "mint", "relation": "advises"}
    history = History().on("2001-01-01", unit("u"), {"kind": "relation-started", **link})
    history.on("2006-01-01", abolished("u")).on(stated, {"kind": "relation-ended", **link})

    # then
    assert history.structure("2001-01-01")["relations"]["u|advises|mint"]["until"] == stated
    assert history.grade("u|advises|mint", last, "relations") == "certain"
    for day in ("2006-01-01", "2006-06-01"):
        assert (history.grade("u|advises|mint", day, "relations") is not None) == (day <= last)
    assert history.rules() == rules


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2007-01-01", {"kind": "tenure-attested", "person": "ann", "post": "p"}),
        ("2007-01-01", {"kind": "released", "person": "ann", "post": "p"}),
        ("2006-01-02", {"kind": "released", "person": "ann", "post": "p"}),
    ],
)
def test_a_holder_known_only_from_after_death_is_reported(day: str, shown: dict[str, Any]) -> None:
    """Whoever released the dead had one of two days wrong."""
    # given
    history = History().on("2001-01-01", post("p"))
    history.on("2006-01-01", {"kind": "life-event", "person": "ann", "what": "died"}).on(day, shown)

    # then
    assert "holder-after-abolition" in history.rules()
