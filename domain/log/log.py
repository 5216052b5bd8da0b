"""The event log: one stream of events an institution, over the `eventsourcing` library.

The stream's version is the log's *position*, gapless from 1. Each append is one `save()` of whole entries,
stored in one transaction or not at all. Only this module and the recorders know the library; which database
keeps the log is the business of the infrastructure it is given.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO, Protocol, Self, TypeAlias

from eventsourcing.application import Application
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    ApplicationRecorder,
    InfrastructureFactory,
    JSONTranscoder,
    Mapper,
    StoredEvent,
)
from eventsourcing.utils import Environment, EnvType

from domain.chain import (
    EMPTY,
    ZERO,
    Head,
    Row,
    check_link,
    checked,
    event_of,
    header,
    read_log,
    stamp,
    write_line,
)
from domain.errors import HeadMoved, LogUnreadable, UnknownInstitution
from domain.events import Event
from domain.ids import target_of

__all__ = [
    "PAGE",
    "Clock",
    "Head",
    "Log",
    "LogRecorder",
    "LogRows",
    "Moment",
    "Placed",
    "PositionTaken",
    "Recorded",
    "StoredChange",
]

PAGE = 500  # rows in memory at once

Clock: TypeAlias = Callable[[], datetime]
"""What tells the instant, with its offset from UTC."""


class PositionTaken(HeadMoved):
    """Another writer appended first: decide again on what the log holds now, and retry."""

    def __init__(self, institution: str, expected: int, found: int) -> None:
        super().__init__(institution, f"position {expected}", f"position {found}")


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with what the log added to it; the hashes in hex."""

    event: Event
    position: int
    recorded: str
    hash: str
    prev_hash: str


@dataclass(frozen=True)
class StoredChange(StoredEvent):
    """A stored event that knows its place in its entry; its topic is the change kind."""

    entry: str
    number: int


class LogRows(Protocol):
    """The rows of the logs of a store."""

    def streams(self) -> list[str]:
        """The institutions that have events, sorted."""

    def last(self, stream: str) -> Row | None:
        """The row at the head."""

    def rows(self, stream: str, after: int, until: int | None, limit: int) -> list[Row]:
        """The first *limit* rows with after < position ≤ until, by position."""


class LogRecorder(ApplicationRecorder):
    """What the log asks of a database, beyond what the library asks.

    `insert_events` takes StoredChanges of one stream, and the keyword `clock`. Holding the lock by which
    writers exclude one another, it raises PositionTaken unless the first of them is next in its stream, then
    reads the clock, and stores what `domain.chain.follow` makes of them.
    """

    @abstractmethod
    def streams(self) -> list[str]:
        """The institutions that have events, sorted."""

    @abstractmethod
    def last(self, stream: str) -> Row | None:
        """The row at the head."""

    @abstractmethod
    def rows(self, stream: str, after: int, until: int | None, limit: int) -> list[Row]:
        """The first *limit* rows with after < position ≤ until, by position."""

    @abstractmethod
    def span(self, stream: str, entry: str) -> tuple[int, int] | None:
        """The first and the last position of *entry*."""

    @abstractmethod
    def last_at(self, stream: str, recorded: str) -> int:
        """The last position recorded at *recorded* or before; 0 if none."""

    @abstractmethod
    def moment(self) -> AbstractContextManager[LogRows]:
        """The rows of all logs as they are at one moment, whatever is recorded or erased the while."""

    @abstractmethod
    def load(self, stream: str, rows: Iterable[Row]) -> None:
        """Store a whole stream as it is, in one transaction.

        Raises: PositionTaken, if it has events already; and what *rows* raise, nothing being stored then.
        """


@dataclass(frozen=True, slots=True)
class Placed:
    """An event at its position, in the shape the library handles."""

    originator_id: str
    originator_version: int
    event: Event


class EventMapper(Mapper[str]):
    """Between events and stored bytes: the event's own JSON, under its kind."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredChange:
        """*domain_event*, a Placed event, as it is stored."""
        assert isinstance(domain_event, Placed)  # the library's type is wider than ours
        event = domain_event.event
        return StoredChange(
            domain_event.originator_id,
            domain_event.originator_version,
            event.kind,
            event.stored(),
            event.entry,
            event.index,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Placed:
        """The event that was stored."""
        stream, position = str(stored_event.originator_id), stored_event.originator_version
        return Placed(stream, position, Event.from_stored(stored_event.state))


class Registers(Application[str]):
    """The library's application, closed to the environment: it is what it is given, and nothing else."""

    def __init__(self, factory: InfrastructureFactory[Any]) -> None:
        self._given = factory
        super().__init__()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """No settings: the library would take them from the process."""
        return Environment(name, env)

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """The infrastructure given."""
        return self._given

    def construct_mapper(self) -> Mapper[str]:
        """Our own mapper, which neither compresses nor encrypts."""
        return EventMapper()


class Log:
    """The logs of all institutions in one store. One for the process; any thread may use it."""

    def __init__(self, factory: InfrastructureFactory[Any]) -> None:
        self._application = Registers(factory)
        recorder = self._application.recorder
        if not isinstance(recorder, LogRecorder):
            raise TypeError(f"{type(recorder).__name__} cannot keep a log")
        self._recorder: LogRecorder = recorder

    def close(self) -> None:
        """Give up the connections to the store."""
        self._application.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- reading

    def institutions(self) -> list[str]:
        """The ids of the institutions with a log, sorted."""
        return self._recorder.streams()

    def head(self, institution: str) -> Head:
        """Where the log of *institution* ends; position 0 if it has none."""
        last = self._recorder.last(institution)
        return _head(last) if last else EMPTY

    def read(
        self, institution: str, after: int = 0, until: int | None = None, limit: int | None = None
    ) -> Iterator[Recorded]:
        """The events with after < position ≤ until, the first *limit* of them; a page in memory at a time.

        Raises: ChainBroken, at the first row that does not follow from the one before, or is no event of this program.
        """
        for row, prev in self._rows(institution, after, until, limit):
            yield Recorded(event_of(institution, row), row.position, row.recorded, row.hash.hex(), prev.hex())

    def entry(self, institution: str, entry: str) -> tuple[int, int] | None:
        """The first and the last position of *entry*; None if it is not recorded."""
        return self._recorder.span(institution, entry)

    def position_at(self, institution: str, instant: datetime) -> int:
        """The last position recorded at *instant* or before; 0 if none. It always ends an entry."""
        return self._recorder.last_at(institution, stamp(instant))

    def whole(self, institution: str, position: int) -> int:
        """The end of the last entry that is whole at *position*; beyond the head, the head."""
        around = self._recorder.rows(institution, position - 1, position + 1, limit=2)
        if len(around) == 2 and around[0].entry == around[1].entry:
            span = self._recorder.span(institution, around[0].entry)
            return span[0] - 1 if span else 0
        return position if around else min(position, self.head(institution).position)

    def _rows(
        self, institution: str, after: int = 0, until: int | None = None, limit: int | None = None
    ) -> Iterator[tuple[Row, bytes]]:
        """Rows with the hash of the position before each."""
        return _linked(self._recorder, institution, after, until, limit)

    # --- writing

    def append(self, institution: str, events: Sequence[Event], *, expected: int, clock: Clock) -> tuple[int, int]:
        """Record whole entries after position *expected*, all or nothing; their first and last position.

        *clock* is read once no other writer can come between; the events share that instant, or the head's
        if the clock is behind it.

        Raises: PositionTaken, if the log does not end at *expected*; ValueError, unless the events are whole
        entries of the institution: each numbered from 0 or 1 without a gap. An entry id that the log has
        already is for the caller to find; the database refuses it, as the library's IntegrityError.
        """
        _require_whole_entries(institution, events)
        placed = [Placed(institution, position, e) for position, e in enumerate(events, start=expected + 1)]
        self._application.save(*placed, clock=clock)
        return expected + 1, expected + len(events)

    # --- proving, and the log as text

    def verify(self, institution: str) -> Head:
        """The head of a log whose every byte was found to be what the chain says.

        A log shortened at its end verifies too: compare its head with one that was published.

        Raises: ChainBroken, at the first position that does not verify.
        """
        last: Row | None = None
        for row, _ in checked(institution, _each(self._recorder, institution)):
            last = row
        return _head(last) if last else EMPTY

    def export(self, institution: str, out: BinaryIO) -> None:
        """Write the log to *out*: a header line, then an event a line.

        Raises: UnknownInstitution.
        """
        with self.moment() as moment:
            head = moment.head(institution)
            if not head.position:
                raise UnknownInstitution(institution)
            out.writelines(moment.text(institution, head))

    @contextmanager
    def moment(self) -> Iterator[Moment]:
        """All logs as they stand at one moment, for copying them while others record."""
        with self._recorder.moment() as rows:
            yield Moment(rows)

    def text(self, institution: str, head: Head, withheld: Container[str] = ()) -> Iterator[bytes]:
        """The log up to *head* as it is exported: a header line, then an event a line.

        Of an event *withheld*, named `ENTRY#n`, neither salt nor bytes are told; its hashes still verify.
        """
        yield header(institution, head)
        for row, prev in self._rows(institution, until=head.position):
            blank = target_of(row.entry, row.number) in withheld
            yield write_line(replace(row, salt=b"", state=b"") if blank else row, prev)

    def load(self, lines: Iterable[bytes]) -> Head:
        """Store an exported log, in one transaction, each line proved by those before it; its head.

        Raises: LogUnreadable, nothing being stored then: also if the institution has a log here already.
        """
        institution, rows = read_log(lines)
        try:
            self._recorder.load(institution, rows)
        except PositionTaken as e:
            raise LogUnreadable(1, f"institution {institution!r} has a log here already") from e
        return self.head(institution)


class Moment:
    """The logs of a store as they stand at one moment."""

    def __init__(self, rows: LogRows) -> None:
        self._rows = rows

    def heads(self) -> dict[str, Head]:
        """Where the log of each institution ends, by id."""
        return {stream: self.head(stream) for stream in self._rows.streams()}

    def head(self, institution: str) -> Head:
        """Where the log of *institution* ends; position 0 if it has none."""
        last = self._rows.last(institution)
        return _head(last) if last else EMPTY

    def proved(self, institution: str) -> Iterator[Row]:
        """The rows of a log, each proved before it is given. Raises: ChainBroken."""
        return (row for row, _ in checked(institution, _each(self._rows, institution)))

    def text(self, institution: str, head: Head) -> Iterator[bytes]:
        """The log up to *head* as it is exported: a header line, then an event a line."""
        yield header(institution, head)
        for row, prev in _linked(self._rows, institution, until=head.position):
            yield write_line(row, prev)


def _each(rows: LogRows, institution: str) -> Iterator[Row]:
    """Every row, by the page, as it is."""
    after = 0
    while page := rows.rows(institution, after, None, PAGE):
        yield from page
        after = page[-1].position


def _linked(
    rows: LogRows, institution: str, after: int = 0, until: int | None = None, limit: int | None = None
) -> Iterator[tuple[Row, bytes]]:
    """Rows with the hash of the position before each, from which it follows. Raises: ChainBroken."""
    start = rows.rows(institution, after - 1, after, limit=1) if after > 0 else []
    prev = start[0].hash if start else ZERO
    left = limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        page = rows.rows(institution, after, until, size)
        for row in page:
            check_link(institution, row, prev, after + 1)
            yield row, prev
            prev, after = row.hash, row.position
        if len(page) < size:
            return
        if left is not None:
            left -= size


def _head(row: Row) -> Head:
    return Head(row.position, row.recorded, row.hash.hex())


def _require_whole_entries(institution: str, events: Sequence[Event]) -> None:
    if not events:
        raise ValueError("an append holds at least one event")
    before: Event | None = None
    for event in events:
        first = before is None or event.entry != before.entry
        if event.institution != institution:
            raise ValueError(f"{event.target} is of institution {event.institution!r}, not {institution!r}")
        if event.index not in ((0, 1) if first else (before.index + 1,)):  # type: ignore[union-attr]
            raise ValueError(f"{event.target} does not follow {before.target if before else 'nothing'}")
        before = event
