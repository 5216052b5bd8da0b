"""Snapshots: what lists of several days show, and what must have changed between them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from api.importers.files import read_file
from api.importers.options import Options
from api.registers import NotARegister
from tests.importers.taken import MINT, taking

COMPLETE = replace(MINT, format="snapshots", lists="complete")
PARTIAL = replace(MINT, format="snapshots", lists="partial")

LISTS = """date,unit_id,unit_name,parent,post_id,post_title,holder
1995-10-20,eo,Аппарат,,head,Глава,Анна Ли
1995-10-20,press,Пресс-служба,eo,spokesman,Секретарь,Иван Ким
1995-10-20,archive,Архив,eo,,,
2000-01-01,eo,Администрация,,head,Глава,Иван Ким
2000-01-01,archive,Архив,,,,
2000-01-01,protocol,Протокол,eo,chief,Шеф,
"""


def test_what_a_list_shows_is_attested_on_its_day() -> None:
    """A list proves its own day, and says nothing of the day before."""
    with taking("lists.csv", LISTS, COMPLETE) as taken:
        assert taken.refusals == []
        assert taken.structure("1995-10-19")["units"] == {}
        shown = taken.structure("1995-10-20")
        assert {unit: told["grade"] for unit, told in shown["units"].items()} == dict.fromkeys(
            ["archive", "eo", "press"], "certain"
        )
        assert taken.holders("head", "1995-10-20") == {"anna-li": "certain"}
        assert taken.holders("head", "2000-01-01") == {"ivan-kim": "certain"}


def test_what_differs_is_inferred_to_lie_between_the_days() -> None:
    """It happened some day after the first list, at the latest on that of the second."""
    with taking("lists.csv", LISTS, COMPLETE) as taken:
        rows = taken.diff("1995-10-20", "2000-01-01")
        assert sorted((row["kind"], row["implied"]) for row in rows) == [
            ("post-abolished", True),  # that of the press service went with it
            ("post-created", False),
            ("released", False),
            ("transferred", False),
            ("unit-abolished", False),
            ("unit-established", False),
            ("unit-renamed", False),
        ]
        assert {row["effective"] for row in rows} == {"1995-10-21/2000-01-01"}
        events = [row.event for row in taken.registers.log.read("mint") if row.event.entry.endswith("2000-01-01")]
        bases = {event.basis for event in events if event.effective and "/" in event.effective.text}
        assert bases == {"inferred"}
        assert taken.structure("1998-01-01")["units"]["press"]["grade"] == "possible"
        assert taken.rules() == ["post-without-holder"]


def test_a_blank_is_unknown_and_no_change() -> None:
    """The list of 2000 names no parent of the archive and no holder of the chief's post: neither is said to be none."""
    with taking("lists.csv", LISTS, COMPLETE) as taken:
        assert taken.structure("2000-01-01")["units"]["archive"]["parent"] == "eo"
        assert taken.structure("2000-01-01")["posts"]["chief"]["vacancy"] == "unknown"


def test_lists_that_are_not_complete_end_and_begin_nothing() -> None:
    """What a list leaves out may have stood all the same; that one thing is called otherwise it does say."""
    with taking("lists.csv", LISTS, PARTIAL) as taken:
        rows = taken.diff("1995-10-20", "2000-01-01")
        assert [row["kind"] for row in rows if row["effective"] == "1995-10-21/2000-01-01"] == ["unit-renamed"]
        assert taken.structure("2000-01-01")["units"]["press"]["grade"] == "presumed"


def test_nobody_guesses_whether_lists_are_complete() -> None:
    """An abolition that no source states must be asked for."""
    with pytest.raises(NotARegister, match=r"--lists complete.*--lists partial"):
        read_file("lists.csv", LISTS.encode(), replace(MINT, format="snapshots"))


def test_a_list_found_later_narrows_what_was_inferred() -> None:
    """The entry of 1995 to 2000 stands; that of 1995 to 1997 says the same of fewer days."""
    between = LISTS + (
        "1997-05-05,eo,Администрация,,head,Глава,Анна Ли\n"
        "1997-05-05,press,Пресс-служба,eo,spokesman,Секретарь,Иван Ким\n"
        "1997-05-05,archive,Архив,eo,,,\n"
    )
    with (
        taking("lists.csv", LISTS, COMPLETE) as first,
        taking("lists.csv", between, COMPLETE, first.registers) as taken,
    ):
        assert taken.refusals == []
        assert taken.structure("1997-05-05")["units"]["eo"]["name"] == {"ru": "Администрация"}
        assert taken.structure("1997-05-05")["units"]["press"]["grade"] == "certain"
        assert taken.structure("1997-05-06")["units"]["press"]["until"] == "1997-05-06/2000-01-01"
        assert "conflicting-claims" not in taken.rules()


def test_one_bad_row_keeps_the_whole_file_out() -> None:
    """A thing that is missing because its row is broken must not be said to have ended."""
    with taking("lists.csv", LISTS.replace("2000-01-01,archive", "2000-13-01,archive"), COMPLETE) as taken:
        assert len(taken.refusals) == 3
        assert taken.refusals[0].startswith("lists.csv, row 6: column date: '2000-13-01' is not a date")
        assert taken.refusals[1].startswith(
            "lists.csv, snapshot of 1995-10-20: rows or snapshots of the file are refused"
        )
        assert taken.entries == ["institution"]


def structure(**units: Any) -> dict[str, Any]:
    """A structure as it is answered, of one post."""
    post = {"title": {"en": "Head"}, "unit": "eo", "vacancy": "unknown", "holders": {}}
    return {"units": {"eo": {"name": {"en": "Office"}, "parent": None}, **units}, "posts": {"head": post}}


def test_structures_as_they_are_answered_are_snapshots() -> None:
    """What one register answers, or another program keeps by day, is read without a table."""
    first, second = structure(), structure(press={"name": {"en": "Press"}, "parent": "eo", "grade": "presumed"})
    first["posts"]["head"]["holders"] = {"t": {"person": "ann", "capacity": "acting"}}
    first["persons"] = {"ann": {"name": {"en": "Ann Lee"}}}
    second["posts"]["head"]["vacancy"] = "vacant"
    shapes: list[Any] = [
        {"1995-10-20": first, "2000-01-01": second},
        [{"as_of": "2000-01-01", **second}, {"as_of": "1995-10-20", **first}],
    ]
    for shape in shapes:
        with taking("s.json", json.dumps(shape), COMPLETE) as taken:
            assert taken.refusals == []
            assert taken.holders("head", "1995-10-20") == {"ann": "certain"}
            assert taken.structure("2000-01-01")["posts"]["head"]["vacancy"] == "vacant"
            press = taken.structure("2000-01-01")["units"]["press"]
            assert (press["since"], press["grade"]) == ("1995-10-21/2000-01-01", "presumed"), (
                "the list itself was not sure"
            )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "it holds no snapshots"),
        ({"2019": structure()}, "'2019' is not a day"),
        ([{"as_of": "2019-01-01"}], "snapshot 1 holds neither `units` nor `posts`"),
        ({"2019-01-01": {"units": {}, "posts": {}}}, "it shows nothing"),
        ([{"as_of": "2019-01-01", **structure()}] * 2, "there is another snapshot of 2019-01-01"),
        ({"2019-01-01": {"units": {"a": {"name": {}}}}}, "name: it is empty"),
        ({"2019-01-01": {"units": {"a": {"name": ["A"]}}}}, "name is to be an object, language → text"),
        ({"2019-01-01": {"units": {"a": {"parent": []}}}}, "parent is to be an id, and [] is none"),
        ({"2019-01-01": {"posts": {"p": {"title": "P"}}}}, "title is to be an object, language → text"),
        ({"2019-01-01": {"posts": {"p": {"unit": ["a"]}}}}, "unit is to be an id"),
    ],
)
def test_what_is_no_snapshot_is_refused(data: Any, said: str) -> None:
    """Neither a list without a day nor one without content can be one of a series."""
    try:
        with taking("s.json", json.dumps(data), COMPLETE) as taken:
            told = " ".join(taken.refusals)
            assert taken.entries == ["institution"]
    except NotARegister as refusal:
        told = str(refusal)
    assert said in told


def test_the_day_after_the_first_list_is_the_day_of_the_second() -> None:
    """Between two lists of neighbouring days there is one day on which it can have happened."""
    near = LISTS.replace("2000-01-01", "1995-10-21")
    with taking("lists.csv", near, COMPLETE) as taken:
        assert {row["effective"] for row in taken.diff("1995-10-20", "1995-10-21")} == {"1995-10-21"}
        assert taken.structure("1995-10-21")["units"].keys() == {"archive", "eo", "protocol"}


def test_options_say_what_snapshots_are() -> None:
    """The same table is no table of intervals."""
    with pytest.raises(NotARegister, match="nobody knows a column 'date'"):
        read_file("lists.csv", LISTS.encode(), Options("mint"))


@pytest.mark.parametrize("parent", [["a", "b"], {"id": "a"}, False, 7])
def test_a_parent_that_is_no_id_is_refused_in_words(parent: object) -> None:
    """What another program writes need not be what it says it is."""
    shown = {"1995-10-20": {"units": {"a": {"name": {"ru": "Ұлт"}, "parent": parent}}}}

    with taking("any.json", json.dumps(shown), COMPLETE) as taken:
        assert "parent is to be an id" in " ".join(taken.refusals)
        assert taken.entries == ["institution"]
