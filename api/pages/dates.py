"""Dates in the words of a language: never raw EDTF, which stands beside for those who want it."""

from __future__ import annotations

import re

from api.pages.texts import Texts
from domain.dates import NotADate, PartialDate, iso

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?([~?%]?)")
_DECADE = re.compile(r"(\d{3})X")
_MARKS = {"~": "date.about", "?": "date.perhaps", "%": "date.perhaps_about"}


def date_phrase(edtf: str | None, texts: Texts) -> str:
    """An EDTF date in words; as it stands, where it says more than there are words for."""
    if edtf is None:
        return texts("date.unknown")
    first, slash, last = edtf.partition("/")
    if not slash:
        return _single(edtf, texts)
    if first in ("", ".."):
        return texts("date.by", day=_single(last, texts))
    if last in ("", ".."):
        return texts("date.after", day=_single(first, texts))
    return texts("date.between", first=_single(first, texts), last=_single(last, texts))


def _single(edtf: str, texts: Texts) -> str:
    decade = _DECADE.fullmatch(edtf)
    if decade:
        return texts("date.decade", year=f"{decade[1]}0")
    found = _DATE.fullmatch(edtf)
    if not found or (found[2] and not 1 <= int(found[2]) <= 12):
        return edtf
    year, month, day, mark = found.groups()
    parts = [str(int(day))] if day else []
    parts += [texts(f"month.{int(month)}")] if month else []
    words = " ".join([*parts, year])
    return texts(_MARKS[mark], day=words) if mark else words


def first_day(edtf: str | None) -> str:
    """The first day that *edtf* can be, to sort by: what has none comes last."""
    found = iso(PartialDate.parse(edtf).earliest) if edtf else None
    return found or "unknown"


def last_day(edtf: str) -> str | None:
    """The last day that *edtf* can be; None, where it has none."""
    return iso(PartialDate.parse(edtf).latest)


def understood(edtf: str, texts: Texts) -> tuple[str, bool]:
    """How a date that is typed is understood, in words with its first and last day, and whether it is one."""
    try:
        read = PartialDate.parse(edtf)
    except NotADate as refusal:
        return str(refusal), False
    first, last = iso(read.earliest), iso(read.latest)
    if first and last:
        key = "understood.day" if first == last else "understood.between"
        said = texts(key, first=date_phrase(first, texts), last=date_phrase(last, texts))
    elif last:
        said = texts("understood.by", last=date_phrase(last, texts))
    else:
        said = texts("understood.after", first=date_phrase(first, texts))
    return f"{said}{texts('understood.doubtful')}" if read.approximate else said, True
