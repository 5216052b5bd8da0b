"""What a file that is sent can be read as, and what is said about it in the fields of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, get_args

from api.importers.files import read_file
from api.importers.options import ENCODINGS, FORMATS, FormatName, Lists, Options, ToIs, heading_and_column
from api.importers.own import read_entries
from api.pages.texts import Texts
from api.registers import Register
from domain.changes import LANGUAGE_PATTERN

ENTRIES: Final = ("jsonl", "yaml", "json", "zip")
"""How entries themselves may be written."""

OTHERS: Final[Mapping[str, FormatName]] = {one: one for one in FORMATS if one != "entries"}

FORMS: Final = (*ENTRIES, *OTHERS)
"""What a file can be read as."""

_TO_IS: Final[Mapping[str, ToIs]] = {one: one for one in get_args(ToIs)}
_LISTS: Final[Mapping[str, Lists]] = {one: one for one in get_args(Lists)}

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "to_is": tuple(_TO_IS),
    "lists": tuple(_LISTS),
    "encoding": ENCODINGS[1:],
}
"""The options of importing that are chosen, by field."""

TEXTS: Final = ("language", "source", "sheet", "columns")
"""Those that are typed; `columns` has a line HEADING=COLUMN for each."""

SAID: Final = ("format", "found", *CHOICES, *TEXTS)
"""All that is said about a file."""

_OPTION = re.compile(r"--(to-is|lists|encoding|language|source|sheet|column|format)\b")


class BadlySaid(ValueError):
    """What *said* tells at *field* cannot be; *text* is the key of the words for it."""

    def __init__(self, field: str, text: str, said: str) -> None:
        super().__init__(f"{field}: {said}")
        self.field = field
        self.text = text
        self.said = said


def options_of(institution: str, said: Mapping[str, str]) -> Options:
    """What the fields say about a file of *institution*. Raises: BadlySaid."""
    language = said.get("language", "und")
    if not re.fullmatch(LANGUAGE_PATTERN, language):
        raise BadlySaid("language", "upload.no_language", language)
    return Options(
        institution,
        to_is=_TO_IS[said["to_is"]] if _chosen(said, "to_is") else None,
        lists=_LISTS[said["lists"]] if _chosen(said, "lists") else None,
        encoding=said["encoding"] if _chosen(said, "encoding") else None,
        language=language,
        source=said.get("source"),
        sheet=said.get("sheet"),
        columns=dict(_column(line) for line in said.get("columns", "").splitlines() if line.strip()),
        found=said.get("found"),
    )


def read_as(name: str, content: bytes, form: str | None, options: Options) -> Register:
    """The register that a file makes, read as *form*, else as its name and content say.

    Raises: NotARegister; BadlySaid, for a form that nobody knows.
    """
    if form in ENTRIES:
        return read_entries(name, content, options, form)
    if form is None:
        return read_file(name, content, options)
    if form not in OTHERS:
        raise BadlySaid("format", "upload.no_choice", form)
    return read_file(name, content, replace(options, format=OTHERS[form]))


def in_words_of(texts: Texts, refusal: str) -> str:
    """A refusal with the fields of the page where the command line has options."""
    return _OPTION.sub(lambda option: f"“{texts('upload.' + _FIELDS.get(option[1], option[1]))}”", refusal)


_FIELDS: Final = {"to-is": "to_is", "column": "columns"}


def _chosen(said: Mapping[str, str], field: str) -> bool:
    """Whether something is chosen in a field. Raises: BadlySaid, if that is none of its choices."""
    if field in said and said[field] not in CHOICES[field]:
        raise BadlySaid(field, "upload.no_choice", said[field])
    return field in said


def _column(line: str) -> tuple[str, str]:
    said = heading_and_column(line.strip())
    if said is None:
        raise BadlySaid("columns", "upload.no_column", line.strip())
    return said
