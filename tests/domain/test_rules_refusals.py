"""Design 4.9: a refusal says on which day, and by which change, things do not fit."""

from __future__ import annotations

import pytest

from domain.errors import EntryRefused, Reason
from tests.history import History, appointed, post


def refused(history: History, on: str | None, *changes: dict[str, object]) -> list[Reason]:
    """Why an entry is refused."""
    with pytest.raises(EntryRefused) as refusal:
        history.on(on, *changes)
    return list(refusal.value.reasons)


def test_an_end_before_the_start_tells_the_last_day_of_the_end_and_the_first_of_the_start() -> None:
    """Both days are badly known; however they are read, the one lies before the other."""
    # given
    history = History().on("2001-01-01", post("p")).on("2006/2007", appointed("ann", "p", tenure="t"))

    # when
    [reason] = refused(history, "2005-03/2005-06", {"kind": "released", "tenure": "t"})

    # then
    assert (reason.rule, reason.change, reason.day) == ("end-before-start", 1, "2005-06-30")
    assert reason.detail == "tenure ann p would end by 2005-06-30, before it begins, 2006-01-01 at the earliest"
