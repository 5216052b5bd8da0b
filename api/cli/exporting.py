"""`export`: a register in a file, or a folder of files, that is there whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from api.cli.options import Db, Institution, KnownAt, day_of, recorded
from api.formats import FormatName

if TYPE_CHECKING:
    from api.formats.exported import Exported, Files
    from api.formats.table import Format
    from api.readings import Readings


def export(
    ctx: typer.Context,
    institution: Institution,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="PATH", help="The file, or the folder, to write; - for the output."),
    ],
    format_: Annotated[
        FormatName,
        typer.Option("--format", help="log: the log as text, an event a line. docs/formats.md has them all."),
    ] = "log",
    as_of: Annotated[
        str | None, typer.Option(metavar="DAY", help="The day to tell of; without it, the whole history is told.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="The earlier day, of formats that tell of changes too.")
    ] = None,
    known_at: KnownAt = None,
    db: Db = None,
) -> None:
    """Write a register to a file or a folder, which is there whole or not at all.

    Each format says of which days it is and as known when, and lists what it could not carry. `-o -` writes a folder as
    a zip.
    """
    from api.formats.exported import NotExported
    from api.formats.table import LOG

    with recorded(ctx, db) as readings:
        if format_ == LOG:
            if as_of is not None or since is not None:
                raise NotExported(LOG, "it is of no day: leave --as-of and --from out")
            head = readings.head_at(institution, known_at)
            with _written(output) as out:
                out.writelines(readings.registers.log.text(institution, head))
            return
        _write(*_asked(readings, institution, format_, as_of, since, known_at), output)


def _asked(
    readings: Readings, institution: str, name: FormatName, as_of: str | None, since: str | None, known_at: str | None
) -> tuple[Format, Exported]:
    from api.formats.exported import Exported
    from api.formats.table import FORMATS

    format_ = FORMATS[name]
    on, start = (day_of(d, option) if d else None for d, option in ((as_of, "--as-of"), (since, "--from")))
    format_.check(day=on is not None, since=start is not None)
    return format_, Exported(readings.registers.view(institution, known_at), name, on, start)


def _write(format_: Format, exported: Exported, output: Path) -> None:
    if not format_.many or str(output) == "-":
        body = format_.body(exported)
        with _written(output) as out:
            out.write(body)
    else:
        _write_folder(output, format_.files(exported))


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


def _write_folder(path: Path, files: Files) -> None:
    """Make the folder *path* of *files*. Raises: typer.BadParameter, if it is there with something in it."""
    written = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        for name, content in files.items():
            file = written / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        os.replace(written, path)  # takes the place of an empty folder alone
    except OSError as fault:
        raise typer.BadParameter(f"{path}: {fault.strerror}", param_hint="-o") from None
    finally:
        shutil.rmtree(written, ignore_errors=True)
