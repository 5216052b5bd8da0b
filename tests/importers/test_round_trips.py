"""What goes out in a format comes back: the log byte for byte, tables and Popolo but for what they list as lost."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.formats.exported import Exported
from api.formats.table import FORMATS
from api.importers.files import read_file
from api.importers.options import Options
from api.registers import record_in_pages
from api.store import readings_in_memory
from domain.acts import Known
from domain.chain import Head
from domain.dates import Day
from domain.fold import fold
from domain.recording import View
from projections.structure import structure
from tests.api.kz_eo import exported, kz_eo
from tests.history import History, abolished, appointed, post, released, unit
from tests.laws.test_laws_later import recorded
from tests.strategies import interesting_days, later_registers

DAYS = interesting_days()


def back(told: Exported, options: Options) -> View:
    """The register that an export makes in an empty database; nothing of it is refused."""
    format_ = FORMATS[told.format]
    with readings_in_memory() as readings:
        register = read_file(told.institution + format_.suffix, format_.body(told), options)
        refused = [row.refusal for row in record_in_pages(register, readings.registers, "test") if row.refusal]
        assert refused == []
        return readings.registers.view(told.institution)


def without(answer: Any, *names: str) -> Any:
    """An answer without the members of those names."""
    if isinstance(answer, dict):
        return {name: without(value, *names) for name, value in answer.items() if name not in names}
    return [without(one, *names) for one in answer] if isinstance(answer, list) else answer


# --- tables


def test_the_tables_of_kz_eo_make_it_again() -> None:
    """Every answer of every tenth day of change is the same; but for the corrections, by which things now read so."""
    lives = [life for lives in kz_eo().world.lives.values() for life in lives]
    days = sorted({day for life in lives for day in life.change_days()})
    again = back(exported("csv"), Options())

    for day in [*days[::10], days[-1]]:
        then, now = structure(kz_eo().world, day), structure(again.world, day)
        assert without(then, "corrected_by") == without(now, "corrected_by")


@given(later_registers(), st.sampled_from(DAYS))
def test_tables_of_any_history_make_it_again(entries: list[Any], day: Day) -> None:
    """Where nothing was corrected or withheld nothing is lost: the same structure, and the same tables once more."""
    drafted, _ = recorded(entries)
    known = Known(drafted)
    view = View("mint", Head(len(drafted), None, f"{len(drafted):064}"), known, fold(known))
    told = Exported(view, "csv")
    again = back(told, Options())

    assert structure(again.world, day) == structure(view.world, day)
    tables, once_more = (
        FORMATS["csv"].files(one) for one in (told, Exported(View("mint", view.head, again.known, again.world), "csv"))
    )
    assert tables == once_more


# --- Popolo

SPANS = {
    "names": "name",
    "kinds": "kind",
    "parents": "parent",
    "orders": "order",
    "titles": "title",
    "units": "unit",
    "seats": "seats",
    "portfolios": "portfolio",
    "capacities": "capacity",
}
"""Members that hold every value of an attribute, and the attribute."""


def kept(document: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """What Popolo's own members say, and of `regesta` the dates as recorded, with every value."""
    found = {}
    for members in ("organizations", "posts", "persons", "memberships"):
        for one in document[members]:
            said, own = without(one, "regesta", "sources"), one["regesta"]
            if members == "persons":
                said["own"] = without(own, "event")
            else:
                lives = own.get("lives", [own])
                said["lives"] = [(life["life"], life["since"], life["until"]) for life in lives]
                said["spans"] = {
                    name: [(one[value], one["life"], one["since"], one["until"]) for one in own.get(name, ())]
                    for name, value in SPANS.items()
                }
            found[members, one["id"]] = said
    return found


@cache
def popolo() -> tuple[dict[str, Any], dict[str, Any]]:
    """The register kz-eo, and what became of it on its way out and in again."""
    told = exported("popolo")
    again = Exported(back(told, Options(institution="kz-eo", found="The Executive Office")), "popolo")
    first, second = (json.loads(FORMATS["popolo"].body(one)) for one in (told, again))
    return first, second


def test_the_popolo_file_of_kz_eo_makes_it_again() -> None:
    """The same organizations, posts, persons and memberships, with the same dates, names and values."""
    then, now = (kept(document) for document in popolo())

    assert then.keys() == now.keys()
    assert [(key, then[key], now[key]) for key in then if then[key] != now[key]] == []


def test_where_nothing_is_lost_all_comes_back_as_sure() -> None:
    """Of plain acts on exact days grades, evidence and bounds too are the same: only the acts are others."""
    history = (
        History()
        .on("2000-02-01", unit("assay"), unit("weights", parent="assay"), post("warden", "assay"))
        .on("2001-03-01", appointed("ann", "warden"))
        .on("2002-03-01", {"kind": "unit-renamed", "unit": "assay", "name": {"en": "Assay Office", "kk": "Сынақ"}})
        .on("2003-03-01", {"kind": "unit-moved", "unit": "weights", "parent": "mint"}, released("ann", "warden"))
        .on("2004-03-01", abolished("weights"))
    )
    told = Exported(history.view(), "popolo")
    again = Exported(back(told, Options(institution="mint", found="Mint")), "popolo")
    then, now = (json.loads(FORMATS["popolo"].body(one)) for one in (told, again))

    lost = [loss for loss in then["regesta"]["losses"] if loss["kept"] is None]
    assert [loss["what"] for loss in lost] == ["instants of recording, hashes and salts"]
    named = ("event", "until_event")
    for members in ("organizations", "posts", "persons", "memberships"):
        assert without(then[members], *named) == without(now[members], *named)
