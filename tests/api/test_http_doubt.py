"""Rival claims and later readings, over HTTP and on the command line."""

from __future__ import annotations

from typing import Any

import pytest

from api import schemas
from tests.api.commandline import in_this_process
from tests.api.conftest import Server
from tests.api.test_http_reading import whole


def entry(name: str, effective: str | None, *changes: dict[str, Any]) -> dict[str, Any]:
    """An entry as it is sent."""
    return {"entry": name, "effective": effective, "changes": list(changes)}


SHOP = {"kind": "unit-established", "unit": "shop", "name": {"en": "Casting Shop"}, "parent": "mint"}
GONE = {"kind": "unit-abolished", "unit": "shop", "successors": []}
DISPUTED = [
    entry("shop", "1803-01-01", SHOP),
    entry("almanac", "1806-05-01", GONE),
    entry("memoir", "1808-01-01", GONE | {"basis": "inferred"}),
    entry("letter", "1806", GONE),
    entry(
        "fix",
        None,
        {"kind": "corrected", "target": "almanac#1", "reason": "misread", "change": GONE | {"effective": "1806-06-01"}},
    ),
    entry("choice", None, {"kind": "reading-preferred", "target": "memoir#1", "reason": "she was there"}),
]


@pytest.fixture
def disputed(mint: Server) -> Server:
    """The mint, with a shop of which three sources date the end."""
    for written in DISPUTED:
        assert mint.record(written).status_code == 201
    return mint


def test_claims_stand_side_by_side_as_known_at_any_position(disputed: Server) -> None:
    """Before one was preferred, another was believed; the address of either answer says which."""
    now, findings = disputed.get("/units/shop"), disputed.get("/findings")
    whole(schemas.UnitAnswer, now)
    whole(schemas.FindingsAnswer, findings)
    before = disputed.get("/units/shop", known_at=now["known_at"]["position"] - 1)

    [one], [other] = before["disputes"], now["disputes"]
    assert (one["fact"], one["believed"]["value"], one["believed"]["cause"]["event"]) == (
        *("end", "1806-06-01"),
        "almanac#1",
    )
    assert [cause["event"] for cause in one["believed"]["corroborated_by"]] == ["letter#1"]
    assert [(rival["value"], rival["rule"]) for rival in one["rivals"]] == [("1808-01-01", "stated over inferred")]
    assert other["believed"]["value"] == "1808-01-01"
    assert {rival["rule"] for rival in other["rivals"]} == {"preferred reading"}
    sides = [row["dispute"] for row in findings["findings"] if row["rule"] == "conflicting-claims"]
    assert {side["believed"]["value"] for side in sides} == {"1808-01-01"}


def test_a_thing_tells_how_its_facts_were_read_since_and_an_entry_what_that_altered(disputed: Server) -> None:
    """Each with the reason that the editor gave."""
    shop, fix, almanac = disputed.get("/units/shop"), disputed.get("/entries/fix"), disputed.get("/entries/almanac")
    whole(schemas.EntryAnswer, fix)
    whole(schemas.EntryAnswer, almanac)

    assert [(row["event"], row["kind"], row["reason"]) for row in shop["record"]] == [
        ("fix#1", "corrected", "misread"),
        ("choice#1", "reading-preferred", "she was there"),
    ]
    assert [row["event"] for row in almanac["record"]] == ["fix#1"]
    assert [(row["kind"], row["reason"]) for row in almanac["learned"]["changes"]] == [("unit-abolished", None)]
    assert {row["reason"] for row in fix["learned"]["changes"]} == {"misread"}


def test_the_command_line_sets_claims_side_by_side(
    disputed: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words."""
    assert in_this_process(monkeypatch, disputed.file, "history", "mint", "shop") == 0
    told = "".join(capsys.readouterr())

    assert "Claims that disagree" in told
    assert "preferred reading" in told
    assert "Read otherwise since" in told
    assert "1 May 1806 → 1 June 1806" in told
    assert in_this_process(monkeypatch, disputed.file, "history", "mint", "fix") == 0
    assert "Learned when it was recorded" in "".join(capsys.readouterr())
