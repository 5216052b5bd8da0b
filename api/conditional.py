"""Answers a cache can ask after: strong ETags, If-None-Match, how long an answer holds; and in what form (RFC 9110)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import orjson
from fastapi import HTTPException, Request, Response
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header, parse_etags, quote_etag

from domain.rules import RULES

JSON = "application/json"
FOREVER = "max-age=31536000, immutable"


def etag_of(request: Request, state: str, media_type: str) -> str:
    """The tag of the answer to *request* while the log is at *state*: a hash of all that it follows from."""
    parts = (
        state,
        str(RULES),
        request.app.version,
        request.url.path,
        *map("=".join, sorted(_query(request))),
        media_type,
    )
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _query(request: Request) -> list[tuple[str, str]]:
    return request.query_params.multi_items()


def conditional(
    request: Request,
    state: str,
    answer: Callable[[], object],
    *,
    media_type: str = JSON,
    immutable: bool = False,
    headers: dict[str, str] | None = None,
) -> Response:
    """The answer, or 304 if the client has it; *state* is all that it follows from beside the request and the rules.

    An *answer* of bytes is sent as it is, any other as JSON.
    """
    tag = etag_of(request, state, media_type)
    private = not request.app.state.open_to_readers
    sent = {
        "ETag": quote_etag(tag),
        "Cache-Control": f"{'private' if private else 'public'}, {FOREVER}" if immutable else "no-cache",
        **(headers or {}),
    }
    had = parse_etags(",".join(request.headers.getlist("if-none-match")))
    if had.contains_weak(tag) and not had.star_tag:
        return Response(status_code=304, headers=sent)
    body = as_json(answer())  # before a star is believed: what is not there matches nothing
    if had.star_tag:
        return Response(status_code=304, headers=sent)
    return Response(body, headers=sent, media_type=media_type)


def form_of(request: Request, *forms: str) -> str:
    """Which of *forms*, media types, the asker would have; the first if all are alike. Raises: HTTPException 406."""
    accepted = parse_accept_header(",".join(request.headers.getlist("accept")) or "*/*", MIMEAccept)
    wanted: str | None = accepted.best_match(forms)
    if wanted is None:
        raise HTTPException(406, f"This comes as {' or as '.join(forms)}.", {"Vary": "Accept"})
    return wanted


def as_json(answer: object) -> bytes:
    """*answer* as JSON; bytes are sent as they are."""
    return answer if isinstance(answer, bytes) else orjson.dumps(answer)
