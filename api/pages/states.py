"""Pages of what stood on a day, of what changed between two, and of what was learned of one."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Response

from api.answers import diff_answer, learned_answer, structure_answer
from api.pages.frame import HEADERS, HTML, Page, RegisterPage, citation, known_words
from api.pages.naming import Naming, ids_in
from api.pages.telling import grouped, rows
from api.pages.trees import crowded, forest, grades_of
from api.problems import parameter_fault
from api.routes.states import AsOf, Lowest, Span
from domain.changes import CONTROLS, IdentitiesUnified
from domain.dates import Day
from domain.things import targets_of
from projections.learned import reason_of
from projections.periods import Period
from projections.structure import Answer
from projections.tables.reading import Reading

router = APIRouter()


@router.get("/{institution}/structure")
def structure(page: Page, as_of: AsOf, grade: Lowest = "possible") -> Response:
    """What stood at the end of a day, as a nested list."""
    asked = page.question

    def make(reading: Reading) -> Answer:
        answer: Answer = orjson.loads(structure_answer(reading, asked.head, as_of, grade))
        return {
            **structure_context(reading, answer, as_of),
            "years": asked.readings.years(asked.institution, asked.head),
            "lowest": grade,
        }

    return page.show("structure.html", make, dated=True)


def structure_context(reading: Reading, answer: Answer, as_of: Day) -> dict[str, Any]:
    """What the page of a structure tells: the tree, what stands beside it, how sure it is, where to go next."""
    naming = Naming()
    naming.know("unit", answer["units"])
    naming.know("post", answer["posts"], "title")
    naming.learn(reading, ids_in(_other_things(answer)), as_of)
    naming.cite(reading, answer)
    steps = reading.steps(as_of)
    return {
        "naming": naming,
        "answer": answer,
        "as_of": answer["as_of"],
        "forest": forest(answer, reading.printed(crowded(answer))),
        "relations": _by(answer["relations"], "relation", "object"),
        "functions": _by(answer["functions"], "holder"),
        "grades": grades_of(answer),
        "holders": sum(len(post["holders"]) for post in answer["posts"].values()),
        "steps": steps,
        "cited": citation(answer),
    }


def _other_things(answer: Answer) -> list[str]:
    """The things that a structure names and does not show."""
    named = [held["person"] for post in answer["posts"].values() for held in post["holders"].values()]
    named += [said["parent"] for said in answer["units"].values() if said["parent"]]
    named += [relation[end] for relation in answer["relations"].values() for end in ("subject", "object")]
    named += [said["holder"] for said in answer["functions"].values()]
    return named + [said["subject"] for said in answer["quantities"].values()]


def _by(facts: Answer, *names: str) -> list[tuple[Answer, list[Answer]]]:
    """Facts that have *names* in common, the first of each with all of them; the many first."""
    found: dict[tuple[str, ...], list[Answer]] = {}
    for said in facts.values():
        found.setdefault(tuple(said[name] for name in names), []).append(said)
    return [(some[0], some) for some in sorted(found.values(), key=lambda some: -len(some))]


@router.get("/{institution}/diff")
def diff(page: Page, span: Annotated[Span, Depends()], form: str = "list") -> Response:
    """What changed after one day up to another, or in a period; or what was learned of one day."""
    if form not in ("list", "side"):
        raise parameter_fault("form", "it is list or side")
    if span.of_knowledge:
        return _learned(page, span)
    span.check()

    def make(reading: Reading) -> Answer:
        return {**diff_context(page, reading, *span.between(reading)), "form": form}

    return page.show("diff.html", make, dated=True)


def diff_context(page: RegisterPage, reading: Reading, start: Day, end: Day, during: Period | None) -> dict[str, Any]:
    """What the page of a difference tells."""
    answer = diff_answer(reading, page.question.head, start, end, during)
    made = rows(answer["changes"], page.texts)
    return {
        "naming": _named(reading, answer, end, start),
        "answer": answer,
        "rows": made,
        "groups": grouped(made),
        "links": [(then, now) for then, now in answer["links"] if then != now],
        "cited": citation(answer),
    }


def _named(reading: Reading, answer: Answer, *days: Day) -> Naming:
    naming = Naming()
    naming.learn(reading, ids_in([answer["changes"], answer["links"]]), *days)
    naming.cite(reading, answer)
    return naming


def _learned(page: RegisterPage, span: Span) -> Response:
    as_of, earlier, later = span.learned(page.question)

    def make(reading: Reading) -> bytes:
        answer = learned_answer(reading, later.head, earlier, as_of)
        made = rows(answer["changes"], page.texts, learned=True)
        naming = _named(reading, answer, as_of)
        naming.recall(answer["changes"])
        context = {
            "naming": naming,
            "answer": answer,
            "rows": made,
            "groups": grouped(made),
            "corrections": corrections(reading, earlier.position),
            "known_from": known_words(earlier.position, earlier.recorded, page.texts),
            "known": (known := known_words(later.head.position, later.head.recorded, page.texts)),
            "known_to": known,
            "cited": citation(answer),
        }
        return page.page("learned.html", context)

    return later.answer(
        make, media_type=HTML, dated=True, lasting=False, headers=HEADERS, state="\n".join([page.state, earlier.hash])
    )


MOST_READ = 5_000
"""How many recorded facts are looked through for corrections at most."""


def corrections(reading: Reading, after: int) -> list[Answer]:
    """What was corrected, annulled or preferred after the position *after*: {entry, kind, targets, reason}."""
    until = reading.position
    rows = reading.archive.events(range(max(after, until - MOST_READ) + 1, until + 1))
    found = []
    for _, event in sorted(rows.items()):
        if not isinstance(event.change, CONTROLS) or event.target in reading.redacted:
            continue
        ids = event.change.ids if isinstance(event.change, IdentitiesUnified) else targets_of(event.change)
        reason = reason_of(event.change)
        found.append({"entry": event.entry, "kind": event.kind, "targets": ids, "reason": reason})
    return found
