"""What must hold of how units pass into units, whatever was recorded."""

from __future__ import annotations

from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from domain.claims import unit_key
from domain.dates import Day
from domain.entries import Entry
from domain.world import World
from projections.diff import diff
from projections.passings import LifeId, carried, correspondence, passings
from tests.history import world_of
from tests.strategies import interesting_days, passing_registers, registers

DAYS = interesting_days()
Pairs: TypeAlias = set[tuple[str, str]]

some_registers = st.one_of(passing_registers(), registers())
three_days = st.lists(st.sampled_from(DAYS), min_size=3, max_size=3).map(sorted)


def standing(world: World, day: Day) -> dict[str, int]:
    """The units that stand on *day*, each with the number of its life."""
    shown = ((key[1], world.shown(key, day)) for key in world.lives if key[0] == "unit")
    return {unit: found[0].number for unit, found in shown if found}


def going_on(world: World, start: Day, end: Day) -> Pairs:
    """The full correspondence of two days."""
    return correspondence(passings(world), standing(world, start), standing(world, end), start, end)


@given(some_registers, three_days)
def test_lives_are_carried_on_over_any_day_between_as_if_nobody_had_looked(
    entries: list[Entry], days: list[Day]
) -> None:
    """Correspondences of lives compose exactly, whichever day they are parted on."""
    # given the lives that stand on the first of three days
    world = world_of(entries)
    first, between, last = days
    found, start = passings(world), {life: [life[0]] for life in standing(world, first).items()}

    # when they are carried on at once, and by way of the day between
    at_once = carried(found, start, first, last)
    in_two = carried(found, carried(found, start, first, between), between, last)

    # then
    assert in_two == at_once


@given(some_registers, three_days)
def test_correspondences_compose_over_what_stands_between(entries: list[Entry], days: list[Day]) -> None:
    """Joined over a day between they say nothing else, and leave out only what no standing unit carried then."""
    world = world_of(entries)
    first, between, last = days
    there = standing(world, between)

    # when
    joined = {
        (a, c)
        for a, b in going_on(world, first, between)
        for also_b, c in going_on(world, between, last)
        if b == also_b
    }

    # then nothing is said that the whole does not say
    whole = going_on(world, first, last)
    assert joined <= whole
    # and what only the whole says went over the day in no life that is shown on it
    found = passings(world)
    start = {life: [life[0]] for life in standing(world, first).items()}
    over = carried(found, start, first, between)
    ends = standing(world, last)
    for a, c in whole - joined:
        carriers: set[LifeId] = {life for life, names in over.items() if a in names}
        reach = {b for b in carriers if (c, ends[c]) in carried(found, {b: [b[0]]}, between, last)}
        assert reach
        assert all(there.get(unit) != number for unit, number in reach)


@given(some_registers, st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_the_links_of_a_diff_are_the_correspondence_with_what_only_stays_itself_left_out(
    entries: list[Entry], start: Day, end: Day
) -> None:
    """Who adds [u, u] for every unit of both days that is in no link and not ended or new has the whole of it."""
    world = world_of(entries)
    start, end = sorted((start, end))

    # when
    answer = diff(world, start, end)

    # then
    told: Pairs = {(a, b) for a, b in answer["links"]}
    linked = {unit for pair in told for unit in pair}
    stays = (standing(world, start).keys() & standing(world, end).keys()) - linked
    stays -= {*answer["ended"], *answer["new"]}
    assert told | {(unit, unit) for unit in stays} == going_on(world, start, end)
    # and every unit of either day is in it, or ended, or new
    assert {a for a, _ in going_on(world, start, end)} | {*answer["ended"]} == standing(world, start).keys()
    assert {b for _, b in going_on(world, start, end)} | {*answer["new"]} == standing(world, end).keys()


@given(some_registers, st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_every_unit_that_ended_has_a_row_that_says_by_what(entries: list[Entry], start: Day, end: Day) -> None:
    """Stated or implied: no unit leaves without a cause."""
    world = world_of(entries)
    start, end = sorted((start, end))

    answer = diff(world, start, end)

    for unit in answer["ended"]:
        rows = [
            row
            for row in answer["changes"]
            if (row["subject"].get("unit") == unit and row["before"] is not None and row["after"] is None)
            or (unit in row["subject"].get("units", ()) and unit in row["before"])
        ]
        assert rows, unit
        assert all(row["cause"]["event"] for row in rows)


@given(some_registers, st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_every_unit_that_passed_into_one_that_stands_is_linked(entries: list[Entry], start: Day, end: Day) -> None:
    """No unit is ended that by its acts went on, at once or through others."""
    world = world_of(entries)
    start, end = sorted((start, end))
    then, now = standing(world, start), standing(world, end)

    answer = diff(world, start, end)

    for passing in passings(world):
        unit, number = passing.old.key[1], passing.old.number
        if passing.new and passing.ends and start < passing.day <= end and then.get(unit) == number:
            key, after = passing.new.key, passing.new.number
            passed_again = any(
                other.ends and other.old is passing.new and start < other.day <= end for other in passings(world)
            )
            if now.get(key[1]) == after and not passed_again:
                assert [unit, key[1]] in answer["links"] or unit == key[1]
                assert unit not in answer["ended"]


@given(some_registers, st.sampled_from(DAYS))
def test_every_life_that_ended_says_by_what(entries: list[Entry], day: Day) -> None:
    """A unit that stood and stands no longer ended by an act, or by the consequence of one."""
    world = world_of(entries)
    for key in world.things("unit"):
        for life in world.lives.get(unit_key(key[1]), ()):
            if life.e_hi <= day:
                assert life.end is not None
                assert life.end.act.target
                assert life.until
