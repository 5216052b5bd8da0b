"""Tables as delimited text: CSV with commas, semicolons or tabs, in UTF-8 unless the user says otherwise."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence

from api.formats.datapackage import unguarded
from api.importers.options import ENCODINGS, MAX_ROWS, Options
from api.importers.tables import Line, Table, table_of
from api.registers import NotARegister

_LOST = re.compile(r"[^\W\d_]\?|\?[^\W\d_]")
_DELIMITERS = (",", ";", "\t")


def text_of(name: str, content: bytes, options: Options) -> str:
    """The text of a file, without the mark of its byte order. Raises: NotARegister, if it is encoded otherwise."""
    if options.encoding is None:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise NotARegister(name, "it is UTF-16: save it as CSV UTF-8, or say --encoding utf-16", "encoding")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            line = content.count(b"\n", 0, fault.start) + 1
            raise NotARegister(
                name,
                f"line {line} is not UTF-8: save it as CSV UTF-8. The older Cyrillic encodings cannot hold Ә Ғ Қ Ң Ө Ұ"
                f" Ү І; if it never had such letters, name its encoding: --encoding {' | '.join(ENCODINGS[1:])}",
                "encoding",
            ) from None
    if options.encoding not in ENCODINGS:
        raise NotARegister(
            name, f"nobody knows an encoding {options.encoding[:40]!r}: {', '.join(ENCODINGS)}", "encoding"
        )
    try:
        return content.decode("utf-8-sig" if options.encoding == "utf-8" else options.encoding)
    except UnicodeDecodeError:
        raise NotARegister(name, f"it is not {options.encoding}", "encoding") from None


def read_delimited(name: str, content: bytes, options: Options, known: Callable[[str], object]) -> Table:
    """The table of a CSV file; *known* tells whether a heading names a column. Raises: NotARegister."""
    text = text_of(name, content, options)
    if text.count("\n") > 2 * MAX_ROWS:
        raise NotARegister(name, f"it has more than {MAX_ROWS} rows: split it")
    delimiter = _delimiter(name, text, lambda heading: bool(known(options.columns.get(heading, heading) or "unit")))
    notes = []
    if options.encoding not in (None, "utf-8", "utf-16"):
        notes.append(f"read as {options.encoding}, which cannot hold Kazakh letters; rows that lost some are refused")
    table = table_of(name, _rows(name, text, delimiter), notes)
    if notes:
        for line in table.lines:
            line.faults += _lost(line)
    return table


def _rows(name: str, text: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, row in enumerate(rows, 1):
            yield number, list(map(unguarded, row))
    except csv.Error as fault:
        raise NotARegister(name, f"row {number + 1} cannot be read: {fault}") from None


def _delimiter(name: str, text: str, known: Callable[[str], bool]) -> str:
    """The one of the three signs by which the headings fall into the most columns that are known."""
    first = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")
    counts = []
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:
            cells = []
        counts.append((sum(known(cell.strip()) for cell in cells if cell.strip()), delimiter))
    most = max(count for count, _ in counts)
    best = [delimiter for count, delimiter in counts if count == most]
    if most and (len(best) == 1 or not any(delimiter in first for delimiter in _DELIMITERS)):
        return best[0]
    if most:
        raise NotARegister(name, "its headings do not tell whether a comma, a semicolon or a tab parts its cells")
    raise NotARegister(
        name,
        f"none of its headings is known: {first[:100]!r}. Name what a column holds by --column 'HEADING=NAME'",
        "columns",
    )


def _lost(line: Line) -> Iterator[str]:
    for heading, cell in line.cells.items():
        if _LOST.search(cell):
            yield f"column {heading}: {cell[:60]!r} has a ? among letters, where a letter was lost when it was saved"
