"""Recording on a page: the form of an entry, what it would do, and its recording; nothing typed is lost on the way."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.metrics import note
from api.pages.dates import understood
from api.pages.desk import AtDesk, AtFoundingDesk, Desk
from api.pages.drafts import (
    Draft,
    draft,
    earlier,
    less,
    more,
    of_entry,
    reason_words,
    room,
    typed_entry,
    without_blanks,
)
from api.pages.entry_page import Told, entry_page
from api.pages.forecast import forecast, seen_of
from api.pages.frame import AnyPage
from api.pages.prefilled import annulment, correction
from api.pages.sent import Sent, SentForm
from api.pages.visitors import may_visit
from domain.entries import Entry, entry_from_yaml, yaml_text
from domain.errors import EntryDiffers, EntryRefused, EntryUnreadable, HeadMoved, Reason
from domain.ids import ID_PATTERN, TARGET_PATTERN, split_target

router = APIRouter()
founding = APIRouter()

Target = Annotated[str | None, Query(pattern=TARGET_PATTERN)]
NamedOr = Annotated[str | None, Query(pattern=ID_PATTERN)]


@router.get("/{institution}/record", dependencies=[Depends(may_visit)])
def show_form(desk: AtDesk, correct: Target = None, annul: Target = None, instrument: NamedOr = None) -> Response:
    """An empty form; or one that corrects or annuls a change, or tells more that a recorded instrument did."""
    institution = str(desk.register)
    desk.registers.head(institution)  # or there is no such register
    typed = {"how": "cited" if instrument else "given", "cited": instrument or "", "changes.0": "", "sources.0": ""}
    if correct:
        entry = split_target(correct)[0]
        with desk.registers.trying(institution) as (_, history), desk.reading(institution) as reading:
            typed = correction(institution, correct, history.entry(entry), reading.entry(entry))
    elif annul:
        typed = annulment(annul)
    return entry_page(desk, Told(typed))


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
    return entry_page(desk, Told({**typed, "none:changes.0.effective": "on"}))


@founding.post("/record")
def take_founding(desk: AtFoundingDesk, sent: SentForm) -> Response:
    """The same as of a register that is."""
    return _taken(desk, sent)


def _taken(desk: Desk, sent: Sent) -> Response:
    verb, _, path = sent.text("do").partition(":")
    known, writing = desk.sit_down(sent), sent.ours and verb in ("preview", "record")
    if not known or desk.shut_out or (writing and not desk.may_write(desk.register)):
        return desk.ask_for_key(sent, known=known)
    told = Told(of_entry(sent.fields), sent.text("institution"), yaml=sent.fields.get("yaml"))
    if not sent.ours:
        told.notices.append("record.not_ours")
        return entry_page(desk, told, 403)
    match verb:
        case "more":
            told.typed = more(told.typed, path)
        case "room":
            told.typed = room(told.typed, path)
        case "less":
            told.typed = less(told.typed, path)
        case "earlier":
            told.typed = earlier(told.typed, path)
        case "as-yaml":
            told.yaml = yaml_text(draft(without_blanks(told.typed)).data).decode()
        case "as-form":
            _read_yaml(told, as_form=True)
        case "preview" | "record":
            return _tried(desk, sent, told, record=verb == "record")
    return entry_page(desk, told)


def _read_yaml(told: Told, *, as_form: bool = False) -> Entry | None:
    """The entry of the text; None where it is none, which is then told beside it."""
    try:
        entry = entry_from_yaml((told.yaml or "").encode("utf-8", "replace"), "the text")
    except EntryUnreadable as refusal:
        told.reasons = [_in_words(reason) for reason in refusal.reasons]
        return None
    if as_form:
        told.typed, told.yaml = typed_entry(entry.written()), None
    return entry


def _tried(desk: Desk, sent: Sent, told: Told, *, record: bool) -> Response:
    """The preview; or, if it was seen and nothing changed since, the recording."""
    made: Draft | None = None
    if told.yaml is None:
        told.typed = without_blanks(told.typed)
        made = draft(told.typed)
        told.faults = made.faults
        entry = made.entry
    else:
        entry = _read_yaml(told)
    institution = desk.register or _institution(desk, told)
    if entry is None or institution is None:
        return entry_page(desk, told, 422)
    if not desk.may_write(institution) or desk.lacks([entry]):
        return desk.ask_for_key(sent, known=True)
    by = desk.writer(institution).name
    if record and sent.text("seen") == seen_of(entry):
        try:
            with desk.paces.recording():
                receipt = desk.registers.record(institution, entry, by, sent.text("head"))
        except HeadMoved:
            told.notices.append("record.head_moved")
        except (EntryRefused, EntryDiffers):
            told.notices.append("record.refused_now")
        else:
            note(desk.request, institution, receipt)
            return desk.go(institution, f"entries/{entry.entry}", receipt.last)
    elif record:
        told.notices.append("record.changed_since" if sent.text("seen") else "record.look_first")
    found = forecast(desk.registers, desk.readings, institution, entry, by, desk.page.texts)
    told.forecast = found
    if made:
        told.faults = made.refused(found.refusals)
    else:
        told.reasons = [_in_words(reason) for reason in found.refusals]
    return entry_page(desk, told, 422 if found.refusals else 412 if told.notices else 200)


def _institution(desk: Desk, told: Told) -> str | None:
    """The id of the register to be founded; None where it cannot be, which is then told beside its field."""
    if not re.fullmatch(ID_PATTERN, told.institution):
        told.faults["institution"] = [desk.page.texts("record.institution.wrong")]
        return None
    if desk.registers.log.head(told.institution).position:
        told.faults["institution"] = [desk.page.texts("record.institution.taken")]
        return None
    return told.institution


def _in_words(reason: Reason) -> str:
    where = f"{reason.change}: " if reason.change else ""
    return f"{where}{reason_words(reason)}"
