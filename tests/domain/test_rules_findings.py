"""Design 4.9: a finding says in words what does not fit, and who says so."""

from __future__ import annotations

from domain.lives import SHOWN_AFTERWARDS
from projections.findings import finding_rows
from tests.history import History, abolished, appointed, post, unit


def test_an_overlap_tells_what_shows_the_holder_and_what_should_have_ended_the_tenure() -> None:
    """Both sides of the dispute are named, and the words say why the end is not believed."""
    # given
    history = History().on("2001-01-01", post("p")).on("2005-01-01", appointed("ann", "p"))
    history.on("2006-01-01", appointed("bob", "p"), by="next")

    # when
    history.on("2007-01-01", {"kind": "tenure-attested", "person": "ann", "post": "p"}, by="seen")

    # then
    [row] = finding_rows(history.world().findings)
    assert (row["rule"], row["subject"]) == ("overlap", {"person": "ann", "post": "p"})
    assert (row["from"], row["to"]) == ("2006-01-01", "2007-01-01")
    assert row["detail"] == "the record shows it on that day or later"
    assert row["dispute"]["rule"] == SHOWN_AFTERWARDS
    assert row["dispute"]["believed"]["cause"]["entry"] == "seen"
    assert row["dispute"]["claimed"]["cause"]["entry"] == "next"


def test_an_act_upon_what_had_ended_says_so_and_disputes_nothing() -> None:
    """It names the end that came before; which of the two is wrong it does not say."""
    # given
    history = History().on("2001-01-01", unit("u")).on("2005-01-01", abolished("u"), by="end")

    # when
    history.on("2006-01-01", {"kind": "unit-renamed", "unit": "u", "name": {"en": "new"}}, by="late")

    # then
    [row] = finding_rows(history.world().findings)
    assert (row["rule"], row["detail"], row["dispute"]) == ("act-after-end", "it had ended", None)
    assert (row["from"], row["to"], row["entries"]) == ("2005-01-01", "2006-01-01", ["end", "late"])
