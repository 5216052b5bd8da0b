"""The patch of a diff: RFC 6902 over the keyed structure, telling also what is no row."""

from __future__ import annotations

import copy
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import EntryUnreadable
from domain.ids import ID_PATTERN
from projections.diff import patch
from projections.structure import DIFFED, Answer
from tests.history import History, appointed, post, released, unit


def pointer(path: str) -> list[str]:
    """The reference tokens of an RFC 6901 pointer."""
    assert path.startswith("/")
    return [token.replace("~1", "/").replace("~0", "~") for token in path[1:].split("/")]


def patched(document: Answer, steps: list[Answer]) -> Answer:
    """RFC 6902's add, remove and replace, by the letter: replace and remove need what add must not find."""
    result = copy.deepcopy(document)
    for step in steps:
        *parents, last = pointer(step["path"])
        at: Any = result
        for token in parents:
            at = at[token]
        if step["op"] == "add":
            assert set(step) == {"op", "path", "value"}
            assert last not in at
            at[last] = copy.deepcopy(step["value"])
        elif step["op"] == "replace":
            assert set(step) == {"op", "path", "value"}
            assert last in at
            at[last] = copy.deepcopy(step["value"])
        else:
            assert step.keys() == {"op", "path"}
            assert step["op"] == "remove"
            del at[last]
    return result


def keyed(answer: Answer) -> Answer:
    """The parts of a structure that patches are about."""
    return {part: answer[part] for part in ("units", "posts", "relations", "functions", "quantities")}


@pytest.fixture
def history() -> History:
    """Three years of the mint, with something of every kind of change."""
    relation = {"subject": "assay", "relation": "accountable-to", "object": "warden"}
    return (
        History()
        .on("2001-01-01", unit("assay"), post("warden"))
        .on("2001-02-01", {"kind": "relation-started", **relation}, appointed("ann", "warden"))
        .on("2002-01-01", {"kind": "unit-renamed", "unit": "assay", "name": {"en": "Assay", "ru": "Пробирная палата"}})
        .on("2002-02-01", {"kind": "post-retitled", "post": "warden", "title": {"kk": "Күзетші"}})
        .on("2002-03-01", released("ann", "warden"))
        .on("2003-01-01", {"kind": "relation-ended", **relation})
        .on("2003-02-01", {"kind": "unit-abolished", "unit": "assay"})
    )


DAYS = ["1999-01-01", "2000-01-01", "2001-01-01", "2001-06-01", "2002-02-01", "2002-06-01", "2003-01-01", "2004-01-01"]


@pytest.mark.parametrize("start", DAYS)
@pytest.mark.parametrize("end", DAYS)
def test_a_patch_turns_the_older_structure_into_the_newer(history: History, start: str, end: str) -> None:
    """A client that keeps the structure of one day gets that of another by the patch, in either direction."""
    older, newer = keyed(history.structure(start)), keyed(history.structure(end))

    assert patched(older, patch(older, newer)) == newer
    assert patched(newer, patch(newer, older)) == older


def test_patches_compose(history: History) -> None:
    """Year by year or in one go, the same structure is reached."""
    at = keyed(history.structure(DAYS[0]))
    for start, end in pairwise(DAYS):
        at = patched(at, patch(keyed(history.structure(start)), keyed(history.structure(end))))

    assert at == keyed(history.structure(DAYS[-1]))


def test_equal_structures_need_no_step(history: History) -> None:
    """An empty patch means that nothing is different, not even a grade."""
    assert patch(history.structure("2001-06-01"), history.structure("2001-06-01")) == []


def test_every_part_of_the_contract_is_patched() -> None:
    """Units, posts, relations, functions and quantities."""
    assert set(DIFFED) == {"units", "posts", "relations", "functions", "quantities"}


def test_a_difference_of_grade_is_in_the_patch() -> None:
    """Though it is no row."""
    history = History().on("2005-05-05", {"kind": "unit-attested", "unit": "assay", "name": {"en": "A"}})
    older, newer = history.structure("2005-05-05"), history.structure("2005-05-06")

    steps = patch(older, newer)

    assert {"op": "replace", "path": "/units/assay/grade", "value": "presumed"} in steps
    assert history.diff("2005-05-05", "2005-05-06")["changes"] == []


def test_a_relation_is_patched_under_its_key_with_bars(history: History) -> None:
    """`|` needs no escape in a JSON pointer, and no id can hold a bar."""
    steps = patch(history.structure("2002-06-01"), history.structure("2003-01-01"))

    assert {"op": "remove", "path": "/relations/assay|accountable-to|warden"} in steps


def test_a_holder_is_patched_under_its_tenure(history: History) -> None:
    """`ENTRY#n` is a key like another."""
    steps = patch(history.structure("2002-02-01"), history.structure("2002-06-01"))

    assert {"op": "remove", "path": "/posts/warden/holders/e2#2"} in steps


@given(st.from_regex(ID_PATTERN))
@settings(max_examples=50, deadline=None)
def test_no_id_needs_an_escape_in_a_pointer(name: str) -> None:
    """Ids hold neither ~ nor / nor |, so the paths of a patch can be read as they are."""
    assert not {"~", "/", "|"} & set(name)


@pytest.mark.parametrize("name", ["a/b", "a~b", "a|b", "", "-a", "a b", "é", "a" * 129, "a\n"])
def test_ids_that_would_need_an_escape_are_refused(name: str) -> None:
    """The id pattern of the contract."""
    history = History()

    with pytest.raises(EntryUnreadable):
        history.on("2001-01-01", {**unit("x"), "unit": name})


def test_keys_that_hold_signs_of_a_pointer_are_escaped() -> None:
    """A value such as a name may be keyed by anything a later contract allows."""
    part: Answer = {name: {} for name in DIFFED}
    older = {**part, "units": {"a/b": {"x": 1}, "c~d": {"x": 1}}}
    newer = {**part, "units": {"a/b": {"x": 2}, "e~/f": {}}}

    steps = patch(older, newer)

    assert patched(older, steps) == newer
    assert {step["path"] for step in steps} == {"/units/a~1b/x", "/units/c~0d", "/units/e~0~1f"}


def test_null_is_a_value_and_not_an_absence() -> None:
    """A parent that becomes null is replaced, not removed."""
    history = (
        History()
        .on("2001-01-01", unit("assay"))
        .on("2002-01-01", {"kind": "unit-moved", "unit": "assay", "parent": None})
    )

    steps = patch(history.structure("2001-12-31"), history.structure("2002-01-01"))

    assert {"op": "replace", "path": "/units/assay/parent", "value": None} in steps
