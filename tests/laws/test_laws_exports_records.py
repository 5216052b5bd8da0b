"""What must hold of graphs and authority records of every history: the structure of every day, and no loose end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.formats.eac import eac_cpf
from api.formats.exported import Exported, Files
from api.formats.org import document, json_ld
from domain.dates import Day
from projections.standing import Standing, standings
from projections.structure import Answer, relation_id, structure
from tests.api.eac_schemas import faults
from tests.laws.test_laws_exports import some_days, view_of
from tests.laws.test_laws_later import controlled_registers
from tests.strategies import interesting_days


@given(controlled_registers(), st.sampled_from(interesting_days()))
def test_the_spans_of_a_life_are_what_the_structure_shows_on_each_day(entries: list[Any], as_of: Day) -> None:
    """Every unit, post, holder, relation and function, as surely and with the same values, and nothing else."""
    world = view_of(entries).world
    found: dict[str, dict[str, Answer]] = {kind: {} for kind in ("unit", "post", "tenure", "relation", "function")}
    for key, lives in world.lives.items():
        for life in lives:
            held = [one for one in standings(world, life) if one.holds(as_of)]
            assert len(held) < 2
            name = life.id if key[0] in ("tenure", "function") else relation_id(key)
            if held:
                found[key[0]][name] = said(held[0])

    shown = structure(world, as_of)
    assert found["unit"] == {name: told(one, found["unit"], name) for name, one in shown["units"].items()}
    assert found["post"] == {name: told(one, found["post"], name) for name, one in shown["posts"].items()}
    assert found["relation"] == {name: told(one, found["relation"], name) for name, one in shown["relations"].items()}
    assert found["function"] == {name: told(one, found["function"], name) for name, one in shown["functions"].items()}
    holders = {name: one for post in shown["posts"].values() for name, one in post["holders"].items()}
    assert found["tenure"] == {name: told(one, found["tenure"], name) for name, one in holders.items()}


def said(standing: Standing) -> Answer:
    """What a span says of its days."""
    return {**standing.values, "grade": standing.grade, "contested": standing.contested}


def told(shown: Answer, found: dict[str, Answer], name: str) -> Answer:
    """What the structure says of the same."""
    return {part: shown[part] for part in found.get(name, {"grade": None})}


@given(controlled_registers(), some_days)
def test_a_graph_names_nothing_that_it_does_not_tell(entries: list[Any], as_of: Day | None) -> None:
    """Whoever follows a link within the graph arrives."""
    nodes = document(Exported(view_of(entries), "org-jsonld", as_of))["@graph"]

    ids = [node["@id"] for node in nodes]
    assert len(set(ids)) == len(ids)
    assert {iri for node in nodes for iri in links(node)} - {*ids} == set()


def links(node: object) -> Iterator[str]:
    """What a node leads to within the register."""
    if isinstance(node, dict):
        for value in (value for name, value in node.items() if name != "@id"):
            yield from links(value)
    elif isinstance(node, list):
        for value in node:
            yield from links(value)
    elif isinstance(node, str) and node.startswith("reg:"):
        yield node


@pytest.mark.needs("standards")
@given(controlled_registers(), some_days)
def test_records_are_valid_whatever_is_recorded(entries: list[Any], as_of: Day | None) -> None:
    """Under both schemas of EAC-CPF."""
    assert faults(eac_cpf(Exported(view_of(entries), "eac-cpf", as_of))) == []


@pytest.mark.parametrize("form", [json_ld, eac_cpf])
@given(controlled_registers(4))
def test_graph_and_records_are_the_same_bytes_again(form: Callable[[Exported], Files], entries: list[Any]) -> None:
    """Order is that of the register, never of a set."""
    first, again = (form(Exported(view_of(entries), "csv")) for _ in range(2))
    assert first == again
