"""Whatever a file holds: it is refused in words, or taken row by row, and no row is half there."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.importers.files import read_file
from api.importers.intervals import COLUMNS
from api.importers.options import FORMATS, FormatName, Options
from api.importers.snapshot_tables import SNAPSHOTS
from api.registers import NotARegister, Register, record_in_pages
from api.store import registers_in_memory
from domain.entries import Entry
from domain.errors import EntryUnreadable

SAID = Options("mint", found="Mint", to_is="last-day", lists="complete")

ODD = st.sampled_from(
    [
        *(
            "=1+1",
            "'=x",
            "x\u202ey",
            "\x00",
            "ж" * 200,
            "a;b",
            'a"b',
            "line\nbreak",
            "§§§",
            "/",
            "🙂",
            "-5",
            "1e9",
            "{}",
        ),
        *("2023-02-30", "9999-12-31", "0001-01-01", "2019-XX", "n.d.", "9/1/2023", "../2024", "a" * 5000, "a:b", "007"),
    ]
)
DAYS = st.sampled_from(["1995-10-20", "2019", "01.10.1996", "2022-01~", "1995-10-21", "2000-05/2001", ""])
NAMES = st.sampled_from(["Анна Ли", "Қарин", "karin", "Mint", "mint", "Head", "head", "Анна-Ли", ""])
CODES = st.sampled_from(["1", "2", "acting", "dismissed", "high", "decree", "7", ""])
HEADINGS = st.sampled_from(
    [*sorted(COLUMNS.fixed | SNAPSHOTS.fixed), "name_kk", "person_en", "unit_name", "holder", ""]
)


def cells(heading: str) -> st.SearchStrategy[str]:
    """What mostly stands under a heading, and now and then does not."""
    likely = {
        "from": DAYS,
        "to": DAYS,
        "on": DAYS,
        "date": st.sampled_from(["1995-10-20", "1999-01-01", "1995-10-21"]),
        **dict.fromkeys(("capacity", "certainty", "ground", "seats", "act_kind", "unit_kind", "row"), CODES),
    }.get(heading, DAYS if heading.endswith("date") else NAMES)
    return st.integers(0, 24).flatmap(lambda n: ODD if n == 0 else likely)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """A table with a few headings that are known, and rows under them, one now and then too long."""
    named = draw(st.sampled_from([["person", "post", "unit"], ["person_id", "post"], ["unit", "post"], ["unit"]]))
    dated = draw(st.sampled_from([["from", "to"], ["from"], ["to"], ["date"], ["date", "holder"], ["on", "from"]]))
    more = draw(st.lists(HEADINGS, max_size=4))
    headings = list(dict.fromkeys([*named, *dated, *more]))
    rows = draw(st.lists(st.tuples(*map(cells, headings)), max_size=6))
    long = draw(st.integers(0, 9)) == 0
    return [headings, *(list(row) + ["x"] * long for row in rows)]


def delimited(table: list[list[str]], delimiter: str) -> bytes:
    """A table as CSV."""
    lines = [delimiter.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in table]
    return "\n".join(lines).encode()


def read_and_judge(name: str, content: bytes, format_: FormatName) -> None:
    """A file is no register and named so, or a register of which every row is judged."""
    try:
        register = read_file(name, content, replace(SAID, format=format_))
    except NotARegister as refusal:
        told = str(refusal)
    else:
        judged(register)
        return
    assert told.startswith(name)


def judged(register: Register) -> None:
    """Every row can be asked what it is, and recorded or refused; what is recorded of one is all of it."""
    filed = list(register.filed)
    assert len(filed) == register.count
    whole: list[tuple[str, list[str]]] = []
    for one in filed:
        try:
            first = one.read()
        except EntryUnreadable:
            continue
        assert isinstance(first, Entry)
        whole.append((one.where, [entry.entry for entry in (first, *one.rest)]))
    with registers_in_memory() as registers:
        verdicts = list(record_in_pages(register, registers, "Olga"))
        assert [verdict.where for verdict in verdicts] == [one.where for one in filed]
        assert all((verdict.receipt is None) == bool(verdict.refusal) for verdict in verdicts)
        there = {row.event.entry for row in registers.log.read("mint")}
        for where, entries in whole:
            stand = [entry in there for entry in entries]
            assert all(stand) or not any(stand), where


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(table=tables(), delimiter=st.sampled_from(",;\t"), format_=st.sampled_from(["csv", "snapshots"]))
def test_any_table_is_refused_or_taken_row_by_row(table: list[list[str]], delimiter: str, format_: FormatName) -> None:
    """A spreadsheet has anything in its cells."""
    read_and_judge("any.csv", delimited(table, delimiter), format_)


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=300), format_=st.sampled_from(FORMATS))
def test_any_bytes_are_refused_in_words(content: bytes, format_: FormatName) -> None:
    """A file of the wrong kind was chosen by mistake."""
    read_and_judge("any.bin", content, format_)


ANY = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 10**30), st.floats(allow_nan=False), ODD, DAYS, NAMES),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=6,
)
IDS = st.sampled_from(["a", "b", "c", "Ұлт", "1", 1])
EDTF = st.sampled_from(["1995", "1995-10-20", "2001-02", "2001-02-03", None])


def objects(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects that have some of these members, one now and then with anything in it."""

    @st.composite
    def drawn(draw: st.DrawFn) -> dict[str, Any]:
        there = [name for name in members if draw(st.integers(0, 5))]
        return {name: draw(ANY if draw(st.integers(0, 24)) == 0 else members[name]) for name in there}

    return drawn()


LINKS = st.lists(objects(url=st.just("https://example.org/a"), note=NAMES), max_size=2)
SPANS = st.lists(
    objects(
        **dict.fromkeys(("parent", "unit", "kind", "capacity"), NAMES),
        **{name: st.dictionaries(st.sampled_from(["ru", "kk"]), NAMES, max_size=2) for name in ("name", "title")},
        **dict.fromkeys(("since", "until", "until_earliest", "until_latest"), EDTF),
        life=st.integers(1, 2),
        implied=st.booleans(),
        event=st.just("e#1"),
        use=st.sampled_from(["registered", "other", "renamed"]),
    ),
    max_size=3,
)
OWN = objects(
    lives=SPANS, names=SPANS, titles=SPANS, parents=SPANS, units=SPANS, kinds=SPANS, capacities=SPANS, born=EDTF
)
DATED = {"start_date": EDTF, "end_date": EDTF}
MEMBERSHIP = objects(
    id=IDS, person_id=IDS, post_id=IDS, organization_id=IDS, role=NAMES, **DATED, sources=LINKS, regesta=OWN
)
MEMBERSHIPS = st.lists(MEMBERSHIP, max_size=3)
POSTS = st.lists(
    objects(id=IDS, label=NAMES, organization_id=IDS, **DATED, memberships=MEMBERSHIPS, regesta=OWN), max_size=3
)
OTHER_NAMES = st.lists(objects(name=NAMES, end_date=EDTF), max_size=2)
POPOLO = objects(
    organizations=st.lists(
        objects(
            id=IDS,
            name=NAMES,
            parent_id=IDS,
            classification=NAMES,
            founding_date=EDTF,
            dissolution_date=EDTF,
            posts=POSTS,
            memberships=MEMBERSHIPS,
            links=LINKS,
            regesta=OWN,
        ),
        max_size=3,
    ),
    persons=st.lists(
        objects(id=IDS, name=NAMES, other_names=OTHER_NAMES, birth_date=EDTF, memberships=MEMBERSHIPS, regesta=OWN),
        max_size=3,
    ),
    posts=POSTS,
    memberships=MEMBERSHIPS,
    regesta=st.just({"acts": {"e#1": {"effective": "1996"}}}),
)
SHOWN = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    objects(
        name=st.dictionaries(st.sampled_from(["ru", "kk"]), NAMES, max_size=2),
        title=st.just({"ru": "Глава"}),
        parent=st.sampled_from(["a", "b", None]),
        unit=st.sampled_from(["a", "b"]),
        holders=st.dictionaries(
            st.just("t"), objects(person=st.sampled_from(["ann", "bob"]), capacity=CODES), max_size=1
        ),
        vacancy=st.sampled_from(["vacant", "unknown"]),
        grade=st.sampled_from(["certain", "possible"]),
    ),
    max_size=3,
)
STRUCTURE = objects(units=SHOWN, posts=SHOWN.map(lambda shown: {f"p{one}": told for one, told in shown.items()}))
SNAPSHOT_DAYS = st.sampled_from(["1995-10-20", "1995-10-21", "2001-01-01"])
JSON: st.SearchStrategy[tuple[Any, FormatName]] = st.one_of(
    st.tuples(POPOLO, st.just("popolo")),
    st.tuples(st.dictionaries(SNAPSHOT_DAYS, STRUCTURE, min_size=1, max_size=3), st.just("snapshots")),
    st.tuples(ANY, st.sampled_from(["popolo", "snapshots", "entries"])),
)
"""What a JSON file may hold, and what it is read as."""


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(one=JSON)
def test_any_json_is_refused_or_taken_object_by_object(one: tuple[Any, FormatName]) -> None:
    """What another program writes need not be what it says it is."""
    read_and_judge("any.json", json.dumps(one[0]).encode(), one[1])


@pytest.mark.parametrize("depth", [50, 100_000])
@pytest.mark.parametrize("format_", ["popolo", "snapshots", "entries"])
def test_json_nested_beyond_reason_is_refused(depth: int, format_: FormatName) -> None:
    """The stack of the program is not the sender's."""
    content = b'{"persons":' + b"[" * depth + b"]" * depth + b"}"
    read_and_judge("deep.json", content, format_)
