"""Who and what is called so: things by their names, however those are spelled, the best first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol, TypeAlias

from domain.claims import Key
from domain.dates import AFTER_ALL, Day, iso
from domain.lives import GRADES, Grade, Life
from domain.world import World
from projections.spelling import SHORT, beginning, folded, skeleton, words
from projections.structure import Answer
from projections.tables.names import NAMED, NAMED_BY, Days, Spelling, named, spellings

How: TypeAlias = Literal["name", "words", "beginnings", "inside", "near"]
HOWS: tuple[How, ...] = ("name", "words", "beginnings", "inside", "near")
"""How a name holds what is looked for, the best first: it is that and no more; all words are words of it; each word
is one, or begins one; each is one, begins one, or stands inside one; each has the consonants of one, which is asked
where nothing else is found."""

MOST_SIGNS, MOST_WORDS = 200, 12

Called: TypeAlias = dict[str, str] | None
"""Language → text."""


class NothingToSearch(ValueError):
    """A text that cannot be looked for: without any letter or digit, too long, or of too many words."""


class Wanted:
    """What is looked for. Raises: NothingToSearch."""

    def __init__(self, text: object) -> None:
        if not isinstance(text, str) or len(text) > MOST_SIGNS:
            raise NothingToSearch(f"a name has at most {MOST_SIGNS} signs")
        self.text = text.strip()
        self.words = words(text)
        if not self.words:
            raise NothingToSearch("it holds no letter and no digit to look for")
        if len(self.words) > MOST_WORDS:
            raise NothingToSearch(f"at most {MOST_WORDS} words are looked for at once")

    @cached_property
    def steps(self) -> tuple[tuple[How, tuple[str, ...]], ...]:
        """What a folded name must hold, step by step; but for the last, what one step finds the next finds too."""
        begun = [beginning(word) for word in self.words]
        start = [f"{' ' * max(1, SHORT - len(word))}{word}" for word in begun]
        inside = [word if len(word) >= SHORT else padded for word, padded in zip(begun, start, strict=True)]
        whole = [f" {word} " for word in self.words]
        near = [f" {bare} " if (bare := skeleton(word)) else f" {word} " for word in self.words]
        held = zip(HOWS[1:], (whole, start, inside, near), strict=True)
        return tuple((how, tuple(dict.fromkeys(parts))) for how, parts in held)

    def how(self, name: str) -> How | None:
        """How *name* holds it; None if it does not."""
        kept = folded(name)
        held = next((how for how, parts in self.steps if all(part in kept for part in parts)), None)
        return "name" if held == "words" and sorted(words(name)) == sorted(self.words) else held

    def order(self, spelling: Spelling, how: How) -> tuple[object, ...]:
        """Sorts the best match first; of two alike the one that is written alike, or begins so, then the shorter."""
        alike = self.text.casefold() in spelling.text.casefold()
        begins = folded(spelling.text).startswith(f"  {beginning(self.words[0])}")
        return (
            HOWS.index(how),
            not alike,
            not begins,
            not spelling.own,
            spelling.hi < AFTER_ALL,
            len(spelling.text),
            *spelling[3:],
        )


class Names(Protocol):
    """What things are called, as known at one position."""

    def holding(
        self, parts: Sequence[str], kinds: Sequence[str], days: Days | None, most: int
    ) -> Iterable[tuple[Key, Spelling]]:
        """Spellings that hold every one of *parts* when folded, borne on one of *days*; *most*, or few more."""

    def of(self, keys: Iterable[Key]) -> Mapping[Key, Iterable[Spelling]]:
        """All spellings of things."""

    def standing(self, keys: Iterable[Key], days: Days) -> Mapping[Key, tuple[Grade, Called]]:
        """The units and posts among *keys* that stand on one of *days*, how surely, and what they are called then."""


@dataclass(frozen=True)
class WorldNames:
    """The names of a world: what a search of it means, found by looking at each."""

    world: World

    def holding(
        self, parts: Sequence[str], kinds: Sequence[str], days: Days | None, most: int
    ) -> Iterable[tuple[Key, Spelling]]:
        """Every one of them."""
        for key in (key for key in named(self.world) if key[0] in kinds):
            for one in spellings(self.world, key):
                if (days is None or one.borne(days)) and all(part in folded(one.text) for part in parts):
                    yield key, one

    def of(self, keys: Iterable[Key]) -> Mapping[Key, Iterable[Spelling]]:
        """All spellings of things."""
        return {key: spellings(self.world, key) for key in keys}

    def standing(self, keys: Iterable[Key], days: Days) -> Mapping[Key, tuple[Grade, Called]]:
        """The units and posts among *keys* that stand on one of *days*."""
        return {key: stood for key in keys if (stood := stands(self.world, key, days)) is not None}


def stands(world: World, key: Key, days: Days) -> tuple[Grade, Called] | None:
    """How surely at the most a unit or post stands on one of *days*, and what it is called on the last of them.

    None, if it is shown on none.
    """
    first, last = days
    if key[0] not in NAMED_BY:
        return None
    changes = {day for life in world.lives.get(key, ()) for day in life.change_days()}
    stood = [
        (shown, day)
        for day in (first, *sorted(day for day in changes if first < day <= last))
        if (shown := world.shown(key, day)) is not None
    ]
    if not stood:
        return None
    (life, _), day = stood[-1]
    grade = min((grade for (_, grade), _ in stood), key=GRADES.index)
    return grade, _called(life, NAMED_BY[key[0]], day)


def _called(life: Life, attribute: str, day: Day) -> Called:
    names = life.value(attribute, day)
    return dict(names) if isinstance(names, Mapping) else None


def search(
    names: Names, wanted: Wanted, *, days: Days | None, kinds: Sequence[str] = NAMED, limit: int, most: int
) -> Answer:
    """{ranking, more, units, posts, persons, instruments}: what is called as *wanted*, at most *limit* things.

    With *days*: what stood on some of them and was called so on some. Of each step of looking, whole words, beginnings,
    insides and what is near, *most* spellings are looked at; *more* says that not all that was found, or could be, is
    shown.
    """
    shown: dict[Key, tuple[tuple[object, ...], Answer]] = {}
    seen: set[Key] = set()
    more = False
    for how, parts in wanted.steps:
        if how == "near" and shown:
            break
        found = list(names.holding(parts, kinds, days, most))
        more = len(found) >= most
        new = {key for key, _ in found} - seen
        seen |= new
        said = {key: _Said(key, tuple(has), wanted, days) for key, has in names.of(new).items()}
        ranked = sorted(new, key=lambda key: said[key].order)
        for first in range(0, len(ranked), limit + 1):
            some = ranked[first : first + limit + 1]
            stood = names.standing([key for key in some if key[0] in NAMED_BY], days) if days else {}
            for key in some:
                if days is None or key[0] not in NAMED_BY or key in stood:
                    shown[key] = said[key].order, said[key].answer(stood.get(key))
            if len(shown) > limit:
                break
        if len(shown) > limit:
            break
    first_ones = sorted(shown, key=lambda key: shown[key][0])[:limit]
    answer: Answer = {f"{kind}s": {} for kind in NAMED}
    for rank, key in enumerate(first_ones, start=1):
        answer[f"{key[0]}s"][key[1]] = {"rank": rank, **shown[key][1]}
    return {"ranking": [list(key) for key in first_ones], "more": more or len(shown) > limit, **answer}


class _Said:
    """What a thing that was found is called: on *days*, if those are given."""

    def __init__(self, key: Key, said: Sequence[Spelling], wanted: Wanted, days: Days | None) -> None:
        self._said = said
        self._days = days
        borne = [one for one in said if days is None or one.borne(days)]
        held = [(wanted.order(one, how), one, how) for one in borne if (how := wanted.how(one.text)) is not None]
        best = {(one.text, one.language, one.own): (order, one, how) for order, one, how in sorted(held, reverse=True)}
        self._matched = sorted(best.values())
        self.order = (*self._matched[0][0], NAMED.index(key[0]), key)

    @property
    def _borne_last(self) -> list[Spelling]:
        """Its own names on the last of the days on which it has any; none, if no days are given."""
        own = [one for one in self._said if one.own and self._days is not None and one.borne(self._days)]
        if not own or self._days is None:
            return []
        day = min(self._days[1], max(one.hi for one in own) - 1)
        return [one for one in own if one.borne((day, day))]

    def answer(self, stood: tuple[Grade, Called] | None) -> Answer:
        """{name, until, then, grade, matched}."""
        own = [one for one in self._said if one.own]
        last = max((one.hi for one in own), default=AFTER_ALL)
        then = stood[1] if stood else _names(self._borne_last)
        return {
            "name": _names(one for one in own if one.hi == last),
            "until": iso(last),
            "then": then,
            "grade": stood[0] if stood else None,
            "matched": [
                {
                    "text": one.text,
                    "language": one.language or None,
                    "own": one.own,
                    "how": how,
                    "from": iso(one.lo),
                    "until": iso(one.hi),
                }
                for _, one, how in self._matched
            ],
        }


def _names(said: Iterable[Spelling]) -> Called:
    """Language → text; None without any."""
    return {one.language: one.text for one in sorted(said)} or None


__all__ = ["HOWS", "Called", "Names", "NothingToSearch", "Wanted", "WorldNames", "search", "stands"]
