"""The logs of all institutions in one store: reading, appending, proving, and the log as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Self

from eventsourcing.persistence import InfrastructureFactory

from domain.chain import EMPTY, Head, Row, checked, event_of, read_log, stamp
from domain.errors import LogUnreadable, UnknownInstitution
from domain.events import Event
from domain.log.application import Placed, Registers
from domain.log.moment import Moment, each, head_in, head_of, linked, text_in
from domain.log.recorder import Clock, LogRecorder, PositionTaken


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with what the log added to it; the hashes in hex."""

    event: Event
    position: int
    recorded: str
    hash: str
    prev_hash: str


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
        return head_in(self._recorder, institution)

    def read(
        self, institution: str, after: int = 0, until: int | None = None, limit: int | None = None
    ) -> Iterator[Recorded]:
        """The events with after < position ≤ until, the first *limit* of them; a page in memory at a time.

        Raises: ChainBroken, at the first row that does not follow from the one before, or is no event of this program.
        """
        for row, prev in linked(self._recorder, institution, after, until, limit):
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
        for row, _ in checked(institution, each(self._recorder, institution)):
            last = row
        return head_of(last) if last else EMPTY

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

    def text(self, institution: str, head: Head) -> Iterator[bytes]:
        """The log up to *head* as it is exported: a header line, then an event a line; what is erased is blank."""
        return text_in(self._recorder, institution, head)

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
