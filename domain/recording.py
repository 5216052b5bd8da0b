"""Recording and reading a store of registers: the loop of deciding and appending, and worlds by known position."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Protocol, TypeAlias

from domain.acts import Known, redactions
from domain.chain import EMPTY, Head
from domain.changes import Redacted
from domain.decide import Decision, Drafting, FoldedHistory, decide, recorded_already
from domain.entries import Entry
from domain.errors import HeadMoved, NotAKnownAt, NotKnownYet, UnknownInstitution
from domain.events import Event
from domain.findings import findings_of
from domain.fold import fold
from domain.log import Clock, Log, PositionTaken, Recorded
from domain.pausing import pause, pausing_for
from domain.world import Finding, World


@dataclass(frozen=True)
class Receipt:
    """Where an entry stands in the log; *new* is False if it stood there already."""

    entry: str
    first: int
    last: int
    head: Head
    new: bool
    findings: tuple[Finding, ...]
    erases: int = 0
    """How many changes the entry names to be erased."""


Histories: TypeAlias = Callable[[str, int], AbstractContextManager[Drafting]]
"""What is recorded of an institution up to the position at which its log ends, for deciding on it."""


class EntryPage(Protocol):
    """A transaction in which several entries of one institution are recorded, each after those before it."""

    @property
    def head(self) -> Head:
        """Where the log ends, with what this page holds."""

    def history(self) -> Drafting:
        """What is recorded up to there, for deciding on it."""

    def span(self, entry: str) -> tuple[int, int] | None:
        """The first and the last position of *entry*; None if it is not recorded."""

    def append(self, events: Sequence[Event], clock: Clock) -> tuple[int, int]:
        """Record a whole entry; its first and its last position."""


Pages: TypeAlias = Callable[[str], AbstractContextManager[EntryPage]]
"""A page of an institution's log; nothing of it is stored if it is left by an error."""

Record: TypeAlias = Callable[[str, Sequence[Entry], str], list[Receipt]]
"""Records entries of an institution in somebody's name: all of them, each after those before it, or none."""


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
    redacted: frozenset[str] = frozenset()
    seen: int = 0
    """The position up to which redactions were looked for."""
    lock: Lock = field(default_factory=Lock)

    @property
    def size(self) -> int:
        """Events kept, each counted once more for every world made of it; and one, for keeping anything."""
        return 1 + len(self.rows) + sum(tuple(self.views))


class Registers:
    """The registers of one store, for reading as known at any position and for recording.

    Any thread may use it. It keeps events it has read, which never change, and the last few worlds: as many as there is
    room for, and whatever its size the register asked for last, with its last world.
    """

    KEPT = 8  # worlds kept for each institution
    ROOM = 20_000  # events kept, each counted once more for every world made of it

    def __init__(self, log: Log, clock: Clock, histories: Histories | None = None, pages: Pages | None = None) -> None:
        self.log = log
        self.clock = clock
        self._pages = pages
        self._histories = histories or self._folded
        self._shelves: OrderedDict[str, _Shelf] = OrderedDict()
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

    def head_at(self, institution: str, known_at: str | None = None) -> Head:
        """Where the log ended at *known_at*. Raises: as known_position."""
        if known_at is None:
            return self.head(institution)
        position = self.known_position(institution, known_at)
        rows = self.log.read(institution, after=position - 1, until=position) if position else ()
        return next((Head(row.position, row.recorded, row.hash) for row in rows), EMPTY)

    def view(self, institution: str, known_at: str | None = None) -> View:
        """The register as known at *known_at*. Raises: as known_position."""
        return self.view_at(institution, self.known_position(institution, known_at))

    def view_at(self, institution: str, position: int) -> View:
        """The register as known at *position*, which ends an entry."""
        shelf = self._shelf(institution)
        with pausing_for(shelf.lock):
            redacted = self._redacted(shelf, institution)
            view = shelf.views.get(position)
            if view is None:
                known = Known([(r.position, r.event) for r in shelf.rows[:position]], redacted)
                view = shelf.views[position] = View(institution, _head_at(shelf.rows, position), known, fold(known))
                while len(shelf.views) > 1 and (len(shelf.views) > self.KEPT or shelf.size > self.ROOM):
                    shelf.views.popitem(last=False)
            shelf.views.move_to_end(position)
            self._make_room(institution)
            return view

    @contextmanager
    def _folded(self, institution: str, position: int) -> Iterator[Drafting]:
        yield self.history(institution, position)

    @contextmanager
    def drafting(self, institution: str, position: int) -> Iterator[Drafting]:
        """What is recorded up to *position*, for trying entries on it.

        A past position is folded whole: what is kept for deciding is kept for the head.
        """
        histories = self._histories if position == self.log.head(institution).position else self._folded
        with histories(institution, position) as history:
            yield history

    @contextmanager
    def trying(self, institution: str, known_at: str | None = None) -> Iterator[tuple[Head, Drafting]]:
        """What is recorded up to *known_at*, or by now, for trying entries on it; and where the log ends there.

        By now is one moment, whoever records the while, and nothing is folded whole for it.
        Raises: as known_position; but by now, any register may be founded yet.
        """
        if known_at is not None:
            head = self.head_at(institution, known_at)
            with self.drafting(institution, head.position) as history:
                yield head, history
            return
        while True:
            head = self.log.head(institution)
            with self._histories(institution, head.position) as history:
                if history.position == head.position:  # or somebody recorded since
                    yield head, history
                    return

    def history(self, institution: str, position: int) -> FoldedHistory:
        """What is recorded up to *position*, for deciding on it."""
        shelf = self._shelf(institution)
        with pausing_for(shelf.lock):
            redacted = self._redacted(shelf, institution)
            rows = self._rows(shelf, institution, position)
            self._make_room(institution)
            return FoldedHistory(institution, [(r.position, r.event) for r in rows], redacted)

    def redacted(self, institution: str) -> frozenset[str]:
        """The changes that are erased, whatever position is asked for."""
        shelf = self._shelf(institution)
        with pausing_for(shelf.lock):
            return self._redacted(shelf, institution)

    def _redacted(self, shelf: _Shelf, institution: str) -> frozenset[str]:
        head = self.log.head(institution).position
        if head > shelf.seen:
            rows = self._rows(shelf, institution, head)
            if any(isinstance(row.event.change, Redacted) for row in rows[shelf.seen :]):
                self._forget(shelf, redactions(row.event for row in rows))
            shelf.seen = head
        return shelf.redacted

    def forget(self, institution: str, redacted: frozenset[str]) -> None:
        """Keep nothing of what the events said that *redacted* names."""
        shelf = self._shelf(institution)
        if redacted <= shelf.redacted:  # as nearly always: nobody is waited for who folds
            return
        with pausing_for(shelf.lock):
            if not redacted <= shelf.redacted:
                self._forget(shelf, shelf.redacted | redacted)

    def _forget(self, shelf: _Shelf, redacted: frozenset[str]) -> None:
        shelf.redacted = redacted
        shelf.rows = [replace(r, event=r.event.blank()) if r.event.target in redacted else r for r in shelf.rows]
        shelf.views.clear()

    def _rows(self, shelf: _Shelf, institution: str, position: int) -> Sequence[Recorded]:
        if len(shelf.rows) < position:
            for row in self.log.read(institution, after=len(shelf.rows), until=position):
                shelf.rows.append(row)
                pause()
        return shelf.rows[:position]

    def _shelf(self, institution: str) -> _Shelf:
        with self._lock:
            shelf = self._shelves.setdefault(institution, _Shelf())
            self._shelves.move_to_end(institution)
            return shelf

    def _make_room(self, institution: str) -> None:
        """Keep nothing of the registers not asked for longest, other than *institution*, while there is too much."""
        with self._lock:
            size = sum(shelf.size for shelf in self._shelves.values())
            for other in [name for name in self._shelves if name != institution]:
                if size <= self.ROOM:
                    break
                size -= self._shelves.pop(other).size

    def record(self, institution: str, entry: Entry, by: str, expected: str | None = None) -> Receipt:
        """Record *entry*, whole or not at all; *expected* is the hash the head must have, if given.

        If another writer comes between, it is decided again on what the log holds then, while others wait: else whoever
        needs long to decide would be overtaken for ever.
        Raises: UnknownInstitution, unless the entry founds it; EntryDiffers; HeadMoved; EntryRefused.
        """
        while True:
            head = self.log.head(institution)
            with self._histories(institution, head.position) as history:
                decision = _decided(history, entry, by, head, expected)
                if decision is None:
                    found = _found_again(history, entry)
                    break
            try:
                first, last = self.log.append(institution, decision.events, expected=head.position, clock=self.clock)
            except PositionTaken:
                if self._pages is None:
                    continue
                return self._alone(self._pages, institution, entry, by, expected)
            now = next(iter(self.log.read(institution, after=last - 1, until=last)))
            head = Head(now.position, now.recorded, now.hash)
            return Receipt(entry.entry, first, last, head, True, decision.findings, _erases(entry))
        first, last = self.log.entry(institution, entry.entry) or (0, 0)
        return Receipt(entry.entry, first, last, head, False, found)

    def _alone(self, pages: Pages, institution: str, entry: Entry, by: str, expected: str | None) -> Receipt:
        """Record *entry* while nobody else can. Raises: as *record*."""
        with pages(institution) as page:
            history = page.history()
            decision = _decided(history, entry, by, page.head, expected)
            if decision is None:
                first, last = page.span(entry.entry) or (0, 0)
                return Receipt(entry.entry, first, last, page.head, False, _found_again(history, entry))
            first, last = page.append(decision.events, self.clock)
            return Receipt(entry.entry, first, last, page.head, True, decision.findings, _erases(entry))

    @contextmanager
    def page(self, institution: str) -> Iterator[Record]:
        """What records entries of *institution* in one transaction, which others who write wait for.

        What is refused takes back itself alone, as in *record*; nothing is stored if the page is left by an error.
        Of an entry recorded already no findings are told. What cannot write pages records each entry by itself.
        """
        if self._pages is None:
            yield self.together
            return
        with self._pages(institution) as page:

            def record(_: str, entries: Sequence[Entry], by: str) -> list[Receipt]:
                receipts = []
                for entry, decision in zip(entries, decided(page.history(), entries, by), strict=True):
                    new = decision is not None
                    span = page.append(decision.events, self.clock) if decision else page.span(entry.entry)
                    first, last = span or (0, 0)
                    found, erased = (decision.findings, _erases(entry)) if decision else ((), 0)
                    receipts.append(Receipt(entry.entry, first, last, page.head, new, found, erased))
                return receipts

            yield record

    def together(self, institution: str, entries: Sequence[Entry], by: str) -> list[Receipt]:
        """Record *entries* one after the other, if every one of them can be. Raises: as *record*."""
        with self._histories(institution, self.log.head(institution).position) as history:
            decided(history, entries, by)
        return [self.record(institution, entry, by) for entry in entries]


def decided(history: Drafting, entries: Sequence[Entry], by: str) -> list[Decision | None]:
    """What recording *entries* makes, each after those before it; None of one that is recorded already.

    Raises: UnknownInstitution, EntryDiffers, EntryRefused, for the first that cannot be.
    """
    decisions: list[Decision | None] = []
    for number, entry in enumerate(entries, 1):
        if recorded_already(history, entry, by):
            decisions.append(None)
            continue
        if not history.founded and entry.founds is None:
            raise UnknownInstitution(history.institution)
        decision = decide(history, entry, by)
        decisions.append(decision)
        if number < len(entries):
            history = history.also(decision.events)
    return decisions


def _decided(history: Drafting, entry: Entry, by: str, head: Head, expected: str | None) -> Decision | None:
    """What recording *entry* makes where the log ends at *head*; None, if it is recorded already.

    Raises: UnknownInstitution; EntryDiffers; HeadMoved, unless the hash of *head* is *expected*; EntryRefused.
    """
    if recorded_already(history, entry, by):
        return None
    if head.position == 0 and entry.founds is None:
        raise UnknownInstitution(history.institution)
    if expected is not None and expected != head.hash:
        raise HeadMoved(history.institution, expected, head.hash)
    return decide(history, entry, by)


def _found_again(history: Drafting, entry: Entry) -> tuple[Finding, ...]:
    """The findings about an entry that is recorded."""
    return findings_of(history.after(history.entry(entry.entry)), entry.entry)


def _erases(entry: Entry) -> int:
    return len({target for change in entry.changes if isinstance(change, Redacted) for target in change.targets})


_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def instant_of(text: str) -> datetime:
    """The instant of an RFC 3339 text, with its offset. Raises: NotAKnownAt."""
    if not _INSTANT.fullmatch(text):
        raise NotAKnownAt(text)
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        raise NotAKnownAt(text) from None


def utc_now() -> datetime:
    """The instant now, in UTC."""
    return datetime.now(UTC)


def _head_at(rows: Sequence[Recorded], position: int) -> Head:
    if position == 0:
        return EMPTY
    row = rows[position - 1]
    return Head(row.position, row.recorded, row.hash)
