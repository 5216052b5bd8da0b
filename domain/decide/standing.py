"""What would stand, and cannot: ends before starts, releases that fit two, units under themselves (design 4.9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from domain.acts import Act
from domain.changes import CONTROLS
from domain.claims import Key, unit_key
from domain.dates import BEFORE_ALL, Day, iso
from domain.errors import Reason
from domain.events import Event
from domain.lives import Life
from domain.world import Finding, World


def ends_before_start(after: World, events: Sequence[Event]) -> Iterator[Reason]:
    """A named tenure, or a thing begun by the same entry, that would end before it begins.

    The fold makes two lives of such a thing: one of unknown start that ends, then one that begins.
    """
    ours = {event.target for event in events}
    for key, lives in after.lives.items():
        for ended in lives:
            ends = ended.end.claims if ended.end else []
            if not ends:
                continue
            if ended.starts and min(act.hi for act in ends) < ended.start_lo:
                yield _too_soon(key, ends, ended, events)
            for begun in lives[ended.number + 1 :]:
                one_name = ended.named is not None and begun.named == ended.named
                one_entry = not ended.starts and all(
                    any(act.target in ours for act in side) for side in (ends, begun.starts)
                )
                if begun.starts and (one_name or one_entry):
                    yield _too_soon(key, ends, begun, events)


def _too_soon(key: Key, ends: Sequence[Act], begun: Life, events: Sequence[Event]) -> Reason:
    acts = [*ends, *begun.starts]
    end, start = iso(min(act.hi for act in ends)), iso(begun.start_lo)
    detail = f"{' '.join(key)} would end by {end}, before it begins, {start} at the earliest"
    return Reason("end-before-start", _number_of(acts, events), end, detail)


def _number_of(acts: Iterable[Act], events: Sequence[Event]) -> int | None:
    """The number of the change by which *events* make the first of *acts* that they make, state or correct.

    If they make none of them, they took something away: that of the first that does.
    """
    numbers = {event.target: event.index for event in events}
    names = (name for act in acts for name in (act.target, act.corrected_by) if name in numbers)
    controls = [event.index for event in events if isinstance(event.change, CONTROLS)]
    made = next(names, None)
    return numbers[made] if made else next(iter(controls), None)


def ambiguous_releases(findings: Iterable[Finding], ours: set[str]) -> Iterator[Reason]:
    """Releases of the entry, by person and post, where two tenures stand on the eve."""
    for finding in findings:
        act = finding.acts[0]
        if finding.rule == "ambiguous-tenure" and act.target in ours:
            detail = f"{finding.key[1]!r} holds {finding.key[2]!r} twice on the eve: name one by `tenure`"
            yield Reason("ambiguous-release", act.event.index, iso(act.hi), detail)


def parent_cycles(after: World, events: Sequence[Event]) -> Iterator[Reason]:
    """Units that would stand under themselves at the end of some day, each ring once.

    Only units that hang on one another at any time at all can do so; there are hardly ever any.
    """
    suspects = _on_rings({key[1]: _parents_ever(after, key) for key in after.things("unit")})
    lives = [life for unit in suspects for life in after.lives.get(unit_key(unit), ())]
    given = (held.day for life in lives for held in life.values.get("parent", ()))
    found: set[str] = set()
    for day in sorted({day for life in lives for day in life.change_days()}.union(given)):
        for unit in sorted(suspects) if day > BEFORE_ALL else ():
            ring = None if unit in found else _ring(after, unit, day)
            if ring:
                found |= set(ring)
                acts = (act for one in ring for life in after.lives[unit_key(one)] for act in life.acts)
                detail = f"{ring[0]!r} would stand under itself: " + " under ".join([*ring, ring[0]])
                yield Reason("parent-cycle", _number_of(acts, events), iso(day), detail)


def _parents_ever(world: World, key: Key) -> set[str]:
    return {held.value for held in world.ever(key, "parent") if isinstance(held.value, str)}


def _on_rings(parents: Mapping[str, set[str]]) -> set[str]:
    """The units from which a way leads, by any parents they ever had, back to themselves."""
    sorter = TopologicalSorter(parents)
    left = dict(parents)
    try:
        sorter.prepare()
    except CycleError:
        pass
    else:
        return set()
    while True:  # take away what hangs on nothing left, or on which nothing left hangs
        hung_on = {parent for above in left.values() for parent in above}
        out = {unit for unit, above in left.items() if unit not in hung_on or not (above & left.keys())}
        if not out:
            return set(left)
        left = {unit: above - out for unit, above in left.items() if unit not in out}


def _ring(world: World, unit: str, day: Day) -> list[str] | None:
    """The ring of parents on which *unit* stands at the end of *day*, if it does."""
    seen: list[str] = []
    at: object = unit
    while isinstance(at, str):
        if at in seen:
            return seen[seen.index(at) :] if at == unit else None
        seen.append(at)
        shown = world.shown(unit_key(at), day)
        at = shown[0].value("parent", day) if shown else None
    return None
