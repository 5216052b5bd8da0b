"""Design 4.5: the days on which claims disagree, and what disagrees without being a second start or end."""

from __future__ import annotations

from tests.history import History, abolished, unit

HIGH = [{"source": "s", "certainty": "high"}]
LOW = [{"source": "s", "certainty": "low"}]


def contested(history: History, *days: str, of: str = "u") -> list[bool | None]:
    """Whether a unit is contested on each day; None where it is not shown."""
    units = [history.structure(day, "unattested")["units"] for day in days]
    return [found[of]["contested"] if of in found else None for found in units]


def test_between_two_starts_the_earlier_believed_the_days_are_contested() -> None:
    """From the day that one says to the eve of what the other says, they disagree."""
    # given
    history = History().on("2005-01-01", unit("u"), sources=HIGH).on("2005-03-01", unit("u"), sources=LOW)
    history.on("2006-01-01", {"kind": "unit-attested", "unit": "u"})

    # then
    days = ["2004-12-31", "2005-01-01", "2005-02-28", "2005-03-01"]
    assert contested(history, *days) == [None, True, True, False]
    assert [history.grade("u", day) for day in days] == [None, "presumed", "presumed", "certain"]


def test_between_two_starts_the_later_believed_nothing_is_shown() -> None:
    """What the weaker source adds is in the findings, not in the answer."""
    # given
    history = History().on("2005-01-01", unit("u"), sources=LOW).on("2005-03-01", unit("u"), sources=HIGH)

    # then
    assert contested(history, "2005-01-01", "2005-02-28", "2005-03-01") == [None, None, False]
    assert history.grade("u", "2005-03-01") == "certain"


def test_between_two_ends_the_later_believed_the_days_are_contested() -> None:
    """It stands, says the better source; it had ended, says the other."""
    # given
    history = History().on("2001-01-01", unit("u"))
    history.on("2006-01-01", abolished("u"), sources=LOW).on("2006-03-01", abolished("u"), sources=HIGH)

    # then
    days = ["2005-12-31", "2006-01-01", "2006-02-28", "2006-03-01"]
    assert contested(history, *days) == [False, True, True, None]
    assert [history.grade("u", day) for day in days] == ["certain", "presumed", "presumed", None]


def test_between_two_ends_the_earlier_believed_nothing_is_shown() -> None:
    """The better source has it ended."""
    # given
    history = History().on("2001-01-01", unit("u"))
    history.on("2006-01-01", abolished("u"), sources=HIGH).on("2006-03-01", abolished("u"), sources=LOW)

    # then
    assert contested(history, "2005-12-31", "2006-01-01", "2006-02-28") == [False, None, None]
    assert history.grade("u", "2005-12-31") == "certain"


def test_between_claims_of_uncertain_days_only_the_days_surely_in_dispute_are_contested() -> None:
    """From the earlier claim's latest day to the eve of the later claim's earliest."""
    # given some day of 2005 against some day of 2007
    history = History().on("2005", unit("u"), sources=HIGH).on("2007", unit("u"), sources=LOW)

    # then
    days = ["2005-12-30", "2005-12-31", "2006-12-31", "2007-01-01", "2007-12-31"]
    assert contested(history, *days) == [False, True, True, False, False]


# --- evidence that contradicts a start


def test_a_sighting_surely_before_the_start_is_a_rival_of_the_start() -> None:
    """Seen in 2004 and founded in 2005: one of the two is wrong, and the exact day is the better."""
    # given
    history = History().on("2005-01-01", unit("u")).on("2004-05-05", {"kind": "unit-attested", "unit": "u"})

    # then
    assert history.grade("u", "2004-05-05") is None
    assert history.grade("u", "2004-12-31") is None
    assert history.grade("u", "2005-01-01") == "certain"
    assert history.structure("2005-01-01")["units"]["u"]["since"] == "2005-01-01"
    assert history.rules() == {"conflicting-claims"}


def test_a_sighting_better_than_the_start_takes_its_place() -> None:
    """An archive's list of 2004 against hearsay of 2005: it began by the day of the list."""
    # given
    history = History().on("2005-01-01", unit("u"), sources=LOW)
    history.on("2004-05-05", {"kind": "unit-attested", "unit": "u"}, sources=HIGH)

    # then
    assert history.grade("u", "2004-05-05") in ("presumed", "certain")
    assert contested(history, "2004-05-05", "2004-12-31", "2005-01-01") == [True, True, False]
    assert history.grade("u", "2004-12-31") == "presumed"
    assert history.rules() == {"conflicting-claims"}


def test_the_eve_of_an_act_before_the_start_is_a_rival_of_the_start() -> None:
    """Renamed before it was founded: the renaming says it stood."""
    # given
    history = History().on("2005-01-01", unit("u"), sources=HIGH)
    history.on("2004-05-05", {"kind": "unit-renamed", "unit": "u", "name": {"en": "U"}}, sources=LOW)

    # then
    assert history.grade("u", "2004-05-04") is None
    assert history.grade("u", "2005-01-01") == "certain"
    assert history.rules() == {"conflicting-claims"}


def test_a_sighting_that_may_lie_after_the_start_is_no_rival() -> None:
    """Seen some day of 2005 and founded in June: it was seen after June."""
    # given
    history = History().on("2005-06-01", unit("u")).on("2005", {"kind": "unit-attested", "unit": "u"})

    # then
    assert history.grade("u", "2005-05-31") is None
    assert history.grade("u", "2005-06-01") == "certain"
    assert history.rules() == set()


def test_a_sighting_before_the_start_with_an_end_between_is_another_life() -> None:
    """Seen in 2003, abolished in 2004, founded in 2005: it was founded twice."""
    # given
    history = History().on("2005-01-01", unit("u")).on("2004-01-01", abolished("u"))
    history.on("2003-01-01", {"kind": "unit-attested", "unit": "u"})

    # then
    days = ["2003-01-01", "2003-12-31", "2004-01-01", "2004-12-31", "2005-01-01"]
    assert [history.grade("u", day) for day in days] == ["certain", "certain", None, None, "certain"]
    assert history.rules() == set()


def test_between_three_starts_all_days_in_dispute_are_contested() -> None:
    """Each rival disagrees with what is believed on its own days."""
    # given
    history = History().on("2005-01-01", unit("u"), sources=HIGH)
    history.on("2005-03-01", unit("u"), sources=LOW).on("2005-05-01", unit("u"), sources=LOW)

    # then
    days = ["2005-01-01", "2005-02-28", "2005-03-01", "2005-04-30", "2005-05-01"]
    assert contested(history, *days) == [True, True, True, True, False]


def test_between_ends_of_uncertain_days_only_the_days_surely_in_dispute_are_contested() -> None:
    """From the earlier claim's latest day to the eve of the later claim's earliest, for ends as for starts."""
    # given
    history = History().on("2001-01-01", unit("u"))
    history.on("2005", abolished("u"), sources=LOW).on("2007", abolished("u"), sources=HIGH)

    # then
    days = ["2005-12-30", "2005-12-31", "2006-12-31", "2007-01-01"]
    assert contested(history, *days) == [False, True, True, False]
    assert [history.grade("u", day) for day in days] == ["certain", "presumed", "presumed", "possible"]


def test_a_start_that_is_not_believed_still_tells_the_name() -> None:
    """Only the day is in dispute: nobody denies what the unit was called and where it stood."""
    # given
    history = History().on("2005-01-01", unit("u"), sources=LOW)
    history.on("2004-05-05", {"kind": "unit-attested", "unit": "u"}, sources=HIGH)

    # then
    seen = history.structure("2005-01-01")["units"]["u"]
    assert (seen["name"], seen["kind"], seen["parent"]) == ({"en": "u"}, "department", "mint")
