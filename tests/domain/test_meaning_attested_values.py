"""Design 4.6: names, parents, seats and capacities that a source shows, beside those that an act gave."""

from __future__ import annotations

from typing import Any

import pytest

from tests.history import History, abolished, appointed, post, unit

HIGH = [{"source": "s", "certainty": "high"}]


def attested(of: str = "u", **more: Any) -> dict[str, Any]:
    """A source shows a unit."""
    return {"kind": "unit-attested", "unit": of, **more}


def seen(history: History, as_of: str, of: str = "u", kind: str = "units") -> dict[str, Any]:
    """A thing on a day, unattested or not."""
    found: dict[str, Any] = history.structure(as_of, "unattested")[kind][of]
    return found


def test_an_attested_name_that_differs_is_a_rival_on_its_own_day_only() -> None:
    """A directory that misprints a name did not rename the department."""
    # given a name given by an act, and a better source with another
    history = History().on("2005-01-01", unit("u")).on("2007-05-05", attested(name={"en": "Other"}, sources=HIGH))

    # then on that day the better claim is shown and the day is contested; no other day is touched
    assert [seen(history, day)["name"]["en"] for day in ("2007-05-04", "2007-05-05", "2007-05-06")] == [
        "u",
        "Other",
        "u",
    ]
    assert [seen(history, day)["contested"] for day in ("2007-05-04", "2007-05-05", "2007-05-06")] == [
        False,
        True,
        False,
    ]
    assert history.rules() == {"conflicting-claims"}


def test_an_attested_name_weaker_than_the_acts_is_not_shown_and_the_day_is_contested() -> None:
    """Instrument over report: the decreed name stands, and we say that a source disagrees."""
    # given
    history = History().decree("2004-06-01", unit("u"), in_force="2005-01-01")
    history.on("2007-05-05", attested(name={"en": "Other"}, sources=HIGH))

    # then
    assert [seen(history, day)["name"]["en"] for day in ("2007-05-04", "2007-05-05", "2007-05-06")] == ["u", "u", "u"]
    assert [seen(history, day)["contested"] for day in ("2007-05-04", "2007-05-05", "2007-05-06")] == [
        False,
        True,
        False,
    ]


def test_an_attested_name_that_agrees_is_no_rival() -> None:
    """A directory that prints the name right corroborates it."""
    history = History().on("2005-01-01", unit("u")).on("2007-05-05", attested(name={"en": "u"}))

    assert seen(history, "2007-05-05")["contested"] is False
    assert history.rules() == set()


def test_a_sighting_without_a_name_says_nothing_of_the_name() -> None:
    """What a source leaves out, it does not deny."""
    # given
    history = History().on("2005-01-01", unit("u", parent="mint")).on("2007-05-05", attested())

    # then
    assert seen(history, "2007-05-05")["name"] == {"en": "u"}
    assert seen(history, "2007-05-05")["parent"] == "mint"
    assert history.rules() == set()


@pytest.mark.parametrize(
    ("kind", "of", "attestation", "field", "given", "claimed"),
    [
        ("units", "v", {"kind": "unit-attested", "unit": "v", "parent": "w"}, "parent", "u", "w"),
        ("posts", "p", {"kind": "post-attested", "post": "p", "unit": "w"}, "unit", "u", "w"),
        ("posts", "p", {"kind": "post-attested", "post": "p", "seats": 7}, "seats", 3, 7),
    ],
)
def test_other_attested_values_are_rivals_on_their_own_day_too(
    kind: str, of: str, attestation: dict[str, Any], field: str, given: object, claimed: object
) -> None:
    """A parent, a unit or a number of seats in a source moves nothing and nobody."""
    # given
    history = History().on("2005-01-01", unit("u"), unit("v", parent="u"), unit("w"), post("p", of="u", seats=3))
    history.on("2007-05-05", {**attestation, "sources": HIGH})

    # then
    days = ("2007-05-04", "2007-05-05", "2007-05-06")
    assert [seen(history, day, of, kind)[field] for day in days] == [given, claimed, given]
    assert [seen(history, day, of, kind)["contested"] for day in days] == [False, True, False]
    assert history.rules() == {"conflicting-claims"}


def test_an_attested_capacity_is_a_rival_on_its_own_day() -> None:
    """A newspaper calls her acting; the decree made her chief."""
    # given
    history = History().on("2005-01-01", post("p"), appointed("ann", "p"))
    history.on(
        "2007-05-05",
        {"kind": "tenure-attested", "person": "ann", "post": "p", "capacity": "acting", "sources": HIGH},
    )

    # then
    holders = [history.holder("ann", "p", day) for day in ("2007-05-04", "2007-05-05", "2007-05-06")]
    assert [held and held["capacity"] for held in holders] == ["substantive", "acting", "substantive"]
    assert [held and held["contested"] for held in holders] == [False, True, False]


# --- where no act gave a value


def test_where_no_act_gave_a_name_a_sighting_holds_until_the_next() -> None:
    """All we have are directories: each is true until the next says otherwise, the first from the start."""
    # given
    history = History().on("2007-01-01", attested(name={"en": "B"})).on("2005-01-01", attested(name={"en": "A"}))

    # then
    days = ["2000-01-01", "2005-01-01", "2006-12-31", "2007-01-01", "2020-01-01"]
    assert [seen(history, day)["name"]["en"] for day in days] == ["A", "A", "A", "B", "B"]
    assert not any(seen(history, day)["contested"] for day in days)
    assert history.rules() == set()


def test_an_attested_name_gives_way_to_an_acts_from_the_acts_day() -> None:
    """Named by a directory, then renamed by decree: the decree rules from its day on."""
    # given
    history = History().on("2005-01-01", attested(name={"en": "A"}))
    history.on("2006-01-01", {"kind": "unit-renamed", "unit": "u", "name": {"en": "B"}})

    # then
    assert seen(history, "2005-12-31")["name"] == {"en": "A"}
    assert seen(history, "2006-01-01")["name"] == {"en": "B"}
    assert history.rules() == set()


def test_a_name_attested_after_an_act_gave_one_does_not_hold() -> None:
    """After a decree named it, a directory names it for a day, however long ago the first one was."""
    # given
    history = History().on("2005-01-01", attested(name={"en": "A"}))
    history.on("2006-01-01", {"kind": "unit-renamed", "unit": "u", "name": {"en": "B"}})
    history.on("2007-01-01", attested(name={"en": "C"}, sources=HIGH))

    # then
    days = ["2006-12-31", "2007-01-01", "2007-01-02"]
    assert [seen(history, day)["name"]["en"] for day in days] == ["B", "C", "B"]
    assert [seen(history, day)["contested"] for day in days] == [False, True, False]


def test_attested_seats_hold_until_the_next_where_no_act_gave_any() -> None:
    """The table of staff of 2005 holds until that of 2007."""
    # given
    history = History().on(
        "2005-01-01", {"kind": "post-attested", "post": "p", "title": {"en": "P"}, "unit": "mint", "seats": 2}
    )
    history.on("2007-01-01", {"kind": "post-attested", "post": "p", "seats": 3})

    # then
    assert [seen(history, day, "p", "posts")["seats"] for day in ("2006-12-31", "2007-01-01")] == [2, 3]


def test_an_attested_parent_moves_a_unit_that_no_act_placed() -> None:
    """Shown under u, then under w: where no act says when it moved, it is where it was last seen."""
    # given
    history = History().on("2001-01-01", unit("a"), unit("b"))
    history.on("2005-01-01", attested(name={"en": "U"}, parent="a")).on("2007-01-01", attested(parent="b"))

    # then
    assert [seen(history, day)["parent"] for day in ("2005-01-01", "2006-12-31", "2007-01-01")] == ["a", "a", "b"]


def test_a_value_attested_of_a_later_life_is_that_lifes() -> None:
    """Seen again after its end under a new name, it keeps its old one in the days before."""
    # given
    history = History().on("2001-01-01", unit("u")).on("2006-01-01", abolished("u"))
    history.on("2008-01-01", attested(name={"en": "Again"}))

    # then
    assert seen(history, "2005-12-31")["name"] == {"en": "u"}
    assert seen(history, "2008-01-01")["name"] == {"en": "Again"}


def test_a_capacity_seen_holds_until_another_is_seen() -> None:
    """Acting when first seen, substantive when seen next, and no decree at hand."""
    # given
    history = History().on("2001-01-01", post("p"))
    for day, capacity in (("2005-01-01", "acting"), ("2006-01-01", "substantive")):
        history.on(day, {"kind": "tenure-attested", "person": "ann", "post": "p", "capacity": capacity})

    # then
    holders = [history.holder("ann", "p", day) for day in ("2005-01-01", "2005-12-31", "2006-01-01")]
    assert [held and held["capacity"] for held in holders] == ["acting", "acting", "substantive"]


@pytest.mark.parametrize(
    "better",
    [
        "a",
        "z",
    ],
)
def test_of_two_names_seen_on_one_day_the_better_is_shown(better: str) -> None:
    """Two directories of one day disagree: the surer source is believed, whatever its entry is called."""
    # given
    history = History()
    for entry in ("a", "z"):
        sources = [{"source": entry, "certainty": "high" if entry == better else "low"}]
        history.on("2005-01-01", attested(name={"en": entry}), by=entry, sources=sources)

    # then on the day, which is contested, and until another is seen
    assert seen(history, "2005-01-01")["name"] == {"en": better}
    assert seen(history, "2005-01-01")["contested"] is True
    assert seen(history, "2005-01-02")["name"] == {"en": better}
    assert seen(history, "2005-01-02")["contested"] is False


def test_one_disagreement_of_two_sources_is_reported_once() -> None:
    """Whoever works through the findings meets each anomaly one time."""
    # given
    history = History().on("2005-01-01", attested(name={"en": "A"})).on("2005-01-01", attested(name={"en": "B"}))

    # then
    assert [finding.rule for finding in history.world().findings] == ["conflicting-claims"]
