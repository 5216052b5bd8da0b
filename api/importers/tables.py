"""A table as rows of text under headings, whatever file it came from, and the columns that a format knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from api.importers.days import day_in
from api.importers.naming import Thing, Unfit, like_an_id, slug
from api.importers.options import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Options
from api.registers import NotARegister
from domain.dates import PartialDate
from domain.ids import ID_PATTERN

_LANGUAGE = r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*"


@dataclass
class Line:
    """A row of a table: its number as a spreadsheet counts, its cells by heading, and what is wrong with it."""

    number: int
    cells: dict[str, str]
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """The rows below the headings of a table, blank ones left out; *place* names file and sheet."""

    place: str
    headings: Sequence[str]
    lines: Sequence[Line]
    notes: Sequence[str] = ()

    def where(self, line: Line) -> str:
        """Where *line* is, for an editor who looks it up."""
        return f"{self.place}, row {line.number}"


def table_of(place: str, rows: Iterable[tuple[int, Sequence[str]]], notes: Sequence[str] = ()) -> Table:
    """The table of numbered *rows* of text, of which the first that is not blank holds the headings.

    Raises: NotARegister, for one without headings or with one twice, and for one that is too large.
    """
    headings: list[str] = []
    lines: list[Line] = []
    for number, row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if not headings:
            headings = _headings(place, cells)
            continue
        if len(lines) >= MAX_ROWS:
            raise NotARegister(place, f"it has more than {MAX_ROWS} rows: split it")
        lines.append(_line(number, cells, headings))
    if not headings:
        raise NotARegister(place, "it is empty: its first row should hold the headings of the columns")
    return Table(place, headings, lines, notes)


def _headings(place: str, cells: Sequence[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise NotARegister(place, f"it has {len(cells)} columns, more than {MAX_COLUMNS}")
    twice = next((cell for cell in cells if cell and cells.count(cell) > 1), None)
    if twice:
        raise NotARegister(place, f"the heading {twice[:60]!r} stands over two columns")
    return list(cells)


def _line(number: int, cells: Sequence[str], headings: Sequence[str]) -> Line:
    line = Line(number, {})
    for column, cell in enumerate(cells):
        heading = headings[column] if column < len(headings) else ""
        if len(cell) > MAX_CELL:
            line.faults.append(f"column {heading or column + 1}: {len(cell)} characters are more than {MAX_CELL}")
        elif heading:
            line.cells[heading] = cell
        elif cell:
            line.faults.append(f"column {column + 1} has no heading, and here a value: {cell[:60]!r}")
    return line


# --- columns


THINGS: Final = ("person", "post", "unit")
_NAMES = re.compile(rf"(person|post|unit)(_name|_title)?(?:_({_LANGUAGE}))?")


@dataclass(frozen=True)
class Columns:
    """The columns that a format knows: fixed ones, those of the names of things, and *aliases* of things."""

    fixed: frozenset[str]
    aliases: Mapping[str, str]
    """What a heading may begin with instead: `name` for `person_name`, `title` for `post_title`."""

    def known(self, heading: str) -> str | None:
        """The column that *heading* names: itself, or THING@ for a thing by id or name, THING@LANGUAGE for its name.

        The language of `person_name`, which says none, is written *. None, if it names no column.
        """
        low = heading.strip().casefold().replace(" ", "_")
        if low in self.fixed:
            return low
        first, _, rest = low.partition("_")
        low = self.aliases.get(first, first) + (f"_{rest}" if rest else "")
        if low in self.fixed:
            return low
        names = _NAMES.fullmatch(low)
        if names is None:
            return None
        return f"{names[1]}@{names[3] or ('*' if names[2] else '')}"

    def of(self, table: Table, options: Options) -> dict[str, str]:
        """The heading of each column that *table* has. Raises: NotARegister, for headings that name none."""
        found: dict[str, str] = {}
        strange = [heading for heading in options.columns if heading not in table.headings]
        if strange:
            raise NotARegister(table.place, f"there is no heading {strange[0]!r} to read otherwise", "columns")
        for heading in filter(None, table.headings):
            meant = options.columns.get(heading, heading)
            column = self.known(meant) if meant else ""
            if column is None:
                raise NotARegister(table.place, self._unknown(heading, meant), "columns")
            if column and column in found:
                raise NotARegister(table.place, f"{found[column]!r} and {heading!r} are both the column {meant!r}")
            if column:
                found[column] = heading
        return found

    def _unknown(self, heading: str, meant: str) -> str:
        words = sorted({*self.fixed, *THINGS, *self.aliases})
        near = get_close_matches(meant.casefold(), words, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        option = f"--column '{heading}=NAME' reads it as another, --column '{heading}=' leaves it out"
        return f"nobody knows a column {meant[:60]!r}.{hint} Known are {', '.join(words)}; {option}"


@dataclass(frozen=True)
class Cells:
    """The cells of one row by column."""

    line: Line
    headings: Mapping[str, str]
    language: str

    def text(self, column: str) -> str | None:
        """What stands in a column; None, if nothing does."""
        heading = self.headings.get(column)
        return (self.line.cells.get(heading) or None) if heading else None

    def day(self, column: str) -> PartialDate | None:
        """The day in a column; None, if nothing stands there. Raises: Unfit."""
        text = self.text(column)
        try:
            return day_in(text) if text else None
        except Unfit as fault:
            raise Unfit(f"column {column}: {fault}") from None

    def thing(self, kind: str, bare: str | None = None, *, under: str | None = None) -> Thing | None:
        """The thing of *kind* that the row names: by an id, by a name, or both; None, if by neither.

        *bare* is the column in which it is named by one cell, by default that of its kind. The id of one that has a
        name alone is made of it, behind that of what it is *under*. Raises: Unfit.
        """
        own = bare is None
        given, cell = (self.text(f"{kind}_id") if own else None), self.text(bare or f"{kind}@")
        names = self._names(kind) if own else {}
        if cell and not like_an_id(cell):
            if names.setdefault(self.language, cell) != cell:
                raise Unfit(f"the {kind} has two names of one language: {cell!r} and {names[self.language]!r}")
        elif cell and given and cell != given:
            raise Unfit(f"the {kind} has two ids: {cell!r} and {given!r}")
        elif cell:
            given = cell
        if given:
            if not re.fullmatch(ID_PATTERN, given):
                raise Unfit(f"{given[:60]!r} cannot be an id: letters, digits and . _ : - , a letter or digit first")
            return Thing(given, names)
        if not names:
            return None
        first = cell if cell and not like_an_id(cell) else next(iter(names.values()))
        made = slug(first)
        return Thing(f"{under}:{made}" if under else made, names)

    def _names(self, kind: str) -> dict[str, str]:
        names: dict[str, str] = {}
        for column in self.headings:
            begun, mark, language = column.partition("@")
            text = self.text(column)
            if begun == kind and mark and language and text:
                tag = self.language if language == "*" else language
                if names.setdefault(tag, text) != text:
                    raise Unfit(f"the {kind} has two names of one language: {names[tag]!r} and {text!r}")
        return names
