"""Previews over HTTP: what recording entries would do, answered as afterwards, and nothing recorded."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from api import schemas
from domain.entries import MAX_ENTRY_BYTES
from tests.api.conftest import FOUNDING, MINING, Server, refusal
from tests.api.test_http_reading import whole

REPLACED: dict[str, Any] = {
    "entry": "replaced",
    "instrument": {"kind": "decree", "number": "9", "signed": "1820-01-01"},
    "changes": [
        {"kind": "person-registered", "person": "bob", "name": {"en": "Bob"}},
        {"kind": "appointed", "person": "bob", "post": "warden", "capacity": "substantive"},
    ],
}
RENAMED: dict[str, Any] = {
    "entry": "renamed",
    "effective": "1820-01-01",
    "changes": [{"kind": "unit-renamed", "unit": "mint", "name": {"en": "Royal Mint"}}],
}
LOST = {
    "entry": "lost",
    "effective": "1820-01-01",
    "changes": [{"kind": "unit-renamed", "unit": "nowhere", "name": {"en": "?"}}],
}


def posted(
    server: Server, drafts: object, institution: str = "mint", key: str | None = None, **query: Any
) -> httpx2.Response:
    """The answer to a preview of *drafts*, bytes or plain data, with *key* or that of the recorder."""
    body = drafts if isinstance(drafts, bytes) else json.dumps(drafts).encode()
    sent = {"Authorization": f"Bearer {key or server.secret}"}
    return server.client.post(f"/v1/institutions/{institution}/preview", content=body, headers=sent, params=query)


def preview(server: Server, drafts: object, institution: str = "mint", **query: Any) -> Any:
    """The JSON of a preview, which must be 200 and as its schema says."""
    answer = posted(server, drafts, institution, **query)
    assert answer.status_code == 200, answer.text
    whole(schemas.PreviewAnswer, answer.json())
    return answer.json()


def annulled(target: str, entry: str = "annulling") -> dict[str, Any]:
    """An entry that annuls *target*."""
    return {"entry": entry, "changes": [{"kind": "annulled", "target": target, "reason": "a forgery"}]}


def told(answer: Any) -> list[tuple[str, Any]]:
    """Kind and subject of each row of a preview."""
    return [(row["kind"], row["subject"]) for row in answer["diff"]["changes"]]


def test_a_preview_says_what_an_entry_would_change_and_who_would_lose_office(mint: Server) -> None:
    """An editor sees the consequences before the log keeps them for ever."""
    # when
    answer = preview(mint, REPLACED)

    # then
    (row,) = answer["diff"]["changes"]
    assert (row["kind"], row["subject"]) == ("holder-changed", {"post": "warden"})
    assert (row["before"]["person"], row["after"]["person"]) == ("ann", "bob")
    assert (row["effective"], row["cause"]["event"], row["cause"]["instrument"]["number"]) == (
        "1820-01-01",
        "replaced#2",
        "9",
    )
    assert answer["diff"]["counts"] == {"holder-changed": 1}
    assert answer["displaced"] == {"ann": {"post": "warden", "to": None}}
    assert (answer["findings"], answer["refusals"]) == ([], [])
    assert answer["institution"] == "mint"
    assert answer["known_at"]["hash"] == mint.log.head("mint").hash


def test_a_preview_records_nothing(mint: Server) -> None:
    """Neither the entry nor its id is taken: afterwards it is recorded as if never shown."""
    # given
    head, events = mint.log.head("mint"), mint.get("/events")

    # when
    preview(mint, [REPLACED, RENAMED])
    preview(mint, FOUNDING, "elsewhere")

    # then
    assert (mint.log.head("mint"), mint.get("/events")) == (head, events)
    assert mint.log.institutions() == ["mint"]
    assert mint.client.get("/v1/institutions/mint/entries/replaced").status_code == 404
    assert mint.client.get("/v1/institutions/elsewhere/events").status_code == 404
    assert mint.record(REPLACED).json()["positions"] == [11, 13]


@pytest.mark.parametrize(
    "draft",
    [REPLACED, RENAMED, annulled("mining"), annulled("founding#5"), annulled("mining#2")],
    ids=["replaced", "renamed", "annulled", "orphans", "move annulled"],
)
def test_what_a_preview_shows_is_what_is_learned_by_recording(mint: Server, draft: dict[str, Any]) -> None:
    """The rows are those of the difference in knowledge, day by day, once the entry is recorded."""
    # given
    rows, head = preview(mint, draft)["diff"]["changes"], mint.log.head("mint").position

    # when
    assert mint.record(draft).status_code == 201
    known = {"known_from": str(head), "known_to": str(mint.log.head("mint").position)}
    learned: list[Any] = []
    for as_of in ("1802-09-20", "1811-06-25", "1811-07-01", "1820-01-01"):
        found = mint.get("/diff", as_of=as_of, **known)["changes"]
        learned += [row for row in found if row["cause"]["entry"] == draft["entry"]]

    # then
    assert rows
    assert all(row in learned for row in rows)


def test_each_row_is_told_once_though_it_holds_on_several_days(mint: Server) -> None:
    """A rename of 1820 is still so on the day of a later draft."""
    moved = {
        "entry": "moved",
        "effective": "1830-01-01",
        "changes": [{"kind": "unit-moved", "unit": "mint", "parent": "treasury"}],
    }

    assert told(preview(mint, [RENAMED, moved])) == [
        ("unit-renamed", {"unit": "mint"}),
        ("unit-moved", {"unit": "mint"}),
    ]


def test_a_day_badly_known_is_asked_at_both_ends(mint: Server) -> None:
    """On its first day a unit of 1820 only may stand, on its last it surely does; the row is one."""
    year = {
        "entry": "year",
        "effective": "1820",
        "changes": [{"kind": "unit-established", "unit": "medals", "name": {"en": "Medals"}, "parent": "mint"}],
    }

    (row,) = preview(mint, year)["diff"]["changes"]

    assert (row["kind"], row["effective"], row["grade"]) == ("unit-established", "1820", "possible")


def test_a_correction_is_shown_on_the_day_of_what_it_corrects_too(mint: Server) -> None:
    """The move of 1811 did not happen then, but two years later."""
    moved = {**MINING["changes"][1], "effective": "1813-05-01"}
    correction = {
        "entry": "correction",
        "changes": [{"kind": "corrected", "target": "mining#2", "change": moved, "reason": "misread"}],
    }

    (row,) = preview(mint, correction)["diff"]["changes"]

    assert (row["kind"], row["subject"]) == ("corrected", {"unit": "mint"})
    assert (row["before"], row["after"]) == ({"parent": "mining"}, {"parent": "treasury"})
    assert row["cause"]["event"] == "correction#1"


def test_an_annulment_is_shown_on_the_days_of_the_whole_entry(mint: Server) -> None:
    """What hung on it goes back, what it made is gone."""
    answer = preview(mint, annulled("mining"))

    assert {(kind, subject["unit"]) for kind, subject in told(answer)} == {("annulled", "mining"), ("annulled", "mint")}


def test_several_entries_are_taken_in_order_each_on_those_before(mint: Server) -> None:
    """A later draft may act on what an earlier one brings; the other way round it is refused."""
    founded = {
        "entry": "medals",
        "effective": "1820-01-01",
        "changes": [{"kind": "unit-established", "unit": "medals", "name": {"en": "Medals"}, "parent": "mint"}],
    }
    renamed = {
        "entry": "medals-2",
        "effective": "1821-01-01",
        "changes": [{"kind": "unit-renamed", "unit": "medals", "name": {"en": "Orders"}}],
    }

    in_order, reversed_ = preview(mint, [founded, renamed]), preview(mint, [renamed, founded])

    assert in_order["refusals"] == []
    assert [row["after"]["name"]["en"] for row in in_order["diff"]["changes"]] == ["Medals", "Orders"]
    assert [refused["entry"] for refused in reversed_["refusals"]] == ["medals-2"]
    assert told(reversed_) == [("unit-established", {"unit": "medals"})]


def test_a_refused_entry_is_left_out_and_the_next_are_tried_without_it(mint: Server) -> None:
    """One mistyped id does not hide what is wrong, or right, with the rest."""
    answer = preview(mint, [RENAMED, LOST, {**LOST, "entry": "lost-too"}, REPLACED])

    assert [(refused["entry"], refused["reasons"][0]["rule"]) for refused in answer["refusals"]] == [
        ("lost", "unknown-id"),
        ("lost-too", "unknown-id"),
    ]
    assert answer["refusals"][0]["reasons"][0]["change"] == 1
    assert [kind for kind, _ in told(answer)] == ["unit-renamed", "holder-changed"]


def test_an_entry_that_is_recorded_already_would_change_nothing(mint: Server) -> None:
    """As recording it again would answer 200."""
    answer = preview(mint, [MINING, FOUNDING])

    assert (answer["diff"], answer["findings"], answer["refusals"], answer["displaced"]) == (
        {"changes": [], "counts": {}, "left_out": None},
        [],
        [],
        {},
    )


def test_an_entry_id_with_other_content_would_be_refused(mint: Server) -> None:
    """As recording it would answer 409."""
    answer = preview(mint, [{**RENAMED, "entry": "mining"}, RENAMED])

    assert [(refused["entry"], refused["reasons"][0]["rule"]) for refused in answer["refusals"]] == [
        ("mining", "entry-differs")
    ]
    assert told(answer) == [("unit-renamed", {"unit": "mint"})]


def test_a_draft_twice_is_one_entry_and_with_other_content_refused(mint: Server) -> None:
    """Drafts meet each other as they would meet the record."""
    other = {**RENAMED, "effective": "1821-01-01"}

    answer = preview(mint, [RENAMED, RENAMED, other])

    assert len(answer["diff"]["changes"]) == 1
    assert [refused["entry"] for refused in answer["refusals"]] == ["renamed"]


def test_findings_are_the_new_ones_alone(mint: Server) -> None:
    """What was amiss before is not the draft's doing."""
    empty: dict[str, Any] = {
        "entry": "empty",
        "effective": "1812-01-01",
        "changes": [{"kind": "post-created", "post": "porter", "unit": "mint", "title": {"en": "Porter"}}],
    }
    assert mint.record(empty).status_code == 201
    again = {**empty, "entry": "second", "changes": [{**empty["changes"][0], "post": "usher"}]}

    found = preview(mint, again)["findings"]

    assert len(mint.get("/findings")["findings"]) == 1
    assert [(row["rule"], row["subject"], row["entries"]) for row in found] == [
        ("post-without-holder", {"post": "usher"}, ["second"])
    ]


def test_who_is_moved_goes_where_the_entry_moves_them(mint: Server) -> None:
    """Displaced are those who lose an office, with the next one if there is one."""
    moved = {
        "entry": "moved",
        "effective": "1820-01-01",
        "changes": [
            {"kind": "post-created", "post": "chief", "unit": "mining", "title": {"en": "Chief"}, "seats": 1},
            {"kind": "transferred", "person": "ann", "from_post": "warden", "to_post": "chief"},
        ],
    }

    answer = preview(mint, moved)

    assert answer["displaced"] == {"ann": {"post": "warden", "to": "chief"}}
    assert told(answer)[-1] == ("transferred", {"person": "ann", "from_post": "warden", "to_post": "chief"})


def test_those_who_fall_with_a_unit_are_displaced_too(mint: Server) -> None:
    """What only follows from an act costs an office as well."""
    abolished = {
        "entry": "abolished",
        "effective": "1820-01-01",
        "changes": [{"kind": "unit-abolished", "unit": "mint"}],
    }

    answer = preview(mint, abolished)

    assert answer["displaced"] == {"ann": {"post": "warden", "to": None}}
    assert {(row["kind"], row["implied"]) for row in answer["diff"]["changes"]} == {
        ("unit-abolished", False),
        ("post-abolished", True),
        ("released", True),
    }


# --- known at


@pytest.mark.parametrize("known_at", ["7", "9", "2024-05-24T12:30:00Z"])
def test_a_preview_is_of_what_was_known_then(mint: Server, known_at: str) -> None:
    """By position, inside an entry, by instant: before the decree was found it would have changed this."""
    answer = preview(mint, MINING, known_at=known_at)

    assert told(answer) == [("unit-established", {"unit": "mining"}), ("unit-moved", {"unit": "mint"})]
    assert answer["known_at"]["position"] == 7
    later = {**RENAMED, "changes": [{**RENAMED["changes"][0], "unit": "mining"}]}
    assert preview(mint, later, known_at=known_at)["refusals"][0]["reasons"][0]["rule"] == "unknown-id"
    assert preview(mint, later)["refusals"] == []


@pytest.mark.parametrize(
    ("known_at", "kind"), [("11", "not-known-yet"), ("2124-01-01T00:00:00Z", "not-known-yet"), ("", "not-a-known-at")]
)
def test_a_preview_of_what_is_not_known_yet_is_refused(mint: Server, known_at: str, kind: str) -> None:
    """As for every other question."""
    assert refusal(posted(mint, RENAMED, known_at=known_at))[:2] == (422, kind)


# --- founding


def test_a_preview_may_found_an_institution(server: Server) -> None:
    """Nothing is there yet, and the drafts say what would be."""
    answer = preview(server, [FOUNDING, MINING])

    assert answer["known_at"] == {"position": 0, "recorded": None, "hash": "0" * 64}
    assert ("unit-established", {"unit": "mining"}) in told(answer)
    assert answer["refusals"] == []
    assert server.log.institutions() == []


def test_what_does_not_found_an_institution_is_refused(server: Server) -> None:
    """A preview says so for each draft, and goes on: the next may found it."""
    answer = preview(server, [RENAMED, FOUNDING])

    assert [(refused["entry"], refused["reasons"][0]["rule"]) for refused in answer["refusals"]] == [
        ("renamed", "not-founded")
    ]
    assert ("unit-established", {"unit": "mint"}) in told(answer)


def test_an_institution_needs_an_id_that_can_be_one_even_in_a_preview(server: Server) -> None:
    """A draft that could not be recorded there is not shown as if it could."""
    assert refusal(posted(server, FOUNDING, "a b"))[:2] == (422, "invalid-parameters")


def test_the_rules_of_refusals_in_previews_are_explained(server: Server) -> None:
    """A reader of `reasons` looks the rule up at the problem's page."""
    rules = server.client.get("/problems/entry-refused").json()["rules"]

    assert {"not-founded", "entry-differs"} <= set(rules)


def test_the_preview_is_described_with_its_schemas(server: Server) -> None:
    """One entry or several, and what is answered; who may ask."""
    document = server.client.get("/openapi.json").json()
    post = document["paths"]["/v1/institutions/{institution}/preview"]["post"]

    one, several = post["requestBody"]["content"]["application/json"]["schema"]["anyOf"]
    assert one == {"$ref": "#/components/schemas/Entry"} == several["items"]
    answers = {status: answer["content"] for status, answer in post["responses"].items()}
    assert answers["200"]["application/json"]["schema"] == {"$ref": "#/components/schemas/PreviewAnswer"}
    assert {"401", "403", "404", "413", "422"} <= answers.keys()
    assert post["security"] == [{"HTTPBearer": []}]
    assert "known_at" in [parameter["name"] for parameter in post["parameters"]]


# --- keys, bodies


def test_a_preview_needs_the_key_of_a_recorder(mint: Server) -> None:
    """Who may not record learns nothing about what recording would do."""
    reader = mint.keys.create("reader", ["read"])
    without = mint.client.post("/v1/institutions/mint/preview", content=json.dumps(RENAMED))

    assert refusal(without)[:2] == (401, "key-needed")
    assert refusal(posted(mint, RENAMED, key="wrong"))[:2] == (401, "key-needed")
    answer = posted(mint, RENAMED, key=reader)
    assert refusal(answer)[:2] == (403, "scope-needed")
    assert 'scope="record"' in answer.headers["www-authenticate"]


def test_the_key_comes_before_the_body_and_its_limit(mint: Server) -> None:
    """413 for who may record; who may not is told nothing of limits."""
    large = b" " * (MAX_ENTRY_BYTES + 1)

    assert refusal(posted(mint, large))[:2] == (413, "too-large")
    assert refusal(posted(mint, large, key="wrong"))[:2] == (401, "key-needed")
    assert posted(mint, json.dumps([RENAMED]).encode().ljust(MAX_ENTRY_BYTES)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b'"x"', b"7", b"[1]", b"[[]]", b'[{"entry": "x", "changes": []}]', b'{"entries": []}'],
)
def test_what_is_no_entry_is_refused_whole(mint: Server, body: bytes) -> None:
    """A draft that cannot be read has no consequences to show."""
    status, kind, document = refusal(posted(mint, body))

    assert (status, kind) == (422, "entry-unreadable")
    assert document["reasons"]


def test_of_several_drafts_the_unreadable_one_is_named_by_its_number(mint: Server) -> None:
    """Somebody sends fifty."""
    *_, document = refusal(posted(mint, [RENAMED, {"entry": "x", "changes": [{"kind": "unit-renmed"}]}]))

    assert "entry 2" in document["detail"]


def test_no_drafts_change_nothing(mint: Server) -> None:
    """An empty list is a list."""
    assert preview(mint, [])["diff"] == {"changes": [], "counts": {}, "left_out": None}


def test_a_preview_is_not_kept_by_caches(mint: Server) -> None:
    """It is an answer to a POST, about a log that grows."""
    answer = posted(mint, RENAMED)

    assert "etag" not in answer.headers
    assert "immutable" not in answer.headers.get("cache-control", "")
