"""Who may record on a page, and how: with a key that nobody sees, from forms of this site, within limits."""

from __future__ import annotations

import pytest

from api.pages.sent import MOST, MOST_FIELDS, MOST_OF_A_STRANGER
from api.rates import Rates
from domain.errors import CommitUnknown
from tests.api.conftest import Server
from tests.api.editor import RECORD, Editor

ABOLITION = {
    "entry": "decree-9",
    "how": "none",
    "effective": "1820",
    "changes.0.kind": "post-abolished",
    "changes.0.post": "warden",
}


BUTTONS = (
    "show",
    "preview",
    "record",
    "more:",
    "more:x.y",
    "room:changes",
    "less:changes",
    "less:changes.0",
    "earlier:changes.x",
    "earlier:changes.99999",
    "as-yaml",
    "as-form",
    "unheard-of",
)


def position(mint: Server) -> int:
    """Where the log ends."""
    return int(mint.get("/structure", as_of="1821-01-01")["known_at"]["position"])


def test_without_a_key_one_is_asked_for_and_what_was_typed_goes_on(mint: Server) -> None:
    """The key lies in a cookie from then on, and neither page nor address shows it."""
    # given
    editor = Editor(mint.open()).fill(ABOLITION)

    # when
    asked = editor.press("preview")
    editor.type(key="hunter2")
    wrong = editor.press("preview")
    kept = dict(editor.fields)
    editor.type(key=mint.secret)
    preview = editor.press("preview")

    # then
    assert (asked.status_code, wrong.status_code, preview.status_code) == (401, 401, 200)
    assert "This is no key of this server" in wrong.text
    assert ABOLITION.items() <= kept.items()
    assert ABOLITION.items() <= editor.fields.items()
    for answer in (asked, wrong, preview):
        assert "hunter2" not in answer.text
        assert mint.secret not in answer.text
        assert answer.headers["cache-control"] == "no-store"
    cookie = next(one for one in preview.headers.get_list("set-cookie") if one.startswith("regesta-key"))
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert editor.press("record").status_code == 303


def test_a_key_that_ends_while_somebody_types_costs_nothing(mint: Server) -> None:
    """Another one goes on with what was typed, up to the recording of what was previewed."""
    # given
    editor = Editor(mint.open(), key=mint.secret).fill(ABOLITION)
    editor.press("preview")
    mint.keys.revoke("clerk")

    # when
    asked = editor.press("record")
    editor.type(key=mint.keys.create("other", ["record"]))
    recorded = editor.press("record")

    # then
    assert asked.status_code == 401
    assert recorded.status_code == 303
    assert mint.get("/entries/decree-9")["recorded_by"] == "other"


def test_a_key_for_reading_records_nothing(mint: Server) -> None:
    """It is told that it is not good for this."""
    # given
    editor = Editor(mint.open(), key=mint.keys.create("guest", ["read"])).fill(ABOLITION)

    # when
    refused = editor.press("preview")

    # then
    assert refused.status_code == 403
    assert "not good for recording this" in editor.text
    assert ABOLITION.items() <= editor.fields.items()


def test_a_form_of_another_site_is_refused_and_shown_to_nobody(mint: Server) -> None:
    """Even if the browser sent the key along."""
    # given
    editor, before = Editor(mint.open(), key=mint.secret).fill(ABOLITION), position(mint)
    del editor.fields["form"]

    # when
    refused = editor.press("preview")
    from_elsewhere = Editor(editor.browser).fill({**ABOLITION, "form": "guessed"})
    crossed = from_elsewhere.press("preview", **{"Sec-Fetch-Site": "cross-site"})

    # then
    assert (refused.status_code, crossed.status_code) == (403, 403)
    assert "decree-9" not in refused.text + crossed.text
    assert position(mint) == before


def test_a_form_that_is_too_old_comes_back_as_it_was_typed(mint: Server) -> None:
    """The browser lost its cookies meanwhile, and says that the form was of this very site."""
    # given
    editor, before = Editor(mint.open(), key=mint.secret).fill(ABOLITION), position(mint)
    editor.press("preview")
    editor.type(form="of yesterday")

    # when
    refused = editor.press("record", **{"Sec-Fetch-Site": "same-origin"})

    # then
    assert refused.status_code == 403
    assert "nothing was done" in editor.text
    assert ABOLITION.items() <= editor.fields.items()
    assert position(mint) == before
    assert editor.press("preview").status_code == 200
    assert editor.press("record").status_code == 303


@pytest.mark.parametrize("place", [RECORD, "/institutions/mint/upload", "/record", "/upload"])
def test_a_closed_server_shows_no_form_and_still_loses_none(mint: Server, place: str) -> None:
    """Who lost the key sees nothing of the register, and keeps what was typed."""
    # given
    browser = mint.open(open_to_readers=False)
    assert browser.get(place).status_code == 401
    editor = Editor(browser, place, mint.secret).fill(ABOLITION)
    mint.keys.revoke("clerk")

    # when
    asked = editor.press("show")

    # then
    assert asked.status_code == 401
    assert "Treasury" not in asked.text
    assert "Warden" not in asked.text
    assert ABOLITION.items() <= editor.fields.items()


def test_a_form_has_its_limits(mint: Server) -> None:
    """Of bytes, fewer for a stranger; and of fields."""
    # given
    stranger, editor = Editor(mint.open()), Editor(mint.open(), key=mint.secret)

    # when
    too_much = stranger.fill({**ABOLITION, "changes.0.note": "x" * MOST_OF_A_STRANGER}).press("show")
    enough = editor.fill({**ABOLITION, "changes.0.note": "x" * MOST_OF_A_STRANGER}).press("show")
    far_too_much = editor.fill({"changes.0.note": "x" * MOST}).press("show")
    many = Editor(mint.open()).fill({f"changes.{n}.x": "" for n in range(MOST_FIELDS)}).press("show")

    # then
    assert (too_much.status_code, enough.status_code, far_too_much.status_code) == (413, 200, 413)
    assert many.status_code == 413


def test_fields_that_no_form_holds_do_no_harm(mint: Server) -> None:
    """Whatever is sent, the answer is a page."""
    # given
    strange = {
        "changes.99999.kind": "unit-renamed",
        "changes.1.kind": "no-such-kind",
        "changes.x.kind": "unit-renamed",
        "changes.0.kind": "corrected",
        "changes.0.change.kind": "corrected",
        "changes.0.change.change.kind": "corrected",
        "changes..": "x",
        "none:changes.0.target": "on",
        "sources.0.source.0": "x",
        "instrument.title.++": "no tag",
        "how": "otherwise",
        "entry": "\x00",
    }
    editor = Editor(mint.open(), key=mint.secret).fill(strange)

    # when
    statuses = {Editor(editor.browser).fill(strange).press(button).status_code for button in BUTTONS}

    # then
    assert statuses <= {200, 422}


def test_a_store_that_fails_loses_no_text(mint: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent is kept on the page that tells of it, and sent again from there."""
    # given
    editor = Editor(mint.open(), key=mint.secret).fill(ABOLITION)
    editor.press("preview")

    def fail(*_: object, **__: object) -> None:
        raise CommitUnknown("the database", "the connection is lost")

    # when
    with monkeypatch.context() as patched:
        patched.setattr(type(mint.log), "append", fail)
        failed = editor.press("record")

    # then
    assert failed.status_code == 503
    assert "What you sent is kept" in editor.text
    assert "the connection is lost" not in editor.text
    assert editor.press("record").status_code == 303


CORRECTION = {
    "entry": "erratum",
    "how": "none",
    "changes.0.kind": "annulled",
    "changes.0.target": "mining#2",
    "changes.0.reason": "never printed",
}


def test_a_key_for_correcting_corrects_and_does_nothing_else(mint: Server) -> None:
    """What it lacks is asked for, and what was typed is kept for a key that has it."""
    # given
    editor = Editor(mint.open(), key=mint.keys.create("proofs", ["correct"])).fill(CORRECTION)

    # when
    corrected = editor.press("preview")
    editor.fill(ABOLITION).press("preview")
    asked = editor.answer

    # then
    assert corrected.status_code == 200
    assert asked.status_code == 403
    assert "not good for recording this" in asked.text
    assert ABOLITION.items() <= editor.fields.items()


def test_a_key_of_another_register_records_nothing_here(mint: Server) -> None:
    """It is told before anything is tried."""
    # given
    key = mint.keys.create("elsewhere", ["record"], ["treasury"])
    editor = Editor(mint.open(), key=key).fill(ABOLITION)

    # when
    refused = editor.press("preview")
    founding = Editor(editor.browser, "/record").fill({"institution": "assay", "changes.0.name.en": "Assay"})

    # then
    assert refused.status_code == 403
    assert founding.press("preview").status_code == 403


def test_who_writes_too_often_keeps_what_was_typed(mint: Server) -> None:
    """The form can be sent again when the time has passed."""
    # given
    editor = Editor(mint.open(rates=Rates(writing="1/hour")), key=mint.secret).fill(ABOLITION)
    editor.press("preview")

    # when
    too_often = editor.press("record")

    # then
    assert too_often.status_code == 429
    assert "What you sent is kept" in editor.text
    assert ABOLITION.items() <= editor.fields.items()


def test_who_tries_too_many_keys_is_held_up_here_too(mint: Server) -> None:
    """A form is no way around the limit."""
    # given
    editor = Editor(mint.open(rates=Rates(wrong_keys="1/hour"))).fill(ABOLITION)

    # when
    statuses = [editor.type(key=guess).press("preview").status_code for guess in ("guess", "another")]

    # then
    assert statuses == [401, 429]
    assert "another" not in editor.answer.text
