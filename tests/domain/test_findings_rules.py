"""Design 4.9: the anomalies that the rules report, each with a history that has it and a neighbour that has not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from domain.dates import iso
from domain.findings import all_findings
from domain.rules import FINDINGS
from domain.world import Finding
from tests.history import FOUNDING, History, abolished, appointed, post, released, unit

Written = dict[str, Any]


def found(history: History, rule: str) -> list[Finding]:
    """The findings of *rule*."""
    return [finding for finding in all_findings(history.world()) if finding.rule == rule]


def the(history: History, rule: str) -> Finding:
    """The one finding of *rule*."""
    findings = found(history, rule)
    assert len(findings) == 1, findings
    return findings[0]


def span(finding: Finding) -> tuple[str | None, str | None]:
    """The first and the last day of a finding."""
    return iso(finding.lo), iso(finding.hi)


def entries(finding: Finding) -> set[str]:
    """The entries that a finding names."""
    return {act.event.entry for act in finding.acts}


def nobody(of: str = "p") -> Written:
    """A closed list of the holders of a post with no one in it."""
    return {"kind": "list-attested", "scope": {"post": of}, "members": [], "closed": True}


def attested(kind: str, thing: str, **more: Any) -> Written:
    """A unit or post shown by a source."""
    return {"kind": f"{kind}-attested", kind: thing, **more}


@pytest.fixture
def history() -> History:
    """A unit `u` and in it a post `p` of one seat, since 2001; nothing to find but that nobody holds it."""
    return History().on("2001-01-01", unit("u"), post("p", "u"), by="made")


def test_a_plain_history_has_nothing_to_find() -> None:
    """Units, a post, and who held it one after the other."""
    history = History().on("2001-01-01", unit("u"), post("p", "u"))
    history.on("2005-05-05", appointed("ann", "p")).on("2006-06-06", released("ann", "p"))
    history.on("2006-06-06", appointed("bob", "p"))

    assert all_findings(history.world()) == []


# --- act-after-end


def test_an_act_after_a_stated_end_is_found(history: History) -> None:
    """Renamed after it was abolished."""
    history.on("2005-05-05", abolished("u"), by="end")
    history.on("2006-06-06", {"kind": "unit-renamed", "unit": "u", "name": {"en": "N"}}, by="late")

    finding = the(history, "act-after-end")
    assert finding.key == ("unit", "u")
    assert entries(finding) == {"end", "late"}


def test_an_act_on_the_eve_of_the_end_is_in_order(history: History) -> None:
    """And one on the day itself belongs to the life that ends."""
    history.on("2005-05-05", abolished("u"), by="end")
    for day in ("2005-05-04", "2005-05-05"):
        history.on(day, {"kind": "unit-renamed", "unit": "u", "name": {"en": day}})

    assert found(history, "act-after-end") == []


def test_a_sub_unit_shown_after_its_parent_ended_is_found(history: History) -> None:
    """No end is implied for it."""
    history.on("2001-01-01", unit("deep", parent="u")).on("2005-05-05", abolished("u"))
    assert found(history, "act-after-end") == []

    history.on("2006-06-06", attested("unit", "deep"))

    assert the(history, "act-after-end").key == ("unit", "deep")


# --- ambiguous-tenure


def test_a_release_that_later_knowledge_makes_ambiguous_is_found() -> None:
    """Two tenures of ann stand on the eve: it ends neither."""
    history = History().on("2001-01-01", post("p", seats=2)).on("2005-05-05", appointed("ann", "p", tenure="one"))
    history.on("2008-08-08", released("ann", "p"), by="end")
    assert found(history, "ambiguous-tenure") == []

    history.on("2006-06-06", appointed("ann", "p", tenure="two"))

    finding = the(history, "ambiguous-tenure")
    assert finding.key == ("tenure", "ann", "p")
    assert "end" in entries(finding)
    assert history.people("p", "2008-08-08") == ["ann", "ann"]


def test_a_release_between_two_terms_is_not_ambiguous() -> None:
    """On its eve only the first stands."""
    history = History().on("2001-01-01", post("p", seats=2)).on("2005-05-05", appointed("ann", "p", tenure="one"))
    history.on("2008-08-08", released("ann", "p")).on("2008-08-08", appointed("ann", "p", tenure="two"))

    assert found(history, "ambiguous-tenure") == []


# --- conflicting-claims


def test_two_days_of_one_end_are_found(history: History) -> None:
    """Only the best is shown; the days between are those of the finding."""
    history.on("2005-05-05", abolished("u"), by="paper", sources=[{"source": "s", "certainty": "low"}])
    history.on("2005-05-10", abolished("u"), by="book")

    finding = the(history, "conflicting-claims")
    assert finding.key == ("unit", "u")
    assert span(finding) == ("2005-05-05", "2005-05-09")
    assert entries(finding) == {"paper", "book"}


def test_two_days_that_can_be_one_are_no_conflict(history: History) -> None:
    """The month corroborates the day."""
    history.on("2005-05", abolished("u")).on("2005-05-10", abolished("u"))

    assert found(history, "conflicting-claims") == []


def test_a_name_attested_otherwise_is_found_on_its_day(history: History) -> None:
    """And one attested alike is not."""
    history.on("2004-04-04", attested("unit", "u", name={"en": "u"}))
    assert found(history, "conflicting-claims") == []

    history.on("2006-06-06", attested("unit", "u", name={"en": "Other"}), by="book")

    assert span(the(history, "conflicting-claims")) == ("2006-06-06", "2006-06-06")


# --- count-mismatch


@pytest.mark.parametrize(("value", "mismatch"), [(0, True), (1, False), (2, True)])
def test_a_count_that_fits_in_no_way_is_found(history: History, value: int, mismatch: bool) -> None:
    """One held, began and ended it in 2005."""
    history.on("2005-05-05", appointed("ann", "p")).on("2005-06-06", released("ann", "p"))
    history.on(
        None, {"kind": "count-claimed", "what": "wardens", "post": "p", "during": "2005", "value": value}, by="claim"
    )

    findings = found(history, "count-mismatch")
    assert [(f.key, span(f), entries(f)) for f in findings] == (
        [(("post", "p"), ("2005-01-01", "2005-12-31"), {"claim"})] if mismatch else []
    )


def test_a_count_of_a_unit_that_fits_in_no_way_is_found(history: History) -> None:
    """Of its posts together."""
    history.on(None, {"kind": "count-claimed", "what": "wardens", "unit": "u", "during": "2005", "value": 1})

    assert the(history, "count-mismatch").key == ("unit", "u")


# --- holder-after-abolition


def test_a_holder_shown_after_the_posts_end_is_found(history: History) -> None:
    """On the day on which the post ended, and later."""
    history.on("2004-04-04", appointed("ann", "p")).on("2005-05-05", {"kind": "post-abolished", "post": "p"}, by="end")
    history.on("2005-05-04", {"kind": "tenure-attested", "person": "ann", "post": "p"})
    assert found(history, "holder-after-abolition") == []

    history.on("2005-05-05", {"kind": "tenure-attested", "person": "ann", "post": "p"}, by="late")

    finding = the(history, "holder-after-abolition")
    assert finding.key == ("tenure", "ann", "p")
    assert entries(finding) == {"end", "late"}


def test_a_holder_shown_after_death_is_found(history: History) -> None:
    """And not one shown on the eve of it."""
    history.on("2004-04-04", appointed("ann", "p")).on(
        "2005-05-05", {"kind": "life-event", "person": "ann", "what": "died"}
    )
    history.on("2005-05-04", {"kind": "tenure-attested", "person": "ann", "post": "p"})
    assert found(history, "holder-after-abolition") == []

    history.on("2005-05-06", {"kind": "tenure-attested", "person": "ann", "post": "p"})

    assert the(history, "holder-after-abolition").key == ("tenure", "ann", "p")


# --- incomparable-dates


def test_two_acts_whose_dates_leave_their_order_open_are_found(history: History) -> None:
    """Renamed some day of May and on the tenth: the rules chose that May comes last."""
    history.on("2005-05", {"kind": "unit-renamed", "unit": "u", "name": {"en": "A"}}, by="month")
    history.on("2005-05-10", {"kind": "unit-renamed", "unit": "u", "name": {"en": "B"}}, by="day")

    finding = the(history, "incomparable-dates")
    assert finding.key == ("unit", "u")
    assert entries(finding) == {"month", "day"}
    assert span(finding) == ("2005-05-10", "2005-05-10")


@pytest.mark.parametrize("other", ["2005-04-30", "2005-06-01"])
def test_acts_whose_dates_do_not_meet_are_in_order(history: History, other: str) -> None:
    """The eve of May and the first day of June."""
    history.on("2005-05", {"kind": "unit-renamed", "unit": "u", "name": {"en": "A"}})
    history.on(other, {"kind": "unit-renamed", "unit": "u", "name": {"en": "B"}})

    assert found(history, "incomparable-dates") == []


def test_acts_on_different_attributes_need_no_order(history: History) -> None:
    """A renaming and a move of one month do not touch one another."""
    history.on("2005-05", {"kind": "unit-renamed", "unit": "u", "name": {"en": "A"}})
    history.on("2005-05-10", {"kind": "unit-moved", "unit": "u", "parent": None})

    assert found(history, "incomparable-dates") == []


def test_two_acts_of_one_exact_day_are_ordered_by_the_rules(history: History) -> None:
    """By instrument and number: their days leave no doubt."""
    for name in ("a", "b"):
        history.on("2005-05-10", {"kind": "unit-renamed", "unit": "u", "name": {"en": name}}, by=name)

    assert found(history, "incomparable-dates") == []


def test_two_who_took_one_seat_on_days_that_leave_the_order_open_are_found(history: History) -> None:
    """Who followed whom cannot be told."""
    history.on("2005", appointed("ann", "p"), by="year").on("2005-05-05", appointed("bob", "p"), by="day")

    finding = the(history, "incomparable-dates")
    assert finding.key == ("post", "p")
    assert entries(finding) == {"year", "day"}


def test_two_who_took_two_seats_need_no_order() -> None:
    """Nobody followed anybody."""
    history = History().on("2001-01-01", post("p", seats=2))
    history.on("2005", appointed("ann", "p")).on("2005-05-05", appointed("bob", "p"))

    assert found(history, "incomparable-dates") == []


# --- orphaned


def test_what_hangs_on_nothing_after_an_annulment_is_found(history: History) -> None:
    """The post's unit is gone, so is the post."""
    history.on("2002-02-02", unit("kiln"), by="kiln").on("2003-03-03", post("stoker", "kiln"), by="post")
    assert found(history, "orphaned") == []

    history.on(None, {"kind": "annulled", "target": "kiln", "reason": "never was"})

    finding = the(history, "orphaned")
    assert finding.key == ("post", "stoker")
    assert entries(finding) == {"post"}
    assert "'kiln'" in finding.detail


def test_a_thing_introduced_twice_is_not_orphaned_by_one_annulment(history: History) -> None:
    """Another source shows it."""
    history.on("2002-02-02", unit("kiln"), by="kiln").on("2002-03-03", attested("unit", "kiln"))
    history.on("2003-03-03", post("stoker", "kiln")).on(None, {"kind": "annulled", "target": "kiln", "reason": "x"})

    assert found(history, "orphaned") == []


# --- overlap


def test_a_seat_passed_on_while_the_record_shows_who_had_it_is_found(history: History) -> None:
    """Ann was released after bob had come."""
    history.on("2004-04-04", appointed("ann", "p")).on("2005-05-05", appointed("bob", "p"), by="bob")
    assert found(history, "overlap") == []

    history.on("2005-05-07", released("ann", "p"), by="end")

    finding = the(history, "overlap")
    assert finding.key == ("tenure", "ann", "p")
    assert entries(finding) == {"bob", "end"}


@pytest.mark.parametrize("day", ["2005-05-04", "2005-05-05"])
def test_a_release_by_the_day_of_the_successor_is_no_overlap(history: History, day: str) -> None:
    """The hand-over day belongs to the successor."""
    history.on("2004-04-04", appointed("ann", "p")).on("2005-05-05", appointed("bob", "p")).on(
        day, released("ann", "p")
    )

    assert found(history, "overlap") == []


# --- post-without-holder


def test_a_post_that_nobody_ever_held_is_found(history: History) -> None:
    """At no time, as far as the record goes."""
    finding = the(history, "post-without-holder")

    assert finding.key == ("post", "p")
    assert span(finding)[0] == "2001-01-01"


@pytest.mark.parametrize("change", [appointed("ann", "p"), {"kind": "tenure-attested", "person": "ann", "post": "p"}])
def test_a_post_that_somebody_ever_held_is_not_found(history: History, change: Written) -> None:
    """One tenure, whenever and however known."""
    history.on("2010-10-10", change)

    assert found(history, "post-without-holder") == []


def test_a_post_known_by_name_alone_is_not_found() -> None:
    """It stood on no day that is known."""
    history = History().on(None, attested("post", "p", title={"en": "P"}))

    assert found(history, "post-without-holder") == []


# --- stale-function


def given(text: str, to: str = "u") -> Written:
    """A function with a text."""
    return {"kind": "function-assigned", "holder": to, "function": "f", "text": {"en": text}}


@pytest.fixture
def renamed() -> History:
    """The `Assay Office`, called `Hallmark Bureau` since 2005."""
    history = History().on("2001-01-01", unit("u"), {**unit("office"), "name": {"en": "Assay Office"}})
    return history.on("2005-05-05", {"kind": "unit-renamed", "unit": "office", "name": {"en": "Hallmark Bureau"}})


@pytest.mark.parametrize(
    ("day", "name", "stale"),
    [
        ("2005-05-04", "Assay Office", False),
        ("2005-05-05", "Assay Office", True),
        ("2005-05-04", "Hallmark Bureau", True),
        ("2005-05-05", "Hallmark Bureau", False),
        ("2005-05-05", "Casting Shop", False),  # nothing ever bore it
    ],
)
def test_a_function_that_names_a_unit_by_a_name_of_another_time_is_found(
    renamed: History, day: str, name: str, stale: bool
) -> None:
    """On the day it is given; the eve and the first day of the new name."""
    renamed.on(day, given(f"To inspect the {name} yearly"), by="act")

    findings = found(renamed, "stale-function")
    assert [(f.key, entries(f)) for f in findings] == ([(("function", "u", "f"), {"act"})] if stale else [])


@pytest.mark.parametrize(
    ("text", "stale"),
    [
        ("To inspect the ASSAY OFFICE", True),
        ("To inspect Assay Officers", False),  # a longer word is another
        ("To inspect the Assay Office of Perm", False),  # the name of a unit that stands
        ("To inspect the Assay Office and the Assay Office of Perm", True),
    ],
)
def test_a_name_is_a_name_by_whole_words_and_not_inside_a_current_one(renamed: History, text: str, stale: bool) -> None:
    """Capitals do not matter."""
    renamed.on("2001-01-01", {**unit("perm"), "name": {"en": "Assay Office of Perm"}}).on("2006-06-06", given(text))

    assert bool(found(renamed, "stale-function")) is stale


def test_a_function_that_names_a_unit_abolished_is_found(renamed: History) -> None:
    """It does not stand on that day."""
    renamed.on("2006-06-06", abolished("office")).on("2007-07-07", given("To inspect the Hallmark Bureau"))

    assert found(renamed, "stale-function")


# --- anachronistic-name


def shown_as(name: str) -> Written:
    """A source that shows the office under a name."""
    return {"kind": "unit-attested", "unit": "office", "name": {"en": name}}


def said_of(gist: str, during: str | None = None, about: str = "office") -> Written:
    """A statement about the office."""
    said = {"kind": "statement-made", "claimant": "press", "about": about, "topic": "other"}
    return {**said, "during": during, "gist": {"en": gist}}


@pytest.mark.parametrize(
    ("day", "name", "anachronistic"),
    [
        ("2005-05-04", "Assay Office", False),
        ("2005-05-05", "Assay Office", True),
        ("2005-05-04", "Hallmark Bureau", True),
        ("2005-05-05", "Hallmark Bureau", False),
        ("2005-05-05", "Casting Shop", False),  # another name, but of no other time
        ("2005-05", "Assay Office", False),  # it may be of the first days of May
        ("2005-06", "Assay Office", True),
    ],
)
def test_a_source_that_shows_a_unit_under_a_name_of_another_time_is_found(
    renamed: History, day: str, name: str, anachronistic: bool
) -> None:
    """The eve and the first day of the new name; a day badly known may be either."""
    renamed.on(day, shown_as(name), by="photo")

    findings = found(renamed, "anachronistic-name")
    assert [(f.key, entries(f)) for f in findings] == ([(("unit", "office"), {"photo"})] if anachronistic else [])


@pytest.mark.parametrize(
    ("said", "anachronistic"),
    [
        (said_of("The Assay Office is slow", "2006"), True),
        (said_of("The Assay Office is slow", "2004"), False),
        (said_of("The Assay Office is slow", "2004/2006"), False),  # of some of that time it is the name
        (said_of("The Hallmark Bureau is slow", "2004"), True),
        (said_of("The Assay Office is slow"), True),  # of the day on which it is said
        (said_of("The Assay Office is slow", "2006", about="u"), False),  # it is about another
    ],
)
def test_a_claim_that_calls_its_unit_by_a_name_of_another_time_is_found(
    renamed: History, said: Written, anachronistic: bool
) -> None:
    """By what the claim is about, not by when it was made, if it says so."""
    renamed.on("2010-01-01", said)

    assert bool(found(renamed, "anachronistic-name")) is anachronistic


def test_a_post_shown_under_a_title_of_another_time_is_found() -> None:
    """Titles are names."""
    history = History().on("2001-01-01", {**post("p"), "title": {"en": "Warden"}})
    history.on("2005-05-05", {"kind": "post-retitled", "post": "p", "title": {"en": "Master"}})
    history.on("2006-06-06", {"kind": "post-attested", "post": "p", "title": {"en": "Warden"}}, by="photo")

    [finding] = found(history, "anachronistic-name")
    assert (finding.key, finding.detail) == (
        ("post", "p"),
        "it calls 'p' 'Warden' (en), as it was called no longer on 2006-06-06",
    )


def test_a_name_that_only_sources_give_is_of_no_time(renamed: History) -> None:
    """Where no act says what it was called, one style is as good as another."""
    renamed.on("2002-01-01", {"kind": "unit-attested", "unit": "shop", "name": {"en": "Casting Shop"}})
    renamed.on("2003-01-01", {"kind": "unit-attested", "unit": "shop", "name": {"en": "Foundry"}})
    renamed.on("2004-01-01", {"kind": "unit-attested", "unit": "shop", "name": {"en": "Casting Shop"}})

    assert found(renamed, "anachronistic-name") == []


# --- successor-mismatch


@pytest.mark.parametrize(("day", "mismatch"), [("2004-04-03", True), ("2004-04-04", False), ("2005-05-05", True)])
def test_a_successor_that_does_not_stand_is_found(history: History, day: str, mismatch: bool) -> None:
    """Before it is established, or from its end; on its first day it stands."""
    history.on("2004-04-04", unit("w")).on("2005-05-05", abolished("w")).on(day, abolished("u", "w"), by="end")

    findings = found(history, "successor-mismatch")
    assert [(f.key, entries(f)) for f in findings] == ([(("unit", "u"), {"end"})] if mismatch else [])


# --- unknown-code


def listing(**codes: list[str]) -> History:
    """A register that declares its codes."""
    declared = {"kind": "institution-declared", "name": {"en": "Mint"}, **codes}
    return History({**FOUNDING, "changes": [declared, *FOUNDING["changes"][1:]]})


CODES: list[tuple[dict[str, list[str]], Written, Written]] = [
    ({"unit_kinds": ["office"]}, unit("x", kind="office"), unit("x", kind="shed")),
    (
        {"unit_kinds": ["office"]},
        attested("unit", "mint", unit_kind="office"),
        attested("unit", "mint", unit_kind="shed"),
    ),
    (
        {"unit_kinds": ["office"]},
        {"kind": "unnamed-units-abolished", "count": 2, "unit_kind": "office"},
        {"kind": "unnamed-units-abolished", "count": 2, "unit_kind": "shed"},
    ),
    (
        {"unit_kinds": ["office"]},
        {"kind": "list-attested", "scope": {"parent": "mint", "unit_kind": "office"}, "members": [], "closed": False},
        {"kind": "list-attested", "scope": {"parent": "mint", "unit_kind": "shed"}, "members": [], "closed": False},
    ),
    (
        {"unit_kinds": ["office"]},
        {
            "kind": "units-reorganized",
            "form": "split",
            "before": ["mint"],
            "after": [{"unit": "mint"}, {"unit": "x", "name": {"en": "X"}, "unit_kind": "office"}],
        },
        {
            "kind": "units-reorganized",
            "form": "split",
            "before": ["mint"],
            "after": [{"unit": "mint"}, {"unit": "x", "name": {"en": "X"}, "unit_kind": "shed"}],
        },
    ),
    (
        {"relations": ["supports"]},
        {"kind": "relation-started", "subject": "mint", "object": "mint", "relation": "supports"},
        {"kind": "relation-started", "subject": "mint", "object": "mint", "relation": "adores"},
    ),
    (
        {"relations": ["supports"]},
        {
            "kind": "coverage-declared",
            "scope": {"relation": "supports", "object": "mint"},
            "from": "2001",
            "until": "2002",
        },
        {
            "kind": "coverage-declared",
            "scope": {"relation": "adores", "object": "mint"},
            "from": "2001",
            "until": "2002",
        },
    ),
]


@pytest.mark.parametrize(("codes", "known", "unknown"), CODES, ids=[f"{c[1]['kind']}" for c in CODES])
def test_a_code_outside_its_list_is_found(codes: dict[str, list[str]], known: Written, unknown: Written) -> None:
    """One in the list is not, and where there is no list any code will do."""
    assert found(listing(**codes).on("2005-05-05", known), "unknown-code") == []
    assert found(listing().on("2005-05-05", unknown), "unknown-code") == []
    assert entries(the(listing(**codes).on("2005-05-05", unknown, by="act"), "unknown-code")) == {"act"}


def test_a_kind_of_instrument_outside_its_list_is_found() -> None:
    """A decree among laws."""
    history = listing(instrument_kinds=["law"]).decree("2005-05-05", by="D")
    assert entries(the(history, "unknown-code")) == {"D"}

    assert found(listing(instrument_kinds=["decree"]).decree("2005-05-05", by="D"), "unknown-code") == []


# --- unresolved-citation


def test_a_source_that_nobody_registers_is_found(history: History) -> None:
    """Whichever entry cites it."""
    history.on("2005-05-05", unit("w"), by="act", sources=[{"source": "almanac"}])
    finding = the(history, "unresolved-citation")
    assert finding.key == ("source", "almanac")
    assert entries(finding) == {"act"}

    history.on(None, {"kind": "source-registered", "source": "almanac", "title": {"en": "Almanac"}})
    assert found(history, "unresolved-citation") == []


# --- vacancy


def test_a_span_in_which_a_post_is_said_to_be_empty_is_found(history: History) -> None:
    """With since when and why."""
    history.on("2004-04-04", appointed("ann", "p")).on("2005-05-05", released("ann", "p"), by="left")
    assert found(history, "vacancy") == []
    covered = {"kind": "coverage-declared", "scope": {"post": "p"}, "from": "2005-01-01", "until": "2006-12-31"}
    history.on("2007-01-01", covered, by="complete").on("2006-02-02", appointed("bob", "p"))

    finding = the(history, "vacancy")
    assert finding.key == ("post", "p")
    assert span(finding) == ("2005-05-05", "2006-02-01")
    assert entries(finding) == {"complete", "left"}
    assert "'ann'" in finding.detail
    assert "2005-05-05" in finding.detail


def test_an_empty_list_is_a_vacancy_of_its_own_day(history: History) -> None:
    """Of the day after it says nothing."""
    history.on("2005-05-05", nobody(), by="list")

    finding = the(history, "vacancy")
    assert span(finding) == ("2005-05-05", "2005-05-05")
    assert entries(finding) == {"list"}


def test_a_post_that_does_not_stand_is_not_vacant(history: History) -> None:
    """An empty list on the day of its end, and one before it was made."""
    history.on("2005-05-05", {"kind": "post-abolished", "post": "p"}).on("2005-05-05", nobody()).on(
        "2000-12-31", nobody()
    )

    assert found(history, "vacancy") == []


def test_a_release_alone_is_no_vacancy(history: History) -> None:
    """Unknown is never vacant."""
    history.on("2004-04-04", appointed("ann", "p")).on("2005-05-05", released("ann", "p"))

    assert found(history, "vacancy") == []


# --- all of them


def test_every_rule_is_tried_here() -> None:
    """A rule without a test is a promise to nobody."""
    text = Path(__file__).read_text(encoding="utf-8")

    for rule in FINDINGS:
        assert f'"{rule}")' in text


def test_a_finding_never_blocks(history: History) -> None:
    """Each of the oddities here was recorded."""
    position = len(history.rows)
    history.on("2005-05-05", abolished("u")).on(
        "2006-06-06", {"kind": "unit-renamed", "unit": "u", "name": {"en": "N"}}
    )

    assert len(history.rows) == position + 2


def test_a_finding_goes_with_what_raised_it(history: History) -> None:
    """Findings are computed, never stored."""
    history.on("2005-05-05", abolished("u"))
    history.on("2006-06-06", {"kind": "unit-renamed", "unit": "u", "name": {"en": "N"}}, by="late")
    assert found(history, "act-after-end")

    history.on(None, {"kind": "annulled", "target": "late", "reason": "x"})

    assert found(history, "act-after-end") == []
