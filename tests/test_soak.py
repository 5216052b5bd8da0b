"""A short soak, with a real server that is killed midway; and what a soak sees if something is lost."""

from __future__ import annotations

from pathlib import Path

from bench.clients import FOUNDING, REGISTER, Ledger, entry
from bench.places import InFile
from bench.soaking import WRITERS, grown, lost, soaked
from domain.entries import entry_from
from domain.recording import Registers, utc_now
from projections.recorders.sqlite import open_sqlite

SECONDS = 2


def test_a_short_soak_loses_nothing(tmp_path: Path) -> None:
    """Under readers and writers a server is killed and run again: all that was acknowledged stands, and verifies."""
    # when
    told = soaked(InFile(tmp_path / "soak.sqlite", tmp_path), 1, SECONDS, tmp_path)

    # then
    assert told.faults == [], str(told)
    assert len(told.ledger.acknowledged) >= WRITERS
    assert told.events == 2 + 4 * len(told.ledger.acknowledged), "nothing that no writer knows of"
    assert "Nothing is lost" in str(told)


def test_a_soak_sees_what_is_lost_and_what_stands_elsewhere() -> None:
    """An entry that is not there, and one that was promised other positions."""
    with open_sqlite(":memory:") as log:
        # given
        registers = Registers(log, utc_now, log.history)
        for given in (FOUNDING, entry("0-0", 0), entry("0-1", 1)):
            registers.record(REGISTER, entry_from(given, "a test"), by="test")

        # when
        rows = list(log.read(REGISTER))
        right = list(lost({"0-0": [3, 6], "0-1": [7, 10]}, rows))
        wrong = list(lost({"0-0": [3, 6], "0-1": [8, 11], "0-2": [12, 15]}, rows))
        half = list(lost({}, rows[:-1]))

    # then
    assert right == []
    assert wrong == [
        "LOST: 0-1 was acknowledged at 8-11 and stands at [7, 8, 9, 10]",
        "LOST: 0-2 was acknowledged at 12-15 and stands at none",
    ]
    assert half == ["HALF: 0-1 has 3 events of 4"]


def test_a_client_keeps_account_of_what_nobody_should_be_answered() -> None:
    """503 while a database is down is borne; 500 is not, nor is an entry that moved."""
    # given
    ledger = Ledger()

    # when
    ledger.note("thing", 503, 0.1, (200,), b"")
    ledger.note("thing", 500, 0.1, (200,), b"Internal Server Error")
    ledger.acknowledge("0-0", [3, 6])
    ledger.acknowledge("0-0", [7, 10])

    # then
    assert ledger.faults == ["thing: 500 Internal Server Error", "0-0: at [3, 6], and then at [7, 10]"]
    assert ledger.statuses["thing"] == {503: 1, 500: 1}


def test_a_server_that_grows_is_told_of() -> None:
    """Beside what it held before anything was killed."""
    assert list(grown({0.5: [100.0, 100.0], 1.0: [190.0, 195.0]})) == ["server 1 grew from 100 to 195 MB"]
