"""Every kind of change."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from domain.changes.change import Change
from domain.changes.control import CONTROLS, Annulled, Corrected, IdentitiesUnified, ReadingPreferred, Redacted
from domain.changes.facts import FactChange

AnyChange: TypeAlias = Annotated[
    FactChange | Corrected | Annulled | ReadingPreferred | IdentitiesUnified | Redacted, Field(discriminator="kind")
]

KINDS: dict[str, type[Change]] = {
    schema.model_fields["kind"].default: schema
    for schema in (*FactChange.__origin__.__args__, *CONTROLS)  # type: ignore[attr-defined]  # the members of a union
}
"""Every change kind with its class."""
