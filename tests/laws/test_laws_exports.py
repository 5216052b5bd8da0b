"""What must hold of the exports of every history: whole tables, the structure of the day, dates that are valid."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.formats.bfs import bfs
from api.formats.exported import Exported, Files
from api.formats.popolo import popolo
from api.formats.tables import tables
from domain.acts import Known, redactions
from domain.chain import Head
from domain.dates import Day, PartialDate, day
from domain.fold import fold
from domain.lives import GRADES
from domain.recording import View
from projections.diff import diff
from projections.structure import structure
from tests.api.popolo_schemas import faults
from tests.laws.test_laws_later import controlled_registers, recorded
from tests.strategies import interesting_days, passing_registers

DAYS = interesting_days()
some_days = st.one_of(st.none(), st.sampled_from(DAYS))
Rows = list[dict[str, str]]


def view_of(entries: list[Any]) -> View:
    """The register that *entries* make; those that are refused are left out."""
    drafted, _ = recorded(entries)
    known = Known(drafted, redactions(event for _, event in drafted))
    return View("mint", Head(len(drafted), None, f"{len(drafted):064}"), known, fold(known))


def rows(files: Files, table: str) -> Rows:
    """The rows of a table."""
    return list(csv.DictReader(io.StringIO(files[f"{table}.csv"].decode(), newline="")))


def well_formed(files: Files) -> None:
    """Each key names one row, and each reference leads to one."""
    for resource in json.loads(files["datapackage.json"])["resources"]:
        found, schema = rows(files, resource["name"]), resource["schema"]
        if named := schema.get("primaryKey"):
            keys = [tuple(row[name] for name in named) for row in found]
            assert all(all(key) for key in keys), resource["name"]
            assert len(set(keys)) == len(keys), resource["name"]
        for reference in schema.get("foreignKeys", ()):
            (column,), (other,) = reference["fields"], reference["reference"]["fields"]
            known = {row[other] for row in rows(files, reference["reference"]["resource"])}
            assert {row[column] for row in found if row[column]} <= known, (resource["name"], column)


def surest(found: Rows, *key: str) -> dict[str, str]:
    """How surely each thing stands, of whatever lives it may have that day."""
    told: dict[str, str] = {}
    for row in found:
        name = "|".join(row[part] for part in key)
        if row["grade"] not in ("", "unattested"):
            told[name] = min(told.get(name, "possible"), row["grade"], key=lambda grade: GRADES.index(grade))
    return told


@given(controlled_registers(), some_days)
def test_tables_hold_together_and_tell_the_structure(entries: list[Any], as_of: Day | None) -> None:
    """Keys, references, grades of the day; every span from its first day on."""
    view = view_of(entries)
    files = tables(Exported(view, "csv", as_of))

    well_formed(files)
    for table in ("units", "posts", "tenures", "unit_names", "post_units", "tenure_capacities"):
        for row in rows(files, table):
            assert not (row["since_earliest"] and row["since_latest"]) or row["since_earliest"] <= row["since_latest"]
            assert not (row["until_earliest"] and row["until_latest"]) or row["until_earliest"] <= row["until_latest"]
            for text in (row["since"], row["until"]):
                assert not text or PartialDate.parse(text)
    if as_of is not None:
        shown = structure(view.world, as_of)
        assert surest(rows(files, "units"), "unit") == {name: one["grade"] for name, one in shown["units"].items()}
        assert surest(rows(files, "posts"), "post") == {name: one["grade"] for name, one in shown["posts"].items()}
        relations = surest(rows(files, "relations"), "subject", "relation", "object")
        assert relations == {name: one["grade"] for name, one in shown["relations"].items()}


@given(controlled_registers(), some_days)
def test_nothing_is_told_of_a_withheld_change_or_of_a_later_day(entries: list[Any], as_of: Day | None) -> None:
    """What can have begun only after the day is in no table."""
    view = view_of(entries)
    files = tables(Exported(view, "csv", as_of))

    assert not {row["event"] for row in rows(files, "changes")} & view.known.redacted
    if as_of is not None:
        for table in ("units", "posts", "tenures", "relations", "functions"):
            for row in rows(files, table):
                assert not row["since_earliest"] or day(row["since_earliest"]) <= as_of
    lost = {target for one in losses(files) for target in one["where"]}
    assert lost >= view.known.redacted


def losses(files: Files) -> list[dict[str, Any]]:
    """What a set of tables says that it lost."""
    found: list[dict[str, Any]] = json.loads(files["datapackage.json"])["regesta"]["losses"]
    return found


@pytest.mark.needs("standards")
@given(controlled_registers(), some_days)
def test_popolo_is_valid_whatever_is_recorded(entries: list[Any], as_of: Day | None) -> None:
    """Under the schemas, and every change that is live is told or listed."""
    view = view_of(entries)
    (text,) = popolo(Exported(view, "popolo", as_of)).values()
    document = json.loads(text)

    assert [*faults(document)] == []
    told = {*document["regesta"]["acts"], *(t for loss in document["regesta"]["losses"] for t in loss["where"])}
    quiet = ("institution-declared", "instrument-issued", "source-registered", "life-event")
    live = [act for act in view.world.acts if as_of is None or act.lo <= as_of]
    assert {act.target for act in live if act.change.kind not in quiet} <= told


@pytest.mark.parametrize("form", [tables, popolo])
@given(controlled_registers(4))
def test_an_export_is_the_same_bytes_again(form: Callable[[Exported], Files], entries: list[Any]) -> None:
    """Order is that of the register, never of a set."""
    first, again = (form(Exported(view_of(entries), "csv")) for _ in range(2))
    assert first == again


@given(passing_registers(), st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_the_historicised_register_tells_the_difference(entries: list[Any], one: Day, other: Day) -> None:
    """Its snapshot is the structure, its correspondences the links, whatever passed into what."""
    since, as_of = sorted([one, other])
    view = view_of(entries)
    files = bfs(Exported(view, "bfs", as_of, since))
    said = diff(view.world, since, as_of)

    well_formed(files)
    shown = structure(view.world, as_of)["units"]
    assert {row["BfsCode"]: row["Grade"] for row in rows(files, "snapshot")} == {
        unit: one["grade"] for unit, one in shown.items()
    }
    found = [(row["InitialCode"], row["TerminalCode"]) for row in rows(files, "correspondances")]
    assert sorted(old for old, new in found if not new) == said["ended"]
    assert sorted(new for old, new in found if not old) == said["new"]
    partners = {unit for old, new in found if old and new and old != new for unit in (old, new)}
    assert sorted([old, new] for old, new in found if old and new and (old != new or old in partners)) == said["links"]
    codes = {row["HistoricalCode"] for row in rows(files, "snapshot")}
    assert {row["TerminalHistoricalCode"] for row in rows(files, "correspondances")} - {""} == codes
