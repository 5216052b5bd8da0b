"""The tables of a register with the rows themselves, for proving them, whichever database keeps them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

import orjson

from projections.recorders.read_tables import SPELLING, spelling_of
from projections.recorders.shelf import DatabaseShelf
from projections.tables.intervals import day_node
from projections.tables.names import Spelling
from projections.tables.rebuilding import Believed, Ledger

BELIEVED = (
    'SELECT b."key", b.life, b.lo, b.hi, b."values", b.told, causes.body, b.name, b.disputed,'
    " b.s_lo, b.s_hi, b.e_lo, b.e_hi, b.proved_from, b.proved_until, b.evidence, b.begun, b.handed_on, b.acts"
    " FROM believed AS b LEFT JOIN causes ON causes.stream = b.stream AND causes.id = b.cause"
)


class DatabaseLedger(DatabaseShelf, Ledger):
    """The tables of a register, with the rows themselves."""

    @abstractmethod
    def _each(self, query: str, *values: Any) -> Iterator[Any]:
        """The rows of an answer one by one, however many."""

    def all_believed(self) -> Iterator[Believed]:
        """Every row believed now, by thing."""
        for row in self._each(f"{BELIEVED} WHERE b.stream = ? ORDER BY b.thing, b.life, b.lo", self._stream):
            yield Believed(*row)

    def believed_of(self, name: str) -> list[Believed]:
        """The rows believed now of the thing of that name, as far as they stand where its doc says."""
        place = "b.stream = ? AND b.node = ? AND b.lo = ? AND b.thing = ? AND b.life = ?"
        found = []
        for _, thing, doc in self.docs([name]):
            for life, lo, hi, *_ in orjson.loads(doc)["rows"] if doc else ():
                found += self._all(f"{BELIEVED} WHERE {place}", self._stream, day_node(lo, hi), lo, thing, life)
        return [Believed(*row) for row in found]

    def all_spelled(self) -> Iterator[tuple[str, Spelling, str]]:
        """What is believed now that things are called, by thing."""
        for row in self._each(f"{self._spelled()} AND spellings.stream = ? ORDER BY thing", self._stream):
            yield row[0], spelling_of(row[1:6]), row[6]

    def spelled_of(self, name: str) -> list[tuple[str, Spelling, str]]:
        """The same of the thing of that name."""
        found = self._all(f"{self._spelled()} AND things.stream = ? AND name = ?", self._stream, name)
        return [(row[0], spelling_of(row[1:6]), row[6]) for row in found]

    def _spelled(self) -> str:
        return (
            f"SELECT name, {SPELLING}, folded FROM things {self.JOIN} spellings ON spellings.thing = things.id"
            " WHERE until IS NULL"
        )
