"""Moves of people between bodies over HTTP, and the members that tell of people in the histories of things."""

from __future__ import annotations

from typing import Any

import pytest

from api import schemas
from tests.api.conftest import Server, refusal
from tests.api.test_http_reading import whole

MOVES: dict[str, Any] = {
    "entry": "moves",
    "instrument": {"kind": "decree", "number": "9", "signed": "1815-01-01"},
    "changes": [
        {"kind": "unit-established", "unit": "senate", "name": {"en": "Senate"}, "effective": "1802-09-20"},
        {"kind": "post-created", "post": "clerk", "unit": "senate", "title": {"en": "Clerk"}, "effective": "1803"},
        {"kind": "released", "person": "ann", "post": "warden", "ground": "transfer"},
        {"kind": "appointed", "person": "ann", "post": "clerk", "capacity": "substantive"},
    ],
}


@pytest.fixture
def moved(mint: Server) -> Server:
    """Ann goes from the mint, in the mining department, to the senate by one decree."""
    assert mint.record(MOVES).status_code == 201
    return mint


def flows(server: Server, **query: Any) -> Any:
    """What /flows says."""
    answer = server.get("/flows", **query)
    whole(schemas.FlowsAnswer, answer)
    return answer


def test_a_move_between_bodies_names_person_posts_days_and_cause(moved: Server) -> None:
    """One decree, one move, with the bodies of the day."""
    answer = flows(moved)

    (flow,) = answer["flows"]
    assert (flow["person"], flow["name"], flow["how"], flow["effective"], flow["days"]) == (
        *("ann", {"en": "Ann"}, "one-act", "1815-01-01"),
        [0, 0],
    )
    assert flow["bodies"] == [["mining", "senate"]]
    assert {name: there["under"] for name, there in flow["left"].items()} == {"founding#6": ["mint", "mining"]}
    assert [there["post"] for there in flow["taken"].values()] == ["clerk"]
    assert flow["cause"]["instrument"]["number"] == "9"
    assert answer["sums"] == [{"from": "mining", "to": "senate", "moves": 1, "persons": 1}]
    assert moved.get("/persons/ann")["moves"] == [
        {name: value for name, value in flow.items() if name not in ("person", "name", "bodies")}
    ]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"from": "mint"}, 1),
        ({"from": "mining", "to": "senate"}, 1),
        ({"from": "treasury"}, 0),
        ({"from": "senate"}, 0),
        ({"since": "1815-01-01", "until": "1815-01-02"}, 1),
        ({"since": "1814-01-01", "until": "1815-01-01"}, 0),
        ({"since": "1815-01-02"}, 0),
        ({"known_at": 9}, 0),
    ],
)
def test_flows_are_asked_by_bodies_and_days(moved: Server, query: dict[str, Any], count: int) -> None:
    """The body is that of the day; the first day counts and the end day does not; as known then."""
    assert len(flows(moved, **query)["flows"]) == count


def test_flows_are_a_question_like_the_others(moved: Server) -> None:
    """304, HEAD, and refusals as problem documents."""
    address = "/v1/institutions/mint/flows"
    first = moved.client.get(address)

    assert moved.client.get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert moved.client.head(address).status_code == 200
    assert moved.refused("/flows", to="nowhere")[:2] == (404, "unknown-thing")
    assert moved.refused("/flows", since="1815")[:2] == (422, "not-a-day")
    assert moved.refused("/flows", since="1815-01-02", until="1815-01-01")[:2] == (422, "invalid-parameters")
    assert refusal(moved.client.get("/v1/institutions/none/flows"))[:2] == (404, "unknown-institution")


def test_histories_tell_of_people_as_their_schemas_say(moved: Server) -> None:
    """A gap after a dismissal, a move, and an office lost: each in the answer about its thing."""
    post, person = moved.get("/posts/warden"), moved.get("/persons/ann")
    instrument, entry = moved.get("/instruments/moves"), moved.get("/entries/moves")
    whole(schemas.PostAnswer, post)
    whole(schemas.PersonAnswer, person)
    whole(schemas.InstrumentAnswer, instrument)
    whole(schemas.EntryAnswer, entry)

    assert [(row["kind"], row["from"]) for row in post["occupancy"]] == [("held", "1802-09-20"), ("gap", "1815-01-01")]
    assert post["occupancy"][1]["why"]["ground"] == "transfer"
    assert [place["under"] for place in person["career"][0]["places"]] == [["mint", "treasury"], ["mint", "mining"]]
    assert instrument["displaced"] == entry["displaced"]
    assert entry["displaced"]["ann"]["left"]["founding#6"]["move"] == person["moves"][0]
