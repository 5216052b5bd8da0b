"""The log as a page: every event by position, in words and as it is stored."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Response

from api.answers import events_answer
from api.pages.frame import Page, RegisterPage, citation
from api.pages.naming import Naming, ids_in
from api.pages.telling import value_piece
from api.routes.records import MOST, After
from projections.structure import Answer
from projections.tables.reading import Reading

router = APIRouter()

EVENTS = 50
"""How many events a page shows."""

Limit = Annotated[int, Query(ge=1, le=MOST)]


@router.get("/{institution}/events")
def events(page: Page, after: After = 0, limit: Limit = EVENTS) -> Response:
    """The log by position: what was recorded, when and by whom, with links to what stands before and behind."""
    asked = page.question
    head, log = asked.head, asked.readings.registers.log

    def make(reading: Reading) -> dict[str, Any]:
        answer = events_answer(log, asked.institution, head, after, limit, reading.redacted)
        rows = answer["events"]
        naming = Naming()
        naming.learn(reading, ids_in([row["change"] for row in rows]))
        return {
            "naming": naming,
            "answer": answer,
            "rows": [{**row, "told": _told(row, page), "fields": _fields(row)} for row in rows],
            "limit": limit,
            "before": max(after - limit, 0) if after else None,
            "last": (head.position - 1) // limit * limit if head.position else 0,
            "cited": citation(answer),
        }

    return page.show("events.html", make)


def _told(row: Answer, page: RegisterPage) -> list[tuple[str, Any]]:
    """The fields of the fact that say something, in words."""
    change = row["change"] or {}
    said = {name: value for name, value in change.items() if name != "kind" and value not in (None, [], {}, False)}
    return [(name, value_piece(name, value, page.texts)) for name, value in said.items()]


def _fields(row: Answer) -> list[tuple[str, str]]:
    """Every field of the row as a program reads it: texts as they are, what is made of parts as JSON."""
    return [(name, value if isinstance(value, str) else orjson.dumps(value).decode()) for name, value in row.items()]
