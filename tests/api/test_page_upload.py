"""A file sent from a page: tried first, with a verdict on each entry or row, and recorded as it was tried."""

from __future__ import annotations

import json
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from domain.entries import MAX_ENTRY_BYTES
from tests.api.conftest import MINING, Server
from tests.api.editor import Editor
from tests.api.uploads import OPENED, UPLOAD, lines, send, verdicts

RENAMED = {
    "entry": "renamed",
    "effective": "1840",
    "changes": [{"kind": "unit-renamed", "unit": "assay", "name": {"en": "Assay Office"}}],
}
LOST = {"entry": "lost", "effective": "1841", "changes": [{"kind": "unit-abolished", "unit": "nowhere"}]}


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
