"""Which database a command works on, and what is opened there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_data_path

from api.following import FollowingRegisters
from api.keys import Keys, keys_in_file
from api.readings import Readings
from domain.errors import StoreUnusable
from domain.recording import Registers, utc_now
from projections.recorders.sqlite import open_sqlite
from projections.tables.reading import Reader
from projections.tables.rebuilding import MaintainedLog, Progress, silent

SQLITE = "sqlite:///"
POSTGRESQL = ("postgresql", "postgres")
KINDS = f"give {SQLITE}FILE or postgresql://USER@HOST/NAME"


class Database(ABC):
    """A database that is named, and not opened yet."""

    @property
    @abstractmethod
    def url(self) -> str:
        """How `--db` names it, but for a password."""

    @abstractmethod
    def holds_nothing(self) -> bool:
        """Whether it is to be made yet, and `import` or `serve` would."""

    @abstractmethod
    def log(self, *, make: bool, progress: Progress) -> AbstractContextManager[MaintainedLog]:
        """The log kept there. Raises: StoreUnusable."""

    @abstractmethod
    def keys(self) -> Keys:
        """The keys kept there, where a log was opened before. Raises: StoreUnusable."""


@dataclass(frozen=True)
class SQLiteFile(Database):
    """An SQLite file."""

    path: Path

    @property
    def url(self) -> str:
        """How `--db` names it."""
        return f"{SQLITE}{self.path}"

    def holds_nothing(self) -> bool:
        """Whether there is no such file."""
        return not self.path.exists()

    def log(self, *, make: bool, progress: Progress) -> AbstractContextManager[MaintainedLog]:
        """The log kept there; made, where there is none, only if *make*. Raises: StoreUnusable."""
        if make:
            prepare(self.path)
        elif not self.path.exists():
            raise StoreUnusable(str(self.path), "there is no such file; `import` or `serve` makes one")
        return open_sqlite(self.path, progress)

    def keys(self) -> Keys:
        """The keys kept there. Raises: StoreUnusable."""
        return keys_in_file(self.path)


@dataclass(frozen=True)
class PostgreSQLDatabase(Database):
    """A PostgreSQL database; what opens it is loaded where it is asked for."""

    address: str = field(repr=False)

    @property
    def url(self) -> str:
        """How `--db` names it, but for a password. Raises: StoreUnusable."""
        from projections.recorders.postgres_connections import shown

        return shown(self.address)

    def holds_nothing(self) -> bool:
        """No: it is made by `store prepare` alone."""
        return False

    def log(self, *, make: bool, progress: Progress) -> AbstractContextManager[MaintainedLog]:
        """The log kept there. Raises: StoreUnusable."""
        from projections.recorders.postgres import open_postgres

        return open_postgres(self.address, progress)

    def keys(self) -> Keys:
        """The keys kept there. Raises: StoreUnusable."""
        from projections.recorders.postgres_keys import PostgresKeyTable

        return Keys(PostgresKeyTable(self.address))


def database_at(url: str | None) -> Database:
    """The database that *url* names; None: the user's own file.

    `sqlite:///file`, `sqlite:////absolute/file`, `postgresql://user@host:port/name`.
    Raises: StoreUnusable, for a database of another kind, or none at all.
    """
    if url is None:
        return SQLiteFile(users_own())
    scheme, mark, _ = url.partition("://")
    if mark and scheme in POSTGRESQL:
        found = PostgreSQLDatabase(url)
        assert found.url  # or it cannot be read
        return found
    if not url.startswith(SQLITE):
        raise StoreUnusable(f"{scheme}://…" if mark else url, f"no database; {KINDS}")
    path = url.removeprefix(SQLITE)
    if not path or path == ":memory:":
        raise StoreUnusable(url, "no file is named; give sqlite:///FILE")
    return SQLiteFile(Path(path))


def users_own() -> Path:
    """The file of who names no database."""
    return user_data_path("regesta", appauthor=False) / "regesta.sqlite"


@contextmanager
def log_in(database: Database, *, make: bool = False, progress: Progress = silent) -> Iterator[MaintainedLog]:
    """The log kept in *database*; a file is made, where there is none, only if *make*.

    Tables that are missing, older or behind are made first, of which *progress* is told.
    Raises: StoreUnusable.
    """
    with database.log(make=make, progress=progress) as log:
        yield log


@contextmanager
def readings_in(database: Database, *, make: bool = False, progress: Progress = silent) -> Iterator[Readings]:
    """The registers of the log in *database*, to read and to record. Raises: StoreUnusable."""
    with log_in(database, make=make, progress=progress) as log:
        yield readings_of(log)


@contextmanager
def registers_in(database: Database, *, make: bool = False, progress: Progress = silent) -> Iterator[Registers]:
    """The registers of the log in *database*, to record. Raises: StoreUnusable."""
    with readings_in(database, make=make, progress=progress) as readings:
        yield readings.registers


def readings_of(log: MaintainedLog) -> Readings:
    """The registers of *log*."""
    return Readings(Registers(log, utc_now, log.history, log.page), Reader(log))


@contextmanager
def readings_following(address: str, primary: Readings) -> Iterator[Readings]:
    """The registers of a standby that follows the database of *primary*, to read. Raises: StoreUnusable."""
    from projections.recorders.postgres import open_postgres

    copied = database_at(address)
    if not isinstance(copied, PostgreSQLDatabase):
        raise StoreUnusable(copied.url, "a file follows no other database; give postgresql://USER@HOST/NAME")
    with open_postgres(copied.address, standby=True) as log:
        yield Readings(FollowingRegisters(log, primary.registers.log), Reader(log))


@contextmanager
def keys_in(database: Database, *, make: bool = False) -> Iterator[Keys]:
    """The keys of those who may write to *database*; a file is made, where there is none, only if *make*.

    Raises: StoreUnusable.
    """
    with registers_in(database, make=make), database.keys() as keys:
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
    if file == users_own():
        file.parent.mkdir(parents=True, exist_ok=True)
