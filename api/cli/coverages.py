"""What is known because the record is declared complete, as tables."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table

from api.cli.display import Names, table
from api.phrases import HELD, date_phrase, during_phrase
from projections.structure import Answer

FACTS = {"evidence": "last shown", "until": "ends", "grade": "stands", "vacancy": "held"}
"""What is told of a thing with a declaration and without it."""


def coverage_parts(covers: Answer, names: Names) -> Iterable[tuple[str, Table]]:
    """A table a declaration: what it says is complete, and what would be told without it and is told with it."""
    for event, covered in covers.items():
        rows = [
            (
                names.subject(row["subject"]),
                FACTS[row["fact"]],
                date_phrase(row["from"]) if row["from"] else "",
                date_phrase(row["until"]) if row["until"] else "",
                _said(row["fact"], row["before"]),
                _said(row["fact"], row["after"]),
            )
            for row in covered["changes"]
        ]
        span = during_phrase(
            f"{covered['from']}/{covered['until']}" if covered["from"] != covered["until"] else covered["from"]
        )
        head = f"Complete by {event}, {span}: {_scope(covered['scope'], names)}"
        heads = ("", "", "from", "until", "without it", "with it")
        yield head if rows else f"{head}; nothing is known by that alone", table(*(heads if rows else ()), rows=rows)


def _scope(scope: Answer, names: Names) -> str:
    """What the record is complete of."""
    kind = f", of kind {scope['unit_kind']}" if "unit_kind" in scope else ""
    if "post" in scope:
        return f"who held {names.thing(scope['post'])}"
    if "parent" in scope:
        return f"units under {names.thing(scope['parent'])}{kind}"
    return f"what stood as {scope['relation']} to {names.thing(scope['object'])}{kind}"


def _said(fact: str, value: str | None) -> str:
    match fact:
        case "evidence":
            return date_phrase(value) if value else "never"
        case "until":
            return date_phrase(value) if value else "no end known"
        case "vacancy" if value:
            return HELD[value]
    return value or "does not stand"
