"""Beside the registers: whether the server works, what its problems mean, and its own description."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, HTTPException, Path, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles

from api.conditional import JSON, form_of
from api.explaining import explained
from api.pages.frame import HTML, AnyPage
from api.problems import KINDS, problems
from api.routes.asking import AllReadings
from api.schemas import ProblemKind, Status

router = APIRouter(tags=["service"])


@router.get("/healthz")
async def healthz() -> Status:  # no thread is waited for
    """Whether the server answers at all."""
    return Status(status="ok")


@router.get("/readyz", responses=problems(503))
def readyz(readings: AllReadings) -> Status:
    """Whether the store can be read, and the tables of every register tell of its log up to the end."""
    for institution in readings.registers.institutions():
        with readings.at(institution, readings.registers.head(institution).position):
            pass  # it refuses where they are behind
    return Status(status="ready")


Slug = Annotated[str, Path(description="The name of a type, as its address ends.")]
PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {HTML: {"schema": {"type": "string"}}}}}
"""The second form of what explains problems, for readers."""


@router.get("/problems", response_model=dict[str, ProblemKind], responses=PAGE | problems(406, 422))
def list_problems(request: Request, page: AnyPage) -> Response:
    """Every type of problem, by the name in its address; as a page, by `Accept`."""
    kinds = {slug: explained(kind) for slug, kind in KINDS.items()}
    if form_of(request, JSON, HTML) == HTML:
        return page.answer("problem-kinds.html", kinds=kinds)
    return JSONResponse({slug: kind.model_dump() for slug, kind in kinds.items()}, headers={"Vary": "Accept"})


@router.get("/problems/{slug}", response_model=ProblemKind, responses=PAGE | problems(404, 406, 422))
def read_problem(request: Request, page: AnyPage, slug: Slug) -> Response:
    """What a problem's type means, what to do about it, and what one looks like; as a page, by `Accept`."""
    if slug not in KINDS:
        raise HTTPException(404)
    kind = explained(KINDS[slug])
    if form_of(request, JSON, HTML) == HTML:
        return page.answer("problem-kind.html", kind=kind)
    return JSONResponse(kind.model_dump(), headers={"Vary": "Accept"})


def add_docs(app: FastAPI) -> None:
    """Serve /docs from the package fastapi-offline; no other host is asked for anything."""
    page = get_swagger_ui_html(
        openapi_url="openapi.json",  # relative, so that they hold behind any prefix
        title=app.title,
        swagger_js_url="docs/assets/swagger-ui-bundle.js",
        swagger_css_url="docs/assets/swagger-ui.css",
        swagger_favicon_url="docs/assets/favicon.png",
        swagger_ui_parameters={"validatorUrl": None},
    )
    page.headers["Content-Security-Policy"] = _policy(bytes(page.body))
    app.mount("/docs/assets", StaticFiles(directory=str(files("fastapi_offline") / "static")))

    @app.get("/docs", include_in_schema=False)
    def docs() -> Response:
        """The description of the server, for reading and trying."""
        return page


def _policy(page: bytes) -> str:
    """What the page may load: its own host's files, and the one script written in it."""
    scripts = re.findall(rb"<script>(.*?)</script>", page, re.DOTALL)
    hashes = " ".join(f"'sha256-{b64encode(sha256(script).digest()).decode()}'" for script in scripts)
    return (
        f"default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    )
