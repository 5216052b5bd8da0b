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
        self.tenures_in: dict[str, dict[Key, int]] = defaultdict(dict)
        """Post → the tenures in it, each with its number in the order in which they came."""
        self._open_in: dict[str, set[Key]] = defaultdict(set)
        """Post → those of its tenures that may be open: all that are, and perhaps others."""
        self._ever_under: dict[str, set[Key]] = defaultdict(set)
        """Unit → the units that were ever said to be under it."""
        self._came: dict[Key, int] = {}
        """Unit → its number in the order in which they came to life."""
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
            self.note(claim.key, attribute, value)

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
                self.tenures_in[post].setdefault(key, len(self.tenures_in[post]))
                self._open_in[post].add(key)
                self.tenures_of[person][key] = None
            case ("unit", _):
                self._came.setdefault(key, len(self._came))
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

    def note(self, key: Key, attribute: str, value: Value) -> None:
        """Keep the index of what was ever under each unit: *attribute* of *key* is given *value*."""
        if attribute == "parent" and isinstance(value, str):
            self._ever_under[value].add(key)

    def last(self, key: Key) -> Life | None:
        """The last life of *key*; None if it has none yet."""
        lives = self.lives.get(key)
        return lives[-1] if lives else None

    def open(self, key: Key) -> list[Life]:
        """The lives of *key* that no act has ended."""
        return [life for life in self.lives.get(key, ()) if life.end is None]

    def open_in(self, post: str) -> list[Key]:
        """The tenures of *post* that no act has ended, in the order in which they came."""
        tenures = self._open_in[post]
        tenures -= {key for key in tenures if not self.open(key)}  # those that ended since are not asked again
        return sorted(tenures, key=self.tenures_in[post].__getitem__)

    def value(self, key: Key, attribute: str, day: Day) -> Value:
        """The value on *day* of the last life of *key*, or its first value if it has no life."""
        life = self.last(key)
        if life is not None:
            return life.value(attribute, day)
        held = self.first.get(key, {}).get(attribute)
        return held.value if held else None

    def in_scope(self, scope: Scope, day: Day) -> list[Key]:
        """The things that *scope* holds on *day*: units under a parent, open tenures in a post, or relations."""
        if scope.post is not None:
            return self.open_in(scope.post)
        if scope.parent is not None:
            units = sorted(self._ever_under[scope.parent] & self._came.keys(), key=self._came.__getitem__)
            keys = [key for key in units if self.value(key, "parent", day) == scope.parent]
        else:
            about = self.related[scope.object or ""]
            keys = [key for key in about if key[0] == "relation" and key[2:] == (scope.relation, scope.object)]
        if scope.unit_kind is not None:
            keys = [key for key in keys if self.value(unit_key(key[1]), "kind", day) == scope.unit_kind]
        return keys
