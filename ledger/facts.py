"""The ledger of facts of a register: which fact is in which entry, merged with which other, or left out and why.

`facts.tsv` of a register folder has a line for each fact: its row in the list of facts, its date, what it is
about (ids, or a few words), the sources it is taken from, and what became of it. A change that rests on a fact
of the list says so in the locator of its source: `fact eo-049`. Facts of the report are cited by paragraph.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, cast, get_args

from domain.changes import SourceRegistered
from domain.entries import Entry, entry_from_yaml

LEDGER = "facts.tsv"
COLUMNS = ("row", "date", "subject", "source", "disposition", "entries", "with", "reason")
LAST_ROW = 415
NOT_GIVEN = frozenset(
    [12, 13, 17, 18, 24, 29, 36, 59, 60, 61, 63, 83, 108, 129, 150, 154, 161, 170, 232, 239, 240, 242, 263, 267, 283]
)
"""Numbers that the list of facts skips; it has 390 rows."""
ROWS = tuple(f"eo-{number:03}" for number in range(1, LAST_ROW + 1) if number not in NOT_GIVEN)
"""Every row of the list of facts."""
REPORT = re.compile(r"s\d-")
"""What the ids of the report's own sources begin with: it is cited by paragraph, not by fact."""

Disposition: TypeAlias = Literal["entered", "merged", "left-out"]


@dataclass(frozen=True)
class Fact:
    """A row of the list of facts, and what became of it."""

    row: str
    date: str
    subject: str
    sources: tuple[str, ...]
    disposition: Disposition
    entries: tuple[str, ...]
    others: tuple[str, ...]
    """If merged, the rows whose changes it corroborates; else the rows that say otherwise."""
    reason: str


Citations: TypeAlias = Mapping[str, str]
"""For each source that an entry cites, all the places in it, joined."""


def facts_in(folder: Path) -> list[Fact]:
    """The ledger of a register folder, in its order. Raises: ValueError, for a line that is none."""
    with (folder / LEDGER).open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, dialect="excel-tab", quoting=csv.QUOTE_NONE, strict=True)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{LEDGER} has not the columns {', '.join(COLUMNS)}")
        return [_fact(row) for row in rows]


def _fact(row: Mapping[str, str]) -> Fact:
    if row["disposition"] not in get_args(Disposition):
        raise ValueError(f"{row['row']}: {row['disposition']!r} is no disposition")
    disposition = cast(Disposition, row["disposition"])
    return Fact(
        row["row"],
        row["date"],
        row["subject"],
        tuple(row["source"].split()),
        disposition,
        tuple(row["entries"].split()),
        tuple(row["with"].split()),
        row["reason"],
    )


def entries_in(folder: Path) -> dict[str, Entry]:
    """The entries of a register folder by id, in the order of recording."""
    paths = sorted(folder.glob("entries/*.yaml"))
    return {path.stem: entry_from_yaml(path.read_bytes(), path.name) for path in paths}


# --- what is amiss


def faults(facts: Sequence[Fact], entries: Mapping[str, Entry]) -> list[str]:
    """What keeps the ledger from being a true account of *entries*, a line each."""
    return [*_of_rows(facts), *_of_entries(facts, entries)]


def _of_rows(facts: Sequence[Fact]) -> Iterator[str]:
    """Rows that are missing, twice or strange; what a row must say of itself."""
    counted = Counter(fact.row for fact in facts)
    yield from (f"{row}: no line of {LEDGER} accounts for it" for row in ROWS if not counted[row])
    yield from (f"{row}: {counted[row]} lines of {LEDGER} account for it" for row in counted if counted[row] > 1)
    yield from (f"{row}: the list of facts has no such row" for row in counted if row not in ROWS)
    for fact in facts:
        if bool(fact.entries) == (fact.disposition == "left-out"):
            yield f"{fact.row}: what is entered or merged has entries, and what is left out has none"
        if bool(fact.reason) != (fact.disposition == "left-out"):
            yield f"{fact.row}: what is left out has a reason, and nothing else has one"
        if fact.disposition == "merged" and not fact.others:
            yield f"{fact.row}: it is merged with no other row"
        if not fact.subject or (not fact.sources and fact.disposition != "left-out"):
            yield f"{fact.row}: it has no subject or no source"
        yield from (f"{fact.row}: {other} is no row" for other in fact.others if other not in counted)


def _of_entries(facts: Sequence[Fact], entries: Mapping[str, Entry]) -> Iterator[str]:
    """Entries that are missing or do not cite their rows; rows that are cited and accounted for elsewhere."""
    cited = {name: citations(entry) for name, entry in entries.items()}
    registered = {c.source for entry in entries.values() for c in entry.changes if isinstance(c, SourceRegistered)}
    accounted = {(name, fact.row) for fact in facts for name in fact.entries}
    for fact in facts:
        yield from (f"{fact.row}: no entry registers its source {s}" for s in fact.sources if s not in registered)
        for name in fact.entries:
            if name not in cited:
                yield f"{fact.row}: there is no entry {name}"
            elif not any(_cites(cited[name], source, fact.row) for source in fact.sources):
                where = "" if all(map(REPORT.match, fact.sources)) else f" with the locator `fact {fact.row}`"
                yield f"{fact.row}: {name} does not cite {' or '.join(fact.sources)}{where}"
    for name, places in cited.items():
        for row in re.findall(r"\bfact (eo-\d+)", " ".join(places.values())):
            if (name, row) not in accounted and not name.startswith("000"):
                yield f"{row}: {name} cites it, and {LEDGER} has it elsewhere"


def citations(entry: Entry) -> Citations:
    """The sources that *entry* cites, its own and those of its changes, with the places in them."""
    places: dict[str, list[str]] = {}
    for source in (*entry.sources, *(source for change in entry.changes for source in change.sources)):
        places.setdefault(source.source, []).append(source.locator or "")
    return {source: "; ".join(told) for source, told in places.items()}


def _cites(cited: Citations, source: str, row: str) -> bool:
    """Whether *source* is cited, and unless it is one of the report, for *row*."""
    if REPORT.match(source):
        return source in cited
    return re.search(rf"\bfact {row}\b", cited.get(source, "")) is not None


# --- the page


def page(facts: Sequence[Fact], entries: Mapping[str, Entry]) -> str:
    """The account of *facts* for people, and the sources of *entries* that they are taken from."""
    told = Counter(fact.disposition for fact in facts)
    waiting = sorted({name for fact in facts for name in fact.entries if name not in entries})
    head = [
        "# What became of every fact",
        "",
        "Made by `python -m ledger` from `facts.tsv` and the entries; the tests check it. Each row of the list of",
        "facts is **entered** in an entry of its own or with others, **merged** as a further source of a change",
        "that another row gives, or **left out**, with the reason. Rows that contradict each other are named: both",
        "are entered, and the rules choose or a `reading-preferred` does. A change tells the row it rests on in the",
        "locator of its source, as in `fact eo-049`; what rests on the report is cited by paragraph.",
        "",
        f"{len(facts)} rows: {told['entered']} entered, {told['merged']} merged, {told['left-out']} left out.",
    ]
    if waiting:
        head += ["", f"{len(waiting)} entries are not written yet."]
    rows = ["| row | date | about | source | what became of it |", "|---|---|---|---|---|"]
    rows += [f"| {f.row} | {f.date} | {f.subject} | {_coded(f.sources)} | {_became(f)} |" for f in facts]
    return "\n".join([*head, "", "## Facts", "", *rows, "", "## Sources", "", *_sources(entries), ""])


def _coded(ids: Sequence[str]) -> str:
    return ", ".join(f"`{id_}`" for id_ in ids)


def _became(fact: Fact) -> str:
    if fact.disposition == "left-out":
        return f"left out: {fact.reason}"
    with_ = f", as a further source beside {', '.join(fact.others)}" if fact.disposition == "merged" else ""
    against = f", against {', '.join(fact.others)}" if fact.disposition == "entered" and fact.others else ""
    return f"{fact.disposition}: {_coded(fact.entries)}{with_}{against}"


def _sources(entries: Mapping[str, Entry]) -> Iterator[str]:
    """A table of the sources of the facts, without those of the report, which SOURCES.md has."""
    yield "| Source | What it is | Publisher | Date |"
    yield "|---|---|---|---|"
    for entry in entries.values():
        for change in entry.changes:
            if isinstance(change, SourceRegistered) and not REPORT.match(change.source):
                title = " / ".join(change.title.values()).replace("|", "/")
                dated = change.published.text if change.published else "undated"
                yield f"| `{change.source}` | {title} | {change.publisher} | {dated} |"
