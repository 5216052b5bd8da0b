"""Who and what is called so, in whatever letters."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BeforeValidator, WithJsonSchema

from api.answers import search_answer
from api.problems import parameter_fault, problems
from api.routes.asking import Day, During, Question
from api.schemas import SearchAnswer
from projections.search import MOST_SIGNS, Wanted

FOUND, MOST = 20, 100

router = APIRouter(tags=["names"])


def _sought(text: object) -> object:
    """*text*, if it can be looked for. Raises: NothingToSearch."""
    Wanted(text)
    return text


Sought = Annotated[
    str,
    BeforeValidator(_sought),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MOST_SIGNS, "examples": ["Қарин", "exec off"]}),
    Query(description="A name or parts of it, in Latin, Russian or Kazakh letters."),
]
CalledOn = Annotated[Day | None, Query(description="What stood that day and was called so then; ever, if left out.")]
Kind = Annotated[Literal["unit", "post", "person", "instrument"] | None, Query(description="The kind of thing wanted.")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many things at most.")]


@router.get("/{institution}/search", response_model=SearchAnswer, responses=problems(404, 410, 422))
def read_search(
    asked: Question,
    q: Sought,
    as_of: CalledOn = None,
    during: During = None,
    kind: Kind = None,
    limit: Limit = FOUND,
) -> Response:
    """The units, posts, persons and instruments that are or were called so, however it is spelled, the best first.

    With `during`: what stood on some day of that period and was called so on one.
    """
    if during is not None and as_of is not None:
        raise parameter_fault("during", "it is not asked together with as_of")
    when = as_of if during is None else during
    return asked.answer(
        lambda reading: search_answer(reading, asked.head, Wanted(q), when, kind, limit), dated=as_of is not None
    )
