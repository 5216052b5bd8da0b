"""Citations: every answer names the address at which it is given for ever, and that address keeps its word."""

from __future__ import annotations

import re
from typing import Any

import pytest

from domain.rules import RULES
from tests.api.commandline import in_this_process
from tests.api.conftest import ADDRESSES, Server, refusal
from tests.api.test_http_periods import PERIODS

LATER: dict[str, Any] = {
    "entry": "later",
    "effective": "1805-01-01",
    "changes": [
        {"kind": "person-registered", "person": "bob", "name": {"en": "Bob"}},
        {"kind": "appointed", "person": "bob", "post": "warden", "capacity": "substantive"},
        {"kind": "unit-renamed", "unit": "mint", "name": {"en": "Imperial Mint"}},
        {
            "kind": "corrected",
            "target": "founding#2",
            "change": {"kind": "unit-established", "unit": "treasury", "name": {"en": "Exchequer"}},
            "reason": "misread",
        },
    ],
}
QUESTIONS = [
    *ADDRESSES,
    *("/counts", "/periods", "/counts?during=reform", "/diff?during=reform", "/flows?during=reform"),
    *("/flows?from=mint&since=1802-09-20&until=1900-01-01", "/events?after=2&limit=3"),
    *("/structure?as_of=1811-07-01&grade=certain", "/structure?as_of=1811-07-01&known_at=2024-05-24T12:30:00Z"),
    *("/diff?as_of=1811-07-01&known_from=7&known_to=10", "/posts/warden?known_at=9"),
]


@pytest.fixture
def named(mint: Server) -> Server:
    """The mint, with a period that is named."""
    assert mint.record(PERIODS).status_code == 201
    return mint


@pytest.mark.parametrize("question", QUESTIONS)
def test_at_the_cited_address_the_same_is_answered_for_ever(named: Server, question: str) -> None:
    """Byte for byte, whatever is recorded later about the same days."""
    first = named.client.get(f"/v1/institutions/mint{question}")
    cited = first.json()["citation"]

    assert named.record(LATER).status_code == 201
    again = named.client.get(cited["address"])

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again.json()["known_at"]["hash"] == cited["known_at"]["hash"]


def test_a_citation_says_what_was_asked_of_which_log_by_which_rules(named: Server) -> None:
    """All that a footnote needs, in fields and in a line."""
    head = named.log.head("mint")

    cited = named.get("/structure", as_of="1811-07-01")["citation"]

    assert cited == {
        "institution": "mint",
        "question": "structure?as_of=1811-07-01",
        "as_of": "1811-07-01",
        "known_at": {"position": head.position, "hash": head.hash},
        "rules": RULES,
        "address": f"/v1/institutions/mint/structure?as_of=1811-07-01&known_at={head.position}"
        f"&hash={head.hash[:16]}&rules={RULES}",
        "text": f"mint, structure?as_of=1811-07-01, as known at position {head.position}"
        f" (hash {head.hash[:16]}), rules {RULES}",
    }


def test_a_patch_names_its_citation_in_a_header(named: Server) -> None:
    """A list of operations has no member to hold it (RFC 8574)."""
    headers = {"Accept": "application/json-patch+json"}
    for query in ("from=1811-06-30&to=1811-07-01", "during=reform", "as_of=1811-07-01&known_from=7&known_to=10"):
        first = named.client.get(f"/v1/institutions/mint/diff?{query}", headers=headers)

        cited = first.links["cite-as"]["url"]

        assert cited == named.client.get(f"/v1/institutions/mint/diff?{query}").json()["citation"]["address"]
        assert named.client.get(cited, headers=headers).content == first.content != b"[]"


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_citation_of_another_log_or_of_other_rules_is_refused(named: Server, question: str) -> None:
    """A register that was made anew answers otherwise at the same position: it says so instead."""
    address = named.client.get(f"/v1/institutions/mint{question}").json()["citation"]["address"]
    hashes = re.compile(r"hash=[0-9a-f]{16}")

    for wrong in (hashes.sub(f"hash={'0' * 16}", address), address.replace(f"rules={RULES}", f"rules={RULES + 1}")):
        assert refusal(named.client.get(wrong))[:2] == (410, "not-as-cited")
    assert refusal(named.client.get(hashes.sub("hash=none", address)))[:2] == (422, "invalid-parameters")


def test_the_command_line_cites_the_same_address(
    named: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever asks offline can cite what is served."""
    assert in_this_process(monkeypatch, named.file, "history", "mint", "warden", "--json") == 0

    assert f'"address": "{named.get("/posts/warden")["citation"]["address"]}"' in capsys.readouterr().out
