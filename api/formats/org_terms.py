"""The words of the linked-data exports: the embedded context, and the few terms that no vocabulary of others has."""

from __future__ import annotations

from uuid import uuid5

from domain.ids import EVENTS
from projections.structure import Answer

TERMS = f"urn:uuid:{uuid5(EVENTS, 'terms/')}#"
"""The namespace of our own terms: the same for every institution, so that one question serves them all."""

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "cv": "http://data.europa.eu/m8g/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

CLASSES = {
    "State": "A span of days in which a life (prov:specializationOf) is told the same on every day.",
    "Relation": "A life of a relation between two units or posts.",
    "Loss": "What the register holds and this export does not.",
}

PROPERTIES = {
    "firstDay": "The first day of a state; none: since before every day that is known.",
    "dayAfter": "The first day that is no longer of a state; none: until after every day that is known.",
    "grade": "How sure a state is: certain, presumed or possible.",
    "contested": "Whether sources disagree in a state.",
    "begins": "The day on which a life begins, as recorded, in EDTF.",
    "ends": "The first day on which a life stands no longer, as recorded or as it follows, in EDTF.",
    "evidence": "The last day on which the record shows a life.",
    "endImplied": "Whether no source states the end of a life: it follows from the act that it names.",
    "standsOnDay": "A life that stands on the day of the export.",
    "shownBy": "An act or a source's list that shows a life, and neither begins nor ends it.",
    "subject": "The unit or post that stands in a relation, or has a function.",
    "object": "That to which it stands in the relation.",
    "order": "The place of a unit among its neighbours.",
    "seats": "How many may hold a post at once.",
    "capacity": "In what capacity a post is held.",
    "vacancy": "How far a post is held on the day of the export: filled, part-filled, vacant or unknown.",
    "ground": "Why a tenure ended, as stated.",
    "provision": "The article of the instrument.",
    "basis": "How the day of an act is known: stated, inferred, or by default that of the instrument.",
    "locator": "The place in a source.",
    "wording": "Words of a source, in short.",
    "certainty": "How far a source is trusted: high, medium or low.",
    "form": "How units were reorganized.",
    "count": "How many units without a name an act abolished.",
    "asOf": "The day of the export.",
    "position": "The position of the register's log at which it is told.",
    "hash": "The hash of the log there, which proves it.",
    "rules": "The number of the rules by which answers are made.",
    "withheld": "How many changes are withheld from every reader.",
    "unattested": "How many things no source shows as early as the day of the export.",
    "loss": "What this export does not hold.",
    "where": "An id of what a loss is of.",
}

_LANGUAGES = {"@container": "@language"}
_DATES = ("firstDay", "dayAfter", "evidence", "asOf")
_EDTF = ("begins", "ends")
_LINKS = ("standsOnDay", "shownBy", "subject", "object", "loss")


def context(register: str) -> Answer:
    """The JSON-LD context of an export of the register whose IRIs begin with *register*; it names nothing to fetch."""
    own: Answer = {name: {"@id": f"rg:{name}"} for name in PROPERTIES}
    for names, kind in ((_DATES, "xsd:date"), (_EDTF, EDTF), (_LINKS, "@id")):
        for name in names:
            own[name]["@type"] = kind
    links = {
        name.partition(":")[2]: {"@id": name, "@type": "@id"}
        for name in (
            *("org:unitOf", "org:subOrganizationOf", "org:postIn", "org:heldBy", "org:role", "org:member"),
            *("org:organization", "org:classification", "org:purpose", "org:memberDuring", "org:linkedTo"),
            *("org:originalOrganization", "org:resultingOrganization", "cv:hasFormalFramework"),
            *("prov:specializationOf", "prov:wasGeneratedBy", "prov:wasInvalidatedBy", "prov:wasInfluencedBy"),
            *("prov:wasDerivedFrom", "prov:used", "prov:qualifiedUsage", "prov:entity", "dcterms:isPartOf"),
            *("time:hasBeginning", "time:hasEnd", "time:hasTime", "skos:inScheme"),
        )
    }
    texts = {
        "prefLabel": {"@id": "skos:prefLabel", **_LANGUAGES},
        "altLabel": {"@id": "skos:altLabel", **_LANGUAGES},
        "name": {"@id": "foaf:name", **_LANGUAGES},
        "title": {"@id": "dcterms:title", **_LANGUAGES},
        "description": {"@id": "dcterms:description", **_LANGUAGES},
        "comment": {"@id": "rdfs:comment", "@language": "en"},
    }
    day = {"inXSDDate": {"@id": "time:inXSDDate", "@type": "xsd:date"}}
    return {"@version": 1.1, "rg": TERMS, "reg": register, **PREFIXES, "EDTF": EDTF, **own, **links, **texts, **day}


def vocabulary() -> list[Answer]:
    """What each of our own terms means, as nodes of the graph."""
    classes = [{"@id": f"rg:{name}", "@type": "rdfs:Class", "comment": said} for name, said in CLASSES.items()]
    return classes + [
        {"@id": f"rg:{name}", "@type": "rdf:Property", "comment": said} for name, said in PROPERTIES.items()
    ]
