"""Design 4.5: of claims on one fact the best is shown; what makes one better."""

from __future__ import annotations

from typing import Any

import pytest

from projections.histories import unit_history
from tests.history import History, abolished, appointed, post, unit


def sources(*certainties: str) -> list[dict[str, Any]]:
    """As many different sources, of these certainties."""
    return [{"source": f"s{number}", "certainty": certainty} for number, certainty in enumerate(certainties)]


DECREE = {"kind": "decree", "number": "1", "signed": "2004-01-01"}

Claim = tuple[str, dict[str, Any], dict[str, Any]]
"""The day of a claim, more of its change, more of its entry."""

# For each rule of the ranking: a claim that it prefers, and one that every later rule would prefer.
RANKING: dict[str, tuple[Claim, Claim]] = {
    "stated over inferred": (
        ("2005", {"sources": sources("low")}, {}),
        ("2006-03-01", {"basis": "inferred", "sources": sources("high", "high")}, {"instrument": DECREE}),
    ),
    "instrument over report": (
        ("2005", {"sources": sources("low")}, {"instrument": DECREE}),
        ("2006-03-01", {"sources": sources("high", "high")}, {}),
    ),
    "high certainty over medium": (
        ("2005", {"sources": sources("high")}, {}),
        ("2006-03-01", {"sources": sources("medium", "medium")}, {}),
    ),
    "medium certainty over low": (
        ("2005", {"sources": sources("medium")}, {}),
        ("2006-03-01", {"sources": sources("low", "low")}, {}),
    ),
    "no source named is medium, over low": (
        ("2005", {}, {}),
        ("2006-03-01", {"sources": sources("low", "low")}, {}),
    ),
    "no source named is medium, below high": (
        ("2005", {"sources": sources("high")}, {}),
        ("2006-03-01", {}, {}),
    ),
    "the number of its own sources": (
        ("2005", {"sources": sources("medium", "medium")}, {}),
        ("2006-03-01", {"sources": sources("medium")}, {}),
    ),
    "the narrower date": (
        ("2006-03-01", {"sources": sources("medium")}, {}),
        ("2005", {"sources": sources("medium")}, {}),
    ),
}


@pytest.mark.parametrize("rule", RANKING)
@pytest.mark.parametrize("better_first", [True, False])
def test_of_two_starts_the_one_that_the_rule_prefers_is_shown(rule: str, better_first: bool) -> None:
    """Which date a reader is told depends on what it rests on, and not on who entered it first."""
    # given the better claim in the entry that sorts last, so that the last rule would not choose it
    better, worse = RANKING[rule]
    history = History()
    for name, (day, change, entry) in sorted({"z": better, "a": worse}.items(), reverse=better_first):
        history.on(day, {**unit("u"), **change}, by=name, **entry)

    # then
    seen = history.structure("2010-01-01")["units"]["u"]
    assert seen["since"] == better[0]
    assert seen["cause"]["entry"] == "z"
    assert history.rules() == {"conflicting-claims"}


@pytest.mark.parametrize("rule", RANKING)
@pytest.mark.parametrize("better_first", [True, False])
def test_of_two_ends_the_one_that_the_rule_prefers_is_shown(rule: str, better_first: bool) -> None:
    """A second end is a claim on the same fact as a second start is."""
    # given
    better, worse = RANKING[rule]
    history = History().on("2001-01-01", unit("u"))
    for name, (day, change, entry) in sorted({"z": better, "a": worse}.items(), reverse=better_first):
        history.on(day, {**abolished("u"), **change}, by=name, **entry)

    # then
    assert history.structure("2001-01-01")["units"]["u"]["until"] == better[0]
    last_eve = {"2005": "2005-12-30", "2006-03-01": "2006-02-28"}[better[0]]
    first_day = {"2005": "2005-12-31", "2006-03-01": "2006-03-01"}[better[0]]
    assert history.grade("u", last_eve) in ("possible", "presumed", "certain")
    assert history.grade("u", first_day) is None
    assert history.rules() == {"conflicting-claims"}


@pytest.mark.parametrize(("one", "other"), [("2003", "2004"), ("2003-01", "2003-02"), ("2003~", "2004~")])
def test_no_year_and_no_month_is_narrower_than_a_longer_one(one: str, other: str) -> None:
    """A leap year is no vaguer a date: what else is equal is settled by the entry."""
    for first, second in ((one, other), (other, one)):
        history = History().on(first, unit("u"), by="a").on(second, unit("u"), by="b")
        assert history.structure("2010-01-01")["units"]["u"]["since"] == first


@pytest.mark.parametrize("rule", [rule for rule in RANKING if "date" not in rule])  # claims of one day are as narrow
def test_of_two_values_from_one_start_the_one_that_the_rule_prefers_is_shown(rule: str) -> None:
    """Two sources tell one founding and two names: the better one's name is shown."""
    # given
    better, worse = RANKING[rule]
    history = History()
    for name, (_, change, entry) in {"z": better, "a": worse}.items():
        history.on("2005-01-01", {**unit("u"), "name": {"en": name}, **change}, by=name, **entry)

    # then
    seen = history.structure("2005-01-01")["units"]["u"]
    assert seen["name"] == {"en": "z"}
    assert seen["contested"] is True
    assert history.rules() == {"conflicting-claims"}


@pytest.mark.parametrize("recorded", [("e9", "e10"), ("e10", "e9")])
def test_equal_claims_are_decided_by_their_entry_ids(recorded: tuple[str, str]) -> None:
    """Where nothing else tells, the register still answers the same whoever came first."""
    # given
    days = {"e9": "2005-03-01", "e10": "2005-01-01"}
    history = History()
    for name in recorded:
        history.on(days[name], unit("u"), by=name)

    # then
    assert history.structure("2010-01-01")["units"]["u"]["cause"]["entry"] == "e9"


@pytest.mark.parametrize("recorded", [("a", "b", "c"), ("c", "b", "a"), ("b", "c", "a")])
def test_claims_that_fit_the_best_corroborate_it(recorded: tuple[str, ...]) -> None:
    """A year, a month of it and a half-year around it are one fact, known as well as all of them tell."""
    # given
    days = {"a": "2005", "b": "2005-01/2005-06", "c": "2005-05"}
    history = History()
    for name in recorded:
        history.on(days[name], unit("u"), by=name)

    # then it began in May
    asked = ["2005-04-30", "2005-05-01", "2005-05-30", "2005-05-31"]
    assert [history.grade("u", day) for day in asked] == [None, "possible", "possible", "presumed"]
    assert not history.structure("2005-05-31")["units"]["u"]["contested"]
    assert history.rules() == set()


def test_the_sources_of_what_corroborates_are_added() -> None:
    """A good source for the same day makes certain what one of low certainty began."""
    # given
    history = History().on("2005-01-01", unit("u"), sources=sources("low"))
    assert history.grade("u", "2005-01-01") == "presumed"

    # when
    history.on("2005-01-01", unit("u"), sources=[{"source": "t", "certainty": "high"}])

    # then
    assert history.grade("u", "2005-01-01") == "certain"
    assert history.rules() == set()


def test_only_the_strong_of_several_claims_make_certain() -> None:
    """A weak exact day within a strong month: what is certain, the month alone must prove."""
    # given
    history = History().on("2005-03", unit("u")).on("2005-03-10", unit("u"), sources=sources("low"))
    history.on("2005-06-01", {"kind": "unit-attested", "unit": "u"})

    # then it is shown from the weak day, and certain from the end of the month
    days = ["2005-03-09", "2005-03-10", "2005-03-30", "2005-03-31", "2005-06-01", "2005-06-02"]
    assert [history.grade("u", day) for day in days] == [
        None,
        "presumed",
        "presumed",
        "certain",
        "certain",
        "presumed",
    ]


def test_ends_that_fit_corroborate() -> None:
    """Ended in 2006 says one source, in May another: in May 2006."""
    # given
    history = History().on("2001-01-01", unit("u")).on("2006", abolished("u")).on("2006-05", abolished("u"))

    # then
    days = ["2006-04-30", "2006-05-01", "2006-05-30", "2006-05-31"]
    assert [history.grade("u", day) for day in days] == ["certain", "possible", "possible", None]
    assert history.rules() == set()


def test_claims_are_brought_together_from_the_best_down() -> None:
    """The second-best narrows the best; what then fits no longer is a rival, though it fitted the best alone."""
    # given
    history = History()
    history.on("2005", unit("u"), sources=sources("high"))
    history.on("2005-01/2005-06", unit("u"), sources=sources("medium"))
    history.on("2005-07/2005-12", unit("u"), sources=sources("low"))

    # then
    days = ["2005-01-01", "2005-06-29", "2005-06-30", "2005-07-01"]
    assert [history.grade("u", day) for day in days] == ["possible", "possible", "presumed", "presumed"]
    assert history.rules() == {"conflicting-claims"}
    contested = [
        history.structure(day)["units"]["u"]["contested"] for day in ("2005-06-29", "2005-06-30", "2005-07-01")
    ]
    assert contested == [False, True, False]


def test_a_claim_that_lost_has_no_consequences() -> None:
    """Losers are taken out and the fold begins again: a post does not fall by an end that is not believed."""
    # given two ends of a unit
    history = History().on("2001-01-01", unit("u"), post("p", of="u"))
    history.on("2006-01-01", abolished("u"), sources=sources("low"))
    history.on("2008-01-01", abolished("u"), sources=sources("high"))

    # then
    assert history.grade("u", "2007-12-31") == "presumed"
    assert history.grade("p", "2007-12-31", "posts") == "presumed"
    assert history.grade("p", "2008-01-01", "posts") is None


def test_a_second_start_after_an_end_is_no_rival() -> None:
    """Two foundings with an abolition between are two lives."""
    # given
    history = History().on("2001-01-01", unit("u")).on("2006-01-01", abolished("u")).on("2008-01-01", unit("u"))

    # then
    assert history.rules() == set()


def test_the_sources_of_others_do_not_count_for_a_claim() -> None:
    """Two reports of one source each do not outweigh one of two: a claim stands on its own."""
    # given two claims that fit each other against one
    history = History().on("2005", unit("u"), sources=sources("medium"))
    history.on("2005-05-05", unit("u"), sources=[{"source": "t", "certainty": "medium"}])
    history.on("2007", unit("u"), sources=sources("medium", "medium"))

    # then
    assert history.structure("2010-01-01")["units"]["u"]["since"] == "2007"


@pytest.mark.parametrize("rule", RANKING)
def test_the_history_of_a_thing_tells_the_rival_and_the_rule_that_chose(rule: str) -> None:
    """A reader sees what was not believed, and why."""
    # given
    history = History()
    for name, (day, change, entry) in zip("za", RANKING[rule], strict=True):
        history.on(day, {**unit("u"), **change}, by=name, **entry)

    # when
    states = unit_history(history.world(), "mint", "u")["states"]

    # then
    rivals = [rival for state in states for rival in state["rivals"]]
    assert {rival["cause"]["entry"] for rival in rivals} == {"a"}
    assert all(rival["rule"] for rival in rivals)


@pytest.mark.parametrize("better", ["high", "low"])
def test_a_second_end_of_a_named_tenure_is_a_rival_of_the_first(better: str) -> None:
    """Two sources tell when she left, and the better is believed."""
    # given
    history = History().on("2001-01-01", post("p", seats=2), appointed("ann", "p", tenure="t"))
    other = "low" if better == "high" else "high"
    history.on("2006-01-01", {"kind": "released", "tenure": "t"}, sources=sources(better))
    history.on("2006-03-01", {"kind": "released", "tenure": "t"}, sources=sources(other))

    # then
    last_eve = "2005-12-31" if better == "high" else "2006-02-28"
    assert history.people("p", last_eve) == ["ann"]
    assert history.people("p", "2006-03-01") == []
    assert (history.people("p", "2006-01-01") == ["ann"]) == (better == "low")
    assert history.rules() == {"conflicting-claims"}
