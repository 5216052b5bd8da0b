"""Pages of people counted: claimed numbers of holders against those recorded, and moves from body to body."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BeforeValidator

from api.answers import counts_answer, flows_answer
from api.pages.frame import Page, citation
from api.pages.naming import Naming, ids_in
from api.routes.asking import Day, During
from api.routes.flows import wanted_flows
from projections.structure import Answer
from projections.tables.reading import Reading

router = APIRouter()

COUNTED = ("held", "began", "ended")
"""The ways in which holders are counted."""

Blank = BeforeValidator(lambda text: text or None)
"""A field of a form that is left empty asks nothing."""

Body = Annotated[str | None, Blank, Query()]
DayOrNone = Annotated[Day | None, Blank, Query()]


@router.get("/{institution}/counts")
def counts(page: Page, during: During = None) -> Response:
    """Claimed numbers of holders beside the people recorded."""

    def make(reading: Reading) -> dict[str, Any]:
        answer = counts_answer(reading, page.question.head, during)
        naming = _named(reading, answer, answer["counts"])
        return {"naming": naming, "answer": answer, "ways": COUNTED, **_bounded(reading, answer)}

    return page.show("counts.html", make)


@router.get("/{institution}/flows")
def flows(
    page: Page,
    start: Annotated[Body, Query(alias="from")] = None,
    to: Body = None,
    since: DayOrNone = None,
    until: DayOrNone = None,
    during: During = None,
) -> Response:
    """Who moved from one body to another, and how many between each two; the form holds what was asked."""
    wanted = wanted_flows(start, to, since, until, during)

    def make(reading: Reading) -> dict[str, Any]:
        answer = flows_answer(reading, page.question.head, wanted, during)
        naming = _named(reading, answer, [answer[part] for part in ("flows", "sums", "from", "to")])
        bodies = {row[side] for row in answer["sums"] for side in ("from", "to")} - {None}
        return {"naming": naming, "answer": answer, "bodies": sorted(bodies), **_bounded(reading, answer)}

    return page.show("flows.html", make)


def _named(reading: Reading, answer: Answer, told: object) -> Naming:
    naming = Naming()
    naming.learn(reading, ids_in(told))
    naming.cite(reading, answer)
    return naming


def _bounded(reading: Reading, answer: Answer) -> dict[str, Any]:
    """The periods by which the question can be bounded, and how the answer is cited."""
    return {"periods": reading.periods(), "cited": citation(answer)}
