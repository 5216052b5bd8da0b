"""`python -m api COMMAND`, installed as `regesta COMMAND`."""

from __future__ import annotations

import sys

import typer

from api.cli import app
from api.process import collect_seldom, give_memory_back
from domain.errors import RegisterError


def main() -> None:
    """Run the command line. What the register refuses is said in plain lines, and the status is 1."""
    collect_seldom()
    give_memory_back()
    try:
        app()
    except RegisterError as refusal:
        typer.echo(str(refusal), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
