"""The historicised register: a snapshot, mutations that lead from one to another, and what corresponds to what."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import pairwise

import pytest

from api.formats.bfs import bfs
from api.formats.exported import Exported, NotExported
from domain.dates import day
from projections.diff import diff
from projections.structure import structure
from tests.api.conftest import Server
from tests.api.kz_eo import DAYS, kz_eo
from tests.history import History, abolished, unit

Rows = list[dict[str, str]]

SNAPSHOT = (
    "HistoricalCode,BfsCode,ValidFrom,ValidTo,Level,Parent,Name,ShortName,Inscription,Radiation,Rec_Type_fr,Rec_Type_de"
)
SIDE = "{0}HistoricalCode,{0}Code,{0}Name,{0}ParentHistoricalCode,{0}ParentName,{0}Step"
SIDES = f"{SIDE.format('Initial')},{SIDE.format('Terminal')}"


def told(exported: Exported) -> dict[str, Rows]:
    """The tables, each with its rows."""
    return {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(content.decode(), newline="")))
        for name, content in bfs(exported).items()
        if name.endswith(".csv")
    }


def between(history: History, since: str | None, as_of: str) -> dict[str, Rows]:
    """Of a register in the making."""
    return told(Exported(history.view(), "bfs", day(as_of), day(since) if since else None))


def told_pairs(rows: Rows) -> list[tuple[str, str, str, str]]:
    """From which state to which, and the kind of mutation on both sides."""
    names = ("InitialHistoricalCode", "TerminalHistoricalCode", "InitialStep", "TerminalStep")
    return [(row[names[0]], row[names[1]], row[names[2]], row[names[3]]) for row in rows]


REORGANIZED = (
    History()
    .on("2000-02-01", unit("assay"), unit("weights", parent="assay"), unit("coins"))
    .on("2001-01-01", {"kind": "unit-renamed", "unit": "assay", "name": {"en": "Assay Office"}})
    .on("2002-01-01", {"kind": "unit-moved", "unit": "weights", "parent": "mint"})
    .on(
        "2003-01-01",
        {
            "kind": "units-reorganized",
            "form": "merge",
            "before": ["assay", "weights"],
            "after": [{"unit": "standards", "name": {"en": "Standards"}, "parent": "mint"}],
        },
    )
    .on("2004-01-01", abolished("coins"))
    .on("2005-01-01", {"kind": "unit-reinstated", "unit": "coins"})
)


def test_the_columns_are_those_of_the_register_of_communes() -> None:
    """Ours come after them."""
    files = bfs(Exported(REORGANIZED.view(), "bfs", day("2005-01-01"), day("2000-01-01")))
    first = {name: content.decode().splitlines()[0] for name, content in files.items() if name.endswith(".csv")}

    assert first["snapshot.csv"] == f"{SNAPSHOT},Kind,Grade,Since,Until"
    assert first["mutations.csv"] == f"MutationNumber,MutationDate,{SIDES},Date"
    assert first["correspondances.csv"] == SIDES


def test_without_an_earlier_day_there_is_a_snapshot_alone() -> None:
    """Mutations and correspondences are between two days."""
    assert [*between(REORGANIZED, None, "2005-01-01")] == ["snapshot"]
    with pytest.raises(NotExported, match="from lies after as_of"):
        between(REORGANIZED, "2005-01-02", "2005-01-01")


def test_eve_and_first_day_of_a_new_name() -> None:
    """A state is valid to the eve of the mutation, and the next from its day on."""
    (eve,) = [row for row in between(REORGANIZED, None, "2000-12-31")["snapshot"] if row["BfsCode"] == "assay"]
    (first,) = [row for row in between(REORGANIZED, None, "2001-01-01")["snapshot"] if row["BfsCode"] == "assay"]

    assert [eve[name] for name in ("HistoricalCode", "Name", "ValidFrom", "ValidTo")] == [
        *("assay/1", "assay", "01.02.2000", "31.12.2000")
    ]
    assert [first[name] for name in ("HistoricalCode", "Name", "ValidFrom", "ValidTo")] == [
        *("assay/2", "Assay Office", "01.01.2001", "31.12.2002")
    ]
    assert (eve["Radiation"], first["Inscription"], first["Radiation"]) == ("e2#1", "e2#1", "e4#1")
    assert (first["Level"], first["Parent"]) == ("2", "mint/1")


def test_each_mutation_is_a_pair_of_states_of_its_kind() -> None:
    """Renamed, moved, merged, abolished, founded again."""
    found = told_pairs(between(REORGANIZED, "2000-02-01", "2005-01-01")["mutations"])

    assert found == [
        ("assay/1", "assay/2", "23", "23"),
        ("weights/1", "weights/2", "24", "24"),
        ("assay/2", "standards/1", "29", "21"),
        ("weights/2", "standards/1", "29", "21"),
        ("coins/1", "", "29", ""),
        ("", "coins/2", "", "21"),
    ]


def test_mutations_lead_from_one_snapshot_to_the_next() -> None:
    """Taking the states that end away, and those that begin in, gives the later snapshot: of every two days."""
    days = ("2000-01-31", "2000-02-01", "2001-06-01", "2003-01-01", "2004-06-01", "2006-01-01")
    for since, as_of in pairwise(days):
        then = {row["HistoricalCode"] for row in between(REORGANIZED, None, since)["snapshot"]}
        now = between(REORGANIZED, since, as_of)
        for row in now["mutations"]:
            then -= {row["InitialHistoricalCode"]} if row["InitialStep"] != "26" else set()
            then |= {row["TerminalHistoricalCode"]} - {""}
        assert then == {row["HistoricalCode"] for row in now["snapshot"]}


def test_correspondences_compose_the_acts_between() -> None:
    """What went on in what, what nothing befell, what ended and what is new."""
    found = told_pairs(between(REORGANIZED, "2000-02-01", "2005-01-01")["correspondances"])

    assert found == [
        ("", "coins/2", "", "21"),
        ("assay/1", "standards/1", "23", "21"),
        ("coins/1", "", "29", ""),
        ("mint/1", "mint/1", "", ""),
        ("weights/1", "standards/1", "24", "21"),
    ]


@pytest.mark.parametrize("as_of", DAYS)
def test_the_snapshot_of_a_day_is_the_structure(as_of: str) -> None:
    """Every unit that stands, once, as sure, on the unit on which it hangs."""
    view = kz_eo()
    shown = structure(view.world, day(as_of))["units"]
    rows = told(Exported(view, "bfs", day(as_of)))["snapshot"]
    units = {row["HistoricalCode"]: row["BfsCode"] for row in rows}

    assert sorted(units.values()) == sorted(shown)
    for row in rows:
        said = shown[row["BfsCode"]]
        assert row["Grade"] == said["grade"]
        assert row["Name"] in said["name"].values()
        assert units.get(row["Parent"]) == (said["parent"] if said["parent"] in shown else None)
        assert int(row["Level"]) == 1 or units[row["Parent"]]
        assert not row["ValidFrom"] or re.fullmatch(r"\d\d\.\d\d\.\d{4}", row["ValidFrom"])


@pytest.mark.parametrize(("since", "as_of"), [(DAYS[0], DAYS[1]), (DAYS[1], DAYS[2]), (DAYS[0], DAYS[2])])
def test_correspondences_are_the_links_of_the_difference(since: str, as_of: str) -> None:
    """The same pairs, and the same units without a partner."""
    view = kz_eo()
    said = diff(view.world, day(since), day(as_of))
    rows = told(Exported(view, "bfs", day(as_of), day(since)))["correspondances"]

    found = [(row["InitialCode"], row["TerminalCode"]) for row in rows]
    assert sorted(old for old, new in found if not new) == said["ended"]
    assert sorted(new for old, new in found if not old) == said["new"]
    partners = {unit for old, new in found if old and new and old != new for unit in (old, new)}
    links = sorted([old, new] for old, new in found if old and new and (old != new or old in partners))
    assert links == said["links"]


def test_a_doubtful_day_is_no_date_there() -> None:
    """It is empty, stands in our column, and is listed."""
    history = (
        History()
        .on("2000-02-01", unit("assay"))
        .on("2001-05~", {"kind": "unit-renamed", "unit": "assay", "name": {"en": "Assay Office"}})
    )
    files = bfs(Exported(history.view(), "bfs", day("2002-01-01"), day("2000-06-01")))
    (row,) = between(history, "2000-06-01", "2002-01-01")["mutations"]
    losses = json.loads(files["datapackage.json"])["regesta"]["losses"]

    assert (row["MutationDate"], row["Date"]) == ("", "2001-05~")
    assert [loss["where"] for loss in losses if loss["what"].startswith("MutationDate")] == [["e2#1"]]


def test_what_a_list_ends_is_not_dated_by_the_list() -> None:
    """The list shows that the unit is gone by its day; on which day it went nobody says."""
    history = History().on("2000-02-01", unit("assay"), unit("coins"))
    history.on(
        "2010-01-01", {"kind": "list-attested", "scope": {"parent": "mint"}, "members": ["coins"], "closed": True}
    )
    (row,) = between(history, "2001-01-01", "2010-01-01")["mutations"]

    assert (row["InitialCode"], row["MutationDate"], row["Date"]) == ("assay", "", "2000-02-02/2010-01-01")


def test_it_takes_two_days_over_http(mint: Server) -> None:
    """And says both."""
    asked = {"format": "bfs", "from": "1802-09-20", "as_of": "1811-07-01"}
    answer = mint.client.get("/v1/institutions/mint/export", params=asked)

    assert answer.status_code == 200
    assert "format=bfs&from=1802-09-20&as_of=1811-07-01&known_at=10" in answer.headers["link"]
    assert mint.client.get("/v1/institutions/mint/export", params={"format": "bfs"}).status_code == 422
