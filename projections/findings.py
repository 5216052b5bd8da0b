"""The anomalies of a register: what disagrees, of which thing, on which days, by which entries."""

from __future__ import annotations

from collections.abc import Iterable

from domain.dates import iso
from domain.findings import all_findings
from domain.world import Finding, World
from projections.structure import Answer


def findings(world: World) -> list[Answer]:
    """All findings of *world*, by rule, thing and day; each once."""
    return finding_rows(all_findings(world))


def finding_rows(found: Iterable[Finding]) -> list[Answer]:
    """Findings as answers show them: {rule, subject, from, to, entries, events, detail}; *to* is inclusive."""
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
        }
        for _, finding in sorted(rows.items(), key=lambda row: row[0])
    ]


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
