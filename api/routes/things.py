"""The whole history of one unit, post, person, instrument or entry."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Response

from api.answers import thing_answer
from api.problems import problems
from api.routes.asking import Asked, Question
from api.schemas import EntryAnswer, InstrumentAnswer, PersonAnswer, PostAnswer, UnitAnswer
from projections.structure import Answer
from projections.tables.reading import Reading

router = APIRouter(tags=["histories"], responses=problems(404, 410, 422))


@router.get("/{institution}/units/{unit}", response_model=UnitAnswer, responses=problems(308))
def read_unit(asked: Question, unit: str) -> Response:
    """A unit in time: its states, what it came from and went on in, what ever hung on it."""
    return _history(asked, lambda reading: reading.unit(unit))


@router.get("/{institution}/posts/{post}", response_model=PostAnswer, responses=problems(308))
def read_post(asked: Question, post: str) -> Response:
    """A post in time: its states and all its holders."""
    return _history(asked, lambda reading: reading.post(post))


@router.get("/{institution}/persons/{person}", response_model=PersonAnswer, responses=problems(308))
def read_person(asked: Question, person: str) -> Response:
    """A person's names and career."""
    return _history(asked, lambda reading: reading.person(person))


@router.get("/{institution}/instruments/{instrument}", response_model=InstrumentAnswer)
def read_instrument(asked: Question, instrument: str) -> Response:
    """A decree or other instrument: what it did, who lost office by it and where they went."""
    return _history(asked, lambda reading: reading.instrument(instrument))


@router.get("/{institution}/entries/{entry}", response_model=EntryAnswer)
def read_entry(asked: Question, entry: str) -> Response:
    """An entry: its changes as written and as they read now, and what they did."""
    return _history(asked, lambda reading: reading.entry(entry))


def _history(asked: Asked, ask: Callable[[Reading], Answer]) -> Response:
    return asked.answer(lambda reading: thing_answer(asked.institution, asked.head, ask(reading)))
