"""The first page, which lists the registers, and the overview of each."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from api.citing import citation as cited_as
from api.pages.frame import EDITION, FOLDER, HEADERS, AnyPage, Page, citation, present
from api.routes.admission import within_reach
from api.routes.asking import AllReadings
from projections.tables.reading import Reading

router = APIRouter()
about = APIRouter()
style = APIRouter()


@router.get("/")
def registers(request: Request, page: AnyPage, readings: AllReadings) -> Response:
    """Every register, with the days it tells of."""
    found = {}
    for institution in within_reach(request, readings.registers.institutions()):
        line = readings.line(institution, readings.registers.head(institution))
        found[institution] = {**line, "day": present(line, readings.registers.head(institution))}
    body = page.render("registers.html", found=found)
    return Response(body, media_type="text/html", headers={**HEADERS, "Cache-Control": "no-cache"})


@style.get("/static/page.css")
def stylesheet(request: Request) -> Response:
    """The one stylesheet."""
    return _static(request, "page.css", "text/css")


@style.get("/static/dates.js")
def script(request: Request) -> Response:
    """The one script, of the pages on which is recorded."""
    return _static(request, "dates.js", "text/javascript")


def _static(request: Request, name: str, media_type: str) -> Response:
    """A file of the pages; its address names the edition, so it may be kept."""
    kept = "public, max-age=31536000, immutable" if request.query_params.get("e") == EDITION else "no-cache"
    return FileResponse(FOLDER / "static" / name, media_type=media_type, headers={"Cache-Control": kept})


@about.get("/{institution}")
def overview(page: Page) -> Response:
    """What a register is about, and where to begin."""
    asked = page.question
    cited = citation({"citation": cited_as(asked.institution, asked.head, "")})

    def make(reading: Reading) -> dict[str, Any]:
        line = asked.readings.line(asked.institution, asked.readings.registers.head(asked.institution))
        return {
            "line": line,
            "said": reading.declared(),
            "periods": reading.periods(),
            "years": asked.readings.years(asked.institution, asked.head),
            "cited": {
                "text": cited["text"].replace(", ,", ","),
                "page": cited["page"].replace("/?", "?"),
                "json": None,
            },
        }

    return page.show("overview.html", make)
