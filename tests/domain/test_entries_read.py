"""Entries as JSON and YAML: what is read, and what is refused with its place."""

from __future__ import annotations

import json

import pytest

from domain.entries import (
    MAX_DEPTH,
    MAX_ENTRY_BYTES,
    canonical_yaml,
    entry_from,
    entry_from_json,
    entry_from_yaml,
    plain_json,
    plain_yaml,
)
from domain.errors import EntryUnreadable
from tests.domain.writing import Written, faults
from tests.history import unit

# --- YAML


@pytest.mark.parametrize("written", ["2019", "2023-09-01", "2019-05", "2019~", "../2024-05-24", "1_0", "0x1F", "1e3"])
def test_what_looks_like_a_number_or_a_day_stays_text_in_yaml(written: str) -> None:
    """A year written without quotes is the year that was written."""
    assert plain_yaml(f"a: {written}\n".encode(), "here") == {"a": written}


def test_an_unquoted_day_is_a_date_of_an_entry() -> None:
    """A historian's editor puts no quotes."""
    written = b"entry: e\neffective: 2023-09-01\nchanges:\n- kind: unit-abolished\n  unit: '2019'\n  effective: 2019\n"

    entry = entry_from_yaml(written, "here")

    assert entry.effective is not None
    assert (entry.effective.text, str(entry.changes[0].effective)) == ("2023-09-01", "2019")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("null", None),
        ("true", True),
        ("false", False),
        ("~", "~"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("True", "True"),
        ("NULL", "NULL"),
        ("'null'", "null"),
        ('"true"', "true"),
        ("", ""),
        ("12", "12"),
        (".inf", ".inf"),
        ("12:30", "12:30"),
        ("=", "="),
        ("<<", "<<"),
    ],
)
def test_only_null_true_and_false_are_more_than_text(written: str, value: object) -> None:
    """Norway's code is no false."""
    assert plain_yaml(f"a: {written}\n".encode(), "here") == {"a": value}


def test_numbers_of_an_entry_are_read_from_yaml_as_from_json() -> None:
    """Seats are a number, however the text holds it."""
    change = {"kind": "post-created", "post": "warden", "unit": "mint", "title": {"en": "W"}, "seats": 2}
    data = {"entry": "e", "effective": "2005", "changes": [change]}

    from_json = entry_from_json(json.dumps(data).encode(), "here")
    from_yaml = entry_from_yaml(canonical_yaml(from_json), "here")

    assert from_yaml == from_json
    assert from_yaml.changes[0].model_dump()["seats"] == 2


def test_a_merge_key_is_a_key_like_another() -> None:
    """`<<` pulls nothing in."""
    assert plain_yaml(b"a:\n  <<:\n    b: c\n", "here") == {"a": {"<<": {"b": "c"}}}


REFUSED_YAML = [
    (b"entry: &e x\nother: *e\n", "line 1"),
    (b"entry: x\nother: *e\n", "line 2"),
    (b"entry: x\nother: &o\n- a\n", "line 2"),
    (b"entry: !!str x\n", "line 1"),
    (b"entry: x\neffective: !!python/object/apply:os.system [ls]\n", "line 2"),
    (b"entry: x\n\nchanges: !custom []\n", "line 3"),
    (b"entry: x\nentry: y\n", "'entry'"),
    (b"entry: x\nchanges:\n- kind: a\n  kind: b\n", "'kind'"),
    (b"entry: [x\n", "line"),
    (b"entry: x\n  changes: y\n", "line 2"),
    (b"entry: \xff\n", "no YAML"),
    (b"entry: x\n---\nentry: y\n", "no YAML"),
    (b"entry: \x00\n", "no YAML"),
]


@pytest.mark.parametrize(("written", "hint"), REFUSED_YAML)
def test_anchors_tags_repeated_keys_and_broken_yaml_are_refused_with_their_place(written: bytes, hint: str) -> None:
    """The message names the file and says where in it to look."""
    with pytest.raises(EntryUnreadable) as refusal:
        plain_yaml(written, "entries/decree-9.yaml")

    assert refusal.value.where == "entries/decree-9.yaml"
    assert "entries/decree-9.yaml" in str(refusal.value)
    assert [reason.rule for reason in refusal.value.reasons] == ["malformed"]
    assert hint in refusal.value.reasons[0].detail


@pytest.mark.parametrize("written", [b"a: x\nentry: x\nentry: y\n", b"a: b\nc:\n  entry: 1\n  entry: 2\n"])
def test_a_repeated_key_is_refused_with_its_line(written: bytes) -> None:
    """In a file of two thousand lines, `note` stands twice somewhere."""
    assert "line " in faults(plain_yaml, written)[0].detail


def test_yaml_too_deep_or_too_large_is_refused() -> None:
    """Before it costs anything."""
    deep = b"a: " + b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1)
    very_deep = b"[" * 100_000
    large = b"a: " + b"x" * MAX_ENTRY_BYTES

    for written in (deep, very_deep, large):
        assert [reason.rule for reason in faults(plain_yaml, written)] == ["too-large"]


@pytest.mark.parametrize("key", ["? [a, b]\n: c\n", "? {a: b}\n: c\n"])
def test_a_key_that_is_no_text_is_refused(key: str) -> None:
    """A list as a key is no entry, and no crash."""
    assert faults(plain_yaml, key.encode())[0].rule == "malformed"


# --- JSON

REFUSED_JSON = [
    (b'{"a": 1, "a": 2}', "'a'"),
    (b'{"a": {"b": 1, "b": 2}}', "'b'"),
    (b'{"a": NaN}', "NaN"),
    (b'{"a": Infinity}', "Infinity"),
    (b'{"a": -Infinity}', "-Infinity"),
    (b'{"a": }', "line 1"),
    (b'{\n"a": 1,\n}', "line 3"),
    (b"", "no JSON"),
    (b'{"a": "\xff"}', "no JSON"),
    (b'{"a": 1} {"a": 2}', "no JSON"),
    (b'\xef\xbb\xbf{"a": 1}', "no JSON"),
]


@pytest.mark.parametrize(("written", "hint"), REFUSED_JSON)
def test_repeated_keys_and_what_is_no_json_are_refused(written: bytes, hint: str) -> None:
    """Of two values of one key, no reader could tell which was meant."""
    reason = faults(plain_json, written, "line 7 of log.jsonl")[0]

    assert reason.rule == "malformed"
    assert hint in reason.detail


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 1_000, 100_000])
def test_json_too_deep_is_refused(depth: int) -> None:
    """Without a crash of the interpreter."""
    written = b"[" * depth + b"]" * depth

    assert [reason.rule for reason in faults(entry_from_json, written)] == ["too-large"]


def test_json_too_large_is_refused() -> None:
    """A byte more than an entry may have."""
    written = b'"' + b"x" * MAX_ENTRY_BYTES + b'"'

    assert [reason.rule for reason in faults(plain_json, written)] == ["too-large"]


def test_a_lone_surrogate_is_refused() -> None:
    r"""`"\ud800"` is no text that could be stored."""
    written = (
        b'{"entry": "e", "effective": "2005", "changes": [{"kind": "unit-abolished", "unit": "a", "note": "\\ud800"}]}'
    )

    assert faults(entry_from_json, written)[0].rule == "malformed"


@pytest.mark.parametrize("number", ["1e400", "-1e400"])
def test_a_number_beyond_all_numbers_is_refused(number: str) -> None:
    """JSON can write what becomes infinite when read."""
    change = f'{{"kind": "quantity-observed", "subject": "mint", "quantity": "staff", "value": {number}}}'
    written = f'{{"entry": "e", "effective": "2005", "changes": [{change}]}}'.encode()

    assert faults(entry_from_json, written)[0].rule == "malformed"


# --- faults in an editor's words


def test_faults_name_the_number_of_the_change() -> None:
    """Counted from 1, as in `ENTRY#n`."""
    data = {
        "entry": "e",
        "changes": [
            unit("assay"),
            {"kind": "unit-exploded", "unit": "assay"},
            {**unit("works"), "colour": "red"},
            {"kind": "unit-renamed", "unit": "assay"},
            {**unit("vault"), "effective": "2023-02-30"},
            {"unit": "assay"},
        ],
    }

    reasons = faults(entry_from, data, "entries/e.yaml")

    assert {reason.rule for reason in reasons} == {"malformed"}
    assert [reason.change for reason in reasons] == [2, 3, 4, 5, 6]
    assert "unit-exploded" in reasons[0].detail
    assert "colour" in reasons[1].detail
    assert "name" in reasons[2].detail
    assert "effective" in reasons[3].detail
    assert "2023-02-30" in reasons[3].detail
    assert "kind" in reasons[4].detail


def test_faults_of_the_entry_itself_name_no_change() -> None:
    """An unknown field beside `changes`, an id with a blank."""
    reasons = faults(entry_from, {"entry": "a b", "colour": 1, "changes": [unit("assay")]})

    assert {reason.change for reason in reasons} == {None}
    assert {reason.detail.split(":")[0] for reason in reasons} == {"entry", "colour"}


@pytest.mark.parametrize(
    "bad", ["0", "1693526400", "2023-02-30", "2023-9-1", "2023-09-01T00:00:00Z", "", " 2023", "-0001"]
)
def test_bad_dates_are_refused(bad: str) -> None:
    """As text, in entry or change; the message repeats what was given."""
    for data in (
        {"entry": "e", "effective": bad, "changes": [unit("assay")]},
        {"entry": "e", "changes": [{**unit("assay"), "effective": bad}]},
    ):
        reason = faults(entry_from, data)[0]
        assert reason.rule == "malformed"
        assert repr(bad) in reason.detail


@pytest.mark.parametrize("bad", [0, 2019, 1693526400, 2019.5, True, ["2019"], {"edtf": "2019"}])
def test_a_date_is_text(bad: object) -> None:
    """A number is no year, and the stored form of a date is no way to write one."""
    data = {"entry": "e", "effective": bad, "changes": [unit("assay")]}

    assert faults(entry_from, data)[0].rule == "malformed"


def test_an_unknown_kind_is_told_in_a_line() -> None:
    """An editor who misspelt a kind sees the word, not the program's whole vocabulary."""
    reason = faults(entry_from, {"entry": "e", "changes": [{"kind": "unit-renamd", "unit": "a"}]})[0]

    assert "unit-renamd" in reason.detail
    assert len(reason.detail) < 300


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"entry": "e", "changes": [{**unit("a"), "colour": "red"}]}, "colour: "),
        ({"entry": "e", "instrument": {"kind": "decree", "sign": "2005"}, "changes": []}, "instrument.sign: "),
    ],
)
def test_a_field_is_named_as_the_editor_wrote_it(data: Written, field: str) -> None:
    """Change 1: colour, instrument: sign - no name that stands in the program only."""
    assert [reason.detail.startswith(field) for reason in faults(entry_from, data)] == [True]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "released", "ground": "term"},
        {"kind": "released", "person": "ann"},
        {"kind": "list-attested", "scope": {}, "members": [], "closed": True},
        {"kind": "list-attested", "scope": {"parent": "a", "post": "b"}, "members": [], "closed": True},
        {"kind": "list-attested", "scope": {"relation": "advises"}, "members": [], "closed": True},
        {"kind": "list-attested", "scope": {"parent": "a"}, "members": ["b", "b"], "closed": True},
        {"kind": "units-reorganized", "form": "merge", "before": [], "after": [{"unit": "b", "name": {"en": "B"}}]},
        {"kind": "units-reorganized", "form": "merge", "before": ["a", "a"], "after": [{"unit": "a"}]},
        {"kind": "units-reorganized", "form": "merge", "before": ["a"], "after": [{"unit": "b"}]},
        {
            "kind": "units-reorganized",
            "form": "split",
            "before": ["a"],
            "after": [{"unit": "b", "name": {"en": "B"}}],
            "links": [["b", "a"]],
        },
        {"kind": "unit-renamed", "unit": "a", "name": {}},
        {"kind": "unit-renamed", "unit": "a", "name": {"English": "A"}},
        {"kind": "unit-renamed", "unit": "a", "name": {"en": ""}},
        {"kind": "unit-renamed", "unit": "a", "name": "A"},
        {"kind": "appointed", "person": "ann", "post": "a", "capacity": "temporary"},
        {"kind": "post-created", "post": "a", "unit": "b", "title": {"en": "A"}, "seats": 0},
        {"kind": "unnamed-units-abolished", "count": 0},
        {"kind": "corrected", "target": "e", "change": unit("a"), "reason": "x"},
        {"kind": "corrected", "target": "e#0", "change": unit("a"), "reason": "x"},
        {
            "kind": "corrected",
            "target": "e#1",
            "change": {"kind": "annulled", "target": "e", "reason": "x"},
            "reason": "x",
        },
        {"kind": "annulled", "target": "e#1"},
        {"kind": "annulled", "target": "e#01", "reason": "x"},
        {"kind": "instrument-issued", "instrument": "D1", "instrument_kind": "decree"},
    ],
)
def test_what_a_change_cannot_mean_is_refused(change: Written) -> None:
    """Each with the number of the change."""
    reasons = faults(entry_from, {"entry": "e", "effective": "2005", "changes": [change]})

    assert {reason.rule for reason in reasons} == {"malformed"}
    assert all(reason.change == 1 or "change 1" in reason.detail for reason in reasons)
