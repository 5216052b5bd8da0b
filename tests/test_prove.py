"""`python -m prove`: a few attacks on each promise, and that a promise which breaks is told of."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from domain.entries import entry_from
from projections.recorders.sqlite import open_sqlite
from prove import __main__ as prove
from prove.killing import decree, faults_after, founded, killed
from prove.processes import forked
from prove.promises import Promise, Trial, proved, table
from prove.tampering import altered, cut_off, text_altered
from tests.api.test_cli_log import tamper
from tests.projections.test_erasure import registers_of

SOON = 6  # attacks of each; `make prove` tries a thousand


@pytest.mark.parametrize("attack", [killed, altered, cut_off, text_altered])
def test_a_few_attacks_are_survived(tmp_path: Path, attack: object) -> None:
    """Kills at random moments, and alterations behind the program's back."""
    promise = next(promise for promise in prove.PROMISES if promise.attack is attack)

    proof = proved(Promise(promise.name, promise.said, promise.attack), SOON, tmp_path, seed=7)

    assert proof.kept, proof.trial.broken
    assert proof.trial.tried == SOON


def test_what_was_lost_or_is_half_there_or_altered_is_a_fault(tmp_path: Path) -> None:
    """A check that could not fail would prove nothing."""
    file = tmp_path / "registers.sqlite"
    file.write_bytes(founded(file))

    assert faults_after(file, {"stood-3"}) == []
    assert faults_after(file, {"new-1"}) == ["lost: ['new-1']"]

    with open_sqlite(file) as log:
        half = {**decree("half"), "changes": decree("half")["changes"][:2]}
        registers_of(log).record("mint", entry_from(half, "it"), "it")
    assert faults_after(file, set()) == ["half there: ['half']"]

    tamper(file, "UPDATE stored_events SET state = x'7b7d' WHERE originator_version = 3")
    assert faults_after(file, set())[0].startswith("it does not verify: ")


def asleep() -> int:
    """What is killed before it ends."""
    time.sleep(60)
    return 0


def test_a_process_that_is_killed_says_so() -> None:
    """And one that ends by itself tells its status and what it printed."""
    assert forked(lambda: 3).status == 3
    assert "ZeroDivisionError" in forked(lambda: 1 // 0).err
    assert forked(asleep, kill_after=0.05).status == -9


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


def test_the_page_shows_what_a_run_wrote() -> None:
    """With its command, its day and a row for each promise, each survived as often as it was tried."""
    page = prove.PAGE.read_text(encoding="utf-8")
    told = page.partition(prove.MARKS[0])[2].partition(prove.MARKS[1])[0]

    assert re.search(r"`python -m prove .*`; .*; \d{4}-\d\d-\d\d\n", told)
    for promise in prove.PROMISES:
        row = next(line for line in told.splitlines() if line.startswith(f"| {promise.said} |"))
        tried, survived = (cell.strip() for cell in row.split("|")[2:4])
        assert tried == survived != "0"
