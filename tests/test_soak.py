"""A short soak, with a real server that is killed midway; and what a soak sees if something is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bench.clients import FOUNDING, REGISTER, Ledger, entry
from bench.places import InFile
from bench.soaking import WRITERS, Look, grown, growths, judged, lost, soaked
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
    assert told.events == 2 + 5 * len(told.ledger.acknowledged), "nothing that no writer knows of"
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
        right = list(lost({"0-0": [3, 7], "0-1": [8, 12]}, rows))
        wrong = list(lost({"0-0": [3, 7], "0-1": [9, 13], "0-2": [14, 18]}, rows))
        half = list(lost({}, rows[:-1]))

    # then
    assert right == []
    assert wrong == [
        "LOST: 0-1 was acknowledged at 9-13 and stands at [8, 9, 10, 11, 12]",
        "LOST: 0-2 was acknowledged at 14-18 and stands at none",
    ]
    assert half == ["HALF: 0-1 has 4 events of 5"]


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


def course(memory: Callable[[int], float], events: Callable[[int], int] = lambda at: 0) -> list[Look]:
    """Looks at one server over five minutes, of which garbage lies about for seven seconds at a time."""
    return [Look(at, events(at), (memory(at) + 3 * (at % 7),)) for at in range(301)]


def told(looks: list[Look]) -> list[str]:
    """What is said of the server."""
    return list(grown(growths(looks)))


def test_a_server_is_well_that_holds_what_it_held_a_third_of_the_time_before() -> None:
    """However much it grew until what it keeps was full."""
    assert told(course(lambda at: min(100 + at, 280))) == []


def test_a_server_that_grows_without_end_is_told_of() -> None:
    """Two hundred kilobytes a second are a gigabyte in an hour and a half."""
    (line,) = told(course(lambda at: 200 + 0.2 * at))

    assert line.startswith("it grows: server 0: 249 MB and +20.")


def test_a_server_may_keep_something_of_every_event() -> None:
    """As long as what it keeps of events is not full; more than that is told of."""
    assert told(course(lambda at: 200 + 0.15 * at, lambda at: 20 * at)) == []
    assert told(course(lambda at: 200 + 0.3 * at, lambda at: 20 * at)) != []


def test_of_several_servers_the_one_that_grows_is_named() -> None:
    """The others are well."""
    looks = [Look(at, 0, (200.0, 200.0 + at)) for at in range(301)]

    (line,) = told(looks)

    assert line.startswith("it grows: server 1: 400 MB and +100.0 MB over 0 events")


def test_short_soaks_say_that_memory_is_not_judged() -> None:
    """What a server keeps is not full by then."""
    assert not judged(60)
    assert judged(300)
