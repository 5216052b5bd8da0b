"""Design 4.4: an instrument set right, and with it the days that come from it."""

from __future__ import annotations

from typing import Any

from tests.history import History, unit


def reissued(entry: str, kind: str = "decree", **days: str) -> dict[str, Any]:
    """The instrument of *entry* read anew."""
    change = {"kind": "instrument-issued", "instrument": entry, "instrument_kind": kind, **days}
    return {"kind": "corrected", "target": f"{entry}#0", "change": change, "reason": "misread"}


def test_correcting_an_instrument_moves_the_days_that_come_from_it() -> None:
    """Signed a month earlier than we read: what had no other day begins a month earlier."""
    # given a decree with an article that has its own day, and an annex entered later
    history = History().decree("2005-02-01", unit("u"), {**unit("v"), "effective": "2006-01-01"}, by="a")
    history.on(None, unit("w"), instrument="a")

    # when
    history.on(None, reissued("a", signed="2005-01-01"), by="fix")

    # then
    for of in ("u", "w"):
        assert history.grade(of, "2004-12-31") is None
        assert history.grade(of, "2005-01-01") == "presumed"
    assert history.grade("v", "2005-12-31") is None
    assert history.grade("v", "2006-01-01") == "certain"
    assert "u" not in history.structure("2005-01-31", known="a")["units"]


def test_an_instrument_given_a_day_in_force_makes_its_days_stated() -> None:
    """Found in the gazette: the decree came into force in March, and that is no supposition."""
    # given
    history = History().decree("2005-01-01", unit("u"), by="a")
    history.on(None, reissued("a", "law", signed="2005-01-01", in_force="2005-03-01"))

    # then
    assert history.grade("u", "2005-02-28") is None
    assert history.grade("u", "2005-03-01") == "certain"
    assert history.structure("2005-03-01")["units"]["u"]["cause"]["instrument"]["kind"] == "law"


def test_correcting_an_instruments_signing_moves_its_acts_within_a_day() -> None:
    """Of two decrees in force on one day the younger has the last word, as we now read their dates."""
    # given
    history = History().on("2005-01-01", unit("u"))
    for name, signed in (("one", "2004-01-01"), ("two", "2004-02-01")):
        rename = {"kind": "unit-renamed", "unit": "u", "name": {"en": name}}
        history.decree(signed, rename, by=name, in_force="2007-01-01")
    assert history.structure("2007-01-01")["units"]["u"]["name"] == {"en": "two"}

    # when
    history.on(None, reissued("one", signed="2004-03-01", in_force="2007-01-01"))

    # then
    assert history.structure("2007-01-01")["units"]["u"]["name"] == {"en": "one"}
    assert history.structure("2007-01-01", known="two")["units"]["u"]["name"] == {"en": "two"}
