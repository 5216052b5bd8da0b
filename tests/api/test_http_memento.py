"""Memento over the days on which things hold; each test is named for the section of RFC 7089 that it is about."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.mementos import PAGE, datetime_of, day_asked
from tests.api.conftest import FOUNDING, Server, refusal

PLACE = "/v1/institutions/mint"
GATE, MAP = f"{PLACE}/timegate", f"{PLACE}/timemap"
FOUNDED, MOVED = "Mon, 20 Sep 1802 00:00:00 GMT", "Mon, 01 Jul 1811 00:00:00 GMT"
RENAMED = {
    "entry": "renamed",
    "effective": "1820-01-01",
    "changes": [{"kind": "unit-renamed", "unit": "mint", "name": {"en": "Royal Mint"}}],
}


def links(text: str) -> dict[str, dict[str, str]]:
    """The links of a header or a TimeMap, by relation; of several Mementos without another relation, the last."""
    found: dict[str, dict[str, str]] = {}
    for address, attributes in re.findall(r'<([^>]*)>((?:; [a-z]+="[^"]*")*)', text):
        named = dict(re.findall(r'; ([a-z]+)="([^"]*)"', attributes))
        for rel in named["rel"].split():
            if rel != "memento" or named["rel"] == "memento":
                found[rel] = {**named, "address": address}
    return found


def asked_of(address: str) -> dict[str, str]:
    """The query of an address."""
    return dict(parse_qsl(urlsplit(address).query))


def sought(server: Server, when: str | None, gate: str = GATE) -> httpx2.Response:
    """What the TimeGate answers to who wants *when*."""
    answer = server.client.get(gate, headers={} if when is None else {"Accept-Datetime": when})
    assert answer.status_code == 302, answer.text
    return answer


def found(server: Server, when: str | None, gate: str = GATE) -> httpx2.Response:
    """The Memento to which the TimeGate leads."""
    answer = server.client.get(sought(server, when, gate).headers["location"])
    assert answer.status_code == 200, answer.text
    return answer


# --- 2: headers and relations


@given(on=st.dates().map(lambda day: day.toordinal()))
def test_2_1_1_a_day_is_written_and_read_back(on: int) -> None:
    """Any day of the calendar: before 1970, and with years of fewer digits than HTTP writes."""
    text = datetime_of(on)

    assert day_asked(text) == on
    assert len(text) == len(MOVED)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Mon, 01 Jan 0001 00:00:00 GMT", "0001-01-01"),
        ("Mon, 25 Dec 0800 12:00:00 GMT", "0800-12-25"),
        ("Sat, 01 Jan 0050 00:00:00 GMT", "0050-01-01"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01"),
        ("Wed, 31 Dec 1969 23:59:59 GMT", "1969-12-31"),
        ("Fri, 31 Dec 9999 23:59:60 GMT", "9999-12-31"),
    ],
)
def test_2_1_1_the_time_of_day_is_let_go(text: str, day: str) -> None:
    """Days have none; and year 50 is not 2050."""
    assert date.fromordinal(day_asked(text)).isoformat() == day


def test_2_1_1_a_memento_says_of_what_day_it_is(mint: Server) -> None:
    """The begin of the day on which the structure is shown."""
    answer = found(mint, MOVED)

    assert answer.headers["memento-datetime"] == MOVED
    assert answer.json()["as_of"] == "1811-07-01"


def test_2_1_1_a_memento_never_changes(mint: Server) -> None:
    """Also once a correction was recorded: its address names the position."""
    before = found(mint, MOVED)
    corrected = {
        "entry": "corrected",
        "changes": [{"kind": "annulled", "target": "mining#2", "reason": "never signed"}],
    }
    assert mint.record(corrected).status_code == 201
    again = mint.client.get(str(before.url))

    for name in ("memento-datetime", "link", "etag", "cache-control"):
        assert again.headers[name] == before.headers[name]
    assert again.content == before.content
    assert "immutable" in again.headers["cache-control"]
    assert found(mint, MOVED).json()["units"]["mint"]["parent"] == "treasury"


@pytest.mark.parametrize(
    "query", ["", "&known_at=10", "&known_at=10&rules=3", "&grade=certain", "&known_at=2024-05-24T13:00:00Z"]
)
def test_2_1_1_what_may_change_is_no_memento(mint: Server, query: str) -> None:
    """The header is a promise: other rules may tell another structure, and what is known grows."""
    answer = mint.client.get(f"{PLACE}/structure?as_of=1811-07-01{query}")

    assert answer.status_code == 200
    assert "memento-datetime" not in answer.headers


def test_2_1_1_a_day_to_come_is_no_past_state(mint: Server) -> None:
    """On the day of recording the state is of the past; a day later it is expected."""
    address = sought(mint, MOVED).headers["location"]
    last, next_ = (mint.client.get(address.replace("1811-07-01", day)) for day in ("2024-05-24", "2024-05-25"))

    assert last.headers["memento-datetime"] == "Fri, 24 May 2024 00:00:00 GMT"
    assert next_.status_code == 200
    assert "memento-datetime" not in next_.headers


def test_2_1_2_the_timegate_varies_by_the_day_wanted(mint: Server) -> None:
    """And nothing else does."""
    assert sought(mint, MOVED).headers["vary"] == "Accept-Datetime"
    assert sought(mint, None).headers["vary"] == "Accept-Datetime"
    assert "vary" not in found(mint, MOVED).headers
    assert "vary" not in mint.client.get(MAP).headers


def test_2_2_a_structure_says_where_its_past_is_found(mint: Server) -> None:
    """Who has any of them finds the rest."""
    told = links(mint.client.get(f"{PLACE}/structure?as_of=1811-07-01").headers["link"])

    assert told["original"]["address"] == told["timegate"]["address"] == GATE
    assert told["timemap"] == {"rel": "timemap", "type": "application/link-format", "address": MAP}


def test_2_2_a_memento_names_first_last_and_its_neighbours(mint: Server) -> None:
    """Between the two changes the one before and the one after are both."""
    assert mint.record(RENAMED).status_code == 201
    told = links(found(mint, MOVED).headers["link"])

    assert {rel: told[rel]["datetime"] for rel in ("first", "prev", "memento", "next", "last")} == {
        "first": FOUNDED,
        "prev": FOUNDED,
        "memento": MOVED,
        "next": "Sat, 01 Jan 1820 00:00:00 GMT",
        "last": "Sat, 01 Jan 1820 00:00:00 GMT",
    }
    for rel in ("first", "prev", "memento", "next", "last"):
        shown = mint.client.get(told[rel]["address"])
        assert shown.headers["memento-datetime"] == told[rel]["datetime"]


def test_2_2_at_the_ends_there_is_no_neighbour(mint: Server) -> None:
    """Nothing is before the first, and nothing after the last."""
    first, last = links(found(mint, FOUNDED).headers["link"]), links(found(mint, MOVED).headers["link"])

    assert ("prev" in first, "next" in first) == (False, True)
    assert ("prev" in last, "next" in last) == (True, False)


def test_2_2_1_the_original_is_one_however_it_is_known(mint: Server) -> None:
    """Who follows a Memento back comes to what is known now; its TimeGate and TimeMap stay with what was known."""
    answer = found(mint, MOVED)
    told = links(answer.headers["link"])

    assert told["original"]["address"] == GATE
    assert told["timegate"]["address"] == f"{GATE}?known_at=10"
    assert told["timemap"]["address"] == f"{MAP}?known_at=10"


# --- 4: datetime negotiation


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("Sun, 30 Jun 1811 23:59:59 GMT", ("1811-06-30", "treasury")),
        ("Mon, 01 Jul 1811 00:00:00 GMT", ("1811-07-01", "mining")),
        ("Mon, 01 Jul 1811 23:59:59 GMT", ("1811-07-01", "mining")),
    ],
)
def test_4_1_1_the_day_wanted_is_the_day_shown(mint: Server, wanted: str, shown: tuple[str, str]) -> None:
    """Pattern 1.1, with the eve and the first day: every day has its own state, for what is sure on it differs."""
    answer = found(mint, wanted).json()

    assert (answer["as_of"], answer["units"]["mint"]["parent"]) == shown


def test_4_1_1_the_timegate_redirects_and_is_no_memento(mint: Server) -> None:
    """302 with links, no body; and never kept, for what is known may change."""
    answer = sought(mint, MOVED)

    assert answer.content == b""
    assert "memento-datetime" not in answer.headers
    assert set(links(answer.headers["link"])) == {"original", "timegate", "timemap"}
    assert answer.headers["cache-control"] == "no-cache"
    where = asked_of(answer.headers["location"])
    assert where["as_of"] == "1811-07-01"
    assert set(where) == {"as_of", "known_at", "hash", "rules"}
    assert where["known_at"] == "10"


def test_4_1_1_head_negotiates_as_get(mint: Server) -> None:
    """Clients of Memento ask with HEAD first."""
    answer = mint.client.head(GATE, headers={"Accept-Datetime": MOVED})

    assert answer.status_code == 302
    assert answer.headers["location"] == sought(mint, MOVED).headers["location"]


def test_4_1_1_what_was_known_at_a_position_is_negotiated_too(mint: Server) -> None:
    """The axis is that of the days; the position is fixed, by the asker or as the head."""
    answer = found(mint, MOVED, f"{GATE}?known_at=7").json()

    assert answer["known_at"]["position"] == 7
    assert answer["as_of"] == "1802-09-20"
    assert set(answer["units"]) == {"treasury", "mint"}


def test_4_1_1_a_memento_takes_no_notice_of_the_header(mint: Server) -> None:
    """It is what it is."""
    address = sought(mint, MOVED).headers["location"]
    answer = mint.client.get(address, headers={"Accept-Datetime": FOUNDED})

    assert answer.headers["memento-datetime"] == MOVED


def test_4_5_3_before_the_first_memento_comes_the_first(mint: Server) -> None:
    """The eve of the founding leads to the founding, which says of what day it is."""
    for wanted in ("Sun, 19 Sep 1802 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 GMT"):
        assert found(mint, wanted).headers["memento-datetime"] == FOUNDED


def test_4_5_3_after_the_last_memento_comes_the_last(mint: Server) -> None:
    """What no act says of later days the TimeGate does not make up."""
    for wanted in ("Tue, 02 Jul 1811 00:00:00 GMT", "Fri, 31 Dec 9999 00:00:00 GMT"):
        assert found(mint, wanted).headers["memento-datetime"] == MOVED


def test_4_5_3_who_names_no_day_gets_the_last(mint: Server) -> None:
    """There is no today, but there is a last day on which something changed."""
    assert found(mint, None).headers["memento-datetime"] == MOVED


def test_4_5_3_what_is_to_change_after_it_was_recorded_is_no_past_state(mint: Server) -> None:
    """A decree for next year."""
    later = {**RENAMED, "effective": "2024-05-25"}
    assert mint.record(later).status_code == 201

    assert found(mint, None).headers["memento-datetime"] == MOVED
    assert mint.client.get(MAP).text.count("memento") == 2
    assert "next" not in links(found(mint, MOVED).headers["link"])


@pytest.mark.parametrize(
    "text",
    [
        *("", "1811-07-01", "1811-07-01T00:00:00Z", "yesterday", "0", "Mon, 01 Jul 1811", "01 Jul 1811 00:00:00 GMT"),
        *("Mon, 1 Jul 1811 00:00:00 GMT", "Mon, 01 Jul 11 00:00:00 GMT", "Mon, 01 Jul 1811 00:00 GMT"),
        *("Mon, 01 Jul 1811 00:00:00 +0000", "Mon, 01 Jul 1811 00:00:00 UTC", "Mon, 01 Jul 1811 00:00:00 gmt"),
        *("Monday, 01-Jul-11 00:00:00 GMT", "Mon Jul  1 00:00:00 1811", "Mon, 01 July 1811 00:00:00 GMT"),
        *("Mon, 01 Jul 1811 24:00:00 GMT", "Mon, 01 Jul 1811 00:60:00 GMT", "Mon, 01 Jul 1811 00:00:61 GMT"),
        *("Thu, 31 Jun 1811 00:00:00 GMT", "Thu, 29 Feb 1900 00:00:00 GMT", "Sat, 01 Jan 0000 00:00:00 GMT"),
        f"{FOUNDED}, {MOVED}",
    ],
)
def test_4_5_3_what_is_no_datetime_is_refused(mint: Server, text: str) -> None:
    """400, and the address of the TimeGate is not lost."""
    answer = mint.client.get(GATE, headers={"Accept-Datetime": text})

    assert refusal(answer)[:2] == (400, "not-a-datetime")


def test_4_5_3_another_weekday_is_refused(mint: Server) -> None:
    """It tells of a date in the old style: 7 November 1917 is called 25 October there, and was a Wednesday."""
    status, kind, document = refusal(
        mint.client.get(GATE, headers={"Accept-Datetime": "Wed, 25 Oct 1917 00:00:00 GMT"})
    )

    assert (status, kind) == (400, "not-a-datetime")
    assert "Thu" in document["detail"]
    assert "Gregorian" in document["detail"]


def test_4_5_3_two_datetimes_are_none(mint: Server) -> None:
    """Neither is taken for the other."""
    answer = mint.client.get(GATE, headers=[("Accept-Datetime", FOUNDED), ("Accept-Datetime", MOVED)])

    assert refusal(answer)[:2] == (400, "not-a-datetime")


def test_4_5_5_without_a_past_there_is_no_memento(server: Server) -> None:
    """A register that only declares its institution, of no day; the TimeMap says so by listing none."""
    declared = {"entry": "founding", "changes": [FOUNDING["changes"][0]]}
    assert server.record(declared).status_code == 201

    assert refusal(server.client.get(GATE))[:2] == (404, "no-memento")
    told = links(server.client.get(MAP).text)
    assert set(told) == {"original", "timegate", "self"}
    assert refusal(server.client.get(f"{PLACE}/timegate".replace("mint", "none")))[:2] == (404, "unknown-institution")


def test_4_5_5_before_everything_was_known_there_is_none(mint: Server) -> None:
    """Position 0."""
    assert refusal(mint.client.get(f"{GATE}?known_at=0"))[:2] == (404, "no-memento")


# --- 5: TimeMaps


def test_5_the_timemap_lists_the_days_on_which_something_changed(mint: Server) -> None:
    """In the form that everybody must read, with what it is of and the span it covers."""
    answer = mint.client.get(MAP)
    told = links(answer.text)

    assert answer.headers["content-type"] == "application/link-format"
    assert told["original"]["address"] == told["timegate"]["address"] == GATE
    assert told["self"] == {
        "rel": "self",
        "type": "application/link-format",
        "from": FOUNDED,
        "until": MOVED,
        "address": MAP,
    }
    assert (told["first"]["rel"], told["first"]["datetime"]) == ("first memento", FOUNDED)
    assert (told["last"]["rel"], told["last"]["datetime"]) == ("last memento", MOVED)
    assert answer.text.count("memento") == 2
    for one in (told["first"], told["last"]):
        assert mint.client.get(one["address"]).headers["memento-datetime"] == one["datetime"]


def test_5_one_memento_is_first_and_last(mint: Server) -> None:
    """As known before the second entry."""
    told = links(mint.client.get(f"{MAP}?known_at=7").text)

    assert told["first"] == told["last"]
    assert told["first"]["rel"] == "first last memento"


def test_5_the_timemap_is_asked_after_by_its_tag(mint: Server) -> None:
    """It grows with the log; as known at a position it does not."""
    first = mint.client.get(MAP)
    again = mint.client.get(MAP, headers={"If-None-Match": first.headers["etag"]})
    fixed = mint.client.get(f"{MAP}?known_at=10")
    assert mint.record(RENAMED).status_code == 201

    assert again.status_code == 304
    assert mint.client.get(MAP, headers={"If-None-Match": first.headers["etag"]}).status_code == 200
    assert mint.client.get(f"{MAP}?known_at=10").content == fixed.content
    assert "immutable" in fixed.headers["cache-control"]


def test_5_1_1_a_long_timemap_comes_in_pages(mint: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each names the next with the day it begins on, as known at the same position."""
    monkeypatch.setattr("api.mementos.PAGE", 1)
    assert PAGE == 1_000
    one = links(mint.client.get(MAP).text)
    two = links(mint.client.get(one["timemap"]["address"]).text)

    assert (one["first"]["datetime"], one["self"]["until"], one["timemap"]["from"]) == (FOUNDED, FOUNDED, MOVED)
    assert asked_of(one["timemap"]["address"]) == {"after": "1802-09-20", "known_at": "10"}
    assert (two["last"]["datetime"], two["self"]["from"]) == (MOVED, MOVED)
    assert "timemap" not in two
    assert "first" not in two


def test_5_days_long_ago_are_listed(server: Server) -> None:
    """Before 1970, and in years below 1000."""
    crowned: dict[str, Any] = {**FOUNDING, "effective": "0800-12-25", "instrument": None}
    assert server.record(crowned).status_code == 201

    told = links(server.client.get(MAP).text)

    assert told["first"]["datetime"] == "Mon, 25 Dec 0800 00:00:00 GMT"
    assert found(server, "Mon, 25 Dec 0800 00:00:00 GMT").json()["as_of"] == "0800-12-25"
