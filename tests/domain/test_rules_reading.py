"""Design 4.4 and 4.5: what is read anew of a change, and of an instrument the days that come from it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.history import History, unit


def read_anew(target: str, change: dict[str, Any]) -> dict[str, Any]:
    """*target* to be read as *change*."""
    return {"kind": "corrected", "target": target, "change": change, "reason": "misread"}


def test_a_correction_may_name_another_provision() -> None:
    """The article was misread; the cause names the right one."""
    # given
    history = History().on("2001-01-01", {**unit("u"), "provision": "art. 1"}, by="act")

    # when
    history.on(None, read_anew("act#1", {**unit("u"), "provision": "art. 2"}))

    # then
    assert history.structure("2001-01-01")["units"]["u"]["cause"]["provision"] == "art. 2"


@pytest.mark.parametrize(
    ("dated", "since"),
    [
        ({"signed": "2005-05-05", "in_force": "2005-07-07"}, "2005-07-07"),
        ({"signed": "2005-05-05"}, "2005-05-05"),
        ({}, "2005-06-06"),
    ],
)
def test_a_decree_read_anew_moves_the_days_that_come_from_it(dated: dict[str, str], since: str) -> None:
    """If it is read to tell no day any more, the day first recorded stays."""
    # given
    decree = {"kind": "decree", "signed": "2005-05-05", "in_force": "2005-06-06"}
    history = History().on(None, unit("u"), by="decree", instrument=decree)

    # when
    issued = {"kind": "instrument-issued", "instrument": "decree", "instrument_kind": "decree", **dated}
    history.on(None, read_anew("decree#0", issued))

    # then
    assert history.structure("2010-01-01")["units"]["u"]["since"] == since


def test_a_day_is_believed_over_a_month() -> None:
    """All else being equal the narrower date is the better claim, whichever entry is first."""
    # given
    history = History().on("2005-03", unit("u"), by="a-month").on("2005-05-05", unit("u"), by="b-day")

    # then
    assert history.structure("2006-01-01")["units"]["u"]["since"] == "2005-05-05"
    [finding] = history.world().findings
    assert finding.detail == "start: b-day#1 is believed (narrower date), not a-month#1"
