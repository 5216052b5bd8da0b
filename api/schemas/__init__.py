"""The wire shapes: what answers hold, as the OpenAPI document has it.

Answers are sent as the projections make them; a test holds them equal to these schemas. Days and
effective dates are EDTF text; `from` and `until` of states are plain days, `until` the first day no more.
"""

from api.schemas.counts import CountsAnswer
from api.schemas.differences import DiffAnswer, LearnedAnswer
from api.schemas.entries import EntryAnswer
from api.schemas.findings import FindingsAnswer
from api.schemas.flows import FlowsAnswer
from api.schemas.log import EventsAnswer, InstitutionsAnswer
from api.schemas.periods import PeriodsAnswer
from api.schemas.problems import Problem, ProblemKind
from api.schemas.recording import PreviewAnswer, ReceiptAnswer
from api.schemas.search import SearchAnswer
from api.schemas.service import Status
from api.schemas.structure import StructureAnswer
from api.schemas.things import InstrumentAnswer, PersonAnswer, PostAnswer, UnitAnswer

__all__ = [
    "CountsAnswer",
    "DiffAnswer",
    "EntryAnswer",
    "EventsAnswer",
    "FindingsAnswer",
    "FlowsAnswer",
    "InstitutionsAnswer",
    "InstrumentAnswer",
    "LearnedAnswer",
    "PeriodsAnswer",
    "PersonAnswer",
    "PostAnswer",
    "PreviewAnswer",
    "Problem",
    "ProblemKind",
    "ReceiptAnswer",
    "SearchAnswer",
    "Status",
    "StructureAnswer",
    "UnitAnswer",
]
