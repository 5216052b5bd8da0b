"""The log in a PostgreSQL database, where it is not as in any other: triggers, roles, lost connections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO
from threading import Timer
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest

from domain.errors import CommitUnknown, StoreUnusable
from domain.log import Log
from projections.recorders import postgres, postgres_connections, postgres_schema
from projections.recorders.postgres import open_postgres
from projections.recorders.postgres_connections import WRITING
from projections.recorders.postgres_schema import FORM, MARK, prepare_postgres
from projections.recorders.sqlite import open_sqlite
from projections.tables.rebuilding import MaintainedLog
from tests.postgres import OWNER, ROLE, Server, server_in_a_folder
from tests.projections.recording import noon, of_three_entries, persons, record

pytestmark = pytest.mark.needs("postgresql")

PATIENCE = 60  # seconds


@pytest.fixture
def database(postgres_server: Server) -> str:
    """The name of a fresh database that is ready for registers."""
    return postgres_server.database()


@pytest.fixture
def log(postgres_server: Server, database: str) -> Iterator[MaintainedLog]:
    """A log of three entries: a at 1-2, b at 3-5, c at 6."""
    with of_three_entries(postgres_server.url(database)) as log:
        yield log


@pytest.fixture(scope="module")
def guarded(postgres_server: Server) -> Iterator[tuple[str, Log]]:
    """The name of a database and such a log in it, for all tests that cannot change it."""
    name = postgres_server.database()
    with of_three_entries(postgres_server.url(name)) as log:
        yield name, log


def connection(server: Server, database: str, user: str = OWNER) -> psycopg.Connection[Any]:
    """A connection past the program."""
    there = psycopg.connect(server.url(database, user), autocommit=True)
    there.execute("SET search_path = regesta")
    return there


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
    with pytest.raises(StoreUnusable, match="`store prepare --role ROLE` makes them anew"):
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


# --- who follows the log


def until_somebody_listens(server: Server) -> None:
    """Wait for it: the library reads the log before it begins to listen, and misses what is recorded between."""
    with closing(psycopg.connect(server.url("postgres", "postgres"), autocommit=True)) as admin:
        listening = "SELECT FROM pg_stat_activity WHERE usename = %s AND state = 'idle' AND query LIKE 'LISTEN%%'"
        until = monotonic() + PATIENCE
        while admin.execute(listening, (ROLE,)).fetchone() is None:
            assert monotonic() < until
            sleep(0.01)


def test_who_follows_the_log_is_told_of_news(log: MaintainedLog, postgres_server: Server) -> None:
    """By the library's own means: PostgreSQL notifies, and nobody has to ask again and again."""
    with log._application.recorder.subscribe(gt=6) as subscription:
        until_somebody_listens(postgres_server)
        late = Timer(PATIENCE, subscription.stop)  # a follower that is told nothing would wait for ever
        late.start()
        record(log, "d", 2)

        assert next(subscription).originator_version == 7
        late.cancel()


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
