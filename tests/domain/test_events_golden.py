"""Stored rows, approved one by one: what is in the log must be readable for ever, byte for byte.

A difference here is a decision about stored history: write it down under docs/decisions/, raise the kind's
VERSION, add an upcast, and keep the old file beside the new one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from domain.changes import KINDS, Corrected, InstrumentIssued, PersonRegistered
from domain.dates import PartialDate
from domain.entries import Entry, canonical_yaml, entry_from, entry_from_yaml
from domain.errors import EntryUnreadable
from domain.events import UPCASTS, Event, upcast
from tests import strategies

GOLDEN = Path(__file__).parents[1] / "golden"

NAME = {"en": "Mint", "kk": "Теңге сарайы", "ru": "Монетный двор"}
UNIT = {"unit": "assay", "name": NAME, "unit_kind": "office", "parent": "mint"}
POST = {"post": "warden", "unit": "mint", "title": NAME, "seats": 2, "portfolio": {"en": "Gold"}}
RELATION = {"subject": "assay", "object": "warden", "relation": "accountable-to"}
TENURE = {"tenure": "ann-1", "person": "ann", "post": "warden"}
FUNCTION = {"holder": "assay", "function": "hallmarks", "text": {"en": "To strike hallmarks"}}
SAID = {
    "claimant": "The Prince",
    "about": "mint",
    "topic": "programme",
    "during": "1811/1812",
    "gist": {"en": "More coins"},
}

SAMPLES: dict[str, dict[str, Any]] = {
    "institution-declared": {
        "name": NAME,
        "unit_kinds": ["office", "bureau"],
        "relations": ["accountable-to"],
        "instrument_kinds": ["decree"],
        "notes": {"en": "Invented"},
    },
    "instrument-amended": {"instrument": "D0"},
    "instrument-repealed": {"instrument": "D0"},
    "unit-established": {**UNIT, "order": 3},
    "unit-renamed": {"unit": "assay", "name": NAME},
    "unit-moved": {"unit": "assay", "parent": None},
    "unit-abolished": {"unit": "assay", "successors": ["mint", "works"]},
    "unit-reinstated": UNIT,
    "units-reorganized": {
        "form": "split",
        "before": ["assay", "works"],
        "after": [UNIT, {"unit": "works"}, {"unit": "vault", "name": {"en": "Vault"}, "parent": None}],
        "links": [["assay", "assay"], ["assay", "vault", "the keys"]],
    },
    "unnamed-units-abolished": {"count": 4, "unit_kind": "division", "parent": "mint"},
    "relation-started": RELATION,
    "relation-ended": RELATION,
    "post-created": POST,
    "post-retitled": {"post": "warden", "title": NAME},
    "post-moved": {"post": "warden", "unit": "assay"},
    "portfolio-changed": {"post": "warden", "portfolio": {"en": "Silver"}},
    "seats-changed": {"post": "warden", "seats": None},
    "post-abolished": {"post": "warden"},
    "post-reinstated": POST,
    "person-registered": {"person": "ann", "name": {"en": "Ann"}, "names": [{"ru": "Анна"}], "born": "1780~"},
    "person-renamed": {"person": "ann", "name": {"en": "Anna"}},
    "life-event": {"person": "ann", "what": "died", "place": {"en": "Here"}},
    "appointed": {**TENURE, "capacity": "acting", "reappointed": True},
    "released": {**TENURE, "ground": "own-wish"},
    "transferred": {
        "person": "ann",
        "from_post": "warden",
        "to_post": "master",
        "from_tenure": "ann-1",
        "tenure": "ann-2",
        "capacity": "concurrent",
    },
    "unit-attested": {**UNIT, "order": 3},
    "post-attested": POST,
    "tenure-attested": {**TENURE, "capacity": "substantive"},
    "relation-attested": RELATION,
    "capacity-changed": {**TENURE, "capacity": "on-leave", "attributes": {"rank": "colonel"}},
    "list-attested": {
        "scope": {"relation": "accountable-to", "object": "warden", "unit_kind": "office"},
        "members": ["works", "assay"],
        "closed": True,
    },
    "coverage-declared": {"scope": {"post": "warden"}, "from": "1811-01-01", "until": "1812-12"},
    "mandate-declared": {"unit": "assay", "gist": {"en": "To test"}, "provision": "art. 9"},
    "function-assigned": FUNCTION,
    "function-withdrawn": FUNCTION,
    "function-transferred": FUNCTION,
    "function-attested": FUNCTION,
    "quantity-observed": {
        "subject": "mint",
        "quantity": "budget",
        "value": 1.5,
        "unit": "million roubles",
        "approximate": True,
        "claimant": "The Prince",
    },
    "count-claimed": {"what": "wardens", "post": "warden", "during": "1811/1812", "value": 4, "claimant": "Almanac"},
    "assessment-made": SAID,
    "statement-made": SAID,
    "period-defined": {"period": "reform", "name": {"en": "The Reform"}, "bounds": "1811/1812"},
    "source-registered": {
        "source": "gazette",
        "title": {"en": "Gazette"},
        "publisher": "Court press",
        "published": "1811-07",
        "address": "shelf 9",
        "language": "ru",
        "licence": "public domain",
    },
    "corrected": {
        "target": "decree-1#2",
        "change": {"kind": "unit-renamed", "unit": "assay", "name": NAME, "effective": "1811-07-03"},
        "reason": "misread",
    },
    "annulled": {"target": "decree-1", "reason": "forged"},
    "reading-preferred": {"target": "decree-1#2", "reason": "the original was seen"},
    "identities-unified": {"ids": ["ann", "anna"], "reason": "one hand"},
    "redacted": {"targets": ["decree-1#1", "decree-1#2"], "scope": "names", "ground": "at her wish"},
}
"""Each kind as an editor would write it, with every field said; `instrument-issued` stands in the entry."""


def compact(row: dict[str, Any]) -> bytes:
    """The bytes that the log keeps of a row: sorted keys, no blanks, UTF-8."""
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def pretty(row: dict[str, Any]) -> str:
    """The row as its file has it, for people."""
    return json.dumps(row, sort_keys=True, ensure_ascii=False, indent=2) + "\n"


def sample(kind: str) -> Event:
    """The event of the sample of *kind*, with a full envelope."""
    data: dict[str, Any] = {
        "entry": "decree-9",
        "instrument": {
            "id": "D9",
            "kind": "decree",
            "number": "9-ә",
            "title": {"en": "On the Mint"},
            "issuer": "Prince",
            "signed": "1811-07-01",
            "published": "1811-07",
            "in_force": "1811-07-02?",
        },
        "sources": [{"source": "gazette", "locator": "p. 4", "wording": "…", "certainty": "high"}],
        "changes": [],
    }
    if kind != "instrument-issued":
        change = {"kind": kind, "provision": "art. 1", "basis": "inferred", "note": 'blotted, "so"', **SAMPLES[kind]}
        data["changes"] = [change]
    events = entry_from(data, kind).events("mint", "editor", lambda _: None)
    return events[-1]


def approved(kind: str, version: int) -> dict[str, Any]:
    """The approved row of a kind and version."""
    path = GOLDEN / f"{kind}.{version}.json"
    if not path.exists():
        pytest.fail(f"{kind} version {version} has no approved row: look at this one, then save it as {path.name}")
    row: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return row


def files() -> list[tuple[str, int]]:
    """The kinds and versions that have an approved row."""
    found = []
    for path in sorted(GOLDEN.glob("*.json")):
        kind, version, _ = path.name.rsplit(".", 2)
        found.append((kind, int(version)))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_an_approved_row(kind: str) -> None:
    """A kind without one could change what it stores and nobody would see."""
    path = GOLDEN / f"{kind}.{KINDS[kind].VERSION}.json"
    if kind != "instrument-issued" and kind not in SAMPLES:
        pytest.fail(f"{kind} is a new kind: write it into SAMPLES, then approve its row as tests/golden/{path.name}")
    if not path.exists():
        row = pretty(json.loads(sample(kind).stored()))
        pytest.fail(f"{kind} has no approved row. If this one is right, save it as tests/golden/{path.name}:\n{row}")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_stored_is_what_was_approved(kind: str) -> None:
    """Byte for byte; the hash chain is made of them."""
    row = approved(kind, KINDS[kind].VERSION)

    assert sample(kind).stored() == compact(row)


@pytest.mark.parametrize(("kind", "version"), files())
def test_every_approved_row_still_reads_whatever_its_version(kind: str, version: int) -> None:
    """Rows are never rewritten, so every program must read all that was ever stored."""
    row = approved(kind, version)

    event = Event.from_stored(compact(row))

    assert event.kind == row["change"]["kind"] == kind
    assert row["schema"] == version
    assert event.version == KINDS[kind].VERSION
    assert event.target == f"{row['entry']}#{row['index']}"
    assert event.effective == (None if row["effective"] is None else PartialDate.parse(row["effective"]["edtf"]))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_reads_back_equal(kind: str) -> None:
    """Also which fields the editor gave, and so what a null says."""
    event = sample(kind)

    again = Event.from_stored(event.stored())

    assert again == event
    assert again.stored() == event.stored()
    assert again.change.model_dump() == event.change.model_dump()


@pytest.mark.parametrize(("kind", "version"), files())
def test_approved_files_are_sorted_and_readable(kind: str, version: int) -> None:
    """One form, so that a difference shows what changed and nothing else."""
    text = (GOLDEN / f"{kind}.{version}.json").read_text(encoding="utf-8")

    assert text == pretty(approved(kind, version))


def test_nothing_is_approved_that_is_no_kind() -> None:
    """A kind that is stored somewhere can never be dropped; its file is kept, its class too."""
    assert {kind for kind, _ in files()} == set(KINDS)
    assert set(SAMPLES) | {"instrument-issued"} == set(KINDS)


def test_every_version_of_every_kind_is_approved() -> None:
    """From 1 to the newest, with an upcast for each step."""
    wanted = {(kind, version) for kind, schema in KINDS.items() for version in range(1, schema.VERSION + 1)}

    assert set(files()) == wanted
    assert set(UPCASTS) == {(kind, version) for kind, version in wanted if version < KINDS[kind].VERSION}


def test_a_row_is_what_the_design_says_it_holds() -> None:
    """The envelope of every event but for what the log adds: position, instant, hashes."""
    row = approved("unit-renamed", 1)

    assert row.keys() >= {
        "event_id",
        "schema",
        "institution",
        "entry",
        "index",
        "effective",
        "basis",
        "instrument",
        "provision",
        "sources",
        "note",
        "recorded_by",
        "change",
    }
    assert row["effective"] == {"edtf": "1811-07-02?", "earliest": "1811-07-02", "latest": "1811-07-02"}
    assert row["sources"] == [{"source": "gazette", "locator": "p. 4", "wording": "…", "certainty": "high"}]
    assert row["change"] == {"kind": "unit-renamed", "unit": "assay", "name": NAME}


# --- versions


def test_version_1_of_a_registered_person_still_reads() -> None:
    """It had neither other spellings nor a birth; both read as not given."""
    row = approved("person-registered", 1)
    assert row["schema"] == 1
    assert row["change"].keys() == {"kind", "person", "name"}

    event = Event.from_stored(compact(row))

    assert isinstance(event.change, PersonRegistered)
    assert (event.version, event.change.person, event.change.name) == (2, "ann", {"en": "Ann"})
    assert (event.change.names, event.change.born) == ((), None)
    assert (event.entry, event.recorded_by) == (row["entry"], row["recorded_by"])


def test_a_correction_whose_replacement_is_of_version_1_still_reads() -> None:
    """The replacement carries its own version."""
    row = approved("corrected", 1)
    row["change"]["change"] = {"kind": "person-registered", "schema": 1, "person": "ann", "name": {"en": "Ann"}}

    event = Event.from_stored(compact(row))

    stored = json.loads(event.stored())["change"]["change"]
    assert stored["schema"] == 2
    assert (stored["names"], stored["born"]) == ([], None)


def test_new_persons_are_stored_as_version_2() -> None:
    """Written in the newest version, read in any."""
    assert json.loads(sample("person-registered").stored())["schema"] == 2


def test_a_version_from_the_future_is_refused() -> None:
    """A program that is too old says so, rather than leave out what it does not know."""
    row = approved("person-registered", 2)

    with pytest.raises(KeyError, match="person-registered version 3"):
        Event.from_stored(compact({**row, "schema": 3}))
    with pytest.raises(KeyError, match="unit-exploded"):
        upcast({"kind": "unit-exploded"}, 1)


# --- what was said and what was left out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "unit-attested", "unit": "assay"}, {"kind", "unit"}),
        ({"kind": "unit-attested", "unit": "assay", "parent": None}, {"kind", "unit", "parent"}),
        ({"kind": "unit-reinstated", "unit": "assay", "parent": None}, {"kind", "unit", "parent"}),
        ({"kind": "post-attested", "post": "warden", "seats": None}, {"kind", "post", "seats"}),
        ({"kind": "post-reinstated", "post": "warden"}, {"kind", "post"}),
        ({"kind": "tenure-attested", "person": "ann", "post": "warden"}, {"kind", "person", "post"}),
        (
            {"kind": "unit-established", "unit": "assay", "name": NAME},
            {"kind", "unit", "name", "unit_kind", "parent", "order"},
        ),
        ({"kind": "released", "tenure": "ann-1"}, {"kind", "tenure", "person", "post", "ground"}),
    ],
)
def test_a_partial_change_stores_what_it_says_and_a_whole_one_everything(
    change: dict[str, Any], said: set[str]
) -> None:
    """An attestation that is silent on the parent is not one that says there is none."""
    entry = entry_from({"entry": "e", "effective": "1811", "changes": [change]}, "test")
    event = entry.events("mint", "somebody", lambda _: None)[0]

    again = Event.from_stored(event.stored())

    assert json.loads(event.stored())["change"].keys() == said
    for field in ("parent", "seats", "name"):
        assert again.change.given(field) == (field in said)
    assert again == event


@pytest.mark.parametrize("day", [{}, {"effective": None}, {"effective": "1811-07"}])
def test_a_correction_stores_whether_its_change_has_a_day(day: dict[str, Any]) -> None:
    """Left out it is the target's, null is an unknown one."""
    change = {"kind": "unit-attested", "unit": "assay", **day}
    entry = entry_from(
        {"entry": "e", "changes": [{"kind": "corrected", "target": "d#1", "change": change, "reason": "x"}]}, "test"
    )
    event = entry.events("mint", "somebody", lambda _: None)[0]

    again = Event.from_stored(event.stored()).change

    assert isinstance(again, Corrected)
    assert again.change.given("effective") == ("effective" in day)
    assert (again.change.effective.text if again.change.effective else None) == day.get("effective")


# --- samples in other forms


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_kind_is_written_canonically_and_read_back(kind: str) -> None:
    """Export and fixtures hold YAML; every kind must come through it."""
    entry = entry_from({"entry": "e", "effective": "1811", "changes": [{"kind": kind, **SAMPLES[kind]}]}, kind)

    written = canonical_yaml(entry)
    again = entry_from_yaml(written, kind)

    assert again == entry
    assert canonical_yaml(again) == written


def test_a_number_too_large_to_be_stored_is_refused_or_stored() -> None:
    """Budgets in kurush are large, and no number may crash the recording."""
    change = {"kind": "quantity-observed", "subject": "mint", "quantity": "budget", "value": 10**30}
    try:
        entry = entry_from({"entry": "e", "effective": "1811", "changes": [change]}, "test")
    except EntryUnreadable:
        return

    event = entry.events("mint", "somebody", lambda _: None)[0]
    assert Event.from_stored(event.stored()) == event


# --- any event


@given(strategies.corrected_registers())
@settings(max_examples=60, deadline=None)
def test_store_then_read_is_equal(entries: list[Entry]) -> None:
    """Whatever an editor may write of the cast."""
    for entry in entries:
        for event in entry.events("mint", "somebody", lambda _: None):
            again = Event.from_stored(event.stored())

            assert again == event
            assert again.stored() == event.stored()
            assert json.loads(event.stored()) == json.loads(compact(json.loads(event.stored())))
            assert event.stored() == compact(json.loads(event.stored()))


def test_the_instrument_of_an_entry_is_an_event_like_any_other() -> None:
    """Its row holds every field, unknown ones as null."""
    entry = entry_from({"entry": "d1", "instrument": {"kind": "decree"}, "changes": []}, "test")
    event = entry.events("mint", "somebody", lambda _: None)[0]

    assert isinstance(event.change, InstrumentIssued)
    assert json.loads(event.stored())["change"] == {
        "kind": "instrument-issued",
        "instrument": "d1",
        "instrument_kind": "decree",
        "number": None,
        "title": None,
        "issuer": None,
        "signed": None,
        "published": None,
        "in_force": None,
    }
