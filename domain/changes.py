"""The change kinds: what an editor can say in an entry, one fact each."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)

from domain.dates import PartialDate
from domain.ids import ID_PATTERN, ChangeName, Code, Id, Target, TenureId

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


# --- institution and instruments


class InstitutionDeclared(Change):
    """The institution's name and its code lists; an empty list allows any code."""

    DATED = False
    kind: Literal["institution-declared"] = "institution-declared"
    name: Names
    unit_kinds: tuple[Code, ...] = ()
    relations: tuple[Code, ...] = ()
    instrument_kinds: tuple[Code, ...] = ()
    notes: Names | None = None


class InstrumentIssued(Change):
    """A decree, order, law, regulation or constitution; what is unknown of it is null."""

    DATED = False
    kind: Literal["instrument-issued"] = "instrument-issued"
    instrument: Id
    instrument_kind: Code
    number: Text | None = None
    title: Names | None = None
    issuer: Text | None = None
    signed: PartialDate | None = None
    published: PartialDate | None = None
    in_force: PartialDate | None = None


class InstrumentAmended(Change):
    """The entry's instrument amends *instrument*."""

    kind: Literal["instrument-amended"] = "instrument-amended"
    instrument: Id


class InstrumentRepealed(Change):
    """The entry's instrument ends *instrument*; what *instrument* did stands until another act undoes it."""

    kind: Literal["instrument-repealed"] = "instrument-repealed"
    instrument: Id


# --- units


class UnitEstablished(Change):
    """A unit begins; *parent* is None for one under no other. Of an ended id, it begins a new life."""

    kind: Literal["unit-established"] = "unit-established"
    unit: Id
    name: Names
    unit_kind: Code | None = None
    parent: Id | None = None
    order: int | None = Field(default=None, ge=0, le=1_000_000)


class UnitRenamed(Change):
    """A unit bears another name from its day on."""

    kind: Literal["unit-renamed"] = "unit-renamed"
    unit: Id
    name: Names


class UnitMoved(Change):
    """A unit stands under *parent*, with all that hangs on it; None: under no other."""

    kind: Literal["unit-moved"] = "unit-moved"
    unit: Id
    parent: Id | None


class UnitAbolished(Change):
    """A unit ends, and with it what still hangs on it at that day's end; *successors* carry it on."""

    kind: Literal["unit-abolished"] = "unit-abolished"
    unit: Id
    successors: tuple[Id, ...] = ()


class UnitReinstated(Change):
    """An ended unit stands again; what is not said it keeps from its last life."""

    PARTIAL = True
    kind: Literal["unit-reinstated"] = "unit-reinstated"
    unit: Id
    name: Names | None = None
    unit_kind: Code | None = None
    parent: Id | None = None


class UnitAfter(Frozen):
    """A unit after a reorganization; one that was there before lives on, with what is said anew."""

    unit: Id
    name: Names | None = None
    unit_kind: Code | None = None
    parent: Id | None = None

    def given(self, field: str) -> bool:
        """Whether the editor wrote *field* at all."""
        return field in self.model_fields_set

    @model_serializer(mode="wrap")
    def _said(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        return {k: v for k, v in handler(self).items() if k in self.model_fields_set}


def _link(link: tuple[str, ...]) -> tuple[str, ...]:
    if len(link) not in (2, 3) or not all(re.fullmatch(ID_PATTERN, unit) for unit in link[:2]):
        raise ValueError("a link is [from, to] or [from, to, scope], from and to being ids of units")
    return link


Link: TypeAlias = Annotated[tuple[Text, ...], AfterValidator(_link)]
"""[from, to] or [from, to, scope]: what of the one went on in the other."""


class UnitsReorganized(Change):
    """One act by which n units become m; a unit in both lists lives on."""

    kind: Literal["units-reorganized"] = "units-reorganized"
    form: Form
    before: Annotated[tuple[Id, ...], Field(min_length=1)]
    after: Annotated[tuple[UnitAfter, ...], Field(min_length=1)]
    links: tuple[Link, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> UnitsReorganized:
        after = [a.unit for a in self.after]
        if len(set(after)) < len(after) or len(set(self.before)) < len(self.before):
            raise ValueError("a unit stands twice in one list")
        for link in self.links:
            if link[0] not in self.before or link[1] not in after:
                raise ValueError(f"the link {list(link[:2])} is not from a unit of before to one of after")
        unnamed = [a.unit for a in self.after if a.name is None and a.unit not in self.before]
        if unnamed:
            raise ValueError(f"new unit {unnamed[0]!r} has no name")
        return self


class UnnamedUnitsAbolished(Change):
    """*count* units ended of which the source gives no name."""

    kind: Literal["unnamed-units-abolished"] = "unnamed-units-abolished"
    count: int = Field(ge=1, le=100_000)
    unit_kind: Code | None = None
    parent: Id | None = None


# --- relations


class RelationStarted(Change):
    """*subject* stands in *relation* to *object*, a unit or post each."""

    kind: Literal["relation-started"] = "relation-started"
    subject: Id
    object: Id
    relation: Code


class RelationEnded(Change):
    """*subject* stands no longer in *relation* to *object*."""

    kind: Literal["relation-ended"] = "relation-ended"
    subject: Id
    object: Id
    relation: Code


# --- posts


class PostCreated(Change):
    """A post begins in *unit*; *seats* is how many may hold it at once, None if unknown."""

    kind: Literal["post-created"] = "post-created"
    post: Id
    unit: Id | None = None
    title: Names
    seats: int | None = Field(default=None, ge=1, le=100_000)
    portfolio: Names | None = None


class PostRetitled(Change):
    """A post bears another title."""

    kind: Literal["post-retitled"] = "post-retitled"
    post: Id
    title: Names


class PostMoved(Change):
    """A post stands in another unit, with its holders."""

    kind: Literal["post-moved"] = "post-moved"
    post: Id
    unit: Id | None


class PortfolioChanged(Change):
    """A post has charge of something else; None: of nothing named."""

    kind: Literal["portfolio-changed"] = "portfolio-changed"
    post: Id
    portfolio: Names | None


class SeatsChanged(Change):
    """Another number may hold a post at once; None: unknown."""

    kind: Literal["seats-changed"] = "seats-changed"
    post: Id
    seats: int | None = Field(ge=1, le=100_000)


class PostAbolished(Change):
    """A post ends, and with it the tenures in it."""

    kind: Literal["post-abolished"] = "post-abolished"
    post: Id


class PostReinstated(Change):
    """An ended post stands again; what is not said it keeps from its last life."""

    PARTIAL = True
    kind: Literal["post-reinstated"] = "post-reinstated"
    post: Id
    unit: Id | None = None
    title: Names | None = None
    seats: int | None = Field(default=None, ge=1, le=100_000)
    portfolio: Names | None = None


# --- people


class PersonRegistered(Change):
    """A person by name; *names* are other spellings of it, *born* the day of birth if known."""

    DATED = False
    VERSION = 2  # 1 had neither names nor born
    kind: Literal["person-registered"] = "person-registered"
    person: Id
    name: Names
    names: tuple[Names, ...] = ()
    born: PartialDate | None = None


class PersonRenamed(Change):
    """A person bears another name."""

    kind: Literal["person-renamed"] = "person-renamed"
    person: Id
    name: Names


class LifeEvent(Change):
    """A birth, a death, or an education completed."""

    kind: Literal["life-event"] = "life-event"
    person: Id
    what: Literal["born", "died", "education"]
    place: Names | None = None


# --- tenures


class Appointed(Change):
    """*person* takes office in *post*; *reappointed* says that a standing tenure goes on."""

    kind: Literal["appointed"] = "appointed"
    tenure: TenureId | None = None
    person: Id
    post: Id
    capacity: Capacity
    reappointed: bool = False


class Released(Change):
    """A tenure ends, named by its id or by person and post."""

    kind: Literal["released"] = "released"
    tenure: TenureId | None = None
    person: Id | None = None
    post: Id | None = None
    ground: Ground = "unknown"

    @model_validator(mode="after")
    def _names_one(self) -> Released:
        if self.tenure is None and (self.person is None or self.post is None):
            raise ValueError("a release names a tenure, or both person and post")
        return self


class Transferred(Change):
    """One move of *person* out of *from_post* into *to_post*: two tenures."""

    kind: Literal["transferred"] = "transferred"
    person: Id
    from_post: Id
    to_post: Id
    from_tenure: TenureId | None = None
    tenure: TenureId | None = None
    capacity: Capacity = "substantive"


class CapacityChanged(Change):
    """A tenure goes on in another capacity, or with other attributes (code → text)."""

    kind: Literal["capacity-changed"] = "capacity-changed"
    tenure: TenureId | None = None
    person: Id | None = None
    post: Id | None = None
    capacity: LaterCapacity
    attributes: Annotated[dict[Code, Text], Field(json_schema_extra=ONLY_THESE)] | None = None

    @model_validator(mode="after")
    def _names_one(self) -> CapacityChanged:
        if self.tenure is None and (self.person is None or self.post is None):
            raise ValueError("a change of capacity names a tenure, or both person and post")
        return self


# --- attestations: a source shows it on that day; they start and end nothing


class UnitAttested(Change):
    """A source shows a unit, with what it says of it."""

    DATED = False
    PARTIAL = True
    kind: Literal["unit-attested"] = "unit-attested"
    unit: Id
    name: Names | None = None
    unit_kind: Code | None = None
    parent: Id | None = None
    order: int | None = Field(default=None, ge=0, le=1_000_000)


class PostAttested(Change):
    """A source shows a post, with what it says of it."""

    DATED = False
    PARTIAL = True
    kind: Literal["post-attested"] = "post-attested"
    post: Id
    unit: Id | None = None
    title: Names | None = None
    seats: int | None = Field(default=None, ge=1, le=100_000)
    portfolio: Names | None = None


class TenureAttested(Change):
    """A source shows *person* in *post*."""

    DATED = False
    PARTIAL = True
    kind: Literal["tenure-attested"] = "tenure-attested"
    tenure: TenureId | None = None
    person: Id
    post: Id
    capacity: Capacity | None = None


class RelationAttested(Change):
    """A source shows *subject* in *relation* to *object*."""

    DATED = False
    kind: Literal["relation-attested"] = "relation-attested"
    subject: Id
    object: Id
    relation: Code


class Scope(Frozen):
    """What a list is a list of: units under a parent, holders of a post, or subjects of a relation."""

    parent: Id | None = None
    post: Id | None = None
    relation: Code | None = None
    object: Id | None = None
    unit_kind: Code | None = None

    @model_validator(mode="after")
    def _one_of_three(self) -> Scope:
        if (self.relation is None) != (self.object is None):
            raise ValueError("a scope by relation names relation and object")
        if sum(x is not None for x in (self.parent, self.post, self.relation)) != 1:
            raise ValueError("a scope is a parent, or a post, or a relation with its object")
        if self.post is not None and self.unit_kind is not None:
            raise ValueError("unit_kind has no meaning in a scope of persons")
        return self

    @model_serializer(mode="wrap")
    def _said(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        return {k: v for k, v in handler(self).items() if v is not None}


class ListAttested(Change):
    """A source's list, in printed order: units, persons or subjects by *scope*; *closed* is complete."""

    DATED = False
    kind: Literal["list-attested"] = "list-attested"
    scope: Scope
    members: tuple[Id, ...]
    closed: bool

    @model_validator(mode="after")
    def _once_each(self) -> ListAttested:
        if len(set(self.members)) < len(self.members):
            raise ValueError("a member stands twice in the list")
        return self


class CoverageDeclared(Change):
    """The record of what *scope* holds is complete from one day to another, both included."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    DATED = False
    kind: Literal["coverage-declared"] = "coverage-declared"
    scope: Scope
    since: PartialDate = Field(alias="from")
    until: PartialDate

    @model_validator(mode="after")
    def _in_order(self) -> CoverageDeclared:
        if self.until.latest < self.since.earliest:
            raise ValueError("coverage ends before it begins")
        return self


# --- functions


class MandateDeclared(Change):
    """A provision gives *unit* its mandate, in short: *gist*."""

    kind: Literal["mandate-declared"] = "mandate-declared"
    unit: Id
    gist: Names


class FunctionAssigned(Change):
    """*holder*, a unit or post, has *function* from its day on."""

    kind: Literal["function-assigned"] = "function-assigned"
    holder: Id
    function: Id
    text: Names


class FunctionWithdrawn(Change):
    """*holder* has *function* no longer."""

    kind: Literal["function-withdrawn"] = "function-withdrawn"
    holder: Id
    function: Id
    text: Names | None = None


class FunctionTransferred(Change):
    """*holder* has *function* from its day on, and nobody else."""

    PARTIAL = True
    kind: Literal["function-transferred"] = "function-transferred"
    holder: Id
    function: Id
    text: Names | None = None


class FunctionAttested(Change):
    """A source shows *holder* with *function*."""

    DATED = False
    PARTIAL = True
    kind: Literal["function-attested"] = "function-attested"
    holder: Id
    function: Id
    text: Names | None = None


# --- claims: what somebody says; they change nothing


class QuantityObserved(Change):
    """*claimant* gives a number for *subject*, a unit, post or person, on the days of its own date."""

    DATED = False
    kind: Literal["quantity-observed"] = "quantity-observed"
    subject: Id
    quantity: Code
    value: Annotated[int, Field(ge=-(10**15), le=10**15)] | Annotated[float, Field(ge=-1e15, le=1e15)]
    unit: Text | None = None
    approximate: bool = False
    claimant: Text | None = None


class CountClaimed(Change):
    """*claimant* says that *value* persons held *post*, or posts of *unit*, in the time of *during*."""

    DATED = False
    kind: Literal["count-claimed"] = "count-claimed"
    what: Text
    post: Id | None = None
    unit: Id | None = None
    during: PartialDate
    value: int = Field(ge=0, le=1_000_000)
    claimant: Text | None = None

    @model_validator(mode="after")
    def _counts_one(self) -> CountClaimed:
        if (self.post is None) == (self.unit is None):
            raise ValueError("a count is of a post or of a unit")
        return self


class AssessmentMade(Change):
    """*claimant* judges or proposes something *about* a unit, post, person or instrument."""

    DATED = False
    kind: Literal["assessment-made"] = "assessment-made"
    claimant: Text | None = None
    about: Id
    topic: Topic
    during: PartialDate | None = None
    gist: Names


class StatementMade(Change):
    """*claimant* states something *about* a unit, post, person or instrument."""

    DATED = False
    kind: Literal["statement-made"] = "statement-made"
    claimant: Text | None = None
    about: Id
    topic: Topic
    during: PartialDate | None = None
    gist: Names


# --- context


class PeriodDefined(Change):
    """A period by name, from the earliest to the latest day of *bounds*."""

    DATED = False
    kind: Literal["period-defined"] = "period-defined"
    period: Id
    name: Names
    bounds: PartialDate


class SourceRegistered(Change):
    """A source that events cite by its id."""

    DATED = False
    kind: Literal["source-registered"] = "source-registered"
    source: Id
    title: Names
    publisher: Text | None = None
    published: PartialDate | None = None
    address: Text | None = None
    language: Language | None = None
    licence: Text | None = None


FactChange: TypeAlias = Annotated[
    InstitutionDeclared
    | InstrumentIssued
    | InstrumentAmended
    | InstrumentRepealed
    | UnitEstablished
    | UnitRenamed
    | UnitMoved
    | UnitAbolished
    | UnitReinstated
    | UnitsReorganized
    | UnnamedUnitsAbolished
    | RelationStarted
    | RelationEnded
    | PostCreated
    | PostRetitled
    | PostMoved
    | PortfolioChanged
    | SeatsChanged
    | PostAbolished
    | PostReinstated
    | PersonRegistered
    | PersonRenamed
    | LifeEvent
    | Appointed
    | Released
    | Transferred
    | UnitAttested
    | PostAttested
    | TenureAttested
    | RelationAttested
    | CapacityChanged
    | ListAttested
    | CoverageDeclared
    | MandateDeclared
    | FunctionAssigned
    | FunctionWithdrawn
    | FunctionTransferred
    | FunctionAttested
    | QuantityObserved
    | CountClaimed
    | AssessmentMade
    | StatementMade
    | PeriodDefined
    | SourceRegistered,
    Field(discriminator="kind"),
]


# --- control


class Corrected(Change):
    """*target* is to be read as *change*, whole; its day and sources, left out, are the target's."""

    DATED = False
    kind: Literal["corrected"] = "corrected"
    target: ChangeName
    change: FactChange
    reason: Text

    @model_validator(mode="after")
    def _one_change(self) -> Corrected:
        if "#" not in self.target:
            raise ValueError("a correction names one change, as ENTRY#n")
        if self.target.endswith("#0") != isinstance(self.change, InstrumentIssued):
            raise ValueError("ENTRY#0, and it alone, is corrected by an instrument-issued")
        return self


class Annulled(Change):
    """*target*, a change or a whole entry, is to be read as never recorded."""

    DATED = False
    kind: Literal["annulled"] = "annulled"
    target: Target
    reason: Text


class ReadingPreferred(Change):
    """Of rival claims on one fact, *target* is to be believed; of two preferred, the one recorded later."""

    DATED = False
    kind: Literal["reading-preferred"] = "reading-preferred"
    target: ChangeName
    reason: Text

    @model_validator(mode="after")
    def _one_change(self) -> ReadingPreferred:
        if "#" not in self.target:
            raise ValueError("a preferred reading names one change, as ENTRY#n")
        return self


class IdentitiesUnified(Change):
    """*ids* are one thing: the first lives on, the others are other names of it."""

    DATED = False
    kind: Literal["identities-unified"] = "identities-unified"
    ids: Annotated[tuple[Id, ...], Field(min_length=2, max_length=100)]
    reason: Text

    @model_validator(mode="after")
    def _once_each(self) -> IdentitiesUnified:
        if len(set(self.ids)) < len(self.ids):
            raise ValueError("an id stands twice")
        return self


class Redacted(Change):
    """What *targets* say is erased for good, and shown to nobody, whatever position is asked for."""

    DATED = False
    kind: Literal["redacted"] = "redacted"
    targets: Annotated[tuple[ChangeName, ...], Field(min_length=1, max_length=10_000)]
    scope: Text
    ground: Text

    @model_validator(mode="after")
    def _changes(self) -> Redacted:
        if any("#" not in target for target in self.targets):
            raise ValueError("a redaction names changes, as ENTRY#n")
        return self


class Erased(Change):
    """A change of *kind* that was recorded and then erased: nothing is left of what it said. No entry can say it."""


Control: TypeAlias = Corrected | Annulled | ReadingPreferred | IdentitiesUnified | Redacted
"""The changes that say how others are to be read."""

CONTROLS = (Corrected, Annulled, ReadingPreferred, IdentitiesUnified, Redacted)

AnyChange: TypeAlias = Annotated[
    FactChange | Corrected | Annulled | ReadingPreferred | IdentitiesUnified | Redacted, Field(discriminator="kind")
]

KINDS: dict[str, type[Change]] = {
    schema.model_fields["kind"].default: schema
    for schema in (*FactChange.__origin__.__args__, *CONTROLS)  # type: ignore[attr-defined]  # the members of a union
}
"""Every change kind with its class."""
