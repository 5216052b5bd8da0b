"""Importing a register: a verdict an entry, each whole or not at all, and nothing twice."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.errors import StoreUnusable
from domain.events import Event
from domain.log import Clock
from projections.recorders.recorder import Page
from tests.api.commandline import (
    Given,
    command,
    entry,
    established,
    exported,
    folder_of,
    founding,
    in_this_process,
    jsonl_of,
    regesta,
)

FOUNDED = entry("decree-1", established("mint", "1724-02-01"))
MINT: dict[str, Given | str] = {
    "1-mint.yaml": FOUNDED,
    "2-circle.yaml": entry(
        "decree-2", {"kind": "unit-moved", "unit": "mint", "parent": "mint", "effective": "1811-07-01"}
    ),
    "3-nobody.yaml": entry(
        "decree-3", established("assay", "1802"), {"kind": "unit-abolished", "unit": "salt", "effective": "1810"}
    ),
    "4-broken.yaml": "entry: decree-4\nchanges:\n  - kind: unit-established\n    unit: vault\n",
    "5-vault.yaml": entry("decree-5", established("vault", "1830-05-01", parent="mint")),
}
"""Two entries that stand, and between them three that cannot."""


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Where a database may come to be."""
    return tmp_path / "regesta.sqlite"


def test_a_refused_entry_is_named_with_its_reason_and_leaves_no_trace(tmp_path: Path, db: Path) -> None:
    """An editor fixes a file by what the message says; the rest of the register goes in meanwhile."""
    # given
    folder = folder_of(tmp_path / "mint", "mint", MINT)

    # when
    done = regesta(db, "import", folder)

    # then
    assert (done.returncode, done.stderr) == (1, "")
    expected = [
        ("recorded       1-1   institution", ""),
        ("recorded       2-2   decree-1", ""),
        ("REFUSED        entries/2-circle.yaml:3: entry 'decree-2', change 1, 1811-07-01: ", "(parent-cycle)"),
        ("REFUSED        entries/3-nobody.yaml:8: entry 'decree-3', change 2: ", "(unknown-id)"),
        ("REFUSED        entries/4-broken.yaml:3: change 1: ", "name: it is required (malformed)"),
        ("recorded       3-3   decree-5", ""),
    ]
    for line, (start, end) in zip(done.stdout.splitlines()[:-1], expected, strict=True):
        assert line.startswith(start), line
        assert line.endswith(end), line
    assert done.stdout.splitlines()[-1].startswith("mint: 3 recorded, 0 already there, 3 refused; log at position 3,")
    assert [row["entry"] for row in exported(db, "mint")] == ["institution", "decree-1", "decree-5"]


def test_importing_again_changes_nothing(tmp_path: Path, db: Path) -> None:
    """A cron job may import every night; the log grows by what is new alone."""
    # given
    folder = folder_of(tmp_path / "mint", "mint", {"1-mint.yaml": FOUNDED})
    regesta(db, "import", folder, "--by", "Olga")
    before = exported(db, "mint")

    # when
    again = regesta(db, "import", folder)
    (folder / "entries" / "1-mint.yaml").write_text(
        (folder / "entries" / "1-mint.yaml").read_text().replace("1724", "1725")
    )
    changed = regesta(db, "import", folder)

    # then
    assert again.returncode == 0
    assert again.stdout.splitlines()[1] == "already there  2-2   decree-1"
    assert changed.returncode == 1
    assert "REFUSED        entries/1-mint.yaml: entry 'decree-1' is recorded already" in changed.stdout
    assert exported(db, "mint") == before
    assert before[0]["state"]["recorded_by"] == "Olga"


def test_a_dry_run_gives_the_same_verdicts_and_stores_nothing(tmp_path: Path, db: Path) -> None:
    """What an editor is told before recording must be what recording says."""
    # given
    folder = folder_of(tmp_path / "mint", "mint", MINT)

    # when
    dry = regesta(db, "import", folder, "--dry-run")
    made = db.exists()
    wet = regesta(db, "import", folder)
    (folder / "entries" / "6-more.yaml").write_bytes(
        (folder / "entries" / "5-vault.yaml").read_bytes().replace(b"decree-5", b"decree-6")
    )
    before = exported(db, "mint")
    late = regesta(db, "import", folder, "--dry-run")

    # then
    assert (dry.returncode, made) == (1, False)
    assert dry.stdout.replace("would be recorded ", "recorded       ").splitlines()[:-1] == wet.stdout.splitlines()[:-1]
    assert "would be recorded 4-4   decree-6" in late.stdout
    assert exported(db, "mint") == before


def test_entries_come_one_a_line_as_well(tmp_path: Path, db: Path) -> None:
    """A generated register is one file; its refusals name the line."""
    # given
    lines = jsonl_of(tmp_path / "entries.jsonl", [founding("Mint"), FOUNDED, entry("late", established("", "1900"))])
    folder = folder_of(tmp_path / "whole", "whole", {})
    jsonl_of(folder / "entries.jsonl", [FOUNDED])

    # when
    alone = regesta(db, "import", lines, "--institution", "mint")
    nameless = regesta(db, "import", lines)
    whole = regesta(db, "import", folder)

    # then
    assert alone.returncode == 1
    assert "REFUSED        entries.jsonl:3: change 1: " in alone.stdout
    assert "mint: 2 recorded, 0 already there, 1 refused" in alone.stdout
    assert (nameless.returncode, nameless.stdout) == (2, "")
    assert "name the institution" in nameless.stderr
    assert "whole: 2 recorded, 0 already there, 0 refused" in whole.stdout


def test_entries_of_an_institution_that_nobody_founded_are_refused(tmp_path: Path, db: Path) -> None:
    """A mistyped id must not found a register."""
    # given
    lines = jsonl_of(tmp_path / "entries.jsonl", [FOUNDED])

    # when
    done = regesta(db, "import", lines, "--institution", "mnit")

    # then
    assert done.returncode == 1
    assert "entries.jsonl:1: there is no institution 'mnit'; its first entry must begin with" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "there is no such folder or file"),
        (["."], "it has no institution.yaml"),
        ([], "give either a register or --log FILE"),
        (["mint", "--institution", "treasury"], "its institution.yaml is that of 'mint', not of 'treasury'"),
        (["both"], "it has both entries/ and entries.jsonl"),
        (["odd"], "entries.jsonl: it cannot be read: Is a directory"),
        (["strange"], "entries/ holds notes.txt, which is no .yaml file"),
        (["mint", "--by", ""], "cannot be recorded as a name"),
        (["both/entries.jsonl", "--institution", "a b"], "'a b' cannot be the id of an institution"),
    ],
)
def test_what_is_no_register_is_a_mistake_of_use(
    tmp_path: Path,
    db: Path,
    arguments: list[str],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Status 2 tells a script that it was called wrongly; 1, that an entry was refused."""
    # given
    folder_of(tmp_path / "mint", "mint", {})
    jsonl_of(folder_of(tmp_path / "both", "both", {"1.yaml": FOUNDED}) / "entries.jsonl", [])
    (folder_of(tmp_path / "strange", "strange", {}) / "entries" / "notes.txt").touch()
    (folder_of(tmp_path / "odd", "odd", {}) / "entries.jsonl").mkdir()
    monkeypatch.chdir(tmp_path)

    # when
    status = in_this_process(monkeypatch, db, "import", *arguments)

    # then
    assert status == 2
    assert words in capsys.readouterr().err
    assert not db.exists()


def test_an_import_that_is_killed_goes_on_where_it_stood(tmp_path: Path, db: Path) -> None:
    """Power fails in the middle of a long import: no half entry, and the second run completes the first."""
    # given
    decrees = [
        entry(f"decree-{n}", established(f"unit-{n}", "1802"), established(f"bureau-{n}", "1803")) for n in range(450)
    ]
    lines = jsonl_of(tmp_path / "entries.jsonl", [founding("Mint"), *decrees])
    line, environment = command(db, "import", lines, "--institution", "mint")

    # when
    # The pipe holds some 120 verdicts, and a page of the log 200: however late this process is, the import cannot
    # have come to its end.
    with subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, bufsize=0, pipesize=4096) as importing:
        assert importing.stdout is not None
        while b"decree-20\n" not in importing.stdout.readline():
            assert importing.poll() is None
        importing.send_signal(signal.SIGKILL)
    killed = regesta(db, "verify", "mint")
    stood = exported(db, "mint")
    again = regesta(db, "import", lines, "--institution", "mint")

    # then
    assert importing.returncode == -signal.SIGKILL
    assert killed.returncode == 0, killed.stderr
    assert 43 <= len(stood) < 901
    assert len(stood) % 2 == 1, "the founding change, then two changes an entry"
    assert again.returncode == 0
    assert f"{(901 - len(stood)) // 2} recorded, {(len(stood) + 1) // 2} already there" in again.stdout
    rows = exported(db, "mint")
    assert [row["entry"] for row in rows[1::2]] == [f"decree-{n}" for n in range(450)]
    assert rows[: len(stood)] == stood
    assert regesta(db, "verify").returncode == 0


def test_four_imports_at_once_into_one_file_all_end_whole(tmp_path: Path, db: Path) -> None:
    """Editors do not take turns: each entry is in the log once, in one order, and its instant never runs back."""
    # given
    common = [founding("The House"), *(entry(f"common-{n}", established(f"unit-{n}", "1802")) for n in range(15))]
    imports = []
    for number in range(4):
        institution = ("mint", "treasury")[number % 2]
        own = [entry(f"own-{number}-{n}", established(f"own-{number}-{n}", "1803", parent="unit-3")) for n in range(15)]
        lines = jsonl_of(tmp_path / f"{number}.jsonl", [*common, *own])
        imports.append(command(db, "import", lines, "--institution", institution))

    # when
    running = [subprocess.Popen(line, env=env, stdout=subprocess.PIPE, text=True) for line, env in imports]
    told = [process.communicate(timeout=60)[0] for process in running]

    # then
    assert [process.returncode for process in running] == [0, 0, 0, 0], told
    assert regesta(db, "verify").stdout.count("whole, up to position 46,") == 2
    for institution, numbers in (("mint", (0, 2)), ("treasury", (1, 3))):
        rows = exported(db, institution)
        expected = {e["entry"] for e in common} | {f"own-{k}-{n}" for k in numbers for n in range(15)}
        assert {row["entry"] for row in rows} == expected
        assert [row["position"] for row in rows] == [*range(1, 47)]
        assert [row["recorded"] for row in rows] == sorted(row["recorded"] for row in rows)


def test_a_page_that_fails_leaves_the_log_as_it_was(
    tmp_path: Path, db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A full disk in the middle of a page: nothing is told of that is not stored, and nothing is there twice later."""
    # given
    decrees = [entry(f"decree-{n}", established(f"unit-{n}", "1802")) for n in range(5)]
    lines = jsonl_of(tmp_path / "entries.jsonl", [founding("Mint"), *decrees])
    append = Page.append

    def fail(page: Page, events: Sequence[Event], clock: Clock) -> tuple[int, int]:
        if events[0].entry == "decree-3":
            raise StoreUnusable(str(db), "the disk is full")
        return append(page, events, clock)

    # when
    monkeypatch.setattr(Page, "append", fail)
    failed = in_this_process(monkeypatch, db, "import", lines, "--institution", "mint")
    told = capsys.readouterr().out
    monkeypatch.setattr(Page, "append", append)
    again = regesta(db, "import", lines, "--institution", "mint")

    # then
    assert (failed, told) == (1, "")
    assert "mint: 6 recorded, 0 already there, 0 refused" in again.stdout
    assert regesta(db, "verify").returncode == 0


def test_a_refused_entry_takes_back_nothing_but_itself(tmp_path: Path, db: Path) -> None:
    """The entries of its page, before it and after it, are stored; and each is decided on those before it."""
    lost = entry("lost", established("lost", "1803", parent="nowhere"))
    first, second = entry("first", established("first", "1802")), entry("second", established("second", "1803"))
    below = entry("below", established("below", "1804", parent="first"))
    lines = jsonl_of(tmp_path / "entries.jsonl", [founding("Mint"), first, lost, second, below, first])

    done = regesta(db, "import", lines, "--institution", "mint")

    assert done.returncode == 1
    assert [line.split()[0] for line in done.stdout.splitlines()[:-1]] == [
        *("recorded", "recorded", "REFUSED", "recorded", "recorded", "already")
    ]
    assert [row["entry"] for row in exported(db, "mint")] == ["founding", "first", "second", "below"]
    assert regesta(db, "verify").returncode == 0


def test_a_file_of_entries_may_have_any_name(tmp_path: Path, db: Path) -> None:
    """Programs write such files without a suffix; what does not begin like an entry is asked after."""
    lines = jsonl_of(tmp_path / "entries", [founding("Mint"), entry("first", established("first", "1802"))])
    (tmp_path / "table").write_text("person;post\nann;warden\n")

    taken = regesta(db, "import", lines, "--institution", "mint")
    asked = regesta(db, "import", tmp_path / "table", "--institution", "mint")

    assert "mint: 2 recorded" in taken.stdout
    assert asked.returncode != 0
    assert "say --format" in asked.stderr
