"""Design 3, 4.9: a tenure that goes on in another capacity."""

from __future__ import annotations

from typing import Any

import pytest

from domain.entries import entry_from
from domain.errors import EntryRefused, EntryUnreadable
from tests.history import History, appointed, post, released


def now(capacity: str, **more: Any) -> dict[str, Any]:
    """A tenure in another capacity; of ann in `p`, unless it is named."""
    whose = {} if "tenure" in more else {"person": "ann", "post": "p"}
    return {"kind": "capacity-changed", "capacity": capacity, **whose, **more}


def capacities(history: History, *days: str) -> list[str | None]:
    """In which capacity ann holds `p` on each day."""
    return [holder["capacity"] if (holder := history.holder("ann", "p", day)) else None for day in days]


@pytest.fixture
def history() -> History:
    """Ann acting in the post `p` since 2005, by the entry `act`."""
    return History().on("2001-01-01", post("p")).on("2005-05-05", appointed("ann", "p", "acting"), by="act")


def test_the_new_capacity_holds_from_its_day(history: History) -> None:
    """Acting until the eve; one tenure."""
    history.on("2006-06-06", now("substantive"))

    assert capacities(history, "2005-05-04", "2005-05-05", "2006-06-05", "2006-06-06", "2010-01-01") == [
        None,
        "acting",
        "acting",
        "substantive",
        "substantive",
    ]
    for day in ("2006-06-05", "2006-06-06"):
        assert history.structure(day)["posts"]["p"]["holders"].keys() == {"act#1"}


def test_a_new_capacity_shows_the_tenure_on_the_eve_and_on_the_day(history: History) -> None:
    """An act upon it is evidence: certain through its day."""
    history.on("2006-06-06", now("substantive"))

    holders = [history.holder("ann", "p", day) for day in ("2006-06-06", "2006-06-07")]
    assert [holder and (holder["grade"], holder["evidence"]) for holder in holders] == [
        ("certain", "2006-06-06"),
        ("presumed", "2006-06-06"),
    ]
    assert history.structure("2006-06-06")["posts"]["p"]["evidence"] == "2006-06-06"


@pytest.mark.parametrize("capacity", ["on-leave", "suspended", "concurrent"])
def test_a_holder_in_whatever_capacity_fills_the_post(history: History, capacity: str) -> None:
    """Unknown is never vacant, and leave is not release."""
    history.on("2006-06-06", now(capacity))

    assert capacities(history, "2006-06-06") == [capacity]
    assert history.structure("2006-06-06")["posts"]["p"]["vacancy"] == "filled"


def test_capacities_come_and_go(history: History) -> None:
    """On leave and back."""
    history.on("2007-07-07", now("acting")).on("2006-06-06", now("on-leave"))

    days = ["2006-06-05", "2006-06-06", "2007-07-06", "2007-07-07"]
    assert capacities(history, *days) == ["acting", "on-leave", "on-leave", "acting"]


def test_a_change_some_day_of_a_year_shows_the_old_capacity_until_its_last_day(history: History) -> None:
    """An attribute shows the old value until the day before the act's latest day."""
    history.on("2006", now("substantive"))

    assert capacities(history, "2006-01-01", "2006-12-30", "2006-12-31") == ["acting", "acting", "substantive"]


def test_a_change_of_capacity_ends_nobody_else() -> None:
    """Succession is by appointment or transfer; one who stands in goes on standing in."""
    history = History().on("2001-01-01", post("p"))
    history.on("2005-05-05", appointed("bob", "p", "acting")).on("2005-06-06", appointed("ann", "p", "acting"))
    history.on("2006-06-06", now("substantive"))

    assert history.people("p", "2006-06-05") == ["ann", "bob"]
    assert history.people("p", "2006-06-06") == ["ann", "bob"]


# --- which tenure


@pytest.mark.parametrize("name", ["term", "act#1", "seen#1"])
def test_a_tenure_is_named_by_its_id_or_by_any_of_its_events(name: str) -> None:
    """The event of its start, or that of another act upon it."""
    history = History().on("2001-01-01", post("p")).on("2005-05-05", appointed("ann", "p", tenure="term"), by="act")
    history.on("2005-08-08", {"kind": "tenure-attested", "person": "ann", "post": "p"}, by="seen")
    history.on("2006-06-06", now("on-leave", tenure=name))

    assert capacities(history, "2006-06-05", "2006-06-06") == ["substantive", "on-leave"]
    assert history.structure("2006-06-06")["posts"]["p"]["holders"].keys() == {"term"}


def test_of_two_terms_the_one_named_changes() -> None:
    """The earlier one, by its id, though the later stands too."""
    history = History().on("2001-01-01", post("p", seats=2))
    history.on("2005-05-05", appointed("ann", "p", tenure="one")).on("2005-06-06", appointed("ann", "p", tenure="two"))
    history.on("2006-06-06", now("suspended", tenure="one"))

    holders = history.structure("2006-06-06")["posts"]["p"]["holders"]
    assert {tenure: holder["capacity"] for tenure, holder in holders.items()} == {
        "one": "suspended",
        "two": "substantive",
    }


def test_by_person_and_post_where_two_stand_it_is_refused() -> None:
    """Which is meant cannot be told; on a day on which one stands it can."""
    history = History().on("2001-01-01", post("p", seats=2))
    history.on("2005-05-05", appointed("ann", "p", tenure="one")).on("2007-07-07", appointed("ann", "p", tenure="two"))

    with pytest.raises(EntryRefused) as refusal:
        history.on("2008-08-08", now("suspended"), by="bad")
    reason = refusal.value.reasons[0]
    assert (reason.rule, reason.change, reason.day) == ("ambiguous-release", 1, "2008-08-08")

    history.on("2007-07-06", now("suspended"))
    assert history.structure("2007-07-06")["posts"]["p"]["holders"]["one"]["capacity"] == "suspended"


def test_where_later_knowledge_leaves_two_it_changes_neither() -> None:
    """It is stored as given and resolved by the fold: a finding, and no change."""
    history = History().on("2001-01-01", post("p", seats=2)).on("2005-05-05", appointed("ann", "p", tenure="one"))
    history.on("2008-08-08", now("suspended"))
    assert history.rules() == set()

    history.on("2007-07-07", appointed("ann", "p", tenure="two"))

    holders = history.structure("2008-08-08")["posts"]["p"]["holders"]
    assert {tenure: holder["capacity"] for tenure, holder in holders.items()} == {
        "one": "substantive",
        "two": "substantive",
    }
    assert "ambiguous-tenure" in history.rules()


def test_where_none_is_known_it_shows_a_tenure_of_unknown_start() -> None:
    """On leave since that day, so in office on the eve; since when nobody says."""
    history = History().on("2001-01-01", post("p")).on("2006-06-06", now("on-leave"))

    shown = [history.structure(day, "unattested")["posts"]["p"]["holders"] for day in ("2006-06-04", "2006-06-05")]
    assert [[holder["grade"] for holder in holders.values()] for holders in shown] == [["unattested"], ["certain"]]
    assert capacities(history, "2006-06-06", "2010-01-01") == ["on-leave", "on-leave"]
    holder = history.holder("ann", "p", "2006-06-06")
    assert holder
    assert holder["since"] is None


def test_an_appointment_found_later_joins_the_tenure_that_it_showed() -> None:
    """One tenure, called by its start."""
    history = History().on("2001-01-01", post("p")).on("2006-06-06", now("on-leave"))
    history.on("2005-05-05", appointed("ann", "p"), by="act")

    assert capacities(history, "2005-05-04", "2005-05-05", "2006-06-05", "2006-06-06") == [
        None,
        "substantive",
        "substantive",
        "on-leave",
    ]
    assert history.structure("2006-06-06")["posts"]["p"]["holders"].keys() == {"act#1"}


def test_after_the_end_it_changes_nothing(history: History) -> None:
    """An act after a stated end: found, and not shown."""
    history.on("2006-06-06", released("ann", "p")).on("2007-07-07", now("substantive"))

    assert capacities(history, "2006-06-05", "2006-06-06", "2007-07-07") == ["acting", None, None]
    assert "act-after-end" in history.rules()


def test_a_second_term_begins_in_the_capacity_it_is_given(history: History) -> None:
    """A later life keeps each value until given another, and an appointment gives one."""
    history.on("2006-06-06", now("on-leave")).on("2007-07-07", released("ann", "p"))
    history.on("2008-08-08", appointed("ann", "p"))

    assert capacities(history, "2007-07-06", "2007-07-07", "2008-08-08") == ["on-leave", None, "substantive"]


# --- rivals, corrections, refusals


def test_a_capacity_attested_otherwise_is_a_rival_on_its_own_day(history: History) -> None:
    """By the better claim, here the source that is surer, on that day alone."""
    high = [{"source": "s", "certainty": "high"}]
    seen = {"kind": "tenure-attested", "person": "ann", "post": "p", "capacity": "concurrent", "sources": high}
    history.on("2006-06-06", now("substantive")).on("2007-07-07", seen)

    assert capacities(history, "2007-07-06", "2007-07-07", "2007-07-08") == ["substantive", "concurrent", "substantive"]
    holder = history.holder("ann", "p", "2007-07-07")
    assert holder
    assert holder["contested"]


def test_a_change_of_capacity_corrected_and_annulled(history: History) -> None:
    """Another capacity from another day; then the first reading again; then none."""
    history.on("2006-06-06", now("substantive"), by="new")
    fix = {**now("on-leave"), "effective": "2007-07-07"}
    history.on(None, {"kind": "corrected", "target": "new#1", "change": fix, "reason": "misread"}, by="fix")
    assert capacities(history, "2006-06-06", "2007-07-06", "2007-07-07") == ["acting", "acting", "on-leave"]

    history.on(None, {"kind": "annulled", "target": "fix", "reason": "x"})
    assert capacities(history, "2006-06-05", "2006-06-06", "2007-07-07") == ["acting", "substantive", "substantive"]
    history.on(None, {"kind": "annulled", "target": "new", "reason": "x"})
    assert capacities(history, "2006-06-06", "2007-07-07") == ["acting", "acting"]
    assert history.structure("2006-06-06")["posts"]["p"]["evidence"] == "2005-05-05"


def test_where_its_tenure_is_annulled_a_change_by_name_hangs_on_nothing(history: History) -> None:
    """Not shown, and found."""
    history.on("2006-06-06", now("on-leave", tenure="act#1"))
    history.on(None, {"kind": "annulled", "target": "act", "reason": "forged"})

    assert capacities(history, "2006-06-06") == [None]
    assert "orphaned" in history.rules()


def test_a_change_of_capacity_is_a_row(history: History) -> None:
    """Before and after, by its act; the eve and the morrow tell nothing."""
    history.on("2006-06-06", now("substantive"), by="new")

    rows = history.diff("2006-06-05", "2006-06-06")["changes"]

    assert len(rows) == 1
    row = rows[0]
    assert (row["kind"], row["effective"], row["grade"]) == ("capacity-changed", "2006-06-06", "certain")
    assert (row["before"], row["after"]) == ({"capacity": "acting"}, {"capacity": "substantive"})
    assert row["subject"] == {"person": "ann", "post": "p", "tenure": "act#1"}
    assert row["cause"]["event"] == "new#1"
    assert history.diff("2006-06-04", "2006-06-05")["changes"] == []
    assert history.diff("2006-06-06", "2006-06-07")["changes"] == []


@pytest.mark.parametrize("whose", [{}, {"person": "ann"}, {"post": "p"}])
def test_a_change_of_nobodys_capacity_is_no_entry(whose: dict[str, str]) -> None:
    """A tenure, or both person and post."""
    change = {"kind": "capacity-changed", "capacity": "acting", **whose}

    with pytest.raises(EntryUnreadable):
        entry_from({"entry": "x", "effective": "2005-05-05", "changes": [change]}, "test")


def test_a_change_of_capacity_needs_its_day(history: History) -> None:
    """It is an act."""
    with pytest.raises(EntryRefused) as refusal:
        history.on(None, now("substantive"))

    assert [reason.rule for reason in refusal.value.reasons] == ["no-effective"]


def test_a_tenure_cannot_be_of_somebody_else(history: History) -> None:
    """The id is in use for ann."""
    with pytest.raises(EntryRefused) as refusal:
        history.on("2006-06-06", {**now("on-leave"), "person": "bob", "tenure": "act#1"})

    assert [reason.rule for reason in refusal.value.reasons] == ["tenure-taken"]
