"""How the database reads the tables: by ranges of its indexes, never a whole table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from domain.entries import Entry, entry_from
from domain.recording import Registers
from projections.recorders.sqlite_tables import SQLiteShelf
from projections.search import Wanted
from projections.tables.names import NAMED
from projections.tables.reading import Reading
from projections.tables.shelf import EventCache, ShelfArchive
from projections.tables.slices import ALWAYS, Slice
from tests.history import NOON
from tests.tables.centuries import century
from tests.tables.reading import INSTITUTION, Store, recorded, told_by_tables

READS = re.compile(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
HARMLESS = re.compile(r"VIRTUAL TABLE|CONSTANT ROW|SCAN \(subquery|SCAN SUBQUERY")
"""What a SCAN may be of: json_each, values that the statement itself gives, rows found by another part of it."""


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """A small register with controls in it."""
    with recorded(century(3, 40)) as found:
        yield found


@contextmanager
def statements(store: Store) -> Iterator[set[str]]:
    """What the database is asked within the block, with values, each once."""
    asked: set[str] = set()
    connection = store.connection()
    connection.set_trace_callback(lambda text: asked.add(text) if READS.match(text) else None)
    try:
        yield asked
    finally:
        connection.set_trace_callback(None)


def scans(store: Store, asked: set[str]) -> list[str]:
    """The statements that read a whole table, each with the steps of its plan that do."""
    found = []
    for statement in sorted(asked):
        plan = [row[3] for row in store.connection().execute(f"EXPLAIN QUERY PLAN {statement}")]
        whole = [step for step in plan if step.startswith("SCAN") and not HARMLESS.search(step)]
        if whole:
            found.append(f"{'; '.join(whole)}\n  in {statement}")
    return found


def as_of(shelf: SQLiteShelf, store: Store) -> None:
    """A day as known now."""
    told_by_tables(shelf, DAY, store.head, "unattested")


def known_at(shelf: SQLiteShelf, store: Store) -> None:
    """A day as known half-way through the log."""
    told_by_tables(shelf, DAY, store.ends[len(store.ends) // 2], "unattested")


def diff(shelf: SQLiteShelf, store: Store) -> None:
    """What differs between two days: a few things, and more than are looked up one by one."""
    reading = Reading(INSTITUTION, shelf, store.head, EventCache())
    assert reading.diff(DAY - 10_000, DAY)["changes"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.tables.reading.FEW", 0)
        assert reading.diff(DAY - 10_000, DAY)["changes"]


def learned(shelf: SQLiteShelf, store: Store) -> None:
    """What may differ between two known positions."""
    assert shelf.changed(store.ends[2], store.head)


def histories(shelf: SQLiteShelf, store: Store) -> None:
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
        archive.tenures("p1", (DAY - 100, DAY))


def names(shelf: SQLiteShelf, store: Store) -> None:
    """What is called so: ever, on a day, and as known half-way, in all steps of looking."""
    for until in (store.head, store.ends[len(store.ends) // 2]):
        reading = Reading(INSTITUTION, shelf, until, EventCache())
        for text in ("u", "un", "unit", "xyzzy"):
            reading.search(Wanted(text), None, NAMED, 3)
            reading.search(Wanted(text), DAY, NAMED, 3)


DAY = 690_000  # in 1890


@pytest.mark.parametrize("read", [as_of, known_at, diff, learned, histories, names])
def test_no_question_reads_a_whole_table(store: Store, read: Callable[[SQLiteShelf, Store], None]) -> None:
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


def test_recording_reads_no_whole_table() -> None:
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
