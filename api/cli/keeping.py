"""What keeps a log trustworthy: `verify` and `rebuild`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import Db, database
from api.cli.progress import catching_up, opened
from domain.errors import ChainBroken, UnknownInstitution

if TYPE_CHECKING:
    from domain.log import Log
    from projections.proving import Difference
    from projections.tables.rebuilding import MaintainedLog

SHOWN = 20  # differences of one register that are told
Which = Annotated[str | None, typer.Argument(metavar="ID", help="The institution; without it, all of them.")]


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
    from api.store import log_in

    wrong = False
    with opened(log_in, database(ctx, db), make=False) as log:
        for damage in log.upkeep.damages():
            wrong = True
            typer.echo(f"the database is damaged: {damage}", err=True)
        for each in [] if wrong else _chosen(log, institution):
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
    from api.store import log_in

    with opened(log_in, database(ctx, db), make=False) as log:
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
