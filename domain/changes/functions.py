"""Changes of functions and mandates."""

from __future__ import annotations

from typing import Literal

from domain.changes.change import Change, Names
from domain.ids import Id


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
