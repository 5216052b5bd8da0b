"""The tables that `export --format csv` writes, read back into the entries that they were made of.

Only the changes and their sources are read; the other tables tell what follows from these.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from api.formats.datapackage import unguarded
from api.importers.naming import Unfit, few
from api.importers.options import MAX_FILE_BYTES, Options
from api.importers.sources import Data, filed, founding, refused
from api.registers import Filed, NotARegister, Register
from domain.entries import plain_json
from domain.errors import EntryUnreadable
from domain.ids import ID_PATTERN

MAX_CHANGES: Final = 100_000

CHANGES, SOURCES, DESCRIPTION = "changes.csv", "change_sources.csv", "datapackage.json"

_STARTS = ("appointed", "transferred", "tenure-attested")


@dataclass
class _Entry:
    """An entry as the rows of the table tell of it, by the number of the change; what is wrong with it."""

    rows: dict[int, Mapping[str, str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def read_package(name: str, files: Mapping[str, bytes], options: Options) -> Register:
    """The entries of a set of tables, with their ids, in the order of recording. Raises: NotARegister."""
    for wanted in (DESCRIPTION, CHANGES, SOURCES):
        if wanted not in files:
            raise NotARegister(name, f"it holds no {wanted}: a set of tables as `export --format csv` writes is wanted")
    about = _json(files[DESCRIPTION], f"{name}, {DESCRIPTION}").get("regesta")
    institution = options.institution or (about.get("institution") if isinstance(about, Mapping) else None)
    if not isinstance(institution, str) or not re.fullmatch(ID_PATTERN, institution):
        raise NotARegister(name, "it does not say whose entries it holds: name the institution")
    sources: dict[str, list[Data]] = {}
    for row in _rows(name, SOURCES, files[SOURCES], ("event", "number", "source", "locator", "wording", "certainty")):
        cited = {key: row[key] for key in ("source", "locator", "wording", "certainty") if row[key]}
        sources.setdefault(row["event"], []).append(cited)
    entries: dict[str, _Entry] = {}
    ordered = sorted(
        _rows(name, CHANGES, files[CHANGES], ("event", "kind", "says", "effective", "basis", "entry", "number")),
        key=lambda row: int(row["position"]) if row.get("position", "").isdecimal() else 0,
    )
    for row in ordered:
        entry = entries.setdefault(row["entry"], _Entry())
        if not row["number"].isdecimal() or len(row["number"]) > 6:
            entry.faults.append(f"{row['event'][:140]!r} has no number in its entry")
        else:
            entry.rows[int(row["number"])] = row
    made = [
        *founding(options),
        *(_filed(f"{name}, entry {one[:140]}", one, told, sources) for one, told in entries.items()),
    ]
    lost = [
        one
        for one, told in entries.items()
        if sorted(told.rows.keys() - {0}) != [*range(1, len(told.rows.keys() - {0}) + 1)]
    ]
    notes = (
        [f"entries that are not whole in the tables, so that their changes are counted anew: {few(lost)}"]
        if lost
        else []
    )
    return Register(institution, len(made), made, tuple(notes))


def _filed(where: str, entry: str, told: _Entry, sources: Mapping[str, list[Data]]) -> Filed:
    try:
        if told.faults:
            return refused(where, told.faults)
        return filed(where, _entry(entry, told.rows, sources))
    except Unfit as fault:
        return refused(where, [str(fault)])


def _entry(entry: str, rows: Mapping[int, Mapping[str, str]], sources: Mapping[str, list[Data]]) -> Data:
    numbers = sorted(rows)
    cited = next((row["instrument"] for row in rows.values() if row.get("instrument")), None)
    instrument: Any = cited
    shared: Data = {}
    if numbers[0] == 0:
        said = _says(rows[0])
        instrument = {"id": said.pop("instrument", None), "kind": said.pop("instrument_kind", None), **said}
        if found := sources.get(rows[0]["event"]):
            shared["sources"] = found
        if rows[0]["effective"] and all(row["basis"] != "instrument-default" for row in rows.values()):
            shared["effective"] = rows[0]["effective"]
    changes = []
    for place, number in enumerate((number for number in numbers if number), 1):
        row = rows[number]
        change = {"kind": row["kind"], **_says(row)}
        if place != number and row["kind"] in _STARTS and not change.get("tenure"):
            change["tenure"] = f"{entry}#{number}"
        if row["basis"] != "instrument-default":
            change["effective"] = row["effective"] or None
        if row["basis"] == "inferred":
            change["basis"] = "inferred"
        change |= {key: row[key] for key in ("provision", "note") if row.get(key)}
        if found := sources.get(row["event"]):
            change["sources"] = found
        changes.append(change)
    return {"entry": entry, **({"instrument": instrument} if instrument else {}), **shared, "changes": changes}


def _says(row: Mapping[str, str]) -> Data:
    try:
        said = plain_json(row["says"].encode(), row["event"])
    except EntryUnreadable as fault:
        raise Unfit(fault.reasons[0].detail) from None
    if not isinstance(said, dict):
        raise Unfit(f"what {row['event'][:140]!r} says is no object")
    return {name: value for name, value in said.items() if value is not None or row["kind"] != "instrument-issued"}


def _rows(name: str, table: str, content: bytes, columns: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        headings = next(rows, [])
        if missing := [column for column in columns if column not in headings]:
            raise NotARegister(name, f"{table} has no column {missing[0]}")
        found: list[dict[str, str]] = []
        for row in rows:
            if len(row) != len(headings):
                raise NotARegister(name, f"{table}, row {len(found) + 2} has {len(row)} cells, not {len(headings)}")
            found.append(dict(zip(headings, map(unguarded, row), strict=True)))
            if len(found) > MAX_CHANGES:
                raise NotARegister(name, f"{table} has more than {MAX_CHANGES} rows: the log carries any number")
        return found
    except (UnicodeDecodeError, csv.Error) as fault:
        raise NotARegister(name, f"{table} cannot be read: {fault}") from None


def _json(content: bytes, where: str) -> Mapping[str, Any]:
    try:
        data = plain_json(content, where, MAX_FILE_BYTES)
    except EntryUnreadable as fault:
        raise NotARegister(where, fault.reasons[0].detail) from None
    return data if isinstance(data, Mapping) else {}
