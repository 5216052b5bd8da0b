"""A register as linked data in W3C ORG and PROV with change events of CPOV: JSON-LD, or the same graph as Turtle.

Each life of a thing is a resource of its own, with the spans of days on which it is told the same. What stands on the
day of the export is told of lives directly, in ORG's own words; without a day, what nothing is known to have ended.
"""

from __future__ import annotations

from uuid import uuid5

import orjson

from api.formats.exported import Exported, Files
from api.formats.losses import Losses
from api.formats.org_acts import Acts
from api.formats.org_lives import Lives
from api.formats.org_losses import lost
from api.formats.org_nodes import Nodes, trimmed
from api.formats.org_terms import PREFIXES, TERMS, context, vocabulary
from domain.ids import EVENTS
from projections.structure import Answer


def json_ld(exported: Exported) -> Files:
    """The graph as one JSON-LD document, its context in it."""
    return {f"{exported.institution}.jsonld": orjson.dumps(document(exported), option=orjson.OPT_INDENT_2)}


def turtle(exported: Exported) -> Files:
    """The same graph as Turtle."""
    from rdflib import Graph  # here, since no other answer needs it
    from rdflib.plugins.parsers.jsonld import to_rdf  # what `parse` calls, but that one warns of a class of its own

    graph = Graph(bind_namespaces="none")
    to_rdf(document(exported), graph)
    for prefix, namespace in {**PREFIXES, "rg": TERMS}.items():
        graph.bind(prefix, namespace, replace=True)
    return {f"{exported.institution}.ttl": graph.serialize(format="turtle", encoding="utf-8")}


def register_iri(institution: str) -> str:
    """What the IRIs of everything in the register of *institution* begin with."""
    return f"urn:uuid:{uuid5(EVENTS, institution)}#"


def document(exported: Exported) -> Answer:
    """The graph in JSON-LD: {@context, @graph}: the export itself, what our terms mean, then everything told."""
    nodes, losses = Nodes(exported), Losses()
    Lives(nodes).tell()
    Acts(nodes).tell()
    lost(exported, nodes.acts.keys(), losses)
    told = [_dataset(nodes, losses), *vocabulary(), *map(trimmed, nodes.by_iri.values())]
    return {"@context": context(register_iri(exported.institution)), "@graph": told}


def _dataset(nodes: Nodes, losses: Losses) -> Answer:
    """What the export says of itself."""
    told, declared = nodes.exported.told, nodes.exported.declared
    known, recorded = told["known_at"], told["known_at"]["recorded"]
    iri = f"reg:export/{told['as_of'] or 'whole'}/{known['position']}"
    lost_here = [
        {
            "@id": f"{iri}/loss/{number}",
            "@type": "rg:Loss",
            "rdfs:label": loss["what"],
            "comment": loss["why"],
            "where": loss["where"],
        }
        for number, loss in enumerate(losses.told, 1)
    ]
    structure = nodes.exported.structure
    return trimmed(
        {
            "@id": iri,
            "@type": ["dcat:Dataset", "prov:Entity"],
            "dcterms:identifier": nodes.exported.institution,
            "title": told["name"],
            "description": declared.notes if declared else None,
            "asOf": told["as_of"],
            "position": known["position"],
            "hash": known["hash"],
            "rules": told["rules"],
            "dcterms:modified": {"@value": recorded, "@type": "xsd:dateTime"} if recorded else None,
            "dcterms:bibliographicCitation": told["text"],
            "dc:source": told["address"],
            "withheld": told["withheld"],
            "unattested": structure["unattested"] if structure else None,
            "standsOnDay": [name for name, life in nodes.told.items() if nodes.now(life)] if structure else None,
            "loss": lost_here,
        }
    )
