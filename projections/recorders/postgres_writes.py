"""What an entry writes to the read tables, held back so that one statement takes many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from projections.recorders.postgres_connections import PgCursor
from projections.recorders.read_tables import BOUNDS, REST, SPELLING


def arrays(types: str) -> str:
    """Rows of columns of *types*, given as an array of each column: however many, it is one statement."""
    return f"unnest({', '.join(f'%s::{type_}[]' for type_ in types.split())})"


ROW = f"bigint bigint text text text bigint text bigint text{' integer' * len(BOUNDS.split(', '))} text"
GIVEN = ", ".join(f"given.{name}" for name in BOUNDS.split(", "))
BEGUN = "stream, node, lo, thing, life"


class Held(NamedTuple):
    """A statement that writes to *table*, for rows of which each has the thing that it is about in place *of*.

    Of rows that are the same in *key*, the last counts.
    """

    table: str
    query: str
    of: int
    key: slice | None = None


WRITES = {
    "put_docs": Held(
        "things",
        f"UPDATE things SET doc = given.doc FROM {arrays('bytea bigint')} AS given (doc, thing) WHERE id = given.thing",
        of=1,
        key=slice(1, 2),
    ),
    "open_rows": Held(
        "believed",
        f"INSERT INTO believed ({BEGUN}, {REST})"
        f" SELECT * FROM {arrays(f'bigint integer integer bigint integer integer {ROW}')}",
        of=3,
    ),
    "close_rows": Held(
        "believed",
        f"WITH gone AS (DELETE FROM believed USING {arrays('bigint integer integer bigint integer bigint bigint')}"
        " AS given (s, n, l, t, i, commit, until)"
        " WHERE stream = s AND node = n AND lo = l AND thing = t AND life = i RETURNING *)"
        f" INSERT INTO superseded (stream, node, until, lo, thing, life, {REST})"
        f" SELECT stream, commit, until, lo, thing, life, {REST} FROM gone",
        of=3,
    ),
    "put_bounds": Held(
        "believed",
        f"UPDATE believed SET ({BOUNDS}, bounds_since) = ({GIVEN}, given.now)"
        f" FROM {arrays(' integer' * 9 + ' bigint integer integer bigint integer bigint')}"
        f" AS given ({BOUNDS}, now, n, l, t, i, s)"
        " WHERE stream = s AND node = n AND lo = l AND thing = t AND life = i",
        of=-3,
        key=slice(-5, None),
    ),
    "keep_bounds": Held(
        "bounds_then",
        "INSERT INTO bounds_then"
        f" SELECT * FROM {arrays('bigint bigint bigint bigint bigint' + ' integer' * (3 + len(BOUNDS.split(', '))))}",
        of=4,
    ),
    "hang": Held(
        "hangs",
        f"INSERT INTO hangs SELECT * FROM {arrays('bigint integer bigint integer')}"
        " ON CONFLICT (above, until, below) DO UPDATE SET since = excluded.since",
        of=2,
        key=slice(3),
    ),
    "unhang": Held(
        "hangs",
        f"DELETE FROM hangs USING {arrays('bigint integer bigint')} AS given (a, u, b)"
        " WHERE above = a AND until = u AND below = b",
        of=2,
    ),
    "add_points": Held(
        "points",
        "INSERT INTO points (above, lo, position, origin, hi, since, proves)"
        f" SELECT * FROM {arrays('bigint integer bigint bigint integer bigint integer')}"
        " ON CONFLICT (above, lo, position, origin, hi, since) DO UPDATE SET proves = excluded.proves, until = NULL",
        of=3,
        key=slice(6),
    ),
    "end_points": Held(
        "points",
        f"UPDATE points SET until = given.now FROM {arrays('bigint bigint integer bigint bigint integer')}"
        " AS given (now, a, l, p, o, h)"
        " WHERE above = a AND lo = l AND position = p AND origin = o AND hi = h AND until IS NULL",
        of=4,
    ),
    "add_causes": Held(
        "causes",
        f"INSERT INTO causes SELECT * FROM {arrays('bigint bigint text')}",
        of=1,
    ),
    "add_edges": Held(
        "edges",
        f"INSERT INTO edges SELECT * FROM {arrays('bigint integer bigint')}",
        of=2,
    ),
    "drop_edges": Held(
        "edges",
        f"DELETE FROM edges USING {arrays('bigint integer bigint')} AS given (s, d, t)"
        " WHERE stream = s AND day = d AND thing = t",
        of=2,
    ),
    "date": Held(
        "dated",
        f"INSERT INTO dated SELECT * FROM {arrays('bigint integer bigint integer')} ON CONFLICT (stream, day, position)"
        " DO UPDATE SET lineage = 1 WHERE excluded.lineage > dated.lineage",
        of=2,
        key=slice(3),
    ),
    "add_spellings": Held(
        "spellings",
        f"INSERT INTO spellings (stream, thing, kind, since, {SPELLING}, folded)"
        f" SELECT * FROM {arrays('bigint bigint text bigint integer integer integer text text text')}",
        of=1,
    ),
    "end_spellings": Held(
        "spellings",
        f"UPDATE spellings SET until = given.now FROM {arrays('bigint bigint')} AS given (now, number)"
        " WHERE id = number",
        of=1,
    ),
    "touch": Held(
        "touched",
        f"INSERT INTO touched SELECT * FROM {arrays('bigint bigint bigint')}",
        of=2,
    ),
}
"""By the method of a shelf that writes."""


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
