"""Counts and the later kinds of facts on the command line, as a historian reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.phrases import WORDS, during_phrase
from domain.changes import KINDS
from tests.api.commandline import Ask, line_with, recorded_in
from tests.api.mended import ENTRIES, FORGED


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the register of the mint, mended."""
    return recorded_in(tmp_path_factory.mktemp("mint"), "mint", ENTRIES)


# --- counts


def test_a_claimed_number_is_told_with_the_people_on_record(ask: Ask) -> None:
    """A historian sees at once who is missing."""
    shown = ask("counts", "mint")

    lines = [line.rstrip() for line in shown.splitlines()]
    at = next(i for i, line in enumerate(lines) if line.startswith("3 wardens"))
    assert lines[at].startswith("3 wardens, Warden [warden], 1802 to 1812, says the Almanac — MISMATCH")
    assert lines[at + 1 : at + 5] == [
        "  claimed by entry almanac#2",
        "  held     1  Ann Lee [ann]",
        "  began    1  Ann Lee [ann]",
        "  ended    0",
    ]
    clerks = line_with(shown, "1 clerks, Assay [assay], 1802 to 1812")
    assert "fits those who held it then and those who began then" in clerks
    assert "Bob Ray [bob]" in shown


def test_counts_are_asked_like_everything(ask: Ask) -> None:
    """As JSON, and as known then."""
    answer = json.loads(ask("counts", "mint", "--json"))

    assert list(answer["counts"]) == ["almanac#2", "almanac#3"]
    assert ask("counts", "mint", "--known-at", "15").splitlines()[-1] == "no numbers are claimed"


# --- functions, quantities, claims, identities, what is withheld


def test_a_structure_shows_functions_quantities_and_portfolios(ask: Ask) -> None:
    """Of units and of posts, each with who has it."""
    shown = ask("structure", "mint", "--as-of", "1805-06-10", "--known-at", FORGED)

    assert line_with(shown, "Mint [mint]", "strikes coin [coining]", "since 20 September 1802, ends 1 July 1811")
    assert line_with(shown, "Warden [warden]", "keeps the seals [seals]")
    assert line_with(shown, "Mint [mint]", "staff", "about 40, says the Almanac", "possible", "entry almanac#1")
    assert "in charge of coin and medals" in line_with(shown, "• Warden [warden]")


@pytest.mark.parametrize(
    ("thing", "told"),
    [
        (
            "mint",
            [
                "units that ever hung on it: Assay [assay]",
                "posts that ever hung on it: Warden [warden]",
                "strikes coin [coining]",
                "coin for the realm",
                "decree No. 1 of 8 September 1802, art. 2 (founding#13)",
                "staff: 41",
                "rule: strikes no copper (1803 to 1804)",
            ],
        ),
        (
            "warden",
            ["keeps the seals [seals]", "3 wardens, 1802 to 1812", "coin and medals", "acting"],
        ),
        ("ann", ["also written Анна Ли", "born about 1770", "education", "Riga"]),
        ("bob", ["Bob Ray [bob]", "also called robert", "Clerk [clerk]"]),
        ("robert", ["Bob Ray [bob]", "also called robert", "Clerk [clerk]"]),
        ("decree-2", ["decree No. 2 of 20 June 1811 [decree-2]", "signed 20 June 1811", "≈ serves otherwise"]),
        (
            "almanac",
            [
                "entry [almanac]",
                "recorded at positions 16 to 21 by import",
                "is corrected by mending#3",
                "is withheld",
                "# number of holders claimed",
            ],
        ),
        ("mending", ["decree-2#1: a forgery", "almanac#1: misprint", "almanac#6: privacy"]),
        ("one-man", ["entry [one-man]", "recorded at position 32 by import", "bob, robert: one man"]),
    ],
)
def test_a_history_tells_everything_of_its_thing(ask: Ask, thing: str, told: list[str]) -> None:
    """Functions, mandates, claims, lives, and under which ids."""
    shown = ask("history", "mint", thing)

    for words in told:
        assert words in shown
    assert "slander" not in shown


def test_before_the_unification_each_id_had_its_own_history(ask: Ask) -> None:
    """As over HTTP."""
    assert "Robert Ray [robert]" in ask("history", "mint", "robert", "--known-at", FORGED)
    assert json.loads(ask("history", "mint", "robert", "--json"))["id"] == "bob"


def test_what_is_withheld_is_shown_nowhere(ask: Ask) -> None:
    """Not as known before it was withheld either."""
    questions: list[list[Any]] = [
        *(["history", "mint", thing] for thing in ("mint", "almanac", "mending")),
        ["structure", "mint", "--as-of", "1805-06-10"],
    ]
    for question in questions:
        for more in ([], ["--json"], ["--known-at", FORGED], ["--known-at", FORGED, "--json"]):
            if question[-1] != "mending" or "--known-at" not in more:
                assert "slander" not in ask(*question, *more)


def test_the_effect_of_a_transfer_of_a_function_names_it(ask: Ask) -> None:
    """Who has what, by which change."""
    assert "Treasury [treasury]" in line_with(ask("history", "mint", "decree-2"), "→ function passes")


def test_every_kind_of_change_has_its_words() -> None:
    """An entry's effects read as words, not as codes."""
    assert KINDS.keys() <= WORDS.keys()


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("1802/1812", "1802 to 1812"),
        ("1802-09/1812-01-01", "September 1802 to 1 January 1812"),
        ("1805", "1805"),
        ("../1805", "1805 or before"),
        ("1805/..", "1805 or after"),
        (None, "at no stated time"),
    ],
)
def test_a_time_that_is_claimed_is_all_of_it(edtf: str | None, words: str) -> None:
    """Of a claim `a/b` is no single day."""
    assert during_phrase(edtf) == words
