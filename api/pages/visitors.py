"""Who visits the pages: a key that is typed once lies in a cookie that no script and no other site can use."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from api.keys import Key
from api.pages.frame import HEADERS, KEY, AnyPage
from api.routes.admission import SentKey, admit_reader, body_of, key_of

FORM = "regesta-form"
"""The cookie of the token that every form of this site holds and no other site knows."""

LONGEST = 4_096
"""The most bytes of a form with a key."""

router = APIRouter()


async def _visitor(request: Request, sent: SentKey) -> Key | None:
    """The key of who visits, by header or by cookie; a cookie with a key that is none counts for nothing."""
    secret = request.cookies.get(KEY)
    if sent is not None or not secret:
        return sent
    request.state.key = await key_of(request, secret)
    key: Key | None = request.state.key
    return key


Visitor = Annotated[Key | None, Depends(_visitor)]


async def may_visit(request: Request, visitor: Visitor) -> None:
    """Let pass who may read the pages: anybody, or whoever has a key if readers are shut out."""
    admit_reader(request, visitor)


async def sent_form(request: Request) -> dict[str, str]:
    """The fields of a form that a page of this site sent. Raises: HTTPException 403, for any other; 408, 413."""
    body = await body_of(request, LONGEST, f"A key has fewer than {LONGEST} bytes.")
    fields = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    if not of_this_site(request, fields):
        raise HTTPException(403, NOT_OURS)
    return fields


NOT_OURS = "The form is not of this site, or too old: open its page again."


def token_of(request: Request) -> str:
    """The token that forms for this browser hold."""
    return request.cookies.get(FORM) or token_urlsafe(32)


def of_this_site(request: Request, fields: Mapping[str, str]) -> bool:
    """Whether a form holds the token that its page gave to this browser."""
    token, known = fields.get("form", ""), request.cookies.get(FORM, "")
    return bool(known) and hmac.compare_digest(token.encode(), known.encode())


Form = Annotated[dict[str, str], Depends(sent_form)]


@router.get("/key")
def show_key(request: Request, page: AnyPage, visitor: Visitor) -> Response:
    """The field for a key; or whose key is in use, and how to leave it. A key is never shown."""
    return _key_page(request, page, visitor)


@router.post("/key")
async def take_key(request: Request, page: AnyPage, form: Form) -> Response:
    """Keep the key in a cookie, if it is one."""
    secret = form.get("key", "").strip()
    if await key_of(request, secret) is None:
        return _key_page(request, page, None, wrong=True)
    answer = Response(status_code=303, headers={"Location": page.href(""), "Cache-Control": "no-store"})
    keep(request, answer, KEY, secret)
    return answer


@router.post("/key/leave")
async def leave_key(request: Request, page: AnyPage, _: Form) -> Response:
    """Forget the key."""
    answer = Response(status_code=303, headers={"Location": page.href("key"), "Cache-Control": "no-store"})
    answer.delete_cookie(KEY, httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return answer


def _key_page(request: Request, page: AnyPage, visitor: Key | None, *, wrong: bool = False) -> Response:
    token = token_of(request)
    body = page.render("key.html", visitor=visitor, token=token, wrong=wrong)
    kept = {**HEADERS, "Cache-Control": "no-store"}
    answer = Response(body, 422 if wrong else 200, kept, media_type="text/html")
    keep(request, answer, FORM, token)
    return answer


def keep(request: Request, answer: Response, name: str, value: str) -> None:
    """Keep *value* until the browser is closed: for this site alone, and out of reach of scripts."""
    answer.set_cookie(name, value, httponly=True, samesite="strict", secure=request.url.scheme == "https")
