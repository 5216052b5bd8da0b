"""Zips, unpacked never further than a bound allows, whatever their directory says of sizes."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import IO, Final

from api.registers import NotARegister

MAX_PARTS: Final = 1_000
MAX_UNPACKED: Final = 128 * 1024 * 1024

BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
"""What a zip raises that is none or is broken, and a part of it that is encrypted or packed in an unknown way."""

PACKED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How parts may be packed; what other ways raise, and how much memory they ask for, is anybody's guess."""


def is_folder(part: zipfile.ZipInfo) -> bool:
    """Whether a part of a zip is a folder; Python's own question breaks on a part without a name."""
    return part.filename.endswith("/")


def opened_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> IO[bytes]:
    """A part of a zip, to read. Raises: BROKEN."""
    if part.compress_type not in PACKED:
        raise NotImplementedError(f"{part.filename!r} is packed otherwise than by deflate")
    return packed.open(part)


def names_in(name: str, content: bytes) -> list[str]:
    """The names of the files of the zip *name*, of which none is unpacked. Raises: NotARegister."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return packed.namelist()
    except BROKEN as fault:
        raise NotARegister(name, f"it is no ZIP file that can be read: {fault}") from None


def unpacked(name: str, content: bytes, what: str) -> dict[str, bytes]:
    """The files of the zip *name*, that is to be *what*. Raises: NotARegister."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MAX_PARTS:
                raise NotARegister(name, f"it has {len(parts)} parts, more than {MAX_PARTS}")
            if len({part.filename.casefold() for part in parts}) < len(parts):
                raise NotARegister(name, f"two of its parts have one name, which is in no {what}")
            found, left = dict[str, bytes](), MAX_UNPACKED
            for part in parts:
                if not is_folder(part):
                    with opened_part(packed, part) as opened:
                        found[part.filename] = opened.read(left + 1)
                    left -= len(found[part.filename])
                if left < 0:
                    raise NotARegister(name, f"unpacked it is larger than {MAX_UNPACKED // 1024 // 1024} MiB")
            return found
    except NotARegister:
        raise
    except BROKEN as fault:
        raise NotARegister(name, f"it is no {what} that can be read: {fault}") from None
