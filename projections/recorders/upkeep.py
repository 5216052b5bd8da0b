"""Making read tables anew, while others read them and write.

A register is built under a stream number of its own, in the same tables as the one in use: every row of theirs
carries the number, and no statement for the one sees a row of the other. Pages of whole entries are committed
one by one, and between them whoever waits may write; at the end two rows of `tables_of` change their names. So a
reader sees the old tables or the new, never half of either, and no statement has to know that there are two.
What is left over, of tables that were in use or of a build that was killed, keeps a name with a `|` in it, which
no institution has, and is removed piece by piece.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from secrets import token_hex
from typing import Any, ClassVar, NamedTuple

from domain.errors import StoreUnusable
from projections.recorders.log_rows import Store, StoredRows
from projections.recorders.read_tables import BY_STREAM, BY_THING
from projections.recorders.shelf import DatabaseShelf
from projections.tables.keeper import Keeper
from projections.tables.rebuilding import Builder, Progress, Purged
from projections.tables.shelf import EventCache, ShelfArchive
from projections.tables.slices import Position
from projections.tables.touching import redacted_in

PIECE = 5_000  # rows removed at once


class State(NamedTuple):
    """What has to be made anew, by name; the registers of which tables are behind the log; the numbers of leftovers."""

    renew: Sequence[str]
    behind: Sequence[str]
    leftovers: Sequence[int]


class Upkeep(ABC):
    """Keeps the tables in one database whole."""

    shelves: ClassVar[type[DatabaseShelf]]

    def __init__(self, store: Store) -> None:
        self._store = store

    # --- what the database does in its own way

    @abstractmethod
    def _state(self) -> State:
        """How the tables stand."""

    @abstractmethod
    def _alone(self, *, wait: bool) -> AbstractContextManager[bool]:
        """Whether nobody else builds in this database: a lock that ends with its holder, whatever becomes of it."""

    @abstractmethod
    def _renew(self, what: Sequence[str], progress: Progress) -> None:
        """Make anew what the state says."""

    @abstractmethod
    def _remove(self, c: Any, table: str, which: str, stream: int) -> int:
        """Remove a PIECE of the rows of *table* that *which* tells of, with *stream* for its `?`; how many."""

    @abstractmethod
    def _give_way(self) -> None:
        """Let others write who wait for it."""

    @abstractmethod
    def purge(self) -> Purged:
        """Have the files of the tables keep nothing of what was erased. Raises: StoreUnusable."""

    # --- catching up

    def catch_up(self, progress: Progress) -> None:
        """Make what tables are missing, of another version, or behind the log; remove leftovers."""
        state = self._state()
        if not any(state):
            return
        with self._alone(wait=bool(state.renew or state.behind)) as alone:
            if not alone:  # whose leftovers they seem to be is still building
                return
            state = self._state()
            if state.renew:
                self._renew(state.renew, progress)
                state = self._state()
            self._discard(state.leftovers)
            for institution in state.behind:
                self._catch_up(institution, progress)

    def _catch_up(self, institution: str, progress: Progress) -> None:
        with self._store.transaction(commit=False) as c:
            shelf, redacted = self.shelves(c, institution), self._store.rows_in(c).redacted(institution)
            same = _of_what_is_erased(shelf, institution, redacted)
        if not same:
            self.build(institution, progress)
            return
        builder = Builder(institution, redacted)
        while True:
            with self._store.transaction(commit=True) as c:
                rows = self._store.rows_in(c)
                head = rows.head(institution)
                if rows.redacted(institution) != redacted:
                    break
                done = builder.page(self.shelves(c, institution), head)
            progress(institution, done, head)
            if done == head:
                return
        self._catch_up(institution, progress)

    def _standing(self, c: Any, streams: Sequence[str], kept: Mapping[str, tuple[int, int, Position]]) -> State:
        """How tables stand that are *kept*, each (number, version, position) by its name, of whatever version."""
        rows = self._store.rows_in(c)
        behind = [name for name in streams if kept.get(name, (0, 0, 0))[2] < rows.head(name)]
        return State((), behind, [number for name, (number, *_) in kept.items() if "|" in name])

    # --- building beside

    def rebuild(self, institution: str, progress: Progress) -> None:
        """Make the tables of a register anew beside those in use, and put them in their place."""
        with self._alone(wait=True):
            self._discard(self._state().leftovers)
            self.build(institution, progress)

    def build(self, institution: str, progress: Progress) -> None:
        """Make the tables of a register anew, and put them in the place of those in use, if there are any.

        Raises: StoreUnusable, if somebody removes what was made so far.
        """
        name = f"{institution}|new|{token_hex(8)}"
        with self._store.transaction(commit=True) as c:
            self.shelves(c, institution, make=True, name=name)
            redacted = self._store.rows_in(c).redacted(institution)
        builder, again = Builder(institution, redacted), False
        while True:
            with self._store.transaction(commit=True) as c:
                shelf, rows = self.shelves(c, institution, name=name), self._store.rows_in(c)
                if shelf.number < 0:
                    raise StoreUnusable("the database", f"the tables of {institution} in the making were removed")
                head = rows.head(institution)
                done = builder.page(shelf, head)
                if done == head:
                    again = rows.redacted(institution) != redacted
                    if not again:
                        shelf.swap()
            progress(institution, done, head)
            if done == head:
                break
            self._give_way()
        self._discard(self._state().leftovers)
        if again:  # something was withheld meanwhile, and what was made tells of it
            self.build(institution, progress)

    # --- removing

    def _discard(self, streams: Sequence[int]) -> None:
        """Remove the tables under those numbers, piece by piece."""
        for stream in streams:
            for table in BY_STREAM:
                self._pieces(table, "stream = ?", stream)
            for table, column in BY_THING:
                self._pieces(table, f"{column} IN (SELECT id FROM things WHERE stream = ?)", stream)
            self._pieces("things", "stream = ?", stream)
            self._pieces("tables_of", "stream = ?", stream)

    def _pieces(self, table: str, which: str, stream: int) -> None:
        removed = PIECE
        while removed >= PIECE:
            with self._store.transaction(commit=True) as c:
                removed = self._remove(c, table, which, stream)


def made_up_to(rows: StoredRows, institution: str, shelf: DatabaseShelf, until: Position) -> None:
    """Catch up with *until* in the transaction that goes on: an older program appended meanwhile."""
    redacted = rows.redacted(institution)
    if _of_what_is_erased(shelf, institution, redacted):
        Builder(institution, redacted).page(shelf, until, float("inf"))
    else:
        Keeper(institution, EventCache()).rebuild(shelf, until, redacted)


def _of_what_is_erased(shelf: DatabaseShelf, institution: str, redacted: frozenset[str]) -> bool:
    """Whether there are tables on *shelf*, and they know of all that is erased: then they can be gone on with."""
    position = shelf.position()
    return position > 0 and redacted_in(ShelfArchive(shelf, institution, position, True, EventCache())) == redacted
