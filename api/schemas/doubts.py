"""Where claims disagree, and how a fact was read before and after a correction."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from api.schemas.knowledge import Cause


class Rival(BaseModel):
    """A claim not believed, beside the one that is, and the rule that chose."""

    fact: str
    claimed: Any
    believed: Any
    rule: str
    contested: tuple[str | None, str | None] | None
    cause: Cause


class Side(BaseModel):
    """What one claim says of a disputed fact: a day, of a start or an end; null: that there is no end."""

    value: Any
    cause: Cause


class BelievedSide(Side):
    """The claim that is believed, with the others that say so or can be meant so."""

    corroborated_by: list[Cause]


class RivalSide(Side):
    """A claim that is not believed: the *rule* that chose, and the first and last day that it disputes."""

    rule: str
    contested: tuple[str | None, str | None] | None


class Dispute(BaseModel):
    """Rival claims on one fact of a life, side by side."""

    subject: dict[str, str]
    life: int
    fact: str
    believed: BelievedSide
    rivals: list[RivalSide]


class Reading(BaseModel):
    """What a fact says; *said* has the fields of its kind of change."""

    kind: str
    effective: str | None
    said: dict[str, Any]


class LaterReading(BaseModel):
    """How a *fact* was read *before* a later event and *after* it, and for what reason; null: it said nothing then.

    *target* is what the event names: the fact, its entry, or another such event.
    """

    position: int
    entry: str
    event: str
    kind: Literal["corrected", "annulled", "reading-preferred", "identities-unified"]
    target: str | None
    fact: str
    reason: str
    before: Reading | None
    after: Reading | None
