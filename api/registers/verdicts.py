"""Recording what is filed: a verdict an entry, in transactions of several, or as a rehearsal that stores nothing."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from api.registers.files import Filed, Register
from domain.decide import FoldedHistory
from domain.entries import Entry
from domain.errors import EntryDiffers, EntryRefused, EntryUnreadable, Reason, UnknownInstitution
from domain.recording import Receipt, Record, Registers, decided


@dataclass(frozen=True)
class Verdict:
    """What became of the entry at *where*: its receipt, or the refusal in words, a line a reason."""

    where: str
    receipt: Receipt | None
    refusal: tuple[str, ...] = ()


ENTRIES_OF_A_PAGE, CHANGES_OF_A_PAGE = 200, 1_000  # at most, but for the last entry
SECONDS_OF_A_PAGE = 1.0  # others who write wait so long


def record_all(register: Register, record: Record, by: str) -> Iterator[Verdict]:
    """A verdict an entry, in order; each is recorded whole or not at all, whatever became of those before.

    Raises: StoreUnusable, ChainBroken.
    """
    for filed in register.filed:
        yield _verdict(register, filed, read_filed(filed), record, by)


def record_in_pages(register: Register, registers: Registers, by: str) -> Iterator[Verdict]:
    """The same, in transactions of several entries: a verdict is given once its entry is stored for good.

    Files are read between the transactions, while others may write.
    Raises: StoreUnusable, ChainBroken.
    """
    for page in _pages(register.filed):
        left = iter(page)
        while verdicts := _record_page(register, registers, left, by):
            yield from verdicts


Read = Entry | EntryUnreadable


def _pages(files: Iterable[Filed]) -> Iterator[list[tuple[Filed, Read]]]:
    page: list[tuple[Filed, Read]] = []
    changes = 0
    for filed in files:
        read = read_filed(filed)
        page.append((filed, read))
        changes += len(read.changes) if isinstance(read, Entry) else 0
        if len(page) >= ENTRIES_OF_A_PAGE or changes >= CHANGES_OF_A_PAGE:
            yield page
            page, changes = [], 0
    if page:
        yield page


def _record_page(
    register: Register, registers: Registers, left: Iterator[tuple[Filed, Read]], by: str
) -> list[Verdict]:
    """The verdicts on the first of *left*, stored; none if nothing is left."""
    first = next(left, None)
    if first is None:
        return []
    end = time.monotonic() + SECONDS_OF_A_PAGE
    verdicts = []
    with registers.page(register.institution) as record:
        for filed, read in chain([first], left):
            verdicts.append(_verdict(register, filed, read, record, by))
            if time.monotonic() > end:
                break
    return verdicts


def read_filed(filed: Filed) -> Read:
    """The entry at a place; what is wrong with it, where it is none."""
    try:
        return filed.read()
    except EntryUnreadable as refusal:
        return refusal


def _verdict(register: Register, filed: Filed, read: Read, record: Record, by: str) -> Verdict:
    if isinstance(read, EntryUnreadable):
        return Verdict(filed.where, None, tuple(_in_words(filed, None, r) for r in read.reasons))
    try:
        return Verdict(filed.where, _as_one(record(register.institution, [read, *filed.rest], by)))
    except EntryRefused as refusal:
        return Verdict(filed.where, None, tuple(_in_words(filed, refusal.entry, r) for r in refusal.reasons))
    except (EntryDiffers, UnknownInstitution) as refusal:
        return Verdict(filed.where, None, (f"{filed.where}: {refusal}",))


def _as_one(receipts: Sequence[Receipt]) -> Receipt:
    """One receipt of entries that are recorded together: of those that are new, if any is."""
    told = [receipt for receipt in receipts if receipt.new] or receipts
    findings = tuple(found for receipt in told for found in receipt.findings)
    return replace(told[0], last=told[-1].last, head=told[-1].head, findings=findings)


def _in_words(filed: Filed, entry: str | None, reason: Reason) -> str:
    line = filed.line(reason.change) if reason.change else None
    place = f"{filed.where}:{line}" if line else filed.where
    if entry is None and reason.change is None:
        return f"{place}: {reason.detail} ({reason.rule})"
    return f"{place}: entry {entry!r}, {reason}" if entry else f"{place}: {reason}"


def read_once(register: Register) -> Register:
    """*register*, each entry of which is read when it is first asked for, and remembered, or why it is none."""

    def remembered(filed: Filed) -> Filed:
        known = cache(lambda: read_filed(filed))

        def read() -> Entry:
            found = known()
            if isinstance(found, EntryUnreadable):
                raise found
            return found

        return replace(filed, read=read)

    return replace(register, filed=[remembered(filed) for filed in register.filed])


class Rehearsal:
    """Recording that stores nothing: each entry is decided on what the record would hold by then."""

    def __init__(self, registers: Registers) -> None:
        self._registers = registers
        self._histories: dict[str, FoldedHistory] = {}

    def record(self, institution: str, entries: Sequence[Entry], by: str) -> list[Receipt]:
        """The receipts that recording *entries* would give, but for their head. Raises: as Registers.record."""
        history = self._histories.get(institution) or self._recorded(institution)
        head = self._registers.log.head(institution)
        receipts = []
        for entry, decision in zip(entries, decided(history, entries, by), strict=True):
            if decision is None:
                places = [position for position, event in history.rows if event.entry == entry.entry]
                receipts.append(Receipt(entry.entry, places[0], places[-1], head, False, ()))
                continue
            first = len(history.rows) + 1
            history = history.also(decision.events)
            receipts.append(Receipt(entry.entry, first, len(history.rows), head, True, decision.findings))
        self._histories[institution] = history
        return receipts

    def _recorded(self, institution: str) -> FoldedHistory:
        return self._registers.history(institution, self._registers.log.head(institution).position)
