"""The order in which pages show posts: as the sources print them."""

from __future__ import annotations

import pytest

from projections.printed import in_printed_order, lists_of
from tests.history import History, appointed, post, released


@pytest.mark.parametrize(
    ("posts", "shown"),
    [
        ({"head", "clerk", "aide"}, ["head", "aide", "clerk"]),
        ({"clerk", "head"}, ["head", "clerk"]),
        ({"clerk", "deputy", "head", "aide"}, ["head", "deputy", "aide", "clerk"]),
        ({"porter", "clerk", "head"}, ["head", "porter", "clerk"]),
        ({"unlisted", "head"}, ["unlisted", "head"]),
        ({"unlisted", "head", "clerk"}, ["head", "clerk", "unlisted"]),
    ],
)
def test_a_post_stands_where_its_list_has_it(posts: set[str], shown: list[str]) -> None:
    """What the longest list lacks follows what stands before it in another, or precedes what stands behind."""
    lists = [["head", "aide", "clerk"], ["head", "deputy"], ["porter", "clerk", "head"]]

    assert in_printed_order(sorted(posts, reverse=True), lists) == shown


def shown(name: str, title: str) -> dict[str, object]:
    """A source shows a post of the mint."""
    return {"kind": "post-attested", "post": name, "unit": "mint", "title": {"en": title}}


def test_a_source_that_shows_posts_on_a_day_goes_before_what_the_log_knew_first() -> None:
    """An almanac prints the head first, though the log came to know the clerk before; a move is no list."""
    # given
    history = (
        History()
        .on(None, shown("clerk", "Clerk"), shown("porter", "Porter"))
        .on("2003", shown("head", "Head"), shown("clerk", "Clerk"))
        .on("2004-01-01", appointed("ann", "clerk"))
        .on("2005-01-01", released("ann", "clerk"), appointed("ann", "head"))
    )

    # when
    lists = lists_of(history.world().acts)

    # then
    assert lists == [["head", "clerk"], ["clerk", "porter"], ["clerk", "porter", "head"]]
    assert in_printed_order(["clerk", "head", "porter"], lists) == ["head", "clerk", "porter"]


def test_holders_print_their_posts_in_the_order_of_the_source() -> None:
    """A list of leaders names people; of a post that it names twice the first place counts."""
    # given
    held = [
        {"kind": "tenure-attested", "person": person, "post": post}
        for person, post in (("ann", "head"), ("bob", "aide"), ("cat", "clerk"), ("bob", "clerk"))
    ]
    history = History().on("2001", post("aide"), post("clerk"), post("head")).on("2003-05-01", *held)

    # when
    lists = lists_of(history.world().acts)

    # then
    assert lists[0] == ["aide", "clerk", "head"]
    assert lists[1] == ["head", "aide", "clerk"]
