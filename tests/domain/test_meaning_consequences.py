"""Design 4.7: what ends because something else ends."""

from __future__ import annotations

from typing import Any

import pytest

from tests.history import History, abolished, appointed, post, released, unit

Part = tuple[str, str]
"""The part of the structure and the id in it."""

PARTS: list[Part] = [("units", "v"), ("units", "w"), ("posts", "p"), ("posts", "q"), ("relations", "v|advises|mint")]


def link(kind: str) -> dict[str, Any]:
    """The relation in which `v` advises the mint, started, ended or attested."""
    return {"kind": f"relation-{kind}", "subject": "v", "object": "mint", "relation": "advises"}


@pytest.fixture
def history() -> History:
    """Unit `w` under `v` under `u`, posts `q` in `v` and `p` in `w`, Ann in `p`, and `v` advising the mint: 2001."""
    return History().on(
        "2001-01-01",
        unit("u"),
        unit("v", parent="u"),
        unit("w", parent="v"),
        post("p", of="w"),
        post("q", of="v"),
        appointed("ann", "p"),
        link("started"),
    )


@pytest.mark.parametrize(("kind", "of"), PARTS)
def test_an_abolition_ends_all_that_hangs_on_the_unit_that_day(history: History, kind: str, of: str) -> None:
    """Nobody decrees the end of every desk: it follows, for any depth."""
    history.on("2006-01-01", abolished("u"))

    assert history.grade(of, "2005-12-31", kind) == "presumed"
    assert history.grade(of, "2006-01-01", kind) is None
    assert history.structure("2005-12-31")[kind][of]["until"] == "2006-01-01"


def test_a_holder_loses_office_with_the_unit_of_the_post(history: History) -> None:
    """Unit, sub-unit, post, tenure: the last of the chain."""
    history.on("2006-01-01", abolished("u"))

    held = history.holder("ann", "p", "2005-12-31")
    assert held
    assert (held["grade"], held["until"]) == ("presumed", "2006-01-01")


@pytest.mark.parametrize(("kind", "of"), PARTS)
def test_an_end_of_uncertain_day_ends_what_hangs_on_it_with_the_same_bounds(
    history: History, kind: str, of: str
) -> None:
    """Abolished some day of 2006: all of it may stand until the year is over."""
    history.on("2006", abolished("u"))

    days = ["2005-12-31", "2006-01-01", "2006-12-30", "2006-12-31"]
    assert [history.grade(of, day, kind) for day in days] == ["presumed", "possible", "possible", None]
    assert history.structure("2006-06-01")[kind][of]["until"] == "2006"


def test_an_implied_end_never_makes_certain(history: History) -> None:
    """That the unit ended on a day proves no day of the post."""
    history.on("2006-01-01", abolished("u"))

    assert history.grade("u", "2005-12-31") == "certain"
    assert history.grade("p", "2001-01-01", "posts") == "certain"
    assert history.grade("p", "2001-01-02", "posts") == "presumed"


def test_abolishing_a_post_ends_its_tenures_and_its_relations(history: History) -> None:
    """A relation may stand to a post, and falls with it."""
    # given
    history.on("2001-01-01", {"kind": "relation-started", "subject": "u", "object": "p", "relation": "accountable-to"})
    history.on("2006-01-01", {"kind": "post-abolished", "post": "p"})

    # then
    assert history.people("p", "2005-12-31") == ["ann"]
    assert history.grade("p", "2006-01-01", "posts") is None
    assert history.grade("u|accountable-to|p", "2005-12-31", "relations") == "presumed"
    assert history.grade("u|accountable-to|p", "2006-01-01", "relations") is None
    assert history.grade("w", "2006-01-01") == "presumed"


def test_a_relation_ends_with_either_of_its_ends() -> None:
    """Nobody is accountable to a body that is gone."""
    # given
    history = History().on("2001-01-01", unit("u"), unit("v"))
    history.on("2001-01-01", {"kind": "relation-started", "subject": "u", "object": "v", "relation": "supports"})
    history.on("2006-01-01", abolished("v"))

    # then
    assert history.grade("u|supports|v", "2005-12-31", "relations") == "presumed"
    assert history.grade("u|supports|v", "2006-01-01", "relations") is None
    assert history.grade("u", "2006-01-01") == "presumed"


def test_a_death_ends_all_tenures_of_the_person() -> None:
    """The day of death is the first on which the post is held no longer."""
    # given
    history = History().on(
        "2001-01-01", post("p"), post("q"), appointed("ann", "p"), appointed("ann", "q", "concurrent")
    )
    history.on("2001-01-01", post("other"), appointed("bob", "other"))
    history.on("2006-01-01", {"kind": "life-event", "person": "ann", "what": "died"})

    # then
    for of in ("p", "q"):
        assert history.people(of, "2005-12-31") == ["ann"]
        assert history.people(of, "2006-01-01") == []
        held = history.holder("ann", of, "2005-12-31")
        assert held
        assert (held["grade"], held["until"]) == ("presumed", "2006-01-01")
    assert history.people("other", "2006-01-01") == ["bob"]


@pytest.mark.parametrize("what", ["born", "education"])
def test_other_events_of_a_life_end_no_tenure(what: str) -> None:
    """Who takes a degree stays in office."""
    history = History().on("2001-01-01", post("p"), appointed("ann", "p"))
    history.on("2006-01-01", {"kind": "life-event", "person": "ann", "what": what})

    assert history.people("p", "2006-01-01") == ["ann"]


# --- what left in time


@pytest.mark.parametrize(("abolishing", "moving"), [("b", "c"), ("c", "b")])
def test_what_moves_away_on_the_same_day_does_not_fall(history: History, abolishing: str, moving: str) -> None:
    """The decree that abolishes and the one that rescues may come in either order."""
    # given
    history.on("2006-01-01", abolished("u"), by=abolishing)
    history.on(
        "2006-01-01",
        {"kind": "unit-moved", "unit": "w", "parent": "mint"},
        {"kind": "post-moved", "post": "q", "unit": "mint"},
        by=moving,
    )

    # then
    assert history.units("2006-01-01") == ["mint", "w"]
    assert history.people("p", "2006-01-01") == ["ann"]
    assert history.structure("2006-01-01")["posts"]["q"]["unit"] == "mint"
    assert history.grade("v", "2006-01-01") is None


def test_what_had_moved_away_before_does_not_fall(history: History) -> None:
    """A unit ends with its last parent, not with its first."""
    history.on("2005-01-01", {"kind": "unit-moved", "unit": "v", "parent": "mint"}).on("2006-01-01", abolished("u"))

    assert history.units("2006-01-01") == ["mint", "v", "w"]


def test_what_moved_in_before_falls_too(history: History) -> None:
    """What came to hang on the unit hangs on it."""
    # given
    history.on("2001-01-01", unit("late")).on("2005-12-31", {"kind": "unit-moved", "unit": "late", "parent": "u"})
    history.on("2006-01-01", abolished("u"))

    # then
    assert history.grade("late", "2005-12-31") == "certain"
    assert history.grade("late", "2006-01-01") is None


# --- stated ends


def test_a_stated_end_before_the_abolition_is_kept(history: History) -> None:
    """Who had left before was not dismissed by the abolition."""
    history.on("2005-06-01", released("ann", "p")).on("2006-01-01", abolished("u"))

    assert history.people("p", "2005-05-31") == ["ann"]
    assert history.people("p", "2005-06-01") == []
    assert history.rules() == set()


def test_a_stated_end_that_can_be_that_day_is_that_day_and_keeps_its_words(history: History) -> None:
    """Dismissed in 2006, and the post fell in January: dismissed in January."""
    # given
    history.on("2006", released("ann", "p")).on("2006-01-15", abolished("u"))

    # then
    assert history.people("p", "2006-01-14") == ["ann"]
    assert history.grade("p", "2006-01-15", "posts") is None
    held = history.holder("ann", "p", "2006-01-01")
    assert held
    assert held["until"] == "2006"
    assert history.rules() == set()


def test_a_sub_units_stated_end_that_can_be_that_day_is_that_day(history: History) -> None:
    """The same for a unit below: it cannot have outlived its parent without a finding."""
    # given
    history.on("2006", abolished("v")).on("2006-01-15", abolished("u"))

    # then
    assert history.grade("v", "2005-12-31") == "certain"
    assert history.grade("v", "2006-01-14") is not None
    assert history.grade("v", "2006-01-15") is None
    assert history.structure("2006-01-14")["units"]["v"]["until"] == "2006"
    assert history.rules() == set()


def test_a_stated_end_clipped_by_a_cause_proves_no_more_than_its_own_words(history: History) -> None:
    """That it stood in January follows from the parent's end alone: implied bounds make nothing certain."""
    # given
    history.on("2006", abolished("v")).on("2006-01-15", abolished("u"))

    # then
    assert history.grade("v", "2006-01-14") == "presumed"


def test_a_later_stated_end_is_a_finding(history: History) -> None:
    """Abolished half a year after its parent: it hung on nothing, or a date is wrong."""
    # given
    history.on("2006-06-01", abolished("v")).on("2006-01-01", abolished("u"))

    # then
    days = ["2005-12-31", "2006-01-01", "2006-05-31", "2006-06-01"]
    assert [history.grade("v", day) is not None for day in days] == [True, True, True, False]
    assert [history.structure(day)["units"]["v"]["contested"] for day in days[:3]] == [False, True, False]
    assert history.structure("2006-05-31")["units"]["v"]["parent"] == "u"
    assert history.rules() == {"act-after-end"}


def test_a_death_of_uncertain_day_leaves_the_year_possible() -> None:
    """Died in 2006: in office to the end of 2005, perhaps longer."""
    history = History().on("2001-01-01", post("p"), appointed("ann", "p"))
    history.on("2006", {"kind": "life-event", "person": "ann", "what": "died"})

    holders = [history.holder("ann", "p", day) for day in ("2005-12-31", "2006-01-01", "2006-12-30", "2006-12-31")]
    assert [held and held["grade"] for held in holders] == ["presumed", "possible", "possible", None]


def test_a_corrected_abolition_takes_its_consequences_along(history: History) -> None:
    """Consequences are computed, never stored: for readers from then on they fall on the right day."""
    # given
    history.on("2006-01-01", abolished("u"), by="end")
    late = {**abolished("u"), "effective": "2007-01-01"}
    history.on(None, {"kind": "corrected", "target": "end#1", "change": late, "reason": "misread"}, by="fix")

    # then
    assert history.people("p", "2006-12-31") == ["ann"]
    assert history.grade("p", "2007-01-01", "posts") is None
    assert "p" not in history.structure("2006-01-01", known="end")["posts"]
