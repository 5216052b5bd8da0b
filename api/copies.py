"""Copies of logs, wherever they lie: a log as text, a folder of them, an SQLite file; each row proved as it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeAlias

from domain.chain import Row, read_log
from domain.errors import LogUnreadable, RegisterError
from projections.recorders.sqlite_copy import moment_of

SUFFIX = ".log.jsonl"  # of the log of an institution, behind its id
MAGIC = b"SQLite format 3\x00"

Logs: TypeAlias = Mapping[str, Iterable[Row]]
"""The rows of logs by institution, each proved before it is given, to be read once."""


class NoCopy(RegisterError):
    """What lies at *place* is no copy, or what is there is not to be replaced."""

    def __init__(self, place: Path | str, detail: str) -> None:
        super().__init__(f"{place}: {detail}")


def is_sqlite(path: Path) -> bool:
    """Whether an SQLite file is at *path*. Raises: NoCopy, if nothing can be read there."""
    if path.is_dir():
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError as fault:
        raise NoCopy(path, str(fault.strerror)) from fault


def texts(path: Path) -> list[Path]:
    """The logs as text in a folder, or the one in a file. Raises: NoCopy."""
    found = sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
    if not found:
        raise NoCopy(path, f"no log is in it: the name of one ends in {SUFFIX}")
    return found


@contextmanager
def logs_at(path: Path) -> Iterator[Logs]:
    """The logs of the copy at *path*. Raises: NoCopy; StoreUnusable; ChainBroken or LogUnreadable, as rows are read."""
    with ExitStack() as stack:
        if is_sqlite(path):
            moment = stack.enter_context(moment_of(path))
            yield {institution: moment.proved(institution) for institution in moment.heads()}
            return
        found: dict[str, Iterable[Row]] = {}
        for file in texts(path):
            try:
                institution, rows = read_log(stack.enter_context(file.open("rb")))
            except LogUnreadable as fault:
                raise NoCopy(file, str(fault)) from fault
            except OSError as fault:
                raise NoCopy(file, str(fault.strerror)) from fault
            if institution in found:
                raise NoCopy(file, f"the log of {institution} is there twice")
            found[institution] = rows
        yield found
