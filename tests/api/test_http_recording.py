"""Recording over HTTP: what is taken, and every reason why something is not."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from domain.entries import MAX_ENTRY_BYTES
from tests.api.conftest import FOUNDING, MINING, Server, refusal

RENAMED: dict[str, Any] = {
    "entry": "renamed",
    "effective": "1820-01-01",
    "changes": [{"kind": "unit-renamed", "unit": "mint", "name": {"en": "Royal Mint"}}],
}


def test_the_first_entry_founds_its_institution(server: Server) -> None:
    """No code, no table, no permission for an institution: one entry."""
    answer = server.record(FOUNDING)

    head = server.log.head("mint")
    assert answer.status_code == 201
    assert answer.json() == {
        "entry": "founding",
        "positions": [1, 7],
        "head": {"position": 7, "recorded": "2024-05-24T12:00:00.000000Z", "hash": head.hash},
        "findings": [],
    }
    assert answer.headers["location"] == "/v1/institutions/mint/entries/founding"
    assert server.client.get(answer.headers["location"]).status_code == 200


def test_the_name_of_the_key_stands_in_the_event(mint: Server) -> None:
    """The name, never the key."""
    events = mint.client.get("/v1/institutions/mint/events").text

    assert '"recorded_by":"clerk"' in events
    assert mint.secret not in events


def test_the_same_entry_again_changes_nothing(mint: Server) -> None:
    """Whoever sends it, whatever head they expect: a lost answer may be asked for again."""
    other = mint.keys.create("other", ["record"])
    head = mint.log.head("mint")

    again = mint.record(FOUNDING, key=other, **{"If-Match": '"no-such-head"'})

    assert again.status_code == 200
    assert again.json()["positions"] == [1, 7]
    assert again.json()["head"]["hash"] == head.hash
    assert mint.log.head("mint") == head


def test_an_entry_id_with_other_content_is_refused(mint: Server) -> None:
    """409 comes before 412: the entry can never be recorded, whatever the head."""
    status, kind, _ = refusal(mint.record({**FOUNDING, "effective": "1803-01-01"}, **{"If-Match": '"no-such-head"'}))

    assert (status, kind) == (409, "entry-differs")


def test_a_writer_may_name_the_head_they_expect(mint: Server) -> None:
    """Two editors do not decide on the same head unawares."""
    before = mint.log.head("mint").hash
    assert mint.record(RENAMED, **{"If-Match": f'"{before}"'}).status_code == 201

    status, kind, document = refusal(mint.record({**RENAMED, "entry": "late"}, **{"If-Match": f'"{before}"'}))

    assert (status, kind) == (412, "head-moved")
    assert (document["expected"], document["found"]) == (before, mint.log.head("mint").hash)


@pytest.mark.parametrize(
    ("tags", "status"),
    [('"x", "{head}"', 201), ("*", 201), ('W/"{head}"', 412), ('"x"', 412), ("", 412), ('""', 412), ('"", "x"', 412)],
)
def test_if_match_is_read_as_rfc_9110_says(mint: Server, tags: str, status: int) -> None:
    """Section 13.1.1: a list, a star, and no weak tags."""
    tags = tags.replace("{head}", mint.log.head("mint").hash)

    assert mint.record(RENAMED, **{"If-Match": tags}).status_code == status


def test_a_founder_may_expect_that_nothing_is_there(server: Server) -> None:
    """The head of nothing has a hash of zeros."""
    assert server.record(FOUNDING, **{"If-Match": f'"{"1" * 64}"'}).status_code == 412
    assert server.record(FOUNDING, **{"If-Match": f'"{"0" * 64}"'}).status_code == 201


def test_an_act_on_something_unknown_is_refused_with_its_reasons(mint: Server) -> None:
    """An editor sees every fault at once, by the number of the change."""
    head = mint.log.head("mint")
    changes = [
        {"kind": "unit-renamed", "unit": "mint", "name": {"en": "Mint"}},
        {"kind": "unit-renamed", "unit": "never-heard-of", "name": {"en": "?"}},
        {"kind": "unit-abolished", "unit": "warden"},
    ]

    status, kind, document = refusal(
        mint.record({"entry": "impossible", "effective": "1820-01-01", "changes": changes})
    )

    assert (status, kind) == (422, "entry-refused")
    assert [(r["rule"], r["change"]) for r in document["reasons"]] == [
        ("unknown-id", 2),
        ("id-of-another-kind", 3),
    ]
    assert all(set(r) == {"rule", "change", "day", "detail"} for r in document["reasons"])
    assert mint.log.head("mint") == head


def test_a_fault_that_shows_on_a_day_names_it(mint: Server) -> None:
    """A cycle stands from some day on."""
    cycle = {"kind": "unit-moved", "unit": "mining", "parent": "mint"}

    _, _, document = refusal(mint.record({"entry": "cycle", "effective": "1815-01-01", "changes": [cycle]}))

    assert [(r["rule"], r["day"]) for r in document["reasons"]] == [("parent-cycle", "1815-01-01")]


def test_an_unknown_institution_is_founded_by_its_declaration_alone(mint: Server) -> None:
    """A mistyped institution is not a new one."""
    status, kind, _ = refusal(mint.record(RENAMED, institution="mnit"))

    assert (status, kind) == (404, "unknown-institution")
    assert mint.log.institutions() == ["mint"]


@pytest.mark.parametrize("institution", ["-x", "a b", "%D0%BC", "x" * 129])
def test_an_institution_needs_an_id_that_can_be_one(server: Server, institution: str) -> None:
    """It stands in addresses for ever."""
    status, kind, _ = refusal(server.record(FOUNDING, institution=institution))

    assert (status, kind) == (422, "invalid-parameters")


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"[]", "malformed"),
        (b"\xff", "malformed"),
        (b'{"entry": "x", "entry": "y", "changes": []}', "malformed"),
        (b'{"entry": "x", "changes": []}', "malformed"),
        (b'{"entry": "x", "effective": 1802, "changes": []}', "malformed"),
        (b'{"entry": "x", "changes": NaN}', "malformed"),
        (b"[" * 100_000, "too-large"),
        (b'{"entry":' * 13 + b"1" + b"}" * 13, "too-large"),
    ],
)
def test_what_is_no_entry_is_refused(server: Server, body: bytes, rule: str) -> None:
    """A key that stands twice, a year that is a number: nothing is guessed."""
    status, kind, document = refusal(server.record(body))

    assert (status, kind) == (422, "entry-unreadable")
    assert {reason["rule"] for reason in document["reasons"]} == {rule}


def test_a_body_beyond_the_limit_is_not_read(server: Server) -> None:
    """413 as a problem document, and the key comes first."""
    large = b" " * (MAX_ENTRY_BYTES + 1)

    assert refusal(server.record(large))[:2] == (413, "too-large")
    assert refusal(server.record(large, key="wrong"))[:2] == (401, "key-needed")
    largest = json.dumps(FOUNDING).encode().ljust(MAX_ENTRY_BYTES)
    assert server.record(largest).status_code == 201


# --- keys


@pytest.mark.parametrize("scopes", [["read"], ["correct", "redact"], ["record"], ["administer"]])
def test_recording_needs_the_scope_record(server: Server, scopes: list[str]) -> None:
    """403 says which scope, in the header that RFC 6750 has for it."""
    answer = server.record(FOUNDING, key=server.keys.create("somebody", scopes))

    assert answer.status_code == (201 if scopes in (["record"], ["administer"]) else 403)
    if answer.status_code == 403:
        assert refusal(answer)[1] == "scope-needed"
        assert 'scope="record"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic Y2xlcms6eA==", "Bearer ключ"]
)
def test_recording_without_a_known_key_is_refused_first(server: Server, authorization: str | None) -> None:
    """Before anything of the body is looked at."""
    headers = {} if authorization is None else {b"Authorization": authorization.encode()}
    answer = server.client.post("/v1/institutions/mint/entries", content=b"{", headers=headers)

    assert refusal(answer)[:2] == (401, "key-needed")
    assert answer.headers["www-authenticate"].startswith('Bearer realm="regesta"')


def test_a_revoked_key_records_no_more(mint: Server) -> None:
    """From one request to the next."""
    mint.keys.revoke("clerk")

    assert refusal(mint.record(RENAMED))[:2] == (401, "key-needed")


def test_readers_need_no_key_unless_they_are_shut_out(mint: Server) -> None:
    """Open by default; a setting closes it, and then any key reads."""
    closed = mint.open(open_to_readers=False)
    reader = {"Authorization": f"Bearer {mint.keys.create('reader', ['read'])}"}
    asked = "/v1/institutions/mint/structure?as_of=1811-07-01&known_at=10"

    assert mint.client.get(asked).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert refusal(closed.get(asked))[:2] == (401, "key-needed")
    assert closed.get("/v1/institutions").status_code == 401
    answer = closed.get(asked, headers=reader)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert closed.get("/healthz").status_code == 200


def test_recording_goes_on_where_the_log_ends(mint: Server) -> None:
    """Positions are gapless over entries."""
    answer = mint.record(RENAMED).json()

    assert answer["positions"] == [11, 11]
    assert answer["head"]["position"] == 11
    assert mint.record(MINING).status_code == 200


def test_writers_at_once_are_all_recorded(mint: Server) -> None:
    """Each decides again on what the one before left; no position is lost or taken twice."""

    def rename(number: int) -> int:
        entry = {**RENAMED, "entry": f"renamed-{number}", "effective": f"1820-01-{number:02}"}
        return mint.record(entry).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(rename, range(1, 13)))

    assert statuses == [201] * 12
    assert [row["position"] for row in mint.get("/events", limit=500)["events"]] == list(range(1, 23))
