"""A structure as a page draws it: a nested list of units with their posts, each thing in it once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from api.hanging import hanging
from api.pages.dates import first_day
from domain.ids import natural
from domain.lives import GRADES
from projections.printed import Lists, in_printed_order
from projections.structure import Answer


@dataclass
class Branch:
    """A unit on a day, its posts, and what hangs on it; *apart*: what it hangs on is not shown here."""

    id: str
    said: Answer
    posts: list[tuple[str, Answer]]
    below: list[Branch] = field(default_factory=list)
    apart: str | None = None

    @property
    def size(self) -> int:
        """How many units and posts there are from here downwards, this one left out."""
        return len(self.posts) + sum(1 + branch.size for branch in self.below)


@dataclass
class Forest:
    """The units of a structure: those with something beneath them, the largest first, and the others."""

    trees: list[Branch]
    bare: list[Branch]
    posts: list[tuple[str, Answer]]
    """Posts of no unit that is shown."""


def forest(answer: Answer, lists: Lists) -> Forest:
    """The units and posts of a structure, in the printed order where there is one: of posts that of *lists*."""
    growing = _Growing(answer, lists)
    roots = list(growing.roots())
    trees = sorted((root for root in roots if root.size), key=lambda root: -root.size)
    return Forest(trees, [root for root in roots if not root.size], growing.posts_of[None])


class _Growing:
    """The branches of one structure, each unit taken once, though what is only possible may stand in a circle."""

    def __init__(self, answer: Answer, lists: Lists) -> None:
        self.units = answer["units"]
        self.left = set(self.units)
        self.below = hanging(self.units)
        self.posts_of: dict[str | None, list[tuple[str, Answer]]] = defaultdict(list)
        posts = answer["posts"]
        for unit, some in siblings(answer).items():
            self.posts_of[unit] = [(post, posts[post]) for post in in_printed_order(some, lists)]

    def roots(self) -> Iterator[Branch]:
        """The branches that hang on nothing shown; then circles, each from its first unit."""
        for unit in self.below.get(None, ()):
            yield self._branch(unit)
        while self.left:
            yield self._branch(min(self.left, key=natural))

    def _branch(self, unit: str) -> Branch:
        self.left.discard(unit)
        said = self.units[unit]
        parent = said["parent"]
        apart = parent if parent and parent not in self.units else None
        branch = Branch(unit, said, self.posts_of[unit], apart=apart)
        branch.below = [self._branch(below) for below in self.below.get(unit, ()) if below in self.left]
        return branch


def siblings(answer: Answer) -> dict[str | None, list[str]]:
    """The posts of each unit of a structure, by their first day and id; None: of no unit that it shows."""
    posts, found = answer["posts"], defaultdict[str | None, list[str]](list)
    for post in sorted(posts, key=lambda post: (first_day(posts[post]["since"]), natural(post))):
        unit = posts[post]["unit"]
        found[unit if unit in answer["units"] else None].append(post)
    return found


def crowded(answer: Answer) -> list[str]:
    """The posts that share their unit with others, and so need an order."""
    return [post for unit, some in siblings(answer).items() if unit and len(some) > 1 for post in some]


def grades_of(answer: Answer) -> dict[str, int]:
    """How many facts of a structure have each grade, and how many are contested."""
    facts = [said for part in ("units", "posts", "relations", "functions") for said in answer[part].values()]
    facts += [held for post in answer["posts"].values() for held in post["holders"].values()]
    counted = Counter(said["grade"] for said in facts)
    told: dict[str, int] = {grade: counted[grade] for grade in GRADES}
    return {**told, "all": len(facts), "contested": sum(said["contested"] for said in facts)}
