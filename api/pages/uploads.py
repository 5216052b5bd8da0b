"""A file of entries that is sent from a page: first tried, with a verdict on each entry, then recorded."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from fastapi import APIRouter, Depends, Response

from api.pages.desk import AtDesk, Desk
from api.pages.sent import Sent, SentForm
from api.pages.visitors import may_visit
from api.registers import (
    Register,
    Rehearsal,
    Verdict,
    record_all,
    record_in_pages,
    register_of_entry,
    register_of_lines,
)
from domain.entries import MAX_ENTRY_BYTES

Reader: TypeAlias = Callable[[bytes, str, str], Register]
"""The entries in the bytes of a file: of that name, for that institution."""

FORMS: dict[str, Reader] = {"jsonl": register_of_lines, "yaml": register_of_entry, "json": register_of_entry}
"""How a file can be read, by the end of its name; a further format is one more line here."""

router = APIRouter()


@dataclass
class Upload:
    """A file that was sent, and what became or would become of its entries."""

    name: str = ""
    form: str = ""
    content: bytes = b""
    verdicts: list[Verdict] = field(default_factory=list)
    recorded: bool = False
    head: str = ""
    faults: list[str] = field(default_factory=list)
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
    return _page(desk, Upload())


@router.post("/{institution}/upload")
def take_upload(desk: AtDesk, sent: SentForm) -> Response:
    """Try the entries of a file, or record them if they were tried on the log as it is now."""
    known = desk.take_key(sent)
    if not known or desk.recorder is None:
        return desk.ask_for_key(_kept(sent), known=known)
    made = _received(sent, str(desk.register))
    if not sent.ours:
        made.notice = "upload.not_ours"
        return _page(desk, made, 403)
    if made.faults:
        return _page(desk, made, 422)
    register = FORMS[made.form](made.content, made.name, str(desk.register))
    made.head = desk.registers.head(register.institution).hash
    if sent.text("do") == "record" and sent.text("head") == made.head:
        made.verdicts = list(record_in_pages(register, desk.registers, desk.recorder.name))
        made.recorded = True
        return _page(desk, made)
    if sent.text("do") == "record":
        made.notice = "upload.head_moved"
    made.verdicts = list(record_all(register, Rehearsal(desk.registers).record, desk.recorder.name))
    return _page(desk, made, 412 if made.notice else 200)


def _kept(sent: Sent) -> Sent:
    """The same with the file as a field, so that a form can keep it."""
    if sent.file is None:
        return sent
    name, content = sent.file
    kept = {"name": name, "content": b64encode(content[: MAX_ENTRY_BYTES + 1]).decode()}
    return Sent({**sent.fields, **kept}, None, sent.ours)


def _received(sent: Sent, institution: str) -> Upload:
    """The file that was sent, now or with the form before; with what is wrong with it, before it is read."""
    fields = _kept(sent).fields
    name, form = fields.get("name", ""), fields.get("as", "")
    try:
        content = b64decode(fields.get("content", ""), validate=True)
    except binascii.Error:
        content = b""
    made = Upload(name, form or name.rpartition(".")[2].lower().replace("yml", "yaml"), content)
    if not name:
        made.faults.append("upload.no_file")
    elif len(content) > MAX_ENTRY_BYTES:
        made.faults.append("upload.too_large")
    elif made.form not in FORMS:
        made.faults.append("upload.unknown_form")
    return made


def _page(desk: Desk, made: Upload, status: int = 200) -> Response:
    desk.registers.head(str(desk.register))
    context: dict[str, Any] = {
        "made": made,
        "forms": list(FORMS),
        "rows": [(verdict, word_of(verdict), list(_entry_of(verdict))) for verdict in made.verdicts],
        "most": MAX_ENTRY_BYTES,
        "action": desk.page.same,
    }
    return desk.show("upload.html", context, status)


def _entry_of(verdict: Verdict) -> Iterable[str]:
    return [verdict.receipt.entry] if verdict.receipt else []
