"""EAC-CPF: a record a body and a person, valid under both schemas, with dates as they are known, and losses listed."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from lxml import etree

from api.formats.eac import eac_cpf, path
from api.formats.eac_dates import NAMESPACE
from api.formats.exported import Exported, Files
from domain.dates import day
from projections.histories import person_history
from projections.structure import structure
from tests.api.eac_schemas import faults, schemas
from tests.api.kz_eo import DAYS, exported, kz_eo
from tests.history import History, abolished, appointed, post, released, unit

E = {"e": NAMESPACE}


@cache
def files(as_of: str | None = None) -> Files:
    """The records of kz-eo."""
    return eac_cpf(exported("eac-cpf", as_of))


def of(history: History, as_of: str | None = None) -> Files:
    """The records of a register in the making."""
    return eac_cpf(Exported(history.view(), "eac-cpf", day(as_of) if as_of else None))


def record(of_files: Files, kind: str, thing: str) -> Any:
    """One record."""
    return etree.fromstring(of_files[path(kind, thing)])


def texts(node: Any, where: str) -> list[str]:
    """The texts of what an XPath leads to; e: before each name."""
    return [str(found.text if hasattr(found, "text") else found) for found in node.xpath(where, namespaces=E)]


def attributes(node: Any, where: str) -> list[dict[str, str]]:
    """The attributes of what an XPath leads to, but for the sources."""
    return [
        {name: value for name, value in found.attrib.items() if name != "sourceReference"}
        for found in node.xpath(where, namespaces=E)
    ]


# --- the folder


@pytest.mark.needs("standards")
@pytest.mark.parametrize("as_of", [None, *DAYS])
def test_every_record_is_valid_under_both_schemas(as_of: str | None) -> None:
    """Other people's schemas say so; no archive would take it else."""
    assert len(files(as_of)) > 100
    assert faults(files(as_of)) == []


@pytest.mark.needs("standards")
@pytest.mark.parametrize("schema", ["xsd", "rng"])
def test_the_schemas_see_what_is_amiss(schema: str) -> None:
    """A check that cannot fail proves nothing."""
    spoilt = record(files(DAYS[1]), "unit", "eo")
    spoilt.find("e:control/e:recordId", E).tag = f"{{{NAMESPACE}}}recordid"

    assert not schemas()[schema].validate(spoilt)


@pytest.mark.parametrize("as_of", [None, *DAYS])
def test_there_is_a_record_of_every_body_and_every_person(as_of: str | None) -> None:
    """Of a day, of the bodies that can have begun by then, and of one that a post of that day names."""
    index = json.loads(files(as_of)["index.json"])
    world = kz_eo().world
    begun = {
        key[1]
        for key, lives in world.of_kind("unit")
        if as_of is None or any((life.s_lo if life.starts else life.s_hi) <= day(as_of) for life in lives)
    }
    timeless = {thing for thing, kind in world.kinds.items() if kind == "unit" and ("unit", thing) not in world.lives}

    named = {"ministry-of-culture-and-information"} if as_of == "2023-09-01" else set()

    assert {*index["bodies"]} == begun | timeless | named
    assert {*index["persons"]} == {thing for thing, kind in world.kinds.items() if kind == "person"}
    assert {*files(as_of)} == {"index.json", *index["bodies"].values(), *index["persons"].values()}


@pytest.mark.parametrize("as_of", [None, *DAYS])
def test_each_record_says_of_which_day_it_is_and_as_known_when(as_of: str | None) -> None:
    """A record that leaves its folder still says what it was made from."""
    head = kz_eo().head
    for kind, thing in (("unit", "eo"), ("person", "nazarbayev-nursultan")):
        read = record(files(as_of), kind, thing)
        said = {
            node.get("localType"): texts(node, "e:term")[0] for node in read.iterfind("e:control/e:localControl", E)
        }

        assert (said["position"], said["hash"], said["rules"]) == (str(head.position), head.hash, "3")
        assert said.get("asOf") == as_of
        assert texts(read, "//e:eventDateTime/@standardDateTime") == [head.recorded]


# --- what a record holds


@pytest.mark.parametrize("as_of", DAYS)
def test_the_bodies_that_stand_on_the_day_have_the_grade_of_the_structure(as_of: str) -> None:
    """And no other body has one."""
    graded = {}
    for thing in json.loads(files(as_of)["index.json"])["bodies"]:
        grades = texts(record(files(as_of), "unit", thing), "//e:localDescription[@localType='grade']/e:term")
        if [grade for grade in grades if grade != "unattested"]:
            graded[thing] = grades[-1]

    assert graded == {name: one["grade"] for name, one in structure(kz_eo().world, day(as_of))["units"].items()}


def test_every_person_has_the_offices_of_their_career() -> None:
    """With the post, and from when until when, as recorded; null is unknown."""
    for person in json.loads(files()["index.json"])["persons"]:
        read = record(files(), "person", person)
        told = [
            (
                *texts(office, "e:descriptiveNote/e:p/e:span[@localType='tenure']"),
                *texts(office, "e:descriptiveNote/e:p/e:span[@localType='post']"),
                office.find("e:dateRange/e:fromDate", E).get("standardDate"),
                office.find("e:dateRange/e:toDate", E).get("standardDate"),
            )
            for office in read.iterfind(".//e:occupation", E)
        ]
        career = person_history(kz_eo().world, "kz-eo", person)["career"]
        assert sorted(map(str, told)) == sorted(
            str((one["tenure"], one["post"], one["since"], one["until"])) for one in career
        )


def test_every_relation_leads_to_a_record_that_leads_back() -> None:
    """Parent and child, earlier and later, body and person: the whole folder holds together."""
    back = {
        "hierarchical-parent": "hierarchical-child",
        "hierarchical-child": "hierarchical-parent",
        "temporal-earlier": "temporal-later",
        "temporal-later": "temporal-earlier",
        "associative": "associative",
    }
    found = set()
    for name, content in files().items():
        if name.endswith(".xml"):
            for relation in etree.fromstring(content).iterfind(".//e:relation", E):
                target = texts(relation, "e:targetEntity/@valueURI")[0].removeprefix("../")
                found.add((name, target, texts(relation, "e:relationType")[0]))

    assert {kind for *_, kind in found} == {*back}
    assert {(target, name, back[kind]) for name, target, kind in found} == found
    assert {target for _, target, _ in found} <= {*files()}


def test_a_name_has_its_languages_and_the_days_of_its_use() -> None:
    """The last one is authorized; the one before is known to have been used until it."""
    names = {"en": "Assay Office", "kk": "Сынама"}
    history = (
        History()
        .on("2001-01-01", unit("assay"))
        .on("2003-05", {"kind": "unit-renamed", "unit": "assay", "name": names})
    )

    read = record(of(history), "unit", "assay")

    entries = read.findall(".//e:nameEntry", E)
    assert [(one.get("languageOfElement"), one.get("status"), texts(one, "e:part")[0]) for one in entries] == [
        ("en", "alternative", "assay"),
        ("en", "authorized", "Assay Office"),
        ("kk", "authorized", "Сынама"),
    ]
    until = {"standardDate": "2003-05", "notBefore": "2003-05-01", "notAfter": "2003-05-31"}
    assert attributes(entries[0], ".//e:toDate") == [until]
    assert attributes(entries[1], ".//e:fromDate") == [until]
    assert attributes(entries[1], ".//e:toDate") == [{"status": "unknown"}]


@pytest.mark.parametrize(("as_of", "name"), [("2003-04-30", "assay"), ("2003-05-01", "Assay Office")])
def test_a_name_is_that_of_the_day_and_its_end_is_never_that_of_the_body(as_of: str, name: str) -> None:
    """On the eve of a renaming the later name is not told; the earlier one still ends with it, not with the office."""
    history = (
        History()
        .on("2001-01-01", unit("assay"))
        .on("2003-05-01", {"kind": "unit-renamed", "unit": "assay", "name": {"en": "Assay Office"}})
        .on("2005-01-01", abolished("assay"))
    )

    read = record(of(history, as_of), "unit", "assay")

    assert texts(read, "//e:nameEntry/e:part")[-1] == name
    assert attributes(read, "//e:nameEntry[1]//e:toDate") == [{"standardDate": "2003-05-01"}]
    assert attributes(read, "//e:existDates//e:toDate") == [{"standardDate": "2005-01-01"}]
    assert texts(read, "//e:event/@localType").count("unit-renamed") == (name != "assay")


def test_two_lives_of_one_id_are_a_set_of_two_spans() -> None:
    """Five years without the office are not bridged."""
    history = (
        History().on("2001-01-01", unit("assay")).on("2005-01-01", abolished("assay")).on("2010-06-01", unit("assay"))
    )

    read = record(of(history), "unit", "assay")

    spans = read.findall(".//e:existDates/e:dateSet/e:dateRange", E)
    assert [[date.get("standardDate") for date in span] for span in spans] == [
        ["2001-01-01", "2005-01-01"],
        ["2010-06-01", None],
    ]


def test_what_is_unknown_is_unknown_with_the_bounds_that_are_known() -> None:
    """An office that a list shows once has neither a first day nor a last one."""
    read = record(
        of(History().on("2003-05-01", {"kind": "unit-attested", "unit": "assay", "name": {"en": "Assay"}})),
        "unit",
        "assay",
    )

    assert attributes(read, "//e:existDates//e:fromDate") == [{"status": "unknown", "notAfter": "2003-05-01"}]
    assert attributes(read, "//e:existDates//e:toDate") == [{"status": "unknown", "notBefore": "2003-05-01"}]


def test_an_end_that_no_source_states_is_implied() -> None:
    """What ends with its parent was not abolished in so many words."""
    read = of(History().on("2001-01-01", unit("assay"), unit("lab", "assay")).on("2005-01-01", abolished("assay")))

    assert attributes(record(read, "unit", "lab"), "//e:existDates//e:toDate") == [
        {"standardDate": "2005-01-01", "certainty": "implied"}
    ]
    assert attributes(record(read, "unit", "assay"), "//e:existDates//e:toDate") == [{"standardDate": "2005-01-01"}]


def test_a_merger_is_told_in_the_records_of_all_that_it_touched() -> None:
    """Who went on in whom, by which decree, and when."""
    merger: dict[str, Any] = {
        "kind": "units-reorganized",
        "form": "merge",
        "before": ["assay", "coinage"],
        "after": [{"unit": "works", "name": {"en": "Works"}, "unit_kind": "department", "parent": "mint"}],
        "links": [],
    }
    read = of(
        History()
        .on("2001-01-01", unit("assay"), unit("coinage"))
        .decree("2004-03-02", merger, by="merger", number="12")
    )

    for name, kind, others in (
        ("works", "temporal-earlier", ["assay", "coinage"]),
        ("assay", "temporal-later", ["works"]),
    ):
        one = record(read, "unit", name)
        related = one.xpath(f"//e:relation[e:relationType='{kind}']", namespaces=E)
        assert [texts(relation, "e:targetEntity/@valueURI")[0] for relation in related] == [
            f"../bodies/{other}.xml" for other in others
        ]
        assert {texts(relation, "e:date/@standardDate")[0] for relation in related} == {"2004-03-02"}
        assert "merger#1" in texts(one, "//e:event/e:span[@localType='event']")
        assert texts(one, "//e:mandate/e:term") == ["decree No. 12 of 2004-03-02"]


def test_a_holder_stands_in_the_records_of_person_and_body() -> None:
    """With the title as role, and the day of the hand-over that of the successor."""
    history = (
        History()
        .on("2001-01-01", post("master"), appointed("ann", "master"))
        .on("2003-01-01", released("ann", "master"), appointed("bob", "master"))
    )

    read = of(history)

    for kind, thing, target in (("person", "ann", "../bodies/mint.xml"), ("unit", "mint", "../persons/ann.xml")):
        (relation,) = record(read, kind, thing).xpath(
            f"//e:relation[e:targetEntity/@valueURI='{target}']", namespaces=E
        )
        assert texts(relation, "e:targetRole") == ["master"]
        assert texts(relation, ".//@standardDate") == ["2001-01-01", "2003-01-01"]


def test_an_office_has_the_title_that_it_had_at_the_end_of_the_tenure() -> None:
    """Who left before it was retitled never bore the later title."""
    history = (
        History()
        .on("2001-01-01", post("master"), appointed("ann", "master"))
        .on("2003-01-01", released("ann", "master"), appointed("bob", "master"))
        .on("2004-01-01", {"kind": "post-retitled", "post": "master", "title": {"en": "Director"}})
    )

    read = of(history)

    for person, title in (("ann", "master"), ("bob", "Director")):
        assert texts(record(read, "person", person), "//e:occupation/e:term") == [title]
        assert texts(record(read, "person", person), "//e:relation/e:targetRole") == [title]


def test_a_name_with_every_sign_of_xml_comes_back_whole() -> None:
    """Brackets, quotes and entities are parts of names, not of the form."""
    name = 'The "Mint" & <script>]]>&amp; \n\t Ә'
    told = unit("assay") | {"name": {"en": name}}

    read = record(of(History().on("2001-01-01", told)), "unit", "assay")

    assert texts(read, "//e:nameEntry/e:part") == [name]


@pytest.mark.parametrize(("address", "link"), [("https://a.example/1", True), ("javascript:alert(1)", False)])
def test_only_the_address_of_a_page_becomes_a_link(address: str, link: bool) -> None:
    """A script is told as the text it is."""
    source = {"kind": "source-registered", "source": "s", "title": {"en": "A list"}, "address": address}
    told = unit("assay") | {"sources": [{"source": "s", "locator": "p. 3"}]}

    read = record(of(History().on("2001-01-01", source | {"effective": None}, told)), "unit", "assay")

    assert texts(read, "//e:source/e:reference/@href") == ([address] if link else [])
    assert texts(read, "//e:source//e:span[@localType='address']") == [address]
    assert texts(read, "//e:chronItem/e:reference") == ["p. 3"]


# --- losses


@pytest.mark.parametrize("as_of", [None, *DAYS])
def test_every_recorded_change_is_told_or_said_to_be_lost(as_of: str | None) -> None:
    """What is missing is found in the log, not in what the writer says of itself."""
    told = {
        event
        for name, content in files(as_of).items()
        if name.endswith(".xml")
        for event in texts(etree.fromstring(content), "//e:span[@localType='event']")
    }
    known = kz_eo().known
    later = {act.target for act in known.acts if as_of is not None and act.lo > day(as_of)}
    recorded = {event.target for _, event in known.rows} - later
    lost = {where for loss in json.loads(files(as_of)["index.json"])["losses"] for where in loss["where"]}
    untold = {
        where
        for loss in json.loads(files(as_of)["index.json"])["losses"]
        for where in loss["where"]
        if loss["what"] == "an act of which no record tells"
    }

    assert recorded - told
    assert recorded - told - lost == set()
    assert untold & told == set()
