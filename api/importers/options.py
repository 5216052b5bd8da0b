"""What a user says about a file that is to be imported, and how large one may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, get_args

FormatName: TypeAlias = Literal["entries", "csv", "xlsx", "popolo", "snapshots", "package"]
"""What a file may be read as."""

FORMATS: Final[tuple[FormatName, ...]] = get_args(FormatName)

ToIs: TypeAlias = Literal["last-day", "first-day-after"]
"""What the end of an interval means in a file: the last day on which it held, or the first on which it did not."""

Lists: TypeAlias = Literal["complete", "partial"]
"""Whether a snapshot names all that stood on its day, so that what is missing in it did not stand."""

MAX_FILE_BYTES: Final = 32 * 1024 * 1024
MAX_ROWS: Final = 20_000  # each costs some 10 kB of memory until it is recorded
MAX_COLUMNS: Final = 100
MAX_CELL: Final = 4_000  # characters, as many as a text of the register
ENCODINGS: Final = ("utf-8", "utf-16", "cp1251", "koi8-r", "iso8859-5", "cp866")
"""How a table may be encoded, if the user says so; without a word it is UTF-8."""


def heading_and_column(text: str) -> tuple[str, str] | None:
    """What HEADING=COLUMN says, where a heading may hold the sign, too; None, if it says nothing of the kind."""
    heading, mark, column = text.rpartition("=")
    return (heading, column) if mark and heading else None


@dataclass(frozen=True)
class Options:
    """What is said about a file; what the file must not be guessed about is None until somebody says it.

    *language* is that of names in columns that say none; *source* the id of the file as a source, by default made of
    its name; *columns* maps headings of the file to columns of the format, to "" those that are to be left out.
    *found* is the name of the institution, if the file is to found its register.
    """

    institution: str | None = None
    format: FormatName | None = None
    to_is: ToIs | None = None
    lists: Lists | None = None
    encoding: str | None = None
    language: str = "und"
    source: str | None = None
    sheet: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    found: str | None = None
