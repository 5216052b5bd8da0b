"""Tidy tables: as their description has them, with every fact of the structure, guarded, and with what is lost."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pandas  # type: ignore[import-untyped]  # it brings no types, and its stubs are not locked
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.formats.datapackage import guarded, unguarded
from api.formats.exported import Exported, Files
from api.formats.tables import tables
from domain.changes import ReadingPreferred
from domain.dates import PartialDate, day
from projections.structure import structure
from tests.api.kz_eo import DAYS, exported, kz_eo
from tests.history import History, appointed, post, unit

EVERY = (None, *DAYS)
READ: dict[str, Callable[[str], object]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": day,
    "object": json.loads,
}


@cache
def files(as_of: str | None = None) -> Files:
    """The register kz-eo."""
    return tables(exported("csv", as_of))


def told(history: History, as_of: str | None = None) -> Files:
    """A register in the making, exported."""
    return tables(Exported(history.view(), "csv", day(as_of) if as_of else None))


def rows(of: Files, table: str) -> list[dict[str, str]]:
    """The rows of a table, cells as they are written."""
    return list(csv.DictReader(io.StringIO(of[f"{table}.csv"].decode(), newline="")))


def described(of: Files) -> dict[str, Any]:
    """The description of the tables."""
    found: dict[str, Any] = json.loads(of["datapackage.json"])
    return found


@pytest.mark.parametrize("as_of", [*EVERY, "1991-06-01", "2014-06-01"])
def test_every_table_is_as_its_description_says(as_of: str | None) -> None:
    """Columns in order, values of their kinds, keys that name one row, references that lead to one."""
    said = described(files(as_of))
    assert {resource["path"] for resource in said["resources"]} == {*files(as_of)} - {"datapackage.json"}
    for resource in said["resources"]:
        found, schema = rows(files(as_of), resource["name"]), resource["schema"]
        header = files(as_of)[resource["path"]].decode().split("\r\n", 1)[0]
        assert header.split(",") == [column["name"] for column in schema["fields"]]
        for column in schema["fields"]:
            for row in found:
                if row[column["name"]]:
                    READ[column["type"]](row[column["name"]])
        keys = [tuple(row[name] for name in schema["primaryKey"]) for row in found]
        assert len(set(keys)) == len(keys), resource["name"]
        assert all(all(key) for key in keys), resource["name"]
        for reference in schema.get("foreignKeys", ()):
            (column,), (other,) = reference["fields"], reference["reference"]["fields"]
            known = {row[other] for row in rows(files(as_of), reference["reference"]["resource"])}
            assert {row[column] for row in found if row[column]} <= known, (resource["name"], column)


@pytest.mark.parametrize("as_of", DAYS)
def test_what_stands_on_a_day_is_what_the_structure_shows(as_of: str) -> None:
    """The same units, posts, relations and functions, as sure; and the same number of holders."""
    shown = structure(kz_eo().world, day(as_of))

    def standing(table: str, *key: str) -> dict[str, str]:
        found = (row for row in rows(files(as_of), table) if row["grade"] not in ("", "unattested"))
        return {"|".join(row[name] for name in key): row["grade"] for row in found}

    assert standing("units", "unit") == {name: unit["grade"] for name, unit in shown["units"].items()}
    assert standing("posts", "post") == {name: post["grade"] for name, post in shown["posts"].items()}
    relations = standing("relations", "subject", "relation", "object")
    assert relations == {name: relation["grade"] for name, relation in shown["relations"].items()}
    functions = {f"{one['holder']}|{one['function']}": one["grade"] for one in shown["functions"].values()}
    assert standing("functions", "holder", "function") == functions
    vacancies = {row["post"]: row["vacancy"] for row in rows(files(as_of), "posts") if row["vacancy"]}
    assert vacancies == {name: post["vacancy"] for name, post in shown["posts"].items()}


@pytest.mark.parametrize("as_of", EVERY)
def test_every_date_stands_with_its_bounds(as_of: str | None) -> None:
    """The first is not after the last, nor after all that the EDTF says."""
    for table in ("units", "posts", "tenures", "unit_names", "tenure_capacities"):
        for row in rows(files(as_of), table):
            lo, hi = row["since_earliest"], row["since_latest"]
            assert not (lo and hi) or lo <= hi
            assert not (row["since"] and lo) or day(lo) <= PartialDate.parse(row["since"]).latest


def test_every_change_that_holds_is_told_with_all_that_it_says() -> None:
    """From `says` an entry can be written again."""
    told_changes = {row["event"]: row for row in rows(files(), "changes")}
    changes = {act.target: act.change for act in kz_eo().world.acts}
    changes |= {event.target: event.change for _, event in kz_eo().known.live(ReadingPreferred)}

    assert told_changes.keys() == changes.keys()
    for event, row in told_changes.items():
        change = changes[event]
        fields = {"kind": row["kind"], **json.loads(row["says"])}
        again = type(change).model_validate_json(json.dumps(fields))
        assert again.bare() == change.bare()


def test_pandas_reads_the_tables() -> None:
    """With the kinds that the description gives."""
    table = pandas.read_csv(io.BytesIO(files()["tenures.csv"]), dtype=str, keep_default_na=False)

    assert len(table) == len([*exported("csv").lives("tenure")])
    assert (table["since_latest"] != "").all()


@given(st.text())
def test_every_text_comes_back_from_its_cell(text: str) -> None:
    """The guard is undone by taking one apostrophe away where it was put, and nowhere else."""
    assert unguarded(guarded(text)) == text
    assert not re.match(r"[=+\-@\t\r]", guarded(text))


def test_no_cell_is_a_formula() -> None:
    """A name that would run a program in a spreadsheet is a name."""
    formula = "=cmd|'/c calc'!A0"
    history = History().on("2000-02-01", {**unit("assay"), "name": {"en": formula}})

    (row,) = [row for row in rows(told(history), "unit_names") if row["unit"] == "assay"]

    assert row["text"] == f"'{formula}"
    assert unguarded(row["text"]) == formula


def test_a_value_holds_from_the_day_of_its_act_until_the_next() -> None:
    """Each with the bounds of that act, and no day is of two names."""
    renamed = {"kind": "unit-renamed", "unit": "assay", "name": {"en": "Assay Office", "kk": "Сынақ кеңсесі"}}
    history = History().on("2000-02-01", unit("assay")).on("2001-05", renamed)

    found = [row for row in rows(told(history), "unit_names") if row["unit"] == "assay"]

    assert [(row["number"], row["language"], row["since"], row["until"]) for row in found] == [
        ("1", "en", "2000-02-01", "2001-05"),
        ("2", "en", "2001-05", ""),
        ("2", "kk", "2001-05", ""),
    ]
    assert (found[0]["until_earliest"], found[0]["until_latest"]) == ("2001-05-01", "2001-05-31")
    assert found[1]["event"] == "e2#1"


def test_a_name_that_a_source_shows_may_be_older_than_the_source() -> None:
    """No act gave it: it was taken some day after the last on which another is shown."""
    shown = {"kind": "unit-attested", "unit": "assay", "parent": "mint"}
    history = History().on("2000-02-01", {**shown, "name": {"en": "Assay"}})
    history.on("2003-01-01", {**shown, "name": {"en": "Assay"}}).on("2005-01-01", {**shown, "name": {"en": "Proofs"}})

    before, after = [row for row in rows(told(history), "unit_names") if row["unit"] == "assay"]

    assert before["until"] == after["since"] == "2003-01-02/2005-01-01"
    assert (after["since_earliest"], after["since_latest"]) == ("2003-01-02", "2005-01-01")


def test_a_tenure_has_its_act_and_its_end_though_it_ends_after_the_day() -> None:
    """Asked of a day, a set still says what is known of the end."""
    history = History().on("2000-02-01", post("warden"), appointed("ann", "warden"))
    history.on("2003-03-01", appointed("bob", "warden"))

    (row,) = rows(told(history, "2002-12-31"), "tenures")

    assert (row["grade"], row["until"], row["implied"]) == ("presumed", "2000-02-02/2003-03-01", "true")
    assert (row["event"], row["until_event"]) == ("e1#2", "e2#1")


def test_what_is_lost_is_listed() -> None:
    """The corrected wording, the correction, what was annulled; and nothing of the kind where nothing was."""
    history = History().on("2000-02-01", unit("assay"), unit("weighing"))
    assert [loss["what"] for loss in described(told(history))["regesta"]["losses"]] == [
        "instants of recording, hashes and salts"
    ]
    history.on(None, {"kind": "annulled", "target": "e1#2", "reason": "never was"})

    lost = {loss["what"]: loss["where"] for loss in described(told(history))["regesta"]["losses"]}

    assert lost["a change that is annulled or hangs on nothing"] == ["e1#2"]
    assert lost["a change of kind annulled"] == ["e2#1"]
