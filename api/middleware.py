"""What every request passes: HEAD as GET without a body, headers that keep browsers safe, a line in the log."""

from __future__ import annotations

import logging
import re
import time
from typing import Any, Protocol, TextIO
from uuid import uuid4

import orjson
import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
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
