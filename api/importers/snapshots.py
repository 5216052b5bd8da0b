"""Snapshots: what a list shows on each of several days, and what must have changed in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from api.importers.facts import CHANGED
from api.importers.sources import Data
from domain.dates import Day


@dataclass
class Snapshot:
    """What a list shows on a day: each thing with what it says of it, each post with its holders if it says any."""

    on: Day
    text: str
    units: dict[str, Data] = field(default_factory=dict)
    """Unit → name, unit_kind, parent, order: those of them that are said."""
    posts: dict[str, Data] = field(default_factory=dict)
    """Post → title, unit, seats."""
    holders: dict[str, dict[str, str | None]] = field(default_factory=dict)
    """Post → person → capacity; without any, a post that is said to be vacant. Of a post left out nothing is said."""
    relations: dict[tuple[str, str, str], Data] = field(default_factory=dict)
    persons: dict[str, Data] = field(default_factory=dict)
    """Person → names by language."""
    unsure: set[str] = field(default_factory=set)
    """Things that the list itself is not sure of."""

    @property
    def parents_first(self) -> list[str]:
        """The units, each behind that on which it hangs."""
        placed: dict[str, None] = {}
        for unit in self.units:
            above, at = [unit], self.units[unit].get("parent")
            while at in self.units and at not in placed and at not in above:
                above.append(at)
                at = self.units[at].get("parent")
            placed.update(dict.fromkeys(reversed(above)))
        return list(placed)


@dataclass(frozen=True)
class Differences:
    """What must have changed between two snapshots; *complete*: what one of them leaves out did not stand."""

    before: Snapshot
    after: Snapshot
    complete: bool

    def all(self) -> list[Data]:
        """The changes, inferred, in an order in which they can be."""
        made = [*self._begun(), *self._other_values(), *self._hands(), *self._relations(), *self._ended()]
        return [{**change, "basis": "inferred"} for change in made]

    def _begun(self) -> Iterator[Data]:
        if not self.complete:
            return
        for unit in self.after.parents_first:
            said = self.after.units[unit]
            if unit not in self.before.units and "name" in said:
                yield {"kind": "unit-established", "unit": unit, **said}
        for post, said in self.after.posts.items():
            if post not in self.before.posts and "title" in said:
                yield {"kind": "post-created", "post": post, **said}

    def _other_values(self) -> Iterator[Data]:
        for unit in sorted(self.before.units.keys() & self.after.units.keys()):
            then, now = self.before.units[unit], self.after.units[unit]
            if _differ(then.get("name"), now.get("name")):
                yield {"kind": CHANGED["unit", "name"], "unit": unit, "name": now["name"]}
            if "parent" in then and "parent" in now and then["parent"] != now["parent"]:
                yield {"kind": CHANGED["unit", "parent"], "unit": unit, "parent": now["parent"]}
        for post in sorted(self.before.posts.keys() & self.after.posts.keys()):
            then, now = self.before.posts[post], self.after.posts[post]
            if _differ(then.get("title"), now.get("title")):
                yield {"kind": CHANGED["post", "title"], "post": post, "title": now["title"]}
            for name in ("unit", "seats", "portfolio"):
                if name in then and name in now and then[name] != now[name]:
                    yield {"kind": CHANGED["post", name], "post": post, name: now[name]}

    def _hands(self) -> Iterator[Data]:
        """Who left a post and who took one, where both lists say who held it."""
        if not self.complete:
            return
        begun: list[Data] = []
        for post, now in self.after.holders.items():
            then = self.before.holders.get(post)
            if then is None and post in self.before.posts:
                continue  # who held it before nobody says
            for person in sorted((then or {}).keys() - now.keys()):
                yield {"kind": "released", "person": person, "post": post}
            for person in sorted(now.keys() - (then or {}).keys()):
                how = now[person] or "substantive"
                begun.append({"kind": "appointed", "person": person, "post": post, "capacity": how})
        yield from begun

    def _relations(self) -> Iterator[Data]:
        if not self.complete or not (self.before.relations and self.after.relations):
            return
        for kind, relations in (
            ("relation-ended", self.before.relations.keys() - self.after.relations.keys()),
            ("relation-started", self.after.relations.keys() - self.before.relations.keys()),
        ):
            for subject, relation, other in sorted(relations):
                yield {"kind": kind, "subject": subject, "relation": relation, "object": other}

    def _ended(self) -> Iterator[Data]:
        """What is gone, but for what is gone with that on which it hung."""
        if not self.complete:
            return
        gone = self.before.units.keys() - self.after.units.keys()
        for post in sorted(self.before.posts.keys() - self.after.posts.keys()):
            if self.before.posts[post].get("unit") not in gone:
                yield {"kind": "post-abolished", "post": post}
        for unit in sorted(gone):
            if self.before.units[unit].get("parent") not in gone:
                yield {"kind": "unit-abolished", "unit": unit}


def _differ(then: Any, now: Any) -> bool:
    """Whether two names say otherwise in a language that both have."""
    return bool(then and now) and any(then[language] != now[language] for language in then.keys() & now.keys())
