"""`python -m api COMMAND`, installed as `regesta COMMAND`."""

from __future__ import annotations

import sys

import typer

from api.cli import app
from api.process import collect_seldom, give_memory_back
from api.turning import visible
from domain.errors import RegisterError


def main() -> None:
    """Run the command line. What the register refuses is said in plain lines, and the status is 1."""
    collect_seldom()
    give_memory_back()
    try:
        app()
    except RegisterError as refusal:
        typer.echo(visible(str(refusal)), err=True)
        sys.exit(1)
    except UnicodeEncodeError:
        untold = [argument for argument in sys.argv if not _is_text(argument)]
        if not untold:
            raise
        typer.echo(f"{untold[0]!r} is not written in UTF-8, as all that is recorded is", err=True)
        sys.exit(1)


def _is_text(argument: str) -> bool:
    """Whether all its bytes were UTF-8: Python stands a half of a surrogate pair for each that was not."""
    return not any("\udc80" <= sign <= "\udcff" for sign in argument)


if __name__ == "__main__":
    main()
