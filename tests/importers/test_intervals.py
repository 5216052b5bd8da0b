"""Tables of intervals: who held which post from when to when, as a historian writes it down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.importers.files import read_file
from api.importers.options import Options
from api.registers import NotARegister
from tests.importers.taken import MINT, cause_of, taking

LAST, AFTER = replace(MINT, to_is="last-day"), replace(MINT, to_is="first-day-after")

HEADS = """person;name_kk;unit;post;from;to
Нурлан Балгимбаев;Нұрлан Балғымбаев;Канцелярия;Руководитель;20.10.1995;1996-10-01
Сарыбай Калмурзаев;;Канцелярия;Руководитель;1996-10-02;2001-02
"""
HEAD, FIRST, SECOND = "kantselyariya:rukovoditel", "nurlan-balgimbaev", "saribay-kalmurzaev"


def test_an_end_that_is_a_last_day_still_holds_on_it() -> None:
    """A list of heads mostly gives the last day in office: on it the old head sits, on the next the new one."""
    with taking("heads.csv", HEADS, LAST) as taken:
        assert taken.refusals == []
        assert taken.holders(HEAD, "1995-10-19") == {}
        assert taken.holders(HEAD, "1995-10-20") == {FIRST: "certain"}
        assert taken.holders(HEAD, "1996-10-01") == {FIRST: "certain"}
        assert taken.holders(HEAD, "1996-10-02") == {SECOND: "certain"}


def test_an_end_that_is_the_first_day_after_no_longer_holds_on_it() -> None:
    """A decree of release gives the first day out of office."""
    with taking("heads.csv", HEADS.replace("1996-10-02", "1996-10-01"), AFTER) as taken:
        assert taken.refusals == []
        assert taken.holders(HEAD, "1996-09-30") == {FIRST: "certain"}
        assert taken.holders(HEAD, "1996-10-01") == {SECOND: "certain"}


@pytest.mark.parametrize(
    ("to", "eve", "gone"),
    [
        ("2001-02", "2001-02-01", "2001-03-01"),
        ("2001", "2001-01-01", "2002-01-01"),
        ("../2001", "2000-01-01", "2002-01-01"),
    ],
)
def test_the_last_day_in_a_month_or_year_is_still_a_day_in_office(to: str, eve: str, gone: str) -> None:
    """The last day lies in the month: on its first he still sits, on the first after it he does not."""
    with taking("heads.csv", HEADS.replace("2001-02", to), LAST) as taken:
        assert SECOND in taken.holders(HEAD, eve)
        assert taken.holders(HEAD, gone) == {}


def test_what_was_doubtful_stays_so() -> None:
    """A mark of doubt on a last day must not become a certain first day after."""
    with taking("heads.csv", HEADS.replace("2001-02", "2001-02-03~"), LAST) as taken:
        (until,) = [h["until"] for h in taken.structure("2001-01-01")["posts"][HEAD]["holders"].values()]
        assert until == "2001-02-03?/2001-02-05?"
        assert taken.holders(HEAD, "2001-02-02") != {SECOND: "certain"}


def test_nobody_guesses_what_an_end_means() -> None:
    """A day too many in office is a false day: without the word of the user there is no import."""
    with pytest.raises(NotARegister, match=r"nobody says what an end means.*last-day.*first-day-after"):
        read_file("heads.csv", HEADS.encode(), MINT)


@pytest.mark.parametrize(
    ("options", "next_day", "said"),
    [
        (LAST, "1996-10-01", "in 1 of 1 hand-overs the successor begins on the very day of the end"),
        (AFTER, "1996-10-02", "in 1 of 1 hand-overs the successor begins a day behind the end"),
    ],
)
def test_the_hand_overs_of_the_file_are_held_against_what_the_user_says(
    options: Options, next_day: str, said: str
) -> None:
    """The meaning is the user's to say, but a table that says otherwise itself is worth a line."""
    with taking("heads.csv", HEADS.replace("1996-10-02", next_day), options) as taken:
        assert taken.notes[0].startswith(said)
    with taking("heads.csv", HEADS, LAST) as taken:
        assert taken.notes == ()


def test_importing_again_changes_nothing_and_a_longer_file_adds_what_is_new() -> None:
    """A spreadsheet grows through the years: each row is recorded once."""
    with taking("heads.csv", HEADS, LAST) as first:
        before = first.entries
        with taking("heads.csv", HEADS, LAST, first.registers) as again:
            assert [verdict.receipt.new for verdict in again.verdicts if verdict.receipt] == [False] * 4
        longer = HEADS + "Иван Петров;;Канцелярия;Руководитель;2001-03-05;\n"
        with taking("heads.csv", longer, LAST, first.registers) as more:
            assert more.refusals == []
            new = [entry for entry in more.entries if entry not in before]
            assert new[0].startswith("heads.csv:file-")
            assert new[1:] == ["heads.csv:4"]


def test_a_row_that_was_changed_is_told_and_not_recorded() -> None:
    """What the file said last year stands in the log; a change of mind is a correction, with its reason."""
    mended = HEADS.replace("20.10.1995", "21.10.1995")
    with taking("heads.csv", HEADS, LAST) as first, taking("heads.csv", mended, LAST, first.registers) as changed:
        (reason,) = changed.refusals
        assert reason.startswith("heads.csv, row 2: entry 'heads.csv:2' is recorded already with other content")
        assert changed.holders(HEAD, "1995-10-20") == {FIRST: "certain"}


def test_an_end_that_is_found_later_is_added_to_its_row() -> None:
    """The start was recorded when nobody knew the end."""
    table = "person_id,person_name,post,from,to\nann,Анна Ли,Руководитель,1995-10-20,{}\n"
    with taking("heads.csv", table.format(""), LAST) as first:
        assert first.holders("rukovoditel", "2001-01-01") == {"ann": "presumed"}
        with taking("heads.csv", table.format("2000-12-31"), LAST, first.registers) as later:
            assert later.refusals == []
            assert later.entries[-1] == "heads.csv:2.to"
            assert later.holders("rukovoditel", "2000-12-31") == {"ann": "certain"}
            assert later.holders("rukovoditel", "2001-01-01") == {}


def test_rows_keep_their_numbers_when_the_user_gives_them() -> None:
    """A sheet that is sorted anew has other rows in other places."""
    table = ["row,person,post,from", "007,Анна Ли,Руководитель,1995", "008,Иван Ким,Секретарь,1996"]
    with taking("heads.csv", "\n".join(table), LAST) as first:
        assert {"heads.csv:007", "heads.csv:008"} <= set(first.entries)
        with taking("heads.csv", "\n".join([table[0], table[2], table[1]]), LAST, first.registers) as sorted_:
            assert [r for r in sorted_.refusals if "recorded already" in r] == sorted_.refusals
            assert len(sorted_.refusals) == 2, "the place in the file is part of what is recorded"


def test_start_and_end_rest_on_their_own_acts() -> None:
    """Who let him go is not who appointed him: neither cause may be missing or false."""
    table = (
        "person,post,seats,from,to,act,act_kind,act_number,act_date,act_title,end_act,end_act_number\n"
        "Анна Ли,Руководитель,1,1995-10-20,1996-10-01,decree-2565,decree,2565,1995-10-20,О руководителе,Указ № 3,3\n"
        "Иван Ким,Руководитель,1,1996-10-01,,Указ № 3,,,1996-09-30,,,\n"
    )
    with taking("heads.csv", table, AFTER) as taken:
        assert taken.refusals == []
        assert taken.entries[2:4] == ["heads.csv:act:decree-2565", "heads.csv:act:ukaz-no-3"]
        (holder,) = taken.structure("1996-09-30")["posts"]["rukovoditel"]["holders"].values()
        assert cause_of(holder) == ("heads.csv:2", "decree-2565")
        assert holder["cause"]["instrument"]["number"] == "2565"
        row = next(row for row in taken.diff("1996-09-30", "1996-10-01") if row["kind"] == "holder-changed")
        assert cause_of(row)[1] == "ukaz-no-3"


def test_acts_on_which_rows_disagree_are_refused_at_the_later_row() -> None:
    """One decree has one number."""
    table = "person,post,from,act,act_number\nАнна Ли,Руководитель,1995,a,1\nИван Ким,Секретарь,1996,a,2\n"
    with taking("heads.csv", table) as taken:
        assert taken.refusals == [
            "heads.csv, row 3: column act: the act 'a' has number '1' in heads.csv, row 2, and '2' here (malformed)"
        ]


def test_a_row_is_recorded_whole_or_not_at_all() -> None:
    """An end that rests on an act nobody brought takes the start of its row with it."""
    table = "person,post,from,to,end_act\nАнна Ли,Руководитель,1995-10-20,1996-10-01,decree-9\n"
    with taking("heads.csv", table, AFTER) as taken:
        assert taken.refusals == [
            "heads.csv, row 2: entry 'heads.csv:2.to', entry: no entry brings an instrument 'decree-9' (unknown-id)"
        ]
        assert not [entry for entry in taken.entries if entry.startswith("heads.csv:2")]
        assert taken.structure("1996-01-01")["posts"] == {}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Анна Ли,Руководитель,9/1/2023,,", "column from: '9/1/2023' may begin with the day or with the month"),
        ("Анна Ли,Руководитель,2023-02-30,,", "column from: '2023-02-30' is not a date: the calendar has no such day"),
        ("Анна Ли,Руководитель,2023,2022-05-01,", "it would end by 2022-05-01, before it begins, 2023"),
        ("Анна Ли,Руководитель,,,", "no day shows it: give the day from which, to which, or on which"),
        (",,1995,,", "it names neither a person, nor a post, nor a unit"),
        ("Анна Ли,,1995,,", "it names a person and no post to hold"),
        ("李,Руководитель,1995,,", "no id can be made of '李': give one"),
        ("Анна Ли,Руководитель,1995,,x,y", "column 6 has no heading, and here a value: 'y'"),
        ("Анна Ли,Руководитель,1995,n.d.,", "column to: 'n.d.' is not a date"),
        ("Анна Ли,Руководитель,1995,,x\x00y", "note: it holds a character that cannot be read"),
    ],
)
def test_a_bad_row_is_refused_by_its_number_and_column_and_the_next_is_taken(row: str, said: str) -> None:
    """An editor mends the sheet by what the message says; the other rows go in meanwhile."""
    table = f"person,post,from,to,note\n{row}\nИван Ким,Секретарь,1996-01-01,,\n"
    with taking("heads.csv", table, AFTER) as taken:
        (reason,) = taken.refusals
        assert reason.startswith("heads.csv, row 2: ")
        assert said in reason
        assert taken.holders("sekretar", "1996-01-01") == {"ivan-kim": "certain"}


def test_two_names_that_would_be_one_id_are_not_made_one_person() -> None:
    """Қарин and Карин may be one man, or two: that is for an editor to say, by an id."""
    table = "person,post,from\nЕрлан Қарин,Руководитель,2019\nЕрлан Карин,Секретарь,2020\n"
    with taking("heads.csv", table) as taken:
        (reason,) = taken.refusals
        assert reason.startswith("heads.csv, row 3: 'erlan-karin' is called 'Ерлан Қарин' in heads.csv, row 2")
    with_id = "person_id,person,post,from\nkarin-1,Ерлан Қарин,Руководитель,2019\nkarin-2,Ерлан Карин,Секретарь,2020\n"
    with taking("heads.csv", with_id) as taken:
        assert taken.refusals == []
        assert taken.holders("sekretar", "2021-01-01") == {"karin-2": "presumed"}


def test_a_post_of_one_title_in_two_units_is_two_posts() -> None:
    """Every department has a head."""
    table = "person,unit,post,from\nАнна Ли,Архив,Глава,2019\nИван Ким,Музей,Глава,2019\n"
    with taking("heads.csv", table) as taken:
        assert sorted(taken.structure("2020-01-01")["posts"]) == ["arkhiv:glava", "muzey:glava"]


def test_names_of_today_are_no_rivals_of_the_names_that_acts_gave() -> None:
    """A list of today calls the post as it is called today; it does not say that it was called so in 1995."""
    founded = (
        '[{"entry": "r", "effective": "1995-01-01", "changes": ['
        '{"kind": "institution-declared", "name": {"en": "Mint"}},'
        '{"kind": "unit-established", "unit": "eo", "name": {"en": "Office"}},'
        '{"kind": "post-created", "post": "head", "unit": "eo", "title": {"en": "Head"}, "seats": 1}]}]'
    )
    table = "person,unit,post_id,post_title,from\nАнна Ли,eo,head,Глава,1995-10-20\n"
    russian = Options("mint", language="ru")
    with (
        taking("r.json", founded, Options("mint")) as before,
        taking("heads.csv", table, russian, before.registers) as taken,
    ):
        assert taken.refusals == []
        assert taken.structure("1995-10-20")["posts"]["head"]["title"] == {"en": "Head"}
        assert taken.rules() == []


def test_posts_and_units_have_intervals_of_their_own() -> None:
    """A row without a person is about the post, one without a post about the unit."""
    table = (
        "unit,unit_kind,parent,post,seats,from,to\nКанцелярия,department,,,,1991-04-24,\nАрхив,,Канцелярия,,,1995-01-01,2003-05-31\n"
        "Канцелярия,,,Глава,1,1991-05-01,1999-12-31\n"
    )
    with taking("units.csv", table, LAST) as taken:
        assert taken.refusals == []
        assert sorted(taken.structure("1991-04-24")["units"]) == ["kantselyariya"]
        assert taken.structure("1994-12-31")["units"].keys() == {"kantselyariya"}
        assert taken.structure("1995-01-01")["units"]["arkhiv"]["parent"] == "kantselyariya"
        assert "arkhiv" in taken.structure("2003-05-31")["units"]
        assert "arkhiv" not in taken.structure("2003-06-01")["units"]
        assert taken.structure("1999-12-31")["posts"]["kantselyariya:glava"]["seats"] == 1
        assert taken.structure("2000-01-01")["posts"] == {}


def test_somebody_seen_in_a_post_is_attested_there_on_that_day_alone() -> None:
    """A photograph of 1994 shows neither when he came nor when he went."""
    with taking("heads.csv", "person,post,on\nАнна Ли,Руководитель,1994-05-09\n") as taken:
        assert taken.holders("rukovoditel", "1994-05-08") == {}
        assert taken.holders("rukovoditel", "1994-05-09") == {"anna-li": "certain"}
        assert taken.holders("rukovoditel", "1994-05-10") == {"anna-li": "presumed"}


def test_an_end_without_a_start_shows_the_holder_on_its_eve() -> None:
    """Of many only the release is known."""
    with taking("heads.csv", "person,post,to\nАнна Ли,Руководитель,1996-10-01\n", LAST) as taken:
        assert taken.holders("rukovoditel", "1996-09-30") == {}
        assert taken.holders("rukovoditel", "1996-10-01") == {"anna-li": "certain"}
        assert taken.holders("rukovoditel", "1996-10-02") == {}


def test_every_fact_names_its_row_and_what_stood_in_the_cell() -> None:
    """Who doubts a date opens the sheet and looks."""
    table = "person,post,from,to,source,locator,certainty\nАнна Ли,Глава,1995,1996-10-01,АП РК ф. 5,д. 23,low\n"
    with taking("heads.csv", table, LAST) as taken:
        (holder,) = taken.structure("1996-01-01")["posts"]["glava"]["holders"].values()
        cited = [(s["source"], s["locator"], s["wording"], s["certainty"]) for s in holder["cause"]["sources"]]
        assert cited == [("heads.csv", "row 2", None, "low"), ("ap-rk-f-5", "д. 23", None, "low")]
        rows = [row.event for row in taken.registers.log.read("mint") if row.event.kind == "released"]
        assert rows[0].sources[0].wording == "to 1996-10-01, the last day"
        assert taken.rules() == [], "both sources are registered"


def test_an_imported_fact_is_corrected_like_any_other() -> None:
    """A wrong cell is mended by an entry that says why, not by another import."""
    correction = (
        '{"entry": "fix", "changes": [{"kind": "corrected", "target": "heads.csv:2#4", "reason": "misread",'
        ' "change": {"kind": "appointed", "person": "anna-li", "post": "glava", "capacity": "acting",'
        ' "effective": "1994"}}]}'
    )
    with taking("heads.csv", "person,post,from\nАнна Ли,Глава,1995\n") as taken:
        target = next(row.event for row in taken.registers.log.read("mint") if row.event.kind == "appointed").target
        with taking("fix.json", correction.replace("heads.csv:2#4", target), Options("mint"), taken.registers) as fixed:
            assert fixed.refusals == []
            assert fixed.holders("glava", "1994-12-31") == {"anna-li": "presumed"}


def test_ids_that_the_file_does_not_name_are_looked_for_in_the_register() -> None:
    """A mistyped id must not bring a new person into the world."""
    with taking("heads.csv", "person,post,from\nkarin,head,2019\n") as taken:
        assert taken.notes == ("to these ids the file gives no name, so they must be in the register: head, karin",)
        assert [reason.partition(": ")[2] for reason in taken.refusals] == [
            "entry 'heads.csv:2', change 1: no entry introduces a person 'karin' (unknown-id)",
            "entry 'heads.csv:2', change 1: no entry introduces a post 'head' (unknown-id)",
        ]


def test_a_column_that_nobody_knows_is_asked_about() -> None:
    """What is left out of a sheet without a word is lost."""
    table = "ФИО,Должность,from,Remarks\nАнна Ли,Глава,1995,x\n"
    with pytest.raises(NotARegister, match=r"nobody knows a column 'ФИО'.*--column 'ФИО=NAME' reads it as another"):
        read_file("heads.csv", table.encode(), MINT)
    told = replace(MINT, columns={"ФИО": "person", "Должность": "post", "Remarks": ""})
    with taking("heads.csv", table, told) as taken:
        assert taken.holders("glava", "1996-01-01") == {"anna-li": "presumed"}


def test_a_slip_in_an_id_brings_no_post_and_no_unit_into_the_world() -> None:
    """Whatever else the row tells of them: only a name makes something new."""
    for row in ("x,Анна Ли,haed,mint,1995", "x,Анна Ли,head,mnit,1995"):
        table = f"person_id,person,post,unit,from\na,Иван,Глава,Канцелярия,1990\n{row}\n"
        with taking("heads.csv", table.replace("head,", "kantselyariya:glava,")) as taken:
            assert any("no entry introduces a" in reason for reason in taken.refusals)
            assert sorted(taken.structure("1995-12-31")["posts"]) == ["kantselyariya:glava"]
            assert not [entry for entry in taken.entries if entry.startswith("heads.csv:3")]


def test_the_unit_of_a_post_that_is_named_by_id_is_told_too() -> None:
    """The register knows both; the row says that on this day the one was in the other."""
    table = (
        "person,post_id,title,unit_id,unit_name,seats,from,on\nАнна,head,Глава,,,,1990,\n"
        "Иван,chief,Шеф,eo,Канцелярия,,1990,\nОлег,head,,eo,,1,1995,\nПётр,head,,eo,,,,1996\n"
    )
    with taking("heads.csv", table) as taken:
        assert taken.refusals == []
        head = taken.structure("1996-12-31")["posts"]["head"]
        assert (head["unit"], head["seats"]) == ("eo", 1)
        assert "heads.csv:4.post" in taken.entries
