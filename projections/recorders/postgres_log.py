"""The table of the log in a PostgreSQL database, and what keeps it append-only.

It has the library's columns under the library's names, so that what the recorder inherits goes on working, and our own
beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import psycopg

from domain.chain import Row
from domain.ids import split_target
from projections.recorders.log_rows import REDACTIONS, of_row
from projections.recorders.postgres_connections import SCHEMA, WRITING, PgCursor

EVENTS = """
CREATE TABLE stored_events (
    originator_id text COLLATE "C" NOT NULL,
    originator_version bigint NOT NULL CHECK (originator_version > 0),
    topic text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    notification_id bigint NOT NULL CHECK (notification_id > 0),
    entry text COLLATE "C" NOT NULL,
    number integer NOT NULL CHECK (number >= 0),
    recorded text COLLATE "C" NOT NULL CHECK (length(recorded) = 27),
    salt bytea NOT NULL CHECK (octet_length(salt) = CASE WHEN octet_length(state) = 0 THEN 0 ELSE 32 END),
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (originator_id, originator_version),
    UNIQUE (originator_id, entry, number),
    UNIQUE (notification_id)
)
"""

BY_INSTANT = "CREATE INDEX stored_events_by_instant ON stored_events (originator_id, recorded, originator_version)"

_KEPT = "originator_id, originator_version, topic, notification_id, entry, number, recorded, digest, hash"

# The one UPDATE: bytes and salt become empty, of an event that a redaction names and that is none itself.
ONLY_ERASED = f"""
CREATE FUNCTION only_erase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF octet_length(NEW.state) = 0 AND octet_length(NEW.salt) = 0 AND OLD.topic <> 'redacted'
    AND ({of_row("NEW", _KEPT)}) = ({of_row("OLD", _KEPT)})
    AND EXISTS (
        SELECT FROM {SCHEMA}.stored_events AS redaction
        WHERE redaction.originator_id = OLD.originator_id AND redaction.topic = 'redacted'
        AND pg_catalog.jsonb_exists(
            pg_catalog.jsonb_extract_path(pg_catalog.convert_from(redaction.state, 'UTF8')::jsonb, 'change', 'targets'),
            OLD.entry || '#' || OLD.number
        )
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the log is append-only: an event is never changed, but for erasing what a redaction names'
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
ERASING = (
    REDACTIONS,
    ONLY_ERASED,
    "CREATE TRIGGER only_erased BEFORE UPDATE ON stored_events FOR EACH ROW EXECUTE FUNCTION only_erase()",
    """CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON stored_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse()""",
    *(f"ALTER TABLE stored_events ENABLE ALWAYS TRIGGER {name}" for name in ("only_erased", "append_only")),
)

# Whoever writes past the program waits for its writers too, and takes the next position or none.
APPEND_ONLY = (
    f"""
CREATE FUNCTION wait_for_writers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock({WRITING});
    RETURN NULL;
END $$
""",
    f"""
CREATE FUNCTION take_the_next_position() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (
            SELECT originator_id AS stream, min(originator_version) AS lo, max(originator_version) AS hi, count(*) AS n
            FROM added GROUP BY originator_id
        ) AS a
        WHERE n <> hi - lo + 1
        OR hi <> (SELECT max(originator_version) FROM {SCHEMA}.stored_events WHERE originator_id = stream)
        OR lo > 1 AND NOT EXISTS (
            SELECT FROM {SCHEMA}.stored_events WHERE originator_id = stream AND originator_version = lo - 1
        )
    ) THEN
        RAISE EXCEPTION 'the log is append-only: an event takes the next position'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM pg_catalog.pg_notify('stored_events', '');
    RETURN NULL;
END $$
""",
    """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: an event is never changed or removed'
        USING ERRCODE = 'integrity_constraint_violation';
END $$
""",
    "CREATE TRIGGER one_writer BEFORE INSERT ON stored_events FOR EACH STATEMENT EXECUTE FUNCTION wait_for_writers()",
    """CREATE TRIGGER no_gap AFTER INSERT ON stored_events REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION take_the_next_position()""",
    # ALWAYS: in a session that plays a replica, too.
    *(f"ALTER TABLE stored_events ENABLE ALWAYS TRIGGER {name}" for name in ("one_writer", "no_gap")),
    *ERASING,
)

MADE = (EVENTS, BY_INSTANT, *APPEND_ONLY)
"""The statements that make it."""

INSERT = (
    "INSERT INTO stored_events (originator_id, notification_id, originator_version, topic, entry, number, state,"
    " recorded, salt, digest, hash)"
    " SELECT %s, (SELECT coalesce(max(notification_id), 0) FROM stored_events) + place, position, kind, entry, number,"
    " state, recorded, salt, digest, hash"
    " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::integer[], %s::bytea[], %s::text[], %s::bytea[],"
    " %s::bytea[], %s::bytea[]) WITH ORDINALITY"
    " AS given (position, kind, entry, number, state, recorded, salt, digest, hash, place)"
    " ORDER BY place RETURNING notification_id"
)

ERASE = (
    "UPDATE stored_events AS event SET state = '', salt = ''"
    " FROM unnest(%s::text[], %s::integer[]) AS named (entry, number)"
    " WHERE event.originator_id = %s AND event.entry = named.entry AND event.number = named.number"
    " AND event.topic <> 'redacted' AND octet_length(event.state) > 0"
)


def insert(c: PgCursor, stream: str, rows: Sequence[Row]) -> Sequence[int]:
    """Insert *rows*, which come next in the stream; their notification ids."""
    columns = zip(
        *((r.position, r.kind, r.entry, r.number, r.state, r.recorded, r.salt, r.digest, r.hash) for r in rows),
        strict=True,
    )
    return [row[0] for row in c.execute(INSERT, (stream, *map(list, columns))).fetchall()]


def erase(c: psycopg.Connection | PgCursor, stream: str, targets: Iterable[str]) -> int:
    """Remove salt and bytes of the events that *targets* name; of how many they were there."""
    named = [split_target(target) for target in targets]
    entries, numbers = [entry for entry, _ in named], [number for _, number in named]
    return c.execute(ERASE, (entries, numbers, stream)).rowcount if named else 0
