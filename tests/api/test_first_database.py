"""PostgreSQL databases as earlier versions of the program left them, brought up by today's `store prepare`.

`tests/data/first-database.sql.gz` and `second-database.sql.gz` are what pg_dump wrote of databases of the forms 1 and
2, made by `store prepare` at the commits 803d520 and 7a6e8ba; into each the program of that commit loaded the log of
`first-file.sqlite.gz`. Keys of the first have no end and no institutions; neither can erase.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

import psycopg
import pytest

from projections.recorders.postgres_schema import FORM, MARK, mark_in
from projections.tables.version import VERSION
from tests.api.commandline import in_this_process
from tests.api.test_cli_serve import serving
from tests.api.test_first_file import HEAD, NAME, SECRET
from tests.postgres import OWNER, ROLE, Server

pytestmark = pytest.mark.needs("postgresql")

FORMS = {1: "first", 2: "second"}
DATA = Path(__file__).parents[1] / "data"
LOG = "SELECT originator_version, topic, notification_id, entry, number, recorded, digest, hash FROM stored_events"

Ask: TypeAlias = Callable[[str], list[tuple[Any, ...]]]
Run: TypeAlias = Callable[..., tuple[int, str, str]]


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> int:
    """Each form there was."""
    found: int = request.param
    return found


@pytest.fixture
def name(form: int, postgres_server: Server) -> str:
    """The database of that form, as it was left."""
    postgres_server.database()  # so that there are an owner and a role
    name = postgres_server.database(prepared=False)
    dump = postgres_server.put(f"{name}.sql", gzip.decompress((DATA / f"{FORMS[form]}-database.sql.gz").read_bytes()))
    into = postgres_server.url(name, "postgres")
    postgres_server.run("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "-d", into, "-f", dump)
    return name


@pytest.fixture
def ask(name: str, postgres_server: Server) -> Iterator[Ask]:
    """What the database itself tells its owner."""
    with closing(psycopg.connect(postgres_server.url(name, OWNER), autocommit=True)) as owner:
        owner.execute("SET search_path = regesta")

        def asked(query: str) -> list[tuple[Any, ...]]:
            answer = owner.execute(query)
            return answer.fetchall() if answer.description else []

        yield asked


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command on a database: its status, what it printed, and what it said of errors."""

    def run(database: str, *arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = in_this_process(monkeypatch, database, *arguments)
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def db(name: str, postgres_server: Server) -> str:
    """Its address for who records."""
    return postgres_server.url(name)


@pytest.fixture
def owned(name: str, postgres_server: Server) -> str:
    """Its address for its owner."""
    return postgres_server.url(name, OWNER)


def test_no_form_that_was_is_forgotten(form: int, ask: Ask, owned: str) -> None:
    """Or else nothing would be proved here."""
    assert list(FORMS) == list(range(1, FORM))
    with closing(psycopg.connect(owned)) as owner:
        assert mark_in(owner) == MARK.replace(f"tables {FORM}", f"tables {form}")
    assert ask("SELECT version FROM tables_of")[0][0] < VERSION
    assert [entry for entry, number, state in ask("SELECT entry, number, state FROM stored_events") if NAME in state]


def test_a_database_of_an_earlier_form_is_refused_and_left_as_it_is(db: str, ask: Ask, run: Run) -> None:
    """Whatever is asked of it: it is said what is to be done, and by whom."""
    everything = f"{LOG} ORDER BY 1"
    before = ask(everything), ask("SELECT * FROM keys"), ask("SELECT * FROM things ORDER BY id")

    for asked in (("verify",), ("structure", "mint", "--as-of", "1811-07-01"), ("token", "list"), ("rebuild",)):
        status, out, err = run(db, *asked)

        assert (status, out) == (1, ""), asked
        assert "an earlier version made its tables; its owner's `store prepare --role" in err
    assert (ask(everything), ask("SELECT * FROM keys"), ask("SELECT * FROM things ORDER BY id")) == before


def test_store_prepare_brings_it_up_and_loses_nothing(
    db: str, ask: Ask, owned: str, run: Run, postgres_server: Server
) -> None:
    """The log is the same log, its tables are of today, and what its redaction withheld is erased."""
    # given
    log = ask(f"{LOG} ORDER BY 1")

    # when
    status, out, err = run(owned, "store", "prepare", "--role", ROLE)

    # then
    assert status == 0, err
    assert "so 1 events were erased" in out
    whole = f"mint: whole, up to position 11, hash {HEAD}\nmint: the tables agree with the log\n"
    assert run(db, "verify")[:2] == (0, whole)
    assert ask(f"{LOG} ORDER BY 1") == log
    assert ask("SELECT version, position FROM tables_of") == [(VERSION, 11)]
    assert ask("SELECT entry, number FROM stored_events WHERE octet_length(state) = 0") == [("1724-decree", 4)]
    assert NAME not in b"".join(state for (state,) in ask("SELECT state FROM stored_events"))

    # and it is a database like one that was made today
    new = postgres_server.url(postgres_server.database(), OWNER)
    assert looks(owned) == looks(new)
    assert run(owned, "store", "prepare") == (0, "schema regesta: it was there\n", "")


def looks(url: str) -> list[tuple[Any, ...]]:
    """Columns, triggers, indexes and rights of what lies in a database."""
    queries = (
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_schema = 'regesta' ORDER BY table_name, ordinal_position",
        "SELECT tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
        "SELECT proname, prosrc FROM pg_proc JOIN pg_namespace AS n ON n.oid = pronamespace JOIN pg_language AS l"
        " ON l.oid = prolang WHERE nspname = 'regesta' AND lanname = 'plpgsql' ORDER BY 1",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'regesta' ORDER BY 1",
        "SELECT relname, attname, attstattarget FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid"
        " JOIN pg_namespace AS n ON n.oid = relnamespace WHERE nspname = 'regesta' AND attstattarget = 0 ORDER BY 1, 2",
        "SELECT table_name, privilege_type FROM information_schema.table_privileges"
        f" WHERE table_schema = 'regesta' AND grantee = '{ROLE}' ORDER BY 1, 2",
        "SELECT table_name, column_name, privilege_type FROM information_schema.column_privileges"
        f" WHERE table_schema = 'regesta' AND grantee = '{ROLE}' ORDER BY 1, 2, 3",
    )
    with closing(psycopg.connect(url)) as owner:
        return [row for query in queries for row in owner.execute(query).fetchall()]


def test_keys_and_questions_of_that_time_are_good(db: str, ask: Ask, owned: str, run: Run) -> None:
    """Its clerk goes on recording with the old key; a correction of that time still holds; what guards the log does."""
    assert run(owned, "store", "prepare", "--role", ROLE)[0] == 0
    more = {
        "entry": "1825-decree",
        "effective": "1825-01-01",
        "changes": [{"kind": "unit-renamed", "unit": "department", "name": {"en": "Department of Mines"}}],
    }
    with serving(db) as server:
        # when
        eve = server.ask("/v1/institutions/mint/structure?as_of=1724-02-10&known_at=10")
        day = server.ask("/v1/institutions/mint/structure?as_of=1724-02-11")
        recorded = server.ask("/v1/institutions/mint/entries", more, SECRET)

    # then
    assert "office" not in eve[1]["units"]
    assert day[1]["known_at"]["hash"] == HEAD
    assert day[1]["units"]["office"]["name"] == {"en": "Office of Coin"}
    assert (recorded[0], recorded[1]["positions"]) == (201, [12, 12])
    assert run(db, "verify")[0] == 0
    for statement in ("DELETE FROM stored_events", "UPDATE stored_events SET recorded = recorded"):
        with pytest.raises(psycopg.IntegrityError, match="append-only"):
            ask(statement)


@pytest.mark.parametrize("form", [max(FORMS)], indirect=True)
def test_a_role_that_was_not_named_again_is_told_so(db: str, owned: str, run: Run) -> None:
    """The tables that were made anew are not its own: it is said what the owner has to do."""
    assert run(owned, "store", "prepare")[0] == 0

    status, _, err = run(db, "verify")

    assert status == 1
    assert "permission denied" in err
    assert "`store prepare --role ROLE` gives what is needed" in err
    assert run(owned, "store", "prepare", "--role", ROLE)[0] == 0
    assert run(db, "verify")[0] == 0


@pytest.mark.parametrize("form", [max(FORMS)], indirect=True)
def test_a_database_that_cannot_be_brought_up_is_left_as_it_is(db: str, ask: Ask, owned: str, run: Run) -> None:
    """All of it or nothing: what is in the way is named."""
    # given a table of somebody else's that hangs on one of ours
    ask("CREATE VIEW public.mine AS SELECT * FROM regesta.things")
    before = ask("SELECT * FROM things ORDER BY id"), ask("SELECT count(*) FROM stored_events WHERE state = ''")

    # when
    status, _, err = run(owned, "store", "prepare", "--role", ROLE)

    # then
    assert status == 1
    assert "view mine depends on table things" in " ".join(err.replace("public.", "").split())
    assert (
        ask("SELECT * FROM things ORDER BY id"),
        ask("SELECT count(*) FROM stored_events WHERE state = ''"),
    ) == before
    ask("DROP VIEW public.mine")
    assert run(owned, "store", "prepare", "--role", ROLE)[0] == 0
    assert run(db, "verify")[0] == 0
