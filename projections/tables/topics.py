"""Under which topics an event is filed, so that what concerns a thing is found without reading the log.

A topic is a short text; the tables hold its hash. What a topic finds may be too much, for a hash may be that
of another topic too and a reading may have changed since: whoever asks looks at what he gets.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b

from domain import changes as e
from domain.changes import Annulled, Corrected, IdentitiesUnified, ReadingPreferred, Redacted
from domain.claims import Key, TenureOf, said_of
from domain.events import Event

CALLED = (e.UnitRenamed, e.PostRetitled, e.PortfolioChanged)
"""The kinds of change that give a thing a value on which nothing else depends; filed by themselves."""

UNIFIED = "unified"
REDACTED = "redacted"
DECLARED = "declared"
PERIODS = "periods"


LONGEST = 512  # signs of a topic whose hash is remembered; ids have no more than 128, but who asks may send anything


def hashed(topic: str) -> int:
    """The 64 bits by which the tables know *topic*."""
    return _remembered(topic) if len(topic) <= LONGEST else _hash(topic)


def _hash(topic: str) -> int:
    return int.from_bytes(blake2b(topic.encode(), digest_size=8).digest(), "big", signed=True)


_remembered = lru_cache(maxsize=20_000)(_hash)


def of_key(key: Key) -> str:
    """What is said of a thing itself, but for what it is called."""
    return "|".join(key)


def called(key: Key) -> str:
    """What a unit or post is called later than at its start."""
    return "called|" + of_key(key)


def key_of(topic: str) -> Key:
    """The thing that a topic of of_key is about."""
    return tuple(topic.split("|"))


def scope_topic(scope: e.Scope) -> str:
    """Lists of a scope, and coverage of it."""
    if scope.post is not None:
        return f"scope|post|{scope.post}"
    if scope.parent is not None:
        return f"scope|parent|{scope.parent}"
    return f"scope|{scope.relation}|{scope.object}"


def topics_of_fact(change: e.Change, target: str, tenure_of: TenureOf) -> Iterator[str]:
    """The topics of a fact as it reads; *target* is its `ENTRY#n`."""
    for key, _, values, _ in said_of(change, tenure_of):
        yield called(key) if isinstance(change, CALLED) else of_key(key)
        match key:
            case ("tenure", person, post):
                yield f"holders|{post}"
                yield f"career|{person}"
            case ("relation", subject, _, object_):
                yield f"related|{subject}"
                yield f"related|{object_}"
            case ("function", _, function):
                yield f"function|{function}"
                yield f"functions|{key[1]}"
            case ("unit" | "post", _):
                above = values.get("parent" if key[0] == "unit" else "unit")
                if isinstance(above, str):
                    yield f"under|{above}"
    match change:
        case e.PersonRegistered() | e.PersonRenamed() | e.LifeEvent():
            yield of_key(("person", change.person))
        case e.InstrumentIssued() | e.InstrumentAmended() | e.InstrumentRepealed():
            yield f"instrument|{change.instrument}"
        case e.ListAttested() | e.CoverageDeclared():
            yield scope_topic(change.scope)
        case e.UnitAbolished():
            yield from (f"lineage|{unit}" for unit in change.successors)
        case e.UnitsReorganized():
            yield from (f"lineage|{unit}" for link in change.links for unit in link[:2])
        case e.QuantityObserved():
            yield f"about|{change.subject}"
            yield of_key(("quantity", target))
        case e.CountClaimed():
            yield "counts"
            yield from (f"about|{thing}" for thing in (change.post, change.unit) if thing)
        case e.AssessmentMade() | e.StatementMade():
            yield f"about|{change.about}"
        case e.MandateDeclared():
            yield f"about|{change.unit}"
        case e.PeriodDefined():
            yield PERIODS
            yield f"period|{change.period}"
        case e.SourceRegistered():
            yield f"source|{change.source}"
        case e.InstitutionDeclared():
            yield DECLARED
    yield from (f"cites|{source.source}" for source in change.sources)
    named = getattr(change, "tenure", None)
    if named is not None:
        yield f"named|{named}"
    if isinstance(change, e.Transferred) and change.from_tenure:
        yield f"named|{change.from_tenure}"


def topics_of_event(event: Event) -> Iterator[str]:
    """The topics of an event beside those of the fact it states: what it rests on, and what it says how to read."""
    change = event.change
    if event.instrument:
        yield f"rests|{event.instrument}"
    yield from (f"cites|{source.source}" for source in event.sources)
    match change:
        case Corrected() | Annulled() | ReadingPreferred():
            yield f"control|{change.target}"
        case Redacted():
            yield from (f"control|{target}" for target in change.targets)
        case IdentitiesUnified():
            yield UNIFIED
