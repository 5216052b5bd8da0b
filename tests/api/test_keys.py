"""Writers' keys: what is kept of them, what they are good for, and the file they share with the log."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.keys import SCOPES, KeyRefused, Keys, keys_in_file
from domain.errors import StoreUnusable
from projections.recorders.sqlite import open_sqlite


@pytest.fixture
def keys() -> Iterator[Keys]:
    """Keys of no log."""
    with keys_in_file(":memory:") as keys:
        yield keys


def test_a_key_is_found_by_its_secret_alone(keys: Keys) -> None:
    """The name is no password."""
    secret = keys.create("clerk", ["record", "read"])

    found = keys.find(secret)

    assert found is not None
    assert (found.name, sorted(found.scopes), found.revoked) == ("clerk", ["read", "record"], None)
    assert keys.find("clerk") is None
    assert keys.find(secret[:-1]) is None
    assert keys.find("") is None
    assert keys.find("ключ \udcff") is None


def test_the_secret_is_not_kept(tmp_path: Path) -> None:
    """Who copies the database can record nothing with it."""
    file = tmp_path / "registers.sqlite"
    with open_sqlite(file), keys_in_file(file) as keys:
        secret = keys.create("clerk", ["record"])

    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert b"clerk" in kept
    assert secret.encode() not in kept


def test_a_revoked_key_is_good_for_nothing_and_keeps_its_name(keys: Keys) -> None:
    """Events say who recorded them by this name, so nobody else may get it."""
    secret = keys.create("clerk", ["record"])

    keys.revoke("clerk")

    assert keys.find(secret) is None
    assert [key.revoked is not None for key in keys.list()] == [True]
    with pytest.raises(KeyRefused, match="name is given once"):
        keys.create("clerk", ["record"])
    with pytest.raises(KeyRefused, match="no key 'clerk'"):
        keys.revoke("clerk")


@pytest.mark.parametrize("name", ["", " clerk", "two words", "a\nb", "é", "x" * 129])
def test_a_name_that_cannot_stand_in_an_event_is_refused(keys: Keys, name: str) -> None:
    """It would be refused at the first recording, which is too late."""
    with pytest.raises(KeyRefused):
        keys.create(name, ["record"])


@pytest.mark.parametrize("scopes", [[], ["rule"], ["record", "rule"]])
def test_a_key_has_scopes_that_there_are(keys: Keys, scopes: list[str]) -> None:
    """A mistyped scope is not a key that can do nothing."""
    with pytest.raises(KeyRefused, match="scopes read, record"):
        keys.create("clerk", scopes)


def test_many_threads_may_use_the_keys(keys: Keys) -> None:
    """The server asks from many at once."""
    with ThreadPoolExecutor(8) as pool:
        secrets = list(pool.map(lambda n: keys.create(f"clerk-{n}", ["record"]), range(40)))
        found = list(pool.map(keys.find, secrets))

    assert [key.name for key in found if key] == [f"clerk-{n}" for n in range(40)]


def test_the_log_opens_a_file_that_keys_are_kept_in(tmp_path: Path) -> None:
    """The keys' table does not make the database another program's."""
    file = tmp_path / "registers.sqlite"
    with open_sqlite(file), keys_in_file(file) as keys:
        secret = keys.create("clerk", ["record"])

    with open_sqlite(file) as log, keys_in_file(file) as keys:
        assert log.institutions() == []
        assert keys.find(secret) is not None


def test_keys_are_not_put_into_a_file_without_a_log(tmp_path: Path) -> None:
    """An empty file with keys in it could never become a register."""
    fresh = tmp_path / "fresh.sqlite"
    with pytest.raises(StoreUnusable, match="no log"):
        keys_in_file(fresh)
    with open_sqlite(fresh):
        pass

    foreign = tmp_path / "foreign.sqlite"
    with closing(sqlite3.connect(foreign)) as database:
        database.execute("CREATE TABLE other (id)")
    with pytest.raises(StoreUnusable, match="no log"):
        keys_in_file(foreign)

    text = tmp_path / "text.sqlite"
    text.write_text("This is no database, but long enough to look for a header in it. " * 20)
    with pytest.raises(StoreUnusable):
        keys_in_file(text)


def test_keys_of_a_first_file_are_good_for_every_register_and_for_ever(tmp_path: Path) -> None:
    """Its table had no registers, no ends and no days of use; nothing of it is lost."""
    file = tmp_path / "registers.sqlite"
    digest = hashlib.sha256(b"the secret of old").digest()
    with open_sqlite(file), closing(sqlite3.connect(file)) as database:
        database.execute(
            "CREATE TABLE keys (name TEXT PRIMARY KEY, digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),"
            " scopes TEXT NOT NULL, created TEXT NOT NULL, revoked TEXT) STRICT"
        )
        row = ("clerk", digest, "record", "2026-01-01T00:00:00.000000Z")
        database.execute("INSERT INTO keys (name, digest, scopes, created) VALUES (?, ?, ?, ?)", row)
        database.commit()

    with keys_in_file(file) as keys:
        found = keys.find("the secret of old")

    assert found is not None
    assert found.opens("record", "mint")
    assert (found.institutions, found.expires, found.used) == (None, None, None)


@pytest.mark.parametrize(
    ("scope", "opened"),
    [
        ("read", {"read"}),
        ("record", {"read", "record", "correct"}),
        ("correct", {"read", "correct"}),
        ("redact", {"read", "redact"}),
        ("administer", {"read", "record", "correct", "redact", "administer"}),
    ],
)
def test_a_scope_opens_what_follows_from_it(keys: Keys, scope: str, opened: set[str]) -> None:
    """And nothing else."""
    found = keys.find(keys.create("clerk", [scope]))

    assert found is not None
    assert {each for each in SCOPES if found.opens(each)} == opened


@pytest.mark.parametrize("institution", ["", "two words", "../x"])
def test_a_key_of_a_register_that_cannot_be_is_refused(keys: Keys, institution: str) -> None:
    """A mistyped id would make a key that is good for nothing."""
    with pytest.raises(KeyRefused, match="cannot be the id"):
        keys.create("clerk", ["record"], [institution])


def test_a_key_that_has_expired_before_it_is_made_is_refused(keys: Keys) -> None:
    """The day before was meant, or another year."""
    with pytest.raises(KeyRefused, match="good for nothing"):
        keys.create("clerk", ["record"], expires=datetime(2000, 1, 1, tzinfo=UTC))
