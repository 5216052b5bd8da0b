"""Entries: the day of a change, the instrument, the institution of a folder."""

from __future__ import annotations

import json

import pytest

from domain.changes import InstrumentIssued
from domain.entries import (
    entry_from,
    institution_from_yaml,
)
from tests.domain.writing import Written, events_of, faults, last_of, text
from tests.history import unit

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
