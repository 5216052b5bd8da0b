"""XLSX workbooks as a spreadsheet program writes them, and as somebody writes them who means harm."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it carries no types
from hypothesis import given, settings
from hypothesis import strategies as st

from api.importers.files import read_file
from api.importers.options import Options
from api.importers.tables import Table
from api.importers.workbooks import read_workbook
from api.registers import NotARegister
from tests.importers.taken import MINT, taking

Draw = Callable[[Any, Any], None]


def workbook(draw: Draw, *sheets: str) -> bytes:
    """A workbook with the cells that *draw* writes on its first sheet, and further empty sheets."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        sheet = book.add_worksheet("Список")
        for name in sheets:
            book.add_worksheet(name)
        draw(book, sheet)
    return packed.getvalue()


def rows_of(*rows: list[Any]) -> Draw:
    """Rows of plain values."""

    def draw(_: Any, sheet: Any) -> None:
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return draw


def table_in(content: bytes, options: Options = MINT) -> Table:
    """The table of a workbook."""
    return read_workbook("heads.xlsx", content, options)


def parts_changed(content: bytes, change: Mapping[str, Callable[[bytes], bytes]], **more: bytes) -> bytes:
    """A workbook some of whose parts are others."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, change.get(name, bytes)(before.read(name)))
        for name, part in more.items():
            after.writestr(name, part)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_days_and_numbers_are_what_the_reader_of_the_sheet_sees() -> None:
    """007 stays 007 whether it is text or a number shown so; a day is a day, a year a year."""

    def draw(book: Any, sheet: Any) -> None:
        day, digits = book.add_format({"num_format": "dd.mm.yyyy"}), book.add_format({"num_format": "000"})
        sheet.write_row(0, 0, ["person", "from", "to", "row", "note"])
        sheet.write(1, 0, "Ерлан Қарин")
        sheet.write_datetime(1, 1, datetime(2023, 9, 1), day)
        sheet.write(1, 2, 2024)
        sheet.write_string(1, 3, "007")
        sheet.write(1, 4, 3.5)
        sheet.write(2, 0, "Анна Ли")
        sheet.write_datetime(2, 1, datetime(1900, 1, 15), day)
        sheet.write(2, 2, "2022-01~")
        sheet.write_number(2, 3, 7, digits)

    table = table_in(workbook(draw))
    assert [list(line.cells.values()) for line in table.lines] == [
        ["Ерлан Қарин", "2023-09-01", "2024", "007", "3.5"],
        ["Анна Ли", "1900-01-15", "2022-01~", "007", ""],
    ]
    assert not any(line.faults for line in table.lines)


def test_the_values_of_formulas_are_taken_as_they_were_saved_and_that_is_told() -> None:
    """What was saved is what the historian saw; a formula nobody ever reckoned has no value at all."""

    def draw(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["person", "post"])
        sheet.write_formula(1, 0, '="Анна"&" Ли"', None, "Анна Ли")
        sheet.write(1, 1, "Глава")
        sheet.write_formula(2, 0, "=A2", None, "Анна Ли")
        sheet.write(2, 1, "Секретарь")
        sheet.write_formula(3, 0, "=1/0", None, "#DIV/0!")
        sheet.write(3, 1, "Посол")

    content = workbook(draw)
    unsaved = parts_changed(content, {SHEET: lambda xml: xml.replace(b"<f>A2</f><v>\xd0\x90", b"<f>A2</f><w>\xd0\x90")})
    unsaved = parts_changed(content, {SHEET: lambda xml: re.sub(rb"<f>A2</f><v>[^<]*</v>", b"<f>A2</f>", xml)})
    table = table_in(unsaved)
    assert table.notes == [
        "1 cells hold formulas, of which the values were taken that were stored when the workbook was saved: A2"
    ]
    assert [line.faults for line in table.lines] == [
        [],
        ["cell A3 holds a formula without a stored value: open and save the workbook, or write the value"],
        ["cell A4 shows an error: mend its formula, or write the value"],
    ]


def test_each_row_that_a_merged_cell_covers_has_its_value() -> None:
    """The name of the department stands once beside all its posts."""

    def draw(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["unit", "post"])
        sheet.merge_range(1, 0, 3, 0, "Канцелярия")
        for number, post in enumerate(["Глава", "Секретарь", "Посол"], 1):
            sheet.write(number, 1, post)
        sheet.merge_range(5, 0, 5, 1, "Итого")

    table = table_in(workbook(draw))
    assert [line.cells["unit"] for line in table.lines[:3]] == ["Канцелярия"] * 3
    assert table.notes == ["each row that a merged cell covers has its value: A2:A4"]
    assert table.lines[3].faults == ["A6:B6 is merged across columns: part it"]


def test_a_time_of_day_and_a_day_that_never_was_are_refused() -> None:
    """A spreadsheet counts 29 February 1900, which the calendar does not."""

    def draw(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        sheet.write_row(0, 0, ["person", "from"])
        for number, value in enumerate([60, 59, 45170.5], 1):
            sheet.write(number, 0, "Анна Ли")
            sheet.write_number(number, 1, value, day)

    faults = [line.faults for line in table_in(workbook(draw)).lines]
    assert faults[0] == ["cell B2 shows 29 February 1900, a day that never was: write the day as text"]
    assert faults[1] == []
    assert faults[2] == ["cell B4 holds a time of day, 2023-09-01 12:00:00: write the day alone"]


def test_the_sheet_is_named_where_several_hold_something() -> None:
    """Nobody guesses which list is meant."""

    def draw(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["person", "post"])
        book.get_worksheet_by_name("Другой").write_row(0, 0, ["unit", "from"])
        book.get_worksheet_by_name("Тайный").hide()

    content = workbook(draw, "Другой", "Тайный")
    with pytest.raises(
        NotARegister, match="it has 2 sheets that hold something: name one by --sheet, of 'Список', 'Другой'"
    ):
        table_in(content)
    assert list(table_in(content, replace(MINT, sheet="Другой")).headings) == ["unit", "from"]
    with pytest.raises(NotARegister, match="it has no sheet 'Третий', but 'Список', 'Другой', 'Тайный'"):
        table_in(content, replace(MINT, sheet="Третий"))
    with pytest.raises(NotARegister, match="its sheets are empty"):
        table_in(workbook(lambda *_: None))


def test_a_workbook_is_recorded_row_by_row_with_its_sheet() -> None:
    """The same intervals as in CSV, with the sheet in what is said of each."""
    content = workbook(
        rows_of(
            ["person", "post", "from", "to"],
            ["Анна Ли", "Глава", "1995-10-20", "1996-10-01"],
            ["Иван Ким", "Глава", 7.25],
        )
    )
    with taking("heads.xlsx", content, replace(MINT, to_is="last-day")) as taken:
        assert [r.split(": ")[0] for r in taken.refusals] == ["heads.xlsx, sheet Список, row 3"]
        assert taken.holders("glava", "1996-10-01") == {"anna-li": "certain"}
        assert taken.holders("glava", "1996-10-02") == {}
        (holder,) = taken.structure("1996-01-01")["posts"]["glava"]["holders"].values()
        assert holder["cause"]["sources"][0]["locator"] == "sheet Список, row 2"


# --- harm

PLAIN = workbook(rows_of(["person", "post"], ["Анна Ли", "Глава"]))


def _bomb() -> bytes:
    return parts_changed(PLAIN, {}, **{"xl/media/zeros": b"\0" * (140 * 1024 * 1024)})


def _far() -> bytes:
    return parts_changed(PLAIN, {SHEET: lambda xml: xml.replace(b'r="B2"', b'r="XFD1048576"')})


def _amplified() -> bytes:
    long = b"<si><t>" + b"x" * 30_000 + b"</t></si>"
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 5000))
    return parts_changed(
        PLAIN,
        {
            "xl/sharedStrings.xml": lambda xml: re.sub(rb"<si>.*</si>", long, xml),
            SHEET: lambda xml: re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData>" + cells + b"</sheetData>", xml),
        },
    )


def _entities() -> bytes:
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    return parts_changed(PLAIN, {SHEET: lambda xml: xml.replace(b"<worksheet", bomb + b"<worksheet", 1)})


def _entities_in_utf_16() -> bytes:
    bomb = '<!DOCTYPE x [<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))

    def changed(xml: bytes) -> bytes:
        begin, root = xml.decode().replace("UTF-8", "UTF-16").split("?>", 1)
        return f"{begin}?>{bomb}]>{root.replace('<v>3<', '<v>&a8;<')}".encode("utf-16")

    return parts_changed(PLAIN, {SHEET: changed})


def _twice() -> bytes:
    return parts_changed(PLAIN, {}, **{SHEET.upper(): b"<worksheet/>"})


def _huge_cell() -> bytes:
    return parts_changed(PLAIN, {"xl/sharedStrings.xml": lambda xml: xml.replace("Глава".encode(), b"x" * 10_000_000)})


def _merged() -> bytes:
    many = b"".join(b'<mergeCell ref="A1:A1000000"/>' for _ in range(10))
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in (2, 19_000))
    return parts_changed(
        PLAIN,
        {
            SHEET: lambda xml: re.sub(
                rb"<sheetData>.*</sheetData>",
                b"<sheetData>" + rows + b'</sheetData><mergeCells count="10">' + many * 20 + b"</mergeCells>",
                xml,
            )
        },
    )


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (_bomb, "unpacked it is larger than 128 MiB"),
        (_far, "its last cells stand in row 1048576 and column 16384"),
        (_amplified, "or 67108864 characters|holds 30000 characters, more than 4000"),
        (_entities, "declares a document type"),
        (_entities_in_utf_16, "it is no XLSX workbook that can be read"),
        (_twice, "two of its parts have one name"),
        (_huge_cell, "cell B2 holds 10000000 characters, more than 4000"),
        (_merged, "its merged cells cover too many rows"),
        (lambda: b"PK\x03\x04rest", "it is no XLSX workbook that can be read"),
        (lambda: PLAIN[:-300], "it is no XLSX workbook that can be read"),
        (lambda: parts_changed(PLAIN, {"xl/workbook.xml": lambda _: b"<a"}), "it is no XLSX workbook"),
        (
            lambda: parts_changed(PLAIN, {SHEET: lambda xml: xml.replace(b'r="B2"', b"")}),
            "does not say where it stands",
        ),
        (lambda: parts_changed(PLAIN, {SHEET: lambda xml: xml.replace(b"<v>3<", b"<v>99<")}), "names a text that"),
    ],
)
def test_what_would_fill_the_memory_is_refused_before_it_is_read(made: Callable[[], bytes], said: str) -> None:
    """A small file can unpack to a large one, and a single far cell make a table of billions."""
    with pytest.raises(NotARegister, match=said):
        read_file("heads.xlsx", made(), MINT)


def test_a_remark_before_the_root_of_a_part_does_no_harm() -> None:
    """XML may begin with a comment, and some programs sign their files so."""
    rels = "xl/_rels/workbook.xml.rels"
    commented = parts_changed(
        PLAIN, {rels: lambda xml: xml.replace(b"<Relationships", b"<!-- made by --><Relationships")}
    )
    assert table_in(commented).lines[0].cells == {"person": "Анна Ли", "post": "Глава"}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_workbook_with_any_byte_changed_is_refused_or_read(data: st.DataObject) -> None:
    """A disk that fails changes a byte; so does somebody who tries."""

    def changed(part: bytes) -> bytes:
        at = data.draw(st.integers(0, len(part) - 1))
        return part[:at] + data.draw(st.binary(max_size=4)) + part[at + data.draw(st.integers(0, 3)) :]

    with zipfile.ZipFile(io.BytesIO(PLAIN)) as packed:
        part = data.draw(st.sampled_from([None, *packed.namelist()]))
    content = changed(PLAIN) if part is None else parts_changed(PLAIN, {part: changed})
    try:
        register = read_file("heads.xlsx", content, MINT)
    except NotARegister:
        return
    assert register.count == len(list(register.filed))
