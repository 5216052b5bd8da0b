"""Rows of a difference: windows, nets, causes, counts, and backwards."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.entries import Entry
from projections.diff import diff
from projections.structure import Answer, structure
from tests import strategies
from tests.history import History, abolished, appointed, post, unit, world_of
from tests.projections.differences import kinds, only
from tests.projections.rows import moved, renamed, row_of

# --- (from, to]


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2005-04-29", "2005-04-30", []),
        ("2005-04-30", "2005-05-01", ["unit-renamed"]),
        ("2005-05-01", "2005-05-02", []),
        ("2005-05-01", "2005-05-01", []),
    ],
)
def test_a_window_leaves_out_its_first_day_and_holds_its_last(start: str, end: str, told: list[str]) -> None:
    """Two windows that meet on a day tell every act once."""
    history = History().on("2001-01-01", unit("assay")).on("2005-05-01", renamed("assay", "Assay Office"))

    assert kinds(history.diff(start, end)) == told


# --- netted, one row an attribute


def test_two_renamings_in_a_window_are_one_row_of_the_last() -> None:
    """What was called something else for a while in between is not what the reader asks."""
    # given
    history = (
        History()
        .on("2001-01-01", unit("assay"))
        .on("2005-05-01", renamed("assay", "Testing"), by="first")
        .on("2006-05-01", renamed("assay", "Assay Office"), by="last")
    )

    # when
    row = only(history.diff("2005-01-01", "2007-01-01"))

    # then
    assert row["kind"] == "unit-renamed"
    assert row["subject"] == {"unit": "assay"}
    assert row["before"] == {"name": {"en": "assay"}}
    assert row["after"] == {"name": {"en": "Assay Office"}}
    assert row["effective"] == "2006-05-01"
    assert row["cause"]["entry"] == "last"
    assert row["cause"]["event"] == "last#1"


def test_there_and_back_is_no_row() -> None:
    """A unit that bears its old name again on the last day did not change between the two."""
    history = (
        History()
        .on("2001-01-01", unit("assay"))
        .on("2005-05-01", renamed("assay", "Testing"))
        .on("2006-05-01", renamed("assay", "assay"))
    )

    assert history.diff("2005-01-01", "2007-01-01")["changes"] == []
    assert kinds(history.diff("2005-01-01", "2006-04-30")) == ["unit-renamed"]


def test_what_begins_and_ends_in_the_window_is_no_row() -> None:
    """A unit of one summer is not there on either day."""
    history = History().on("2005-05-01", unit("fair")).on("2005-09-01", abolished("fair"))

    answer = history.diff("2005-01-01", "2006-01-01")

    assert answer["changes"] == []
    assert (answer["ended"], answer["new"]) == ([], [])


def test_each_attribute_has_a_row_of_its_own() -> None:
    """A unit renamed and moved by one decree gives two rows, each to be cited by itself."""
    history = (
        History()
        .on("2001-01-01", unit("assay"), unit("works"))
        .on("2005-05-01", renamed("assay", "Assay Office"), moved("assay", "works"), by="both")
    )

    answer = history.diff("2005-04-30", "2005-05-01")

    assert kinds(answer) == ["unit-moved", "unit-renamed"]
    assert row_of(answer, "unit-moved")["before"] == {"parent": "mint"}
    assert row_of(answer, "unit-moved")["after"] == {"parent": "works"}
    assert row_of(answer, "unit-moved")["cause"]["event"] == "both#2"
    assert row_of(answer, "unit-renamed")["cause"]["event"] == "both#1"


def test_a_unit_that_becomes_its_own_master_is_moved_to_null() -> None:
    """No parent is an answer, not a missing one."""
    history = History().on("2001-01-01", unit("assay")).on("2005-05-01", moved("assay", None))

    row = only(history.diff("2005-04-30", "2005-05-01"))

    assert (row["kind"], row["before"], row["after"]) == ("unit-moved", {"parent": "mint"}, {"parent": None})


@pytest.mark.parametrize(
    ("change", "kind", "before", "after"),
    [
        (
            {"kind": "post-retitled", "post": "warden", "title": {"en": "Master"}},
            "post-retitled",
            {"title": {"en": "warden"}},
            {"title": {"en": "Master"}},
        ),
        ({"kind": "post-moved", "post": "warden", "unit": "assay"}, "post-moved", {"unit": "mint"}, {"unit": "assay"}),
        ({"kind": "seats-changed", "post": "warden", "seats": 3}, "seats-changed", {"seats": 1}, {"seats": 3}),
        ({"kind": "seats-changed", "post": "warden", "seats": None}, "seats-changed", {"seats": 1}, {"seats": None}),
        (
            {"kind": "portfolio-changed", "post": "warden", "portfolio": {"en": "Gold"}},
            "portfolio-changed",
            {"portfolio": None},
            {"portfolio": {"en": "Gold"}},
        ),
    ],
)
def test_a_post_that_changed_is_told_by_what_happened_to_it(
    change: dict[str, object], kind: str, before: Answer, after: Answer
) -> None:
    """A retitled post is never one deleted and one added."""
    history = (
        History()
        .on("2001-01-01", unit("assay"), post("warden"))
        .on("2001-01-01", appointed("ann", "warden"))
        .on("2005-05-01", change)
    )

    row = only(history.diff("2005-04-30", "2005-05-01"))

    assert (row["kind"], row["subject"]) == (kind, {"post": "warden"})
    assert (row["before"], row["after"]) == (before, after)


def test_a_unit_renamed_in_the_year_it_began_begins_with_its_last_name() -> None:
    """A row of a beginning shows the thing as it is on the last day."""
    history = (
        History()
        .on("2005-02-01", unit("assay"), by="begun")
        .on("2005-05-01", renamed("assay", "Assay Office"), by="renamed")
    )

    row = only(history.diff("2005-01-01", "2006-01-01"))

    assert (row["kind"], row["before"], row["effective"]) == ("unit-established", None, "2005-02-01")
    assert row["after"]["name"] == {"en": "Assay Office"}
    assert row["cause"]["entry"] == "begun"


def test_beginnings_and_ends_of_every_kind_of_thing_are_named() -> None:
    """Units, posts and relations begin and end by the names of their acts."""
    relation = {"subject": "assay", "relation": "supports", "object": "works"}
    history = (
        History()
        .on("2001-01-01", unit("works"))
        .on("2005-05-01", unit("assay"), post("warden"), {"kind": "relation-started", **relation})
        .on(
            "2006-05-01",
            {"kind": "relation-ended", **relation},
            {"kind": "post-abolished", "post": "warden"},
            abolished("assay"),
        )
    )

    begun, ended = history.diff("2005-04-30", "2005-05-01"), history.diff("2006-04-30", "2006-05-01")

    assert kinds(begun) == ["post-created", "relation-started", "unit-established"]
    assert kinds(ended) == ["post-abolished", "relation-ended", "unit-abolished"]
    for row in begun["changes"]:
        assert row["before"] is None
        assert row["after"] is not None
        assert (row["effective"], row["grade"], row["implied"]) == ("2005-05-01", "certain", False)
    for row in ended["changes"]:
        assert row["before"] is not None
        assert row["after"] is None
        assert (row["effective"], row["implied"]) == ("2006-05-01", False)


# --- cause, effective, grade


def test_a_row_names_instrument_provision_and_sources() -> None:
    """Whoever reads that a unit was renamed can look the decree up."""
    history = (
        History()
        .on("2001-01-01", unit("assay"))
        .entry(
            {
                "entry": "decree-9",
                "instrument": {"id": "D9", "kind": "decree", "number": "9", "signed": "2005-05-01", "issuer": "Prince"},
                "sources": [{"source": "gazette", "locator": "p. 4", "certainty": "high"}],
                "changes": [{**renamed("assay", "Assay Office"), "provision": "art. 2", "effective": "2005-06"}],
            }
        )
    )

    row = only(history.diff("2005-05-01", "2005-12-31"))

    assert row["effective"] == "2005-06"
    cause = row["cause"]
    assert {"entry", "instrument", "provision", "sources", "event"} <= cause.keys()
    assert (cause["entry"], cause["event"], cause["provision"]) == ("decree-9", "decree-9#1", "art. 2")
    assert cause["sources"] == [{"source": "gazette", "locator": "p. 4", "wording": None, "certainty": "high"}]
    expected = {"id": "D9", "kind": "decree", "number": "9", "signed": "2005-05-01", "issuer": "Prince"}
    assert expected.items() <= cause["instrument"].items()


def test_a_change_known_to_the_month_is_told_from_the_latest_day_of_it() -> None:
    """An attribute shows the old value until the day before the act's latest day."""
    history = History().on("2001-01-01", unit("assay")).on("2005-05", renamed("assay", "Assay Office"))

    assert kinds(history.diff("2005-05-01", "2005-05-30")) == []
    assert kinds(history.diff("2005-05-30", "2005-05-31")) == ["unit-renamed"]


def test_the_grade_of_a_row_is_that_of_after_else_of_before() -> None:
    """A row is as sure as the thing it leaves behind, or as the thing that is gone."""
    # given a unit that begins at some day of 2005, and one that is last heard of in its decree of abolition
    history = History().on("2005", unit("assay")).on("2001-01-01", unit("works")).on("2003-01-01~", abolished("works"))

    assert only(history.diff("2004-12-31", "2005-06-01"))["grade"] == "possible"
    assert only(history.diff("2004-12-31", "2006-06-01"))["grade"] == "presumed"
    assert history.grade("works", "2002-06-01") == "presumed"
    assert only(history.diff("2002-06-01", "2003-02-01"))["grade"] == "presumed"


# --- counts


def test_counts_tell_the_rows_of_each_kind() -> None:
    """A reader sees the size of a reform before its rows."""
    history = (
        History()
        .on("2001-01-01", unit("assay"), unit("works"))
        .on("2005-05-01", renamed("assay", "A"), renamed("works", "W"), moved("works", "assay"))
    )

    counts = history.diff("2005-04-30", "2005-05-01")["counts"]

    assert {kind: n for kind, n in counts.items() if kind != "regraded"} == {"unit-renamed": 2, "unit-moved": 1}


def test_a_difference_of_grade_alone_is_counted_and_no_row() -> None:
    """That we are less sure a year later is no event of the institution."""
    history = History().on("2005-05-05", {"kind": "unit-attested", "unit": "assay", "name": {"en": "A"}})

    answer = history.diff("2005-05-05", "2005-05-06")

    assert answer["changes"] == []
    assert answer["counts"] == {"regraded": 1}


def test_a_difference_of_vacancy_alone_is_counted_and_no_row() -> None:
    """A list that states a vacancy on its day changes what is said of the post, not the post."""
    empty = {"kind": "list-attested", "scope": {"post": "warden"}, "members": [], "closed": True}
    history = (
        History()
        .on("2001-01-01", post("warden"))
        .on("2005-05-05", empty)
        .on("2006-01-01", {"kind": "post-attested", "post": "warden"}, {"kind": "unit-attested", "unit": "mint"})
    )
    assert history.structure("2005-05-05")["posts"]["warden"]["vacancy"] == "vacant"

    answer = history.diff("2005-05-04", "2005-05-05")

    assert answer["changes"] == []
    assert answer["counts"]["regraded"] >= 1


# --- rows and structures

FIELD = {
    "unit-renamed": ("units", "unit", "name"),
    "unit-moved": ("units", "unit", "parent"),
    "post-moved": ("posts", "post", "unit"),
    "seats-changed": ("posts", "post", "seats"),
}
DAYS = strategies.interesting_days()


@given(strategies.registers(), st.sampled_from(DAYS), st.sampled_from(DAYS))
@settings(max_examples=150, deadline=None)
def test_rows_agree_with_the_structures_of_the_two_days(entries: list[Entry], one: int, other: int) -> None:
    """Before and after of a row are what stood then and what stands now; and no difference of a value lacks a row."""
    # given
    start, end = min(one, other), max(one, other)
    world = world_of(entries)
    older, newer = structure(world, start), structure(world, end)

    # when
    answer = diff(world, start, end)

    # then what a row says is so
    for row in answer["changes"]:
        if row["kind"] in FIELD:
            part, kind, field = FIELD[row["kind"]]
            name = row["subject"][kind]
            assert row["before"] == {field: older[part][name][field]}
            assert row["after"] == {field: newer[part][name][field]}
            assert row["grade"] == newer[part][name]["grade"]
        for side, there in (("before", older), ("after", newer)):
            shown = row[side] or {}
            if row["kind"] in ("appointed", "released", "transferred", "holder-changed", "tenure-attested") and shown:
                if shown["post"] in there["posts"]:
                    holder = there["posts"][shown["post"]]["holders"][shown["tenure"]]
                    assert holder["person"] == shown["person"]
    # and there are no two rows of one attribute of one thing
    told = [(row["kind"], sorted(map(str, row["subject"].items()))) for row in answer["changes"]]
    assert all(told.count(row) == 1 for row in told if row[0] in FIELD)
    assert sum(n for kind, n in answer["counts"].items() if kind != "regraded") == len(answer["changes"])
    # and ended and new are units of then and of now
    assert set(answer["ended"]) <= set(older["units"])
    assert set(answer["new"]) <= set(newer["units"])
    for then, now in answer["links"]:
        assert then in older["units"]
        assert now in newer["units"]


# --- backwards


def test_a_diff_backwards_exchanges_before_and_after() -> None:
    """A reader may ask from the later day to the earlier and gets the same rows read backwards."""
    history = (
        History()
        .on("2001-01-01", unit("assay"), unit("works"), post("warden"))
        .on("2001-01-01", appointed("ann", "warden"))
        .on("2005-05-01", renamed("assay", "A"), appointed("bob", "warden"), unit("fair"), by="act")
        .on("2005-05-01", abolished("works", "fair"), by="end")
    )

    forwards = history.diff("2005-04-30", "2005-05-01")
    backwards = history.diff("2005-05-01", "2005-04-30")

    def told(row: Answer) -> tuple[object, ...]:
        return row["kind"], row["subject"], row["effective"], row["implied"], row["cause"]

    assert backwards["reversed"] is True
    assert not forwards.get("reversed")
    assert kinds(forwards) == ["holder-changed", "unit-abolished", "unit-established", "unit-renamed"]
    assert [told(row) for row in backwards["changes"]] == [told(row) for row in forwards["changes"]]
    assert [(row["before"], row["after"]) for row in backwards["changes"]] == [
        (row["after"], row["before"]) for row in forwards["changes"]
    ]
    assert forwards["links"] == [["works", "fair"]]
    assert backwards["links"] == [["fair", "works"]]
    assert forwards["counts"] == backwards["counts"]


def test_a_value_said_again_changed_nothing() -> None:
    """Two decrees give one name: the difference names the first of them, by which the name came to be."""
    # given
    history = History().on("2001-01-01", unit("u")).on("2002-01-01", renamed("u", "Salt"), by="first")
    history.on("2003-01-01", renamed("u", "Salt"), by="again")

    # then
    row = only(history.diff("2001-06-01", "2004-01-01"))
    assert (row["kind"], row["effective"], row["cause"]["entry"]) == ("unit-renamed", "2002-01-01", "first")
    assert history.diff("2002-06-01", "2004-01-01")["changes"] == []
