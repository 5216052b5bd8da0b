"""Who held a post one after another: who followed whom, when nobody or too many held it, and what says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.claims import post_key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day, iso
from domain.lives import Life
from domain.vacancy import tenures_in, vacant_spans
from domain.world import World
from projections.moves import by_one_act, by_start, ending, first_shown
from projections.structure import Answer, cause_of

Run = list[Life]
"""Tenures of one person in one post that adjoin: who is appointed again is no new holder."""


def neighbours(world: World, post: str) -> dict[str, Answer]:
    """Tenure → {predecessor, successor}: the tenures before and after it, of other persons.

    In a post that had one seat then, the predecessor is who left last of those who began before; a stand-in is
    followed by nobody while whom he stood in for goes on. Of several seats nobody knows which passed to whom,
    unless one act replaced one holder by one.
    """
    runs = _runs(tenures_in(world, post))
    before = {id(run): _predecessor(world, post, runs, run) for run in runs}
    found = {}
    for run in runs:
        followed = [other for other in runs if before[id(other)] is run and _ends(other) > _ends(run)]
        predecessor = before[id(run)]
        for life in run:
            found[life.id] = {
                "predecessor": predecessor[-1].id if predecessor else None,
                "successor": followed[0][0].id if followed else None,
            }
    return found


def _runs(lives: Sequence[Life]) -> list[Run]:
    """The runs of *lives*, in the order of their starts."""
    runs: list[Run] = []
    for life in sorted(lives, key=by_start):
        mine = next((run for run in reversed(runs) if run[0].key == life.key), None)
        if mine is not None and first_shown(life) <= mine[-1].e_hi:
            mine.append(life)
        else:
            runs.append([life])
    return runs


def _ends(run: Run) -> tuple[Day, Day]:
    return max((life.e_hi, life.e_lo) for life in run)


def _predecessor(world: World, post: str, runs: Sequence[Run], run: Run) -> Run | None:
    first = run[0]
    others = [other for other in runs if other[0].key != first.key and by_start(other[0]) < by_start(first)]
    shown = world.shown(post_key(post), max(first.s_hi, BEFORE_ALL + 1))
    if shown and shown[0].value("seats", first.s_hi) == 1:
        return max(others, key=lambda other: (_ends(other), by_start(other[0])), default=None)
    gone = [other for other in others if by_one_act(ending(other[-1]), first.starts)]
    come = [other for other in runs if by_one_act(first.starts, other[0].starts)]
    return gone[0] if len(gone) == len(come) == 1 else None


def occupancy(world: World, post: str) -> list[Answer]:
    """[{from, until, kind, tenures, seats, sure, after, before, why, vacant}]: all days on which *post* stands.

    *kind* is `held`; `gap`, when the record shows nobody; `overlap`, when it shows more holders than seats. *sure*:
    that some are certain or presumed, or more than the seats are; of a gap, that a source says so. Of a gap, *after*
    and *before* are the tenures next to it, *why* is how the last ended, and *vacant* tells which of its days some
    source calls vacant: nobody is known to hold it on the others, which is not the same.
    """
    lives = tenures_in(world, post)
    posts = world.lives.get(post_key(post), ())
    days = sorted({BEFORE_ALL + 1}.union(*(life.change_days() for life in (*posts, *lives))))
    vacant = vacant_spans(world, post)
    found: list[tuple[Day, Day, Answer]] = []
    for day, following in zip(days, [*days[1:], AFTER_ALL], strict=True):
        shown = world.shown(post_key(post), day)
        if shown is None:
            continue
        row = _held(lives, shown[0].value("seats", day), day)
        if found and found[-1][1] == day and found[-1][2] == row:
            found[-1] = (found[-1][0], following, row)
        else:
            found.append((day, following, row))
    rows = []
    for first, end, row in found:
        said = [(act, max(lo, first), min(hi + 1, end)) for act, lo, hi in vacant if lo < end and first <= hi]
        gap = row["kind"] == "gap"
        beside = _beside(world, lives, first, end) if gap else {"after": [], "before": [], "why": None}
        rows.append(
            {
                "from": None if first == BEFORE_ALL + 1 else iso(first),
                "until": iso(end),
                **row,
                "sure": bool(said) if gap else row["sure"],
                **beside,
                "vacant": [
                    {"from": iso(lo), "until": iso(hi), "cause": cause_of(act, world.instruments)}
                    for act, lo, hi in said
                ],
            }
        )
    return rows


def _held(lives: Sequence[Life], seats: object, day: Day) -> Answer:
    """Who holds a post with so many *seats* on *day*."""
    grades = {life.id: life.grade(day) for life in sorted(lives, key=by_start)}
    holders = [tenure for tenure, grade in grades.items() if grade not in (None, "unattested")]
    sure = sum(grade in ("certain", "presumed") for grade in grades.values())
    kind, enough = "held", 1
    if not holders:
        kind = "gap"
    elif isinstance(seats, int) and len(holders) > seats:
        kind, enough = "overlap", seats + 1
    return {"kind": kind, "tenures": holders, "seats": seats, "sure": sure >= enough}


def _beside(world: World, lives: Sequence[Life], first: Day, end: Day) -> Answer:
    """Who held a post last before the gap from *first* until *end*, and who next after it."""
    gone = _first_of([life for life in lives if life.e_hi <= first], lambda life: -life.e_hi)
    come = _first_of([life for life in lives if first_shown(life) >= end], first_shown)
    last = gone[-1] if gone else None
    why = None
    if last is not None and last.end is not None:
        ground = None if last.end.implied else getattr(last.end.act.change, "ground", None)
        cause = cause_of(last.end.act, world.instruments)
        why = {"tenure": last.id, "until": last.until, "ground": ground, "implied": last.end.implied, "cause": cause}
    return {"after": [life.id for life in gone], "before": [life.id for life in come], "why": why}


def _first_of(lives: Sequence[Life], when: Callable[[Life], Day]) -> list[Life]:
    """Those of *lives* for which *when* is least, in the order of their starts."""
    least = min(map(when, lives), default=None)
    return sorted((life for life in lives if when(life) == least), key=by_start)
