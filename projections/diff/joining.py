"""Rows joined that tell of one act: a reorganization, a function handed on, a move of a person, a change of holder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from domain.changes import UnitsReorganized
from domain.lives import Grade
from projections.diff.rows import Row
from projections.diff.told import L, OneDay
from projections.structure import Answer


def one_row_an_act(rows: list[Row]) -> Iterable[Row]:
    """The parts of one reorganization of units are one row."""
    acts: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.kind == "units-reorganized":
            acts[row.act.target].append(row)
        else:
            yield row
    for parts in acts.values():
        change = parts[0].act.change
        assert isinstance(change, UnitsReorganized)
        before: Answer = {}
        after: Answer = {}
        for row in parts:
            if row.before is not None:
                before.setdefault(row.key[1], {}).update(row.before)
            if row.after is not None:
                after.setdefault(row.key[1], {}).update(row.after)
        ids = sorted({*change.before, *(new.unit for new in change.after), *(row.key[1] for row in parts)})
        grades = (_surest(row.grades[0] for row in parts), _surest(row.grades[1] for row in parts))
        yield replace(parts[0], before=before, after=after, grades=grades, subject={"units": ids})


def functions_passed(rows: Iterable[Row]) -> Iterable[Row]:
    """A function that passes from holder to holder is one row."""
    passed: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.kind == "function-transferred":
            passed[row.act.target].append(row)
        else:
            yield row
    for parts in passed.values():
        begun = next((row for row in parts if row.before is None), None)
        ended = [row for row in parts if row.before is not None]
        if begun is None or len(ended) != 1:
            yield from parts
        else:
            grades = (ended[0].grades[0], begun.grades[1])
            yield replace(begun, before=ended[0].before, grades=grades, subject={"function": begun.key[2]})


def _surest(grades: Iterable[Grade | None]) -> Grade | None:
    """The least sure grade of the parts: a row is no surer than what it tells."""
    given = [grade for grade in grades if grade is not None]
    order: tuple[Grade, ...] = ("possible", "presumed", "certain")
    return next((grade for grade in order if grade in given), None)


def people_moved(rows: list[Row], then: OneDay[L], now: OneDay[L]) -> Iterable[Row]:
    """Tenures begun and ended: moves of one person first, then one holder for another, then each by itself."""
    left = list(rows)
    for ended in [row for row in rows if row.after is None]:
        begun = next(
            (
                row
                for row in left
                if row.before is None
                and row.key[1] == ended.key[1]
                and row.key[2] != ended.key[2]
                and row.act.event.entry == ended.act.event.entry
            ),
            None,
        )
        if begun is not None:
            left.remove(ended)
            left.remove(begun)
            yield _joined(
                "transferred",
                ended,
                begun,
                {"person": ended.key[1], "from_post": ended.key[2], "to_post": begun.key[2]},
            )
    by_post: dict[str, list[Row]] = defaultdict(list)
    for row in left:
        by_post[row.key[2]].append(row)
    for post, mine in by_post.items():
        ends, starts = [row for row in mine if row.after is None], [row for row in mine if row.before is None]
        if len(ends) == len(starts) == 1 and ends[0].key != starts[0].key and _one_seat(post, then, now):
            yield _joined("holder-changed", ends[0], starts[0], {"post": post})
            yield from (row for row in mine if row not in (ends[0], starts[0]))
        else:
            yield from mine


def _one_seat(post: str, then: OneDay[L], now: OneDay[L]) -> bool:
    key = ("post", post)
    return key in then.lives and key in now.lives and now.lives[key][0].value("seats", now.day) == 1


def _joined(kind: str, ended: Row, begun: Row, subject: Answer) -> Row:
    last = begun if begun.act.order >= ended.act.order else ended
    return Row(
        kind,
        begun.key,
        ended.before,
        begun.after,
        last.act,
        last.effective,
        False,
        (ended.grades[0], begun.grades[1]),
        subject,
    )
