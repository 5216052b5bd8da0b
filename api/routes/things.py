"""The whole history of one unit, post, person, instrument or entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.answers import thing_answer
from api.problems import problems
from api.routes.asking import Asked, Question
from api.schemas import EntryAnswer, InstrumentAnswer, PersonAnswer, PostAnswer, UnitAnswer
from projections.structure import Answer
from projections.tables.reading import Reading

UnitId = Annotated[str, Path(description="The id of a unit.")]
PostId = Annotated[str, Path(description="The id of a post.")]
PersonId = Annotated[str, Path(description="The id of a person.")]
InstrumentId = Annotated[str, Path(description="The id of an instrument: that of its entry, unless it was given one.")]
EntryId = Annotated[str, Path(description="The id of an entry.")]

router = APIRouter(tags=["histories"], responses=problems(404, 410, 422))


@router.get("/{institution}/units/{unit}", response_model=UnitAnswer, responses=problems(308))
def read_unit(asked: Question, unit: UnitId) -> Response:
    """A unit in time: its states, what it came from and went on in, what ever hung on it."""
    return _history(asked, lambda reading: reading.unit(unit))


@router.get("/{institution}/posts/{post}", response_model=PostAnswer, responses=problems(308))
def read_post(asked: Question, post: PostId) -> Response:
    """A post in time: its states and all its holders."""
    return _history(asked, lambda reading: reading.post(post))


@router.get("/{institution}/persons/{person}", response_model=PersonAnswer, responses=problems(308))
def read_person(asked: Question, person: PersonId) -> Response:
    """A person's names and career."""
    return _history(asked, lambda reading: reading.person(person))


@router.get("/{institution}/instruments/{instrument}", response_model=InstrumentAnswer)
def read_instrument(asked: Question, instrument: InstrumentId) -> Response:
    """A decree or other instrument: what it did, who lost office by it and where they went."""
    return _history(asked, lambda reading: reading.instrument(instrument))


@router.get("/{institution}/entries/{entry}", response_model=EntryAnswer)
def read_entry(asked: Question, entry: EntryId) -> Response:
    """An entry: its changes as written and as they read now, and what they did."""
    return _history(asked, lambda reading: reading.entry(entry))


def _history(asked: Asked, ask: Callable[[Reading], Answer]) -> Response:
    return asked.answer(lambda reading: thing_answer(asked.institution, asked.head, ask(reading)))
