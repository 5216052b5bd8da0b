"""Correcting and annulling by hand: from the page of an entry, with how it reads now."""

from __future__ import annotations

from tests.api.conftest import Server
from tests.api.editor import RECORD, Editor, at_the_desk


def test_a_change_is_corrected_from_its_entry(mint: Server) -> None:
    """The form begins with how it reads now; the old state of knowledge stays to be asked for."""
    # given
    editor = at_the_desk(mint)
    links = editor.browser.get("/institutions/mint/entries/mining").text
    assert "record?correct=mining%232" in links.replace("&amp;", "&")

    # when
    editor.take(editor.browser.get(RECORD, params={"correct": "mining#2"}), RECORD)
    prefilled = dict(editor.fields)
    editor.type(entry="erratum", changes__0__reason="misread", changes__0__change__effective="1812-07-01")
    editor.press("preview")
    said = editor.text
    recorded = editor.press("record")

    # then
    assert prefilled["changes.0.change.parent"] == "mining"
    assert prefilled["changes.0.change.effective"] == "1811-07-01"
    assert prefilled["changes.0.change.provision"] == "art. 3"
    assert "Mint" in said
    assert recorded.status_code == 303
    now = mint.get("/structure", as_of="1812-06-30")
    then = mint.get("/structure", as_of="1812-06-30", known_at=10)
    assert (now["units"]["mint"]["parent"], then["units"]["mint"]["parent"]) == ("treasury", "mining")


def test_a_correction_of_a_correction_begins_with_what_that_says(mint: Server) -> None:
    """And once that is annulled, with what was recorded first."""
    # given
    editor = at_the_desk(mint)
    change = {"kind": "unit-moved", "unit": "mint", "parent": None, "effective": "1812"}
    correction = {"kind": "corrected", "target": "mining#2", "change": change, "reason": "misread"}
    assert mint.record({"entry": "erratum", "changes": [correction]}).status_code == 201

    # when
    corrected = dict(Editor(editor.browser, f"{RECORD}?correct=mining%232").fields)
    assert (
        mint.record(
            {"entry": "again", "changes": [{"kind": "annulled", "target": "erratum", "reason": "it was right"}]}
        ).status_code
        == 201
    )
    restored = Editor(editor.browser, f"{RECORD}?correct=mining%232").fields

    # then
    assert (corrected["none:changes.0.change.parent"], corrected["changes.0.change.effective"]) == ("on", "1812")
    assert restored["changes.0.change.parent"] == "mining"
    assert editor.browser.get(f"{RECORD}?correct=mining%239").status_code == 404


def test_the_day_of_an_instrument_is_corrected_from_its_entry(mint: Server) -> None:
    """ENTRY#0: what takes its day from it moves with it."""
    # given
    renamed = {"kind": "unit-renamed", "unit": "mint", "name": {"en": "Royal Mint"}}
    decree = {"entry": "decree-8", "instrument": {"kind": "decree", "signed": "1815"}, "changes": [renamed]}
    assert mint.record(decree).status_code == 201
    editor = Editor(mint.open(), f"{RECORD}?correct=decree-8%230", mint.secret)

    # when
    editor.type(entry="erratum", changes__0__reason="misread", changes__0__change__signed="1816-02-01")
    editor.press("preview")

    # then
    assert editor.fields["changes.0.change.kind"] == "instrument-issued"
    assert editor.press("record").status_code == 303
    eve, first = (mint.get("/structure", as_of=day)["units"]["mint"]["name"] for day in ("1816-01-31", "1816-02-01"))
    assert (eve, first) == ({"en": "Mint"}, {"en": "Royal Mint"})


def test_a_correction_itself_is_corrected_to_what_it_says(mint: Server) -> None:
    """Its own day, which says nothing of the fact, is not taken for the fact's."""
    # given
    change = {"kind": "unit-moved", "unit": "mint", "parent": None, "effective": "1812"}
    correction = {"kind": "corrected", "target": "mining#2", "change": change, "reason": "misread"}
    assert mint.record({"entry": "erratum", "effective": "1900", "changes": [correction]}).status_code == 201

    # when
    fields = Editor(mint.open(), f"{RECORD}?correct=erratum%231").fields

    # then
    assert (fields["changes.0.target"], fields["changes.0.change.effective"]) == ("erratum#1", "1812")


def test_an_entry_is_annulled_from_its_page(mint: Server) -> None:
    """Whole, or one change of it."""
    # when
    editor = Editor(mint.open(), f"{RECORD}?annul=mining", mint.secret)
    editor.type(entry="erratum", changes__0__reason="never signed").press("preview")

    # then
    assert editor.fields["changes.0.target"] == "mining"
    assert editor.press("record").status_code == 303
    assert "mining" not in mint.get("/structure", as_of="1812-01-01")["units"]
