"""A mint to decide on, and the reasons for which an entry is refused there."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import REASONS, EntryRefused, Reason
from tests.history import History, appointed, post, unit

Written = dict[str, Any]
RELATION = {"subject": "assay", "relation": "supports", "object": "warden"}


def mint() -> History:
    """The mint with a unit, a post, an instrument and ann in office."""
    return (
        History()
        .on("2001-01-01", unit("assay"), unit("works"), post("warden"), by="e1")
        .decree("2002-02-02", appointed("ann", "warden", tenure="ann-1"), by="decree-2", id="D2")
    )


def refused(history: History, *changes: Written, effective: str | None = "2005-05-05", **more: Any) -> list[Reason]:
    """The reasons for which an entry of *changes* is refused; nothing of it may be recorded."""
    rows, ends = list(history.rows), dict(history.ends)
    with pytest.raises(EntryRefused) as refusal:
        history.on(effective, *changes, by="bad", **more)
    assert (history.rows, history.ends) == (rows, ends)
    assert refusal.value.entry == "bad"
    assert refusal.value.reasons
    for reason in refusal.value.reasons:
        assert reason.rule in REASONS
        assert reason.detail
        assert str(reason) in str(refusal.value)
    return list(refusal.value.reasons)


def reason_of(history: History, *changes: Written, effective: str | None = "2005-05-05", **more: Any) -> Reason:
    """The one reason for which an entry of *changes* is refused."""
    reasons = refused(history, *changes, effective=effective, **more)
    assert len(reasons) == 1, reasons
    return reasons[0]
