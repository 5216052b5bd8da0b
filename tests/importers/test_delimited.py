"""CSV as it comes: from Excel in a Russian locale, from older programs, from our own exports."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.importers.delimited import read_delimited
from api.importers.files import read_file
from api.importers.intervals import COLUMNS
from api.importers.options import MAX_FILE_BYTES, MAX_ROWS, Options
from api.importers.tables import Table
from api.registers import NotARegister
from tests.importers.taken import MINT


def table_in(content: bytes, options: Options = MINT) -> Table:
    """The table of a file of intervals."""
    return read_delimited("heads.csv", content, options, COLUMNS.known)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_commas_semicolons_and_tabs_part_cells(delimiter: str, mark: bytes) -> None:
    """Excel in a Russian locale writes semicolons, and a mark of byte order before the first heading."""
    rows = [["person", "post", "note"], ["Ерлан Қарин", 'a "b"', "x, y; z"], ["Ә Ғ Қ Ң Ө Ұ Ү І", "007", ""]]
    text = "\r\n".join(delimiter.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows)
    table = table_in(mark + text.encode())
    assert [list(line.cells.values()) for line in table.lines] == rows[1:]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    """Blank rows and cells of several lines must not shift what a message names."""
    table = table_in('person,note\n\nАнна,"two\nlines"\n,\nИван,x\n'.encode())
    assert [(line.number, line.cells["person"]) for line in table.lines] == [(3, "Анна"), (5, "Иван")]


def test_text_in_another_encoding_is_refused_and_not_guessed() -> None:
    """An older Cyrillic encoding cannot hold Kazakh letters: such a file has lost them already."""
    content = "person;post\nИван Ким;Глава\n".encode("cp1251")
    with pytest.raises(NotARegister, match=r"line 2 is not UTF-8: save it as CSV UTF-8.*Ә Ғ Қ.*--encoding") as refused:
        table_in(content)
    assert "cp1251" in str(refused.value)
    with pytest.raises(NotARegister, match="it is UTF-16"):
        table_in("person\nИван\n".encode("utf-16"))
    with pytest.raises(NotARegister, match="nobody knows an encoding 'rot13'"):
        table_in(content, replace(MINT, encoding="rot13"))
    with pytest.raises(NotARegister, match="it is not utf-16"):
        table_in(b"\xff\xfe\x00", replace(MINT, encoding="utf-16"))


def test_a_named_encoding_is_told_and_rows_that_lost_letters_are_refused() -> None:
    """Where a Kazakh letter was lost, a question mark stands."""
    content = "person;post\nИван Ким;Глава?\nН?рлан;Глава\n2019?;Глава\n".encode("cp1251")
    table = table_in(content, replace(MINT, encoding="cp1251"))
    assert table.notes == ["read as cp1251, which cannot hold Kazakh letters; rows that lost some are refused"]
    assert [bool(line.faults) for line in table.lines] == [True, True, False]
    assert "has a ? among letters" in table.lines[1].faults[0]


def test_a_cell_that_was_guarded_against_formulas_is_read_back() -> None:
    """Our exports write an apostrophe before = + - @; it is no part of the text."""
    table = table_in("person,note\n'=Анна,''+x\nO'Neil,'quoted'\n".encode())
    assert [list(line.cells.values()) for line in table.lines] == [["=Анна", "'+x"], ["O'Neil", "'quoted'"]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "none of its headings is known: ''"),
        (b"foo;bar\n1;2\n", "none of its headings is known: 'foo;bar'"),
        (b"person;post,unit\n", "do not tell whether a comma, a semicolon or a tab parts"),
        (b"person,person\n", "the heading 'person' stands over two columns"),
        (b'person,post\n"a,b\n', "row 2 cannot be read: unexpected end of data"),
        (b"person\n" + b"x\n" * (MAX_ROWS + 1), f"it has more than {MAX_ROWS} rows"),
        (b"person\n" + b"x" * 200_000, "field larger than field limit"),
        (b"x" * (MAX_FILE_BYTES + 1), "split it"),
        (",".join(f"note{n}" for n in range(101)).encode() + b",person", "it has 102 columns, more than 100"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(content: bytes, said: str) -> None:
    """A file that cannot be read must not be read in part."""
    with pytest.raises(NotARegister, match=said):
        read_file("heads.csv", content, MINT)


def test_a_cell_that_is_too_long_is_named() -> None:
    """Ten thousand letters in a cell are a slip of the mouse."""
    table = table_in(b"person,note\nAnn," + b"x" * 10_000 + b"\n")
    assert table.lines[0].faults == ["column note: 10000 characters are more than 4000"]
