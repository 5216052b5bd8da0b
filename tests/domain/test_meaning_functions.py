"""Design 4.6, 4.7: functions, and who has them when."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import EntryRefused
from tests.history import History, abolished, post, unit


def function(kind: str, holder: str, text: str | None = None, **more: Any) -> dict[str, Any]:
    """A change of kind `function-…` about the function `hallmarks`."""
    said = {} if text is None else {"text": {"en": text}}
    return {"kind": f"function-{kind}", "holder": holder, "function": "hallmarks", **said, **more}


def assigned(holder: str) -> dict[str, Any]:
    """The function given to *holder*."""
    return function("assigned", holder, "To strike hallmarks")


def holders(history: History, *days: str) -> list[list[str]]:
    """Who has the function on each day."""
    return [sorted(seen["holder"] for seen in history.structure(day)["functions"].values()) for day in days]


def seen(history: History, holder: str, as_of: str) -> dict[str, Any] | None:
    """The function at *holder* as the structure shows it on a day; unattested included."""
    shown = history.structure(as_of, "unattested")["functions"].values()
    return next((one for one in shown if one["holder"] == holder), None)


def grades(history: History, holder: str, *days: str) -> list[str | None]:
    """How sure it is that *holder* has the function on each day."""
    return [one["grade"] if (one := seen(history, holder, day)) else None for day in days]


@pytest.fixture
def history() -> History:
    """Units `assay`, `works` and `deep` under `assay`, and a post `warden` in `assay`, since 2001."""
    return History().on(
        "2001-01-01", unit("assay"), unit("works"), unit("deep", parent="assay"), post("warden", "assay")
    )


# --- assigned, withdrawn


def test_a_function_is_held_from_its_first_day_until_it_is_withdrawn(history: History) -> None:
    """The day of the withdrawal is the first without it; between, both acts prove it."""
    history.on("2005-05-05", assigned("assay")).on("2008-08-08", function("withdrawn", "assay"))

    days = ["2005-05-04", "2005-05-05", "2007-01-01", "2008-08-07", "2008-08-08"]
    assert grades(history, "assay", *days) == [None, "certain", "certain", "certain", None]
    told = seen(history, "assay", "2007-01-01")
    assert told
    assert (told["since"], told["until"], told["evidence"]) == ("2005-05-05", "2008-08-08", "2008-08-07")
    assert told["text"] == {"en": "To strike hallmarks"}


def test_a_function_that_nothing_ends_is_presumed_after_its_first_day(history: History) -> None:
    """It is held until something changes it."""
    history.on("2005-05-05", assigned("assay"))

    assert grades(history, "assay", "2005-05-05", "2005-05-06", "2024-01-01") == ["certain", "presumed", "presumed"]


def test_a_function_assigned_and_withdrawn_on_days_badly_known_is_only_possible_there(history: History) -> None:
    """Bounds of a function are those of any fact."""
    history.on("2005", assigned("assay")).on("2008", function("withdrawn", "assay"))

    days = ["2004-12-31", "2005-01-01", "2005-12-30", "2005-12-31", "2007-12-31", "2008-01-01", "2008-12-30"]
    expected = [None, "possible", "possible", "certain", "certain", "possible", "possible"]
    assert grades(history, "assay", *days, "2008-12-31") == [*expected, None]


def test_a_post_may_have_a_function(history: History) -> None:
    """Holder is a unit or a post."""
    history.on("2005-05-05", assigned("warden"))

    assert holders(history, "2005-05-04", "2005-05-05") == [[], ["warden"]]


def test_two_units_may_have_one_function_each_on_its_own_terms(history: History) -> None:
    """Assigning it to one takes it from nobody."""
    history.on("2005-05-05", assigned("assay")).on("2006-06-06", assigned("works"))
    history.on("2008-08-08", function("withdrawn", "assay"))

    assert holders(history, "2006-06-05", "2006-06-06", "2008-08-07", "2008-08-08") == [
        ["assay"],
        ["assay", "works"],
        ["assay", "works"],
        ["works"],
    ]


def test_one_holder_may_have_two_functions(history: History) -> None:
    """Each with its own event as key."""
    history.on("2005-05-05", assigned("assay"), {**assigned("assay"), "function": "gauges"}, by="act")
    history.on("2008-08-08", function("withdrawn", "assay"))

    assert history.structure("2008-08-07")["functions"].keys() == {"act#1", "act#2"}
    assert history.structure("2008-08-08")["functions"].keys() == {"act#2"}


def test_a_function_assigned_again_after_its_end_begins_another_life(history: History) -> None:
    """Its key is the event by which that life begins."""
    history.on("2005-05-05", assigned("assay"), by="first").on("2006-06-06", function("withdrawn", "assay"))
    history.on("2008-08-08", assigned("assay"), by="again")

    days = ["2006-06-05", "2006-06-06", "2008-08-07", "2008-08-08"]
    keys = [[*history.structure(day)["functions"]] for day in days]
    assert keys == [["first#1"], [], [], ["again#1"]]


def test_a_withdrawal_without_an_assignment_shows_that_it_was_held_on_the_eve(history: History) -> None:
    """An act that ends a thing attests it on the eve; since when is unknown."""
    history.on("2008-08-08", function("withdrawn", "assay"), by="end")

    assert grades(history, "assay", "2005-01-01", "2008-08-07", "2008-08-08") == ["unattested", "certain", None]
    told = seen(history, "assay", "2008-08-07")
    assert told
    assert told["since"] is None
    assert history.structure("2008-08-07")["functions"].keys() == {"end#1"}


def test_two_assignments_on_different_days_are_rivals(history: History) -> None:
    """The decree is believed, and the days between are contested."""
    history.on("2005-05-01", assigned("assay"), by="paper").decree(
        "2005-05-05", assigned("assay"), by="decree", in_force="2005-05-05"
    )

    told = seen(history, "assay", "2005-05-05")
    assert told
    assert (told["since"], told["cause"]["entry"]) == ("2005-05-05", "decree")
    assert "conflicting-claims" in history.rules()


@pytest.mark.parametrize("ended", ["relation", "function", "passed on"])
def test_the_end_of_a_relation_or_function_ends_no_other_of_the_same_unit(history: History, ended: str) -> None:
    """A unit that gives up one task goes on with the rest."""
    works = {"kind": "relation-started", "subject": "assay", "relation": "supports", "object": "works"}
    history.on("2005-05-05", assigned("assay"), {**assigned("assay"), "function": "gauges"}, works)
    history.on("2005-05-05", {**works, "relation": "advises"})

    match ended:
        case "relation":
            history.on("2008-08-08", {**works, "kind": "relation-ended"})
        case "function":
            history.on("2008-08-08", function("withdrawn", "assay"))
        case "passed on":
            history.on("2008-08-08", function("transferred", "works", "W"))

    answer = history.structure("2008-08-08")
    functions = {(one["holder"], one["function"]) for one in answer["functions"].values()}
    everything = {"assay|supports|works", "assay|advises|works", ("assay", "hallmarks"), ("assay", "gauges")}
    gone = {"assay|supports|works"} if ended == "relation" else {("assay", "hallmarks")}
    assert {*answer["relations"], *functions} - {("works", "hallmarks")} == everything - gone


# --- transferred


def test_a_transfer_ends_the_function_at_every_other_holder(history: History) -> None:
    """Units and posts alike, on the day on which the new holder has it."""
    history.on("2005-05-05", *(assigned(holder) for holder in ("assay", "works", "warden")))
    history.on("2008-08-08", function("transferred", "mint", "All of it"), by="pass")

    assert holders(history, "2008-08-07", "2008-08-08") == [["assay", "warden", "works"], ["mint"]]
    for holder in ("assay", "works", "warden"):
        told = seen(history, holder, "2008-08-07")
        assert told
        assert (told["grade"], told["until"]) == ("certain", "2008-08-08")


def test_a_transfer_to_a_holder_that_has_another_function_leaves_that_one_alone(history: History) -> None:
    """Only the function named passes."""
    history.on("2005-05-05", assigned("assay"), {**assigned("works"), "function": "gauges"})
    history.on("2008-08-08", function("transferred", "works", "Hallmarks too"))

    functions = history.structure("2008-08-08")["functions"].values()
    assert sorted((one["holder"], one["function"]) for one in functions) == [
        ("works", "gauges"),
        ("works", "hallmarks"),
    ]


def test_a_transfer_leaves_alone_who_gets_the_function_later(history: History) -> None:
    """It ends what stands that day, not what comes after."""
    history.on("2009-09-09", assigned("assay")).on("2005-05-05", assigned("works"))
    history.on("2008-08-08", function("transferred", "mint", "All of it"))

    assert holders(history, "2008-08-07", "2008-08-08", "2009-09-08", "2009-09-09") == [
        ["works"],
        ["mint"],
        ["mint"],
        ["assay", "mint"],
    ]


def test_a_function_goes_round_by_transfers(history: History) -> None:
    """It may come back to a holder that had it before."""
    history.on("2005-05-05", assigned("assay"))
    history.on("2006-06-06", function("transferred", "works", "W")).on(
        "2007-07-07", function("transferred", "assay", "A")
    )

    days = ["2006-06-05", "2006-06-06", "2007-07-06", "2007-07-07"]
    assert holders(history, *days) == [["assay"], ["works"], ["works"], ["assay"]]


def test_a_transfer_some_day_of_a_year_leaves_both_possible(history: History) -> None:
    """From the first to the eve of the last day on which it can have passed."""
    history.on("2005-05-05", assigned("assay")).on("2008", function("transferred", "works", "W"))

    days = ["2007-12-31", "2008-01-01", "2008-12-30", "2008-12-31"]
    assert grades(history, "assay", *days) == ["certain", "possible", "possible", None]
    assert grades(history, "works", *days) == [None, "possible", "possible", "presumed"]


def test_a_transfer_that_is_annulled_gives_the_function_back(history: History) -> None:
    """Consequences are computed, never stored."""
    history.on("2005-05-05", assigned("assay")).on("2008-08-08", function("transferred", "works", "W"), by="pass")
    history.on(None, {"kind": "annulled", "target": "pass#1", "reason": "forged"})

    assert holders(history, "2008-08-07", "2008-08-08") == [["assay"], ["assay"]]


def test_an_assignment_found_after_its_transfer_was_recorded_is_ended_by_it(history: History) -> None:
    """Late decrees stay right."""
    history.on("2008-08-08", function("transferred", "works", "W")).on("2005-05-05", assigned("assay"))

    assert holders(history, "2008-08-07", "2008-08-08") == [["assay"], ["works"]]


# --- attested


def test_an_attested_function_is_of_unknown_start_and_ends_nothing(history: History) -> None:
    """Before the source it is unattested, after it presumed."""
    history.on("2006-06-06", function("attested", "assay", "Shown")).on("2005-05-05", assigned("works"))

    assert grades(history, "assay", "2006-06-05", "2006-06-06", "2006-06-07") == ["unattested", "certain", "presumed"]
    assert holders(history, "2006-06-06") == [["assay", "works"]]


def test_a_function_attested_during_its_life_is_evidence_of_it(history: History) -> None:
    """One life; certain through the day of the source."""
    history.on("2005-05-05", assigned("assay"), by="act").on("2006-06-06", function("attested", "assay"))

    assert grades(history, "assay", "2005-05-05", "2006-06-06", "2006-06-07") == ["certain", "certain", "presumed"]
    assert history.structure("2006-06-06")["functions"].keys() == {"act#1"}


def test_a_text_attested_otherwise_is_a_rival_on_its_own_day_only(history: History) -> None:
    """An act gave the text; a paraphrase of one day does not change it."""
    history.decree("2005-01-01", assigned("assay"), in_force="2005-05-05")
    history.on("2006-06-06", function("attested", "assay", "Stamps things"))

    for day in ("2006-06-05", "2006-06-06", "2006-06-07"):
        told = seen(history, "assay", day)
        assert told
        assert told["text"] == {"en": "To strike hallmarks"}
        assert told["contested"] is (day == "2006-06-06")


def test_an_assignment_found_later_gives_the_attested_function_its_start(history: History) -> None:
    """The same life, now called by its assignment."""
    history.on("2006-06-06", function("attested", "assay"), by="shown")
    history.on("2005-05-05", assigned("assay"), by="act")

    assert grades(history, "assay", "2005-05-04", "2005-05-05", "2006-06-06") == [None, "certain", "certain"]
    assert history.structure("2006-06-06")["functions"].keys() == {"act#1"}


def test_a_function_attested_after_its_withdrawal_opens_a_life_of_unknown_start(history: History) -> None:
    """An attestation after a stated end; what lies between may be either."""
    history.on("2005-05-05", assigned("assay")).on("2008-08-08", function("withdrawn", "assay"))
    history.on("2010-10-10", function("attested", "assay", "Again"))

    days = ["2008-08-07", "2008-08-08", "2010-10-09", "2010-10-10"]
    assert grades(history, "assay", *days) == ["certain", "unattested", "unattested", "certain"]


# --- ending with the holder


def test_a_function_ends_with_its_post(history: History) -> None:
    """Implied, on the day of the abolition."""
    history.on("2005-05-05", assigned("warden")).on(
        "2008-08-08", {"kind": "post-abolished", "post": "warden"}, by="end"
    )

    assert holders(history, "2008-08-07", "2008-08-08") == [["warden"], []]
    told = seen(history, "warden", "2008-08-07")
    assert told
    assert told["until"] == "2008-08-08"


def test_a_function_ends_where_its_holder_falls_with_something_above(history: History) -> None:
    """Any end of a unit or post, implied too."""
    history.on("2005-05-05", assigned("deep"), {**assigned("warden"), "function": "gauges"})
    history.on("2008-08-08", abolished("assay"))

    assert holders(history, "2008-08-07", "2008-08-08") == [["deep", "warden"], []]


def test_a_function_ends_with_the_bounds_of_its_holder(history: History) -> None:
    """A unit that ended in 2008 had it until some day of 2008."""
    history.on("2005-05-05", assigned("assay")).on("2008", abolished("assay"))

    days = ["2007-12-31", "2008-01-01", "2008-12-30", "2008-12-31"]
    assert grades(history, "assay", *days) == ["presumed", "possible", "possible", None]


def test_a_function_does_not_pass_to_the_unit_that_its_holder_becomes(history: History) -> None:
    """Sub-units and posts pass; the functions a unit stands in end with it."""
    history.on("2005-05-05", assigned("assay"))
    after = [{"unit": "office", "name": {"en": "Office"}, "parent": "mint"}]
    history.on("2008-08-08", {"kind": "units-reorganized", "form": "transform", "before": ["assay"], "after": after})

    assert holders(history, "2008-08-07", "2008-08-08") == [["assay"], []]
    assert "deep" in history.units("2008-08-08")


def test_a_unit_reinstated_has_not_its_function_again(history: History) -> None:
    """Reinstatement revives only what it names; annulling the abolition revives all."""
    history.on("2005-05-05", assigned("assay")).on("2008-08-08", abolished("assay"), by="end")
    back = history.on("2009-09-09", {"kind": "unit-reinstated", "unit": "assay"}, by="back")
    assert holders(back, "2008-08-07", "2009-09-09") == [["assay"], []]

    back.on(
        None,
        {"kind": "annulled", "target": "back", "reason": "x"},
        {"kind": "annulled", "target": "end", "reason": "x"},
    )
    assert holders(back, "2008-08-08", "2009-09-09") == [["assay"], ["assay"]]


def test_a_function_shown_after_its_holder_ended_denies_that_it_ended(history: History) -> None:
    """The record shows the same life after that day: no end is implied, the day is contested, and it is found."""
    history.on("2005-05-05", assigned("assay")).on("2008-08-08", abolished("assay"))
    assert history.rules() == set()

    history.on("2009-09-09", function("attested", "assay"))

    told = seen(history, "assay", "2008-08-08")
    assert told
    assert told["contested"]
    assert told["until"] is None
    assert "act-after-end" in history.rules()


def test_a_function_assigned_to_a_unit_surely_ended_changes_nothing(history: History) -> None:
    """Any other act after a stated end is found and shows nothing."""
    history.on("2008-08-08", abolished("works")).on("2009-09-09", assigned("works"))

    assert holders(history, "2009-09-09") == [[]]
    assert "act-after-end" in history.rules()


# --- read otherwise


def test_a_function_corrected_and_annulled(history: History) -> None:
    """A correction of holder, text and day reads as if written so; its annulment restores the first."""
    history.on("2005-05-05", assigned("assay"), by="act")
    fix = {**function("assigned", "works", "Gauges"), "effective": "2006-06-06"}
    history.on(None, {"kind": "corrected", "target": "act#1", "change": fix, "reason": "misread"}, by="fix")

    assert holders(history, "2005-05-05", "2006-06-05", "2006-06-06") == [[], [], ["works"]]
    assert history.structure("2006-06-06")["functions"].keys() == {"act#1"}

    history.on(None, {"kind": "annulled", "target": "fix#1", "reason": "right after all"})
    assert holders(history, "2005-05-04", "2005-05-05") == [[], ["assay"]]
    history.on(None, {"kind": "annulled", "target": "act", "reason": "forged"})
    assert holders(history, "2005-05-05") == [[]]


@pytest.mark.parametrize("kind", ["withdrawn", "attested"])
def test_a_later_change_of_a_function_is_undone_by_its_annulment(history: History, kind: str) -> None:
    """Without it the function is as it was before."""
    history.on("2005-05-05", assigned("assay"))
    before = history.structure("2006-06-07")["functions"]
    history.on("2006-06-06", function(kind, "assay", "Otherwise"), by="later")
    assert history.structure("2006-06-07")["functions"] != before

    history.on(None, {"kind": "annulled", "target": "later#1", "reason": "x"})
    assert history.structure("2006-06-07")["functions"] == before


def test_an_orphaned_function_is_not_shown(history: History) -> None:
    """Annulling what introduced the holder leaves the function hanging on nothing."""
    history.on("2002-02-02", unit("kiln"), by="kiln").on("2005-05-05", assigned("kiln"))
    history.on(None, {"kind": "annulled", "target": "kiln", "reason": "never was"})

    assert holders(history, "2005-05-05") == [[]]
    assert "orphaned" in history.rules()


# --- in a difference


def test_a_function_that_passes_is_one_row(history: History) -> None:
    """Before and after name the holders; the cause is the transfer."""
    history.on("2005-05-05", assigned("assay")).on("2008-08-08", function("transferred", "works", "W"), by="pass")

    answer = history.diff("2008-08-07", "2008-08-08")

    assert len(answer["changes"]) == 1
    row = answer["changes"][0]
    assert (row["kind"], row["effective"], row["grade"]) == ("function-transferred", "2008-08-08", "certain")
    assert row["subject"]["function"] == "hallmarks"
    assert (row["before"]["holder"], row["after"]["holder"]) == ("assay", "works")
    assert (row["before"]["text"], row["after"]["text"]) == ({"en": "To strike hallmarks"}, {"en": "W"})
    assert row["cause"]["event"] == "pass#1"
    assert answer["counts"]["function-transferred"] == 1
    assert history.diff("2008-08-06", "2008-08-07")["changes"] == []
    assert history.diff("2008-08-08", "2008-08-09")["changes"] == []


def test_a_function_assigned_and_passed_on_in_the_window_is_netted(history: History) -> None:
    """Only who has it at the end is told of, by the last act."""
    history.on("2005-05-05", assigned("assay")).on("2008-08-08", function("transferred", "works", "W"), by="pass")

    rows = history.diff("2005-05-04", "2008-08-08")["changes"]

    assert [(row["before"], row["after"]["holder"], row["cause"]["entry"]) for row in rows] == [(None, "works", "pass")]


def test_a_function_that_passes_twice_in_the_window_is_told_by_its_ends(history: History) -> None:
    """From who had it first to who has it last; the one between is not told of."""
    history.on("2005-05-05", assigned("assay")).on("2006-06-06", function("transferred", "works", "W"))
    history.on("2008-08-08", function("transferred", "mint", "M"), by="last")

    rows = history.diff("2006-06-05", "2008-08-08")["changes"]

    told = {str(row[side]["holder"]) for row in rows for side in ("before", "after") if row[side]}
    assert told == {"assay", "mint"}
    assert {row["kind"] for row in rows} == {"function-transferred"}


def test_a_function_that_falls_with_its_holder_is_an_implied_row(history: History) -> None:
    """Withdrawn by nobody: its row names the abolition."""
    history.on("2005-05-05", assigned("assay")).on("2008-08-08", abolished("assay"), by="end")

    rows = history.diff("2008-08-07", "2008-08-08")["changes"]

    row = next(row for row in rows if "function" in row["subject"])
    assert (row["kind"], row["implied"], row["cause"]["entry"]) == ("function-withdrawn", True, "end")
    assert row["effective"] == "2008-08-08"


def test_two_lives_of_one_function_give_an_end_and_a_start(history: History) -> None:
    """It was withdrawn and given again: not the same function going on."""
    history.on("2005-05-05", assigned("assay")).on("2006-06-06", function("withdrawn", "assay"))
    history.on("2008-08-08", assigned("assay"))

    rows = history.diff("2005-05-05", "2008-08-08")["changes"]

    assert sorted(row["kind"] for row in rows) == ["function-assigned", "function-withdrawn"]


# --- refused


@pytest.mark.parametrize("kind", ["assigned", "withdrawn", "transferred", "attested"])
def test_a_person_has_no_functions(history: History, kind: str) -> None:
    """A holder is a unit or a post."""
    with pytest.raises(EntryRefused) as refusal:
        history.on("2005-05-05", function(kind, "ann", "X"))

    assert [reason.rule for reason in refusal.value.reasons] == ["id-of-another-kind"]


@pytest.mark.parametrize("kind", ["assigned", "withdrawn", "transferred"])
def test_an_act_on_a_function_needs_its_day(history: History, kind: str) -> None:
    """An attestation does not."""
    with pytest.raises(EntryRefused) as refusal:
        history.on(None, function(kind, "assay", "X"))
    assert [reason.rule for reason in refusal.value.reasons] == ["no-effective"]

    history.on(None, function("attested", "assay", "X"))
    assert holders(history, "2005-05-05") == [[]]
    history.on("2005-05-05", function("attested", "assay"))
    told = seen(history, "assay", "2005-05-05")
    assert told
    assert told["text"] == {"en": "X"}


def test_an_entry_cannot_end_a_function_before_it_gives_it(history: History) -> None:
    """An end before the start of the same entry."""
    with pytest.raises(EntryRefused) as refusal:
        history.on(
            None,
            {**assigned("assay"), "effective": "2005-05-05"},
            {**function("withdrawn", "assay"), "effective": "2004-04-04"},
        )

    assert [reason.rule for reason in refusal.value.reasons] == ["end-before-start"]
