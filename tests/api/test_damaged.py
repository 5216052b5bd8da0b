"""Files that were damaged, cut off, made read-only or have no room: refused or reported, never told of as if whole."""

from __future__ import annotations

import os
import random
import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from domain.errors import ChainBroken
from projections.recorders.sqlite import open_sqlite
from tests.api.commandline import command, entry, established, founding, in_this_process, jsonl_of, regesta
from tests.api.conftest import Server
from tests.api.test_cli_log import tamper
from tests.projections.test_erasure import BEFORE, agree, record

NOBODY = 65534
Say = pytest.CaptureFixture[str]
ASKED = ("structure", "mint", "--as-of", "1811-06-01", "--json")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The mint, with some hundred units."""
    with open_sqlite(tmp_path / "registers.sqlite") as log:
        record(log, *BEFORE, entry("many", *(established(f"unit-{n}", "1811-01-01") for n in range(100))))
    return tmp_path / "registers.sqlite"


def damaged_at(file: Path, place: int, size: int) -> None:
    """Write chance bytes over *size* bytes of *file*."""
    with file.open("r+b") as raw:
        raw.seek(place)
        raw.write(random.Random(place).randbytes(size))


def test_a_page_that_is_damaged_is_reported(file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say) -> None:
    """Whichever it is, of the log, of an index or of the tables."""
    whole, size = file.read_bytes(), 4096
    pages = len(whole) // size
    assert in_this_process(monkeypatch, file, "verify") == 0
    for page in random.Random(1).sample(range(pages), 12):
        file.write_bytes(whole)
        damaged_at(file, page * size, size)
        capsys.readouterr()

        status = in_this_process(monkeypatch, file, "verify")

        said = capsys.readouterr()
        assert (status, bool(said.err)) == (1, True), f"page {page + 1} of {pages}: {said}"


@pytest.mark.parametrize("left", [0.02, 0.3, 0.6, 0.98])
def test_a_file_that_was_cut_off_is_reported(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say, left: float
) -> None:
    """As by a copy that stopped early."""
    os.truncate(file, int(file.stat().st_size * left))

    assert in_this_process(monkeypatch, file, "verify") == 1
    assert capsys.readouterr().err
    assert in_this_process(monkeypatch, file, "backup", file.with_name("copy")) == 1
    assert not file.with_name("copy").exists()


ALTERED = {
    "a byte": ("UPDATE stored_events SET state = CAST(state || ' ' AS BLOB) WHERE originator_version = 5", 5),
    "a row removed": ("DELETE FROM stored_events WHERE originator_version = 8", 8),
    "two rows exchanged": (
        "UPDATE stored_events SET originator_version = originator_version + 90 WHERE originator_version = 7;"
        "UPDATE stored_events SET originator_version = 7 WHERE originator_version = 8;"
        "UPDATE stored_events SET originator_version = 8 WHERE originator_version = 97",
        7,
    ),
}


@pytest.mark.parametrize("how", ALTERED)
def test_a_log_that_was_altered_is_told_of_up_to_there_and_no_further(mint: Server, how: str) -> None:
    """Events by position, and the log as text, are proved as they are read; the first bad position is known."""
    script, position = ALTERED[how]
    for statement in script.split(";"):
        tamper(mint.file, statement)

    events = mint.client.get("/v1/institutions/mint/events?limit=500")
    before = mint.client.get(f"/v1/institutions/mint/events?limit={position - 1}")

    assert (events.status_code, events.json()["type"]) == (500, "/problems/chain-broken")
    assert before.status_code == 200
    assert len(before.json()["events"]) == position - 1
    for read in (lambda: list(mint.log.read("mint")), lambda: mint.log.export("mint", BytesIO())):
        with pytest.raises(ChainBroken) as broken:
            read()
        assert broken.value.position == position


# --- no room, no right


def limited(size: int) -> Callable[[], None]:
    """What lets a process write no file larger than *size* bytes, as a full disk would not."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_what_was_recorded_before_the_disk_was_full_is_there(tmp_path: Path) -> None:
    """The entry that found no room is not, nor half of it; with room again the import goes on."""
    file = tmp_path / "registers.sqlite"
    entries = [entry(f"e-{n}", *(established(f"u-{n}-{m}", "1811-01-01") for m in range(20))) for n in range(40)]
    source = jsonl_of(tmp_path / "entries.jsonl", [founding("Mint"), *entries])
    first = jsonl_of(tmp_path / "first.jsonl", [founding("Mint")])
    assert regesta(file, "import", first, "--institution", "mint").returncode == 0
    line, environment = command(file, "import", source, "--institution", "mint")

    full = subprocess.run(
        line, env=environment, capture_output=True, text=True, preexec_fn=limited(file.stat().st_size + 150_000)
    )

    assert full.returncode == 1
    assert "Traceback" not in full.stderr
    assert full.stderr
    told = [line.split()[2] for line in full.stdout.splitlines() if line.startswith("recorded ")]
    with open_sqlite(file) as log:
        agree(log)
        recorded = [row.event.entry for row in log.read("mint")]
        assert {name: recorded.count(name) for name in set(recorded)} == {
            name: 1 if name == "founding" else 20 for name in set(recorded)
        }
        assert set(told) <= set(recorded)
    assert regesta(file, "import", source, "--institution", "mint").returncode == 0
    with open_sqlite(file) as log:
        assert log.head("mint").position == 801
        agree(log)


@pytest.fixture
def unwritable() -> Iterator[Path]:
    """The mint in a file, and a folder, that the user `nobody` can read and not write."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "registers.sqlite"
        with open_sqlite(place) as log:
            record(log, *BEFORE)
        place.chmod(0o444)
        Path(folder).chmod(0o555)
        yield place
        Path(folder).chmod(0o755)


def test_a_file_that_cannot_be_written_is_refused_in_words(
    unwritable: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say
) -> None:
    """It is said which file; reading goes on where SQLite can, and nothing is changed."""
    before = unwritable.read_bytes()
    in_this_process(monkeypatch, unwritable.with_name("other"), "verify")  # whatever is to be loaded is loaded
    if os.getuid() == 0:
        os.seteuid(NOBODY)
    try:
        status = in_this_process(monkeypatch, unwritable, "rebuild")
    finally:
        if os.getuid() == 0:
            os.seteuid(0)

    assert status == 1
    assert unwritable.name in capsys.readouterr().err
    assert unwritable.read_bytes() == before
