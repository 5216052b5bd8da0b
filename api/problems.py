"""Refusals as RFC 9457 problem documents: one table, one type for each refusal.

A problem's `type` is the path of a page that says what it means. Nothing in a document comes from an
exception that is not the register's own.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.copies import NoCopy
from api.formats.exported import NotExported
from api.keys import KeyRefused
from api.mementos import NoMemento, NotADatetime
from api.middleware import SECURITY, Log
from api.pacing import TakesTooLong, TooMuchAtOnce
from api.schemas import Problem
from domain import errors
from domain.checkpoints import CheckpointRefused, OtherLog
from domain.dates import NotADay
from domain.log import PositionTaken

MEDIA_TYPE = "application/problem+json"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Kind:
    """A type of problem: the status it is sent with, the name in its address, its title, what it means."""

    status: int
    slug: str
    title: str
    meaning: str
    rules: dict[str, str] | None = None

    @property
    def address(self) -> str:
        """The problem's `type`."""
        return f"/problems/{self.slug}"


def _of(error: type[Exception], status: int, slug: str, title: str, rules: dict[str, str] | None = None) -> Kind:
    return Kind(status, slug, title, inspect.cleandoc(error.__doc__ or "").replace("*", ""), rules)


_MOVED = _of(errors.HeadMoved, 412, "head-moved", "The log does not end where you expect")

REFUSALS: dict[type[errors.RegisterError], Kind] = {
    errors.EntryUnreadable: _of(errors.EntryUnreadable, 422, "entry-unreadable", "This is no entry"),
    errors.EntryRefused: _of(
        errors.EntryRefused, 422, "entry-refused", "The entry contradicts the record", errors.REASONS
    ),
    errors.EntryDiffers: _of(errors.EntryDiffers, 409, "entry-differs", "The entry is recorded with other content"),
    errors.HeadMoved: _MOVED,
    PositionTaken: _MOVED,
    errors.UnknownInstitution: _of(
        errors.UnknownInstitution, 404, "unknown-institution", "There is no such institution"
    ),
    errors.UnknownThing: _of(errors.UnknownThing, 404, "unknown-thing", "The institution has no such thing"),
    errors.NowCalled: _of(errors.NowCalled, 308, "now-called", "The thing lives on under another id"),
    errors.NotAsCited: _of(errors.NotAsCited, 410, "not-as-cited", "The cited answer cannot be given"),
    errors.NotKnownYet: _of(errors.NotKnownYet, 422, "not-known-yet", "That is not known yet"),
    errors.NotHereYet: _of(errors.NotHereYet, 503, "not-here-yet", "That has not come here yet"),
    errors.NotAKnownAt: _of(errors.NotAKnownAt, 422, "not-a-known-at", "Not a position, nor an instant"),
    errors.LogUnreadable: _of(errors.LogUnreadable, 422, "log-unreadable", "This is no exported log"),
    NotADatetime: _of(NotADatetime, 400, "not-a-datetime", "Accept-Datetime is no date of HTTP"),
    NoMemento: _of(NoMemento, 404, "no-memento", "There is no past state"),
    CheckpointRefused: _of(CheckpointRefused, 422, "checkpoint-refused", "This is no checkpoint, or no key of one"),
    OtherLog: _of(OtherLog, 422, "other-log", "The log is not the one that was meant"),
    NoCopy: _of(NoCopy, 422, "no-copy", "This is no copy, or its place is taken"),
    KeyRefused: _of(KeyRefused, 422, "key-refused", "The key cannot be made or revoked"),
    NotExported: _of(NotExported, 422, "not-exported", "The register cannot be exported so"),
    errors.ChainBroken: _of(errors.ChainBroken, 500, "chain-broken", "The log does not verify"),
    TakesTooLong: _of(TakesTooLong, 503, "takes-too-long", "The answer takes too long"),
    TooMuchAtOnce: _of(TooMuchAtOnce, 503, "too-much-at-once", "Too much is asked at once"),
    errors.CommitUnknown: _of(errors.CommitUnknown, 503, "commit-unknown", "Whether that is recorded is not known"),
    errors.StoreUnusable: _of(errors.StoreUnusable, 503, "store-unusable", "The store cannot serve"),
}
"""Every refusal of the register. Those of 500 and above are told to the log, not to the reader; but for BUSY ones."""

AGAIN: dict[type[errors.RegisterError], str] = {
    errors.NotHereYet: "1",  # more than a copy is behind, as a rule
    TooMuchAtOnce: "5",
}
"""The seconds after which to ask again for what is not to be had as yet."""

BUSY = (*AGAIN, TakesTooLong)
"""Refusals of 500 and above that say nothing of the server but what the reader has to know."""

NOT_A_DAY = _of(NotADay, 422, "not-a-day", "A day is written YYYY-MM-DD")
INVALID = Kind(422, "invalid-parameters", "A parameter is missing or wrong", "See `errors`, one for each.")
FAULT = Kind(500, "fault", "The server is at fault", "A fault of this program; its log holds the details.")

ANSWERS = {
    401: Kind(401, "key-needed", "A key is needed", "Send it as `Authorization: Bearer KEY`."),
    403: Kind(
        403, "scope-needed", "The key is not good for this", "Another scope, or another institution's key, is needed."
    ),
    404: Kind(404, "no-such-page", "Nothing is served here", "/docs lists what is served."),
    405: Kind(405, "method-not-allowed", "Not with this method", "The header `Allow` lists those there are."),
    406: Kind(406, "not-acceptable", "No such form of this answer", "`Accept` names no form there is."),
    408: Kind(408, "too-slow", "The body took too long to come", "Send it again, on a connection that carries it."),
    413: Kind(413, "too-large", "The body is too large", "An entry has a limit; split it, or import it."),
    429: Kind(429, "too-many-requests", "Too many requests", "`Retry-After` says in how many seconds to ask again."),
}
"""Refusals of HTTP itself, by status."""

KINDS: dict[str, Kind] = {
    kind.slug: kind for kind in (*REFUSALS.values(), NOT_A_DAY, INVALID, FAULT, *ANSWERS.values())
}
"""Every type of problem, by the name in its address."""


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of a route that can answer with problems of *statuses*."""
    return {s: {"model": Problem, "description": HTTPStatus(s).phrase} for s in (*statuses, 500, 503)}


def problem(kind: Kind, detail: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """The document of one problem; *more* are its members beyond those of RFC 9457."""
    document = {"type": kind.address, "title": kind.title, "status": kind.status, "detail": detail, **more}
    return Response(
        orjson.dumps(document),
        kind.status,
        {"Cache-Control": "no-store", **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def refusal(error: errors.RegisterError) -> Response:
    """The document of a refusal of the register."""
    kind = next((REFUSALS[c] for c in type(error).__mro__ if c in REFUSALS), FAULT)
    if isinstance(error, BUSY):
        again = AGAIN.get(type(error))
        return problem(kind, str(error), {"Retry-After": again} if again else None)
    if kind.status >= 500:
        return problem(kind, "The server cannot answer; its log says why.")
    more: dict[str, Any] = {}
    if isinstance(error, errors.EntryUnreadable | errors.EntryRefused):
        more["reasons"] = list(error.reasons)
    if isinstance(error, errors.HeadMoved):
        more.update(expected=error.expected, found=error.found)
    return problem(kind, str(error), **more)


Dress = Callable[[Request, Response], Response]
"""How a problem document is sent to whoever made the request."""


def install(app: FastAPI, log: Log, dress: Dress = lambda _, answer: answer) -> None:
    """Make *app* answer every error with a problem document; *log* is told what the reader is not.

    *dress* may send it in another form.
    """

    async def refused(request: Request, error: errors.RegisterError) -> Response:
        answer = refusal(error)
        if answer.status_code >= 500:
            log.error("unable", error=str(error), **_place(request, error))
        if isinstance(error, errors.NowCalled):
            place = request.url.path.rpartition("/")[0] + "/" + error.first
            answer.headers["Location"] = f"{place}?{request.url.query}" if request.url.query else place
        return dress(request, answer)

    async def fault(request: Request, error: Exception) -> Response:
        log.error("fault", exc_info=error, **_place(request, error))
        # This answer passes outside all middleware.
        answer = problem(
            FAULT, "The server failed; its log says how.", {**SECURITY, "X-Request-ID": request.state.request_id}
        )
        return dress(request, answer)

    async def wrong(request: Request, error: RequestValidationError) -> Response:
        return dress(request, invalid(error))

    async def of_http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 405 and request.method == "OPTIONS":  # which asks for what a 405 tells
            return Response(status_code=204, headers={"Allow": _allowed(request, error)})
        return dress(request, _http(request, error))

    app.add_exception_handler(errors.RegisterError, refused)  # type: ignore[arg-type]  # the class says which
    app.add_exception_handler(RequestValidationError, wrong)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, of_http)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, fault)


def _place(request: Request, error: Exception) -> dict[str, str]:
    return {
        "route": getattr(request.scope.get("route"), "path", ""),
        "request_id": request.state.request_id,
        "kind": type(error).__name__,
    }


def invalid(error: RequestValidationError) -> Response:
    """Parameters that are missing or wrong: {errors: [{parameter, detail}]}."""
    faults = [{"parameter": str(fault["loc"][-1]), "detail": _said(fault)} for fault in error.errors()]
    days = any(isinstance(fault.get("ctx", {}).get("error"), NotADay) for fault in error.errors())
    detail = "; ".join(f"{fault['parameter']}: {fault['detail']}" for fault in faults)
    return problem(NOT_A_DAY if days else INVALID, detail, errors=faults)


def parameter_fault(name: str, detail: str) -> RequestValidationError:
    """The refusal of one parameter for a reason that its type does not tell."""
    return RequestValidationError([{"type": "value_error", "loc": ("query", name), "msg": detail, "input": None}])


def missing_parameters(given: Mapping[str, object]) -> RequestValidationError:
    """The refusal of a request that lacks some of the parameters *given*, which are None."""
    lacking = [name for name, value in given.items() if value is None]
    return RequestValidationError(
        [{"type": "missing", "loc": ("query", name), "msg": "", "input": None} for name in lacking]
    )


def _said(fault: dict[str, Any]) -> str:
    said: str = fault["msg"].removeprefix("Value error, ")
    return "it is required" if fault["type"] == "missing" else said


def _http(request: Request, error: HTTPException) -> Response:
    kind = ANSWERS.get(error.status_code, FAULT)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = _allowed(request, error)
    own = error.status_code in (401, 403, 406, 408, 413, 429)
    return problem(kind, error.detail if own else kind.meaning, headers)


def _allowed(request: Request, error: HTTPException) -> str:
    """The methods that the path knows; the framework names those of one route alone, and files name their own."""
    routes = request.app.router.routes
    allowed = [
        method
        for method in METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]
    named = allowed + (["HEAD"] if "GET" in allowed else []) or [(error.headers or {})["Allow"]]
    return ", ".join([*named, "OPTIONS"])
