"""The parts of pages that are no text: dates in words, bars that claim no more than is known, drawings of lineage."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.bars import Axis, axis_of, bar, bars
from api.pages.dates import date_phrase, last_day
from api.pages.drawing import Link, drawn
from api.pages.telling import value_piece
from api.pages.texts import Texts
from domain.dates import day, iso


def tenure(since: str | None, until: str | None, evidence: str | None, **more: Any) -> dict[str, Any]:
    """A tenure as a history tells it."""
    return {"since": since, "until": until, "evidence": evidence, "grade": "certain", "implied": False, **more}


# --- dates


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2024-05-24", "24 May 2024"),
        ("../2024-05-24", "by 24 May 2024"),
        ("/2024", "by 2024"),
        ("2024-05-24/..", "24 May 2024 or after"),
        ("2021-05", "May 2021"),
        ("2022-01~", "about January 2022"),
        ("2022?", "perhaps 2022"),
        ("2022%", "perhaps about 2022"),
        ("2018/2019-05", "between 2018 and May 2019"),
        ("199X", "the 1990s"),
        (None, "an unknown day"),
        ("[2018,2019]", "[2018,2019]"),
    ],
)
def test_a_date_is_said_in_words(edtf: str | None, words: str) -> None:
    """EDTF says nothing to who has not learned it."""
    assert date_phrase(edtf, Texts()) == words


def test_the_last_day_of_an_open_date_is_none() -> None:
    """A structure is asked for a day; where there is none there is no link."""
    assert last_day("../2024-05") == "2024-05-31"
    assert last_day("2024/..") is None


# --- bars

DAYS = st.integers(day("1990-01-01"), day("2025-12-31")).map(iso)
DATES = st.one_of(st.none(), DAYS, DAYS.map(lambda text: f"../{text}"), st.sampled_from(["1999", "2012-09", "2005~"]))


@given(DATES, DATES, st.one_of(st.none(), DAYS), st.booleans(), st.sampled_from(["certain", "presumed", "possible"]))
def test_no_bar_is_solid_after_the_last_evidence(
    since: str | None, until: str | None, evidence: str | None, implied: bool, grade: str
) -> None:
    """A bar overclaims that is solid where the record shows nothing; nor is any of it outside of the axis."""
    # given
    told = tenure(since, until, evidence, implied=implied, grade=grade)
    axis = axis_of([told])
    if axis is None:
        return

    # when
    drawn_ = bar(told, axis)

    # then
    shown = axis.at(day(evidence) + 1) if evidence else 0.0
    for one in drawn_:
        assert one.width > 0
        assert -0.01 <= one.x <= 100
        if one.kind == "solid":
            assert grade == "certain"
            assert one.x + one.width <= max(shown, one.x + 0.4) + 0.02
        if grade != "certain":
            assert one.kind not in ("solid", "fade-in", "fade-out")


def test_a_stated_tenure_is_solid_from_its_first_day_to_its_last() -> None:
    """Neither the eve nor the day of leaving belongs to it."""
    axis = Axis(day("2020-01-01"), day("2030-01-01"))

    drawn_ = bar(tenure("2022-02-01", "2023-04-03", "2023-04-02"), axis)

    assert [one.kind for one in drawn_] == ["solid"]
    assert drawn_[0].x == axis.at(day("2022-02-01"))
    assert drawn_[0].x + drawn_[0].width == pytest.approx(axis.at(day("2023-04-03")), abs=0.02)


def test_an_uncertain_begin_fades_in_and_a_tenure_without_end_fades_out() -> None:
    """A month without a day, and nothing after the last source."""
    axis = Axis(day("2020-01-01"), day("2030-01-01"))

    assert [one.kind for one in bar(tenure("2022-02", None, "2024-05-24"), axis)] == ["fade-in", "solid", "presumed-on"]


def test_an_implied_end_is_pale_from_the_last_evidence() -> None:
    """Who followed is known; how long the one before was there is not."""
    axis = Axis(day("1995-01-01"), day("2005-01-01"))
    told = tenure("1997-10-21", "1997-10-22/2002-01-31", "1997-10-21", implied=True)

    assert [one.kind for one in bar(told, axis)] == ["solid", "presumed"]


def test_a_vacancy_stands_where_it_begins() -> None:
    """Between the one who left and the one who came."""
    first, second = tenure("2010-01-01", "2012-09-21", "2012-09-20"), tenure("2012-09-24", "2014-04-02", "2014-04-01")
    vacant = {"from": "2012-09-21", "until": "2012-09-24"}
    axis = axis_of([first, second], [vacant])
    assert axis is not None

    rows = bars([first, second], [vacant], axis)

    assert [span for _, span, _ in rows] == [None, vacant, None]
    assert [one.kind for one in rows[1][2]] == ["vacant"]


# --- drawings


@pytest.mark.needs("dot")
def test_a_drawing_holds_names_as_text_whatever_they_are() -> None:
    """A name with quotes, a backslash or a tag is no command of the drawing and no tag of the page."""
    # when
    svg = drawn(
        {"a": '<script>alert("x")</script>', "b": 'Mint"]; evil [label="', "c": "back\\nslash & Co"},
        [Link("a", "b", "1811"), Link("b", "c", "1820", broken=True)],
        {"b"},
    )

    # then
    assert svg is not None
    assert "<script" not in svg
    assert "evil" in svg
    assert svg.count("<polygon") >= 5  # three boxes, two heads of arrows
    assert "style=" not in svg
    assert 'aria-hidden="true"' in svg


def test_what_has_no_links_is_not_drawn() -> None:
    """Nor what has too many to be seen."""
    many = {str(n): str(n) for n in range(100)}

    assert drawn({"a": "A"}, [], {"a"}) is None
    assert drawn(many, [Link("0", str(n), "") for n in range(1, 100)], {"0"}) is None


def test_a_scope_is_no_name_in_a_language_called_parent() -> None:
    """What a list is of is told in words; a name may be in a language with a longer tag."""
    assert value_piece("scope", {"parent": "eo", "post": None}, Texts()) == ("words", "under eo")
    assert value_piece("name", {"zh-Hant": "總統府"}, Texts()) == ("names", {"zh-Hant": "總統府"})
