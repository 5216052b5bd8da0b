"""Ids and names as somebody writes them who means harm, or whose keyboard has other letters."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.entries import canonical_yaml, entry_from, entry_from_yaml
from domain.errors import EntryUnreadable
from domain.ids import ID_PATTERN, natural, sign_named

ids = st.from_regex(ID_PATTERN, fullmatch=True).filter(lambda text: not text.endswith("\n"))
others = st.characters(min_codepoint=0x80, exclude_categories=["Cs"])
ALIKE = {
    "a": "а",
    "c": "с",
    "e": "е",
    "o": "оοօ",
    "p": "р",
    "x": "х",
    "y": "у",
    "i": "і",
    "A": "АΑ",
    "B": "ВΒ",
    "0": "٠۰０",
}
"""Letters and digits of other scripts that look like those of an id."""


def established(unit: str, **more: Any) -> dict[str, Any]:
    """An entry that establishes a unit."""
    change = {"kind": "unit-established", "unit": unit, "name": {"en": "U"}, "effective": "1812", **more}
    return {"entry": "e", "changes": [change]}


def refusal(data: dict[str, Any]) -> str:
    """Why an entry is none, in one line that turns nothing round."""
    with pytest.raises(EntryUnreadable) as unreadable:
        entry_from(data, "it")
    told = str(unreadable.value)
    assert told.isprintable(), ascii(told)
    return told


@settings(max_examples=100)
@given(ids, others, st.data())
def test_an_id_with_a_sign_of_another_script_is_refused_and_the_sign_named(
    name: str, sign: str, data: st.DataObject
) -> None:
    """Wherever it stands, seen or not."""
    at = data.draw(st.integers(0, min(len(name), 120)))

    assert sign_named(sign) in refusal(established(name[:at] + sign + name[at:][:7]))


@pytest.mark.parametrize(("letter", "alike"), [(one, sign) for one, signs in ALIKE.items() for sign in signs])
def test_a_letter_that_looks_like_one_of_an_id_is_told_apart_by_name(letter: str, alike: str) -> None:
    """Two units would be called the same on every page, and an act upon one be taken for one upon the other."""
    assert unicodedata.name(alike) in refusal(established(f"m{alike}nt"))
    assert entry_from(established(f"m{letter}nt"), "it")


@pytest.mark.parametrize("places", [{"parent": "mіnt"}, {"sources": [{"source": "gаzette"}]}])
def test_so_it_is_wherever_an_id_is_cited(places: dict[str, Any]) -> None:
    """As a parent, or as a source."""
    assert "CYRILLIC SMALL LETTER" in refusal(established("u", **places))


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_a_name_is_kept_sign_by_sign_or_refused(name: str) -> None:
    """Nothing is normalized, cut or left out: what a source prints is what is shown."""
    data = established("u", name={"kk": name})
    try:
        entry = entry_from(data, "it")
    except EntryUnreadable:
        assert not name.strip() or re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]", name), ascii(name)
        return
    again = entry_from_yaml(canonical_yaml(entry), "it")

    assert again == entry
    assert again.written()["changes"][0]["name"] == {"kk": name}


@given(st.text("0123456789ab٣²Ⅷ-_.", max_size=12), st.text("0123456789ab٣²Ⅷ-_.", max_size=12))
def test_the_natural_order_takes_any_text(one: str, other: str) -> None:
    """And is an order: of two one comes first, or they are ordered alike."""
    first, second = natural(one), natural(other)

    assert (first < second) + (second < first) + (first == second) == 1
    assert (first == second) == (one == other)
