"""Zips as somebody packs them who means harm, or whose disk is failing: refused in words."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest

from api.importers.files import read_file
from api.importers.options import FormatName
from api.importers.packages import CHANGES
from api.registers import NotARegister
from domain.errors import EntryUnreadable
from tests.importers.taken import MINT

ENTRY = b"entry: opened\neffective: 1724\nchanges:\n  - kind: unit-established\n    unit: mint\n    name: {en: Mint}\n"


def folder(*names: str, method: int = zipfile.ZIP_STORED) -> bytes:
    """A zip of files that hold an entry each."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in names:
            archive.writestr(name, ENTRY)
    return out.getvalue()


def cut(content: bytes) -> bytes:
    """A zip of which the beginning is gone, so that its directory points before it."""
    return content[60:]


def nameless(content: bytes) -> bytes:
    """A zip of two parts of which the second, called x, has lost its name."""
    directory = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    name = content.index(b"x", directory)
    size = content.index(b"PK\x05\x06") + 12
    shorter = (int.from_bytes(content[size : size + 4], "little") - 1).to_bytes(4, "little")
    begun = content[: directory + 28] + b"\0\0" + content[directory + 30 : name]
    return begun + content[name + 1 : size] + shorter + content[size + 4 :]


WHOLE = folder("entries/1.yaml", CHANGES, "x")


def refusal_of(content: bytes, form: FormatName) -> str:
    """Why a zip that is read as *form* is no register, or its one entry none."""
    try:
        register = read_file("mint.zip", content, replace(MINT, format=form))
        _, filed = register.filed
        filed.read()
    except (NotARegister, EntryUnreadable) as refusal:
        return str(refusal)
    return "it was read"


@pytest.mark.parametrize("form", ["entries", "package", "xlsx"])
@pytest.mark.parametrize(
    "content",
    [
        cut(WHOLE),
        folder("entries/1.yaml", CHANGES, method=zipfile.ZIP_LZMA).replace(b"\x5d", b"\xff"),
        folder("entries/1.yaml", CHANGES, method=zipfile.ZIP_BZIP2),
    ],
    ids=["its beginning gone", "packed by LZMA, and broken", "packed by bzip2"],
)
def test_a_zip_that_is_broken_or_packed_in_another_way_is_refused(form: FormatName, content: bytes) -> None:
    """It was sent half, or is made to break what reads it: Python raises something else for each."""
    assert re.search("that can be read|cannot be read|no ZIP file", refusal_of(content, form))


def test_a_part_without_a_name_is_no_fault_of_the_program() -> None:
    """What lies beside it is read, where the rest is not asked for."""
    assert refusal_of(nameless(folder("entries/1.yaml", "x")), "entries") == "it was read"
    assert "is no set of tables that can be read" in refusal_of(nameless(folder("entries/1.yaml", "x")), "package")
