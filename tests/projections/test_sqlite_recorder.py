"""The log in an SQLite file, where it is not as in any other database: triggers, its lock, other files."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from domain.errors import StoreUnusable
from domain.log import Log
from projections.recorders.sqlite import open_sqlite
from projections.recorders.sqlite_schema import APPLICATION_ID, SCHEMA
from tests.projections.recording import of_three_entries, record, unguard


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a log will be."""
    return tmp_path / "log.sqlite"


@pytest.fixture
def log(path: Path) -> Iterator[Log]:
    """A log of three entries: a at 1-2, b at 3-5, c at 6."""
    with of_three_entries(str(path)) as log:
        yield log


@pytest.fixture
def raw(path: Path, log: Log) -> Iterator[sqlite3.Connection]:
    """The file of that log, past the program."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        yield raw


# --- the database itself refuses

COLUMNS = "originator_id, originator_version, topic, state, entry, number, recorded, salt, digest, hash"
SAME = "topic, state, 'z', 1, recorded, salt, digest, hash FROM stored_events WHERE originator_version = 1"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET state = x'7b7d' WHERE originator_version = 2",
        "UPDATE stored_events SET state = x'', salt = x''",
        "UPDATE OR REPLACE stored_events SET originator_version = 1 WHERE originator_version = 2",
        "UPDATE stored_events SET rowid = 99 WHERE rowid = 6",
        "DELETE FROM stored_events WHERE originator_version = 6",
        "DELETE FROM stored_events",
        "REPLACE INTO stored_events SELECT * FROM stored_events WHERE originator_version = 6",
        "INSERT OR REPLACE INTO stored_events SELECT * FROM stored_events",
        # the same row id at a new position; the same position, or place in an entry, under a new row id
        f"REPLACE INTO stored_events (rowid, {COLUMNS}) SELECT 1, 'mint', 7, {SAME}",
        f"REPLACE INTO stored_events ({COLUMNS}) SELECT 'mint', 6, {SAME}",
        f"REPLACE INTO stored_events ({COLUMNS}) SELECT 'mint', 7, {SAME.replace('z', 'c')}",
        f"INSERT INTO stored_events ({COLUMNS}) SELECT 'mint', 6, {SAME}"
        " ON CONFLICT DO UPDATE SET state = excluded.state",
        f"INSERT INTO stored_events ({COLUMNS}) SELECT 'mint', 8, {SAME}",
        f"INSERT INTO stored_events ({COLUMNS}) SELECT 'bank', 2, {SAME}",
        f"INSERT INTO stored_events (rowid, {COLUMNS}) SELECT -1, 'mint', 7, {SAME}",
    ],
)
def test_the_database_refuses_to_change_what_is_recorded(log: Log, raw: sqlite3.Connection, statement: str) -> None:
    """Whoever opens the file with another tool is stopped before he rewrites history."""
    before = raw.execute("SELECT * FROM stored_events").fetchall()

    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(statement)

    assert raw.execute("SELECT * FROM stored_events").fetchall() == before
    assert log.verify("mint").position == 6


def test_the_refusals_are_the_triggers(raw: sqlite3.Connection) -> None:
    """The statements above are refused for what they do, not for a slip in writing them."""
    unguard(raw)
    for statement in [
        "UPDATE stored_events SET state = x'7b7d' WHERE originator_version = 2",
        f"REPLACE INTO stored_events (rowid, {COLUMNS}) SELECT 1, 'mint', 7, {SAME}",
        f"REPLACE INTO stored_events ({COLUMNS}) SELECT 'mint', 6, {SAME.replace('z', 'y')}",
        f"INSERT INTO stored_events ({COLUMNS}) SELECT 'bank', 2, {SAME.replace('= 1', '= 2')}",
        "DELETE FROM stored_events",
    ]:
        raw.execute("BEGIN")
        assert raw.execute(statement).rowcount > 0
        raw.execute("ROLLBACK")


# --- several at once


def test_readers_go_on_while_writers_wait(log: Log, path: Path) -> None:
    """A long import in another program holds up the writers, and no reader."""
    # given
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as importer:
        importer.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(90) as threads:
            writes = [threads.submit(record, log, f"w-{n}", 1) for n in range(10)]

            # when
            together = threading.Barrier(80)

            def ask(_: int) -> int:
                reading = log.read("mint")
                next(reading)
                together.wait(timeout=20)
                return log.head("mint").position + sum(1 for _ in reading)

            answers = list(threads.map(ask, range(80)))

            # then
            assert answers == [6 + 5] * 80
            assert not any(write.done() for write in writes)
            importer.execute("ROLLBACK")
            assert sorted(write.result(timeout=60)[0] for write in writes) == list(range(7, 17))
    log.verify("mint")


# --- files that are not ours


def test_a_commit_is_on_the_disk_before_it_is_acknowledged(path: Path, log: Log) -> None:
    """An acknowledged entry outlives a power failure."""
    with log._application.recorder.datastore.transaction(commit=False) as c:  # type: ignore[attr-defined]
        settings = [c.execute(f"PRAGMA {name}") or c.fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert settings == ["wal", 2]  # 2 is FULL


def test_a_log_of_a_later_version_is_refused(path: Path, log: Log) -> None:
    """An old program must not write into what it does not understand."""
    log.close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version = {SCHEMA + 1}")

    with pytest.raises(StoreUnusable, match="written by a later program"):
        open_sqlite(path)


def test_a_database_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    """A slip in a path must not turn somebody's photo library into a register."""
    # given
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE photos (name TEXT)")
    before = path.read_bytes()

    # when, then
    with pytest.raises(StoreUnusable, match="another program"):
        open_sqlite(path)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("content", [b"Regesta, that is, a calendar of acts.\n" * 100, b"SQLite format 3\0" * 99])
def test_a_file_that_is_no_database_is_refused(path: Path, content: bytes) -> None:
    """A text file given by mistake is named, and not overwritten."""
    path.write_bytes(content)

    with pytest.raises(StoreUnusable):
        open_sqlite(path)

    assert path.read_bytes() == content


def test_a_place_where_no_file_can_be_is_refused(tmp_path: Path) -> None:
    """The message names the place."""
    with pytest.raises(StoreUnusable, match="nowhere"):
        open_sqlite(tmp_path / "nowhere" / "log.sqlite")
    with pytest.raises(StoreUnusable):
        open_sqlite(tmp_path)


def test_the_file_says_whose_it_is(raw: sqlite3.Connection) -> None:
    """So that `file` and later versions of the program know it."""
    assert raw.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert raw.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
    assert raw.execute("SELECT strict FROM pragma_table_list('stored_events')").fetchone() == (1,)
