"""Design 2: what might be recorded stands in the log as it would if it were."""

from __future__ import annotations

from domain.decide import FoldedHistory
from domain.entries import entry_from
from tests.history import History, unit


def test_drafts_take_the_positions_that_follow_the_log_without_a_gap() -> None:
    """One entry after another, as they would be recorded."""
    # given
    log = FoldedHistory("mint", list(History().rows))
    drafts = [
        entry_from({"entry": name, "effective": "2005-01-01", "changes": [unit(name), unit(f"{name}{name}")]}, "test")
        for name in ("a", "b")
    ]

    # when
    stages = log.stages([draft.events("mint", "test", log.issued) for draft in drafts])

    # then
    recorded = len(log.rows)
    assert [[position for position, _ in known.rows] for known, _ in stages] == [
        list(range(1, last + 1)) for last in (recorded, recorded + 2, recorded + 4)
    ]
