"""`purge`: what was erased is removed from the files of the database, too."""

from __future__ import annotations

import typer

from api.cli.options import Db, database
from api.cli.progress import opened


def purge(ctx: typer.Context, db: Db = None) -> None:
    """Remove what was erased, or is believed no longer, from the files of the database, which are written anew.

    Writers wait the while; in PostgreSQL readers too, and only the owner of the tables can do it. Prints what is
    left to do; the status is 1 if the files of the database still hold something.
    """
    from api.store import log_in

    with opened(log_in, database(ctx, db), make=False) as log:
        done = log.upkeep.purge()
    for line in done.left:
        typer.echo(f"LEFT           {line}", err=True)
    for line in done.beyond:
        typer.echo(f"out of reach   {line}")
    typer.echo("purged, but for that" if done.left else "purged: the database's files hold nothing of it")
    if done.left:
        raise typer.Exit(1)
