"""Design 4.1: why a text is no date, in words that tell what to look up."""

from __future__ import annotations

import pytest

from domain.dates import NotADate, NotADay, PartialDate


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        ("2019 May", "' ' (SPACE) is not read"),
        ("2019-02-30", "the calendar has no such day"),
        ("-0044-03-15", "years before 0001 are not read"),
        ("2019-1X", "'2019-1X' is not YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2019-24", "season 24 may lie in two years"),
        ("2019-13", "'2019-13' "),
        ("2019/2018", "2018 lies before 2019"),
        ("../..", "it says neither a first nor a last day"),
        ("2019" + "-01" * 30, "it is longer than 64 characters"),
    ],
)
def test_a_text_is_no_date_for_a_reason_that_fits_it(text: str, reason: str) -> None:
    """Who mistyped a day is told of the calendar, and not of the grammar of dates."""
    with pytest.raises(NotADate) as refusal:
        PartialDate.parse(text)

    assert refusal.value.reason.startswith(reason)


@pytest.mark.parametrize(("length", "shown"), [(78, f"'{78 * 'x'}'"), (79, f"'{78 * 'x'}…"), (500, f"'{78 * 'x'}…")])
def test_a_message_shows_eighty_characters_of_a_text_at_most(length: int, shown: str) -> None:
    """A text that just fits is shown whole, in its quotes."""
    assert str(NotADay(length * "x")) == f"{shown} is not a day: wanted YYYY-MM-DD, such as 2019-05-01"
