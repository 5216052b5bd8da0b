"""`store prepare`: a PostgreSQL database made ready for registers, by its owner."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.options import Db, database

store = typer.Typer(help="The PostgreSQL database.", no_args_is_help=True)


@store.callback()
def _what_is_done() -> None:
    """Makes `prepare` a command by name, though it is the only one."""


@store.command()
def prepare(
    ctx: typer.Context,
    role: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A role that may record and nothing else; it is made if it is not there."),
    ] = None,
    db: Db = None,
) -> None:
    """Make a PostgreSQL database ready for registers, as its owner; a file needs no preparing.

    Prints what was done. What is done already is left as it is.
    """
    from api.store import PostgreSQLDatabase
    from projections.recorders.postgres_schema import prepare_postgres

    named = database(ctx, db)
    if not isinstance(named, PostgreSQLDatabase):
        raise typer.BadParameter("a file needs no preparing; give postgresql://OWNER@HOST/NAME", param_hint="--db")
    for line in prepare_postgres(named.address, role):
        typer.echo(line)
