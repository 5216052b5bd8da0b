"""What every request passes: HEAD as GET, reading by pages of other sites, headers that keep browsers safe, the log."""

from __future__ import annotations

import logging
import re
import time
from typing import Any, Protocol, TextIO
from uuid import uuid4

import orjson
import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""Sent with every answer that does not say otherwise."""

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Log(Protocol):
    """What the server tells its operator."""

    def info(self, event: str, **facts: Any) -> Any:
        """Tell that something happened."""

    def error(self, event: str, **facts: Any) -> Any:
        """Tell that something is wrong."""


def json_log(out: TextIO, *, requests: bool = True) -> Log:
    """A log of JSON lines to *out*; without *requests*, of errors alone."""
    log: Log = structlog.wrap_logger(
        structlog.PrintLogger(out),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(lambda facts, **_: orjson.dumps(facts, default=str).decode()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if requests else logging.ERROR),
        cache_logger_on_first_use=True,
    )
    return log


class HeadAsGet:
    """Answers HEAD as GET, and keeps the body back."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self.app({**scope, "method": "GET"}, receive, without_body)


SHARED = ("/v1", "/problems", "/openapi.json")
"""What the pages of any site may read through the browser of who visits them: answers, not our own pages."""

ASKED_WITH = ("Accept-Datetime", "If-None-Match", "X-Request-ID")
"""What they may send beside what every page may; no key."""

SHOWN = (
    *("Allow", "Content-Disposition", "ETag", "Link", "Location", "Memento-Datetime", "Retry-After"),
    *("WWW-Authenticate", "X-Request-ID"),
)
"""The headers of an answer that they see."""


class Sharing:
    """Lets the pages of any site read answers, with GET and HEAD and without credentials (CORS); nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.rules = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["GET", "HEAD"],
            allow_headers=ASKED_WITH,
            expose_headers=SHOWN,
            max_age=86_400,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not is_at(scope["path"], *SHARED):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["method"] == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers:
            allowed = self.rules.preflight_response(headers)
            await (allowed if allowed.status_code == 200 else self.app)(scope, receive, send)
            return

        async def shared(message: Message) -> None:
            if message["type"] == "http.response.start":  # whoever asks, so that a cache keeps one answer for all
                MutableHeaders(scope=message).update(self.rules.simple_headers)
            await send(message)

        await self.app(scope, receive, shared if scope["method"] in ("GET", "HEAD") else send)


def is_at(path: str, *places: str) -> bool:
    """Whether *path* is one of *places*, or lies under one."""
    return any(path == place or path.startswith(f"{place}/") for place in places)


class Escort:
    """Gives a request its id, its answer the SECURITY headers, and the log its line."""

    def __init__(self, app: ASGIApp, log: Log) -> None:
        self.app = app
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500  # unless an answer begins
        noted = scope.setdefault("state", {})
        given: str = Headers(scope=scope).get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid4().hex
        noted["request_id"] = request_id

        async def escorted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, escorted)
        finally:
            # No address: ids in it may name a person. The route is enough, and the id of the request finds the rest.
            key = noted.get("key")
            self.log.info(
                "request",
                method=scope["method"],
                route=noted.get("route"),
                institution=noted.get("institution"),
                position=noted.get("position"),
                key=key.name if key is not None else None,
                status=status,
                ms=round((time.perf_counter() - begun) * 1000, 1),
                request_id=request_id,
            )
