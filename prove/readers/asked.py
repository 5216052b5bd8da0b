"""What reads names that are looked for, and requests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from prove.readers.examples import record_examples
from prove.readers.reader import Take, in_words


def search_reader() -> Take:
    """Looks for a name, as /search does."""
    from projections.search import NothingToSearch, Wanted
    from projections.spelling import folded

    def take(data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape")
        try:
            wanted = Wanted(text)
        except NothingToSearch as refusal:
            in_words(refusal)
            folded(text)
            return
        assert wanted.how(text) == "name", f"it is found as {wanted.how(text)} of itself"

    return take


def search_seeds() -> Iterator[bytes]:
    """Names in three alphabets, and signs that fold oddly."""
    names = ["Қасым-Жомарт Тоқаев", "Tokayev", "Ёлкин", "Администрация Президента", "№ 5", "ǅ ﬁ İ", "Shch'erbakov"]
    yield from (name.encode() for name in names)


OPEN = ExitStack()
"""What stays open until the process ends."""


def addresses_reader() -> Take:
    """A server in this process, asked by the head of a request as HTTP/1.1 writes it, and a body."""
    from tempfile import TemporaryDirectory

    import h11

    from api.app import create_app
    from api.keys import keys_in_file
    from api.store import database_at, readings_in

    file = Path(OPEN.enter_context(TemporaryDirectory())) / "registers.sqlite"
    readings = OPEN.enter_context(readings_in(database_at(f"sqlite:///{file}"), make=True))
    record_examples(readings)
    keys = OPEN.enter_context(keys_in_file(file))
    secret = keys.create("clerk", ["record", "redact"])
    app = create_app(readings, keys)
    loop = OPEN.enter_context(closing(asyncio.new_event_loop()))
    # An entry is never recorded, so that each input finds the same register.
    always = {
        "host": "localhost",
        "authorization": f"Bearer {secret}",
        "if-match": '"none"',
        "cookie": "regesta-form=t",
    }
    given = [(name.encode(), value.encode()) for name, value in always.items()]

    def take(data: bytes) -> None:
        head, _, body = data.partition(b"\r\n\r\n")
        line = h11.Connection(h11.SERVER)
        line.receive_data(head + b"\r\nhost: x\r\n\r\n")
        try:
            asked = line.next_event()
        except h11.RemoteProtocolError:
            return  # refused before it is a request
        if not isinstance(asked, h11.Request):
            return
        path, _, query = asked.target.partition(b"?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "root_path": "",
            "method": asked.method.decode("ascii"),
            "raw_path": path,
            "query_string": query,
            "path": unquote(path.decode("ascii")),
            "client": ("127.0.0.1", 1),
            "server": ("localhost", 80),
            "headers": [*given, *((name, value) for name, value in asked.headers if name.decode() not in always)],
        }
        told: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            told.append(message)

        loop.run_until_complete(app(scope, receive, send))
        assert told[0]["status"] < 500, told[0]["status"]

    return take


def addresses_seeds() -> Iterator[bytes]:
    """The requests of the examples, odd addresses, and forms."""
    from api.examples import requests
    from tests.api.test_hostile import PLACES

    for place in PLACES:
        yield f"GET /v1/institutions/mint{place.format('1811-07-01')} HTTP/1.1\r\nAccept: text/html\r\n\r\n".encode()
        yield f"GET /institutions/mint{place.format('1')} HTTP/1.1\r\nAccept-Language: kk;q=0.5, ru\r\n\r\n".encode()
    for request in requests():
        method, path = request["operation"].split()
        asked = {name: str(value) for name, value in request["parameters"].items()}
        path = path.format_map(asked) if "{" in path else path
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        body = json.dumps(request["body"]) if "body" in request else ""
        yield f"{method} {path}?{query} HTTP/1.1\r\nAccept: {request.get('accept', '*/*')}\r\n\r\n{body}".encode()
    timegate = b"GET /v1/institutions/mint/timegate HTTP/1.1\r\nAccept-Datetime: Mon, 01 Jul 1811 00:00:00 GMT\r\n"
    yield timegate + b'If-None-Match: W/"x"\r\n\r\n'
    kind = b" HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nform=t"
    yield b"POST /institutions/mint/record" + kind + b"&do=preview&how=given&entry=e&changes.0.kind=unit-renamed"
    yield b"POST /institutions/mint/record" + kind + b"&do=as-form&yaml=entry:+e%0Achanges:%0A- kind:+x"
    yield b"POST /institutions/mint/record" + kind + b"&do=more:changes.0.sources&changes.0.kind=appointed"
    yield b"POST /institutions/record" + kind + b"&do=as-yaml&changes.0.kind=appointed&changes.0.effective=1"
    yield b"POST /institutions/mint/upload" + kind + b"&name=a.csv&content=cGVyc29uO3Bvc3Q=&to_is=last-day&language=ru"
    part = b"--x\r\nContent-Disposition: form-data; name="
    multipart = b" HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n" + part + b'"form"\r\n\r\nt\r\n'
    multipart += part + b'"file"; filename="a.jsonl"\r\n\r\n{}\r\n--x--'
    yield b"POST /institutions/mint/upload" + multipart
