"""Design 4.6: where the record is declared complete, what it shows stands, and what it does not show does not."""

from __future__ import annotations

from typing import Any

import pytest

from domain.entries import entry_from
from domain.errors import EntryRefused, EntryUnreadable
from tests.history import History, abolished, appointed, post, released, unit

LOW = [{"source": "s", "certainty": "low"}]


def covered(since: str, until: str, **scope: Any) -> dict[str, Any]:
    """The record of *scope* is complete from one day to another."""
    return {"kind": "coverage-declared", "scope": scope, "from": since, "until": until}


def grades(history: History, of: str, *days: str, kind: str = "units") -> list[str | None]:
    """The grade of a thing on each day."""
    return [history.grade(of, day, kind) for day in days]


def evidence(history: History, of: str, as_of: str = "2006-01-01") -> str:
    """The last day on which the record shows a unit."""
    last: str = history.structure(as_of)["units"][of]["evidence"]
    return last


@pytest.fixture
def history() -> History:
    """Departments `u` and `v` and an office `o` under the mint, and `deep` under `u`, since 2005."""
    return History().on("2005-01-01", unit("u"), unit("v"), unit("o", kind="office"), unit("deep", parent="u"))


# --- evidence at the last day


def test_what_stood_on_the_eve_is_certain_until_the_last_day_covered(history: History) -> None:
    """The record of those years is complete, and nothing in it ends the unit."""
    assert grades(history, "u", "2005-01-01", "2005-01-02") == ["certain", "presumed"]

    history.on("2010-01-01", covered("2005-01-02", "2008-12-31", parent="mint"))

    assert grades(history, "u", "2004-12-31", "2005-01-01", "2008-12-31", "2009-01-01") == [
        None,
        "certain",
        "certain",
        "presumed",
    ]
    assert evidence(history, "u") == "2008-12-31"


def test_coverage_that_begins_a_day_too_late_shows_nothing(history: History) -> None:
    """Between its last evidence and the first day covered the unit may have ended."""
    history.on("2010-01-01", covered("2005-01-03", "2008-12-31", parent="mint"))

    assert grades(history, "u", "2005-01-01", "2005-01-02") == ["certain", "presumed"]
    assert evidence(history, "u") == "2005-01-01"


def test_coverage_that_begins_before_the_unit_does_shows_it_too(history: History) -> None:
    """Its evidence reaches beyond the eve of the first day covered."""
    history.on("2010-01-01", covered("2000-01-01", "2008-12-31", parent="mint"))

    assert grades(history, "u", "2004-12-31", "2005-01-01", "2008-12-31") == [None, "certain", "certain"]


def test_coverage_that_ended_before_the_last_evidence_adds_nothing(history: History) -> None:
    """Evidence is the last day shown."""
    history.on("2009-09-09", {"kind": "unit-attested", "unit": "u"})
    history.on("2010-01-01", covered("2005-01-02", "2008-12-31", parent="mint"))

    assert evidence(history, "u") == "2009-09-09"
    assert grades(history, "u", "2009-09-09", "2009-09-10") == ["certain", "presumed"]


def test_a_unit_shown_again_and_again_is_covered_from_its_last_evidence(history: History) -> None:
    """An attestation on the eve of the coverage is enough."""
    history.on("2006-05-31", {"kind": "unit-attested", "unit": "u"})
    history.on("2010-01-01", covered("2006-06-01", "2008-12-31", parent="mint"))

    assert [evidence(history, of) for of in ("u", "v")] == ["2008-12-31", "2005-01-01"]


def test_an_ended_unit_is_not_covered(history: History) -> None:
    """Coverage speaks of open lives; a stated end proves the days before it by itself."""
    history.on("2007-07-07", abolished("u"), by="end").on(
        "2010-01-01", covered("2005-01-02", "2008-12-31", parent="mint")
    )

    assert grades(history, "u", "2007-07-06", "2007-07-07", "2008-12-31") == ["certain", None, None]
    assert history.rules() == set()


def test_a_unit_of_unknown_start_is_covered_from_its_first_attestation() -> None:
    """Coverage gives no start: before the attestation nothing is known."""
    history = History().on("2005-01-01", {"kind": "unit-attested", "unit": "u", "name": {"en": "U"}, "parent": "mint"})
    history.on("2010-01-01", covered("2001-01-01", "2008-12-31", parent="mint"))

    assert grades(history, "u", "2004-12-31", "2005-01-01", "2008-12-31", "2009-01-01") == [
        "unattested",
        "certain",
        "certain",
        "presumed",
    ]


def test_coverage_introduces_and_begins_nothing(history: History) -> None:
    """Known by name alone, a unit stands nowhere."""
    history.on(None, {"kind": "unit-attested", "unit": "n", "name": {"en": "N"}, "parent": "mint"})
    history.on("2010-01-01", covered("2005-01-02", "2008-12-31", parent="mint"))

    assert grades(history, "n", "2005-01-02", "2008-12-31") == [None, None]


@pytest.mark.parametrize("more", [{"sources": LOW}, {"basis": "inferred"}])
def test_coverage_that_is_inferred_or_of_low_certainty_proves_nothing(history: History, more: dict[str, Any]) -> None:
    """It is evidence, and no day is certain by it."""
    history.on("2010-01-01", {**covered("2005-01-02", "2008-12-31", parent="mint"), **more})

    assert grades(history, "u", "2005-01-01", "2005-01-02", "2008-12-31") == ["certain", "presumed", "presumed"]


def test_coverage_of_unknown_day_speaks_of_its_own_days(history: History) -> None:
    """When the declaration was made does not matter; from and until do."""
    history.on(None, covered("2005-01-02", "2008-12-31", parent="mint"))

    assert grades(history, "u", "2008-12-31", "2009-01-01") == ["certain", "presumed"]


def test_coverage_known_to_the_year_is_taken_at_its_surest(history: History) -> None:
    """From the last day that the first can be, to the first day that the last can be (decision 0003)."""
    history.on("2006-12-30", {"kind": "unit-attested", "unit": "u"}).on(
        "2006-12-29", {"kind": "unit-attested", "unit": "v"}
    )
    history.on("2010-01-01", covered("2006", "2008", parent="mint"))

    assert [evidence(history, of, "2007-01-01") for of in ("u", "v")] == ["2008-01-01", "2006-12-29"]


# --- what the scope holds


def test_coverage_of_a_parent_speaks_of_those_directly_under_it(history: History) -> None:
    """Sections further down are not in its scope."""
    history.on("2010-01-01", covered("2005-01-02", "2008-12-31", parent="mint"))

    assert grades(history, "deep", "2005-01-02", "2008-12-31") == ["presumed", "presumed"]


def test_coverage_of_a_kind_speaks_of_that_kind(history: History) -> None:
    """Departments, not offices."""
    history.on("2010-01-01", covered("2005-01-02", "2008-12-31", parent="mint", unit_kind="department"))

    assert [history.grade(of, "2008-12-31") for of in ("u", "v", "o")] == ["certain", "certain", "presumed"]


def test_coverage_does_not_speak_of_a_unit_that_moved_away_before_it(history: History) -> None:
    """It stands under another parent on all days covered."""
    history.on("2005-06-01", {"kind": "unit-moved", "unit": "v", "parent": "u"})
    history.on("2010-01-01", covered("2005-06-02", "2008-12-31", parent="mint"))

    assert evidence(history, "v") == "2005-06-01"


def test_coverage_speaks_of_a_unit_that_moved_in_before_it(history: History) -> None:
    """The move is its evidence on the eve."""
    history.on("2005-06-01", {"kind": "unit-moved", "unit": "deep", "parent": "mint"})
    history.on("2010-01-01", covered("2005-06-02", "2008-12-31", parent="mint"))

    assert evidence(history, "deep") == "2008-12-31"


def test_coverage_of_a_relation_shows_the_relation_and_both_its_ends(history: History) -> None:
    """A relation shows its ends on the days of its evidence; the object may be a post."""
    accountable = {"relation": "accountable-to", "object": "chief"}
    history.on("2005-01-01", post("chief")).on(
        "2005-01-01", {"kind": "relation-started", "subject": "u", **accountable}
    )
    history.on("2010-01-01", covered("2005-01-02", "2008-12-31", **accountable))

    days = ["2005-01-01", "2008-12-31", "2009-01-01"]
    expected = ["certain", "certain", "presumed"]
    assert grades(history, "u|accountable-to|chief", *days, kind="relations") == expected
    assert grades(history, "u", *days) == expected
    assert grades(history, "chief", *days, kind="posts") == expected
    assert grades(history, "v", "2008-12-31") == ["presumed"]


def test_coverage_of_a_relation_and_kind_speaks_of_subjects_of_that_kind(history: History) -> None:
    """Accountable departments, not offices."""
    relation = {"relation": "accountable-to", "object": "mint"}
    started = ({"kind": "relation-started", "subject": of, **relation} for of in ("u", "o"))
    history.on("2005-01-01", *started)
    history.on("2010-01-01", covered("2005-01-02", "2008-12-31", **relation, unit_kind="office"))

    assert grades(history, "u|accountable-to|mint", "2008-12-31", kind="relations") == ["presumed"]
    assert grades(history, "o|accountable-to|mint", "2008-12-31", kind="relations") == ["certain"]


def test_a_holder_covered_shows_post_and_unit(history: History) -> None:
    """A holder shows its post, a post its unit, on the days of its own evidence."""
    history.on("2005-01-01", post("p", "u"), appointed("ann", "p"))
    history.on("2010-01-01", covered("2005-01-02", "2008-12-31", post="p"))

    for day, grade in (("2008-12-31", "certain"), ("2009-01-01", "presumed")):
        holder = history.holder("ann", "p", day)
        assert holder
        assert holder["grade"] == grade
        assert history.grade("p", day, "posts") == grade
        assert history.grade("u", day) == grade


# --- one after another


def test_coverage_that_follows_coverage_carries_on(history: History) -> None:
    """Two yearbooks, each complete for its year."""
    history.on("2009-01-01", covered("2005-01-02", "2006-12-31", parent="mint"))
    history.on("2010-01-01", covered("2007-01-01", "2008-12-31", parent="mint"))

    assert grades(history, "u", "2008-12-31", "2009-01-01") == ["certain", "presumed"]


def test_coverage_that_follows_coverage_carries_on_whichever_was_declared_first(history: History) -> None:
    """The later years were declared complete first; the days they speak of are the same."""
    history.on("2009-01-01", covered("2007-01-01", "2008-12-31", parent="mint"))
    history.on("2010-01-01", covered("2005-01-02", "2006-12-31", parent="mint"))

    assert grades(history, "u", "2006-12-31", "2008-12-31", "2009-01-01") == ["certain", "certain", "presumed"]


def test_coverage_goes_on_from_evidence_that_a_holder_gives(history: History) -> None:
    """An appointment the day before shows post and unit there."""
    history.on("2005-01-01", post("p", "u")).on("2006-05-31", appointed("ann", "p"))
    history.on("2010-01-01", covered("2006-06-01", "2008-12-31", parent="mint"))

    assert grades(history, "u", "2006-05-31", "2008-12-31", "2009-01-01") == ["certain", "certain", "presumed"]


# --- vacancy


def vacancy(history: History, *days: str) -> list[str]:
    """The vacancy of post `p` on each day."""
    return [history.structure(day)["posts"]["p"]["vacancy"] for day in days]


def test_a_post_covered_is_vacant_on_every_day_on_which_nobody_is_known_to_hold_it(history: History) -> None:
    """From the first day covered to the last; on the eve and the morrow nothing is said."""
    history.on("2005-01-01", post("p")).on("2010-01-01", covered("2006-01-01", "2008-12-31", post="p"))

    days = ["2005-12-31", "2006-01-01", "2007-07-07", "2008-12-31", "2009-01-01"]
    assert vacancy(history, *days) == ["unknown", "vacant", "vacant", "vacant", "unknown"]


def test_a_holder_known_in_the_time_covered_fills_the_post(history: History) -> None:
    """Vacant before the appointment and after the release."""
    history.on("2005-01-01", post("p")).on("2010-01-01", covered("2006-01-01", "2008-12-31", post="p"))
    history.on("2007-01-01", appointed("ann", "p")).on("2008-01-01", released("ann", "p"))

    days = ["2006-12-31", "2007-01-01", "2007-12-31", "2008-01-01", "2008-12-31", "2009-01-01"]
    assert vacancy(history, *days) == ["vacant", "filled", "filled", "vacant", "vacant", "unknown"]


def test_a_holder_who_goes_on_in_the_time_covered_is_certain(history: History) -> None:
    """Coverage is evidence for whom it covers."""
    history.on("2005-01-01", post("p"), appointed("ann", "p"))
    history.on("2010-01-01", covered("2005-01-02", "2008-12-31", post="p"))

    assert vacancy(history, "2005-01-01", "2008-12-31", "2009-01-01") == ["filled", "filled", "filled"]
    grades_of_ann = [history.holder("ann", "p", day) for day in ("2008-12-31", "2009-01-01")]
    assert [holder and holder["grade"] for holder in grades_of_ann] == ["certain", "presumed"]


def test_a_holder_only_possible_leaves_a_covered_post_unknown(history: History) -> None:
    """Appointed some day of 2007: until its end neither filled nor vacant."""
    history.on("2005-01-01", post("p")).on("2010-01-01", covered("2006-01-01", "2008-12-31", post="p"))
    history.on("2007", appointed("ann", "p"))

    days = ["2006-12-31", "2007-01-01", "2007-12-30", "2007-12-31"]
    assert vacancy(history, *days) == ["vacant", "unknown", "unknown", "filled"]


@pytest.mark.parametrize("scope", [{"parent": "mint"}, {"relation": "accountable-to", "object": "p"}])
def test_coverage_of_something_else_states_no_vacancy(history: History, scope: dict[str, str]) -> None:
    """Only of the post itself."""
    history.on("2005-01-01", post("p")).on("2010-01-01", covered("2006-01-01", "2008-12-31", **scope))

    assert vacancy(history, "2007-07-07") == ["unknown"]


def test_coverage_ends_nobody(history: History) -> None:
    """It is no list: who was last seen before it goes on as presumed."""
    history.on("2005-01-01", post("p"), appointed("ann", "p"))
    history.on("2010-01-01", covered("2006-01-01", "2008-12-31", post="p"))

    holder = history.holder("ann", "p", "2007-07-07")
    assert holder
    assert (holder["grade"], holder["until"]) == ("presumed", None)
    assert vacancy(history, "2007-07-07") == ["filled"]


# --- read otherwise, refused


def test_coverage_corrected_and_annulled(history: History) -> None:
    """Shorter by the correction, gone by the annulment."""
    history.on("2010-01-01", covered("2005-01-02", "2008-12-31", parent="mint"), by="all")
    fix = {"kind": "corrected", "target": "all#1", "change": covered("2005-01-02", "2006-12-31", parent="mint")}
    history.on(None, {**fix, "reason": "misread"}, by="fix")
    assert evidence(history, "u") == "2006-12-31"
    assert history.structure("2006-01-01", known="all")["units"]["u"]["evidence"] == "2008-12-31"

    history.on(None, {"kind": "annulled", "target": "fix", "reason": "x"})
    assert evidence(history, "u") == "2008-12-31"
    history.on(None, {"kind": "annulled", "target": "all#1", "reason": "x"})
    assert evidence(history, "u") == "2005-01-01"


def test_vacancy_by_coverage_ends_with_its_annulment(history: History) -> None:
    """Then nothing says that nobody held the post."""
    history.on("2005-01-01", post("p")).on("2010-01-01", covered("2006-01-01", "2008-12-31", post="p"), by="all")
    history.on(None, {"kind": "annulled", "target": "all", "reason": "x"})

    assert vacancy(history, "2007-07-07") == ["unknown"]


@pytest.mark.parametrize(
    "wrong",
    [
        covered("2008-12-31", "2005-01-02", parent="mint"),
        covered("2005-01-02", "2008-12-31"),
        covered("2005-01-02", "2008-12-31", parent="mint", post="p"),
        covered("2005-01-02", "2008-12-31", relation="accountable-to"),
        covered("2005-01-02", "2008-12-31", post="p", unit_kind="department"),
        {"kind": "coverage-declared", "scope": {"parent": "mint"}, "from": "2005-01-02"},
    ],
)
def test_coverage_that_says_not_what_it_covers_is_no_entry(wrong: dict[str, Any]) -> None:
    """One scope, from a day to one not before it."""
    with pytest.raises(EntryUnreadable):
        entry_from({"entry": "x", "effective": "2010-01-01", "changes": [wrong]}, "test")


@pytest.mark.parametrize(
    "scope", [{"parent": "ann"}, {"post": "mint"}, {"relation": "accountable-to", "object": "ann"}]
)
def test_coverage_of_a_thing_of_another_kind_is_refused(history: History, scope: dict[str, str]) -> None:
    """A parent is a unit; an object a unit or a post."""
    with pytest.raises(EntryRefused) as refusal:
        history.on("2010-01-01", covered("2005-01-02", "2008-12-31", **scope))

    assert [reason.rule for reason in refusal.value.reasons] == ["id-of-another-kind"]


def test_coverage_carries_on_what_a_weak_source_began_and_makes_it_no_surer() -> None:
    """That the record is complete says nothing for a holder whom hearsay alone put into the post."""
    # given
    weak = [{"source": "hearsay", "certainty": "low"}]
    history = History().on("2001-01-01", post("p")).on("2004-12-31", appointed("ann", "p"), sources=weak)
    coverage = {"kind": "coverage-declared", "scope": {"post": "p"}, "from": "2005-01-01", "until": "2005-12-31"}
    history.on(None, coverage)

    # then
    for day in ("2004-12-31", "2005-06-01", "2005-12-31", "2006-01-01"):
        held = history.holder("ann", "p", day)
        assert held
        assert held["grade"] == "presumed"
