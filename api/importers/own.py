"""Entries as their editors write them: a file of JSON, JSONL or YAML, or a register folder as a zip."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import islice

from api.importers.options import MAX_FILE_BYTES, MAX_ROWS, Options
from api.importers.sources import founding, institution_of, refused
from api.registers import Filed, NotARegister, Register, register_of_entry, register_of_lines
from api.registers.zipped import register_of_zip
from domain.entries import entry_from, plain_json
from domain.errors import EntryUnreadable


def read_entries(name: str, content: bytes, options: Options, suffix: str | None = None) -> Register:
    """The entries of a file: an entry or an array of them as JSON, one a line as JSONL, one as YAML, a folder as ZIP.

    *suffix* says which, if the name does not. Raises: NotARegister.
    """
    institution = institution_of(name, options)
    suffix = suffix or name.casefold().rpartition(".")[2]
    found = _filed(name, content.removeprefix(codecs.BOM_UTF8), institution, suffix)
    filed = [*founding(options), *islice(found, MAX_ROWS + 1)]
    if len(filed) > MAX_ROWS:
        raise NotARegister(name, f"it holds more than {MAX_ROWS} entries: split it, or name it as JSONL to `import`")
    return Register(institution, len(filed), filed)


def _filed(name: str, content: bytes, institution: str, suffix: str) -> Iterator[Filed]:
    match suffix:
        case "yaml" | "yml":
            yield from register_of_entry(content, name, institution).filed
        case "jsonl":
            yield from register_of_lines(content, name, institution).filed
        case "zip":
            try:
                yield from register_of_zip(content, name, institution).filed
            except EntryUnreadable as fault:
                raise NotARegister(fault.where, fault.reasons[0].detail) from None
        case _:
            yield from _objects(name, content)


def _objects(name: str, content: bytes) -> Iterator[Filed]:
    try:
        data = plain_json(content, name, MAX_FILE_BYTES)
    except EntryUnreadable as fault:
        yield refused(name, [reason.detail for reason in fault.reasons])
        return
    for number, one in enumerate(data if isinstance(data, list) else [data], 1):
        yield _object(one, f"{name}, entry {number}" if isinstance(data, list) else name)


def _object(data: object, where: str) -> Filed:
    return Filed(where, lambda: entry_from(data, where))
