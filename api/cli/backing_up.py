"""`backup` and `restore`: a copy of a live store, and a store made of a copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import Db, database
from api.cli.progress import catching_up

if TYPE_CHECKING:
    from api.backups import Heads

Copy = Annotated[Path, typer.Argument(metavar="PATH", help="The copy.")]


def backup(ctx: typer.Context, path: Copy, db: Db = None) -> None:
    """Copy all registers to PATH, where nothing may be, as they are at one moment, while others go on recording.

    The copy of an SQLite file is a file like it, with the keys. Of a PostgreSQL database it is a folder with the log of
    each register as text, without the keys. It is verified before it is there; prints where each log ends in it.
    """
    from api.backups import back_up

    with catching_up() as progress:
        _tell(back_up(database(ctx, db), path, progress))


def restore(ctx: typer.Context, path: Copy, db: Db = None) -> None:
    """Make a database of the copy at PATH: a file that is not there yet, or a prepared PostgreSQL one that is empty.

    Prints where each log ends, once it is verified: compare position and hash with what was noted elsewhere.
    """
    from api.backups import restore as restored

    with catching_up() as progress:
        _tell(restored(path, database(ctx, db), progress))


def _tell(heads: Heads) -> None:
    for institution, head in sorted(heads.items()):
        typer.echo(f"{institution}: whole, up to position {head.position}, hash {head.hash}")
    if not heads:
        typer.echo("no institution is recorded")
