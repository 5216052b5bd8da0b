"""What is erased is gone from the files, and everything else goes on: log, proof, tables, text, in both stores."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.changes import Redacted
from domain.dates import day
from domain.entries import entry_from
from domain.errors import ChainBroken, LogUnreadable, StoreUnusable
from domain.events import Event
from domain.recording import Registers
from projections.proving import differences
from projections.recorders.postgres import open_postgres
from projections.recorders.postgres_connections import SCHEMA
from projections.recorders.sqlite import open_sqlite
from projections.tables.reading import Reader
from projections.tables.rebuilding import MaintainedLog
from tests.history import FOUNDING, NOON, appointed, post, unit
from tests.postgres import OWNER, ROLE, Server
from tests.stores import POSTGRESQL, postgres_server

__all__ = ["postgres_server"]

MARKER = "Xyzzyqwortz"
"""A word that stands in nothing but what is erased: name, note, title, wording; in small letters, an id too."""
SECRET = MARKER.lower()
FORMS = tuple(form.encode() for word in (MARKER, SECRET) for form in (word, word[3:9]))


@dataclass
class Place:
    """Where a store lies, and how to get at it past the program."""

    stack: ExitStack
    file: Path | None = None
    server: Server | None = None
    name: str = ""

    def open(self, user: str = ROLE) -> MaintainedLog:
        """The log kept there."""
        if self.file:
            return self.stack.enter_context(open_sqlite(self.file))
        assert self.server
        return self.stack.enter_context(open_postgres(self.server.url(self.name, user)))

    def run(self, statement: str, user: str = OWNER) -> int:
        """Run a statement past the program; how many rows it changed."""
        if self.file:
            with closing(sqlite3.connect(self.file, isolation_level=None)) as raw:
                return raw.execute(statement).rowcount
        assert self.server
        with closing(psycopg.connect(self.server.url(self.name, user), autocommit=True)) as raw:
            raw.execute(f"SET search_path = {SCHEMA}")
            return raw.execute(statement).rowcount

    def files(self) -> Iterator[Path]:
        """The files in which the tables lie, and for an SQLite file all in its folder."""
        if self.file:
            yield from self.file.parent.iterdir()
            return
        assert self.server
        with closing(psycopg.connect(self.server.url("postgres", "postgres"), autocommit=True)) as admin:
            admin.execute("CHECKPOINT")
            found = admin.execute("SELECT oid FROM pg_database WHERE datname = %s", (self.name,)).fetchone()
        assert found
        yield from (self.server.data / "base" / str(found[0])).iterdir()

    def holds(self) -> list[str]:
        """The files in which something of the secret is found."""
        return [path.name for path in self.files() if any(form in path.read_bytes() for form in FORMS)]


@pytest.fixture(params=["sqlite", POSTGRESQL])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """An empty store, of either kind in turn."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            (tmp_path / "store").mkdir()
            yield Place(stack, tmp_path / "store" / "registers.sqlite")
        else:
            server: Server = request.getfixturevalue("postgres_server")
            yield Place(stack, None, server, server.database())


def registers_of(log: MaintainedLog) -> Registers:
    """The registers of a log, as the server and the command line have them."""
    return Registers(log, lambda: NOON, log.history, log.page)


def record(log: MaintainedLog, *entries: Mapping[str, Any]) -> Registers:
    """Record *entries* of the mint."""
    registers = registers_of(log)
    for entry in entries:
        registers.record("mint", entry_from(entry, "test"), "test")
    return registers


REGISTERED = {
    "kind": "person-registered",
    "person": SECRET,
    "name": {"en": MARKER},
    "names": [{"ru": MARKER}],
    "note": f"{MARKER} noted",
}
NAMED = {
    "entry": "named",
    "effective": "1809-01-01",
    "changes": [
        post("spy"),
        REGISTERED,
        {
            **appointed(SECRET, "spy"),
            "sources": [{"source": "letters", "wording": MARKER}],
            "provision": f"article {MARKER}",
        },
        {"kind": "post-retitled", "post": "spy", "title": {"en": MARKER}, "effective": "1810-01-01"},
        unit("w"),
    ],
}
MOVED = {  # so that what is believed of the post was superseded, and what is superseded tells of it
    "entry": "moved",
    "effective": "1811-01-01",
    "changes": [{"kind": "post-moved", "post": "spy", "unit": "w"}],
}
REDACTED = {"kind": "redacted", "targets": ["named#2", "named#3", "named#4"], "scope": "all", "ground": "privacy"}
HUSH = {"entry": "hush", "changes": [REDACTED]}
BEFORE: Sequence[dict[str, Any]] = (FOUNDING, NAMED, MOVED)


def text_of(log: MaintainedLog) -> bytes:
    """The log of the mint as text."""
    out = BytesIO()
    log.export("mint", out)
    return out.getvalue()


def shown(log: MaintainedLog) -> list[bytes]:
    """The structure on some days at every known position, from the tables."""
    reader, found = Reader(log), []
    for position in range(log.head("mint").position + 1):
        with reader.at("mint", log.whole("mint", position)) as reading:
            found += [reading.structure(day(text)) for text in ("1809-06-01", "1810-06-01", "1811-06-01")]
    return found


def agree(log: MaintainedLog) -> None:
    """The log verifies, and its tables tell what the fold tells."""
    assert log.verify("mint") == log.head("mint")
    registers = Registers(log, lambda: NOON)
    with log.upkeep.ledger("mint") as ledger:
        whole = lambda position: log.whole("mint", position)  # noqa: E731
        assert list(differences(ledger, "mint", lambda at: registers.view_at("mint", at).world, whole)) == []


# --- the log


def test_bytes_and_salts_go_and_the_chain_stands(place: Place) -> None:
    """Of what is erased its place, kind, instant, digest and hash are left: nobody can guess and check the guess."""
    log = place.open()
    record(log, *BEFORE)
    before = log.upkeep.rows("mint", 0, None, 99)

    record(log, HUSH)

    after = log.upkeep.rows("mint", 0, None, 99)
    gone = [row for row in after if not row.state]
    assert [(row.entry, row.number) for row in gone] == [("named", 2), ("named", 3), ("named", 4)]
    assert {row.salt for row in gone} == {b""}
    for old, new in zip(before, after, strict=False):
        assert (old.position, old.kind, old.recorded, old.digest, old.hash) == (
            new.position,
            new.kind,
            new.recorded,
            new.digest,
            new.hash,
        )
        assert new in gone or new == old
    agree(log)
    assert all(SECRET.encode() not in told.lower() for told in shown(log))


def test_it_is_gone_with_the_entry_or_not_at_all(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the redaction cannot be stored, what it names stays; never is the one there without the other."""
    log = place.open()
    record(log, *BEFORE)
    text = text_of(log)

    def broken(*_: object, **__: object) -> None:
        raise StoreUnusable("the database", "it failed just then")

    with monkeypatch.context() as patched:
        patched.setattr("projections.tables.keeper.Keeper.rebuild", broken)
        with pytest.raises(StoreUnusable, match="just then"):
            record(log, HUSH)

    assert text_of(log) == text
    record(log, HUSH)
    assert MARKER.encode() not in text_of(log)


def test_the_text_carries_what_is_erased_as_erased(place: Place, tmp_path: Path) -> None:
    """Into the other store and back: the same bytes, the same head, the same answers."""
    log, elsewhere = place.open(), place.stack.enter_context(open_sqlite(tmp_path / "elsewhere.sqlite"))
    record(log, *BEFORE, HUSH, {"entry": "more", "effective": "1812-01-01", "changes": [unit("v")]})
    text = text_of(log)
    assert SECRET.encode() not in text.lower()

    head = elsewhere.load(BytesIO(text))

    assert head == log.head("mint")
    assert text_of(elsewhere) == text
    agree(elsewhere)
    assert shown(elsewhere) == shown(log)
    record(elsewhere, {"entry": "later", "effective": "1813-01-01", "changes": [unit("x", parent="v")]})
    agree(elsewhere)


def test_bytes_that_a_redaction_in_the_text_names_are_not_taken_in(place: Place, tmp_path: Path) -> None:
    """As in a text of the time when redactions only withheld."""
    log, older = place.open(), place.stack.enter_context(open_sqlite(tmp_path / "elsewhere.sqlite"))
    record(older, *BEFORE)
    kept = {row.position: row for row in older.upkeep.rows("mint", 0, None, 99)}
    record(older, HUSH)
    rows = [kept.get(row.position, row) for row in older.upkeep.rows("mint", 0, None, 99)]

    log.upkeep.load("mint", rows)

    assert text_of(log) == text_of(older)
    agree(log)


@pytest.mark.parametrize("change", ["another is named", "no redaction", "salt left"])
def test_a_text_with_bytes_gone_and_no_redaction_is_refused(place: Place, tmp_path: Path, change: str) -> None:
    """Whoever takes a copy must be able to tell what was erased from what was lost."""
    log, elsewhere = place.open(), place.stack.enter_context(open_sqlite(tmp_path / "elsewhere.sqlite"))
    record(log, *BEFORE, HUSH)
    lines = text_of(log).splitlines(keepends=True)
    blank = lines[8]
    assert blank.endswith(b'"salt":"","state":null}\n')
    if change == "another is named":  # its entry's number is not held by the hash of the row
        lines[8] = blank.replace(b'"entry":"named","hash"', b'"entry":"other","hash"')
    elif change == "no redaction":
        lines[1] = lines[1][: lines[1].index(b'"salt":')] + b'"salt":"","state":null}\n'
    else:
        lines[8] = blank.replace(b'"salt":""', b'"salt":"' + b"00" * 32 + b'"')

    with pytest.raises(LogUnreadable) as refusal:
        elsewhere.load(lines)

    assert refusal.value.line == {"another is named": 9, "no redaction": 2, "salt left": 9}[change]
    assert elsewhere.institutions() == []


def test_tables_made_anew_tell_the_same(place: Place) -> None:
    """Rebuilding reads a log with holes."""
    log = place.open()
    record(log, *BEFORE, HUSH)
    told = shown(log)

    log.upkeep.rebuild("mint", lambda *_: None)

    agree(log)
    assert shown(log) == told


def test_another_writer_goes_on_where_something_was_erased(place: Place) -> None:
    """Who recorded before, and remembers, decides on what is left."""
    log, other = place.open(), place.open()
    first, second = registers_of(log), registers_of(other)
    for entry in BEFORE:
        first.record("mint", entry_from(entry, "test"), "test")
    draft = {"entry": "seen", "effective": "1809-06-01", "changes": [{"kind": "person-renamed", "person": SECRET}]}
    with second.drafting("mint", log.head("mint").position) as history:
        assert history.kind_of(SECRET) == "person"
    assert SECRET in second.view("mint").world.kinds

    first.record("mint", entry_from(HUSH, "test"), "test")

    with second.drafting("mint", log.head("mint").position) as history:
        assert history.kind_of(SECRET) is None
    assert SECRET not in second.view("mint").world.kinds
    assert draft["entry"] not in {row.event.entry for row in other.read("mint")}


def test_nothing_of_it_stays_in_memory(place: Place) -> None:
    """Of a process that read it before, once it asks again."""
    log = place.open()
    registers, reader = record(log, *BEFORE), Reader(log)
    registers.view("mint")
    with reader.at("mint", log.head("mint").position) as reading:
        reading.archive.events(range(1, log.head("mint").position + 1))
    assert remembered()

    registers.record("mint", entry_from(HUSH, "test"), "test")
    registers.view("mint")
    with reader.at("mint", log.head("mint").position):
        pass

    assert remembered() == []


def remembered() -> list[str]:
    """The events in this process that tell of the secret."""
    gc.collect()
    return [one.target for one in gc.get_objects() if isinstance(one, Event) and MARKER in repr(one)]


# --- the database

SET = "UPDATE stored_events SET {} WHERE entry = '{}' AND number = {}"


@pytest.mark.parametrize(
    "statement",
    [
        SET.format("state = '', salt = ''", "named", 1),  # that nothing names
        SET.format("state = '', salt = ''", "hush", 1),
        SET.format("state = '{}'", "named", 2),
        SET.format("salt = 'a', state = 'b'", "named", 2),
        SET.format("topic = 'unit-moved'", "named", 2),
        SET.format("digest = hash", "named", 2),
        SET.format("hash = digest", "named", 2),
        SET.format("entry = 'other'", "named", 2),
        SET.format("number = 9", "named", 2),
        SET.format("originator_id = 'bank'", "named", 2),
        SET.format("originator_version = 99", "named", 2),
        SET.format("recorded = '2024-05-24T12:00:00.000001Z'", "named", 2),
        SET.format("{row} = 99", "named", 2),
        "DELETE FROM stored_events WHERE entry = 'named' AND number = 2",
    ],
)
def test_the_database_lets_nothing_through_but_erasing_what_a_redaction_names(place: Place, statement: str) -> None:
    """Not even of a row that is erased, and not by its owner."""
    log = place.open()
    record(log, *BEFORE, HUSH)
    text = text_of(log)
    if place.file:
        for value in ("''", "'{}'", "'a'", "'b'"):
            statement = statement.replace(value, f"x'{value[1:-1].encode().hex()}'")
    statement = statement.replace("{row}", "rowid" if place.file else "notification_id")

    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        place.run(statement)

    assert text_of(log) == text


def test_the_database_lets_what_a_redaction_names_be_erased(place: Place) -> None:
    """The refusals above are of what they do: with a redaction in the log, its targets can be blanked by hand too."""
    log = place.open()
    record(log, *BEFORE, HUSH)
    empty = "x''" if place.file else "''"

    changed = place.run(SET.format(f"state = {empty}, salt = {empty}", "named", 2), ROLE)

    assert changed == 1
    assert log.verify("mint") == log.head("mint")


def test_bytes_that_were_removed_without_a_redaction_are_found(place: Place) -> None:
    """By whoever can switch off what guards the table."""
    log = place.open()
    record(log, *BEFORE, HUSH)
    empty = "x''" if place.file else "''"
    for guard in ("stored_events_only_erased",) if place.file else ("only_erased", "append_only"):
        place.run(f"DROP TRIGGER {guard}" + ("" if place.file else " ON stored_events"))

    place.run(SET.format(f"state = {empty}, salt = {empty}", "named", 5))

    with pytest.raises(ChainBroken, match="no redaction names it") as broken:
        log.verify("mint")
    assert broken.value.position == 10


# --- the files


def test_nothing_of_it_is_left_in_the_files(place: Place) -> None:
    """Free pages, indexes of names, what was superseded, the write-ahead log: a search for its bytes finds none."""
    # given
    log = place.open()
    record(log, *BEFORE)
    log.upkeep.rebuild("mint", lambda *_: None)
    if place.server:
        place.run("ANALYZE stored_events, spellings, things, believed, superseded")
    assert place.holds()

    # when
    record(log, HUSH)
    done = place.open(OWNER).upkeep.purge()

    # then
    assert done.left == ()
    assert done.beyond
    assert place.holds() == []
    agree(log)
    record(log, {"entry": "more", "effective": "1812-01-01", "changes": [unit("v")]})
    agree(log)


def test_who_still_reads_keeps_it_from_being_purged_and_is_told_of(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction that is open since before may read what was there: the purge says so, and can be run again."""
    monkeypatch.setattr("projections.recorders.sqlite_upkeep.BUSY", 0.1)
    log = place.open()
    record(log, *BEFORE)
    record(log, HUSH)
    with ExitStack() as reading:
        if place.file:
            raw = reading.enter_context(closing(sqlite3.connect(place.file, isolation_level=None)))
            raw.execute("BEGIN")
            raw.execute("SELECT count(*) FROM stored_events").fetchone()
            record(log, {"entry": "more", "effective": "1812-01-01", "changes": [unit("v")]})
        else:
            assert place.server
            other = reading.enter_context(closing(psycopg.connect(place.server.url(place.name, "postgres"))))
            other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            other.execute("SELECT 1")
            record(log, {"entry": "more", "changes": [{**REDACTED, "targets": ["named#1"]}]})

        assert place.open(OWNER).upkeep.purge().left

    assert place.open(OWNER).upkeep.purge().left == ()
    assert place.holds() == []


@pytest.mark.needs("postgresql")
def test_only_the_owner_purges(postgres_server: Server) -> None:
    """The role that records cannot write tables anew, and says whose business it is."""
    url = postgres_server.url(postgres_server.database())
    with open_postgres(url) as log, pytest.raises(StoreUnusable, match=f"only {OWNER}"):
        log.upkeep.purge()


# --- files of the first version


def test_a_file_that_only_withheld_erases_when_it_is_opened(tmp_path: Path) -> None:
    """What its redactions name goes, and what guards it is made new."""
    place = Place(ExitStack(), tmp_path / "old.sqlite")
    with place.stack:
        record(place.open(), *BEFORE)
        first_version(tmp_path / "old.sqlite")
    with place.stack:
        log = place.open()
        assert [row.entry for row in log.upkeep.rows("mint", 0, None, 99) if not row.state] == ["named"] * 3
        agree(log)
        assert all(SECRET.encode() not in told.lower() for told in shown(log))
        with pytest.raises(sqlite3.IntegrityError, match="but for erasing"):
            place.run("UPDATE stored_events SET state = x'', salt = x''")
        log.upkeep.purge()
        assert place.holds() == []


def first_version(file: Path) -> None:
    """Make of *file* one of the first version, into which a redaction was recorded."""
    with open_sqlite(":memory:") as log:
        record(log, *BEFORE, HUSH)
        (event,) = (row.event for row in log.read("mint") if isinstance(row.event.change, Redacted))
    with closing(sqlite3.connect(file, isolation_level=None)) as raw:
        raw.execute("DROP TRIGGER stored_events_only_erased")
        raw.execute("DROP INDEX stored_events_redactions")
        raw.execute(
            "CREATE TRIGGER stored_events_no_update BEFORE UPDATE ON stored_events"
            " BEGIN SELECT RAISE(ABORT, 'the log is append-only: an event is never changed'); END"
        )
        raw.execute("PRAGMA user_version = 1")
        from domain.chain import Row, follow

        query = (
            "SELECT originator_version, topic, entry, number, state, recorded, salt, digest, hash FROM stored_events"
            " ORDER BY originator_version DESC LIMIT 1"
        )
        last = Row(*raw.execute(query).fetchone())
        (row,) = follow("mint", last, [("redacted", "hush", 1, event.stored())], last.recorded)
        raw.execute(
            "INSERT INTO stored_events (originator_id, originator_version, topic, entry, number, state, recorded, salt,"
            " digest, hash) VALUES ('mint', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (row.position, row.kind, row.entry, row.number, row.state, row.recorded, row.salt, row.digest, row.hash),
        )
