"""Design 4.7: what hangs on a thing ends with it, however little is known of its beginning."""

from __future__ import annotations

from tests.history import History, abolished, appointed, post, unit


def test_a_unit_of_which_no_founding_is_known_takes_with_it_what_hangs_on_it() -> None:
    """Seen in 2003, abolished in 2006: its department, the post there and the holder end with it."""
    # given
    history = History().on("2003-03-03", {"kind": "unit-attested", "unit": "old", "parent": "mint"})
    history.on("2004-04-04", unit("v", parent="old"), post("p", of="v"), appointed("ann", "p"))

    # when
    history.on("2006-06-06", abolished("old"), by="end")

    # then
    assert [history.units(day) for day in ("2006-06-05", "2006-06-06")] == [["mint", "old", "v"], ["mint"]]
    assert [history.people("p", day) for day in ("2006-06-05", "2006-06-06")] == [["ann"], []]
    assert history.structure("2006-06-05")["units"]["v"]["until"] == "2006-06-06"
