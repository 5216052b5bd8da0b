"""Events that were read lately, so that they need not be read again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock

from domain.events import Event
from projections.tables.slices import Position


class EventCache:
    """Events read lately, by register and position; they never change, unless erased. Any thread may use it.

    What an unfinished transaction reads is kept in a cache of its own, over the *common* one.
    """

    SIZE = 10_000

    def __init__(self, common: EventCache | None = None) -> None:
        self._common = common
        self._events: OrderedDict[tuple[str, Position], Event] = OrderedDict()
        self._lock = Lock()

    def get(self, institution: str, positions: Iterable[Position]) -> dict[Position, Event]:
        """Those of *positions* that are here."""
        wanted = set(positions)
        with self._lock:
            found = {p: self._events[institution, p] for p in wanted if (institution, p) in self._events}
            for position in found:
                self._events.move_to_end((institution, position))
        if self._common is not None and len(found) < len(wanted):
            found |= self._common.get(institution, wanted - found.keys())
        return found

    def put(self, institution: str, events: Mapping[Position, Event]) -> None:
        """Keep *events*."""
        with self._lock:
            for position, event in events.items():
                self._events[institution, position] = event
            while len(self._events) > self.SIZE:
                self._events.popitem(last=False)

    def forget(self, institution: str, targets: frozenset[str]) -> None:
        """Keep nothing of what the events of an institution said that *targets* name."""
        with self._lock:
            for place, event in self._events.items():
                if place[0] == institution and event.target in targets:
                    self._events[place] = event.blank()
        if self._common is not None:
            self._common.forget(institution, targets)
