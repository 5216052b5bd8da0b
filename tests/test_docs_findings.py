"""Every rule that reports an anomaly stands in the docs, with what it means and what to do about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.changes import KINDS
from domain.rules import FINDINGS

PAGE = Path(__file__).parents[1] / "docs" / "findings.md"


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
