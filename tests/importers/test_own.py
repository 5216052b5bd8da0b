"""Entries as editors write them, in files of any of the forms."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from api.importers.files import read_file
from api.importers.options import FormatName, Options
from api.registers import NotARegister
from domain.entries import yaml_text
from tests.importers.taken import MINT, taking

MINTED = {
    "entry": "decree-1",
    "changes": [{"kind": "unit-established", "unit": "mint", "name": {"en": "Mint"}, "effective": "1724-02-01"}],
}
VAULT = {**MINTED, "entry": "decree-2", "changes": [{**MINTED["changes"][0], "unit": "vault"}]}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("name", "content", "wheres"),
    [
        ("one.json", json.dumps(MINTED), ["one.json"]),
        ("two.json", "\ufeff" + json.dumps([MINTED, VAULT]), ["two.json, entry 1", "two.json, entry 2"]),
        ("one.yaml", yaml_text(MINTED).decode(), ["one.yaml"]),
        ("one.yml", yaml_text(MINTED).decode(), ["one.yml"]),
        ("two.jsonl", json.dumps(MINTED) + "\n\n" + json.dumps(VAULT), ["two.jsonl:1", "two.jsonl:3"]),
    ],
)
def test_entries_come_as_json_jsonl_or_yaml(name: str, content: str, wheres: list[str]) -> None:
    """What an editor keeps beside the register is taken as it is."""
    with taking(name, content) as taken:
        assert [verdict.where for verdict in taken.verdicts] == ["the founding", *wheres]
        assert taken.refusals == []
        assert "mint" in taken.structure("1724-02-01")["units"]
        assert "mint" not in taken.structure("1724-01-31")["units"]


def test_one_bad_entry_of_an_array_does_not_keep_the_others_out() -> None:
    """The verdict names it by its place."""
    content = json.dumps([{"entry": "x"}, MINTED, 7, {**VAULT, "entry": "a b"}])
    with taking("all.json", content, replace(MINT, format="entries")) as taken:
        assert taken.entries == ["institution", "decree-1"]
        assert [reason.partition(": ")[0] for reason in taken.refusals] == [f"all.json, entry {n}" for n in (1, 3, 4)]


@pytest.mark.parametrize(
    ("name", "content", "format_"),
    [
        ("x.txt", "{}", None),
        ("x.json", "{}", None),
        ("x.json", '{"structure": 1}', None),
        ("noend", "", None),
    ],
)
def test_what_is_not_certain_is_asked(name: str, content: str, format_: FormatName | None) -> None:
    """A file is never read as something it may not be."""
    with pytest.raises(NotARegister, match="say --format entries"):
        read_file(name, content.encode(), replace(MINT, format=format_))


def test_a_file_that_is_no_json_is_refused_once() -> None:
    """Where the text breaks off, there is no entry to name."""
    with taking("x.json", '{"entry": ', replace(MINT, format="entries")) as taken:
        assert len(taken.refusals) == 1
        assert taken.refusals[0].startswith("x.json: no JSON: ")


@pytest.mark.parametrize("institution", [None, "a b"])
def test_entries_belong_to_an_institution(institution: str | None) -> None:
    """A file alone does not say whose it is."""
    for name, content in (("x.jsonl", b""), ("x.csv", b"person,post\n")):
        with pytest.raises(NotARegister, match=r"name the institution|cannot be the id of an institution"):
            read_file(name, content, Options(institution))


def test_the_source_and_the_name_of_a_register_are_the_users_to_choose() -> None:
    """A file that is renamed keeps its id as a source, if the user gives it one; and then nothing is there twice."""
    table = "person,post,from\nАнна Ли,Глава,1995\n"
    named = replace(MINT, source="heads-of-the-mint")
    with taking("heads.csv", table, named) as first, taking("heads (2).csv", table, named, first.registers) as again:
        assert "heads-of-the-mint:2" in first.entries
        assert [r for v in again.verdicts if (r := v.receipt) and r.entry.endswith(":2") and r.new] == []
    for name, source in (("李.csv", None), ("heads.csv", "a b"), ("x" * 90 + ".csv", None)):
        with pytest.raises(NotARegister, match="--source"):
            read_file(name, table.encode(), replace(MINT, source=source))
    with taking("heads.csv", table, replace(MINT, found="")) as taken:
        assert taken.refusals[0].startswith("the founding: name.ru: ")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.jsonl", b"{}\n" * 1_000_000), ("a.json", b"[" + b"{}," * 300_000 + b"{}]")],
)
def test_a_file_of_more_entries_than_are_taken_is_refused_whole(name: str, content: bytes) -> None:
    """A verdict on each of a million lines would be no page, and fill the memory."""
    with pytest.raises(NotARegister, match="more than 20000 entries"):
        read_file(name, content, replace(MINT, format="entries"))
