"""Design 3: every name by which a tenure may be called, whichever act gave it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.history import History, appointed, post, released


def transferred(**more: Any) -> dict[str, Any]:
    """Ann transferred from `p` to `q`."""
    return {"kind": "transferred", "person": "ann", "from_post": "p", "to_post": "q", **more}


@pytest.fixture
def history() -> History:
    """Posts `p` and `q` since 2001."""
    return History().on("2001-01-01", post("p"), post("q"))


@pytest.mark.parametrize("name", ["new", "move#1"])
def test_who_was_transferred_is_released_by_the_name_of_the_tenure_alone(history: History, name: str) -> None:
    """A transfer names the tenure that it starts; its own name calls that tenure too."""
    # given
    history.on("2005-01-01", appointed("ann", "p")).on("2006-01-01", transferred(tenure="new"), by="move")

    # when
    history.on("2007-01-01", {"kind": "released", "tenure": name})

    # then
    assert [history.people("q", day) for day in ("2006-12-31", "2007-01-01")] == [["ann"], []]


def test_a_transfer_keeps_the_name_of_the_tenure_it_ends_though_the_appointment_is_annulled(history: History) -> None:
    """The appointment was misread; the transfer alone says which tenure she left, and others call it so."""
    # given
    history.on("2004-01-01", appointed("ann", "p", tenure="old"), by="misread")
    history.on("2006-01-01", transferred(from_tenure="old"), by="move")
    history.on("2005-01-01", {"kind": "capacity-changed", "tenure": "old", "capacity": "acting"})

    # when
    history.on(None, {"kind": "annulled", "target": "misread#1", "reason": "another Ann"})

    # then
    held = history.structure("2005-12-31")["posts"]["p"]["holders"]
    assert [(holder["capacity"], holder["since"]) for holder in held.values()] == [("acting", None)]


def test_a_release_that_names_a_tenure_and_its_holder_lets_others_call_it_so(history: History) -> None:
    """Nobody saw her appointed; the decree that dismissed her names the tenure."""
    # given
    history.on("2006-01-01", released("ann", "p", tenure="old"))

    # when
    history.on("2005-01-01", {"kind": "capacity-changed", "tenure": "old", "capacity": "acting"})

    # then
    held = history.structure("2005-12-31")["posts"]["p"]["holders"]
    assert {name: holder["capacity"] for name, holder in held.items()} == {"old": "acting"}


def test_of_two_tenures_that_a_successor_ends_each_has_its_own_release() -> None:
    """She held the post by right and acted in it beside: both releases are believed, and narrowed by the successor."""
    # given
    history = History().on("2001-01-01", post("chair", seats=1))
    history.on("2004-01-01", appointed("ann", "chair", tenure="one"))
    history.on("2005-01-01", appointed("ann", "chair", "acting", tenure="two"))
    history.on("2006-01-01/2006-01-15", appointed("bob", "chair"))

    # when
    history.on("2006-01", *({"kind": "released", "tenure": name} for name in ("one", "two")))

    # then
    held = history.structure("2005-12-31")["posts"]["chair"]["holders"]
    assert {name: holder["until"] for name, holder in held.items()} == {"one": "2006-01", "two": "2006-01"}
    assert history.people("chair", "2006-01-15") == ["bob"]
    assert history.rules() == set()


def test_who_is_seen_after_one_of_two_tenures_ended_is_seen_in_the_other(history: History) -> None:
    """She had ceased to act, and is still there by right: the sighting opens no third tenure."""
    # given
    history.on("2004-01-01", appointed("ann", "p", tenure="one"), appointed("ann", "p", "acting", tenure="two"))
    history.on("2006-01-01", {"kind": "released", "tenure": "two"})

    # when
    history.on("2007-01-01", {"kind": "tenure-attested", "person": "ann", "post": "p"})

    # then
    held = history.structure("2007-01-01")["posts"]["p"]["holders"]
    assert {name: (holder["grade"], holder["evidence"]) for name, holder in held.items()} == {
        "one": ("certain", "2007-01-01")
    }
