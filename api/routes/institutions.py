"""The registers of the store."""

from __future__ import annotations

from hashlib import sha256

from fastapi import APIRouter, Request, Response

from api.conditional import conditional
from api.problems import problems
from api.routes.asking import AllRegisters
from api.schemas import InstitutionsAnswer
from projections.listing import listing_row

router = APIRouter(tags=["institutions"])


@router.get("", response_model=InstitutionsAnswer, responses=problems())
def list_institutions(request: Request, registers: AllRegisters) -> Response:
    """Every institution, with where its log ends and the days it tells of."""
    heads = {institution: registers.head(institution) for institution in registers.institutions()}
    state = sha256("".join(f"{i}{head.hash}" for i, head in heads.items()).encode()).hexdigest()
    views = (registers.view_at(institution, head.position) for institution, head in heads.items())
    rows = ((view.institution, listing_row(view.world, view.head)) for view in views)
    return conditional(request, state, lambda: {"institutions": dict(rows)})
