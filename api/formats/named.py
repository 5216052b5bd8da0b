"""What an export tells because others name it, though it began later: a post names no unit that is not there."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator

from domain.claims import Key, stands_in, unit_key
from domain.lives import Life
from domain.world import HANGS_BY


def keys_named(life: Life, values: Callable[[Life, str], Iterable[object]]) -> Iterator[Key]:
    """The things that a life names: what it stands in, and by *values* the parent or the unit on which it hangs."""
    yield from stands_in(life.key)
    if life.key[0] in HANGS_BY:
        found = values(life, HANGS_BY[life.key[0]])
        yield from (unit_key(name) for name in found if isinstance(name, str))


def named_beside(
    told: Iterable[Life], lives: Callable[[Key], list[Life]], values: Callable[[Life, str], Iterable[object]]
) -> Container[Key]:
    """The keys of things that *told*, or one another, name, and of which no life is *told*."""
    waiting = list(told)
    seen = {life.key for life in waiting}
    found: set[Key] = set()
    while waiting:
        for key in keys_named(waiting.pop(), values):
            if key not in seen and lives(key):
                seen.add(key)
                found.add(key)
                waiting.append(lives(key)[0])
    return found
