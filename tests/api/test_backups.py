"""`backup` and `restore`: a copy of a live store is of one moment, whole or not there, and proves itself."""

from __future__ import annotations

import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.store import database_at, log_in
from domain.chain import Head
from domain.entries import entry_from
from projections.recorders.postgres import open_postgres
from projections.recorders.sqlite import open_sqlite
from projections.tables.rebuilding import MaintainedLog
from tests.api.commandline import Place, command, entry, established, in_this_process, url_of
from tests.api.test_cli_log import tamper
from tests.postgres import Server
from tests.projections.test_erasure import BEFORE, HUSH, SECRET, agree, record, registers_of, text_of
from tests.stores import POSTGRESQL

Say = pytest.CaptureFixture[str]


@pytest.fixture(params=["sqlite", POSTGRESQL])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A store, of either kind in turn, with the mint in it and something erased."""
    if request.param == "sqlite":
        found: Place = tmp_path / "registers.sqlite"
    else:
        server: Server = request.getfixturevalue("postgres_server")
        found = server.url(server.database())
    with log_in(database_at(url_of(found)), make=True) as log:
        record(log, *BEFORE, HUSH)
    return found


@pytest.fixture
def log(place: Place) -> Iterator[MaintainedLog]:
    """The log of that store."""
    with log_in(database_at(url_of(place))) as log:
        yield log


def heads_in(said: str) -> dict[str, Head]:
    """What `backup` and `restore` print."""
    lines = [line.replace(",", "").split() for line in said.splitlines()]
    return {line[0].rstrip(":"): Head(int(line[5]), None, line[7]) for line in lines}


def test_a_copy_restores_to_the_same_register(
    place: Place, log: MaintainedLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say
) -> None:
    """Log, proof and answers; what was erased stays erased, in the copy too."""
    copy, restored = tmp_path / "copy", tmp_path / "restored.sqlite"

    assert in_this_process(monkeypatch, place, "backup", copy) == 0
    backed_up = heads_in(capsys.readouterr().out)
    assert in_this_process(monkeypatch, restored, "restore", copy) == 0

    head = log.head("mint")
    assert backed_up == heads_in(capsys.readouterr().out) == {"mint": Head(head.position, None, head.hash)}
    with open_sqlite(restored) as again:
        assert text_of(again) == text_of(log)
        agree(again)
        record(again, {"entry": "more", "effective": "1812-01-01", "changes": [established("v", "1812-01-01")]})
    files = [copy] if copy.is_file() else [*copy.iterdir()]
    assert all(SECRET.encode() not in file.read_bytes().lower() for file in files)
    assert not [left for left in tmp_path.iterdir() if left.name.startswith(".")]


@pytest.mark.needs("postgresql")
def test_logs_as_text_restore_to_postgresql_too(
    place: Place, log: MaintainedLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: Server
) -> None:
    """The other way as well; the copy of a file is not text, and is refused."""
    copy, target = tmp_path / "copy", postgres_server.url(postgres_server.database())
    assert in_this_process(monkeypatch, place, "backup", copy) == 0
    if copy.is_file():
        assert in_this_process(monkeypatch, target, "restore", copy) == 1
        copy = tmp_path / "mint.log.jsonl"
        copy.write_bytes(text_of(log))

    assert in_this_process(monkeypatch, target, "restore", copy) == 0

    with open_postgres(target) as again:
        assert text_of(again) == text_of(log)
        agree(again)


def test_neither_copy_nor_restored_register_takes_the_place_of_anything(
    place: Place, log: MaintainedLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say
) -> None:
    """A slip in a path destroys nothing."""
    copy, taken = tmp_path / "copy", tmp_path / "taken"
    assert in_this_process(monkeypatch, place, "backup", copy) == 0
    taken.write_text("a letter")
    text = text_of(log)
    capsys.readouterr()

    assert in_this_process(monkeypatch, place, "backup", taken) == 1
    assert in_this_process(monkeypatch, taken, "restore", copy) == 1
    assert in_this_process(monkeypatch, place, "restore", copy) == 1
    assert in_this_process(monkeypatch, place, "backup", tmp_path / "no" / "folder") == 1

    said = capsys.readouterr().err.splitlines()
    assert len(said) == 4
    assert taken.read_text() == "a letter"
    assert text_of(log) == text


@pytest.mark.parametrize(
    "content", [b"", b"a letter\n", b"SQLite format 3\x00 and no more"], ids=["empty", "text", "cut off"]
)
def test_what_is_no_copy_is_not_restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """And nothing is made of it."""
    (tmp_path / "copy").write_bytes(content)

    assert in_this_process(monkeypatch, tmp_path / "new.sqlite", "restore", tmp_path / "copy") == 1
    assert in_this_process(monkeypatch, tmp_path / "new.sqlite", "restore", tmp_path / "nothing") == 1
    (tmp_path / "folder").mkdir()
    assert in_this_process(monkeypatch, tmp_path / "new.sqlite", "restore", tmp_path / "folder") == 1

    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "folder"]


def test_a_log_that_was_altered_is_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say) -> None:
    """A backup that does not verify would pass for one that does."""
    file = tmp_path / "registers.sqlite"
    with open_sqlite(file) as log:
        record(log, *BEFORE)
    tamper(file, "UPDATE stored_events SET state = x'7b7d' WHERE originator_version = 3")

    assert in_this_process(monkeypatch, file, "backup", tmp_path / "copy") == 1

    assert "position 3" in capsys.readouterr().err
    assert not (tmp_path / "copy").exists()


def test_a_copy_that_was_altered_is_not_restored(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say
) -> None:
    """Nor the copy of one that was cut off."""
    copy = tmp_path / "copy"
    assert in_this_process(monkeypatch, place, "backup", copy) == 0
    if copy.is_file():
        tamper(copy, "DELETE FROM stored_events WHERE originator_version = 3")
    else:
        (file,) = copy.iterdir()
        file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))
    capsys.readouterr()

    assert in_this_process(monkeypatch, tmp_path / "new.sqlite", "restore", copy) == 1

    assert "position" in capsys.readouterr().err
    assert not (tmp_path / "new.sqlite").exists()


def test_a_live_register_is_copied_as_of_one_moment(
    place: Place, log: MaintainedLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say
) -> None:
    """While two writers go on: each copy is a beginning of the log, whole entries, and nobody was kept waiting long."""
    stop, waited, faults = threading.Event(), [0.0], list[BaseException]()

    def write(who: str) -> None:
        try:
            with log_in(database_at(url_of(place))) as own:
                registers, number = registers_of(own), 0
                while not stop.is_set():
                    number += 1
                    units = [established(f"{who}-{number}-{n}", "1811-07-01") for n in range(3)]
                    begun = time.monotonic()
                    registers.record("mint", entry_from(entry(f"{who}-{number}", *units), "test"), "test")
                    waited.append(time.monotonic() - begun)
        except BaseException as fault:
            faults.append(fault)
            raise

    writers = [threading.Thread(target=write, args=(who,)) for who in ("east", "west")]
    for writer in writers:
        writer.start()
    try:
        while len(waited) < 10 and not faults:
            time.sleep(0.01)
        copies = []
        for number in range(3):
            copy = tmp_path / f"copy-{number}"
            assert in_this_process(monkeypatch, place, "backup", copy) == 0
            copies.append((copy, heads_in(capsys.readouterr().out)["mint"]))
    finally:
        stop.set()
        for writer in writers:
            writer.join()

    assert faults == []
    assert max(waited) < 20
    assert copies[0][1].position < copies[-1][1].position
    for copy, head in copies:
        assert in_this_process(monkeypatch, place, "compare", copy) == 0
        last = next(log.read("mint", head.position - 1, head.position))
        assert last.hash == head.hash
        assert log.whole("mint", head.position) == head.position
    assert "the copy is a beginning" in capsys.readouterr().out
    agree(log)


def test_a_backup_that_is_killed_leaves_nothing_under_its_name(tmp_path: Path) -> None:
    """At whatever moment: then there is no copy, or a whole one."""
    file = tmp_path / "registers.sqlite"
    with open_sqlite(file) as log:
        units = [established(f"unit-{n}", "1811-07-01") for n in range(300)]
        record(log, *BEFORE, entry("many", *units))
    seen = set[str]()
    for number in range(8):
        copy = tmp_path / f"copy-{number}"
        line, environment = command(file, "backup", copy)
        process = subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        begun = tmp_path / f".{copy.name}.{process.pid}"
        while process.poll() is None and not begun.exists():
            time.sleep(0.001)
        time.sleep(number * 0.03)
        process.kill()
        process.communicate()
        if copy.exists():
            with open_sqlite(copy) as log:
                assert log.verify("mint").position == 311
            seen.add("whole")
        else:
            seen.add("none")
    assert "none" in seen


def test_a_copy_may_be_read_by_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds all that the store holds."""
    file = tmp_path / "registers.sqlite"
    with open_sqlite(file) as log:
        record(log, *BEFORE)

    assert in_this_process(monkeypatch, file, "backup", tmp_path / "copy") == 0

    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("PRAGMA freelist_count").fetchone() == (0,)
