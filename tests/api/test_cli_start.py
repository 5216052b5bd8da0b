"""The command line before it does anything: fast, plain, and on the right database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from api.store import PostgreSQLDatabase, SQLiteFile, database_at
from domain.errors import StoreUnusable
from tests.api.commandline import REPOSITORY, in_this_process

HEAVY = ("fastapi", "edtf", "pydantic", "eventsourcing", "uvicorn", "domain.fold", "projections.structure")


def test_help_does_not_load_what_it_does_not_need() -> None:
    """Somebody who looks up an option does not wait for a web server to be imported."""
    # given
    program = (
        "import sys\nsys.argv = ['regesta', '--help']\nfrom api.__main__ import main\n"
        f"try: main()\nexcept SystemExit: print('loaded', [m for m in {HEAVY!r} if m in sys.modules])"
    )

    # when
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=30
    )

    # then
    assert "serve" in done.stdout
    assert done.stdout.endswith("loaded []\n")


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///regesta.sqlite", Path("regesta.sqlite")),
        ("sqlite:///data/regesta.sqlite", Path("data/regesta.sqlite")),
        ("sqlite:////var/lib/regesta.sqlite", Path("/var/lib/regesta.sqlite")),
    ],
)
def test_a_url_names_a_file(url: str, file: Path) -> None:
    """Three slashes and a path, which may begin with a slash of its own."""
    assert database_at(url) == SQLiteFile(file)


@pytest.mark.parametrize(
    "url", ["postgresql+x://host/db", "mysql://host/db", "file.sqlite", "sqlite:///", "sqlite://x"]
)
def test_what_names_no_file_is_refused(url: str) -> None:
    """Rather than a file of an odd name being made."""
    with pytest.raises(StoreUnusable, match="give sqlite:///FILE"):
        database_at(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://clerk:s%40cret@host:5433/registers", "postgresql://clerk@host:5433/registers"),
        ("postgres://host/registers?user=clerk&password=s%40cret", "postgresql://clerk@host/registers"),
        ("postgresql:///registers?host=/run/postgresql", "postgresql:///registers?host=/run/postgresql"),
    ],
)
def test_a_url_names_a_database_and_its_password_is_never_shown(url: str, shown: str) -> None:
    """What a program prints is read by others."""
    found = database_at(url)

    assert isinstance(found, PostgreSQLDatabase)
    assert found.url == shown
    assert "cret" not in repr(found)


@pytest.mark.parametrize("url", ["postgresql://clerk:s/cret@host:x/db", "postgresql://h/db?secret=cret"])
def test_a_url_that_cannot_be_read_is_refused_without_its_text(url: str) -> None:
    """A slip near a password must not spread it."""
    with pytest.raises(StoreUnusable) as refused:
        database_at(url)

    assert "cret" not in str(refused.value)


def test_without_a_url_the_database_lies_in_the_users_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nowhere in the folder in which one happens to stand."""
    # given
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    # then
    found = database_at(None)
    assert isinstance(found, SQLiteFile)
    assert found.path.parent.name == "regesta"


def test_the_database_after_the_command_goes_before_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The nearest word counts: an option of the command, one before it, the environment."""
    # given
    near, far, farthest = (tmp_path / name for name in ("near", "far", "farthest"))

    # when
    for arguments in (
        ["--db", f"sqlite:///{far}", "token", "create", "me", "--scope", "record", "--db", f"sqlite:///{near}"],
        ["--db", f"sqlite:///{far}", "token", "create", "me", "--scope", "record"],
        ["token", "create", "me", "--scope", "record"],
    ):
        assert in_this_process(monkeypatch, farthest, *arguments) == 0, capsys.readouterr().err
        found = [file for file in (near, far, farthest) if file.exists()]

        # then
        assert len(found) == 1 + ["near", "far", "farthest"].index(found[-1].name)


def test_a_file_of_another_program_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped path must not cost anybody his data."""
    # given
    letters = tmp_path / "letters.txt"
    letters.write_text("Dear Sir, " * 200)

    # when
    status = in_this_process(monkeypatch, letters, "token", "create", "me", "--scope", "record")

    # then
    assert status == 1
    assert str(letters) in capsys.readouterr().err
    assert letters.read_text() == "Dear Sir, " * 200
