"""How rows follow from one another, and how a whole log is proved; the package says of what the hashes are made."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator

from domain.chain.rows import REDACTED, SALT, ZERO, Row, is_stamp
from domain.changes import Redacted
from domain.errors import ChainBroken
from domain.events import Event, erased_event
from domain.ids import event_id

BYTES_GONE = "its bytes are gone, and no redaction names it"


def digest_of(salt: bytes, state: bytes) -> bytes:
    """The digest of stored bytes: SHA-256(salt ‖ state)."""
    return hashlib.sha256(salt + state).digest()


def hash_of(prev: bytes, institution: str, position: int, kind: str, recorded: str, digest: bytes) -> bytes:
    """The hash of a position, encoded as the module says."""
    parts = (prev, institution.encode(), b"%d" % position, kind.encode(), recorded.encode(), digest)
    return hashlib.sha256(b"".join(len(p).to_bytes(4, "big") + p for p in parts)).digest()


def follow(institution: str, last: Row | None, facts: Iterable[tuple[str, str, int, bytes]], now: str) -> list[Row]:
    """The rows of *facts*, (kind, entry, number, state), that follow *last*; each with a fresh salt.

    They share one `recorded`: *now*, or that of *last* if the clock has fallen behind it.
    """
    head, prev, recorded = (last.position, last.hash, max(now, last.recorded)) if last else (0, ZERO, now)
    rows = []
    for position, (kind, entry, number, state) in enumerate(facts, start=head + 1):
        salt = secrets.token_bytes(SALT)
        digest = digest_of(salt, state)
        prev = hash_of(prev, institution, position, kind, recorded, digest)
        rows.append(Row(position, kind, entry, number, state, recorded, salt, digest, prev))
    return rows


def checked(institution: str, rows: Iterable[Row]) -> Iterator[tuple[Row, Event]]:
    """*rows*, a whole log from position 1, each with its event once it is proved to belong where it is.

    Raises: ChainBroken, at the first position that does not verify.
    """
    before: Row | None = None
    entries: set[str] = set()
    erased: dict[str, int] = {}
    named: set[str] = set()
    for position, row in enumerate(rows, start=1):
        fault = _chain_fault(institution, position, row, before) or _entry_fault(row, before, entries)
        if fault:
            raise ChainBroken(institution, position, fault)
        event = event_of(institution, row)
        fault = _event_fault(institution, row, event)
        if fault:
            raise ChainBroken(institution, position, fault)
        if event.erased:
            erased[event.target] = position
        elif isinstance(event.change, Redacted):
            named.update(event.change.targets)
        yield row, event
        before = row
    unnamed = [position for target, position in erased.items() if target not in named]
    if unnamed:
        raise ChainBroken(institution, unnamed[0], BYTES_GONE)


def check_link(institution: str, row: Row, prev: bytes, position: int) -> None:
    """See that *row* is the one at *position*, and follows from *prev*, the hash before it. Raises: ChainBroken."""
    fault = _link_fault(institution, position, row, prev)
    if fault:
        raise ChainBroken(institution, position, fault)


def event_of(institution: str, row: Row) -> Event:
    """The event that *row* keeps, or what is left of it. Raises: ChainBroken, where the bytes are no event of ours."""
    try:
        if row.state:
            return Event.from_stored(row.state)
        return erased_event(institution, row.kind, row.entry, row.number)
    except (ValueError, KeyError, TypeError) as e:
        said = " ".join(str(e).split())[:300]
        raise ChainBroken(institution, row.position, f"its bytes are no event of this program: {said}") from e


def _chain_fault(institution: str, position: int, row: Row, before: Row | None) -> str | None:
    if row.position == position:
        if not is_stamp(row.recorded):
            return f"recorded {row.recorded!r} is no instant of a log"
        if before and row.recorded < before.recorded:
            return f"recorded {row.recorded}, before the position before it"
    return _link_fault(institution, position, row, before.hash if before else ZERO)


def _link_fault(institution: str, position: int, row: Row, prev: bytes) -> str | None:
    if row.position != position:
        return f"it is missing; position {row.position} comes next"
    if not row.state and (row.salt or row.kind == REDACTED):
        return "its salt is left and its bytes are gone" if row.salt else "a redaction is never erased"
    if row.state and digest_of(row.salt, row.state) != row.digest:
        return "its bytes are not those its digest was made of"
    if hash_of(prev, institution, position, row.kind, row.recorded, row.digest) != row.hash:
        return "its hash does not follow from the position before, the institution, kind, recorded and digest"
    return None


def _entry_fault(row: Row, before: Row | None, entries: set[str]) -> str | None:
    """Why *row* can stand neither next in the entry of *before* nor first in one not in *entries*."""
    if before and row.entry == before.entry:
        if row.number != before.number + 1:
            return f"number {row.number} of entry {row.entry!r} follows number {before.number}"
        if row.recorded != before.recorded:
            return f"entry {row.entry!r} was recorded at two instants"
        return None
    if row.entry in entries:
        return f"entry {row.entry!r} stands in two places"
    if row.number not in (0, 1):
        return f"entry {row.entry!r} begins with number {row.number}"
    entries.add(row.entry)
    return None


def _event_fault(institution: str, row: Row, event: Event) -> str | None:
    said = (event.institution, event.kind, event.entry, event.index)
    if said != (institution, row.kind, row.entry, row.number):
        return f"its row says {row.kind} {row.entry}#{row.number}, its bytes {event.kind} {event.target}"
    if event.event_id != event_id(institution, row.entry, row.number):
        return f"its event id is not that of {event.target}"
    return None
