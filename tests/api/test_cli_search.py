"""Looking for names on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.api.commandline import Ask, recorded_in

ENTRIES = {
    "1-founding.yaml": """
entry: founding
effective: 1995-10-20
changes:
  - {kind: unit-established, unit: office, name: {en: Administration, ru: Администрация}}
  - {kind: person-registered, person: karin, name: {kk: Ерлан Қарин}}
  - {kind: period-defined, period: nineties, name: {en: Nineties}, bounds: 1990-01-01/1999-12-31}
""",
    "2-decree.yaml": """
entry: decree
instrument: {kind: decree, number: 552, signed: 2008-03-11}
changes:
  - {kind: unit-renamed, unit: office, name: {en: Chancellery}}
""",
}


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the register of the office."""
    return recorded_in(tmp_path_factory.mktemp("office"), "office", ENTRIES)


def test_names_are_shown_with_what_matched(ask: Ask) -> None:
    """Now, then and on which days."""
    assert "Ерлан Қарин [karin]" in ask("search", "office", "Karin")
    eve = ask("search", "office", "administration", "--as-of", "2008-03-10")
    assert "Chancellery [office]" in eve
    assert "Administration from 20 October 1995 until 11 March 2008" in eve
    assert "nothing is called so" in ask("search", "office", "administration", "--as-of", "2008-03-11")
    assert "552" in ask("search", "office", "552", "--kind", "instrument")


def test_a_period_finds_the_names_borne_in_it(ask: Ask) -> None:
    """Its days are told; a day and a period are two questions."""
    found = ask("search", "office", "administration", "--during", "nineties")
    assert "in Nineties [nineties], 1 January 1990 to 31 December 1999" in found
    assert "Administration from 20 October 1995" in found
    assert "nothing is called so" in ask("search", "office", "chancellery", "--during", "nineties")
    both = ask("search", "office", "x", "--as-of", "2008-03-10", "--during", "nineties", status=2)
    assert "not asked together" in both


def test_json_is_the_answer_of_the_server(ask: Ask) -> None:
    """Word for word what HTTP gives."""
    answer = json.loads(ask("search", "office", "министр", "--json", "--limit", "1"))

    assert answer["ranking"] == [["unit", "office"]]
    assert answer["units"]["office"]["matched"][0]["how"] == "inside"


def test_what_is_no_name_is_refused(ask: Ask) -> None:
    """A wrong call, status 2."""
    assert "no letter and no digit" in ask("search", "office", "—", status=2)
