"""What keeps a log trustworthy: `verify`, `export`, and the keys of those who may write."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal

import typer

from api.cli.options import Db, Institution, database
from api.cli.progress import catching_up, opened
from domain.errors import ChainBroken, UnknownInstitution

if TYPE_CHECKING:
    from api.store import Database
    from domain.log import Log
    from projections.proving import Difference
    from projections.tables.rebuilding import MaintainedLog, Progress

SHOWN = 20  # differences of one register that are told
Which = Annotated[str | None, typer.Argument(metavar="ID", help="The institution; without it, all of them.")]


def _log_in(database: Database, *, make: bool, progress: Progress) -> AbstractContextManager[MaintainedLog]:
    from api.store import log_in

    return log_in(database, make=make, progress=progress)


def verify(
    ctx: typer.Context,
    institution: Which = None,
    sample: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Compare N things with their tables, found by chance, and not all of the log."
        ),
    ] = None,
    db: Db = None,
) -> None:
    """Prove the hash chain of each log, print where it ends, and compare the read tables with the log.

    The status is 1 if a chain is broken: its first position that does not verify is named. And if the tables tell
    otherwise than the log: the thing and the day are named, and `rebuild` makes them anew.
    """
    wrong = False
    with opened(_log_in, database(ctx, db), make=False) as log:
        for each in _chosen(log, institution):
            try:
                head = log.verify(each)
                typer.echo(f"{each}: whole, up to position {head.position}, hash {head.hash}")
            except ChainBroken as fault:
                wrong = True
                typer.echo(str(fault), err=True)
                continue
            found = list(islice(_differences(log, each, sample), SHOWN))
            for difference in found:
                typer.echo(f"{each}: {difference}", err=True)
            wrong = wrong or bool(found)
            if not found:
                of = f"up to {sample} things of the tables agree" if sample else "the tables agree"
                typer.echo(f"{each}: {of} with the log")
    if wrong:
        raise typer.Exit(1)


def _differences(log: MaintainedLog, institution: str, sample: int | None) -> Iterator[Difference]:
    """Where the tables tell otherwise than the log: of everything, or of so many things found by chance."""
    from api.store import readings_of
    from projections.proving import differences, sampled

    def whole(position: int) -> int:
        return log.whole(institution, position)

    with log.upkeep.ledger(institution) as ledger:
        if sample is not None:
            yield from sampled(ledger, institution, sample, whole, Random())  # noqa: S311  # chance, not secrecy
        else:
            registers = readings_of(log).registers
            yield from differences(ledger, institution, lambda at: registers.view_at(institution, at).world, whole)


def rebuild(ctx: typer.Context, institution: Which = None, db: Db = None) -> None:
    """Make the read tables anew from the log, beside those in use, which answer until the new ones take their place."""
    with opened(_log_in, database(ctx, db), make=False) as log:
        for each in _chosen(log, institution):
            with catching_up() as progress:
                log.upkeep.rebuild(each, progress)
            typer.echo(f"{each}: the tables are made anew, up to position {log.head(each).position}")


def _chosen(log: Log, institution: str | None) -> list[str]:
    """The institution, or all. Raises: UnknownInstitution, for one that is not recorded."""
    if institution is None:
        found = log.institutions()
        if not found:
            typer.echo("no institution is recorded")
        return found
    if log.head(institution).position == 0:
        raise UnknownInstitution(institution)
    return [institution]


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
    with opened(_log_in, database(ctx, db), make=False) as log, _written(output) as out:
        log.export(institution, out)


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
