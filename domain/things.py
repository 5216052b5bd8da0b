"""Which units, posts and persons a change introduces, and which it needs to be known."""

from __future__ import annotations

from collections.abc import Iterator

from domain import changes as e
from domain.changes import Change, Corrected

UNIT, POST, PERSON = "unit", "post", "person"
"""The kinds of things that share one namespace."""


def stated(change: Change) -> Change:
    """The fact that a change states: of a correction its replacement."""
    return change.change if isinstance(change, Corrected) else change


def targets_of(change: Change) -> tuple[str, ...]:
    """What a change says how to read: each the name of an event, or of an entry; nothing for most kinds."""
    match change:
        case Corrected() | e.Annulled() | e.ReadingPreferred():
            return (change.target,)
        case e.Redacted():
            return tuple(change.targets)
        case _:
            return ()


def introduced(change: e.Change) -> dict[str, str]:
    """The ids of units, posts and persons that *change* introduces, each with its kind."""
    match change:
        case e.UnitEstablished() | e.UnitAttested() | e.UnitReinstated():
            return {change.unit: "unit"}
        case e.UnitsReorganized():
            return {new.unit: "unit" for new in change.after}
        case e.PostCreated() | e.PostAttested() | e.PostReinstated():
            return {change.post: "post"}
        case e.PersonRegistered():
            return {change.person: "person"}
        case _:
            return {}


def mentioned(change: Change) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The ids of units, posts and persons that *change* needs to be known, with the kinds each may be."""
    match change:
        case e.UnitEstablished() | e.UnitAttested() | e.UnitMoved():
            yield change.unit, (UNIT,)
            if change.parent is not None:
                yield change.parent, (UNIT,)
        case e.UnitReinstated():
            yield change.unit, (UNIT,)
            if change.parent is not None:
                yield change.parent, (UNIT,)
        case e.UnitRenamed():
            yield change.unit, (UNIT,)
        case e.UnitAbolished():
            yield from ((unit, (UNIT,)) for unit in (change.unit, *change.successors))
        case e.UnitsReorganized():
            yield from ((unit, (UNIT,)) for unit in change.before)
            yield from ((new.parent, (UNIT,)) for new in change.after if new.parent is not None)
        case e.UnnamedUnitsAbolished():
            if change.parent is not None:
                yield change.parent, (UNIT,)
        case e.RelationStarted() | e.RelationEnded() | e.RelationAttested():
            yield from ((thing, (UNIT, POST)) for thing in (change.subject, change.object))
        case e.PostCreated() | e.PostAttested() | e.PostReinstated() | e.PostMoved():
            yield change.post, (POST,)
            if change.unit is not None:
                yield change.unit, (UNIT,)
        case e.PostRetitled() | e.PortfolioChanged() | e.SeatsChanged() | e.PostAbolished():
            yield change.post, (POST,)
        case e.PersonRenamed() | e.LifeEvent():
            yield change.person, (PERSON,)
        case e.FunctionAssigned() | e.FunctionWithdrawn() | e.FunctionTransferred() | e.FunctionAttested():
            yield change.holder, (UNIT, POST)
        case e.MandateDeclared():
            yield change.unit, (UNIT,)
        case e.QuantityObserved():
            yield change.subject, (UNIT, POST, PERSON)
        case e.CountClaimed():
            yield from ((thing, (kind,)) for thing, kind in ((change.post, POST), (change.unit, UNIT)) if thing)
        case e.Appointed() | e.TenureAttested() | e.Released() | e.CapacityChanged():
            if change.person is not None:
                yield change.person, (PERSON,)
            if change.post is not None:
                yield change.post, (POST,)
        case e.Transferred():
            yield change.person, (PERSON,)
            yield from ((post, (POST,)) for post in (change.from_post, change.to_post))
        case e.ListAttested() | e.CoverageDeclared():
            scope = change.scope
            member: tuple[str, ...] = (PERSON,) if scope.post else (UNIT,) if scope.parent else (UNIT, POST)
            if isinstance(change, e.ListAttested):
                yield from ((thing, member) for thing in change.members)
            for thing, kinds in (
                (scope.parent, (UNIT,)),
                (scope.post, (POST,)),
                (scope.object, (UNIT, POST)),
            ):
                if thing is not None:
                    yield thing, kinds
