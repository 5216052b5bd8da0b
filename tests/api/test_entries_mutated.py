"""Entries near good ones with anything in them: recorded whole, or refused in words with nothing stored."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings

from api import examples
from api.store import registers_in_memory
from domain.entries import canonical_yaml, entry_from, entry_from_json, entry_from_yaml, yaml_text
from domain.errors import EntryUnreadable, RegisterError
from tests.mutations import mutated_entries


def faults_of_taking(data: Any) -> list[str]:
    """What is wrong with how *data* is taken into the register of the examples; nothing, if all is well."""
    found = []
    try:
        entry = entry_from_json(json.dumps(data).encode(), "it")
    except EntryUnreadable as refusal:
        return [] if refusal.reasons and len(str(refusal)) < 100_000 else ["it was refused without a reason"]
    if entry_from_yaml(canonical_yaml(entry), "it") != entry:
        found.append("written as YAML it reads back as another entry")
    with registers_in_memory() as registers:
        founding = examples.entries()[0]
        if founding["entry"] != entry.entry:
            registers.record(examples.INSTITUTION, entry_from(founding, "it"), "test")
        before = registers.log.head(examples.INSTITUTION).position
        try:
            registers.record(examples.INSTITUTION, entry, "test")
        except RegisterError as refusal:
            after = registers.log.head(examples.INSTITUTION).position
            return (
                found
                + [f"refused, {after - before} events of it are stored"] * (after != before)
                + ([] if str(refusal) else ["it was refused without a word"])
            )
        stored = [row.event.index for row in registers.log.read(examples.INSTITUTION) if row.position > before]
        if stored != [number for number, _ in entry.numbered()]:
            found.append(f"of it are stored the changes {stored}")
        registers.log.verify(examples.INSTITUTION)
    return found


@settings(max_examples=150)
@given(mutated_entries())
def test_a_mutated_entry_is_recorded_whole_or_refused_in_words(data: Any) -> None:
    """An editor's program has a fault, or somebody tries what happens."""
    assert faults_of_taking(data) == []


@settings(max_examples=100)
@given(mutated_entries())
def test_a_mutated_entry_as_yaml_is_read_or_refused_in_words(data: Any) -> None:
    """By the same model; what is no YAML is said so."""
    try:
        text = yaml_text(data)
    except UnicodeEncodeError:
        return  # half a surrogate pair, which no file of UTF-8 can hold
    try:
        entry_from_yaml(text, "it")
    except EntryUnreadable as refusal:
        told = refusal.reasons
    else:
        return
    assert told
