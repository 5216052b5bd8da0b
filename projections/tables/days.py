"""Two days beside one another from the tables: their rows, with the acts behind what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias, cast

import orjson

from domain.acts import Act
from domain.claims import Key, Value, post_key
from domain.dates import Day
from domain.lives import GRADES, Given, Grade, Held
from projections.structure import Answer
from projections.tables.asof import Stood, vacancy_of
from projections.tables.shelf import Read
from projections.tables.slices import Position
from projections.tables.topics import key_of

Acts: TypeAlias = Mapping[Position, Act]


@dataclass(frozen=True)
class RowEnd:
    """The end of a life, as its row has it."""

    lo: Day
    act: Act
    implied: bool


class RowLife:
    """A life as its row on a day tells of it; on that day alone it knows its values."""

    def __init__(self, row: Read, contested: bool, acts: Acts) -> None:
        self.row = row
        self.key: Key = key_of(row[0].decode())
        self.number: int = row[1]
        self.s_hi: Day = row[9]
        self.evidence: Day | None = row[14]
        self._contested = contested
        self._acts = acts

    @property
    def id(self) -> str:
        """That of a tenure or function."""
        name: bytes = self.row[5]
        return name.decode()

    @property
    def told_at(self) -> frozenset[Position]:
        """The position of its cause, which no other life of the thing has."""
        return frozenset((self.row[4] >> 8,))

    @property
    def cause(self) -> Act:
        """The act by which it begins, or that shows it first."""
        return self._acts[self.row[4] >> 8]

    @property
    def start(self) -> Act | None:
        """The act by which it begins; None if no source states it."""
        return self.cause if self.row[15] else None

    @cached_property
    def _told(self) -> dict[str, Any]:
        told: dict[str, Any] = orjson.loads(b"{%b}" % self.row[3])
        return told

    @property
    def since(self) -> str | None:
        """The start as recorded."""
        since: str | None = self._told["since"]
        return since

    @property
    def until(self) -> str | None:
        """The end as recorded, or between which days it fell."""
        until: str | None = self._told["until"]
        return until

    @cached_property
    def end(self) -> RowEnd | None:
        """The end, if it has one."""
        end, _ = told_by(self.row)
        return RowEnd(end[1], self._acts[end[0]], bool(end[2])) if end else None

    @cached_property
    def _values(self) -> dict[str, Value]:
        values: dict[str, Value] = orjson.loads(b"{%b}" % self.row[2])
        return values

    def value(self, attribute: str, _day: Day) -> Value:
        """The value of *attribute*."""
        return self._values[attribute]

    def gave(self, attribute: str, _day: Day) -> Held | None:
        """What gave *attribute* its value."""
        _, held = told_by(self.row)
        if attribute in held:
            position, day, given = held[attribute]
            return Held(day, self._values[attribute], self._acts[position], cast("Given", given))
        value = self._values[attribute]
        return Held(self.s_hi, value, self.cause, "start") if value is not None else None

    def contested(self, _day: Day) -> bool:
        """Whether claims about it disagree."""
        return self._contested


def told_by(row: Read) -> tuple[list[Any] | None, dict[str, list[Any]]]:
    """The end, and what gives which value, of a row where another act than its cause tells of it."""
    return tuple(orjson.loads(row[17])) if row[17] else (None, {})


@dataclass
class RowDay:
    """What stood on *day*; of what is the same on the other day beside it, only what that is compared by."""

    day: Day
    stood: Stood
    lives: dict[Key, tuple[RowLife, Grade]]
    tenures: dict[str, list[tuple[RowLife, Grade]]]
    acts: Acts

    @cached_property
    def quantities(self) -> dict[str, Answer]:
        """The numbers given for the day, by event."""
        return {
            row[5].decode(): {**orjson.loads(b"{%b}" % row[2]), "grade": grade, "position": row[4] >> 8}
            for row, grade, _ in self.stood.quantities
        }

    def same(self, life: RowLife) -> RowLife | None:
        """The life itself: both days are of one world."""
        return life

    def vacancy(self, post: str) -> str:
        """How far a post that stands is held."""
        return vacancy_of(self.stood, post.encode())

    def act(self, target: str) -> Act | None:
        """The act of a number."""
        told = self.quantities.get(target)
        return self.acts[told["position"]] if told else None


class TwoDays:
    """What stood on two days, as far as it has to do with what differs between them, and by which acts."""

    def __init__(self, then: tuple[Day, Stood], now: tuple[Day, Stood]) -> None:
        self._days = then, now
        self._names, self._posts = _apart(then[1], now[1])

    def positions(self) -> set[Position]:
        """The positions of the acts behind what differs."""
        found = set()
        for _, stood in self._days:
            for row, _, _ in stood.quantities:
                found.add(row[4] >> 8)
            for row in self._rows(stood):
                end, held = told_by(row)
                found |= {row[4] >> 8, *(given[0] for given in held.values())}
                found |= {end[0]} if end else set()
        return found

    def units_ended_by_a_claim(self) -> Iterator[Key]:
        """The units that stood on the earlier day and whose life, as an act states, has ended by the later."""
        (_, then), (_, now) = self._days
        for name in self._names & then.best.keys():
            row, later = then.best[name][0], now.best.get(name)
            if name.startswith(b"unit|") and (later is None or later[0][1] != row[1]):
                end, _ = told_by(row)
                if end is None or not end[2]:
                    yield key_of(name.decode())

    def _rows(self, stood: Stood) -> Iterator[Read]:
        for name in self._names:
            if name in stood.best:
                yield stood.best[name][0]
        for post in self._posts:
            for row, _, _ in stood.tenures.get(post, ()):
                yield row

    def days(self, acts: Acts) -> tuple[RowDay, RowDay]:
        """The earlier day and the later; *acts* are those at positions()."""
        then, now = (self._day(day, stood, acts) for day, stood in self._days)
        return then, now

    def _day(self, day: Day, stood: Stood, acts: Acts) -> RowDay:
        names = {*self._names, *(b"post|" + post for post in self._posts)}
        names |= {name for name in stood.best if name.startswith(b"unit|")}
        lives = {}
        for name in names & stood.best.keys():
            row, grade, contested = stood.best[name]
            lives[key_of(name.decode())] = RowLife(row, contested, acts), grade
        tenures = {}
        for post in self._posts:
            held = [one for one in stood.tenures.get(post, ()) if one[1] != "unattested"]
            shown = [(RowLife(row, contested, acts), grade) for row, grade, contested in held]
            lives |= {life.key: (life, grade) for life, grade in sorted(shown, key=_surest_last)}
            if post_key(post.decode()) in lives:
                tenures[post.decode()] = shown
        return RowDay(day, stood, lives, tenures, acts)


def _surest_last(shown: tuple[RowLife, Grade]) -> tuple[int, int]:
    """Sorts lives of one thing so that the last is the one to show: the surest, and of two the later."""
    return -GRADES.index(shown[1]), shown[0].number


def _apart(then: Stood, now: Stood) -> tuple[set[bytes], set[bytes]]:
    """The names of what differs between two days, and the posts that do or that are held otherwise."""
    names = {name for name in then.best.keys() | now.best.keys() if then.best.get(name) != now.best.get(name)}
    posts = {name[5:] for name in names if name.startswith(b"post|")} | (then.vacant ^ now.vacant)
    for post in then.tenures.keys() | now.tenures.keys():
        if then.tenures.get(post) != now.tenures.get(post):
            posts.add(post)
    return names, posts
