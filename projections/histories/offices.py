"""Who lost office by an act, and where they went."""

from __future__ import annotations

from domain.acts import Act
from domain.dates import AFTER_ALL
from domain.lives import Life
from domain.world import World
from projections.histories.tenures import tenure
from projections.moves import Move, by_start, last_day, move_answer, moves_of, place, tenures_of
from projections.structure import Answer


def displaced(world: World, acts: list[Act]) -> Answer:
    """Who lost office by *acts*, and where they went: {person: {post, to}}; to null if nowhere that is known."""
    ours = {act.target for act in acts}
    found: Answer = {}
    for key, lives in sorted(world.of_kind("tenure")):
        for life in lives:
            if life.end and life.end.act.target in ours:
                found[key[1]] = {"post": key[2], "to": _next_post(world, life, ours)}
    return found


def lost_offices(world: World, acts: list[Act]) -> Answer:
    """The same with every post that each lost: {person: {post, to, left: {tenure: {…}}}}.

    Of a tenure: {name, post, title, until, ground, implied, cause, kept, move}. *kept* are the posts in which the
    person surely went on, *move* is where they went, by whatever act and however much later; null if nowhere that is
    known.
    """
    ours = {act.target for act in acts}
    found = displaced(world, acts)
    for person, lost in found.items():
        moves = moves_of(world, person)
        lives = tenures_of(world, person)
        lost["left"] = {
            life.id: _lost_office(world, life, lives, moves)
            for life in lives
            if life.end and life.end.act.target in ours
        }
    return found


def _lost_office(world: World, life: Life, lives: list[Life], moves: list[Move]) -> Answer:
    told, after = tenure(world, life), min(life.e_hi, AFTER_ALL - 1)
    move = next((move for move in moves if any(one is life for one in move.left)), None)
    kept = {one.key[2] for one in lives if one is not life and one.grade(after) in ("certain", "presumed")}
    gone = {one.key[2] for one in move.taken} if move else set()
    return {
        "name": told["name"],
        "post": life.key[2],
        "title": place(world, life.key[2], last_day(life))["title"],
        "until": told["until"],
        "ground": told["ground"],
        "implied": told["implied"],
        "cause": told["ended_by"],
        "kept": sorted(kept - gone),
        "move": move_answer(world, move) if move else None,
    }


def _next_post(world: World, left: Life, ours: set[str]) -> str | None:
    """The post taken by the same acts, else one taken on a day that can be that of leaving."""
    person, post = left.key[1], left.key[2]
    others = [life for life in tenures_of(world, person) if life.key[2] != post]
    by_same = [life for life in others if any(act.target in ours for act in life.starts)]
    that_day = [life for life in others if life.starts and life.s_lo <= left.e_hi and left.e_lo <= life.s_hi]
    taken = by_same or that_day
    return min(taken, key=by_start).key[2] if taken else None
