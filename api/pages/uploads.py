"""A file that is sent from a page: first tried, with a verdict on each entry or row, then recorded."""

from __future__ import annotations

import binascii
import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Depends, Response

from api.importers.days import NOBODY_SAYS
from api.metrics import note
from api.pages.desk import AtDesk, AtFoundingDesk, Desk
from api.pages.readable import CHOICES, FORMS, SAID, TEXTS, BadlySaid, in_words_of, options_of, read_as
from api.pages.sent import Sent, SentForm
from api.pages.visitors import may_visit
from api.registers import NotARegister, Register, Rehearsal, Verdict, read_once, record_all, record_in_pages
from domain.entries import MAX_ENTRY_BYTES, Entry
from domain.errors import EntryUnreadable
from domain.ids import ID_PATTERN

router = APIRouter()
founding = APIRouter()


@dataclass
class Upload:
    """A file that was sent, what was said about it, and what became or would become of its entries."""

    institution: str = ""
    name: str = ""
    content: bytes = b""
    said: Mapping[str, str] = field(default_factory=dict)
    """What was chosen or typed about the file, by field."""
    notes: tuple[str, ...] = ()
    verdicts: list[Verdict] = field(default_factory=list)
    recorded: bool = False
    head: str = ""
    faults: dict[str, str] = field(default_factory=dict)
    notice: str | None = None

    @property
    def sent_again(self) -> str:
        """The file as a field of the form that records it."""
        return b64encode(self.content).decode()

    @property
    def tried(self) -> str:
        """A mark of the file and of all that is said about it: what was tried is recorded, and nothing else."""
        parts = [self.institution, self.name, *(f"{name}={text}" for name, text in sorted(self.said.items()))]
        return hashlib.sha256(b"\0".join([*(part.encode() for part in parts), self.content])).hexdigest()

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
    register = _register(desk, made) if not made.faults else None
    if register is None:
        return _page(desk, made, 422)
    if not desk.may_write(register.institution) or desk.lacks(_readable(register)):
        return desk.ask_for_key(sent, known=True)
    by = desk.writer(register.institution).name
    head = desk.registers.log.head(register.institution)
    made.head, made.notes = head.hash, register.notes
    record, same = sent.text("do") == "record", sent.text("tried") == made.tried
    if record and same and sent.text("head") == made.head:
        with desk.paces.recording(bounded=False):  # each page of it lets others write
            made.verdicts = list(record_in_pages(register, desk.registers, by))
        made.recorded = True
        for verdict in made.verdicts:
            if verdict.receipt:
                note(desk.request, register.institution, verdict.receipt)
        return _page(desk, made)
    if record:
        made.notice = "upload.head_moved" if same else "upload.not_tried"
    with desk.paces.recording(bounded=False):
        made.verdicts = list(record_all(register, Rehearsal(desk.registers).record, by))
    if desk.register is None and not head.position and not _founds(register):
        made.faults["found"] = desk.page.texts("upload.no_found")
    if any(NOBODY_SAYS in reason for verdict in made.verdicts for reason in verdict.refusal):
        made.faults["to_is"] = in_words_of(desk.page.texts, NOBODY_SAYS)  # an object of Popolo says it, not the file
    return _page(desk, made, 412 if made.notice else 200)


def _received(desk: Desk, sent: Sent) -> Upload:
    """The file that was sent, now or with the form before; with what is wrong with it, before it is read."""
    fields, texts = sent.kept, desk.page.texts
    name = fields.get("name", "")
    try:
        content = b64decode(fields.get("content", ""), validate=True)
    except binascii.Error:
        content = b""
    said = {one: sent.text(one).replace("\r\n", "\n") for one in SAID if sent.text(one)}
    made = Upload(desk.register or sent.text("institution"), name, content, said)
    if not re.fullmatch(ID_PATTERN, made.institution):
        made.faults["institution"] = texts("record.institution.wrong")
    if not name:
        made.faults["file"] = texts("upload.no_file")
    elif len(content) > MAX_ENTRY_BYTES:
        made.faults["file"] = texts("upload.too_large", size=len(content), most=MAX_ENTRY_BYTES)
    return made


def _register(desk: Desk, made: Upload) -> Register | None:
    """The entries of the file; None, where it makes none, which is then said at its field, or at that of what lacks."""
    try:
        register = read_as(made.name, made.content, made.said.get("format"), options_of(made.institution, made.said))
        return read_once(register)  # it is asked who may record it, what it founds, and what becomes of it
    except BadlySaid as fault:
        made.faults[fault.field] = desk.page.texts(fault.text, said=fault.said)
    except NotARegister as refusal:
        unsure = refusal.option == "format"
        said = desk.page.texts("upload.no_format", name=made.name) if unsure else str(refusal)
        made.faults[refusal.option or "file"] = in_words_of(desk.page.texts, said)
    return None


def _readable(register: Register) -> Iterator[Entry]:
    """The entries of a file that are entries."""
    for filed in register.filed:
        with suppress(EntryUnreadable):
            yield from (filed.read(), *filed.rest)


def _founds(register: Register) -> bool:
    """Whether an entry of the file founds the register."""
    changes = (change for entry in _readable(register) for change in entry.changes)
    return any(change.kind == "institution-declared" for change in changes)


def _page(desk: Desk, made: Upload, status: int = 200) -> Response:
    if len(made.content) > MAX_ENTRY_BYTES:
        made.content = b""  # the rest of it was not kept
    context: dict[str, Any] = {
        "made": made,
        "said": {} if made.recorded else made.said,
        "forms": FORMS,
        "choices": CHOICES,
        "texts": TEXTS,
        "in_words": lambda text: in_words_of(desk.page.texts, text),
        "rows": [(verdict, word_of(verdict), list(_entry_of(verdict))) for verdict in made.verdicts],
        "founding": desk.register is None,
        "action": desk.page.again(known_at=None),
    }
    return desk.show("upload.html", context, status)


def _entry_of(verdict: Verdict) -> Iterable[str]:
    return [verdict.receipt.entry] if verdict.receipt else []
