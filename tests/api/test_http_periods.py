"""Periods of the register as the bounds of questions, over HTTP and on the command line."""

from __future__ import annotations

from typing import Any

import pytest

from api import schemas
from tests.api.commandline import in_this_process
from tests.api.conftest import Server
from tests.api.test_http_flows import MOVES
from tests.api.test_http_reading import whole

PERIODS: dict[str, Any] = {
    "entry": "periods",
    "effective": None,
    "changes": [
        {"kind": "period-defined", "period": "reform", "name": {"en": "Reform"}, "bounds": "1811-07"},
        {"kind": "period-defined", "period": "after", "name": {"en": "After"}, "bounds": "1815/.."},
        {
            "kind": "count-claimed",
            "what": "wardens",
            "post": "warden",
            "during": "1811",
            "value": 1,
            "claimant": "Almanac",
        },
    ],
}


@pytest.fixture
def named(mint: Server) -> Server:
    """The mint, with two periods that are named."""
    assert mint.record(MOVES).status_code == 201
    assert mint.record(PERIODS).status_code == 201
    return mint


def test_the_periods_are_listed_with_their_days(named: Server) -> None:
    """So that a reader knows what he may ask by."""
    answer = named.get("/periods")
    whole(schemas.PeriodsAnswer, answer)

    assert {name: (told["bounds"], told["from"], told["until"]) for name, told in answer["periods"].items()} == {
        "reform": ("1811-07", "1811-07-01", "1811-08-01"),
        "after": ("1815/..", "1815-01-01", None),
    }


def test_a_difference_of_a_period_is_that_between_its_eve_and_its_last_day(named: Server) -> None:
    """The decree of its first day is part of it; the days are told, and the period with what says so."""
    reform, by_days = (
        named.get("/diff", during="reform"),
        named.get("/diff", **{"from": "1811-06-30", "to": "1811-07-31"}),
    )
    after = named.get("/diff", during="after")
    whole(schemas.DiffAnswer, reform)

    during = reform.pop("during")
    assert {**reform, "citation": None} == {**by_days, "citation": None}
    assert (during["id"], during["name"], during["cause"]["event"]) == ("reform", {"en": "Reform"}, "periods#1")
    assert {row["kind"] for row in reform["changes"]} == {"unit-established", "unit-moved"}
    assert (after["from"], after["to"]) == ("1814-12-31", "9999-12-31")
    assert {row["kind"] for row in after["changes"]} == {"transferred"}


def test_a_patch_of_a_period_is_that_between_its_days(named: Server) -> None:
    """The other form of the same difference."""
    address, headers = "/v1/institutions/mint/diff", {"Accept": "application/json-patch+json"}
    days = {"from": "1811-06-30", "to": "1811-07-31"}

    patch = named.client.get(address, params={"during": "reform"}, headers=headers)

    assert patch.status_code == 200
    assert patch.json() == named.client.get(address, params=days, headers=headers).json() != []


def test_flows_and_counts_may_be_of_a_period(named: Server) -> None:
    """Moves on a day of it; claims about a time that touches it."""
    flows, none = named.get("/flows", during="after"), named.get("/flows", during="reform")
    whole(schemas.FlowsAnswer, flows)

    assert ([flow["person"] for flow in flows["flows"]], none["flows"]) == (["ann"], [])
    assert (flows["since"], flows["until"], flows["during"]["id"]) == ("1815-01-01", None, "after")
    assert (none["since"], none["until"]) == ("1811-07-01", "1811-08-01")
    assert list(named.get("/counts", during="reform")["counts"]) == ["periods#3"]
    assert named.get("/counts", during="after")["counts"] == {}


def test_findings_of_a_period_are_about_a_day_of_it(named: Server) -> None:
    """Of the claim about 1811, in the July of that year and not from 1815; the rest of what is found is left out."""
    claim = {"kind": "count-claimed", "what": "wardens", "post": "warden", "during": "1811", "value": 9}
    assert named.record({"entry": "nine", "effective": None, "changes": [claim]}).status_code == 201

    every, reform = named.get("/findings"), named.get("/findings", during="reform")
    whole(schemas.FindingsAnswer, reform)

    assert reform["during"]["id"] == "reform"
    days = [(row["from"], row["to"]) for row in reform["findings"]]
    assert all((since or "") <= "1811-07-31" and (until or "9999") >= "1811-07-01" for since, until in days)
    assert [row for row in reform["findings"] if row not in every["findings"]] == []
    assert "count-mismatch" in {row["rule"] for row in reform["findings"]}
    assert "count-mismatch" not in {row["rule"] for row in named.get("/findings", during="after")["findings"]}
    assert named.refused("/findings", during="nowhere")[:2] == (404, "unknown-thing")


def test_a_period_stands_in_place_of_days(named: Server) -> None:
    """Both together, an unknown one, or one not yet known are refused."""
    both = "invalid-parameters"
    assert named.refused("/diff", during="reform", to="1811-07-01")[:2] == (422, both)
    assert named.refused("/diff", during="reform", as_of="1811-07-01", known_from="1", known_to="9")[:2] == (422, both)
    assert named.refused("/flows", during="reform", since="1811-07-01")[:2] == (422, both)
    assert named.refused("/diff", during="nowhere")[:2] == (404, "unknown-thing")
    assert named.refused("/counts", during="mint")[:2] == (404, "unknown-thing")
    assert named.refused("/flows", during="reform", known_at="10")[:2] == (404, "unknown-thing")


def test_the_command_line_takes_a_period_in_place_of_days(
    named: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the server does; and it lists what there is."""

    def told(*words: str, status: int = 0) -> str:
        assert in_this_process(monkeypatch, named.file, *words) == status
        return "".join(capsys.readouterr())

    assert "Reform [reform]" in told("periods", "mint")
    assert "from 30 June 1811 to 31 July 1811" in told("diff", "mint", "--during", "reform")
    assert "since 1 January 1815" in told("flows", "mint", "--during", "after")
    assert "no numbers are claimed" in told("counts", "mint", "--during", "after")
    assert "not asked together" in told("diff", "mint", "1811-07-01", "--during", "reform", status=2)
    assert "not asked together" in told("flows", "mint", "--since", "1811-07-01", "--during", "reform", status=2)
    assert "no period 'nowhere'" in told("diff", "mint", "--during", "nowhere", status=1)
