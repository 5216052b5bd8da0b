"""What keeps a log trustworthy: `verify`, `export`, and the keys of those who may write."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

import typer

from api.cli.options import Db, Institution, database, recorded
from domain.errors import ChainBroken


def verify(
    ctx: typer.Context,
    institution: Annotated[
        str | None, typer.Argument(metavar="ID", help="The institution; without it, all of them.")
    ] = None,
    db: Db = None,
) -> None:
    """Prove the hash chain of each log, and print where it ends.

    The status is 1 if one is broken: its first position that does not verify is named.
    """
    broken = False
    with recorded(ctx, db) as registers:
        found = registers.institutions()
        if institution is not None:
            registers.head(institution)  # refuses one that is not recorded
            found = [institution]
        elif not found:
            typer.echo("no institution is recorded")
        for each in found:
            try:
                head = registers.log.verify(each)
                typer.echo(f"{each}: whole, up to position {head.position}, hash {head.hash}")
            except ChainBroken as fault:
                broken = True
                typer.echo(str(fault), err=True)
    if broken:
        raise typer.Exit(1)


def export(
    ctx: typer.Context,
    institution: Institution,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="PATH", help="The file to write; - for the output.")
    ],
    format_: Annotated[Literal["log"], typer.Option("--format", help="log: the log as text, an event a line.")] = "log",
    db: Db = None,
) -> None:
    """Write a register to a file, which is there whole or not at all."""
    with recorded(ctx, db) as registers, _written(output) as out:
        registers.log.export(institution, out)


@contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes its place at *path* at the end, if nothing goes wrong before.

    Raises: typer.BadParameter, where nothing can be written.
    """
    if str(path) == "-":
        yield typer.get_binary_stream("stdout")
        return
    in_place = path.exists() and not path.is_file()  # a device or a pipe is not to be replaced
    written = path if in_place else path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with written.open("wb" if in_place else "xb") as out:
            yield out
        if not in_place:
            os.replace(written, path)
    except OSError as fault:
        raise typer.BadParameter(f"{path}: {fault.strerror}", param_hint="-o") from None
    finally:
        if not in_place:
            written.unlink(missing_ok=True)


token = typer.Typer(help="The keys of those who may write.", no_args_is_help=True)


@token.command()
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose key: the name stands in what it records.")],
    scope: Annotated[list[str], typer.Option(help="What the key opens: record. May be given more than once.")],
    db: Db = None,
) -> None:
    """Make a key, and print it; it is not kept, and cannot be shown again."""
    from api.store import keys_in

    with keys_in(database(ctx, db), make=True) as keys:
        typer.echo(keys.create(name, scope))


@token.command("list")
def list_(ctx: typer.Context, db: Db = None) -> None:
    """Print the names of all keys ever made, with their scopes."""
    from api.store import keys_in

    with keys_in(database(ctx, db)) as keys:
        for key in keys.list():
            revoked = f"   revoked {key.revoked}" if key.revoked else ""
            typer.echo(f"{key.name}   {' '.join(sorted(key.scopes))}   made {key.created}{revoked}")


@token.command()
def revoke(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose key opens nothing any more.")],
    db: Db = None,
) -> None:
    """Take a key back. Its name stays taken, for it stands in the log."""
    from api.store import keys_in

    with keys_in(database(ctx, db)) as keys:
        keys.revoke(name)
