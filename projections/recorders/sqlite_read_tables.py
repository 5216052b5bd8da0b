"""The read tables in an SQLite file."""

from __future__ import annotations

import re

from projections.recorders.read_tables import BOUNDS, REST
from projections.tables.intervals import OPEN

_BOUND_COLUMNS = ", ".join(f"{name} INTEGER" for name in BOUNDS.split(", "))
_ROW_COLUMNS = (
    'hi INTEGER, since INTEGER, bounds_since INTEGER, "key" TEXT, "values" TEXT, told TEXT, cause INTEGER,'
    f" name TEXT, seats INTEGER, disputed TEXT, {_BOUND_COLUMNS}, acts TEXT"
)

MADE = (
    """CREATE TABLE tables_of (
        stream INTEGER PRIMARY KEY, institution TEXT NOT NULL UNIQUE,
        version INTEGER NOT NULL, position INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE filed (
        stream INTEGER, topic INTEGER, position INTEGER, PRIMARY KEY (stream, topic, position)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE things (
        id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, name TEXT NOT NULL, doc BLOB, UNIQUE (stream, name)
    ) STRICT""",
    f"""CREATE TABLE believed (
        stream INTEGER, node INTEGER, lo INTEGER, thing INTEGER, life INTEGER, {_ROW_COLUMNS},
        PRIMARY KEY (stream, node, lo, thing, life)
    ) STRICT, WITHOUT ROWID""",
    f"CREATE INDEX believed_by_end ON believed (stream, node, hi, lo, thing, life, {REST.partition(', ')[2]})"
    f" WHERE node <> {OPEN}",
    f"""CREATE TABLE superseded (
        stream INTEGER, node INTEGER, since INTEGER, thing INTEGER, life INTEGER, lo INTEGER, until INTEGER,
        {_ROW_COLUMNS.replace(" since INTEGER,", "")}, PRIMARY KEY (stream, node, since, thing, life, lo, until)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX superseded_by_day ON superseded (stream, node, since, lo, hi, until)",
    f"""CREATE TABLE bounds_then (
        stream INTEGER, node INTEGER, since INTEGER, until INTEGER, thing INTEGER, life INTEGER, lo INTEGER, hi INTEGER,
        {_BOUND_COLUMNS}, PRIMARY KEY (stream, node, since, thing, life, until)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE hangs (
        above INTEGER, until INTEGER, below INTEGER, since INTEGER, PRIMARY KEY (above, until, below)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE points (
        above INTEGER, lo INTEGER, position INTEGER, origin INTEGER, hi INTEGER, since INTEGER, proves INTEGER,
        until INTEGER, PRIMARY KEY (above, lo, position, origin, hi, since)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX points_by_origin ON points (origin) WHERE until IS NULL",
    """CREATE TABLE causes (
        stream INTEGER, id INTEGER, body TEXT, PRIMARY KEY (stream, id)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE edges (
        stream INTEGER, day INTEGER, thing INTEGER, PRIMARY KEY (stream, day, thing)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE dated (
        stream INTEGER, day INTEGER, position INTEGER, lineage INTEGER NOT NULL, PRIMARY KEY (stream, day, position)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX dated_lineage ON dated (stream, day, position) WHERE lineage = 1",
    """CREATE TABLE touched (
        stream INTEGER, position INTEGER, thing INTEGER, PRIMARY KEY (stream, position, thing)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE spellings (
        id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, thing INTEGER NOT NULL, kind TEXT NOT NULL,
        since INTEGER NOT NULL, until INTEGER, lo INTEGER NOT NULL, hi INTEGER NOT NULL, own INTEGER NOT NULL,
        language TEXT NOT NULL, text TEXT NOT NULL, folded TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX spellings_by_thing ON spellings (thing)",
    "CREATE INDEX spellings_by_stream ON spellings (stream)",  # for taking a register out
    """CREATE VIRTUAL TABLE spelled USING fts5 (
        folded, content = 'spellings', content_rowid = 'id', columnsize = 0, tokenize = 'trigram case_sensitive 1'
    )""",
    """CREATE TRIGGER spelling_added AFTER INSERT ON spellings BEGIN
        INSERT INTO spelled (rowid, folded) VALUES (new.id, new.folded);
    END""",
    """CREATE TRIGGER spelling_removed AFTER DELETE ON spellings BEGIN
        INSERT INTO spelled (spelled, rowid, folded) VALUES ('delete', old.id, old.folded);
    END""",
)
"""The statements that make them."""

TABLES = [found[1] for statement in MADE if (found := re.match(r"CREATE (?:VIRTUAL )?TABLE (\w+)", statement))]
