"""The anomalies of a register: what disagrees, of which thing, on which days, by which entries."""

from __future__ import annotations

from collections.abc import Iterable

from domain.dates import iso
from domain.findings import all_findings
from domain.lives import Rival
from domain.world import Finding, World
from projections.doubt import side
from projections.periods import Period
from projections.structure import Answer


def findings(world: World, within: Period | None = None) -> list[Answer]:
    """All findings of *world*, by rule, thing and day, each once; of *within* those that are about a day of it."""
    return finding_rows(found for found in all_findings(world) if within is None or _touches(found, within))


def _touches(found: Finding, within: Period) -> bool:
    """Whether a day that a finding is about lies in a period; one that is about no day lies in none."""
    return found.lo <= found.hi and found.lo <= within.last and within.first <= found.hi


def finding_rows(found: Iterable[Finding]) -> list[Answer]:
    """Findings as answers show them: {rule, subject, from, to, entries, events, detail, dispute}; *to* is inclusive.

    *dispute* is {fact, rule, believed, claimed} of claims that disagree, each side {value, cause}; null of others.
    """
    rows = {
        (finding.rule, finding.key, finding.lo, finding.hi, tuple(act.target for act in finding.acts)): finding
        for finding in found
    }
    return [
        {
            "rule": finding.rule,
            "subject": subject_of_key(finding.key),
            "from": iso(finding.lo),
            "to": iso(finding.hi),
            "entries": sorted({act.event.entry for act in finding.acts}),
            "events": [act.target for act in finding.acts],
            "detail": finding.detail,
            "dispute": _dispute(finding.rival) if finding.rival else None,
        }
        for _, finding in sorted(rows.items(), key=lambda row: row[0])
    ]


def _dispute(rival: Rival) -> Answer:
    """Both sides of a dispute, and the rule that chose."""
    issued = {act.issued.instrument: act.issued for act in (rival.winner, rival.loser) if act.issued}
    return {
        "fact": rival.fact,
        "rule": rival.rule,
        "believed": side(issued, rival, rival.winner),
        "claimed": side(issued, rival, rival.loser),
    }


def subject_of_key(key: tuple[str, ...]) -> Answer:
    """The ids of a thing, by what they are."""
    match key:
        case ("tenure", person, post):
            return {"person": person, "post": post}
        case ("relation", subject, relation, object_):
            return {"relation": f"{subject}|{relation}|{object_}"}
        case ("function", holder, function):
            return {"holder": holder, "function": function}
        case (kind, thing):
            return {kind: thing}
        case _:
            return {}
