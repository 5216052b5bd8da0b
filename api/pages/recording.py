"""Recording on a page: the form of an entry, what it would do, and its recording; nothing typed is lost on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.metrics import note
from api.pages.dates import date_phrase, understood
from api.pages.desk import AtDesk, AtFoundingDesk, Desk
from api.pages.drafts import (
    Draft,
    Faults,
    draft,
    earlier,
    less,
    more,
    of_entry,
    room,
    told,
    typed_entry,
    without_blanks,
)
from api.pages.fields import CHANGES, DATE, INSTRUMENT, SOURCES
from api.pages.forecast import Forecast, forecast, number_of, seen_of
from api.pages.frame import AnyPage
from api.pages.kinds import KIND_GROUPS
from api.pages.prefilled import annulment, correction
from api.pages.sent import Sent, SentForm
from api.pages.shapes import (
    Form,
    Typed,
    bare,
    fields_shown,
    name_in,
)
from api.pages.suggestions import MOST_EVENTS, Suggestions, suggestions
from api.pages.texts import NAMES, Texts
from api.pages.visitors import may_visit
from domain.changes import ENVELOPE
from domain.entries import Entry, entry_from_yaml, yaml_text
from domain.errors import EntryDiffers, EntryRefused, EntryUnreadable, HeadMoved, Reason
from domain.ids import ID_PATTERN, TARGET_PATTERN, split_target

router = APIRouter()
founding = APIRouter()

RARE = ("tenure", "from_tenure", "order")
"""What few changes say: folded, with what of a change is said for all of the entry as a rule."""

MOST_DRAWN = 300
"""Lists with more members are shown as YAML: a form of so many fields is heavy, and nobody finds the way in it."""

MARKED = ("effective", "parent", "unit", "seats")
"""Fields that offer to say none where that differs from saying nothing; others do where something is needed."""

Target = Annotated[str | None, Query(pattern=TARGET_PATTERN)]
NamedOr = Annotated[str | None, Query(pattern=ID_PATTERN)]


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


@router.get("/{institution}/record", dependencies=[Depends(may_visit)])
def show_form(desk: AtDesk, correct: Target = None, annul: Target = None, instrument: NamedOr = None) -> Response:
    """An empty form; or one that corrects or annuls a change, or tells more that a recorded instrument did."""
    institution = str(desk.register)
    position = desk.registers.head(institution).position
    typed = {"how": "cited" if instrument else "given", "cited": instrument or "", "changes.0": "", "sources.0": ""}
    if correct:
        entry = split_target(correct)[0]
        with desk.registers.drafting(institution, position) as history, desk.reading(institution) as reading:
            typed = correction(institution, correct, history.entry(entry), reading.entry(entry))
    elif annul:
        typed = annulment(annul)
    return _page(desk, Told(typed))


@router.get("/{institution}/record/date", dependencies=[Depends(may_visit)])
@founding.get("/record/date", dependencies=[Depends(may_visit)])
def read_date(page: AnyPage, text: Annotated[str, Query(max_length=200)] = "") -> Response:
    """How a date is understood, in words."""
    words, known = understood(text.strip(), page.texts) if text.strip() else ("", True)
    return Response(words, 200 if known else 422, {"Cache-Control": "no-store"}, media_type="text/plain; charset=utf-8")


@router.post("/{institution}/record")
def take_form(desk: AtDesk, sent: SentForm) -> Response:
    """What the form asks for: another field, a preview, the recording."""
    return _taken(desk, sent)


@founding.get("/record", dependencies=[Depends(may_visit)])
def show_founding(desk: AtFoundingDesk) -> Response:
    """A form whose entry founds a register."""
    typed = {"how": "none", "entry": "institution", "changes.0.kind": "institution-declared"}
    return _page(desk, Told({**typed, "none:changes.0.effective": "on"}))


@founding.post("/record")
def take_founding(desk: AtFoundingDesk, sent: SentForm) -> Response:
    """The same as of a register that is."""
    return _taken(desk, sent)


def _taken(desk: Desk, sent: Sent) -> Response:
    verb, _, path = sent.text("do").partition(":")
    known, writing = desk.sit_down(sent), sent.ours and verb in ("preview", "record")
    if not known or desk.shut_out or (writing and not desk.may_write(desk.register)):
        return desk.ask_for_key(sent, known=known)
    told_ = Told(of_entry(sent.fields), sent.text("institution"), yaml=sent.fields.get("yaml"))
    if not sent.ours:
        told_.notices.append("record.not_ours")
        return _page(desk, told_, 403)
    match verb:
        case "more":
            told_.typed = more(told_.typed, path)
        case "room":
            told_.typed = room(told_.typed, path)
        case "less":
            told_.typed = less(told_.typed, path)
        case "earlier":
            told_.typed = earlier(told_.typed, path)
        case "as-yaml":
            told_.yaml = yaml_text(draft(without_blanks(told_.typed)).data).decode()
        case "as-form":
            _read_yaml(told_, as_form=True)
        case "preview" | "record":
            return _tried(desk, sent, told_, record=verb == "record")
    return _page(desk, told_)


def _read_yaml(told_: Told, *, as_form: bool = False) -> Entry | None:
    """The entry of the text; None where it is none, which is then told beside it."""
    try:
        entry = entry_from_yaml((told_.yaml or "").encode("utf-8", "replace"), "the text")
    except EntryUnreadable as refusal:
        told_.reasons = [_in_words(reason) for reason in refusal.reasons]
        return None
    if as_form:
        told_.typed, told_.yaml = typed_entry(entry.written()), None
    return entry


def _tried(desk: Desk, sent: Sent, told_: Told, *, record: bool) -> Response:
    """The preview; or, if it was seen and nothing changed since, the recording."""
    made: Draft | None = None
    if told_.yaml is None:
        told_.typed = without_blanks(told_.typed)
        made = draft(told_.typed)
        told_.faults = made.faults
        entry = made.entry
    else:
        entry = _read_yaml(told_)
    institution = desk.register or _institution(desk, told_)
    if entry is None or institution is None:
        return _page(desk, told_, 422)
    if not desk.may_write(institution) or desk.lacks([entry]):
        return desk.ask_for_key(sent, known=True)
    by = desk.writer(institution).name
    if record and sent.text("seen") == seen_of(entry):
        try:
            receipt = desk.registers.record(institution, entry, by, sent.text("head"))
        except HeadMoved:
            told_.notices.append("record.head_moved")
        except (EntryRefused, EntryDiffers):
            told_.notices.append("record.refused_now")
        else:
            note(desk.request, institution, receipt)
            return desk.go(institution, f"entries/{entry.entry}", receipt.last)
    elif record:
        told_.notices.append("record.changed_since" if sent.text("seen") else "record.look_first")
    found = forecast(desk.registers, desk.readings, institution, entry, by, desk.page.texts)
    told_.forecast = found
    if made:
        told_.faults = made.refused(found.refusals)
    else:
        told_.reasons = [_in_words(reason) for reason in found.refusals]
    return _page(desk, told_, 422 if found.refusals else 412 if told_.notices else 200)


def _institution(desk: Desk, told_: Told) -> str | None:
    """The id of the register to be founded; None where it cannot be, which is then told beside its field."""
    if not re.fullmatch(ID_PATTERN, told_.institution):
        told_.faults["institution"] = [desk.page.texts("record.institution.wrong")]
        return None
    if desk.registers.log.head(told_.institution).position:
        told_.faults["institution"] = [desk.page.texts("record.institution.taken")]
        return None
    return told_.institution


def _in_words(reason: Reason) -> str:
    where = f"{reason.change}: " if reason.change else ""
    return f"{where}{told(reason)}"


def _page(desk: Desk, told_: Told, status: int = 200) -> Response:
    """The page of a form."""
    texts, form = desk.page.texts, Form(told_.typed)
    if told_.yaml is None and form.longest > MOST_DRAWN:
        told_.yaml = yaml_text(draft(without_blanks(told_.typed)).data).decode()
        told_.notices.append("record.too_long")
    language = desk.page.lang or texts.language
    suggested = Suggestions()
    if desk.register:
        position = desk.registers.head(desk.register).position
        if position <= MOST_EVENTS:
            suggested = suggestions(desk.registers.history(desk.register, position), language)
    shown = _shown(form)
    context = {
        "told": told_,
        "form": form,
        "faults": told_.faults,
        "summary": [
            (path, _where(texts, path, form), message) for path, some in told_.faults.items() for message in some
        ],
        "forecast": told_.forecast,
        "number_of": number_of,
        "shapes": {"changes": CHANGES, "sources": SOURCES, "instrument": INSTRUMENT, "date": DATE},
        "kind_groups": KIND_GROUPS,
        "languages": NAMES,
        "read": partial(understood, texts=texts),
        "label": partial(label, texts),
        "given_day": _given_day(form, texts),
        "suggested": suggested,
        "lists": suggested.used({name_in(path) for path in shown} | {"cited"}),
        "leftover": [(name, text) for name, text in told_.typed.items() if bare(name) not in shown],
        "action": desk.page.again(correct=None, annul=None, instrument=None, known_at=None),
        "large": desk.register is not None and not suggested.lists,
        "around": (*RARE, *ENVELOPE[1:]),
        "marked": MARKED,
        "controls": KIND_GROUPS["control"],
        "target": _target(form) if desk.register else "",
        "heading": _heading(form, texts, founding=desk.register is None),
        "founding": desk.register is None,
    }
    if told_.forecast:
        context["naming"] = told_.forecast.naming
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
