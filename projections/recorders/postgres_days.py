"""The questions about a day in a PostgreSQL database: the rows that are believed of it, now and at a position.

As everywhere in that database, what is asked of many at once looks for each by itself, behind OFFSET 0.
"""

from __future__ import annotations

from projections.recorders.read_tables import BOUNDS
from projections.tables.intervals import OPEN

READ = f'"key", life, "values", told, cause, name, seats, disputed, {BOUNDS}, acts'
_READ_THEN = f"{READ}, CASE WHEN bounds_since > %(until)s THEN thing END"  # whose bounds were others at *until*


def _stabbed(columns: str, known: str = "") -> str:
    """What is believed now of a day, and *known*: one range of each node on the way to it."""
    where = f"FROM believed WHERE stream = %(stream)s AND node = {{node}} AND {{side}}{known}"
    each = (
        f"SELECT {columns} FROM unnest(%({{way}})s::integer[]) AS given (n),"
        f" LATERAL (SELECT * {where} OFFSET 0) AS found"
    )
    return " UNION ALL ".join(
        (
            f"SELECT {columns} {where.format(node=OPEN, side='lo <= %(day)s')}",
            each.format(way="before", node="n", side=f"node <> {OPEN} AND hi > %(day)s"),
            each.format(way="behind", node="n", side="lo <= %(day)s"),
        )
    )


def _then(columns: str, table: str) -> str:
    """What *table* has of a day that was believed once, and is no longer: one range of each node of commits."""
    each = (
        f"SELECT {columns} FROM unnest(%({{way}})s::bigint[]) AS given (n), LATERAL (SELECT * FROM {table}"
        " WHERE stream = %(stream)s AND node = n AND {side} AND lo <= %(day)s AND hi > %(day)s OFFSET 0) AS found"
    )
    parts = (each.format(way="earlier", side="until > %(until)s"), each.format(way="later", side="since <= %(until)s"))
    return " UNION ALL ".join(parts)


NOW = _stabbed(READ)
THEN = f"{_stabbed(_READ_THEN, ' AND since <= %(until)s')} UNION ALL {_then(_READ_THEN, 'superseded')}"
BOUNDED = _then(f"thing, life, {BOUNDS}", "bounds_then")
