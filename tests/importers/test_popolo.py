"""Popolo files of other programs: organizations, posts, persons and memberships."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from api.importers.files import read_file
from api.importers.options import Options
from api.registers import NotARegister
from tests.importers.taken import MINT, Taken, taking

SAID = Options("mint", found="The Mint", language="en", to_is="last-day")

STATE: dict[str, Any] = {
    "organizations": [
        {"id": "office", "name": "Office", "parent_id": "state", "classification": "Executive office"},
        {"id": "state", "name": "State", "founding_date": "1991-12-16", "dissolution_date": "2005-06-30"},
    ],
    "posts": [{"id": "head", "label": "Head", "organization_id": "office", "start_date": "1995-10-20"}],
    "persons": [
        {
            "id": "ann",
            "name": "Ann Lee",
            "birth_date": "1950-03",
            "death_date": "2010-01-02",
            "other_names": [{"name": "Ann Ray", "end_date": "1999-12-31"}, {"name": "Анна Ли"}],
            "links": [{"url": "https://example.org/ann", "note": "a portrait"}],
        },
        {"id": "bob", "name": "Bob"},
    ],
    "memberships": [
        {
            "person_id": "ann",
            "post_id": "head",
            "organization_id": "office",
            "start_date": "1995-10-20",
            "end_date": "1999-01",
            "sources": [{"url": "https://example.org/decree", "note": "art. 3"}],
        },
        {"id": "m2", "person_id": "bob", "organization_id": "office", "role": "Adviser", "start_date": "2001"},
    ],
}


def dumped(**more: Any) -> str:
    """The file, some of whose members are others."""
    return json.dumps({**STATE, **more})


def test_memberships_hold_from_their_first_to_their_last_day() -> None:
    """Popolo does not say what an end is; the user does."""
    with taking("state.json", dumped(), SAID) as taken:
        assert taken.refusals == []
        assert taken.holders("head", "1995-10-19") == {}
        assert taken.holders("head", "1995-10-20") == {"ann": "certain"}
        assert taken.holders("head", "1999-01-01") == {"ann": "certain"}
        assert taken.holders("head", "1999-02-01") == {}
    with taking("state.json", dumped(), replace(SAID, to_is="first-day-after")) as taken:
        assert taken.holders("head", "1999-01-01") == {"ann": "possible"}


def test_an_end_without_its_meaning_is_refused_object_by_object() -> None:
    """What needs no meaning goes in."""
    with taking("state.json", dumped(), replace(SAID, to_is=None)) as taken:
        refused = sorted(reason.split(": ")[0] for reason in taken.refusals)
        assert refused == ["state.json, memberships 1", "state.json, organizations 2", "state.json, persons 1"]


def test_organizations_stand_under_their_parents_whatever_their_order_in_the_file() -> None:
    """The parent of the first organization is the second."""
    with taking("state.json", dumped(), SAID) as taken:
        assert taken.structure("1991-12-15")["units"] == {}
        assert taken.structure("1991-12-16")["units"]["state"]["grade"] == "certain"
        office = taken.structure("1995-10-20")["units"]["office"]
        assert (office["parent"], office["kind"], office["since"]) == ("state", "executive-office", None)
        assert "state" in taken.structure("2005-06-30")["units"]
        assert "state" not in taken.structure("2005-07-01")["units"]


def test_a_person_has_former_names_and_other_spellings() -> None:
    """A name that ended was borne until its last day."""
    with taking("state.json", dumped(), SAID) as taken:
        events = [row.event for row in taken.registers.log.read("mint") if row.event.entry == "state.json:ann"]
        told = [(event.kind, event.effective.text if event.effective else None) for event in events]
        assert told == [
            ("source-registered", None),
            ("person-registered", None),
            ("person-renamed", "2000-01-01"),
            ("life-event", "2010-01-02"),
        ]
        registered = events[1].change.model_dump(mode="json")
        assert registered["name"] == {"en": "Ann Ray"}
        assert (registered["names"], registered["born"]) == ([{"en": "Анна Ли"}], "1950-03")


def test_sources_and_links_are_registered_and_sources_cited_with_their_place() -> None:
    """No address is fetched; each stands in the register as what it is."""
    with taking("state.json", dumped(), SAID) as taken:
        (holder,) = taken.structure("1996-01-01")["posts"]["head"]["holders"].values()
        cited = [(source["source"], source["locator"]) for source in holder["cause"]["sources"]]
        assert cited == [("state.json", "memberships 1"), ("https-example-org-decree", "art. 3")]
        addresses = [
            row.event.change.model_dump()["address"]
            for row in taken.registers.log.read("mint")
            if row.event.kind == "source-registered"
        ]
        assert addresses == [None, "https://example.org/ann", "https://example.org/decree"]


def test_a_role_without_a_post_makes_a_post_of_the_organization() -> None:
    """Many files know roles alone."""
    with taking("state.json", dumped(), SAID) as taken:
        assert taken.structure("2001-12-31")["posts"]["office:adviser"]["title"] == {"en": "Adviser"}
        assert taken.holders("office:adviser", "2001-12-31") == {"bob": "presumed"}


def test_objects_within_others_are_found_too() -> None:
    """Some programs write the memberships of a person with the person."""
    nested = {
        "persons": [
            {"id": 7, "name": "Ann", "memberships": [{"post_id": "p", "start_date": "1995"}]},
            {
                "id": "8",
                "name": "Bob",
                "memberships": [
                    {
                        "start_date": "1996",
                        "role": "Clerk",
                        "organization": {"id": 7, "name": "Mint"},
                        "person": {"id": "8"},
                    }
                ],
            },
        ],
        "organizations": [{"id": 7, "name": "Mint", "posts": [{"id": "p", "label": "Master"}]}],
    }
    with taking("state.json", json.dumps(nested), SAID) as taken:
        assert taken.refusals == []
        assert taken.holders("p", "1996-01-01") == {"person-7": "presumed"}
        assert taken.holders("unit-7:clerk", "1997-01-01") == {"8": "presumed"}, (
            "an id of two kinds gets its kind before it"
        )


def test_what_is_not_kept_is_told() -> None:
    """A portrait is lost, and the user knows."""
    persons = [
        {"id": "ann", "name": "Ann", "image": "https://example.org/a.jpg", "email": None},
        {"id": "bob", "name": "Bob"},
    ]
    with taking("state.json", json.dumps({"persons": persons}), SAID) as taken:
        assert taken.notes == ("not kept: image of 1 object",)


@pytest.mark.parametrize(
    ("objects", "said"),
    [
        ({"persons": [{"id": "ann"}]}, "state.json, persons 1: it has no name"),
        (
            {"persons": [{"id": "a", "name": "A"}, {"id": "a", "name": "B"}]},
            "persons 2: its id 'a' is that of persons 1",
        ),
        ({"persons": [{"id": [], "name": "A"}]}, "persons 1: id is to be text"),
        ({"persons": [{"id": "a", "name": "A", "birth_date": "long ago"}]}, "birth_date: 'long ago' is not a date"),
        ({"memberships": [{"organization_id": "x", "role": "y"}]}, "it names no person"),
        ({"memberships": [{"person_id": "a", "post_id": "b"}]}, "no day shows it"),
        ({"memberships": [{"person_id": "a", "post_id": "b", "start_date": "1"}]}, "start_date: '1' is not a date"),
        (
            {"memberships": [{"person_id": "a", "post_id": "b", "start_date": "1999"}]},
            "no entry introduces a person 'a'",
        ),
        ({"memberships": [{"person_id": "a", "organization_id": "b", "sources": [{}]}]}, "sources is to have a url"),
        ({"organizations": [{"name": "李"}]}, "no id can be made of '李'"),
    ],
)
def test_an_object_that_cannot_be_is_refused_by_its_place(objects: dict[str, Any], said: str) -> None:
    """The other objects go in."""
    with taking("state.json", json.dumps({**objects}), SAID) as taken:
        assert any(said in reason for reason in taken.refusals), taken.refusals


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "what it is to be read as is not certain"),
        ({"persons": [1]}, "persons 1 is no object"),
        ({"persons": {}}, None),
        ({"persons": {"a": 1}}, "persons is to be an array"),
        ({"persons": [], "motions": [1]}, "it holds motions, of which nothing is taken"),
    ],
)
def test_what_is_no_popolo_is_refused_as_a_whole(data: Any, said: str | None) -> None:
    """A file that holds what is not taken is not taken in part without a word."""
    if said is None:
        assert read_file("state.json", json.dumps(data).encode(), SAID).count == 2
        return
    with pytest.raises(NotARegister, match=said):
        read_file("state.json", json.dumps(data).encode(), SAID)


def acts(taken: Taken) -> list[str]:
    """What was recorded, and when it takes effect."""
    events = [row.event for row in taken.registers.log.read("mint")]
    return [f"{event.kind} {event.effective}" for event in events if event.effective]


def test_a_file_of_ours_tells_in_its_own_member_what_popolo_cannot() -> None:
    """Days in EDTF, names in every language, earlier parents, other lives."""
    ours = {
        "regesta": {"format": "popolo", "acts": {"e#1": {"kind": "unit-attested", "effective": "1993-05-05"}}},
        "organizations": [
            {
                "id": "office",
                "name": "Кеңсе",
                "founding_date": None,
                "regesta": {
                    "lives": [
                        {"life": 1, "since": None, "event": "e#1", "until": "1995-06~", "implied": False},
                        {"life": 2, "since": "1996-01-02?", "until": None},
                    ],
                    "names": [
                        {"name": {"kk": "Кеңсе", "en": "Office"}, "life": 1, "since": None},
                        {"name": {"en": "Chancellery"}, "life": 1, "since": "1994"},
                        {"name": {"en": "Office"}, "life": 2, "since": "1996-01-02?"},
                    ],
                },
            }
        ],
    }
    with taking("office.json", json.dumps(ours), replace(MINT, to_is=None)) as taken:
        assert taken.refusals == []
        assert acts(taken) == [
            *(
                "unit-attested 1993-05-05",
                "unit-renamed 1994",
                "unit-abolished 1995-06~",
                "unit-established 1996-01-02?",
            ),
        ]
        assert taken.structure("1993-05-05")["units"]["office"]["name"] == {"kk": "Кеңсе", "en": "Office"}
    with pytest.raises(NotARegister, match="its ends are first days after"):
        read_file("office.json", json.dumps(ours).encode(), SAID)
