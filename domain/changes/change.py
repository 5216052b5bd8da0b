"""What every change has: its words and codes, and what its event will hold in the envelope."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
)

from domain.dates import PartialDate
from domain.ids import Id

_UNPRINTABLE = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"
Text: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=f"^[^{_UNPRINTABLE}]+$")]
"""What a person can read and write; tabs and line feeds included, other control characters not."""

LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
Language: TypeAlias = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN)]
ONLY_THESE: dict[str, JsonValue] = {"additionalProperties": False}
"""What a JSON schema leaves out that names the keys by a pattern."""

Names: TypeAlias = Annotated[dict[Language, Text], Field(min_length=1, max_length=50, json_schema_extra=ONLY_THESE)]
"""A name or title: language tag → text, none of them special."""

Basis: TypeAlias = Literal["stated", "inferred", "instrument-default"]
Certainty: TypeAlias = Literal["high", "medium", "low"]
Capacity: TypeAlias = Literal["substantive", "acting", "concurrent"]
LaterCapacity: TypeAlias = Literal["substantive", "acting", "concurrent", "on-leave", "suspended"]
Topic: TypeAlias = Literal["legal-status", "rule", "programme", "motive", "proposal", "other"]
Ground: TypeAlias = Literal["dismissed", "own-wish", "transfer", "abolition", "death", "term", "unknown"]
Form: TypeAlias = Literal["merge", "absorb", "split", "spin-off", "transform", "transfer", "recode"]
GivenBy: TypeAlias = Literal["written", "in-force", "signed"]
"""What gives an event its day: change or entry, in so many words, or a day of the instrument."""

ENVELOPE = ("effective", "provision", "sources", "basis", "note")
"""What a change may say in an entry that its event holds in the envelope; the order in which it is written."""


class Frozen(BaseModel):
    """Values that cannot change and take no unknown field."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceRef(Frozen):
    """Where a fact is taken from: a source, a place in it, its words in short, and how far to trust it."""

    source: Id
    locator: Text | None = None
    wording: Text | None = None
    certainty: Certainty = "medium"


def _names_its_kind(schema: dict[str, Any]) -> None:
    """Let a JSON schema say that a change names its kind, though there is but one that its class can have."""
    schema["required"] = ["kind", *(name for name in schema.get("required", ()) if name != "kind")]


class Change(Frozen):
    """One fact of an entry. *effective* left out is the entry's; written as null, an unknown day."""

    model_config = ConfigDict(json_schema_extra=_names_its_kind)

    DATED: ClassVar[bool] = True
    """Whether a day is needed; False where it may be unknown."""
    PARTIAL: ClassVar[bool] = False
    """Whether a field left out says nothing, as in an attestation, rather than its default."""
    VERSION: ClassVar[int] = 1

    kind: str
    effective: PartialDate | None = None
    provision: Text | None = None
    sources: tuple[SourceRef, ...] = ()
    basis: Literal["stated", "inferred"] = "stated"
    note: Text | None = None

    def given(self, field: str) -> bool:
        """Whether the editor wrote *field* at all."""
        return field in self.model_fields_set

    def bare(self) -> Change:
        """The fact alone, without what the envelope of its event says."""
        said = self.model_fields_set.difference(ENVELOPE)
        facts = {name: getattr(self, name) for name in type(self).model_fields if name not in ENVELOPE}
        return type(self).model_construct(said, **facts)

    @model_serializer(mode="wrap")
    def _complete(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        """Every field of the fact, then of the envelope those that were given."""
        said, fields = self.model_fields_set, handler(self)
        own = [name for name in fields if name not in ENVELOPE]
        shown = [name for name in own if name == "kind" or name in said or not self.PARTIAL]
        return {
            name: fields[name] for name in (*shown, *ENVELOPE) if name in fields and (name in shown or name in said)
        }
