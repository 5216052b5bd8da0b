"""What the rules find amiss."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.schemas.doubts import Side
from api.schemas.periods import Bounded


class FindingDispute(BaseModel):
    """Both claims of a finding, and the rule that chose."""

    fact: str
    rule: str
    believed: Side
    claimed: Side


class FindingRow(BaseModel):
    """An anomaly that *rule* reports; *to* is its last day."""

    rule: str
    subject: dict[str, str]
    from_: str | None = Field(alias="from")
    to: str | None
    entries: list[str]
    events: list[str]
    detail: str
    dispute: FindingDispute | None


class FindingsAnswer(Bounded):
    """What the rules find."""

    findings: list[FindingRow]
