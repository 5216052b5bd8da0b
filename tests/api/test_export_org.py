"""The linked-data exports: one graph in two forms, conforming to CPOV, with each life by itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pyshacl import validate
from rdflib import DCTERMS, FOAF, ORG, PROV, RDF, SKOS, TIME, XSD, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from api.formats.org import document, json_ld
from api.formats.org_terms import CLASSES, EDTF, PROPERTIES, TERMS
from domain.dates import day
from domain.lives import Life
from projections.structure import structure
from tests.api.graphs import CV, EO, MINT, OLD_CLASS, RG, export, graph, of
from tests.api.kz_eo import DAYS, exported, kz_eo
from tests.history import History, abolished, appointed, post, released, unit
from tests.requirements import standards

pytestmark = pytest.mark.filterwarnings(OLD_CLASS)


# --- the forms


@pytest.mark.parametrize("as_of", [None, *DAYS])
def test_both_forms_are_one_graph(as_of: str | None) -> None:
    """Who takes the one rather than the other misses nothing."""
    (content,) = json_ld(exported("org-jsonld", as_of)).values()

    read = Graph().parse(data=content, format="json-ld")

    assert isomorphic(read, graph(as_of))


def test_nothing_is_fetched_to_read_it() -> None:
    """A context elsewhere would be a door into the reader's network, and gone in ten years."""
    context = document(exported("org-jsonld", DAYS[0]))["@context"]

    assert isinstance(context, dict)
    assert "@import" not in json.dumps(context)


def test_every_own_term_is_used_and_explained() -> None:
    """A reader without this program knows what they mean."""
    everywhere = [graph(as_of) for as_of in (None, *DAYS)]
    used = {str(p) for one in everywhere for p in one.predicates()} | {
        str(kind) for one in everywhere for kind in one.objects(None, RDF.type)
    }

    assert {term.removeprefix(TERMS) for term in used if term.startswith(TERMS)} == {*CLASSES, *PROPERTIES}


@pytest.mark.parametrize("as_of", [None, *DAYS])
def test_it_says_of_itself_of_which_day_it_is_and_as_known_when(as_of: str | None) -> None:
    """Two exports that differ must not look alike."""
    head = kz_eo().head
    said = {str(p).removeprefix(TERMS): str(o) for p, o in graph(as_of).predicate_objects(export(as_of))}

    assert (said["position"], said["hash"], said["rules"]) == (str(head.position), head.hash, "3")
    assert said.get("asOf") == as_of


# --- counts


@pytest.mark.parametrize("as_of", DAYS)
def test_as_many_things_stand_as_in_the_structure(as_of: str) -> None:
    """And each post is held as far as the structure says."""
    told = structure(kz_eo().world, day(as_of))
    standing = [str(life).removeprefix(str(EO)) for life in graph(as_of).objects(export(as_of), RG.standsOnDay)]
    kinds = [life.partition("/")[0] for life in standing]

    assert {kind: kinds.count(kind) for kind in ("unit", "post", "relation", "function", "tenure")} == {
        "unit": len(told["units"]),
        "post": len(told["posts"]),
        "relation": len(told["relations"]),
        "function": len(told["functions"]),
        "tenure": sum(len(one["holders"]) for one in told["posts"].values()),
    }
    held = {str(post): str(vacancy) for post, vacancy in graph(as_of).subject_objects(RG.vacancy)}
    assert {post.removeprefix(str(EO)).split("/")[1]: vacancy for post, vacancy in held.items()} == {
        name: one["vacancy"] for name, one in told["posts"].items()
    }


def test_the_whole_history_has_every_life_of_the_register() -> None:
    """Every life of every kind, each by itself though ids come back, and every person."""
    kinds = {"unit": ORG.Organization, "post": ORG.Post, "tenure": ORG.Membership, "relation": RG.Relation}
    for kind, of_class in kinds.items():
        told = set(graph().subjects(RDF.type, of_class))
        assert told == {iri(life) for _, lives in kz_eo().world.of_kind(kind) for life in lives}
    people = [thing for thing, kind in kz_eo().world.kinds.items() if kind == "person"]
    assert set(graph().subjects(RDF.type, FOAF.Person)) == {EO[f"person/{thing}"] for thing in people}


def iri(life: Life) -> URIRef:
    """What a life is called in the graph of kz-eo."""
    return EO[f"{'/'.join(life.key)}/{life.number}"]


# --- lives, days and acts


def mint() -> History:
    """A mint whose assay office is renamed, abolished, and founded again."""
    return (
        History()
        .on("2001-01-01", unit("assay"), by="founded")
        .on("2003-05-01", {"kind": "unit-renamed", "unit": "assay", "name": {"en": "Assay Office"}}, by="renamed")
        .on("2005-01-01", abolished("assay"), by="ended")
        .on("2010-06-01", unit("assay"), by="again")
    )


def test_an_id_that_came_back_is_two_organizations() -> None:
    """A historian who joins by the id alone would bridge five years without an assay office."""
    read = of(mint())
    first, second = MINT["unit/assay/0"], MINT["unit/assay/1"]

    assert set(read.subjects(PROV.specializationOf, MINT["unit/assay"])) == {first, second}
    assert read.value(first, PROV.wasInvalidatedBy) == MINT["act/ended/1"]
    assert read.value(second, PROV.wasGeneratedBy) == MINT["act/again/1"]
    assert (second, PROV.wasInvalidatedBy, None) not in read


def test_a_later_life_changes_no_name_of_an_earlier_one() -> None:
    """Links to what was exported last year still lead where they led."""
    before, after = of(History().on("2001-01-01", unit("assay"), by="founded")), of(mint())

    names = {one for one in before.subjects(RDF.type, ORG.Organization) if "/assay/" in str(one)}
    assert names == {MINT["unit/assay/0"]}
    assert after.value(MINT["unit/assay/0"], PROV.wasGeneratedBy) == MINT["act/founded/1"]


@pytest.mark.parametrize(("as_of", "name"), [("2003-04-30", "assay"), ("2003-05-01", "Assay Office")])
def test_a_name_is_that_of_the_day(as_of: str, name: str) -> None:
    """On the eve of a renaming the export of the day knows neither the name nor the act; on the first day both."""
    read = of(mint(), as_of)

    assert read.value(MINT["unit/assay/0"], SKOS.prefLabel) == Literal(name, lang="en")
    assert ((MINT["act/renamed/1"], None, None) in read) == (name != "assay")
    assert (MINT["unit/assay/1"], None, None) not in read
    assert read.value(MINT["unit/assay/0"], PROV.wasInvalidatedBy) == MINT["act/ended/1"]


@pytest.mark.parametrize(
    ("effective", "days"),
    [("2001-02-03", ["2001-02-03"]), ("2001-02", []), ("2001-02-03~", []), ("../2001-02-03", [])],
)
def test_a_day_of_the_calendar_is_told_only_where_it_is_exactly_that(effective: str, days: list[str]) -> None:
    """A month made a day is a false day; as recorded it stands in EDTF."""
    read = of(History().on(effective, unit("assay")))
    time = MINT["unit/assay/0/time"]

    assert [str(d) for i in read.objects(time, TIME.hasBeginning) for d in read.objects(i, TIME.inXSDDate)] == days
    assert read.value(time, RG.begins) == Literal(effective, datatype=URIRef(EDTF))


@pytest.mark.parametrize(("as_of", "holder"), [("2002-12-31", "ann"), ("2003-01-01", "bob")])
def test_the_day_of_a_hand_over_belongs_to_the_successor(as_of: str, holder: str) -> None:
    """Who holds the post on the day is told of the post; the tenure that is over ends that day."""
    history = (
        History()
        .on("2001-01-01", post("master"), appointed("ann", "master"))
        .on("2003-01-01", released("ann", "master"), appointed("bob", "master"))
    )

    read = of(history, as_of)

    assert list(read.objects(MINT["post/master/0"], ORG.heldBy)) == [MINT[f"person/{holder}"]]
    end = read.value(MINT["tenure/ann/master/0/time"], TIME.hasEnd)
    assert read.value(end, TIME.inXSDDate) == Literal("2003-01-01", datatype=XSD.date)
    assert read.value(MINT["tenure/ann/master/0"], ORG.role) == MINT["post/master"]
    assert read.value(MINT["tenure/ann/master/0"], ORG.organization) == MINT["unit/mint/0"]


def test_a_merger_is_one_change_event_of_all_that_it_touched() -> None:
    """CPOV's event, with the decree as its framework, and who came of whom."""
    merger: dict[str, Any] = {
        "kind": "units-reorganized",
        "form": "merge",
        "before": ["assay", "coinage"],
        "after": [{"unit": "works", "name": {"en": "Works"}, "unit_kind": "department", "parent": "mint"}],
        "links": [],
    }
    read = of(History().on("2001-01-01", unit("assay"), unit("coinage")).decree("2004-03-02", merger, by="merger"))
    event = MINT["act/merger/1"]

    assert (event, RDF.type, ORG.ChangeEvent) in read
    assert set(read.objects(event, ORG.originalOrganization)) == {MINT["unit/assay/0"], MINT["unit/coinage/0"]}
    assert set(read.objects(event, ORG.resultingOrganization)) == {MINT["unit/works/0"]}
    assert read.value(event, CV.hasFormalFramework) == MINT["instrument/merger"]
    assert read.value(event, DCTERMS.date) == Literal("2004-03-02", datatype=XSD.date)
    assert {MINT["unit/assay/0"], MINT["unit/coinage/0"]} <= set(
        read.objects(MINT["unit/works/0"], PROV.wasDerivedFrom)
    )


def test_an_end_that_no_source_states_says_so() -> None:
    """What ends with its parent was not abolished in so many words."""
    read = of(History().on("2001-01-01", unit("assay"), unit("lab", "assay")).on("2005-01-01", abolished("assay")))

    assert read.value(MINT["unit/lab/0"], RG.endImplied) == Literal(True)
    assert read.value(MINT["unit/assay/0"], RG.endImplied) == Literal(False)


def test_a_name_with_every_sign_of_both_forms_comes_back_whole() -> None:
    """Quotes, brackets and line ends are parts of names, not of the form."""
    name = 'The "Mint" \\ <script>{@id}\n"""; \t Ә'
    told = unit("assay") | {"name": {"en": name, "kk-Cyrl": name}}

    read = of(History().on("2001-01-01", told))

    labels = set(read.objects(MINT["unit/assay/0"], SKOS.prefLabel))
    assert {str(label) for label in labels} == {name}
    assert len(labels) == 2


# --- the shapes of CPOV


@pytest.mark.needs("standards")
@pytest.mark.parametrize("as_of", [None, *DAYS])
def test_it_conforms_to_the_shapes_of_cpov(as_of: str | None) -> None:
    """Other people's validator says so, offline."""
    conforms, _, report = validate(graph(as_of), shacl_graph=shapes(), inference="none")

    assert conforms, report


@pytest.mark.needs("standards")
def test_the_shapes_see_what_is_amiss() -> None:
    """A check that cannot fail proves nothing."""
    spoilt = Graph()
    for triple in graph(DAYS[1]):
        if triple[2] != CV.PublicOrganisation:
            spoilt.add(triple)

    conforms, _, _ = validate(spoilt, shacl_graph=shapes(), inference="none")

    assert not conforms


def shapes() -> Graph:
    """CPOV's."""
    folder = standards()
    assert folder is not None
    return Graph().parse(folder / "cpov" / "core-public-organisation-ap-SHACL.ttl")


# --- losses


@pytest.mark.parametrize("as_of", [None, *DAYS])
def test_every_recorded_change_is_told_or_said_to_be_lost(as_of: str | None) -> None:
    """What is missing is found in the log, not in what the writer says of itself."""
    read = graph(as_of)
    told = {
        str(name) for act in read.subjects(RDF.type, PROV.Activity) for name in read.objects(act, DCTERMS.identifier)
    }
    known = kz_eo().known
    later = {act.target for act in known.acts if as_of is not None and act.lo > day(as_of)}
    recorded = {event.target for _, event in known.rows} - later
    lost = {str(where) for loss in read.subjects(RDF.type, RG.Loss) for where in read.objects(loss, RG.where)}

    assert recorded - told
    assert recorded - told - lost == set()
    changes = {where for where in lost if "#" in where}
    assert {where for where in changes & told if where not in partly_lost(read)} == set()


def partly_lost(read: Graph) -> set[str]:
    """The changes that are told, and of which a part is said to be lost."""
    parts = (
        "the order of a list, and whether it is whole",
        "the place of an event, and what was studied",
        "attributes of a tenure",
        "a rival claim",
        "what of a unit passed",
        "a change as it read before its correction",
    )
    losses = (loss for part in parts for loss in read.subjects(predicate=None, object=Literal(part)))
    return {str(where) for loss in losses for where in read.objects(loss, RG.where)}
