"""An entry in the making: what is typed, what it says so far, and what is wrong with it at which field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from api.pages.fields import CHANGES, DATE, INSTRUMENT, SOURCES
from api.pages.shapes import LEFT_OUT, Reading, fields_shown
from api.pages.typed import NONE, Form, Typed, bare
from domain.entries import MAX_CHANGES, Entry, Place, placed_faults
from domain.errors import Reason

HOW = ("given", "cited", "none")
"""The instrument of an entry: one that it brings, one that is recorded, or none."""

PARTS = ("entry", "how", "cited", "effective", "instrument", "sources", "changes")
"""Where the path of a field of an entry can begin; whatever else a form sends is not of the entry."""

OF_THE_ENTRY = {"entry-differs": "entry", "unknown-id": "cited", "not-founded": "changes.0.kind"}
"""What the record can have against an entry that is not against one of its changes → the field that is meant."""

LINES = 5
"""How many lines a list gets at once."""

Faults = dict[str, list[str]]
"""Path of a field, or of several together → what is wrong there."""


@dataclass(frozen=True)
class Draft:
    """An entry as far as it is typed, and read."""

    form: Form
    data: dict[str, Any]
    entry: Entry | None
    faults: Faults = field(default_factory=dict)
    paths: Mapping[Place, str] = field(default_factory=dict)

    def refused(self, reasons: Iterable[Reason]) -> Faults:
        """What the record has against the entry, at the fields that are meant."""
        found: Faults = {}
        for reason in reasons:
            for path in self._meant(reason):
                said = found.setdefault(path, [])
                if reason_words(reason) not in said:
                    said.append(reason_words(reason))
        return found

    def _meant(self, reason: Reason) -> list[str]:
        if reason.change is None:
            return [OF_THE_ENTRY.get(reason.rule, "")]
        if reason.change == 0:
            change, fields = "instrument", list(fields_shown(INSTRUMENT, "instrument", self.form))
        else:
            change = self.paths["changes", reason.change - 1]
            fields = list(fields_shown(CHANGES.of, change, self.form))
        if reason.rule == "no-effective":
            return [next((path for path in reversed(fields) if path.endswith(".effective")), change)]
        named = [path for path in fields if (text := self.form.text(path)) and repr(text) in reason.detail]
        return named or [change]


def reason_words(reason: Reason) -> str:
    """What a reason says, with the day on which it shows."""
    return f"{reason.detail} ({reason.day})" if reason.day else reason.detail


def draft(typed: Typed) -> Draft:
    """What is typed, read as an entry; or what is wrong with it."""
    form = Form(typed)
    reading = Reading(form)
    data = _data(form, reading)
    faults: Faults = {}
    for path, message in reading.faults:
        faults.setdefault(path, []).append(message)
    if len(data["changes"]) > MAX_CHANGES:
        faults.setdefault("", []).append(f"more than the {MAX_CHANGES} changes of an entry")
    if faults:
        return Draft(form, data, None, faults, reading.paths)
    try:
        return Draft(form, data, Entry.model_validate(data), {}, reading.paths)
    except ValidationError as fault:
        for place, message in placed_faults(fault):
            faults.setdefault(_path(place, reading.paths, form), []).append(message)
        return Draft(form, data, None, faults, reading.paths)


def _data(form: Form, reading: Reading) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if form.text("entry"):
        data["entry"] = form.text("entry")
    if form.text("how") == "given":
        data["instrument"] = INSTRUMENT.plain("instrument", ("instrument",), reading)
    elif form.text("how") == "cited":
        data["instrument"] = form.text("cited")
    for name, shape in (("effective", DATE), ("sources", SOURCES), ("changes", CHANGES)):
        said = shape.plain(name, (name,), reading)
        if said is not LEFT_OUT:
            data[name] = said
    return data


def _path(place: Place, paths: Mapping[Place, str], form: Form) -> str:
    """The field, or the nearest thing around it, at which a part of the data was typed."""
    if place == ("instrument",):
        return "cited" if form.text("how") == "cited" else "how"
    while place:
        if place in paths:
            return paths[place]
        if len(place) == 1 and place[0] in PARTS:
            return str(place[0])
        place = place[:-1]
    return ""


def typed_entry(written: Mapping[str, Any]) -> Typed:
    """What to type for an entry of that data, which must be one."""
    typed: Typed = {"entry": written["entry"]}
    match written.get("instrument"):
        case str(cited):
            typed |= {"how": "cited", "cited": cited}
        case None:
            typed["how"] = "none"
        case given:
            typed["how"] = "given"
            INSTRUMENT.write("instrument", given, typed)
    for name, shape in (("effective", DATE), ("sources", SOURCES), ("changes", CHANGES)):
        if written.get(name):
            shape.write(name, written[name], typed)
    return typed


def of_entry(fields: Mapping[str, str]) -> Typed:
    """The fields of the entry among all that a form sends, but for blank lines of lists."""
    typed = {name: _lines(text) for name, text in fields.items() if bare(name).partition(".")[0] in PARTS}
    form = Form(typed)
    return {
        name: text
        for name, text in typed.items()
        if text or not name.rpartition(".")[2].isdecimal() or any(True for _ in form.parts(name))
    }


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


# --- lists that grow and shrink


def more(typed: Typed, path: str) -> Typed:
    """The same with one more member in the list at *path*."""
    return {**typed, f"{path}.{max(Form(typed).numbers(path), default=-1) + 1}": ""}


def room(typed: Typed, path: str) -> Typed:
    """The same with room for more lines in the list at *path*."""
    return {**typed, f"{path}.{max(Form(typed).numbers(path), default=-1) + LINES}": ""}


def less(typed: Typed, path: str) -> Typed:
    """The same without the member of a list at *path*; those after it move up."""
    above, _, number = path.rpartition(".")
    if not number.isdecimal():
        return typed
    gone = int(number)
    return _renumbered(typed, above, lambda one: None if one == gone else one - (one > gone))


def earlier(typed: Typed, path: str) -> Typed:
    """The same with the member at *path* before the one that stood before it."""
    above, _, number = path.rpartition(".")
    if not number.isdecimal() or int(number) == 0:
        return typed
    swapped = {int(number): int(number) - 1, int(number) - 1: int(number)}
    return _renumbered(typed, above, lambda one: swapped.get(one, one))


def without_blanks(typed: Typed) -> Typed:
    """The same without changes in which nothing is typed."""
    form = Form(typed)
    kept = [number for number in form.numbers("changes") if form.filled(f"changes.{number}")]
    places = {number: place for place, number in enumerate(kept)}
    return _renumbered(typed, "changes", places.get)


def _renumbered(typed: Typed, above: str, number_of: Callable[[int], int | None]) -> Typed:
    """The same with the members of the list at *above* under other numbers; None: left out."""
    return dict(_moved(typed, above, number_of))


def _moved(typed: Typed, above: str, number_of: Callable[[int], int | None]) -> Iterator[tuple[str, str]]:
    for name, text in typed.items():
        path = bare(name)
        number, dot, rest = path.removeprefix(f"{above}.").partition(".")
        if not path.startswith(f"{above}.") or not number.isdecimal():
            yield name, text
            continue
        place = number_of(int(number))
        if place is not None:
            mark = NONE if name != path else ""
            yield f"{mark}{above}.{place}{dot}{rest}", text
