"""What a server counts of itself, for Prometheus to fetch at /metrics: no ids, no addresses, nothing of any person."""

from __future__ import annotations

import time

from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.readings import Readings
from api.routes.admission import CHALLENGE, SentKey
from domain.recording import Receipt

router = APIRouter(tags=["service"])

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)  # seconds
NOWHERE = "none"  # the route of what is served nowhere


class Metrics:
    """The counts of one server."""

    def __init__(self, readings: Readings) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self.requests = Counter(
            "regesta_requests", "Requests that were answered.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "regesta_request_seconds", "How long answers took.", ("route",), buckets=BUCKETS, registry=self.registry
        )
        self.recorded = Counter(
            "regesta_events_recorded", "Events that this process recorded.", ("institution",), registry=self.registry
        )
        self.registry.register(Heads(readings))

    def text(self) -> bytes:
        """All of them, in the text format of Prometheus."""
        return generate_latest(self.registry)


class Heads(Collector):
    """Where the log of each register ends, looked up when it is asked for."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def describe(self) -> list[GaugeMetricFamily]:
        """What is told, without looking it up."""
        return [GaugeMetricFamily("regesta_head_position", "The position at which a log ends.", labels=["institution"])]

    def collect(self) -> list[GaugeMetricFamily]:
        """The head of each log. Raises: StoreUnusable."""
        (told,) = self.describe()
        registers = self._readings.registers
        for institution in registers.institutions():
            told.add_metric([institution], registers.head(institution).position)
        return [told]


class Counting:
    """Counts what is answered, and notes on which route and of which institution for the log."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500  # unless an answer begins

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, counted)
        finally:
            route = _route(scope)
            noted = scope.setdefault("state", {})
            noted["route"], noted["institution"] = route, scope.get("path_params", {}).get("institution")
            self.metrics.requests.labels(_method(scope), route, str(status)).inc()
            self.metrics.seconds.labels(route).observe(time.perf_counter() - begun)


def _route(scope: Scope) -> str:
    """The route that answered, as its address is written; before that of a router stands what it is served under."""
    own: str | None = getattr(scope.get("route"), "path", None)
    if own is None:
        return NOWHERE
    asked = scope["path"].split("/")
    return "/".join(asked[: len(asked) - own.count("/")]) + own


def note(request: Request, institution: str, receipt: Receipt) -> None:
    """Count what a request recorded, and tell the log at which position."""
    request.state.position = receipt.last
    metrics: Metrics = request.app.state.metrics
    if receipt.new:
        metrics.recorded.labels(institution).inc(receipt.last - receipt.first + 1)


def _method(scope: Scope) -> str:
    """The method, if it is one: anybody may send any word, and each would be kept."""
    known = ("GET", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")
    return scope["method"] if scope["method"] in known else "other"


@router.get("/metrics", include_in_schema=False)
def read_metrics(request: Request, key: SentKey) -> Response:
    """The counts; of a server that is closed to readers, to whoever has a key with scope administer."""
    if not request.app.state.open_to_readers and (key is None or not key.opens("administer")):
        raise HTTPException(403 if key else 401, "Counts need a key.", {"WWW-Authenticate": CHALLENGE})
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
