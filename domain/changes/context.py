"""What entries refer to and no unit, post or person is: periods and sources."""

from __future__ import annotations

from typing import Literal

from domain.changes.change import Change, Language, Names, Text
from domain.dates import PartialDate
from domain.ids import Id


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
