"""Refusals as pages: the same problem that a program gets, for whoever reads."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import Request, Response

from api.middleware import is_at
from api.pages.frame import HEADERS, Frame

PROGRAMS = ("/v1", "/docs", "/openapi.json", "/problems", "/healthz", "/readyz", "/metrics")
"""Where answers are for programs, refusals too."""


def wants_page(request: Request) -> bool:
    """Whether a refusal is for a reader: of a page, or of nothing that there is, if a browser asks."""
    path = request.url.path
    if is_at(path, *PROGRAMS):
        return False
    return path.startswith(("/institutions/", "/key", "/record", "/upload")) or "text/html" in request.headers.get(
        "accept", ""
    )


def as_page(request: Request, answer: Response) -> Response:
    """The problem document *answer* as a page, if it was asked for by a reader.

    It holds the question to be asked again; of a form all that was sent, which is sent again at the press of a button.
    """
    if not wants_page(request) or answer.status_code == 308:
        return answer
    problem: dict[str, Any] = orjson.loads(bytes(answer.body))
    frame = Frame(request)
    sent = getattr(request.state, "sent", None)
    page = frame.render("problem.html", problem=problem, again=_again(frame, problem), sent=sent)
    kept = {name: value for name, value in answer.headers.items() if name not in ("content-type", "content-length")}
    return Response(page, answer.status_code, {**kept, **HEADERS}, media_type="text/html")


def _again(frame: Frame, problem: dict[str, Any]) -> dict[str, Any] | None:
    """A form with what was asked, and what is wrong with it next to its field."""
    faults = {fault["parameter"]: fault["detail"] for fault in problem.get("errors", ())}
    request = frame.request
    if not faults or request.method != "GET":
        return None
    asked = {**dict.fromkeys(faults, ""), **request.query_params}
    fields = [(name, value, faults.get(name)) for name, value in asked.items()]
    return {"action": frame.same, "fields": fields}
