"""What an XLSX workbook holds, seen before a reader is let at it: sizes, and cells that are more than a value.

A workbook is a zip of XML. It is unpacked here part by part, never more than a bound allows, whatever its directory
says of sizes; so that what reads it afterwards cannot be made to fill the memory.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import Final

from lxml import etree

from api.importers.options import MAX_CELL, MAX_COLUMNS, MAX_ROWS
from api.importers.zips import unpacked
from api.registers import NotARegister

MAX_CELLS: Final = 2_000_000
MAX_TEXT: Final = 64 * 1024 * 1024  # characters, all cells together

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_PADDED = re.compile(r"0{2,20}")


@dataclass
class Sheet:
    """A sheet as its XML has it; *cells* counts those with a value, *rows* and *columns* reach as far as they do."""

    name: str
    hidden: bool
    cells: int = 0
    rows: int = 0
    columns: int = 0
    formulas: list[str] = field(default_factory=list)
    """The cells that hold a formula."""
    unsaved: set[str] = field(default_factory=set)
    """Those whose formula has no stored value."""
    errors: set[str] = field(default_factory=set)
    """Those that show an error, such as #REF!."""
    no_day: set[str] = field(default_factory=set)
    """Those that hold 60, which a spreadsheet shows as 29 February 1900, a day that never was."""
    padded: dict[str, int] = field(default_factory=dict)
    """Those whose number is shown with leading zeros, and how many digits it then has."""


def sheets_in(name: str, content: bytes) -> list[Sheet]:
    """The sheets of a workbook that hold cells and not a chart, in order, none larger than may be read.

    Raises: NotARegister.
    """
    parts = _Parts(name, unpacked(name, content, "XLSX workbook"))
    try:
        return _sheets(name, parts)
    except NotARegister:
        raise
    except (etree.XMLSyntaxError, KeyError, ValueError) as fault:
        raise NotARegister(name, f"it is no XLSX workbook that can be read: {fault}") from None


class _Parts:
    """The parts of a workbook."""

    def __init__(self, name: str, parts: Mapping[str, bytes]) -> None:
        self._name, self._parts = name, parts

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    def xml(self, part: str, *tags: str) -> Iterator[etree._Element]:
        """The elements of *tags* in a part, each thrown away after it was looked at. Raises: KeyError."""
        content = self._parts[part]
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise NotARegister(self._name, f"its part {part} declares a document type, which no spreadsheet does")
        read = etree.iterparse(
            io.BytesIO(content),
            events=("end",),
            tag=[_MAIN + tag for tag in tags] if tags else None,
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
        )
        for _, element in read:
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


def _sheets(name: str, parts: _Parts) -> list[Sheet]:
    texts = [_length(element) for element in parts.xml("xl/sharedStrings.xml", "si")] if _shared(parts) else []
    formats = _formats(parts)
    targets = {
        element.get("Id", ""): element.get("Target", "")
        for element in parts.xml("xl/_rels/workbook.xml.rels")
        if element.get("Type", "").endswith("/worksheet")
    }
    sheets, budget = [], [MAX_TEXT]
    for element in parts.xml("xl/workbook.xml", "sheet"):
        sheet = Sheet(element.get("name", ""), element.get("state", "visible") != "visible")
        target = targets.get(element.get(_REL, ""), "")
        part = target.removeprefix("/") if target.startswith("/") else normpath(join("xl", target))
        if target:
            _scan(name, sheet, parts, part, texts, formats, budget)
            sheets.append(sheet)
    return sheets


def _shared(parts: _Parts) -> bool:
    return "xl/sharedStrings.xml" in parts


def _length(element: etree._Element) -> int:
    return sum(len(text) for text in element.itertext())


def _formats(parts: _Parts) -> list[int]:
    """Of each style of cells, how many digits at least a number is shown with; 0, if that is not said."""
    if "xl/styles.xml" not in parts:
        return []
    codes, styles = dict[str, int](), list[int]()
    for element in parts.xml("xl/styles.xml", "numFmt", "cellXfs"):
        if element.tag == f"{_MAIN}numFmt":
            code = element.get("formatCode", "")
            codes[element.get("numFmtId", "")] = len(code) if _PADDED.fullmatch(code) else 0
        else:
            styles = [codes.get(style.get("numFmtId", ""), 0) for style in element]
    return styles


def _scan(
    name: str, sheet: Sheet, parts: _Parts, part: str, texts: list[int], formats: list[int], budget: list[int]
) -> None:
    place = f"{name}, sheet {sheet.name}"
    for cell in parts.xml(part, "c"):
        formula, value = cell.find(f"{_MAIN}f"), cell.findtext(f"{_MAIN}v")
        inline = cell.find(f"{_MAIN}is")
        if formula is None and value is None and inline is None:
            continue
        reference = cell.get("r", "")
        found = _REFERENCE.fullmatch(reference)
        if not found:
            raise NotARegister(place, "a cell does not say where it stands: save the workbook anew")
        sheet.cells += 1
        sheet.rows = max(sheet.rows, int(found[2]))
        sheet.columns = max(sheet.columns, _column(found[1]))
        kind = cell.get("t")
        length = _length(inline) if inline is not None else len(value or "")
        if kind == "s":
            number = int(value or -1)
            if not 0 <= number < len(texts):
                raise NotARegister(place, f"cell {reference} names a text that the workbook does not hold")
            length = texts[number]
        if length > 8 * MAX_CELL:
            raise NotARegister(place, f"cell {reference} holds {length} characters, more than {MAX_CELL}")
        budget[0] -= length
        if formula is not None:
            sheet.formulas.append(reference)
            if value is None:
                sheet.unsaved.add(reference)
        if kind == "e":
            sheet.errors.add(reference)
        if kind in (None, "n"):
            style = int(cell.get("s", "0"))
            if value == "60":
                sheet.no_day.add(reference)
            if 0 <= style < len(formats) and formats[style]:
                sheet.padded[reference] = formats[style]
        if sheet.cells > MAX_CELLS or budget[0] < 0:
            raise NotARegister(place, f"it holds more than {MAX_CELLS} cells, or {MAX_TEXT} characters")
    if sheet.rows > 2 * MAX_ROWS or sheet.columns > 2 * MAX_COLUMNS or sheet.rows * sheet.columns > MAX_CELLS:
        raise NotARegister(
            place,
            f"its last cells stand in row {sheet.rows} and column {sheet.columns}; at most {MAX_ROWS} rows and"
            f" {MAX_COLUMNS} columns are read, {MAX_CELLS} cells in all: delete what stands far from the table",
        )


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
