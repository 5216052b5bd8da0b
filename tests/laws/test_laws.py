"""What must hold of every history, whatever was recorded, and in whatever order."""

from __future__ import annotations

import random
from typing import Any

import jsonpatch
from hypothesis import given
from hypothesis import strategies as st

from domain.entries import Entry
from domain.world import World
from projections.diff import diff, patch
from projections.structure import DIFFED, Answer, structure
from tests.history import world_of
from tests.strategies import corrected_registers, interesting_days, registers

DAYS = interesting_days()


def believed(world: World, grade: Any = "unattested") -> list[Answer]:
    """The structure on every day on which it may differ."""
    return [structure(world, day, grade) for day in DAYS]


@given(registers(), st.randoms(use_true_random=False))
def test_order_of_recording_never_changes_the_present(entries: list[Entry], chance: random.Random) -> None:
    """A decree found late in the archive tells the same as one recorded in time."""
    # given entries that found the institution first and then come in another order
    founding, *others = entries
    shuffled = [founding, *chance.sample(others, len(others))]

    # then every day looks the same
    assert believed(world_of(entries)) == believed(world_of(shuffled))


@given(corrected_registers(), st.randoms(use_true_random=False))
def test_a_correction_reads_the_same_wherever_it_stands_after_its_target(
    entries: list[Entry], chance: random.Random
) -> None:
    """Corrections of different targets do not depend on what else came between."""
    # given fixes that keep behind their targets, between other entries in any order
    founding, *others = entries
    fixes = [entry for entry in others if entry.entry.startswith("fix")]
    facts = [entry for entry in others if not entry.entry.startswith("fix")]
    shuffled = [founding, *chance.sample(facts, len(facts)), *chance.sample(fixes, len(fixes))]

    # then every day looks the same
    assert believed(world_of(entries)) == believed(world_of(shuffled))


def apply_patch(document: Answer, steps: list[Answer]) -> Answer:
    """RFC 6902 by the library that clients have; tests/projections/test_diff_patch.py has the letter of it."""
    patched: Answer = jsonpatch.apply_patch(document, steps)
    return patched


def keyed(answer: Answer) -> Answer:
    """The parts of a structure that patches are about."""
    return {part: answer[part] for part in DIFFED}


@given(registers(), st.lists(st.sampled_from(DAYS), min_size=3, max_size=3))
def test_patches_turn_one_day_into_another_and_compose(entries: list[Entry], days: list[int]) -> None:
    """Who applies patches a to b and b to c holds the structure on c, forwards or backwards."""
    # given three days of one history
    world = world_of(entries)
    a, b, c = (structure(world, day) for day in days)

    # when
    at_b = apply_patch(keyed(a), patch(a, b))
    at_c = apply_patch(at_b, patch(b, c))

    # then
    assert at_b == keyed(b)
    assert at_c == keyed(c)


@given(registers(), st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_a_difference_is_told_by_a_row_with_its_cause(entries: list[Entry], start: int, end: int) -> None:
    """Nothing appears, ends or gets another value between two days without a row that says why."""
    # given
    world = world_of(entries)
    older, newer = structure(world, start), structure(world, end)

    # when
    answer = diff(world, start, end)

    # then every row names cause, day and grade
    for row in answer["changes"]:
        assert row["cause"]["entry"]
        assert row["effective"]
        assert row["grade"]

    # and each unit that is there on one day only, or has another name or parent, is told of
    told = {str(i) for row in answer["changes"] for i in (row["subject"].get("unit"), *row["subject"].get("units", ()))}
    for unit in older["units"].keys() | newer["units"].keys():
        one, other = older["units"].get(unit), newer["units"].get(unit)
        if one is None or other is None or (one["name"], one["parent"]) != (other["name"], other["parent"]):
            assert unit in told
    # and so is each holder
    told_people = {str(row["subject"].get("person")) for row in answer["changes"]} | {
        str((row[side] or {}).get("person")) for row in answer["changes"] for side in ("before", "after")
    }
    for one, other in ((older, newer), (newer, older)):
        for post, there in one["posts"].items():
            for tenure, holder in there["holders"].items():
                if tenure not in other["posts"].get(post, {"holders": {}})["holders"]:
                    assert holder["person"] in told_people or post not in other["posts"]
    # and nothing is told of a span in which nothing differs
    if keyed(older) == keyed(newer) and start == end:
        assert answer["changes"] == []


@given(registers(), st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_a_diff_backwards_is_the_diff_read_backwards(entries: list[Entry], start: int, end: int) -> None:
    """Asked from the later day to the earlier, the same rows come with before and after exchanged."""
    world = world_of(entries)
    forwards, backwards = diff(world, start, end), diff(world, end, start)

    assert [(r["kind"], r["before"], r["after"], r["cause"]) for r in forwards["changes"]] == [
        (r["kind"], r["after"], r["before"], r["cause"]) for r in backwards["changes"]
    ]
    assert sorted(forwards["links"]) == sorted([b, a] for a, b in backwards["links"])
    assert (forwards["ended"], forwards["new"]) == (backwards["new"], backwards["ended"])


@given(registers())
def test_a_holder_a_post_and_a_unit_show_what_they_hang_on(entries: list[Entry]) -> None:
    """On a day on which a tenure is certain, its post is no less than shown, unless it surely had ended."""
    world = world_of(entries)
    for key, lives in world.of_kind("tenure"):
        for life in lives:
            for day in DAYS:
                if life.grade(day) == "certain":
                    posts = world.lives.get(("post", key[2]), [])
                    ended = any(other.end and other.end.hi <= day for other in posts)
                    begins_later = all(other.start_lo > day for other in posts)
                    assert world.shown(("post", key[2]), day, "unattested") or ended or begins_later
