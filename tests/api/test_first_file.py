"""A file as the first version of the store left it (user_version 1, tables of layout 3), opened by today's program.

`tests/data/first-file.sqlite.gz` was written by the program at commit 9528368: five entries of a mint, the last a
redaction, which at that time withheld and did not erase, and the key of a clerk.
"""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from projections.recorders.sqlite_schema import SCHEMA
from projections.tables.version import VERSION
from tests.api.commandline import regesta
from tests.api.test_cli_serve import serving

FIRST = Path(__file__).parents[1] / "data" / "first-file.sqlite.gz"
HEAD = "c5b87c83bdffaeca10bbace5e064dc695634f1257819d86b3a8d9729cdddb138"
SECRET = "JUZQhT-9BW8jnIgZvpBekILSUglrWiVzi9RDrIq-oew"
"""Of the key that lies in the file, and opens nothing else."""
NAME = b"Jane Doe"
"""What the redaction names."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file, as it was left."""
    place = tmp_path / "first.sqlite"
    place.write_bytes(gzip.decompress(FIRST.read_bytes()))
    return place


def asked(file: Path, query: str) -> list[tuple[object, ...]]:
    """What the database itself says."""
    with closing(sqlite3.connect(file)) as raw:
        return raw.execute(query).fetchall()


def test_the_file_is_of_the_first_version(file: Path) -> None:
    """Or else nothing would be proved here."""
    assert asked(file, "PRAGMA user_version") == [(1,)]
    assert SCHEMA > 1
    assert asked(file, "SELECT version FROM tables_of") == [(3003,)]
    assert VERSION > 3003
    assert {"expires", "used"}.isdisjoint(row[1] for row in asked(file, "PRAGMA table_info(keys)"))
    assert NAME in file.read_bytes()


def test_the_first_file_is_brought_up_when_it_is_opened(file: Path) -> None:
    """The log is the same log, its tables are of today, and what its redaction withheld is erased."""
    # when
    verified = regesta(file, "verify")

    # then
    assert verified.returncode == 0, verified.stderr
    assert f"mint: whole, up to position 11, hash {HEAD}" in verified.stdout
    assert "mint: the tables agree with the log" in verified.stdout
    assert asked(file, "PRAGMA user_version") == [(SCHEMA,)]
    assert asked(file, "SELECT version, position FROM tables_of") == [(VERSION, 11)]
    assert asked(file, "SELECT entry, number FROM stored_events WHERE length(state) = 0") == [("1724-decree", 4)]

    # and its files keep nothing of it once they are purged
    assert regesta(file, "purge").returncode == 0
    assert not [each.name for each in file.parent.iterdir() if NAME in each.read_bytes()]
    assert regesta(file, "verify").returncode == 0


def test_keys_and_questions_of_the_first_file_are_good(file: Path) -> None:
    """Its clerk goes on recording with the old key; a correction of that time still holds."""
    more = {
        "entry": "1825-decree",
        "effective": "1825-01-01",
        "changes": [{"kind": "unit-renamed", "unit": "department", "name": {"en": "Department of Mines"}}],
    }
    with serving(file) as server:
        # when
        eve = server.ask("/v1/institutions/mint/structure?as_of=1724-02-10&known_at=10")
        day = server.ask("/v1/institutions/mint/structure?as_of=1724-02-11")
        became = server.ask("/v1/institutions/mint/diff?from=1811-06-30&to=1811-07-01")
        recorded = server.ask("/v1/institutions/mint/entries", more, SECRET)

    # then
    assert "office" not in eve[1]["units"]
    assert day[1]["known_at"]["hash"] == HEAD
    assert day[1]["units"]["office"]["name"] == {"en": "Office of Coin"}
    assert ["office", "department"] in became[1]["links"]
    assert (recorded[0], recorded[1]["positions"]) == (201, [12, 12])
    assert regesta(file, "verify").returncode == 0
