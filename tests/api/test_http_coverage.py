"""What an entry makes known by declaring the record complete, over HTTP and on the command line."""

from __future__ import annotations

import pytest

from api import schemas
from tests.api.commandline import in_this_process
from tests.api.conftest import Server
from tests.api.test_http_doubt import SHOP, entry
from tests.api.test_http_reading import whole

GUILD = {"kind": "post-created", "post": "guild-master", "unit": "shop", "title": {"en": "Guild Master"}, "seats": 1}


def complete(**scope: str) -> dict[str, object]:
    """The record of *scope* is complete from 1803 to 1806."""
    return {"kind": "coverage-declared", "scope": scope, "from": "1803-01-02", "until": "1806-12-31"}


def test_an_entry_tells_what_coverage_makes_known(
    mint: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A shop certain until a day, a post vacant: each against what would be told without it; in words too."""
    declared = entry("complete", None, complete(parent="mint"), complete(post="guild-master"))
    for written in (entry("shop", "1803-01-01", SHOP, GUILD), declared):
        assert mint.record(written).status_code == 201

    answer = mint.get("/entries/complete")

    whole(schemas.EntryAnswer, answer)
    units, post = answer["covers"]["complete#1"], answer["covers"]["complete#2"]
    assert (units["scope"], units["from"], units["until"]) == ({"parent": "mint"}, "1803-01-02", "1806-12-31")
    grades = [row for row in units["changes"] if (row["subject"], row["fact"]) == ({"unit": "shop"}, "grade")]
    assert [(row["from"], row["until"], row["before"], row["after"]) for row in grades] == [
        ("1803-01-02", "1807-01-01", "presumed", "certain")
    ]
    [vacant] = [row for row in post["changes"] if row["fact"] == "vacancy"]
    assert (vacant["from"], vacant["until"], vacant["before"], vacant["after"]) == (
        *("1803-01-02", "1807-01-01"),
        *("unknown", "vacant"),
    )
    assert mint.get("/entries/shop")["covers"] == {}

    assert in_this_process(monkeypatch, mint.file, "history", "mint", "complete") == 0
    told = "".join(capsys.readouterr())
    assert "Complete by complete#1, 2 January 1803 to 31 December 1806: units under Mint [mint]" in told
    assert "who held Guild Master [guild-master]" in told
    assert "holder unknown" in told
