"""How the database reads the tables: by ranges of its indexes, never a whole table, nor a whole register."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from itertools import product
from typing import Any, TypeAlias

import psycopg
import pytest

from domain.entries import Entry, entry_from
from domain.errors import EntryDiffers, EntryRefused
from domain.recording import Registers
from projections.recorders.postgres import open_postgres
from projections.search import Wanted
from projections.tables.names import NAMED
from projections.tables.reading import Reading
from projections.tables.rebuilding import MaintainedLog
from projections.tables.shelf import EventCache, Shelf, ShelfArchive
from projections.tables.slices import ALWAYS, Slice
from tests.history import NOON
from tests.postgres import OWNER
from tests.stores import STORES
from tests.tables.centuries import century
from tests.tables.reading import INSTITUTION, Fresh, Store, in_memory, recorded, told_by_tables

READS = re.compile(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
HARMLESS = re.compile(r"VIRTUAL TABLE|CONSTANT ROW|SCAN \(subquery|SCAN SUBQUERY")
"""What a SCAN may be of: json_each, values that the statement itself gives, rows found by another part of it."""
SCANS = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan", "Tid Scan")

Asked: TypeAlias = set[str] | list[tuple[str, Any]]
"""What a database was asked: statements with their values in them, or beside them."""


OF_OTHERS = pytest.param("postgresql, with statistics of others", marks=pytest.mark.needs("postgresql"))
"""PostgreSQL looked at its tables before the register came: by what it saw, there are others alone."""
NAMESAKES = """
INSERT INTO regesta.spellings (stream, thing, kind, since, lo, hi, own, language, text, folded)
SELECT stream, thing, kind, since, lo, hi, own, language, text, folded || n
FROM regesta.spellings, generate_series(1, 20) AS n
"""
"""So many names that the index of their letters is worth its while."""


@pytest.fixture(scope="module", params=[*STORES, OF_OTHERS])
def fresh(request: pytest.FixtureRequest) -> Iterator[Callable[[], AbstractContextManager[MaintainedLog]]]:
    """What opens a fresh store of either kind; there registers are recorded."""

    @contextmanager
    def store() -> Iterator[MaintainedLog]:
        if request.param == "sqlite":
            with in_memory() as log:
                yield log
            return
        server = request.getfixturevalue("postgres_server")
        database = server.database()
        with open_postgres(server.url(database)) as log:
            if request.param != "postgresql":
                registers = Registers(log, lambda: NOON)
                for number, entry in product(range(4), century(4, 40)):
                    with suppress(EntryRefused, EntryDiffers):
                        registers.record(f"another-{number}", entry, "test")
                with closing(psycopg.connect(server.url(database, OWNER), autocommit=True)) as owner:
                    owner.execute(NAMESAKES)
                    owner.execute("ANALYZE")
            yield log

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Fresh, "store", staticmethod(store))
        yield store


@pytest.fixture(scope="module")
def store(fresh: object) -> Iterator[Store]:
    """A small register with controls in it."""
    with recorded(century(3, 40)) as found:
        yield found


@contextmanager
def statements(store: Store) -> Iterator[Asked]:
    """What the database is asked within the block, with values."""
    if store.in_postgres:
        with pytest.MonkeyPatch.context() as patch:
            given: list[tuple[str, Any]] = []
            execute, executemany = psycopg.Cursor.execute, psycopg.Cursor.executemany

            def told(self: Any, query: str, values: Any = None, **more: Any) -> Any:
                given.append((query, values))
                return execute(self, query, values, **more)

            def many_told(self: Any, query: str, rows: Any, **more: Any) -> Any:
                given.append((query, rows[0]))
                return executemany(self, query, rows, **more)

            patch.setattr(psycopg.Cursor, "execute", told)
            patch.setattr(psycopg.Cursor, "executemany", many_told)
            yield given
        return
    asked: set[str] = set()
    connection = store.connection()
    connection.set_trace_callback(lambda text: asked.add(text) if READS.match(text) else None)
    try:
        yield asked
    finally:
        connection.set_trace_callback(None)


def scans(store: Store, asked: Asked) -> list[str]:
    """The statements that read a whole table, each with the steps of its plan that do."""
    found = []
    if isinstance(asked, list):
        for query, values in {query: (query, values) for query, values in asked if READS.match(query)}.values():
            with store.log.upkeep.datastore.transaction() as cursor:  # type: ignore[attr-defined]
                plan = cursor.execute(f"EXPLAIN (FORMAT JSON) {query}", values or None).fetchone()[0]
            read = [step for step in steps(plan[0]["Plan"]) if step["Node Type"] in SCANS]
            whole = [step for step in read if not bounded(step)]
            if whole:
                found.append(f"{whole}\n  in {query} with {values}")
        return found
    for statement in sorted(asked):
        lines = [row[3] for row in store.connection().execute(f"EXPLAIN QUERY PLAN {statement}")]
        lines = [line for line in lines if line.startswith("SCAN") and not HARMLESS.search(line)]
        if lines:
            found.append(f"{'; '.join(lines)}\n  in {statement}")
    return found


def steps(plan: dict[str, Any], above: str = "") -> Iterator[dict[str, Any]]:
    """Every step of a plan of PostgreSQL, and what it is made of, each with the step *above* it."""
    yield {**plan, "Above": above}
    for part in plan.get("Plans", ()):
        yield from steps(part, plan["Node Type"])


def bounded(step: dict[str, Any]) -> bool:
    """Whether a range of an index is read: of what is one register's less than all, or the first of it alone."""
    conditions = step.get("Index Cond", "")
    further = re.sub(r"\((\w+\.)?(stream|originator_id) = [^()]+\)", "", conditions)
    first = step["Above"] == "Limit" and "Filter" not in step
    one = step.get("Relation Name") == "tables_of"
    return "TID Cond" in step or (bool(conditions) and (first or one or bool(re.search(r"\w", further))))


def as_of(shelf: Shelf, store: Store) -> None:
    """A day as known now."""
    told_by_tables(shelf, DAY, store.head, "unattested")


def known_at(shelf: Shelf, store: Store) -> None:
    """A day as known half-way through the log."""
    told_by_tables(shelf, DAY, store.ends[len(store.ends) // 2], "unattested")


def diff(shelf: Shelf, store: Store) -> None:
    """What differs between two days: a few things, and more than are looked up one by one."""
    reading = Reading(INSTITUTION, shelf, store.head, EventCache())
    assert reading.diff(DAY - 10_000, DAY)["changes"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.tables.differing.FEW", 0)
        assert reading.diff(DAY - 10_000, DAY)["changes"]


def learned(shelf: Shelf, store: Store) -> None:
    """What may differ between two known positions."""
    assert shelf.changed(store.ends[2], store.head)


def histories(shelf: Shelf, store: Store) -> None:
    """All about some things, now and as known half-way."""
    keys = [("unit", "u1"), ("post", "p1"), *(("tenure", f"m{n}", f"p{m}") for n in range(6) for m in range(5))]
    for until in (store.head, store.ends[len(store.ends) // 2]):
        now = until == store.head
        archive = ShelfArchive(shelf, INSTITUTION, until, now, EventCache(), store.redacted)
        assert Slice(archive, keys, more=["career|m1", "holders|p1", "about|u1"]).world.lives
        elsewhere = archive.elsewhere(frozenset(keys))
        list(elsewhere.since(("unit", "u2"), DAY))
        elsewhere.last_before(("unit", "u2"), DAY)
        elsewhere.all(("unit", "u2"))
        archive.below(("unit", "u1"), ALWAYS)
        archive.tenures("p1", [(DAY - 100, DAY)])


def names(shelf: Shelf, store: Store) -> None:
    """What is called so: ever, on a day, and as known half-way, in all steps of looking."""
    for until in (store.head, store.ends[len(store.ends) // 2]):
        reading = Reading(INSTITUTION, shelf, until, EventCache())
        for text in ("u", "un", "unit", "xyzzy"):
            reading.search(Wanted(text), None, NAMED, 3)
            reading.search(Wanted(text), (DAY, DAY), NAMED, 3)
            reading.search(Wanted(text), (DAY, DAY + 4_000), NAMED, 3)


DAY = 690_000  # in 1890


@pytest.mark.parametrize("read", [as_of, known_at, diff, learned, histories, names])
def test_no_question_reads_a_whole_table(store: Store, read: Callable[[Shelf, Store], None]) -> None:
    """An answer costs what is in it, however much the register holds beside."""
    # when
    with statements(store) as asked, store.shelf() as shelf:
        read(shelf, store)

    # then
    found = scans(store, asked)
    assert asked
    assert not found, "\n".join(found)


def draft(name: str) -> Entry:
    """An entry that touches a unit, a post and its holders, and takes something back."""
    changes = [
        {"kind": "appointed", "person": "m1", "post": "p1", "capacity": "substantive"},
        {"kind": "unit-attested", "unit": "u2", "name": {"en": "U"}},
        {"kind": "list-attested", "scope": {"parent": "u1"}, "members": ["u2"], "closed": False},
        {"kind": "annulled", "target": "e5", "reason": "misread"},
    ]
    return entry_from({"entry": name, "effective": "1890-03-03", "changes": changes}, "drawn")


def test_recording_reads_no_whole_table(fresh: object) -> None:
    """An entry costs what it touches, after a restart as well, which leaves nothing in memory."""
    with recorded(century(3, 40)) as store:
        # when
        with statements(store) as asked:
            Registers(store.log, lambda: NOON).record(INSTITUTION, draft("z1"), "test")
            store.forget()
            Registers(store.log, lambda: NOON).record(INSTITUTION, draft("z2"), "test")

        # then
        found = scans(store, asked)
        assert asked
        assert not found, "\n".join(found)
