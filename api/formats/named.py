"""What an export tells because others name it, though it began later: a post names no unit that is not there."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator

from domain.claims import Key
from domain.lives import Life


def keys_named(life: Life, values: Callable[[Life, str], Iterable[object]]) -> Iterator[Key]:
    """The things that a life names: its post, what it relates, who has the function, and by *values* parents and units.

    A name may be that of a unit or of a post: both are given.
    """
    kind = life.key[0]
    match kind:
        case "tenure":
            yield ("post", life.key[2])
        case "relation":
            yield from ((kind, name) for name in (life.key[1], life.key[3]) for kind in ("unit", "post"))
        case "function":
            yield from ((kind, life.key[1]) for kind in ("unit", "post"))
        case "unit" | "post":
            found = values(life, "parent" if kind == "unit" else "unit")
            yield from (("unit", name) for name in found if isinstance(name, str))


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
