"""Design 4.7: what is made again comes back alone."""

from __future__ import annotations

import pytest

from tests.history import History, abolished, appointed, post, unit


@pytest.fixture
def history() -> History:
    """A unit `u` with a sub-unit `v` and a post `p` held by Ann, since 2001."""
    history = History().on("2001-01-01", unit("u"), unit("v", parent="u"), post("p", of="u"))
    return history.on("2001-01-01", appointed("ann", "p"))


def test_a_reinstatement_revives_only_what_it_names(history: History) -> None:
    """The house is opened again; who sat in it, other decrees must say."""
    history.on("2006-01-01", abolished("u")).on("2008-01-01", {"kind": "unit-reinstated", "unit": "u"})

    assert [history.grade("u", day) for day in ("2006-01-01", "2007-12-31", "2008-01-01")] == [None, None, "certain"]
    assert history.grade("v", "2008-01-01") is None
    assert history.structure("2008-01-01")["posts"] == {}


def test_a_reinstated_unit_keeps_what_is_not_said_of_it(history: History) -> None:
    """It comes back as it went."""
    history.on("2006-01-01", abolished("u")).on("2008-01-01", {"kind": "unit-reinstated", "unit": "u"}, by="back")

    seen = history.structure("2008-01-01")["units"]["u"]
    assert (seen["name"], seen["kind"], seen["parent"]) == ({"en": "u"}, "department", "mint")
    assert (seen["since"], seen["cause"]["event"]) == ("2008-01-01", "back#1")


def test_a_reinstated_post_has_no_holders_of_old() -> None:
    """The office is restored, its last holder is not."""
    # given
    history = History().on("2001-01-01", post("p"), appointed("ann", "p"))
    history.on("2006-01-01", {"kind": "post-abolished", "post": "p"})
    history.on("2008-01-01", {"kind": "post-reinstated", "post": "p"})

    # then
    seen = history.structure("2008-01-01")["posts"]["p"]
    assert (seen["title"], seen["unit"], seen["seats"], seen["holders"]) == ({"en": "p"}, "mint", 1, {})
    assert history.grade("p", "2007-12-31", "posts") is None


def test_a_unit_established_anew_revives_nothing_either(history: History) -> None:
    """A new life of the id has none of the desks of the old."""
    history.on("2006-01-01", abolished("u")).on("2008-01-01", unit("u"))

    assert history.grade("u", "2008-01-01") == "certain"
    assert history.grade("v", "2008-01-01") is None
    assert history.structure("2008-01-01")["posts"] == {}
