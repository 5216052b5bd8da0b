"""Pages of one unit, post, person, instrument, entry or source: its whole history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Response
from markupsafe import Markup

from api.answers import thing_answer
from api.pages.bars import GRADIENTS, axis_of, bars
from api.pages.dates import last_day
from api.pages.drawing import Link, drawn
from api.pages.frame import Page, RegisterPage, citation, in_order
from api.pages.naming import Naming, ids_in
from api.pages.telling import rows, subject_pieces, value_piece
from projections.printed import in_printed_order
from projections.structure import Answer
from projections.tables.reading import Reading

router = APIRouter()


@router.get("/{institution}/units/{unit}")
def unit(page: Page, unit: str) -> Response:
    """A unit in time."""
    return _shown(page, "unit", lambda reading: reading.unit(unit))


@router.get("/{institution}/posts/{post}")
def post(page: Page, post: str) -> Response:
    """A post in time, with its holders."""
    return _shown(page, "post", lambda reading: reading.post(post))


@router.get("/{institution}/persons/{person}")
def person(page: Page, person: str) -> Response:
    """A person's career."""
    return _shown(page, "person", lambda reading: reading.person(person))


@router.get("/{institution}/instruments/{instrument}")
def instrument(page: Page, instrument: str) -> Response:
    """A decree with everything it did."""
    return _shown(page, "instrument", lambda reading: reading.instrument(instrument))


@router.get("/{institution}/entries/{entry}")
def entry(page: Page, entry: str) -> Response:
    """An entry with its changes as written and as they read now."""
    return _shown(page, "entry", lambda reading: reading.entry(entry))


def _shown(page: RegisterPage, kind: str, ask: Callable[[Reading], Answer]) -> Response:
    def make(reading: Reading) -> Mapping[str, Any]:
        answer = thing_answer(page.question.institution, page.question.head, ask(reading))
        return thing_context(page, reading, kind, answer)

    return page.show("thing.html", make)


def thing_context(page: RegisterPage, reading: Reading, kind: str, answer: Answer) -> dict[str, Any]:
    """What the page of one thing tells."""
    naming = Naming()
    naming.learn(reading, ids_in(answer))
    naming.cite(reading, answer)
    held = answer["career"] if "career" in answer else list(answer.get("holders", {}).values())
    vacant = [span for row in answer.get("occupancy", ()) for span in row["vacant"]]
    axis = axis_of(held, vacant)
    told = spans(answer.get("states", ()), page)
    lineage = answer.get("lineage")
    posts = answer["posts"] if kind == "unit" else []
    return {
        "naming": naming,
        "kind": kind,
        "answer": answer,
        "names": answer.get("name") or answer.get("title"),
        "spans": told,
        "disputes": [{**row, "of": subject_pieces(row["subject"], page.texts)} for row in answer.get("disputes", ())],
        "taught": rows(answer["learned"]["changes"], page.texts, learned=True) if "learned" in answer else [],
        "altered": rows(answer.get("altered", ()), page.texts, learned=True),
        "held": held,
        "axis": axis,
        "gradients": GRADIENTS,
        "bars": bars(held, vacant, axis) if axis else [(tenure, None, []) for tenure in held],
        "apart": [row for row in answer.get("occupancy", ()) if row["kind"] != "held"],
        "relations": [
            (relation, span)
            for relation in answer.get("relations", {}).values()
            for span in spans(relation["states"], page)
        ],
        "functions": [
            (function, span)
            for function in answer.get("functions", {}).values()
            for span in spans(function["states"], page)
        ],
        "effects": acts(answer.get("effects", ()), page),
        "touches": acts(answer.get("touched_by", ()), page),
        "lineage": lineage,
        "hung": {"posts": in_printed_order(posts, reading.printed(posts)), "units": answer.get("units", ())},
        "drawing": _drawing(lineage, answer["id"], page) if lineage else None,
        "day": _day(answer, kind, told),
        "cited": citation(answer),
    }


def _day(answer: Answer, kind: str, found: list[dict[str, Any]]) -> str | None:
    """The day of which a reader of this page may want the structure: of an act that on which it took effect."""
    if kind not in ("instrument", "entry"):
        return found[-1]["from"] if found else None
    acts = [*answer["effects"], *answer.get("changes", ())]
    return max((last_day(row["effective"]) or "" for row in acts if row["effective"]), default=None)


def spans(states: Iterable[Answer], page: RegisterPage) -> list[dict[str, Any]]:
    """States as spans: those that differ in their grade alone are one."""
    made = []
    runs = groupby(states, key=lambda state: (state.get("life", 0), state["value"], state["cause"]))
    for (_, value, cause), run in runs:
        same = list(run)
        made.append(
            {
                "from": same[0]["from"],
                "until": same[-1]["until"],
                "grades": [grade for grade, _ in groupby(state["grade"] for state in same)],
                "contested": any(state.get("contested") for state in same),
                "pieces": [
                    (name, value_piece(name, said, page.texts)) for name, said in value.items() if said is not None
                ],
                "cause": cause,
            }
        )
    return made


def acts(rows: Iterable[Answer], page: RegisterPage) -> list[Answer]:
    """Effects with what they are of, and what became of each fact that has something to tell."""
    return [
        {
            **row,
            "of": subject_pieces(row["subject"], page.texts),
            "believed": all(done["believed"] for done in row["did"].values()),
            "outcomes": [
                outcome
                for done in row["did"].values()
                for fact, said in done["facts"].items()
                if (outcome := _outcome(fact, said, page))
            ],
        }
        for row in rows
    ]


def _outcome(fact: str, said: Answer, page: RegisterPage) -> Answer | None:
    """What became of a fact: nothing to tell, where it is new and stands."""
    if said["before"] is None and said["undone"] is None:
        return None
    before, value = (
        value_piece(fact, said[side], page.texts) if said[side] is not None else None for side in ("before", "value")
    )
    plain = fact in ("began", "ended", "shown", "issued")
    return {**said, "fact": fact, "before": before, "value": value, "attribute": not plain}


def _drawing(lineage: Answer, unit: str, page: RegisterPage) -> Markup | None:
    """The lives of a unit and those before and after it, as a graph."""
    nodes = {
        name: f"{_called(life['name'], life['unit'], page)} {_years(life)}" for name, life in lineage["lives"].items()
    }
    links = [
        Link(row["from"], row["to"], _year(row["effective"]), row["share"] == "part" or row["grade"] == "possible")
        for row in lineage["links"]
    ]
    svg = drawn(nodes, links, {name for name, life in lineage["lives"].items() if life["unit"] == unit})
    return Markup(svg) if svg else None  # noqa: S704  # made by dot, which escapes the names it is given


def _years(life: Answer) -> str:
    return f"{_year(life['since'])}–{_year(life['until'])}" if life["since"] or life["until"] else ""


def _year(edtf: str | None) -> str:
    """The last year that a date can be in."""
    return (last_day(edtf) or edtf)[:4] if edtf else ""


def _called(names: Mapping[str, str] | None, thing: str, page: RegisterPage) -> str:
    return in_order(names, page.lang or page.texts.language)[0][1] if names else thing
