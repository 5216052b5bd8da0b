"""Links of a diff: which unit then goes on in which unit now, through all the acts between."""

from __future__ import annotations

import pytest

from projections.structure import Answer
from tests.history import History, abolished, unit
from tests.projections.test_diff_reorganizations import mint, reorganized

THEN, NOW = "2004-01-01", "2010-01-01"


def lineage(history: History, start: str = THEN, end: str = NOW) -> Answer:
    """The lineage parts of a diff."""
    answer = history.diff(start, end)
    return {name: answer[name] for name in ("links", "ended", "new")}


def told(links: list[list[str]], ended: list[str] | None = None, new: list[str] | None = None) -> Answer:
    """What lineage should be."""
    return {"links": links, "ended": ended or [], "new": new or []}


def test_without_acts_nothing_is_linked() -> None:
    """What is named nowhere goes on as itself, and that is left out."""
    assert lineage(mint("a", "b")) == told([])


def test_a_merger_links_each_unit_then_to_the_unit_now() -> None:
    """And none of them is ended or new."""
    history = mint("a", "b", "x").on("2005-05-01", reorganized("merge", ["a", "b"], "c"))

    assert lineage(history) == told([["a", "c"], ["b", "c"]])


def test_a_split_links_one_unit_to_each() -> None:
    """The archive of the old unit is looked for in both."""
    history = mint("a").on("2005-05-01", reorganized("split", ["a"], "c", "d"))

    assert lineage(history) == told([["a", "c"], ["a", "d"]])


def test_links_written_in_the_act_are_the_ones_told() -> None:
    """An act that says which part went where is believed, also about what went nowhere."""
    history = mint("a", "b", "d").on(
        "2005-05-01",
        reorganized("transfer", ["a", "b", "d"], "c", "e", "f", links=[["a", "c"], ["b", "e", "accounts"]]),
    )

    assert lineage(history) == told([["a", "c"], ["b", "e"]], ended=["d"], new=["f"])


def test_successors_of_an_abolition_are_links() -> None:
    """A unit abolished in favour of two others goes on in them."""
    history = mint("a", "b", "c").on("2005-05-01", abolished("a", "b", "c"))

    assert lineage(history) == told([["a", "b"], ["a", "c"], ["b", "b"], ["c", "c"]])


def test_a_unit_abolished_without_successors_is_ended_and_one_established_is_new() -> None:
    """Sorted by id."""
    history = mint("b", "a").on("2005-05-01", abolished("b"), abolished("a"), unit("z"), unit("y"))

    assert lineage(history) == told([], ended=["a", "b"], new=["y", "z"])


# --- composition


def test_links_compose_through_two_acts() -> None:
    """Who asks across both reforms gets the unit of today, not the one between."""
    history = (
        mint("a", "b", "d")
        .on("2005-05-01", reorganized("merge", ["a", "b"], "c"))
        .on("2006-05-01", reorganized("merge", ["c", "d"], "e"))
    )

    assert lineage(history) == told([["a", "e"], ["b", "e"], ["d", "e"]])
    assert lineage(history, THEN, "2006-04-30") == told([["a", "c"], ["b", "c"]])
    assert lineage(history, "2005-05-01", NOW) == told([["c", "e"], ["d", "e"]])


def test_links_compose_through_an_act_and_an_abolition_with_a_successor() -> None:
    """Successors count as links do."""
    history = (
        mint("a", "b").on("2005-05-01", reorganized("split", ["a"], "c", "d")).on("2006-05-01", abolished("d", "b"))
    )

    assert lineage(history) == told([["a", "b"], ["a", "c"], ["b", "b"]])


def test_two_acts_of_one_day_compose_in_the_order_of_effect() -> None:
    """Article 3 may reorganize what article 1 made."""
    history = mint("a").on("2005-05-01", reorganized("recode", ["a"], "b"), reorganized("split", ["b"], "c", "d"))

    assert lineage(history) == told([["a", "c"], ["a", "d"]])


@pytest.mark.parametrize(
    ("start", "end", "links"),
    [("2005-04-30", "2005-05-01", [["a", "c"]]), ("2005-05-01", "2005-05-02", []), ("2005-04-29", "2005-04-30", [])],
)
def test_acts_count_after_the_first_day_and_on_the_last(start: str, end: str, links: list[list[str]]) -> None:
    """The same window as for rows."""
    history = mint("a").on("2005-05-01", reorganized("recode", ["a"], "c"))

    assert lineage(history, start, end) == told(links)


def test_a_merger_whose_result_was_abolished_leads_nowhere() -> None:
    """A pair counts only if what is reached stands on the last day."""
    history = mint("a", "b").on("2005-05-01", reorganized("merge", ["a", "b"], "c")).on("2006-05-01", abolished("c"))

    assert lineage(history) == told([], ended=["a", "b"])


def test_two_acts_that_end_one_unit_both_say_in_what_it_went_on() -> None:
    """A law divides a, and of the same day a decree abolishes it: whichever is read first, a is in both."""
    history = (
        mint("a", "b", "c")
        .on("2005-05-01", abolished("a", "b"), by="law")
        .on("2005-05-01", abolished("a", "c"), by="zz")
    )

    assert lineage(history) == told([["a", "b"], ["a", "c"], ["b", "b"], ["c", "c"]])


def test_a_unit_is_linked_from_the_day_it_ended_though_what_says_in_what_says_it_vaguely() -> None:
    """A decree ends a on 1 May; that b is its successor is known from a source that gives the year."""
    history = (
        mint("a", "b").decree("2005-05-01", abolished("a"), by="decree").on("2005", abolished("a", "b"), by="report")
    )

    links = told([["a", "b"], ["b", "b"]])
    assert lineage(history, "2005-04-30", "2005-05-01") == links
    assert lineage(history, "2005-04-30", "2005-12-31") == links
    assert lineage(history, "2005-05-01", "2005-12-31") == told([])


# --- a unit and itself


def test_a_unit_that_absorbs_another_is_linked_with_itself_too() -> None:
    """[u, u] is told where u has another partner: else the list would read as if b alone went on in a."""
    history = mint("a", "b").on("2005-05-01", reorganized("absorb", ["a", "b"], {"unit": "a"}))

    assert lineage(history) == told([["a", "a"], ["b", "a"]])


def test_a_unit_that_spins_another_off_is_linked_with_itself_too() -> None:
    """It lives on, and in the new one."""
    history = mint("a").on("2005-05-01", reorganized("spin-off", ["a"], {"unit": "a"}, "c"))

    assert lineage(history) == told([["a", "a"], ["a", "c"]])


def test_what_lives_on_is_linked_with_itself_though_the_act_writes_other_links_only() -> None:
    """A unit in both lists lives on, whether or not a link says so."""
    history = mint("a").on("2005-05-01", reorganized("spin-off", ["a"], {"unit": "a"}, "c", links=[["a", "c"]]))

    assert lineage(history) == told([["a", "a"], ["a", "c"]])


def test_a_unit_that_only_took_another_name_is_left_out() -> None:
    """[u, u] where u has no other says nothing."""
    history = mint("a").on("2005-05-01", reorganized("transform", ["a"], {"unit": "a", "name": {"en": "A"}}))

    assert lineage(history) == told([])


def test_a_unit_named_nowhere_is_linked_with_itself_once_it_has_another_partner() -> None:
    """The successor of an abolition is named as such and stood before."""
    history = mint("a", "b").on("2005-05-01", abolished("a", "b"))

    assert lineage(history) == told([["a", "b"], ["b", "b"]])


# --- lives


def test_a_unit_abolished_and_founded_anew_is_ended_and_new() -> None:
    """Links follow lives: the code came back, the unit did not."""
    history = mint("a").on("2005-05-01", abolished("a")).on("2006-05-01", unit("a"))

    assert lineage(history) == told([], ended=["a"], new=["a"])


def test_a_unit_that_comes_back_by_its_acts_goes_on() -> None:
    """A became b and b became a again: by both acts the old a leads to the new one."""
    history = (
        mint("a")
        .on("2005-05-01", reorganized("recode", ["a"], "b"))
        .on("2006-05-01", reorganized("recode", ["b"], "a"))
    )

    assert lineage(history) == told([])
    assert lineage(history, THEN, "2005-12-31") == told([["a", "b"]])


def test_a_pair_counts_only_if_the_life_reached_stands() -> None:
    """A went on in the first c; that one ended, and another unit took the code."""
    history = (
        mint("a")
        .on("2005-05-01", reorganized("recode", ["a"], "c"))
        .on("2006-05-01", abolished("c"))
        .on("2007-05-01", unit("c"))
    )

    assert lineage(history) == told([], ended=["a"], new=["c"])


def test_a_successor_of_an_earlier_life_does_not_carry_on_a_later_one() -> None:
    """B of 2008 has nothing to do with the b that took a over in 2005."""
    history = (
        mint("a", "b")
        .on("2005-05-01", abolished("a", "b"))
        .on("2006-05-01", abolished("b"))
        .on("2008-05-01", unit("b"))
    )

    assert lineage(history) == told([], ended=["a", "b"], new=["b"])


def test_an_old_unit_is_not_linked_through_the_later_life_of_its_code() -> None:
    """The a of 2004 ended; the new a that merged into c in 2007 is another unit."""
    history = (
        mint("a", "b")
        .on("2005-05-01", abolished("a"))
        .on("2006-05-01", unit("a"))
        .on("2007-05-01", reorganized("merge", ["a", "b"], "c"))
    )

    assert lineage(history) == told([["b", "c"]], ended=["a"])


# --- backwards, and outside


def test_backwards_links_are_swapped_and_ended_is_new() -> None:
    """The same lineage, read from now to then."""
    history = (
        mint("a", "b", "x")
        .on("2005-05-01", reorganized("merge", ["a", "b"], "c"))
        .on("2006-05-01", abolished("x"), unit("y"))
    )

    assert lineage(history) == told([["a", "c"], ["b", "c"]], ended=["x"], new=["y"])
    assert lineage(history, NOW, THEN) == told([["c", "a"], ["c", "b"]], ended=["y"], new=["x"])


def test_a_unit_that_ended_by_the_fall_of_another_is_ended() -> None:
    """What an abolition took with it has no partner, unless an act names one."""
    history = mint("a").on("2001-02-01", unit("b", "a")).on("2005-05-01", abolished("a"))

    assert lineage(history) == told([], ended=["a", "b"])
