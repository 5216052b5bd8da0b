"""The changes that state a fact, told apart by their kind."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from domain.changes.attestations import (
    CoverageDeclared,
    ListAttested,
    PostAttested,
    RelationAttested,
    TenureAttested,
    UnitAttested,
)
from domain.changes.context import PeriodDefined, SourceRegistered
from domain.changes.functions import (
    FunctionAssigned,
    FunctionAttested,
    FunctionTransferred,
    FunctionWithdrawn,
    MandateDeclared,
)
from domain.changes.institutions import InstitutionDeclared, InstrumentAmended, InstrumentIssued, InstrumentRepealed
from domain.changes.persons import (
    Appointed,
    CapacityChanged,
    LifeEvent,
    PersonRegistered,
    PersonRenamed,
    Released,
    Transferred,
)
from domain.changes.posts import (
    PortfolioChanged,
    PostAbolished,
    PostCreated,
    PostMoved,
    PostReinstated,
    PostRetitled,
    SeatsChanged,
)
from domain.changes.relations import RelationEnded, RelationStarted
from domain.changes.statements import AssessmentMade, CountClaimed, QuantityObserved, StatementMade
from domain.changes.units import (
    UnitAbolished,
    UnitEstablished,
    UnitMoved,
    UnitReinstated,
    UnitRenamed,
    UnitsReorganized,
    UnnamedUnitsAbolished,
)

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
