"""Rival claims side by side, and how facts were read since they were recorded, as tables."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table

from api.cli.display import Names, table
from api.phrases import cause_phrase, date_phrase, words_of
from projections.structure import Answer


def disputes_table(disputes: Iterable[Answer], names: Names) -> Table:
    """A row a claim: the one that is believed, with who says so too, then its rivals with the rule that chose."""
    rows: list[tuple[str, ...]] = []
    for dispute in disputes:
        believed, fact = dispute["believed"], dispute["fact"]
        agreeing = [cause["event"] for cause in believed["corroborated_by"]]
        by = cause_phrase(believed["cause"]) + (f"; so too {', '.join(agreeing)}" if agreeing else "")
        rows.append((names.subject(dispute["subject"]), fact, _value(believed, fact, names), "believed", "", by))
        for rival in dispute["rivals"]:
            row = (_value(rival, fact, names), rival["rule"], _days(rival["contested"]), cause_phrase(rival["cause"]))
            rows.append(("", "", *row))
    return table("of", "fact", "claimed", "rule", "contested", "by", rows=rows)


def record_table(record: Iterable[Answer]) -> Table:
    """A row a later reading: where it was recorded, what it was of, what that altered, and why."""
    rows = [
        (str(row["position"]), words_of(row["kind"]), row["fact"], _altered(row), row["reason"], row["event"])
        for row in record
    ]
    return table("position", "", "fact", "read", "reason", "by", rows=rows)


def _value(side: Answer, fact: str, names: Names) -> str:
    if fact not in ("start", "end"):
        return names.value(fact, side["value"])
    return date_phrase(side["value"]) if side["value"] else "goes on"


def _days(contested: list[str | None] | None) -> str:
    """The days on which two claims disagree, both included."""
    if contested is None:
        return ""
    return " to ".join(date_phrase(day) if day else "any day" for day in dict.fromkeys(contested))


def _altered(row: Answer) -> str:
    """What became otherwise in the reading of a fact: its kind, its day, what it says."""
    before, after = row["before"], row["after"]
    if before is None or after is None:
        return "says nothing any more" if after is None else "says it again" if row["target"] else "are one"
    told = [f"{words_of(before['kind'])} → {words_of(after['kind'])}"] if before["kind"] != after["kind"] else []
    if before["effective"] != after["effective"]:
        told.append(f"{date_phrase(before['effective'])} → {date_phrase(after['effective'])}")
    said = {**before["said"], **after["said"]}
    for name in said:
        one, other = before["said"].get(name), after["said"].get(name)
        if one != other:
            told.append(
                f"{name}: {one if one is not None else 'nothing'} → {other if other is not None else 'nothing'}"
            )
    return "; ".join(told) or "as before"
