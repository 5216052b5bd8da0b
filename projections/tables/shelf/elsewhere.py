"""What the days on a shelf, on which one thing shows another, tell of a part from outside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from domain.acts import Act
from domain.claims import Key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day
from domain.lives import Bounds, Seen
from projections.tables.shelf.tables import EVE, PointRow, ThingId
from projections.tables.slices import Slice

if TYPE_CHECKING:
    from projections.tables.shelf.archive import ShelfArchive


@dataclass
class ShelfElsewhere:
    """What the points on a shelf tell of evidence from outside a part."""

    archive: ShelfArchive
    whole: frozenset[Key]

    @cached_property
    def _inside(self) -> set[ThingId]:
        return set(self.archive.ids_of(self.whole))

    def _points(self, key: Key, day: Day, *, backwards: bool = False) -> Iterator[PointRow]:
        above = self.archive.id_of(key)
        if above is not None:
            for point in self.archive.shelf.points(above, day, self.archive.until, backwards=backwards):
                if point.origin not in self._inside and (point.origin != above or self.archive.surely_begun(key)):
                    yield point

    def since(self, key: Key, day: Day) -> Iterator[tuple[Day, Act]]:
        """The days from *day* on, with what shows *key*."""
        waiting: list[PointRow] = []
        for point in self._points(key, day):
            if waiting and point.lo != waiting[0].lo:
                yield from self._acts(waiting)
                waiting = []
            waiting.append(point)
        yield from self._acts(waiting)

    def _acts(self, points: list[PointRow]) -> Iterator[tuple[Day, Act]]:
        positions = {point.position for point in points}
        if positions:
            acts = Slice(self.archive, (), also=positions).known.acts
            yield from ((points[0].lo, act) for act in acts if act.position in positions)

    def last_before(self, key: Key, day: Day) -> Day | None:
        """The last day before *day*."""
        return next((point.lo for point in self._points(key, day, backwards=True)), None)

    def telling(self, key: Key, start: Day, end: Day) -> list[Seen]:
        """The first and the last days, of all and of the proved ones, that a life can take."""
        if self.archive.bounds is not None and key not in self.whole:
            bounds = self.archive.bounds(key)
            if bounds is not None:
                return _as_bounded(bounds)
        found = []
        first: Day | None = None
        proved: Day | None = None
        for point in self._points(key, 0):
            if point.lo >= end or (proved is not None and point.lo > proved):
                break
            if point.hi >= start and not (point.proves & EVE and point.lo < start):
                better = first is None or point.hi < first
                proving = point.proves & 2 and (proved is None or point.hi < proved)
                if better or proving:
                    found.append(_seen(point))
                first = point.hi if better else first
                proved = point.hi if proving else proved
        last = False
        for point in self._points(key, end, backwards=True):
            if point.hi >= start and not (point.proves & EVE and point.lo < start):
                if not last or point.proves & 1:
                    found.append(_seen(point))
                last = True
                if point.proves & 1:
                    break
        return found

    def all(self, key: Key) -> list[Seen]:
        """Every day."""
        return [_seen(point) for point in self._points(key, 0)]


def _as_bounded(bounds: Bounds) -> list[Seen]:
    """Days that tell of a life as much as its *bounds* do."""
    found = [Seen(BEFORE_ALL, bounds.s_hi, False, False), Seen(BEFORE_ALL, bounds.proved_from, False, True)]
    if bounds.evidence is not None:
        found.append(Seen(bounds.evidence, AFTER_ALL, False, False))
    if bounds.proved_until > BEFORE_ALL:
        found.append(Seen(bounds.proved_until - 1, AFTER_ALL, True, False))
    return found


def _seen(point: PointRow) -> Seen:
    return Seen(point.lo, point.hi, bool(point.proves & 1), bool(point.proves & 2))
