"""Tables, workbooks, Popolo and our own tables, sent from a page: what must be said about a file is asked for."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it carries no types

from tests.api.conftest import Server
from tests.api.editor import Editor
from tests.api.uploads import OPENED, UPLOAD, send, verdicts

HEADS = (
    "ФИО;name_kk;post;from;to\nЕрлан Карин;Ерлан Қарин;Руководитель;01.09.2019;14.05.2021\n"
    "Айдос Улы;Айдос Ұлы;Руководитель;2021-05-15;\nИван Петров;;Секретарь;2001-02-30;\n"
).encode("utf-8-sig")
READ = {"language": "ru", "columns": "ФИО=person"}


def holders(mint: Server, day: str) -> list[str]:
    """Who held the post that the table names, on a day."""
    post = mint.get("/structure", as_of=day)["posts"].get("rukovoditel", {"holders": {}})
    return [holder["person"] for holder in post["holders"].values()]


def test_a_table_of_intervals_is_tried_once_it_is_said_what_an_end_means(mint: Server) -> None:
    """Nobody guesses it: a wrong guess would be a false day in every row. The file is not to be chosen again."""
    # given
    editor = Editor(mint.open(), UPLOAD, mint.secret)

    # when
    refused = send(editor, "heads.csv", HEADS, **READ)
    lacking, kept = editor.wrong_at("to_is"), dict(editor.fields)
    tried = editor.type(to_is="last-day").press("try")

    # then
    assert (refused.status_code, tried.status_code) == (422, 200)
    assert "nobody says what an end means in this file" in lacking
    assert "--" not in lacking
    assert (kept["name"], kept["language"], kept["columns"]) == ("heads.csv", "ru", "ФИО=person")
    assert [(where, verdict) for where, _, verdict in verdicts(editor)] == [
        ("heads.csv", "+ would be recorded"),
        ("heads.csv, row 2", "+ would be recorded"),
        ("heads.csv, row 3", "+ would be recorded"),
        ("heads.csv, row 4", "× refused"),
    ]
    assert "'2001-02-30' is not a date" in editor.text
    assert holders(mint, "2021-05-14") == []

    # when
    recorded = editor.press("record")

    # then
    assert recorded.status_code == 200
    assert [verdict for *_, verdict in verdicts(editor)] == ["+ recorded"] * 3 + ["× refused"]
    assert holders(mint, "2019-08-31") == []
    assert holders(mint, "2019-09-01") == holders(mint, "2021-05-14") == ["erlan-karin"]
    assert holders(mint, "2021-05-15") == ["aydos-uli"]
    assert mint.get("/persons/erlan-karin")["name"]["kk"] == "Ерлан Қарин"
    assert mint.get("/entries/heads.csv:2.to")["recorded_by"] == "clerk"


def test_a_row_is_recorded_with_all_its_entries_or_with_none(mint: Server) -> None:
    """The end of an interval is an entry of its own: where it is refused, the start is not recorded either."""
    # given
    editor = Editor(mint.open(), UPLOAD, mint.secret)
    taken = {**OPENED, "entry": "t.csv:2.to"}
    assert mint.record(taken).status_code == 201

    # when
    send(editor, "t.csv", b"person,post,from,to\nAnn Lee,Head,1850,1860\nBob Ray,Clerk,1851,\n", to_is="last-day")
    editor.press("record")

    # then
    assert [verdict for *_, verdict in verdicts(editor)] == ["+ recorded", "× refused", "+ recorded"]
    assert list(mint.get("/structure", as_of="1855-01-01")["posts"]) == ["clerk", "warden"]


def test_what_is_said_otherwise_than_it_was_tried_is_tried_again(mint: Server) -> None:
    """A day behind: recording with another meaning of the end stores nothing that nobody has seen."""
    # given
    editor = Editor(mint.open(), UPLOAD, mint.secret)
    send(editor, "heads.csv", HEADS, **READ, to_is="last-day")

    # when
    again = editor.type(to_is="first-day-after").press("record")
    none = holders(mint, "2021-05-13")
    editor.press("record")

    # then
    assert again.status_code == 412
    assert none == []
    assert holders(mint, "2021-05-13") == ["erlan-karin"]
    assert holders(mint, "2021-05-14") == []


def workbook(**sheets: list[list[Any]]) -> bytes:
    """A workbook of sheets, cell by cell; a day is shown as one."""
    packed = BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        shown = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write(number, column, cell, *([shown] if isinstance(cell, date) else []))
    return packed.getvalue()


def test_a_workbook_is_read_by_its_sheet(mint: Server) -> None:
    """Which of two counts, nobody guesses."""
    # given
    editor = Editor(mint.open(), UPLOAD, mint.secret)
    heads: list[list[Any]] = [["person_kk", "post", "from"], ["Әлия Жүнісова", "Hall Keeper", date(1995, 10, 20)]]

    # when
    send(editor, "heads.xlsx", workbook(Heads=heads, Other=[["x"]]))
    lacking = editor.wrong_at("sheet")
    editor.type(sheet="Heads").press("try")
    editor.press("record")

    # then
    assert "it has 2 sheets that hold something: name one by “Sheet”, of 'Heads', 'Other'" in lacking
    assert [verdict for *_, verdict in verdicts(editor)] == ["+ recorded"] * 2
    eve, first = (mint.get("/structure", as_of=day)["posts"] for day in ("1995-10-19", "1995-10-20"))
    assert "hall-keeper" not in eve
    assert [holder["person"] for holder in first["hall-keeper"]["holders"].values()] == ["aliya-zhunisova"]


POPOLO = {
    "persons": [{"id": "ann", "name": "Ann Lee"}],
    "organizations": [{"id": "hall", "name": "Hall", "founding_date": "1840-01-01"}],
    "memberships": [
        {"person_id": "ann", "organization_id": "hall", "role": "Head", "start_date": "1850-01-01", "end_date": "1860"}
    ],
}


def test_a_popolo_file_is_told_by_what_it_holds(mint: Server) -> None:
    """An object that ends has its verdict, and what it lacks is said at its field too."""
    # given
    editor = Editor(mint.open(), UPLOAD, mint.secret)

    # when
    send(editor, "p.json", json.dumps(POPOLO).encode(), language="en")
    first, lacking = [verdict for *_, verdict in verdicts(editor)], editor.wrong_at("to_is")
    editor.type(to_is="first-day-after").press("try")
    editor.press("record")

    # then
    assert first == ["+ would be recorded"] * 3 + ["× refused"]
    assert "nobody says what an end means" in lacking
    assert [verdict for *_, verdict in verdicts(editor)] == ["+ recorded"] * 4
    assert "hall" not in mint.get("/structure", as_of="1839-12-31")["units"]
    assert mint.get("/structure", as_of="1840-01-01")["units"]["hall"]["name"] == {"en": "Hall"}


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"to_is": "never"}, "to_is", "'never' is none of the choices"),
        ({"format": "word"}, "format", "'word' is none of the choices"),
        ({"language": "русский"}, "language", "is no tag of a language"),
        ({"columns": "person"}, "columns", "'person' is not HEADING=COLUMN"),
        ({"to_is": "last-day"}, "columns", "none of its headings is known: 'Кто;С'. Name what a column holds by"),
        ({"columns": "Кто=person", "source": "?"}, "source", "'?' cannot be the id of a source"),
        ({"format": "snapshots", "columns": "Кто=holder\nС=date"}, "lists", "nobody says whether each snapshot"),
    ],
)
def test_what_is_badly_said_stands_at_its_field(mint: Server, said: dict[str, str], field: str, words: str) -> None:
    """And the file is kept."""
    # given
    editor = Editor(mint.open(), UPLOAD, mint.secret)

    # when
    answer = send(editor, "x.csv", "Кто;С\nАнна;1995\n".encode(), **said)

    # then
    assert answer.status_code == 422
    assert words in editor.wrong_at(field)
    assert editor.fields["name"] == "x.csv"


def test_a_table_founds_a_register_by_the_name_that_is_given(server: Server) -> None:
    """Without one it is asked for."""
    # given
    editor = Editor(server.open(), "/upload", server.secret)

    # when
    send(editor, "u.csv", b"unit,from\nHall,1850\n", institution="office", language="en")
    lacking = editor.wrong_at("found")
    editor.type(found="The Office").press("try")
    editor.press("record")

    # then
    assert lacking == "say by which name this file founds the register"
    assert [verdict for *_, verdict in verdicts(editor)] == ["+ recorded"] * 3
    assert server.get("/structure", "office", as_of="1851-01-01")["units"]["hall"]["name"] == {"en": "Hall"}


def test_our_own_tables_come_back_as_the_very_entries(mint: Server) -> None:
    """The zip of an export is told from a zipped register by what is in it."""
    # given
    tables = mint.client.get("/v1/institutions/mint/export", params={"format": "csv"}).content
    editor = Editor(mint.open(), UPLOAD, mint.secret)

    # when
    send(editor, "mint.zip", tables)

    # then
    assert {verdict for *_, verdict in verdicts(editor)} == {"= recorded already"}
