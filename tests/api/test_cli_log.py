"""The log on the command line: proved, written to a file, read back; and the keys beside it."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.api.commandline import entry, established, folder_of, in_this_process, jsonl_of, recorded_in, regesta

Say = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database with a register of seven events."""
    place = tmp_path_factory.mktemp("mint")
    entries = {f"{n}.yaml": entry(f"decree-{n}", established(f"unit-{n}", f"180{n}")) for n in range(1, 7)}
    return recorded_in(place, "mint", entries).read_bytes()


@pytest.fixture
def db(tmp_path: Path, recorded: bytes) -> Path:
    """A database of the test's own, with that register."""
    file = tmp_path / "regesta.sqlite"
    file.write_bytes(recorded)
    return file


def tamper(file: Path, statement: str) -> None:
    """Does by hand what the database refuses while its triggers stand."""
    with sqlite3.connect(file) as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute(statement)
    database.close()


def test_an_exported_log_founds_an_equal_one(db: Path, tmp_path: Path) -> None:
    """The text is the register: another machine goes on from the same head, byte for byte."""
    # given
    first, second, other = tmp_path / "first.log", tmp_path / "second.log", tmp_path / "other.sqlite"

    # when
    written = regesta(db, "export", "mint", "--format", "log", "-o", first)
    loaded = regesta(other, "import", "--log", first)
    regesta(other, "export", "mint", "-o", second)
    again = regesta(other, "import", "--log", first)

    # then
    assert (written.returncode, written.stdout) == (0, "")
    head = regesta(db, "verify", "mint").stdout.splitlines()[0].split("hash ")[1]
    assert loaded.stdout == f"loaded 7 events, hash {head}\n"
    proved = [f"mint: whole, up to position 7, hash {head}", "mint: the tables agree with the log"]
    assert regesta(other, "verify").stdout.splitlines() == proved
    assert first.read_bytes() == second.read_bytes()
    assert stat.S_IMODE(first.stat().st_mode) & 0o200
    assert (again.returncode, again.stdout) == (1, "")
    assert "has a log here already" in again.stderr


def test_an_export_that_fails_leaves_the_old_file(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup is never replaced by half a backup, and no scraps are left beside it."""
    # given
    kept = tmp_path / "kept.log"
    kept.write_text("of yesterday")
    before = sorted(tmp_path.iterdir())

    # when
    status = in_this_process(monkeypatch, db, "export", "treasury", "-o", kept)

    # then
    assert status == 1
    assert kept.read_text() == "of yesterday"
    assert [file for file in sorted(tmp_path.iterdir()) if not file.name.startswith(db.name)] == [
        file for file in before if not file.name.startswith(db.name)
    ]


def test_a_log_that_is_cut_off_is_not_loaded(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say
) -> None:
    """Half a transfer must not pass for a register."""
    # given
    text, other = tmp_path / "cut.log", tmp_path / "other.sqlite"
    in_this_process(monkeypatch, db, "export", "mint", "-o", text)
    text.write_bytes(text.read_bytes()[:-100])
    capsys.readouterr()

    # when
    status = in_this_process(monkeypatch, other, "import", "--log", text)
    refusal = capsys.readouterr().err
    verified = in_this_process(monkeypatch, other, "verify")

    # then
    assert (status, refusal) == (1, "line 8 of the log: it is cut off\n")
    assert (verified, capsys.readouterr().out) == (0, "no institution is recorded\n")


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE stored_events SET state = CAST(replace(state, '1803', '1804') AS BLOB) WHERE entry = 'decree-3'", 4),
        ("UPDATE stored_events SET recorded = '2020-01-01T00:00:00.000000Z' WHERE originator_version = 2", 2),
        ("DELETE FROM stored_events WHERE originator_version = 5", 5),
    ],
)
def test_verify_names_the_first_position_that_was_altered(
    db: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say, statement: str, position: int
) -> None:
    """Somebody with the file in his hands changed a date: the chain says where to look."""
    # given
    tamper(db, statement)

    # when
    status = in_this_process(monkeypatch, db, "verify", "mint")

    # then
    said = capsys.readouterr()
    assert (status, said.out) == (1, "")
    assert f"the log of 'mint' does not verify at position {position}: " in said.err


def test_one_broken_log_does_not_hide_another(db: Path, tmp_path: Path) -> None:
    """A nightly verification tells of every register."""
    # given
    folder = folder_of(tmp_path / "salt", "salt", {"1.yaml": entry("decree-1", established("office", "1705"))})
    regesta(db, "import", folder)
    tamper(db, "DELETE FROM stored_events WHERE originator_id = 'mint' AND originator_version = 1")

    # when
    done = regesta(db, "verify")

    # then
    assert done.returncode == 1
    assert "'mint' does not verify at position 1" in done.stderr
    assert done.stdout.startswith("salt: whole, up to position 2, hash ")


def test_what_is_erased_is_purged_by_a_command(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say
) -> None:
    """The import asks for it; what it cannot reach is told, and what it could not do has the status 1."""
    # given
    secret = established("unit-7", "1807", name={"en": "Xyzzyqwortz"})
    hush = {"kind": "redacted", "targets": ["decree-7#1"], "scope": "all", "ground": "privacy"}
    source = jsonl_of(tmp_path / "e.jsonl", [entry("decree-7", secret), entry("hush", hush)])

    # when
    assert in_this_process(monkeypatch, db, "import", source, "--institution", "mint") == 0
    verdicts = capsys.readouterr().out.splitlines()
    assert in_this_process(monkeypatch, db, "purge") == 0
    said = capsys.readouterr().out

    # then
    assert verdicts[1].endswith("hush   erased: 1; then run `purge`")
    assert "erased" not in verdicts[0]
    assert "out of reach   copies, backups" in said
    assert said.endswith("purged: the database's files hold nothing of it\n")
    assert not [file for file in db.parent.glob(f"{db.name}*") if b"Xyzzyqwortz" in file.read_bytes()]
    assert in_this_process(monkeypatch, db, "verify") == 0

    # and when somebody reads in the file
    monkeypatch.setattr("projections.recorders.sqlite_upkeep.BUSY", 0.1)
    with closing(sqlite3.connect(db, isolation_level=None)) as raw:
        raw.execute("BEGIN")
        raw.execute("SELECT count(*) FROM stored_events").fetchone()
        assert in_this_process(monkeypatch, db, "purge") == 1
    assert "-wal is still read by somebody" in capsys.readouterr().err


def test_a_key_is_shown_once_and_can_be_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say
) -> None:
    """The database keeps what a key hashes to, never the key."""
    # given
    db = tmp_path / "new.sqlite"

    # when
    made = in_this_process(monkeypatch, db, "token", "create", "editor", "--scope", "record")
    secret = capsys.readouterr().out
    twice = in_this_process(monkeypatch, db, "token", "create", "editor", "--scope", "record")
    refusal = capsys.readouterr().err
    strange = in_this_process(monkeypatch, db, "token", "create", "other", "--scope", "everything")
    revoked = in_this_process(monkeypatch, db, "token", "revoke", "editor")
    capsys.readouterr()
    listed = in_this_process(monkeypatch, db, "token", "list")
    names = capsys.readouterr().out

    # then
    assert (made, twice, strange, revoked, listed) == (0, 1, 1, 0, 0)
    assert len(secret.strip()) > 30
    assert "editor" in refusal
    assert names.startswith("editor   record   made ")
    assert "revoked" in names
    assert secret.strip() not in names
    assert secret.strip().encode() not in db.read_bytes()
