"""A log with read tables beside it, and the histories on which entries are decided there."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from domain.log import Log, LogRecorder
from projections.tables.history import TableHistory
from projections.tables.shelf import Shelf


class TabledRecorder(LogRecorder):
    """A recorder that keeps read tables in the transactions in which it appends."""

    @abstractmethod
    def shelf(self, institution: str) -> AbstractContextManager[Shelf]:
        """The tables of a register, for reading, all of one moment."""


class TabledLog(Log):
    """A log whose recorder keeps read tables."""

    @property
    def tables(self) -> TabledRecorder:
        """The recorder."""
        recorder = self._recorder
        if not isinstance(recorder, TabledRecorder):
            raise TypeError(f"{type(recorder).__name__} keeps no tables")
        return recorder

    @contextmanager
    def shelf(self, institution: str) -> Iterator[Shelf]:
        """The tables of *institution*, for reading, all of one moment."""
        with self.tables.shelf(institution) as shelf:
            yield shelf

    @contextmanager
    def history(self, institution: str, position: int) -> Iterator[TableHistory]:
        """What is recorded up to *position*, where the log ended a moment ago, for deciding on it.

        If an entry came between, it is part of it: the tables are of one moment.
        """
        with self.tables.shelf(institution) as shelf:
            yield TableHistory(institution, shelf, max(position, shelf.position()))
