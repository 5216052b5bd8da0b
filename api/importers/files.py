"""Files to import: what each is read as, and the register that it makes."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from api.importers.delimited import read_delimited
from api.importers.intervals import COLUMNS, read_intervals
from api.importers.options import FORMATS, MAX_FILE_BYTES, FormatName, Options
from api.importers.own import read_entries
from api.importers.packages import CHANGES, DESCRIPTION, SOURCES, read_package
from api.importers.popolo import read_popolo
from api.importers.snapshot_tables import SNAPSHOTS, read_snapshot_table
from api.importers.sources import file_of
from api.importers.structures import read_structures
from api.importers.zips import MAX_UNPACKED, names_in, unpacked
from api.registers import NotARegister, Register, read_register
from domain.entries import plain_json
from domain.errors import EntryUnreadable

SUFFIXES: Mapping[str, FormatName] = {
    ".jsonl": "entries",
    ".yaml": "entries",
    ".yml": "entries",
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
}
"""What a file of a suffix is read as; one of JSON and a zip tell by what they hold."""


def read_file(name: str, content: bytes, options: Options) -> Register:
    """The register that the file *name*, holding *content*, makes of *options*: its entries, and what was done.

    What cannot be an entry is among them, and its verdict will be a refusal.
    Raises: NotARegister, for a file that cannot be read as what it is said to be; nothing else.
    """
    if len(content) > MAX_FILE_BYTES:
        raise NotARegister(name, f"it has {len(content)} bytes, more than {MAX_FILE_BYTES}: split it")
    format_ = options.format or _format_of(name, content)
    if format_ == "entries":
        return read_entries(name, content, options)
    file = file_of(name, content, options)
    match format_:
        case "csv":
            return read_intervals(file, read_delimited(name, content, options, COLUMNS.known), options)
        case "xlsx":
            from api.importers.workbooks import read_workbook

            return read_intervals(file, read_workbook(name, content, options), options)
        case "popolo":
            return read_popolo(file, _json(name, content), options)
        case "snapshots":
            suffix = _suffix(name)
            if suffix == ".json":
                return read_structures(file, _json(name, content), options)
            if suffix == ".xlsx":
                from api.importers.workbooks import read_workbook

                return read_snapshot_table(file, read_workbook(name, content, options), options)
            return read_snapshot_table(file, read_delimited(name, content, options, SNAPSHOTS.known), options)
        case "package":
            return read_package(name, unpacked(name, content, "set of tables"), options)


def register_at(place: Path, options: Options) -> Register:
    """The register that lies at *place*: a folder of entries or of tables, or a file.

    A JSONL file is read line by line and may be of any size. Raises: NotARegister; EntryUnreadable, for an
    institution.yaml that is none.
    """
    if place.is_dir() and (options.format == "package" or (place / DESCRIPTION).exists()):
        return read_package(place.name, {name: _content(place / name) for name in _tables(place)}, options)
    if place.is_dir() and (options.found is not None or options.format not in (None, "entries")):
        raise NotARegister(place, "it is a folder: its institution.yaml founds the register, and it holds entries")
    lines = options.format in (None, "entries") and options.found is None and _holds_lines(place)
    if place.is_dir() or not place.exists() or lines:
        return read_register(place, options.institution)
    return read_file(place.name, _content(place), options)


def _holds_lines(file: Path) -> bool:
    """Whether a file has entries, one a line: by its suffix; of a suffix that says nothing, if it begins like one."""
    suffix = file.suffix.casefold()
    if suffix in (*SUFFIXES, ".json", ".zip") or not file.is_file():
        return suffix == ".jsonl"
    with file.open("rb") as opened:
        return opened.read(1_000).lstrip().startswith(b"{")


def _tables(folder: Path) -> list[str]:
    return [name for name in (DESCRIPTION, CHANGES, SOURCES) if (folder / name).exists()]


def _content(file: Path) -> bytes:
    """What *file* holds; of one that is too large the first only. Raises: NotARegister, if it cannot be read."""
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_UNPACKED + 1)
    except OSError as fault:
        raise NotARegister(file, f"it cannot be read: {fault.strerror}") from None


def _suffix(name: str) -> str:
    return f".{name.casefold().rpartition('.')[2]}"


def _format_of(name: str, content: bytes) -> FormatName:
    """What a file is to be read as, where that is certain. Raises: NotARegister."""
    suffix = _suffix(name)
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if suffix == ".json":
        data = _json(name, content)
        one = data[0] if isinstance(data, list) and data else data
        keys = one.keys() if isinstance(one, Mapping) else set[str]()
        if "entry" in keys:
            return "entries"
        if keys & {"persons", "organizations", "memberships", "posts"} and "as_of" not in keys:
            return "popolo"
        if "as_of" in keys:
            return "snapshots"
    if suffix == ".zip":
        return "package" if DESCRIPTION in names_in(name, content) else "entries"
    raise NotARegister(name, f"what it is to be read as is not certain: say --format {' | '.join(FORMATS)}", "format")


def _json(name: str, content: bytes) -> Any:
    try:
        return plain_json(content.removeprefix(codecs.BOM_UTF8), name, MAX_FILE_BYTES)
    except EntryUnreadable as fault:
        raise NotARegister(name, fault.reasons[0].detail) from None
