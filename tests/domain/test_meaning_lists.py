"""Design 4.7: a list that is complete ends what it omits."""

from __future__ import annotations

from typing import Any

import pytest

from tests.history import History, appointed, post, released, unit

HIGH = [{"source": "s", "certainty": "high"}]


def listed(*members: str, **scope: Any) -> dict[str, Any]:
    """A closed list of *scope*."""
    return {"kind": "list-attested", "scope": scope, "members": list(members), "closed": True}


def grades(history: History, of: str, *days: str, kind: str = "units") -> list[str | None]:
    """The grade of a thing on each day."""
    return [history.grade(of, day, kind) for day in days]


@pytest.fixture
def history() -> History:
    """Departments `u` and `v`, an office `o` under the mint and a department `deep` under `u`, since 2005."""
    return History().on("2005-01-01", unit("u"), unit("v"), unit("o", kind="office"), unit("deep", parent="u"))


def test_a_unit_that_a_closed_list_omits_has_ended_by_its_day(history: History) -> None:
    """Somewhere after it was last seen; until the list's day it may have stood."""
    history.on("2008-01-01", listed("u", "o", parent="mint"))

    days = ["2005-01-01", "2005-01-02", "2007-12-31", "2008-01-01"]
    assert grades(history, "v", *days) == ["certain", "possible", "possible", None]
    assert history.structure("2006-01-01")["units"]["v"]["until"] == "2005-01-02/2008-01-01"
    assert grades(history, "u", "2007-12-31", "2008-01-01") == ["certain", "certain"]
    assert history.rules() == set()


def test_the_end_lies_after_the_last_evidence(history: History) -> None:
    """Seen in 2006: it stood through that day."""
    history.on("2006-06-15", {"kind": "unit-attested", "unit": "v"}).on("2008-01-01", listed("u", "o", parent="mint"))

    assert grades(history, "v", "2006-06-15", "2006-06-16", "2008-01-01") == ["certain", "possible", None]
    assert history.structure("2006-01-01")["units"]["v"]["until"] == "2006-06-16/2008-01-01"


def test_what_was_seen_on_the_eve_of_the_list_ended_on_its_day(history: History) -> None:
    """Two bounds that are equal are told as one day."""
    history.on("2007-12-31", {"kind": "unit-attested", "unit": "v"}).on("2008-01-01", listed("u", "o", parent="mint"))

    assert history.structure("2006-01-01")["units"]["v"]["until"] == "2008-01-01"
    assert grades(history, "v", "2007-12-31", "2008-01-01") == ["certain", None]


def test_a_list_of_uncertain_day_ends_what_it_omits_by_its_latest_day(history: History) -> None:
    """A yearbook of 2008 is some day of 2008."""
    history.on("2008", listed("u", "o", parent="mint"))

    assert grades(history, "v", "2008-01-01", "2008-12-30", "2008-12-31") == ["possible", "possible", None]
    assert history.structure("2006-01-01")["units"]["v"]["until"] == "2005-01-02/2008-12-31"


def test_a_list_under_a_parent_tells_nothing_of_those_further_down(history: History) -> None:
    """A list of departments does not name their sections."""
    history.on("2008-01-01", listed("u", "v", "o", parent="mint"))

    assert history.grade("deep", "2008-01-01") == "presumed"


def test_a_list_of_a_kind_ends_only_that_kind(history: History) -> None:
    """A list of departments does not name offices."""
    history.on("2008-01-01", listed("u", parent="mint", unit_kind="department"))

    assert history.grade("v", "2008-01-01") is None
    assert history.grade("o", "2008-01-01") == "presumed"


def test_an_empty_closed_list_ends_all_in_its_scope(history: History) -> None:
    """Nothing stands under the department any more."""
    history.on("2008-01-01", listed(parent="u"))

    assert history.grade("deep", "2007-12-31") == "possible"
    assert history.grade("deep", "2008-01-01") is None
    assert history.grade("v", "2008-01-01") == "presumed"


def test_what_had_left_the_scope_or_had_not_yet_come_is_not_omitted(history: History) -> None:
    """Moved away the year before, or made the year after: the list has nothing to say of it."""
    history.on("2007-01-01", {"kind": "unit-moved", "unit": "v", "parent": "u"}).on("2009-01-01", unit("w"))
    history.on("2008-01-01", listed("u", "o", parent="mint"))

    assert history.grade("v", "2008-01-01") == "presumed"
    assert history.grade("w", "2009-01-01") == "certain"


def test_what_a_list_ends_ends_what_hangs_on_it_with_the_same_bounds(history: History) -> None:
    """Implied ends have consequences as stated ones have."""
    history.on("2005-01-01", post("p", of="v"), appointed("ann", "p"))
    history.on("2008-01-01", listed("u", "o", parent="mint"))

    assert grades(history, "p", "2005-01-02", "2007-12-31", "2008-01-01", kind="posts") == ["possible"] * 2 + [None]
    held = history.holder("ann", "p", "2007-12-31")
    assert held
    assert held["grade"] == "possible"


@pytest.mark.parametrize("day", ["2008-01-01", "2009-01-01"])
def test_what_is_seen_on_the_day_or_after_was_not_ended_by_the_list(history: History, day: str) -> None:
    """The list was not as complete as it claims, or the other source errs: both are reported."""
    history.on("2008-01-01", listed("u", "o", parent="mint"), by="list")
    history.on(day, {"kind": "unit-attested", "unit": "v"})

    assert grades(history, "v", "2007-12-31", "2008-01-01") == ["certain", "presumed"]
    days = ["2007-12-31", "2008-01-01", "2008-01-02"]
    assert [history.structure(day)["units"]["v"]["contested"] for day in days] == [False, True, False]
    assert history.structure("2008-01-01")["units"]["v"]["until"] is None
    assert history.rules() == {"conflicting-claims"}


def test_a_later_stated_end_forbids_it_too(history: History) -> None:
    """Abolished by decree in 2009: it stood on the eve."""
    history.on("2008-01-01", listed("u", "o", parent="mint")).on("2009-01-01", {"kind": "unit-abolished", "unit": "v"})

    assert grades(history, "v", "2008-06-01", "2008-12-31", "2009-01-01") == ["certain", "certain", None]
    assert history.rules() == {"conflicting-claims"}


def test_a_stated_end_that_can_be_by_the_lists_day_is_no_finding(history: History) -> None:
    """Abolished in 2007: the list of 2008 omits it rightly."""
    history.on("2007", {"kind": "unit-abolished", "unit": "v"}).on("2008-01-01", listed("u", "o", parent="mint"))

    assert grades(history, "v", "2006-12-31", "2007-01-01", "2007-12-31") == ["certain", "possible", None]
    assert history.structure("2006-01-01")["units"]["v"]["until"] == "2007"
    assert history.rules() == set()


# --- holders and relations


def test_a_closed_list_of_holders_ends_the_tenures_it_omits() -> None:
    """The full roll of the commission: who is not on it, sits on it no longer."""
    # given
    history = History().on("2001-01-01", post("p", seats=5))
    history.on("2005-01-01", appointed("ann", "p"), appointed("bob", "p")).on("2008-01-01", listed("bob", post="p"))

    # then
    assert history.people("p", "2007-12-31") == ["ann", "bob"]
    assert history.people("p", "2008-01-01") == ["bob"]
    held = history.holder("ann", "p", "2007-12-31")
    assert held
    assert (held["grade"], held["until"]) == ("possible", "2005-01-02/2008-01-01")


def test_a_closed_list_by_relation_ends_the_relations_it_omits(history: History) -> None:
    """No longer among the accountable bodies: the body stands, the relation does not."""
    # given
    links = [{"kind": "relation-started", "subject": s, "object": "o", "relation": "supports"} for s in ("u", "v")]
    history.on("2005-01-01", *links, {**links[0], "relation": "advises"})
    history.on("2008-01-01", listed("v", relation="supports", object="o"))

    # then the other relation of the same unit is not touched either
    assert grades(history, "u|supports|o", "2007-12-31", "2008-01-01", kind="relations") == ["possible", None]
    assert history.grade("v|supports|o", "2008-01-01", "relations") == "certain"
    assert history.grade("u|advises|o", "2008-01-01", "relations") == "presumed"
    assert history.grade("u", "2008-01-01") == "presumed"
    assert history.structure("2006-01-01")["relations"]["u|supports|o"]["until"] == "2005-01-02/2008-01-01"


def test_a_closed_list_by_relation_and_kind_ends_the_relations_of_that_kind(history: History) -> None:
    """A list of accountable departments does not name accountable offices."""
    # given
    links = [{"kind": "relation-started", "subject": s, "object": "deep", "relation": "supports"} for s in ("u", "o")]
    history.on("2005-01-01", *links)
    history.on("2008-01-01", listed(relation="supports", object="deep", unit_kind="department"))

    # then
    assert history.grade("u|supports|deep", "2008-01-01", "relations") is None
    assert history.grade("o|supports|deep", "2008-01-01", "relations") == "presumed"


def test_a_relation_may_be_to_a_post(history: History) -> None:
    """Bodies accountable to an office, whoever holds it."""
    # given
    history.on("2005-01-01", post("chief"))
    history.on("2005-01-01", {"kind": "relation-started", "subject": "u", "object": "chief", "relation": "supports"})
    history.on("2008-01-01", listed("v", relation="supports", object="chief"))

    # then
    assert sorted(history.structure("2007-12-31")["relations"]) == ["u|supports|chief"]
    assert sorted(history.structure("2008-01-01")["relations"]) == ["v|supports|chief"]


def test_a_member_that_an_act_placed_elsewhere_is_a_rival_on_the_lists_day(history: History) -> None:
    """Listed under the mint, decreed under `u`: the list's word on its day, against the decree's."""
    # given
    history.on("2008-01-01", {**listed("u", "v", "o", "deep", parent="mint"), "closed": False}, sources=HIGH)

    # then
    days = ["2007-12-31", "2008-01-01", "2008-01-02"]
    seen = [history.structure(day)["units"]["deep"] for day in days]
    assert [unit_["parent"] for unit_ in seen] == ["u", "mint", "u"]
    assert [unit_["contested"] for unit_ in seen] == [False, True, False]


def test_a_list_that_is_open_omits_nothing(history: History) -> None:
    """A selection names some and denies none."""
    history.on("2008-01-01", {**listed("u", parent="mint"), "closed": False})

    assert history.grade("v", "2008-01-01") == "presumed"


def test_a_release_after_a_list_that_omits_the_holder_is_reported() -> None:
    """Released in 2009, she was there in 2008, whatever the roll says."""
    # given
    history = History().on("2001-01-01", post("p", seats=5)).on("2005-01-01", appointed("ann", "p"))
    history.on("2008-01-01", listed("bob", post="p")).on("2009-01-01", released("ann", "p"))

    # then
    assert history.people("p", "2008-06-01") == ["ann", "bob"]
    assert history.rules() == {"conflicting-claims"}


def test_a_closed_list_of_unknown_day_ends_nothing(history: History) -> None:
    """Complete, but nobody knows when."""
    history.on(None, listed("u", parent="mint"))

    assert history.grade("v", "2008-01-01") == "presumed"
    assert history.rules() == set()


def test_a_stated_end_that_a_list_makes_narrower_may_be_any_day_before_it() -> None:
    """Abolished in 2006, and missing from a list of June: abolished some day by then."""
    # given
    history = History().on("2001-01-01", unit("u"), unit("v"))
    history.on("2006-06-01", {"kind": "list-attested", "scope": {"parent": "mint"}, "members": ["u"], "closed": True})
    history.on("2006", {"kind": "unit-abolished", "unit": "v"})

    # then
    assert [history.grade("v", day) for day in ("2005-12-31", "2006-01-01", "2006-05-31", "2006-06-01")] == [
        "certain",
        "possible",
        "possible",
        None,
    ]
    assert history.structure("2006-01-01")["units"]["v"]["until"] == "2006"
