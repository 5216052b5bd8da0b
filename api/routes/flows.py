"""Moves of people between bodies."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.answers import flows_answer
from api.problems import parameter_fault, problems
from api.routes.asking import Day, During, Question
from api.schemas import FlowsAnswer
from projections.flows import Asked

router = APIRouter(tags=["people"])

FromUnit = Annotated[str | None, Query(alias="from", description="The body left: a unit with all that hangs on it.")]
ToUnit = Annotated[str | None, Query(description="The body gone to; either left out is any body.")]
Since = Annotated[Day | None, Query(description="The first day of the time asked about.")]
Until = Annotated[Day | None, Query(description="The first day no longer asked about.")]


@router.get("/{institution}/flows", response_model=FlowsAnswer, responses=problems(404, 410, 422))
def read_flows(
    asked: Question,
    start: FromUnit = None,
    to: ToUnit = None,
    since: Since = None,
    until: Until = None,
    during: During = None,
) -> Response:
    """Who moved from one body to another, when and by what act; and how many between each two."""
    wanted = wanted_flows(start, to, since, until, during)
    return asked.answer(lambda reading: flows_answer(reading, asked.head, wanted, during))


def wanted_flows(start: str | None, to: str | None, since: int | None, until: int | None, during: str | None) -> Asked:
    """What is asked of flows, the days of *during* left out. Raises: RequestValidationError."""
    if during is not None and (since is not None or until is not None):
        raise parameter_fault("during", "it is not asked together with since and until")
    if since is not None and until is not None and until < since:
        raise parameter_fault("until", "it lies before since")
    return Asked(start, to, since, until)
