"""What stood on a day: every field that the contract promises, and what they mean."""

from __future__ import annotations

from typing import Any

import pytest

from domain.lives import Grade
from projections.structure import Answer
from tests.history import History, abolished, appointed, post, released, unit

GRADED = {"grade", "since", "until", "evidence", "contested", "cause"}
ATTESTED = {"kind": "unit-attested", "unit": "assay", "name": {"en": "Assay"}, "parent": "mint"}


def test_an_answer_has_its_five_parts_and_a_count() -> None:
    """JSON objects keyed by id, never arrays of entities."""
    answer = History().structure("2000-01-01")

    assert answer.keys() == {"units", "posts", "relations", "functions", "quantities", "unattested"}
    for part in ("units", "posts", "relations", "functions", "quantities"):
        assert isinstance(answer[part], dict)
    assert answer["unattested"] == 0


def test_before_anything_is_known_nothing_stands() -> None:
    """The eve of the founding, and its day."""
    assert History().units("1999-12-31") == []
    assert History().units("2000-01-01") == ["mint"]


# --- shapes


def test_a_unit_shows_its_fields() -> None:
    """Name in every language given, kind, parent, order, and what is known of it."""
    history = History().on(
        "2001-01-01",
        {
            "kind": "unit-established",
            "unit": "assay",
            "name": {"en": "Assay", "kk": "Сынақ", "ru": "Проба"},
            "unit_kind": "bureau",
            "parent": "mint",
            "order": 3,
        },
        by="act",
    )

    seen = history.structure("2001-01-01")["units"]["assay"]

    assert seen.keys() >= {"name", "kind", "parent"} | GRADED
    assert seen["name"] == {"en": "Assay", "kk": "Сынақ", "ru": "Проба"}
    assert (seen["kind"], seen["parent"], seen["order"]) == ("bureau", "mint", 3)
    assert (seen["grade"], seen["since"], seen["until"]) == ("certain", "2001-01-01", None)
    assert (seen["evidence"], seen["contested"]) == ("2001-01-01", False)
    assert seen["cause"]["event"] == "act#1"


def test_a_unit_without_parent_says_null() -> None:
    """Unit and parent may be null."""
    history = History().on("2001-01-01", post("envoy"), {**post("agent"), "unit": None})

    answer = history.structure("2001-01-01")

    assert answer["units"]["mint"]["parent"] is None
    assert answer["posts"]["agent"]["unit"] is None
    assert answer["posts"]["envoy"]["unit"] == "mint"


def test_a_post_shows_its_fields_and_its_holders_by_tenure() -> None:
    """Title, unit, seats, vacancy, and under holders each tenure with person and capacity."""
    history = History().on(
        "2001-01-01",
        {**post("warden", seats=2), "portfolio": {"en": "Gold"}},
        appointed("ann", "warden"),
        appointed("bob", "warden", "acting", tenure="bob-1"),
        by="act",
    )

    seen = history.structure("2001-01-01")["posts"]["warden"]

    assert seen.keys() >= {"title", "unit", "seats", "vacancy", "holders"} | GRADED
    assert (seen["title"], seen["unit"], seen["seats"]) == ({"en": "warden"}, "mint", 2)
    assert seen["portfolio"] == {"en": "Gold"}
    assert seen["holders"].keys() == {"act#2", "bob-1"}
    for tenure, person, capacity in [("act#2", "ann", "substantive"), ("bob-1", "bob", "acting")]:
        holder = seen["holders"][tenure]
        assert holder.keys() >= {"person", "capacity"} | GRADED
        assert (holder["person"], holder["capacity"]) == (person, capacity)
        assert (holder["since"], holder["until"], holder["grade"]) == ("2001-01-01", None, "certain")


def test_a_relation_is_keyed_by_its_three_parts_and_shows_them() -> None:
    """`subject|relation|object`, of units or posts."""
    relation = {"subject": "warden", "relation": "accountable-to", "object": "mint"}
    history = History().on("2001-01-01", post("warden"), {"kind": "relation-started", **relation}, by="act")

    relations = history.structure("2001-01-01")["relations"]

    assert relations.keys() == {"warden|accountable-to|mint"}
    seen = relations["warden|accountable-to|mint"]
    assert relation.items() <= seen.items()
    assert seen.keys() >= GRADED
    assert (seen["grade"], seen["since"], seen["cause"]["event"]) == ("certain", "2001-01-01", "act#2")


HALLMARKS = {"holder": "mint", "function": "hallmarks", "text": {"en": "To strike hallmarks"}}


def test_a_function_is_keyed_by_its_event_and_shows_holder_function_and_text() -> None:
    """Of a unit or a post; it ends where it is withdrawn."""
    history = (
        History()
        .on("2001-01-01", {"kind": "function-assigned", **HALLMARKS}, by="act")
        .on("2003-03-03", {"kind": "function-withdrawn", "holder": "mint", "function": "hallmarks"})
    )

    functions = history.structure("2001-01-01")["functions"]

    assert functions.keys() == {"act#1"}
    seen = functions["act#1"]
    assert HALLMARKS.items() <= seen.items()
    assert seen.keys() >= GRADED
    assert (seen["grade"], seen["since"], seen["until"]) == ("certain", "2001-01-01", "2003-03-03")
    assert seen["cause"]["event"] == "act#1"
    assert history.structure("2003-03-02")["functions"].keys() == {"act#1"}
    assert history.structure("2003-03-03")["functions"] == {}


def test_a_transferred_function_is_with_its_new_holder_alone() -> None:
    """It ends at every other holder, and keeps its text where none is said."""
    history = (
        History()
        .on("2001-01-01", unit("assay"), unit("works"))
        .on("2001-01-01", *({"kind": "function-assigned", **HALLMARKS, "holder": h} for h in ("mint", "works")))
        .on("2003-03-03", {"kind": "function-transferred", **HALLMARKS, "holder": "assay"}, by="move")
    )

    eve, day = history.structure("2003-03-02")["functions"], history.structure("2003-03-03")["functions"]

    assert sorted(seen["holder"] for seen in eve.values()) == ["mint", "works"]
    assert {key: seen["holder"] for key, seen in day.items()} == {"move#1": "assay"}


def test_a_function_falls_with_its_holder() -> None:
    """Any end of a unit ends the functions it stands in."""
    history = (
        History()
        .on("2001-01-01", unit("assay"))
        .on("2001-01-01", {"kind": "function-assigned", **HALLMARKS, "holder": "assay"}, by="act")
        .on("2003-03-03", abolished("assay"))
    )

    assert history.structure("2003-03-02")["functions"]["act#1"]["until"] == "2003-03-03"
    assert history.structure("2003-03-03")["functions"] == {}


def test_a_quantity_is_keyed_by_its_event_and_stands_on_its_own_day() -> None:
    """Somebody counted 120 that day; of the day after nobody said anything."""
    staff = {
        "subject": "mint",
        "quantity": "staff",
        "value": 120,
        "unit": "persons",
        "approximate": True,
        "claimant": "Almanac",
    }
    history = History().on("2005-05-05", {"kind": "quantity-observed", **staff}, by="count")

    quantities = history.structure("2005-05-05")["quantities"]

    assert quantities.keys() == {"count#1"}
    seen = quantities["count#1"]
    assert staff.items() <= seen.items()
    assert seen.keys() >= {"grade", "cause"}
    assert (seen["grade"], seen["cause"]["event"]) == ("certain", "count#1")
    assert history.structure("2005-05-04")["quantities"] == {}
    assert history.structure("2005-05-06")["quantities"] == {}


@pytest.mark.parametrize(
    ("effective", "as_of", "grade"),
    [
        ("2005", "2004-12-31", None),
        ("2005", "2005-01-01", "possible"),
        ("2005", "2005-12-31", "possible"),
        ("2005", "2006-01-01", None),
        ("2005-05-05?", "2005-05-05", "possible"),
        ("2005-05-05~", "2005-05-06", "possible"),
    ],
)
def test_a_quantity_is_possible_on_the_days_of_its_bounds(effective: str, as_of: str, grade: str | None) -> None:
    """Certain if one stated day, else possible."""
    staff = {"kind": "quantity-observed", "subject": "mint", "quantity": "staff", "value": 120.5}
    history = History().on(effective, staff, by="count")

    seen = history.structure(as_of)["quantities"].get("count#1")

    assert (seen and seen["grade"]) == grade
    assert history.structure(as_of, "certain")["quantities"] == {}


# --- grade parameter and unattested


@pytest.fixture
def graded() -> History:
    """Units of every grade on 2005-05-05: certain, presumed, possible, and shown only the day after."""
    return (
        History()
        .on("2005-05-05", ATTESTED)
        .on("2001-01-01", unit("works"))
        .on("2005", unit("fair"))
        .on("2005-05-06", {"kind": "unit-attested", "unit": "vault", "name": {"en": "Vault"}})
    )


@pytest.mark.parametrize(
    ("lowest", "shown", "left"),
    [
        ("certain", {"assay", "mint"}, 1),
        ("presumed", {"assay", "mint", "works"}, 1),
        ("possible", {"assay", "mint", "works", "fair"}, 1),
        ("unattested", {"assay", "mint", "works", "fair", "vault"}, 0),
    ],
)
def test_the_grade_asked_for_is_the_lowest_shown(graded: History, lowest: Grade, shown: set[str], left: int) -> None:
    """What no source shows as early as that day is counted, and shown only when asked for."""
    answer = graded.structure("2005-05-05", lowest)

    assert set(answer["units"]) == shown
    assert answer["unattested"] == left


def test_by_default_the_possible_is_shown_and_the_unattested_counted(graded: History) -> None:
    """The eve and the day of the first attestation."""
    assert graded.structure("2005-05-05")["unattested"] == 1
    assert graded.structure("2005-05-06")["unattested"] == 0
    assert graded.structure("2005-05-05") == graded.structure("2005-05-05", "possible")


def test_holders_and_relations_are_shown_by_grade_too() -> None:
    """The lowest grade asked for holds of everything in the answer."""
    history = (
        History()
        .on("2001-01-01", post("warden"))
        .on("2001-01-01", {"kind": "relation-started", "subject": "warden", "relation": "advises", "object": "mint"})
        .on("2002", appointed("ann", "warden"))
    )
    possible, presumed = history.structure("2002-05-05"), history.structure("2002-05-05", "presumed")

    assert [h["grade"] for h in possible["posts"]["warden"]["holders"].values()] == ["possible"]
    assert presumed["posts"]["warden"]["holders"] == {}
    assert presumed["relations"].keys() == {"warden|advises|mint"}
    assert history.structure("2002-05-05", "certain")["relations"] == {}


def test_an_unattested_thing_shows_what_is_first_said_of_it() -> None:
    """Asked for, it comes with its first values and no start."""
    history = History().on("2005-05-05", ATTESTED)

    seen = history.structure("2001-01-01", "unattested")["units"]["assay"]

    assert (seen["grade"], seen["since"], seen["name"]) == ("unattested", None, {"en": "Assay"})


def test_unattested_tenures_and_relations_are_counted() -> None:
    """A fact is absent and counted, whichever it is."""
    history = (
        History()
        .on("2001-01-01", post("warden"))
        .on(
            "2005-05-05",
            {"kind": "tenure-attested", "person": "ann", "post": "warden"},
            {"kind": "relation-attested", "subject": "warden", "relation": "advises", "object": "mint"},
        )
    )

    assert history.structure("2005-05-04")["unattested"] == 2
    assert history.structure("2005-05-05")["unattested"] == 0


# --- since and until


@pytest.mark.parametrize("text", ["2001-01-01", "2001-01", "2001", "2001-01~", "../2001-01-01", "2000/2001-03"])
def test_since_is_the_date_as_recorded(text: str) -> None:
    """A reader sees how badly a day is known, in the editor's own notation."""
    history = History().on(text, unit("assay"))

    assert history.structure("2005-01-01")["units"]["assay"]["since"] == text


def test_since_and_until_are_those_of_the_whole_life() -> None:
    """On every day of it the reader sees when it began and how it will end."""
    history = History().on("2001-01-01", unit("assay")).on("2003-03", abolished("assay"))

    for as_of in ("2001-01-01", "2002-02-02", "2003-03-30"):
        seen = history.structure(as_of)["units"]["assay"]
        assert (seen["since"], seen["until"]) == ("2001-01-01", "2003-03")
    assert "assay" not in history.structure("2003-03-31")["units"]


def test_an_unknown_start_is_null() -> None:
    """An attestation starts nothing."""
    seen = History().on("2005-05-05", ATTESTED).structure("2005-05-05")["units"]["assay"]

    assert (seen["since"], seen["until"], seen["evidence"]) == (None, None, "2005-05-05")


def test_an_implied_end_shows_the_day_of_its_cause() -> None:
    """What falls with its unit ends when the unit does."""
    history = (
        History()
        .on("2001-01-01", unit("works"), post("warden", "works"), appointed("ann", "warden"))
        .on("2003-03", abolished("works"))
    )

    answer = history.structure("2002-01-01")

    assert answer["posts"]["warden"]["until"] == "2003-03"
    assert [holder["until"] for holder in answer["posts"]["warden"]["holders"].values()] == ["2003-03"]


def test_an_end_by_succession_is_some_day_since_the_last_evidence() -> None:
    """Ann was last heard of on the day she was appointed; bob followed two years later."""
    history = (
        History()
        .on("2001-01-01", post("warden"), appointed("ann", "warden"))
        .on("2003-03-03", appointed("bob", "warden"))
    )

    ann = history.holder("ann", "warden", "2003-03-02")

    assert ann is not None
    assert (ann["until"], ann["grade"]) == ("2001-01-02/2003-03-03", "presumed")
    assert history.people("warden", "2003-03-03") == ["bob"]


def test_an_end_by_succession_on_the_morrow_of_the_last_evidence_is_one_day() -> None:
    """Where both bounds are one day, it is written as one."""
    history = (
        History()
        .on("2001-01-01", post("warden"), appointed("ann", "warden"))
        .on("2003-03-02", {"kind": "tenure-attested", "person": "ann", "post": "warden"})
        .on("2003-03-03", appointed("bob", "warden"))
    )

    ann = history.holder("ann", "warden", "2003-03-02")

    assert ann is not None
    assert ann["until"] == "2003-03-03"


def test_a_stated_end_clipped_by_a_cause_keeps_its_own_text() -> None:
    """The almanac says 2003; that bob followed in March makes it no other claim."""
    history = (
        History()
        .on("2001-01-01", post("warden"), appointed("ann", "warden"))
        .on("2003", released("ann", "warden"))
        .on("2003-03-03", appointed("bob", "warden"))
    )

    ann = history.holder("ann", "warden", "2003-03-02")

    assert ann is not None
    assert ann["until"] == "2003"
    assert history.people("warden", "2003-03-03") == ["bob"]


def test_evidence_is_the_last_day_the_record_shows_it() -> None:
    """Start, attestation, an act upon it, and what it holds up."""
    history = History().on("2001-01-01", unit("assay"))
    assert history.structure("2009-01-01")["units"]["assay"]["evidence"] == "2001-01-01"

    history.on("2002-02-02", {"kind": "unit-renamed", "unit": "assay", "name": {"en": "A"}})
    assert history.structure("2009-01-01")["units"]["assay"]["evidence"] == "2002-02-02"

    history.on("2003-03-03", post("warden", "assay"))
    assert history.structure("2009-01-01")["units"]["assay"]["evidence"] == "2003-03-03"


def test_contested_days_say_so() -> None:
    """From the earlier claim's latest day to the eve of the later claim's earliest."""
    history = (
        History()
        .on("2001-01-01", unit("assay"), instrument={"kind": "decree"})
        .on("2001-01-04", unit("assay"), sources=[{"source": "almanac"}])
        .on("2002-01-01", {"kind": "unit-attested", "unit": "assay"})
    )

    seen = {d: history.structure(f"2001-01-0{d}")["units"]["assay"] for d in (1, 3, 4)}

    assert {d: thing["contested"] for d, thing in seen.items()} == {1: True, 3: True, 4: False}
    assert {d: thing["grade"] for d, thing in seen.items()} == {1: "presumed", 3: "presumed", 4: "certain"}


# --- cause


def test_a_cause_has_the_shape_of_the_contract() -> None:
    """Entry, event, the instrument as an object, provision and sources."""
    history = History().entry(
        {
            "entry": "decree-9",
            "instrument": {
                "id": "D9",
                "kind": "decree",
                "number": "9",
                "signed": "2001-01-01",
                "title": {"en": "On the assay"},
            },
            "sources": [{"source": "gazette", "locator": "p. 4"}],
            "changes": [{**unit("assay"), "provision": "art. 1"}],
        }
    )

    cause = history.structure("2001-01-01")["units"]["assay"]["cause"]

    assert cause.keys() >= {"entry", "event", "instrument", "provision", "sources"}
    assert (cause["entry"], cause["event"], cause["provision"]) == ("decree-9", "decree-9#1", "art. 1")
    assert cause["sources"] == [{"source": "gazette", "locator": "p. 4", "wording": None, "certainty": "medium"}]
    assert (
        cause["instrument"].items()
        >= {
            "id": "D9",
            "kind": "decree",
            "number": "9",
            "signed": "2001-01-01",
            "title": {"en": "On the assay"},
            "issuer": None,
            "published": None,
            "in_force": None,
        }.items()
    )


def test_without_instrument_provision_or_sources_the_cause_says_so() -> None:
    """Absent is null or empty, not left out."""
    cause = History().on("2001-01-01", unit("assay")).structure("2001-01-01")["units"]["assay"]["cause"]

    assert (cause["instrument"], cause["provision"], cause["sources"]) == (None, None, [])


def test_the_cause_is_that_of_the_start_of_the_life() -> None:
    """A renaming years later does not become the reason why the unit stands."""
    history = (
        History()
        .on("2001-01-01", unit("assay"), by="begun")
        .on("2002-01-01", {"kind": "unit-renamed", "unit": "assay", "name": {"en": "A"}})
    )

    assert history.structure("2003-01-01")["units"]["assay"]["cause"]["entry"] == "begun"


def test_the_cause_of_a_thing_only_attested_is_the_first_attestation() -> None:
    """First in the order of effect, whichever was recorded first."""
    history = History().on("2006-06-06", ATTESTED, by="later").on("2005-05-05", ATTESTED, by="earlier")

    assert history.structure("2007-01-01")["units"]["assay"]["cause"]["entry"] == "earlier"


def test_a_later_life_has_the_cause_of_its_own_start() -> None:
    """An id that came back stands by the act that brought it back."""
    history = (
        History()
        .on("2001-01-01", unit("assay"), by="old")
        .on("2002-01-01", abolished("assay"))
        .on("2003-01-01", unit("assay"), by="new")
    )

    assert history.structure("2001-06-01")["units"]["assay"]["cause"]["entry"] == "old"
    assert history.structure("2003-06-01")["units"]["assay"]["cause"]["entry"] == "new"


def test_a_corrected_change_stays_the_cause_and_names_its_correction() -> None:
    """Instrument and entry stay the target's, also in the cause."""
    history = History().decree("2001-01-01", unit("assay"), by="decree-1")
    history.on(
        None,
        {"kind": "corrected", "target": "decree-1#1", "change": unit("assay", kind="bureau"), "reason": "misread"},
        by="fix",
    )

    seen = history.structure("2001-01-01")["units"]["assay"]

    assert seen["kind"] == "bureau"
    assert (seen["cause"]["entry"], seen["cause"]["event"]) == ("decree-1", "decree-1#1")
    assert seen["cause"]["instrument"]["id"] == "decree-1"
    assert seen["cause"]["corrected_by"] == "fix#1"


# --- known at


def test_a_decree_found_late_is_unknown_before_its_recording() -> None:
    """The reader of that time did not know it."""
    history = History().on("2005-01-01", unit("works"), by="works").on("2001-01-01", unit("assay"), by="late")

    assert "assay" not in history.structure("2005-01-01", known="works")["units"]
    assert "assay" in history.structure("2005-01-01", known="late")["units"]


# --- vacancy


def vacancy(history: History, as_of: str, grade: Grade = "possible") -> str:
    """What is said of the warden's seats."""
    answer: Answer = history.structure(as_of, grade)["posts"]["warden"]
    said: str = answer["vacancy"]
    return said


EMPTY: dict[str, Any] = {"kind": "list-attested", "scope": {"post": "warden"}, "members": [], "closed": True}


def test_a_post_with_a_holder_is_filled() -> None:
    """Certain or presumed, substantive or acting."""
    history = History().on("2001-01-01", post("warden"), appointed("ann", "warden", "acting"))

    assert vacancy(history, "2001-01-01") == "filled"
    assert vacancy(history, "2009-01-01") == "filled"


@pytest.mark.parametrize(("seats", "said"), [(1, "filled"), (2, "part-filled"), (None, "filled")])
def test_a_post_with_fewer_holders_than_seats_is_part_filled(seats: int | None, said: str) -> None:
    """Of the other seats nothing is said; where seats are unknown, none is missing."""
    history = History().on("2001-01-01", post("warden", seats=seats), appointed("ann", "warden"))

    assert vacancy(history, "2001-01-01") == said


def test_without_a_holder_it_is_unknown_whether_a_post_is_vacant() -> None:
    """Unknown is never vacant: also after a release."""
    history = (
        History()
        .on("2001-01-01", post("warden"))
        .on("2002-02-02", appointed("ann", "warden"))
        .on("2003-03-03", released("ann", "warden"))
    )

    assert vacancy(history, "2002-02-01") == "unknown"
    assert vacancy(history, "2003-03-02") == "filled"
    assert vacancy(history, "2003-03-03") == "unknown"


def test_a_possible_holder_alone_leaves_it_unknown() -> None:
    """Only certain and presumed holders fill a post."""
    history = History().on("2001-01-01", post("warden")).on("2002", appointed("ann", "warden"))

    assert vacancy(history, "2002-05-05") == "unknown"
    assert vacancy(history, "2002-12-31") == "filled"


def test_an_empty_closed_list_states_a_vacancy_on_its_own_day() -> None:
    """On the eve and on the morrow nothing is said."""
    history = History().on("2001-01-01", post("warden")).on("2005-05-05", EMPTY)

    assert [vacancy(history, f"2005-05-0{d}") for d in (4, 5, 6)] == ["unknown", "vacant", "unknown"]


def test_an_empty_list_that_is_not_closed_states_nothing() -> None:
    """Only a complete list says that nobody holds a post."""
    history = History().on("2001-01-01", post("warden")).on("2005-05-05", {**EMPTY, "closed": False})

    assert vacancy(history, "2005-05-05") == "unknown"


def test_vacancy_does_not_depend_on_the_grade_asked_for() -> None:
    """A reader who asks for certain things alone is not told that a post's holder is unknown."""
    history = (
        History()
        .on("2001-01-01", post("warden"), appointed("ann", "warden"))
        .on("2005-05-05", {"kind": "post-attested", "post": "warden"})
    )
    assert vacancy(history, "2005-05-05") == "filled"

    assert vacancy(history, "2005-05-05", "certain") == "filled"
