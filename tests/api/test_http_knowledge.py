"""What was learned of one day between two known positions: rows with the entry that brought each."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import FOUNDING, Server
from tests.api.learning import AS_PATCH, DIFF, MENDED, RENAMED, entry, learned, recorded, told


def test_what_was_learned_of_a_day_names_the_entry_that_brought_it(mint: Server) -> None:
    """The decree of 1811 was found after the founding: of its day this was not known before."""
    # when
    answer = learned(mint, "1811-07-01", 7, 10)

    # then
    assert told(answer) == [
        (
            "unit-established",
            {"unit": "mining"},
            None,
            {"name": {"en": "Mining Department"}, "kind": None, "parent": None, "order": None},
            "mining#1",
        ),
        ("unit-moved", {"unit": "mint"}, {"parent": "treasury"}, {"parent": "mining"}, "mining#2"),
    ]
    assert answer["changes"][1]["cause"]["instrument"]["number"] == "7"
    assert answer["changes"][1]["cause"]["provision"] == "art. 3"
    assert answer["changes"][1]["effective"] == "1811-07-01"
    assert (answer["ended"], answer["new"], answer["links"]) == ([], ["mining"], [])
    counts = {kind: n for kind, n in answer["counts"].items() if kind != "regraded"}
    assert counts == {"unit-established": 1, "unit-moved": 1}


def test_the_answer_repeats_both_positions(mint: Server) -> None:
    """Each with the hash by which it can be cited."""
    answer = learned(mint, "1811-07-01", 7, 10)

    assert (answer["institution"], answer["as_of"], answer["rules"]) == ("mint", "1811-07-01", 3)
    assert [answer[side]["position"] for side in ("known_from", "known_to")] == [7, 10]
    assert answer["known_to"] == answer["known_at"] == mint.get("/findings")["known_at"]
    assert answer["known_from"] == mint.get("/findings", known_at=7)["known_at"]


def test_of_another_day_something_else_was_learned(mint: Server) -> None:
    """On the eve the mint stood where it had stood."""
    assert learned(mint, "1811-06-30", 7, 10)["changes"] == []
    assert learned(mint, "1811-07-01", 10, 10)["changes"] == []
    assert learned(mint, "1811-07-01", 0, 0)["changes"] == []


@pytest.mark.parametrize(
    ("known_from", "known_to", "positions"),
    [
        ("2024-05-24T12:30:00Z", "2024-05-24T13:00:00Z", [7, 10]),
        ("2024-05-24T17:30:00+05:00", "10", [7, 10]),
        ("0", "2024-05-24T12:00:00Z", [0, 7]),
        ("9", "10", [7, 10]),
        ("3", "9", [0, 7]),
    ],
)
def test_positions_may_be_instants_and_mean_whole_entries(
    mint: Server, known_from: str, known_to: str, positions: list[int]
) -> None:
    """When somebody looked is a known position too, and an entry is known whole or not at all."""
    answer = learned(mint, "1811-07-01", known_from, known_to)

    assert [answer[side]["position"] for side in ("known_from", "known_to")] == positions
    assert answer["changes"] == learned(mint, "1811-07-01", *positions)["changes"]


# --- causes and kinds


def test_what_an_annulment_took_away_is_called_annulled(mint: Server) -> None:
    """The decree was a forgery: the move is withdrawn, and nothing moved back."""
    (end,) = recorded(mint, MENDED)

    assert told(learned(mint, "1811-07-01", 10, end)) == [
        ("annulled", {"unit": "mint"}, {"parent": "mining"}, {"parent": "treasury"}, "mended#1")
    ]
    whole_life = learned(mint, "1811-07-01", 7, end)
    assert [row[0] for row in told(whole_life)] == ["unit-established"]


def test_what_a_correction_took_away_is_called_corrected(mint: Server) -> None:
    """Ann took office thirteen years later than was read."""
    appointed = {**FOUNDING["changes"][5], "effective": "1815-01-01"}
    correction = {"kind": "corrected", "target": "founding#6", "change": appointed, "reason": "misread"}

    (end,) = recorded(mint, entry("corrected", correction))

    assert told(learned(mint, "1811-07-01", 10, end)) == [
        (
            "corrected",
            {"person": "ann", "post": "warden", "tenure": "founding#6"},
            {"tenure": "founding#6", "person": "ann", "post": "warden", "capacity": "substantive"},
            None,
            "corrected#1",
        )
    ]
    assert learned(mint, "1815-01-01", 10, end)["changes"] == []


def test_what_a_correction_brought_is_of_the_kind_of_the_fact(mint: Server) -> None:
    """Read anew, the decree moved the mint nowhere and renamed it."""
    change = {**RENAMED, "provision": "art. 4"}
    (end,) = recorded(
        mint, entry("fix", {"kind": "corrected", "target": "mining#2", "change": change, "reason": "misread"})
    )

    rows = {row[0]: row for row in told(learned(mint, "1811-07-01", 10, end))}

    assert rows.keys() == {"unit-renamed", "corrected"}
    assert rows["unit-renamed"][2:] == ({"name": {"en": "Mint"}}, {"name": {"en": "Royal Mint"}}, "fix#1")
    assert rows["corrected"][2:] == ({"parent": "mining"}, {"parent": "treasury"}, "fix#1")


def test_what_an_annulment_gives_back_is_of_the_kind_of_the_fact(mint: Server) -> None:
    """The abolition never was: with the mint its post and its warden stand again."""
    before, end = recorded(
        mint,
        entry("end", {"kind": "unit-abolished", "unit": "mint"}, on="1815-01-01"),
        entry("undone", {"kind": "annulled", "target": "end", "reason": "a draft, never signed"}),
    )

    rows = learned(mint, "1816-01-01", before, end)["changes"]

    assert {(row["kind"], row["cause"]["entry"]) for row in rows} == {
        ("unit-established", "undone"),
        ("post-created", "undone"),
        ("appointed", "undone"),
    }
    lost = learned(mint, "1816-01-01", 10, before)["changes"]
    assert {(row["kind"], row["implied"], row["cause"]["event"]) for row in lost} == {
        ("unit-abolished", False, "end#1"),
        ("post-abolished", True, "end#1"),
        ("released", True, "end#1"),
    }


def test_the_cause_is_the_last_entry_at_which_the_row_changed(mint: Server) -> None:
    """Recorded, withdrawn, and found true after all: the last of the three brought what is known now."""
    first, second, third, _ = recorded(
        mint,
        entry("one", RENAMED, on="1820-01-01"),
        entry("two", {"kind": "annulled", "target": "one", "reason": "doubtful"}),
        entry("three", RENAMED, on="1820-01-01"),
        entry("four", {"kind": "unit-attested", "unit": "mint"}, on="1825-01-01"),
    )

    def event(known_to: int) -> list[str]:
        return [row[-1] for row in told(learned(mint, "1820-01-01", 10, known_to))]

    assert [event(end) for end in (first, second, third, third + 1)] == [["one#1"], [], ["three#1"], ["three#1"]]


def test_a_second_source_is_not_the_cause_of_what_the_first_told(mint: Server) -> None:
    """Corroboration makes nothing known that was not."""
    _, end = recorded(
        mint,
        entry("found", {"kind": "unit-established", "unit": "works", "name": {"en": "Works"}}, on="1803-01-01"),
        entry("again", {"kind": "unit-attested", "unit": "works", "name": {"en": "Works"}}, on="1804-01-01"),
    )

    assert [row[-1] for row in told(learned(mint, "1804-01-01", 10, end))] == ["found#1"]


def test_a_holder_of_one_seat_learned_of_late_replaces_the_one_believed(mint: Server) -> None:
    """Known as holder changed; and withdrawn again, as annulled on the same post."""
    bob = {"kind": "person-registered", "person": "bob", "name": {"en": "Bob"}}
    named = {"kind": "appointed", "person": "bob", "post": "warden", "capacity": "substantive"}
    one, two = recorded(
        mint,
        entry("bob", bob, named, on="1805-01-01"),
        entry("not-bob", {"kind": "annulled", "target": "bob#2", "reason": "another Bob"}),
    )

    (came,) = learned(mint, "1806-01-01", 10, one)["changes"]
    (went,) = learned(mint, "1806-01-01", one, two)["changes"]

    assert (came["kind"], came["subject"], came["cause"]["event"]) == ("holder-changed", {"post": "warden"}, "bob#2")
    assert (came["before"]["person"], came["after"]["person"]) == ("ann", "bob")
    assert (went["kind"], went["subject"], went["cause"]["event"]) == ("annulled", {"post": "warden"}, "not-bob#1")
    assert (went["before"]["person"], went["after"]["person"]) == ("bob", "ann")


def test_functions_relations_and_numbers_are_learned_and_withdrawn(mint: Server) -> None:
    """Each kind of thing has its row, both ways."""
    changes: list[dict[str, Any]] = [
        {"kind": "function-assigned", "holder": "mint", "function": "coining", "text": {"en": "Strikes coin"}},
        {"kind": "relation-started", "subject": "mint", "object": "treasury", "relation": "supports"},
        {"kind": "seats-changed", "post": "warden", "seats": 2},
        {"kind": "capacity-changed", "person": "ann", "post": "warden", "capacity": "acting"},
        {"kind": "quantity-observed", "subject": "mint", "quantity": "staff", "value": 40},
    ]
    one, two = recorded(
        mint,
        entry("more", *changes, on="1812-01-01"),
        entry("less", {"kind": "annulled", "target": "more", "reason": "a draft"}),
    )

    came, went = learned(mint, "1812-01-01", 10, one), learned(mint, "1812-01-01", one, two)

    assert {row[0]: row[-1] for row in told(came)} == {
        "function-assigned": "more#1",
        "relation-started": "more#2",
        "seats-changed": "more#3",
        "capacity-changed": "more#4",
        "quantity-observed": "more#5",
    }
    assert {row[0] for row in told(went)} == {"annulled"}
    assert went["counts"]["annulled"] == 5
    assert learned(mint, "1812-01-01", 10, two)["changes"] == []


# --- what is not as the semantics have it


def test_a_corrected_day_is_brought_by_the_correction(mint: Server) -> None:
    """The row says 1812; the entry that is named as its cause says 1803."""
    works = {"kind": "unit-established", "unit": "works", "name": {"en": "Works"}}
    change = {**works, "effective": "1812-01-01"}
    _, end = recorded(
        mint,
        entry("works", works, on="1803-01-01"),
        entry("dated", {"kind": "corrected", "target": "works#1", "change": change, "reason": "misread"}),
    )

    (row,) = learned(mint, "1820-01-01", 10, end)["changes"]

    assert row["effective"] == "1812-01-01"
    assert row["cause"]["event"] == "dated#1"


def test_what_falls_with_an_annulled_thing_is_annulled_with_it(mint: Server) -> None:
    """The post never was, so nobody ever held it; the decree that says so has a number of its own."""
    undone = entry("undone", {"kind": "annulled", "target": "founding#4", "reason": "a forgery"})
    (end,) = recorded(mint, {**undone, "instrument": {"kind": "decree", "number": "8", "signed": "1830-01-01"}})

    rows = learned(mint, "1811-07-01", 10, end)["changes"]

    assert {(row["kind"], row["cause"]["event"]) for row in rows} == {("annulled", "undone#1")}


@pytest.mark.parametrize("kind", ["annulled", "corrected"])
def test_unnamed_units_that_did_not_end_are_told(mint: Server, kind: str) -> None:
    """Four offices were believed to end that day, and did not; or they were three."""
    four = {"kind": "unnamed-units-abolished", "count": 4, "unit_kind": "office", "parent": "mint"}
    control: dict[str, Any] = {"kind": kind, "target": "four#1", "reason": "misread"}
    control |= {"change": {**four, "count": 3}} if kind == "corrected" else {}
    one, two = recorded(mint, entry("four", four, on="1812-01-01"), entry("mended", control))

    assert [row["kind"] for row in learned(mint, "1812-01-01", 10, one)["changes"]] == ["unnamed-units-abolished"]
    assert [row["cause"]["entry"] for row in learned(mint, "1812-01-01", one, two)["changes"]] == ["mended"]


def test_a_corrected_number_is_learned(mint: Server) -> None:
    """The patch has it, and no row tells it."""
    forty = {"kind": "quantity-observed", "subject": "mint", "quantity": "staff", "value": 40}
    change = {**forty, "value": 50}
    one, two = recorded(
        mint,
        entry("forty", forty, on="1812-01-01"),
        entry("fifty", {"kind": "corrected", "target": "forty#1", "change": change, "reason": "misread"}),
    )
    query: dict[str, Any] = {"as_of": "1812-01-01", "known_from": one, "known_to": two}

    assert mint.client.get(DIFF, params=query, headers=AS_PATCH).json()
    assert [row["cause"]["entry"] for row in learned(mint, "1812-01-01", one, two)["changes"]] == ["fifty"]
