"""The reference of the command line, made from the commands themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from api.cli import app

INTRODUCTION = """# Every command

Made from the commands by `make pages`; a test holds it to them. What they are for, and what they print, is told in
[cli.md](cli.md).
"""


def page() -> str:
    """The text of the page."""
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    parts = [INTRODUCTION, "## regesta\n", "Before any command may stand:\n", *_table(root, TyperOption)]
    for path, command in _commands(root, ("regesta",)):
        usage = [*path, *command.collect_usage_pieces(typer.Context(command))]
        parts += [f"## {' '.join(path[1:])}\n", f"    {' '.join(usage)}\n", f"{_told(command)}\n"]
        parts += [*_table(command, TyperArgument), *_table(command, TyperOption)]
    return "\n".join(parts)


def _commands(group: TyperGroup, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], TyperCommand]]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _commands(command, (*path, name))
        else:
            assert isinstance(command, TyperCommand)
            yield (*path, name), command


def _told(command: TyperCommand) -> str:
    paragraphs = re.split(r"\n\s*\n", (command.help or "").strip())
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _table(command: TyperCommand | TyperGroup, kind: type[TyperArgument | TyperOption]) -> list[str]:
    """What a command takes of one kind, as a table; nothing if there is none."""
    context = typer.Context(command)
    records = [each.get_help_record(context) for each in command.params if isinstance(each, kind) and not each.hidden]
    told = [(name, " ".join(said.split())) for name, said in filter(None, records) if name != "--help"]
    if not told:
        return []
    rows = [f"| `{_cell(name)}` | {_cell(said)} |" for name, said in told]
    title = "argument" if kind is TyperArgument else "option"
    return ["\n".join([f"| {title} | what it says |", "|---|---|", *rows]) + "\n"]


def _cell(text: str) -> str:
    return text.strip().replace("|", r"\|")
