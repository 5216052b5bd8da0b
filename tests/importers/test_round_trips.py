"""What an export of ours wrote is read back, exact but for the losses that it lists."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings

from api.formats.exported import Exported, Files
from api.formats.popolo import popolo
from api.formats.table import FORMATS
from api.formats.tables import tables
from api.importers.files import read_file
from api.importers.options import Options
from api.importers.packages import read_package
from api.registers import Register, record_in_pages
from api.store import registers_in_memory
from domain.acts import Known
from domain.chain import Head
from domain.changes import CONTROLS
from domain.entries import Entry
from domain.fold import fold
from domain.recording import View
from tests.api.kz_eo import exported
from tests.laws.test_laws_later import recorded
from tests.strategies import passing_registers

NOT_KEPT = ("position", "corrected_by", "recorded_by")
"""Columns of a change that its entry does not hold."""


def taken_in(register: Register) -> View:
    """The register that is made of what was read; every entry of it must be recorded."""
    with registers_in_memory() as registers:
        verdicts = list(record_in_pages(register, registers, "test"))
        assert [reason for verdict in verdicts for reason in verdict.refusal] == []
        again = list(record_in_pages(register, registers, "test"))
        assert not any(verdict.receipt and verdict.receipt.new for verdict in again)
        return registers.view(register.institution)


@cache
def kz_eo_again() -> tuple[Files, View]:
    """The tables of the bundled register, and the register made of them."""
    files = tables(exported("csv"))
    return files, taken_in(read_package("kz-eo", files, Options()))


def rows(files: Files, table: str, without: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """The rows of a table, but for some columns."""
    read = csv.DictReader(io.StringIO(files[table].decode(), newline=""))
    return [{name: cell for name, cell in row.items() if name not in without} for row in read]


def test_the_tables_of_the_bundled_register_make_every_change_of_it_again() -> None:
    """A register that went out as tables comes back with its entries, ids, days, sources and acts."""
    files, view = kz_eo_again()
    again = tables(Exported(view, "csv"))
    assert rows(again, "changes.csv", NOT_KEPT) == rows(files, "changes.csv", NOT_KEPT)
    assert again["change_sources.csv"] == files["change_sources.csv"]
    assert again["instruments.csv"] == files["instruments.csv"]
    assert again["sources.csv"] == files["sources.csv"]
    assert [table for table in files if again[table] != files[table]] == ["datapackage.json", "changes.csv"]


@settings(deadline=None, max_examples=40)
@given(passing_registers())
def test_the_tables_of_any_history_make_it_again(entries: list[Entry]) -> None:
    """Where nothing was corrected, every table comes back as it was."""
    drafted, _ = recorded([one for one in entries if not any(isinstance(c, CONTROLS) for c in one.changes)])
    known = Known(drafted)
    view = View("mint", Head(len(drafted), None, "0" * 64), known, fold(known))
    files = tables(Exported(view, "csv"))
    again = tables(Exported(taken_in(read_package("mint", files, Options(found="Mint"))), "csv"))
    for table in files.keys() - {"datapackage.json", "changes.csv"}:
        assert again[table] == files[table], table
    founded, *changes = rows(again, "changes.csv", NOT_KEPT)
    assert founded["entry"] == "institution"
    assert changes == rows(files, "changes.csv", NOT_KEPT)


@pytest.mark.parametrize("as_of", [None, "2023-09-01"])
def test_the_popolo_of_the_bundled_register_comes_back_as_it_was(as_of: str | None) -> None:
    """Every member that Popolo knows, of every organization, post, person and membership."""
    told = exported("popolo", as_of)
    (content,) = popolo(told).values()
    said = Options("kz-eo", found="EO", language="en")
    view = taken_in(read_file("eo.popolo.json", content, said))
    (again,) = popolo(Exported(view, "popolo", told.as_of)).values()
    for kind in ("organizations", "posts", "persons", "memberships"):
        before, after = ({one["id"]: _plain(one) for one in json.loads(text)[kind]} for text in (content, again))
        assert after == before, kind


def _plain(one: dict[str, Any]) -> dict[str, Any]:
    return {member: value for member, value in one.items() if member != "regesta"}


def test_a_zip_of_tables_is_read_like_the_folder() -> None:
    """Over HTTP the set comes as a zip."""
    packed = FORMATS["csv"].body(exported("csv"))
    register = read_file("kz-eo.zip", packed, Options())
    assert (register.institution, register.count) == ("kz-eo", read_package("kz-eo", kz_eo_again()[0], Options()).count)
