"""What an entry writes to the read tables, held back so that one statement takes many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from projections.recorders.postgres_connections import PgCursor
from projections.recorders.postgres_schema import BOUNDS


def arrays(types: str) -> str:
    """Rows of columns of *types*, given as an array of each column: however many, it is one statement."""
    return f"unnest({', '.join(f'%s::{type_}[]' for type_ in types.split())})"


SPELLING = "lo, hi, own, language, text"
"""The columns of what a thing is called."""
REST = f'hi, since, bounds_since, "key", "values", told, cause, name, seats, disputed, {BOUNDS}, acts'
"""The columns of a row but for where it stands."""
ROW = f"bigint bigint text text text bigint text bigint text{' integer' * len(BOUNDS.split(', '))} text"
BEGUN = "stream, node, lo, thing, life"

PUT_DOCS = (
    f"UPDATE things SET doc = given.doc FROM {arrays('bytea bigint')} AS given (doc, thing) WHERE id = given.thing"
)
OPEN_ROWS = (
    f"INSERT INTO believed ({BEGUN}, {REST})"
    f" SELECT * FROM {arrays(f'bigint integer integer bigint integer integer {ROW}')}"
)
CLOSE_ROWS = (
    f"WITH gone AS (DELETE FROM believed USING {arrays('bigint integer integer bigint integer bigint bigint')}"
    " AS given (s, n, l, t, i, commit, until)"
    " WHERE stream = s AND node = n AND lo = l AND thing = t AND life = i RETURNING *)"
    f" INSERT INTO superseded (stream, node, until, lo, thing, life, {REST})"
    f" SELECT stream, commit, until, lo, thing, life, {REST} FROM gone"
)
PUT_BOUNDS = (
    f"UPDATE believed SET ({BOUNDS}, bounds_since) = ({', '.join(f'given.{b}' for b in BOUNDS.split(', '))}, given.now)"
    f" FROM {arrays('bigint' + ' integer' * 9 + ' bigint integer integer bigint integer')}"
    f" AS given (s, {BOUNDS}, now, n, l, t, i)"
    " WHERE stream = s AND node = n AND lo = l AND thing = t AND life = i"
)
KEEP_BOUNDS = (
    "INSERT INTO bounds_then"
    f" SELECT * FROM {arrays('bigint bigint bigint bigint bigint' + ' integer' * (3 + len(BOUNDS.split(', '))))}"
)
HANG = (
    f"INSERT INTO hangs SELECT * FROM {arrays('bigint integer bigint integer')}"
    " ON CONFLICT (above, until, below) DO UPDATE SET since = excluded.since"
)
UNHANG = (
    f"DELETE FROM hangs USING {arrays('bigint integer bigint')} AS given (a, u, b)"
    " WHERE above = a AND until = u AND below = b"
)
ADD_POINTS = (
    "INSERT INTO points (above, lo, position, origin, hi, since, proves)"
    f" SELECT * FROM {arrays('bigint integer bigint bigint integer bigint integer')}"
    " ON CONFLICT (above, lo, position, origin, hi, since) DO UPDATE SET proves = excluded.proves, until = NULL"
)
END_POINTS = (
    f"UPDATE points SET until = given.now FROM {arrays('bigint bigint integer bigint bigint integer')}"
    " AS given (now, a, l, p, o, h)"
    " WHERE above = a AND lo = l AND position = p AND origin = o AND hi = h AND until IS NULL"
)
ADD_CAUSES = f"INSERT INTO causes SELECT * FROM {arrays('bigint bigint text')}"
ADD_EDGES = f"INSERT INTO edges SELECT * FROM {arrays('bigint integer bigint')}"
DROP_EDGES = (
    f"DELETE FROM edges USING {arrays('bigint integer bigint')} AS given (s, d, t)"
    " WHERE stream = s AND day = d AND thing = t"
)
DATE = (
    f"INSERT INTO dated SELECT * FROM {arrays('bigint integer bigint integer')} ON CONFLICT (stream, day, position)"
    " DO UPDATE SET lineage = 1 WHERE excluded.lineage > dated.lineage"
)
ADD_SPELLINGS = (
    f"INSERT INTO spellings (stream, thing, kind, since, {SPELLING}, folded)"
    f" SELECT * FROM {arrays('bigint bigint text bigint integer integer integer text text text')}"
)
END_SPELLINGS = (
    f"UPDATE spellings SET until = given.now FROM {arrays('bigint bigint')} AS given (now, number) WHERE id = number"
)
TOUCH = f"INSERT INTO touched SELECT * FROM {arrays('bigint bigint bigint')}"


@dataclass
class Step:
    """A statement with the rows that it is to be run with, by what each is one of, and the things they are about."""

    query: str
    rows: dict[Any, Sequence[Any]] = field(default_factory=dict)
    things: set[int] = field(default_factory=set)


class Waiting:
    """Statements that write and were not sent yet, through one cursor.

    Those of one table are run in an order that comes to the same as that in which they came: one may join its like
    before others that write about other things.
    """

    def __init__(self, cursor: PgCursor) -> None:
        self._c = cursor
        self._steps: dict[str, list[Step]] = defaultdict(list)

    def put(self, table: str, query: str, rows: Iterable[Sequence[Any]], of: int, key: slice | None = None) -> None:
        """Hold back *query*, which writes *rows* to *table*: in place *of* each has the thing that it is about.

        Of rows that are the same in *key*, the last counts.
        """
        for row in rows:
            step = self._step(table, query, row[of])
            step.rows[row[key] if key else len(step.rows)] = row
            step.things.add(row[of])

    def _step(self, table: str, query: str, thing: int) -> Step:
        steps = self._steps[table]
        for step in reversed(steps):
            if step.query == query:
                return step
            if thing in step.things:
                break
        steps.append(Step(query))
        return steps[-1]

    def of(self, table: str, things: Iterable[int]) -> bool:
        """Whether something about one of *things* waits to be written to *table*."""
        return any(not step.things.isdisjoint(things) for step in self._steps.get(table, ()))

    def send(self) -> None:
        """Run all that waits.

        Each answer is waited for: psycopg's pipelines, of which executemany makes use, can wait for ever when much is
        sent (psycopg/psycopg#685, seen with 3.3.9).
        """
        steps = [step for of_table in self._steps.values() for step in of_table]
        self._steps.clear()
        for step in steps:
            self._c.execute(step.query, [list(column) for column in zip(*step.rows.values(), strict=True)])
