"""`import`: a register's files, or an exported log, into the database."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import Db, database
from api.cli.progress import opened

if TYPE_CHECKING:
    from api.registers import Register, Verdict
    from api.store import Database
    from domain.recording import Receipt, Registers


def import_(
    ctx: typer.Context,
    register: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER_OR_JSONL", help="A register folder, or a file of entries, one a line."),
    ] = None,
    institution: Annotated[str | None, typer.Option(metavar="ID", help="Whose entries a JSONL file holds.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Decide on every entry, record none.")] = False,
    by: Annotated[str, typer.Option(metavar="NAME", help="The name to record as `recorded_by`.")] = "import",
    log: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Load an exported log instead, of an institution not recorded here."),
    ] = None,
    db: Db = None,
) -> None:
    """Record the entries of a register, each whole or not at all; those recorded already stay as they are.

    Prints a verdict for each entry. The status is 1 if any is refused.
    """
    if (register is None) == (log is None):
        raise typer.BadParameter("give either a register or --log FILE", param_hint="FOLDER_OR_JSONL")
    if log is not None:
        if institution is not None or dry_run or by != "import":
            raise typer.BadParameter("a log is loaded as it is, without other options", param_hint="--log")
        _load(log, database(ctx, db))
    elif register is not None and not _import(register, institution, dry_run, by, database(ctx, db)):
        raise typer.Exit(1)


def _load(log: Path, database: Database) -> None:
    from api.store import registers_in

    try:
        lines = log.open("rb")
    except OSError as fault:
        raise typer.BadParameter(f"{log}: {fault.strerror}", param_hint="--log") from None
    with lines, opened(registers_in, database, make=True) as registers:
        head = registers.log.load(lines)
    typer.echo(f"loaded {head.position} events, hash {head.hash}")


def _import(place: Path, institution: str | None, dry_run: bool, by: str, database: Database) -> bool:
    """Whether every entry stands in the record now, or in a dry run would."""
    from pydantic import TypeAdapter, ValidationError

    from api.registers import NotARegister, Rehearsal, read_register, record_all, record_in_pages
    from api.store import registers_in, registers_in_memory
    from domain.changes import Text

    try:
        TypeAdapter(Text).validate_python(by)
    except ValidationError:
        raise typer.BadParameter(f"{by[:80]!r} cannot be recorded as a name", param_hint="--by") from None
    try:
        register = read_register(place, institution)
    except NotARegister as refusal:
        raise typer.BadParameter(str(refusal), param_hint="FOLDER_OR_JSONL") from None
    nothing_there = dry_run and database.holds_nothing()
    with registers_in_memory() if nothing_there else opened(registers_in, database, make=not dry_run) as registers:
        would = "would be " if dry_run else ""
        verdicts = (
            record_all(register, Rehearsal(registers).record, by)
            if dry_run
            else record_in_pages(register, registers, by)
        )
        tally = tallied(verdicts, register, would=would)
        typer.echo(summary(tally, registers, would))
    return not tally.refused


# --- verdicts


@dataclass
class Tally:
    """How many entries of *institution* got which verdict."""

    institution: str
    recorded: int = 0
    there: int = 0
    refused: int = 0

    def add(self, verdict: Verdict) -> None:
        """Count *verdict*."""
        if verdict.receipt is None:
            self.refused += 1
        elif verdict.receipt.new:
            self.recorded += 1
        else:
            self.there += 1


def tallied(verdicts: Iterable[Verdict], register: Register, *, would: str = "", quiet: bool = False) -> Tally:
    """Counts the *verdicts* on what *register* holds, telling each; if *quiet*, refusals alone, as errors."""
    tally = Tally(register.institution)
    for verdict in _with_progress(verdicts, register):
        tally.add(verdict)
        for reason in verdict.refusal:
            typer.echo(f"REFUSED        {reason}", err=quiet)
        if verdict.receipt and not quiet:
            typer.echo(_accepted(verdict.receipt, would))
    return tally


def summary(tally: Tally, registers: Registers, would: str = "") -> str:
    """What came of a register, and where its log ends now."""
    head = registers.log.head(tally.institution)
    counts = f"{tally.recorded} {would}recorded, {tally.there} already there, {tally.refused} refused"
    return f"{tally.institution}: {counts}; log at position {head.position}, hash {head.hash}"


def _accepted(receipt: Receipt, would: str) -> str:
    word = f"{would}recorded" if receipt.new else "already there"
    found = f"   findings: {len(receipt.findings)}" if receipt.findings else ""
    erased = f"   {would}erased: {receipt.erases}; then run `purge`" if receipt.erases else ""
    return f"{word:<14} {receipt.first}-{receipt.last}   {receipt.entry}{found}{erased}"


def _with_progress(verdicts: Iterable[Verdict], register: Register) -> Iterator[Verdict]:
    """*verdicts*, with a bar on the standard error while they come, if that is a terminal."""
    if not sys.stderr.isatty():
        yield from verdicts
        return
    from rich.console import Console
    from rich.progress import Progress

    # On a terminal the verdicts go round the bar; those for a file or a pipe still have to go there.
    bar = Progress(console=Console(stderr=True), transient=True, redirect_stdout=sys.stdout.isatty())
    with bar:
        yield from bar.track(verdicts, total=register.count, description=register.institution)
