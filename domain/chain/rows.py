"""The rows of a log as a database keeps them, where a log ends, and the instants it is stamped with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

SALT = 32  # bytes
ZERO = bytes(32)  # the hash before position 1
REDACTED = "redacted"
"""The kind of the events that erase others."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a log ends; *hash* in hex. An empty log ends at position 0, recorded None, hash all zeros."""

    position: int
    recorded: str | None
    hash: str


EMPTY = Head(0, None, ZERO.hex())


@dataclass(frozen=True, slots=True)
class Row:
    """An event as the database keeps it: the *number*-th of *entry*, its bytes, and its proof."""

    position: int
    kind: str
    entry: str
    number: int
    state: bytes
    recorded: str
    salt: bytes
    digest: bytes
    hash: bytes


def stamp(instant: datetime) -> str:
    """*instant* in UTC to the microsecond, as 2024-05-24T12:00:00.000000Z; sorts as text.

    Raises: ValueError, for an instant without its offset.
    """
    if instant.utcoffset() is None:
        raise ValueError(f"{instant.isoformat()} has no offset from UTC")
    try:
        utc = instant.astimezone(UTC)
    except OverflowError:  # a day before the year 1, or after 9999, in UTC
        utc = (datetime.min if instant.year == 1 else datetime.max).replace(tzinfo=UTC)
    return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def is_stamp(text: str) -> bool:
    """Whether *text* is an instant as `stamp` writes it."""
    try:
        return stamp(datetime.fromisoformat(text)) == text
    except ValueError:
        return False
