"""Days and badly known days: what they can be, what is refused, and how they're written and stored."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from domain.dates import AFTER_ALL, BEFORE_ALL, LONGEST, NotADate, NotADay, PartialDate, day, iso

STORED = {"stored": True}

# Bounds by hand from the EDTF specification (Library of Congress, 2019), by its levels and features.
LEVEL_0 = [
    ("1985-04-12", "1985-04-12", "1985-04-12"),
    ("1985-04", "1985-04-01", "1985-04-30"),
    ("1985", "1985-01-01", "1985-12-31"),
    ("2020-02", "2020-02-01", "2020-02-29"),
    ("1900-02", "1900-02-01", "1900-02-28"),
    ("1964/2008", "1964-01-01", "2008-12-31"),
    ("2004-06/2006-08", "2004-06-01", "2006-08-31"),
    ("2004-02-01/2005-02-08", "2004-02-01", "2005-02-08"),
    ("2004-02-01/2005-02", "2004-02-01", "2005-02-28"),
    ("2004-02-01/2005", "2004-02-01", "2005-12-31"),
    ("2005/2006-02", "2005-01-01", "2006-02-28"),
]
LEVEL_1 = [
    ("2001-21", "2001-03-01", "2001-05-31"),
    ("2001-23", "2001-09-01", "2001-11-30"),
    ("1984?", "1984-01-01", "1984-12-31"),
    ("2004-06-11?", "2004-06-11", "2004-06-11"),
    ("201X", "2010-01-01", "2019-12-31"),
    ("20XX", "2000-01-01", "2099-12-31"),
    ("2004-XX", "2004-01-01", "2004-12-31"),
    ("1985-04-XX", "1985-04-01", "1985-04-30"),
    ("1985-XX-XX", "1985-01-01", "1985-12-31"),
    ("1985-04-12/..", "1985-04-12", None),
    ("1985/..", "1985-01-01", None),
    ("../1985-04-12", None, "1985-04-12"),
    ("../1985", None, "1985-12-31"),
    ("1985-04/", "1985-04-01", None),
    ("/1985-04", None, "1985-04-30"),
    ("2004-06-11?/2004-06", "2004-06-11", "2004-06-30"),
]
LEVEL_2 = [
    ("2001-34", "2001-04-01", "2001-06-30"),
    ("2001-37/2001-41", "2001-01-01", "2001-12-31"),
    ("156X-12-25", "1560-12-25", "1569-12-25"),
    ("15XX-12-25", "1500-12-25", "1599-12-25"),
    ("2004-XX-15", "2004-01-15", "2004-12-15"),
    ("1XXX-XX", "1000-01-01", "1999-12-31"),
    ("1XXX-12", "1000-12-01", "1999-12-31"),
    ("2004?-06-11", "2004-06-11", "2004-06-11"),
    ("2004-06-XX/2004-07-03", "2004-06-01", "2004-07-03"),
    ("[1667,1668,1670..1672]", "1667-01-01", "1672-12-31"),
    ("[..1760-12-03]", None, "1760-12-03"),
    ("[1760-01,1760-02,1760-12..]", "1760-01-01", None),
    ("{1960,1961-12}", "1960-01-01", "1961-12-31"),
    ("{1667,1760-12}", "1667-01-01", "1760-12-31"),
]

# "About" moves a bound by one unit of the marked part, and an interval's ends each by their own.
ABOUT = [
    ("2005-01-01~", "2004-12-31", "2005-01-02"),
    ("2022-01~", "2021-12-01", "2022-02-28"),
    ("2022-02%", "2022-01-01", "2022-03-31"),
    ("2019~", "2018-01-01", "2020-12-31"),
    ("201X~", "2000-01-01", "2029-12-31"),
    ("19XX~", "1800-01-01", "2099-12-31"),
    ("2019-21~", "2018-12-01", "2019-08-31"),
    ("2019-40~", "2018-07-01", "2019-12-31"),
    ("2004-06-XX~", "2004-05-01", "2004-07-31"),
    ("2004-XX~", "2003-01-01", "2005-12-31"),
    ("2019~/2024-05", "2018-01-01", "2024-05-31"),
    ("2019/2024-05~", "2019-01-01", "2024-06-30"),
    ("2019~/2024-05-31~", "2018-01-01", "2024-06-01"),
    ("../2024-05~", None, "2024-06-30"),
    ("2019?/2024~", "2019-01-01", "2025-12-31"),
    ("[1984~,1990]", "1983-01-01", "1990-12-31"),
    ("2004-06~-30", "2004-05-30", "2004-07-30"),
    ("2011-~06-13", "2011-05-13", "2011-07-13"),
    ("~2004-02-29", "2003-02-28", "2005-02-28"),
    ("~2004-06-~11", "2003-06-11", "2005-06-11"),
    ("2004?-06-~11", "2004-06-10", "2004-06-12"),
    ("0001-01-01~", "0001-01-01", "0001-01-02"),
    ("9999-12-31~", "9999-12-30", "9999-12-31"),
    ("0001~", "0001-01-01", "0002-12-31"),
    ("9999~", "9998-01-01", "9999-12-31"),
    ("9999-12~", "9999-11-01", "9999-12-31"),
]

# EDTF, but not for us: without a bound, out of our calendar, or read wrongly by the library.
REFUSED_EDTF = [
    "..",
    "../..",
    "/",
    "[..1984,1990..]",
    "XXXX",
    "XXXX-12-XX",
    "-1985",
    "-0003/2000",
    "0000",
    "Y170000002",
    "Y-170000002",
    "Y17E7",
    "1950S2",
    "Y171010000S3",
    "2010-24",
    "2010-28",
    "2010-30",
    "1984-1X",
    "2004-06-1X",
    "19XX-02-29",
    "2019-01-01T10:00:00",
    "2019-01-01T10:00:00Z/2019-02",
]
BAD = [
    "",
    " 2019",
    "2019 ",
    "2019\n",
    "2019-05-01\n",
    "2019 /2020",
    "[1984, 1986]",
    "0",
    "19",
    "20190901",
    "1693526400",
    "2019-9-1",
    "2019-13",
    "2019-00",
    "2019-02-29",
    "2019-02-29?",
    "2019-06-31",
    "2019-02-30/2019-04",
    "2019/2018",
    "2019-05/2019-04-30",
    "2019~/2018~",
    "[2000..1000]",
    "2019/2020/2021",
    "[2019/2020]",
    "2019/[2020]",
    "[1984",
    "{1984]",
    "[]",
    "[1984,]",
    "2019..2020",
    "2019-1X-40",
    "2019-05-01T10:00",
    "10:00",
    "2019~~",
    "~2019~",
    "05/2019",
    "01.05.2019",
    "May 2019",
    "٢٠١٩",
    "２０１９-05-01",
    "2019–05",
    "[1000,1001,1002,1003,1004,1005,1006,1007,1008,1009,1010,1011,1012]",
]


class Move(BaseModel):
    """A model with a date in it, as entries and events have."""

    effective: PartialDate
    stated: PartialDate | None = None


edtf_like = st.text("0129X-/.,~?%[]{}", max_size=LONGEST + 1)
single_like = st.from_regex(r"[?~%]?[0-2X][0-9X]{3}[?~%]?(-[?~%]?([0-4][0-9]|XX)[?~%]?){0,2}", fullmatch=True)
interval_like = st.tuples(single_like | st.sampled_from(["", ".."]), single_like).map("/".join)


@pytest.mark.parametrize(("text", "earliest", "latest"), LEVEL_0 + LEVEL_1 + LEVEL_2)
def test_a_date_lies_between_the_bounds_of_the_standard(text: str, earliest: str | None, latest: str | None) -> None:
    """An order "of 2005" is placed by these two days, so a wrong one misplaces a reform."""
    # when
    read = PartialDate.parse(text)

    # then
    assert (iso(read.earliest), iso(read.latest)) == (earliest, latest)
    assert str(read) == text


@pytest.mark.parametrize(("text", "earliest", "latest"), ABOUT)
def test_about_widens_each_bound_by_one_unit_of_the_marked_part(
    text: str, earliest: str | None, latest: str | None
) -> None:
    """About January 2022 is December to February, not a year on either side."""
    # when
    read = PartialDate.parse(text)

    # then
    assert (iso(read.earliest), iso(read.latest)) == (earliest, latest)


@pytest.mark.parametrize("text", ["2019", "2019-05", "2019-05-01", "201X", "2019-21", "2004-06-XX"])
def test_uncertain_widens_nothing(text: str) -> None:
    """A doubtful reading of a year is still that year."""
    # given
    sure, doubtful = PartialDate.parse(text), PartialDate.parse(f"{text}?")

    # then
    assert (doubtful.earliest, doubtful.latest) == (sure.earliest, sure.latest)
    assert doubtful.approximate
    assert not doubtful.exact


@pytest.mark.parametrize("text", ["2019-05/..", "2019-05/"])
def test_an_open_end_and_an_unknown_end_are_both_no_bound(text: str) -> None:
    """An unknown end isn't "within ten years"."""
    assert PartialDate.parse(text).latest == AFTER_ALL


@pytest.mark.parametrize("text", ["../2019-05", "/2019-05"])
def test_an_open_start_and_an_unknown_start_are_both_no_bound(text: str) -> None:
    """What stood by May 2019 may have begun in any year."""
    assert PartialDate.parse(text).earliest == BEFORE_ALL


@pytest.mark.parametrize("text", REFUSED_EDTF + BAD)
def test_what_is_no_date_is_refused_in_one_line_that_names_it(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The editor sees what was given and what is wanted; the library prints nothing of its own."""
    # when
    with pytest.raises(NotADate) as refusal:
        PartialDate.parse(text)

    # then
    message = str(refusal.value)
    assert refusal.value.given == text
    assert message.startswith(f"{text!r} is not a date: ")
    assert "such as 2019-05-01" in message
    assert message.isprintable()
    assert capsys.readouterr() == ("", "")


def test_a_long_text_is_shortened_in_the_message() -> None:
    """A whole decree pasted into the field must not fill the editor's screen."""
    # when
    with pytest.raises(NotADate) as refusal:
        PartialDate.parse("2019," * 10_000)

    # then
    shown, _ = str(refusal.value).split(" is not a date: ")
    assert len(shown) == 80


@given(st.text() | edtf_like | single_like | interval_like)
@settings(deadline=None)
def test_any_text_is_a_date_with_ordered_bounds_or_refused(text: str) -> None:
    """No text an editor can type breaks the program or gives a date that ends before it begins."""
    try:
        read = PartialDate.parse(text)
    except NotADate:
        pass
    else:
        assert BEFORE_ALL <= read.earliest <= read.latest <= AFTER_ALL
        assert (read.earliest, read.latest) != (BEFORE_ALL, AFTER_ALL)
        assert str(read) == text


@given(st.dates())
def test_every_day_of_the_calendar_is_read_and_written(known: date) -> None:
    """A day printed in a decree is kept to the day."""
    # given
    text = known.isoformat()

    # then
    assert day(text) == known.toordinal()
    assert iso(day(text)) == text
    assert PartialDate.parse(text) == PartialDate.of(day(text)) == PartialDate(text, day(text), day(text))
    assert PartialDate.parse(text).exact


@pytest.mark.parametrize(
    "text",
    ["", "0", "1693526400", "2023-02-30", "2023-9-1", "0000-01-01", "20230901", "2023-W35-5", "2023-09-01 ",
     "2023-09-01\n", "2023-09-01T00:00", "２０２３-09-01", "12023-09-01", "-2023-09-01", "2023-09"],
)  # fmt: skip
def test_only_a_calendar_day_is_a_day(text: str) -> None:
    """A reader's `as_of` is one day, and never a number of seconds or a guess."""
    with pytest.raises(NotADay, match="wanted YYYY-MM-DD"):
        day(text)


@pytest.mark.parametrize("bound", [BEFORE_ALL, AFTER_ALL, BEFORE_ALL - 1, AFTER_ALL + 1])
def test_no_bound_is_not_a_day(bound: int) -> None:
    """Nothing may show the year 9999 where nobody knows the end."""
    assert iso(bound) is None
    with pytest.raises(NotADay, match=f"^{bound} is not a day") as refused:
        PartialDate.of(bound)
    assert refused.value.given == bound


def test_bounds_stay_outside_the_calendar() -> None:
    """No bound is earlier or later than any day that can be written."""
    assert day("0001-01-01") > BEFORE_ALL
    assert day("9999-12-31") < AFTER_ALL


@pytest.mark.parametrize("text", ["2019-05-01?", "2019-05-01~", "2019-05"])
def test_a_day_in_doubt_is_not_exact(text: str) -> None:
    """Only a day without a mark proves on which day a thing changed."""
    assert not PartialDate.parse(text).exact


@pytest.mark.parametrize("text", [text for text, *_ in LEVEL_0 + LEVEL_1 + LEVEL_2 + ABOUT])
def test_a_date_comes_back_as_it_was_written(text: str) -> None:
    """The editor's text outlives every save, with its doubts."""
    # given
    move = Move(effective=PartialDate.parse(text), stated=None)

    # then
    assert move.model_dump() == {"effective": text, "stated": None}
    assert Move.model_validate(move.model_dump()) == move
    assert Move.model_validate_json(move.model_dump_json()) == move
    assert Move.model_validate(move.model_dump(context=STORED), context=STORED) == move
    assert Move.model_validate_json(move.model_dump_json(context=STORED), context=STORED) == move


@pytest.mark.parametrize("mode", ["json", "python"])
def test_a_stored_date_keeps_its_bounds(mode: Literal["json", "python"]) -> None:
    """An event holds the text and what it meant when it was recorded."""
    # when
    stored = Move(effective=PartialDate.parse("../2022-01~")).model_dump(mode=mode, context=STORED)

    # then
    assert stored["effective"] == {"edtf": "../2022-01~", "earliest": None, "latest": "2022-02-28"}


def test_replay_never_reads_edtf_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later version of the rules or the library must not change what was recorded."""
    # given
    stored = '{"effective": {"edtf": "once upon a time", "earliest": "2019-05-01", "latest": null}}'

    def parse(cls: type[PartialDate], text: str) -> PartialDate:
        raise AssertionError(f"parsed {text}")

    monkeypatch.setattr(PartialDate, "parse", classmethod(parse))

    # when
    read = Move.model_validate_json(stored, context=STORED)

    # then
    assert read.effective == PartialDate("once upon a time", day("2019-05-01"), AFTER_ALL)


@pytest.mark.parametrize("context", [None, {}, {"stored": False}, {"stored": "no"}])
def test_an_editor_cannot_write_bounds(context: object) -> None:
    """Bounds follow from the text; whoever could post them could contradict it."""
    # given
    stored = {"effective": {"edtf": "2019", "earliest": "1919-01-01", "latest": None}}

    # then
    with pytest.raises(ValidationError, match="a date is text"):
        Move.model_validate(stored, context=context)
    with pytest.raises(ValidationError, match="a date is text"):
        Move.model_validate_json(json.dumps(stored), context=context)


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"edtf": "2019", "earliest": "2019-01-01"},
        {"edtf": "2019", "earliest": "2019-01-01", "latest": "2019-12-31", "note": ""},
        {"edtf": None, "earliest": "2019-01-01", "latest": "2019-12-31"},
        {"edtf": "2019", "earliest": 1, "latest": "2019-12-31"},
        {"edtf": "2019", "earliest": "2019", "latest": "2019-12-31"},
    ],
)
def test_a_stored_date_of_another_shape_is_refused(stored: dict[str, object]) -> None:
    """A damaged log is found, not guessed at."""
    with pytest.raises(ValidationError, match=r"stored date|is not a day"):
        Move.model_validate({"effective": stored}, context=STORED)


@pytest.mark.parametrize("value", [2019, 2019.5, True, date(2019, 5, 1), b"2019", ["2019"], None])
def test_only_text_is_a_date(value: object) -> None:
    """YAML turns an unquoted 2019 into a number: say so, rather than take it for a count of seconds."""
    with pytest.raises(ValidationError, match=f"not a value of type {type(value).__name__}"):
        Move.model_validate({"effective": value})


@pytest.mark.parametrize("text", ["2019/2018", "{2019", "{refusal}"])
def test_a_refused_date_is_an_ordinary_validation_error(text: str) -> None:
    """An editor sees our sentence, whichever field and format it was in."""
    # given
    with pytest.raises(NotADate) as refusal:
        PartialDate.parse(text)

    # when
    with pytest.raises(ValidationError) as invalid:
        Move.model_validate({"effective": text})

    # then
    (error,) = invalid.value.errors()
    assert (error["loc"], error["type"], error["msg"]) == (("effective",), "not_a_date", str(refusal.value))


def test_a_date_can_be_one_of_several_types() -> None:
    """`effective` may be a date, the word for none, or nothing."""
    # given
    adapter: TypeAdapter[PartialDate | Literal["never"] | None] = TypeAdapter(PartialDate | Literal["never"] | None)

    # then
    assert adapter.validate_python("2019") == PartialDate.parse("2019")
    assert adapter.validate_json('"never"') == "never"
    assert adapter.validate_python(None) is None
    assert adapter.dump_json(PartialDate.parse("2019")) == b'"2019"'
    with pytest.raises(ValidationError):
        adapter.validate_python("sometimes")


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_the_schema_calls_a_date_an_edtf_text(mode: Literal["validation", "serialization"]) -> None:
    """Other programs read the format from the schema, and every example there is one."""
    # when
    schema = Move.model_json_schema(mode=mode)["properties"]["effective"]

    # then
    assert (schema["type"], schema["format"]) == ("string", "edtf")
    assert [str(PartialDate.parse(example)) for example in schema["examples"]] == schema["examples"]


def test_a_plain_day_does_not_load_the_edtf_library() -> None:
    """Every command would start 0.2 s later, and most dates are plain days."""
    # given
    program = "import sys, domain.dates as d; d.PartialDate.parse('2019-05-01'); sys.exit('edtf' in sys.modules)"

    # then
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[2])
