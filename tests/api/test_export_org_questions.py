"""What docs/formats.md asks of the graph in SPARQL is answered as the register answers it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from rdflib import DCTERMS, PROV, RDF, SKOS, Graph, URIRef

from domain.dates import day
from projections.diff import diff
from projections.histories import instrument_history
from projections.structure import structure
from tests.api.graphs import EO, RG, graph
from tests.api.kz_eo import DAYS, kz_eo

FORMATS = Path(__file__).parents[2] / "docs" / "formats.md"
WHO_HELD, WHAT_CHANGED, BY_WHICH_ACT = re.findall(r"```sparql\n(.*?)```", FORMATS.read_text("utf-8"), re.DOTALL)

TURNS = ("2023-08-31", "2023-09-01", "2023-09-02", "2024-02-04", "2024-02-05", "2024-02-06")
"""Eve and first day of the reorganization, and of the hand-over of government and Office."""


def asked(query: str, in_graph: Graph, **said: str) -> list[dict[str, Any]]:
    """The rows of a query, with the days that it *said* replaced by others."""
    new = {old.strip("_").replace("_", "-"): text for old, text in said.items()}
    assert all(old in query for old in new)
    query = re.sub("|".join(new), lambda found: new[found[0]], query) if new else query
    rows: Sequence[Mapping[Any, Any]] = in_graph.query(query).bindings
    return [{str(name): value.toPython() for name, value in row.items()} for row in rows]


@pytest.mark.parametrize("as_of", [*TURNS, *DAYS, "1990-04-24"])
def test_who_held_which_post_on_a_day_is_what_the_structure_says(as_of: str) -> None:
    """With grade, capacity and dispute, on eve and first day."""
    names = ("post", "person", "tenure", "capacity", "grade", "contested")

    rows = asked(WHO_HELD, graph(), _2023_09_01=as_of)

    told = structure(kz_eo().world, day(as_of))
    assert rows
    assert sorted(str([row.get(name) for name in names]) for row in rows) == sorted(
        str([name, held["person"], tenure, held["capacity"], held["grade"], held["contested"]])
        for name, shown in told["posts"].items()
        for tenure, held in shown["holders"].items()
    )


@pytest.mark.parametrize("as_of", [*TURNS, *DAYS])
def test_which_units_stood_on_a_day_is_what_the_structure_says(as_of: str) -> None:
    """With name, kind, parent and grade."""
    found = {}
    for state in graph().subjects(RDF.type, RG.State):
        first, after = graph().value(state, RG.firstDay), graph().value(state, RG.dayAfter)
        kind, thing, *_ = str(graph().value(state, PROV.specializationOf)).removeprefix(str(EO)).split("/")
        if kind == "unit" and (first is None or str(first) <= as_of) and (after is None or as_of < str(after)):
            parent, code = graph().value(state, DCTERMS.isPartOf), graph().value(state, DCTERMS.type)
            found[thing] = (
                {label.language: str(label) for label in graph().objects(state, SKOS.prefLabel)} or None,  # type: ignore[attr-defined]  # they are literals
                None if code is None else str(code),
                None if parent is None else str(parent).removeprefix(f"{EO}unit/"),
                str(graph().value(state, RG.grade)),
            )

    told = structure(kz_eo().world, day(as_of))["units"]
    assert found == {name: (one["name"], one["kind"], one["parent"], one["grade"]) for name, one in told.items()}


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2023-08-31", "2023-09-01"),
        ("2023-09-01", "2023-09-02"),
        ("2024-02-04", "2024-02-05"),
        ("2024-02-05", "2024-02-07"),
        ("1995-01-01", "2026-03-01"),
    ],
)
def test_what_changed_between_two_days_is_what_the_difference_says(start: str, end: str) -> None:
    """Every beginning, end and change of a value, each by the act that the difference names."""
    rows = asked(WHAT_CHANGED, graph(), _2023_08_31=start, _2023_09_01=end)

    found: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        if row["how"] != "altered" or values(row["before"]) != values(row["after"]):  # else it is regraded alone
            thing = str(row["life"]).removeprefix(str(EO)).rpartition("/")[0]
            found.setdefault((row["how"], thing), set()).update({row["act"]} if "act" in row else ())
    told = told_by(diff(kz_eo().world, day(start), day(end))["changes"])
    assert {*found} == {*told}
    assert {change: acts for change, acts in told.items() if not acts <= found[change]} == {}


def values(state: str) -> set[Any]:
    """What a state says but for how sure it is, when, and since when."""
    beside = (RG.grade, RG.contested, RG.firstDay, RG.dayAfter, PROV.wasInfluencedBy)
    return {(p, o) for p, o in graph().predicate_objects(URIRef(state)) if p not in beside}


def told_by(changes: list[dict[str, Any]]) -> dict[tuple[str, str], set[str]]:
    """Each beginning, end and change of a value that rows of a difference tell, with the act if a single one did it."""
    told: dict[tuple[str, str], set[str]] = {}
    for row in changes:
        if row["kind"] in ("unnamed-units-abolished", "quantity-observed"):
            continue
        one_act = row["kind"] not in ("transferred", "holder-changed") and not row["kind"].endswith("-attested")
        for part in parts(row):
            told.setdefault(part, set()).update({row["cause"]["event"]} if one_act else ())
    return told


def parts(row: dict[str, Any]) -> list[tuple[str, str]]:
    """What a row tells, thing by thing: how each was changed, and its name."""
    subject, before, after = row["subject"], row["before"], row["after"]
    if "units" in subject:
        return [(how(before.get(unit), after.get(unit)), f"unit/{unit}") for unit in {*before, *after}]
    if row["kind"] in ("transferred", "holder-changed"):
        return [("ended", tenure(before)), ("began", tenure(after))]
    if "tenure" in subject:
        return [(how(before, after), tenure(subject))]
    if "relation" in subject:
        return [(how(before, after), "relation/" + subject["relation"].replace("|", "/"))]
    if "function" in subject:
        holders = [("ended", before)] if before else []
        holders += [("began", after)] if after else []
        return [(one, f"function/{held['holder']}/{subject['function']}") for one, held in holders]
    ((kind, thing),) = subject.items()
    return [(how(before, after), f"{kind}/{thing}")]


def how(before: object, after: object) -> str:
    """Whether it began, ended, or was altered."""
    return "began" if before is None else "ended" if after is None else "altered"


def tenure(told: dict[str, str]) -> str:
    """The name of a tenure, whichever of several."""
    return f"tenure/{told['person']}/{told['post']}"


def test_what_every_instrument_did_is_what_its_history_says() -> None:
    """What began, ended and changed by it, implied ends too; of all of them at once."""
    of_one = '  VALUES ?name { "2023-09-01-decree-reorganization" }\n'
    assert of_one in BY_WHICH_ACT
    found: dict[str, set[tuple[str, str]]] = {name: set() for name in kz_eo().world.instruments}
    for row in asked(BY_WHICH_ACT.replace(of_one, ""), graph()):
        found[row["name"]].add((row["did"], str(row["life"]).removeprefix(str(EO)).removeprefix("instrument/")))

    for instrument, did in found.items():
        effects = instrument_history(kz_eo().world, "kz-eo", instrument)["effects"]
        done = [one for effect in effects for one in effect["did"].values()]
        told = {(deed, life(one)) for one in done for deed in deeds(one["facts"])}
        assert did == {one for one in told if one[1]}, instrument
    assert len(asked(BY_WHICH_ACT, graph())) == len(found["2023-09-01-decree-reorganization"])


def deeds(facts: dict[str, Any]) -> set[str]:
    """Began, ended or changed; a beginning gives values too, and what only shows a thing changes nothing."""
    said = {"began": "began", "issued": "began", "ended": "ended", "repealed": "ended"}
    said |= {"amended": "changed", "mandate": "changed"}
    changed = any(fact["before"] is not None for fact in facts.values())
    return {said[fact] for fact in facts if fact in said} or ({"changed"} if changed else set())


def life(done: dict[str, Any]) -> str:
    """The name of the life, or the instrument, to which something was done; empty for what has no life."""
    subject = done["subject"]
    if "instrument" in subject:
        return str(subject["instrument"])
    if done["life"] is None:
        return ""
    if "relation" in subject:
        return f"relation/{subject['relation'].replace('|', '/')}/{done['life']}"
    if "tenure" in subject:
        return f"{tenure(subject)}/{done['life']}"
    if "function" in subject:
        return f"function/{subject['holder']}/{subject['function']}/{done['life']}"
    ((kind, thing),) = subject.items()
    return f"{kind}/{thing}/{done['life']}"
