"""One tenure as a career or a post's list of holders tells it."""

from __future__ import annotations

from domain import changes as e
from domain.acts import Act
from domain.claims import post_key
from domain.dates import AFTER_ALL, iso
from domain.lives import GRADES, Held, Life
from domain.world import World
from projections.histories.telling import last_value, person_name, rival_answer
from projections.structure import Answer, cause_of


def tenure(world: World, life: Life) -> Answer:
    """One tenure of a career or of a post's holders: its span, its surest grade, why it began and ended."""
    _, person, post = life.key
    end = life.end
    surest = min((life.grade(day) or "unattested" for day in life.change_days()), key=GRADES.index, default=None)
    held: Held | None = life.held("capacity", AFTER_ALL)
    return {
        "tenure": life.id,
        "person": person,
        "name": person_name(world, person),
        "post": post,
        "title": last_value(world, post_key(post), "title"),
        "unit": last_value(world, post_key(post), "unit"),
        "capacity": held.value if held else None,
        "since": life.since,
        "until": life.until,
        "evidence": iso(life.evidence) if life.evidence is not None else None,
        "grade": surest,
        "contested": bool(life.disputes),
        "ground": getattr(end.act.change, "ground", None) if end and not end.implied else None,
        "implied": end.implied if end else False,
        "cause": cause_of(life.cause, world.instruments),
        "reappointed": [cause_of(act, world.instruments) for act in life.acts if _again(life, act)],
        "ended_by": cause_of(end.act, world.instruments) if end else None,
        "rivals": [rival_answer(world, life, rival) for rival in life.rivals],
    }


def _again(life: Life, act: Act) -> bool:
    """Whether *act* appointed a standing holder again: a further cause of the same tenure."""
    return isinstance(act.change, e.Appointed) and act not in life.starts
