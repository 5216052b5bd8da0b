"""The registers under fixtures/ are canonical, sourced, in order, and free of the seed article's sentences.

The article may not be copied, so it isn't here: `tests/data/article-8grams.bin` holds fingerprints of its
runs of eight words, made once as `b"".join(sorted(fingerprints(text)))`. A run of eight words that is among
them was copied, unless it lies in a name.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from api.answers import findings_answer
from domain.changes import InstrumentIssued, SourceRegistered
from domain.dates import PartialDate
from domain.entries import (
    Entry,
    InstrumentGiven,
    canonical_yaml,
    entry_from,
    entry_from_yaml,
    institution_from_yaml,
    plain_yaml,
    yaml_text,
)
from ledger.facts import facts_in
from ledger.heads import register_in

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
REGISTERS = sorted(path.parent for path in FIXTURES.glob("*/institution.yaml"))
FILES = sorted(FIXTURES.glob("*/entries/*.yaml"))

register = pytest.mark.parametrize("folder", REGISTERS, ids=lambda path: path.name)
entry_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def entries_of(folder: Path) -> list[Entry]:
    """The entries of a register folder, in the order of recording."""
    return [entry_from_yaml(path.read_bytes(), path.name) for path in sorted(folder.glob("entries/*.yaml"))]


# --- form


def test_there_is_a_register() -> None:
    """The checks below ask every file they find: they must find some."""
    assert [folder.name for folder in REGISTERS] == ["kz-eo"]
    assert FILES


@register
def test_an_institution_file_is_canonical(folder: Path) -> None:
    """An editor's diff shows what changed, and nothing of how it was saved."""
    written = (folder / "institution.yaml").read_bytes()
    assert yaml_text(plain_yaml(written, "institution.yaml")) == written
    assert institution_from_yaml(written, "institution.yaml").id == folder.name


@entry_file
def test_an_entry_file_is_canonical(path: Path) -> None:
    """Load-then-save is byte-identical; and the entry is found under its name."""
    written = path.read_bytes()
    entry = entry_from_yaml(written, path.name)
    assert canonical_yaml(entry) == written
    assert entry.entry == path.stem


@register
def test_entries_lie_in_the_order_of_their_dates(folder: Path) -> None:
    """A historian finds an entry by its date; what has none, sources and persons, lies before all."""
    latest = 0
    for entry in entries_of(folder):
        signed = entry.instrument.signed if isinstance(entry.instrument, InstrumentGiven) else None
        date = entry.effective or signed
        named = date.text.split("/")[-1].rstrip("?~%") if date else "0"
        assert entry.entry.startswith(named), f"{entry.entry} is not named for {named}"
        last = PartialDate.parse(named).latest if date else 0  # `2019-03~` lies with March, whatever it may mean
        assert last >= latest, f"{entry.entry} lies after a later date"
        latest = last


# --- what an entry rests on

UNRESOLVED = {"s9-no-such-footnote"}
"""Sources that a source cites and does not give: no entry can register them, and a finding says so."""


def unsourced(entries: Iterable[Entry]) -> Iterator[str]:
    """The changes without a source, a locator, or with a source that is not registered by then."""
    registered = set(UNRESOLVED)
    for entry in entries:
        registered |= {change.source for change in entry.changes if isinstance(change, SourceRegistered)}
        for number, change in entry.numbered():
            sources = change.sources or entry.sources
            resolved = [s for s in sources if s.source not in UNRESOLVED]
            if not resolved or any(not s.locator or s.source not in registered for s in sources):
                yield f"{entry.entry}#{number}"


INTRODUCING = {
    "unit-established": "unit",
    "unit-attested": "unit",
    "post-created": "post",
    "post-attested": "post",
    "person-registered": "person",
}
"""Kinds that introduce an id, and the field that holds it. `units-reorganized` does too, in `after`."""

NAMING = {"unit", "parent", "post", "person", "subject", "object", "from_post", "to_post", "holder", "about"}
NAMING_MANY = {"members", "before", "successors"}


def named_in(data: object) -> Iterator[str]:
    """The ids of units, posts, persons and instruments in the plain data of a change."""
    if isinstance(data, Mapping):
        for field, value in data.items():
            if field == "unit" and "quantity" in data:
                continue  # what is measured in, and no id
            if field in NAMING and value is not None:
                yield value
            elif field in NAMING_MANY:
                yield from value
            else:
                yield from named_in(value)
    elif isinstance(data, list | tuple):
        for item in data:
            yield from named_in(item)


def strangers(entries: Iterable[Entry]) -> Iterator[str]:
    """The ids that an entry uses and neither it nor an earlier one introduces."""
    known: set[str] = set()
    for entry in entries:
        changes: list[dict[str, Any]] = [change.model_dump() for change in entry.changes]
        known |= {change[INTRODUCING[change["kind"]]] for change in changes if change["kind"] in INTRODUCING}
        known |= {after["unit"] for change in changes for after in change.get("after", ()) if "name" in after}
        if isinstance(entry.instrument, InstrumentGiven):
            known.add(entry.instrument.issued_by(entry.entry).instrument)
        used = {id_ for change in changes for id_ in named_in(change)}
        yield from (f"{entry.entry}: {id_}" for id_ in sorted(used - known))


INVENTED = entry_from(
    {
        "entry": "1802-09-08-manifesto",
        "effective": "1802-09-08",
        "sources": [{"source": "psz"}],
        "changes": [{"kind": "unit-renamed", "unit": "college", "name": {"en": "Ministry"}}],
    },
    "invented",
)


@register
def test_every_change_rests_on_a_place_in_a_source(folder: Path) -> None:
    """Nothing is entered that a reader cannot look up."""
    assert list(unsourced(entries_of(folder))) == []
    assert list(unsourced([INVENTED])) == ["1802-09-08-manifesto#1"]


@register
def test_every_id_is_introduced_before_it_is_used(folder: Path) -> None:
    """A mistyped id would be a new thing, or a refusal in the middle of an import."""
    assert list(strangers(entries_of(folder))) == []
    assert list(strangers([INVENTED])) == ["1802-09-08-manifesto: college"]


@register
def test_every_act_has_a_day(folder: Path) -> None:
    """An act without a day is refused when it is recorded; the files should not hold one."""
    issued: dict[str, InstrumentIssued] = {}
    for entry in entries_of(folder):
        if isinstance(entry.instrument, InstrumentGiven):
            brought = entry.instrument.issued_by(entry.entry)
            issued[brought.instrument] = brought
        elif entry.instrument:
            assert entry.instrument in issued, f"{entry.entry} cites an instrument that no entry brings"
        assert entry.events(folder.name, "import", issued.get)


@register
def test_every_code_is_in_the_lists_of_the_institution(folder: Path) -> None:
    """A code outside its list is a finding; and a code that nothing uses is a list nobody keeps."""
    institution = institution_from_yaml((folder / "institution.yaml").read_bytes(), "institution.yaml")
    kinds, relations, instruments = set(), set(), set()
    for entry in entries_of(folder):
        for _, change in entry.numbered():
            data = change.model_dump(exclude_unset=True)
            kinds |= {data["unit_kind"]} if data.get("unit_kind") else set()
            relations |= {data["relation"]} if "relation" in data else set()
            instruments |= {data["instrument_kind"]} if "instrument_kind" in data else set()
    assert kinds == set(institution.unit_kinds)
    assert relations == set(institution.relations)
    assert instruments == set(institution.instrument_kinds)


# --- SOURCES.md

FACTS = [
    *(f"F{n:02}" for n in range(1, 86)),
    *(f"L{n:02}" for n in range(1, 18)),
    *(f"U{n:02}" for n in range(1, 22)),
]
"""The facts of the report, its leaders and its subdivisions, as `SOURCES.md` numbers them."""


def facts_listed(text: str) -> list[tuple[str, list[str]]]:
    """Each fact in a table of *text*, ranges spelt out, with the entries that its row names in backticks."""
    rows = re.findall(r"^\| ([FLU])(\d\d)(?:-\1(\d\d))? \| ([^|]*) \|", text, re.MULTILINE)
    return [
        (f"{letter}{number:02}", re.findall(r"`([^`]+)`", where))
        for letter, first, last, where in rows
        for number in range(int(first), int(last or first) + 1)
    ]


def test_sources_md_says_of_every_fact_where_it_is() -> None:
    """Of 123 facts of the report none is forgotten, and none is in no entry; the ledger tells of the other entries."""
    text = (FIXTURES / "SOURCES.md").read_text(encoding="utf-8")
    listed = facts_listed(text)
    assert sorted(fact for fact, _ in listed) == FACTS
    assert [fact for fact, entries in listed if not entries] == []
    written = {path.stem for path in FIXTURES.glob("kz-eo/entries/*.yaml")}
    assert {entry for _, entries in listed for entry in entries} <= written
    told = {entry for fact in facts_in(FIXTURES / "kz-eo") for entry in fact.entries}
    assert written - told - set(re.findall(r"`([^`]+)`", text)) == set()


def test_every_source_is_told_of_in_a_page() -> None:
    """Archive, reference, licence: in the data for programs, in SOURCES.md or FACTS.md for people."""
    text = "".join(page.read_text(encoding="utf-8") for page in FIXTURES.rglob("*.md"))
    for folder in REGISTERS:
        for entry in entries_of(folder):
            for change in entry.changes:
                assert not isinstance(change, SourceRegistered) or f"| `{change.source}` |" in text


def read_findings(text: str) -> Counter[tuple[str, frozenset[str]]]:
    """The findings that a table of *text* says the reason of: the rule, and the ids it is about."""
    rows = re.findall(r"^\| `([a-z-]+)` \| ((?:`[^`]+` ?)+)\| [^|]+ \|$", text, re.MULTILINE)
    return Counter((rule, frozenset(re.findall(r"`([^`]+)`", about))) for rule, about in rows)


def test_sources_md_says_of_every_finding_why_it_stands() -> None:
    """A finding is true of the sources, or a slip to be mended: nobody should have to wonder which."""
    told = read_findings((FIXTURES / "SOURCES.md").read_text(encoding="utf-8"))
    found = findings_answer(register_in(FIXTURES / "kz-eo"))["findings"]
    assert told == Counter((finding["rule"], frozenset(finding["subject"].values())) for finding in found)


# --- the article's sentences stay out

WORDS_IN_A_ROW = 8
SALT = b"regesta kz-eo article "  # so that the fingerprints are of use here only
FINGERPRINT = 5  # bytes: some 4000 of them make a chance hit one in 10^8 a run

NAMES = (
    # The institution, in full and shorter, with its head; then other posts, bodies, a university.
    "Head of the Executive Office of the President of the Republic of Kazakhstan",
    "Head of the Executive Office of the President of Kazakhstan",
    "Deputy Head of the Executive Office of the President",
    "Deputy Head of the Chancellery of the President",
    "Deputy Head of the Department of Presidential Affairs",
    "Agency for Regulation and Development of Financial Market",
    "Military Security and Defense Department of the Security Council",
    "Relevant Security Issues Department of the Security Council",
    "Kazakh Ablai Khan University of International Relations and World Languages",
    "On the President of the Republic of Kazakhstan",
)
"""Official names of eight words or more: a name is no sentence. Titles of registered sources count too."""


def runs_of(text: str) -> set[str]:
    """The runs of eight words in *text*: lower case, without marks."""
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[i : i + WORDS_IN_A_ROW]) for i in range(len(words) - WORDS_IN_A_ROW + 1)}


def fingerprint(run: str) -> bytes:
    """What is kept of a run of words."""
    return sha256(SALT + run.encode()).digest()[:FINGERPRINT]


def fingerprints(text: str) -> set[bytes]:
    """The fingerprints of all runs of eight words in *text*."""
    return {fingerprint(run) for run in runs_of(text)}


def copied(texts: Iterable[str], article: set[bytes], names: Sequence[str] = ()) -> list[str]:
    """The runs of *texts* that are in the article and in no name."""
    allowed = {run for name in names for run in runs_of(name)}
    return sorted(run for text in texts for run in runs_of(text) - allowed if fingerprint(run) in article)


def scalars(data: object) -> Iterator[str]:
    """Every text in plain data, apart from its neighbours."""
    if isinstance(data, Mapping):
        data = list(data.values())
    if isinstance(data, list):
        for item in data:
            yield from scalars(item)
    elif isinstance(data, str):
        yield data


def passages(path: Path) -> Iterator[str]:
    """What reads on in a file: a scalar of YAML; elsewhere a paragraph, a bullet, a cell, lines joined.

    Names in a list are apart, for a list of names in printed order is a fact and no sentence. Addresses are
    left out: they are not words.
    """
    text = re.sub(r"https?://\S+", "", path.read_text(encoding="utf-8"))
    if path.suffix == ".yaml":
        yield from scalars(plain_yaml(text.encode(), path.name))
    else:
        yield from re.split(r"\n\s*\n|\n\s*(?:[-*#]|\d+\.) |\|", text)


def article() -> set[bytes]:
    """The fingerprints of the article."""
    kept = (Path(__file__).parent / "data" / "article-8grams.bin").read_bytes()
    return {kept[i : i + FINGERPRINT] for i in range(0, len(kept), FINGERPRINT)}


def titles() -> Iterator[str]:
    """The titles of the registered sources."""
    for folder in REGISTERS:
        for entry in entries_of(folder):
            for change in entry.changes:
                if isinstance(change, SourceRegistered):
                    yield from change.title.values()


def written() -> list[Path]:
    """The files people read: fixtures, README and its like, docs."""
    fixtures = [path for path in FIXTURES.rglob("*") if path.is_file()]
    return sorted([*fixtures, *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_no_sentence_of_the_article_is_copied() -> None:
    """Its facts may be used, with reference; its wording may not."""
    names = [*NAMES, *titles()]
    found = {str(path.relative_to(ROOT)): copied(passages(path), article(), names) for path in written()}
    assert {path: runs for path, runs in found.items() if runs} == {}


def test_a_copied_sentence_would_be_found() -> None:
    """The check above must be able to fail: eight words in a row do, whatever their marks; seven don't."""
    invented = "The Office of Weights was moved, in 1811, to the Mining Department."
    kept = fingerprints(invented)
    assert copied(["was moved in 1811 - to the MINING department"], kept) == [
        "was moved in 1811 to the mining department"
    ]
    assert copied(["moved, in 1811, to the Mining Department"], kept) == []
    assert copied([invented], kept, names=[invented]) == []


def test_the_fingerprints_are_those_of_the_article() -> None:
    """An empty or mistaken file would find nothing; the names that need an exception are in the right one."""
    kept = article()
    assert len(kept) > 4000
    assert [name for name in NAMES if not copied([name], kept)] == []
