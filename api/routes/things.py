"""The whole history of one unit, post, person, instrument or entry."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.answers import thing_answer
from api.problems import problems
from api.routes.asking import Question
from api.schemas import EntryAnswer, InstrumentAnswer, PersonAnswer, PostAnswer, UnitAnswer
from projections import histories

router = APIRouter(tags=["histories"], responses=problems(404, 422))


@router.get("/{institution}/units/{unit}", response_model=UnitAnswer, responses=problems(308))
def read_unit(asked: Question, unit: str) -> Response:
    """A unit in time: its states, what it came from and went on in, what ever hung on it."""
    return asked.answer(lambda v: thing_answer(v, histories.unit_history(v.world, v.institution, unit)))


@router.get("/{institution}/posts/{post}", response_model=PostAnswer, responses=problems(308))
def read_post(asked: Question, post: str) -> Response:
    """A post in time: its states and all its holders."""
    return asked.answer(lambda v: thing_answer(v, histories.post_history(v.world, v.institution, post)))


@router.get("/{institution}/persons/{person}", response_model=PersonAnswer, responses=problems(308))
def read_person(asked: Question, person: str) -> Response:
    """A person's names and career."""
    return asked.answer(lambda v: thing_answer(v, histories.person_history(v.world, v.institution, person)))


@router.get("/{institution}/instruments/{instrument}", response_model=InstrumentAnswer)
def read_instrument(asked: Question, instrument: str) -> Response:
    """A decree or other instrument: what it did, who lost office by it and where they went."""
    return asked.answer(lambda v: thing_answer(v, histories.instrument_history(v.world, v.institution, instrument)))


@router.get("/{institution}/entries/{entry}", response_model=EntryAnswer)
def read_entry(asked: Question, entry: str) -> Response:
    """An entry: its changes as written and as they read now, and what they did."""
    return asked.answer(lambda v: thing_answer(v, histories.entry_history(v.world, v.known, v.institution, entry)))
