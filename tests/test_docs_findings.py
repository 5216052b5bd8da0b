"""Every rule stands in the docs: an anomaly with what it means and what to do, any rule with a test that raises it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from domain.changes import KINDS
from domain.errors import REASONS
from domain.rules import FINDINGS

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "findings.md"
REFUSALS = ROOT / "docs" / "refusals.md"


def rows() -> dict[str, list[str]]:
    """The rows of the table, by rule: what it means, what to do."""
    found: dict[str, list[str]] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        first = re.match(r"\| `([a-z-]+)` \|", line)
        if first:
            assert first[1] not in found, f"{first[1]} stands twice"
            found[first[1]] = [cell.strip() for cell in line.strip("|").split("|")][1:]
    return found


@pytest.mark.parametrize("rule", FINDINGS)
def test_every_finding_is_explained(rule: str) -> None:
    """What it means, and what an editor may do."""
    assert rule in rows(), f"docs/findings.md has no line for {rule}"
    meaning, remedy = rows()[rule]
    assert meaning.endswith(".")
    assert remedy.endswith(".")


def test_no_finding_is_explained_that_no_rule_reports() -> None:
    """A rule that went leaves no line behind; the table is in alphabetical order."""
    assert [*rows()] == sorted(FINDINGS)


def test_every_kind_that_is_advised_exists() -> None:
    """An editor who does as told is not refused for it."""
    advised = {word for _, remedy in rows().values() for word in re.findall(r"`([a-z]+-[a-z-]+)`", remedy)}

    assert advised <= KINDS.keys()
    assert "reading-preferred" in advised


# --- tests that raise them


def raised(page: Path) -> dict[str, list[str]]:
    """The tests that a page names, by rule: the one that raises it, then its neighbour, if there is one."""
    found: dict[str, list[str]] = {}
    for line in page.read_text(encoding="utf-8").splitlines():
        row = re.fullmatch(r"\| `(tests/[^`]+)` \| `([a-z-]+)` \|(?: `(tests/[^`]+)` \|)?", line)
        if row:
            assert row[2] not in found, f"{row[2]} stands twice"
            found[row[2]] = [name for name in (row[1], row[3]) if name]
    return found


@cache
def sources_in(file: str) -> dict[str, str]:
    """The tests of a file with their source, what they are parametrized with included."""
    text = (ROOT / file).read_text(encoding="utf-8")
    tests = (node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef))
    lines, found = text.splitlines(), {}
    for test in tests:
        if test.name.startswith("test_"):
            first = min([test.lineno, *(decorator.lineno for decorator in test.decorator_list)])
            found[test.name] = "\n".join(lines[first - 1 : test.end_lineno])
    return found


def source_of(test: str) -> str:
    """The source of `file::test`."""
    file, _, name = test.partition("::")
    assert (ROOT / file).is_file(), f"there is no {file}"
    assert name in sources_in(file), f"{file} has no {name}"
    return sources_in(file)[name]


@pytest.mark.parametrize("rule", FINDINGS)
def test_every_finding_names_a_test_that_raises_it_and_a_neighbour_that_does_not(rule: str) -> None:
    """Both are there, and speak of the rule."""
    raising, neighbour = raised(PAGE)[rule]

    assert f'"{rule}"' in source_of(raising)
    assert f'"{rule}"' in source_of(neighbour) or "rules() ==" in source_of(neighbour)


@pytest.mark.parametrize("rule", REASONS)
def test_every_refusal_names_a_test_that_raises_it(rule: str) -> None:
    """It is there, and speaks of the rule."""
    [raising] = raised(REFUSALS)[rule]

    assert f'"{rule}"' in source_of(raising)


def test_no_rule_is_said_to_be_raised_that_does_not_exist() -> None:
    """The tables keep the order of those above them."""
    assert [*raised(PAGE)] == [*rows()]
    assert raised(REFUSALS).keys() == REASONS.keys()
