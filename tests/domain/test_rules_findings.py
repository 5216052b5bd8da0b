"""Design 4.9: a finding says in words what does not fit, and who says so."""

from __future__ import annotations

from domain.lives import SHOWN_AFTERWARDS
from projections.findings import finding_rows
from tests.history import History, abolished, appointed, post, unit


def test_an_overlap_tells_what_shows_the_holder_and_what_should_have_ended_the_tenure() -> None:
    """Both sides of the dispute are named, and the words say why the end is not believed."""
    # given
    history = History().on("2001-01-01", post("p")).on("2005-01-01", appointed("ann", "p"))
    history.on("2006-01-01", appointed("bob", "p"), by="next")

    # when
    history.on("2007-01-01", {"kind": "tenure-attested", "person": "ann", "post": "p"}, by="seen")

    # then
    [row] = finding_rows(history.world().findings)
    assert (row["rule"], row["subject"]) == ("overlap", {"person": "ann", "post": "p"})
    assert (row["from"], row["to"]) == ("2006-01-01", "2007-01-01")
    assert row["detail"] == "the record shows it on that day or later"
    assert row["dispute"]["rule"] == SHOWN_AFTERWARDS
    assert row["dispute"]["believed"]["cause"]["entry"] == "seen"
    assert row["dispute"]["claimed"]["cause"]["entry"] == "next"


def test_an_act_upon_what_had_ended_says_so_and_disputes_nothing() -> None:
    """It names the end that came before; which of the two is wrong it does not say."""
    # given
    history = History().on("2001-01-01", unit("u")).on("2005-01-01", abolished("u"), by="end")

    # when
    history.on("2006-01-01", {"kind": "unit-renamed", "unit": "u", "name": {"en": "new"}}, by="late")

    # then
    [row] = finding_rows(history.world().findings)
    assert (row["rule"], row["detail"], row["dispute"]) == ("act-after-end", "it had ended", None)
    assert (row["from"], row["to"], row["entries"]) == ("2005-01-01", "2006-01-01", ["end", "late"])


def test_an_appointment_that_may_lie_before_a_death_is_no_finding() -> None:
    """Dead some day of 2005, appointed between June of that year and the next: she may have lived to see it."""
    # given
    history = History().on("2001-01-01", post("p"))
    history.on("2005", {"kind": "life-event", "person": "ann", "what": "died"})

    # when
    history.on("2005-06/2006-06", appointed("ann", "p"))

    # then
    assert history.rules() == set()


def test_an_appointment_after_every_day_of_a_death_is_one() -> None:
    """The first day that the death cannot be is too late."""
    # given
    history = History().on("2001-01-01", post("p"))
    history.on("2005", {"kind": "life-event", "person": "ann", "what": "died"}, by="death")

    # when
    history.on("2006-01-01/2006-06-30", appointed("ann", "p"), by="act")

    # then
    [row] = finding_rows(history.world().findings)
    assert (row["rule"], row["detail"]) == ("holder-after-abolition", "'ann' had died")
    assert (row["from"], row["to"], row["entries"]) == ("2005-12-31", "2006-06-30", ["act", "death"])


def test_an_appointment_that_may_lie_after_the_post_came_back_holds() -> None:
    """Ended in 2005, back from 2007 to 2009; appointed between 2006 and 2008: it may have been back by then."""
    # given
    history = History().on("2001-01-01", post("p")).on("2005-01-01", {"kind": "post-abolished", "post": "p"})
    history.on("2007/2009", {"kind": "post-reinstated", "post": "p"})

    # when
    history.on("2006/2008", appointed("ann", "p"))

    # then
    assert history.people("p", "2010-01-01") == ["ann"]
    assert history.rules() == set()


def test_an_appointment_before_the_post_can_have_come_back_is_a_finding_and_changes_nothing() -> None:
    """Back in 2009 at the earliest, she was appointed by 2008 to a post that had ended."""
    # given
    history = History().on("2001-01-01", post("p")).on("2005-01-01", {"kind": "post-abolished", "post": "p"}, by="end")
    history.on("2009/2010", {"kind": "post-reinstated", "post": "p"})

    # when
    history.on("2006/2008", appointed("ann", "p"), by="act")

    # then
    assert history.people("p", "2011-01-01") == []
    [row] = finding_rows(history.world().findings)
    assert (row["rule"], row["detail"]) == ("act-after-end", "the post 'p' had ended")
    assert (row["from"], row["to"], row["entries"]) == ("2005-01-01", "2008-12-31", ["act", "end"])


def test_conflicting_claims_say_which_is_believed_and_by_which_rule() -> None:
    """Two days for one founding: the one with a source of high certainty is believed."""
    # given
    history = History().on("2001-04-04", unit("u"), by="hearsay")
    history.on("2001-06-06", unit("u"), by="archive", sources=[{"source": "s", "certainty": "high"}])

    # then
    [row] = finding_rows(history.world().findings)
    assert row["detail"] == "start: archive#1 is believed (source certainty), not hearsay#1"
    assert (row["from"], row["to"], row["events"]) == ("2001-04-04", "2001-06-05", ["archive#1", "hearsay#1"])
