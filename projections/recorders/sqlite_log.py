"""The table of the log in an SQLite file, and what keeps it append-only.

It has the library's four columns under the library's names, so that what the recorder inherits goes on working, and our
own beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eventsourcing.sqlite import SQLiteCursor

from domain.chain import Row
from domain.ids import split_target
from projections.recorders.log_rows import REDACTIONS, of_row
from projections.recorders.sqlite_connections import all_of

EVENTS = """
CREATE TABLE stored_events (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT CHECK (rowid > 0),
    originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL CHECK (originator_version > 0),
    topic TEXT NOT NULL,
    state BLOB NOT NULL,
    entry TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 0),
    recorded TEXT NOT NULL CHECK (length(recorded) = 27),
    salt BLOB NOT NULL CHECK (length(salt) = iif(length(state) = 0, 0, 32)),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    UNIQUE (originator_id, originator_version),
    UNIQUE (originator_id, entry, number)
) STRICT
"""

BY_INSTANT = "CREATE INDEX stored_events_by_instant ON stored_events (originator_id, recorded)"

_KEPT = "rowid, originator_id, originator_version, topic, entry, number, recorded, digest, hash"

# The one UPDATE: bytes and salt become empty, of an event that a redaction names and that is none itself.
ONLY_ERASED = f"""
CREATE TRIGGER stored_events_only_erased BEFORE UPDATE ON stored_events
WHEN (
    length(NEW.state) = 0 AND length(NEW.salt) = 0 AND OLD.topic <> 'redacted'
    AND ({of_row("NEW", _KEPT)}) IS ({of_row("OLD", _KEPT)})
    AND EXISTS (
        SELECT 1 FROM stored_events AS redaction, json_each(CAST(redaction.state AS TEXT), '$.change.targets') AS named
        WHERE redaction.originator_id = OLD.originator_id AND redaction.topic = 'redacted'
        AND named.value = OLD.entry || '#' || OLD.number
    )
) IS NOT TRUE
BEGIN SELECT RAISE(ABORT, 'the log is append-only: an event is never changed, but for erasing what a redaction names');
END
"""

# A REPLACE deletes the row in its way without waking the delete trigger, so the insert has to be refused.
APPEND_ONLY = (
    ONLY_ERASED,
    """
CREATE TRIGGER stored_events_no_delete BEFORE DELETE ON stored_events
BEGIN SELECT RAISE(ABORT, 'the log is append-only: an event is never removed'); END
""",
    """
CREATE TRIGGER stored_events_no_replace BEFORE INSERT ON stored_events
WHEN EXISTS (SELECT 1 FROM stored_events WHERE rowid = NEW.rowid)
  OR EXISTS (SELECT 1 FROM stored_events WHERE originator_id = NEW.originator_id
             AND entry = NEW.entry AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the log is append-only: an event is never replaced'); END
""",
    """
CREATE TRIGGER stored_events_no_gap BEFORE INSERT ON stored_events
WHEN NEW.originator_version <> 1 + (SELECT ifnull(max(originator_version), 0) FROM stored_events
                                    WHERE originator_id = NEW.originator_id)
BEGIN SELECT RAISE(ABORT, 'the log is append-only: an event takes the next position'); END
""",
)

MADE = (EVENTS, BY_INSTANT, REDACTIONS, *APPEND_ONLY)
"""The statements that make it."""

INSERT = (
    "INSERT INTO stored_events (originator_id, originator_version, topic, entry, number, state,"
    " recorded, salt, digest, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)

ERASE = (
    "UPDATE stored_events SET state = x'', salt = x''"
    " WHERE originator_id = ? AND entry = ? AND number = ? AND topic <> 'redacted' AND length(state) > 0"
)


def insert(c: SQLiteCursor, stream: str, rows: Sequence[Row]) -> Sequence[int]:
    """Insert *rows*, which come next in the stream; their notification ids, which have no gap under the write lock."""
    c.executemany(
        INSERT,
        [(stream, r.position, r.kind, r.entry, r.number, r.state, r.recorded, r.salt, r.digest, r.hash) for r in rows],
    )
    last: int = all_of(c, "SELECT max(rowid) FROM stored_events")[0][0]
    return range(last - len(rows) + 1, last + 1)


def erase(c: SQLiteCursor, stream: str, targets: Iterable[str]) -> int:
    """Remove salt and bytes of the events that *targets* name; of how many they were there."""
    count = 0
    for target in targets:
        c.execute(ERASE, (stream, *split_target(target)))
        count += c.sqlite_cursor.rowcount
    return count
