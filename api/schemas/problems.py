"""Why a request was refused, and what a type of refusal means."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


class ProblemKind(BaseModel):
    """What a problem's type means, what to do about it, and what one looks like."""

    type: str
    status: int
    title: str
    meaning: str
    remedy: str
    example: dict[str, Any]
    rules: dict[str, str] | None = None


class ReasonGiven(BaseModel):
    """One fault of an entry; *change* is its number from 1, null for the entry itself."""

    rule: str
    change: int | None
    day: str | None
    detail: str


class ParameterFault(BaseModel):
    """What is wrong with one parameter."""

    parameter: str
    detail: str


class Problem(BaseModel):
    """RFC 9457: why a request was refused. *type* is an address that says what it means."""

    type: str
    title: str
    status: int
    detail: str
    reasons: list[ReasonGiven] | None = None
    errors: list[ParameterFault] | None = None
    expected: str | None = None
    found: str | None = None
