"""What somebody sends who means harm, or whose program is broken: refused in words, and nothing stored."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.pages.directions import isolated
from domain.entries import entry_from_yaml
from domain.errors import MOST_REASONS, EntryUnreadable
from tests.api.conftest import Server
from tests.serving import served

TURNED = "Mint \u202eevil\u2069 \u2067x"
"""A name that turns what follows, ends an isolate that it did not begin, and begins one that it does not end."""


def sent(*changes: object, **more: object) -> bytes:
    """An entry as JSON."""
    return json.dumps({"entry": "hostile", "changes": list(changes), **more}).encode()


def unit(**more: object) -> dict[str, object]:
    """A change that is good as it stands."""
    return {"kind": "unit-established", "unit": "assay", "name": {"en": "Assay"}, "effective": "1811-01-01", **more}


SEATS = b'{"entry":"hostile","changes":[{"kind":"seats-changed","post":"warden","effective":"1812","seats":%s}]}'
ATTACKS: dict[str, Callable[[], bytes]] = {
    "a name of 10 MB": lambda: sent(unit(name={"en": "x" * 10_000_000})),
    "a name that just fits a body": lambda: sent(unit(name={"en": "x" * 4_000_000})),
    "100,000 changes": lambda: b'{"entry":"hostile","changes":[' + b"{}," * 99_999 + b"{}]}",
    "20,000 changes of no kind": lambda: sent(*[{"kind": "x"}] * 20_000),
    "200,000 fields": lambda: sent(unit(), **{f"k{n}": 1 for n in range(200_000)}),
    "objects nested 100,000 deep": lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "lists nested 100,000 deep": lambda: b'{"entry":"hostile","changes":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "200,000 keys and the last of them twice": lambda: (
        b"{" + b"".join(b'"k%d":1,' % n for n in range(200_000)) + b'"k199999":1}'
    ),
    "a field whose name has 3 MB": lambda: sent(unit(), **{"x" * 3_000_000: 1}),
    "a field whose name turns the line round": lambda: sent(unit(), **{"\u202ex\x1b[2J": 1}),
    "a key twice": lambda: b'{"entry":"hostile","entry":"other","changes":[]}',
    "NUL in a name": lambda: sent(unit(name={"en": "As\x00say"})),
    "an escape of a terminal in a name": lambda: sent(unit(name={"en": "\x1b[2J"})),
    "half a surrogate pair in a name": lambda: sent(unit(name={"en": "\ud800"})),
    "half a surrogate pair in a field": lambda: sent(unit(), **{"\ud800": 1}),
    "half a surrogate pair in a language": lambda: sent(unit(name={"\ud800": "Assay"})),
    "a Cyrillic letter in an id": lambda: sent(unit(unit="аssay")),
    "a turning mark in an id": lambda: sent(unit(unit="as\u202esay")),
    "a mark without width in an id": lambda: sent(unit(unit="as\u200bsay")),
    "a line feed after an id": lambda: sent(unit(unit="assay\n")),
    "digits of another script in a target": lambda: sent({"kind": "annulled", "target": "mining#٣", "reason": "x"}),
    "an integer of 400,000 digits": lambda: SEATS % (b"9" * 400_000),
    "an integer of 4,000 digits": lambda: SEATS % (b"9" * 4_000),
    "an integer beyond 64 bits": lambda: SEATS % b"9223372036854775808",
    "a number below none": lambda: SEATS % b"-1",
    "a fraction": lambda: SEATS % b"1.5",
    "a number beyond all": lambda: SEATS % b"1e400",
    "no number": lambda: SEATS % b"NaN",
    "the year 0": lambda: sent(unit(effective="0000")),
    "a year before the first": lambda: sent(unit(effective="-0001")),
    "the year 10000": lambda: sent(unit(effective="10000-01-01")),
    "the year 10000 of EDTF": lambda: sent(unit(effective="Y10000")),
    "a correction of a correction of a correction": lambda: sent(
        {
            **(control := {"kind": "corrected", "target": "mining#1", "reason": "x"}),
            "change": {**control, "change": {**control, "change": unit()}},
        }
    ),
    "100,000 ids in one": lambda: sent({"kind": "identities-unified", "ids": ["mint"] * 100_000, "reason": "x"}),
    "UTF-16": lambda: json.dumps({"entry": "hostile"}).encode("utf-16"),
    "nothing": lambda: b"",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_entry_is_refused_in_words_and_nothing_is_stored(mint: Server, attack: str) -> None:
    """The answer names reasons, never an exception, and is small whatever was sent."""
    before = mint.log.head("mint")
    body = ATTACKS[attack]()

    answer = mint.record(body)

    assert answer.status_code in (413, 422), answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code == 413 or answer.json()["reasons"]
    assert len(answer.content) < 100_000
    assert "Traceback" not in answer.text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x1f]", answer.text)
    assert mint.log.head("mint") == before
    assert mint.client.post(
        "/v1/institutions/mint/preview", content=body, headers={"Authorization": f"Bearer {mint.secret}"}
    ).status_code in (413, 422)


def test_a_refusal_says_how_many_reasons_it_leaves_out(mint: Server) -> None:
    """20,000 faults are no answer of megabytes: the first are listed, in the order of the entry."""
    unreadable = mint.record(sent(*[{"kind": "x"}] * 20_000)).json()["reasons"]
    moved = [{"kind": "unit-moved", "unit": f"no-{n}", "parent": None, "effective": "1812"} for n in range(300)]
    refused = mint.record(sent(*moved)).json()["reasons"]
    few = mint.record(sent(*moved[: MOST_REASONS + 1])).json()["reasons"]

    assert [reason["change"] for reason in unreadable] == [*range(1, MOST_REASONS + 1), None]
    assert unreadable[-1]["detail"] == "19900 more reasons are not listed"
    assert [reason["change"] for reason in refused] == [*range(1, MOST_REASONS + 1), None]
    assert refused[-1]["detail"] == "200 more reasons are not listed"
    assert [reason["change"] for reason in few] == [*range(1, MOST_REASONS + 2)]


YAML_BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n".encode() for n in range(9)
)


@pytest.mark.parametrize(
    "bomb",
    [
        YAML_BOMB,
        b"a: &a\n  <<: *a\n",
        b"[" * 100_000,
        b"- " * 100_000,
        b"? " * 50_000,
        b"entry: !!python/object:os.x y",
        b"a: [" + b"b," * 2_000_000 + b"]",
        b"a" * 1_000_000 + b": 1\n" + b"a" * 1_000_000 + b": 2\n",
    ],
    ids=["aliases", "a merge", "lists", "lists by dashes", "keys", "an object", "values", "a long key"],
)
def test_a_yaml_bomb_is_refused_before_it_unfolds(bomb: bytes) -> None:
    """Nine lines that would be a billion words."""
    with pytest.raises(EntryUnreadable) as refusal:
        entry_from_yaml(bomb, "bomb.yaml")

    assert len(str(refusal.value)) < 500


ODD = [
    *("\x00", "\u202e", "\u200b", "А", "../../etc/passwd", "%", "%00", "\x85", "\u2028", "'\"<>", "-1", "1e9", "NaN"),
    *("9" * 5000, "a" * 20_000, "0", "0000-01-01", "-0001", "10000-01-01", str(2**64), "²", "٣", "e#99999999999"),
]
PLACES = (
    *("/structure?as_of={}", "/structure?as_of=1811-07-01&known_at={}", "/structure?as_of=1811-07-01&grade={}"),
    *("/diff?from={}&to=1811-07-01", "/diff?as_of=1811-07-01&known_from={}&known_to=1", "/units/{}", "/persons/{}"),
    *("/entries/{}", "/instruments/{}", "/sources/{}", "/events?after={}", "/events?limit={}", "/findings?during={}"),
    *("/flows?since={}", "/search?q={}", "/search?q=mint&as_of={}", "/export?format={}", "/timegate/{}", "/{}"),
    *(
        "/export?format=csv&as_of={}",
        "/units/mint?known_at={}",
        "/structure?{}=1",
        "/structure?as_of=1811-07-01&lang={}",
    ),
)


@pytest.mark.parametrize("place", PLACES)
def test_whatever_an_address_holds_the_server_has_no_fault(mint: Server, place: str) -> None:
    """For programs and for browsers."""
    surrogate = "%ED%A0%80"
    for odd in (surrogate, *(quote(odd, safe="") for odd in ODD)):
        for form in ("application/json", "text/html"):
            answer = mint.client.get(f"/v1/institutions/mint{place.format(odd)}", headers={"Accept": form})
            assert answer.status_code < 500, (odd[:50], form, answer.text[:300])


HEADERS = [
    *((name, "a/b;q=0.1," * 5_000) for name in ("Accept", "If-None-Match", "Accept-Language")),
    *(("Accept", value) for value in ("*/*;q=NaN", "*/*;q=1e400", "text/html;q=", ";;;,,,", "\x80", "a" * 100_000)),
    ("Accept", 'text/html;x="' + "\\" * 50_000),
    *(("If-None-Match", value) for value in ('"x",' * 9_000, "W/" * 20_000, '"' + "a" * 90_000)),
    *(("Accept-Datetime", value) for value in ("x", "Mon, 99 Foo 99999 99:99:99 GMT", "9" * 90_000)),
    *(("Cookie", value) for value in ("a=b;" * 9_000, "regesta-key=\x80", 'regesta-key="\\400"')),
    *(("Authorization", value) for value in ("Bearer " + "x" * 90_000, "Bearer \x80", "Bearer", "Bearer a b")),
    *(("Host", value) for value in ("a" * 5_000, "[::", "\x80")),
    ("X-Request-ID", "\x80" * 60),
]


@pytest.mark.parametrize(("name", "value"), HEADERS)
def test_whatever_a_header_holds_the_server_has_no_fault(mint: Server, name: str, value: str) -> None:
    """Lists of thousands of forms too."""
    for place in ("structure?as_of=1811-07-01", "timegate", "export?format=csv&as_of=1811-07-01"):
        answer = mint.client.get(f"/v1/institutions/mint/{place}", headers={name.encode(): value.encode("latin-1")})
        assert answer.status_code < 500, (place, answer.text[:300])
    authorized = {b"Authorization": f"Bearer {mint.secret}".encode(), name.encode(): value.encode("latin-1")}
    assert mint.client.post("/v1/institutions/mint/entries", content=b"{}", headers=authorized).status_code < 500


# --- bodies that are not what their headers say


@contextmanager
def connected(mint: Server) -> Iterator[socket.socket]:
    """A connection to a server that waits half a second for a body."""
    app = create_app(mint.client.app.state.readings, mint.keys, patience=0.5)  # type: ignore[attr-defined]
    with served(app) as address, socket.create_connection(("127.0.0.1", urlsplit(address).port or 0), 30) as line:
        yield line


def answered(line: socket.socket) -> bytes:
    """What comes until the server ends the connection, or is silent."""
    told = b""
    while part := line.recv(65_536):
        told += part
        if b"\r\n\r\n" in told and b"}" in told:
            break
    return told


@pytest.mark.parametrize(
    ("header", "body", "status"),
    [
        (b"Content-Length: 1000", b'{"entry":', b"408"),  # less comes than was said
        (b"Transfer-Encoding: chunked", b"5\r\n{    \r\n", b"408"),  # chunks that never end
        (b"Content-Length: -5", b"{}", b"400"),
        (b"Content-Length: 99999999999999999999999", b"{}", b"4"),
        (b"Content-Length: 2\r\nContent-Length: 3", b"{}}", b"400"),
        (b"Transfer-Encoding: chunked", b"ZZ\r\n{}\r\n", b"4"),
        (b"Transfer-Encoding: chunked", b"FFFFFFFFFFFFFFFFFF\r\n{}\r\n", b"4"),
    ],
)
def test_a_body_that_is_not_what_its_headers_say_ends_in_a_refusal(
    mint: Server, header: bytes, body: bytes, status: bytes
) -> None:
    """And never holds a connection for ever."""
    before = mint.log.head("mint")
    start = f"POST /v1/institutions/mint/entries HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {mint.secret}\r\n"
    with connected(mint) as line:
        line.sendall(start.encode() + header + b"\r\n\r\n" + body)
        told = answered(line)

    assert told.split(b" ", 2)[1].startswith(status), told[:300]
    assert mint.log.head("mint") == before


# --- names that turn what stands around them


def depths(text: str) -> list[int]:
    """How deep isolates nest after each sign; below 0 an isolate of somebody else was ended."""
    found, depth = [], 0
    for sign in text:
        depth += (sign in "\u2066\u2067\u2068") - (sign == "\u2069")
        found.append(depth)
    return found


@given(st.text(st.sampled_from("aб \u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), max_size=12))
def test_a_text_is_shown_within_an_isolate_that_it_cannot_leave(text: str) -> None:
    """Whatever it embeds, overrides, isolates or ends."""
    shown = isolated(text)

    if shown == text:
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)
    else:
        assert shown[0] == "\u2068"
        assert min(depths(shown)[:-1]) == 1
        assert depths(shown)[-1] == 0
        assert isolated(shown) == f"\u2068{shown}\u2069"


def test_a_name_with_a_turning_mark_turns_no_page_round(mint: Server) -> None:
    """It is kept sign by sign, answered to programs as it is, and isolated wherever a page shows it."""
    assert mint.record(sent(unit(name={"en": TURNED}, note=TURNED))).status_code == 201
    assert mint.get("/structure", as_of="1811-07-01")["units"]["assay"]["name"]["en"] == TURNED

    for place in (
        *("structure?as_of=1811-07-01", "units/assay", "entries/hostile", "search?q=evil", "events", "findings"),
        "diff?from=1810-01-01&to=1811-07-01",
    ):
        answer = mint.client.get(f"/institutions/mint/{place}", headers={"Accept": "text/html"})
        assert answer.status_code == 200, place
        page = answer.text
        turned = [found.start() for found in re.finditer("\u202e", page)]
        deep = depths(page)
        assert min(deep) == 0, place
        assert all(deep[at] for at in turned), place
        assert turned or place == "findings", place
    assert all(TURNED not in part for part in re.split("\u2068.*?\u2069", page, flags=re.DOTALL))


def test_a_form_gives_back_what_was_typed_sign_by_sign(mint: Server) -> None:
    """An isolate that the page added would be recorded with the name."""
    page = mint.client.get("/institutions/mint/search", params={"q": TURNED}, headers={"Accept": "text/html"}).text

    assert f'value="{TURNED}"' in page
