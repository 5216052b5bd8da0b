"""A folder of tables as CSV (RFC 4180, UTF-8) with a Frictionless description of them (Data Package 2.0).

A spreadsheet takes a cell that begins with = + - @ for a formula, whoever wrote it. Such a text is written with an
apostrophe before it, and so is one that would look so guarded: taking one apostrophe away gives every text back.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import orjson

from api.formats.exported import Exported, Files
from api.formats.losses import Losses
from projections.structure import Answer

PROFILES = "https://datapackage.org/profiles/2.0/"

Kind: TypeAlias = Literal["string", "integer", "number", "boolean", "date", "object"]
Row: TypeAlias = Mapping[str, object]

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
GUARD = "A text that begins with = + - @, a tab or a return, after any apostrophes, has one apostrophe more before it."


def guarded(text: str) -> str:
    """*text* as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text that was guarded so."""
    return cell[1:] if _GUARDED.match(cell) else cell


@dataclass(frozen=True)
class Column:
    """A column: what it is called, the kind of its values, what they say; *refers*: to the first key of a table."""

    name: str
    says: str
    kind: Kind = "string"
    refers: str | None = None


@dataclass
class Table:
    """A table of the set; *key* are the columns that name a row, none if nothing does."""

    name: str
    says: str
    key: Sequence[str]
    columns: Sequence[Column]
    rows: list[Row] = field(default_factory=list)

    def text(self) -> bytes:
        """The rows as CSV under the names of the columns; what is unknown is an empty cell."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(column.name for column in self.columns)
        for row in self.rows:
            writer.writerow(_cell(row[column.name], column.kind) for column in self.columns)
        return out.getvalue().encode()

    def described(self, tables: Mapping[str, Table]) -> Answer:
        """The resource of the description."""
        references = [
            {
                "fields": [column.name],
                "reference": {
                    "resource": "" if column.refers == self.name else column.refers,
                    "fields": [tables[column.refers].key[0]],
                },
            }
            for column in self.columns
            if column.refers
        ]
        return {
            "$schema": f"{PROFILES}dataresource.json",
            "name": self.name,
            "path": f"{self.name}.csv",
            "type": "table",
            "description": self.says,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": {
                "$schema": f"{PROFILES}tableschema.json",
                "fields": [{"name": c.name, "type": c.kind, "description": c.says} for c in self.columns],
                **({"primaryKey": [*self.key]} if self.key else {}),
                **({"foreignKeys": references} if references else {}),
            },
        }


def package(tables: Iterable[Table], exported: Exported, title: str, losses: Losses) -> Files:
    """The files of *tables*, and their description with what the export is and has lost."""
    named = {table.name: table for table in tables}
    told = exported.told
    whole = {
        "$schema": f"{PROFILES}datapackage.json",
        "name": re.sub(r"[^a-z0-9._-]", "-", exported.institution.lower()),
        "title": f"{exported.institution}, {title}",
        "description": told["text"],
        "regesta": {**told, "guard": GUARD, "losses": losses.told},
        "resources": [table.described(named) for table in named.values()],
    }
    files = {f"{table.name}.csv": table.text() for table in named.values()}
    return {"datapackage.json": orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE), **files}


def _cell(value: object, kind: Kind) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float() | str() if kind != "object":
            return guarded(value) if isinstance(value, str) else repr(value)
        case _:
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
