"""Where the tables file a span, and where they look for what holds a day or was believed at a position."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.dates import AFTER_ALL, BEFORE_ALL, Day
from projections.tables.intervals import OPEN, commit_node, commit_path, day_node, day_path

ALL_DAYS = st.integers(BEFORE_ALL, AFTER_ALL - 1)
NEAR = st.integers(700_000, 700_040)
"""Days so near each other that ends, forks and questions meet."""


@st.composite
def spans(draw: st.DrawFn, days: st.SearchStrategy[Day] = ALL_DAYS | NEAR) -> tuple[Day, Day]:
    """A first day, and the day before which it ends: any, the next one, or none."""
    lo = draw(days)
    return lo, draw(st.sampled_from([lo + 1, AFTER_ALL]) | days.filter(lambda hi: hi > lo) | st.just(lo + 40))


def found(lo: Day, hi: Day, day: Day) -> bool:
    """Whether a span is in one of the three ranges that are read for *day*."""
    node = day_node(lo, hi)
    before, behind = day_path(day)
    return (node == OPEN and lo <= day) or (node in before and hi > day) or (node in behind and lo <= day)


@given(spans(), ALL_DAYS | NEAR)
def test_a_span_is_found_on_the_days_it_holds_and_on_no_other(span: tuple[Day, Day], day: Day) -> None:
    """Three ranges of an index answer for a day, and nothing they give is looked at in vain."""
    lo, hi = span
    for asked in {day, lo - 1, lo, hi - 1, hi}:
        if BEFORE_ALL <= asked < AFTER_ALL:
            assert found(lo, hi, asked) == (lo <= asked < hi)


@given(spans(), ALL_DAYS | NEAR)
def test_a_span_is_read_once(span: tuple[Day, Day], day: Day) -> None:
    """No node lies on both sides of a day, so that no row is told twice."""
    before, behind = day_path(day)
    assert not set(before) & set(behind)
    assert OPEN not in {*before, *behind}
    assert len(before) == len(set(before))
    assert len(behind) == len(set(behind))
    assert max(before, default=0) <= day + 1 < min(behind, default=AFTER_ALL + 2)
    assert (day_node(*span) == OPEN) == (span[1] >= AFTER_ALL)


@given(st.data())
def test_a_row_is_found_at_the_positions_at_which_it_was_believed(data: st.DataObject) -> None:
    """However long the log has grown since, and right up to its last position."""
    # given a row believed from one position until before another, in a log that goes on
    last = data.draw(st.integers(2, 40) | st.integers(2, 10**9))
    since = data.draw(st.integers(1, last - 1))
    until = data.draw(st.integers(since + 1, last))
    position = data.draw(st.integers(0, last) | st.sampled_from([since - 1, since, until - 1, until]))

    # when
    node = commit_node(since, until)
    before, behind = commit_path(position, last)

    # then
    assert ((node in before and until > position) or (node in behind and since <= position)) == (
        since <= position < until
    )
    assert not set(before) & set(behind)
