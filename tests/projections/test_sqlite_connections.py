"""The connections to an SQLite file: how many are kept, and that the file of writes beside it has an end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from domain.log import Log
from projections.recorders import sqlite_connections
from projections.recorders.sqlite import open_sqlite
from tests.projections.recording import record


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a log will be."""
    return tmp_path / "log.sqlite"


@pytest.fixture
def log(path: Path) -> Iterator[Log]:
    """A log of nothing, there."""
    with open_sqlite(path) as log:
        yield log


def test_the_file_of_writes_ends_though_somebody_always_reads(
    log: Log, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One reader begins before another ends, all day: SQLite alone would add to the file as long as that goes on."""
    # given
    monkeypatch.setattr(sqlite_connections, "WRITES", 200_000)
    log._recorder.datastore._writes_most = 200_000  # type: ignore[attr-defined]
    stop = threading.Event()
    begun = threading.Barrier(3)

    def read(first: float) -> None:
        begun.wait()
        stop.wait(first)
        while not stop.is_set():
            with log._recorder.moment() as moment:
                moment.streams()
                stop.wait(0.02)

    # when
    sizes = []
    with ThreadPoolExecutor(2) as threads:
        reading = [threads.submit(read, first) for first in (0.0, 0.01)]
        begun.wait()
        for number in range(30):
            record(log, f"entry-{number}", 20)
            sizes.append(path.with_name(f"{path.name}-wal").stat().st_size)
        stop.set()
        for one in reading:
            one.result()

    # then
    assert sizes[-1] < 3 * 200_000, sizes
    assert 0 in sizes, "it was emptied"


def test_a_reader_who_takes_long_holds_no_writer_up(log: Log, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of writes cannot end before he does; that is tried again when it is twice as long."""
    # given
    monkeypatch.setattr(sqlite_connections, "WRITES", 100_000)
    monkeypatch.setattr(sqlite_connections, "PAUSE", 0)
    store = log._recorder.datastore  # type: ignore[attr-defined]
    store._writes_most = 100_000

    # when
    with log._recorder.moment() as moment:
        moment.streams()
        for number in range(10):
            record(log, f"entry-{number}", 20)
        put_off = store._writes_most
    for number in range(20):
        record(log, f"later-{number}", 20)

    # then
    assert put_off > 2 * 100_000
    assert store._writes_most == 100_000, "once he had gone"


def test_only_a_few_connections_are_kept(log: Log) -> None:
    """Each remembers pages of the file: those of a crowd are closed when it has gone."""
    store = log._recorder.datastore  # type: ignore[attr-defined]

    with ExitStack() as crowd:
        for _ in range(sqlite_connections.KEPT + 10):
            crowd.enter_context(store.transaction(commit=False))

    assert len(store.pool._pool) == sqlite_connections.KEPT
