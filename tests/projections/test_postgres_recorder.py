"""The log in a PostgreSQL database: many writers, lost connections, and hands that reach past the program."""

from __future__ import annotations

import inspect
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError
from eventsourcing.postgres import (
    PostgresAggregateRecorder,
    PostgresApplicationRecorder,
    PostgresDatastore,
    PostgresFactory,
    PostgresRecorder,
)

from domain.errors import ChainBroken, CommitUnknown, StoreUnusable
from domain.log import Log, Placed
from projections.recorders import postgres, postgres_connections, postgres_schema
from projections.recorders.postgres import open_postgres
from projections.recorders.postgres_connections import WRITING
from projections.recorders.postgres_schema import FORM, MARK, prepare_postgres
from projections.tables.rebuilding import MaintainedLog
from tests.postgres import OWNER, ROLE, Server, server_in_a_folder
from tests.projections.test_sqlite_recorder import check_whole, noon, persons, record

pytestmark = pytest.mark.needs("postgresql")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(postgres_server: Server) -> str:
    """The name of a fresh database that is ready for registers."""
    return postgres_server.database()


@pytest.fixture
def log(postgres_server: Server, database: str) -> Iterator[MaintainedLog]:
    """A log of three entries: a at 1-2, b at 3-5, c at 6."""
    with of_three_entries(postgres_server.url(database)) as log:
        yield log


@contextmanager
def of_three_entries(url: str) -> Iterator[MaintainedLog]:
    """Such a log."""
    with open_postgres(url) as log:
        for name, number in (("a", 2), ("b", 3), ("c", 1)):
            record(log, name, number)
        yield log


@pytest.fixture(scope="module")
def guarded(postgres_server: Server) -> Iterator[tuple[str, Log]]:
    """The name of a database and such a log in it, for all tests that cannot change it."""
    name = postgres_server.database()
    with of_three_entries(postgres_server.url(name)) as log:
        yield name, log


def connection(server: Server, database: str, user: str = OWNER) -> psycopg.Connection[Any]:
    """A connection past the program."""
    opened = psycopg.connect(server.url(database, user), autocommit=True)
    opened.execute("SET search_path = regesta")
    return opened


@pytest.fixture
def owner(postgres_server: Server, database: str, log: Log) -> Iterator[psycopg.Connection[Any]]:
    """The owner of that database, past the program."""
    with closing(connection(postgres_server, database)) as opened:
        yield opened


# --- the database itself refuses

COLUMNS = (
    "originator_id, originator_version, topic, state, notification_id, entry, number, recorded, salt, digest, hash"
)


def like_the_first(stream: str, position: int, entry: str = "z", notification: int = 7) -> str:
    """A row to insert at a position, otherwise as the first is."""
    return (
        f"INSERT INTO stored_events ({COLUMNS}) SELECT '{stream}', {position}, topic, state, {notification}, '{entry}',"
        " 1, recorded, salt, digest, hash FROM stored_events WHERE originator_version = 1"
    )


CHANGES = [
    "UPDATE stored_events SET state = '{}' WHERE originator_version = 2",
    "UPDATE stored_events SET state = '', salt = ''",
    "UPDATE stored_events SET notification_id = 99 WHERE notification_id = 6",
    "DELETE FROM stored_events WHERE originator_version = 6",
    "DELETE FROM stored_events",
    "TRUNCATE stored_events",
    f"{like_the_first('mint', 6)} ON CONFLICT (originator_id, originator_version) DO UPDATE SET state = excluded.state",
]
INSERTS = [
    like_the_first("mint", 6),  # a position that is taken
    like_the_first("mint", 7, "c"),  # a place in an entry that is taken
    like_the_first("mint", 7, notification=6),
    like_the_first("mint", 8),  # a gap
    like_the_first("bank", 2),
    like_the_first("mint", 0),
]


@pytest.mark.parametrize("statement", [*CHANGES, *INSERTS])
def test_the_database_refuses_its_owner_to_change_what_is_recorded(
    guarded: tuple[str, Log], postgres_server: Server, statement: str
) -> None:
    """Whoever opens it with another tool is stopped before he rewrites history."""
    name, log = guarded
    with closing(connection(postgres_server, name)) as owner:
        before = owner.execute("SELECT * FROM stored_events ORDER BY notification_id").fetchall()

        with pytest.raises(psycopg.IntegrityError):
            owner.execute(statement)

        assert owner.execute("SELECT * FROM stored_events ORDER BY notification_id").fetchall() == before
    assert log.verify("mint").position == 6


@pytest.mark.parametrize("statement", [*CHANGES, *INSERTS[3:5]])
def test_the_triggers_wake_in_the_session_of_a_replica(
    guarded: tuple[str, Log], postgres_server: Server, statement: str
) -> None:
    """A superuser who plays a replica passes by ordinary triggers, not by these."""
    with closing(connection(postgres_server, guarded[0], "postgres")) as superuser:
        superuser.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.IntegrityError):
            superuser.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        *(change for change in CHANGES if "SET state" not in change),
        "BEGIN; LOCK TABLE stored_events IN EXCLUSIVE MODE",
        "ALTER TABLE stored_events DISABLE TRIGGER ALL",
        "DROP TABLE stored_events",
        "TRUNCATE believed",
        "DROP TABLE believed",
        "CREATE TABLE more (a integer)",
        "DELETE FROM keys",
        "UPDATE keys SET digest = ''",
        "CREATE ROLE another",
    ],
)
def test_the_role_may_not_even_try(guarded: tuple[str, Log], postgres_server: Server, statement: str) -> None:
    """What the program has no need of, whoever takes over the program cannot do."""
    role = connection(postgres_server, guarded[0], ROLE)
    with closing(role), pytest.raises(psycopg.errors.InsufficientPrivilege):
        role.execute(statement)


def test_the_refusals_are_the_triggers(owner: psycopg.Connection[Any]) -> None:
    """The statements above are refused for what they do, not for a slip in writing them."""
    owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
    for statement in [*CHANGES, *INSERTS[3:5]]:
        with owner.transaction(force_rollback=True):
            assert owner.execute(statement).rowcount != 0


@pytest.mark.parametrize(
    ("statement", "position", "detail"),
    [
        ("UPDATE stored_events SET state = '{}' WHERE originator_version = 4", 4, "not those its digest was made of"),
        ("UPDATE stored_events SET topic = 'person-renamed' WHERE originator_version = 3", 3, "does not follow"),
        ("DELETE FROM stored_events WHERE originator_version = 4", 4, "missing"),
        ("UPDATE stored_events SET originator_id = 'bank' WHERE originator_version = 1", 1, "missing"),
        ("UPDATE stored_events SET state = '', salt = '' WHERE originator_version = 4", 4, "bytes are gone"),
    ],
)
def test_an_altered_log_is_found_at_the_first_position_altered(
    log: Log, owner: psycopg.Connection[Any], statement: str, position: int, detail: str
) -> None:
    """What the database could not prevent, the chain reports."""
    owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
    owner.execute(statement)

    with pytest.raises(ChainBroken, match=detail) as broken:
        log.verify("mint")

    assert broken.value.position == position


def test_who_writes_past_the_program_waits_for_its_writers(log: MaintainedLog, owner: psycopg.Connection[Any]) -> None:
    """Else his rows could be told of before those that were first."""
    owner.execute("SET lock_timeout = '50ms'")
    with log.page("mint") as page:
        page.append(persons("d", 1), noon)

        with pytest.raises(psycopg.errors.LockNotAvailable):
            owner.execute(like_the_first("mint", 7))

    assert owner.execute(like_the_first("mint", 8, notification=8)).rowcount == 1


# --- making it ready


def test_preparing_says_what_it_did_and_leaves_what_is_done(postgres_server: Server) -> None:
    """Nobody guesses which rights a program has; and it may be run by whoever is not sure."""
    url = postgres_server.url(postgres_server.database(prepared=False), OWNER)

    first = prepare_postgres(url, "another_app")
    second = prepare_postgres(url, "another_app")

    assert first[0] == f"schema regesta: made, owned by {OWNER}"
    assert "DELETE and TRUNCATE of it are refused to everybody, and UPDATE but for erasing" in first[1]
    assert first[3].startswith("role another_app: made, without a password")
    assert second[0] == "schema regesta: it was there"
    assert second[1] == "role another_app: it was there"
    with open_postgres(url.replace(OWNER, "another_app", 1)) as log:
        record(log, "a", 1)


def test_the_owner_alone_may_record_as_well(postgres_server: Server) -> None:
    """On a machine of one's own, one role is enough."""
    url = postgres_server.url(postgres_server.database(prepared=False), OWNER)
    prepare_postgres(url)
    with open_postgres(url) as log:
        assert record(log, "a", 2) == (1, 2)


@pytest.mark.parametrize("role", [OWNER, "Robert'); DROP TABLE", "", "x" * 64])
def test_a_role_that_cannot_be_admitted_is_refused(postgres_server: Server, role: str) -> None:
    """The owner would keep his rights; and what is no name is no name."""
    url = postgres_server.url(postgres_server.database(prepared=False), OWNER)
    if not role:
        assert len(prepare_postgres(url, role)) == 3
        return
    with pytest.raises(StoreUnusable):
        prepare_postgres(url, role)
    with pytest.raises(StoreUnusable, match="store prepare"):
        open_postgres(url)


def test_a_database_that_is_not_ready_is_refused_and_left_alone(postgres_server: Server) -> None:
    """A slip in an address must not turn somebody's shop into a register."""
    name = postgres_server.database(prepared=False)
    with pytest.raises(StoreUnusable, match="`store prepare` makes it ready"):
        open_postgres(postgres_server.url(name, OWNER))
    with closing(psycopg.connect(postgres_server.url(name, OWNER))) as there:
        found = there.execute("SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'regesta')").fetchone()
        assert found == (0,)


def test_a_schema_of_another_program_is_refused_and_left_alone(postgres_server: Server) -> None:
    """Somebody else may have had the same name."""
    name = postgres_server.database(prepared=False)
    with closing(psycopg.connect(postgres_server.url(name, OWNER), autocommit=True)) as other:
        other.execute("CREATE SCHEMA regesta")
    with pytest.raises(StoreUnusable, match="another program"):
        prepare_postgres(postgres_server.url(name, OWNER), ROLE)
    with pytest.raises(StoreUnusable, match="another program"):
        open_postgres(postgres_server.url(name, OWNER))


def test_texts_in_another_encoding_are_refused(postgres_server: Server) -> None:
    """Kazakh names do not fit into Latin-1."""
    with closing(psycopg.connect(postgres_server.url("postgres", "postgres"), autocommit=True)) as admin:
        admin.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'")
    with pytest.raises(StoreUnusable, match="UTF8 is needed"):
        prepare_postgres(postgres_server.url("latin", "postgres"))


def test_tables_of_an_earlier_version_are_made_anew_by_the_owner(
    log: Log, postgres_server: Server, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who updates the program is told the one step that only the owner can take, and loses nothing."""
    # given a program whose tables look otherwise
    later = MARK.replace(f"tables {FORM}", f"tables {FORM + 1}")
    monkeypatch.setattr(postgres_schema, "FORM", FORM + 1)
    monkeypatch.setattr(postgres_schema, "MARK", later)
    monkeypatch.setattr(postgres, "MARK", later)
    url = postgres_server.url(database)
    head = log.head("mint")
    with pytest.raises(StoreUnusable, match="`store prepare` makes them anew"):
        open_postgres(url)

    # when
    done = prepare_postgres(postgres_server.url(database, OWNER), ROLE)

    # then
    assert "it was there, the log too" in done[0]
    assert "made anew" in done[1]
    with open_postgres(url) as again:
        assert again.verify("mint") == head
        with again.shelf("mint") as shelf:
            assert shelf.position() == 6
            assert len(shelf.names()) == 6
    monkeypatch.undo()
    with pytest.raises(StoreUnusable, match="later version"):
        open_postgres(url)


# --- whole or not at all


def test_a_failure_in_the_middle_of_an_entry_leaves_nothing_of_it(log: Log, owner: psycopg.Connection[Any]) -> None:
    """Half a decree is worse than none."""
    # given: a disk that fails at the third change
    owner.execute(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.number = 3 THEN RAISE EXCEPTION 'the disk failed' USING ERRCODE = '23000'; END IF; RETURN NEW; END $$"
    )
    owner.execute("CREATE TRIGGER fail BEFORE INSERT ON stored_events FOR EACH ROW EXECUTE FUNCTION fail()")
    head = log.head("mint")

    # when
    with pytest.raises(IntegrityError, match="the disk failed"):
        log.append("mint", persons("d", 1) + persons("e", 4), expected=6, clock=noon)

    # then
    assert log.head("mint") == head
    assert (log.entry("mint", "d"), log.entry("mint", "e")) == (None, None)
    assert record(log, "d", 2) == (7, 8)
    assert log.verify("mint").position == 8


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


def test_the_library_reads_our_table_by_its_own_means(log: MaintainedLog) -> None:
    """Its notification log stays usable for whoever follows the log from outside, and he is told of news."""
    application = log._application
    assert [p.event for p in application.events.get("mint")] == [r.event for r in log.read("mint")]  # type: ignore[attr-defined]

    with application.recorder.subscribe(gt=6) as subscription:
        placed = [Placed("mint", n, event) for n, event in enumerate(persons("d", 2), start=7)]
        assert [r.notification.id for r in application.save(*placed, clock=noon)] == [7, 8]
        assert next(subscription).originator_version == 7


# --- what is lost


def ended(server: Server) -> None:
    """End every connection of the role, as a restarted network does."""
    with closing(psycopg.connect(server.url("postgres", "postgres"), autocommit=True)) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (ROLE,))


def test_lost_connections_are_opened_again(log: Log, postgres_server: Server) -> None:
    """Whoever asks next notices nothing, and neither does who records next."""
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: log.head("mint"), range(20)))
    ended(postgres_server)

    assert log.head("mint").position == 6
    assert record(log, "d", 1) == (7, 7)


def test_a_connection_lost_in_mid_write_leaves_nothing(log: MaintainedLog, postgres_server: Server) -> None:
    """The writer is told that the store failed him, not that somebody else was first."""

    def interrupted() -> None:
        with log.page("mint") as page:
            page.append(persons("d", 2), noon)
            ended(postgres_server)
            page.append(persons("e", 2), noon)

    with pytest.raises(StoreUnusable):
        interrupted()

    assert log.verify("mint").position == 6
    assert record(log, "d", 1) == (7, 7)
    assert log.verify("mint").position == 7


@pytest.fixture(params=["append", "page", "load"])
def write(request: pytest.FixtureRequest) -> Callable[[MaintainedLog], None]:
    """Each way to write two events of a register that is not there."""
    lines: list[bytes] = []

    def append(log: MaintainedLog) -> None:
        assert log.append("mint", persons("d", 2), expected=0, clock=noon) == (1, 2)

    def page(log: MaintainedLog) -> None:
        with log.page("mint") as page:
            assert page.append(persons("d", 2), noon) == (1, 2)

    def load(log: MaintainedLog) -> None:
        assert log.load(lines).position == 2

    if request.param == "load":
        from io import BytesIO

        from projections.recorders.sqlite import open_sqlite

        with open_sqlite(":memory:") as other:
            append(other)
            text = BytesIO()
            other.export("mint", text)
        lines = text.getvalue().splitlines(keepends=True)
    found: dict[str, Callable[[MaintainedLog], None]] = {"append": append, "page": page, "load": load}
    return found[request.param]


def losing_the_answer(monkeypatch: pytest.MonkeyPatch, *, done: bool) -> None:
    """Let the connection be lost once, in the next commit of a writer: after it was *done*, or before."""
    execute = psycopg.Connection.execute
    left = [True]

    def lose(self: Any, query: Any, *values: Any, **more: Any) -> Any:
        if query == "COMMIT" and left:
            left.clear()
            if done:
                execute(self, query)
            self.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        return execute(self, query, *values, **more)

    monkeypatch.setattr(psycopg.Connection, "execute", lose)


def test_a_commit_whose_answer_was_lost_is_recognised(
    postgres_server: Server,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    write: Callable[[MaintainedLog], None],
) -> None:
    """What is recorded is reported as recorded: not as a conflict with oneself, nor twice."""
    with open_postgres(postgres_server.url(database)) as log:
        losing_the_answer(monkeypatch, done=True)

        write(log)

        assert log.verify("mint").position == 2
        assert log.entry("mint", "d") == (1, 2)


def test_a_commit_that_never_came_is_told(
    postgres_server: Server,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    write: Callable[[MaintainedLog], None],
) -> None:
    """And the same may be sent again."""
    with open_postgres(postgres_server.url(database)) as log:
        losing_the_answer(monkeypatch, done=False)

        with pytest.raises(StoreUnusable, match="before anything was recorded"):
            write(log)

        assert log.head("mint").position == 0
        write(log)
        assert log.verify("mint").position == 2


def test_a_database_that_does_not_come_back_leaves_the_writer_in_doubt(
    log: MaintainedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither yes nor no is said of what nobody knows."""
    monkeypatch.setattr(postgres, "PATIENCE", 0)
    losing_the_answer(monkeypatch, done=True)
    monkeypatch.setattr(postgres_connections, "WRITE", "SELECT pg_terminate_backend(pg_backend_pid())")
    begin = postgres_connections.Connections.begin
    first = [True]

    def begun(self: Any, statement: str, values: Any = ()) -> Any:
        if statement == postgres_connections.WRITE and first:
            first.clear()
            statement = "BEGIN"
        return begin(self, statement, values)

    monkeypatch.setattr(postgres_connections.Connections, "begin", begun)

    with pytest.raises(CommitUnknown):
        log.append("mint", persons("d", 2), expected=6, clock=noon)

    assert log.entry("mint", "d") == (7, 8)


def test_a_lock_is_not_waited_for_for_ever_and_readers_never_wait(
    log: Log, owner: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, postgres_server: Server, database: str
) -> None:
    """Somebody who forgot to commit holds up the writers for a while, and no reader."""
    monkeypatch.setattr(postgres_connections, "SETTLE", f"{postgres_connections.SETTLE}; SET lock_timeout = '50ms'")
    with open_postgres(postgres_server.url(database)) as impatient, owner.transaction():
        owner.execute("SELECT pg_advisory_xact_lock(%s)", (WRITING,))

        with pytest.raises(StoreUnusable, match="lock timeout"):
            impatient.append("mint", persons("d", 1), expected=6, clock=noon)

        assert impatient.verify("mint") == log.head("mint")


def test_sessions_are_set_so_that_nothing_waits_or_is_lost(postgres_server: Server, database: str) -> None:
    """Whatever the server is set to."""
    with closing(connection(postgres_server, database, "postgres")) as admin:
        admin.execute(f"ALTER DATABASE {database} SET synchronous_commit = off")
    with open_postgres(postgres_server.url(database)) as log:
        settings = {
            name: log.upkeep.datastore.ask(f"SHOW {name}")[0][0]  # type: ignore[attr-defined]
            for name in ("lock_timeout", "synchronous_commit", "enable_seqscan", "search_path")
        }
    assert settings == {
        "lock_timeout": "30s",
        "synchronous_commit": "on",
        "enable_seqscan": "off",
        "search_path": "regesta",
    }


def test_a_database_that_is_restarted_is_found_again() -> None:
    """While it is away everybody is told so at once, by its name and without a password."""
    with server_in_a_folder() as server:
        url = server.url(server.database()).replace(ROLE, f"{ROLE}:s3cret", 1)
        with open_postgres(url) as log:
            record(log, "a", 2)
            server.stop()

            with pytest.raises(StoreUnusable, match=rf"postgresql://{ROLE}@/registers") as away:
                log.head("mint")
            with pytest.raises(StoreUnusable):
                record(log, "b", 1)

            assert "s3cret" not in str(away.value)
            server.start()
            assert record(log, "b", 1) == (3, 3)
            assert log.verify("mint").position == 3


# --- several at once

WRITER = """
import sys
from datetime import UTC, datetime, timedelta
from projections.recorders.postgres import open_postgres
from tests.projections.test_sqlite_recorder import record

url, name, entries, events, behind = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
with open_postgres(url) as log:
    for n in range(entries):
        record(log, f"{name}-{n}", events, lambda: datetime.now(UTC) - timedelta(hours=behind))
        print(f"{name}-{n}", flush=True)
"""


def writer(url: str, name: str, entries: int, events: int, behind: int = 0) -> subprocess.Popen[str]:
    """Another process that records, and names each entry once it is recorded."""
    command = [sys.executable, "-W", "error", "-c", WRITER, url, name, str(entries), str(events), str(behind)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_three_processes_record_and_readers_see_whole_entries(postgres_server: Server, database: str) -> None:
    """One has its clock an hour behind: nothing lost, nothing mixed, and no reader finds half an entry."""
    # given
    url = postgres_server.url(database)
    names = {"east": 0, "west": 0, "south": 1}
    with open_postgres(url) as log:
        done = threading.Event()

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

        # when
        writers = [writer(url, name, entries=25, events=3, behind=behind) for name, behind in names.items()]
        with ThreadPoolExecutor(3) as readers:
            reading = [readers.submit(read, n) for n in range(3)]
            said = [process.communicate(timeout=120)[0].split() for process in writers]
            done.set()
            for one in reading:
                assert one.result() <= 225

        # then
        assert [process.returncode for process in writers] == [0] * 3
        assert [len(acknowledged) for acknowledged in said] == [25] * 3
        check_whole(log, {f"{name}-{n}": 3 for name in names for n in range(25)})
        notifications = log._application.recorder.select_notifications(1, 300)
        assert [(n.id, n.originator_version) for n in notifications] == [(n, n) for n in range(1, 226)]
        recorded = log.head("mint")
        assert log.position_at("mint", noon()) == 0
        assert recorded.position == 225


@pytest.mark.parametrize("heard", [1, 4])
def test_a_writer_killed_in_mid_write_leaves_a_log_that_verifies(
    postgres_server: Server, database: str, heard: int
) -> None:
    """What was acknowledged is kept; of what was not, an entry is there whole or not at all."""
    url = postgres_server.url(database)
    with open_postgres(url) as log:
        process = writer(url, "a", entries=10_000, events=100)
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().strip() for _ in range(heard)]
        process.kill()
        acknowledged += process.communicate(timeout=60)[0].split()

        record(log, "b", 1)  # waits for the killed one's transaction to end
        recorded = log.head("mint").position // 100
        assert len(acknowledged) <= recorded <= len(acknowledged) + 1
        check_whole(log, {**{f"a-{n}": 100 for n in range(recorded)}, "b": 1})


def test_forty_threads_share_the_connections_of_a_process(log: Log) -> None:
    """A web server has more threads than connections: they wait for each other, and nobody fails."""

    def work(name: int) -> None:
        record(log, f"t{name}", 1)
        next(log.read("mint"))

    with ThreadPoolExecutor(40) as threads:
        list(threads.map(work, range(80)))

    check_whole(log, {"a": 2, "b": 3, "c": 1, **{f"t{n}": 1 for n in range(80)}})


# --- settings that are not ours, and the library underneath


def test_nothing_comes_from_the_librarys_variables(
    postgres_server: Server, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable left over from another program must not send the register elsewhere."""
    for prefix in ("", "REGISTERS_"):
        for name, value in {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
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
            "COMPRESSOR_TOPIC": "zlib",
            "APPLICATION_RECORDER_TOPIC": "no.such:Recorder",
        }.items():
            monkeypatch.setenv(prefix + name, value)

    with open_postgres(postgres_server.url(database)) as log:
        record(log, "a", 2)

    with closing(connection(postgres_server, database)) as owner:
        states = owner.execute("SELECT topic, state FROM stored_events ORDER BY originator_version").fetchall()
    assert states == [("person-registered", e.stored()) for e in persons("a", 2)]


@pytest.mark.parametrize(
    ("hook", "signature"),
    [
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
def test_the_library_still_asks_for_what_we_override(hook: Callable[..., object], signature: str) -> None:
    """An upgrade that moves one must fail here."""
    parameters = inspect.signature(inspect.unwrap(hook)).parameters.values()
    plain = [p.replace(annotation=p.empty, default=p.empty) for p in parameters]
    assert str(inspect.Signature(plain)) == signature
