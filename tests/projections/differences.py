"""What the rows of a difference are, for the tests of differences."""

from __future__ import annotations

from projections.structure import Answer


def kinds(answer: Answer) -> list[str]:
    """The kinds of the rows, sorted."""
    return sorted(row["kind"] for row in answer["changes"])


def only(answer: Answer) -> Answer:
    """The one row of a diff that has one."""
    assert len(answer["changes"]) == 1, answer["changes"]
    row: Answer = answer["changes"][0]
    return row
