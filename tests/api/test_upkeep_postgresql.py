"""The read tables of a PostgreSQL database: made where they are older or behind, made anew, and proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.dates import day
from domain.errors import StoreUnusable
from projections.recorders.postgres import open_postgres
from projections.recorders.postgres_read_tables import READ_TABLES
from projections.tables.reading import Reader
from projections.tables.rebuilding import Builder
from projections.tables.version import VERSION
from tests.api.commandline import entry, established, folder_of, in_this_process, kill_a_rebuild, regesta
from tests.api.test_upkeep import ENTRIES
from tests.postgres import OWNER, Server

pytestmark = pytest.mark.needs("postgresql")

Say = pytest.CaptureFixture[str]
ASKED = ("structure", "mint", "--as-of", "1806-01-01", "--json")


@pytest.fixture
def db(postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say) -> str:
    """The address of a database with two registers, in each a correction and something withheld."""
    url = postgres_server.url(postgres_server.database())
    for institution in ("mint", "salt"):
        folder = folder_of(tmp_path / institution, institution, ENTRIES)
        assert in_this_process(monkeypatch, url, "import", folder) == 0
    capsys.readouterr()
    return url


@pytest.fixture
def owner(db: str) -> Iterator[psycopg.Connection[Any]]:
    """Its owner, who can do by hand what no command does."""
    with closing(psycopg.connect(db.replace("regesta_app@", f"{OWNER}@"), autocommit=True)) as opened:
        opened.execute("SET search_path = regesta")
        yield opened


def rows(owner: psycopg.Connection[Any]) -> dict[str, int]:
    """Table → how many rows it has."""
    return {table: owner.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in READ_TABLES}  # type: ignore[index]


def without_tables(owner: psycopg.Connection[Any]) -> None:
    """As after a restore of the log alone."""
    for table in READ_TABLES:
        owner.execute(f"DELETE FROM {table}")


def of_another_version(owner: psycopg.Connection[Any]) -> None:
    """As a program left it whose tables held something else."""
    owner.execute("UPDATE tables_of SET version = %s", (VERSION - 1,))
    owner.execute("UPDATE believed SET life = life + 1")


def behind(owner: psycopg.Connection[Any]) -> None:
    """As a program left it that kept no tables, and recorded after one that did."""
    owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
    owner.execute("CREATE TEMPORARY TABLE later AS SELECT * FROM stored_events WHERE originator_version > 3")
    owner.execute("DELETE FROM stored_events WHERE originator_version > 3")
    without_tables(owner)
    name = owner.info.dbname
    with open_postgres(f"postgresql://regesta_app@/{name}?host={owner.info.host}&port={owner.info.port}"):
        pass
    owner.execute("INSERT INTO stored_events SELECT * FROM later")
    for trigger in ("one_writer", "no_gap", "append_only"):
        owner.execute(f"ALTER TABLE stored_events ENABLE ALWAYS TRIGGER {trigger}")


@pytest.mark.parametrize("left", [without_tables, of_another_version, behind])
def test_tables_catch_up_when_the_database_is_opened(
    db: str,
    owner: psycopg.Connection[Any],
    left: Callable[[psycopg.Connection[Any]], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: Say,
) -> None:
    """Who updates the program has no step to remember, and is never answered from half a table."""
    # given
    assert in_this_process(monkeypatch, db, *ASKED) == 0
    before, whole = capsys.readouterr().out, rows(owner)
    left(owner)

    # when
    assert in_this_process(monkeypatch, db, *ASKED) == 0

    # then
    assert capsys.readouterr().out == before
    assert rows(owner) == whole
    assert in_this_process(monkeypatch, db, "verify") == 0
    assert capsys.readouterr().out.count("the tables agree") == 2


def test_rebuild_leaves_the_same_tables(
    db: str, owner: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, capsys: Say
) -> None:
    """What is made anew tells the same, and nothing of the old is left."""
    before = rows(owner)
    forged = """UPDATE believed SET "values" = '"name":{"en":"Forged"}' WHERE "key" = 'unit|unit-1'"""
    assert owner.execute(f"{forged} AND stream = (SELECT min(stream) FROM tables_of)").rowcount == 1
    assert in_this_process(monkeypatch, db, "verify") == 1
    assert in_this_process(monkeypatch, db, "verify", "--sample", "100") == 1
    capsys.readouterr()

    assert in_this_process(monkeypatch, db, "rebuild", "mint") == 0

    assert capsys.readouterr().out == "mint: the tables are made anew, up to position 9\n"
    assert in_this_process(monkeypatch, db, "verify") == 0
    assert rows(owner) == before


def test_a_rebuild_that_is_killed_changes_nothing(db: str, owner: psycopg.Connection[Any]) -> None:
    """The tables in use go on answering; the next to open the database clears what was left."""
    # given
    before = rows(owner)
    kill_a_rebuild(db)
    while owner.execute("SELECT FROM pg_locks WHERE locktype = 'advisory'").fetchone() is not None:
        pass  # the database has not yet seen that he is gone
    left = owner.execute("SELECT count(*) FROM tables_of WHERE institution LIKE '%|%'").fetchone()

    # when
    answered = regesta(db, "verify")

    # then
    assert left == (1,)
    assert answered.returncode == 0, answered.stderr
    assert rows(owner) == before


def test_readers_and_writers_go_on_while_tables_are_made(
    db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say
) -> None:
    """Between two pages one reads the old tables, and what is recorded then is in the new ones."""
    # given a builder that pauses after each entry, and somebody who reads and records meanwhile
    monkeypatch.setattr(Builder.page, "__defaults__", (0.0,))
    told: list[bytes] = []
    more = tmp_path / "more.jsonl"
    more.write_text(
        '{"entry": "late", "changes": [{"kind": "unit-renamed", "unit": "unit-4", "name": {"en": "Late"},'
        ' "effective": "1810-01-01"}]}\n'
    )
    with open_postgres(db) as log, open_postgres(db) as other:
        reader = Reader(other)

        def meanwhile(*_: object) -> None:
            with reader.at("mint", 9) as reading:
                told.append(reading.structure(day("1809-01-01")))
            if len(told) == 2:
                done = regesta(db, "import", more, "--institution", "mint")
                assert done.returncode == 0, done.stderr

        # when
        log.upkeep.rebuild("mint", meanwhile)

    # then
    assert len(told) > 5
    assert set(told) == {told[0]}
    assert b"unit-4" in told[0]
    assert in_this_process(monkeypatch, db, "verify", "mint") == 0
    assert "position 10" in capsys.readouterr().out


def test_programs_of_two_versions_do_not_read_each_others_tables(db: str, owner: psycopg.Connection[Any]) -> None:
    """While servers are updated one by one, the old ones say that they are old."""
    with open_postgres(db) as log:
        owner.execute("UPDATE tables_of SET version = %s", (VERSION + 1,))

        with pytest.raises(StoreUnusable, match=f"this program is of {VERSION}"), log.shelf("mint"):
            pass
        with pytest.raises(StoreUnusable), log.page("mint") as page:
            page.history()
        assert log.verify("mint").position == 9


def test_what_was_dumped_and_restored_goes_on(
    db: str, postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say
) -> None:
    """The database's own backups are backups of registers: head, tables, guards and all."""
    # given
    assert in_this_process(monkeypatch, db, "verify") == 0
    verified = capsys.readouterr().out
    copy = postgres_server.database(prepared=False)
    dump = postgres_server.folder / f"{copy}.dump"

    # when
    name = db.partition("?")[0].rpartition("/")[2]
    postgres_server.run("pg_dump", "-Fc", "-f", dump, "-d", postgres_server.url(name, OWNER))
    postgres_server.run("pg_restore", "-e", "-d", postgres_server.url(copy, OWNER), dump)

    # then
    restored = postgres_server.url(copy)
    assert in_this_process(monkeypatch, restored, "verify") == 0
    assert capsys.readouterr().out == verified
    more = folder_of(tmp_path / "more", "mint", ENTRIES | {"9.yaml": entry("more", established("more", "1809"))})
    assert in_this_process(monkeypatch, restored, "import", more) == 0
    assert in_this_process(monkeypatch, restored, "verify") == 0
    with closing(psycopg.connect(postgres_server.url(copy, OWNER))) as opened, pytest.raises(psycopg.IntegrityError):
        opened.execute("DELETE FROM regesta.stored_events")
