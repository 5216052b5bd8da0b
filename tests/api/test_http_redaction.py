"""What is withheld: no answer shows it, at no known position, and every answer that held it has another tag."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from api import schemas
from tests.api.conftest import ADDRESSES, Server
from tests.api.test_http_preview import posted
from tests.api.test_http_reading import whole

BASE = "/v1/institutions/mint"
SECRETS = ("Secretperson", "secret-id", "secret-note", "secret-wording", "secret-article", "1809-09-09")
"""Words and a day that stand in the changes to be withheld and nowhere else."""

NAMED: dict[str, Any] = {
    "entry": "named",
    "effective": "1809-01-01",
    "changes": [
        {"kind": "post-created", "post": "spy", "unit": "mint", "title": {"en": "Spy"}, "seats": 1},
        {
            "kind": "person-registered",
            "person": "secret-id",
            "name": {"en": "Secretperson"},
            "note": "secret-note",
        },
        {
            "kind": "appointed",
            "person": "secret-id",
            "post": "spy",
            "capacity": "substantive",
            "effective": "1809-09-09",
            "provision": "secret-article",
            "sources": [{"source": "letters", "wording": "secret-wording", "certainty": "high"}],
        },
    ],
}
WITHHELD: dict[str, Any] = {
    "entry": "withheld",
    "changes": [{"kind": "redacted", "targets": ["named#2", "named#3"], "scope": "all", "ground": "privacy"}],
}
QUESTIONS = (
    *ADDRESSES,
    *("/units/treasury", "/posts/spy", "/entries/named", "/entries/withheld", "/counts", "/events?limit=500"),
    *("/structure?as_of=1810-01-01", "/structure?as_of=1809-09-10&grade=unattested"),
    *("/diff?from=1800-01-01&to=1810-01-01", "/diff?from=1810-01-01&to=1800-01-01"),
    *(f"/diff?as_of=1810-01-01&known_from={a}&known_to={b}" for a, b in ((0, 13), (10, 14), (13, 14), (0, 14))),
)


@pytest.fixture
def secret(mint: Server) -> Server:
    """The mint, with an entry at positions 11 to 13 that holds what is to be withheld."""
    mint.clock.pass_(hours=1)
    assert mint.record(NAMED).status_code == 201
    return mint


@pytest.fixture
def redacted(secret: Server) -> Server:
    """The same, an hour after it was withheld at position 14."""
    secret.clock.pass_(hours=1)
    assert secret.record(WITHHELD).status_code == 201
    return secret


def asked(path: str) -> Iterator[str]:
    """*path* as known now and at every position, where it can be asked so."""
    yield BASE + path
    if "known_from" not in path and not path.startswith("/events"):
        for position in range(15):
            yield f"{BASE}{path}{'&' if '?' in path else '?'}known_at={position}"


@pytest.mark.parametrize("path", QUESTIONS)
def test_nothing_of_it_is_shown_at_any_known_position(redacted: Server, path: str) -> None:
    """What must not be read now must not be read at an earlier position either."""
    for address in asked(path):
        for accept in ("application/json", "application/json-patch+json"):
            if accept == "application/json" or "/diff" in address:
                answer = redacted.client.get(address, headers={"Accept": accept})
                assert answer.status_code in (200, 404), address
                assert not [word for word in SECRETS if word in answer.text], address


def test_the_receipt_says_what_is_left_to_do(secret: Server) -> None:
    """What is gone from every answer may still lie in the files."""
    receipt = secret.record(WITHHELD).json()
    whole(schemas.ReceiptAnswer, receipt)

    assert receipt["erased"]["changes"] == 2
    assert "regesta purge" in receipt["erased"]["left"]
    assert "erased" not in secret.record(FOLLOWING).json()


def test_it_was_shown_before(secret: Server) -> None:
    """The test above looks for the right words."""
    shown = secret.client.get(f"{BASE}/events").text

    assert all(word in shown for word in SECRETS)
    assert "secret-id" in secret.client.get(f"{BASE}/structure?as_of=1810-01-01").text


def test_the_log_says_that_something_is_withheld(redacted: Server) -> None:
    """Its rows keep position, entry and hashes: the chain is whole, and nobody wonders at a gap."""
    answer = redacted.get("/events", after=10)
    whole(schemas.EventsAnswer, answer)

    rows = {(row["entry"], row["index"]): row for row in answer["events"]}
    assert [row["redacted"] for row in rows.values()] == [False, True, True, False]
    for index in (2, 3):
        row = rows["named", index]
        assert row["change"] is None
        nothing = ("effective", "earliest", "latest", "given_by", "basis", "instrument", "provision", "note")
        assert [row[name] for name in (*nothing, "recorded_by")] == [None] * 9
        assert row["sources"] == []
        assert row["kind"] == NAMED["changes"][index - 1]["kind"]
    assert redacted.log.verify("mint").position == 14


def test_an_entry_says_which_of_its_changes_are_withheld(redacted: Server) -> None:
    """And shows the others."""
    for known_at in (13, 14):
        answer = redacted.get("/entries/named", known_at=known_at)
        whole(schemas.EntryAnswer, answer)

        assert [change["redacted"] for change in answer["changes"]] == [False, True, True]
        assert answer["changes"][0]["change"]["title"] == {"en": "Spy"}
        assert [change["change"] for change in answer["changes"][1:]] == [None, None]
        assert {effect["event"] for effect in answer["effects"]} == {"named#1"}


def test_the_redaction_itself_is_told_with_its_ground(redacted: Server) -> None:
    """Who withheld what, and why, is no secret."""
    (change,) = redacted.get("/entries/withheld")["changes"]

    assert (change["kind"], change["change"]["ground"], change["change"]["targets"]) == (
        "redacted",
        "privacy",
        ["named#2", "named#3"],
    )


@pytest.mark.parametrize("known_at", [None, "14", "13", "2024-05-24T14:00:00Z"])
def test_a_withheld_holder_leaves_the_post_without_one_that_is_known(redacted: Server, known_at: str | None) -> None:
    """Unknown, and never vacant."""
    query = {"known_at": known_at} if known_at else {}
    spy = redacted.get("/structure", as_of="1810-01-01", **query)["posts"]["spy"]

    assert (spy["holders"], spy["vacancy"]) == ({}, "unknown")
    assert redacted.get("/posts/spy", **query)["holders"] == {}
    assert redacted.client.get(f"{BASE}/persons/secret-id", params=query).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("/structure?as_of=1810-01-01", "/structure?as_of=1810-01-01&known_at=13"),
        *("/diff?from=1800-01-01&to=1810-01-01&known_at=13", "/posts/spy?known_at=13", "/entries/named?known_at=13"),
        *(
            "/diff?as_of=1810-01-01&known_from=10&known_to=13",
            "/findings?known_at=13",
            "/events",
            "/counts?known_at=13",
        ),
    ],
)
def test_an_answer_that_is_withheld_has_another_tag(secret: Server, path: str) -> None:
    """Also one that was to hold for ever: a cache that asks again is not told to keep what it has."""
    first = secret.client.get(BASE + path)
    assert secret.record(WITHHELD).status_code == 201

    again = secret.client.get(BASE + path, headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 200
    assert again.headers["etag"] != first.headers["etag"]


def test_an_annulled_redaction_shows_it_no_more(redacted: Server) -> None:
    """What is erased is gone, at every known position; the annulment itself is told."""
    annulled = {"kind": "annulled", "target": "withheld", "reason": "the archive has opened"}
    assert redacted.record({"entry": "opened", "changes": [annulled]}).status_code == 201

    for known_at in (13, 14, 15):
        assert redacted.client.get(f"{BASE}/persons/secret-id?known_at={known_at}").status_code == 404
        assert redacted.get("/posts/spy", known_at=known_at)["holders"] == {}
    rows = redacted.get("/events", after=10)["events"]
    assert [row["redacted"] for row in rows] == [False, True, True, False, False]
    assert redacted.get("/entries/opened")["changes"][0]["change"]["reason"] == "the archive has opened"


def test_what_is_withheld_is_learned_by_nobody(redacted: Server) -> None:
    """The difference in knowledge between before and after a redaction is empty: it holds at both positions."""
    answer = redacted.get("/diff", as_of="1810-01-01", known_from=13, known_to=14)

    assert (answer["changes"], answer["counts"]) == ([], {"regraded": 0})


def test_a_withheld_instrument_is_no_cause_any_more(mint: Server) -> None:
    """Its number and day stood in every answer."""
    decree = {"kind": "redacted", "targets": ["mining#0"], "scope": "all", "ground": "privacy"}
    assert mint.record({"entry": "withheld", "changes": [decree]}).status_code == 201

    for path in ("/structure?as_of=1811-07-01", "/events", "/entries/mining", "/diff?from=1811-06-30&to=1811-07-01"):
        for address in asked(path):
            assert "1811-06-25" not in mint.client.get(address).text, address
    assert mint.client.get(f"{BASE}/instruments/mining").status_code == 404


def test_a_correction_that_is_withheld_shows_neither_reading(secret: Server) -> None:
    """Of a withheld correction the corrected text is not shown instead: it was wrong."""
    change = {**NAMED["changes"][0], "title": {"en": "Secretperson's post"}}
    corrected = {"kind": "corrected", "target": "named#1", "change": change, "reason": "secret-note"}
    assert secret.record({"entry": "fix", "changes": [corrected]}).status_code == 201
    hidden = {"kind": "redacted", "targets": ["fix#1", "named#2", "named#3"], "scope": "all", "ground": "privacy"}
    assert secret.record({"entry": "hidden", "changes": [hidden]}).status_code == 201

    for path in ("/structure?as_of=1810-01-01", "/events", "/entries/fix", "/entries/named"):
        answer = secret.client.get(BASE + path)
        assert not [word for word in SECRETS if word in answer.text], path


# --- writers

FOLLOWING: dict[str, Any] = {
    "entry": "following",
    "effective": "1812-01-01",
    "changes": [{"kind": "appointed", "person": "ann", "post": "spy", "capacity": "substantive"}],
}


@pytest.fixture
def seen(secret: Server) -> Server:
    """The mint, where the holder who is withheld was also seen in office after the next one."""
    shown = {"kind": "tenure-attested", "person": "secret-id", "post": "spy"}
    assert secret.record({"entry": "seen", "effective": "1815-01-01", "changes": [shown]}).status_code == 201
    hidden = {**WITHHELD["changes"][0], "targets": ["named#2", "named#3", "seen#1"]}
    assert secret.record({"entry": "withheld", "changes": [hidden]}).status_code == 201
    return secret


def test_a_preview_shows_nothing_of_it(seen: Server) -> None:
    """Neither as displaced, nor in what the rules find."""
    text = posted(seen, FOLLOWING).text

    assert not [word for word in SECRETS if word in text]
    assert "appointed" in text


def test_a_receipt_shows_nothing_of_it(seen: Server) -> None:
    """Findings of a new entry are told to whoever may record, of withheld changes too."""
    recorded = seen.record(FOLLOWING)
    again = seen.record(FOLLOWING)

    assert (recorded.status_code, again.status_code) == (201, 200)
    assert recorded.json()["findings"] == again.json()["findings"] == []
    assert not [word for word in SECRETS if word in recorded.text]


def test_a_preview_of_a_redaction_shows_what_would_be_withheld(secret: Server) -> None:
    """Without the entry there is a holder, with it there is none: on the day on which the target takes effect."""
    (row,) = posted(secret, WITHHELD).json()["diff"]["changes"]

    assert (row["subject"]["post"], row["after"], row["cause"]["event"]) == ("spy", None, "withheld#1")
