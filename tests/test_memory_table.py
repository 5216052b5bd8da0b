"""What docs/operating.md says that a server keeps in memory is what it keeps."""

from __future__ import annotations

import inspect
from pathlib import Path

from api import graphviz, rates, readings
from api.bodies import MOST as ANSWERS
from api.settings import Settings
from domain.recording import Registers
from projections.recorders import postgres_connections, sqlite_connections
from projections.spelling import folded_word
from projections.tables.keeper import Keepers
from projections.tables.reckoner import Reckoner
from projections.tables.shelf import EventCache
from projections.tables.topics import _remembered

OPERATING = (Path(__file__).parents[1] / "docs" / "operating.md").read_text(encoding="utf-8")


def row(begin: str) -> str:
    """The line of the table that begins so."""
    _, _, section = OPERATING.partition("## What a server keeps in memory\n")
    table = section.partition("\n## ")[0]
    (found,) = (line for line in table.splitlines() if line.startswith(f"| {begin}"))
    return found


def test_the_table_of_what_is_kept_is_that_of_the_code() -> None:
    """An operator reckons with it how much memory a server needs."""
    reading = readings.Readings.__init__
    lately = inspect.signature(readings._Lately).parameters["most"].default

    assert ANSWERS == 64 * 1024 * 1024 == Settings.model_fields["answers_mib"].default * 1024 * 1024
    assert "64 MiB" in row("answers")
    assert f"| {EventCache.SIZE:,}, each" in row("events that readers")
    assert f"the {Keepers.MOST} registers" in row("of each")
    assert f"{EventCache.SIZE:,} events, {Reckoner.MOST:,} things" in row("of each")
    assert f"{8 * Reckoner.MOST:,} topics" in row("of each")
    assert f"{Registers.ROOM:,} events" in row("registers read and folded")
    assert f"{sqlite_connections.KEPT} connections that stay open, of {sqlite_connections.POOL}" in row(
        "pages of an SQLite"
    )
    assert f"{sqlite_connections.PAGES // 1024} MiB each" in row("pages of an SQLite")
    assert f"| {postgres_connections.MOST} |" in row("connections to PostgreSQL")
    assert _remembered.cache_info().maxsize == folded_word.cache_info().maxsize == 20_000
    assert "20,000 each" in row("hashes of topics")
    assert f"{rates.MOST:,} requests, or {rates.MOST // rates.EACH:,} addresses" in row("who asked lately")
    assert f"{lately:,} each" in row("heads of logs")
    assert "_Lately(100)" in inspect.getsource(reading)
    assert "| 100 |" in row("days of change")
    assert f"| {graphviz.laid_out.cache_info().maxsize} |" in row("drawings")
    long, seconds = sqlite_connections.WRITES // 2**20, sqlite_connections.PAUSE
    assert f"{long} MiB, for which an entry may wait up to {seconds} seconds" in OPERATING
