"""Lasting names: ids of things, targets of corrections, and the natural order of both."""

import re
import unicodedata
import uuid
from typing import Annotated, TypeAlias

from pydantic import StringConstraints, WithJsonSchema

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$"
CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$"
TENURE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}(#(0|[1-9][0-9]{0,5})(/[A-Za-z0-9][A-Za-z0-9._:-]{0,127})?)?$"
TARGET_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}(#(0|[1-9][0-9]{0,5}))?$"

Id: TypeAlias = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
"""A lasting id of an institution, entry, unit, post, person, instrument, source or tenure."""

TenureId: TypeAlias = Annotated[str, StringConstraints(pattern=TENURE_PATTERN)]
"""An id of its own, or the `ENTRY#n` of the change that first shows the tenure; of a list, `ENTRY#n/PERSON`."""

Code: TypeAlias = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
"""A word from an institution's code lists: a unit kind, a relation, an instrument kind."""

CHANGE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}#(0|[1-9][0-9]{0,5})$"

Target: TypeAlias = Annotated[str, StringConstraints(pattern=TARGET_PATTERN)]
"""`ENTRY#n`, the n-th change of an entry from 1 (0: its `instrument-issued`); `ENTRY`, all of it."""

ChangeName: TypeAlias = Annotated[Target, WithJsonSchema({"type": "string", "pattern": CHANGE_PATTERN})]
"""A target that names one change; what says otherwise is refused in words."""

# Event ids are uuid5 of a name in this namespace, so that the same entry always has the same events.
EVENTS = uuid.UUID("8c1a4f7e-6a0b-5d0c-9a53-1b7a6f0e2d11")

_DIGITS = re.compile(r"(\d+)")

NaturalKey: TypeAlias = tuple[tuple[int, int, str], ...]


def natural(text: str) -> NaturalKey:
    """The key that sorts *text* with its digit runs by value: `decree-9` before `decree-10`."""
    parts = _DIGITS.split(text)
    return tuple((0, int(p), p) if p.isdecimal() else (1, 0, p) for p in parts if p)


def event_id(institution: str, entry: str, number: int) -> uuid.UUID:
    """The id of the *number*-th event of *entry*, derived from the three names alone."""
    return uuid.uuid5(EVENTS, f"{institution}/{entry}#{number}")


def target_of(entry: str, number: int) -> str:
    """The name by which a later entry corrects the *number*-th change of *entry*."""
    return f"{entry}#{number}"


def split_target(target: str) -> tuple[str, int | None]:
    """The entry a target names, and the number of the change; None for the whole entry."""
    entry, mark, number = target.partition("#")
    return entry, int(number) if mark else None


def sign_named(sign: str) -> str:
    """A sign by its look and its name in Unicode, since another may look the same, or like nothing."""
    return f"{sign!r} ({unicodedata.name(sign, f'U+{ord(sign):04X}')})"
