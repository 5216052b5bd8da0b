"""What comes over a connection that no client of good faith would send: answered or refused, and the server goes on."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from api.app import create_app
from api.examples import INSTITUTION
from api.keys import keys_in_file
from api.rates import Rates
from api.readings import Readings
from api.store import database_at, readings_in
from prove.readers import record_examples
from tests.serving import served

GET = b"GET /v1/institutions/mint/structure?as_of=1811-07-01 HTTP/1.1\r\nHost: x\r\n"


@dataclass(frozen=True)
class Wire:
    """A server of the examples, a key for recording, and where it listens."""

    readings: Readings
    port: int
    key: str

    def head(self) -> str:
        """The hash of the last entry."""
        return self.readings.registers.log.head(INSTITUTION).hash

    def post(self, place: str, body: bytes, *lines: bytes) -> bytes:
        """A request of who may record."""
        start = f"POST {place} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.key}\r\n".encode()
        return start + b"".join(line + b"\r\n" for line in (*lines, b"Content-Length: %d" % len(body))) + b"\r\n" + body

    def statuses(self, request: bytes, answers: int = 1) -> list[int]:
        """The statuses of the answers to *request*, until there are so many, or the server ends the connection."""
        told = b""
        with socket.create_connection(("127.0.0.1", self.port), 30) as line:
            line.sendall(request)
            while len(found := re.findall(rb"HTTP/1\.1 (\d{3}) ", told)) < answers:
                part = line.recv(65_536)
                if not part:
                    break
                told += part
        return [int(status) for status in found]


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """One server for all: whatever was sent before, it answers."""
    file = tmp_path_factory.mktemp("wire") / "registers.sqlite"
    with readings_in(database_at(f"sqlite:///{file}"), make=True) as readings, keys_in_file(file) as keys:
        record_examples(readings)
        app = create_app(readings, keys, rates=Rates("none", "none", "none"), patience=2)
        with served(app) as address:
            yield Wire(readings, urlsplit(address).port or 0, keys.create("clerk", ["record"]))


@pytest.mark.parametrize(
    ("request_", "statuses"),
    [
        (GET + b"X: " + b"a" * 100_000 + b"\r\n\r\n", (200, 400)),
        (GET + b"".join(b"X%d: a\r\n" % n for n in range(10_000)) + b"\r\n", (200, 400)),
        (b"\r\n" * 10_000 + GET + b"\r\n", (400,)),
        (b"GET /v1/institutions/mint/structure?as_of=" + b"1" * 60_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", (422,)),
        (b"GET /v1/institutions/mint/structure?" + b"a=1&" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", (422,)),
        (b"GET /v1/institutions/" + b"%" * 60_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", (404, 422)),
        (b"GET /v1/institutions/mint/structure?as_of=\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", (400,)),
        (b"GET /v1/institutions/mint\x00 HTTP/1.1\r\nHost: x\r\n\r\n", (400,)),
        (GET + b"Range: bytes=1-0," + b"bytes=9-," * 5_000 + b"\r\n\r\n", (200,)),
        (GET + b"Range: items=\x80\r\n\r\n", (200,)),
        (GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", (200,)),
        (GET + b"X : a\r\n\r\n", (400,)),
        (b"GET / HTTP/1.1\r\n\r\n", (400,)),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", (400,)),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, 404)),
        (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", (400, 404)),
        (b"CONNECT a.b:80 HTTP/1.1\r\nHost: x\r\n\r\n", (400, 404)),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)), (400,)),
    ],
    ids=lambda one: repr(one[:40]) if isinstance(one, bytes) else "",
)
def test_an_odd_request_is_answered_or_refused(wire: Wire, request_: bytes, statuses: tuple[int, ...]) -> None:
    """Floods of headers and parameters, bytes that are no text, other protocols."""
    assert wire.statuses(request_)[0] in statuses
    assert wire.statuses(GET + b"\r\n") == [200]


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "FOO", "get", "X" * 5_000])
def test_a_method_that_an_address_does_not_know_is_refused(wire: Wire, method: str) -> None:
    """And OPTIONS tells those that it knows."""
    request = GET.replace(b"GET", method.encode(), 1) + b"Connection: close\r\n\r\n"

    assert wire.statuses(request) == [204 if method == "OPTIONS" else 405]


@pytest.mark.parametrize(
    "tag", [b'"', b'W/"x"', b"*" * 10, b'"x",' * 9_000, b"\x80", b'"' + b"a" * 50_000, b",,,,", b'""', b"W/*"]
)
def test_an_if_match_that_is_none_records_nothing(wire: Wire, tag: bytes) -> None:
    """Whoever expects something gets it, or a refusal."""
    before = wire.head()
    change = {"kind": "unit-established", "unit": "new", "name": {"en": "New"}, "effective": "1899"}
    body = json.dumps({"entry": "hostile", "changes": [change]}).encode()

    assert wire.statuses(wire.post("/v1/institutions/mint/entries", body, b"If-Match: " + tag)) == [412]
    assert wire.head() == before


def part(name: bytes, content: bytes, file: bytes | None = None) -> bytes:
    """A part of a form, or a file of it."""
    named = b'; filename="' + file + b'"' if file is not None else b""
    return b'--x\r\nContent-Disposition: form-data; name="' + name + b'"' + named + b"\r\n\r\n" + content + b"\r\n"


FORM = part(b"form", b"t")


@pytest.mark.parametrize("place", ["/institutions/mint/upload", "/institutions/mint/record", "/upload", "/record"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x--",
        FORM + b"--x\r\n\r\nno name\r\n--x--",
        FORM + part(b"p" * 500_000, b"v") + b"--x--",
        FORM + b"".join(part(b"p%d" % n, b"v") for n in range(3_000)) + b"--x--",
        FORM + b"".join(part(b"file", b"v", b"a.csv") for _ in range(21_000)) + b"--x--",
        FORM + part(b"file", b"v", b"\xed\xa0\x80.csv") + b"--x--",
        FORM + b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"\r\n--" * 100_000,
        bytes(range(256)) * 400,
    ],
    ids=["nothing", "its end", "no name", "a long name", "parts", "files", "half a pair", "no end", "any bytes"],
)
def test_a_form_of_odd_parts_is_answered_or_refused(wire: Wire, place: str, body: bytes) -> None:
    """Thousands, none, without names, without an end; nothing is recorded."""
    before = wire.head()
    kind = b"Content-Type: multipart/form-data; boundary=x"

    (status,) = wire.statuses(wire.post(place, body, kind, b"Cookie: regesta-form=t"))

    assert status in (200, 403, 413, 422)
    assert wire.head() == before


@pytest.mark.parametrize(
    ("head", "sent", "statuses"),
    [
        (b"Transfer-Encoding: gzip, chunked", b"0\r\n\r\n", [400]),
        (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", b"0\r\n\r\n", [400]),
        (b"Content-Length: +2", b"{}", [400]),
        ("Content-Length: ٢".encode(), b"{}", [400]),
        (b"Content-Length: 100", b"{}", [408]),
        (b"Content-Length: 999999999999", b"{}", [408]),
        (b"Transfer-Encoding: chunked", b"2;" + b"a" * 1_000_000 + b"\r\n{}\r\n0\r\n\r\n", [400]),
        (b"Transfer-Encoding: chunked", b"2\r\n{}\r\n0\r\n" + b"X: a\r\n" * 150_000 + b"\r\n", [400]),
        (b"Transfer-Encoding: chunked", b"1\r\n \r\n" * 20_000 + b"0\r\n\r\n", [422]),
        (b"Transfer-Encoding: chunked", (b"10000\r\n" + b" " * 65_536 + b"\r\n") * 70, [413]),
    ],
)
def test_a_body_that_lies_about_its_length_is_refused(
    wire: Wire, head: bytes, sent: bytes, statuses: list[int]
) -> None:
    """Or never ends, or comes in crumbs; nothing is recorded."""
    before = wire.head()
    start = f"POST /v1/institutions/mint/entries HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {wire.key}\r\n".encode()

    assert wire.statuses(start + head + b"\r\n\r\n" + sent)[:1] == statuses
    assert wire.head() == before


def test_requests_that_come_at_once_are_answered_in_order_until_one_is_none(wire: Wire) -> None:
    """A second request behind the first is no part of it, and what follows garbage is not read."""
    assert wire.statuses((GET + b"\r\n") * 200, 200) == [200] * 200
    assert wire.statuses(GET + b"\r\nGARBAGE\r\n\r\n" + GET + b"\r\n", 3) == [200, 400]
