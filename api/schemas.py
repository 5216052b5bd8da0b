"""The wire shapes: what answers hold, as the OpenAPI document has it.

Answers are sent as the projections make them; a test holds them equal to these schemas. Days and
effective dates are EDTF text; `from` and `until` of states are plain days, `until` the first day no more.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, Field

Names: TypeAlias = dict[str, str]
"""Language → text."""
Grade: TypeAlias = Literal["certain", "presumed", "possible", "unattested"]


class KnownAt(BaseModel):
    """Where the log ended that the answer was made from; position 0: before everything."""

    position: int
    recorded: str | None
    hash: str


class Known(BaseModel):
    """An answer about one register as known at one position, by the rules of that number."""

    institution: str
    known_at: KnownAt
    rules: int


class Position(BaseModel):
    """Where the log of a citation ended."""

    position: int
    hash: str


class Citation(BaseModel):
    """How to cite an answer: at *address* the same is answered for ever, or a refusal says why it cannot be.

    *text* is the same in words, for a footnote.
    """

    institution: str
    question: str
    as_of: str | None
    known_at: Position
    rules: int
    address: str
    text: str


class Citable(Known):
    """An answer that can be cited."""

    citation: Citation


class Instrument(BaseModel):
    """A decree, order, law, regulation or constitution."""

    id: str
    kind: str
    number: str | None
    title: Names | None
    issuer: str | None
    signed: str | None
    published: str | None
    in_force: str | None


class SourceCited(BaseModel):
    """Where a fact is taken from."""

    source: str
    locator: str | None
    wording: str | None
    certainty: Literal["high", "medium", "low"]


class Cause(BaseModel):
    """What a fact rests on; *event* is `ENTRY#n`, *corrected_by* the correction read in its place."""

    entry: str
    event: str
    corrected_by: str | None
    instrument: Instrument | None
    provision: str | None
    sources: list[SourceCited]


class Fact(BaseModel):
    """What is said of everything that stands; *evidence* is the last day the record shows it."""

    grade: Grade
    since: str | None
    until: str | None
    evidence: str | None
    contested: bool
    cause: Cause


# --- states and differences


class Unit(Fact):
    """A unit on a day."""

    name: Names | None
    kind: str | None
    parent: str | None
    order: int | None


class Holder(Fact):
    """A tenure on a day."""

    person: str
    capacity: str | None


class Post(Fact):
    """A post on a day, with its holders by tenure."""

    title: Names | None
    unit: str | None
    seats: int | None
    portfolio: Names | None
    vacancy: Literal["filled", "part-filled", "vacant", "unknown"]
    holders: dict[str, Holder]


class Relation(Fact):
    """A relation on a day."""

    subject: str
    object: str
    relation: str


class Function(Fact):
    """A function on a day; *holder* is a unit or a post."""

    holder: str
    function: str
    text: Names | None


class Quantity(BaseModel):
    """A number claimed of something."""

    subject: str
    quantity: str
    value: float
    unit: str | None
    approximate: bool
    claimant: str | None
    effective: str | None
    grade: Grade
    cause: Cause


class PeriodRival(BaseModel):
    """Other bounds that are claimed, and the rule by which they are not believed."""

    bounds: str
    rule: str
    cause: Cause


class Period(BaseModel):
    """A period by name; null: it has no such end."""

    name: Names
    bounds: str
    from_: str | None = Field(alias="from")
    until: str | None
    cause: Cause
    rivals: list[PeriodRival]


class NamedPeriod(Period):
    """The period by which a question was bounded."""

    id: str


class PeriodsAnswer(Citable):
    """The periods that are defined, by id."""

    periods: dict[str, Period]


class Bounded(Citable):
    """An answer that may be bounded by a period."""

    during: NamedPeriod | None = None


class StructureAnswer(Citable):
    """What stood on *as_of*; *unattested* things are left out, for no source shows them that early."""

    as_of: str
    units: dict[str, Unit]
    posts: dict[str, Post]
    relations: dict[str, Relation]
    functions: dict[str, Function]
    quantities: dict[str, Quantity]
    unattested: int


class ChangeRow(BaseModel):
    """One change, netted, with the last act behind it."""

    kind: str
    subject: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    effective: str | None
    grade: Grade | None
    implied: bool
    cause: Cause


class LearnedRow(ChangeRow):
    """The same of what was learned; *reason*: why, if its cause corrects, annuls, prefers, unifies or withholds."""

    reason: str | None


class DiffAnswer(Bounded):
    """What changed after *from* up to *to*; *links* are pairs [unit then, unit now]."""

    from_: str = Field(alias="from")
    to: str
    changes: list[ChangeRow]
    links: list[tuple[str, str]]
    ended: list[str]
    new: list[str]
    counts: dict[str, int]
    reversed: bool = False


class LearnedAnswer(Citable):
    """What was learned of *as_of* between two known positions, each row with the entry that brought it."""

    as_of: str
    known_from: KnownAt
    known_to: KnownAt
    changes: list[LearnedRow]
    links: list[tuple[str, str]]
    ended: list[str]
    new: list[str]
    counts: dict[str, int]


# --- histories


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


class State(BaseModel):
    """What a thing was from one day until another; *life* counts its lives from 0."""

    from_: str | None = Field(alias="from")
    until: str | None
    life: int = 0
    grade: Grade
    contested: bool = False
    value: dict[str, Any]
    cause: Cause
    rivals: list[Rival]


class FunctionPassed(BaseModel):
    """A function that passed: its code and text, and the `ENTRY#n` of it at the one holder and at the other."""

    function: str
    text: Names | None
    from_: str = Field(alias="from")
    to: str


class Passed(BaseModel):
    """What left one unit and came to another by the same entry or instrument."""

    functions: list[FunctionPassed]
    posts: list[str]
    units: list[str]


class LineageRow(BaseModel):
    """An act by which a unit went on in another: *whole*, if it ended by it and went on in this one alone."""

    unit: str
    scope: str | None
    form: str | None
    share: Literal["whole", "part"]
    passed: Passed
    effective: str | None
    cause: Cause


class LineageLife(BaseModel):
    """One life of a unit, under the name it had last; *life* counts from 0, as in its states."""

    unit: str
    life: int
    name: Names | None
    kind: str | None
    since: str | None
    until: str | None
    grade: Grade | None
    implied: bool
    cause: Cause
    ended_by: Cause | None


class LineageLink(BaseModel):
    """A life that went on in another; *form* is that of a reorganization, `succession` or `reinstated`."""

    from_: str = Field(alias="from")
    to: str
    form: str
    scope: str | None
    share: Literal["whole", "part"]
    passed: Passed
    effective: str | None
    grade: Grade
    cause: Cause


class LineageStep(BaseModel):
    """What happened to a unit, with the lives it led *from* and *to*; *before* and *after* hold what became another."""

    kind: str
    form: str | None
    life: int
    effective: str | None
    from_: list[str] = Field(alias="from")
    to: list[str]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    implied: bool
    cause: Cause


class Lineage(BaseModel):
    """What a unit came from, and what it went on in; all that leads to it and on, by `unit#life`; its own story."""

    before: list[LineageRow]
    after: list[LineageRow]
    lives: dict[str, LineageLife]
    links: list[LineageLink]
    steps: list[LineageStep]


class RelationHistory(BaseModel):
    """A relation in time."""

    subject: str
    relation: str
    object: str
    states: list[State]


class Tenure(BaseModel):
    """One person in one post over one span; *grade* is the surest it ever has."""

    tenure: str
    person: str
    name: Names | None
    post: str
    title: Names | None
    unit: str | None
    capacity: str | None
    since: str | None
    until: str | None
    evidence: str | None
    grade: Grade | None
    contested: bool
    ground: str | None
    implied: bool
    cause: Cause
    reappointed: list[Cause]
    ended_by: Cause | None
    rivals: list[Rival]


class PostHolder(Tenure):
    """A tenure of a post, with the tenures before and after it, of other persons."""

    predecessor: str | None
    successor: str | None


class Place(BaseModel):
    """Where a post was, and what it and its unit were called; *under* runs from the unit up to its body."""

    from_: str | None = Field(alias="from")
    until: str | None
    title: Names | None
    unit: str | None
    name: Names | None
    under: list[str]


class CareerTenure(Tenure):
    """A tenure of a person, with where the post was while it lasted."""

    places: list[Place]


class PostThen(BaseModel):
    """A post on the day of a move; *under* runs from its unit up to its body."""

    post: str
    title: Names | None
    unit: str | None
    under: list[str]
    cause: Cause


class Left(PostThen):
    """A tenure that was left."""

    until: str | None


class Taken(PostThen):
    """A tenure that was taken."""

    since: str | None


class Move(BaseModel):
    """A move of a person: tenures left and taken, by id.

    *how*: by one act; on a day that can be that of leaving; or later, the person out of office in between, for *days*
    at least and at most.
    """

    how: Literal["one-act", "at-once", "later"]
    effective: str | None
    days: tuple[int, int | None]
    left: dict[str, Left]
    taken: dict[str, Taken]
    cause: Cause


class AtOnce(BaseModel):
    """Days on which a person held several posts; *one_act* gave two of them; *sure*: two are at least presumed."""

    from_: str | None = Field(alias="from")
    until: str | None
    tenures: list[str]
    titles: dict[str, Names | None]
    one_act: bool
    sure: bool


class LeftBy(BaseModel):
    """How the last tenure before a gap ended."""

    tenure: str
    until: str | None
    ground: str | None
    implied: bool
    cause: Cause


class Vacant(BaseModel):
    """Days on which a source calls a post vacant."""

    from_: str | None = Field(alias="from")
    until: str | None
    cause: Cause


class Occupancy(BaseModel):
    """Days on which a post is held, by nobody known (`gap`) or by more than it has seats (`overlap`).

    *sure*: some holders are certain or presumed, or more than the seats; of a gap, a source says so.
    """

    from_: str | None = Field(alias="from")
    until: str | None
    kind: Literal["held", "gap", "overlap"]
    tenures: list[str]
    seats: int | None
    sure: bool
    after: list[str]
    before: list[str]
    why: LeftBy | None
    vacant: list[Vacant]


Undid = Literal["amended", "repealed", "replaced", "ended", "revived", "renewed", "shown"]
"""What a later act did to what an earlier one had done."""


class Undone(BaseModel):
    """By what a fact came to its end, and whether that only followed from it."""

    how: Undid
    implied: bool
    cause: Cause


class FactDone(BaseModel):
    """A value that an act gave, or that it began, ended or showed its thing, with what became of that.

    *until*: the day from which it holds no longer, as recorded; null while it stands.
    """

    before: Any
    value: Any
    until: str | None
    undone: Undone | None


class DoneTo(BaseModel):
    """What an act did to one thing, by fact: `began`, `ended`, `shown`, or an attribute.

    *life*: the number of the thing's life, from 0. No facts: it changed nothing there, or is not *believed*.
    """

    subject: dict[str, str]
    life: int | None
    believed: bool
    facts: dict[str, FactDone]


class Effect(BaseModel):
    """What an act did, or, *implied*, what followed from it: to each thing by its id."""

    kind: str
    subject: dict[str, Any]
    effective: str | None
    implied: bool
    event: str
    corrected_by: str | None
    did: dict[str, DoneTo]


class Touch(Effect):
    """The same of any act, with its cause."""

    cause: Cause


class LaterAct(BaseModel):
    """A later instrument or entry; *undid*: how, and the events of which it amended, repealed or undid something."""

    instrument: Instrument | None
    entries: list[str]
    effective: str | None
    events: list[str]
    undid: dict[Undid, list[str]]


class Displaced(BaseModel):
    """The post somebody lost, and the one they went to, if that is known."""

    post: str
    to: str | None


class LostOffice(BaseModel):
    """A tenure that ended: the posts in which the person went on (*kept*), and the *move* to where they went."""

    name: Names | None
    post: str
    title: Names | None
    until: str | None
    ground: str | None
    implied: bool
    cause: Cause
    kept: list[str]
    move: Move | None


class DisplacedFrom(Displaced):
    """The same, with every tenure that the person lost."""

    left: dict[str, LostOffice]


class FunctionHistory(BaseModel):
    """A function at one holder in time."""

    function: str
    states: list[State]


class Mandate(BaseModel):
    """A provision by which a unit has its mandate."""

    gist: Names
    effective: str | None
    cause: Cause


class ClaimMade(BaseModel):
    """What somebody says of a thing; *said* has the fields of the kind of change."""

    event: str
    kind: str
    effective: str | None
    said: dict[str, Any]
    cause: Cause


class UnitAnswer(Citable):
    """The history of a unit."""

    id: str
    name: Names | None
    states: list[State]
    lineage: Lineage
    posts: list[str]
    units: list[str]
    relations: dict[str, RelationHistory]
    functions: dict[str, FunctionHistory]
    mandates: list[Mandate]
    claims: list[ClaimMade]
    touched_by: list[Touch]
    instruments: list[str]
    disputes: list[Dispute]
    record: list[LaterReading]


class PostAnswer(Citable):
    """The history of a post."""

    id: str
    title: Names | None
    states: list[State]
    holders: dict[str, PostHolder]
    occupancy: list[Occupancy]
    relations: dict[str, RelationHistory]
    functions: dict[str, FunctionHistory]
    claims: list[ClaimMade]
    touched_by: list[Touch]
    instruments: list[str]
    disputes: list[Dispute]
    record: list[LaterReading]


class PersonEvent(BaseModel):
    """A birth, a death, or an education."""

    what: str
    effective: str | None
    place: Names | None
    note: str | None
    cause: Cause


class PersonAnswer(Citable):
    """The history of a person, as far as it is the institution's."""

    id: str
    name: Names | None
    names: list[Names]
    born: str | None
    died: str | None
    events: list[PersonEvent]
    states: list[State]
    career: list[CareerTenure]
    moves: list[Move]
    at_once: list[AtOnce]
    claims: list[ClaimMade]
    touched_by: list[Touch]
    instruments: list[str]
    disputes: list[Dispute]
    record: list[LaterReading]


class InstrumentAnswer(Citable, Instrument):
    """The history of an instrument."""

    entries: list[str]
    states: list[State]
    effects: list[Effect]
    later: dict[str, LaterAct]
    displaced: dict[str, DisplacedFrom]
    amended_by: list[Cause]
    repealed_by: list[Cause]
    claims: list[ClaimMade]
    record: list[LaterReading]


class ChangeRecorded(BaseModel):
    """A change as it was written, and, if it was corrected or annulled, as it reads now: *live*."""

    event: str
    kind: str
    redacted: bool
    effective: str | None
    change: dict[str, Any] | None
    provision: str | None
    sources: list[SourceCited]
    note: str | None
    live: dict[str, Any] | None = None
    corrected_by: str | None = None


class Taught(BaseModel):
    """What would be learned, or was, on each day that entries or what they correct take effect."""

    changes: list[LearnedRow]
    counts: dict[str, int]


class MadeKnown(BaseModel):
    """What is told otherwise because the record is complete: of one life, or of a post whether it is vacant.

    A grade or a vacancy is that of the days from *from* until *until*; null: it does not stand then.
    """

    subject: dict[str, str]
    life: int | None
    fact: Literal["evidence", "until", "grade", "vacancy"]
    from_: str | None = Field(alias="from")
    until: str | None
    before: str | None
    after: str | None


class Covered(BaseModel):
    """Where the record is declared complete, from one day to another, both included, and what is known by that."""

    scope: dict[str, str]
    from_: str = Field(alias="from")
    until: str
    changes: list[MadeKnown]


class EntryAnswer(Citable):
    """An entry and what it did: *learned* when it was recorded; *record* tells how it was read since.

    *altered*: on further days, on which what it corrects, annuls or prefers was or is disputed.
    """

    id: str
    title: Names | None
    instrument: Instrument | None
    positions: tuple[int, int]
    recorded_by: str | None
    changes: list[ChangeRecorded]
    states: list[State]
    effects: list[Effect]
    covers: dict[str, Covered]
    later: dict[str, LaterAct]
    displaced: dict[str, DisplacedFrom]
    record: list[LaterReading]
    learned: Taught
    altered: list[LearnedRow]


# --- the log


class InstitutionRow(BaseModel):
    """A register: where its log ends, and the first and last day it tells of."""

    name: Names | None
    events: int
    position: int
    hash: str
    first_effective: str | None
    last_effective: str | None


class InstitutionsAnswer(BaseModel):
    """The registers by id."""

    institutions: dict[str, InstitutionRow]


class EventRow(BaseModel):
    """An event as the log holds it; *index* is its number in its entry, 0 the instrument. What is erased is null."""

    position: int
    event_id: str
    kind: str
    version: int = Field(alias="schema")
    institution: str
    entry: str
    index: int
    effective: str | None
    earliest: str | None
    latest: str | None
    given_by: Literal["written", "in-force", "signed"] | None
    basis: Literal["stated", "inferred", "instrument-default"] | None
    instrument: str | None
    provision: str | None
    sources: list[SourceCited]
    note: str | None
    recorded: str
    recorded_by: str | None
    hash: str
    prev_hash: str
    redacted: bool
    change: dict[str, Any] | None


class EventsAnswer(Citable):
    """A page of the log; *next* is the `after` of the page that follows, null at the end."""

    events: list[EventRow]
    next: int | None


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


class Counted(BaseModel):
    """A person counted, and the tenures that count."""

    name: Names | None
    tenures: list[str]


class People(BaseModel):
    """How many, and who."""

    count: int
    persons: dict[str, Counted]


class ClaimedCount(BaseModel):
    """A claimed number of holders: *fits* says which of the three ways of counting agree, none is a mismatch."""

    what: str
    post: str | None
    unit: str | None
    during: str
    claimed: int
    claimant: str | None
    held: People
    began: People
    ended: People
    fits: list[Literal["held", "began", "ended"]]
    mismatch: bool
    cause: Cause


class CountsAnswer(Bounded):
    """Claimed numbers by event."""

    counts: dict[str, ClaimedCount]


class Flow(Move):
    """A move of a career between bodies, pairs [left, taken]; null: no unit of the post is known."""

    person: str
    name: Names | None
    bodies: list[tuple[str | None, str | None]]


class FlowSum(BaseModel):
    """How many moves there were from one body to another, and of how many persons."""

    from_: str | None = Field(alias="from")
    to: str | None
    moves: int
    persons: int


class FlowsAnswer(Bounded):
    """Who moved from one body to another in [*since*, *until*); null: any body, at any time."""

    from_: str | None = Field(alias="from")
    to: str | None
    since: str | None
    until: str | None
    flows: list[Flow]
    sums: list[FlowSum]


class NameFound(BaseModel):
    """A spelling that matches: *own* unless it is another way to write a person's name, or an instrument's number.

    *how*: it is what was sought and no more (`name`), has all its words (`words`), words that begin so
    (`beginnings`), or that hold it (`inside`); or, where nothing else is found, the same consonants (`near`).
    """

    text: str
    language: str | None
    own: bool
    how: Literal["name", "words", "beginnings", "inside", "near"]
    from_: str | None = Field(alias="from")
    until: str | None


class ThingFound(BaseModel):
    """A thing by its last name, borne *until* a day; what it was called *then*, on the (last) day asked about."""

    rank: int
    name: Names | None
    until: str | None
    then: Names | None
    grade: Grade | None
    matched: list[NameFound]


class SearchAnswer(Bounded):
    """Things called so by id; *ranking* has (kind, id), the best first, *more*: there are others."""

    q: str
    as_of: str | None
    kind: Literal["unit", "post", "person", "instrument"] | None
    ranking: list[tuple[str, str]]
    more: bool
    units: dict[str, ThingFound]
    posts: dict[str, ThingFound]
    persons: dict[str, ThingFound]
    instruments: dict[str, ThingFound]


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


# --- the service


class Status(BaseModel):
    """That the server works."""

    status: str


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
