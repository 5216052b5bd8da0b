"""What an entry writes to the tables of a PostgreSQL database, held back and sent in few statements."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from projections.recorders.postgres import open_postgres
from projections.recorders.postgres_writes import Waiting
from tests.postgres import Server
from tests.projections.recording import record


class Told:
    """A cursor that keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, list[list[Any]]]] = []

    def execute(self, query: str, values: list[list[Any]]) -> None:
        """Keep it."""
        self.told.append((query, values))


def sent(*puts: tuple[str, str, list[tuple[Any, ...]], slice | None]) -> list[tuple[str, list[list[Any]]]]:
    """What is run after *puts*: (table, query, rows of (thing, value), key)."""
    cursor = Told()
    waiting = Waiting(cursor)  # type: ignore[arg-type]  # all that is asked of it
    for table, query, rows, key in puts:
        waiting.put(table, query, rows, of=0, key=key)
    waiting.send()
    waiting.send()
    return cursor.told


def test_a_statement_takes_the_rows_of_many_things() -> None:
    """Each statement is a message to another process, and waits for its answer."""
    told = sent(
        ("edges", "drop", [(1, "a")], None),
        ("edges", "add", [(1, "b")], None),
        ("points", "add", [(9, "x")], None),
        ("edges", "drop", [(2, "c")], None),
        ("edges", "add", [(2, "d"), (2, "e")], None),
    )
    assert told == [
        ("drop", [[1, 2], ["a", "c"]]),
        ("add", [[1, 2, 2], ["b", "d", "e"]]),
        ("add", [[9], ["x"]]),
    ]


def test_what_is_written_of_one_thing_keeps_its_order() -> None:
    """What was added and then dropped is gone; the other way round it is there."""
    told = sent(
        ("edges", "add", [(1, "a")], None), ("edges", "drop", [(1, "a")], None), ("edges", "add", [(1, "a")], None)
    )
    assert [query for query, _ in told] == ["add", "drop", "add"]


def test_of_rows_with_one_key_the_last_is_written() -> None:
    """One statement can change a row but once."""
    told = sent(("things", "put", [(1, "old"), (2, "x"), (1, "new")], slice(1)))
    assert told == [("put", [[1, 2], ["new", "x"]])]


def test_nothing_waits_for_what_is_not_about_it() -> None:
    """A question about one thing does not send what waits to be written about others."""
    waiting = Waiting(Told())  # type: ignore[arg-type]  # all that is asked of it
    waiting.put("points", "add", [(1, "a")], of=0)
    assert waiting.of("points", [1, 5])
    assert not waiting.of("points", [2])
    assert not waiting.of("edges", [1])


@pytest.mark.needs("postgresql")
def test_nothing_goes_through_a_pipeline(postgres_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Psycopg's can wait for ever where much is sent: psycopg/psycopg#685."""

    def never(*_: Any, **__: Any) -> None:
        pytest.fail("a pipeline was begun")

    with open_postgres(postgres_server.url(postgres_server.database())) as log:
        monkeypatch.setattr(psycopg.Connection, "pipeline", never)
        monkeypatch.setattr(psycopg.Cursor, "executemany", never)
        record(log, "a", 3)
        assert log.head("mint").position == 3
