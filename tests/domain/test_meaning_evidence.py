"""Design 4.6: what a source shows of one thing, it shows of what that thing hangs on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.history import History, abolished, appointed, post, released, unit


def evidence(history: History, of: str, as_of: str, kind: str = "units") -> str | None:
    """The last day on which the record shows a thing."""
    found: str | None = history.structure(as_of, "unattested")[kind][of]["evidence"]
    return found


@pytest.fixture
def history() -> History:
    """A post `p` in a unit `v` under a unit `u`, all since 2001."""
    return History().on("2001-01-01", unit("u"), unit("v", parent="u"), post("p", of="v", seats=5))


def test_a_holder_shows_its_post_and_a_post_its_unit_and_a_unit_its_parent(history: History) -> None:
    """Who took office in 2006 took it somewhere: all above stood that day."""
    # given
    history.on("2006-01-01", appointed("ann", "p"))

    # then
    assert evidence(history, "p", "2001-01-01", "posts") == "2006-01-01"
    assert [evidence(history, of, "2001-01-01") for of in ("v", "u", "mint")] == ["2006-01-01"] * 3
    assert history.grade("p", "2006-01-01", "posts") == "certain"
    assert history.grade("p", "2006-01-02", "posts") == "presumed"
    assert [history.grade(of, "2006-01-01") for of in ("v", "u", "mint")] == ["certain"] * 3
    assert [history.grade(of, "2006-01-02") for of in ("v", "u", "mint")] == ["presumed"] * 3


def test_what_hangs_on_a_thing_is_not_shown_by_it(history: History) -> None:
    """That the ministry stood in 2006 tells nothing of its departments."""
    # given
    history.on("2006-01-01", {"kind": "unit-attested", "unit": "u"})

    # then
    assert evidence(history, "u", "2001-01-01") == "2006-01-01"
    assert evidence(history, "v", "2001-01-01") == "2001-01-01"
    assert history.grade("v", "2006-01-01") == "presumed"


def test_a_release_shows_the_post_on_its_eve(history: History) -> None:
    """The last evening in office was an evening of the office."""
    # given
    history.on("2006-01-01", appointed("ann", "p")).on("2007-01-01", released("ann", "p"))

    # then
    assert evidence(history, "p", "2001-01-01", "posts") == "2006-12-31"
    assert evidence(history, "mint", "2001-01-01") == "2006-12-31"


def test_a_relation_shows_both_its_ends(history: History) -> None:
    """What is accountable stands, and so does that to which it is."""
    # given
    history.on("2001-01-01", unit("w"))
    history.on("2006-01-01", {"kind": "relation-attested", "subject": "w", "object": "p", "relation": "advises"})

    # then the subject, the object, and what the object hangs on
    assert evidence(history, "w", "2001-01-01") == "2006-01-01"
    assert evidence(history, "p", "2001-01-01", "posts") == "2006-01-01"
    assert [evidence(history, of, "2001-01-01") for of in ("v", "u", "mint")] == ["2006-01-01"] * 3
    assert history.grade("w", "2006-01-01") == "certain"


def test_a_move_shows_the_old_parent_on_the_eve_and_the_new_one_on_the_day(history: History) -> None:
    """Up to the evening before the move the unit shows whom it stood under."""
    # given
    history.on("2001-01-01", unit("w")).on("2006-01-01", {"kind": "unit-moved", "unit": "v", "parent": "w"})

    # then
    assert evidence(history, "u", "2001-01-01") == "2005-12-31"
    assert evidence(history, "w", "2001-01-01") == "2006-01-01"


def test_evidence_of_a_day_badly_known_reaches_to_its_earliest_day(history: History) -> None:
    """Appointed some day of 2006: the post surely stood to the first of January."""
    # given
    history.on("2006", appointed("ann", "p"))

    # then
    assert evidence(history, "p", "2001-01-01", "posts") == "2006-01-01"


def test_a_weak_sighting_of_a_holder_makes_its_post_no_surer(history: History) -> None:
    """Hearsay of a holder is hearsay of the post."""
    # given
    history.on("2006-01-01", appointed("ann", "p"), sources=[{"source": "s", "certainty": "low"}])

    # then
    assert history.grade("p", "2006-01-01", "posts") == "presumed"
    assert history.grade("v", "2006-01-01") == "presumed"


def test_a_holder_brings_the_start_of_its_post_down_to_its_own_day() -> None:
    """Founded some day of 2005, but someone held office there in March."""
    # given
    history = History().on("2005", unit("u"), post("p", of="u"))
    history.on("2005-03-10", {"kind": "tenure-attested", "person": "ann", "post": "p"})

    # then
    for of, kind in (("p", "posts"), ("u", "units")):
        days = ["2005-01-01", "2005-03-09", "2005-03-10", "2005-03-11"]
        assert [history.grade(of, day, kind) for day in days] == ["possible", "possible", "certain", "presumed"]


def test_a_post_seen_earlier_shows_a_unit_of_unknown_start_earlier() -> None:
    """The unit is first described in 2008; its clerk was seen in 2006, so it stood in 2006."""
    # given
    history = History().on("2008-01-01", {"kind": "unit-attested", "unit": "u", "name": {"en": "U"}, "parent": "mint"})
    history.on("2006-01-01", {"kind": "post-attested", "post": "p", "title": {"en": "P"}, "unit": "u"})

    # then
    days = ["2005-12-31", "2006-01-01", "2007-01-01", "2008-01-01"]
    assert [history.grade("u", day) for day in days] == ["unattested", "certain", "certain", "certain"]


def test_a_unit_that_does_not_stand_stays_as_an_id() -> None:
    """A post seen in a department abolished long before says something, but raises no dead."""
    # given
    history = History().on("2001-01-01", unit("u")).on("2004-01-01", abolished("u"))
    history.on("2006-01-01", {"kind": "post-attested", "post": "p", "title": {"en": "P"}, "unit": "u"})

    # then
    assert history.structure("2006-01-01")["posts"]["p"]["unit"] == "u"
    assert history.grade("u", "2006-01-01") is None
    assert history.grade("u", "2003-12-31") == "certain"


def test_a_unit_not_yet_begun_is_not_begun_by_what_hangs_on_it() -> None:
    """A post seen in 2004 in a department established in 2006 leaves its start alone."""
    # given
    history = History().on("2006-01-01", unit("u"))
    history.on("2004-01-01", {"kind": "post-attested", "post": "p", "title": {"en": "P"}, "unit": "u"})

    # then
    assert history.structure("2004-01-01")["posts"]["p"]["unit"] == "u"
    assert history.grade("u", "2004-01-01") is None
    assert history.grade("u", "2006-01-01") == "certain"


def test_a_unit_introduced_without_a_day_is_not_begun_by_what_hangs_on_it() -> None:
    """Evidence moves the bounds of a life and opens none."""
    # given
    history = History().on(None, {"kind": "unit-attested", "unit": "u", "name": {"en": "U"}})
    history.on("2004-01-01", {"kind": "post-attested", "post": "p", "title": {"en": "P"}, "unit": "u"})

    # then
    assert history.structure("2004-01-01")["posts"]["p"]["unit"] == "u"
    assert history.grade("u", "2004-01-01") is None


def list_of(*members: str, **scope: Any) -> dict[str, Any]:
    """An open list."""
    return {"kind": "list-attested", "scope": scope, "members": list(members), "closed": False}


def test_a_list_attests_each_member_with_what_the_scope_says(history: History) -> None:
    """Printed among the departments of the ministry, a department stood under the ministry."""
    # given a list of what stands under u: the unit v, and w that no act mentions
    history.on(None, {"kind": "unit-attested", "unit": "w", "name": {"en": "W"}})
    history.on("2006-01-01", list_of("v", "w", parent="u"))

    # then
    assert [history.grade(of, "2006-01-01") for of in ("v", "w")] == ["certain", "certain"]
    assert history.grade("w", "2005-12-31") == "unattested"
    assert history.structure("2006-01-01")["units"]["w"]["parent"] == "u"
    assert evidence(history, "u", "2001-01-01") == "2006-01-01"


def test_a_list_of_holders_shows_their_tenures(history: History) -> None:
    """Who stands in the list of members held the post that day."""
    # given
    history.on("2006-01-01", list_of("ann", "bob", post="p"))

    # then
    assert history.people("p", "2005-12-31") == []
    assert history.people("p", "2006-01-01") == ["ann", "bob"]
    held = history.holder("ann", "p", "2006-01-01")
    assert held
    assert (held["grade"], held["since"], held["until"]) == ("certain", None, None)


def test_a_list_by_relation_shows_the_relation_of_each_member(history: History) -> None:
    """The bodies listed as accountable to the chief stand, and stand accountable to him."""
    # given
    history.on("2001-01-01", unit("w"))
    history.on("2006-01-01", list_of("u", "w", relation="accountable-to", object="p"))

    # then
    relations = history.structure("2006-01-01")["relations"]
    assert sorted(relations) == ["u|accountable-to|p", "w|accountable-to|p"]
    assert relations["u|accountable-to|p"]["grade"] == "certain"
    assert history.structure("2005-12-31")["relations"] == {}
    assert evidence(history, "w", "2001-01-01") == "2006-01-01"


def test_a_thing_shows_that_life_of_its_parent_which_stands_that_day() -> None:
    """A post made in the second life of a unit tells nothing of the first."""
    # given
    history = History().on("2001-01-01", unit("u")).on("2006-01-01", abolished("u")).on("2008-01-01", unit("u"))
    history.on("2009-01-01", post("p", of="u"))

    # then
    assert evidence(history, "u", "2005-12-31") == "2005-12-31"
    assert evidence(history, "u", "2008-01-01") == "2009-01-01"
