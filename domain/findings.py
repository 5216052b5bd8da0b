"""The anomalies that the rules report: one function a rule, over a world. A finding never blocks an entry."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TypeAlias

from domain import changes as e
from domain.acts import Act
from domain.claims import Key, post_key, unit_key
from domain.counts import counts
from domain.dates import AFTER_ALL, BEFORE_ALL, Day, iso
from domain.lives import Held, Life
from domain.pausing import pause
from domain.vacancy import tenures_in, vacant_spans
from domain.world import Finding, World

SHORTEST_NAME = 5
"""Letters of a name that is looked for inside a text; shorter ones stand for too many things."""


def all_findings(world: World) -> list[Finding]:
    """Every finding of *world*: those the fold made on its way, and those of the rules here."""
    return [*world.findings, *(finding for rule in RULES_OF_A_WORLD for finding in rule(world))]


def findings_of(world: World, entry: str) -> tuple[Finding, ...]:
    """The findings that *entry* has a part in."""
    return tuple(f for f in all_findings(world) if any(act.event.entry == entry for act in f.acts))


def vacancies(world: World) -> Iterator[Finding]:
    """A span in which a post stands and something says that nobody holds it."""
    for key, _ in world.of_kind("post"):
        pause()
        for act, first, last in vacant_spans(world, key[1]):
            left = [life for life in tenures_in(world, key[1]) if life.end and life.e_hi <= first]
            before = max(left, key=lambda life: life.e_hi, default=None)
            if before is None or before.end is None:
                yield Finding("vacancy", key, first, last, (act,), "nobody is known to have held it before")
            else:
                why = f"vacant since {before.key[1]!r} left it, {before.until}"
                yield Finding("vacancy", key, first, last, (act, before.end.act), why)


def posts_without_holder(world: World) -> Iterator[Finding]:
    """A post that stood, and of which no tenure is known at any time."""
    for key, lives in world.of_kind("post"):
        if not tenures_in(world, key[1]):
            for life in lives:
                last = life.e_hi - 1 if life.end else life.evidence or life.s_hi
                yield Finding(
                    "post-without-holder", key, life.s_lo, last, (life.cause,), "nobody is known to have held it"
                )


def count_mismatches(world: World) -> Iterator[Finding]:
    """A claimed number that fits neither those who held a post in the time, nor who began, nor who ended."""
    for count in counts(world):
        if not count.fits:
            claim = count.claim
            key: Key = ("post", claim.post) if claim.post else ("unit", claim.unit or "")
            recorded = f"recorded: {len(count.held)} held it, {len(count.began)} began, {len(count.ended)} ended"
            detail = f"{claim.value} claimed ({claim.what}); {recorded}"
            yield Finding("count-mismatch", key, claim.during.earliest, claim.during.latest, (count.act,), detail)


def stale_functions(world: World) -> Iterator[Finding]:
    """A function whose text names a unit that does not bear that name, or does not stand, on the day it is shown."""
    names = _names_borne(world)
    for key, lives in world.of_kind("function"):
        for life in lives:
            day, text = life.cause.hi, life.value("text", life.cause.hi)
            if not isinstance(text, dict) or not BEFORE_ALL < day < AFTER_ALL:
                continue
            for language, words in text.items():
                pause()
                current = [n for n, u in names.get(language, ()) if _bears(world, u, language, n, day)]
                for name, unit in names.get(language, ()):
                    if name not in current and _named_in(name, words, current):
                        detail = f"its text names {name!r}, the name of {unit!r}, which no unit bears that day"
                        yield Finding("stale-function", key, day, day, (life.cause,), detail)


def _names_borne(world: World) -> dict[str, list[tuple[str, str]]]:
    """Language → (name, unit) for every name that a unit ever bore."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for key in world.things("unit"):
        for held in world.ever(key, "name"):
            if isinstance(held.value, dict):
                for language, name in held.value.items():
                    if len(name) >= SHORTEST_NAME:
                        found[language].add((name, key[1]))
    return {language: sorted(names) for language, names in found.items()}


def _bears(world: World, unit: str, language: str, name: str, day: Day) -> bool:
    shown = world.shown(unit_key(unit), day)
    borne = shown[0].value("name", day) if shown else None
    return isinstance(borne, dict) and borne.get(language) == name


def _named_in(name: str, words: str, current: list[str]) -> bool:
    """Whether *words* hold *name* elsewhere than inside a current name."""
    rest = words
    for other in sorted(current, key=len, reverse=True):
        rest = re.sub(re.escape(other), " ", rest, flags=re.IGNORECASE)
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", rest, flags=re.IGNORECASE) is not None


def anachronistic_names(world: World) -> Iterator[Finding]:
    """A source or a claim of some days that calls a unit or post by a name that acts give it at another time alone."""
    for act in world.acts:
        pause()
        for key, days, called in _calls(act):
            lo, hi = days
            borne = [
                held for held in world.ever(key, NAMED[key[0]]) if held.given != "attested" and held.act is not act
            ]
            for language, wrong, other in _of_another_time(world, key, days, called, borne):
                when = f"only from {iso(other.day)}" if other.day > hi else f"no longer on {iso(lo)}"
                detail = f"it calls {key[1]!r} {wrong!r} ({language}), as it was called {when}"
                yield Finding("anachronistic-name", key, lo, hi, (act,), detail)


NAMED = {"unit": "name", "post": "title"}
"""What a thing is called by, by kind of thing."""

Called: TypeAlias = Callable[[str, str, list[str]], bool]
"""Whether a source calls a thing by a name: by language, the name, and its names that are right."""


def _calls(act: Act) -> Iterator[tuple[Key, tuple[Day, Day], Called]]:
    """The units and posts that a source or claim may call by a name, with the first and last day that it is about."""
    change = act.change
    match change:
        case e.UnitAttested() | e.PostAttested():
            key: Key = unit_key(change.unit) if isinstance(change, e.UnitAttested) else post_key(change.post)
            given = change.name if isinstance(change, e.UnitAttested) else change.title
            yield key, (act.lo, act.hi), lambda language, name, right: (given or {}).get(language) == name
        case e.AssessmentMade() | e.StatementMade() | e.MandateDeclared():
            about = change.unit if isinstance(change, e.MandateDeclared) else change.about
            during = None if isinstance(change, e.MandateDeclared) else change.during
            days = (during.earliest, during.latest) if during else (act.lo, act.hi)
            for key in (unit_key(about), post_key(about)):
                yield key, days, lambda language, name, right: _named_in(name, change.gist.get(language, ""), right)


def _of_another_time(
    world: World, key: Key, days: tuple[Day, Day], called: Called, borne: list[Held]
) -> Iterator[tuple[str, str, Held]]:
    """(language, name, what gives it) of the names in *borne* that a thing is called by and has on none of *days*."""
    lo, hi = days
    if not BEFORE_ALL < lo <= hi < AFTER_ALL:
        return
    among = [lo, *(held.day for held in borne if lo < held.day <= hi)]
    then = [held.value for day in among for held in _given_by_act(world, key, day)]
    seen = set[tuple[str, str]]()
    for held in borne if then else ():
        for language, name in held.value.items() if isinstance(held.value, dict) else ():
            right = [names[language] for names in then if isinstance(names, dict) and language in names]
            if name not in right and right and (language, name) not in seen and len(name) >= SHORTEST_NAME:
                seen.add((language, name))
                if called(language, name, right):
                    yield language, name, held


def _given_by_act(world: World, key: Key, day: Day) -> Iterator[Held]:
    """What acts call a thing on *day*: of each life that can stand then the last given."""
    for life in world.lives.get(key, ()):
        if life.s_lo <= day < life.e_hi:
            given = [one for one in life.values.get(NAMED[key[0]], ()) if one.given != "attested" and one.day <= day]
            first = life.first.get(NAMED[key[0]])
            if given:
                yield max(given, key=lambda held: held.day)
            elif first:
                yield first


def unresolved_citations(world: World) -> Iterator[Finding]:
    """A source that is cited and that no entry registers."""
    registered = {act.change.source for act in world.acts if isinstance(act.change, e.SourceRegistered)}
    citing: dict[str, list[Act]] = defaultdict(list)
    for act in world.acts:
        for cited in act.sources:
            if cited.source not in registered:
                citing[cited.source].append(act)
    for source, acts in sorted(citing.items()):
        detail = f"{len(acts)} changes cite {source!r}, which no entry registers"
        yield Finding("unresolved-citation", ("source", source), AFTER_ALL, BEFORE_ALL, tuple(acts), detail)


def unknown_codes(world: World) -> Iterator[Finding]:
    """A unit kind, relation or instrument kind that the institution's code lists do not hold."""
    declared = [act.change for act in world.acts if isinstance(act.change, e.InstitutionDeclared)]
    if not declared:
        return
    lists = {
        "unit kind": set(declared[-1].unit_kinds),
        "relation": set(declared[-1].relations),
        "instrument kind": set(declared[-1].instrument_kinds),
    }
    for act in world.acts:
        for sort, code in sorted(set(_codes(act.change))):
            if lists[sort] and code not in lists[sort]:
                yield Finding(
                    "unknown-code", (), act.lo, act.hi, (act,), f"{code!r} is no {sort} of the institution's list"
                )


def _codes(change: e.Change) -> Iterator[tuple[str, str]]:
    for field, sort in (("unit_kind", "unit kind"), ("relation", "relation"), ("instrument_kind", "instrument kind")):
        code = getattr(change, field, None)
        if code is not None:
            yield sort, code
    if isinstance(change, e.UnitsReorganized):
        yield from (("unit kind", new.unit_kind) for new in change.after if new.unit_kind is not None)
    elif isinstance(change, e.ListAttested | e.CoverageDeclared):
        yield from _codes_of_scope(change.scope)


def _codes_of_scope(scope: e.Scope) -> Iterator[tuple[str, str]]:
    if scope.unit_kind is not None:
        yield "unit kind", scope.unit_kind
    if scope.relation is not None:
        yield "relation", scope.relation


def successor_mismatches(world: World) -> Iterator[Finding]:
    """A successor that an abolition names and that does not stand on that day."""
    for act in world.acts:
        if isinstance(act.change, e.UnitAbolished) and act.hi < AFTER_ALL:
            for successor in act.change.successors:
                if world.shown(unit_key(successor), act.hi) is None:
                    detail = f"the successor {successor!r} does not stand on {iso(act.hi)}"
                    yield Finding("successor-mismatch", unit_key(act.change.unit), act.lo, act.hi, (act,), detail)


def incomparable_dates(world: World) -> Iterator[Finding]:
    """Two acts on one thing that their dates leave in doubt which came first: the rules chose an order."""
    for key, lives in world.lives.items():
        for life in lives:
            for attribute, given in life.values.items():
                acts = [held.act for held in given if held.given == "act"]
                for one, other in pairwise(acts):
                    if _overlap(one, other):
                        yield _incomparable(key, one, other, attribute)
    for key, lives in world.of_kind("post"):
        if any(life.value("seats", life.e_hi - 1) == 1 for life in lives):
            starts = sorted((life for life in tenures_in(world, key[1]) if life.start), key=_start_order)
            for before, after in pairwise(starts):
                if before.start and after.start and _overlap(before.start, after.start):
                    yield _incomparable(key, before.start, after.start, "holder")


def _start_order(life: Life) -> tuple[object, ...]:
    return life.start.order if life.start else ()


def _overlap(one: Act, other: Act) -> bool:
    exact = one.lo == one.hi and other.lo == other.hi
    return not exact and one.lo <= other.hi and other.lo <= one.hi


def _incomparable(key: Key, one: Act, other: Act, what: str) -> Finding:
    lo, hi = max(one.lo, other.lo), min(one.hi, other.hi)
    return Finding("incomparable-dates", key, lo, hi, (one, other), f"{what}: either may have come first")


RULES_OF_A_WORLD: tuple[Callable[[World], Iterator[Finding]], ...] = (
    vacancies,
    posts_without_holder,
    count_mismatches,
    stale_functions,
    anachronistic_names,
    unresolved_citations,
    unknown_codes,
    successor_mismatches,
    incomparable_dates,
)
