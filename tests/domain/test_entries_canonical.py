"""The canonical form of an entry: written and read back, it is equal byte for byte."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.entries import (
    Entry,
    canonical_yaml,
    entry_from,
    entry_from_json,
    entry_from_yaml,
    plain_yaml,
    yaml_text,
)
from domain.errors import EntryUnreadable
from tests import strategies
from tests.history import unit

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x85"), min_size=1, max_size=60)


@given(strategies.registers())
@settings(max_examples=60, deadline=None)
def test_written_canonically_every_entry_reads_back_equal_and_byte_for_byte(entries: list[Entry]) -> None:
    """What an export writes, an import takes, and writes again the same."""
    for entry in entries:
        written = canonical_yaml(entry)

        again = entry_from_yaml(written, "here")

        assert again == entry
        assert again.written() == entry.written()
        assert canonical_yaml(again) == written


@given(strategies.corrected_registers())
@settings(max_examples=40, deadline=None)
def test_corrections_are_written_canonically_too(entries: list[Entry]) -> None:
    """Also as JSON, and what each makes is the same event."""
    for entry in entries:
        again = entry_from_yaml(canonical_yaml(entry), "here")
        as_json = entry_from_json(json.dumps(entry.written()).encode(), "here")

        def stored(of: Entry) -> list[bytes]:
            return [event.stored() for event in of.events("mint", "me", lambda _: None)]

        assert stored(again) == stored(as_json) == stored(entry)


@given(WORDS)
@settings(max_examples=300, deadline=None)
def test_any_text_survives_yaml(words: str) -> None:
    """Wording is quoted from archives: blanks at the ends, colons, signs of any script."""
    data = {"entry": "e", "effective": "2005", "changes": [{**unit("assay"), "note": words}]}
    try:
        entry = entry_from(data, "here")
    except EntryUnreadable:
        return  # control characters are no text of an entry

    written = canonical_yaml(entry)

    assert entry_from_yaml(written, "here") == entry
    assert canonical_yaml(entry_from_yaml(written, "here")) == written


@pytest.mark.parametrize("words", ["\x85", "a\x85b"])
def test_the_next_line_sign_survives_yaml_or_is_refused(words: str) -> None:
    """U+0085 is a line break to YAML and comes with texts copied from old pages."""
    data = {"entry": "e", "effective": "2005", "changes": [{**unit("assay"), "note": words}]}
    try:
        entry = entry_from(data, "here")
    except EntryUnreadable:
        return

    assert entry_from_yaml(canonical_yaml(entry), "here") == entry


@pytest.mark.parametrize(
    "words",
    [
        "null",
        "true",
        "2019",
        "2023-09-01",
        "~",
        "",
        "- a",
        "a: b",
        "#x",
        "'",
        '"',
        " a ",
        "a\nb",
        "a\n",
        "\ta",
        "é",
        "№ 5",
    ],
)
def test_words_that_mean_something_in_yaml_are_quoted(words: str) -> None:
    """The text `null` is not null."""
    assert plain_yaml(yaml_text({"a": words, "b": [words]}), "here") == {"a": words, "b": [words]}


def test_what_was_not_written_is_not_written_out() -> None:
    """The canonical form holds the fields that the editor gave, and no others."""
    data = {"entry": "e", "effective": None, "changes": [{"kind": "unit-abolished", "unit": "a", "effective": None}]}

    assert entry_from(data, "here").written() == data
