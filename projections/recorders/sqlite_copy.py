"""Copies of SQLite files of registers, each of one moment, made while others go on writing; and what is in them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from eventsourcing.sqlite import SQLiteCursor

from domain.errors import StoreUnusable
from domain.log import Moment
from projections.recorders.log_rows import StoredRows
from projections.recorders.sqlite_connections import BUSY, all_of
from projections.recorders.sqlite_schema import APPLICATION_ID


def copied(source: Path, target: Path) -> None:
    """Copy the file at *source* to *target*, where nothing may be; only its owner may read it.

    The copy is of the moment at which it begins, and holds no free pages. Raises: StoreUnusable.
    """
    if not source.is_file():
        raise StoreUnusable(str(source), "there is no such file")
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(source, isolation_level=None, timeout=BUSY)) as c:
            c.execute("PRAGMA secure_delete = ON")  # no page of the copy holds what its memory held before
            c.execute("VACUUM INTO ?", (str(target),))
    except (sqlite3.DatabaseError, OSError) as fault:
        raise StoreUnusable(str(source), f"it cannot be copied: {fault}") from fault


@contextmanager
def moment_of(file: Path) -> Iterator[Moment]:
    """The logs in a file that is only read, and not changed by it. Raises: StoreUnusable."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, isolation_level=None)) as c:
            c.row_factory = sqlite3.Row
            c.execute("BEGIN")
            if c.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                raise StoreUnusable(str(file), "it is an SQLite database of another program")
            yield Moment(StoredRows(partial(all_of, SQLiteCursor(c.cursor()))))
    except sqlite3.DatabaseError as fault:
        raise StoreUnusable(str(file), str(fault)) from fault


def gathered(file: Path) -> None:
    """Have all of a file that nobody uses in that one file, and on the disk. Raises: StoreUnusable."""
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as c:
            c.execute("PRAGMA journal_mode = DELETE")
        settled(file)
    except (sqlite3.DatabaseError, OSError) as fault:
        raise StoreUnusable(str(file), str(fault)) from fault


def settled(place: Path) -> None:
    """Have what was written to a file, or the names in a folder, on the disk. Raises: OSError."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
