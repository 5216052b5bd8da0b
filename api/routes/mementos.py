"""Past structures by HTTP dates: the TimeGate that finds one, the TimeMap that lists them (RFC 7089)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from api.mementos import LINK_FORMAT, Mementos, datetime_of, day_asked
from api.problems import problems
from api.routes.asking import Asked, Day, Question
from domain.dates import Day as Ordinal

router = APIRouter(tags=["mementos"])

FOUND: dict[int | str, dict[str, Any]] = {
    302: {
        "description": "The state of that day is at `Location`.",
        "headers": {
            "Location": {"description": "The address of the Memento.", "schema": {"type": "string"}},
            "Vary": {"description": "`Accept-Datetime`", "schema": {"type": "string"}},
            "Link": {"description": "original, timegate, timemap", "schema": {"type": "string"}},
        },
    }
}
LISTED: dict[int | str, dict[str, Any]] = {200: {"content": {LINK_FORMAT: {"schema": {"type": "string"}}}}}

AcceptDatetime = Annotated[
    str | None,
    Header(
        alias="Accept-Datetime",
        description="The day wanted, as HTTP writes it; its time of day counts for nothing. Left out: the last day.",
        examples=["Mon, 01 Jul 1811 00:00:00 GMT"],
        json_schema_extra={"format": "http-date"},
    ),
]
After = Annotated[Day | None, Query(description="The day after which the page begins; a page links the next.")]


async def _wanted(request: Request, accept_datetime: AcceptDatetime = None) -> Ordinal | None:
    """The day that is wanted. Raises: NotADatetime, also where two are sent."""
    return None if accept_datetime is None else day_asked(", ".join(request.headers.getlist("accept-datetime")))


@router.get(
    "/{institution}/timegate",
    status_code=302,
    response_class=Response,
    responses=FOUND | problems(400, 404, 410, 422),
)
def find_memento(asked: Question, wanted: Annotated[Ordinal | None, Depends(_wanted)]) -> Response:
    """The structure as it was by `Accept-Datetime`: an address that is of one day and one known position for ever.

    A day before the first change leads to the first, one after the last change so far to the last.
    """
    mementos = mementos_of(asked)
    with asked.readings.at(asked.institution, asked.head.position) as reading:
        place = mementos.address(mementos.nearest(reading, wanted))
    told = {"Location": place, "Vary": "Accept-Datetime", "Link": ", ".join(mementos.links)}
    return Response(status_code=302, headers={**told, "Cache-Control": "no-cache"})


@router.get("/{institution}/timemap", response_class=Response, responses=LISTED | problems(404, 410, 422))
def list_mementos(asked: Question, after: After = None) -> Response:
    """The days on which the structure changed, each with the address of its state, as links (RFC 6690)."""
    mementos = mementos_of(asked)
    return asked.answer(lambda reading: mementos.timemap(reading, after), media_type=LINK_FORMAT, dated=True)


def mementos_of(asked: Asked) -> Mementos:
    """The past states of the register that is asked about."""
    return Mementos(asked.institution, asked.head, asked.head.position if asked.fixed else None)


def memento_headers(asked: Asked, as_of: Ordinal) -> dict[str, str]:
    """What Memento has a structure say: where the others are, and at the address of a citation that it is one."""
    mementos = mementos_of(asked)
    if not asked.cited or as_of > mementos.present:
        return {"Link": ", ".join(mementos.links)}
    with asked.readings.at(asked.institution, asked.head.position) as reading:
        links = mementos.links_around(reading, as_of)
    return {"Memento-Datetime": datetime_of(as_of), "Link": ", ".join(links)}
