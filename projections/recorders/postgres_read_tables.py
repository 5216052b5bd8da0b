"""The read tables in a PostgreSQL database."""

from __future__ import annotations

from projections.recorders.read_tables import BOUNDS, BY_STREAM, BY_THING

_BOUND_COLUMNS = ", ".join(f"{name} integer" for name in BOUNDS.split(", "))
_ROW_COLUMNS = (
    'hi integer, since bigint, bounds_since bigint, "key" text, "values" text, told text, cause bigint,'
    f" name text, seats bigint, disputed text, {_BOUND_COLUMNS}, acts text"
)
_OFTEN = "WITH (fillfactor = 80)"  # rows that change leave room for themselves, and indexes as they are

MADE = (
    """CREATE TABLE tables_of (
        stream bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, institution text COLLATE "C" NOT NULL UNIQUE,
        version integer NOT NULL, position bigint NOT NULL
    ) WITH (fillfactor = 50)""",
    "CREATE TABLE filed (stream bigint, topic bigint, position bigint, PRIMARY KEY (stream, topic, position))",
    f"""CREATE TABLE things (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream bigint NOT NULL, name text COLLATE "C" NOT NULL,
        doc bytea, UNIQUE (stream, name) INCLUDE (id)
    ) {_OFTEN}""",
    f"""CREATE TABLE believed (
        stream bigint, node integer, lo integer, thing bigint, life integer, {_ROW_COLUMNS},
        PRIMARY KEY (stream, node, lo, thing, life)
    ) {_OFTEN}""",
    "CREATE INDEX believed_by_end ON believed (stream, node, hi, lo) WHERE node <> -1",
    f"""CREATE TABLE superseded (
        stream bigint, node bigint, since bigint, thing bigint, life integer, lo integer, until bigint,
        {_ROW_COLUMNS.replace(" since bigint,", "")}
    )""",
    "CREATE INDEX superseded_by_day ON superseded (stream, node, since, lo, hi, until)",
    f"""CREATE TABLE bounds_then (
        stream bigint, node bigint, since bigint, until bigint, thing bigint, life integer, lo integer, hi integer,
        {_BOUND_COLUMNS}
    )""",
    "CREATE INDEX bounds_then_by_day ON bounds_then (stream, node, since, lo, hi, until)",
    """CREATE TABLE hangs (
        above bigint, until integer, below bigint, since integer, PRIMARY KEY (above, until, below) INCLUDE (since)
    )""",
    f"""CREATE TABLE points (
        above bigint, lo integer, position bigint, origin bigint, hi integer, since bigint, proves integer,
        until bigint, PRIMARY KEY (above, lo, position, origin, hi, since)
    ) {_OFTEN}""",
    "CREATE INDEX points_by_origin ON points (origin) WHERE until IS NULL",
    "CREATE TABLE causes (stream bigint, id bigint, body text, PRIMARY KEY (stream, id))",
    "CREATE TABLE edges (stream bigint, day integer, thing bigint, PRIMARY KEY (stream, day, thing))",
    """CREATE TABLE dated (
        stream bigint, day integer, position bigint, lineage integer NOT NULL, PRIMARY KEY (stream, day, position)
    )""",
    "CREATE INDEX dated_lineage ON dated (stream, day, position) WHERE lineage = 1",
    "CREATE TABLE touched (stream bigint, position bigint, thing bigint, PRIMARY KEY (stream, position, thing))",
    f"""CREATE TABLE spellings (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream bigint NOT NULL, thing bigint NOT NULL,
        kind text NOT NULL, since bigint NOT NULL, until bigint, lo integer NOT NULL, hi integer NOT NULL,
        own integer NOT NULL, language text NOT NULL, text text NOT NULL, folded text COLLATE "C" NOT NULL
    ) {_OFTEN}""",
    "CREATE INDEX spellings_by_thing ON spellings (thing)",
    "CREATE INDEX spellings_by_stream ON spellings (stream)",  # for taking a register out
)
SPELLED = "CREATE INDEX spelled ON spellings USING gin (folded {trigrams}.gin_trgm_ops)"

READ_TABLES = ("tables_of", "things", *BY_STREAM, *(table for table, _ in BY_THING))

# PostgreSQL would take a register that came after it last looked at a table for empty, and read all of it where one
# row is asked for, by an index that begins with the register. Of which registers there are it is to know nothing.
UNCOUNTED = (
    "ALTER TABLE stored_events ALTER originator_id SET STATISTICS 0",
    *(f"ALTER TABLE {table} ALTER stream SET STATISTICS 0" for table in ("things", *BY_STREAM)),
)
