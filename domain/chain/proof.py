"""The chain of a log: how each stored event proves all before it, and the log as a text file.

Everything here outlives the program that wrote it; docs/decisions/0001-the-log.md repeats it in prose.

A row proves itself by two hashes, both SHA-256:

- `digest` = H(salt ‖ state): the 32 random bytes of the salt, then the stored bytes, nothing between.
- `hash` = H(part ‖ part ‖ …) over six parts, each its length in bytes as an unsigned 4-byte big-endian
  number, then its bytes: the `hash` of the position before (32 bytes; 32 zero bytes at position 1), the
  institution's id (UTF-8), the position (decimal digits, ASCII), the kind (UTF-8), recorded (ASCII,
  `2024-05-24T12:00:00.000000Z`), the digest (32 bytes).

State and salt are in the chain only through the digest: a row whose salt and state were blanked, to zero
bytes, keeps its digest, and the chain still holds.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from domain.changes import Redacted
from domain.errors import ChainBroken, LogUnreadable
from domain.events import Event, erased_event
from domain.ids import event_id

SALT = 32  # bytes
ZERO = bytes(32)  # the hash before position 1
FORMAT = "regesta-log-1"
REDACTED = "redacted"
"""The kind of the events that erase others."""
BYTES_GONE = "its bytes are gone, and no redaction names it"


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


def _is_stamp(text: str) -> bool:
    try:
        return stamp(datetime.fromisoformat(text)) == text
    except ValueError:
        return False


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
        if not _is_stamp(row.recorded):
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


# --- as text: a header line, then an event a line; JSON with sorted keys; every line ends with a newline


def header(institution: str, head: Head) -> bytes:
    """The first line of an exported log: whose it is, and where it ends."""
    return _json({"format": FORMAT, "institution": institution, "position": head.position, "hash": head.hash})


def read_header(line: bytes) -> tuple[str, Head]:
    """The institution of an exported log, and its position and hash at the end.

    Raises: LogUnreadable.
    """
    said = _object(1, line)
    if said.get("format") != FORMAT:
        raise LogUnreadable(1, f"it is not the header of a log ({FORMAT})")
    institution, position, end = said.get("institution"), said.get("position"), said.get("hash")
    if not (isinstance(institution, str) and isinstance(position, int) and isinstance(end, str)):
        raise LogUnreadable(1, "the header does not name institution, position and hash")
    head = Head(position, None, end)
    if header(institution, head) != line or position < 1:
        raise LogUnreadable(1, "it is not written as an export writes it")
    return institution, head


def read_log(lines: Iterable[bytes]) -> tuple[str, Iterator[Row]]:
    """The institution of an exported log, and its rows, each proved before it is given; they end where its header says.

    Raises: LogUnreadable, here or where the fault lies.
    """
    remaining = iter(lines)
    institution, end = read_header(next(remaining, b""))
    return institution, _up_to(end, read_lines(institution, remaining))


def _up_to(end: Head, rows: Iterable[Row]) -> Iterator[Row]:
    position, hash_ = 0, ZERO
    for row in rows:
        yield row
        position, hash_ = row.position, row.hash
    if (position, hash_.hex()) != (end.position, end.hash):
        raise LogUnreadable(position + 1, f"the log ends at position {position}, its header says {end.position}")


def write_line(row: Row, prev: bytes) -> bytes:
    """*row* as a line; *prev* is the hash of the position before. `state` stands last, as it is stored."""
    return _json(
        {
            "position": row.position,
            "kind": row.kind,
            "entry": row.entry,
            "index": row.number,
            "recorded": row.recorded,
            "salt": row.salt.hex(),
            "digest": row.digest.hex(),
            "prev_hash": prev.hex(),
            "hash": row.hash.hex(),
            "state": orjson.Fragment(row.state or b"null"),
        }
    )


def read_lines(institution: str, lines: Iterable[bytes]) -> Iterator[Row]:
    """The rows of the lines after the header, each proved by the ones before and written as an export would.

    Raises: LogUnreadable, with the number of the line.
    """
    count, line, prev = 1, b"", ZERO

    def rows() -> Iterator[Row]:
        nonlocal count, line
        for count, line in enumerate(lines, start=2):
            yield _row(count, line)

    try:
        for row, _ in checked(institution, rows()):
            if write_line(row, prev) != line:
                raise LogUnreadable(count, "it is not written as an export writes it")
            yield row
            prev = row.hash
    except ChainBroken as e:
        raise LogUnreadable(1 + e.position, f"position {e.position}: {e.detail}") from e


def _row(number: int, line: bytes) -> Row:
    said = _object(number, line)
    # The bytes proper, not what a JSON reader makes of them: no string before can hold a bare quote.
    state = line.partition(b',"state":')[2][:-2]
    try:
        position, texts = said["position"], [said[name] for name in ("kind", "entry", "recorded")]
        salt, digest, proof = (bytes.fromhex(said[name]) for name in ("salt", "digest", "hash"))
        index = said["index"]
    except (KeyError, TypeError, ValueError) as e:
        raise LogUnreadable(number, f"it is not a row of a log: {e!r}") from e
    if not (type(position) is type(index) is int and all(isinstance(t, str) for t in texts)):
        raise LogUnreadable(number, "it is not a row of a log: a number or a text is of another type")
    kind, entry, recorded = texts
    return Row(position, kind, entry, index, b"" if state == b"null" else state, recorded, salt, digest, proof)


def _object(number: int, line: bytes) -> dict[str, Any]:
    if not line.endswith(b"\n"):
        raise LogUnreadable(number, "it is cut off")
    try:
        said = orjson.loads(line)
    except orjson.JSONDecodeError as e:
        raise LogUnreadable(number, f"it is not JSON: {e}") from e
    if not isinstance(said, dict):
        raise LogUnreadable(number, "it is not a JSON object")
    return said


def _json(said: dict[str, object]) -> bytes:
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
