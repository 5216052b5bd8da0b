"""Zips, unpacked never further than a bound allows, whatever their directory says of sizes."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final

from api.registers import NotARegister

MAX_PARTS: Final = 1_000
MAX_UNPACKED: Final = 128 * 1024 * 1024


def names_in(name: str, content: bytes) -> list[str]:
    """The names of the files of the zip *name*, of which none is unpacked. Raises: NotARegister."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return packed.namelist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as fault:
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
                if not part.is_dir():
                    with packed.open(part) as opened:
                        found[part.filename] = opened.read(left + 1)
                    left -= len(found[part.filename])
                if left < 0:
                    raise NotARegister(name, f"unpacked it is larger than {MAX_UNPACKED // 1024 // 1024} MiB")
            return found
    except NotARegister:
        raise
    # What a broken zip, an unknown or an encrypted part of it raises.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as fault:
        raise NotARegister(name, f"it is no {what} that can be read: {fault}") from None
