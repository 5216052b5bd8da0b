"""Design 4.9: what is refused and not merely found, of the later kinds and of readings."""

from __future__ import annotations

from typing import Any

import pytest

from domain.acts import Known
from domain.entries import entry_from
from domain.errors import EntryRefused, EntryUnreadable
from domain.fold import fold
from projections.histories import unit_history
from tests.history import History, appointed, post, released, unit

Written = dict[str, Any]
GIST = {"en": "In short"}


@pytest.fixture
def history() -> History:
    """A unit `u`, a post `p` in it, and the decree `D`."""
    return History().on("2001-01-01", unit("u"), post("p", "u")).decree("2002-02-02", by="D")


def rules(history: History, effective: str | None, *changes: Written, **more: Any) -> list[str]:
    """The rules by which an entry of *changes* is refused; nothing of it is recorded."""
    rows = list(history.rows)
    with pytest.raises(EntryRefused) as refusal:
        history.on(effective, *changes, by="bad", **more)
    assert history.rows == rows
    return [reason.rule for reason in refusal.value.reasons]


def said(kind: str, about: str) -> Written:
    """A statement or assessment about something."""
    return {"kind": kind, "about": about, "topic": "motive", "gist": GIST, "claimant": "A historian"}


OTHER_KINDS: list[Written] = [
    {"kind": "mandate-declared", "unit": "p", "gist": GIST},
    {"kind": "mandate-declared", "unit": "ann", "gist": GIST},
    {"kind": "capacity-changed", "person": "u", "post": "p", "capacity": "acting"},
    {"kind": "capacity-changed", "person": "ann", "post": "u", "capacity": "acting"},
    {"kind": "count-claimed", "what": "x", "post": "ann", "during": "2005", "value": 1},
    {"kind": "person-registered", "person": "p", "name": GIST},
    {"kind": "life-event", "person": "u", "what": "died"},
]


@pytest.mark.parametrize("change", OTHER_KINDS, ids=[f"{change['kind']}-{n}" for n, change in enumerate(OTHER_KINDS)])
def test_a_thing_of_another_kind_is_refused(history: History, change: Written) -> None:
    """One namespace: a mandate is of a unit, a capacity of a person in a post."""
    assert rules(history, "2005-05-05", change) == ["id-of-another-kind"]


@pytest.mark.parametrize("subject", ["u", "p", "ann"])
def test_a_number_may_be_given_for_a_unit_a_post_or_a_person(history: History, subject: str) -> None:
    """Staff of a unit, pay of a post, age of a person."""
    history.on("2005-05-05", {"kind": "quantity-observed", "subject": subject, "quantity": "x", "value": 1})

    assert history.structure("2005-05-05")["quantities"]


@pytest.mark.parametrize("kind", ["statement-made", "assessment-made"])
@pytest.mark.parametrize("about", ["u", "p", "ann", "D"])
def test_something_may_be_said_about_a_thing_or_an_instrument(history: History, kind: str, about: str) -> None:
    """It changes nothing, on a day or on none."""
    before = history.structure("2005-05-05")
    history.on("2005-05-05", said(kind, about)).on(None, said(kind, about))

    assert history.structure("2005-05-05") == before


@pytest.mark.parametrize("kind", ["statement-made", "assessment-made"])
def test_nothing_is_said_about_what_nobody_introduced(history: History, kind: str) -> None:
    """Nor about an entry, which is no thing."""
    assert rules(history, None, said(kind, "nothing")) == ["unknown-id"]
    assert rules(history, None, said(kind, "founding")) == ["unknown-id"]


def test_a_mandate_and_an_amendment_need_a_day(history: History) -> None:
    """They are acts; a claim, a period, a source and a coverage need none."""
    for change in (
        {"kind": "mandate-declared", "unit": "u", "gist": GIST},
        {"kind": "instrument-amended", "instrument": "D"},
    ):
        assert rules(history, None, change) == ["no-effective"]

    history.on(
        None,
        {"kind": "period-defined", "period": "reform", "name": GIST, "bounds": "2001/2005"},
        {"kind": "source-registered", "source": "almanac", "title": GIST},
        {"kind": "quantity-observed", "subject": "u", "quantity": "staff", "value": 1},
        {"kind": "coverage-declared", "scope": {"parent": "mint"}, "from": "2001", "until": "2002"},
    )


@pytest.mark.parametrize(
    "wrong",
    [
        said("statement-made", "u") | {"topic": "gossip"},
        {"kind": "quantity-observed", "subject": "u", "quantity": "staff", "value": "many"},
        {"kind": "quantity-observed", "subject": "u", "quantity": "staff", "value": float("inf")},
        {"kind": "quantity-observed", "subject": "u", "quantity": "staff"},
        {"kind": "mandate-declared", "unit": "u", "gist": {}},
        {"kind": "period-defined", "period": "reform", "name": GIST, "bounds": None},
        {"kind": "capacity-changed", "person": "ann", "post": "p", "capacity": "asleep"},
        {"kind": "function-assigned", "holder": "u", "function": "f"},
    ],
)
def test_a_later_change_with_a_bad_field_is_no_entry(wrong: Written) -> None:
    """A word that is not in the list, a number that is none, a field left out."""
    with pytest.raises(EntryUnreadable) as refusal:
        entry_from({"entry": "x", "effective": "2005-05-05", "changes": [wrong]}, "test")

    assert {(reason.rule, reason.change) for reason in refusal.value.reasons} == {("malformed", 1)}


@pytest.mark.parametrize("kind", ["statement-made", "assessment-made", "mandate-declared"])
def test_what_is_said_can_be_corrected_and_annulled(history: History, kind: str) -> None:
    """It stands in the history of its unit as it now reads, and not at all once annulled."""
    change = {"kind": kind, "unit": "u", "gist": GIST} if kind == "mandate-declared" else said(kind, "u")
    part = "mandates" if kind == "mandate-declared" else "claims"

    def gists(known: str | None = None) -> list[str]:
        return [row.get("said", row)["gist"]["en"] for row in unit_history(history.world(known), "mint", "u")[part]]

    history.on("2005-05-05", change, by="said")
    fix = {
        "kind": "corrected",
        "target": "said#1",
        "change": {**change, "gist": {"en": "Otherwise"}},
        "reason": "misread",
    }
    history.on(None, fix, by="fix")
    assert (gists("said"), gists()) == (["In short"], ["Otherwise"])

    history.on(None, {"kind": "annulled", "target": "fix", "reason": "x"})
    assert gists() == ["In short"]
    history.on(None, {"kind": "annulled", "target": "said", "reason": "x"})
    assert gists() == []


# --- an end before the start, however it comes about


def named() -> History:
    """Ann in `p` from 2005 to 2006, a tenure with a name of its own."""
    history = History().on("2001-01-01", post("p")).on("2005-05-05", appointed("ann", "p", tenure="term"), by="act")
    return history.on("2006-06-06", released("ann", "p", tenure="term"), by="end")


def test_a_named_tenure_is_not_recorded_to_end_before_it_begins() -> None:
    """Nor on the eve of its first day; a tenure of one day is in order."""
    history = History().on("2001-01-01", post("p")).on("2005-05-05", appointed("ann", "p", tenure="term"))

    assert rules(history, "2005-05-04", released("ann", "p", tenure="term")) == ["end-before-start"]
    history.on("2005-05-05", released("ann", "p", tenure="term"))


def test_a_named_tenure_is_not_corrected_to_end_before_it_begins() -> None:
    """The release read as of an earlier year."""
    fix = {**released("ann", "p", tenure="term"), "effective": "2004-04-04"}

    assert rules(named(), None, {"kind": "corrected", "target": "end#1", "change": fix, "reason": "misread"}) == [
        "end-before-start"
    ]


def test_a_named_tenure_is_not_corrected_to_begin_after_it_ends() -> None:
    """The appointment read as of a later year."""
    fix = {**appointed("ann", "p", tenure="term"), "effective": "2007-07-07"}

    assert rules(named(), None, {"kind": "corrected", "target": "act#1", "change": fix, "reason": "misread"}) == [
        "end-before-start"
    ]


def test_a_correction_of_one_day_to_another_in_order_is_accepted() -> None:
    """On the first day at the earliest."""
    history = named()
    fix = {**released("ann", "p", tenure="term"), "effective": "2005-05-05"}
    history.on(None, {"kind": "corrected", "target": "end#1", "change": fix, "reason": "misread"})

    assert fold(Known(history.rows)).findings == []
    assert history.people("p", "2005-05-05") == []


def test_a_correction_is_not_ambiguous_where_its_target_was_not() -> None:
    """Another ground of the same release is accepted, and where two stand it is refused as the release would be."""
    history = History().on("2001-01-01", post("p", seats=2)).on("2005-05-05", appointed("ann", "p", tenure="one"))
    history.on("2006-06-06", released("ann", "p"), by="end").on("2007-07-07", appointed("ann", "p", tenure="two"))
    fix = {"kind": "corrected", "target": "end#1", "reason": "misread"}
    history.on(None, {**fix, "change": released("ann", "p", ground="term")})

    assert history.people("p", "2006-06-06") == []
