"""Days, names, causes and changes in words, for the command line and the pages alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?([~?%]?)")
_MARKS = {"~": "about {}", "?": "perhaps {}", "%": "perhaps about {}", "": "{}"}

WORDS: dict[str, tuple[str, str]] = {
    "unit-established": ("+", "new"),
    "unit-attested": ("◦", "shown by a source"),
    "unit-renamed": ("≈", "renamed"),
    "unit-moved": ("→", "moved"),
    "unit-abolished": ("−", "abolished"),
    "unit-reinstated": ("+", "reinstated"),
    "units-reorganized": ("≈", "reorganized"),
    "unnamed-units-abolished": ("?", "unnamed, abolished"),
    "post-created": ("+", "new post"),
    "post-attested": ("◦", "post shown by a source"),
    "post-retitled": ("≈", "retitled"),
    "post-moved": ("→", "post moved"),
    "post-abolished": ("−", "post abolished"),
    "post-reinstated": ("+", "post reinstated"),
    "seats-changed": ("≈", "seats changed"),
    "portfolio-changed": ("≈", "portfolio changed"),
    "appointed": ("+", "takes office"),
    "tenure-attested": ("◦", "shown in office"),
    "capacity-changed": ("≈", "serves otherwise"),
    "released": ("−", "leaves"),
    "transferred": ("→", "moves to"),
    "holder-changed": ("→", "hands over to"),
    "relation-started": ("+", "begins"),
    "relation-attested": ("◦", "shown by a source"),
    "relation-ended": ("−", "ends"),
    "function-assigned": ("+", "takes on"),
    "function-attested": ("◦", "function shown"),
    "function-transferred": ("→", "function passes"),
    "function-withdrawn": ("−", "gives up"),
    "quantity-observed": ("#", "counted"),
    # taken away by later knowledge
    "annulled": ("×", "annulled"),
    "corrected": ("×", "corrected"),
    # what entries do beside
    "institution-declared": ("·", "institution declared"),
    "instrument-issued": ("·", "instrument issued"),
    "instrument-amended": ("≈", "amends"),
    "instrument-repealed": ("−", "repeals"),
    "person-registered": ("·", "person registered"),
    "person-renamed": ("≈", "person renamed"),
    "life-event": ("·", "birth, death or study"),
    "list-attested": ("◦", "list shown by a source"),
    "coverage-declared": ("·", "record complete"),
    "mandate-declared": ("·", "mandate given"),
    "count-claimed": ("#", "number of holders claimed"),
    "assessment-made": ("·", "assessed"),
    "statement-made": ("·", "stated"),
    "source-registered": ("·", "source registered"),
    "period-defined": ("·", "period defined"),
    "reading-preferred": ("·", "reading preferred"),
    "identities-unified": ("=", "one thing"),
    "redacted": ("·", "withheld"),
}
"""A sign and a word for each kind of change; people take office and leave, they are not abolished."""


HELD = {
    "filled": "filled",
    "part-filled": "partly filled",
    "vacant": "vacant",
    "unknown": "holder unknown",
}
"""A post's vacancy in words: what nobody knows is not vacant."""


def words_of(kind: str) -> str:
    """The sign and the word of a change kind; its own name, if it has none yet."""
    return " ".join(WORDS.get(kind, ("·", kind)))


def date_phrase(edtf: str | None) -> str:
    """An EDTF date in words; as it stands, where it says more than we have words for."""
    if edtf is None:
        return "an unknown day"
    first, slash, last = edtf.partition("/")
    if not slash:
        return _single(edtf)
    if first in ("", ".."):
        return f"{_single(last)} or before"
    if last in ("", ".."):
        return f"{_single(first)} or after"
    return f"some day from {_single(first)} to {_single(last)}"


def _single(edtf: str) -> str:
    found = _DATE.fullmatch(edtf)
    if not found or (found[2] and not 1 <= int(found[2]) <= len(MONTHS)):
        return edtf
    year, month, day, mark = found.groups()
    parts = [str(int(day))] if day else []
    parts += [MONTHS[int(month) - 1]] if month else []
    return _MARKS[mark].format(" ".join([*parts, year]))


def span_phrase(thing: Mapping[str, Any]) -> str:
    """Since when, until when and how long on record a thing of an answer stands."""
    since = f"since {date_phrase(thing['since'])}" if thing["since"] else "since an unknown day"
    until = f", ends {date_phrase(thing['until'])}" if thing["until"] else ""
    evidence = f", last shown {date_phrase(thing['evidence'])}" if thing["evidence"] and not until else ""
    return f"{since}{until}{evidence}"


def grade_phrase(thing: Mapping[str, Any]) -> str:
    """How sure a thing of an answer is, in a word."""
    return f"{thing['grade']}, contested" if thing.get("contested") else str(thing["grade"])


def name_phrase(names: object, language: str | None) -> str:
    """A name in *language*, else in the first that it has."""
    if isinstance(names, Mapping) and names:
        return str(names.get(language) or next(iter(names.values())))
    return "(name unknown)"


def quantity_phrase(said: Mapping[str, Any] | None) -> str:
    """A number of an answer, and who says so."""
    return "no number" if said is None else f"{number_phrase(said)}{claimant_phrase(said)}"


def number_phrase(said: Mapping[str, Any]) -> str:
    """A number of an answer, with its unit."""
    about = "about " if said["approximate"] else ""
    unit = f" {said['unit']}" if said["unit"] else ""
    return f"{about}{said['value']:,}{unit}"


def claimant_phrase(said: Mapping[str, Any]) -> str:
    """Who says so, if anybody is named."""
    return f", says {said['claimant']}" if said["claimant"] else ""


def during_phrase(edtf: str | None) -> str:
    """A time that a claim is about, in which `a/b` is all of it and no single day."""
    if edtf is None:
        return "at no stated time"
    first, slash, last = edtf.partition("/")
    if not slash or ".." in (first, last) or not (first and last):
        return date_phrase(edtf)
    return f"{_single(first)} to {_single(last)}"


def cause_phrase(cause: Mapping[str, Any]) -> str:
    """The instrument behind a fact, with its provision; the entry, where there is none."""
    instrument = cause["instrument"]
    if not instrument:
        return f"entry {cause['event']}"
    provision = f", {cause['provision']}" if cause["provision"] else ""
    return f"{instrument_phrase(instrument)}{provision} ({cause['event']})"


def instrument_phrase(instrument: Mapping[str, Any]) -> str:
    """An instrument by kind, number and day of signature; by its id, where that is not known."""
    number = f" No. {instrument['number']}" if instrument["number"] else ""
    signed = f" of {date_phrase(instrument['signed'])}" if instrument["signed"] else f" {instrument['id']}"
    return f"{instrument['kind']}{number}{signed}"
