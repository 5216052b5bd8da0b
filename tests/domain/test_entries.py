"""What an editor records in one go: read as written, completed by rule, and written back byte for byte."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.changes import InstrumentIssued
from domain.entries import (
    MAX_DEPTH,
    MAX_ENTRY_BYTES,
    Entry,
    canonical_yaml,
    entry_from,
    entry_from_json,
    entry_from_yaml,
    institution_from_yaml,
    plain_json,
    plain_yaml,
    yaml_text,
)
from domain.errors import EntryUnreadable, Reason
from domain.events import Event
from tests import strategies
from tests.history import unit

Written = dict[str, Any]
ISSUED = InstrumentIssued.model_validate(
    {"instrument": "D2", "instrument_kind": "decree", "signed": "2002-02-02", "in_force": "2002-02-12"}
)


def events_of(data: Written) -> list[Event]:
    """The events of an entry in the mint, where D2 is on record and nothing else."""
    entry = entry_from(data, "test")
    return entry.events("mint", "somebody", lambda name: ISSUED if name == "D2" else None)


def last_of(change: Written | None = None, **more: Any) -> Event:
    """The event of an entry's one change, the founding of a unit unless it is said."""
    return events_of({"entry": "e", "changes": [change or unit("assay")], **more})[-1]


def faults(read: Callable[..., object], given: object, where: str = "here") -> list[Reason]:
    """Why *given* cannot be read."""
    with pytest.raises(EntryUnreadable) as refusal:
        read(given, where)
    return list(refusal.value.reasons)


def text(event: Event) -> str | None:
    """The day of an event as recorded."""
    return event.effective.text if event.effective else None


# --- effective: left out, null, or text


@pytest.mark.parametrize("entry_day", [{}, {"effective": None}])
def test_null_at_an_entry_is_left_out(entry_day: Written) -> None:
    """An entry without a day takes that of its instrument."""
    event = last_of(**entry_day, instrument="D2")

    assert (text(event), event.basis) == ("2002-02-12", "stated")


def test_a_day_left_out_of_a_change_is_the_entrys() -> None:
    """Basis stated."""
    event = last_of(effective="2005-05-05", instrument="D2")

    assert (text(event), event.basis) == ("2005-05-05", "stated")


def test_a_day_written_in_a_change_is_its_own() -> None:
    """Whatever entry and instrument say."""
    event = last_of({**unit("assay"), "effective": "2006-06"}, effective="2005-05-05", instrument="D2")

    assert (text(event), event.basis) == ("2006-06", "stated")


def test_null_written_in_a_change_is_an_unknown_day() -> None:
    """Not the entry's, nor the instrument's."""
    attested = {"kind": "unit-attested", "unit": "assay", "effective": None}

    event = last_of(attested, effective="2005-05-05", instrument="D2")

    assert text(event) is None
    assert event.effective is None


@pytest.mark.parametrize(
    ("instrument", "day", "basis"),
    [
        ({"kind": "decree", "signed": "2003-03-03"}, "2003-03-03", "instrument-default"),
        ({"kind": "decree", "in_force": "2003-03-13"}, "2003-03-13", "stated"),
        ({"kind": "decree", "signed": "2003-03-03", "in_force": "2003-03-13"}, "2003-03-13", "stated"),
        ({"kind": "decree", "signed": "2003-03-03", "published": "2003-03-05"}, "2003-03-03", "instrument-default"),
    ],
)
def test_without_a_day_the_instrument_gives_it(instrument: Written, day: str, basis: str) -> None:
    """In force before signed; a signing day is a default, published is none."""
    event = last_of(instrument=instrument)

    assert (text(event), event.basis) == (day, basis)


def test_a_day_inferred_by_the_editor_stays_inferred() -> None:
    """Whatever gives the day."""
    for given_day in ({"effective": "2005-05-05"}, {"instrument": {"kind": "decree", "signed": "2003-03-03"}}):
        assert last_of({**unit("assay"), "basis": "inferred"}, **given_day).basis == "inferred"


def test_bounds_are_stored_beside_the_text() -> None:
    """The text as given and the first and last day it can be."""
    event = last_of(effective="2005-05")

    assert event.effective is not None
    stored = json.loads(event.stored())["effective"]
    assert stored == {"edtf": "2005-05", "earliest": "2005-05-01", "latest": "2005-05-31"}


# --- instrument: given, cited, none


def test_an_instrument_given_is_the_first_event() -> None:
    """So a decree is an event even with no other change; its number is 0."""
    events = events_of({"entry": "d1", "instrument": {"kind": "decree", "number": "1"}, "changes": []})

    assert [(event.kind, event.index, event.target) for event in events] == [("instrument-issued", 0, "d1#0")]


def test_an_instruments_id_defaults_to_the_entrys() -> None:
    """Or is its own; the events of the entry hold it."""
    cases: list[tuple[Written, str]] = [({}, "e"), ({"id": "D5"}, "D5"), ({"id": None}, "e")]
    for given_id, name in cases:
        instrument = {"kind": "decree", "signed": "2003-03-03", **given_id}
        events = events_of({"entry": "e", "instrument": instrument, "changes": [unit("assay")]})

        assert [event.instrument for event in events] == [name, name]
        issued = events[0].change
        assert isinstance(issued, InstrumentIssued)
        assert issued.instrument == name
        assert [event.index for event in events] == [0, 1]


def test_an_instrument_cited_brings_no_event() -> None:
    """A second entry on it cites its id."""
    events = events_of({"entry": "e", "instrument": "D2", "changes": [unit("assay")]})

    assert [(event.kind, event.index, event.instrument) for event in events] == [("unit-established", 1, "D2")]


def test_an_entry_without_instrument_has_none() -> None:
    """A report, an almanac."""
    assert last_of(effective="2005", instrument=None).instrument is None


def test_an_entry_says_something() -> None:
    """A change, or an instrument that it brings; a citation alone is nothing."""
    assert faults(entry_from, {"entry": "e", "changes": []})
    assert faults(entry_from, {"entry": "e", "instrument": "D2", "changes": []})


def test_sources_of_a_change_stand_for_those_of_the_entry() -> None:
    """A change that names none has the entry's; certainty is medium unless said."""
    named = {**unit("works"), "sources": [{"source": "almanac", "certainty": "low"}]}
    events = events_of(
        {"entry": "e", "effective": "2005", "sources": [{"source": "gazette"}], "changes": [unit("assay"), named]}
    )

    assert [[(s.source, s.certainty) for s in event.sources] for event in events] == [
        [("gazette", "medium")],
        [("almanac", "low")],
    ]


def test_envelope_fields_of_a_change_are_in_the_envelope_of_its_event() -> None:
    """Provision and note; and who recorded it."""
    event = last_of({**unit("assay"), "provision": "art. 1", "note": "blotted"}, effective="2005")

    assert (event.provision, event.note, event.recorded_by) == ("art. 1", "blotted", "somebody")
    assert (event.institution, event.entry, event.index, event.target) == ("mint", "e", 1, "e#1")


def test_event_ids_are_derived_from_institution_entry_and_number() -> None:
    """The same entry always makes the same events, another institution's or number's other ones."""
    data = {"entry": "e", "effective": "2005", "changes": [unit("assay"), unit("works")]}
    entry = entry_from(data, "test")

    def ids(institution: str) -> list[str]:
        return [str(event.event_id) for event in entry.events(institution, "anybody", lambda _: None)]

    assert ids("mint") == ids("mint")
    assert len({*ids("mint"), *ids("court")}) == 4


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


# --- institution.yaml


def test_the_institution_of_a_folder_is_recorded_as_an_entry() -> None:
    """Entry `institution`, whose first change declares it; it has no day of its own."""
    written = b"id: mint\nname:\n  en: Mint\nunit_kinds:\n- office\nnotes:\n  en: made up\n"

    institution = institution_from_yaml(written, "institution.yaml")
    entry = institution.declared()

    assert (institution.id, entry.entry) == ("mint", "institution")
    assert entry.founds is not None
    assert (entry.founds.name, entry.founds.unit_kinds) == ({"en": "Mint"}, ("office",))
    assert entry.founds.notes == {"en": "made up"}
    assert entry.founds.effective is None


# --- canonical form


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
