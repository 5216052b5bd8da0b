"""The server: registers and keys in, an application out. Nothing of it is global."""

from __future__ import annotations

import sys
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi

from api import problems
from api.bodies import MOST, Bodies
from api.examples import add_examples
from api.keys import Keys
from api.metrics import Counting, Metrics
from api.metrics import router as metrics
from api.middleware import Escort, HeadAsGet, Log, Sharing, json_log
from api.pacing import Paces, Pacing
from api.pages import add_pages
from api.pages.problems import as_page
from api.rates import Rates
from api.readings import Readings
from api.routes import exports, flows, institutions, mementos, names, records, service, states, things
from api.routes.admission import may_read
from domain.entries import Entry
from domain.recording import Registers

PATIENCE = 30.0  # seconds for which a body is waited for

DESCRIPTION = """What an institution was on any day, as known at any moment, and why it changed.

Days are `YYYY-MM-DD`. `known_at` is a position of the log or an instant. Refusals are problem documents. HEAD works
wherever GET does, OPTIONS tells the methods of an address. All examples are of one small register: record the example
bodies of `POST /v1/institutions/mint/entries` one after another, and every other example can be tried."""


def create_app(
    readings: Readings,
    keys: Keys,
    *,
    recording: Registers | None = None,
    open_to_readers: bool = True,
    rates: Rates | None = None,
    patience: float = PATIENCE,
    paces: Paces | None = None,
    answers: int = MOST,
    log: Log | None = None,
) -> FastAPI:
    """The server of the registers behind *readings*; it closes neither them nor *keys*.

    What is recorded goes to *recording*, if the readings are of a copy of those registers. Unless *open_to_readers*, a
    key is needed to read too. *rates* bounds how often somebody may ask, *patience* the seconds for which a body is
    waited for, *paces* how long answers may take, *answers* the bytes of answers kept. *log* takes a line for every
    request and error; without it errors alone are told, on standard error.
    """
    told = log or json_log(sys.stderr, requests=False)
    app = FastAPI(
        title="Regesta",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"logs": False},  # its records hold exception texts
    )
    app.state.readings, app.state.keys = readings, keys
    app.state.recording = recording or readings.registers
    app.state.bodies = Bodies(answers)
    app.state.open_to_readers = open_to_readers
    app.state.rates, app.state.patience = rates or Rates(), patience
    app.state.metrics = Metrics(readings)
    app.state.paces = paces or Paces()
    problems.install(app, told, as_page)
    app.add_middleware(Pacing, paces=app.state.paces)
    app.add_middleware(Counting, metrics=app.state.metrics)
    app.add_middleware(HeadAsGet)
    if open_to_readers:
        app.add_middleware(Sharing)
    app.add_middleware(Escort, log=told)
    for module in (institutions, states, mementos, things, flows, names, records, exports):
        app.include_router(
            module.router,
            prefix="/v1/institutions",
            dependencies=[Depends(may_read)],
            responses=problems.problems(401, 403, 429),
        )
    app.include_router(service.router)
    app.include_router(metrics)
    service.add_docs(app)
    add_pages(app)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document."""
    if app.openapi_schema is None:
        document = described(app)
        add_examples(document)
        app.openapi_schema = document
    return app.openapi_schema


def described(app: FastAPI) -> dict[str, Any]:
    """What *app* serves, with the entry's schema, and problems under their own media type; without examples."""
    document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    schemas = document["components"]["schemas"]
    entry = Entry.model_json_schema(ref_template="#/components/schemas/{model}")
    for name, schema in [*entry.pop("$defs").items(), ("Entry", entry)]:
        if schemas.setdefault(name, schema) != schema:
            raise ValueError(f"two schemas are called {name}")
    for operation in (o for path in document["paths"].values() for o in path.values()):
        for status, answer in operation["responses"].items():
            if int(status) >= 300 and "content" in answer:
                answer["content"] = {problems.MEDIA_TYPE: answer["content"]["application/json"]}
        for parameter in operation.get("parameters", ()):
            _never_null(parameter["schema"])
        if "security" in operation and "requestBody" not in operation:
            _describe_reading(operation, open_to_readers=app.state.open_to_readers)
    return document


def _describe_reading(operation: dict[str, Any], *, open_to_readers: bool) -> None:
    """Say of an operation that reads whether a key is needed, and that an answer need not be sent again."""
    if open_to_readers:
        operation["security"].insert(0, {})  # none is needed; one that is sent must be good
    if "200" in operation["responses"]:
        operation["responses"]["304"] = {"description": "What has the tag that If-None-Match names still holds."}


def _never_null(schema: dict[str, Any]) -> None:
    """Let the schema of a parameter say what it can be if it is there: it is left out, and never sent as null."""
    kinds = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema.update(kinds[0])
