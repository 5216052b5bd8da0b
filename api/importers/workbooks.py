"""Tables in XLSX workbooks: one sheet, cell by cell as text."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from api.importers.naming import few
from api.importers.options import Options
from api.importers.tables import Table, table_of
from api.importers.workbook_parts import MAX_CELLS, Sheet, sheets_in
from api.registers import NotARegister

Cell = int | float | str | bool | time | date | datetime | timedelta
Range = tuple[tuple[int, int], tuple[int, int]]


def read_workbook(name: str, content: bytes, options: Options) -> Table:
    """The table of a sheet: the one that is named, or the only one that holds something. Raises: NotARegister."""
    sheet = _chosen(name, sheets_in(name, content), options)
    place = f"{name}, sheet {sheet.name}"
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            read = workbook.get_sheet_by_name(sheet.name)
            rows, merged = read.to_python(skip_empty_area=False), read.merged_cell_ranges or []
    except CalamineError as fault:
        raise NotARegister(place, f"it cannot be read: {fault}") from None
    if sum(min(bottom, len(rows)) - top + 1 for (top, _), (bottom, _) in merged if top < len(rows)) > MAX_CELLS:
        raise NotARegister(place, "its merged cells cover too many rows: part them")
    spread = _spread(rows, merged)
    table = table_of(place, _texts(rows, sheet), _notes(sheet, spread))
    _judge(table, sheet, rows, merged)
    return table


def _chosen(name: str, sheets: Sequence[Sheet], options: Options) -> Sheet:
    if options.sheet is not None:
        named = next((sheet for sheet in sheets if sheet.name == options.sheet), None)
        if named is None:
            there = ", ".join(repr(sheet.name) for sheet in sheets)
            raise NotARegister(name, f"it has no sheet {options.sheet!r}, but {there}", "sheet")
        return named
    filled = [sheet for sheet in sheets if sheet.cells]
    if not filled:
        raise NotARegister(name, "its sheets are empty")
    if len(filled) > 1:
        there = ", ".join(f"{sheet.name!r}{' (hidden)' if sheet.hidden else ''}" for sheet in filled)
        raise NotARegister(
            name, f"it has {len(filled)} sheets that hold something: name one by --sheet, of {there}", "sheet"
        )
    return filled[0]


def _spread(rows: list[list[Cell]], merged: Sequence[Range]) -> list[str]:
    """Give every row that a merged cell covers its value, as a reader sees it; the cells of which that was done."""
    done = []
    for (top, left), (bottom, right) in merged:
        if left == right and top < bottom and 0 < top < len(rows) and left < len(rows[top]) and rows[top][left] != "":
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
            done.append(f"{_name(top, left)}:{_name(bottom, right)}")
    return done


def _texts(rows: list[list[Cell]], sheet: Sheet) -> Iterator[tuple[int, Sequence[str]]]:
    for number, row in enumerate(rows):
        yield number + 1, [_text(cell, sheet.padded.get(_name(number, n), 0)) for n, cell in enumerate(row)]


def _text(cell: Cell, digits: int) -> str:
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return f"{int(cell):0{digits}d}" if digits else str(int(cell))
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell)


def _notes(sheet: Sheet, spread: Sequence[str]) -> list[str]:
    notes = []
    if saved := [cell for cell in sheet.formulas if cell not in sheet.unsaved | sheet.errors]:
        notes.append(
            f"{len(saved)} cells hold formulas, of which the values were taken that were stored when the workbook"
            f" was saved: {few(saved)}"
        )
    if spread:
        notes.append(f"each row that a merged cell covers has its value: {few(spread)}")
    return notes


def _judge(table: Table, sheet: Sheet, rows: list[list[Cell]], merged: Sequence[Range]) -> None:
    """Say of each line what its cells cannot say."""
    lines = {line.number: line for line in table.lines}
    wide = {
        row: columns
        for columns in merged
        if columns[0][1] < columns[1][1]
        for row in range(columns[0][0], min(columns[1][0] + 1, len(rows)))
    }
    for number, line in lines.items():
        for column, cell in enumerate(rows[number - 1]):
            line.faults += _faults(_name(number - 1, column), cell, sheet)
        if number - 1 in wide:
            (top, left), (bottom, right) = wide[number - 1]
            line.faults.append(f"{_name(top, left)}:{_name(bottom, right)} is merged across columns: part it")
    for reference in sorted(sheet.unsaved | sheet.errors):
        number = int(reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        if number not in lines and reference in sheet.unsaved and number > 1:
            raise NotARegister(table.place, f"row {number}: {_unsaved(reference)}")


def _faults(reference: str, cell: Cell, sheet: Sheet) -> Iterator[str]:
    if reference in sheet.unsaved:
        yield _unsaved(reference)
    elif reference in sheet.errors:
        yield f"cell {reference} shows an error: mend its formula, or write the value"
    elif isinstance(cell, datetime) and cell.time() != time():
        yield f"cell {reference} holds a time of day, {cell.isoformat(' ')}: write the day alone"
    elif isinstance(cell, time | timedelta):
        yield f"cell {reference} holds a time of day: write a day, or text"
    elif reference in sheet.no_day and isinstance(cell, date):
        yield f"cell {reference} shows 29 February 1900, a day that never was: write the day as text"


def _unsaved(reference: str) -> str:
    return f"cell {reference} holds a formula without a stored value: open and save the workbook, or write the value"


def _name(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"
