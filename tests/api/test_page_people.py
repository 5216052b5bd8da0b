"""Pages of counts, of moves between bodies, of the log and of what is disputed: they tell what the JSON tells."""

from __future__ import annotations

from html import unescape

import pytest

from tests.api.conftest import Server
from tests.api.test_http_counts import PEOPLE, claimed
from tests.api.test_http_doubt import DISPUTED
from tests.api.test_http_flows import MOVES
from tests.api.test_pages import page, words


@pytest.mark.parametrize(
    ("value", "during", "told"),
    [
        (3, "1804-01-01/1809-12-31", "The record agrees, if one counts who held it."),
        (2, "1804-01-01/1809-12-31", "The record agrees, if one counts who took it, or who left it."),
        (7, "1804-01-01/1809-12-31", "The record agrees in no way of counting."),
    ],
)
def test_a_claim_stands_beside_the_people_and_the_way_of_counting_that_fits(
    mint: Server, value: int, during: str, told: str
) -> None:
    """Whoever reads a number sees who is behind it, and that the time claimed is a span and not some day."""
    # given
    assert mint.record(PEOPLE).status_code == 201
    entry = {"entry": "almanac", "effective": "1812", "changes": [claimed(value, during)]}
    assert mint.record(entry).status_code == 201

    # when
    text = words(page(mint, "/counts"))

    # then
    assert f"Almanac counts {value}: Warden , 1 January 1804 – 31 December 1809" in text
    assert told in text
    assert "Ann" in text
    assert "Bob" in text
    assert "Cat" in text


def test_who_moved_is_told_with_both_bodies_and_each_sum_leads_to_its_moves(mint: Server) -> None:
    """Ann goes from the mint to the senate; nobody goes the other way."""
    # given
    assert mint.record(MOVES).status_code == 201

    # when
    ever, back = words(page(mint, "/flows")), words(page(mint, "/flows?from=senate"))

    # then
    assert "Out of any body into any other, at any time" in ever
    assert "Mining Department Senate 1 1" in ever
    assert "Ann Warden Mint Clerk Senate 1 January 1815 by one act decree No. 9 of 1 January 1815" in ever
    assert "./flows?from=mining&to=senate" in unescape(page(mint, "/flows"))
    assert "Out of Senate into any other" in back
    assert "Nobody is known to have moved so." in back


@pytest.mark.parametrize(("since", "moved"), [("1815-01-01", True), ("1815-01-02", False)])
def test_the_first_day_of_a_time_counts_and_empty_fields_ask_nothing(mint: Server, since: str, moved: bool) -> None:
    """A form sends its empty fields too."""
    assert mint.record(MOVES).status_code == 201

    text = page(mint, f"/flows?from=mint&to=&since={since}&until=")

    assert ("decree No. 9" in text) is moved
    assert f'name="since" value="{since}"' in text


def test_the_log_is_read_page_by_page_with_its_fields_as_stored(mint: Server) -> None:
    """Each page names the next; the last has none."""
    # when
    first, last = page(mint, "/events?limit=6"), page(mint, "/events?after=6&limit=6")

    # then
    assert "positions 1 to 6 of 10" in first
    assert unescape(first).count('rel="next" href="./events?limit=6&after=6"') == 2
    assert "positions 7 to 10 of 10" in last
    assert 'rel="next"' not in last
    assert 'rel="prev"' in last
    told = words(last)
    for row in mint.get("/events", after=6)["events"]:
        assert row["hash"] in told
        assert row["event_id"] in told


def test_what_is_withheld_is_not_told_by_the_log(mint: Server) -> None:
    """That something stands there is told, with who said so and why."""
    # given
    taken = {"kind": "redacted", "targets": ["founding#5"], "scope": "all", "ground": "privacy"}
    mint.record({"entry": "taken", "changes": [taken]})
    (row,) = [row for row in mint.get("/events")["events"] if row["redacted"]]

    # when
    text = page(mint, "/events")

    # then
    assert row["change"] is None
    (line,) = [line for line in text.split('<tr id="p') if line.startswith(f'{row["position"]}"')]
    assert "withheld" in line
    assert "privacy" in text


def test_a_finding_tells_both_sides_and_the_rule_that_chose(mint: Server) -> None:
    """Three sources date the end of the shop; one was preferred by an editor."""
    # given
    for written in DISPUTED:
        assert mint.record(written).status_code == 201

    # when
    text = words(page(mint, "/findings"))

    # then
    assert "Casting Shop : end" in text
    assert "1 January 1808 entry memoir" in text
    assert "1 June 1806 entry almanac corrected" in text
    assert "preferred reading" in text
