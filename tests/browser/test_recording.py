"""An editor records the hand-over of February 2024 by hand, and corrects it: without script, and with keys alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import PATIENCE, Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.needs("chromium")

REGISTER = "/institutions/kz-eo"
RECORD = f"{REGISTER}/record"
DECREE = "2024-02-06-decree-prime-minister"


@pytest.fixture
def editor(browser: Browser, desk: Site) -> Iterator[Page]:
    """A page of somebody with a key who runs no script."""
    with browser.new_context(
        base_url=desk.address, java_script_enabled=False, viewport={"width": 1360, "height": 900}
    ) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto("/key")
        page.get_by_label("Key").fill(desk.key)
        page.get_by_role("button", name="Use it").click()
        yield page


def text(page: Page) -> str:
    """What the page says."""
    return " ".join(page.locator("body").inner_text().split())


def at(page: Page, path: str) -> Any:
    """A field by its path."""
    return page.locator(f"[id='{path}']")


def choose(page: Page, number: int, kind: str) -> None:
    """Choose the kind of a change and show its fields."""
    change = page.get_by_role("region", name=f"Change {number}", exact=True)
    change.get_by_label("Kind", exact=True).select_option(kind)
    change.get_by_role("button", name="Show its fields").first.click()


def type_the_decree(page: Page) -> None:
    """The decree of 6 February 2024: the Head of the Office becomes Prime Minister."""
    page.goto(RECORD)
    page.get_by_label("Entry (id)").fill(DECREE)
    at(page, "instrument.kind").fill("decree")
    page.get_by_label("Issued by").fill("President of the Republic of Kazakhstan")
    page.get_by_label("Signed").fill("2024-02-06")
    page.get_by_label("Source (id)").fill("s5-tengrinews-2024-02-06")
    page.get_by_label("Place in it").fill("footnote 5")
    choose(page, 1, "unit-attested")
    at(page, "changes.0.unit").fill("government")
    at(page, "changes.0.name.en").fill("Government of the Republic of Kazakhstan")
    page.get_by_role("button", name="Add a change").click()
    choose(page, 2, "post-attested")
    at(page, "changes.1.post").fill("prime-minister")
    at(page, "changes.1.unit").fill("government")
    at(page, "changes.1.title.en").fill("Prime Minister")
    at(page, "changes.1.seats").fill("1")
    page.get_by_role("button", name="Add a change").click()
    choose(page, 3, "transferred")
    at(page, "changes.2.person").fill("bektenov-olzhas")
    at(page, "changes.2.from_post").fill("head-of-eo")
    at(page, "changes.2.to_post").fill("prime-minister")


def test_the_decree_of_the_hand_over_is_seen_before_it_is_stored(editor: Page, desk: Site) -> None:
    """Preview, record, and the entry with what it did."""
    # given
    type_the_decree(editor)

    # when
    editor.get_by_role("button", name="Preview").click()

    # then
    foreseen = editor.get_by_role("region", name="What recording it would do")
    said = " ".join(foreseen.inner_text().split())
    assert "→ moves to Olzhas Bektenov" in said
    assert "Head of the Executive Office of the President → Prime Minister" in said
    assert "6 February 2024" in said
    assert "Change 3" in said
    assert "Who would lose office 1 Olzhas Bektenov" in said
    assert editor.request.get(f"{REGISTER}/entries/{DECREE}").status == 404

    # when
    editor.get_by_role("button", name="Record it").click()

    # then
    assert editor.url == f"{desk.address}{REGISTER}/entries/{DECREE}"
    assert "by editor" in text(editor)
    editor.goto(f"{REGISTER}/diff?from=2024-02-05&to=2024-02-06")
    assert "moves to Olzhas Bektenov" in text(editor)
    editor.goto(f"{REGISTER}/diff?from=2024-02-04&to=2024-02-05")
    assert "Olzhas Bektenov" not in text(editor)


def test_a_refusal_stands_beside_its_field_and_leads_there(editor: Page) -> None:
    """A slip in an id, a day that no calendar has: nothing else has to be typed again."""
    # given
    type_the_decree(editor)
    at(editor, "changes.2.from_post").fill("head-of-oe")
    at(editor, "changes.2.effective").fill("2024-02-30")

    # when
    editor.get_by_role("button", name="Preview").click()

    # then
    assert "the calendar has no such day" in at(editor, "wrong-changes.2.effective").inner_text()
    assert at(editor, "changes.2.effective").get_attribute("aria-invalid") == "true"

    # when
    at(editor, "changes.2.effective").fill("2024-02-06")
    editor.get_by_role("button", name="Preview").click()

    # then
    assert "no entry introduces a post 'head-of-oe'" in at(editor, "wrong-changes.2.from_post").inner_text()
    assert editor.get_by_role("button", name="Record it").count() == 0
    assert at(editor, "changes.1.title.en").input_value() == "Prime Minister"
    editor.get_by_role("alert").get_by_role("link", name="Change 3, From (post)").click()
    assert editor.url.endswith("#changes.2.from_post")

    # when
    at(editor, "changes.2.from_post").fill("head-of-eo")
    editor.get_by_role("button", name="Preview").click()

    # then
    editor.get_by_role("button", name="Record it").wait_for()


def test_dates_say_how_they_are_understood(editor: Page) -> None:
    """Without script at the press of a button; a day left out says which day it gets."""
    # given
    type_the_decree(editor)
    editor.get_by_label("Published").fill("2024-02~")
    editor.get_by_label("In force").fill("../2024-02-10")

    # when
    editor.get_by_role("button", name="Check what is typed").last.click()

    # then
    said = text(editor)
    assert "read as 6 February 2024" in said
    assert "read as some day from 1 January 2024 to 31 March 2024; marked as doubtful" in said
    assert "read as 10 February 2024 or any day before" in said
    assert "Left empty: by 10 February 2024, when the instrument comes in force" in said


def test_where_scripts_run_a_date_is_read_as_soon_as_its_field_is_left(browser: Browser, desk: Site) -> None:
    """By the server's own rule, and under its policy for scripts."""
    with browser.new_context(base_url=desk.address) as context:
        # given
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(RECORD)
        signed = page.get_by_label("Signed")

        # when
        signed.fill("2024-02")
        signed.press("Tab")

        # then
        page.get_by_text("read as some day from 1 February 2024 to 29 February 2024").wait_for()

        # when
        signed.fill("2024-02-30")
        signed.press("Tab")

        # then
        page.get_by_text("the calendar has no such day").wait_for()


def test_a_correction_is_seen_before_and_after(editor: Page) -> None:
    """A wrong day was recorded: it is corrected from the page of its entry, and what was known then is still told."""
    # given
    type_the_decree(editor)
    at(editor, "changes.2.effective").fill("2024-02-16")
    editor.get_by_role("button", name="Preview").click()
    editor.get_by_role("button", name="Record it").click()
    then = re.search(r"recorded at position \d+–(\d+)", text(editor))
    assert then

    # when
    row = editor.get_by_role("row").filter(has_text="moves to").first
    row.get_by_role("link", name="correct", exact=True).click()
    assert editor.get_by_role("heading", level=1).inner_text() == f"Correct {DECREE}#3"
    assert at(editor, "changes.0.change.effective").input_value() == "2024-02-16"
    at(editor, "changes.0.change.effective").fill("2024-02-06")
    editor.get_by_label("Entry (id)").fill("2024-02-20-slip-of-the-pen")
    editor.get_by_label("Reason").fill("The source gives the 6th.")
    editor.get_by_role("button", name="Preview").click()

    # then
    said = " ".join(editor.get_by_role("region", name="What recording it would do").inner_text().split())
    assert "moves to" in said
    assert "6 February 2024" in said

    # when
    editor.get_by_role("button", name="Record it").click()

    # then
    editor.goto(f"{REGISTER}/posts/prime-minister")
    assert "since 6 February 2024" in text(editor)
    editor.goto(f"{REGISTER}/posts/prime-minister?known_at={then[1]}")
    assert "since 16 February 2024" in text(editor)
    editor.goto(f"{REGISTER}/entries/{DECREE}")
    assert "The source gives the 6th." in text(editor)


def test_a_file_of_entries_gets_a_verdict_a_row(editor: Page) -> None:
    """What is refused says why; what is accepted is recorded at a second press."""
    # given
    unit = {"kind": "unit-established", "unit": "archive", "name": {"en": "Archive Service"}, "parent": "eo"}
    entries = [
        {"entry": "archive-opened", "effective": "2024-03", "changes": [unit]},
        {
            "entry": "archive-closed",
            "effective": "2024-04",
            "changes": [{"kind": "unit-abolished", "unit": "archives"}],
        },
    ]
    editor.goto(RECORD)
    editor.get_by_role("link", name="Upload a file").click()

    # when
    lines = "\n".join(json.dumps(entry) for entry in entries).encode()
    editor.get_by_label("File", exact=True).set_input_files(
        {"name": "new.jsonl", "mimeType": "text/plain", "buffer": lines}
    )
    editor.get_by_role("button", name="Try it").click()

    # then
    said = text(editor)
    assert "1 accepted, 0 recorded already, 1 refused." in said
    assert "new.jsonl:1 archive-opened + would be recorded" in said
    assert "no entry introduces a unit 'archives'" in said

    # when
    editor.get_by_role("button", name="Record the accepted").click()
    editor.get_by_role("link", name="archive-opened").click()

    # then
    assert "Archive Service" in text(editor)


AIDES: Any = {
    "name": "aides.csv",
    "mimeType": "text/csv",
    "buffer": "person_kk;post;from;to\nӘлия Жүнісова;Ақсақал;1.2.2023;31.1.2024\n;Ақсақал;2/1/2024;\n".encode(),
}


def test_a_table_is_read_once_it_is_said_what_an_end_means(editor: Page) -> None:
    """The question stands at its field, the table is kept, and the rows are recorded as they were tried."""
    # given
    editor.goto(f"{REGISTER}/upload")
    editor.get_by_label("File", exact=True).set_input_files(AIDES)

    # when
    editor.get_by_role("button", name="Try it").click()

    # then
    end = editor.get_by_label("An end means")
    assert "nobody says what an end means" in editor.locator(f"#{end.get_attribute('aria-describedby')}").inner_text()
    assert "aides.csv is kept here" in text(editor)

    # when
    end.select_option("last-day")
    editor.get_by_role("button", name="Try it").click()

    # then
    assert "2 accepted, 0 recorded already, 1 refused." in text(editor)
    assert "'2/1/2024' may begin with the day or with the month" in text(editor)

    # when
    editor.get_by_role("button", name="Record the accepted").click()
    editor.get_by_role("link", name="aides.csv:2", exact=True).click()

    # then
    assert "Әлия Жүнісова" in text(editor)


def test_a_session_that_is_lost_loses_no_text(editor: Page) -> None:
    """The browser forgot the key and the token: nothing is done, the form comes back, and a key goes on with it."""
    # given
    type_the_decree(editor)
    key = next(one for one in editor.context.cookies() if one.get("name") == "regesta-key")
    editor.context.clear_cookies()

    # when
    editor.get_by_role("button", name="Preview").click()

    # then
    assert "nothing was done" in text(editor)
    assert at(editor, "changes.2.to_post").input_value() == "prime-minister"

    # when
    editor.get_by_role("button", name="Preview").click()
    editor.get_by_label("Key").fill(key.get("value", ""))
    editor.get_by_role("button", name="Go on").click()

    # then
    assert "→ moves to Olzhas Bektenov" in text(editor)
    assert key.get("value", "") not in editor.content()
    assert key.get("value", "") not in editor.url


def test_another_site_cannot_make_the_browser_record(editor: Page, desk: Site) -> None:
    """A page elsewhere sends a form that is right in all but its token."""
    # given
    form = f"""<form method=post action="{desk.address}{RECORD}"><input name=do value=record>
    <input name=entry value=forged><input name=how value=none><button>Win</button></form>"""
    editor.route("http://elsewhere.test/", lambda route: route.fulfill(body=form, content_type="text/html"))

    # when
    editor.goto("http://elsewhere.test/")
    editor.get_by_role("button", name="Win").click()

    # then
    assert editor.url.startswith(desk.address)
    assert "The form is not of this site" in text(editor)
    assert "forged" not in text(editor)


def test_an_entry_is_recorded_by_keys_alone(editor: Page) -> None:
    """Tab, letters, Enter and Space reach every field and every button."""
    # given
    editor.goto(RECORD)
    _tab_to(editor, "entry")
    editor.keyboard.type("2024-02-07-note")

    # when
    _pressed(editor, "Enter")

    # then
    assert at(editor, "entry").input_value() == "2024-02-07-note"

    # when
    _tab_to(editor, "", value="given")
    editor.keyboard.press("ArrowDown")
    editor.keyboard.press("ArrowDown")
    _tab_to(editor, "effective")
    editor.keyboard.type("2024-02-07")
    _tab_to(editor, "changes.0.kind")
    editor.keyboard.type("leaves")
    editor.keyboard.press("Tab")
    _pressed(editor, "Enter")
    _tab_to(editor, "changes.0.person")
    editor.keyboard.type("bektenov-olzhas")
    _tab_to(editor, "changes.0.post")
    editor.keyboard.type("head-of-eo")
    _tab_to(editor, "", value="preview")
    _pressed(editor, "Enter")
    assert "− leaves Olzhas Bektenov" in text(editor)
    _tab_to(editor, "", value="record")
    _pressed(editor, "Space")

    # then
    assert editor.url.endswith(f"{REGISTER}/entries/2024-02-07-note")


def _pressed(page: Page, key: str) -> None:
    """Press a key that sends the form, and wait for the page that comes."""
    with page.expect_event("load"):
        page.keyboard.press(key)


def _tab_to(page: Page, name: str, value: str = "") -> None:
    """Press Tab until a field, or the button or choice of that value, has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and (focused.get_attribute("value") == value if value else _is(focused, name)):
            return
    raise AssertionError(f"no key leads to {name or value}")


def _is(focused: Any, name: str) -> bool:
    return bool(focused.get_attribute("id") == name)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_the_desk(browser: Browser, desk: Site, scheme: Any) -> None:
    """The form in every state, by light and by dark."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it tells no types

    axe = Axe()
    with browser.new_context(base_url=desk.address, color_scheme=scheme, bypass_csp=True) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()

        def check(state: str) -> None:
            found = axe.run(page).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], state

        type_the_decree(page)
        check("a form")
        page.get_by_role("button", name="Preview").click()
        check("a key is asked for")
        page.get_by_label("Key").fill(desk.key)
        page.get_by_role("button", name="Go on").click()
        check("a preview")
        page.get_by_role("button", name="Add a change").click()
        for kind in ("units-reorganized", "list-attested", "capacity-changed", "corrected"):
            choose(page, 4, kind)
            check(kind)
        page.get_by_role("button", name="Preview").click()
        check("refusals")
        page.get_by_role("button", name="As YAML").click()
        check("YAML")
        page.get_by_label("The entry as YAML").fill("entry: [")
        page.get_by_role("button", name="Preview").click()
        check("YAML that is none")
        for place in (f"{RECORD}?correct=2024-02-05-smailov-resigns%231", "/record", f"{REGISTER}/upload"):
            page.goto(place)
            check(place)
        lines = (
            b'{"entry": "x"}\n{"entry": "y", "effective": "2024", "changes": [{"kind": "post-abolished", "post": "z"}]}'
        )
        page.get_by_label("File", exact=True).set_input_files(
            {"name": "x.jsonl", "mimeType": "text/plain", "buffer": lines}
        )
        page.get_by_role("button", name="Try it").click()
        check("verdicts")
        page.get_by_label("File", exact=True).set_input_files(AIDES)
        page.get_by_role("button", name="Try it").click()
        check("what an end means is asked")
        page.get_by_label("An end means").select_option("last-day")
        page.get_by_role("button", name="Try it").click()
        check("verdicts on rows")
        page.goto(f"{REGISTER}/entries/2024-02-05-smailov-resigns")
        check("an entry, for an editor")
