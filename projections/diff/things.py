"""Rows of one thing: that it began, ended, or has another value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from domain.changes import UnnamedUnitsAbolished
from domain.claims import Key, post_key
from domain.dates import Day
from domain.lives import Grade, one_life, shown_by, text_of
from domain.world import World
from projections.diff.rows import ALTERS, ATTESTED, BEGINS, ENDS, KEEPS, Row, life_subject
from projections.diff.told import L, OneDay
from projections.structure import ATTRIBUTES, Answer


def pairs(then: OneDay[L], now: OneDay[L]) -> Iterable[tuple[tuple[L, Grade] | None, tuple[L, Grade] | None]]:
    """What stands in either, with what it is in the other: things by id, tenures by what is recorded of them."""
    for key in sorted(key for key in then.lives.keys() | now.lives.keys() if key[0] != "tenure"):
        yield then.lives.get(key), now.lives.get(key)
    left: dict[Key, list[tuple[L, Grade]]] = defaultdict(list)
    for after in (tenure for held in now.tenures.values() for tenure in held):
        left[after[0].key].append(after)
    for before in [tenure for held in then.tenures.values() for tenure in held]:
        same = next((tenure for tenure in left[before[0].key] if one_life(before[0], tenure[0])), None)
        if same:
            left[before[0].key].remove(same)
        yield before, same
    yield from ((None, after) for rest in left.values() for after in rest)


def rows_of(
    then: OneDay[L], now: OneDay[L], before: tuple[L, Grade] | None, after: tuple[L, Grade] | None
) -> list[Row]:
    """The rows of one thing: of its values if the same life stands on both days, else of an end and of a start."""
    if before and after and one_life(before[0], after[0]):
        return _altered(then, now, before[0], after[0], (before[1], after[1]))
    rows = []
    if before:
        rows.append(_end_row(then, now, before[0], before[1], now.same(before[0])))
    if after:
        rows.append(_start_row(now, after[0], after[1]))
    return rows


def _values(day: OneDay[L], life: L) -> Answer:
    values = {name: life.value(name, day.day) for name in ATTRIBUTES[life.key[0]]}
    if life.key[0] == "tenure":
        return {"tenure": life.id, "person": life.key[1], "post": life.key[2], **values}
    if life.key[0] == "function":
        return {"holder": life.key[1], **values}
    return values


def _start_row(now: OneDay[L], life: L, grade: Grade) -> Row:
    """A thing that stands now and did not: begun by its start, or only shown by a source."""
    act, kind = life.cause, life.key[0]
    if life.start:
        row_kind, effective = act.change.kind, life.since
        if row_kind not in KEEPS:
            row_kind = BEGINS[kind]
    else:
        row_kind, effective = ATTESTED[kind], shown_by(life.s_hi)
    return Row(row_kind, life.key, None, _values(now, life), act, effective, False, (None, grade), life_subject(life))


def _end_row(then: OneDay[L], now: OneDay[L], life: L, grade: Grade, later: L | None) -> Row:
    """A thing that stood then and does not now: ended, as *later*, the same life, says; or known no longer."""
    before = _values(then, life)
    end = later.end if later and later.end and later.end.lo <= now.day else None
    if later is not None and end is None and life.key[0] == "tenure":
        later = _post_gone(then, now, life.key[2])  # who is shown longer than the post leaves the structure with it
        end = later.end if later else None
    if later is None or end is None:
        act = life.cause
        return Row(act.change.kind, life.key, before, None, act, life.since, False, (grade, None), life_subject(life))
    if later.key != life.key:
        before["ground"] = None
        subject = life_subject(life)
        return Row(ENDS["tenure"], life.key, before, None, end.act, later.until, True, (grade, None), subject)
    kind = ENDS[life.key[0]]
    if not end.implied and end.act.change.kind in KEEPS:
        kind = end.act.change.kind
    if life.key[0] == "tenure":
        before["ground"] = None if end.implied else getattr(end.act.change, "ground", None)
    subject = life_subject(life)
    return Row(kind, life.key, before, None, end.act, later.until, end.implied, (grade, None), subject)


def _post_gone(then: OneDay[L], now: OneDay[L], post: str) -> L | None:
    """The life of a post that stood then, if it has ended by now."""
    stood = then.lives.get(post_key(post))
    same = now.same(stood[0]) if stood else None
    return same if same and same.end and same.end.lo <= now.day else None


def _altered(then: OneDay[L], now: OneDay[L], old: L, life: L, grades: tuple[Grade, Grade]) -> list[Row]:
    rows = []
    for name in ATTRIBUTES[life.key[0]]:
        before, after = old.value(name, then.day), life.value(name, now.day)
        if before == after:
            continue
        was, held = old.gave(name, then.day), life.gave(name, now.day)
        held = held or was
        if held is None:
            continue
        if was and was.given == "attested" and held.given != "attested" and held.day <= then.day:
            held = was  # a source's claim for its own day alone: nobody altered anything on the morrow
        kind, effective = ALTERS.get((life.key[0], name)), text_of(held.act.day)
        if held.given == "attested":
            kind, effective = ATTESTED[life.key[0]], shown_by(held.day)
        elif kind is None or (held.act.change.kind == "units-reorganized" and held.given != "implied"):
            kind = held.act.change.kind
        subject, implied = life_subject(life), held.given == "implied"
        rows.append(Row(kind, life.key, {name: before}, {name: after}, held.act, effective, implied, grades, subject))
    return rows


def quantity_rows(then: OneDay[L], now: OneDay[L]) -> Iterable[Row]:
    """Numbers that are given on one side alone, or otherwise."""
    for event in sorted(then.quantities.keys() | now.quantities.keys()):
        old, new = then.quantities.get(event), now.quantities.get(event)
        before, after = (_number(old) if old else None, _number(new) if new else None)
        told = new or old or {}
        if before != after:
            subject = {"subject": told["subject"], "quantity": told["quantity"]}
            grades: tuple[Grade | None, Grade | None] = (old["grade"] if old else None, new["grade"] if new else None)
            act, key = now.act(event) or then.act(event), ("quantity", event)
            assert act is not None
            yield Row(act.change.kind, key, before, after, act, told["effective"], False, grades, subject)


def _number(quantity: Answer) -> Answer:
    return {name: quantity[name] for name in ("value", "unit", "approximate", "claimant")}


def unnamed_rows(world: World, after: Day, until: Day) -> Iterable[Row]:
    """The units without a name that ended in (*after*, *until*]."""
    for act in world.acts:
        change = act.change
        if isinstance(change, UnnamedUnitsAbolished) and after < act.hi <= until:
            before = {"count": change.count, "unit_kind": change.unit_kind, "parent": change.parent}
            grade: Grade = "certain" if act.proves else "presumed"
            subject = {"event": act.target}
            yield Row(change.kind, (), before, None, act, text_of(act.day), False, (grade, None), subject)


def regraded(then: OneDay[L], now: OneDay[L]) -> int:
    """How many things stand on both days and differ in grade, vacancy, evidence or dispute alone."""
    count = 0
    for key in then.lives.keys() & now.lives.keys():
        (life, before), (other, after) = then.lives[key], now.lives[key]
        if one_life(life, other) and all(
            life.value(a, then.day) == other.value(a, now.day) for a in ATTRIBUTES[key[0]]
        ):
            vacated = key[0] == "post" and then.vacancy(key[1]) != now.vacancy(key[1])
            disputed = life.contested(then.day) != other.contested(now.day)
            count += before != after or vacated or disputed or life.evidence != other.evidence
    return count
