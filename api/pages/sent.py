"""What a form of these pages sent: its fields, its file, and whether a page of this site sent it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from api.keys import Key
from api.pages.visitors import NOT_OURS, Visitor, of_this_site
from api.routes.admission import admit_reader, body_of, key_of
from domain.entries import MAX_ENTRY_BYTES

MOST = 2 * MAX_ENTRY_BYTES
"""The most bytes that a form of somebody with a key may have: a file of an entry's size, and what is around it."""

MOST_OF_A_STRANGER = 1024 * 1024
"""The same without a key: what is typed is kept until one is given."""

MOST_FIELDS, MOST_FIELDS_OF_A_STRANGER = 20_000, 5_000


@dataclass(frozen=True)
class Sent:
    """What a form sent; not *ours* where the token is not that of the page."""

    fields: dict[str, str]
    file: tuple[str, bytes] | None
    ours: bool
    key: Key | None
    typed_key: str
    """What was typed as a key on the page; "" if nothing was."""

    def text(self, name: str) -> str:
        """The text of a field, without the blanks around it."""
        return self.fields.get(name, "").strip()

    @property
    def kept(self) -> dict[str, str]:
        """All that was sent but a key, for a page that keeps it; a file as the fields `name` and `content`."""
        fields = {name: text for name, text in self.fields.items() if name != "key"}
        if self.file is None:
            return fields
        name, content = self.file
        return {**fields, "name": name, "content": b64encode(content[: MAX_ENTRY_BYTES + 1]).decode()}


async def _sent(request: Request, visitor: Visitor) -> Sent:
    """What was sent, and the key that counts: that which was typed, else that of who visits.

    Raises: HTTPException 403, for a form of another site, of which nothing is shown; 408, 413, 429.
    """
    most, fields_at_most = (MOST, MOST_FIELDS) if visitor else (MOST_OF_A_STRANGER, MOST_FIELDS_OF_A_STRANGER)
    body = await body_of(request, most, f"A form has at most {most} bytes.")
    kind, options = parse_options_header(request.headers.get("content-type"))
    parser = FormDataParser(lambda *_, **__: BytesIO(), most, most, max_form_parts=fields_at_most)
    try:
        _, form, files = parser.parse(BytesIO(body), kind, len(body), options)
    except RequestEntityTooLarge:
        raise HTTPException(413, f"A form has at most {fields_at_most} fields.") from None
    fields = {name: texts[0] for name, texts in form.lists()}
    file = next(((one.filename or "", one.read()) for one in files.values() if one.filename), None)
    ours = of_this_site(request, fields)
    if not ours and request.headers.get("sec-fetch-site") != "same-origin":
        raise HTTPException(403, NOT_OURS)
    typed = fields.get("key", "").strip() if ours else ""
    sent = Sent(fields, file, ours, visitor, typed)
    request.state.sent = sent.kept if ours else None
    if typed:
        request.state.key = await key_of(request, typed)
        sent = replace(sent, key=request.state.key)
    if sent.key or request.app.state.open_to_readers:
        admit_reader(request, sent.key)
    return sent


SentForm = Annotated[Sent, Depends(_sent)]
