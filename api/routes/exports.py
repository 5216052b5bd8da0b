"""A register in the formats of others, of any day and as known at any position."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.citing import citation, cite_as
from api.conditional import conditional, etag_of, form_of
from api.formats import FormatName
from api.formats.exported import Exported, NotExported
from api.formats.table import FORMATS, LOG, LOG_TYPE, Format
from api.problems import problems
from api.routes.asking import Asked, Day, Question
from domain.dates import Day as Ordinal
from domain.dates import iso

router = APIRouter(tags=["exports"])

Wanted = Annotated[FormatName | None, Query(alias="format", description="The format; if left out, `Accept` chooses.")]
AsOf = Annotated[Day | None, Query(description="The day to tell of; if left out, the whole history is told.")]
From = Annotated[Day | None, Query(alias="from", description="The earlier day, of formats that tell of changes too.")]
MEDIA_TYPES = dict.fromkeys([*(each.media_type for each in FORMATS.values()), LOG_TYPE])
OBJECTS = ("application/json", "application/ld+json")
IN_ANY_FORMAT: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            each: {"schema": {"type": "object"} if each in OBJECTS else {"type": "string", "format": "binary"}}
            for each in MEDIA_TYPES
        }
    }
}


@router.get(
    "/{institution}/export",
    response_class=Response,
    responses=IN_ANY_FORMAT | problems(404, 406, 410, 422),
)
def read_export(
    request: Request, asked: Question, format_: Wanted = None, as_of: AsOf = None, since: From = None
) -> Response:
    """The register in another format: of a day, or its whole history.

    A format of many files comes as a zip. What the format cannot carry is listed in the document.
    """
    name = format_ or _accepted(request)
    days = {"from": iso(since) if since else None, "as_of": iso(as_of) if as_of else None}
    headers = {
        "Link": cite_as(citation(asked.institution, asked.head, "export", format=name, **days)),
        **({} if format_ else {"Vary": "Accept"}),
    }
    if name == LOG:
        if as_of is not None or since is not None:
            raise NotExported(LOG, "it is of no day: leave as_of and from out")
        return _log(asked, headers)
    return _written(asked, FORMATS[name], as_of, since, headers)


def _accepted(request: Request) -> str:
    """The first format of those that are accepted most. Raises: HTTPException 406."""
    wanted = form_of(request, *MEDIA_TYPES)
    return next((each.name for each in FORMATS.values() if each.media_type == wanted), LOG)


def _written(
    asked: Asked, format_: Format, as_of: Ordinal | None, since: Ordinal | None, headers: dict[str, str]
) -> Response:
    format_.check(day=as_of is not None, since=since is not None)
    withheld = asked.withheld
    state = asked.state(withheld)

    def body() -> tuple[bytes, bool]:
        view = asked.readings.registers.view_at(asked.institution, asked.head.position)
        return format_.body(Exported(view, format_.name, as_of, since)), view.known.redacted == withheld

    tag = etag_of(asked.request, state, format_.media_type)
    bodies = asked.request.app.state.bodies
    return conditional(
        asked.request,
        state,
        lambda: bodies.get(tag, body),  # the tag names the head: of the next there is another
        media_type=format_.media_type,
        immutable=as_of is not None and asked.fixed,
        headers={**headers, "Content-Disposition": _file(asked.institution + format_.suffix)},
    )


def _log(asked: Asked, headers: dict[str, str]) -> Response:
    """The log line by line, of which the whole is never in memory; what is erased is blank."""
    state = asked.state(asked.withheld)
    headers = {**headers, "Content-Disposition": _file(f"{asked.institution}.log")}
    answer = conditional(asked.request, state, lambda: b"", media_type=LOG_TYPE, headers=headers)
    if answer.status_code != 200:
        return answer
    sent = {name: value for name, value in answer.headers.items() if name != "content-length"}
    lines = asked.readings.registers.log.text(asked.institution, asked.head)
    return StreamingResponse(lines, headers=sent, media_type=LOG_TYPE)


def _file(name: str) -> str:
    return f'attachment; filename="{name}"'
