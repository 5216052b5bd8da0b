"""The world of the things that an answer names, for telling it in words."""

from __future__ import annotations

import re
from typing import Any

from api.called import ids_in
from domain.ids import ID_PATTERN
from domain.world import World
from projections.tables.reading import Reading

_ID = re.compile(ID_PATTERN)


def world_of(reading: Reading, answer: Any) -> World:
    """What *reading* knows of the things named in *answer*: exact of those units, posts and persons alone."""
    return reading.world_of({text for text in ids_in(answer) if _ID.fullmatch(text)})
