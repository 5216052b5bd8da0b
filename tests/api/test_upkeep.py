"""The read tables of a file: made where they are missing, older or behind, made anew, and proved."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from domain.dates import day
from domain.entries import entry_from
from domain.recording import Registers, utc_now
from projections.recorders import sqlite_upkeep
from projections.recorders.sqlite import SQLiteLogFactory, open_sqlite
from projections.recorders.sqlite_read_tables import TABLES
from projections.tables.reading import Reader
from projections.tables.rebuilding import Builder, MaintainedLog
from projections.tables.version import VERSION
from tests.api.commandline import entry, established, folder_of, in_this_process, kill_a_rebuild, regesta

Say = pytest.CaptureFixture[str]
ENTRIES = {
    **{f"{n}.yaml": entry(f"decree-{n}", established(f"unit-{n}", f"180{n}")) for n in range(1, 7)},
    "7.yaml": entry("withheld", {"kind": "redacted", "targets": ["decree-2#1"], "scope": "all", "ground": "law"}),
    "8.yaml": entry(
        "mended",
        {
            "kind": "corrected",
            "target": "decree-3#1",
            "change": established("unit-3", "1804"),
            "reason": "misread",
        },
    ),
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database with two registers, in each a correction and something withheld."""
    place = tmp_path_factory.mktemp("registers")
    for institution in ("mint", "salt"):
        folder = folder_of(place / institution, institution, ENTRIES)
        done = regesta(place / "regesta.sqlite", "import", folder)
        assert done.returncode == 0, done.stdout
    return (place / "regesta.sqlite").read_bytes()


@pytest.fixture
def db(tmp_path: Path, recorded: bytes) -> Path:
    """A database of the test's own, with those registers."""
    file = tmp_path / "regesta.sqlite"
    file.write_bytes(recorded)
    return file


def run(file: Path, *statements: str) -> None:
    """Does by hand what no command does."""
    with sqlite3.connect(file) as database:
        for statement in statements:
            database.execute(statement)
    database.close()


def rows(file: Path) -> dict[str, int]:
    """Table → how many rows it has."""
    with sqlite3.connect(file) as database:
        found = {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}
    database.close()
    return found


def without_tables(file: Path) -> None:
    """As a program left it that kept none."""
    run(file, *(f"DROP TABLE {table}" for table in TABLES))


def of_another_version(file: Path) -> None:
    """As a program left it whose tables held something else."""
    run(
        file,
        f"UPDATE tables_of SET version = {VERSION - 1}",
        "DROP TABLE causes",
        "CREATE TABLE causes (body TEXT)",
        "UPDATE believed SET life = life + 1",
    )


def behind(file: Path) -> None:
    """As a program left it that kept no tables, and recorded after one that did."""
    without_tables(file)
    with sqlite3.connect(file) as database:
        events = database.execute("SELECT * FROM stored_events ORDER BY rowid").fetchall()
        triggers = database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name}")
        database.execute("DELETE FROM stored_events WHERE originator_version > 3")
    database.close()
    open_sqlite(file).close()
    with sqlite3.connect(file) as database:
        marks = ", ".join("?" * len(events[0]))
        database.executemany(f"INSERT OR IGNORE INTO stored_events VALUES ({marks})", events)
        for _, sql in triggers:
            database.execute(sql)
    database.close()


@pytest.mark.parametrize("left", [without_tables, of_another_version, behind])
def test_tables_catch_up_when_the_file_is_opened(db: Path, left: Callable[[Path], None]) -> None:
    """Who updates the program has no step to remember, and is never answered from half a table."""
    # given
    asked = ("structure", "mint", "--as-of", "1806-01-01", "--json")
    before, whole = regesta(db, *asked), rows(db)
    left(db)

    # when
    after = regesta(db, *asked)

    # then
    assert (after.returncode, after.stdout) == (0, before.stdout), after.stderr
    assert rows(db) == whole
    verified = regesta(db, "verify")
    assert (verified.returncode, verified.stdout.count("the tables agree")) == (0, 2)
    assert not db.with_name(f"{db.name}-building").exists()


def test_rebuild_leaves_the_same_tables(db: Path) -> None:
    """What is made anew tells the same, and nothing of the old is left in the file."""
    before = rows(db)
    run(db, 'UPDATE believed SET "values" = \'"name":{"en":"Forged"}\' WHERE thing = 1')
    assert regesta(db, "verify").returncode == 1

    done = regesta(db, "rebuild", "mint")

    assert (done.returncode, done.stdout) == (0, "mint: the tables are made anew, up to position 9\n"), done.stderr
    assert regesta(db, "verify").returncode == 0
    assert rows(db) == before


def test_a_rebuild_that_is_killed_changes_nothing(db: Path) -> None:
    """The tables in use go on answering; the next to open the file clears what was left."""
    # given
    before = rows(db)
    kill_a_rebuild(db)
    half = sqlite3.connect(db)
    left = half.execute("SELECT count(*) FROM tables_of WHERE institution LIKE '%|%'").fetchone()[0]
    half.close()

    # when
    answered = regesta(db, "verify")

    # then
    assert left == 1
    assert answered.returncode == 0, answered.stderr
    assert rows(db) == before


def test_readers_and_writers_go_on_while_tables_are_made(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two pages one reads the old tables, and what is recorded then is in the new ones."""
    # given a builder that pauses after each entry, and somebody who reads and records meanwhile
    monkeypatch.setattr(Builder.page, "__defaults__", (0.0,))
    told: list[bytes] = []
    with open_sqlite(db) as log, open_sqlite(db) as other:
        reader = Reader(other)

        def meanwhile(_: float) -> None:
            with reader.at("mint", 9) as reading:
                told.append(reading.structure(day("1809-01-01")))
            if len(told) == 2:
                assert regesta(db, "import", db.parent / "more.jsonl", "--institution", "mint").returncode == 0

        monkeypatch.setattr(sqlite_upkeep, "time", SimpleNamespace(sleep=meanwhile))
        (db.parent / "more.jsonl").write_text(
            '{"entry": "late", "changes": [{"kind": "unit-renamed", "unit": "unit-4",'
        )
        with (db.parent / "more.jsonl").open("a") as more:
            more.write('"name": {"en": "Late"}, "effective": "1810-01-01"}]}\n')

        # when
        log.upkeep.rebuild("mint", lambda *_: None)

    # then
    assert len(told) > 5
    assert set(told) == {told[0]}
    assert b"unit-4" in told[0]
    verified = regesta(db, "verify", "mint")
    assert verified.returncode == 0, verified.stderr
    assert "position 10" in verified.stdout


def test_a_keeper_does_not_outlive_the_tables_it_read(db: Path, tmp_path: Path) -> None:
    """A server that goes on recording after a rebuild elsewhere writes into the new tables."""
    with open_sqlite(db) as log:
        registers = Registers(log, utc_now, log.history)
        registers.record("mint", entry_from(entry("one", established("one", "1807")), "one"), "test")
        assert regesta(db, "rebuild", "mint").returncode == 0
        renamed = {"kind": "unit-renamed", "unit": "one", "name": {"en": "Two"}, "effective": "1808"}
        registers.record("mint", entry_from(entry("two", renamed), "two"), "test")

    verified = regesta(db, "verify", "mint")
    assert verified.returncode == 0, verified.stderr


@pytest.mark.parametrize("how", [[], ["--sample", "100"]])
@pytest.mark.parametrize(
    "altered", ["\"values\" = replace(\"values\", 'Unit-4', 'Unit-X')", "evidence = evidence + 1", "hi = hi - 1"]
)
def test_verify_names_the_thing_that_the_tables_tell_otherwise(
    db: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say, altered: str, how: list[str]
) -> None:
    """The log is what holds; a table that says otherwise is found before a reader is misled."""
    run(db, f"UPDATE believed SET {altered} WHERE \"key\" = 'unit|unit-4' AND stream = 1")

    status = in_this_process(monkeypatch, db, "verify", *how)
    told = capsys.readouterr()

    assert status == 1
    first, *_ = told.err.splitlines()
    assert first.startswith("mint: unit|unit-4, 1804-01-01, as known at position 9: the tables say ")
    assert "salt: " in told.out
    assert "mint: the tables agree" not in told.out


def test_verify_misses_no_row_that_is_gone(db: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say) -> None:
    """A unit without a row is a unit that nobody is told of."""
    run(db, "DELETE FROM believed WHERE \"key\" = 'unit|unit-5' AND stream = 2")

    assert in_this_process(monkeypatch, db, "verify") == 1
    assert "salt: unit|unit-5" in capsys.readouterr().err
    assert in_this_process(monkeypatch, db, "verify", "salt", "--sample", "100") == 1
    assert "salt: unit|unit-5" in capsys.readouterr().err


def test_what_an_older_program_recorded_meanwhile_is_taken_in_with_the_next_entry(db: Path) -> None:
    """Tables are never kept on top of a gap."""
    behind(db)
    log = MaintainedLog(SQLiteLogFactory(str(db)))  # opened before the older program recorded
    with log:
        registers = Registers(log, utc_now)
        registers.record("mint", entry_from(entry("one", established("one", "1807")), "one"), "test")

    verified = regesta(db, "verify", "mint")
    assert verified.returncode == 0, verified.stderr
