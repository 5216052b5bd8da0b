"""What stands: the lives begun so far in a pass, and what hangs on what.

One id may have several lives (design 1); a later life keeps each value that the one before had last, until it is
given another (4.6). A unit or post hangs on the unit that its `parent` or `unit` names on the day of the act.
"""

from __future__ import annotations

from collections import defaultdict

from domain.acts import Act
from domain.changes import Scope
from domain.claims import Claim, Key, Value, unit_key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day
from domain.lives import Held, Life
from domain.world import HANGS_BY


class Standing:
    """The lives begun so far, and the indexes by which consequences find them."""

    def __init__(self) -> None:
        self.lives: dict[Key, list[Life]] = defaultdict(list)
        self.first: dict[Key, dict[str, Held]] = defaultdict(dict)
        """The values that things have before any act gives one."""
        self.hanging: dict[str, dict[Key, None]] = defaultdict(dict)
        """Unit → the units and posts that hang on it."""
        self._hangs_on: dict[Key, str | None] = {}
        self.tenures_in: dict[str, dict[Key, None]] = defaultdict(dict)
        """Post → the tenures in it."""
        self.tenures_of: dict[str, dict[Key, None]] = defaultdict(dict)
        """Person → their tenures."""
        self.related: dict[str, dict[Key, None]] = defaultdict(dict)
        """Unit or post → the relations and functions that it stands in."""
        self.functions: dict[str, dict[Key, None]] = defaultdict(dict)
        """Function → it at each of its holders."""
        self.deaths: dict[str, Act] = {}
        """Person → what reports their death."""

    def introduce(self, claim: Claim) -> None:
        """Take in the values of *claim* as first ones, where none is known: no life begins by it."""
        for attribute, value in claim.values.items():
            self.first[claim.key].setdefault(attribute, Held(BEFORE_ALL, value, claim.act, "first"))

    def begin(self, claim: Claim) -> Life:
        """A new life of the thing that *claim* is about."""
        key, lives = claim.key, self.lives[claim.key]
        first: dict[str, Held] = dict(self.first.get(key, {}))
        after = BEFORE_ALL
        if lives:
            last = lives[-1]
            after = last.end.lo if last.end else BEFORE_ALL
            for attribute in last.first.keys() | last.values.keys():
                held = last.held(attribute, AFTER_ALL)
                if held:
                    first[attribute] = Held(BEFORE_ALL, held.value, held.act, "first")
        life = Life(key, len(lives), after, first, claim.tenure)
        lives.append(life)
        match key:
            case ("tenure", person, post):
                self.tenures_in[post][key] = None
                self.tenures_of[person][key] = None
            case ("relation", subject, _, object_):
                self.related[subject][key] = None
                self.related[object_][key] = None
            case ("function", holder, function):
                self.related[holder][key] = None
                self.functions[function][key] = None
        self.hang(life, claim.act.hi)
        return life

    def hang(self, life: Life, day: Day) -> None:
        """Keep the index of what hangs on each unit, as it is on *day*."""
        attribute = HANGS_BY.get(life.key[0])
        if attribute:
            before, now = self._hangs_on.get(life.key), life.value(attribute, day)
            if before is not None:
                del self.hanging[before][life.key]
            self._hangs_on[life.key] = now if isinstance(now, str) else None
            if isinstance(now, str):
                self.hanging[now][life.key] = None

    def last(self, key: Key) -> Life | None:
        """The last life of *key*; None if it has none yet."""
        lives = self.lives.get(key)
        return lives[-1] if lives else None

    def open(self, key: Key) -> list[Life]:
        """The lives of *key* that no act has ended."""
        return [life for life in self.lives.get(key, ()) if life.end is None]

    def value(self, key: Key, attribute: str, day: Day) -> Value:
        """The value on *day* of the last life of *key*, or its first value if it has no life."""
        life = self.last(key)
        if life is not None:
            return life.value(attribute, day)
        held = self.first.get(key, {}).get(attribute)
        return held.value if held else None

    def in_scope(self, scope: Scope, day: Day) -> list[Key]:
        """The things that *scope* holds on *day*: units under a parent, tenures in a post, or relations."""
        if scope.post is not None:
            return list(self.tenures_in[scope.post])
        if scope.parent is not None:
            units = [key for key, lives in self.lives.items() if key[0] == "unit" and lives]
            keys = [key for key in units if self.value(key, "parent", day) == scope.parent]
        else:
            about = self.related[scope.object or ""]
            keys = [key for key in about if key[0] == "relation" and key[2:] == (scope.relation, scope.object)]
        if scope.unit_kind is not None:
            keys = [key for key in keys if self.value(unit_key(key[1]), "kind", day) == scope.unit_kind]
        return keys
