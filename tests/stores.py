"""The two stores, for tests of what must be the same in both: registers in memory, and in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TypeAlias

import pytest

from projections.recorders.postgres import open_postgres
from projections.recorders.sqlite import open_sqlite
from projections.tables.rebuilding import MaintainedLog
from tests.postgres import Server, server_in_a_folder

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))
STORES = ("sqlite", POSTGRESQL)

OpenStore: TypeAlias = Callable[[], MaintainedLog]
"""What opens a fresh store, which is closed when the test ends."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server, for all tests of a run that ask for one and do not end it."""
    with server_in_a_folder() as found:
        yield found


@pytest.fixture(params=STORES)
def open_store(request: pytest.FixtureRequest) -> Iterator[OpenStore]:
    """What opens fresh stores, of either kind in turn."""
    with ExitStack() as opened:

        def fresh() -> MaintainedLog:
            if request.param == "sqlite":
                return opened.enter_context(open_sqlite(":memory:"))
            here: Server = request.getfixturevalue("postgres_server")
            return opened.enter_context(open_postgres(here.url(here.database())))

        yield fresh
