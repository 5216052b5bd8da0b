"""Options that several commands share, and the errors of using them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api.cli.progress import opened
from api.turning import visible
from domain.errors import StoreUnusable

if TYPE_CHECKING:  # what answers a question costs start-up time that `--help` need not pay
    from api.readings import Readings
    from api.store import Database
    from domain.dates import Day

Db = Annotated[
    str | None,
    typer.Option("--db", metavar="URL", help="The database: sqlite:///FILE, postgresql://USER@HOST/NAME."),
]
Institution = Annotated[str, typer.Argument(metavar="ID", help="The institution.")]
KnownAt = Annotated[
    str | None,
    typer.Option(metavar="K", help="What was known then: a position of the log, or an instant with its offset."),
]
During = Annotated[
    str | None,
    typer.Option(metavar="PERIOD", help="A period of the register, in place of its days; `periods` lists them."),
]
Json = Annotated[bool, typer.Option("--json", help="The answer that the server gives, as JSON.")]
Language = Annotated[
    str | None, typer.Option("--lang", metavar="TAG", help="The language of names, where they have it: kk, ru, en.")
]
Lowest = Literal["certain", "presumed", "possible", "unattested"]


def database(ctx: typer.Context, db: str | None) -> Database:
    """The database that the command line names: after the command, before it, or in REGESTA_DB.

    Raises: typer.BadParameter.
    """
    from api.store import database_at

    try:
        return database_at(db or ctx.obj)
    except StoreUnusable as refusal:
        raise typer.BadParameter(str(refusal), param_hint="--db") from None


@contextmanager
def recorded(ctx: typer.Context, db: str | None) -> Iterator[Readings]:
    """The registers to ask. Raises: StoreUnusable, where there are none."""
    from api.store import readings_in

    with opened(readings_in, database(ctx, db), make=False) as readings:
        yield readings


def day_of(text: str, option: str) -> Day:
    """The day of an option. Raises: typer.BadParameter."""
    from domain.dates import NotADay, day

    try:
        return day(text)
    except NotADay as refusal:
        raise typer.BadParameter(str(refusal), param_hint=option) from None


def show_json(answer: dict[str, Any]) -> None:
    """Write *answer* to the standard output; signs that would turn a line are written as JSON may write any."""
    typer.echo(visible(json.dumps(answer, ensure_ascii=False, indent=2)))
