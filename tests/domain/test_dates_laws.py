"""Dates of any form: what holds of every one that is read, and that all else is refused in words."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.dates import AFTER_ALL, BEFORE_ALL, LONGEST, Day, NotADate, NotADay, PartialDate, day, iso
from tests.history import History, unit

years = st.integers(1, 9999).map(lambda year: f"{year:04}")
spread_years = st.tuples(years, st.integers(1, 3)).map(lambda one: one[0][: 4 - one[1]] + "X" * one[1])
exact_days = st.dates().map(lambda one: one.isoformat())
months = st.tuples(years, st.integers(1, 12)).map(lambda one: f"{one[0]}-{one[1]:02}")
seasons = st.tuples(years, st.sampled_from(["21", "22", "23", "25", "29", "31", "32", "33", "36", "37", "40", "41"]))
plain = st.one_of(
    exact_days,
    months,
    years,
    spread_years,
    seasons.map("-".join),
    months.map(lambda text: f"{text}-XX"),
    years.map(lambda text: f"{text}-XX"),
    years.map(lambda text: f"{text}-XX-XX"),
    st.tuples(years, st.integers(1, 28)).map(lambda one: f"{one[0]}-XX-{one[1]:02}"),
    st.tuples(spread_years, st.integers(1, 12)).map(lambda one: f"{one[0]}-{one[1]:02}"),
)
marks = st.sampled_from(["", "", "", "?", "~", "%"])
singles = st.tuples(plain, marks).map("".join)
marked_before = st.tuples(st.sampled_from("?~%"), exact_days).map("".join)
intervals = st.tuples(singles | st.sampled_from(["", ".."]), singles).map("/".join)
open_intervals = st.tuples(singles, st.sampled_from(["", ".."])).map("/".join)
members = st.one_of(singles, st.tuples(exact_days, exact_days).map("..".join), exact_days.map("..{}".format))
sets = st.tuples(st.sampled_from(["[]", "{}"]), st.lists(members, min_size=1, max_size=3)).map(
    lambda one: f"{one[0][0]}{','.join(one[1])}{one[0][1]}"
)
texts = st.one_of(singles, marked_before, intervals, open_intervals, sets).filter(lambda text: len(text) <= LONGEST)


def read(text: str) -> PartialDate:
    """The date of *text*; what is refused is no example: XXXX, 0000 to 0009, an end before its start."""
    try:
        return PartialDate.parse(text)
    except NotADate:
        assume(False)
        raise


@settings(deadline=None, max_examples=60)
@given(texts)
def test_what_is_read_is_printed_as_it_was_written_and_reads_again_the_same(text: str) -> None:
    """With its marks, and with bounds in their order, of which one at least is a day."""
    known = read(text)

    assert str(known) == text
    assert PartialDate.parse(str(known)) == known
    assert BEFORE_ALL <= known.earliest <= known.latest <= AFTER_ALL
    assert iso(known.earliest) or iso(known.latest)


@settings(deadline=None, max_examples=60)
@given(plain)
def test_a_doubt_widens_nothing_and_about_widens_both_ways_alike_for_both_its_marks(text: str) -> None:
    """`%` is `?` and `~` at once."""
    sure, doubtful, about, both = (read(f"{text}{mark}") for mark in ("", "?", "~", "%"))

    assert (doubtful.earliest, doubtful.latest) == (sure.earliest, sure.latest)
    assert (both.earliest, both.latest) == (about.earliest, about.latest)
    assert about.earliest <= sure.earliest <= sure.latest <= about.latest
    assert about.earliest < sure.earliest or sure.earliest == day("0001-01-01")
    assert about.latest > sure.latest or sure.latest == day("9999-12-31")


@settings(deadline=None, max_examples=60)
@given(singles, singles)
def test_an_interval_reaches_from_the_first_day_of_one_end_to_the_last_of_the_other(one: str, other: str) -> None:
    """Some day between; and without an end it is open there."""
    first, last = sorted([read(one), read(other)], key=lambda known: (known.latest, known.earliest))
    assume(len(one) + len(other) < LONGEST)
    both = read(f"{first}/{last}")

    assert (both.earliest, both.latest) == (first.earliest, last.latest)
    assert read(f"{one}/..").latest == read(f"{one}/").latest == AFTER_ALL
    assert read(f"../{one}").earliest == read(f"/{one}").earliest == BEFORE_ALL
    assert read(f"../{one}").latest == read(one).latest


@settings(deadline=None, max_examples=60)
@given(st.lists(singles, min_size=1, max_size=4), st.sampled_from(["[]", "{}"]))
def test_a_set_reaches_from_its_first_day_to_its_last_in_whatever_order_it_is_written(
    written: list[str], around: str
) -> None:
    """One of them, or all: nobody says which day it was."""
    known = [read(text) for text in written]
    opened, closed = around[0], around[1]
    for order in (written, written[::-1], sorted(written)):
        together = read(f"{opened}{','.join(order)}{closed}")
        assert together.earliest == min(one.earliest for one in known)
        assert together.latest == max(one.latest for one in known)


@settings(deadline=None, max_examples=60)
@given(st.dates())
def test_what_is_told_less_closely_holds_all_that_is_told_more_closely(known: date) -> None:
    """A day lies in its month, that in its year, that in its decade and century."""
    text = known.isoformat()
    forms = [text, text[:7], text[:4], f"{text[:3]}X", f"{text[:2]}XX", f"{text[:1]}XXX"]
    forms = [form for form in forms if not form.startswith(("000X", "00XX", "0XXX"))]
    spans = [PartialDate.parse(form) for form in forms]

    for closer, wider in pairwise(spans):
        assert wider.earliest <= closer.earliest <= closer.latest <= wider.latest
    for form, whole in ((f"{text[:7]}-XX", text[:7]), (f"{text[:4]}-XX-XX", text[:4]), (f"{text[:4]}-XX", text[:4])):
        span = PartialDate.parse(form)
        assert (span.earliest, span.latest) == (spans[forms.index(whole)].earliest, spans[forms.index(whole)].latest)


def graded(text: str, known: PartialDate, on: Day) -> str | None:
    """The grade of a unit established on such a day, by design 4.6, where nothing else is known of it."""
    if on >= known.latest:
        return "certain" if known.exact and on == known.latest else "presumed"
    return "possible" if on >= known.earliest else None


@settings(deadline=None, max_examples=60)
@given(texts, st.integers(-3, 3))
def test_a_thing_stands_from_the_first_day_it_can_and_surely_from_the_last(text: str, off: int) -> None:
    """On the eve of its earliest day nothing is shown; from the latest on it is presumed; an exact day is sure."""
    known = read(text)
    history = History().on(text, unit("u", parent=None))

    for bound in (known.earliest, known.latest):
        on = iso(bound + off)
        if on is not None:
            assert history.grade("u", on) == graded(text, known, bound + off)


# --- years of all sizes


@pytest.mark.parametrize(
    "year", ["0000", "-0001", "-9999", "10000", "12024", "Y10000", "Y-10000", "Y1000000000", "Y1E9"]
)
@pytest.mark.parametrize("form", ["{}", "{}-01", "{}-01-01", "{}/..", "../{}", "{}/2024", "[{},2024]", "{}~", "{}?-01"])
def test_a_year_beyond_the_calendar_is_refused_in_every_form(year: str, form: str) -> None:
    """Neither cut to four digits nor moved to the nearest year that there is."""
    with pytest.raises(NotADate) as refusal:
        PartialDate.parse(form.format(year))

    assert repr(form.format(year)) in str(refusal.value)


@given(st.integers().filter(lambda year: not 1 <= year <= 9999))
def test_no_number_beyond_the_calendar_is_a_year(year: int) -> None:
    """As digits, with zeros before, or as EDTF writes long years."""
    for text in (str(year), f"{year:05}", f"Y{year}", f"{year}-01-01"):
        assume(text != "0001")
        with pytest.raises(NotADate):
            PartialDate.parse(text)


@pytest.mark.parametrize("text", ["0001", "0001-01-01", "9999", "9999-12-31", "000X", "999X"])
def test_the_ends_of_the_calendar_are_read_or_refused_whole(text: str) -> None:
    """There is no year 0, so that a decade with it in it has no first day."""
    if text == "000X":
        with pytest.raises(NotADate):
            PartialDate.parse(text)
    else:
        assert iso(PartialDate.parse(text).earliest)
        assert iso(PartialDate.parse(text).latest)


# --- signs that look like those of a date, or like nothing

DIGITS = [chr(code) for code in range(0x80, 0x20000) if unicodedata.decimal(chr(code), None) is not None]
"""The digits of all other scripts: Arabic-Indic, fullwidth, mathematical and the rest."""

ALIKE = {"X": "ХΧⅩＸ×✕", "-": "‐‑‒–—−－", "/": "⁄∕／", ".": "․．。", "~": "∼～˜", "?": "？؟", ",": "،，", "[": "［"}
UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad\u2060"
BLANK = "\u00a0\u2007\u202f\u2009\u3000\t\n\r\v\f\x00 \u2028\u2029\x85"


def refused(text: str, sign: str) -> None:
    """See that *text* is refused, and that the refusal names its odd *sign* and turns no line."""
    with pytest.raises(NotADate) as refusal:
        PartialDate.parse(text)
    told = str(refusal.value)
    assert told.isprintable()
    assert unicodedata.name(sign, f"U+{ord(sign):04X}") in told
    with pytest.raises(NotADay):
        day(text)


@settings(deadline=None, max_examples=60)
@given(texts, st.data())
def test_digits_of_other_scripts_are_refused_by_name(text: str, data: st.DataObject) -> None:
    """Python takes ٣ for 3; a date in which it stands was never written so by a source."""
    places = [at for at, sign in enumerate(text) if sign.isdecimal()]
    at = data.draw(st.sampled_from(places))
    same = [sign for sign in DIGITS if unicodedata.decimal(sign) == int(text[at])]
    sign = data.draw(st.sampled_from(same))

    refused(text[:at] + sign + text[at + 1 :], sign)


@settings(deadline=None, max_examples=60)
@given(texts, st.data())
def test_signs_that_look_alike_are_refused_by_name(text: str, data: st.DataObject) -> None:
    """A Russian keyboard writes 19ХХ with two letters Ха."""
    places = [at for at, sign in enumerate(text) if sign in ALIKE]
    assume(places)
    at = data.draw(st.sampled_from(places))
    sign = data.draw(st.sampled_from(ALIKE[text[at]]))

    refused(text[:at] + sign + text[at + 1 :], sign)


@settings(deadline=None, max_examples=60)
@given(texts, st.sampled_from(UNSEEN + BLANK), st.data())
def test_signs_that_nobody_sees_are_refused_by_name(text: str, sign: str, data: st.DataObject) -> None:
    """What was copied out of a table brings no-break spaces and marks of direction with it."""
    at = data.draw(st.integers(0, len(text)))
    assume(len(text) < LONGEST)

    refused(text[:at] + sign + text[at:], sign)


def test_the_days_around_a_bound_are_counted_one_by_one() -> None:
    """From the first day of the calendar to its last."""
    assert day("0001-01-01") == 1
    assert day("9999-12-31") - day("0001-01-01") == (date.max - date.min) // timedelta(1)
