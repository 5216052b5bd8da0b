"""Design 4.2, 4.5 and 4.6: starts that are badly known, beside acts and sources that may lie before them."""

from __future__ import annotations

from typing import Any

from tests.history import History, appointed, post, unit

LOW = [{"source": "s", "certainty": "low"}]


def seen(history: History, as_of: str, of: str = "u") -> dict[str, Any]:
    """A unit on a day."""
    found: dict[str, Any] = history.structure(as_of)["units"][of]
    return found


def test_a_start_that_can_lie_before_what_shows_the_thing_is_no_rival() -> None:
    """Seen some day of spring, founded between May and August: it was founded in May or June."""
    # given
    history = History().on("2005-03/2005-06", {"kind": "unit-attested", "unit": "u"}, by="seen")

    # when
    history.on("2005-05/2005-08", unit("u"), by="made")

    # then
    days = ("2005-04-30", "2005-05-01", "2005-06-29", "2005-06-30")
    assert [history.grade("u", day) for day in days] == [None, "possible", "possible", "presumed"]
    assert (seen(history, "2005-06-30")["since"], seen(history, "2005-06-30")["cause"]["event"]) == (
        "2005-05/2005-08",
        "made#1",
    )
    assert history.rules() == set()


def test_a_start_the_day_after_all_that_can_have_shown_the_thing_is_a_rival() -> None:
    """Seen in spring, founded in July: one of the two is wrong."""
    # given
    history = History().on("2005-03/2005-06", {"kind": "unit-attested", "unit": "u"}, by="seen")

    # when
    history.on("2005-07-01", unit("u"), by="made")

    # then
    assert history.rules() == {"conflicting-claims"}


def test_an_act_that_may_lie_before_a_doubtful_start_still_proves_the_thing_from_its_last_day() -> None:
    """Founded by hearsay in June, renamed by decree between March and September: certain from the end of September."""
    # given
    history = History().on("2001-06-01", unit("u"), sources=LOW)
    history.on("2001-03/2001-09", {"kind": "unit-renamed", "unit": "u", "name": {"en": "new"}})

    # when it is seen later
    history.on("2003-01-01", {"kind": "unit-attested", "unit": "u"})

    # then
    days = ("2001-09-29", "2001-09-30", "2003-01-01", "2003-01-02")
    assert [history.grade("u", day) for day in days] == ["presumed", "certain", "certain", "presumed"]


def test_two_starts_that_agree_on_days_but_not_on_the_parent_are_in_dispute_on_those_days() -> None:
    """Founded in June under one, some day of the year under another: the days of June, and no others."""
    # given
    history = History().on("2000-01-01", unit("v"))
    history.on("2001-06", unit("u", parent="mint"), by="narrow")

    # when
    history.on("2001", unit("u", parent="v"), by="wide")

    # then
    days = ("2001-06-01", "2001-06-30", "2001-07-01")
    assert [seen(history, day)["contested"] for day in days] == [True, True, False]
    assert [seen(history, day)["parent"] for day in days] == ["mint", "mint", "mint"]
    [dispute] = [finding for finding in history.world().findings if finding.rule == "conflicting-claims"]
    assert {act.target for act in dispute.acts} == {"narrow#1", "wide#1"}


def test_an_appointment_that_names_its_tenure_names_what_a_source_showed_before() -> None:
    """Seen in the post in June, appointed some day of that year under a name: one tenure, of that name."""
    # given
    history = History().on("2001-01-01", post("p"))
    history.on("2005-06-01", {"kind": "tenure-attested", "person": "ann", "post": "p"}, by="seen")

    # when
    history.on("2005", appointed("ann", "p", tenure="first"), by="act")

    # then
    assert list(history.structure("2006-01-01")["posts"]["p"]["holders"]) == ["first"]
    assert history.rules() == set()
