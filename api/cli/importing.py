"""`import`: a register's files, files of others, or an exported log, into the database."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import Db, database
from api.cli.progress import opened
from api.importers.options import FormatName, Lists, Options, ToIs, heading_and_column
from api.turning import visible

if TYPE_CHECKING:
    from api.registers import Register, Verdict
    from api.store import Database
    from domain.recording import Receipt, Registers


def import_(
    ctx: typer.Context,
    place: Annotated[
        Path | None,
        typer.Argument(
            metavar="PATH", help="A register folder; a file of entries, intervals, snapshots; Popolo; tables."
        ),
    ] = None,
    institution: Annotated[str | None, typer.Option(metavar="ID", help="Whose entries a file holds.")] = None,
    format_: Annotated[
        FormatName | None,
        typer.Option(
            "--format", help="What a file is read as; without it, what its name or its content makes certain."
        ),
    ] = None,
    to_is: Annotated[
        ToIs | None,
        typer.Option("--to-is", help="What an end means: the last day on which it held, or the first day after."),
    ] = None,
    lists: Annotated[
        Lists | None, typer.Option("--lists", help="Whether snapshots name all that stood on their day, or some of it.")
    ] = None,
    encoding: Annotated[str | None, typer.Option(metavar="NAME", help="How a table is encoded, if not UTF-8.")] = None,
    language: Annotated[
        str, typer.Option("--language", metavar="TAG", help="The language of names that say none: kk, ru, en.")
    ] = "und",
    source: Annotated[
        str | None, typer.Option(metavar="ID", help="The id of the file as a source; without it, made of its name.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(metavar="NAME", help="The sheet of a workbook.")] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="HEADING=COLUMN", help="Read a heading as a column; HEADING= leaves it out."),
    ] = None,
    found: Annotated[
        str | None, typer.Option(metavar="NAME", help="Found the register, by this name, if it is not there yet.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Decide on every entry, record none.")] = False,
    by: Annotated[str, typer.Option(metavar="NAME", help="The name to record as `recorded_by`.")] = "import",
    log: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Load an exported log instead, of an institution not recorded here."),
    ] = None,
    db: Db = None,
) -> None:
    """Record the entries that a register or a file makes, each whole or not at all; what is recorded stays as it is.

    Prints a verdict for each. The status is 1 if any is refused.
    """
    if (place is None) == (log is None):
        raise typer.BadParameter("give either a register or --log FILE", param_hint="PATH")
    said = [institution, format_, to_is, lists, encoding, source, sheet, column, found]
    if log is not None:
        if any(one is not None for one in said) or dry_run or by != "import" or language != "und":
            raise typer.BadParameter("a log is loaded as it is, without other options", param_hint="--log")
        _load(log, database(ctx, db))
    elif place is not None:
        columns = dict(_column(one) for one in column or ())
        options = Options(
            institution, format_, to_is, lists, encoding, _language(language), source, sheet, columns, found
        )
        if not _import(place, options, dry_run, by, database(ctx, db)):
            raise typer.Exit(1)


def _column(text: str) -> tuple[str, str]:
    said = heading_and_column(text)
    if said is None:
        raise typer.BadParameter(f"{text!r} is not HEADING=COLUMN", param_hint="--column")
    return said


def _language(tag: str) -> str:
    from domain.changes import LANGUAGE_PATTERN

    if not re.fullmatch(LANGUAGE_PATTERN, tag):
        raise typer.BadParameter(f"{tag!r} is no tag of a language, such as kk, ru or en", param_hint="--language")
    return tag


def _load(log: Path, database: Database) -> None:
    from api.store import registers_in

    try:
        lines = log.open("rb")
    except OSError as fault:
        raise typer.BadParameter(f"{log}: {fault.strerror}", param_hint="--log") from None
    with lines, opened(registers_in, database, make=True) as registers:
        head = registers.log.load(lines)
    typer.echo(f"loaded {head.position} events, hash {head.hash}")


def _import(place: Path, options: Options, dry_run: bool, by: str, database: Database) -> bool:
    """Whether every entry stands in the record now, or in a dry run would."""
    from pydantic import TypeAdapter, ValidationError

    from api.importers.files import register_at
    from api.registers import NotARegister, Rehearsal, record_all, record_in_pages
    from api.store import registers_in, registers_in_memory
    from domain.changes import Text

    try:
        TypeAdapter(Text).validate_python(by)
    except ValidationError:
        raise typer.BadParameter(f"{by[:80]!r} cannot be recorded as a name", param_hint="--by") from None
    try:
        register = register_at(place, options)
    except NotARegister as refusal:
        raise typer.BadParameter(visible(str(refusal)), param_hint="PATH") from None
    for note in register.notes:
        typer.echo(visible(f"note           {note}"))
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
            typer.echo(visible(f"REFUSED        {reason}"), err=quiet)
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
