"""Changes of relations between units and posts."""

from __future__ import annotations

from typing import Literal

from domain.changes.change import Change
from domain.ids import Code, Id


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
