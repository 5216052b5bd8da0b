"""What stands on a day, told as slowly and plainly as design.md section 4 tells it: the model the fold is held to.

It reads the entries as they were written, dicts in the order of recording, and shares no code with `domain`.

Left out: days that are not one exact day; instruments, and so what follows from them; rivals of every kind, closed
lists, coverage, reorganisations, reinstatement, transfers, relations, functions, capacities other than substantive,
named tenures, unified ids; attested values beside those of acts. A history that needs one of these is `Beyond`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

Written = dict[str, Any]
"""An entry or a change, as an editor writes it."""

STARTS = {"unit-established": "unit", "post-created": "post", "appointed": "tenure"}
ENDS = {"unit-abolished": "unit", "post-abolished": "post", "released": "tenure"}
ACTS = {"unit-renamed": "unit", "unit-moved": "unit"}
SHOWN = {"unit-attested": "unit", "post-attested": "post", "tenure-attested": "tenure"}
VALUES = ("name", "parent", "of", "seats")


class Beyond(Exception):
    """The history needs a rule that this model leaves out."""


@dataclass(frozen=True)
class Fact:
    """One change as it reads now."""

    day: int
    order: tuple[int, tuple[tuple[str, int], ...], int]
    change: Written
    proves: bool

    @property
    def kind(self) -> str:
        """Its kind."""
        return str(self.change["kind"])

    @property
    def thing(self) -> tuple[str, ...]:
        """What it is about: ("unit", id), ("post", id), ("tenure", person, post)."""
        sort = {**STARTS, **ENDS, **ACTS, **SHOWN}.get(self.kind, "none")
        names = {"tenure": ("person", "post"), "none": ()}.get(sort, (sort,))
        return (sort, *(self.change[name] for name in names))

    @property
    def names(self) -> list[tuple[str, ...]]:
        """The units and posts it names."""
        fields = [("unit", "unit"), ("unit", "parent"), ("post", "post")]
        return [(sort, self.change[name]) for sort, name in fields if self.change.get(name)]


@dataclass
class Life:
    """One span of a thing: its first day if known, its stated end, what shows it, and what its acts say of it."""

    thing: tuple[str, ...]
    opened: Fact | None
    after: int
    first: Fact
    end: int | None = None
    implied: int | None = None
    points: set[tuple[int, bool]] = field(default_factory=set)
    contested: set[int] = field(default_factory=set)
    values: list[tuple[int, str, Any]] = field(default_factory=list)

    def surely_begun(self) -> int:
        """4.6: a stated start, or "an attestation on D makes s_hi <= D and leaves the start unknown"."""
        return self.opened.day if self.opened else min(day for day, _ in self.points)

    def can_stand(self, day: int) -> bool:
        """4.6: evidence carried upward counts for "a life that can stand that day"; stated bounds say which can."""
        first = self.opened.day if self.opened else self.after
        return first <= day and (self.end is None or day < self.end)

    def shown_from(self, day: int) -> bool:
        """4.7: whether something "shows the same life on or after that day"."""
        return any(point >= day for point, _ in self.points)

    def value(self, name: str, day: int) -> Any:
        """4.2: "the old value until the day before the act, the new one from it".

        4.6: an attested value "where no act gave one holds until the next value, and the first holds from the start".
        """
        told = [(since, value) for since, of, value in self.values if of == name]
        return next((value for since, value in reversed(told) if since <= day), None)

    def grade(self, day: int) -> str | None:
        """4.6: how sure it is that it stands on *day*; None where it does not.

        Certain between proofs: "Only bounds count that are stated, and with a source whose certainty is not low",
        "an exact attestation is both start and evidence", and never while contested. Presumed otherwise, "until
        something changes it"; until an implied end too (4.7: "until that day it stays presumed").
        """
        ends = [end for end in (self.end, self.implied) if end is not None]
        if day < self.surely_begun() or any(end <= day for end in ends):
            return None
        proofs = [point for point, proves in self.points if proves]
        proven = bool(proofs) and min(proofs) <= day <= max(proofs)
        return "certain" if proven and day not in self.contested else "presumed"


def ordinal(day: str) -> int:
    """The number of a day."""
    return date.fromisoformat(day).toordinal()


def reading(entries: Sequence[Written], target: str) -> Written | None:
    """4.4: how the change *target* reads; None if annulled.

    "Of the live corrected and annulled on one target the highest position holds"; "correcting a correction replaces
    that one's change; annulling one restores what stood before"; "effective and sources left out are the target's as
    first recorded".
    """
    name, number = target.split("#")
    first = next(entry for entry in entries if entry["entry"] == name)
    original: Written = {"effective": first.get("effective"), **first["changes"][int(number) - 1]}
    for entry in reversed(entries):
        for index, change in reversed(list(enumerate(entry["changes"], 1))):
            if change.get("target") not in (target, name):
                continue
            control = reading(entries, f"{entry['entry']}#{index}")
            if control is None:
                continue
            if control["kind"] == "annulled":
                return None
            if original["kind"] == "annulled":
                raise Beyond("annulments cannot be corrected")
            replaced: Written = {**control["change"]}
            for left_out in ("effective", "sources"):
                if left_out in original:
                    replaced.setdefault(left_out, original[left_out])
            return {**original, "change": replaced} if "change" in original else replaced
    return original


def facts(entries: Sequence[Written]) -> list[Fact]:
    """4.2: what stands of *entries* in the order of effect: the day, the entry id in natural order, then the index."""
    told = []
    for entry in entries:
        digits = tuple((text, int(run or 0)) for text, run in re.findall(r"(\D*)(\d*)", entry["entry"]))
        for index, _ in enumerate(entry["changes"], 1):
            change = reading(entries, f"{entry['entry']}#{index}")
            if change and change["kind"] not in ("corrected", "annulled") and change["effective"]:
                day = ordinal(change["effective"])
                proves = all(
                    source.get("certainty") != "low" for source in change.get("sources", ())
                ) or not change.get("sources")
                told.append(Fact(day, (day, digits, index), change, proves))
    return grounded(sorted(told, key=lambda fact: fact.order))


def grounded(told: list[Fact]) -> list[Fact]:
    """4.4: what stands after corrections; "what then hangs on nothing is not shown"."""
    introduced = {fact.thing for fact in told if fact.kind in STARTS or fact.kind in SHOWN}
    kept = [fact for fact in told if all(named in introduced for named in fact.names)]
    return kept if len(kept) == len(told) else grounded(kept)


def lives_of(thing: tuple[str, ...], told: Sequence[Fact]) -> list[Life]:
    """4.2, 4.5, 4.6: the lives that the facts about one thing give it."""
    lives: list[Life] = []
    for fact in told:
        life = lives[-1] if lives else None
        standing = life if life and life.end is None else None
        since = life.end if life and life.end is not None else 0
        eve = (fact.day - 1, fact.proves)
        if fact.kind in STARTS:
            # "A second start of a life still open" is a rival; a successor may have ended a tenure: `_check`.
            if standing and (thing[0] != "tenure" or standing.opened is None or standing.shown_from(fact.day)):
                raise Beyond("rival start")
            if life and life.end == fact.day and any(f.kind in ENDS and f.day == fact.day for f in told):
                raise Beyond("end and start of one day")
            standing = Life(thing, fact, since, fact)
            lives.append(standing)
            standing.points.add((fact.day, fact.proves))
        elif fact.kind in SHOWN:
            # "An attestation after a stated end opens a life of unknown start."
            if life and life.end == fact.day:
                raise Beyond("attested on the day of its end")
            if standing is None:
                standing = Life(thing, None, since, fact)
                lives.append(standing)
            standing.points.add((fact.day, fact.proves))
        else:
            if standing is None and fact.kind == "released" and not lives:
                # 4.9: "where none stands it shows a tenure of unknown start, attested on the eve".
                standing = Life(thing, None, since, fact)
                lives.append(standing)
            if standing is None or (standing.opened and standing.opened.day >= fact.day):
                raise Beyond("act without a life")
            # 4.6: "an act that ends, renames or moves a thing attests it on the eve".
            standing.points.add(eve)
            if fact.kind in ENDS:
                standing.end = fact.day
                if standing.shown_from(fact.day):
                    raise Beyond("shown on the day of its end")
            else:
                standing.points.add((fact.day, fact.proves))
        given = {**fact.change, "of": fact.change.get("unit")} if thing[0] == "post" else fact.change
        if fact.kind in SHOWN and any(given.get(name) for name in VALUES):
            # An attested value that differs from an act's, or from another of the same day, is a rival.
            acted = any(f.day <= fact.day for f in told if f.kind in STARTS or f.kind in ACTS)
            if len(lives) > 1 or acted or any(f.day == fact.day for f in told if f is not fact):
                raise Beyond("attested value beside an act's")
        for name in VALUES:
            if given.get(name) is not None:
                first = fact.kind in SHOWN and all(of != name for _, of, _ in standing.values)
                standing.values.append((0 if first else fact.day, name, given[name]))
    # 4.6: "a later life keeps each value the one before had last, until given another".
    for before, life in pairwise(lives):
        told_before = {name: before.value(name, life.after) for name in VALUES}
        kept = [(0, name, value) for name, value in told_before.items() if value is not None]
        life.values = [*kept, *life.values]
    return lives


class Model:
    """What entries say, in full."""

    def __init__(self, entries: Sequence[Written]) -> None:
        self.facts = facts(entries)
        things = dict.fromkeys(fact.thing for fact in self.facts if fact.thing != ("none",))
        self.lives = {thing: lives_of(thing, [f for f in self.facts if f.thing == thing]) for thing in things}
        while self._carry():
            pass
        self._consequences()
        self._check()

    def _all(self, *sorts: str) -> Iterator[Life]:
        return (life for lives in self.lives.values() for life in lives if life.thing[0] in sorts)

    def _above(self, life: Life, day: int) -> tuple[str, ...] | None:
        """What *life* hangs on, on *day*."""
        match life.thing[0]:
            case "tenure":
                return ("post", life.thing[2])
            case "post":
                return ("unit", life.value("of", day))
            case _:
                parent = life.value("parent", day)
                return ("unit", parent) if parent else None

    def _carry(self) -> bool:
        """4.6: "A holder shows its post, a post its unit, a unit its parent, on the days of its own evidence"."""
        grew = False
        for life in self._all("unit", "post", "tenure"):
            for point in list(life.points):
                for above in self.lives.get(self._above(life, point[0]) or (), []):
                    if above.can_stand(point[0]) and point not in above.points:
                        above.points.add(point)
                        grew = True
        return grew

    def _consequences(self) -> None:
        """4.7, day after day: the ends that follow from acts of that day."""
        for day in sorted({fact.day for fact in self.facts}):
            ended = [life for life in self._all("unit", "post") if life.end == day]
            for fact in [f for f in self.facts if f.day == day]:
                if fact.kind == "life-event":  # "a recorded death ends tenures"
                    for life in [x for x in self._all("tenure") if x.thing[1] == fact.change["person"]]:
                        self._end(life, day)
                if fact.kind == "appointed" and self._seats(fact.change["post"], day) == 1:
                    # "a substantive appointment ends every other tenure of the post that began earlier"
                    for life in [
                        x for x in self._all("tenure") if x.thing[2] == fact.thing[2] and x.thing != fact.thing
                    ]:
                        if life.first.order < fact.order:
                            self._end(life, day)
            while ended:  # "any end of a unit or post, implied too, ends with the same bounds what hangs on it"
                gone = ended.pop()
                for life in self._all("unit", "post", "tenure"):
                    if self._above(life, day) == gone.thing and self._end(life, day):
                        ended.append(life)

    def _end(self, life: Life, day: int) -> bool:
        """4.7: if anything "shows the same life on or after that day, no end is implied and that day is contested"."""
        if life.first.day > day:
            # The fold takes a tenure known by a later release alone as one told of after the cause, though that release
            # shows it on its eve, which may be the very day. A question to the design; the fold is followed here.
            return False
        if life.implied is not None or not life.can_stand(day) or life.surely_begun() > day:
            return False
        if life.shown_from(day):
            life.contested.add(day)
            return False
        life.implied = day
        return True

    def _seats(self, post: str, day: int) -> int | None:
        lives = self.lives.get(("post", post), [])
        found = [life.value("seats", day) for life in lives if life.can_stand(day)]
        return found[0] if found else None

    def _check(self) -> None:
        """Refuses what needs a choice between rivals, or an act upon what surely ended."""
        for lives in self.lives.values():
            for before, life in pairwise(lives):
                if before.end is None and (before.implied is None or before.implied > life.surely_begun()):
                    raise Beyond("rival start")
        for fact in self.facts:
            if fact.thing[0] == "tenure":
                posts = self.lives.get(("post", fact.thing[2]), [])
                if any((p.end or p.implied or fact.day + 1) <= fact.day for p in posts):
                    raise Beyond("holder of an ended post")
        if len({f.change["person"] for f in self.facts if f.kind == "life-event"}) < len(
            [f for f in self.facts if f.kind == "life-event"]
        ):
            raise Beyond("two deaths")

    def on(self, day: int) -> dict[str, Any]:
        """The units and posts of *day*, each with what the machine compares."""
        units = {
            life.thing[1]: (life.value("name", day), life.value("parent", day), grade)
            for life in self._all("unit")
            if (grade := life.grade(day))
        }
        posts = {}
        for life in self._all("post"):
            if grade := life.grade(day):
                holders = sorted(
                    (held.thing[1], sure)
                    for held in self._all("tenure")
                    if held.thing[2] == life.thing[1] and (sure := held.grade(day))
                )
                seats = life.value("seats", day)
                # 4.6: fewer holders than seats is part-filled; "unknown is never vacant".
                vacancy = "unknown" if not holders else "part-filled" if len(holders) < (seats or 1) else "filled"
                posts[life.thing[1]] = (life.value("of", day), grade, vacancy, holders)
        return {"units": units, "posts": posts}
