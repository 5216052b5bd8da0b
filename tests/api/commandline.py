"""Command lines to run, and registers on disk to run them on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from api.__main__ import main
from domain.entries import yaml_text

REPOSITORY = Path(__file__).parents[2]

Given = Mapping[str, Any]


Place = Path | str
"""Where registers are: an SQLite file, or the address of a database."""


def url_of(database: Place) -> str:
    """*database*, as the command line takes it."""
    return f"sqlite:///{database}" if isinstance(database, Path) else database


def command(database: Place, *arguments: object) -> tuple[list[str], dict[str, str]]:
    """The command line and the environment to run `python -m api` with, on *database*."""
    environment = {**os.environ, "REGESTA_DB": url_of(database), "PYTHONPATH": str(REPOSITORY)}
    return [sys.executable, "-m", "api", *map(str, arguments)], environment


def regesta(database: Place, *arguments: object) -> subprocess.CompletedProcess[str]:
    """What a process of its own answers."""
    line, environment = command(database, *arguments)
    return subprocess.run(
        line, env=environment, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60
    )


def in_this_process(monkeypatch: pytest.MonkeyPatch, database: Place, *arguments: object) -> int:
    """The status of a command run without a process of its own; what it prints is the test's to capture."""
    monkeypatch.setattr("sys.argv", ["regesta", *map(str, arguments)])
    monkeypatch.setenv("REGESTA_DB", url_of(database))
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


Run = Callable[..., tuple[int, str, str]]
"""Runs a command in this process: its status, what it prints, what it says of errors."""

Ask = Callable[..., str]
"""What a command prints; what it says of errors, if another status than 0 is expected."""


def recorded_in(place: Path, institution: str, entries: Mapping[str, Given | str]) -> Path:
    """A database in the folder *place* with a register of *entries*."""
    database = place / "regesta.sqlite"
    done = regesta(database, "import", folder_of(place / institution, institution, entries))
    assert done.returncode == 0, done.stdout
    return database


def kill_a_rebuild(database: Place) -> None:
    """Have the tables made anew, by a process that is killed once it has written some."""
    line, environment = command(database, "rebuild")
    slow = (
        "import sys, time; from projections.tables.rebuilding import Builder; again = Builder.again;"
        "Builder.again = lambda *a: (again(*a), print(flush=True), time.sleep(60));"
        "Builder.page.__defaults__ = (0.0,);"
        "from api.__main__ import main; main()"
    )
    with subprocess.Popen([line[0], "-c", slow, "rebuild"], env=environment, stdout=subprocess.PIPE) as rebuilding:
        assert rebuilding.stdout is not None
        rebuilding.stdout.readline()
        rebuilding.kill()


def line_with(text: str, *words: str) -> str:
    """The one line that has all *words*."""
    found = [line for line in text.splitlines() if all(word in line for word in words)]
    assert len(found) == 1, (words, text)
    return found[0]


def established(unit: str, day: str, **more: object) -> Given:
    """A change: *unit* begins on *day*."""
    return {"kind": "unit-established", "unit": unit, "name": {"en": unit.title()}, "effective": day, **more}


def entry(name: str, *changes: Given, **more: object) -> Given:
    """An entry of *changes*."""
    return {"entry": name, "changes": list(changes), **more}


def founding(name: str) -> Given:
    """The entry by which a JSONL file founds an institution."""
    return entry("founding", {"kind": "institution-declared", "name": {"en": name}, "effective": None})


def folder_of(place: Path, institution: str, entries: Mapping[str, Given | str]) -> Path:
    """A register folder at *place*: file name → entry, or the text of one."""
    (place / "entries").mkdir(parents=True)
    (place / "institution.yaml").write_bytes(yaml_text({"id": institution, "name": {"en": institution.title()}}))
    for name, given in entries.items():
        text = given.encode() if isinstance(given, str) else yaml_text(dict(given))
        (place / "entries" / name).write_bytes(text)
    return place


def jsonl_of(place: Path, entries: Iterable[Given]) -> Path:
    """A JSONL file at *place*."""
    place.write_text("".join(json.dumps(given) + "\n" for given in entries), encoding="utf-8")
    return place


def exported(database: Place, institution: str) -> list[dict[str, Any]]:
    """The rows of an exported log, without its header."""
    done = regesta(database, "export", institution, "-o", "-")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()[1:]]
