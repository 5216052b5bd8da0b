"""What an entry writes to the read tables, held back so that one statement takes many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from projections.recorders.postgres_connections import PgCursor


def arrays(types: str) -> str:
    """Rows of columns of *types*, given as an array of each column: however many, it is one statement."""
    return f"unnest({', '.join(f'%s::{type_}[]' for type_ in types.split())})"


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
