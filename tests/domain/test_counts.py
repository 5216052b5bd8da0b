"""Design 3, 4.9: claimed numbers of holders against those that the record holds."""

from __future__ import annotations

from typing import Any

import pytest

from domain.counts import Count, counts
from domain.entries import entry_from
from domain.errors import EntryRefused, EntryUnreadable
from domain.findings import all_findings
from projections.counted import claimed_counts
from tests.history import History, appointed, post, released, unit


def claimed(value: int, during: str = "2006", **of: Any) -> dict[str, Any]:
    """So many holders of `p`, or of something else, in that time."""
    return {"kind": "count-claimed", "what": "wardens", "during": during, "value": value, **(of or {"post": "p"})}


def counted(history: History, during: str = "2006", **of: Any) -> Count:
    """The count of a claim recorded on top of *history*."""
    history.on(None, claimed(0, during, **of), by="claim")
    return next(count for count in counts(history.world()) if count.act.event.entry == "claim")


def people(count: Count) -> tuple[list[str], list[str], list[str]]:
    """Who held, who began, who ended."""
    return [*count.held], [*count.began], [*count.ended]


@pytest.fixture
def history() -> History:
    """A post `p` of many seats in `u`, a post `q` in `u` and a post `r` in `v`, since 2001."""
    return History().on("2001-01-01", unit("u"), unit("v"), post("p", "u", 9), post("q", "u", 9), post("r", "v", 9))


# --- held, began, ended

SPANS: list[tuple[str | None, str | None, tuple[bool, bool, bool]]] = [
    ("2005-05-05", "2005-12-31", (False, False, False)),
    ("2005-05-05", "2006-01-01", (False, False, True)),  # the day of the end is the first without the tenure
    ("2005-05-05", "2006-01-02", (True, False, True)),
    ("2005-05-05", "2007-01-01", (True, False, False)),
    ("2005-05-05", None, (True, False, False)),
    ("2005-12-31", "2007-01-01", (True, False, False)),
    ("2006-01-01", "2007-01-01", (True, True, False)),
    ("2006-06-06", "2006-07-07", (True, True, True)),
    ("2006-12-31", "2007-01-01", (True, True, False)),
    ("2006-12-31", None, (True, True, False)),
    ("2007-01-01", None, (False, False, False)),
    ("2005/2006", None, (True, True, False)),  # it can have begun in that time
    ("2006/2007", None, (True, True, False)),
    ("2005-05-05", "2005/2006", (True, False, True)),
    ("2005-05-05", "2006/2007", (True, False, True)),
    ("2005-05-05", "2006-12-31/2007", (True, False, True)),  # on its last day at the earliest
    ("2005-05-05", "2007-01-01/2008", (True, False, False)),
    ("../2006-06-06", None, (True, True, False)),
]


@pytest.mark.parametrize(("start", "end", "expected"), SPANS)
def test_a_tenure_is_counted_where_it_can_touch_begin_or_end(
    history: History, start: str, end: str | None, expected: tuple[bool, bool, bool]
) -> None:
    """In 2006: its first day and its last are the eve and the first day of most mistakes."""
    history.on(start, appointed("ann", "p"))
    if end:
        history.on(end, released("ann", "p"))

    assert tuple(map(bool, people(counted(history)))) == expected


def test_a_tenure_of_unknown_start_can_touch_the_time_before_it_is_shown(history: History) -> None:
    """Shown in 2007, since when is unknown: it may have been held in 2006."""
    history.on("2007-07-07", {"kind": "tenure-attested", "person": "ann", "post": "p"})

    assert [*counted(history).held] == ["ann"]


def test_an_end_that_is_implied_counts(history: History) -> None:
    """Whose tenure ended with its post ended in that time."""
    history.on("2005-05-05", appointed("ann", "p")).on("2006-06-06", {"kind": "post-abolished", "post": "p"})

    assert people(counted(history)) == (["ann"], [], ["ann"])


def test_a_span_of_days_is_all_of_them(history: History) -> None:
    """`a/b` of a claim's time reads from a to b."""
    history.on("2005-05-05", appointed("ann", "p")).on("2006-06-06", released("ann", "p"))

    assert people(counted(history, "2004-01-01/2005-05-05"))[0] == ["ann"]
    history.on(None, claimed(0, "2004-01-01/2005-05-04"), claimed(0, "2006-06-06/2007-01-01"), by="beside")
    beside = [count for count in counts(history.world()) if count.act.event.entry == "beside"]
    assert [[*count.held] for count in beside] == [[], []]


def test_persons_are_counted_not_tenures(history: History) -> None:
    """Who held it twice in the time is one."""
    history.on("2005-05-05", appointed("ann", "p", tenure="one")).on("2006-02-02", released("ann", "p"))
    history.on("2006-03-03", appointed("ann", "p", tenure="two")).on("2006-09-09", appointed("bob", "p"), by="b")

    count = counted(history)

    assert count.held == {"ann": ["one", "two"], "bob": ["b#1"]}
    assert count.began == {"ann": ["two"], "bob": ["b#1"]}
    assert count.ended == {"ann": ["one"]}


# --- of a post, of a unit


def test_a_count_of_a_post_is_of_its_holders_alone(history: History) -> None:
    """Not of those of other posts."""
    history.on("2005-05-05", appointed("ann", "p"), appointed("bob", "q"), appointed("cat", "r"))

    assert [*counted(history, post="q").held] == ["bob"]


def test_a_count_of_a_unit_is_of_the_holders_of_its_posts(history: History) -> None:
    """Of all of them, each person once."""
    history.on("2005-05-05", appointed("ann", "p"), appointed("bob", "q"), appointed("cat", "r"), appointed("ann", "q"))

    assert [*counted(history, unit="u").held] == ["ann", "bob"]


def test_a_post_that_ever_stood_in_the_unit_is_counted(history: History) -> None:
    """Moved away since, it was one of its posts (decision 0003)."""
    history.on("2005-05-05", appointed("cat", "r")).on("2008-08-08", {"kind": "post-moved", "post": "r", "unit": "u"})

    assert [*counted(history, unit="u").held] == ["cat"]
    assert [*counts(history.on(None, claimed(1, unit="v"), by="other").world())[-1].held] == ["cat"]


def test_a_post_known_by_name_alone_is_of_its_unit() -> None:
    """Introduced without a day, its unit is the first value it has."""
    history = History().on(None, {"kind": "post-attested", "post": "p", "unit": "mint", "title": {"en": "P"}})
    history.on("2006-06-06", {"kind": "tenure-attested", "person": "ann", "post": "p"})

    assert [*counted(history, unit="mint").held] == ["ann"]


# --- what fits


@pytest.mark.parametrize(
    ("value", "fits"), [(0, []), (1, ["began"]), (2, ["ended"]), (3, ["held"]), (4, [])], ids=lambda value: str(value)
)
def test_a_claim_may_fit_any_of_the_three(history: History, value: int, fits: list[str]) -> None:
    """A source may count those who held, those who came, or those who went."""
    # given three who held it in 2006, one of whom came and two of whom went
    history.on("2005-05-05", appointed("ann", "p"), appointed("bob", "p")).on("2006-06-06", appointed("cat", "p"))
    history.on("2006-07-07", released("ann", "p"), released("bob", "p"))
    history.on(None, claimed(value), by="claim")

    (count,) = counts(history.world())
    assert count.fits == fits
    rules = {finding.rule for finding in all_findings(history.world())}
    assert ("count-mismatch" in rules) is not bool(fits)
    assert claimed_counts(history.world())["claim#1"]["mismatch"] is not bool(fits)


def test_a_claim_that_nobody_held_it_fits_an_empty_record(history: History) -> None:
    """None held, none began, none ended."""
    history.on(None, claimed(0))

    (count,) = counts(history.world())
    assert count.fits == ["held", "began", "ended"]


def test_the_answer_names_the_people_behind_each_number(history: History) -> None:
    """By name, with their tenures, so that a reader can check."""
    history.on("2006-06-06", appointed("ann", "p", tenure="term"))
    history.on("2007-07-07", {**claimed(3), "claimant": "An Almanac"}, by="claim")

    answer = claimed_counts(history.world())

    assert answer.keys() == {"claim#1"}
    told = answer["claim#1"]
    assert (told["what"], told["post"], told["unit"], told["during"]) == ("wardens", "p", None, "2006")
    assert (told["claimed"], told["claimant"], told["fits"], told["mismatch"]) == (3, "An Almanac", [], True)
    assert told["held"] == {"count": 1, "persons": {"ann": {"name": {"en": "Ann"}, "tenures": ["term"]}}}
    assert (told["began"]["count"], told["ended"]["count"]) == (1, 0)
    assert told["cause"]["event"] == "claim#1"


def test_a_claim_changes_nothing(history: History) -> None:
    """What somebody says of how many is no holder."""
    before = history.structure("2006-06-06")
    history.on("2006-06-06", claimed(7))

    assert history.structure("2006-06-06") == before


# --- read otherwise, refused


def test_a_count_corrected_and_annulled(history: History) -> None:
    """Another number, then the first again, then none."""
    history.on(None, claimed(1), by="claim")
    history.on(None, {"kind": "corrected", "target": "claim#1", "change": claimed(0), "reason": "misread"}, by="fix")
    assert [(count.claim.value, count.act.target) for count in counts(history.world())] == [(0, "claim#1")]
    assert [count.claim.value for count in counts(history.world("claim"))] == [1]

    history.on(None, {"kind": "annulled", "target": "fix", "reason": "x"})
    assert [count.claim.value for count in counts(history.world())] == [1]
    history.on(None, {"kind": "annulled", "target": "claim#1", "reason": "x"})
    assert counts(history.world()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "count-claimed", "what": "wardens", "during": "2006", "value": 1},
        claimed(1, post="p", unit="u"),
        claimed(-1),
        {"kind": "count-claimed", "what": "wardens", "post": "p", "value": 1},
        claimed(1, during="soon"),
    ],
)
def test_a_count_of_nothing_or_of_two_things_is_no_entry(wrong: dict[str, Any]) -> None:
    """Of a post or of a unit, in some time, and not below nothing."""
    with pytest.raises(EntryUnreadable):
        entry_from({"entry": "x", "changes": [wrong]}, "test")


@pytest.mark.parametrize("of", [{"post": "u"}, {"unit": "p"}, {"unit": "ann"}])
def test_a_count_of_a_thing_of_another_kind_is_refused(history: History, of: dict[str, str]) -> None:
    """Post and unit are told apart."""
    with pytest.raises(EntryRefused) as refusal:
        history.on(None, claimed(1, **of))

    assert [reason.rule for reason in refusal.value.reasons] == ["id-of-another-kind"]
