"""The pages for readers: every view is an address, safe to open, that tells what the JSON tells."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from api.pages.texts import ENGLISH, LANGUAGES
from tests.api.conftest import Server
from tests.test_architecture import table_rows

VIEWS = (
    "",
    "/structure?as_of=1811-07-01",
    "/structure?as_of=1811-07-01&grade=unattested",
    "/diff?from=1802-09-19&to=1811-07-01",
    "/diff?from=1802-09-19&to=1811-07-01&form=side",
    "/diff?as_of=1811-07-01&known_from=7&known_to=10",
    "/units/mint",
    "/posts/warden",
    "/persons/ann",
    "/instruments/mining",
    "/entries/mining",
    "/findings",
    "/search?q=mint",
    "/search",
    "/sources",
    "/counts",
    "/flows",
    "/flows?from=mint&since=1802-01-01&until=1812-01-01",
    "/events",
    "/events?after=3&limit=2",
)
"""One for each page about an institution."""

SCRIPT = '<script>alert("x")</script>'


def page(server: Server, path: str, status: int = 200, **headers: str) -> str:
    """The text of a page about the mint."""
    answer = server.client.get(f"/institutions/mint{path}", headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


def words(text: str) -> str:
    """What a reader sees of a page, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


@pytest.mark.parametrize("path", VIEWS)
def test_every_view_is_safe_to_open_and_answers_head(mint: Server, path: str) -> None:
    """No script, no style in the page, nothing from another host; and what is asked about lies open in the address."""
    # when
    answer = mint.client.get(f"/institutions/mint{path}")
    head = mint.client.head(f"/institutions/mint{path}")

    # then
    assert answer.status_code == head.status_code == 200
    assert head.content == b""
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script" not in policy
    assert not re.search(r"<script|<style| style=| on[a-z]+=", answer.text)
    assert not re.search(r'(src|href|action)="(https?:)?//', answer.text)
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", VIEWS)
def test_the_links_of_a_page_lead_somewhere(mint: Server, path: str) -> None:
    """Also those of its citation, from which the same is read later."""
    # given
    base = f"/institutions/mint{path}".partition("?")[0]
    text = page(mint, path)

    # when
    found = {unescape(link) for link in re.findall(r'href="([^"#]+)"', text)}
    found |= {unescape(link) for link in re.findall(r'action="([^"#]+)"', text) if link.endswith("search")}

    # then
    for link in found:
        where = mint.client.base_url.join(base).join(link)
        assert mint.client.get(str(where)).status_code == 200, link


def test_a_page_is_asked_for_again_by_its_tag(mint: Server) -> None:
    """Nothing is sent twice; and a page with another language is another page."""
    # given
    address = "/institutions/mint/structure?as_of=1811-07-01&known_at=10"
    first = mint.client.get(address)

    # when
    again = mint.client.get(address, headers={"If-None-Match": first.headers["etag"]})

    # then
    assert again.status_code == 304
    assert "immutable" not in first.headers["cache-control"]
    assert mint.client.get(f"{address}&lang=ru").headers["etag"] != first.headers["etag"]


def test_the_structure_tells_units_posts_holders_and_decrees(mint: Server) -> None:
    """On the eve of the move the mint hangs on the treasury, from its first day on the mining department."""
    # when
    eve, first = words(page(mint, "/structure?as_of=1811-06-30")), words(page(mint, "/structure?as_of=1811-07-01"))

    # then
    assert "Structure on 30 June 1811" in eve
    assert "Mining Department" not in eve
    assert "Warden" in eve
    assert "Ann since 20 September 1802" in eve
    assert "decree No. 1 of 8 September 1802" in eve
    assert "Mining Department since 1 July 1811" in first
    assert "Earlier 20 September 1802" in first
    assert "nothing later" in first


def test_a_name_that_is_a_script_stays_a_name(mint: Server) -> None:
    """Whatever an editor writes, a reader's browser runs none of it; and an address is a link only if it is one."""
    # given
    mint.record(
        {
            "entry": "mischief",
            "effective": "1820-01-01",
            "sources": [{"source": "mischief", "locator": SCRIPT, "wording": SCRIPT}],
            "changes": [
                {"kind": "unit-renamed", "unit": "mint", "name": {"en": SCRIPT}},
                {"kind": "post-retitled", "post": "warden", "title": {"en": '"><img src=x onerror=alert(1)>'}},
                {
                    "kind": "source-registered",
                    "source": "mischief",
                    "title": {"en": SCRIPT},
                    "publisher": SCRIPT,
                    "address": "javascript:alert(1)",
                },
            ],
        }
    )

    # when
    views = ("/structure?as_of=1820-01-01", "/units/mint", "/posts/warden", "/entries/mischief", "/sources/mischief")
    texts = [
        page(mint, path) for path in (*views, "/sources", "/diff?from=1819-01-01&to=1820-01-01", "/search?q=alert")
    ]

    # then
    for text in texts:
        assert "<script" not in text
        assert "<img" not in text
        assert 'href="javascript' not in text
    assert SCRIPT in unescape(texts[0])


def test_an_id_that_looks_like_a_scheme_is_a_place_on_the_page(mint: Server) -> None:
    """Ids may hold colons: a link to the page itself must not begin with one."""
    # given
    unit = {"kind": "unit-established", "unit": "javascript:alert", "name": {"en": "Odd"}, "parent": "mint"}
    mint.record({"entry": "data:odd", "effective": "1820-01-01", "changes": [unit]})

    # when
    texts = [page(mint, "/units/javascript:alert"), page(mint, "/entries/data:odd"), page(mint, "/units/mint")]

    # then
    for text in texts:
        assert not re.search(r'(href|action)="(javascript|data):', text)
    assert 'href="./javascript:alert?lang=ru"' in texts[0]


@pytest.mark.parametrize(
    "path", ["", "/structure?as_of=1811-07-01", "/findings", "/sources", "/counts", "/flows", "/events"]
)
def test_before_anything_was_recorded_there_is_a_page_that_says_so(mint: Server, path: str) -> None:
    """Position 0 is a state of knowledge like any other."""
    assert "before anything was recorded" in page(mint, f"{path}{'&' if '?' in path else '?'}known_at=0")


def test_what_is_asked_for_is_never_run_either(mint: Server) -> None:
    """A search for a script, and a day that is one, come back as text in their fields."""
    # when
    found = page(mint, "/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
    refused = page(mint, "/structure?as_of=%22%3E%3Cscript%3E", 422)

    # then
    assert "<script" not in found
    assert "<script" not in refused
    assert "<script>alert(1)</script>" in unescape(found)


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/structure?as_of=1811-7-1", 422, "'1811-7-1' is not a day"),
        ("/diff?from=1811-07-01", 422, "it is required"),
        ("/diff?from=1811-07-01&to=1812-01-01&form=wide", 422, "it is list or side"),
        ("/search?q=a&as_of=yesterday", 422, "is not a day"),
        ("/flows?since=1811-7-1", 422, "is not a day"),
        ("/flows?since=1811-07-01&until=1810-01-01", 422, "it lies before since"),
        ("/flows?from=nobody", 404, "has no unit 'nobody'"),
        ("/counts?during=never", 404, "never"),
        ("/events?after=-1", 422, "after"),
        ("/units/nobody", 404, "has no unit 'nobody'"),
        ("/structure?as_of=1811-07-01&known_at=99", 422, "99"),
        ("/structure?as_of=1811-07-01&known_at=7&hash=00000000", 410, "00000000"),
        ("/nothing", 404, "Nothing is served here"),
    ],
)
def test_a_refusal_is_a_page_that_says_what_to_mend(mint: Server, path: str, status: int, told: str) -> None:
    """What was asked stands in its field still; programs get a problem document at their addresses."""
    text = page(mint, path, status)

    assert told in words(text)
    if path.startswith("/structure?as_of=1811-7-1"):
        assert 'value="1811-7-1" aria-invalid="true"' in text


def test_readers_may_be_shut_out_of_the_pages_too(mint: Server) -> None:
    """A closed server shows nothing to who has no key; the refusal is a page."""
    closed = mint.open(open_to_readers=False)

    for path in ("/", "/institutions/mint", "/institutions/mint/structure?as_of=1811-07-01"):
        answer = closed.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 401
        assert "Treasury" not in answer.text
        assert answer.headers["content-type"].startswith("text/html")


def test_two_states_of_knowledge_name_corrections_and_their_reasons(mint: Server) -> None:
    """What was believed of a day, what is believed now, and who took it back why."""
    # given
    correction: dict[str, Any] = {
        "kind": "corrected",
        "target": "mining#2",
        "reason": "The decree names the assay office.",
        "change": {"kind": "unit-moved", "unit": "mint", "parent": None},
    }
    mint.record({"entry": "second-look", "effective": "1811-07-01", "changes": [correction]})

    # when
    told = words(page(mint, "/diff?as_of=1811-07-01&known_from=10&known_to=11"))
    before = words(page(mint, "/structure?as_of=1811-07-01&known_at=10"))

    # then
    assert "The decree names the assay office." in told
    assert "second-look" in told
    assert "not what is known now" in before

    # and what was learned up to an earlier position says that position, though more is known now
    earlier = words(page(mint, "/diff?as_of=1811-07-01&known_from=7&known_to=10"))
    assert "as known at position 10, recorded" in earlier
    assert "position 11" not in earlier


def test_what_was_corrected_away_is_said_to_be_shown_no_longer(mint: Server) -> None:
    """A post that a correction takes away was there before, and one change is not told in the plural."""
    # given
    kept = {"kind": "person-registered", "person": "eve", "name": {"en": "Eve"}, "effective": None}
    away = {"kind": "corrected", "target": "porter#1", "reason": "no such post", "change": kept}
    porter = {"kind": "post-created", "post": "porter", "unit": "mint", "title": {"en": "Porter"}}
    mint.record({"entry": "porter", "effective": "1810-01-01", "changes": [porter]})
    mint.record({"entry": "no-porter", "changes": [away]})

    # when
    told = words(page(mint, "/diff?as_of=1811-07-01&known_from=11&known_to=12"))

    # then
    assert "1 change." in told
    assert "corrected: no longer shown Porter" in told


def test_names_stand_in_the_language_that_is_asked_for_with_the_original_beside(mint: Server) -> None:
    """Once the address says `lang=ru`, every link of the page says so too."""
    # given
    name = {"en": "Assay Office", "ru": "Пробирная палатка"}
    mint.record(
        {
            "entry": "assay",
            "effective": "1815-01-01",
            "changes": [{"kind": "unit-established", "unit": "assay", "name": name, "parent": "mint"}],
        }
    )

    # when
    text = page(mint, "/structure?as_of=1815-01-01&lang=ru")

    # then
    assert "Пробирная палатка Assay Office" in words(text)
    assert 'lang="ru">Пробирная палатка' in text
    assert "units/assay?lang=ru" in text


def test_the_first_page_lists_the_registers_and_is_light(mint: Server) -> None:
    """A stranger finds what there is, in less than 100 kB with the stylesheet."""
    first = mint.client.get("/")
    style = mint.client.get("/static/page.css")

    assert "Treasury 20 September 1802 to 1 July 1811" in words(first.text)
    assert style.headers["content-type"].startswith("text/css")
    assert len(first.content) + len(style.content) < 100_000


def test_every_text_that_a_page_says_is_there_in_english() -> None:
    """Every rule of the findings has its words, and no language has a key that English lacks."""
    rules = {f"rule.{rule}" for rule in table_rows("findings.md")}

    assert rules == {key for key in ENGLISH if key.startswith("rule.")}
    assert all(texts.keys() <= ENGLISH.keys() for texts in LANGUAGES.values())
