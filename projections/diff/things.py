"""What changed between two days: rows that name their cause, links from units to units, and a patch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from domain.acts import Act
from domain.changes import InstrumentIssued, UnitsReorganized, UnnamedUnitsAbolished
from domain.claims import Key, Value, post_key
from domain.dates import Day, iso
from domain.lives import Grade, Held, Lived, one_life, text_of
from domain.world import World
from projections.passings import correspondence, passings
from projections.structure import ATTRIBUTES, DIFFED, Answer, Snapshot, cause_of, relation_id

BEGINS = {
    "unit": "unit-established",
    "post": "post-created",
    "tenure": "appointed",
    "relation": "relation-started",
    "function": "function-assigned",
}
ENDS = {
    "unit": "unit-abolished",
    "post": "post-abolished",
    "tenure": "released",
    "relation": "relation-ended",
    "function": "function-withdrawn",
}
KEEPS = ("units-reorganized", "unit-reinstated", "post-reinstated", "function-transferred")
"""The kinds of acts that name the row of what they begin or end."""
ATTESTED = {kind: f"{kind}-attested" for kind in BEGINS}
ALTERS = {
    ("unit", "name"): "unit-renamed",
    ("unit", "parent"): "unit-moved",
    ("post", "title"): "post-retitled",
    ("post", "unit"): "post-moved",
    ("post", "seats"): "seats-changed",
    ("post", "portfolio"): "portfolio-changed",
    ("tenure", "capacity"): "capacity-changed",
}
"""The kind of row for a difference of one attribute; another attribute's row is of the kind of its act."""


class Ended(Protocol):
    """The end of a life: on some day from *lo* on, by *act*."""

    @property
    def lo(self) -> Day: ...  # noqa: D102
    @property
    def act(self) -> Act: ...  # noqa: D102
    @property
    def implied(self) -> bool: ...  # noqa: D102


class Told(Lived, Protocol):
    """A life as a day shows it; domain.lives.Life says what each of its members is."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def cause(self) -> Act: ...  # noqa: D102
    @property
    def start(self) -> Act | None: ...  # noqa: D102
    @property
    def end(self) -> Ended | None: ...  # noqa: D102
    @property
    def since(self) -> str | None: ...  # noqa: D102
    @property
    def until(self) -> str | None: ...  # noqa: D102
    @property
    def s_hi(self) -> Day: ...  # noqa: D102
    @property
    def evidence(self) -> Day | None: ...  # noqa: D102
    def value(self, attribute: str, day: Day) -> Value: ...  # noqa: D102
    def gave(self, attribute: str, day: Day) -> Held | None: ...  # noqa: D102
    def contested(self, day: Day) -> bool: ...  # noqa: D102


L = TypeVar("L", bound=Told)


class OneDay(Protocol[L]):
    """What stood on *day*: things by key, tenures by post that stands, numbers by event."""

    @property
    def day(self) -> Day: ...  # noqa: D102
    @property
    def lives(self) -> Mapping[Key, tuple[L, Grade]]: ...  # noqa: D102
    @property
    def tenures(self) -> Mapping[str, Sequence[tuple[L, Grade]]]: ...  # noqa: D102
    @property
    def quantities(self) -> Mapping[str, Answer]: ...  # noqa: D102

    def same(self, life: L) -> L | None:
        """The life that *life*, shown on another day or as known before, is in what is known here."""

    def vacancy(self, post: str) -> str:
        """How far a post that stands is held."""

    def act(self, target: str) -> Act | None:
        """The act of a number."""


@dataclass(frozen=True)
class Row:
    """One difference; *grades* are those of the thing before and after, None where it does not stand."""

    kind: str
    key: Key
    before: Answer | None
    after: Answer | None
    act: Act
    effective: str | None
    implied: bool
    grades: tuple[Grade | None, Grade | None]
    subject: Answer

    def place(self) -> tuple[object, ...]:
        """Sorts rows by the order of effect of their acts."""
        return self.act.order, self.kind, sorted(map(str, self.subject.items()))

    def answer(self, instruments: Mapping[str, InstrumentIssued], backwards: bool = False) -> Answer:
        """The row as the contract has it; *backwards* with before and after exchanged."""
        before, after = (self.after, self.before) if backwards else (self.before, self.after)
        grades = self.grades[::-1] if backwards else self.grades
        return {
            "kind": self.kind,
            "subject": self.subject,
            "before": before,
            "after": after,
            "effective": self.effective,
            "grade": grades[1] or grades[0],
            "implied": self.implied,
            "cause": cause_of(self.act, instruments),
        }


def diff(world: World, start: Day, end: Day) -> Answer:
    """What changed in (*start*, *end*]: {changes, links, ended, new, counts}, and reversed if it runs back."""
    then, now = Snapshot(world, min(start, end)), Snapshot(world, max(start, end))
    return between(then, now, world, world.instruments, backwards=start > end)


def between(
    then: OneDay[L], now: OneDay[L], world: World, instruments: Mapping[str, InstrumentIssued], *, backwards: bool
) -> Answer:
    """The same of two days; *world* tells of the reorganizations and abolitions of units between them."""
    rows = sorted([*compare(then, now), *unnamed_rows(world, then.day, now.day)], key=Row.place)
    links, ended, new = lineage_links(then, now, world)
    if backwards:
        links, ended, new = sorted([b, a] for a, b in links), new, ended
    answer = {
        "changes": [row.answer(instruments, backwards) for row in rows],
        "links": links,
        "ended": ended,
        "new": new,
        "counts": {
            **dict(sorted(Counter(row.kind for row in rows).items())),
            "regraded": regraded(then, now),
        },
    }
    return {**answer, "reversed": True} if backwards else answer


# --- rows


def compare(then: OneDay[L], now: OneDay[L]) -> list[Row]:
    """The rows that tell *then* and *now* apart: two days of one world, or one day as known at two positions."""
    single: list[Row] = []
    tenures: list[Row] = []
    for before, after in _pairs(then, now):
        life = (after or before or (None,))[0]
        assert life is not None
        (tenures if life.key[0] == "tenure" else single).extend(_differences(then, now, before, after))
    rows = [*_functions(_one_row_an_act(single)), *_people(tenures, then, now), *_quantities(then, now)]
    return sorted(rows, key=Row.place)


def _pairs(then: OneDay[L], now: OneDay[L]) -> Iterable[tuple[tuple[L, Grade] | None, tuple[L, Grade] | None]]:
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


def _differences(
    then: OneDay[L], now: OneDay[L], before: tuple[L, Grade] | None, after: tuple[L, Grade] | None
) -> list[Row]:
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


def life_subject(life: Told) -> Answer:
    """The ids by which a row names the thing that *life* is of."""
    match life.key:
        case ("tenure", person, post):
            return {"person": person, "post": post, "tenure": life.id}
        case ("relation", *_):
            return {"relation": relation_id(life.key)}
        case ("function", holder, function):
            return {"holder": holder, "function": function}
        case (kind, thing):
            return {kind: thing}
    raise AssertionError(life.key)


def _start_row(now: OneDay[L], life: L, grade: Grade) -> Row:
    """A thing that stands now and did not: begun by its start, or only shown by a source."""
    act, kind = life.cause, life.key[0]
    if life.start:
        row_kind, effective = act.change.kind, life.since
        if row_kind not in KEEPS:
            row_kind = BEGINS[kind]
    else:
        row_kind, effective = ATTESTED[kind], f"../{iso(life.s_hi) or ''}"
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
            kind, effective = ATTESTED[life.key[0]], f"../{iso(held.day) or ''}"
        elif kind is None or (held.act.change.kind == "units-reorganized" and held.given != "implied"):
            kind = held.act.change.kind
        subject, implied = life_subject(life), held.given == "implied"
        rows.append(Row(kind, life.key, {name: before}, {name: after}, held.act, effective, implied, grades, subject))
    return rows


def _one_row_an_act(rows: list[Row]) -> Iterable[Row]:
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


def _functions(rows: Iterable[Row]) -> Iterable[Row]:
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


def _quantities(then: OneDay[L], now: OneDay[L]) -> Iterable[Row]:
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


def _surest(grades: Iterable[Grade | None]) -> Grade | None:
    """The least sure grade of the parts: a row is no surer than what it tells."""
    given = [grade for grade in grades if grade is not None]
    order: tuple[Grade, ...] = ("possible", "presumed", "certain")
    return next((grade for grade in order if grade in given), None)


def _people(rows: list[Row], then: OneDay[L], now: OneDay[L]) -> Iterable[Row]:
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


# --- links


def lineage_links(then: OneDay[L], now: OneDay[L], world: World) -> tuple[list[list[str]], list[str], list[str]]:
    """Pairs [unit then, unit now] by the acts between; units then and units now that have no partner.

    Links follow lives: what took over the code of an ended unit is another unit.
    """
    units_then = {key[1]: life.number for key, (life, _) in then.lives.items() if key[0] == "unit"}
    units_now = {key[1]: life.number for key, (life, _) in now.lives.items() if key[0] == "unit"}
    pairs = correspondence(passings(world), units_then, units_now, then.day, now.day)
    partners: Counter[str] = Counter(unit for a, b in pairs if a != b for unit in (a, b))
    shown = sorted([a, b] for a, b in pairs if a != b or partners[a])
    return (
        shown,
        sorted(units_then.keys() - {a for a, _ in pairs}),
        sorted(units_now.keys() - {b for _, b in pairs}),
    )


# --- the patch


def patch(older: Answer, newer: Answer) -> list[Answer]:
    """RFC 6902 operations that turn the keyed parts of one structure into those of another."""
    steps: list[Answer] = []
    for part in DIFFED:
        steps += _patch(f"/{part}", older[part], newer[part])
    return steps


def _patch(path: str, older: Any, newer: Any) -> list[Answer]:
    if older == newer:
        return []
    if not (isinstance(older, dict) and isinstance(newer, dict)):
        return [{"op": "replace", "path": path, "value": newer}]
    steps = []
    for name in sorted(older.keys() | newer.keys()):
        here = f"{path}/{name.replace('~', '~0').replace('/', '~1')}"
        if name not in newer:
            steps.append({"op": "remove", "path": here})
        elif name not in older:
            steps.append({"op": "add", "path": here, "value": newer[name]})
        else:
            steps += _patch(here, older[name], newer[name])
    return steps
