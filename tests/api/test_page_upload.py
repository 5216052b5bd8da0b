"""A file sent from a page: tried first, with a verdict on each entry or row, and recorded as it was tried."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it carries no types
from httpx2 import Response

from domain.entries import MAX_ENTRY_BYTES
from tests.api.conftest import MINING, Server
from tests.api.editor import Editor

UPLOAD = "/institutions/mint/upload"

OPENED = {
    "entry": "opened",
    "effective": "1830",
    "changes": [{"kind": "unit-established", "unit": "assay", "name": {"en": "Assay"}, "parent": "mint"}],
}
RENAMED = {
    "entry": "renamed",
    "effective": "1840",
    "changes": [{"kind": "unit-renamed", "unit": "assay", "name": {"en": "Assay Office"}}],
}
LOST = {"entry": "lost", "effective": "1841", "changes": [{"kind": "unit-abolished", "unit": "nowhere"}]}


def lines(*entries: Any) -> bytes:
    """Entries as JSON lines; what is bytes already is a line by itself."""
    return b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in entries)


def send(editor: Editor, name: str, content: bytes, **texts: str) -> Response:
    """Choose a file and have it tried."""
    fields = {**{field: (None, text) for field, text in {**editor.fields, **texts}.items()}, "do": (None, "try")}
    answer = editor.browser.post(editor.place, files={**fields, "file": (name, content)})
    return editor.take(answer, editor.place)


def verdicts(editor: Editor) -> list[tuple[str, str, str]]:
    """(where, entry, verdict) of each row."""
    rows = editor.find("//table[contains(@class, 'verdicts')]/tbody/tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    return [(where, entry, verdict) for where, entry, verdict, _ in cells]


def test_each_entry_gets_its_verdict_before_anything_is_stored(mint: Server) -> None:
    """An entry is tried on what the record would hold by then; what is refused keeps none of the others back."""
    # given
    editor = Editor(mint.open(), UPLOAD, mint.secret)

    # when
    tried = send(editor, "new.jsonl", lines(OPENED, RENAMED, LOST, b"{broken", MINING))

    # then
    assert tried.status_code == 200
    assert verdicts(editor) == [
        ("new.jsonl:1", "opened", "+ would be recorded"),
        ("new.jsonl:2", "renamed", "+ would be recorded"),
        ("new.jsonl:3", "", "× refused"),
        ("new.jsonl:4", "", "× refused"),
        ("new.jsonl:5", "mining", "= recorded already"),
    ]
    assert "no entry introduces a unit 'nowhere' (unknown-id)" in editor.text
    assert "assay" not in mint.get("/structure", as_of="1850-01-01")["units"]

    # when
    recorded = editor.press("record")

    # then
    assert recorded.status_code == 200
    assert [verdict for _, _, verdict in verdicts(editor)][:3] == ["+ recorded", "+ recorded", "× refused"]
    assert mint.get("/structure", as_of="1850-01-01")["units"]["assay"]["name"] == {"en": "Assay Office"}
    assert mint.get("/entries/opened")["recorded_by"] == "clerk"


@pytest.mark.parametrize(
    ("name", "form", "content"),
    [
        ("one.yaml", "", b"entry: opened\neffective: 1830\nchanges:\n  - kind: post-abolished\n    post: warden\n"),
        ("one.json", "", json.dumps(OPENED).encode()),
        ("one.txt", "json", json.dumps(OPENED, indent=2).encode()),
    ],
)
def test_a_file_may_be_one_entry(mint: Server, name: str, form: str, content: bytes) -> None:
    """As YAML or JSON: what its name says, or what is chosen."""
    # given
    editor = Editor(mint.open(), UPLOAD, mint.secret)

    # when
    send(editor, name, content, format=form)

    # then
    assert verdicts(editor) == [(name, "opened", "+ would be recorded")]


def test_what_cannot_be_read_at_all_is_said_at_the_field(mint: Server) -> None:
    """No file, one too large, one of a form that nobody named."""
    # given
    editor = Editor(mint.open(), UPLOAD, mint.secret)

    # when
    nothing, none = editor.press("try"), editor.wrong_at("file")
    large, too_large = send(editor, "x.jsonl", b"x" * (MAX_ENTRY_BYTES + 1)), editor.wrong_at("file")
    strange, unknown = send(editor, "x.odt", b"x"), editor.wrong_at("format")

    # then
    assert {nothing.status_code, large.status_code, strange.status_code} == {422}
    assert none == "choose a file"
    assert too_large.startswith(f"{MAX_ENTRY_BYTES + 1} bytes are more than")
    assert unknown == "x.odt: choose how it is to be read"


def test_a_file_sent_without_a_key_is_kept_until_one_is_given(mint: Server) -> None:
    """It is not to be chosen again."""
    # given
    editor = Editor(mint.open(), UPLOAD)

    # when
    asked = send(editor, "new.jsonl", lines(OPENED))
    editor.type(key=mint.secret).press("try")

    # then
    assert asked.status_code == 401
    assert verdicts(editor) == [("new.jsonl:1", "opened", "+ would be recorded")]


def test_if_others_recorded_meanwhile_the_verdicts_are_shown_anew(mint: Server) -> None:
    """Nothing is recorded on another log than it was tried on."""
    # given
    editor = Editor(mint.open(), UPLOAD, mint.secret)
    send(editor, "new.jsonl", lines(OPENED))
    assert mint.record(OPENED).status_code == 201

    # when
    again = editor.press("record")

    # then
    assert again.status_code == 412
    assert verdicts(editor) == [("new.jsonl:1", "opened", "= recorded already")]


def test_a_file_of_another_site_is_refused(mint: Server) -> None:
    """As any form."""
    # given
    editor = Editor(mint.open(), UPLOAD, mint.secret)
    editor.fields["form"] = "guessed"

    # then
    assert send(editor, "new.jsonl", lines(OPENED)).status_code == 403
    assert "opened" not in editor.text


def test_a_text_that_is_a_script_stays_a_text(mint: Server) -> None:
    """In the name of a file, and in what is refused."""
    # given
    editor = Editor(mint.open(), UPLOAD, mint.secret)

    # when
    answer = send(editor, "<script>.jsonl", lines({**OPENED, "entry": "<script>"}))

    # then
    assert "<script>" not in answer.text
    assert "&lt;script&gt;.jsonl:1" in answer.text


def zipped(**files: bytes) -> bytes:
    """A ZIP file of files; a name is written with two underscores for a slash, and one for a dot."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return made.getvalue()


ASSAY = b"id: assay\nname:\n  en: Assay\n"
BEGUN = (
    b"entry: begun\neffective: 1830\nchanges:\n  - kind: unit-established\n    unit: hall\n    name:\n      en: Hall\n"
)


def test_a_register_is_founded_by_a_zipped_folder(server: Server) -> None:
    """As it lies on a disk: institution.yaml, and entries in the order of their names."""
    # given
    editor = Editor(server.open(), "/upload", server.secret)
    folder = zipped(assay__institution_yaml=ASSAY, assay__entries__2_yaml=b"entry: [", assay__entries__1_yaml=BEGUN)

    # when
    send(editor, "assay.zip", folder, institution="assay hall")
    nameless = editor.wrong_at("institution")
    send(editor, "assay.zip", folder, institution="mint")
    another = editor.wrong_at("file")
    send(editor, "assay.zip", folder, institution="assay")

    # then
    assert nameless.startswith("an id has letters")
    assert "is that of 'assay', not of 'mint'" in another
    assert verdicts(editor) == [
        ("institution.yaml", "institution", "+ would be recorded"),
        ("entries/1.yaml", "begun", "+ would be recorded"),
        ("entries/2.yaml", "", "× refused"),
    ]

    # when
    editor.press("record")

    # then
    assert list(server.get("/structure", "assay", as_of="1831-01-01")["units"]) == ["hall"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK no more", "it is no ZIP file"),
        (zipped(readme_txt=b"x"), "it has neither institution.yaml nor entries/*.yaml"),
        (zipped(a__institution_yaml=ASSAY, b__entries__1_yaml=BEGUN), "it holds more than one register"),
        (zipped(institution_yaml=b"id: [", entries__1_yaml=BEGUN), "institution.yaml: no YAML"),
    ],
)
def test_a_zip_that_is_no_register_is_said_at_the_field(mint: Server, content: bytes, said: str) -> None:
    """And why."""
    # given
    editor = Editor(mint.open(), UPLOAD, mint.secret)

    # when
    answer = send(editor, "x.zip", content)

    # then
    assert answer.status_code == 422
    assert said in editor.wrong_at("file")


def test_a_file_that_swells_when_it_is_unpacked_is_read_no_further_than_an_entry_goes(mint: Server) -> None:
    """A bomb costs what an entry may cost, and is refused as too large."""
    # given
    editor = Editor(mint.open(), UPLOAD, mint.secret)

    # when
    send(editor, "x.zip", zipped(entries__1_yaml=b" " * (200 * 1024 * 1024), entries__2_yaml=BEGUN))

    # then
    assert [verdict for _, _, verdict in verdicts(editor)] == ["× refused", "+ would be recorded"]
    assert "(too-large)" in editor.text


def test_a_key_that_is_not_good_for_all_of_a_file_records_none_of_it(mint: Server) -> None:
    """Who may only correct cannot record by a file what a form refuses; the file is kept for another key."""
    # given
    editor = Editor(mint.open(), UPLOAD, mint.keys.create("proofs", ["correct"]))
    annulled = {"entry": "e", "changes": [{"kind": "annulled", "target": "mining#2", "reason": "never printed"}]}

    # when
    corrects = send(editor, "new.jsonl", lines(annulled))
    records = send(editor, "new.jsonl", lines(annulled, OPENED))

    # then
    assert corrects.status_code == 200
    assert records.status_code == 403
    assert editor.type(key=mint.secret).press("try").status_code == 200
    assert [verdict for _, _, verdict in verdicts(editor)] == ["+ would be recorded"] * 2


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
