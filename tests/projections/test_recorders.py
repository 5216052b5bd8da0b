"""What a log keeps to in whatever database it lies: many writers, broken writers, hands that reach past the program."""

from __future__ import annotations

import inspect
import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.application import Application
from eventsourcing.persistence import ConnectionPool, IntegrityError, Mapper
from eventsourcing.postgres import (
    PostgresAggregateRecorder,
    PostgresApplicationRecorder,
    PostgresDatastore,
    PostgresFactory,
    PostgresRecorder,
)
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

from domain.errors import ChainBroken
from domain.log import Log, Placed
from projections.tables.rebuilding import MaintainedLog
from tests.postgres import Server
from tests.projections.recording import (
    Past,
    check_whole,
    noon,
    of_three_entries,
    opened,
    past,
    persons,
    record,
    writer,
)
from tests.stores import STORES


@pytest.fixture(params=STORES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a log will be: in a file, and in a database that is ready for it."""
    if request.param == "sqlite":
        return str(tmp_path / "log.sqlite")
    server: Server = request.getfixturevalue("postgres_server")
    return server.url(server.database())


@pytest.fixture
def log(address: str) -> Iterator[MaintainedLog]:
    """A log of three entries: a at 1-2, b at 3-5, c at 6."""
    with of_three_entries(address) as log:
        yield log


@pytest.fixture
def altering(address: str, log: Log) -> Iterator[Past]:
    """The database of that log, past the program."""
    with past(address) as found:
        yield found


# --- what got past the database is found

ANYBODY = persons("b", 3)[1].stored().replace(b"Somebody", b"Anybody")
SET = "UPDATE stored_events SET"
EXCHANGE = (
    f"{SET} originator_version = 99 WHERE originator_version = 2",
    f"{SET} originator_version = 2 WHERE originator_version = 4",
    f"{SET} originator_version = 4 WHERE originator_version = 99",
)


@pytest.mark.parametrize(
    ("statements", "values", "position", "detail"),
    [
        (f"{SET} state = ? WHERE originator_version = 4", [ANYBODY], 4, "not those its digest was made of"),
        (f"{SET} topic = 'person-renamed' WHERE originator_version = 3", [], 3, "does not follow"),
        (f"{SET} digest = ? WHERE originator_version = 3", [bytes(32)], 3, "not those its digest"),
        (f"{SET} salt = ? WHERE originator_version = 3", [bytes(32)], 3, "not those its digest"),
        (f"{SET} hash = ? WHERE originator_version = 6", [bytes(32)], 6, "does not follow"),
        (f"{SET} recorded = '2024-05-24T12:00:00.000001Z' WHERE originator_version = 6", [], 6, "does not follow"),
        (f"{SET} recorded = '2024-05-24T11:59:59.999999Z' WHERE originator_version = 6", [], 6, "before the position"),
        (f"{SET} recorded = 'on the 24th of May, AD 2024'", [], 1, "no instant"),
        (f"{SET} entry = 'd' WHERE originator_version = 6", [], 6, "its row says"),
        (f"{SET} entry = 'a', number = 3 WHERE originator_version = 6", [], 6, "in two places"),
        (f"{SET} number = 9 WHERE originator_version = 4", [], 4, "follows number 1"),
        (f"{SET} number = 2 WHERE originator_version = 6", [], 6, "begins with number 2"),
        (f"{SET} originator_id = 'bank' WHERE originator_version = 1", [], 1, "missing"),
        ("DELETE FROM stored_events WHERE originator_version = 1", [], 1, "missing"),
        ("DELETE FROM stored_events WHERE originator_version = 4", [], 4, "missing"),
        (EXCHANGE, [], 2, "does not follow"),
        (f"{SET} state = ?, salt = ? WHERE originator_version = 4", [b"", b""], 4, "bytes are gone"),
    ],
)
def test_an_altered_log_is_found_at_the_first_position_altered(
    log: Log, altering: Past, statements: str | tuple[str, ...], values: list[Any], position: int, detail: str
) -> None:
    """What the database could not prevent, the chain reports, and where to begin looking."""
    altering.unguard()
    for statement in [statements] if isinstance(statements, str) else statements:
        altering.run(statement, *values)

    with pytest.raises(ChainBroken, match=detail) as broken:
        log.verify("mint")

    assert broken.value.position == position


def test_a_log_of_another_institution_is_not_taken_for_this_one(log: Log, altering: Past) -> None:
    """The institution is in the chain: a whole log passed off under another name is found."""
    altering.unguard()
    altering.run("UPDATE stored_events SET originator_id = 'bank'")

    with pytest.raises(ChainBroken, match="does not follow"):
        log.verify("bank")


def test_a_blanked_event_keeps_its_place(log: Log, altering: Past) -> None:
    """Room for redaction: without salt and bytes of an event, the chain and its entry still stand."""
    # given
    altering.unguard()
    altering.run(f"{SET} state = ?, salt = ? WHERE originator_version IN (4, 5)", b"", b"")

    # then
    assert log.entry("mint", "b") == (3, 5)
    assert log.whole("mint", 4) == 2
    assert log.head("mint").position == 6
    assert [r.position for r in log.read("mint", after=5)] == [6]
    out = io.BytesIO()
    log.export("mint", out)
    assert out.getvalue().count(b'"salt":"","state":null}\n') == 2


# --- whole or not at all


def test_a_failure_in_the_middle_of_an_entry_leaves_nothing_of_it(log: Log, altering: Past) -> None:
    """Half a decree is worse than none."""
    # given
    altering.fail_at(3)
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


def test_an_entry_that_is_there_is_refused_by_the_database(log: Log) -> None:
    """The last word, if a program forgets to look."""
    with pytest.raises(IntegrityError):
        log.append("mint", persons("a", 2), expected=6, clock=noon)
    assert log.head("mint").position == 6


def test_notifications_have_no_gap_where_a_transaction_was_undone(log: MaintainedLog) -> None:
    """Who follows the log by them would wait for ever for what is not to come."""

    def broken() -> datetime:
        raise OSError("no clock")

    with log.page("mint") as page, pytest.raises(OSError, match="no clock"):
        page.append(persons("d", 1), broken)
    with pytest.raises(IntegrityError):
        log.append("mint", persons("d", 1) + persons("a", 2), expected=6, clock=noon)
    record(log, "d", 2)

    notifications = log._application.recorder.select_notifications(1, 20)

    assert [(n.id, n.originator_version) for n in notifications] == [(n, n) for n in range(1, 9)]
    assert log._application.recorder.max_notification_id() == 8


# --- several at once


def test_four_processes_record_into_a_new_log_and_readers_see_whole_entries(address: str) -> None:
    """An import and three servers, one with its clock an hour behind: nothing lost, nothing mixed, nothing half."""
    # given
    names = {"east": 0, "west": 0, "north": 0, "south": 1}
    done = threading.Event()

    # when
    writers = [writer(address, name, entries=25, events=3, behind=behind) for name, behind in names.items()]
    with opened(address) as log, ThreadPoolExecutor(3) as readers:

        def read(_: int) -> int:
            seen = 0
            while not done.is_set():
                head = log.head("mint")
                assert head.position >= seen
                assert head.position % 3 == 0
                with log.shelf("mint") as shelf:
                    assert shelf.position() >= head.position
                seen = head.position
            return seen

        reading = [readers.submit(read, n) for n in range(3)]
        said = [process.communicate(timeout=120)[0].split() for process in writers]
        done.set()
        for one in reading:
            assert one.result() <= 300

        # then
        assert [process.returncode for process in writers] == [0] * 4
        assert [len(acknowledged) for acknowledged in said] == [25] * 4
        check_whole(log, {f"{name}-{n}": 3 for name in names for n in range(25)})
        notifications = log._application.recorder.select_notifications(1, 400)
        assert [(n.id, n.originator_version) for n in notifications] == [(n, n) for n in range(1, 301)]
        assert log.position_at("mint", noon()) == 0


@pytest.mark.parametrize("heard", [1, 4, 9])
def test_a_writer_killed_in_mid_write_leaves_a_log_that_verifies(address: str, heard: int) -> None:
    """What was acknowledged is kept; of what was not, an entry is there whole or not at all."""
    # given
    with opened(address) as log:
        process = writer(address, "a", entries=10_000, events=200)
        assert process.stdout is not None

        # when
        acknowledged = [process.stdout.readline().strip() for _ in range(heard)]
        process.kill()
        acknowledged += process.communicate(timeout=60)[0].split()

        # then
        assert process.returncode == -9
        record(log, "b", 1)  # waits for the killed one's transaction to end
        recorded = log.head("mint").position // 200
        assert len(acknowledged) <= recorded <= len(acknowledged) + 1
        check_whole(log, {**{f"a-{n}": 200 for n in range(recorded)}, "b": 1})


def test_forty_threads_record_and_read_through_one_log(log: Log) -> None:
    """A server has one log, fewer connections, and many requests: they wait for each other, and nobody fails."""

    def work(name: int) -> None:
        record(log, f"t{name}", 2)
        next(log.read("mint"))

    with ThreadPoolExecutor(40) as threads:
        list(threads.map(work, range(80)))

    check_whole(log, {"a": 2, "b": 3, "c": 1, **{f"t{n}": 2 for n in range(80)}})


# --- settings that are not ours, and the library underneath


def test_a_log_is_there_when_it_is_opened_again(address: str, log: Log) -> None:
    """The database is the register; the program only reads it."""
    with opened(address) as again:
        assert list(again.read("mint")) == list(log.read("mint"))


def test_nothing_comes_from_the_librarys_variables(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable left over from another program must not send the register elsewhere."""
    # given
    elsewhere = tmp_path / "elsewhere.sqlite"
    in_postgres = address.startswith("postgresql://")
    for prefix in ("", "REGISTERS_"):
        for name, value in {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite" if in_postgres else "eventsourcing.postgres",
            "SQLITE_DBNAME": str(elsewhere),
            "SQLITE_LOCK_TIMEOUT": "none",
            "POSTGRES_DBNAME": "elsewhere",
            "POSTGRES_HOST": "elsewhere",
            "POSTGRES_PORT": "0",
            "POSTGRES_USER": "nobody",
            "POSTGRES_PASSWORD": "",
            "POSTGRES_SCHEMA": "elsewhere",
            "POSTGRES_LOCK_TIMEOUT": "x",
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
    with opened(address) as log:
        record(log, "a", 2)

    # then
    with past(address) as there:
        states = there.run("SELECT topic, state FROM stored_events ORDER BY originator_version")
    assert states == [("person-registered", e.stored()) for e in persons("a", 2)]
    assert not elsewhere.exists()


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
        (SQLiteAggregateRecorder.insert_events, "(self, stored_events, **kwargs)"),
        (SQLiteApplicationRecorder.__init__, "(self, datastore, events_table_name)"),
        (SQLiteFactory.__init__, "(self, env)"),
        (SQLiteFactory.application_recorder, "(self)"),
        (PostgresDatastore.get_connection, "(self)"),
        (PostgresDatastore.transaction, "(self, *, commit)"),
        (PostgresDatastore.register_type_adapters, "(self)"),
        (PostgresDatastore.close, "(self)"),
        (PostgresRecorder.create_table, "(self)"),
        (PostgresAggregateRecorder.insert_events, "(self, stored_events, **kwargs)"),
        (PostgresApplicationRecorder.__init__, "(self, datastore, *, events_table_name)"),
        (PostgresApplicationRecorder.subscribe, "(self, gt, topics)"),
        (PostgresFactory.__init__, "(self, env)"),
        (PostgresFactory.application_recorder, "(self)"),
    ],
)
def test_the_library_still_calls_what_we_override(hook: Callable[..., object], signature: str) -> None:
    """Some of these names are private to the library: an upgrade that moves one must fail here."""
    parameters = inspect.signature(inspect.unwrap(hook)).parameters.values()
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
