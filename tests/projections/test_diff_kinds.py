"""Rows of a difference by what they tell: attested, lives, implied, functions and quantities, units without a name."""

from __future__ import annotations

from tests.history import History, abolished, appointed, post, unit
from tests.projections.differences import kinds, only
from tests.projections.rows import row_of

# --- attested


def test_a_unit_first_shown_by_a_source_is_attested_by_then() -> None:
    """A yearbook does not found what it lists: nobody knows when that began."""
    history = History().on(
        "2005-05-05",
        {"kind": "unit-attested", "unit": "assay", "name": {"en": "Assay"}, "parent": "mint"},
        by="yearbook",
    )

    row = only(history.diff("2005-05-04", "2005-05-05"))

    assert (row["kind"], row["subject"]) == ("unit-attested", {"unit": "assay"})
    assert (row["effective"], row["before"], row["grade"]) == ("../2005-05-05", None, "certain")
    assert row["after"]["name"] == {"en": "Assay"}
    assert row["cause"]["event"] == "yearbook#1"
    assert kinds(history.diff("2005-05-05", "2006-05-05")) == []


def test_posts_and_relations_first_shown_are_attested_too() -> None:
    """The same holds of every kind of thing."""
    history = (
        History()
        .on("2001-01-01", unit("works"))
        .on(
            "2005-05-05",
            {"kind": "post-attested", "post": "warden", "title": {"en": "Warden"}, "unit": "works"},
            {"kind": "relation-attested", "subject": "works", "relation": "supports", "object": "mint"},
            {"kind": "tenure-attested", "person": "ann", "post": "warden"},
        )
    )

    answer = history.diff("2005-05-04", "2005-05-05")

    assert kinds(answer) == ["post-attested", "relation-attested", "tenure-attested"]
    assert {row["effective"] for row in answer["changes"]} == {"../2005-05-05"}


def test_a_list_attests_its_members() -> None:
    """Units printed under a heading are shown by the list, none is founded by it."""
    history = History().on(
        None,
        {"kind": "unit-attested", "unit": "assay", "name": {"en": "Assay"}, "effective": None},
        {
            "kind": "list-attested",
            "scope": {"parent": "mint"},
            "members": ["assay"],
            "closed": False,
            "effective": "2005-05-05",
        },
        by="list",
    )

    row = only(history.diff("2005-05-04", "2005-05-05"))

    assert (row["kind"], row["effective"], row["cause"]["event"]) == ("unit-attested", "../2005-05-05", "list#2")
    assert row["after"]["parent"] == "mint"


def test_a_name_first_shown_by_a_source_is_attested_by_then() -> None:
    """Two yearbooks that call a unit differently do not say when it was renamed."""
    attested = {"kind": "unit-attested", "unit": "assay", "parent": "mint"}
    history = (
        History()
        .on("2005-05-05", {**attested, "name": {"en": "Assay"}})
        .on("2007-07-07", {**attested, "name": {"en": "Assay Office"}}, by="second")
    )

    row = only(history.diff("2006-01-01", "2008-01-01"))

    assert (row["kind"], row["effective"]) == ("unit-attested", "../2007-07-07")
    assert (row["before"], row["after"]) == ({"name": {"en": "Assay"}}, {"name": {"en": "Assay Office"}})
    assert row["cause"]["entry"] == "second"


def test_a_name_that_a_source_claims_for_its_own_day_makes_no_renaming_on_the_morrow() -> None:
    """A rival on its own day only: nobody renamed the unit, least of all the act that founded it."""
    sources = [{"source": "seal", "certainty": "high"}, {"source": "ledger", "certainty": "high"}]
    attested = {"kind": "unit-attested", "unit": "assay", "name": {"en": "Assay Office"}, "sources": sources}
    history = History().on("2001-01-01", unit("assay"), by="begun").on("2005-05-05", attested, by="seal")
    assert history.structure("2005-05-05")["units"]["assay"]["name"] == {"en": "Assay Office"}
    assert history.structure("2005-05-06")["units"]["assay"]["name"] == {"en": "assay"}

    row = only(history.diff("2005-05-05", "2005-05-06"))

    assert row["kind"] != "unit-renamed"


def test_a_start_stated_as_by_then_is_an_establishment() -> None:
    """`../D` written for an act is a stated start, not an attestation."""
    history = History().on("../2005-05-05", unit("assay"))

    answer = history.diff("2004-01-01", "2005-05-05")  # possible, then presumed: a difference of grade alone

    assert answer["changes"] == []
    assert answer["counts"]["regraded"] >= 1
    assert history.structure("2004-01-01")["units"]["assay"]["since"] == "../2005-05-05"


# --- lives


def test_two_lives_of_one_id_give_an_end_and_a_start() -> None:
    """A unit abolished and founded anew is not one that went on."""
    history = (
        History()
        .on("2001-01-01", unit("assay"), by="old")
        .on("2003-01-01", abolished("assay"), by="end")
        .on("2005-01-01", unit("assay"), by="new")
    )

    answer = history.diff("2002-01-01", "2006-01-01")

    assert kinds(answer) == ["unit-abolished", "unit-established"]
    assert row_of(answer, "unit-abolished")["cause"]["entry"] == "end"
    assert row_of(answer, "unit-established")["cause"]["entry"] == "new"
    assert (answer["ended"], answer["new"], answer["links"]) == (["assay"], ["assay"], [])


def test_a_reinstatement_is_told_as_one() -> None:
    """What stood again by a decree of reinstatement is not a new foundation."""
    history = (
        History()
        .on("2001-01-01", unit("assay"), post("warden"))
        .on("2003-01-01", abolished("assay"), {"kind": "post-abolished", "post": "warden"})
        .on("2005-01-01", {"kind": "unit-reinstated", "unit": "assay"}, {"kind": "post-reinstated", "post": "warden"})
    )

    assert kinds(history.diff("2004-01-01", "2006-01-01")) == ["post-reinstated", "unit-reinstated"]


# --- implied rows


def test_what_falls_with_a_unit_is_implied_with_the_cause_of_the_fall() -> None:
    """The decree that abolished the works ended its assay, its warden and ann's office, unnamed."""
    # given
    history = (
        History()
        .on("2001-01-01", unit("works"), unit("assay", "works"), post("warden", "assay"), by="begun")
        .on("2001-01-01", appointed("ann", "warden"))
        .on(
            "2001-01-01",
            {"kind": "relation-started", "subject": "assay", "relation": "supports", "object": "mint"},
        )
        .decree("2005-05-01", abolished("works"), by="decree-5", number="5")
    )

    # when
    answer = history.diff("2005-04-30", "2005-05-01")

    # then
    assert kinds(answer) == ["post-abolished", "relation-ended", "released", "unit-abolished", "unit-abolished"]
    for row in answer["changes"]:
        assert row["cause"]["event"] == "decree-5#1"
        assert row["cause"]["instrument"]["number"] == "5"
        assert row["effective"] == "2005-05-01"
        assert row["after"] is None
        assert row["implied"] == (row["subject"] != {"unit": "works"})
    # and the grade of each is what it had before
    before = history.structure("2005-04-30")
    assert row_of(answer, "unit-abolished", unit="assay")["grade"] == before["units"]["assay"]["grade"]
    assert row_of(answer, "post-abolished")["grade"] == before["posts"]["warden"]["grade"]


def test_a_transformed_unit_passes_its_parts_on_by_implied_moves() -> None:
    """Nobody wrote that the assay moved; it did, by the act that made the works a bureau."""
    history = (
        History()
        .on("2001-01-01", unit("works"), unit("assay", "works"), post("warden", "works"))
        .on(
            "2005-05-01",
            {
                "kind": "units-reorganized",
                "form": "transform",
                "before": ["works"],
                "after": [{"unit": "bureau", "name": {"en": "Bureau"}, "unit_kind": "bureau", "parent": "mint"}],
            },
            by="act",
        )
    )

    answer = history.diff("2005-04-30", "2005-05-01")

    assert kinds(answer) == ["post-moved", "unit-moved", "units-reorganized"]
    for kind, before, after in [
        ("unit-moved", {"parent": "works"}, {"parent": "bureau"}),
        ("post-moved", {"unit": "works"}, {"unit": "bureau"}),
    ]:
        row = row_of(answer, kind)
        assert (row["before"], row["after"], row["implied"]) == (before, after, True)
        assert (row["effective"], row["cause"]["event"]) == ("2005-05-01", "act#1")


def test_a_closed_list_ends_what_it_omits_between_the_last_evidence_and_itself() -> None:
    """The reader sees between which days the unit fell away."""
    history = (
        History()
        .on("2001-01-01", unit("assay"), unit("works"))
        .on(
            "2005-05-05",
            {"kind": "list-attested", "scope": {"parent": "mint"}, "members": ["works"], "closed": True},
            by="list",
        )
    )

    row = only(history.diff("2001-01-01", "2005-05-05"))

    assert (row["kind"], row["subject"], row["implied"]) == ("unit-abolished", {"unit": "assay"}, True)
    assert row["effective"] == "2001-01-02/2005-05-05"
    assert row["cause"]["entry"] == "list"


# --- functions and quantities

HALLMARKS = {"function": "hallmarks", "text": {"en": "To strike hallmarks"}}


def test_a_function_assigned_and_withdrawn_is_told_as_that() -> None:
    """With the holder, so that a reader sees whose it was."""
    history = (
        History()
        .on("2001-01-01", {"kind": "function-assigned", "holder": "mint", **HALLMARKS}, by="given")
        .on("2003-03-03", {"kind": "function-withdrawn", "holder": "mint", **HALLMARKS}, by="taken")
    )

    given, taken = only(history.diff("2000-12-31", "2001-01-01")), only(history.diff("2003-03-02", "2003-03-03"))

    assert (given["kind"], given["before"], given["effective"]) == ("function-assigned", None, "2001-01-01")
    assert (taken["kind"], taken["after"], taken["effective"]) == ("function-withdrawn", None, "2003-03-03")
    assert (given["cause"]["event"], taken["cause"]["event"]) == ("given#1", "taken#1")


def test_a_function_first_shown_by_a_source_is_attested_by_then() -> None:
    """As with everything else."""
    history = History().on("2005-05-05", {"kind": "function-attested", "holder": "mint", **HALLMARKS})

    row = only(history.diff("2005-05-04", "2005-05-05"))

    assert (row["kind"], row["effective"]) == ("function-attested", "../2005-05-05")


def test_a_function_transferred_is_never_one_withdrawn_and_one_assigned() -> None:
    """Transferred is recognised as such, never delete and add."""
    history = (
        History()
        .on("2001-01-01", unit("assay"))
        .on("2001-01-01", {"kind": "function-assigned", "holder": "mint", **HALLMARKS})
        .on("2003-03-03", {"kind": "function-transferred", "holder": "assay", **HALLMARKS}, by="move")
    )

    answer = history.diff("2003-03-02", "2003-03-03")

    assert set(kinds(answer)) == {"function-transferred"}
    assert {row["cause"]["event"] for row in answer["changes"]} == {"move#1"}


def test_a_quantity_appears_and_vanishes_as_observed() -> None:
    """A number stands on its own day, so it comes and goes."""
    staff = {"kind": "quantity-observed", "subject": "mint", "quantity": "staff", "value": 120}
    history = History().on("2005-05-05", staff, by="count")

    came, went = only(history.diff("2005-05-04", "2005-05-05")), only(history.diff("2005-05-05", "2005-05-06"))

    for row in (came, went):
        assert row["kind"] == "quantity-observed"
        assert row["subject"] == {"subject": "mint", "quantity": "staff"}
        assert row["cause"]["event"] == "count#1"
        assert (row["effective"], row["grade"]) == ("2005-05-05", "certain")
    assert (came["before"], came["after"]["value"]) == (None, 120)
    assert (went["before"]["value"], went["after"]) == (120, None)
    assert history.diff("2005-05-04", "2005-05-06")["changes"] == []


# --- unnamed units


def test_unnamed_units_are_rows_and_nothing_else() -> None:
    """That the decree closed four divisions is told, though no source names one."""
    history = History().on(
        "2005-05-01", {"kind": "unnamed-units-abolished", "count": 4, "unit_kind": "division", "parent": "mint"}
    )

    answer = history.diff("2005-04-30", "2005-05-01")
    row = only(answer)

    assert (row["kind"], row["after"], row["effective"]) == ("unnamed-units-abolished", None, "2005-05-01")
    assert row["before"] == {"count": 4, "unit_kind": "division", "parent": "mint"}
    assert row["grade"] is not None
    assert answer["counts"] == {"unnamed-units-abolished": 1, "regraded": 0}
    assert answer["ended"] == []
    assert history.units("2005-05-01") == ["mint"]
    assert kinds(history.diff("2005-05-01", "2006-05-01")) == []
