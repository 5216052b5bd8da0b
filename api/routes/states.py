"""What stood on a day, and what changed between two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from api.answers import diff_answer, learned_answer, patch_answer, structure_answer
from api.citing import citation, cite_as
from api.conditional import JSON, form_of
from api.problems import missing_parameters, parameter_fault, problems
from api.routes.asking import KNOWN_AT, Asked, Day, During, Question
from api.routes.mementos import memento_headers
from api.schemas import DiffAnswer, LearnedAnswer, StructureAnswer
from domain.chain import Head
from domain.dates import Day as Ordinal
from domain.dates import iso
from domain.lives import Grade
from projections.periods import Period
from projections.structure import Answer
from projections.tables.reading import Reading

PATCH = "application/json-patch+json"
AS_PATCH: dict[int | str, dict[str, Any]] = {
    200: {"content": {PATCH: {"schema": {"type": "array", "items": {"type": "object"}}}}}
}

router = APIRouter(tags=["states and differences"])

AsOf = Annotated[Day, Query(description="The day whose structure is wanted, YYYY-MM-DD.")]
From = Annotated[Day | None, Query(alias="from", description="The earlier day, itself not in the span.")]
To = Annotated[Day | None, Query(description="The later day. Before `from`, the difference is told backwards.")]
OneDay = Annotated[Day | None, Query(description="The day of which something was learned.")]
KnownFrom = Annotated[
    str | None,
    Query(
        description="What was known: a position or an instant. With `as_of`.",
        json_schema_extra={"type": "string", **KNOWN_AT},
    ),
]
KnownTo = Annotated[
    str | None,
    Query(
        description="What is known: a later position or instant. With `as_of`.",
        json_schema_extra={"type": "string", **KNOWN_AT},
    ),
]
Lowest = Annotated[Grade, Query(description="The lowest grade shown.")]


@dataclass
class Span:
    """What a difference is asked between: two days, or one day as known at two positions."""

    start: From = None
    to: To = None
    during: During = None
    as_of: OneDay = None
    known_from: KnownFrom = None
    known_to: KnownTo = None

    @property
    def of_knowledge(self) -> bool:
        """Whether one day is asked about, as known at two positions."""
        return self.as_of is not None or self.known_from is not None or self.known_to is not None

    @property
    def named(self) -> dict[str, str | None]:
        """The days or the period, as they are written."""
        if self.during is not None:
            return {"during": self.during}
        return {name: iso(on) for name, on in zip(("from", "to"), self.days(), strict=True)}

    def check(self) -> None:
        """See that two days are named, or a period in their place. Raises: RequestValidationError."""
        if self.during is None:
            self.days()
        elif self.start is not None or self.to is not None:
            raise parameter_fault("during", "it is not asked together with from and to")

    def days(self) -> tuple[Ordinal, Ordinal]:
        """The two days. Raises: RequestValidationError."""
        if self.start is None or self.to is None:
            raise missing_parameters({"from": self.start, "to": self.to})
        return self.start, self.to

    def between(self, reading: Reading) -> tuple[Ordinal, Ordinal, Period | None]:
        """The two days, and the period whose they are. Raises: RequestValidationError, UnknownThing."""
        if self.during is None:
            return *self.days(), None
        period = reading.period(self.during)
        return *period.days, period

    def learned(self, asked: Asked) -> tuple[Ordinal, Head, Asked]:
        """The day, where the log ended before, and the question of what is known of it after.

        Raises: RequestValidationError; as Asked.head.
        """
        as_of, known_from, known_to = self._knowledge()
        earlier = asked.readings.registers.head_at(asked.institution, known_from)
        later = asked.known(known_to)
        if earlier.position > later.head.position:
            raise parameter_fault("known_from", "it lies after known_to")
        return as_of, earlier, later

    def _knowledge(self) -> tuple[Ordinal, str, str]:
        """The day and the two positions or instants. Raises: RequestValidationError."""
        for name, value in (("from", self.start), ("to", self.to), ("during", self.during)):
            if value is not None:
                raise parameter_fault(name, "it is not asked together with as_of, known_from and known_to")
        if self.as_of is None or self.known_from is None or self.known_to is None:
            raise missing_parameters({"as_of": self.as_of, "known_from": self.known_from, "known_to": self.known_to})
        return self.as_of, self.known_from, self.known_to


@router.get("/{institution}/structure", response_model=StructureAnswer, responses=problems(404, 410, 422))
def read_structure(asked: Question, as_of: AsOf, grade: Lowest = "possible") -> Response:
    """The units, posts with their holders, and relations that stood on a day, keyed by id."""
    links = memento_headers(asked, as_of) if grade == "possible" else {}
    return asked.answer(lambda r: structure_answer(r, asked.head, as_of, grade), dated=True, headers=links)


@router.get(
    "/{institution}/diff",
    response_model=DiffAnswer | LearnedAnswer,
    responses=AS_PATCH | problems(404, 406, 410, 422),
)
def read_diff(request: Request, asked: Question, span: Annotated[Span, Depends()]) -> Response:
    """What changed after one day up to another, each row with its cause; or RFC 6902, by `Accept`.

    With `during` instead of the days: what changed in a period of the register.

    With `as_of`, `known_from` and `known_to` instead: what was learned of one day between two positions.
    """
    wanted, vary = form_of(request, JSON, PATCH), {"Vary": "Accept"}
    if span.of_knowledge:
        if "known_at" in request.query_params:
            raise parameter_fault("known_at", "it is not asked together with known_from and known_to")
        return _read_learned(asked, span, wanted, vary)
    span.check()
    if wanted == PATCH:
        cited = citation(asked.institution, asked.head, "diff", **span.named)
        vary["Link"] = cite_as(cited)

    def make(reading: Reading) -> Answer | list[Answer]:
        start, end, during = span.between(reading)
        if wanted == JSON:
            return diff_answer(reading, asked.head, start, end, during)
        return patch_answer(reading.structure(start), reading.structure(end))

    return asked.answer(make, media_type=wanted, dated=True, headers=vary)


def _read_learned(asked: Asked, span: Span, wanted: str, vary: dict[str, str]) -> Response:
    as_of, earlier, later = span.learned(asked)
    if wanted == PATCH:
        known = {"known_from": earlier.position, "known_to": later.head.position}
        vary["Link"] = cite_as(citation(asked.institution, later.head, "diff", as_of=iso(as_of), **known))

    def make(reading: Reading) -> Answer | list[Answer]:
        if wanted == JSON:
            return learned_answer(reading, later.head, earlier, as_of)
        return patch_answer(replace(reading, position=earlier.position).structure(as_of), reading.structure(as_of))

    fixed = span.known_from is not None and span.known_from.isdigit()
    return later.answer(make, media_type=wanted, dated=fixed, headers=vary, state=earlier.hash)
