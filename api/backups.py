"""Copies of a live store, and a store made of a copy: whole and proved, or not there at all.

The copy of an SQLite file is an SQLite file. The copy of a PostgreSQL database is a folder: the log of each institution
as text, all of one moment. Keys are in the former and not in the latter.
"""

from __future__ import annotations

import os
import shutil
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from api.copies import SUFFIX, NoCopy, is_sqlite, logs_at, texts
from api.store import Database, SQLiteFile
from domain.chain import Head
from domain.log import Log
from projections.recorders.sqlite import open_sqlite
from projections.recorders.sqlite_copy import copied, gathered, settled
from projections.tables.rebuilding import Progress, silent

Heads: TypeAlias = dict[str, Head]
"""Where the log of each institution ends, by id."""

BESIDE = ("", "-wal", "-shm", "-journal", "-building")  # what SQLite and the keeping of tables call their files


def back_up(database: Database, path: Path, progress: Progress = silent) -> Heads:
    """Copy *database*, of one moment, to *path*, where nothing may be; where the logs end in the copy, each verified.

    What is there at the end is whole and on the disk; if anything fails, nothing is.
    Raises: NoCopy; StoreUnusable; ChainBroken.
    """
    with _made(path) as copy:
        if isinstance(database, SQLiteFile):
            copied(database.path, copy)
            return _verified(copy, progress)
        with database.log(make=False, progress=progress) as log:
            return _written(log, copy)


def restore(path: Path, database: Database, progress: Progress = silent) -> Heads:
    """Make *database*, which must hold nothing, of the copy at *path*; where its logs end, each verified.

    Raises: NoCopy, also for a database that holds something; StoreUnusable; ChainBroken; LogUnreadable.
    """
    if not isinstance(database, SQLiteFile):
        return _loaded(path, database, progress)
    with _made(database.path) as made:
        if is_sqlite(path):
            copied(path, made)
        else:
            _loaded(path, SQLiteFile(made), progress)
        return _verified(made, progress)


@contextmanager
def _made(path: Path) -> Iterator[Path]:
    """A place beside *path*, for what takes its name at the end, if nothing goes wrong before.

    Raises: NoCopy, if something is there.
    """
    if path.exists():
        raise NoCopy(path, "something is there already, and is left as it is")
    if not path.parent.is_dir():
        raise NoCopy(path, f"there is no folder {path.parent}")
    made = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield made
        try:
            made.rename(path)
            settled(path.parent)
        except OSError as fault:
            raise NoCopy(path, str(fault.strerror)) from fault
    finally:
        if made.is_dir():
            shutil.rmtree(made)
        for end in BESIDE:
            made.with_name(f"{made.name}{end}").unlink(missing_ok=True)


def _verified(file: Path, progress: Progress) -> Heads:
    """Where the logs in an SQLite file end, each verified; the file is then on the disk, by itself."""
    with open_sqlite(file, progress) as log:
        heads = _proved(log)
    gathered(file)
    return heads


def _proved(log: Log) -> Heads:
    return {institution: log.verify(institution) for institution in log.institutions()}


def _written(log: Log, folder: Path) -> Heads:
    """Write the logs as text into *folder*, all of one moment, and prove what was written; where they end."""
    try:
        folder.mkdir(mode=0o700)
        with log.moment() as moment:
            for institution, head in moment.heads().items():
                with (folder / f"{institution}{SUFFIX}").open("xb") as out:
                    out.writelines(moment.text(institution, head))
        for place in (*folder.iterdir(), folder):
            settled(place)
    except OSError as fault:
        raise NoCopy(folder, str(fault.strerror)) from fault
    return _proved_texts(folder)


def _proved_texts(path: Path) -> Heads:
    """Where the logs written as text at *path* end, each proved line by line."""
    heads: Heads = {}
    with logs_at(path) as logs:
        for institution, rows in logs.items():
            (last,) = deque(rows, maxlen=1)
            heads[institution] = Head(last.position, last.recorded, last.hash.hex())
    return heads


def _loaded(path: Path, database: Database, progress: Progress) -> Heads:
    """Put the logs written as text at *path* into *database*; where they end there, each verified."""
    if is_sqlite(path):
        raise NoCopy(path, "the copy of a file is restored to a file; for PostgreSQL `export` its logs as text")
    _proved_texts(path)
    with database.log(make=True, progress=progress) as log:
        held = log.institutions()
        if held:
            raise NoCopy(database.url, f"it holds {', '.join(held)} already, and is left as it is")
        for file in texts(path):
            with file.open("rb") as lines:
                log.load(lines)
        return _proved(log)
