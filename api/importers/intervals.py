"""Tables of intervals: who held which post, or which post or unit stood, from when to when, by which act."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from api.importers.days import NOBODY_SAYS, end_in
from api.importers.facts import Row, Times, entries_of
from api.importers.naming import Called, Thing, Unfit, few, like_an_id, slug
from api.importers.options import Options
from api.importers.sources import Data, File, filed, readable, refused, register_of
from api.importers.tables import Cells, Columns, Line, Table
from api.registers import Filed, NotARegister, Register
from domain.dates import Day, PartialDate
from domain.ids import CODE_PATTERN

ACT: Final = ("number", "date", "kind", "issuer", "title")
"""What may be said of an act, in columns `act_number` and so on; of the act of an end, `end_act_number`."""

COLUMNS: Final = Columns(
    frozenset(
        [
            *("row", "person_id", "post_id", "unit_id", "unit_kind", "parent", "born", "seats", "capacity", "ground"),
            *("from", "to", "on", "source", "locator", "wording", "certainty", "note", "act", "end_act"),
            *(f"{act}_{said}" for act in ("act", "end_act") for said in ACT),
        ]
    ),
    {"name": "person_name", "title": "post_title"},
)


def read_intervals(file: File, table: Table, options: Options) -> Register:
    """The entries that a table of intervals makes. Raises: NotARegister."""
    headings = COLUMNS.of(table, options)
    if not any(column.startswith(("person", "post", "unit")) for column in headings):
        raise NotARegister(table.place, "no column names a person, a post or a unit")
    if "to" in headings and options.to_is is None:
        raise NotARegister(table.place, NOBODY_SAYS, "to_is")
    return _Intervals(file, table, options, headings).register()


@dataclass
class _Intervals:
    file: File
    table: Table
    options: Options
    headings: Mapping[str, str]
    called: Called = field(default_factory=Called)
    acts: dict[str, tuple[Data, str]] = field(default_factory=dict)
    """The acts that the file brings, each with the row that names it first."""
    keys: dict[str, str] = field(default_factory=dict)
    """The rows by the id that they have in the file."""
    starts: defaultdict[str, set[Day]] = field(default_factory=lambda: defaultdict(set))
    ends: defaultdict[str, set[Day]] = field(default_factory=lambda: defaultdict(set))
    """The days written in `from` and `to` of each post that is held, where they are exact."""

    def register(self) -> Register:
        """The register of the table: the file, the acts that it brings, its rows."""
        rows = [self._row(line) for line in self.table.lines]
        acts = [filed(where, self._brought(act, where)) for act, where in self.acts.values()]
        notes = [*self.table.notes, *self._to_be_there(), *self._doubted_ends()]
        return register_of(self.file, self.options, [self.file.registered("intervals"), *acts, *rows], notes)

    def _to_be_there(self) -> Iterator[str]:
        if nameless := self.called.nameless():
            yield f"to these ids the file gives no name, so they must be in the register: {few(nameless)}"

    def _doubted_ends(self) -> Iterator[str]:
        """What the hand-overs of the file themselves say of the meaning of an end, if it is the other one."""
        shared = sum(end in self.starts[post] for post, ends in self.ends.items() for end in ends)
        parted = sum(end + 1 in self.starts[post] for post, ends in self.ends.items() for end in ends)
        if self.options.to_is == "last-day" and shared > parted:
            yield (
                f"in {shared} of {shared + parted} hand-overs the successor begins on the very day of the end: is that"
                " the last day, or the first day after?"
            )
        if self.options.to_is == "first-day-after" and parted > shared:
            yield (
                f"in {parted} of {shared + parted} hand-overs the successor begins a day behind the end: is that the"
                " first day after, or the last day?"
            )

    def _row(self, line: Line) -> Filed:
        where = self.table.where(line)
        if line.faults:
            return refused(where, line.faults)
        cells = Cells(line, self.headings, self.options.language)
        try:
            key, acts, row = self._read(cells, where)
            made = filed(where, *entries_of(row))
        except Unfit as fault:
            return refused(where, [str(fault)])
        if not readable(made):
            return made
        self.keys[key] = where
        if row.person and row.post:
            for days, column in ((self.starts, "from"), (self.ends, "to")):
                written = cells.day(column)
                if written and written.exact:
                    days[row.post.id].add(written.earliest)
        for kind, thing in _things(row):
            self.called.add(kind, thing, where)
        for act in acts:
            before = self.acts.get(act["id"], ({}, where))
            self.acts[act["id"]] = {**before[0], **act}, before[1]
        return made

    def _read(self, cells: Cells, where: str) -> tuple[str, list[Data], Row]:
        key = cells.text("row") or str(cells.line.number)
        if key in self.keys:
            raise Unfit(f"the row {key!r} is in {self.keys[key]} already")
        begun, ended = self._act(cells, "act"), self._act(cells, "end_act")
        acts = [act for act in (begun, ended) if len(act) > 1]
        times = Times(
            cells.day("from"), self._end(cells), cells.day("on"), begun.get("id") or None, ended.get("id") or None
        )
        unit = cells.thing("unit")
        row = Row(
            stem=self.file.entry_id(_code("row", key)),
            times=times,
            person=cells.thing("person"),
            post=cells.thing("post", under=unit.id if unit else None),
            unit=unit,
            parent=cells.thing("unit", "parent"),
            **self._said(cells, times),
        )
        for kind, thing in _things(row):
            self.called.check(kind, thing, where)
        return key, acts, row

    def _said(self, cells: Cells, times: Times) -> Data:
        locator, wording = f"{self._place()}row {cells.line.number}", cells.text("wording")
        own, context, certainty = cells.text("source"), [], cells.text("certainty")
        sources = [self.file.cited(locator, None if own else wording, certainty)]
        if own:
            source = own if like_an_id(own) else slug(own)
            if source != own:
                context = [{"kind": "source-registered", "source": source, "title": {self.options.language: own}}]
            rest = {"locator": cells.text("locator"), "wording": wording, "certainty": certainty}
            sources.append({"source": source, **{name: value for name, value in rest.items() if value}})
        elif text := cells.text("locator"):
            raise Unfit(f"it has a locator, {text[:60]!r}, in no source")
        end = cells.text("to")
        words = f"to {end}, the {'last day' if self.options.to_is == 'last-day' else 'first day after'}"
        ending = [self.file.cited(locator, words if end else None, certainty), *sources[1:]]
        seats, kind = cells.text("seats"), cells.text("unit_kind")
        return {
            "sources": sources,
            "end_sources": ending,
            "context": context,
            "unit_kind": _code("unit_kind", kind) if kind else None,
            "seats": _number("seats", seats) if seats else None,
            "capacity": cells.text("capacity"),
            "ground": cells.text("ground"),
            "note": cells.text("note"),
            "born": str(born) if (born := cells.day("born")) else None,
        }

    def _place(self) -> str:
        sheet = self.table.place.removeprefix(self.file.name).removeprefix(", ")
        return f"{sheet}, " if sheet else ""

    def _end(self, cells: Cells) -> PartialDate | None:
        text = cells.text("to")
        if text is None:
            return None
        try:
            return end_in(text, self.options.to_is)
        except Unfit as fault:
            raise Unfit(f"column to: {fault}") from None

    # --- acts

    def _act(self, cells: Cells, column: str) -> Data:
        """What the row says of an act: {} if nothing, its id alone if that is all."""
        cell = cells.text(column)
        said = {name: text for name in ACT if (text := cells.text(f"{column}_{name}"))}
        if cell is None and not said:
            return {}
        act: Data = {name: said[name] for name in ("number", "issuer") if name in said}
        if "kind" in said:
            act["kind"] = _code(f"{column}_kind", said["kind"])
        if "date" in said:
            act["signed"] = str(cells.day(f"{column}_date"))
        if cell is not None and not like_an_id(cell):
            said.setdefault("title", cell)
        if "title" in said:
            act["title"] = {self.options.language: said["title"]}
        if cell is None:
            if not {"number", "date"} & said.keys():
                raise Unfit(f"it says something of an act, and not which: fill {column}, {column}_number or _date")
            cell = " ".join(said[name] for name in ("date", "kind", "number") if name in said)
        act = {"id": cell if like_an_id(cell) else slug(cell), **act}
        before, where = self.acts.get(act["id"], ({}, ""))
        for name, value in act.items():
            if before.get(name, value) != value:
                other = f"{name} {before[name]!r} in {where}, and {value!r} here"
                raise Unfit(f"column {column}: the act {act['id']!r} has {other}")
        return act

    def _brought(self, act: Data, where: str) -> Data:
        locator = where.removeprefix(f"{self.file.name}, ")
        return {
            "entry": self.file.entry_id("act", act["id"]),
            "instrument": {"kind": "act", **act},
            "sources": [self.file.cited(locator)],
            "changes": [],
        }


def _things(row: Row) -> Iterator[tuple[str, Thing]]:
    for kind, thing in (("unit", row.parent), ("unit", row.unit), ("post", row.post), ("person", row.person)):
        if thing:
            yield kind, thing


def _code(column: str, text: str) -> str:
    if not re.fullmatch(CODE_PATTERN, text):
        raise Unfit(f"column {column}: {text[:60]!r} is no code: letters, digits and . _ : - , at most 64")
    return text


def _number(column: str, text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise Unfit(f"column {column}: {text[:60]!r} is no number from 1")
    return int(text)
