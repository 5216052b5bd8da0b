"""The log: its events by position, what the rules find in it, and recording into it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from werkzeug.http import parse_etags

from api.answers import (
    counts_answer,
    events_answer,
    findings_answer,
    following_of,
    known_at_answer,
    periods_answer,
    preview_answer,
)
from api.conditional import conditional
from api.metrics import note
from api.pacing import Paces
from api.problems import problems
from api.routes.admission import Body, Recorder, admit_entry
from api.routes.asking import During, KnownAt, Question, Recording
from api.schemas import CountsAnswer, EventsAnswer, FindingsAnswer, PeriodsAnswer, PreviewAnswer, ReceiptAnswer
from domain.entries import drafts_from_json, entry_from_json
from domain.ids import ID_PATTERN
from domain.recording import Receipt, Registers
from projections.findings import finding_rows
from projections.preview import preview
from projections.structure import Answer

PAGE, MOST = 100, 500
PURGE = "Files and indexes of the database may keep parts of it until `regesta purge` is run."

router = APIRouter(tags=["the log"])

After = Annotated[int, Query(ge=0, le=10**15, description="The last position seen; 0 begins at the first.")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many events at most.")]
IfMatch = Annotated[str | None, Header(description="The hash of the head you expect, in double quotes.")]
RECORDED_BEFORE: dict[int | str, dict[str, Any]] = {
    200: {"model": ReceiptAnswer, "description": "The entry stands in the log already."}
}
NewId = Annotated[str, Path(pattern=ID_PATTERN, description="The id of a register, or of one to be founded.")]


@router.get("/{institution}/events", response_model=EventsAnswer, responses=problems(404, 410, 422))
def read_events(asked: Question, after: After = 0, limit: Limit = PAGE) -> Response:
    """The log by position: a page of events, and where the next begins."""
    head, withheld = asked.head, asked.withheld
    following = following_of(head, after, limit)
    known = f"&known_at={asked.known_at}" if asked.fixed else ""
    more = {"Link": f'<{asked.request.url.path}?after={following}&limit={limit}{known}>; rel="next"'}

    def page() -> Answer:
        return events_answer(asked.readings.registers.log, asked.institution, head, after, limit, withheld)

    return conditional(asked.request, asked.state(withheld), page, headers=more if following is not None else None)


@router.get("/{institution}/findings", response_model=FindingsAnswer, responses=problems(404, 410, 422))
def read_findings(asked: Question, during: During = None) -> Response:
    """What the rules find: claims that disagree, acts that fit nothing. Nothing here is refused for it.

    With `during`: what is about a day of that period.
    """
    return asked.folded(lambda view: findings_answer(view, during))


@router.get("/{institution}/counts", response_model=CountsAnswer, responses=problems(404, 410, 422))
def read_counts(asked: Question, during: During = None) -> Response:
    """Claimed numbers of holders against those recorded: who held, who began, who ended, with the people."""
    return asked.answer(lambda reading: counts_answer(reading, asked.head, during))


@router.get("/{institution}/periods", response_model=PeriodsAnswer, responses=problems(404, 410, 422))
def read_periods(asked: Question) -> Response:
    """The periods by which a question can be bounded (`during`), each with its days and what says so."""
    return asked.answer(lambda reading: periods_answer(reading, asked.head))


@router.post(
    "/{institution}/preview",
    response_model=PreviewAnswer,
    responses=problems(401, 403, 404, 408, 413, 422, 429),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {
                        "anyOf": [
                            {"$ref": "#/components/schemas/Entry"},
                            {"type": "array", "items": {"$ref": "#/components/schemas/Entry"}},
                        ]
                    }
                }
            },
        }
    },
)
def preview_entries(
    institution: NewId, registers: Recording, key: Recorder, body: Body, known_at: KnownAt = None
) -> JSONResponse:
    """What recording an entry, or several in order, would change, find and refuse. Nothing is recorded."""
    entries = drafts_from_json(body, "the request")
    for entry in entries:
        admit_entry(key, entry)
    with registers.trying(institution, known_at) as (head, history):
        told = preview(history, entries, key.name)
    return JSONResponse(preview_answer(institution, head, told))


@router.post(
    "/{institution}/entries",
    response_model=ReceiptAnswer,
    status_code=201,
    responses=RECORDED_BEFORE | problems(401, 403, 404, 408, 409, 412, 413, 422, 429),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Entry"}}},
        }
    },
)
def record_entry(
    request: Request, institution: NewId, registers: Recording, key: Recorder, body: Body, if_match: IfMatch = None
) -> Response:
    """Record an entry, whole or not at all. The first of an institution begins with institution-declared."""
    entry = entry_from_json(body, "the request")
    admit_entry(key, entry)
    paces: Paces = request.app.state.paces
    with paces.recording():
        receipt = registers.record(institution, entry, key.name, _expected(registers, institution, if_match))
    note(request, institution, receipt)
    place = {"Location": f"{request.url.path}/{receipt.entry}"}
    return JSONResponse(_receipt(receipt), 201 if receipt.new else 200, place)


def _expected(registers: Registers, institution: str, if_match: str | None) -> str | None:
    """The hash that the head must have: of those that `If-Match` names the present one, if it is there."""
    if if_match is None:
        return None
    tags = parse_etags(if_match)
    head = registers.log.head(institution).hash
    return head if tags.contains(head) else next((tag for tag in tags if tag), "no strong tag")  # `""` is read as None


def _receipt(receipt: Receipt) -> Answer:
    return {
        "entry": receipt.entry,
        "positions": [receipt.first, receipt.last],
        "head": known_at_answer(receipt.head),
        "findings": finding_rows(receipt.findings),
        **({"erased": {"changes": receipt.erases, "left": PURGE}} if receipt.erases else {}),
    }
