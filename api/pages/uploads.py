"""A file of entries that is sent from a page: first tried, with a verdict on each entry, then recorded."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from fastapi import APIRouter, Depends, Response

from api.metrics import note
from api.pages.desk import AtDesk, AtFoundingDesk, Desk
from api.pages.sent import Sent, SentForm
from api.pages.visitors import may_visit
from api.registers import (
    NotARegister,
    Register,
    Rehearsal,
    Verdict,
    record_all,
    record_in_pages,
    register_of_entry,
    register_of_lines,
)
from api.zipped import register_of_zip
from domain.entries import MAX_ENTRY_BYTES, Entry
from domain.errors import EntryUnreadable
from domain.ids import ID_PATTERN

Reader: TypeAlias = Callable[[bytes, str, str], Register]
"""The entries in the bytes of a file: of that name, for that institution."""

FORMS: dict[str, Reader] = {
    "jsonl": register_of_lines,
    "yaml": register_of_entry,
    "json": register_of_entry,
    "zip": register_of_zip,
}
"""How a file can be read, by the end of its name; a further format is one more line here."""

router = APIRouter()
founding = APIRouter()


@dataclass
class Upload:
    """A file that was sent, and what became or would become of its entries."""

    institution: str = ""
    name: str = ""
    form: str = ""
    content: bytes = b""
    verdicts: list[Verdict] = field(default_factory=list)
    recorded: bool = False
    head: str = ""
    faults: dict[str, str] = field(default_factory=dict)
    notice: str | None = None

    @property
    def sent_again(self) -> str:
        """The file as a field of the form that records it."""
        return b64encode(self.content).decode()

    def counts(self) -> dict[str, int]:
        """How many entries were accepted, stood there already, were refused."""
        words = [word_of(verdict) for verdict in self.verdicts]
        return {word: words.count(word) for word in ("accepted", "known", "refused")}


def word_of(verdict: Verdict) -> str:
    """What became of an entry, in a word."""
    if verdict.receipt is None:
        return "refused"
    return "accepted" if verdict.receipt.new else "known"


@router.get("/{institution}/upload", dependencies=[Depends(may_visit)])
def show_upload(desk: AtDesk) -> Response:
    """The field for a file."""
    desk.registers.head(str(desk.register))
    return _page(desk, Upload())


@router.post("/{institution}/upload")
def take_upload(desk: AtDesk, sent: SentForm) -> Response:
    """Try the entries of a file, or record them if they were tried on the log as it is now."""
    return _taken(desk, sent)


@founding.get("/upload", dependencies=[Depends(may_visit)])
def show_founding_upload(desk: AtFoundingDesk) -> Response:
    """The field for a file whose first entry founds a register."""
    return _page(desk, Upload())


@founding.post("/upload")
def take_founding_upload(desk: AtFoundingDesk, sent: SentForm) -> Response:
    """The same as for a register that is."""
    return _taken(desk, sent)


def _taken(desk: Desk, sent: Sent) -> Response:
    known = desk.sit_down(sent)
    if not known or not desk.may_write(desk.register):
        return desk.ask_for_key(sent, known=known)
    made = _received(desk, sent)
    if not sent.ours:
        made.notice = "upload.not_ours"
        return _page(desk, made, 403)
    register = _register(made) if not made.faults else None
    if register is None:
        return _page(desk, made, 422)
    if not desk.may_write(register.institution) or desk.lacks(_readable(register)):
        return desk.ask_for_key(sent, known=True)
    by = desk.writer(register.institution).name
    made.head = desk.registers.log.head(register.institution).hash
    if sent.text("do") == "record" and sent.text("head") == made.head:
        made.verdicts = list(record_in_pages(register, desk.registers, by))
        made.recorded = True
        for verdict in made.verdicts:
            if verdict.receipt:
                note(desk.request, register.institution, verdict.receipt)
        return _page(desk, made)
    if sent.text("do") == "record":
        made.notice = "upload.head_moved"
    made.verdicts = list(record_all(register, Rehearsal(desk.registers).record, by))
    return _page(desk, made, 412 if made.notice else 200)


def _received(desk: Desk, sent: Sent) -> Upload:
    """The file that was sent, now or with the form before; with what is wrong with it, before it is read."""
    fields, texts = sent.kept, desk.page.texts
    name, form = fields.get("name", ""), fields.get("as", "")
    try:
        content = b64decode(fields.get("content", ""), validate=True)
    except binascii.Error:
        content = b""
    form = form or name.rpartition(".")[2].lower().replace("yml", "yaml")
    made = Upload(desk.register or sent.text("institution"), name, form, content)
    if not re.fullmatch(ID_PATTERN, made.institution):
        made.faults["institution"] = texts("record.institution.wrong")
    if not name:
        made.faults["file"] = texts("upload.no_file")
    elif len(content) > MAX_ENTRY_BYTES:
        made.faults["file"] = texts("upload.too_large", size=len(content), most=MAX_ENTRY_BYTES)
    elif made.form not in FORMS:
        made.faults["file"] = texts("upload.unknown_form", name=name)
    return made


def _register(made: Upload) -> Register | None:
    """The entries of the file; None, where it holds none, which is then said at its field."""
    try:
        return FORMS[made.form](made.content, made.name, made.institution)
    except (NotARegister, EntryUnreadable) as refusal:
        made.faults["file"] = str(refusal)
        return None


def _readable(register: Register) -> Iterator[Entry]:
    """The entries of a file that are entries."""
    for filed in register.filed:
        with suppress(EntryUnreadable):
            yield from (filed.read(), *filed.rest)


def _page(desk: Desk, made: Upload, status: int = 200) -> Response:
    context: dict[str, Any] = {
        "made": made,
        "forms": list(FORMS),
        "rows": [(verdict, word_of(verdict), list(_entry_of(verdict))) for verdict in made.verdicts],
        "founding": desk.register is None,
        "action": desk.page.again(known_at=None),
    }
    return desk.show("upload.html", context, status)


def _entry_of(verdict: Verdict) -> Iterable[str]:
    return [verdict.receipt.entry] if verdict.receipt else []
