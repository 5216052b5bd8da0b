"""The order in which sources print posts: for reading alone, where the record keeps no order of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TypeAlias

from domain.acts import Act
from domain.changes import PostAttested, PostCreated, TenureAttested
from domain.ids import natural
from domain.lives import text_of

Lists: TypeAlias = list[list[str]]
"""Posts in an order, each once: as sources print them, those that show them on a day first and of these the longest;
last, as the log came to know them."""


def lists_of(acts: Iterable[Act]) -> Lists:
    """The lists that entries make: posts that one of them creates, or shows by themselves or held, on one day.

    Who moves from post to post is no list: a decree names what is left before what is taken.
    """
    found: dict[tuple[str, str | None], dict[int, str]] = defaultdict(dict)
    known: dict[int, str] = {}
    for act in acts:
        if isinstance(act.change, PostCreated | PostAttested | TenureAttested):
            found[act.event.entry, text_of(act.day)][act.event.index] = act.change.post
            known[act.position] = act.change.post
    named = [
        (day is None, entry, list(dict.fromkeys(posts[at] for at in sorted(posts))))
        for (entry, day), posts in found.items()
    ]
    named.sort(key=lambda one: (one[0], -len(one[2]), natural(one[1])))
    lists = [*(posts for _, _, posts in named), list(dict.fromkeys(known[at] for at in sorted(known)))]
    return [posts for posts in lists if len(posts) > 1]


def in_printed_order(posts: Collection[str], lists: Lists) -> list[str]:
    """*posts* in the order of the first of *lists* that names two; those that it lacks stand as further ones have it.

    Such a post follows the last of those that stand before it in its list, or else precedes the next behind it.
    What no list places comes last, in the order given.
    """
    placed: list[str] = []
    for printed in lists:
        ours = [post for post in printed if post in posts]
        if len(ours) < 2:
            continue
        for at, post in enumerate(ours):
            if post in placed:
                continue
            behind = next((placed.index(other) for other in ours[at + 1 :] if other in placed), len(placed))
            placed.insert(placed.index(ours[at - 1]) + 1 if at else behind, post)
    return placed + [post for post in posts if post not in placed]
