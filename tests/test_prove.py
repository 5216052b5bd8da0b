"""`python -m prove`: a few attacks on each promise, and that a promise which breaks is told of."""

from __future__ import annotations

import os
import re
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import psycopg
import pytest

from domain.entries import entry_from
from prove import __main__ as prove
from prove.killing import (
    ON_A_SERVER,
    WAYS,
    acknowledged,
    befalling,
    databases_killed,
    decree,
    faults_after,
    faults_of,
    founded,
    killed,
    killed_on_a_server,
    works_on,
)
from prove.processes import forked, killed_after
from prove.promises import Promise, Trial, proved, table
from prove.stores import SAFE, Database, File, Store
from prove.tampering import altered, altered_on_a_server, cut_off, cut_off_on_a_server, text_altered
from tests.postgres import Server, server_in_a_folder
from tests.projections.test_erasure import registers_of
from tests.requirements import PROBES
from tests.stores import STORES

SOON = 6  # attacks of each; `make prove` tries a thousand
ON_POSTGRESQL = (killed_on_a_server, databases_killed, altered_on_a_server, cut_off_on_a_server)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that loses nothing, for all attacks here: starting one takes longer than they do."""
    with server_in_a_folder(SAFE) as found:
        yield found


def store_of(request: pytest.FixtureRequest, kind: str, folder: Path) -> Store:
    """A store of that kind."""
    return File(folder / "registers.sqlite") if kind == "sqlite" else Database(request.getfixturevalue("server"))


@pytest.mark.parametrize(
    "attack",
    [
        *(killed, altered, cut_off, text_altered),
        *(pytest.param(attack, marks=pytest.mark.needs("postgresql")) for attack in ON_POSTGRESQL),
    ],
)
def test_a_few_attacks_are_survived(
    tmp_path: Path, attack: object, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kills at random moments, and alterations behind the program's back."""
    for module in ("killing", "tampering"):
        there = lambda _: nullcontext(store_of(request, "postgresql", tmp_path))  # noqa: E731
        monkeypatch.setattr(f"prove.{module}.in_postgresql", there)
    promise = next(promise for promise in prove.PROMISES if promise.attack is attack)

    proof = proved(Promise(promise.name, promise.said, promise.attack), SOON, tmp_path, seed=7)

    assert proof.kept, proof.trial.broken
    assert proof.trial.tried == SOON


@pytest.mark.parametrize("kind", STORES)
def test_what_was_lost_or_is_half_there_or_altered_is_a_fault(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str
) -> None:
    """A check that could not fail would prove nothing."""
    store = store_of(request, kind, tmp_path)
    founded(store)

    assert faults_after(store, {"stood-3"}) == []
    assert faults_after(store, {"new-1"}) == ["lost: ['new-1']"]

    with store.open() as log:
        half = {**decree("half"), "changes": decree("half")["changes"][:2]}
        registers_of(log).record("mint", entry_from(half, "it"), "it")
    assert faults_after(store, set()) == ["half there: ['half']"]

    store.renew()
    assert faults_after(store, {"stood-3"}) == []
    store.alter(("UPDATE stored_events SET state = ? WHERE originator_version = ?", b"{}", 3))
    assert faults_after(store, set())[0].startswith("it does not verify: ")
    store.renew()
    store.alter(("DELETE FROM believed",))
    assert faults_after(store, set())[0].startswith("it does not verify: ")
    store.renew()
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError), match="append-only"):
        store.ask("DELETE FROM stored_events RETURNING originator_version")


@pytest.mark.needs("postgresql")
def test_who_records_while_the_database_is_killed_goes_on_when_it_is_back(tmp_path: Path, server: Server) -> None:
    """He sends again what he was not told of, until all is acknowledged; nothing is there twice."""
    database = Database(server)
    founded(database)
    work = works_on(database, tmp_path, ON_A_SERVER)["recording"]
    for way in WAYS.values():
        database.renew()

        ended = work(befalling(database, way, 0.1))

        database.settle()
        assert (ended.status, faults_of(ended)) == (0, []), ended.err
        assert acknowledged(ended) == {f"new-{number}" for number in range(ON_A_SERVER)}
        assert faults_after(database, acknowledged(ended)) == []


def asleep() -> int:
    """What is killed before it ends."""
    time.sleep(60)
    return 0


def test_a_process_that_hangs_is_ended_and_tells_where(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or `make prove` would wait for ever, and nobody know for what."""
    monkeypatch.setattr("prove.processes.HUNG", 0.1)

    ended = forked(asleep)

    assert ended.status == -14
    assert "in asleep" in ended.err
    assert faults_of(ended)


def telling_much() -> int:
    """Far more of errors than anybody reads the while, and then an answer."""
    sys.stderr.write("x" * 1_000_000)
    sys.stdout.write("done")
    return 0


def test_a_process_that_tells_much_waits_for_nobody() -> None:
    """As one does that tries again and again while its database is away."""

    def until_it_ended(process: int) -> None:
        os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)

    ended = forked(telling_much, until_it_ended)

    assert (ended.status, ended.out, len(ended.err)) == (0, "done", 1_000_000)


def test_a_process_that_is_killed_says_so() -> None:
    """And one that ends by itself tells its status and what it printed."""
    assert forked(lambda: 3).status == 3
    assert "ZeroDivisionError" in forked(lambda: 1 // 0).err
    assert forked(asleep, killed_after(0.05)).status == -9


def test_a_broken_promise_stands_in_the_table_and_is_not_kept(tmp_path: Path) -> None:
    """A promise of which nothing was tried is not kept either."""

    def broken(trial: Trial, tries: int) -> None:
        for number in range(tries):
            trial.survived(f"attack {number}", *(["it fell"] if number == 1 else []))

    fallen = proved(Promise("x", "it stands", broken), 3, tmp_path, seed=1)
    untried = proved(Promise("y", "it is tried", lambda trial, tries: None), 3, tmp_path, seed=1)

    assert (fallen.kept, fallen.trial.broken) == (False, ["attack 1: it fell"])
    assert not untried.kept
    assert "| it stands | 3 | 2 | 0 |  |" in table([fallen])


def test_what_the_machine_lacks_is_left_out_by_name_or_is_a_fault_where_it_is_required(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is to take for tried what was not: not in the table, not in the last line, not by the status."""
    # given
    monkeypatch.setitem(PROBES, "postgresql", lambda: False)
    monkeypatch.setattr("sys.argv", ["prove", "--tries", "5", "--only", "altered", "altered-postgresql"])
    monkeypatch.delenv("REGESTA_REQUIRE", raising=False)

    # when
    status, said = prove.main(), capsys.readouterr()
    monkeypatch.setenv("REGESTA_REQUIRE", "postgresql,dot")
    required = prove.main()

    # then
    assert (status, required) == (0, 1)
    assert said.out.splitlines()[-1] == "left out, for want of postgresql: altered-postgresql"
    assert "| left out, for want of postgresql | | | |\n" in said.out
    assert said.err.splitlines()[-1].startswith("altered-postgresql: left out, for want of postgresql")


def test_the_page_shows_what_a_run_wrote() -> None:
    """With its command, its day and a row for each promise, each survived as often as it was tried."""
    page = prove.PAGE.read_text(encoding="utf-8")
    told = page.partition(prove.MARKS[0])[2].partition(prove.MARKS[1])[0]

    assert re.search(r"`python -m prove .*`; .*; \d{4}-\d\d-\d\d\n", told)
    for promise in prove.PROMISES:
        row = next(line for line in told.splitlines() if line.startswith(f"| {promise.said} |"))
        tried, survived = (cell.strip() for cell in row.split("|")[2:4])
        assert tried == survived != "0"
