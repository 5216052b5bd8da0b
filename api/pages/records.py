"""Pages of what the rules find, of names in any script, and of the sources with what rests on them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.answers import findings_answer, search_answer
from api.citing import citation as cited_as
from api.pages.frame import Page, citation
from api.pages.naming import Naming, ids_in
from api.pages.telling import subject_pieces
from api.problems import parameter_fault
from api.routes.asking import During
from api.routes.names import FOUND, Limit
from domain.dates import Day as Ordinal
from domain.dates import NotADay, day
from domain.recording import View
from projections.search import NothingToSearch, Wanted
from projections.sources import sources
from projections.structure import Answer
from projections.tables.reading import Reading

router = APIRouter()


@router.get("/{institution}/findings")
def findings(page: Page, during: During = None) -> Response:
    """What is odd in the record, under each rule: both sides of what is disputed, and the rule that chose."""

    def make(view: View, reading: Reading) -> dict[str, Any]:
        answer = findings_answer(view, during)
        naming = Naming()
        naming.learn(reading, ids_in(answer["findings"]))
        naming.cite(reading, answer)
        rules: dict[str, list[Answer]] = {}
        for row in answer["findings"]:
            rules.setdefault(row["rule"], []).append({**row, "of": subject_pieces(row["subject"], page.texts)})
        return {
            "naming": naming,
            "answer": answer,
            "rules": sorted(rules.items()),
            "periods": reading.periods(),
            "cited": citation(answer),
        }

    return page.folded("findings.html", make)


@router.get("/{institution}/sources")
def all_sources(page: Page) -> Response:
    """Every source, with the number of facts that rest on it."""

    def make(view: View, reading: Reading) -> dict[str, Any]:
        found = sources(view.known)
        cited = {"citation": cited_as(view.institution, view.head, "sources")}
        return {
            "found": sorted(found.items(), key=lambda item: -item[1]["facts"]),
            "cited": {**citation(cited), "json": None},
        }

    return page.folded("sources.html", make)


@router.get("/{institution}/sources/{source}")
def source(page: Page, source: str) -> Response:
    """A source with every fact that rests on it."""

    def make(reading: Reading) -> dict[str, Any]:
        answer = reading.source(source)
        naming = Naming()
        naming.learn(reading, ids_in([row["subject"] for row in answer["facts"]]))
        facts = [{**row, "of": subject_pieces(row["subject"], page.texts)} for row in answer["facts"]]
        cited = {"citation": cited_as(page.question.institution, page.question.head, f"sources/{source}")}
        return {"naming": naming, "answer": answer, "facts": facts, "cited": {**citation(cited), "json": None}}

    return page.show("source.html", make)


Sought = Annotated[str, Query(max_length=400, description="A name or parts of it.")]
Day = Annotated[str, Query(description="What stood that day and was called so then.")]
KindOrAny = Annotated[str, Query(pattern="^(unit|post|person|instrument|)$")]


@router.get("/{institution}/search")
def search(page: Page, q: Sought = "", as_of: Day = "", kind: KindOrAny = "", limit: Limit = FOUND) -> Response:
    """Who and what is called so, in any script; the form holds what was asked."""
    on = _day(as_of)
    try:
        wanted = Wanted(q) if q.strip() else None
    except NothingToSearch:
        wanted = None

    def make(reading: Reading) -> dict[str, Any]:
        answer = search_answer(reading, page.question.head, wanted, on, kind or None, limit) if wanted else None
        asked = {"q": q, "on": as_of, "kind": kind, "short": bool(q.strip()) and wanted is None}
        return {"answer": answer, "cited": citation(answer) if answer else None, **asked}

    return page.show("search.html", make)


def _day(text: str) -> Ordinal | None:
    """The day that *text* names; None, where it is empty. Raises: RequestValidationError."""
    try:
        return day(text) if text else None
    except NotADay as refusal:
        raise parameter_fault("as_of", str(refusal)) from None
