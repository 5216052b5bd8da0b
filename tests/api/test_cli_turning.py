"""The command line, where a name turns the direction of what stands around it: no line is turned round."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.turning import TURNING
from tests.api.commandline import entry, established, founding, in_this_process, jsonl_of
from tests.api.test_hostile import TURNED

NAMED = {"en": TURNED}
ENTRIES = (
    founding("Mint"),
    entry(
        "turned",
        {**established("mint", "1811-07-01"), "name": NAMED, "note": TURNED},
        {"kind": "post-created", "post": "head", "unit": "mint", "title": NAMED, "effective": "1811-07-01"},
        {"kind": "person-registered", "person": "ann", "name": NAMED},
        {"kind": "appointed", "person": "ann", "post": "head", "capacity": "substantive", "effective": "1811-07-01"},
        effective="1811-07-01",
    ),
    entry("again", {**established("mint", "1812-01-01"), "name": {"en": f"{TURNED} 2"}}),
)
ASKED = (
    ("structure", "mint", "--as-of", "1811-07-01"),
    ("diff", "mint", "1811-06-30", "1811-07-01"),
    ("history", "mint", "mint"),
    ("history", "mint", "ann"),
    ("search", "mint", "evil"),
    ("findings", "mint"),
)


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register with such names."""
    register = jsonl_of(tmp_path / "entries.jsonl", ENTRIES)
    assert in_this_process(monkeypatch, tmp_path / "db", "import", register, "--institution", "mint") == 0
    return tmp_path / "db"


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_a_name_with_a_turning_sign_turns_no_line(
    db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], asked: tuple[str, ...]
) -> None:
    """The sign stands there to be seen; in JSON it is the same name, written otherwise."""
    capsys.readouterr()
    assert in_this_process(monkeypatch, db, *asked) == 0
    lines = capsys.readouterr().out
    assert in_this_process(monkeypatch, db, *asked, "--json") == 0
    answer = capsys.readouterr().out

    assert not TURNING.search(lines)
    assert not TURNING.search(answer)
    assert "Mint \\u202eevil\\u2069 \\u2067x" in lines or asked[0] == "findings"
    assert TURNED in json.dumps(json.loads(answer), ensure_ascii=False) or asked[0] == "findings"


def test_a_refusal_turns_no_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither by the name of the file nor by what stands in it."""
    content = f"person;post;{TURNED}\n{TURNED};Head;x\n"
    file = tmp_path / f"heads{TURNED}.csv"
    file.write_text(content, encoding="utf-8")

    status = in_this_process(monkeypatch, tmp_path / "db", "import", file, "--institution", "mint", "--found", "Mint")

    told = capsys.readouterr()
    assert status in (1, 2), told
    assert not TURNING.search(told.out + told.err)
