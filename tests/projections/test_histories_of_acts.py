"""The whole history of an instrument or an entry: effects, and who lost office."""

from __future__ import annotations

import pytest

from projections.structure import Answer
from tests.history import History, abolished, appointed, post, released, unit
from tests.projections.histories import of_entry, of_instrument, spans


@pytest.fixture
def reform() -> History:
    """A decree that abolishes the works; ann is moved by it, bob by a decree of the same day, cat nowhere."""
    return (
        History()
        .on("2001-01-01", unit("works"), unit("bureau"), post("warden", "works"), post("clerk", "works"))
        .on("2001-01-01", post("porter", "works"), post("master", "bureau"), post("agent", "bureau"), by="posts")
        .on(
            "2002-02-02",
            appointed("ann", "warden"),
            appointed("bob", "clerk"),
            appointed("cat", "porter"),
            by="staff",
        )
        .decree(
            "2005-05-05",
            abolished("works", "bureau"),
            appointed("ann", "master"),
            by="reform",
            id="D5",
            number="5",
            title={"en": "On the works"},
        )
        .on("2005-05-05", appointed("bob", "agent"), by="another")
    )


def test_an_instrument_shows_itself_and_its_effects(reform: History) -> None:
    """What it says, then what followed from it, marked implied."""
    answer = of_instrument(reform, "D5")

    assert answer["id"] == "D5"
    assert answer["title"] == {"en": "On the works"}
    assert (answer["kind"], answer["number"], answer["signed"]) == ("decree", "5", "2005-05-05")
    told = [(e["kind"], e["subject"].get("post") or e["subject"].get("unit"), e["implied"]) for e in answer["effects"]]
    assert ("unit-abolished", "works", False) in told
    assert ("appointed", "master", False) in told
    implied = sorted(row[:2] for row in told if row[2])
    assert implied == [
        ("post-abolished", "clerk"),
        ("post-abolished", "porter"),
        ("post-abolished", "warden"),
        ("released", "clerk"),
        ("released", "porter"),
        ("released", "warden"),
    ]
    assert {e["event"] for e in answer["effects"] if e["implied"]} == {"reform#1"}
    assert {e["effective"] for e in answer["effects"]} == {"2005-05-05"}


def went(answer: Answer) -> Answer:
    """Person → the post they lost and the one they went to."""
    return {person: {name: lost[name] for name in ("post", "to")} for person, lost in answer["displaced"].items()}


def test_an_instrument_and_its_entry_show_who_lost_office_and_where_they_went(reform: History) -> None:
    """Ann by the same decree, bob by another of that day, cat nowhere that is known."""
    lost = {
        "ann": {"post": "warden", "to": "master"},
        "bob": {"post": "clerk", "to": "agent"},
        "cat": {"post": "porter", "to": None},
    }

    assert went(of_instrument(reform, "D5")) == lost
    assert went(of_entry(reform, "reform")) == lost
    assert of_entry(reform, "another")["displaced"] == {}


def test_who_was_released_or_succeeded_by_an_entry_lost_office_by_it() -> None:
    """By a stated end as well as by an implied one."""
    history = (
        History()
        .on("2001-01-01", post("warden"), post("clerk"), appointed("ann", "warden"), appointed("bob", "clerk"))
        .on("2005-05-05", appointed("cat", "warden"), released("bob", "clerk"), by="change")
    )

    assert went(of_entry(history, "change")) == {
        "ann": {"post": "warden", "to": None},
        "bob": {"post": "clerk", "to": None},
    }


def test_every_office_that_somebody_lost_is_told_with_where_they_went() -> None:
    """Ann lost two posts by one decree and was out of office until another, a month later."""
    history = (
        History()
        .on("2001-01-01", post("warden"), post("clerk"), post("porter"), post("agent"), by="posts")
        .on("2001-01-01", appointed("ann", "warden"), appointed("ann", "clerk"), appointed("bob", "porter"), by="come")
        .decree("2005-05-05", released("ann", "warden"), released("ann", "clerk", ground="term"), by="D5")
        .decree("2005-06-05", appointed("ann", "agent"), by="D6")
        .decree("2006-06-06", released("bob", "porter"), appointed("bob", "warden"), by="D7")
    )

    left = of_instrument(history, "D5")["displaced"]["ann"]["left"]
    moved = of_instrument(history, "D7")["displaced"]["bob"]

    assert [(lost["post"], lost["until"], lost["ground"], lost["kept"]) for lost in left.values()] == [
        ("clerk", "2005-05-05", "term", []),
        ("warden", "2005-05-05", "unknown", []),
    ]
    for lost in left.values():
        assert (lost["cause"]["instrument"]["id"], lost["move"]["how"], lost["move"]["days"]) == (
            "D5",
            "later",
            [31, 31],
        )
        assert [there["post"] for there in lost["move"]["taken"].values()] == ["agent"]
    assert (moved["to"], moved["left"]["come#3"]["move"]["how"]) == ("warden", "one-act")


def test_who_keeps_another_post_is_told_to_have_kept_it() -> None:
    """Losing one of two posts is no leaving."""
    history = (
        History()
        .on("2001-01-01", post("warden"), post("clerk"), appointed("ann", "warden"), appointed("ann", "clerk"))
        .on("2005-05-05", released("ann", "clerk"), by="exit")
    )

    (lost,) = of_entry(history, "exit")["displaced"]["ann"]["left"].values()

    assert (lost["kept"], lost["move"]) == (["warden"], None)


def test_a_second_entry_on_an_instrument_adds_to_its_effects() -> None:
    """An instrument is the sum of the entries that rest on it."""
    history = History().decree("2001-01-01", unit("assay"), by="decree-1")
    history.on("2002-02-02", unit("works"), by="note", instrument="decree-1")

    effects = of_instrument(history, "decree-1")["effects"]

    assert {"decree-1#1", "note#1"} <= {effect["event"] for effect in effects}


def test_an_instrument_repealed_or_amended_names_by_what() -> None:
    """What it did stands until another act undoes it."""
    history = (
        History()
        .decree("2001-01-01", unit("assay"), by="old")
        .decree("2003-03-03", {"kind": "instrument-amended", "instrument": "old"}, by="change")
        .decree("2005-05-05", {"kind": "instrument-repealed", "instrument": "old"}, by="repeal")
    )

    answer = of_instrument(history, "old")

    assert [cause["entry"] for cause in answer["amended_by"]] == ["change"]
    assert [cause["entry"] for cause in answer["repealed_by"]] == ["repeal"]
    assert spans(answer["states"])[0][:2] == ("2001-01-01", "2005-05-05")
    assert answer["states"][0].keys() >= {"from", "until", "grade", "value", "cause", "rivals"}
    assert "assay" in history.units("2009-01-01")


def test_an_entry_shows_its_changes_as_they_were_written() -> None:
    """With positions, who recorded it, and the instrument as an object."""
    history = History().decree("2001-01-01", unit("assay"), by="decree-1", number="1", title={"en": "On the assay"})

    answer = of_entry(history, "decree-1")

    assert (answer["id"], answer["title"]) == ("decree-1", {"en": "On the assay"})
    assert answer["positions"] == [6, 7]
    assert answer["recorded_by"] == "test"
    assert answer["instrument"]["number"] == "1"
    assert [change["event"] for change in answer["changes"]] == ["decree-1#0", "decree-1#1"]
    assert [change["kind"] for change in answer["changes"]] == ["instrument-issued", "unit-established"]
    assert answer["changes"][1]["effective"] == "2001-01-01"
    assert [effect["kind"] for effect in answer["effects"]] == ["instrument-issued", "unit-established"]


def test_a_corrected_change_shows_what_was_written_and_what_is_read() -> None:
    """Nothing recorded is hidden by a correction."""
    history = (
        History()
        .on("2001-01-01", unit("assay"), unit("works"), by="first")
        .on(
            None,
            {"kind": "corrected", "target": "first#1", "change": unit("assay", kind="bureau"), "reason": "misread"},
            by="fix",
        )
        .on(None, {"kind": "annulled", "target": "first#2", "reason": "forged"}, by="gone")
    )

    corrected, annulled = of_entry(history, "first")["changes"]

    assert corrected["change"]["unit_kind"] == "department"
    assert corrected["live"]["unit_kind"] == "bureau"
    assert corrected["corrected_by"] == "fix#1"
    assert annulled["change"]["unit"] == "works"
    assert annulled["live"] is None
    assert [effect["event"] for effect in of_entry(history, "first")["effects"]] == ["first#1"]
    # and the corrections are entries of their own
    assert [change["kind"] for change in of_entry(history, "fix")["changes"]] == ["corrected"]
    assert [change["kind"] for change in of_entry(history, "gone")["changes"]] == ["annulled"]
