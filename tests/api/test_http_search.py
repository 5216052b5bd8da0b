"""Names over HTTP: who and what is called so, as known when, and what cannot be looked for."""

from __future__ import annotations

from typing import Any

import pytest

from api import schemas
from tests.api.conftest import Server, refusal
from tests.api.test_http_reading import whole

NAMES: dict[str, Any] = {
    "entry": "names",
    "effective": "1820-01-01",
    "changes": [
        {"kind": "unit-renamed", "unit": "mint", "name": {"en": "Coinage Office", "ru": "Монетный двор"}},
        {"kind": "person-registered", "person": "karin", "name": {"kk": "Ерлан Қарин"}, "names": [{"en": "Y. Karin"}]},
    ],
}


@pytest.fixture
def named(mint: Server) -> Server:
    """The mint, renamed, and one more person."""
    assert mint.record(NAMES).status_code == 201
    return mint


def test_a_person_is_found_in_three_alphabets(named: Server) -> None:
    """Latin, Russian and Kazakh letters are one name; the answer says which spelling matched."""
    for q in ("Қарин", "Карин", "Karin", "KARI"):
        answer = named.get("/search", q=q)
        whole(schemas.SearchAnswer, answer)
        assert answer["ranking"] == [["person", "karin"]]
        assert answer["q"] == q
        assert {m["text"] for m in answer["persons"]["karin"]["matched"]} == {"Ерлан Қарин", "Y. Karin"}


def test_a_thing_is_found_as_it_was_called_on_the_day(named: Server) -> None:
    """On the eve of the renaming by the old name, from its day by the new one."""
    eve, first_day = (named.get("/search", q="mint", as_of=day) for day in ("1819-12-31", "1820-01-01"))

    assert eve["ranking"] == [["unit", "mint"]]
    assert eve["units"]["mint"]["then"] == {"en": "Mint"}
    assert eve["units"]["mint"]["name"] == {"en": "Coinage Office", "ru": "Монетный двор"}
    assert eve["as_of"] == "1819-12-31"
    assert first_day["ranking"] == []
    assert named.get("/search", q="монет", as_of="1820-01-01")["ranking"] == [["unit", "mint"]]
    whole(schemas.SearchAnswer, eve)


def test_what_was_not_known_yet_is_not_found(named: Server) -> None:
    """As known before the entry nobody of that name was on record."""
    known = named.get("/search", q="mint")["known_at"]["position"]

    assert named.get("/search", q="карин", known_at=known)["ranking"]
    assert named.get("/search", q="карин", known_at=10)["ranking"] == []


def test_kind_and_limit_narrow_what_is_found(named: Server) -> None:
    """By its number a decree is found, and nothing else is asked for."""
    decrees = named.get("/search", q="7", kind="instrument")

    assert decrees["ranking"] == [["instrument", "mining"]]
    assert decrees["kind"] == "instrument"
    assert decrees["instruments"]["mining"]["matched"][0]["language"] is None
    few = named.get("/search", q="m", limit=1)
    assert len(few["ranking"]) == 1
    assert few["more"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({}, "q"),
        ({"q": ""}, "q"),
        ({"q": " — "}, "q"),
        ({"q": "a" * 201}, "q"),
        ({"q": "a " * 13}, "q"),
        ({"q": "mint", "kind": "tenure"}, "kind"),
        ({"q": "mint", "limit": "0"}, "limit"),
        ({"q": "mint", "limit": "101"}, "limit"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(named: Server, query: dict[str, str], parameter: str) -> None:
    """A problem document names the parameter and says why."""
    status, kind, document = named.refused("/search", **query)

    assert (status, kind) == (422, "invalid-parameters")
    assert [fault["parameter"] for fault in document["errors"]] == [parameter]
    assert document["errors"][0]["detail"]


def test_bad_days_and_unknown_registers_are_refused(named: Server) -> None:
    """As for every other question."""
    assert named.refused("/search", q="mint", as_of="1819-2-31")[:2] == (422, "not-a-day")
    assert named.refused("/search", q="mint", known_at="99")[:2] == (422, "not-known-yet")
    assert refusal(named.client.get("/v1/institutions/none/search?q=a"))[:2] == (404, "unknown-institution")


@pytest.mark.parametrize("q", ['"', '"mint" OR "a', "mi*", "NEAR(mint)", "folded:mint", "mint\0", "min\ud800t", "%6d"])
def test_signs_of_a_query_language_are_no_such_signs(named: Server, q: str) -> None:
    """Whatever is typed is a name: it is found, not found, or refused as no name."""
    address = "/v1/institutions/mint/search?q=" + "".join(f"%{byte:02x}" for byte in q.encode("utf-8", "surrogatepass"))

    assert named.client.get(address).status_code in (200, 422)


def test_answers_have_tags_and_hold_for_ever_only_with_day_and_position(named: Server) -> None:
    """304 while nothing is recorded; another entry changes the tag."""
    address = "/v1/institutions/mint/search?q=mint"
    first = named.client.get(address)
    tag = first.headers["etag"]

    assert named.client.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert "immutable" not in first.headers["cache-control"]
    assert "immutable" in named.client.get(f"{address}&as_of=1811-07-01&known_at=10").headers["cache-control"]
    renamed = {"kind": "unit-renamed", "unit": "mining", "name": {"en": "Mint"}, "effective": "1830-01-01"}
    assert named.record({"entry": "later", "changes": [renamed]}).status_code == 201
    again = named.client.get(address, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert ["unit", "mining"] in again.json()["ranking"]


def test_a_period_finds_every_name_borne_in_it(named: Server) -> None:
    """The old name if it begins on the eve of the renaming, not if it begins on its day; the address says which."""
    eras = {"eve": "1819-12-31/1825-12-31", "first-day": "1820-01-01/.."}
    periods = [
        {"kind": "period-defined", "period": name, "name": {"en": name}, "bounds": bounds}
        for name, bounds in eras.items()
    ]
    assert named.record({"entry": "eras", "effective": None, "changes": periods}).status_code == 201

    eve, first_day = (named.get("/search", q="mint", during=era) for era in eras)

    whole(schemas.SearchAnswer, eve)
    assert (eve["as_of"], eve["during"]["id"], eve["during"]["from"]) == (None, "eve", "1819-12-31")
    assert eve["units"]["mint"]["then"] == {"en": "Coinage Office", "ru": "Монетный двор"}
    assert eve["units"]["mint"]["matched"][0]["until"] == "1820-01-01"
    assert "during=eve" in str(eve["citation"])
    assert first_day["ranking"] == []
    assert named.get("/search", q="монет", during="first-day")["ranking"] == [["unit", "mint"]]
    assert named.refused("/search", q="mint", during="eve", as_of="1820-01-01")[0] == 422
    assert named.refused("/search", q="mint", during="nowhere")[:2] == (404, "unknown-thing")
