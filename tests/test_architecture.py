"""What must hold of the repository itself: every kind and refusal documented, locks and files naming no machine."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from domain.changes import ENVELOPE, KINDS
from domain.errors import REASONS

ROOT = Path(__file__).parents[1]
LOCKS = sorted(ROOT.glob("requirements*.txt"))


def table_rows(page: str) -> dict[str, list[str]]:
    """The rows of the tables of a page, by the code in their first cell."""
    rows: dict[str, list[str]] = {}
    for line in (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines():
        first = re.match(r"\| `([a-z-]+)`[^|]*\|", line)
        if first:
            assert first[1] not in rows, f"{first[1]} stands twice in docs/{page}"
            rows[first[1]] = [cell.strip() for cell in line.strip("|").split("|")]
    return rows


def tracked() -> list[Path]:
    """The files of the repository, also those not yet committed; all but hidden ones where git is missing."""
    try:
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
        names = [Path(name) for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file()]
        names = [
            path for path in names if not any(part.startswith(".") or part == "__pycache__" for part in path.parts)
        ]
    return [path for path in names if (ROOT / path).is_file()]


# --- kinds


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_golden_row(kind: str) -> None:
    """What is stored for ever is approved once."""
    path = ROOT / "tests" / "golden" / f"{kind}.{KINDS[kind].VERSION}.json"

    assert path.is_file(), f"{kind} has no approved row {path.name}; tests/domain/test_events_golden.py shows it"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_line_in_the_docs(kind: str) -> None:
    """With its fields, so that an editor can write it, and its meaning."""
    rows = table_rows("kinds.md")
    if kind not in rows:
        pytest.fail(f"docs/kinds.md has no line for {kind}")
    name, fields, meaning = rows[kind]

    told = set(re.findall(r"[a-z_]+", fields)) - {"and", "or"}
    assert told == {
        field.alias or name for name, field in KINDS[kind].model_fields.items() if name not in ("kind", *ENVELOPE)
    }
    assert ("°" in name) != KINDS[kind].DATED
    assert len(meaning) > 10


@pytest.mark.parametrize("kind", KINDS)
def test_the_docs_tell_which_fields_may_be_left_out(kind: str) -> None:
    """Those in italics, and only those."""
    told = set(re.findall(r"\*([a-z_]+)\*", table_rows("kinds.md")[kind][1]))

    assert told == {
        field.alias or name
        for name, field in KINDS[kind].model_fields.items()
        if name not in ("kind", *ENVELOPE) and not field.is_required()
    }


def test_no_kind_is_documented_that_does_not_exist() -> None:
    """A line for a kind that was dropped would mislead."""
    assert table_rows("kinds.md").keys() == KINDS.keys()


# --- refusals


@pytest.mark.parametrize("rule", REASONS)
def test_every_refusal_has_a_line_in_the_docs(rule: str) -> None:
    """What it means and what to do."""
    rows = table_rows("refusals.md")
    if rule not in rows:
        pytest.fail(f"docs/refusals.md has no line for {rule}")

    assert len(rows[rule]) == 3
    assert all(len(cell) > 10 for cell in rows[rule][1:])


def test_no_refusal_is_documented_that_does_not_exist() -> None:
    """And links of the page lead somewhere."""
    assert table_rows("refusals.md").keys() == REASONS.keys()
    for page in ("refusals.md", "kinds.md"):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#:]+)", text):
            assert (ROOT / "docs" / link).exists(), f"docs/{page} links to {link}"


# --- locks


def test_there_are_locks_for_running_and_for_developing() -> None:
    """Both are checked below."""
    assert {path.name for path in LOCKS} >= {"requirements.txt", "requirements-dev.txt"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_host_and_pins_every_package_by_hash(lock: Path) -> None:
    """A lock made on one machine installs on any."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    assert lines

    for number, line in enumerate(lines, 1):
        place = f"{lock.name}:{number}: {line}"
        assert "://" not in line, place
        if line.lstrip().startswith("--"):
            assert re.fullmatch(r"\s+--hash=sha256:[0-9a-f]{64}( \\)?", line), place
            assert lines[number - 2].endswith("\\"), place
        elif line and not line.startswith("#"):
            assert re.match(r"[a-z0-9._-]+==\S+", line), place
            assert line.endswith("\\"), place


# --- no machine's paths

MACHINE_PATH = re.compile(r"(?<![\w./:~-])/(?:work|root|home|Users)/")


def test_no_file_names_a_path_of_a_machine() -> None:
    """What works in one place only is no part of the project; docs and tests may speak of such paths."""
    found = []
    for path in tracked():
        if path.parts[0] in ("docs", "tests"):
            continue
        try:
            text = (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # no text
        found += [f"{path}:{n}: {line}" for n, line in enumerate(text.splitlines(), 1) if MACHINE_PATH.search(line)]

    assert found == []


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("DB = '/home/me/x.db'", True),
        ("see /Users/me/x", True),
        ("(/home/me)", True),
        ("https://example.org/home/page", False),
        ("tests/home/x", False),
        ("~/home/x", False),
    ],
)
def test_a_path_of_a_machine_is_known_when_seen(line: str, named: bool) -> None:
    """An address of the web may have such a part."""
    assert bool(MACHINE_PATH.search(line)) == named


# --- layers


def parts_of(package: str) -> set[str]:
    """The modules and packages that stand directly in a package."""
    folder = ROOT / package
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    return modules | {path.parent.name for path in folder.glob("*/__init__.py")}


def test_import_contracts_keep_the_layers() -> None:
    """The api asks projections, they ask the domain; HTTP and the event-store library stay where they belong."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    contracts = config["contracts"]

    assert config["root_packages"] == ["domain", "projections", "api"]
    assert config["include_external_packages"] is True
    assert any(c["type"] == "layers" and c["layers"] == ["api", "projections", "domain"] for c in contracts)

    def sources_barred_from(module: str) -> set[str]:
        barred = [c for c in contracts if c["type"] == "forbidden" and module in c["forbidden_modules"]]
        return {source for c in barred for source in c["source_modules"]}

    assert sources_barred_from("fastapi") >= {"domain", "projections"}
    assert sources_barred_from("starlette") >= {"domain", "projections"}
    assert "api" in sources_barred_from("eventsourcing")


def test_only_the_log_and_the_recorders_may_know_the_event_store_library() -> None:
    """Every other module is named in the contract, a new one too."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    barred = {
        source
        for contract in config["contracts"]
        if "eventsourcing" in contract.get("forbidden_modules", ())
        for source in contract["source_modules"]
    }
    parts = {f"{package}.{part}" for package in ("domain", "projections") for part in parts_of(package)}

    assert parts - barred <= {"domain.log", "projections.recorders"}


def test_every_module_of_the_domain_has_its_place() -> None:
    """The contract inside domain is exhaustive and names each once."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    inside = next(c for c in config["contracts"] if c.get("containers") == ["domain"])

    assert inside["exhaustive"] is True
    assert set(inside["layers"]) == parts_of("domain")
    assert max(Counter(inside["layers"]).values()) == 1


def test_tests_mirror_the_packages() -> None:
    """Every folder of tests is a package, so that tests may share builders."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}

    assert all((folder / "__init__.py").is_file() for folder in folders)
