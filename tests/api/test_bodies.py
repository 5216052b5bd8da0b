"""The answers that a server keeps: those which no later entry changes, in so many bytes and no more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from api.bodies import OVERHEAD, Bodies
from projections.tables.reading import Reading
from tests.api.conftest import MINING, Server

BASE = "/v1/institutions/mint"


def making(body: bytes, made: list[bytes]) -> bytes:
    """Makes *body*, and says so."""
    made.append(body)
    return body


def test_a_body_is_made_once_while_there_is_room() -> None:
    """What was asked for last stays; what was not asked for longest goes first, and the size is never passed."""
    made: list[bytes] = []
    bodies = Bodies(most=3 * (100 + OVERHEAD))

    for tag in "abcabdab":
        bodies.get(tag, lambda tag=tag: (making(tag.encode() * 100, made), True))  # type: ignore[misc]
        assert bodies.size <= bodies.most

    assert [body[:1] for body in made] == [b"a", b"b", b"c", b"d"]
    assert bodies.get("c", lambda: (b"new", True)) == b"new", "it had to go"


def test_what_is_too_large_or_does_not_last_is_not_kept() -> None:
    """One answer never drives out all others."""
    bodies = Bodies(most=OVERHEAD + 10)
    bodies.get("a", lambda: (b"a", True))

    bodies.get("large", lambda: (b"x" * 11, True))
    bodies.get("brief", lambda: (b"x", False))

    assert bodies.get("a", lambda: (b"again", True)) == b"a"
    assert bodies.size == OVERHEAD + 1


def test_threads_share_what_is_kept() -> None:
    """The web server answers on many threads at once."""
    bodies = Bodies(most=20 * (OVERHEAD + 4))

    def ask(number: int) -> bytes:
        return bodies.get(f"{number % 50}", lambda: (b"%4d" % (number % 50), True))

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(5_000)))

    assert answers == [b"%4d" % (number % 50) for number in range(5_000)]
    assert bodies.size <= bodies.most


def test_an_answer_about_a_named_day_is_made_once(mint: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same day as known at the same position: the tables are asked once, also after something was recorded."""
    # given
    asked: list[int] = []
    structure = Reading.structure

    def counted(reading: Reading, day: int, *more: Any) -> bytes:
        asked.append(day)
        return structure(reading, day, *more)

    monkeypatch.setattr(Reading, "structure", counted)
    fixed, open_ = f"{BASE}/structure?as_of=1811-07-01&known_at=10", f"{BASE}/structure?as_of=1811-07-01"

    # when
    one, other = mint.client.get(fixed), mint.client.get(fixed)
    mint.record({**MINING, "entry": "more", "changes": [{**MINING["changes"][1], "parent": None}]})
    later = mint.client.get(fixed)

    # then
    assert len(asked) == 1
    assert one.content == other.content == later.content
    assert one.headers["etag"] == later.headers["etag"]
    assert mint.client.get(open_).content != one.content
    mint.client.get(open_)
    assert len(asked) == 2, "until something is recorded, the answer at the head is one too"
    mint.record({**MINING, "entry": "last", "changes": [{**MINING["changes"][1], "parent": "mining"}]})
    mint.client.get(open_)
    assert len(asked) == 3, "what was recorded is asked for"


def test_what_is_withheld_is_not_answered_from_what_was_kept(mint: Server) -> None:
    """A redaction holds for every position, whatever was answered before."""
    fixed = f"{BASE}/structure?as_of=1811-07-01&known_at=10"
    assert "ann" in mint.client.get(fixed).text
    targets = ["founding#5", "founding#6"]
    change = {"kind": "redacted", "targets": targets, "scope": "all", "ground": "law"}
    assert mint.record({"entry": "withheld", "changes": [change]}).status_code == 201

    assert '"ann"' not in mint.client.get(fixed).text
