"""The world as it is known at one position: lives of all things, values of what has no life, and what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from domain import changes as e
from domain.acts import Act
from domain.claims import Key
from domain.dates import Day
from domain.lives import GRADES, Grade, Held, Life, Rival, Shown
from domain.pausing import pause

HANGS_BY = {"unit": "parent", "post": "unit"}
"""The attribute by which a thing of that kind hangs on a unit."""


@dataclass(frozen=True)
class Finding:
    """An anomaly that *rule* reports; *key* is the thing, *lo* and *hi* the days, *acts* what disagrees.

    *rival*: of claims that disagree, which is believed.
    """

    rule: str
    key: Key
    lo: Day
    hi: Day
    acts: tuple[Act, ...]
    detail: str
    rival: Rival | None = None

    @classmethod
    def between(cls, rule: str, key: Key, act: Act, other: Act, detail: str, rival: Rival | None = None) -> Finding:
        """What *rule* reports of two acts that disagree, from the latest day of the one to that of the other."""
        lo, hi = sorted((act.hi, other.hi))
        return cls(rule, key, lo, hi, (act, other), detail, rival)


@dataclass
class World:
    """Everything that is known at one position: lives of all things, and what has no life."""

    acts: list[Act]
    lives: dict[Key, list[Life]]
    first: dict[Key, dict[str, Held]]
    kinds: dict[str, str]
    instruments: dict[str, e.InstrumentIssued]
    unified: dict[str, str]
    findings: list[Finding]
    tenures: dict[str, tuple[str, str]]
    carried: dict[Key, dict[tuple[Key, Shown], None]] = field(default_factory=dict)
    """Thing → the things above it that its own evidence shows, with that evidence."""
    lost: frozenset[tuple[str, Key]] = frozenset()
    """The claims, each an `ENTRY#n` and a thing, that were not believed."""

    @cached_property
    def tenures_by_post(self) -> dict[str, list[Key]]:
        """Post → the keys of tenures in it."""
        return self._tenures_by(2)

    @cached_property
    def tenures_by_person(self) -> dict[str, list[Key]]:
        """Person → the keys of their tenures."""
        return self._tenures_by(1)

    def _tenures_by(self, part: int) -> dict[str, list[Key]]:
        """That part of their key → the keys of tenures."""
        found: dict[str, list[Key]] = {}
        for key in self.lives:
            if key[0] == "tenure":
                found.setdefault(key[part], []).append(key)
        return found

    @cached_property
    def acts_on_person(self) -> dict[str, list[Act]]:
        """Person → the acts on them, in the order of effect."""
        found: dict[str, list[Act]] = {}
        for act in self.acts:
            person = getattr(act.change, "person", None)
            if person is not None:
                found.setdefault(person, []).append(act)
        return found

    @cached_property
    def quantities(self) -> dict[str, Act]:
        """`ENTRY#n` → the act that gives a quantity."""
        return {act.target: act for act in self.acts if isinstance(act.change, e.QuantityObserved)}

    @cached_property
    def person_names(self) -> dict[str, dict[str, str]]:
        """Person → the name that they bear last: language → text."""
        found: dict[str, dict[str, str]] = {}
        for act in self.acts:
            change = act.change
            if isinstance(change, e.PersonRenamed):
                found[change.person] = change.name
            elif isinstance(change, e.PersonRegistered):
                found.setdefault(change.person, change.name)
        return found

    @cached_property
    def about_post(self) -> dict[str, list[Act]]:
        """Post → the sources that speak of its vacancy: empty closed lists of it, and coverage of it."""
        found: dict[str, list[Act]] = {}
        for act in self.acts:
            change = act.change
            empty = isinstance(change, e.ListAttested) and change.closed and not change.members
            if isinstance(change, e.CoverageDeclared | e.ListAttested) and change.scope.post is not None:
                if empty or isinstance(change, e.CoverageDeclared):
                    found.setdefault(change.scope.post, []).append(act)
        return found

    def things(self, kind: str) -> list[Key]:
        """The keys of every thing of *kind*, also of those that have values and no life."""
        return sorted({key for key in (*self.lives, *self.first) if key[0] == kind})

    def ever(self, key: Key, attribute: str) -> list[Held]:
        """Every value that *attribute* of a thing ever had or is claimed to have had."""
        given = [held for life in self.lives.get(key, ()) for held in life.values.get(attribute, ())]
        first = self.first.get(key, {}).get(attribute)
        return [first, *given] if first else given

    def of_kind(self, kind: str) -> Iterable[tuple[Key, list[Life]]]:
        """The things of a kind, with their lives."""
        return ((key, lives) for key, lives in self.lives.items() if key[0] == kind)

    def shown(self, key: Key, day: Day, lowest: Grade = "possible") -> tuple[Life, Grade] | None:
        """The life of *key* to show for *day*, with its grade: of two possible ones the surer, then the later.

        None, if none stands that day or none as surely as *lowest*.
        """
        pause()
        best: tuple[int, int] | None = None
        found = None
        for life in self.lives.get(key, ()):
            grade = life.grade(day)
            if grade is not None:
                order = (GRADES.index(grade), -life.number)
                if order[0] <= GRADES.index(lowest) and (best is None or order < best):
                    best, found = order, (life, grade)
        return found
