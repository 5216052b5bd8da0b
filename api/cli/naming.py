"""The world of the things that an answer names, for telling it in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from domain.ids import ID_PATTERN
from domain.world import World
from projections.tables.reading import Reading

_ID = re.compile(ID_PATTERN)


def world_of(reading: Reading, answer: Any) -> World:
    """What *reading* knows of the things named in *answer*: exact of those units, posts and persons alone."""
    named = {text for text in _texts(answer) if _ID.fullmatch(text)}
    return reading.world_of(named)


def _texts(answer: Any) -> Iterator[str]:
    """All that can be an id in *answer*, or stand in that of a relation."""
    if isinstance(answer, str):
        yield from answer.split("|")
    elif isinstance(answer, Mapping):
        for name, value in answer.items():
            yield from name.split("|")
            yield from _texts(value)
    elif isinstance(answer, list | tuple):
        for value in answer:
            yield from _texts(value)
