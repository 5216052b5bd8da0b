"""Reading over HTTP: states, differences, histories, the log; every answer as its schema says."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonpatch
import orjson
import pytest
from pydantic import BaseModel

from api import schemas
from api.keys import keys_in_file
from api.registers import read_register, record_all
from domain.recording import Registers
from projections.recorders.sqlite import open_sqlite
from projections.structure import DIFFED
from tests.api.conftest import ADDRESSES, MINING, Clock, Server

FIXTURES = Path(__file__).parents[2] / "fixtures"


def test_a_move_shows_on_its_first_day_and_not_on_the_eve(mint: Server) -> None:
    """Off by one is a wrong history book."""
    eve = mint.get("/structure", as_of="1811-06-30")
    first_day = mint.get("/structure", as_of="1811-07-01")

    assert eve["units"]["mint"]["parent"] == "treasury"
    assert first_day["units"]["mint"]["parent"] == "mining"
    assert set(eve["units"]) == {"treasury", "mint"}
    assert mint.get("/structure", as_of="1802-09-19")["units"] == {}


def test_an_answer_repeats_what_it_is_about(mint: Server) -> None:
    """Who keeps the answer can ask again."""
    answer = mint.get("/structure", as_of="1811-06-30", known_at=7)

    assert (answer["institution"], answer["as_of"], answer["rules"]) == ("mint", "1811-06-30", 3)
    assert answer["known_at"]["position"] == 7
    assert answer["known_at"]["recorded"] == "2024-05-24T12:00:00.000000Z"
    assert answer["known_at"]["hash"] == mint.get("/events", after=6, limit=1)["events"][0]["hash"]


@pytest.mark.parametrize(("known_at", "position"), [(0, 0), (3, 0), (6, 0), (7, 7), (8, 7), (9, 7), (10, 10)])
def test_inside_an_entry_nothing_is_known_of_it(mint: Server, known_at: int, position: int) -> None:
    """An entry is known whole or not at all."""
    answer = mint.get("/structure", as_of="1811-07-01", known_at=known_at)

    assert answer["known_at"]["position"] == position
    assert (
        set(answer["units"])
        == (set(), {"treasury", "mint"}, {"treasury", "mint", "mining"})[(position > 0) + (position > 7)]
    )


def test_before_everything_the_head_is_nought(mint: Server) -> None:
    """Position 0 has a hash too, the one that the first event follows."""
    known_at = mint.get("/structure", as_of="1811-07-01", known_at=0)["known_at"]

    assert known_at == {"position": 0, "recorded": None, "hash": "0" * 64}


@pytest.mark.parametrize(
    ("instant", "position"),
    [
        ("2024-05-24T12:00:00Z", 7),
        ("2024-05-24T12:59:59.999999Z", 7),
        ("2024-05-24T13:00:00Z", 10),
        ("2024-05-24T18:00:00+06:00", 7),
        ("2024-05-24T11:59:59Z", 0),
        ("1802-09-20T00:00:00Z", 0),
    ],
)
def test_an_instant_means_what_was_recorded_by_then(mint: Server, instant: str, position: int) -> None:
    """When a reader looked is a known position too."""
    assert mint.get("/structure", as_of="1811-07-01", known_at=instant)["known_at"]["position"] == position


def test_the_grade_is_the_lowest_shown(mint: Server) -> None:
    """After the last act nothing proves that the treasury still stands."""
    presumed = mint.get("/structure", as_of="1812-01-01", grade="presumed")
    certain = mint.get("/structure", as_of="1812-01-01", grade="certain")

    assert "treasury" in presumed["units"]
    assert "treasury" not in certain["units"]


def test_a_difference_names_the_act_behind_each_row(mint: Server) -> None:
    """What changed is of no use without why."""
    answer = mint.get("/diff", **{"from": "1811-06-30", "to": "1811-07-01"})

    rows = {row["kind"]: row for row in answer["changes"]}
    assert set(rows) == {"unit-established", "unit-moved"}
    moved = rows["unit-moved"]
    assert (moved["before"], moved["after"]) == ({"parent": "treasury"}, {"parent": "mining"})
    assert moved["cause"]["instrument"]["signed"] == "1811-06-25"
    assert moved["cause"]["provision"] == "art. 3"
    assert (answer["from"], answer["to"], answer["new"]) == ("1811-06-30", "1811-07-01", ["mining"])


def test_a_patch_turns_the_earlier_structure_into_the_later(mint: Server) -> None:
    """A client that keeps a structure can follow it."""
    asked = {"from": "1811-06-30", "to": "1811-07-01"}
    answer = mint.client.get(
        "/v1/institutions/mint/diff", params=asked, headers={"Accept": "application/json-patch+json"}
    )

    assert answer.headers["content-type"] == "application/json-patch+json"
    assert answer.headers["vary"] == "Accept"
    then, now = (mint.get("/structure", as_of=day) for day in ("1811-06-30", "1811-07-01"))
    assert keyed(jsonpatch.apply_patch(then, answer.json())) == keyed(now)
    assert keyed(then) != keyed(now)


def keyed(structure: dict[str, Any]) -> dict[str, Any]:
    """The parts of a structure that patches are about."""
    return {part: structure[part] for part in DIFFED}


@pytest.mark.parametrize(
    "days", [*itertools.permutations(["1994-06-30", "2001-09-11", "2019-03-20", "2024-05-24"], 2)], ids="..".join
)
def test_a_patch_leads_from_any_day_of_a_real_register_to_any_other(office: Server, days: tuple[str, str]) -> None:
    """Forwards and backwards, by the library that clients have."""
    asked = {"from": days[0], "to": days[1]}
    patch = office.client.get(
        "/v1/institutions/kz-eo/diff", params=asked, headers={"Accept": "application/json-patch+json"}
    )
    then, now = (office.get("/structure", "kz-eo", as_of=day) for day in days)

    assert patch.status_code == 200
    assert keyed(then) != keyed(now)
    assert keyed(jsonpatch.apply_patch(then, patch.json())) == keyed(now)


def test_a_patch_leads_from_what_was_known_to_what_is(office: Server) -> None:
    """Of one day, as known half-way through the register and at its end."""
    head = office.client.get("/v1/institutions").json()["institutions"]["kz-eo"]["position"]
    asked = {"as_of": "2019-03-20", "known_from": head // 2, "known_to": head}
    patch = office.client.get(
        "/v1/institutions/kz-eo/diff", params=asked, headers={"Accept": "application/json-patch+json"}
    )
    then, now = (office.get("/structure", "kz-eo", as_of="2019-03-20", known_at=at) for at in (head // 2, head))

    assert keyed(then) != keyed(now)
    assert keyed(jsonpatch.apply_patch(then, patch.json())) == keyed(now)


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json-patch+json, application/json;q=0.5", "application/json-patch+json"),
        ("application/json-patch+json;q=0.5, application/json", "application/json"),
        ("text/html", None),
        ("application/json-patch+json;q=0", None),
    ],
)
def test_the_form_of_a_difference_is_negotiated(mint: Server, accept: str | None, given: str | None) -> None:
    """RFC 9110, section 12.5.1."""
    asked = {"from": "1811-06-30", "to": "1811-07-01"}
    headers = {"Accept": accept} if accept else {}
    answer = mint.client.get("/v1/institutions/mint/diff", params=asked, headers=headers)

    assert answer.status_code == (200 if given else 406)
    assert answer.headers["content-type"] == (given or "application/problem+json")


def test_the_log_is_followed_from_page_to_page(mint: Server) -> None:
    """The position is the cursor: no event is left out, none comes twice."""
    address, seen = "/v1/institutions/mint/events?limit=3", []
    while address:
        answer = mint.client.get(address)
        seen += [row["position"] for row in answer.json()["events"]]
        following = answer.links.get("next", {}).get("url", "")
        assert answer.json()["next"] == (seen[-1] if following else None)
        address = following

    assert seen == list(range(1, 11))
    assert mint.get("/events", after=10)["events"] == []
    assert mint.get("/events", after=10**9)["events"] == []


def test_an_event_is_shown_with_its_envelope(mint: Server) -> None:
    """Everything that was recorded can be read."""
    row = mint.get("/events", after=9)["events"][0]

    assert (row["position"], row["kind"], row["entry"], row["index"]) == (10, "unit-moved", "mining", 2)
    assert (row["effective"], row["earliest"], row["latest"]) == ("1811-07-01",) * 3
    assert (row["recorded_by"], row["provision"]) == ("clerk", "art. 3")
    assert row["change"] == {"kind": "unit-moved", "unit": "mint", "parent": "mining"}
    assert row["prev_hash"] == mint.get("/events", after=8, limit=1)["events"][0]["hash"]


def test_claims_that_disagree_are_findings(mint: Server) -> None:
    """The record is kept as it is, and the disagreement is told."""
    rival = {"kind": "unit-established", "unit": "mint", "name": {"en": "Mint"}, "parent": "treasury"}
    recorded = mint.record({"entry": "rival", "effective": "1803-01-01", "changes": [rival]})

    found = mint.get("/findings")["findings"]

    assert recorded.status_code == 201
    assert [row["rule"] for row in found if "rival" in row["entries"]]
    assert recorded.json()["findings"] == [row for row in found if "rival" in row["entries"]]


def test_the_listing_tells_where_each_log_ends(mint: Server) -> None:
    """A client finds the registers, and what they reach over."""
    institutions = mint.client.get("/v1/institutions").json()["institutions"]

    assert institutions == {
        "mint": {
            "name": {"en": "Treasury"},
            "events": 10,
            "position": 10,
            "hash": mint.log.head("mint").hash,
            "first_effective": "1802-09-20",
            "last_effective": "1811-07-01",
        }
    }
    assert mint.client.get("/v1/institutions/").status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_is_get_without_the_body(mint: Server, address: str) -> None:
    """RFC 9110, section 9.3.2."""
    got = mint.client.get(f"/v1/institutions/mint{address}")
    head = mint.client.head(f"/v1/institutions/mint{address}")

    volatile = {"x-request-id"}
    assert (head.status_code, head.content) == (200, b"")
    assert {k: v for k, v in head.headers.items() if k not in volatile} == {
        k: v for k, v in got.headers.items() if k not in volatile
    }
    assert int(head.headers["content-length"]) == len(got.content)


# --- schemas


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the bundled register."""
    file, clock = tmp_path_factory.mktemp("office") / "registers.sqlite", Clock()
    with open_sqlite(file) as log, keys_in_file(file, clock) as keys:
        register = read_register(FIXTURES / "kz-eo")
        assert all(v.receipt for v in record_all(register, Registers(log, clock).together, "import"))
        yield Server(file, clock, log, keys, keys.create("clerk", ["record"]))


def whole(schema: type[BaseModel], answer: Any) -> None:
    """Assert that *answer* is what *schema* says, to the last field."""
    read = schema.model_validate(answer, extra="forbid")
    required = orjson.loads(read.model_dump_json(by_alias=True, exclude_unset=True))
    assert required == answer


def test_answers_are_what_their_schemas_say(office: Server) -> None:
    """The schemas are the documentation: a field too many or too few in them is a lie."""
    structure = office.get("/structure", "kz-eo", as_of="2024-05-24", grade="unattested")
    diff = office.get("/diff", "kz-eo", **{"from": "1995-01-01", "to": "2024-05-24"})
    whole(schemas.StructureAnswer, structure)
    whole(schemas.DiffAnswer, diff)
    whole(schemas.DiffAnswer, office.get("/diff", "kz-eo", **{"from": "2024-05-24", "to": "1995-01-01"}))
    whole(schemas.EventsAnswer, office.get("/events", "kz-eo", limit=500))
    whole(schemas.FindingsAnswer, office.get("/findings", "kz-eo"))
    whole(schemas.InstitutionsAnswer, office.client.get("/v1/institutions").json())
    for unit in structure["units"]:
        whole(schemas.UnitAnswer, office.get(f"/units/{unit}", "kz-eo"))
    for post in structure["posts"]:
        whole(schemas.PostAnswer, office.get(f"/posts/{post}", "kz-eo"))
    events = office.get("/events", "kz-eo", limit=500)["events"]
    for entry in {row["entry"] for row in events}:
        whole(schemas.EntryAnswer, office.get(f"/entries/{entry}", "kz-eo"))
    for row in events:
        if row["kind"] == "person-registered":
            whole(schemas.PersonAnswer, office.get(f"/persons/{row['change']['person']}", "kz-eo"))
        if row["kind"] == "instrument-issued":
            instrument = row["change"]["instrument"]
            whole(schemas.InstrumentAnswer, office.get(f"/instruments/{instrument}", "kz-eo"))


def test_histories_with_rivals_and_corrections_are_what_their_schemas_say(mint: Server) -> None:
    """What the bundled register has none of."""
    again = {**MINING["changes"][1], "parent": None}
    changes: list[dict[str, Any]] = [
        {"kind": "unit-established", "unit": "mint", "name": {"en": "Mint"}, "parent": "treasury"},
        {"kind": "unit-renamed", "unit": "mint", "name": {"en": "Royal Mint"}},
        {"kind": "corrected", "target": "mining#2", "change": again, "reason": "misread"},
        {"kind": "annulled", "target": "extra-2#1", "reason": "a forgery"},
        {"kind": "unit-abolished", "unit": "mining", "successors": ["treasury"]},
        {"kind": "life-event", "person": "ann", "what": "died"},
    ]
    for number, change in enumerate(changes, 1):
        extra = {"entry": f"extra-{number}", "effective": f"1812-0{number}-01", "changes": [change]}
        assert mint.record(extra).status_code == 201, change

    whole(schemas.UnitAnswer, mint.get("/units/mint"))
    whole(schemas.UnitAnswer, mint.get("/units/mining"))
    whole(schemas.PostAnswer, mint.get("/posts/warden"))
    whole(schemas.PersonAnswer, mint.get("/persons/ann"))
    whole(schemas.EventsAnswer, mint.get("/events"))
    whole(schemas.FindingsAnswer, mint.get("/findings"))
    whole(schemas.DiffAnswer, mint.get("/diff", **{"from": "1802-01-01", "to": "1820-01-01"}))
    for entry in ("mining", *(f"extra-{number}" for number in range(1, 7))):
        whole(schemas.EntryAnswer, mint.get(f"/entries/{entry}"))
    for instrument in ("mining", "founding"):
        whole(schemas.InstrumentAnswer, mint.get(f"/instruments/{instrument}"))
    assert mint.get("/entries/extra-2")["changes"][0]["live"] is None
    assert mint.get("/units/mint")["states"][0]["rivals"]
