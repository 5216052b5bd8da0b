"""What recording an entry did, or would do."""

from __future__ import annotations

from pydantic import BaseModel

from api.schemas.acts import Displaced
from api.schemas.differences import Taught
from api.schemas.findings import FindingRow
from api.schemas.knowledge import Known, KnownAt
from api.schemas.problems import ReasonGiven


class PreviewAnswer(Known):
    """What recording entries would change, find and refuse, and whom it would displace."""

    diff: Taught
    findings: list[FindingRow]
    refusals: list[RefusedDraft]
    displaced: dict[str, Displaced]


class RefusedDraft(BaseModel):
    """An entry that would be refused, and why."""

    entry: str
    reasons: list[ReasonGiven]


class Erasure(BaseModel):
    """How many changes an entry erased, and what is left to do."""

    changes: int
    left: str


class ReceiptAnswer(BaseModel):
    """Where an entry stands in the log, where the log ends now, and what the rules find of the entry."""

    entry: str
    positions: tuple[int, int]
    head: KnownAt
    findings: list[FindingRow]
    erased: Erasure | None = None
