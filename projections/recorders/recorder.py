"""The log and its read tables in a database: what a recorder does in the same way whichever it is."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, ClassVar

from eventsourcing.persistence import StoredEvent

from domain.acts import redactions
from domain.chain import EMPTY, Head, Row, event_of, follow, stamp
from domain.events import Event
from domain.log import Clock, PositionTaken, StoredChange
from projections.recorders.ledger import DatabaseLedger
from projections.recorders.log_rows import Store, StoredRows, whole_entries
from projections.recorders.shelf import DatabaseShelf
from projections.recorders.upkeep import Upkeep, made_up_to
from projections.tables.history import TableHistory
from projections.tables.keeper import Keeper, Keepers
from projections.tables.rebuilding import MaintainedRecorder, Progress, Purged
from projections.tables.shelf import EventCache


@dataclass
class Writing:
    """A transaction that writes, the last row that it stored, and the notification ids of what it stored."""

    c: Any
    stored: Row | None = None
    ids: Sequence[int] = ()


class DatabaseRecorder(MaintainedRecorder):
    """A recorder, but for what its database has to do in its own way.

    Whatever is written is written under the one lock of writers: positions and notifications have no gap and come in
    the order of their commits.
    """

    shelves: ClassVar[type[DatabaseShelf]]
    ledgers: ClassVar[type[DatabaseLedger]]
    numbering: ClassVar[str]
    """The column that goes on behind the instant, in the index of instants."""
    datastore: Store
    _upkeep: Upkeep

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept = Keepers()
        self._rows = StoredRows(self.datastore.ask)

    # --- the tables

    @contextmanager
    def shelf(self, institution: str) -> Iterator[DatabaseShelf]:
        """The tables of a register, for reading, all of one moment."""
        with self.datastore.transaction(commit=False) as c:
            yield self.shelves(c, institution)

    @contextmanager
    def ledger(self, stream: str) -> Iterator[DatabaseLedger]:
        """The tables of a register, for proving them."""
        with self.datastore.transaction(commit=False) as c:
            yield self.ledgers(c, stream)

    def catch_up(self, progress: Progress) -> None:
        """Make what tables are missing, older than this program, or behind the log."""
        self._upkeep.catch_up(progress)

    def rebuild(self, stream: str, progress: Progress) -> None:
        """Make the tables of a register anew beside those in use, and put them in their place."""
        self._upkeep.rebuild(stream, progress)

    def purge(self) -> Purged:
        """Have the files of the database keep nothing of what was erased."""
        return self._upkeep.purge()

    # --- writing

    @abstractmethod
    def writing(self, stream: str) -> AbstractContextManager[Writing]:
        """A transaction that writes to *stream*; nothing of it is stored if it is left by an error."""

    @abstractmethod
    def put(self, c: Any, stream: str, rows: Sequence[Row]) -> Sequence[int]:
        """Insert *rows*, which come next in the stream; their notification ids."""

    @abstractmethod
    def erase(self, c: Any, stream: str, targets: Iterable[str]) -> int:
        """Remove salt and bytes of the events that *targets* name; of how many they were there."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Store changes of one stream, as LogRecorder says; their notification ids.

        Raises: PositionTaken; StoreUnusable.
        """
        changes = [s for s in stored_events if isinstance(s, StoredChange)]
        stream = str(changes[0].originator_id)
        with self.writing(stream) as writing:
            last = self.datastore.rows_in(writing.c).last(stream)
            expected, found = changes[0].originator_version - 1, last.position if last else 0
            if expected != found:
                raise PositionTaken(stream, expected, found)
            facts = ((s.topic, s.entry, s.number, s.state) for s in changes)
            self.store(writing, stream, follow(stream, last, facts, stamp(kwargs["clock"]())))
        return writing.ids

    def load(self, stream: str, rows: Iterable[Row]) -> None:
        """Store a whole stream as it is, in one transaction.

        Raises: PositionTaken, if it has events already; and what *rows* raise, nothing being stored then.
        """
        with self.writing(stream) as writing:
            last = self.datastore.rows_in(writing.c).last(stream)
            if last:
                raise PositionTaken(stream, 0, last.position)
            for page in whole_entries(rows):
                self.store(writing, stream, page)

    @contextmanager
    def page(self, stream: str) -> Iterator[Page]:
        """A transaction for recording several entries; nothing of it is stored if it is left by an error."""
        with self.writing(stream) as writing:
            yield Page(self, writing, stream)

    def store(self, writing: Writing, stream: str, rows: Sequence[Row]) -> None:
        """Put *rows*, whole entries that come next in the stream.

        Everything that the log takes in passes here, inside the transaction that stores it.
        """
        c = writing.c
        writing.ids = self.put(c, stream, rows)
        shelf, before = self.shelves(c, stream, make=True), rows[0].position - 1
        if shelf.position() < before:
            made_up_to(self.datastore.rows_in(c), stream, shelf, before)
        keeper = self._keeper(c, stream, shelf.number, before)
        for _, entry in groupby(rows, key=lambda row: row.entry):
            whole = list(entry)
            events = [event_of(stream, row) for row in whole]
            erased = self.erase(c, stream, redactions(events))
            keeper.take(shelf, whole[0].position, events, erased=erased > 0)
        self._kept[stream] = rows[-1].hash, shelf.number, keeper
        writing.stored = rows[-1]

    def _keeper(self, c: Any, stream: str, number: int, position: int) -> Keeper:
        """The keeper that remembers what it read of the tables *number* up to *position*, if nobody wrote since."""
        hash_, kept, keeper = self._kept.pop(stream, (b"", -1, None))
        if keeper is not None and kept == number and position > 0:
            if self.datastore.rows_in(c).hash_at(stream, position) == hash_:
                return keeper
        return Keeper(stream, EventCache())

    def lend(self, c: Any, stream: str, number: int, last: Row | None) -> Keeper:
        """The keeper that will take what comes behind *last*; what it finds out before, it need not find out then."""
        keeper = self._keeper(c, stream, number, last.position if last else 0)
        self._kept[stream] = last.hash if last else b"", number, keeper
        return keeper

    # --- reading

    def streams(self) -> list[str]:
        """The institutions that have events, sorted."""
        return self._rows.streams()

    def last(self, stream: str) -> Row | None:
        """The row at the head."""
        return self._rows.last(stream)

    def rows(self, stream: str, after: int, until: int | None, limit: int) -> list[Row]:
        """The first *limit* rows with after < position ≤ until, by position."""
        return self._rows.rows(stream, after, until, limit)

    @contextmanager
    def moment(self) -> Iterator[StoredRows]:
        """The rows of all logs as they are at one moment, whatever is recorded or erased the while."""
        with self.datastore.transaction(commit=False) as c:
            yield self.datastore.rows_in(c)

    def span(self, stream: str, entry: str) -> tuple[int, int] | None:
        """The first and the last position of *entry*."""
        return self._rows.span(stream, entry)

    def last_at(self, stream: str, recorded: str) -> int:
        """The last position recorded at *recorded* or before; 0 if none."""
        query = (
            "SELECT originator_version FROM stored_events WHERE originator_id = ? AND recorded <= ?"
            f" ORDER BY recorded DESC, {self.numbering} DESC LIMIT 1"
        )
        found = self.datastore.ask(query, stream, recorded)
        return found[0][0] if found else 0


class Page:
    """A transaction in which entries of one register are decided on and recorded, each after those before it."""

    def __init__(self, recorder: DatabaseRecorder, writing: Writing, stream: str) -> None:
        self._recorder, self._writing, self._stream = recorder, writing, stream
        self._rows = recorder.datastore.rows_in(writing.c)
        self._last = self._rows.last(stream)

    @property
    def head(self) -> Head:
        """Where the log ends, with what this page holds."""
        return Head(self._last.position, self._last.recorded, self._last.hash.hex()) if self._last else EMPTY

    def history(self) -> TableHistory:
        """What is recorded up to there, for deciding on it."""
        shelf = self._recorder.shelves(self._writing.c, self._stream)
        keeper = self._recorder.lend(self._writing.c, self._stream, shelf.number, self._last)
        return TableHistory(self._stream, shelf, self.head.position, (), keeper)

    def span(self, entry: str) -> tuple[int, int] | None:
        """The first and the last position of *entry*."""
        return self._rows.span(self._stream, entry)

    def append(self, events: Sequence[Event], clock: Clock) -> tuple[int, int]:
        """Record a whole entry; its first and its last position."""
        facts = ((event.kind, event.entry, event.index, event.stored()) for event in events)
        rows = follow(self._stream, self._last, facts, stamp(clock()))
        self._recorder.store(self._writing, self._stream, rows)
        self._last = rows[-1]
        return rows[0].position, rows[-1].position
