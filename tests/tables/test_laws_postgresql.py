"""The laws of the tables, tried on a PostgreSQL database: one meaning, two sets of SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import chain
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings

from projections.recorders.postgres import open_postgres
from projections.recorders.postgres_connections import SCHEMA
from projections.recorders.postgres_read_tables import READ_TABLES
from projections.tables.rebuilding import MaintainedLog
from tests.postgres import OWNER, Server
from tests.tables import test_centuries, test_laws, test_laws_answers, test_laws_people, test_names
from tests.tables.reading import Fresh

pytestmark = pytest.mark.needs("postgresql")

EXAMPLES = 20
"""Of each law: how registers are read anew is tried on many more in memory, where it is the same."""

LAWS = {
    name: law
    for name, law in chain.from_iterable(
        vars(module).items() for module in (test_laws, test_laws_answers, test_laws_people, test_names)
    )
    if hasattr(law, "hypothesis")
}


def emptied(server: Server, database: str) -> None:
    """Take out all registers, as no program could: with the triggers off."""
    with closing(psycopg.connect(server.url(database, OWNER))) as owner:
        owner.execute(f"SET search_path = {SCHEMA}")
        owner.execute("ALTER TABLE stored_events DISABLE TRIGGER append_only")
        for table in ("stored_events", *READ_TABLES):
            owner.execute(f"DELETE FROM {table}")
        for table, number in (("tables_of", "stream"), ("things", "id"), ("spellings", "id")):
            owner.execute(f"ALTER TABLE {table} ALTER COLUMN {number} RESTART")
        owner.execute("ALTER TABLE stored_events ENABLE ALWAYS TRIGGER append_only")
        owner.commit()


@pytest.fixture(autouse=True)
def fresh(postgres_server: Server, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Registers are recorded in one database, emptied before each."""

    @contextmanager
    def store() -> Iterator[MaintainedLog]:
        emptied(postgres_server, database)
        with open_postgres(postgres_server.url(database)) as log:
            yield log

    monkeypatch.setattr(Fresh, "store", staticmethod(store))


@pytest.fixture(scope="module")
def database(postgres_server: Server) -> str:
    """The name of that database."""
    return postgres_server.database()


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_the_law_holds_in_the_database(law: Any) -> None:
    """What a table tells does not depend on who keeps it."""
    tried: Callable[..., None] = given(**law.hypothesis._given_kwargs)(law.hypothesis.inner_test)
    settings(max_examples=EXAMPLES, derandomize=True, database=None)(tried)()


@pytest.mark.parametrize("seed", range(2))
def test_a_century_reads_the_same_from_the_database(seed: int) -> None:
    """Long registers too, in which most things are no neighbours."""
    test_centuries.test_a_century_reads_the_same_from_the_tables(seed)
