"""The bundled register on the command line, as a newcomer meets it, and the page that describes it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from api.cli import app
from tests.api.commandline import REPOSITORY, Place, in_this_process
from tests.postgres import Server


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("sqlite", "sqlite"),
        pytest.param("sqlite", "postgresql", marks=pytest.mark.needs("postgresql")),
        pytest.param("postgresql", "sqlite", marks=pytest.mark.needs("postgresql")),
    ],
)
def test_a_first_session(
    first: str,
    second: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    """Import, ask, prove, take a copy along: each step of the page, on the register that comes with the project.

    The copy may be in another store: its head is the same, its text the same byte for byte, and so are its answers.
    """

    # given
    def place(kind: str, name: str) -> Place:
        if kind == "sqlite":
            return tmp_path / f"{name}.sqlite"
        server: Server = request.getfixturevalue("postgres_server")
        return server.url(server.database())

    db, copy = place(first, "regesta"), place(second, "copy")

    def run(*arguments: object, on: Place = db) -> str:
        assert in_this_process(monkeypatch, on, *arguments) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    # when
    imported = run("import", REPOSITORY / "fixtures" / "kz-eo")
    structure = run("structure", "kz-eo", "--as-of", "2024-05-24")
    diff = run("diff", "kz-eo", "2023-08-31", "2023-09-02")
    answer = json.loads(run("diff", "kz-eo", "2023-08-31", "2023-09-02", "--json"))
    run("findings", "kz-eo")
    for entity in ("eo", "head-of-eo", "dadebayev-aibek", "2023-09-01-decree-reorganization"):
        assert f"[{entity}]" in run("history", "kz-eo", entity)
    head = run("verify", "kz-eo")
    run("export", "kz-eo", "-o", tmp_path / "kz-eo.log")
    run("import", "--log", tmp_path / "kz-eo.log", on=copy)

    # then
    assert "0 refused" in imported.splitlines()[-1]
    assert "Aibek Dadebayev [dadebayev-aibek]" in structure
    assert len(re.findall(r"^\+ new post .*Assistant to the President", diff, re.MULTILINE)) == 5
    assert "decree of 1 September 2023" in diff
    assert len(answer["changes"]) == sum(line[0] in "+−≈→◦?#·" for line in diff.splitlines())
    assert run("verify", on=copy) == head
    run("export", "kz-eo", "-o", tmp_path / "again.log", on=copy)
    assert (tmp_path / "again.log").read_bytes() == (tmp_path / "kz-eo.log").read_bytes()
    for asked in (
        ("structure", "kz-eo", "--as-of", "2024-05-24"),
        ("structure", "kz-eo", "--as-of", "2019-06-15", "--known-at", "400"),
        ("diff", "kz-eo", "1995-10-19", "2024-05-24"),
        ("history", "kz-eo", "dadebayev-aibek"),
        ("search", "kz-eo", "дадебаев"),
        ("search", "kz-eo", "a"),
        ("flows", "kz-eo"),
    ):
        assert run(*asked, "--json", on=copy) == run(*asked, "--json")
    run("rebuild", on=copy)
    assert run("verify", on=copy) == head
    assert len(run("token", "create", "clerk", "--scope", "record", on=copy)) > 40
    assert run("token", "list", on=copy).startswith("clerk   record   made ")
    run("token", "revoke", "clerk", on=copy)
    assert "revoked" in run("token", "list", on=copy)


def test_the_page_names_every_command_and_option() -> None:
    """A command that the page forgets is not found; one that it invents is worse."""
    # given
    page = (REPOSITORY / "docs" / "cli.md").read_text(encoding="utf-8")

    # when
    commands, options = set(), {"--help"}
    pending: list[tuple[str, Any]] = [("", typer.main.get_command(app))]
    while pending:
        name, command = pending.pop()
        options |= {opt for option in command.params for opt in option.opts if opt.startswith("--")}
        below = getattr(command, "commands", None)
        pending += [(f"{name} {word}".strip(), inner) for word, inner in (below or {}).items()]
        commands |= {name} if below is None else set()

    # then
    missing = [command for command in commands if f"`{command} " not in page and f"`{command}`" not in page]
    assert len(commands) == 25
    assert missing == []
    assert options - set(re.findall(r"--[a-z][a-z-]*", page)) == {"--output"}  # written as -o
    assert set(re.findall(r"--[a-z][a-z-]*", page)) - options == set()
