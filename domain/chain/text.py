"""A log as text: a header line, then an event a line; JSON with sorted keys; every line ends with a newline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from domain.chain.proof import checked
from domain.chain.rows import ZERO, Head, Row
from domain.errors import ChainBroken, LogUnreadable

FORMAT = "regesta-log-1"


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
    if not (isinstance(institution, str) and type(position) is int and isinstance(end, str)):
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
