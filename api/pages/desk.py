"""The editor's desk: who records into which register, and how its pages are sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from api.keys import Key, scopes_for
from api.pacing import Paces
from api.pages.frame import HEADERS, KEY, POLICY, AnyPage, Frame, Page, RegisterPage
from api.pages.sent import Sent
from api.pages.visitors import FORM, Visitor, keep, token_of
from api.readings import Readings
from api.routes.admission import admit_writer, writes
from api.routes.asking import AllReadings, Recording
from domain.entries import Entry
from domain.recording import Registers
from projections.tables.reading import Reading

SCRIPTED = {**HEADERS, "Content-Security-Policy": f"{POLICY}; script-src 'self'; connect-src 'self'"}
"""These pages may also run the script of this server, which asks it how a date is understood."""


@dataclass
class Desk:
    """Where somebody records: into the register of *page*, or to found one."""

    request: Request
    page: Frame
    readings: Readings
    registers: Registers
    key: Key | None
    typed_key: str | None = None
    """The key that was typed on this page, if it is one: kept in the cookie from now on."""

    @property
    def register(self) -> str | None:
        """The register that is recorded into; None where one is to be founded."""
        return self.page.question.institution if isinstance(self.page, RegisterPage) else None

    @property
    def paces(self) -> Paces:
        """How what is done here goes on."""
        paces: Paces = self.request.app.state.paces
        return paces

    @property
    def shut_out(self) -> bool:
        """Whether this visitor may not even read."""
        return self.key is None and not self.request.app.state.open_to_readers

    def sit_down(self, sent: Sent) -> bool:
        """Use the key that counts for what was sent; False where what was typed is none."""
        self.key = sent.key
        self.typed_key = sent.typed_key if sent.key else None
        return self.key is not None or not sent.typed_key

    def may_write(self, institution: str | None) -> bool:
        """Whether the key is good for writing anything there, or anywhere if no register is named yet."""
        return self.key is not None and (institution is None or writes(self.key, institution))

    def writer(self, institution: str) -> Key:
        """The key of who writes there now. Raises: HTTPException 401, 403, 429."""
        return admit_writer(self.request, self.key, institution)

    def lacks(self, entries: Iterable[Entry]) -> bool:
        """Whether the key is not good for all that *entries* do."""
        scopes = {scope for entry in entries for scope in scopes_for(entry)}
        return self.key is None or not all(map(self.key.opens, scopes))

    def reading(self, institution: str) -> AbstractContextManager[Reading]:
        """The register as it is read now. Raises: UnknownInstitution."""
        return self.readings.at(institution, self.readings.registers.head(institution).position)

    def show(self, template: str, context: Mapping[str, Any], status: int = 200, *, bare: bool = False) -> Response:
        """A page with forms; *bare*: nothing of the register is on it."""
        token = token_of(self.request)
        told = {"token": token, "key": self.key, **context}
        if isinstance(self.page, RegisterPage) and not bare:
            body = self.page.page(template, told)
        else:
            body = self.page.render(template, **told)
        answer = Response(body, status, {**SCRIPTED, "Cache-Control": "no-store"}, media_type="text/html")
        return self._with_cookies(answer, token)

    def go(self, institution: str, path: str, position: int) -> Response:
        """On to what was recorded; where it may not have come to yet, it is asked for by its *position*."""
        followed = self.registers is not self.readings.registers
        lang = self.request.query_params.get("lang")
        place = Frame(self.request).up + f"institutions/{institution}/{path}"
        asked = [f"known_at={position}"] * followed + [f"lang={lang}"] * bool(lang)
        location = f"{place}?{'&'.join(asked)}" if asked else place
        answer = Response(status_code=303, headers={"Location": location, "Cache-Control": "no-store"})
        return self._with_cookies(answer, None)

    def ask_for_key(self, sent: Sent, *, known: bool) -> Response:
        """A page that asks for a key and keeps all that was sent; *known*: what was typed is no wrong key."""
        fields = {name: text for name, text in sent.kept.items() if name != "form"}
        why = "wrong" if not known else "scope" if self.key else "none"
        status = 403 if self.key else 401
        return self.show("keyed.html", {"kept": fields, "why": why}, status, bare=True)

    def _with_cookies(self, answer: Response, token: str | None) -> Response:
        if token:
            keep(self.request, answer, FORM, token)
        if self.typed_key:
            keep(self.request, answer, KEY, self.typed_key)
        return answer


async def _at_desk(request: Request, page: Page, readings: AllReadings, registers: Recording, visitor: Visitor) -> Desk:
    return Desk(request, page, readings, registers, visitor)


async def _founding(
    request: Request, page: AnyPage, readings: AllReadings, registers: Recording, visitor: Visitor
) -> Desk:
    return Desk(request, page, readings, registers, visitor)


AtDesk = Annotated[Desk, Depends(_at_desk)]
AtFoundingDesk = Annotated[Desk, Depends(_founding)]
