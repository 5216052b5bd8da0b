"""The registers of the store."""

from __future__ import annotations

from hashlib import sha256

from fastapi import APIRouter, Request, Response

from api.conditional import conditional
from api.problems import problems
from api.routes.admission import within_reach
from api.routes.asking import AllReadings
from api.schemas import InstitutionsAnswer

router = APIRouter(tags=["institutions"])


@router.get("", response_model=InstitutionsAnswer, responses=problems())
def list_institutions(request: Request, readings: AllReadings) -> Response:
    """Every institution that may be read, with where its log ends and the days it tells of."""
    registers = readings.registers
    heads = {
        institution: registers.head(institution) for institution in within_reach(request, registers.institutions())
    }
    state = sha256("".join(f"{i}{head.hash}" for i, head in heads.items()).encode()).hexdigest()
    return conditional(request, state, lambda: {"institutions": {i: readings.line(i, h) for i, h in heads.items()}})
