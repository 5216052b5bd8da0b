"""A register as a zipped folder: read in memory, a file at a time, and never more of one than an entry may have."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo

from api.importers.zips import BROKEN, is_folder, opened_part
from api.registers.files import ENTRIES, INSTITUTION, Filed, NotARegister, Register, filed_yaml
from domain.entries import MAX_ENTRY_BYTES, institution_from_yaml
from domain.errors import EntryUnreadable, Reason

MOST_FILES = 10_000


def register_of_zip(content: bytes, name: str, institution: str) -> Register:
    """The register of *institution* in a ZIP file: `institution.yaml` and `entries/*.yaml`, in a folder or not.

    Names are only names here: nothing is written to a disk. Raises: NotARegister; EntryUnreadable, for an
    institution.yaml that is none.
    """
    place = Path(name)
    try:
        opened = ZipFile(BytesIO(content))
    except BROKEN:
        raise NotARegister(place, "it is no ZIP file") from None
    files = {PurePosixPath(info.filename): info for info in opened.infolist() if not is_folder(info)}
    if len(files) > MOST_FILES:
        raise NotARegister(place, f"{len(files)} files are more than the {MOST_FILES} that are read")
    declared = [path for path in files if path.name == INSTITUTION]
    entries = sorted(path for path in files if path.parent.name == ENTRIES and path.suffix == ".yaml")
    if len({path.parent.parent for path in entries} | {path.parent for path in declared}) > 1:
        raise NotARegister(place, "it holds more than one register")
    founding = []
    for path in declared:
        found = institution_from_yaml(_read(opened, files[path]), INSTITUTION)
        if found.id != institution:
            raise NotARegister(place, f"its {INSTITUTION} is that of {found.id!r}, not of {institution!r}")
        founding.append(Filed(INSTITUTION, found.declared))
    filed = [_filed(opened, files[path], f"{ENTRIES}/{path.name}") for path in entries]
    if not founding and not filed:
        raise NotARegister(place, f"it has neither {INSTITUTION} nor {ENTRIES}/*.yaml")
    return Register(institution, len(founding) + len(filed), [*founding, *filed])


def _filed(opened: ZipFile, info: ZipInfo, where: str) -> Filed:
    return filed_yaml(where, lambda: _read(opened, info))


def _read(opened: ZipFile, info: ZipInfo) -> bytes:
    """The bytes of a file; of more than an entry may have the first only. Raises: EntryUnreadable."""
    try:
        with opened_part(opened, info) as file:
            return file.read(MAX_ENTRY_BYTES + 1)
    except BROKEN as fault:
        reason = Reason("malformed", None, None, f"it cannot be read: {fault}")
        raise EntryUnreadable(info.filename, [reason]) from None
