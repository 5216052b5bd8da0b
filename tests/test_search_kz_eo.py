"""Everybody in the bundled register is found by each spelling it holds, and by the usual ones in three alphabets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.registers import read_register, record_in_pages
from api.store import readings_in_memory
from domain.changes import PersonRegistered, PersonRenamed
from domain.things import stated
from projections.search import Wanted
from projections.tables.reading import Reading

HERE = Path(__file__).parent
KZ_EO = HERE.parent / "fixtures" / "kz-eo"
USUAL = [line.split("\t") for line in (HERE / "data" / "kz-eo-spellings.tsv").read_text(encoding="utf-8").splitlines()]
"""Person, with the name as Russian, Kazakh and English texts usually write it; transcribed for this test."""

ANOTHER_NAME = {"Әнуар Сайденов"}
"""Kazakh Әнуар is Anvar by meaning, not by its letters: it takes a source that says so."""


@pytest.fixture(scope="module")
def register() -> Iterator[Reading]:
    """The register, as its tables tell of it."""
    with readings_in_memory() as readings:
        verdicts = list(record_in_pages(read_register(KZ_EO), readings.registers, "test"))
        assert verdicts
        head = readings.registers.head_at("kz-eo", None)
        with readings.at("kz-eo", head.position) as reading:
            yield reading


def persons(register: Reading, text: str) -> dict[str, Any]:
    """The persons who are called so, by id."""
    found: dict[str, Any] = register.search(Wanted(text), None, ("person",), 20)["persons"]
    return found


def spellings(register: Reading) -> set[tuple[str, str]]:
    """Each person with each spelling that the log holds."""
    events = register.archive.events(range(1, register.position + 1)).values()
    changes = [stated(event.change) for event in events]
    told = [one for one in changes if isinstance(one, PersonRegistered | PersonRenamed)]
    names = [(one.person, [one.name, *getattr(one, "names", ())]) for one in told]
    return {(person, text) for person, written in names for name in written for text in name.values()}


def test_everybody_is_found_by_every_spelling_of_the_register(register: Reading) -> None:
    """As it is written, and by the last word of it alone, in capitals."""
    held = spellings(register)
    missed = [(p, text) for p, text in held if not (p in persons(register, text) and p in surnamed(register, text))]

    assert len({person for person, _ in held}) > 80
    assert not missed


def surnamed(register: Reading, text: str) -> dict[str, Any]:
    """Who is found by the last word of a name, in capitals."""
    return persons(register, text.split()[-1].upper())


def test_everybody_has_the_usual_spellings_in_the_test() -> None:
    """Whoever is entered next is asked for in three alphabets too."""
    assert len({person for person, *_ in USUAL}) == len(USUAL)


def test_nobody_of_the_register_is_forgotten_here(register: Reading) -> None:
    """The list below is of all of them."""
    assert {person for person, *_ in USUAL} == {person for person, _ in spellings(register)}


@pytest.mark.parametrize("language", [0, 1, 2], ids=["Russian", "Kazakh", "English"])
def test_everybody_is_found_by_the_usual_spelling(register: Reading, language: int) -> None:
    """Of 264 spellings that were written down before the table was tried on them, one is another name."""
    missed = {names[language] for person, *names in USUAL if person not in persons(register, names[language])}

    assert missed == (ANOTHER_NAME if language == 1 else set())


@pytest.mark.parametrize("language", [0, 2], ids=["Russian", "English"])
def test_the_usual_spelling_finds_nearly_nobody_else(register: Reading, language: int) -> None:
    """A full name is one person: whoever is found beside is a namesake."""
    found = [len(persons(register, names[language])) for _, *names in USUAL]

    assert max(found) == 1


def test_names_are_found_as_far_as_they_are_typed(register: Reading) -> None:
    """From the third letter on, but where it is half of one that English writes with two."""
    missed = []
    for person, text in spellings(register):
        for word in text.replace("-", " ").replace(".", "").split():
            for length in range(3, len(word)):
                typed = word[:length]
                if not typed.lower().endswith(("z", "d", "k", "c")) and person not in persons(register, typed):
                    missed.append((typed, text))

    assert not missed
