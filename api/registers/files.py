"""A register as files: the entries of a folder, or of a JSONL file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import chain
from pathlib import Path

import yaml

from domain.entries import (
    MAX_ENTRY_BYTES,
    Entry,
    InstitutionFile,
    entry_from_json,
    entry_from_yaml,
    institution_from_yaml,
)
from domain.errors import EntryUnreadable, Reason
from domain.ids import ID_PATTERN

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
    return filed_yaml(where, lambda: _text(file, where))


def filed_yaml(where: str, text: Callable[[], bytes]) -> Filed:
    """The entry at *where*, whose YAML *text* is read when it is asked for. Raises: what reading it raises."""
    return Filed(where, lambda: entry_from_yaml(text(), where), lines_of(text))


def lines_of(text: Callable[[], bytes]) -> Callable[[int], int | None]:
    """Tells the line of a YAML *text* on which the change of a number begins; None, if it cannot be told.

    The text is read once, when it is first asked: a file with many faults is asked for each.
    """

    @cache
    def lines() -> list[int]:
        try:
            root = yaml.compose(text().decode("utf-8"), Loader=yaml.SafeLoader)
        except (ValueError, yaml.YAMLError):
            return []
        for key, node in root.value if isinstance(root, yaml.MappingNode) else ():
            if key.value == "changes" and isinstance(node, yaml.SequenceNode):
                return [int(change.start_mark.line) + 1 for change in node.value]
        return []

    return lambda change: lines()[change - 1] if change <= len(lines()) else None


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
    count = sum(bool(line.strip()) for line in BytesIO(text))
    lines = enumerate(BytesIO(text), 1)
    return Register(institution, count, (_jsonl_line(line, f"{name}:{n}") for n, line in lines if line.strip()))


def register_of_entry(text: bytes, name: str, institution: str) -> Register:
    """The one entry of *institution* in the text of a YAML or JSON file *name*."""
    return Register(institution, 1, [filed_yaml(name, lambda: text)])


def _text(file: Path, where: str) -> bytes:
    """The bytes of *file*, of more than an entry may have the first only. Raises: EntryUnreadable."""
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_ENTRY_BYTES + 1)
    except OSError as fault:
        reason = Reason("malformed", None, None, f"it cannot be read: {fault.strerror}")
        raise EntryUnreadable(where, [reason]) from None
