"""The page of an entry that is being written: its form or its text, what was found of it, what it would do."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from fastapi import Response

from api.pages.dates import date_phrase, understood
from api.pages.desk import Desk
from api.pages.drafts import Faults, draft, without_blanks
from api.pages.fields import CHANGES, DATE, INSTRUMENT, SOURCES
from api.pages.forecast import Forecast, number_of
from api.pages.kinds import KIND_GROUPS
from api.pages.shapes import fields_shown
from api.pages.suggestions import MOST_EVENTS, Suggestions, suggestions
from api.pages.texts import NAMES, Texts
from api.pages.typed import Form, Typed, bare, name_in
from domain.changes import ENVELOPE
from domain.entries import yaml_text

RARE = ("tenure", "from_tenure", "order")
"""What few changes say: folded, with what of a change is said for all of the entry as a rule."""

MOST_DRAWN = 300
"""Lists with more members are shown as YAML: a form of so many fields is heavy, and nobody finds the way in it."""

MARKED = ("effective", "parent", "unit", "seats")
"""Fields that offer to say none where that differs from saying nothing; others do where something is needed."""


@dataclass
class Told:
    """What a page of recording tells: the form, or the entry as YAML, and what was found of it."""

    typed: Typed
    institution: str = ""
    faults: Faults = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    forecast: Forecast | None = None
    yaml: str | None = None
    """The entry as one text, in place of the form."""
    reasons: list[str] = field(default_factory=list)
    """What is wrong with that text."""


def entry_page(desk: Desk, told: Told, status: int = 200) -> Response:
    """The page of a form."""
    texts, form = desk.page.texts, Form(told.typed)
    if told.yaml is None and form.longest > MOST_DRAWN:
        told.yaml = yaml_text(draft(without_blanks(told.typed)).data).decode()
        told.notices.append("record.too_long")
    language = desk.page.lang or texts.language
    suggested = Suggestions()
    if desk.register:
        position = desk.registers.head(desk.register).position
        if position <= MOST_EVENTS:
            suggested = suggestions(desk.registers.history(desk.register, position), language)
    shown = _shown(form)
    context = {
        "told": told,
        "form": form,
        "faults": told.faults,
        "summary": [
            (path, _where(texts, path, form), message) for path, some in told.faults.items() for message in some
        ],
        "forecast": told.forecast,
        "number_of": number_of,
        "shapes": {"changes": CHANGES, "sources": SOURCES, "instrument": INSTRUMENT, "date": DATE},
        "kind_groups": KIND_GROUPS,
        "languages": NAMES,
        "read": partial(understood, texts=texts),
        "label": partial(label, texts),
        "given_day": _given_day(form, texts),
        "suggested": suggested,
        "lists": suggested.used({name_in(path) for path in shown} | {"cited"}),
        "leftover": [(name, text) for name, text in told.typed.items() if bare(name) not in shown],
        "action": desk.page.again(correct=None, annul=None, instrument=None, known_at=None),
        "large": desk.register is not None and not suggested.lists,
        "around": (*RARE, *ENVELOPE[1:]),
        "marked": MARKED,
        "controls": KIND_GROUPS["control"],
        "target": _target(form) if desk.register else "",
        "heading": _heading(form, texts, founding=desk.register is None),
        "founding": desk.register is None,
    }
    if told.forecast:
        context["naming"] = told.forecast.naming
    return desk.show("recording.html", context, status)


def _shown(form: Form) -> set[str]:
    """The paths of all that the form shows; the rest of what was typed goes with it unseen."""
    parts = (("instrument", INSTRUMENT), ("sources", SOURCES), ("changes", CHANGES))
    return {"entry", "how", "cited", "effective"}.union(*(fields_shown(shape, path, form) for path, shape in parts))


def _target(form: Form) -> str:
    """What the first change corrects or annuls; "" where it does neither."""
    return form.text("changes.0.target") if form.text("changes.0.kind") in ("corrected", "annulled") else ""


def _heading(form: Form, texts: Texts, *, founding: bool) -> str:
    """What the page is for."""
    if target := _target(form):
        return texts(f"record.{form.text('changes.0.kind')}", target=target)
    return texts("record.found" if founding else "record")


def _where(texts: Texts, path: str, form: Form) -> str:
    """A field in words: in which change, and what it is called."""
    parts = path.split(".")
    kind = "instrument" if parts[0] == "instrument" else form.text(".".join([*parts[:2], "kind"]))
    names = [part for part in parts if not part.isdecimal()]
    name = next((part for part in reversed(names) if texts.has(f"field.{part}")), names[-1])
    called = label(texts, name, kind) or path
    if parts[0] != "changes" or len(parts) < 2:
        return called
    change = texts("record.change", number=int(parts[1]) + 1)
    return change if len(parts) == 2 else f"{change}, {called}"


def label(texts: Texts, name: str, kind: str | None, what: str = "field") -> str | None:
    """What a field is called, of a change of *kind*; of *what* else, None where nothing is said."""
    for key in (f"{what}.{kind}.{name}", f"{what}.{name}"):
        if texts.has(key):
            return texts(key)
    return name.replace("_", " ") if what == "field" else None


def _given_day(form: Form, texts: Texts) -> str | None:
    """The day that a change without one gets, in words, as far as the form tells."""
    given = [("entry", form.text("effective"))]
    if form.text("how") == "given":
        given += [("in_force", form.text("instrument.in_force")), ("signed", form.text("instrument.signed"))]
    elif form.text("how") == "cited":
        given += [("cited", form.text("cited"))]
    for of, text in given:
        if text and of == "cited":
            return texts("given_day.cited", instrument=text)
        if text:
            return texts(f"given_day.{of}", day=date_phrase(text, texts))
    return None
