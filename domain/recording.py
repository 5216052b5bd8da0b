"""Recording and reading a store of registers: the loop of deciding and appending, and worlds by known position."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock

from domain.acts import Known
from domain.chain import EMPTY, Head
from domain.decide import FoldedHistory, decide, recorded_already
from domain.entries import Entry
from domain.errors import HeadMoved, NotAKnownAt, NotKnownYet, UnknownInstitution
from domain.fold import Finding, World, fold
from domain.log import Clock, Log, PositionTaken, Recorded


@dataclass(frozen=True)
class Receipt:
    """Where an entry stands in the log; *new* is False if it stood there already."""

    entry: str
    first: int
    last: int
    head: Head
    new: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class View:
    """A register as it is known at *head*: what it says, and the world that makes."""

    institution: str
    head: Head
    known: Known
    world: World


@dataclass
class _Shelf:
    """The events of one institution read so far, and the worlds folded last."""

    rows: list[Recorded] = field(default_factory=list)
    views: OrderedDict[int, View] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)


class Registers:
    """The registers of one store, for reading as known at any position and for recording.

    Any thread may use it. It keeps events it has read, which never change, and the last few worlds.
    """

    KEPT = 8  # worlds kept for each institution

    def __init__(self, log: Log, clock: Clock) -> None:
        self.log = log
        self.clock = clock
        self._shelves: dict[str, _Shelf] = {}
        self._lock = Lock()

    def institutions(self) -> list[str]:
        """The ids of all registers."""
        return self.log.institutions()

    def head(self, institution: str) -> Head:
        """The end of the log. Raises: UnknownInstitution."""
        head = self.log.head(institution)
        if head.position == 0:
            raise UnknownInstitution(institution)
        return head

    def known_position(self, institution: str, known_at: str | None) -> int:
        """The position that *known_at*, digits or an instant, means: the end of the last entry whole by then.

        Raises: UnknownInstitution, NotAKnownAt, NotKnownYet.
        """
        head = self.head(institution)
        if known_at is None:
            return head.position
        if known_at.isascii() and known_at.isdigit():
            if len(known_at) > 18 or int(known_at) > head.position:
                raise NotKnownYet(known_at[:80], f"position {head.position}")
            return self.log.whole(institution, int(known_at))
        instant = instant_of(known_at)
        now = self.clock()
        if instant > now:
            raise NotKnownYet(known_at, now.isoformat())
        return self.log.position_at(institution, instant)

    def view(self, institution: str, known_at: str | None = None) -> View:
        """The register as known at *known_at*. Raises: as known_position."""
        return self._view(institution, self.known_position(institution, known_at))

    def _view(self, institution: str, position: int) -> View:
        shelf = self._shelf(institution)
        with shelf.lock:
            view = shelf.views.get(position)
            if view is None:
                known = Known([(r.position, r.event) for r in self._rows(shelf, institution, position)])
                head = _head_at(shelf.rows, position)
                view = shelf.views[position] = View(institution, head, known, fold(known))
                if len(shelf.views) > self.KEPT:
                    shelf.views.popitem(last=False)
            shelf.views.move_to_end(position)
            return view

    def _rows(self, shelf: _Shelf, institution: str, position: int) -> Sequence[Recorded]:
        if len(shelf.rows) < position:
            shelf.rows += self.log.read(institution, after=len(shelf.rows), until=position)
        return shelf.rows[:position]

    def _shelf(self, institution: str) -> _Shelf:
        with self._lock:
            return self._shelves.setdefault(institution, _Shelf())

    def _history(self, institution: str, position: int) -> FoldedHistory:
        shelf = self._shelf(institution)
        with shelf.lock:
            rows = self._rows(shelf, institution, position)
        return FoldedHistory(institution, [(r.position, r.event) for r in rows])

    def record(self, institution: str, entry: Entry, by: str, expected: str | None = None) -> Receipt:
        """Record *entry*, whole or not at all; *expected* is the hash the head must have, if given.

        If another writer comes between, it is decided again on what the log holds then.
        Raises: UnknownInstitution, unless the entry founds it; EntryDiffers; HeadMoved; EntryRefused.
        """
        while True:
            head = self.log.head(institution)
            history = self._history(institution, head.position)
            if recorded_already(history, entry, by):
                first, last = self.log.entry(institution, entry.entry) or (0, 0)
                return Receipt(entry.entry, first, last, head, False, ())
            if head.position == 0 and entry.founds is None:
                raise UnknownInstitution(institution)
            if expected is not None and expected != head.hash:
                raise HeadMoved(institution, expected, head.hash)
            decision = decide(history, entry, by)
            try:
                first, last = self.log.append(institution, decision.events, expected=head.position, clock=self.clock)
            except PositionTaken:
                continue
            now = next(iter(self.log.read(institution, after=last - 1, until=last)))
            head = Head(now.position, now.recorded, now.hash)
            return Receipt(entry.entry, first, last, head, True, decision.findings)

    def check(self, institution: str, entries: Sequence[Entry], by: str) -> list[Finding]:
        """What recording *entries* in order would find, recording nothing. Raises: as record."""
        head = self.log.head(institution)
        history = self._history(institution, head.position)
        found: list[Finding] = []
        for entry in entries:
            if recorded_already(history, entry, by):
                continue
            if not history.rows and entry.founds is None:
                raise UnknownInstitution(institution)
            decision = decide(history, entry, by)
            found += decision.findings
            end = len(history.rows)
            history = FoldedHistory(institution, [*history.rows, *enumerate(decision.events, end + 1)])
        return found


def instant_of(text: str) -> datetime:
    """The instant of an RFC 3339 text, with its offset. Raises: NotAKnownAt."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise NotAKnownAt(text) from None
    if instant.utcoffset() is None or "T" not in text.upper():
        raise NotAKnownAt(text)
    return instant


def utc_now() -> datetime:
    """The instant now, in UTC."""
    return datetime.now(UTC)


def _head_at(rows: Sequence[Recorded], position: int) -> Head:
    if position == 0:
        return EMPTY
    row = rows[position - 1]
    return Head(row.position, row.recorded, row.hash)
