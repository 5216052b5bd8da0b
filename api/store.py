"""Which database a command works on, and what is opened there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_data_path

from api.keys import Keys
from api.readings import Readings
from domain.errors import StoreUnusable
from domain.recording import Registers, utc_now
from projections.recorders.sqlite import open_sqlite
from projections.tables.reading import Reader
from projections.tables.rebuilding import MaintainedLog, Progress, silent

SQLITE = "sqlite:///"


def database_file(url: str | None) -> Path:
    """The SQLite file that *url* names: `sqlite:///file`, `sqlite:////absolute/file`; None: the user's own.

    Raises: StoreUnusable, for a database of another kind, or none at all.
    """
    if url is None:
        return user_data_path("regesta", appauthor=False) / "regesta.sqlite"
    scheme, mark, _ = url.partition("://")
    if mark and scheme.partition("+")[0] in ("postgresql", "postgres"):
        raise StoreUnusable(f"{scheme}://…", "PostgreSQL is not supported yet; give sqlite:///FILE")
    if not url.startswith(SQLITE):
        raise StoreUnusable(f"{scheme}://…" if mark else url, "no database; give sqlite:///FILE")
    path = url.removeprefix(SQLITE)
    if not path or path == ":memory:":
        raise StoreUnusable(url, "no file is named; give sqlite:///FILE")
    return Path(path)


def database_url(file: Path) -> str:
    """*file* as `--db` takes it."""
    return f"{SQLITE}{file}"


@contextmanager
def log_in(file: Path, *, make: bool = False, progress: Progress = silent) -> Iterator[MaintainedLog]:
    """The log kept in *file*; made, where there is none, only if *make*.

    Tables that are missing, older or behind are made first, of which *progress* is told.
    Raises: StoreUnusable.
    """
    if make:
        prepare(file)
    elif not file.exists():
        raise StoreUnusable(str(file), "there is no such file; `import` or `serve` makes one")
    with open_sqlite(file, progress) as log:
        yield log


@contextmanager
def readings_in(file: Path, *, make: bool = False, progress: Progress = silent) -> Iterator[Readings]:
    """The registers of the log in *file*, to read and to record. Raises: StoreUnusable."""
    with log_in(file, make=make, progress=progress) as log:
        yield readings_of(log)


@contextmanager
def registers_in(file: Path, *, make: bool = False, progress: Progress = silent) -> Iterator[Registers]:
    """The registers of the log in *file*, to record. Raises: StoreUnusable."""
    with readings_in(file, make=make, progress=progress) as readings:
        yield readings.registers


def readings_of(log: MaintainedLog) -> Readings:
    """The registers of *log*."""
    return Readings(Registers(log, utc_now, log.history, log.page), Reader(log))


@contextmanager
def keys_in(file: Path, *, make: bool = False) -> Iterator[Keys]:
    """The keys of those who may write to *file*; made, where there is none, only if *make*.

    Raises: StoreUnusable.
    """
    with registers_in(file, make=make), Keys(file) as keys:
        yield keys


@contextmanager
def readings_in_memory() -> Iterator[Readings]:
    """Registers of nothing, kept nowhere."""
    with open_sqlite(":memory:") as log:
        yield readings_of(log)


@contextmanager
def registers_in_memory() -> Iterator[Registers]:
    """The same, to record."""
    with readings_in_memory() as readings:
        yield readings.registers


def prepare(file: Path) -> None:
    """Make the folder of the user's own database; that of a file which was named is there, or named wrongly."""
    if file == database_file(None):
        file.parent.mkdir(parents=True, exist_ok=True)
