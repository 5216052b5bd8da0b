"""Every fact of the list is in an entry, merged with another, or left out for a reason; made pages are current."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from domain.entries import Entry, entry_from
from ledger.__main__ import REGISTER, ROOT, pages
from ledger.facts import ROWS, Fact, entries_in, facts_in, faults, page

ROW, OTHER = ROWS[:2]


def entry(locator: str, name: str = "1802-mint") -> Entry:
    """An entry that establishes a mint, by a source that it registers."""
    registered = {"kind": "source-registered", "source": "psz", "title": {"en": "Laws"}, "effective": None}
    unit = {"kind": "unit-established", "unit": "mint", "name": {"en": "Mint"}, "unit_kind": None, "parent": None}
    source = {"source": "psz", "locator": locator}
    changes = [registered, {**unit, "sources": [source]}]
    return entry_from({"entry": name, "effective": "1802", "changes": changes}, "test")


def fact(row: str, entries: tuple[str, ...] = ("1802-mint",)) -> Fact:
    """A fact that is entered."""
    return Fact(row, "1802", "mint", ("psz",), "entered", entries, (), "")


def of(row: str, facts: list[Fact], *entries: Entry) -> list[str]:
    """The faults of one row."""
    return [told for told in faults(facts, {each.entry: each for each in entries}) if told.startswith(row)]


# --- the register


def test_the_list_of_facts_has_390_rows() -> None:
    """Its numbers go further, for some are skipped."""
    assert (len(ROWS), ROWS[0], ROWS[-1]) == (390, "eo-001", "eo-415")


def test_every_fact_is_accounted_for() -> None:
    """Entered with its own source, merged, or left out with the reason: nothing is forgotten, nothing is twice."""
    amiss = faults(facts_in(REGISTER), entries_in(REGISTER))
    shown = "\n".join(amiss[:40])
    assert not amiss, f"{len(amiss)} faults (an entry that is missing is still to be written):\n{shown}"


@pytest.mark.parametrize("path", [ROOT / "fixtures/kz-eo/FACTS.md", ROOT / "docs/heads.md"], ids=lambda path: path.name)
def test_a_made_page_is_current(path: Path) -> None:
    """A page that tells what the register told last year misleads; `python -m ledger` makes both."""
    assert path.read_text(encoding="utf-8") == pages()[path]


# --- what the check sees


def test_a_fact_that_its_entry_cites_is_accounted_for() -> None:
    """The place in the source names the row."""
    assert of(ROW, [fact(ROW)], entry(f"art. 1; fact {ROW}")) == []


def test_a_row_without_a_line_or_with_two_is_told() -> None:
    """Both are how a fact gets lost."""
    assert of(OTHER, [fact(ROW)], entry(f"fact {ROW}")) == [f"{OTHER}: no line of facts.tsv accounts for it"]
    twice = [fact(ROW), fact(ROW)]
    assert of(ROW, twice, entry(f"fact {ROW}")) == [f"{ROW}: 2 lines of facts.tsv account for it"]


def test_an_entry_that_is_missing_or_cites_another_place_is_told() -> None:
    """A line that points to nothing would be a promise."""
    assert of(ROW, [fact(ROW)], entry(f"fact {ROW}", "1803-mint")) == [
        f"{ROW}: there is no entry 1802-mint",
        f"{ROW}: 1803-mint cites it, and facts.tsv has it elsewhere",
    ]
    [uncited] = of(ROW, [fact(ROW)], entry("art. 1"))
    assert uncited == f"{ROW}: 1802-mint does not cite psz with the locator `fact {ROW}`"


def test_what_is_left_out_needs_a_reason_and_no_entry() -> None:
    """Left out without a word is forgotten."""
    left_out = replace(fact(ROW, ()), disposition="left-out", sources=(), reason="no-source")
    assert of(ROW, [left_out]) == []
    assert of(ROW, [replace(left_out, reason="")]) == [
        f"{ROW}: what is left out has a reason, and nothing else has one"
    ]
    assert of(ROW, [replace(left_out, entries=("1802-mint",))], entry("art. 1")) != []


def test_a_merged_row_names_what_it_corroborates() -> None:
    """And its source is cited beside that of the other."""
    merged = replace(fact(OTHER), disposition="merged")
    assert of(OTHER, [fact(ROW), merged], entry(f"fact {ROW}; fact {OTHER}")) == [
        f"{OTHER}: it is merged with no other row"
    ]
    assert of(OTHER, [fact(ROW), replace(merged, others=(ROW,))], entry(f"fact {ROW}; fact {OTHER}")) == []


def test_the_page_tells_what_became_of_a_fact() -> None:
    """In one line, with those that say otherwise."""
    against = replace(fact(ROW), others=(OTHER,))
    text = page([against], {"1802-mint": entry(f"fact {ROW}")})
    assert f"| {ROW} | 1802 | mint | `psz` | entered: `1802-mint`, against {OTHER} |" in text
    assert "| `psz` | Laws | None | undated |" in text
