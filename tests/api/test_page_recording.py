"""Recording by hand: a form that shows what an entry would do, keeps what is typed, and stores what was seen alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.store import readings_of
from domain.entries import Entry
from domain.recording import Registers
from projections.recorders.sqlite import open_sqlite
from tests.api.conftest import FOUNDING, MINING, Server
from tests.api.editor import DECREE, RECORD, Editor, at_the_desk, entries, with_a_successor


def test_a_decree_is_previewed_and_then_recorded(mint: Server) -> None:
    """The preview names what follows too, and stores nothing; recording leads to the entry."""
    # given
    editor, before = with_a_successor(at_the_desk(mint)), entries(mint)

    # when
    preview = editor.press("preview")

    # then
    assert preview.status_code == 200
    assert "What recording it would do" in editor.text
    assert "hands over toWarden Ann → Bob" in editor.text
    assert "Who would lose office" in editor.text
    assert entries(mint) == before

    # when
    recorded = editor.press("record")

    # then
    assert recorded.status_code == 303
    assert recorded.headers["location"] == "../../institutions/mint/entries/decree-9"
    assert mint.get("/entries/decree-9")["recorded_by"] == "clerk"
    eve, first = (mint.get("/structure", as_of=day)["posts"]["warden"] for day in ("1820-02-29", "1820-03-01"))
    assert [holder["person"] for holder in eve["holders"].values()] == ["ann"]
    assert [holder["person"] for holder in first["holders"].values()] == ["bob"]


def test_a_refusal_stands_next_to_its_field_and_nothing_typed_is_lost(mint: Server) -> None:
    """Whether the text is no entry, or the record is against it."""
    # given
    editor = with_a_successor(at_the_desk(mint))
    editor.type(changes__1__person="carl", changes__1__effective="1820-13", changes__1__note="as printed")
    typed = {name: text for name, text in editor.fields.items() if name not in ("form", "do")}

    # when
    unreadable = editor.press("preview")

    # then
    assert unreadable.status_code == 422
    assert "is not a date" in editor.wrong_at("changes.1.effective")
    assert {name: text for name, text in editor.fields.items() if name != "form"} == typed

    # when
    editor.type(changes__1__effective="1820-03")
    refused = editor.press("preview")

    # then
    assert refused.status_code == 422
    assert editor.wrong_at("changes.1.person") == "Wrong: no entry introduces a person 'carl'"
    assert editor.wrong_at("changes.1.post") == ""
    assert "Record it" not in editor.text
    assert {name: text for name, text in editor.fields.items() if name != "form"} == {
        **typed,
        "changes.1.effective": "1820-03",
    }


def test_what_is_needed_is_said_where_it_is_missing(mint: Server) -> None:
    """A field left empty, an act without a day, a kind that is not chosen, an entry id that is taken."""
    # given
    editor = at_the_desk(mint)

    # when
    editor.fill({"entry": "new", "how": "none", "changes.0.kind": "post-abolished"}).press("preview")
    no_post = editor.wrong_at("changes.0.post")
    editor.type(changes__0__post="warden").press("preview")
    no_day = editor.wrong_at("changes.0.effective")
    editor.type(changes__0__effective="1830", entry="mining").press("preview")
    taken = editor.wrong_at("entry")
    editor.type(cited="decree-99", how="cited", entry="new").press("preview")
    uncited = editor.wrong_at("cited")
    editor.press("more:changes")
    editor.fill({"changes.1.kind": "", "how": "none"}).press("preview")

    # then
    assert no_post == "Wrong: it is required"
    assert "needs the day on which it takes effect" in no_day
    assert "recorded already with other content" in taken
    assert "no entry brings an instrument 'decree-99'" in uncited
    assert "changes.1.kind" not in editor.fields  # in which nothing was typed


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("1820-03-01", "read as 1 March 1820"),
        ("1820-02", "read as some day from 1 February 1820 to 29 February 1820"),
        ("1820-03~", "read as some day from 1 February 1820 to 30 April 1820; marked as doubtful"),
        ("../1820-03-01", "read as 1 March 1820 or any day before"),
        ("1820-03-01/..", "read as 1 March 1820 or any day after"),
        ("1820-02-30", "'1820-02-30' is not a date: the calendar has no such day; wanted EDTF"),
    ],
)
def test_a_date_says_how_it_was_understood(mint: Server, typed: str, understood: str) -> None:
    """Beside its field, whichever button sends the form; and at once, for the script of the page."""
    # given
    editor = Editor(mint.open())

    # when
    editor.type(effective=typed).press("show")
    at_once = mint.client.get(f"{RECORD}/date", params={"text": typed})

    # then
    assert understood in editor.read_as("effective")
    assert at_once.text == editor.read_as("effective")
    assert at_once.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_day_left_out_is_said_to_be_which(mint: Server) -> None:
    """The entry's; else that in force; else that of signing, of which no source says that it took effect then."""
    # given
    editor = Editor(mint.open())
    editor.fill({**DECREE, "changes.0.kind": "post-abolished"}).press("show")
    signed = editor.read_as("changes.0.effective")

    # when
    editor.fill({"instrument.in_force": "1820-04"}).press("show")
    in_force = editor.read_as("changes.0.effective")
    editor.fill({"effective": "1820-05-01"}).press("show")

    # then
    assert signed == "Left empty: 1 March 1820, when it was signed; no source says that it took effect then"
    assert in_force == "Left empty: April 1820, when the instrument comes in force"
    assert editor.read_as("changes.0.effective") == "Left empty: 1 May 1820, the entry's"


def test_lists_grow_shrink_and_change_their_order_by_buttons(mint: Server) -> None:
    """What is typed in the others goes with them."""
    # given
    editor = Editor(mint.open())
    editor.fill({"changes.0.kind": "unit-renamed", "changes.0.unit": "mint"})
    editor.press("more:changes")
    editor.fill({"changes.1.kind": "unit-moved", "changes.1.unit": "mining", "none:changes.1.parent": "on"})

    # when
    editor.press("earlier:changes.1")
    swapped = dict(editor.fields)
    editor.press("less:changes.1")

    # then
    assert (swapped["changes.0.kind"], swapped["changes.1.kind"]) == ("unit-moved", "unit-renamed")
    assert (swapped["changes.0.unit"], swapped["none:changes.0.parent"]) == ("mining", "on")
    assert "changes.1.kind" not in editor.fields
    assert editor.fields["changes.0.unit"] == "mining"


def test_another_kind_keeps_what_was_typed_for_the_first(mint: Server) -> None:
    """A kind chosen by mistake costs nothing."""
    # given
    editor = Editor(mint.open())
    editor.fill({"changes.0.kind": "unit-renamed"}).press("show")
    editor.fill({"changes.0.unit": "mint", "changes.0.name.kk": "Теңге сарайы"})

    # when
    editor.fill({"changes.0.kind": "unit-abolished"}).press("show")
    editor.fill({"changes.0.kind": "unit-renamed"}).press("show")

    # then
    assert editor.fields["changes.0.name.kk"] == "Теңге сарайы"


def test_the_entry_as_yaml_is_the_entry_of_the_form(mint: Server) -> None:
    """There and back; what is no entry stays as it was typed."""
    # given
    editor = with_a_successor(at_the_desk(mint))
    typed = {name: text for name, text in editor.fields.items() if text and name not in ("form", "do")}

    # when
    editor.press("as-yaml")
    yaml = editor.fields["yaml"]
    editor.press("as-form")

    # then
    assert yaml.startswith("entry: decree-9\ninstrument:\n  kind: decree\n  number: 9\n")
    assert {name: text for name, text in editor.fields.items() if text and name != "form"} == typed

    # when
    editor.press("as-yaml")
    editor.type(yaml=yaml + "  - kind: appointd\n")
    broken = editor.press("preview")

    # then
    assert broken.status_code == 422
    assert "there is no kind of change 'appointd'; did you mean 'appointed'?" in editor.text
    assert editor.fields["yaml"] == yaml + "  - kind: appointd\n"

    # when
    editor.type(yaml=yaml).press("preview")
    recorded = editor.press("record")

    # then
    assert recorded.status_code == 303


def test_only_what_was_previewed_is_recorded(mint: Server) -> None:
    """An entry altered since, or one never previewed, is shown first."""
    # given
    editor, before = with_a_successor(at_the_desk(mint)), entries(mint)

    # when
    unseen = editor.press("record")
    editor.type(changes__1__capacity="acting")
    altered = editor.press("record")

    # then
    assert (unseen.status_code, altered.status_code) == (412, 412)
    assert "not the one whose preview you saw" in editor.text
    assert entries(mint) == before
    assert editor.press("record").status_code == 303


def test_if_others_recorded_meanwhile_the_new_preview_is_shown(mint: Server) -> None:
    """On a log that does not end where it did, the entry may do something else."""
    # given
    editor = with_a_successor(at_the_desk(mint))
    editor.press("preview")
    other = {"entry": "other", "effective": "1819", "changes": [{"kind": "post-abolished", "post": "warden"}]}
    assert mint.record(other).status_code == 201

    # when
    moved = editor.press("record")

    # then
    assert moved.status_code == 412
    assert "Others recorded meanwhile" in editor.text
    assert "act-after-end" in editor.text
    assert editor.press("record").status_code == 303


def test_the_same_entry_again_is_told_to_be_recorded(mint: Server) -> None:
    """Sent twice by mistake, it is one."""
    # given
    editor = at_the_desk(mint)
    editor.fill({"entry": "decree-9", "how": "none", "effective": "1820"})
    editor.fill({"changes.0.kind": "post-abolished", "changes.0.post": "warden"})
    editor.press("preview")
    sent, place = dict(editor.fields), editor.place
    editor.press("record")

    # when
    editor.fields, editor.place = sent, place
    again = editor.press("preview")

    # then
    assert again.status_code == 200
    assert "recorded already, with the same content" in editor.text
    assert "Record it" not in editor.text


def test_a_register_is_founded_on_a_page(server: Server) -> None:
    """Its first entry declares the institution."""
    # given
    editor = Editor(server.open(), "/record", server.secret)
    assert editor.fields["changes.0.kind"] == "institution-declared"

    # when
    editor.type(institution="mint office", changes__0__name__en="Mint").press("preview")
    wrong = editor.wrong_at("institution")
    other = {"changes.0.kind": "person-registered", "changes.0.person": "ann", "changes.0.name.en": "Ann"}
    undeclared = Editor(editor.browser, "/record").fill({"institution": "mint", **other})
    undeclared.press("preview")
    editor.type(institution="mint").press("preview")
    recorded = editor.press("record")

    # then
    assert "an id has letters" in wrong
    assert "begins with institution-declared" in undeclared.wrong_at("changes.0.kind")
    assert recorded.headers["location"] == "../institutions/mint/entries/institution".replace("../", "./")
    assert server.get("/structure", as_of="1800-01-01")["known_at"]["position"] == 1

    # when
    again = Editor(editor.browser, "/record")
    again.type(institution="mint", changes__0__name__en="Mint").press("preview")

    # then
    assert again.wrong_at("institution") == "Wrong: there is a register of that id already"


def test_a_name_that_is_a_script_stays_a_name(mint: Server) -> None:
    """In the form, in the preview, among the suggestions; and no page lets a script run that is not the server's."""
    # given
    script = "<script>alert(1)</script>"
    editor = at_the_desk(mint)
    editor.fill({**DECREE, "changes.0.kind": "unit-established", "changes.0.unit": "x", "changes.0.name.en": script})

    # when
    preview = editor.press("preview")
    editor.press("record")
    other = Editor(editor.browser)
    form = other.type(changes__0__kind="unit-renamed").press("show")

    # then
    for answer in (preview, form):
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;alert" in answer.text
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy


def test_ids_that_are_recorded_are_suggested(mint: Server) -> None:
    """With what they are called, for the fields that may name them."""
    # when
    editor = Editor(mint.open())
    editor.fill({"changes.0.kind": "released"}).press("show")
    person = editor.find("//*[@id='changes.0.person']")[0]
    options = editor.find(f"//*[@id='{person.get('list')}']/option")

    # then
    assert [(option.get("value"), option.text) for option in options] == [("ann", "Ann")]


def test_an_unknown_register_has_no_form(mint: Server) -> None:
    """It is founded elsewhere."""
    assert mint.client.get("/institutions/nowhere/record").status_code == 404
    assert mint.client.get(f"{RECORD}?correct=x%23y").status_code == 422
    assert FOUNDING["entry"] in mint.client.get(f"{RECORD}?instrument=founding").text


def test_an_entry_too_long_for_a_form_is_shown_as_one_text(mint: Server) -> None:
    """And can be previewed and recorded from there."""
    # given
    editor = at_the_desk(mint)
    editor.fill({"entry": "long", "how": "none", "effective": "1830", "changes.0.kind": "units-reorganized"})
    editor.fill({"changes.0.form": "split", "changes.0.before.0": "mint"})
    for number in range(301):
        path = f"changes.0.after.{number}"
        editor.fill({path: "", f"{path}.unit": f"shop-{number}", f"{path}.name.en": f"Shop {number}"})

    # when
    shown = editor.press("show")
    preview = editor.press("preview")

    # then
    assert (shown.status_code, preview.status_code) == (200, 200)
    assert "too long for a form" in shown.text
    assert "unit: shop-300" in editor.fields["yaml"]
    assert editor.press("record").status_code == 303


def test_a_large_register_says_that_it_suggests_nothing(mint: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that is not there should not look like a register without people."""
    # given
    monkeypatch.setattr("api.pages.entry_page.MOST_EVENTS", 5)

    # then
    assert "too large to suggest ids" in Editor(mint.open()).text


def test_the_language_of_names_stays_through_every_button(mint: Server) -> None:
    """And through recording."""
    # given
    editor = Editor(mint.open(), f"{RECORD}?lang=kk", mint.secret)
    editor.fill({"entry": "x", "how": "none", "effective": "1830"})

    # when
    editor.fill({"changes.0.kind": "post-abolished", "changes.0.post": "warden"}).press("preview")

    # then
    assert editor.press("record").headers["location"].endswith("entries/x?lang=kk")


def test_on_a_copy_the_entry_is_asked_for_by_its_position(mint: Server, tmp_path: Path) -> None:
    """It may not have come to the copy yet; without its position that would look as if it had been lost."""
    # given
    with open_sqlite(tmp_path / "copy.sqlite") as copy:
        readings = readings_of(copy)
        for entry in (FOUNDING, MINING):
            readings.registers.record("mint", Entry.model_validate(entry), "clerk")
        app = create_app(readings, mint.keys, recording=Registers(mint.log, mint.clock, mint.log.history))
        editor = Editor(TestClient(app, follow_redirects=False), key=mint.secret)
        editor.fill({"entry": "x", "how": "none", "effective": "1830"})

        # when
        editor.fill({"changes.0.kind": "post-abolished", "changes.0.post": "warden"}).press("preview")
        recorded = editor.press("record")

    # then
    assert recorded.headers["location"].endswith("entries/x?known_at=11")
