"""The log in an SQLite file: many writers, broken writers, and hands that reach past the program."""

import inspect
import io
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from eventsourcing.application import Application
from eventsourcing.persistence import ConnectionPool, IntegrityError, Mapper
from eventsourcing.sqlite import (
    SQLiteAggregateRecorder,
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteDatastore,
    SQLiteFactory,
    SQLiteRecorder,
    SQLiteTransaction,
)

from domain.changes import PersonRegistered
from domain.errors import ChainBroken, StoreUnusable
from domain.events import Event, make_event
from domain.log import Log, Placed, PositionTaken
from projections.recorders.sqlite import open_sqlite
from projections.recorders.sqlite_schema import APPLICATION_ID, SCHEMA

ROOT = Path(__file__).parents[2]
NOON = datetime(2024, 5, 24, 12, tzinfo=UTC)


def noon() -> datetime:
    """A clock that stands."""
    return NOON


def persons(name: str, number: int) -> list[Event]:
    """An entry that registers *number* persons."""
    return [
        make_event(
            "mint",
            name,
            n,
            PersonRegistered(person=f"{name}-{n}", name={"en": "Somebody"}),
            effective=None,
            given_by=None,
            basis="stated",
            instrument=None,
            sources=(),
            recorded_by="import",
        )
        for n in range(1, number + 1)
    ]


def record(log: Log, name: str, number: int, clock: Callable[[], datetime] = noon) -> tuple[int, int]:
    """Record an entry at the head, wherever that has moved to."""
    while True:
        try:
            return log.append("mint", persons(name, number), expected=log.head("mint").position, clock=clock)
        except PositionTaken:
            continue


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a log will be."""
    return tmp_path / "log.sqlite"


@pytest.fixture
def log(path: Path) -> Iterator[Log]:
    """A log of three entries: a at 1-2, b at 3-5, c at 6."""
    with open_sqlite(path) as log:
        for name, number in (("a", 2), ("b", 3), ("c", 1)):
            record(log, name, number)
        yield log


@pytest.fixture
def raw(path: Path, log: Log) -> Iterator[sqlite3.Connection]:
    """The file of that log, past the program."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        yield raw


def unguard(raw: sqlite3.Connection) -> None:
    """Drop the triggers, as someone would who means to alter the log."""
    for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")


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


# --- and what gets past it is found

EXCHANGE = """
UPDATE stored_events SET originator_version = 99 WHERE originator_version = 2;
UPDATE stored_events SET originator_version = 2 WHERE originator_version = 4;
UPDATE stored_events SET originator_version = 4 WHERE originator_version = 99;
"""


@pytest.mark.parametrize(
    ("script", "position", "detail"),
    [
        (
            "UPDATE stored_events SET state = CAST(replace(state, 'Somebody', 'Anybody') AS BLOB)"
            " WHERE originator_version = 4",
            4,
            "not those its digest was made of",
        ),
        (
            "UPDATE stored_events SET topic = 'person-renamed' WHERE originator_version = 3",
            3,
            "does not follow",
        ),
        (
            "UPDATE stored_events SET digest = zeroblob(32) WHERE originator_version = 3",
            3,
            "not those its digest",
        ),
        (
            "UPDATE stored_events SET salt = zeroblob(32) WHERE originator_version = 3",
            3,
            "not those its digest",
        ),
        ("UPDATE stored_events SET hash = zeroblob(32) WHERE originator_version = 6", 6, "does not follow"),
        (
            "UPDATE stored_events SET recorded = '2024-05-24T12:00:00.000001Z' WHERE originator_version = 6",
            6,
            "does not follow",
        ),
        (
            "UPDATE stored_events SET recorded = '2024-05-24T11:59:59.999999Z' WHERE originator_version = 6",
            6,
            "before the position before",
        ),
        ("UPDATE stored_events SET recorded = 'on the 24th of May, AD 2024'", 1, "no instant"),
        ("UPDATE stored_events SET entry = 'd' WHERE originator_version = 6", 6, "its row says"),
        ("UPDATE stored_events SET entry = 'a', number = 3 WHERE originator_version = 6", 6, "in two places"),
        ("UPDATE stored_events SET number = 9 WHERE originator_version = 4", 4, "follows number 1"),
        ("UPDATE stored_events SET number = 2 WHERE originator_version = 6", 6, "begins with number 2"),
        ("UPDATE stored_events SET originator_id = 'bank' WHERE originator_version = 1", 1, "missing"),
        ("DELETE FROM stored_events WHERE originator_version = 1", 1, "missing"),
        ("DELETE FROM stored_events WHERE originator_version = 4", 4, "missing"),
        (EXCHANGE, 2, "does not follow"),
        (
            "UPDATE stored_events SET state = x'', salt = x'' WHERE originator_version = 4",
            4,
            "bytes are gone",
        ),
    ],
)
def test_an_altered_log_is_found_at_the_first_position_altered(
    log: Log, raw: sqlite3.Connection, script: str, position: int, detail: str
) -> None:
    """What the database could not prevent, the chain reports, and where to begin looking."""
    unguard(raw)
    raw.executescript(script)

    with pytest.raises(ChainBroken, match=detail) as broken:
        log.verify("mint")

    assert broken.value.position == position


def test_a_log_of_another_institution_is_not_taken_for_this_one(log: Log, raw: sqlite3.Connection) -> None:
    """The institution is in the chain: a whole log passed off under another name is found."""
    unguard(raw)
    raw.execute("UPDATE stored_events SET originator_id = 'bank'")

    with pytest.raises(ChainBroken, match="does not follow"):
        log.verify("bank")


def test_a_blanked_event_keeps_its_place(log: Log, raw: sqlite3.Connection) -> None:
    """Room for redaction: without salt and bytes of an event, the chain and its entry still stand."""
    # given
    unguard(raw)
    raw.execute("UPDATE stored_events SET state = x'', salt = x'' WHERE originator_version IN (4, 5)")

    # then
    assert log.entry("mint", "b") == (3, 5)
    assert log.whole("mint", 4) == 2
    assert log.head("mint").position == 6
    assert [r.position for r in log.read("mint", after=5)] == [6]
    out = io.BytesIO()
    log.export("mint", out)
    assert out.getvalue().count(b'"salt":"","state":null}\n') == 2


# --- whole or not at all


def test_a_failure_in_the_middle_of_an_entry_leaves_nothing_of_it(log: Log, raw: sqlite3.Connection) -> None:
    """Half a decree is worse than none."""
    # given: a disk that fails at the third change
    raw.execute(
        "CREATE TRIGGER fail AFTER INSERT ON stored_events WHEN NEW.number = 3"
        " BEGIN SELECT RAISE(ABORT, 'the disk failed'); END"
    )
    head = log.head("mint")

    # when
    with pytest.raises(IntegrityError, match="the disk failed"):
        log.append("mint", persons("d", 1) + persons("e", 4), expected=6, clock=noon)

    # then
    assert log.head("mint") == head
    assert (log.entry("mint", "d"), log.entry("mint", "e")) == (None, None)
    assert record(log, "d", 2) == (7, 8)
    assert log.verify("mint").position == 8


def test_a_clock_that_fails_leaves_the_log_open_for_others(log: Log) -> None:
    """The clock is read under the lock; its failure must not keep the lock."""

    def broken() -> datetime:
        raise OSError("no clock")

    with pytest.raises(OSError, match="no clock"):
        log.append("mint", persons("d", 1), expected=6, clock=broken)

    assert record(log, "d", 1) == (7, 7)


WRITER = """
import sys
from datetime import UTC, datetime, timedelta
from tests.projections.test_sqlite_recorder import open_sqlite, record

path, name, entries, events, behind = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
with open_sqlite(path) as log:
    for n in range(entries):
        record(log, f"{name}-{n}", events, lambda: datetime.now(UTC) - timedelta(hours=behind))
        print(f"{name}-{n}", flush=True)
"""


def writer(path: Path, name: str, entries: int, events: int, behind: int = 0) -> subprocess.Popen[str]:
    """Another process that records, and names each entry once it is recorded."""
    command = [sys.executable, "-W", "error", "-c", WRITER, str(path), name]
    return subprocess.Popen(
        [*command, str(entries), str(events), str(behind)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def check_whole(log: Log, entries: dict[str, int]) -> None:
    """Every one of *entries* is there, whole and in one piece, and nothing else."""
    found: dict[str, list[int]] = {}
    recorded = ""
    for position, event in zip(count(1), log.read("mint"), strict=False):
        assert event.position == position
        assert event.recorded >= recorded
        recorded = event.recorded
        found.setdefault(event.event.entry, []).append(position)
    assert {name: len(positions) for name, positions in found.items()} == entries
    for name, positions in found.items():
        assert positions == list(range(positions[0], positions[0] + len(positions)))
        assert log.entry("mint", name) == (positions[0], positions[-1])
    assert log.verify("mint") == log.head("mint")


def test_four_processes_record_into_one_new_file_at_once(path: Path) -> None:
    """An import and three servers, one with its clock an hour behind: nothing lost, nothing mixed."""
    # given
    names = {"east": 0, "west": 0, "north": 0, "south": 1}

    # when
    writers = [writer(path, name, entries=25, events=3, behind=behind) for name, behind in names.items()]
    said = [process.communicate(timeout=120)[0].split() for process in writers]

    # then
    assert [process.returncode for process in writers] == [0] * 4
    assert [len(acknowledged) for acknowledged in said] == [25] * 4
    with open_sqlite(path) as log:
        check_whole(log, {f"{name}-{n}": 3 for name in names for n in range(25)})


@pytest.mark.parametrize("heard", [1, 4, 9])
def test_a_writer_killed_in_mid_write_leaves_a_log_that_verifies(path: Path, heard: int) -> None:
    """What was acknowledged is kept; of what was not, an entry is there whole or not at all."""
    # given
    with open_sqlite(path) as log:
        process = writer(path, "a", entries=10_000, events=400)
        assert process.stdout is not None

        # when
        acknowledged = [process.stdout.readline().strip() for _ in range(heard)]
        process.kill()
        acknowledged += process.communicate(timeout=60)[0].split()

        # then
        assert process.returncode == -9
        recorded = log.head("mint").position // 400
        assert len(acknowledged) <= recorded <= len(acknowledged) + 1
        check_whole(log, {f"a-{n}": 400 for n in range(recorded)})
        record(log, "b", 1)
        log.verify("mint")


def test_two_threads_record_through_one_log(log: Log) -> None:
    """A server has one log and many requests."""

    def work(name: str) -> None:
        for n in range(40):
            record(log, f"{name}-{n}", 2)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(work, ["x", "y"]))

    expected = {f"{name}-{n}": 2 for name in "xy" for n in range(40)}
    check_whole(log, {"a": 2, "b": 3, "c": 1, **expected})


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


# --- files that are not ours, and settings that are not ours


def test_a_log_is_there_when_the_file_is_opened_again(path: Path, log: Log) -> None:
    """The file is the register; the program only reads it."""
    with open_sqlite(path) as again:
        assert list(again.read("mint")) == list(log.read("mint"))


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


def test_nothing_comes_from_the_environment(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable left over from another program must not send the register elsewhere."""
    # given
    elsewhere = tmp_path / "elsewhere.sqlite"
    for prefix in ("", "REGISTERS_"):
        for name, value in {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "SQLITE_DBNAME": str(elsewhere),
            "SQLITE_LOCK_TIMEOUT": "none",
            "POSTGRES_DBNAME": "elsewhere",
            "POSTGRES_HOST": "elsewhere",
            "POSTGRES_PORT": "0",
            "POSTGRES_USER": "nobody",
            "POSTGRES_PASSWORD": "",
            "POSTGRES_ENABLE_DB_FUNCTIONS": "y",
            "CREATE_TABLE": "n",
            "ORIGINATOR_ID_TYPE": "uuid",
            "MAPPER_TOPIC": "no.such:Mapper",
            "TRANSCODER_TOPIC": "no.such:Transcoder",
            "COMPRESSOR_TOPIC": "zlib",
            "CIPHER_TOPIC": "no.such:Cipher",
            "CIPHER_KEY": "a2V5",
            "APPLICATION_RECORDER_TOPIC": "no.such:Recorder",
            "IS_SNAPSHOTTING_ENABLED": "y",
            "AGGREGATE_CACHE_MAXSIZE": "some",
            "AGGREGATE_CACHE_FASTFORWARD": "perhaps",
        }.items():
            monkeypatch.setenv(prefix + name, value)

    # when
    with open_sqlite(path) as log:
        record(log, "a", 2)

    # then
    with closing(sqlite3.connect(path)) as raw:
        states = raw.execute("SELECT topic, state FROM stored_events").fetchall()
    assert states == [("person-registered", e.stored()) for e in persons("a", 2)]
    assert not elsewhere.exists()


# --- the library underneath


@pytest.mark.parametrize(
    ("hook", "signature"),
    [
        (Application.construct_env, "(self, name, env)"),
        (Application.construct_factory, "(self, env)"),
        (Application.construct_mapper, "(self)"),
        (Application.save, "(self, *objs, **kwargs)"),
        (Mapper.to_stored_event, "(self, domain_event)"),
        (Mapper.to_domain_event, "(self, stored_event)"),
        (ConnectionPool.get_connection, "(self, timeout, *, is_writer)"),
        (ConnectionPool.put_connection, "(self, conn)"),
        (SQLiteConnectionPool._create_connection, "(self)"),
        (SQLiteConnection.__init__, "(self, sqlite_conn, max_age)"),
        (SQLiteConnection.transaction, "(self, *, commit)"),
        (SQLiteTransaction.__init__, "(self, connection, *, commit)"),
        (SQLiteTransaction.__enter__, "(self)"),
        (SQLiteTransaction.__exit__, "(self, exc_type, exc_val, exc_tb)"),
        (SQLiteDatastore.get_connection, "(self, *, commit)"),
        (SQLiteDatastore.transaction, "(self, *, commit)"),
        (SQLiteRecorder.create_table, "(self)"),
        (SQLiteRecorder._create_table, "(self, c)"),
        (SQLiteApplicationRecorder.construct_create_table_statements, "(self)"),
        (SQLiteApplicationRecorder._insert_events, "(self, c, stored_events, **_)"),
        (SQLiteAggregateRecorder.insert_events, "(self, stored_events, **kwargs)"),
        (SQLiteFactory.__init__, "(self, env)"),
        (SQLiteFactory.application_recorder, "(self)"),
    ],
)
def test_the_library_still_calls_what_we_override(hook: Callable[..., object], signature: str) -> None:
    """Some of these names are private to the library: an upgrade that moves one must fail here."""
    parameters = inspect.signature(hook).parameters.values()
    plain = [p.replace(annotation=p.empty, default=p.empty) for p in parameters]
    assert str(inspect.Signature(plain)) == signature


def test_the_library_reads_our_table_by_its_own_means(log: Log) -> None:
    """Its notification log stays usable for whoever follows the log from outside."""
    application = log._application

    notifications = application.notification_log.select(start=1, limit=10)

    assert [(n.id, n.originator_id, n.originator_version) for n in notifications] == [
        (n, "mint", n) for n in range(1, 7)
    ]
    assert [p.event for p in application.events.get("mint")] == [r.event for r in log.read("mint")]  # type: ignore[attr-defined]
    placed = [Placed("mint", n, event) for n, event in enumerate(persons("d", 2), start=7)]
    assert [r.notification.id for r in application.save(*placed, clock=noon)] == [7, 8]
