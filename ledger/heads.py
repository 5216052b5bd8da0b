"""The chronicle of the Office's heads, as the register tells it: who, from when to when, how sure, by which source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from api.registers import read_register, record_in_pages
from api.store import readings_in_memory
from domain.recording import View
from projections.findings import findings
from projections.histories import post_history
from projections.structure import Answer

HEADS = ("head-of-eo",)
"""The posts whose holders are told, in order of time. Of the Apparatus before 1995 no fact names a head."""
SHORT = {"high": "high", "medium": "", "low": "low"}


class RegisterRefused(ValueError):
    """An entry of the register cannot be recorded; the chronicle of the rest would mislead."""


def register_in(folder: Path) -> View:
    """The register in *folder* as it is known once all of it is recorded. Raises: RegisterRefused."""
    with readings_in_memory() as readings:
        register = read_register(folder)
        for verdict in record_in_pages(register, readings.registers, "import"):
            if verdict.receipt is None:
                raise RegisterRefused("; ".join(verdict.refusal))
        return readings.registers.view(register.institution)


def page(view: View) -> str:
    """The chronicle for people: a table for each post, then what contradicts it."""
    lines = [
        "# The heads of the Office",
        "",
        "Made by `python -m ledger` from the register `kz-eo`; the tests check it. *Since* and *until* (the first",
        "day out of office) are as the sources give them; *grade* is the surest that the tenure reaches on any day;",
        "a certainty is told where the editor rates a source low or high. What is claimed against a row stands",
        "below the table.",
        "",
        "Before October 1995 the Office was the Apparatus of the President, of which no source of the register names",
        "a head. An empty *since* is a beginning that no source tells. The first two rows rest each on one source,",
        "which has its man go as Abdykarimov came in October 1996: which of the two is right is open.",
    ]
    for post in HEADS:
        history = post_history(view.world, view.institution, post)
        lines += ["", f"## {english(history['title'])}", "", *_table(history["holders"].values())]
        lines += ["", "### Claims that are not believed", "", *_listed(_rivals(history["holders"].values()))]
        told = sorted((f for f in findings(view.world) if post in f["subject"].values()), key=_first_day)
        lines += ["", "### What the rules find", "", *_listed(_found(told))]
    return "\n".join([*lines, ""])


def english(names: object) -> str:
    """The English of *names*; a post without a title has none."""
    return str(names["en"]) if isinstance(names, Mapping) and "en" in names else "(no title)"


def _table(tenures: Iterable[Answer]) -> Iterator[str]:
    yield "| since | until | head | grade | began by | ended by |"
    yield "|---|---|---|---|---|---|"
    for tenure in tenures:
        contested = ", contested" if tenure["contested"] else ""
        capacity = f" ({tenure['capacity']})" if tenure["capacity"] not in (None, "substantive") else ""
        began = _because(tenure["cause"])
        ended = _because(tenure["ended_by"]) if tenure["ended_by"] else ""
        implied = "implied: " if tenure["implied"] else ""
        who = f"{english(tenure['name'])}{capacity}"
        span = f"{tenure['since'] or ''} | {tenure['until'] or ''}"
        yield f"| {span} | {who} | {tenure['grade']}{contested} | {began} | {implied}{ended} |"


def _because(cause: Answer) -> str:
    """The entry of a cause, its decree if there is one, and its sources."""
    instrument: dict[str, Any] = cause["instrument"] or {}
    number = f" No. {instrument['number']}" if instrument.get("number") else ""
    by = f", {instrument['kind']}{number}" if instrument else ""
    return f"`{cause['entry']}`{by} ({', '.join(_source(source) for source in cause['sources'])})"


def _source(source: Answer) -> str:
    rated = SHORT[source["certainty"]]
    return f"{source['source']}{f', {rated}' if rated else ''}"


def _rivals(tenures: Iterable[Answer]) -> Iterator[str]:
    for tenure in tenures:
        for rival in tenure["rivals"]:
            days = f", contested from {rival['contested'][0]} to {rival['contested'][1]}" if rival["contested"] else ""
            yield (
                f"{english(tenure['name'])}, {rival['fact']}: {rival['claimed']} by {_because(rival['cause'])}, "
                f"not believed over {rival['believed']} ({rival['rule']}){days}"
            )


def _first_day(finding: Answer) -> str:
    """Where a finding stands in time; one without a day comes first."""
    return finding["from"] or ""


def _found(told: Iterable[Answer]) -> Iterator[str]:
    for finding in told:
        span = f"{finding['from'] or ''} to {finding['to'] or ''}"
        yield f"`{finding['rule']}`, {span}: {finding['detail']} ({', '.join(f'`{e}`' for e in finding['events'])})"


def _listed(items: Iterable[str]) -> list[str]:
    return [f"- {item}" for item in items] or ["None."]
