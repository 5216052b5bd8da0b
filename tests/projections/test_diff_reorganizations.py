"""Rows of a diff about acts by which n units become m: one row an act, however many units it touches."""

from __future__ import annotations

from typing import Any

import pytest

from tests.history import History, abolished, appointed, post, unit
from tests.projections.differences import kinds, only


def reorganized(form: str, before: list[str], *after: str | dict[str, Any], **more: Any) -> dict[str, Any]:
    """Units *before* become those *after*, named by id and standing under the mint unless said otherwise."""
    new = [{"unit": a, "name": {"en": a}, "parent": "mint"} if isinstance(a, str) else a for a in after]
    return {"kind": "units-reorganized", "form": form, "before": before, "after": new, **more}


def mint(*units: str) -> History:
    """The mint with *units* under it since 2001."""
    return History().on("2001-01-01", *(unit(name) for name in units))


@pytest.mark.parametrize(
    ("form", "before", "after", "gone", "come"),
    [
        ("merge", ["a", "b"], ["c"], {"a", "b"}, {"c"}),
        ("split", ["a"], ["c", "d"], {"a"}, {"c", "d"}),
        ("transform", ["a"], ["c"], {"a"}, {"c"}),
        ("recode", ["a"], ["c"], {"a"}, {"c"}),
        ("transfer", ["a", "b"], ["c", "d"], {"a", "b"}, {"c", "d"}),
    ],
)
def test_an_act_is_one_row_keyed_by_unit(
    form: str, before: list[str], after: list[str], gone: set[str], come: set[str]
) -> None:
    """A merger is told as one, never as two units deleted and one added."""
    history = mint("a", "b").on("2005-05-01", reorganized(form, before, *after), by="act")

    answer = history.diff("2005-04-30", "2005-05-01")
    row = only(answer)

    assert row["kind"] == "units-reorganized"
    assert row["subject"] == {"units": sorted({*before, *after})}
    assert (set(row["before"]), set(row["after"])) == (gone, come)
    for name, shown in [*row["before"].items(), *row["after"].items()]:
        assert shown["name"] == {"en": name}
        assert shown["parent"] == "mint"
    assert (row["effective"], row["implied"], row["cause"]["event"]) == ("2005-05-01", False, "act#1")
    assert answer["counts"]["units-reorganized"] == 1


def test_a_unit_in_both_lists_lives_on_with_what_is_said_anew() -> None:
    """The works took the assay in and took another name: it is not the end of the works."""
    history = (
        mint("works", "assay")
        .on("2001-02-01", post("warden", "works"))
        .on("2001-02-01", appointed("ann", "warden"))
        .on("2005-05-01", reorganized("absorb", ["works", "assay"], {"unit": "works", "name": {"en": "Great Works"}}))
    )

    row = only(history.diff("2005-04-30", "2005-05-01"))

    assert row["subject"] == {"units": ["assay", "works"]}
    assert row["before"]["works"] == {"name": {"en": "works"}}
    assert row["after"] == {"works": {"name": {"en": "Great Works"}}}
    assert row["before"]["assay"]["name"] == {"en": "assay"}
    assert history.structure("2005-05-01")["units"]["works"]["since"] == "2001-01-01"


def test_a_spin_off_begins_the_new_unit_and_keeps_the_old() -> None:
    """Nothing ended by it."""
    history = mint("works").on("2005-05-01", reorganized("spin-off", ["works"], {"unit": "works"}, "assay"))

    row = only(history.diff("2005-04-30", "2005-05-01"))

    assert row["subject"] == {"units": ["assay", "works"]}
    assert set(row["after"]) == {"assay"}
    assert "assay" not in (row["before"] or {})


def test_two_acts_are_two_rows() -> None:
    """Two mergers of one month do not run together."""
    history = (
        mint("a", "b", "c", "d")
        .on("2005-05-01", reorganized("merge", ["a", "b"], "x"), by="one")
        .on("2005-05-02", reorganized("merge", ["c", "d"], "y"), by="two")
    )

    answer = history.diff("2005-04-30", "2005-05-02")

    assert sorted(row["cause"]["entry"] for row in answer["changes"]) == ["one", "two"]
    assert kinds(answer) == ["units-reorganized"] * 2


def test_what_the_act_ended_falls_with_its_parts_as_rows_of_their_own() -> None:
    """Posts of a merged unit that nobody took over end by the merger, implied."""
    history = (
        mint("a", "b")
        .on("2001-02-01", post("warden", "a"))
        .on("2005-05-01", reorganized("merge", ["a", "b"], "c"), by="act")
    )

    answer = history.diff("2005-04-30", "2005-05-01")

    assert kinds(answer) == ["post-abolished", "units-reorganized"]
    fallen = next(row for row in answer["changes"] if row["kind"] == "post-abolished")
    assert (fallen["implied"], fallen["effective"], fallen["cause"]["event"]) == (True, "2005-05-01", "act#1")


def test_a_merged_unit_that_was_abolished_since_leaves_the_ends_in_the_row() -> None:
    """The row tells what it still nets to on the last day."""
    history = (
        mint("a", "b")
        .on("2005-05-01", reorganized("merge", ["a", "b"], "c"), by="act")
        .on("2006-05-01", abolished("c"))
    )

    answer = history.diff("2005-04-30", "2006-06-01")

    assert kinds(answer) == ["units-reorganized"]
    assert set(only(answer)["before"]) == {"a", "b"}
    assert (answer["links"], answer["ended"], answer["new"]) == ([], ["a", "b"], [])


def test_a_reorganization_read_backwards_keeps_its_subject() -> None:
    """Before and after are exchanged, keyed by unit as they were."""
    history = mint("a", "b").on("2005-05-01", reorganized("merge", ["a", "b"], "c"))

    row = only(history.diff("2005-05-01", "2005-04-30"))

    assert row["subject"] == {"units": ["a", "b", "c"]}
    assert (set(row["before"]), set(row["after"])) == ({"c"}, {"a", "b"})
