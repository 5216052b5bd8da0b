"""Forms are made from the catalogue of changes: each kind has its fields, and a field holds what an entry says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.drafts import draft, earlier, less, more, of_entry, room, typed_entry, without_blanks
from api.pages.entry_page import label
from api.pages.fields import CHANGES, change_group
from api.pages.kinds import KIND_GROUPS
from api.pages.shapes import Change, Field, Group, Several, fields_shown
from api.pages.texts import Texts
from api.pages.typed import Form
from domain.changes import KINDS
from domain.entries import Entry, entry_from_yaml, yaml_text
from tests.api.conftest import Server
from tests.api.editor import Editor
from tests.strategies import later_registers

ENTRIES = sorted((Path(__file__).parents[2] / "fixtures" / "kz-eo" / "entries").glob("*.yaml"))


def there_and_back(entry: Entry) -> Entry | None:
    """The entry after it was typed, sent and read."""
    return draft(of_entry(typed_entry(entry.written()))).entry


def same(one: Entry | None, other: Entry) -> bool:
    """Whether two entries say the same, also of what is left out."""
    days = [[change.given("effective") for change in entry.changes] for entry in (one, other) if entry]
    return one is not None and one.model_dump() == other.model_dump() and days[0] == days[1]


def test_every_entry_of_kz_eo_can_be_typed_into_the_form() -> None:
    """264 entries that editors wrote, of most kinds: read out of the form they are the same."""
    entries = [entry_from_yaml(path.read_bytes(), path.name) for path in ENTRIES]
    assert [entry.entry for entry in entries if not same(there_and_back(entry), entry)] == []


@given(later_registers(most=4))
def test_any_entry_can_be_typed_into_the_form(entries: list[Entry]) -> None:
    """Whatever kinds it holds."""
    for entry in entries:
        assert same(there_and_back(entry), entry)


NAMES = ("changes", "sources", "instrument", "entry", "how", "kind", "change", "name", "after", "links", "scope", "x")
ODD = ("0", "1", "99999", "999999", "+", "++", "", "none:changes", "en", "~", "effective", "attributes")
PART = st.sampled_from(NAMES) | st.sampled_from(ODD)
PATH = st.lists(PART, min_size=1, max_size=6).map(".".join)
TEXT = st.sampled_from(["", "x", "1820", "true", *KINDS]) | st.text(max_size=5)


@given(st.dictionaries(PATH, TEXT, max_size=25), PATH)
def test_whatever_is_sent_is_read_or_said_to_be_wrong(sent: dict[str, str], path: str) -> None:
    """Never anything else; and every button leaves a form that can be read."""
    typed = of_entry(sent)
    for altered in (typed, more(typed, path), room(typed, path), less(typed, path), earlier(typed, path)):
        made = draft(without_blanks(altered))
        assert (made.entry is None) == bool(made.faults)
        assert yaml_text(made.data)


def test_every_kind_has_its_place_in_the_list_of_kinds() -> None:
    """Once."""
    placed = [kind for kinds in KIND_GROUPS.values() for kind in kinds]
    assert sorted(placed) == sorted(KINDS)


def fields_of(shape: Any) -> list[Field]:
    """The fields of a shape, those inside of others too."""
    match shape:
        case Group():
            return [*shape.fields, *(inner for one in shape.fields for inner in fields_of(one.shape))]
        case Several():
            return fields_of(shape.of)
    return []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_field_of_every_kind_is_called_something(kind: str) -> None:
    """By the texts of the page, not by its name in the data."""
    texts = Texts()
    for one in fields_of(change_group(kind)):
        assert texts.has(f"field.{one.name}") or texts.has(f"field.{kind}.{one.name}"), one.name
        assert label(texts, one.name, kind)
        for word in getattr(one.shape, "choices", ()):
            assert texts(f"value.{word}")


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"instrument-issued"}))
def test_every_kind_shows_its_fields(mint: Server, kind: str) -> None:
    """Each that the kind has, under a label."""
    # when
    editor = Editor(mint.open())
    editor.type(changes__0__kind=kind).press("show")

    # then
    form = Form({"changes.0.kind": kind})
    wanted = {path for path in fields_shown(CHANGES.of, "changes.0", form) if not path.endswith((".+", ".++"))}
    shown = {element.get("id") for element in editor.find("//*[@id]")} | set(editor.fields)
    labelled = {element.get("for") for element in editor.find("//label")}
    fields = editor.find("//input[not(@type='hidden')][not(ancestor::label)]|//select|//textarea")
    assert wanted - shown == set()
    assert [one.get("name") for one in fields if one.get("id") not in labelled and not one.get("aria-label")] == []


def test_a_correction_takes_every_kind_of_fact() -> None:
    """Controls are no facts; what an instrument is, is one."""
    inner = next(one.shape for one in change_group("corrected").fields if one.name == "change")
    assert isinstance(inner, Change)
    assert set(KINDS) - set(inner.kinds) == set(KIND_GROUPS["control"])


def test_removing_a_member_moves_the_marks_beside_fields_too() -> None:
    """A mark that says none stays with its change."""
    # given
    typed = {"changes.0.unit": "a", "changes.1.unit": "b", "none:changes.1.parent": "on", "entry": "x"}

    # then
    assert less(typed, "changes.0") == {"changes.0.unit": "b", "none:changes.0.parent": "on", "entry": "x"}
    assert earlier(typed, "changes.1") == {
        "changes.1.unit": "a",
        "changes.0.unit": "b",
        "none:changes.0.parent": "on",
        "entry": "x",
    }


def test_something_and_none_in_one_field_is_asked_about() -> None:
    """Neither of the two is believed in silence."""
    # when
    made = draft(
        {
            "entry": "x",
            "how": "none",
            "effective": "1820",
            "changes.0.kind": "unit-moved",
            "changes.0.unit": "mint",
            "changes.0.parent": "treasury",
            "none:changes.0.parent": "on",
        }
    )

    # then
    assert made.entry is None
    assert list(made.faults) == ["changes.0.parent"]


def test_a_language_typed_twice_is_asked_about() -> None:
    """A further language may not overwrite the first."""
    # given
    typed = {"entry": "x", "how": "none", "effective": "1820", "changes.0.kind": "unit-renamed"}
    typed |= {"changes.0.unit": "mint", "changes.0.name.en": "Mint", "changes.0.name.++": "Mynt"}

    # when
    twice = draft({**typed, "changes.0.name.+": "en"})
    untagged = draft(typed)
    other = draft({**typed, "changes.0.name.+": "sv"})

    # then
    assert list(twice.faults) == list(untagged.faults) == ["changes.0.name.+"]
    assert other.data["changes"][0]["name"] == {"en": "Mint", "sv": "Mynt"}
