"""Registers as files: the entries of a folder or of a JSONL file, and what became of each when recorded."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import yaml

from domain.decide import FoldedHistory
from domain.entries import (
    MAX_ENTRY_BYTES,
    Entry,
    InstitutionFile,
    entry_from_json,
    entry_from_yaml,
    institution_from_yaml,
)
from domain.errors import (
    EntryDiffers,
    EntryRefused,
    EntryUnreadable,
    Reason,
    UnknownInstitution,
)
from domain.ids import ID_PATTERN
from domain.recording import Receipt, Record, Registers, decided

INSTITUTION, ENTRIES, JSONL = "institution.yaml", "entries", "entries.jsonl"


class NotARegister(ValueError):
    """*place* is no folder of a register, nor a file that holds entries or what makes them.

    *option* names what is to be said about it so that it can be read, if that is all it lacks.
    """

    def __init__(self, place: Path | str, detail: str, option: str | None = None) -> None:
        super().__init__(f"{place}: {detail}")
        self.place = place
        self.option = option


@dataclass(frozen=True)
class Filed:
    """An entry as it lies in a register; *where* names its file, and the line or row of it.

    *rest* are entries that are recorded with it, or none of them is: the row of a table says more than one.
    """

    where: str
    read: Callable[[], Entry]
    """Raises: EntryUnreadable."""
    line: Callable[[int], int | None] = lambda change: None
    """The line on which a change begins, where that says more than *where*."""
    rest: Sequence[Entry] = ()


@dataclass(frozen=True)
class Register:
    """A register as files: the *count* entries of *institution*, in the order of recording.

    *notes* say what was done with the file that its reader would not expect, a line each.
    """

    institution: str
    count: int
    filed: Iterable[Filed]
    notes: tuple[str, ...] = ()


def register_folders(under: Path) -> list[Path]:
    """The folders of registers directly under *under*, by name."""
    return sorted(file.parent for file in under.glob(f"*/{INSTITUTION}"))


def read_register(place: Path, institution: str | None = None) -> Register:
    """The register at *place*: a folder, or a JSONL file of entries of *institution*.

    Raises: NotARegister; EntryUnreadable, for an institution.yaml that is none.
    """
    if institution is not None and not re.fullmatch(ID_PATTERN, institution):
        raise NotARegister(place, f"{institution!r} cannot be the id of an institution")
    if place.is_dir():
        return _read_folder(place, institution)
    if not place.exists():
        raise NotARegister(place, "there is no such folder or file")
    if institution is None:
        raise NotARegister(place, "it does not say whose entries it holds: name the institution")
    return Register(institution, _count(place), _lines(place))


def _read_folder(folder: Path, institution: str | None) -> Register:
    declared, lines = folder / INSTITUTION, folder / JSONL
    founding, files = [], _yaml_files(folder)
    if declared.exists():
        found = _institution_in(declared)
        if institution not in (None, found.id):
            raise NotARegister(folder, f"its {INSTITUTION} is that of {found.id!r}, not of {institution!r}")
        founding, institution = [Filed(INSTITUTION, found.declared)], found.id
    if institution is None:
        raise NotARegister(folder, f"it has no {INSTITUTION}")
    if not lines.exists():
        return Register(institution, len(founding) + len(files), [*founding, *files])
    if files:
        raise NotARegister(folder, f"it has both {ENTRIES}/ and {JSONL}, and which is to come first nobody says")
    return Register(institution, len(founding) + _count(lines), chain(founding, _lines(lines)))


def _institution_in(file: Path) -> InstitutionFile:
    return institution_from_yaml(_text(file, INSTITUTION), INSTITUTION)


def _yaml_files(folder: Path) -> list[Filed]:
    files = sorted(f for f in folder.glob(f"{ENTRIES}/*") if not f.name.startswith("."))
    strange = next((f for f in files if f.suffix != ".yaml"), None)
    if strange:
        raise NotARegister(folder, f"{ENTRIES}/ holds {strange.name}, which is no .yaml file")
    return [_yaml_file(file, f"{ENTRIES}/{file.name}") for file in files]


def _yaml_file(file: Path, where: str) -> Filed:
    return Filed(
        where,
        lambda: entry_from_yaml(_text(file, where), where),
        lambda change: line_of(change, _text(file, where)),
    )


def line_of(change: int, text: bytes) -> int | None:
    """The line of a YAML *text* on which the change of that number begins; None, if it cannot be told."""
    try:
        root = yaml.compose(text.decode("utf-8"), Loader=yaml.SafeLoader)
    except (ValueError, yaml.YAMLError):
        return None
    for key, node in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == "changes" and isinstance(node, yaml.SequenceNode) and change <= len(node.value):
            return int(node.value[change - 1].start_mark.line) + 1
    return None


def _lines(file: Path) -> Iterator[Filed]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _jsonl_line(line, f"{file.name}:{number}")


def _jsonl_line(line: bytes, where: str) -> Filed:
    return Filed(where, lambda: entry_from_json(line, where))


def _count(file: Path) -> int:
    """How many entries a JSONL file holds. Raises: NotARegister, if it cannot be read."""
    try:
        with file.open("rb") as lines:
            return sum(bool(line.strip()) for line in lines)
    except OSError as fault:
        raise NotARegister(file, f"it cannot be read: {fault.strerror}") from None


def register_of_lines(text: bytes, name: str, institution: str) -> Register:
    """The entries of *institution* in the text of a JSONL file *name*."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    return Register(institution, len(lines), [_jsonl_line(line, f"{name}:{number}") for number, line in lines])


def register_of_entry(text: bytes, name: str, institution: str) -> Register:
    """The one entry of *institution* in the text of a YAML or JSON file *name*."""
    filed = Filed(name, lambda: entry_from_yaml(text, name), lambda change: line_of(change, text))
    return Register(institution, 1, [filed])


def _text(file: Path, where: str) -> bytes:
    """The bytes of *file*, of more than an entry may have the first only. Raises: EntryUnreadable."""
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_ENTRY_BYTES + 1)
    except OSError as fault:
        reason = Reason("malformed", None, None, f"it cannot be read: {fault.strerror}")
        raise EntryUnreadable(where, [reason]) from None


# --- recording


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
