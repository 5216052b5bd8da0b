"""Sources: what each is, and the facts that rest on it, as they read; also those that now hang on nothing."""

from __future__ import annotations

from collections.abc import Iterable

from domain.acts import Act, Known
from domain.changes import SourceRegistered
from domain.errors import UnknownThing
from domain.lives import text_of
from projections.causes import subject_of
from projections.structure import Answer, cause_of

FIELDS = ("title", "publisher", "published", "address", "language", "licence")
"""What is told of a source."""


def sources(known: Known) -> Answer:
    """Every source by id: what it is, null where nobody registered it, and how many `facts` rest on it."""
    told, resting = described(known.acts), dict[str, int]()
    for act in known.acts:
        for source in {cited.source for cited in act.sources}:
            resting[source] = resting.get(source, 0) + 1
    nothing = dict.fromkeys(FIELDS)
    return {
        source: {**nothing, **told.get(source, {}), "facts": resting.get(source, 0)}
        for source in sorted({*told, *resting})
    }


def described(acts: Iterable[Act]) -> Answer:
    """What *acts* say that sources are, by id; of one that is registered twice what its best claim says."""
    found: Answer = {}
    for act in sorted(acts, key=lambda act: act.rank):
        change = act.change
        if isinstance(change, SourceRegistered) and change.source not in found:
            told = change.model_dump(mode="json")
            found[change.source] = {field: told[field] for field in FIELDS}
    return found


def source_history(known: Known, institution: str, source: str) -> Answer:
    """{id, title, …, facts} of a source: each fact that rests on it, in the order of effect, with its place in it.

    Raises: UnknownThing.
    """
    told = described(known.acts).get(source)
    facts = [_fact(act, known, source) for act in known.acts if any(cited.source == source for cited in act.sources)]
    if told is None and not facts:
        raise UnknownThing(institution, "source", source)
    return {"id": source, **(told or dict.fromkeys(FIELDS)), "facts": facts}


def _fact(act: Act, known: Known, source: str) -> Answer:
    cited = [one for one in act.sources if one.source == source]
    return {
        "event": act.target,
        "kind": act.change.kind,
        "subject": subject_of(act),
        "effective": text_of(act.day),
        "cited": [one.model_dump(exclude={"source"}) for one in cited],
        "cause": cause_of(act, known.instruments),
    }
