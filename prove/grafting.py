"""JSON altered as JSON: places hold something else, nothing, or what another place holds, and it stays JSON."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 2**63, 10**30, 0.5, "", " ", "x", [], {}, [[]], {"en": "x"}, "Ұлт", "a#1", "a#0", "und"),
    *("0000", "0001", "9999-12-31", "2023-02-30", "../2024", "2019~", "2019-05-01", "1995/1996", "XXXX", "2001-XX"),
)


def grafted(data: bytes, longest: int, seed: int) -> bytes:
    """*data* altered at one to three places, by the chance of *seed*; as it is, if it is no JSON or grows too long."""
    chance = Random(seed)  # noqa: S311  # inputs that can be made again
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        return data[:longest]
    for _ in range(chance.randint(1, 3)):
        places = list(_places(whole))
        if not places:
            break
        container, key = chance.choice(places)
        match chance.randint(0, 4):
            case 0 | 1:
                container[key] = copy.deepcopy(chance.choice(ODD))
            case 2:
                del container[key]
            case 3:
                other, of = chance.choice(places)
                container[key] = copy.deepcopy(other[of]) if of in other or isinstance(other, list) else None
            case _:
                if isinstance(container, list):
                    container.append(copy.deepcopy(container[key]))
                else:
                    container[chance.choice([*container, "tenure", "effective", "sources"])] = container[key]
    made = json.dumps(whole, ensure_ascii=False).encode("utf-8", "replace")
    return made if len(made) <= longest else data[:longest]


def _places(whole: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) in *whole*."""
    keys = list(whole) if isinstance(whole, dict) else range(len(whole)) if isinstance(whole, list) else ()
    for key in keys:
        yield whole, key
        yield from _places(whole[key])
