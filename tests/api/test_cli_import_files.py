"""Files of others on the command line: what is asked, what is told, what the status is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.api.commandline import entry, established, exported, folder_of, in_this_process, regesta

HEADS = "ФИО;Должность;С;По\nЕрлан Қарин;Руководитель;01.09.2019;14.05.2021\nАйдос Ұлы;Руководитель;2021-05-15;\n"
READ = ["--column", "ФИО=person", "--column", "Должность=post", "--column", "С=from", "--column", "По=to"]
FOUND = ["--institution", "mint", "--found", "The Mint", "--language", "ru"]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Where a database may come to be."""
    return tmp_path / "regesta.sqlite"


@pytest.fixture
def heads(tmp_path: Path) -> Path:
    """A table of two heads, as a spreadsheet in a Russian locale saves it."""
    file = tmp_path / "heads.csv"
    file.write_text(HEADS, encoding="utf-8-sig")
    return file


def test_a_spreadsheet_is_tried_and_then_recorded_row_by_row(db: Path, heads: Path) -> None:
    """What the dry run says is what recording says; and once it is there, it is there."""
    # given
    arguments = ["import", heads, *FOUND, *READ, "--to-is", "last-day", "--by", "Olga"]

    # when
    dry = regesta(db, *arguments, "--dry-run")
    made = db.exists()
    wet = regesta(db, *arguments)
    again = regesta(db, *arguments)

    # then
    assert (dry.returncode, wet.returncode, again.returncode, made) == (0, 0, 0, False), dry.stderr + wet.stderr
    told = [line.split()[-1] for line in wet.stdout.splitlines()[:-1]]
    assert told[0] == "institution"
    assert told[1].startswith("heads.csv:file-")
    assert told[2:] == ["heads.csv:2", "heads.csv:3"], "a verdict a row, though the first row makes two entries"
    assert "mint: 4 recorded, 0 already there, 0 refused" in wet.stdout
    assert "mint: 4 would be recorded, 0 already there, 0 refused" in dry.stdout
    assert "mint: 0 recorded, 4 already there, 0 refused" in again.stdout
    assert [row["entry"] for row in exported(db, "mint")].count("heads.csv:2.to") == 1
    eve, first = (regesta(db, "structure", "mint", "--as-of", day).stdout for day in ("2021-05-14", "2021-05-15"))
    assert "Ерлан Қарин" in eve
    assert "Айдос Ұлы" not in eve
    assert "Айдос Ұлы" in first
    assert "Ерлан Қарин" not in first
    assert regesta(db, "verify").returncode == 0


def test_a_refused_row_is_told_and_the_status_is_one(db: Path, heads: Path) -> None:
    """The row after it is recorded all the same."""
    heads.write_text(HEADS.replace("01.09.2019", "9/1/2019"), encoding="utf-8")

    done = regesta(db, "import", heads, *FOUND, *READ, "--to-is", "last-day")

    assert done.returncode == 1
    assert (
        "REFUSED        heads.csv, row 2: column from: '9/1/2019' may begin with the day or with the month"
        in done.stdout
    )
    assert "mint: 3 recorded, 0 already there, 1 refused" in done.stdout


def test_what_was_done_with_the_file_is_told_first(db: Path, heads: Path) -> None:
    """A note comes before the verdicts."""
    done = regesta(db, "import", heads, *FOUND, *READ, "--to-is", "first-day-after", "--dry-run")

    assert done.stdout.startswith("note           in 1 of 1 hand-overs the successor begins a day behind the end")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["heads.csv", *FOUND, *READ], "nobody says what an end means"),
        (["heads.csv", *FOUND, "--to-is", "last-day"], "none of its headings is known"),
        (["heads.csv", *READ, "--to-is", "last-day"], "it does not say whose entries it holds"),
        (["heads.csv", *FOUND, *READ, "--column", "person"], "'person' is not HEADING=COLUMN"),
        (["heads.csv", *FOUND, *READ, "--column", "Кто=person"], "there is no heading 'Кто'"),
        (["heads.csv", "--institution", "mint", "--language", "русский"], "is no tag of a language"),
        (["heads.csv", *FOUND, "--format", "xlsx"], "it is no XLSX workbook"),
        (["heads.csv", *FOUND, "--format", "word"], "'word' is not one of"),
        (["heads.dat", *FOUND], "what it is to be read as is not certain: say --format"),
        (["--log", "heads.csv", "--to-is", "last-day"], "a log is loaded as it is, without other options"),
        (["missing.csv", *FOUND], "there is no such folder or file"),
        (["folder.csv", *FOUND, "--format", "csv"], "it is a folder: its institution.yaml founds the register"),
    ],
)
def test_what_cannot_be_read_is_a_mistake_of_use(
    db: Path,
    heads: Path,
    arguments: list[str],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Status 2, one message, no database."""
    (heads.parent / "heads.dat").write_bytes(heads.read_bytes())
    (heads.parent / "folder.csv").mkdir()
    monkeypatch.chdir(heads.parent)

    status = in_this_process(monkeypatch, db, "import", *arguments)

    assert status == 2
    assert words in " ".join(capsys.readouterr().err.split())
    assert not db.exists()


def test_a_file_that_may_not_be_read_is_said_so(
    db: Path, heads: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pipe that ends, a disk that fails."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(5, os.strerror(5))

    monkeypatch.setattr(Path, "open", fail)
    status = in_this_process(monkeypatch, db, "import", heads, *FOUND)

    assert status == 2
    assert "it cannot be read: Input/output error" in capsys.readouterr().err


def test_the_tables_of_an_export_make_the_register_again(tmp_path: Path, db: Path) -> None:
    """A register moves by spreadsheet tools; the log is what proves itself, but this is what people have."""
    # given
    folder = folder_of(tmp_path / "mint", "mint", {"1.yaml": entry("d1", established("vault", "1724-02-01"))})
    regesta(db, "import", folder)
    regesta(db, "export", "mint", "--format", "csv", "-o", tmp_path / "tables")
    other = tmp_path / "other.sqlite"

    # when
    done = regesta(other, "import", tmp_path / "tables")

    # then
    assert done.returncode == 0, done.stderr
    assert "mint: 2 recorded, 0 already there, 0 refused" in done.stdout
    assert [row["entry"] for row in exported(other, "mint")] == ["institution", "d1"]
    assert regesta(other, "import", folder).stdout.count("already there  ") == 2, "they are the very entries"
