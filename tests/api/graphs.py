"""Registers as graphs, read back from what the linked-data exports write."""

from __future__ import annotations

import json
from functools import cache

from rdflib import Graph, Namespace, URIRef

from api.formats.exported import Exported
from api.formats.org import document, register_iri, turtle
from api.formats.org_terms import TERMS
from domain.dates import day
from tests.api.kz_eo import exported, kz_eo
from tests.history import History

RG, CV = Namespace(TERMS), Namespace("http://data.europa.eu/m8g/")
EO, MINT = Namespace(register_iri("kz-eo")), Namespace(register_iri("mint"))

OLD_CLASS = "ignore:ConjunctiveGraph is deprecated"
"""What rdflib's own reader of JSON-LD warns of."""


@cache
def graph(as_of: str | None = None) -> Graph:
    """The graph of kz-eo, read back from Turtle."""
    (content,) = turtle(exported("org-jsonld", as_of)).values()
    return Graph().parse(data=content, format="turtle")


def export(as_of: str | None = None) -> URIRef:
    """What that graph says of itself, it says of this."""
    return EO[f"export/{as_of or 'whole'}/{kz_eo().head.position}"]


def of(history: History, as_of: str | None = None) -> Graph:
    """The graph of a register in the making, read back from JSON-LD."""
    told = Exported(history.view(), "org-jsonld", day(as_of) if as_of else None)
    return Graph().parse(data=json.dumps(document(told)), format="json-ld")
