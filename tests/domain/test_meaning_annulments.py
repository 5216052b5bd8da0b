"""Design 4.4: what was recorded is taken back, and may be restored."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import EntryRefused
from tests.history import History, abolished, appointed, post, released, unit


def annulled(target: str) -> dict[str, Any]:
    """*target* read as never recorded."""
    return {"kind": "annulled", "target": target, "reason": "forged"}


def corrected(target: str, change: dict[str, Any]) -> dict[str, Any]:
    """*target* read as *change*."""
    return {"kind": "corrected", "target": target, "change": change, "reason": "misread"}


def renamed(name: str) -> dict[str, Any]:
    """Unit `u` renamed."""
    return {"kind": "unit-renamed", "unit": "u", "name": {"en": name}}


def name(history: History, as_of: str = "2007-01-01", known: int | str | None = None) -> str:
    """What unit `u` is called on a day."""
    found: str = history.structure(as_of, known=known)["units"]["u"]["name"]["en"]
    return found


@pytest.fixture
def history() -> History:
    """A unit `u` of 2005, renamed to `Of b` in 2006 by entry `b`, which also makes a unit `v`."""
    history = History().on("2005-01-01", unit("u"), by="a")
    return history.on("2006-01-01", renamed("Of b"), unit("v"), by="b")


def test_an_annulled_change_is_as_if_never_recorded(history: History) -> None:
    """For readers from then on; those before read it still."""
    # given
    history.on(None, annulled("b#1"), by="struck")

    # then
    assert name(history) == "u"
    assert name(history, known="struck") == "u"
    assert name(history, known="b") == "Of b"
    assert history.grade("v", "2006-01-01") == "certain"


def test_an_annulled_entry_is_annulled_in_all_its_changes(history: History) -> None:
    """The whole decree was a forgery."""
    # given
    history.on(None, annulled("b"), by="struck")

    # then
    assert name(history) == "u"
    assert history.grade("v", "2006-01-01") is None
    assert "v" in history.structure("2006-01-01", known="b")["units"]


def test_what_an_annulled_act_showed_is_shown_no_more(history: History) -> None:
    """A rename that never was is no evidence that the unit stood."""
    # given
    assert history.structure("2005-01-01")["units"]["u"]["evidence"] == "2006-01-01"
    history.on(None, annulled("b"))

    # then
    assert history.structure("2005-01-01")["units"]["u"]["evidence"] == "2005-01-01"
    assert history.grade("u", "2005-06-01") == "presumed"


def test_annulling_a_correction_restores_what_stood_before(history: History) -> None:
    """The correction was the error."""
    history.on(None, corrected("b#1", renamed("Corrected")), by="fix").on(None, annulled("fix#1"), by="struck")

    assert name(history) == "Of b"
    assert name(history, known="fix") == "Corrected"


def test_annulling_the_second_correction_restores_the_first(history: History) -> None:
    """What stood before it was the first correction, not the first record."""
    # given
    history.on(None, corrected("b#1", renamed("One")), by="one").on(None, corrected("b#1", renamed("Two")), by="two")
    history.on(None, annulled("two"))

    # then
    assert name(history) == "One"


def test_annulling_the_first_correction_leaves_the_second(history: History) -> None:
    """Of the live ones the highest holds."""
    # given
    history.on(None, corrected("b#1", renamed("One")), by="one").on(None, corrected("b#1", renamed("Two")), by="two")
    history.on(None, annulled("one#1"))

    # then
    assert name(history) == "Two"


def test_annulling_the_correction_of_a_correction_restores_the_correction(history: History) -> None:
    """Three levels of reading, the topmost taken off."""
    # given
    history.on(None, corrected("b#1", renamed("One")), by="one")
    history.on(None, corrected("one#1", renamed("One, anew")), by="two")
    assert name(history) == "One, anew"
    history.on(None, annulled("two#1"))

    # then
    assert name(history) == "One"


def test_an_annulment_after_a_correction_takes_the_change_away(history: History) -> None:
    """Read better, then found to be forged."""
    history.on(None, corrected("b#1", renamed("Corrected"))).on(None, annulled("b#1"))

    assert name(history) == "u"


def test_a_correction_after_an_annulment_restores_the_change(history: History) -> None:
    """Struck out, then found to be true with another name."""
    history.on(None, annulled("b#1")).on(None, corrected("b#1", renamed("Corrected")))

    assert name(history) == "Corrected"


def test_a_correction_after_the_annulment_of_a_whole_entry_restores_its_target_alone(history: History) -> None:
    """Of the forged decree one article proves true."""
    # given
    history.on(None, annulled("b")).on(None, corrected("b#1", renamed("Corrected")))

    # then
    assert name(history) == "Corrected"
    assert history.grade("v", "2006-01-01") is None


def test_annulling_an_annulment_restores_what_it_took(history: History) -> None:
    """It was no forgery after all."""
    history.on(None, annulled("b"), by="struck").on(None, annulled("struck#1"))

    assert name(history) == "Of b"
    assert history.grade("v", "2006-01-01") == "certain"


def test_annulling_an_entry_of_corrections_undoes_them(history: History) -> None:
    """A whole entry may be a correction's, too."""
    # given
    history.on(None, corrected("b#1", renamed("One")), corrected("b#2", {**unit("v"), "name": {"en": "V"}}), by="fix")
    history.on(None, annulled("fix"))

    # then
    assert name(history) == "Of b"
    assert history.structure("2006-01-01")["units"]["v"]["name"] == {"en": "v"}


def test_an_annulment_survives_the_annulment_of_the_correction_it_followed(history: History) -> None:
    """The correction is gone, the annulment of the change itself is not."""
    history.on(None, corrected("b#1", renamed("One")), by="one").on(None, annulled("b#1")).on(None, annulled("one"))

    assert name(history) == "u"


def test_what_was_never_recorded_is_not_annulled(history: History) -> None:
    """An annulment names what it annuls."""
    for target in ("nowhere", "nowhere#1", "b#9"):
        with pytest.raises(EntryRefused) as refusal:
            history.on(None, annulled(target))
        assert {reason.rule for reason in refusal.value.reasons} == {"unknown-target"}


# --- what falls, what revives


def test_annulling_an_abolition_revives_all_that_fell_with_it() -> None:
    """Consequences are computed, so they go with their cause: sub-units, posts, holders, relations."""
    # given
    history = History().on("2005-01-01", unit("u"), unit("v", parent="u"), post("p", of="v"), appointed("ann", "p"))
    history.on("2005-01-01", {"kind": "relation-started", "subject": "v", "object": "mint", "relation": "advises"})
    history.on("2006-01-01", abolished("u"), by="ended")
    assert history.units("2006-01-01") == ["mint"]

    # when
    history.on(None, annulled("ended#1"))

    # then
    assert history.units("2006-01-01") == ["mint", "u", "v"]
    assert history.people("p", "2006-01-01") == ["ann"]
    assert history.grade("v|advises|mint", "2006-01-01", "relations") == "presumed"
    held = history.holder("ann", "p", "2006-01-01")
    assert held
    assert held["until"] is None


def test_annulling_an_appointment_revives_whom_it_displaced() -> None:
    """If Bob was never appointed, Ann never left."""
    # given
    history = History().on("2001-01-01", post("p")).on("2005-01-01", appointed("ann", "p"))
    history.on("2006-01-01", appointed("bob", "p"), by="next").on(None, annulled("next"))

    # then
    assert history.people("p", "2006-01-01") == ["ann"]


def test_an_act_on_what_was_annulled_hangs_on_nothing(history: History) -> None:
    """The unit never was; that it was renamed says so to nobody, and is reported."""
    # given
    history.on(None, annulled("a"))

    # then
    assert history.grade("u", "2005-12-31") is None
    assert history.grade("u", "2006-01-01") is None
    assert history.rules() == {"orphaned"}


def test_what_hangs_on_an_annulled_unit_is_not_shown() -> None:
    """A post in a unit that never was hangs on nothing, and so does a unit under it."""
    # given
    history = History().on("2005-01-01", unit("u"), by="a")
    history.on("2006-01-01", unit("v", parent="u"), post("p", of="u"))
    history.on(None, annulled("a"))

    # then
    assert history.grade("p", "2006-01-01", "posts") is None
    assert history.grade("v", "2006-01-01") is None
    assert history.rules() == {"orphaned"}


def test_a_release_from_an_annulled_post_hangs_on_nothing() -> None:
    """Nobody left what never was."""
    # given
    history = History().on("2001-01-01", post("p"), by="a").on("2006-01-01", released("ann", "p"))
    history.on(None, annulled("a"))

    # then
    assert history.structure("2005-12-31")["posts"] == {}
    assert history.rules() == {"orphaned"}


def test_a_release_that_names_an_annulled_tenure_hangs_on_nothing() -> None:
    """The name is of an appointment that never was: whom it released, nobody can tell."""
    # given
    history = History().on("2001-01-01", post("p")).on("2005-01-01", appointed("ann", "p"), by="a")
    history.on("2006-01-01", {"kind": "released", "tenure": "a#1"}).on(None, annulled("a"))

    # then
    assert history.people("p", "2005-12-31") == []
    assert history.rules() == {"orphaned"}


@pytest.mark.parametrize("members", [["w"], ["u", "w"]])
def test_a_list_ends_what_it_omits_though_a_member_is_known_no_longer(members: list[str]) -> None:
    """Whom it names may turn out to be nobody; that nothing else belonged, it says all the same."""
    # given
    listed = {"kind": "list-attested", "scope": {"parent": "mint"}, "members": members, "closed": True}
    history = History().on("2005-01-01", unit("u"), unit("v"), by="a").on("2005-01-01", unit("w"), by="w")
    history.on("2007-06-01", listed)
    assert history.grade("v", "2007-06-01") is None

    # when
    history.on(None, annulled("w"), by="struck")

    # then
    assert history.grade("w", "2007-06-01") is None
    assert history.grade("v", "2007-06-01") is None
    assert history.grade("v", "2007-05-31") == "possible"
