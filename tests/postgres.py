"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket, as a user without privileges.

On request it listens to this machine's TCP too, where it asks for TLS and a password.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from pwd import getpwnam

import psycopg

from projections.recorders.postgres_schema import prepare_postgres

OWNER, ROLE = "owner", "regesta_app"
PORT = 5432  # of a socket in a folder of its own: a name, no more
NUMBERS = count(1)
PATIENCE, PAUSE = 60, 0.01  # seconds
STILL_THERE = "pre-existing shared memory block"
"""What a server says that is started while a process of one before it, which was killed, has not ended."""

FAST = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=on",
    "autovacuum=off",
    "wal_retrieve_retry_interval=100ms",
)
"""For whoever does not test what is lost with a machine."""


def programs() -> Path:
    """The folder of initdb, of the latest version there is."""
    places = [*Path("/usr/lib/postgresql").glob("*/bin/initdb")]  # Debian's place
    found = max(places, key=lambda path: int(path.parts[-3])) if places else Path(shutil.which("initdb") or "")
    return found.resolve().parent


class Server:
    """One server, the primary of others or their standby; stopped whole, or killed."""

    def __init__(self, folder: Path, settings: tuple[str, ...] = FAST, port: int = PORT) -> None:
        self.folder = folder
        self.port = port
        self.data = folder / "data"
        self.settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._template = ""
        if os.getuid() == 0:  # initdb refuses root
            user = getpwnam("postgres" if _is_user("postgres") else "nobody")
            os.chown(folder, user.pw_uid, user.pw_gid)
            self._user: int | None = user.pw_uid
        else:
            self._user = None

    def put(self, name: str, content: bytes) -> Path:
        """A file of the server's own among its files, for its eyes only."""
        path = self.data / name
        path.write_bytes(content)
        path.chmod(0o600)
        if self._user is not None:
            os.chown(path, self._user, -1)
        return path

    def run(self, program: str, *arguments: object) -> None:
        """Run one of PostgreSQL's programs to its end."""
        line = [str(programs() / program), *map(str, arguments)]
        done = subprocess.run(line, user=self._user, cwd=self.folder, env=_plain(), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def make(self) -> Server:
        """Make the server's files; none of its users needs a password."""
        options = ("--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-sync")
        self.run("initdb", "-D", self.data, "-U", "postgres", *options)
        return self

    def follow(self, primary: Server) -> Server:
        """Make the server's files those of a standby that follows *primary*."""
        self.run("pg_basebackup", "-D", self.data, "-d", primary.url("postgres", "postgres"), "-R", "--checkpoint=fast")
        return self

    def start(self) -> Server:
        """Run the server, and wait until it answers; what is left of a killed one must have ended before."""
        settings = ("listen_addresses=", f"unix_socket_directories={self.folder}", *self.settings)
        line = [str(programs() / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        line += [part for setting in settings for part in ("-c", setting)]
        end = time.monotonic() + PATIENCE
        while True:
            with (self.folder / "log").open("ab") as log:
                before = log.tell()
                self._process = subprocess.Popen(line, user=self._user, cwd=self.folder, env=_plain(), stderr=log)
            if self._answers():
                return self
            told = (self.folder / "log").read_bytes()[before:].decode()  # of old processes, too: they end the while
            assert STILL_THERE in told, told
            assert time.monotonic() < end, told
            time.sleep(PAUSE)

    def recover(self) -> None:
        """Wait until the server answers again, one of whose processes was killed."""
        assert self._answers(), (self.folder / "log").read_text()

    def _answers(self) -> bool:
        """Whether the server answers, or ends without an answer."""
        assert self._process is not None
        while self._process.poll() is None:
            try:
                psycopg.connect(self.url("postgres", "postgres")).close()
            except psycopg.OperationalError:
                time.sleep(PAUSE)
            else:
                return True
        return False

    def stop(self) -> None:
        """Stop the server; whoever is connected is thrown out."""
        if self._process is not None:
            self.run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-W")
            self._process.wait()
            self._process = None

    def kill(self) -> None:
        """End the server as a failing machine does."""
        if self._process is not None:
            self.run("pg_ctl", "stop", "-D", self.data, "-m", "immediate", "-W")
            self._process.wait()
            self._process = None

    def slay(self) -> None:
        """Kill the server's first process, which has no time to tell the others: they end when they notice."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def url(self, name: str, user: str = ROLE) -> str:
        """The address of a database of this server, for *user*."""
        return f"postgresql://{user}@/{name}?host={self.folder}&port={self.port}"

    def database(self, *, prepared: bool = True) -> str:
        """The name of a fresh database, ready for registers unless not *prepared*."""
        if prepared and not self._template:
            self._template = self.database(prepared=False)
            prepare_postgres(self.url(self._template, OWNER), ROLE)
        name = f"registers_{next(NUMBERS)}"
        with closing(psycopg.connect(self.url("postgres", "postgres"), autocommit=True)) as admin:
            if admin.execute("SELECT FROM pg_roles WHERE rolname = %s", (OWNER,)).fetchone() is None:
                admin.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE")
            admin.execute(
                f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {self._template if prepared else 'template0'}"
            )
        return name


@contextmanager
def server_in_a_folder(settings: tuple[str, ...] = FAST) -> Iterator[Server]:
    """A server with nothing in it. The folder's name is short, for a socket's path may not be long."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        Path(folder).chmod(0o755)
        server = Server(Path(folder), settings).make().start()
        try:
            yield server
        finally:
            server.kill()


def _is_user(name: str) -> bool:
    try:
        getpwnam(name)
    except KeyError:
        return False
    return True


def _plain() -> dict[str, str]:
    """The environment without what libpq reads there."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
