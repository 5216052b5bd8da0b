"""A historian reads kz-eo: every step by links, fields and keys, without script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

pytestmark = pytest.mark.needs("chromium")

REGISTER = "/institutions/kz-eo"
VIEWS = (
    "/",
    REGISTER,
    f"{REGISTER}/structure?as_of=2023-09-01",
    f"{REGISTER}/structure?as_of=1996-10-15&grade=unattested",
    f"{REGISTER}/diff?from=2023-08-31&to=2023-09-02",
    f"{REGISTER}/diff?from=2023-08-31&to=2023-09-02&form=side",
    f"{REGISTER}/diff?as_of=2024-05-24&known_from=1097&known_to=1098",
    f"{REGISTER}/units/eo",
    f"{REGISTER}/posts/head-of-eo",
    f"{REGISTER}/persons/bektenov-olzhas",
    f"{REGISTER}/instruments/2023-09-01-decree-reorganization",
    f"{REGISTER}/entries/2024-05-24-the-name-of-a-secretariat",
    f"{REGISTER}/findings",
    f"{REGISTER}/findings?during=presidency-of-tokayev",
    f"{REGISTER}/counts",
    f"{REGISTER}/flows?from=eo&since=2023-01-01",
    f"{REGISTER}/flows?during=presidency-of-tokayev",
    f"{REGISTER}/events?after=1040",
    f"{REGISTER}/search?q=Қарин",
    f"{REGISTER}/sources",
    f"{REGISTER}/sources/s4-forbes-kz-2023-09-01",
    f"{REGISTER}/structure?as_of=2023-9-1",
    "/key",
)
"""One address of every view, a refusal among them."""


def text(page: Page) -> str:
    """What the page says."""
    return " ".join(page.locator("body").inner_text().split())


def test_a_stranger_finds_the_reorganization_of_september_2023(reader: Page) -> None:
    """From the list of registers to the decree and to whom it cost a post, by links and two days."""
    # given
    reader.goto("/")
    reader.get_by_role("link", name="Executive Office of the President").first.click()

    # when
    between = reader.get_by_role("region", name="What changed between two days")
    between.get_by_label("From").fill("2023-08-31")
    between.get_by_label("To").fill("2023-09-02")
    between.get_by_role("button", name="Compare").click()

    # then
    said = text(reader)
    assert "What changed from 31 August 2023 to 2 September 2023" in said
    assert "+ new post Assistant to the President, legal issues" in said
    assert "− post abolished Deputy Head of the Executive Office of the President" in said
    assert "4 more that follow from it" in said
    assert "The source counts them and names none." in said

    # and the decree itself
    reader.get_by_role("link", name="decree of 1 September 2023").first.click()
    said = text(reader)
    assert "Who lost office by it 4" in said
    assert "Aida Balayeva" in said
    assert "Minister of Culture and Information" in said


def test_what_followed_opens_by_the_keyboard(reader: Page) -> None:
    """Implied ends are folded under their cause, and space opens them."""
    # given
    reader.goto(f"{REGISTER}/diff?from=2023-08-31&to=2023-09-02")
    folded = reader.get_by_text("4 more that follow from it")
    name = reader.get_by_text("Malik Murzalin")
    assert not name.is_visible()

    # when
    folded.focus()
    reader.keyboard.press("Space")

    # then
    assert name.is_visible()


def test_the_structure_goes_on_day_by_day_of_change(reader: Page) -> None:
    """Earlier and Later lead to the next day on which something changes; the field takes any day."""
    # given
    reader.goto(f"{REGISTER}/structure?as_of=2023-09-01")
    assert "holder unknown" in text(reader)
    assert "Part of this is inferred" in text(reader)

    # when
    reader.get_by_role("link", name=re.compile("Later")).click()

    # then
    assert reader.get_by_role("heading", level=1).inner_text() == "Structure on 2 September 2023"

    # when
    reader.get_by_label("Day", exact=True).fill("2024-05-24")
    reader.get_by_label("Day", exact=True).press("Enter")

    # then
    assert "Structure on 24 May 2024" in text(reader)
    assert "Aibek Dadebayev" in text(reader)


def test_units_close_and_open_by_the_keyboard(reader: Page) -> None:
    """The tree is a list of details: no script is needed to fold it."""
    # given
    reader.goto(f"{REGISTER}/structure?as_of=2024-05-24")
    tree = reader.get_by_role("region", name="Units and posts")
    post = tree.get_by_text("Head of the Executive Office of the President", exact=True)
    assert post.is_visible()

    # when
    reader.locator(".tree summary").first.focus()
    reader.keyboard.press("Enter")

    # then
    assert not post.is_visible()


def test_what_no_source_shows_that_early_is_counted_and_shown_on_request(reader: Page) -> None:
    """Nothing is hidden without a word."""
    # given
    reader.goto(f"{REGISTER}/structure?as_of=2023-09-01")
    before = reader.locator(".tree .row").count()

    # when
    assert "more things are known only from later sources" in text(reader)
    reader.get_by_role("link", name="Show them").click()

    # then
    assert reader.locator(".tree .row").count() > before
    assert "unattested" in reader.locator(".tree .row.g-unattested").first.inner_text()


def test_the_hand_over_of_february_2024(reader: Page) -> None:
    """One hands over to another; people take office and leave, they are not abolished."""
    # when
    reader.goto(f"{REGISTER}/diff?from=2024-02-05&to=2024-02-06")

    # then
    said = text(reader)
    assert "Olzhas Bektenov" in said
    assert "Aibek Dadebayev" in said
    assert "Prime Minister" in said
    assert "decree of 6 February 2024" in said
    people = reader.get_by_role("region", name="People").inner_text()
    assert "abolished" not in people


def test_a_vacancy_is_hollow_and_no_bar_is_solid_past_its_evidence(reader: Page) -> None:
    """Three days of September 2012 on which a source says that nobody held the post."""
    # given
    reader.goto(f"{REGISTER}/posts/head-of-eo")

    # when
    vacant = reader.locator("tr", has=reader.locator(".b-vacant"))
    last = reader.locator(".bars tr", has_text="Aibek Dadebayev").locator("rect.b-solid").first
    right = reader.locator("table.bars svg.bar").nth(1).bounding_box()
    box = last.bounding_box()

    # then
    assert "from 21 September 2012 until 24 September 2012" in vacant.inner_text()
    assert box is not None
    assert right is not None
    assert box["x"] + box["width"] < right["x"] + right["width"] - 10
    assert "last shown 23 May 2025" in reader.locator(".bars tr", has_text="Aibek Dadebayev").inner_text()


def test_a_conflict_is_found_and_both_claims_are_seen(reader: Page) -> None:
    """From the findings to the person, where the claim that is not believed stands with the rule that chose."""
    # given
    reader.goto(REGISTER)
    reader.get_by_role("link", name="Findings").click()
    assert "Sources give one fact different days or values." in text(reader)

    # when
    row = reader.locator("tr", has_text="2023-04-bektenov-head-of-eo")
    said = " ".join(row.inner_text().split())
    assert "3 April 2023 Caspian Institute for Strategic Studies 2024" in said
    assert "March 2023 AHK Zentralasien 2024 (low certainty)" in said
    assert "source certainty" in said
    row.get_by_role("link", name="Head of the Executive Office of the President").click()

    # then
    assert "contested" in reader.locator(".bars tr", has_text="since 3 April 2023").inner_text()


def test_a_claimed_number_is_counted_after(reader: Page) -> None:
    """How often the head was replaced, as an expert says: seven held the post, and one sees who."""
    # given
    reader.goto(REGISTER)
    reader.get_by_role("link", name="Counts").click()

    # when
    claim = reader.get_by_role("region", name="7 heads of the EO replaced")
    said = " ".join(claim.inner_text().split())

    # then
    assert "Daniyar Ashimbayev counts 7" in said
    assert "The record agrees, if one counts who held it." in said
    assert "Asset Issekeshev" in said
    assert "The record agrees in no way of counting" in text(reader)

    # and who they were
    claim.get_by_role("link", name="Asset Issekeshev").first.click()
    assert "Career" in text(reader)


def test_who_left_the_office_for_other_bodies(reader: Page) -> None:
    """From the unit to the moves out of it, then those of a time, then those between two bodies."""
    # given
    reader.goto(f"{REGISTER}/units/eo")
    reader.get_by_role("link", name="Who left it for other bodies").click()
    ever = reader.get_by_role("region", name="Moves").locator("tbody tr").count()

    # when
    reader.get_by_label("From day").fill("2023-01-01")
    reader.get_by_role("button", name="Show").click()

    # then
    moves = reader.get_by_role("region", name="Moves")
    assert 0 < moves.locator("tbody tr").count() < ever
    assert "Prime Minister" in moves.locator("tr", has_text="Olzhas Bektenov").inner_text()

    # when
    sums = reader.get_by_role("region", name="Between each two bodies")
    sums.locator("tr", has_text="Foreign Ministry").get_by_role("link", name="1", exact=True).click()

    # then
    assert "Murat Nurtleu" in text(reader)
    assert reader.get_by_label("To body").input_value() == "foreign-ministry"
    assert reader.get_by_label("From day").input_value() == "2023-01-01"


def test_the_log_is_walked_from_an_entry_to_its_fields(reader: Page) -> None:
    """An entry leads to its place in the log, where every field stands as it is stored."""
    # given
    reader.goto(f"{REGISTER}/entries/2024-05-24-leaders")

    # when
    reader.get_by_role("link", name=re.compile("recorded at position")).click()
    first = reader.locator("tbody tr").first
    first.get_by_text("All fields as stored").focus()
    reader.keyboard.press("Enter")

    # then
    said = " ".join(first.inner_text().split())
    assert "2024-05-24-leaders#1" in said
    assert "prev_hash" in said
    assert "Structure, list of leaders, name 1 (bullet 1)" in said

    # when
    position = int(first.locator("td").first.inner_text())
    reader.get_by_role("link", name="Later").first.click()

    # then
    assert int(reader.locator("tbody tr td").first.inner_text()) == position + 50


def test_a_correction_is_seen_before_and_after_with_its_reason(reader: Page) -> None:
    """What the register said of a day before an entry taught otherwise, and why it no longer does."""
    # given
    reader.goto(f"{REGISTER}/entries/2024-05-24-the-name-of-a-secretariat")

    # when
    reader.get_by_role("link", name="What this entry taught of 24 May 2024").click()

    # then
    assert "The post had been abolished in 2022; its name lives on in the secretariat" in text(reader)

    # when
    reader.get_by_role("link", name="Structure as then known").click()

    # then
    assert "This page tells what was known at position" in text(reader)


def test_a_name_is_found_in_any_script(reader: Page) -> None:
    """Kazakh letters find a name that the register writes in Latin ones."""
    # given
    reader.goto(REGISTER)

    # when
    reader.get_by_role("searchbox").fill("Қарин")
    reader.get_by_role("button", name="Search").click()
    reader.get_by_role("link", name="Erlan Karin").click()

    # then
    assert "Career" in text(reader)


def test_a_day_written_otherwise_comes_back_in_its_field(reader: Page) -> None:
    """Nothing that was typed is lost, and what is wrong stands next to it."""
    # given
    reader.goto(f"{REGISTER}/structure?as_of=2023-9-1")
    assert "'2023-9-1' is not a day" in text(reader)

    # when
    reader.get_by_label("as_of").fill("2023-09-01")
    reader.get_by_role("button", name="Ask again").click()

    # then
    assert "Structure on 1 September 2023" in text(reader)


def test_the_keyboard_reaches_the_content_first(reader: Page) -> None:
    """The first stop is a link past the frame; every stop is seen."""
    # given
    reader.goto(f"{REGISTER}/structure?as_of=2023-09-01")

    # when
    reader.keyboard.press("Tab")

    # then
    skip = reader.get_by_role("link", name="To the content")
    assert skip.is_visible()
    box = skip.bounding_box()
    assert box is not None
    assert box["x"] >= 0


@pytest.mark.parametrize("width", [1360, 700, 360])
def test_no_view_is_wider_than_the_screen(browser: Browser, site: str, width: int) -> None:
    """A table falls into lines on a narrow screen; nobody scrolls sideways."""
    with browser.new_context(base_url=site, viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        for view in VIEWS:
            page.goto(view)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, view


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_view(browser: Browser, site: str, scheme: Any) -> None:
    """Contrast, landmarks, names of fields and tables, by light and by dark."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it tells no types

    axe = Axe()
    with browser.new_context(base_url=site, color_scheme=scheme, bypass_csp=True) as context:
        page = context.new_page()
        for view in VIEWS:
            page.goto(view)
            found = axe.run(page).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], view


def test_every_address_opened_fresh_gives_the_same_and_asks_no_other_host(browser: Browser, site: str) -> None:
    """A view is its address: the browser keeps nothing but the token of a form, and nothing comes from elsewhere."""
    for view in VIEWS:
        first, second = _opened(browser, site, view), _opened(browser, site, view)
        assert first == second, view


def _opened(browser: Browser, site: str, view: str) -> str:
    """The content of *view* in a browser that knows nothing; it asks no other host and keeps nothing."""
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    with browser.new_context(base_url=site) as context:
        page = context.new_page()
        page.on("request", note)
        page.goto(view)
        assert asked
        assert all(url.startswith(site) for url in asked), view
        assert view == "/key" or context.cookies() == []
        return re.sub(r'name="form" value="[^"]*"', "", page.content())  # each form has a token of its own


def test_a_page_prints_without_its_frame(reader: Page) -> None:
    """On paper there are no fields to fill, and the citation is there."""
    # given
    reader.goto(f"{REGISTER}/structure?as_of=2023-09-01")

    # when
    reader.emulate_media(media="print")

    # then
    assert not reader.get_by_role("search").is_visible()
    assert not reader.get_by_role("link", name="Record an entry").is_visible()
    assert reader.get_by_text("as known at position").first.is_visible()
